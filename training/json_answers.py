"""Conversations that ask for JSON: a sentence, and the object that it fills.

The table has a kind of thing in each paragraph: what it is called, its keys (`name|alias`) with the kind of value
(training.values; `a/b` is an enum, `yes~no` how a boolean is said), after `@` what can be an object of its own, after
`>` the sentences.
"""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from training.dialogue import Dialogue, Message
from training.functions import FLAGS, NOUNS, RESULT_KEYS, ROLES
from training.grammar import expand, pick
from training.values import Kind, kind_of, tidied

TABLE = """
person
  name|full_name|person: full_name
  age|years: age
  city|home|location|lives_in: city
  job|profession|occupation: job
  email|mail: email
  hobbies|interests|likes: hobbies
  country: country
  married|is_married: is married~is not married
  > <name> is <age> years old{,| and} {works as a <job> and |}lives in <city>{, <country>|}.
  > <name>, <age>, {a |}<job> from <city>{|, <email>|, likes <hobbies>}.
  > <name> is a <job> {in|from} <city>{ and is <age> years old| and likes <hobbies>|}.
  > {My name is|I am|This is} <name>, {I am |}<age> years old, {and I live in|from|at home in} <city>.
  > <name> (<age>) {lives in|comes from} <city>{ and <married>|. The email address is <email>|}.
  > <name>, who is <age>, <married> and lives in <city>.
  > {Please meet|Here is|Meet} <name> from <city>, <country>. {Age|The age is}{:|} <age>{, job: <job>|}.
  > {The|Our} <job> <name> is <age> and {likes|enjoys} <hobbies>.
  > <name> likes <hobbies> and {lives|works} in <city>.
  > Write to <name> at <email>{|, a <job> in <city>}.
  @ address: city country

order
  order_id|id|number: code
  customer|name|buyer: full_name
  product|item: item
  quantity|amount|count: count
  price|total|cost: price
  status: pending/shipped/delivered/cancelled
  express|urgent: by express~by normal mail
  > {Order|Order number} <order_id>: <customer> {bought|ordered} <quantity> {x |times |pieces of |}<product> for <price> {euros|dollars}.
  > <customer> {ordered|bought|wants|would like} <quantity> {x |pieces of |times |}<product>{| for <price> euros| at a price of <price>}.
  > {The order|Order} <order_id> {of|from|by} <customer> is <status>.
  > <customer> {ordered|bought} <product> for <price> euros, {sent |}<express>.
  > {I want|I would like|Send me|Please send} <quantity> {pieces of |x |}<product>{|, <express>}. {My name is|I am} <customer>.
  > <quantity> {x|times} <product>, <price> euros, order <order_id>, <status>.
  @ details: product quantity

event
  title|name|event: title
  date|day: day
  time|start|start_time: time
  location|place|where|city: city
  participants|guests|people: names
  online|is_online: online~on site
  > {The |}<title> is on <date> at <time> in <location>{| with <participants>}.
  > {On <date>|<date>}{,|} at <time>: <title> in <location>{|, with <participants>}.
  > <participants> {meet|come together} for {the |a |}<title> on <date> at <time>{| in <location>}.
  > {We have|There is|Do not miss} {the |a |}<title> on <date>{, <time>|}, in <location>.
  > <title>: <date>, <time>, <location>.
  > The <title> {takes place|is} <online> on <date> at <time>.
  @ when: date time

product
  name|product|title: item
  price|cost: price
  currency: currency
  color|colour: colour
  stock|quantity|in_stock: count
  available|is_available: is available~is sold out
  colors|colours: colours
  weight|weight_kg: decimal
  > <name> {costs|is} <price> <currency>{| and <available>}.
  > {The product|We sell|For sale:} <name>{ in <color>|, <color>|}{ for| at|, price} <price> {euros|dollars}{|, <stock> left| and there are <stock> of them}.
  > <name>, <color>, <price> <currency>, <stock> in stock.
  > <name> comes in <colors> and costs <price> euros.
  > {There are|We have} <stock> of <name>, {each|one} for <price> euros.
  > <name> {weighs|has a weight of} <weight> {kg|kilos} and <available>.

address
  name|recipient: full_name
  street: street
  number|house_number: small
  zip|postal_code|zip_code: zip
  city|town: city
  country: country
  > <name>, <street> <number>, <zip> <city>{, <country>|}.
  > <name> lives {at|in} <street> <number> in <zip> <city>.
  > {Send it to|The address is|Ship to} <name>, <street> <number>, <city>{, <country>|}.
  > {My address is|I live at|We moved to} <street> <number>, <zip> <city>.
  @ address: street city
  @ address: street number zip city

book
  title|name|book: book
  author|writer|written_by: full_name
  year|published: year
  pages|page_count: integer
  language: language
  genre: novel/thriller/poetry/travel/history
  > "<title>" {by|is a book by|was written by} <author>{,| from| in} <year>{| has <pages> pages|, <pages> pages}.
  > <author> wrote "<title>" in <year>{| in <language>|, it has <pages> pages}.
  > {In <year>|<year>:} <author> published {the <genre> |}"<title>".
  > {I am reading|I have read|We recommend} "<title>" by <author>{, <pages> pages|, a <genre>|}.
  @ author: author

contact
  name|person: full_name
  phone|telephone|phone_number: phone
  email|mail|email_address: email
  company|firm|employer: company
  city: city
  > {Call|Phone|You can reach} <name> {at|under} <phone>{| or write to <email>}.
  > <name> {of|from|works at|at} <company>, <email>{, <phone>|}{, <city>|}.
  > {My name is|I am|Here is} <name>, {my number is|phone|call} <phone>.
  > <name>'s email {address |}is <email>{| and the phone number is <phone>}.
  @ contact: phone email

review
  product|item|subject: item
  sentiment|opinion|mood: sentiment
  rating|stars|score: stars
  reviewer|author|name: first_name
  > <reviewer> says that <product> is <sentiment>{, <rating> stars| and gives <rating> stars|}.
  > {I think|In my opinion|I find} <product> {is |was |}<sentiment>{. <rating> stars| and give it <rating> stars|}.
  > {This|The} review is about <product>: "<sentiment>"{, <rating> of 5|}.
  > <rating> stars for <product>. {It is|Really|Just} <sentiment>!
  > <product>: <sentiment>{, says <reviewer>|, <rating> stars|}.

flight
  flight|flight_number|number: code
  from|origin|departure: city
  to|destination|arrival: city
  date|day: day
  time: time
  price: price
  > Flight <flight> {goes|leaves} from <from> to <to> on <date>{ at <time>|}.
  > {I want|I need|We want|Book} {to fly|a flight} from <from> to <to> on <date>{| at <time>| for <price> euros}.
  > {From|} <from> to <to>, <date>, <time>{|, flight <flight>|, <price> euros}.
  > {The flight|Flight} <flight> to <to> costs <price> euros{ and leaves at <time>|}.
  @ route: from to

pet
  name: pet
  species|animal|kind: animal
  age: age
  color|colour: colour
  owner: first_name
  vaccinated|is_vaccinated: is vaccinated~is not vaccinated
  > <name> is a <color> <species>{, <age> years old|}{ and <vaccinated>|}.
  > {My|Our} <species> is called <name> and is <age> years old.
  > <owner> has a <color> <species> {called|named} <name>.
  > The <species> <name> belongs to <owner>{ and <vaccinated>|, is <color>|}.

film
  title|name|film: book
  director|made_by: full_name
  year: year
  duration|minutes|length: minutes
  rating|score: decimal
  genre: drama/comedy/horror/western/romance
  > "<title>" {is a film by|by|was made by} <director>{,| from} <year>{, <duration> minutes|}.
  > The <genre> "<title>" {is from|came out in} <year>{ and has a rating of <rating>|}.
  > <director> made "<title>" in <year>.
  > "<title>", <genre>, <duration> minutes, rating <rating>.

job
  title|position|job: job
  company|employer: company
  city|location: city
  salary|pay: integer
  remote|is_remote: remote~in the office
  skills|languages: languages
  > <company> {is looking for|seeks|needs} a <title> in <city>{|, salary <salary>|, <remote>}.
  > {Job|Wanted|Open position}: <title> at <company>{ in <city>|}, <salary> {euros|dollars}{, <remote>|}.
  > {A |}<title> who speaks <skills> is wanted {in <city>|by <company>}.

recipe
  dish|name|title: dish
  minutes|time|duration: minutes
  servings|people|portions: count
  ingredients|items: items
  difficulty|level: easy/medium/hard
  vegetarian|is_vegetarian: is vegetarian~is not vegetarian
  > {For|To cook|To make} <dish> {you need|take|one needs} <ingredients>{. It takes <minutes> minutes|}.
  > <dish> takes <minutes> minutes{, serves <servings>| and is <difficulty>|}{ and <vegetarian>|}.
  > <dish> for <servings>{| people}: <ingredients>.
  > {The recipe for |}<dish> is <difficulty> and takes <minutes> minutes.

invoice
  number|invoice_number|id: code
  customer|client|name: company
  amount|total|sum: price
  currency: currency
  due_date|due|date: date
  paid|is_paid: is paid~is not paid
  > Invoice <number> for <customer>: <amount> <currency>{, due on <due_date>|, due <due_date>|}.
  > <customer> owes <amount> <currency>{, due on <due_date>| by <due_date>|}.
  > The invoice <number> of <customer> <paid>{, it is about <amount> <currency>|}.
  > {Invoice|Bill} <number>, <amount> <currency>, <paid>.

weather
  city|place|location: city
  temperature|degrees|temp: degrees
  condition|weather|sky: weather
  humidity: percent
  day|date: weekday
  > {In <city> it is|It is in <city>} <temperature> degrees and <condition>{, humidity <humidity> percent|}.
  > <city>: <temperature> degrees, <condition>{, <humidity> percent humidity|}.
  > On <day> it is <condition> {and|with} <temperature> degrees in <city>.
  > {The weather in|Weather report for} <city>: <condition>, <temperature> degrees.

task
  title|task|name: title
  assignee|person|owner: first_name
  due|deadline|due_date|date: day
  priority: low/medium/high
  done|is_done|finished: is done~is not done
  > <assignee> {has to do|takes care of|does|is responsible for} the <title> {until|by} <due>{|, priority <priority>}.
  > {Task|To do}: <title>, <assignee>, {by |due |}<due>, {priority <priority>|<priority> priority}.
  > The <title> <done>{. It is <assignee>'s task|}.
  > <assignee> {must|should} finish the <title> by <due>.

room
  room|name: room
  width: decimal
  length: decimal
  color|colour|walls: colour
  windows: small
  heated|has_heating: is heated~is not heated
  > The <room> is <width> by <length> meters{| and has <windows> windows| and <color>}.
  > {Our|The} <room> is <color>, has <windows> windows and <heated>.
  > <room>: <color>, <windows> windows.
  @ size: width length

song
  title|song|name: book
  artist|band|singer: artist
  genre|style: genre
  year: year
  minutes|duration: decimal
  > "<title>" by <artist>{, <genre>|} {from|is from|came out in} <year>.
  > {Play|I love|Listen to} "<title>" by <artist>{|, a <genre> song}.
  > <artist> {sang|recorded|wrote} "<title>" in <year>{|, it is <genre>}.
  > The <genre> song "<title>" is <minutes> minutes long.

booking
  name|guest|customer: full_name
  city|hotel_city|place: city
  nights|number_of_nights: count
  date|check_in|arrival: day
  breakfast|with_breakfast: with breakfast~without breakfast
  room|room_type: single/double/suite
  > <name> {stays|will stay|wants to stay} <nights> nights in <city>{, from <date>| from <date>|}, <breakfast>.
  > {Book|Reserve} a <room> room in <city> for <name>, <nights> nights{, <breakfast>|}.
  > {A |}<room> room for <name> from <date>, <nights> nights, <breakfast>.
  > <name> arrives on <date> and stays <nights> nights.

bug report
  title|summary|problem: text
  severity|priority: low/medium/high
  reporter|author|user: first_name
  version: decimal
  fixed|is_fixed: is fixed~is not fixed
  > <reporter> reports: "<title>", severity <severity>{, version <version>|}.
  > "<title>" <fixed>{. Reported by <reporter>| in version <version>|}.
  > {Bug|Problem} in version <version>: "<title>"{, <severity> severity|}.

trip
  traveler|name|person: first_name
  destinations|cities|places: cities
  days|duration: count
  transport|by: train/car/bus/plane
  budget: integer
  > <traveler> {travels|goes|drives} {by <transport> |}to <destinations> {for <days> days|}{ with <budget> euros|}.
  > {A|The} trip of <days> days by <transport> to <destinations>{, budget <budget>|}.
  > <traveler> has <budget> euros for <days> days in <destinations>.

team
  team|name: word
  members|people|players: names
  city: city
  wins|victories: small
  coach|trainer: full_name
  > {The team|Team} <team> {from|in} <city> has the members <members>{| and <wins> wins}.
  > <members> play for <team>{. The coach is <coach>| in <city>|}.
  > <team> has won <wins> games{ with coach <coach>|}.
"""

_WISHES = "{Extract|Give me|Return|Write|Find|I need|Get}"
WITH_KEYS = [
    _WISHES + " {a JSON object|JSON|an object in JSON} with the keys KEYS{:|.}\nTEXT",
    _WISHES + " KEYS as JSON: TEXT",
    _WISHES
    + " KEYS {from this sentence|from this text|from the following} {as JSON|as a JSON object|in JSON}{:|.}\nTEXT",
    "TEXT\n{Answer|Reply|Respond} {with|in} {JSON|a JSON object} with the keys KEYS.",
    "TEXT {Please give|Give|Return|Extract} {me |}KEYS {as JSON|in JSON|as a JSON object}.",
    "{JSON|As JSON|JSON object} with KEYS: TEXT",
    "{Turn|Convert|Change} this into JSON with {the keys |}KEYS: TEXT",
    'What are KEYS in this text? {Answer as JSON|JSON only|Answer in JSON}.\n"TEXT"',
    "{Text|Sentence|Input}: TEXT\n{Keys|Fields}: KEYS\n{Output: |Format: |}JSON",
    "{Fill|Make} {a|the} JSON object (KEYS) from: TEXT",
    "{Parse|Read} this and {return|write} JSON with KEYS: TEXT",
]
WITH_EXAMPLE = [
    "TEXT\n{Answer|Reply|Respond|Write it} {like this|in this form|in this format|as JSON like this}: SHAPE",
    "{Fill|Fill in|Complete} this {JSON|object|JSON object}: SHAPE\nTEXT",
    "{Extract|Return|Give me} JSON {like|in the form|of the form} SHAPE from: TEXT",
    "{Use|Take} this {format|form|JSON}: SHAPE\n{Text: |Sentence: |}TEXT",
    "{JSON form|Format|Template}: SHAPE\n\nTEXT",
]
WITH_SCHEMA = [
    "TEXT\n{Answer|Reply|Respond} {with|in} JSON {that fits|for|that follows|by} this schema: SHAPE",
    "{Fill|Use|Follow} this {JSON schema|schema}: SHAPE\nTEXT",
    "{Extract|Return|Give me} JSON for the schema SHAPE from: TEXT",
    "{JSON schema|Schema}: SHAPE\n{Text|Sentence|Input}: TEXT",
    "{Extract the data as JSON.|Return JSON.|Answer in JSON.} {Schema|JSON schema}: SHAPE\n\nTEXT",
]
NATURAL = [
    "{Turn|Convert|Change|Make|Put|Translate} this {sentence |text |}{into|to} JSON: TEXT",
    "{Write|Give me|Return|Show me|I need} {this|the following|the data|this sentence} as JSON: TEXT",
    "TEXT\n{As JSON, please.|JSON, please.|Answer in JSON.|Give me that as JSON.|Reply with JSON only.|In JSON?|Make it JSON.}",
    "{Extract the data|Extract the information|Extract all facts} {as JSON|into JSON|in JSON}: TEXT",
    "{As JSON|JSON|In JSON}: TEXT",
    "{Extract|Get|Parse} the KIND {as JSON|into a JSON object|in JSON}: TEXT",
    "{Turn|Make} the KIND {into|a} JSON{| object}: TEXT",
]
SYSTEM = [
    "{You answer|Answer|Reply|Respond|You reply|Always answer} {only |}{in JSON|with JSON|with a JSON object|in valid JSON}{.|}",
    "{You turn|Turn} {sentences|text|what the user says} into JSON{.|, nothing else.}",
    "{You extract|Extract} data {from text |}as JSON{.|. No other words.}",
    "You are a {JSON |}{parser|extractor|machine}. {Answer in JSON only|Return JSON only|Write only JSON}.",
    "{Output|Return|Write} JSON{ only|, nothing else|}.",
]
SYSTEM_KEYS = [
    "{Answer|Reply|Respond|Always answer} {in|with} JSON with the keys KEYS.",
    "{Extract|You extract|Find} KEYS {from what the user says |}{as JSON|in JSON}.",
    "{Return|Write} a JSON object with KEYS{.|, nothing else.}",
]
SYSTEM_SHAPE = [
    "{Answer|Reply|Respond} {with|in} JSON {like this|of this form|of this schema|that fits this schema}: SHAPE",
    "{Return|Write|Extract} {data as |}JSON{.|, nothing else.} {Schema|Form|Format}: SHAPE",
    "You are a helpful assistant. {Answer in JSON|Answer with JSON only}: SHAPE",
]
SENTIMENTS = {
    "positive": "great wonderful excellent fantastic lovely perfect amazing good very_good really_nice brilliant".split(),
    "negative": "terrible awful bad horrible broken useless a_disappointment very_bad poor disgusting annoying".split(),
    "neutral": "okay average nothing_special acceptable fair so-so all_right neither_good_nor_bad".split(),
}


def _sentiment(rng: random.Random) -> tuple[str, str]:
    value = rng.choice(list(SENTIMENTS))
    return rng.choice(SENTIMENTS[value]).replace("_", " "), value


def _cities(rng: random.Random) -> tuple[str, list[str]]:
    cities = [kind_of("city").make(rng)[1] for _ in range(rng.randint(2, 3))]
    return " and ".join([", ".join(cities[:-1]), cities[-1]]), cities


def _stars(rng: random.Random) -> tuple[str, int]:
    value = rng.randint(1, 5)
    return str(value), value


_OWN_KINDS = {
    "sentiment": Kind({"type": "string", "enum": list(SENTIMENTS)}, _sentiment),
    "cities": Kind({"type": "array", "items": {"type": "string"}}, _cities),
    "stars": Kind({"type": "integer"}, _stars),
}


@dataclass(frozen=True)
class Entity:
    """A kind of thing: its keys with their other names, what can be nested, the sentences."""

    name: str
    keys: dict[str, tuple[list[str], Kind]] = field(default_factory=dict)
    groups: list[tuple[str, list[str]]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


@dataclass
class Field:
    """One key of the object that is asked for, with its schema and its value."""

    key: str
    schema: dict[str, Any]
    value: Any
    origin: str = ""
    """The table's name of it."""


def _kind(name: str) -> Kind:
    if "~" in name:
        yes, no = name.split("~")
        return Kind({"type": "boolean"}, lambda rng: rng.choice(((yes, True), (no, False))))
    return _OWN_KINDS.get(name) or kind_of(name)


def _parse(paragraph: str) -> Entity:
    head, *lines = paragraph.split("\n")
    entity = Entity(head)
    for line in map(str.strip, lines):
        if line.startswith("> "):
            entity.sentences.append(line[2:])
        elif line.startswith("@ "):
            name, keys = line[2:].split(": ")
            entity.groups.append((name, keys.split()))
        else:
            names, kind = line.split(": ")
            aliases = names.split("|")
            entity.keys[aliases[0]] = (aliases, _kind(kind))
    return entity


ENTITIES = [_parse(paragraph) for paragraph in TABLE.strip().split("\n\n")]
_SLOT = re.compile(r"<(\w+)>")


def json_dialogue(rng: random.Random) -> Dialogue:
    """Return a conversation whose answers are JSON objects."""
    kind = rng.choices(list(_FORMS), (26, 17, 15, 14, 10, 9, 9))[0]
    dialogue = Dialogue([])
    _FORMS[kind](dialogue, rng)
    return dialogue


Record = tuple[str, str, list[Field]]
"""A sentence, what it is about, and a field for each value in it, in the sentence's order."""


def record(rng: random.Random, aliases: float = 0.3) -> Record:
    """Return a sentence and what it tells."""
    return next(alike(rng, aliases))


def alike(rng: random.Random, aliases: float = 0.3) -> Iterator[Record]:
    """Yield records of one kind with the same keys, without end."""
    return _invented_records(rng) if rng.random() < 0.3 else _records(rng, aliases)


def _records(rng: random.Random, aliases: float) -> Iterator[Record]:
    entity = rng.choice(ENTITIES)
    called: dict[str, str] = {}
    for key, (names, _) in entity.keys.items():
        name = rng.choice(names) if rng.random() < aliases else names[0]
        called[key] = name if name not in called.values() else names[0]
    wanted: set[str] | None = None
    while True:
        said = _capital(expand(rng.choice(entity.sentences), rng))
        slots = _SLOT.findall(said)
        if wanted is not None and wanted != set(slots):
            continue
        wanted = set(slots)
        fields: list[Field] = []
        for key in slots:
            kind = entity.keys[key][1]
            text, value = kind.make(rng)
            said = said.replace(f"<{key}>", text)
            fields.append(Field(called[key], kind.schema, value, f"{entity.name}.{key}"))
        yield tidied(said), entity.name, fields


def _invented_records(rng: random.Random) -> Iterator[Record]:
    """Yield facts about nothing in particular: keys and values in a row."""
    roles = [(rng.choice(names), role) for role, (names, _) in ROLES.items()]
    pool = {**RESULT_KEYS, **dict(rng.sample(roles, 12))}
    keys = rng.sample(list(pool), rng.choice((1, 2, 2, 3, 3, 4)))
    noun = rng.choice(NOUNS)
    form = rng.choice(("K: V", "the K is V", "the K is V", "K V", "K = V", "its K is V", "V is the K"))
    flag = rng.choice(FLAGS) if rng.random() < 0.15 else ""
    while True:
        fields, parts = [], []
        for key in keys:
            text, value = _invented_kind(pool[key]).make(rng)
            fields.append(Field(key, _invented_kind(pool[key]).schema, value))
            parts.append(form.replace("K", key.replace("_", " ")).replace("V", text))
        if flag:
            given = rng.random() < 0.5
            parts.append(f"{'with' if given else 'without'} {flag}")
            fields.append(Field(flag, {"type": "boolean"}, given))
        glue = " and " if len(parts) == 2 and rng.random() < 0.6 else rng.choice((", ", ", ", "; "))
        opening = rng.choice((f"{noun.capitalize()}: ", f"A {noun}: ", f"About the {noun}: ", "", ""))
        said = opening + glue.join(parts) + rng.choice((".", ".", ""))
        yield said if said.startswith(parts[0]) and form.startswith("V") else _capital(said), noun, fields


def _invented_kind(name: str) -> Kind:
    return (
        Kind(
            {"type": "boolean"},
            lambda rng: rng.choice((("yes", True), ("no", False), ("true", True), ("false", False))),
        )
        if name == "yes_no"
        else kind_of(name)
    )


def _chosen(fields: list[Field], rng: random.Random) -> list[Field]:
    """Return some or all of the fields, sometimes in another order."""
    if len(fields) > 1 and rng.random() < 0.3:
        fields = rng.sample(fields, rng.randint(1, len(fields)))
    elif rng.random() < 0.2:
        fields = rng.sample(fields, len(fields))
    return fields


def _nested(fields: list[Field], rng: random.Random) -> list[Field]:
    """Put the fields that belong together into an object of their own, if there are such."""
    for entity in rng.sample(ENTITIES, len(ENTITIES)):
        for name, keys in entity.groups:
            found = [f for f in fields if f.origin in {f"{entity.name}.{key}" for key in keys}]
            if len(found) < 2 or any(f.key == name for f in fields):
                continue
            rest = [f for f in fields if f not in found]
            inner = Field(name, _schema(found), _object(found))
            return [*rest, inner]
    return fields


def _object(fields: list[Field]) -> dict[str, Any]:
    return {f.key: f.value for f in fields}


def _schema(fields: list[Field]) -> dict[str, Any]:
    properties = {f.key: f.schema for f in fields}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _example(fields: list[Field], rng: random.Random) -> dict[str, Any]:
    """Return an object with values that only show the type."""
    return {f.key: _placeholder(f.schema, rng) for f in fields}


def _placeholder(schema: dict[str, Any], rng: random.Random) -> Any:
    if "enum" in schema:
        return "|".join(schema["enum"])
    if schema["type"] == "object":
        return {key: _placeholder(inner, rng) for key, inner in schema["properties"].items()}
    return {"string": "...", "integer": 0, "number": 0.0, "boolean": True, "array": ["..."]}[schema["type"]]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _keys(fields: list[Field], rng: random.Random) -> str:
    """Return the names of the keys as people list them."""
    names = [f.key for f in fields]
    quote = rng.choice(("", "", "", '"', "`"))
    if not quote and rng.random() < 0.2:
        names = [f"the {name.replace('_', ' ')}" for name in names]
    elif not quote and rng.random() < 0.1:
        return "{" + ", ".join(names) + "}"
    names = [f"{quote}{name}{quote}" for name in names]
    if rng.random() < 0.15:
        return "".join(f"\n- {name}" for name in names)
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + rng.choice((" and ", " and ", ", ")) + names[-1]


def _shape(fields: list[Field], rng: random.Random, *, is_schema: bool) -> str:
    if not is_schema:
        return _dump(_example(fields, rng))
    schema = _schema(fields)
    if rng.random() < 0.2:
        del schema["required"]
    if rng.random() < 0.15:
        schema["additionalProperties"] = False
    return _dump(schema)


def _as_strings(fields: list[Field], rng: random.Random) -> list[Field]:
    """Ask for a number as a string, now and then: the schema decides."""
    return [
        Field(f.key, {**f.schema, "type": "string"}, str(f.value), f.origin)
        if f.schema["type"] in ("integer", "number") and rng.random() < 0.06
        else f
        for f in fields
    ]


def _say(dialogue: Dialogue, prompt: str, fields: list[Field]) -> None:
    prompt = prompt.replace("the keys the ", "the keys: the ")
    dialogue.messages.append({"role": "user", "content": prompt})
    dialogue.messages.append({"role": "assistant", "content": _dump(_object(fields))})


def _put(template: str, **slots: str) -> str:
    for name, value in slots.items():
        template = template.replace(name, value, 1)
    return template


def _by_keys(dialogue: Dialogue, rng: random.Random) -> None:
    _maybe_system(dialogue, rng)
    for _ in range(_rounds(rng)):
        said, _, fields = record(rng)
        fields = _chosen(fields, rng)
        _say(dialogue, _put(pick(WITH_KEYS, rng), KEYS=_keys(fields, rng), TEXT=said), fields)


def _by_example(dialogue: Dialogue, rng: random.Random) -> None:
    _by_shape(dialogue, rng, WITH_EXAMPLE, is_schema=False)


def _by_schema(dialogue: Dialogue, rng: random.Random) -> None:
    _by_shape(dialogue, rng, WITH_SCHEMA, is_schema=True)


def _by_shape(dialogue: Dialogue, rng: random.Random, templates: list[str], *, is_schema: bool) -> None:
    _maybe_system(dialogue, rng)
    for _ in range(_rounds(rng)):
        said, _, fields = record(rng)
        fields = _shaped(fields, rng, is_schema=is_schema)
        shape = _shape(fields, rng, is_schema=is_schema)
        _say(dialogue, _put(pick(templates, rng), SHAPE=shape, TEXT=said), fields)


def _shaped(fields: list[Field], rng: random.Random, *, is_schema: bool) -> list[Field]:
    fields = _chosen(fields, rng)
    if is_schema:
        fields = _as_strings(fields, rng)
    return _nested(fields, rng) if rng.random() < 0.5 else fields


def _naturally(dialogue: Dialogue, rng: random.Random) -> None:
    for _ in range(_rounds(rng)):
        said, kind, fields = record(rng, aliases=0)
        _say(dialogue, _put(pick(NATURAL, rng), KIND=kind, TEXT=said), fields)


def _by_system(dialogue: Dialogue, rng: random.Random) -> None:
    """The system prompt asks for JSON; the user only says the sentence."""
    dialogue.messages.append({"role": "system", "content": pick(SYSTEM, rng)})
    for _ in range(_rounds(rng)):
        said, _, fields = record(rng, aliases=0)
        _say(dialogue, said, fields)


def _by_system_keys(dialogue: Dialogue, rng: random.Random) -> None:
    """The system prompt names the keys, for one sentence after the other."""
    source = alike(rng)
    said, _, fields = next(source)
    fields = _chosen(fields, rng)
    system = _put(pick(SYSTEM_KEYS, rng), KEYS=_keys(fields, rng))
    dialogue.messages.append({"role": "system", "content": system})
    _say(dialogue, said, fields)
    for said, _, others in islice(source, _rounds(rng) - 1):
        _say(dialogue, said, _like(fields, others))


def _by_system_shape(dialogue: Dialogue, rng: random.Random) -> None:
    """The system prompt has the schema or an example, for one sentence after the other."""
    source = alike(rng)
    said, _, fields = next(source)
    is_schema = rng.random() < 0.6
    fields = _shaped(fields, rng, is_schema=is_schema)
    system = _put(pick(SYSTEM_SHAPE, rng), SHAPE=_shape(fields, rng, is_schema=is_schema))
    dialogue.messages.append({"role": "system", "content": system})
    _say(dialogue, said, fields)
    for said, _, others in islice(source, _rounds(rng) - 1):
        _say(dialogue, said, _like(fields, others))


def _like(wanted: list[Field], found: list[Field]) -> list[Field]:
    """Return the values of `found` in the shape of `wanted`."""
    values = {f.key: f.value for f in found}
    return [Field(f.key, f.schema, _fitted(f.schema, f.key, values), f.origin) for f in wanted]


def _fitted(schema: dict[str, Any], key: str, values: dict[str, Any]) -> Any:
    if key not in values or (schema["type"] == "object" and not isinstance(values[key], dict)):
        return {inner: _fitted(sub, inner, values) for inner, sub in schema["properties"].items()}
    return str(values[key]) if schema["type"] == "string" else values[key]


_FORMS = {
    "keys": _by_keys,
    "natural": _naturally,
    "example": _by_example,
    "schema": _by_schema,
    "system": _by_system,
    "system keys": _by_system_keys,
    "system shape": _by_system_shape,
}


def _rounds(rng: random.Random) -> int:
    return rng.choices((1, 2, 3, 4, 6), (50, 18, 12, 12, 8))[0]


def _maybe_system(dialogue: Dialogue, rng: random.Random) -> None:
    if rng.random() < 0.25:
        system: Message = {"role": "system", "content": pick([*SYSTEM, "You are a helpful assistant."], rng)}
        dialogue.messages.append(system)
