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
from training.grammar import capital, expand
from training.invented_functions import RESULT_KEYS
from training.roles import NOUNS
from training.scenes import NO_NOUNS, scenes
from training.values import (
    NUMBER_WORDS,
    Kind,
    article_of,
    is_plural,
    kind_of,
    tidied,
    with_article,
    without_article,
)

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
  > <name>: {there are|we have} <stock>, {each|one} for <price> euros.
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
  > "<title>" {by|is a book by} <author>{,| from} <year>{|, <pages> pages}.
  > "<title>" was written by <author> in <year>{| and has <pages> pages}.
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
  > {I think|In my opinion,} <product> {is|was} <sentiment>{. <rating> stars| and give it <rating> stars|}.
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
  > The <species> <name> belongs to <owner>{ and <vaccinated>| and is <color>|}.

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
  ingredients|items: foods
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
  > "<title>" by <artist>{, <genre>,|} {is from|came out in} <year>.
  > "<title>" by <artist>{, <genre>|}{ from|,} <year>.
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
  transport|means: train/car/bus/plane
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

_VERBS = (
    "extract|return|write|find|get|pull out|pick out|output|collect|produce|list|make|read|create|determine|look for|identify"
    "|give me|show me|send me|tell me|write me|provide|note down|state|generate|deliver|fetch|take|report|capture|gather"
)
_JSON = "{JSON|JSON|JSON|a JSON object|a JSON|valid JSON|one JSON object|plain JSON|an object in JSON|a single JSON object|compact JSON}"
_AS_JSON = "{as JSON|as JSON|as a JSON object|in JSON|in JSON format|as valid JSON|in the form of JSON|as an object in JSON|formatted as JSON|using JSON}"
_THIS = "{text|sentence|message|note|line|passage|statement|input|description|snippet}"
_SOURCE = (
    "{|{from|in|out of|given in|mentioned in|contained in} {this|the} "
    + _THIS
    + "|from {this|the following|what follows}"
    "|from the {" + _THIS + " {below|above|here}}}"
)
_FROM = "{from|from|out of|based on} {{this|the} " + _THIS + "|this|the following|what follows}"
_KEYS = "{keys|keys|keys|fields|fields|properties|attributes|entries|members|names}"
_WITH = "{with|with|with|containing|having|that has|that contains|which has}"
_ONLY = "{|only |just |exactly |precisely }"
_NO_TALK = (
    "{Only JSON.|JSON only.|No explanation.|Nothing else.|No other text.|No comments.|Just the JSON.|Only the object.|Do not explain."
    "|No markdown.|Without any other words.|Do not add anything.|Do not write anything else.|Output JSON only.|Raw JSON, please.}"
)
_VERB = "{" + _VERBS + "}"
_TURN = "{turn|turn|convert|convert|change|put|translate|transform|parse|rewrite|reformat|format}"
_REPLY = "{answer|reply|respond|answer me|write back|come back|give your answer|give the result}"
_FITS = "{that fits|that follows|that matches|according to|following|for|by|in line with|valid under|which obeys|conforming to|based on}"
_LIKE = "{like this|in this form|in this format|in the following form|in the shape|as in this example|like the example|in this style|with this structure|following this template|along these lines}"
WITH_KEYS = [
    _VERB + " " + _JSON + " " + _WITH + " " + _ONLY + "the " + _KEYS + " KEYS " + _SOURCE,
    _VERB + " " + _JSON + " " + _FROM + " " + _WITH + " {|these |the |the following }" + _KEYS + ": KEYS",
    _VERB + " " + _ONLY + "KEYS " + _SOURCE + " " + _AS_JSON,
    _VERB + " " + _FROM + " " + _ONLY + "KEYS " + _AS_JSON,
    _TURN
    + " {this|it|the "
    + _THIS
    + "|this "
    + _THIS
    + "} into "
    + _JSON
    + " "
    + _WITH
    + " {the "
    + _KEYS
    + " |}KEYS",
    _REPLY + " {with|in} " + _JSON + " " + _WITH + " " + _ONLY + "the " + _KEYS + " KEYS",
    "fill {a|the} JSON object (KEYS) " + _SOURCE,
    "use the " + _KEYS + " KEYS {and|to} {return|write|make|answer in|build} " + _JSON,
    "{parse|read|go through|look at} {this|the "
    + _THIS
    + "} and {return|write|give me|output|note} KEYS "
    + _AS_JSON,
    "!{what are|what is|can you find} KEYS " + _SOURCE + "? {Answer|Reply|Respond} " + _AS_JSON + ".",
    "!{I need|I want|We need|I would like|I'm looking for} " + _ONLY + "KEYS " + _SOURCE + " " + _AS_JSON,
    "!{I need|I want|We need|I would like} " + _JSON + " " + _WITH + " {the " + _KEYS + " |}KEYS",
    "!{JSON|As JSON|JSON object|In JSON|Output as JSON|to JSON}{ with| please, with|:|,| -} KEYS",
    "!" + _KEYS + ": KEYS{.|;|,} {Output|Format|Answer|Result|Return}: JSON",
    "!KEYS {as JSON|in JSON|-> JSON|=> JSON|(JSON)}",
]
WITH_EXAMPLE = [
    _REPLY + " {|in JSON |with JSON }" + _LIKE + ": SHAPE",
    "{fill|fill in|complete|fill out} {this|the following} {JSON|object|JSON object|template|form} {|with the values |with the data }"
    + _SOURCE
    + ": SHAPE",
    _VERB + " " + _JSON + " " + _LIKE + " " + _SOURCE + ": SHAPE",
    "{use|take|keep|follow|stick to} this {format|form|JSON|structure|shape|template|layout}: SHAPE",
    _TURN
    + " {this|it|the "
    + _THIS
    + "} into "
    + _JSON
    + " {like|of the form|such as|shaped like|structured as} SHAPE",
    "!{JSON form|Format|Template|Example|Output format|Expected output|Shape|Output like|Result like this}: SHAPE",
    "!{I need|I want|We need|I expect|The answer should be} JSON {like|of this form|like this|such as|in this shape}: SHAPE",
    "!SHAPE {is the format|is the template|- fill this|is what I need}",
]
WITH_SCHEMA = [
    _REPLY + " {with|in} " + _JSON + " " + _FITS + " {this|the following|the} {schema|JSON schema}: SHAPE",
    "{fill|use|follow|obey|apply|stick to} {this|the following} {JSON schema|schema}: SHAPE",
    _VERB + " " + _JSON + " " + _FROM + " " + _FITS + " {this|the} {schema|JSON schema}: SHAPE",
    _VERB
    + " {the data|the information|the facts|what is said} "
    + _SOURCE
    + " "
    + _AS_JSON
    + ". {Schema|JSON schema|The schema is|Use the schema}: SHAPE",
    _TURN + " {this|it|the " + _THIS + "} into " + _JSON + " " + _FITS + " {this|the} schema: SHAPE",
    "!{JSON schema|Schema|The schema|Output schema|response schema|Format (JSON schema)}: SHAPE",
    "!{The answer|Your answer|The output|The result} {must|should|has to} {fit|match|follow|be valid for} {this|the} schema: SHAPE",
]
_DATA = "{data|information|facts|details|values|important facts|contents}"
NATURAL = [
    _TURN + " {this|it|the KIND|this " + _THIS + "|the following|what follows} into " + _JSON,
    _VERB + " {this|the following|the " + _DATA + "|all " + _DATA + "|the KIND} " + _AS_JSON,
    _VERB + " {the|all|all the} " + _DATA + " " + _SOURCE + " " + _AS_JSON,
    _VERB + " " + _JSON + " {for|of|from|about|with} {this|the KIND|the following|the " + _DATA + "}",
    _REPLY + " {only |}{in|with} " + _JSON,
    "{parse|read|go through} {this|this "
    + _THIS
    + "|the "
    + _THIS
    + "} and {return|write|give me|output} "
    + _JSON,
    "!{As JSON|JSON|In JSON|to JSON|JSON please|as json|JSON version|in JSON format}",
    "!{I need|I want|We need|I'd like} {this|that|it|the KIND|the " + _DATA + "} " + _AS_JSON,
    "!{What would this be|How does this look|What is this} {as|in} JSON?",
]
_TASK = "{sentences|text|texts|messages|notes|what the user says|every message|each message|all input|the user's words|the input|everything I say}"
SYSTEM = [
    "{You |You always |Always |}" + _REPLY + " {only |}{in|with} " + _JSON,
    "{You |Your job: |Your task: |}" + _TURN + " " + _TASK + " into " + _JSON,
    "{You |Your job is to |Please |}{extract|return|collect|find|write} "
    + _DATA
    + " {from "
    + _TASK
    + " |}"
    + _AS_JSON,
    "You are {a|the|our} {JSON |data |text |}{parser|reader|converter|service}. {Answer in|Return|Write only|Always output|Produce} "
    + _JSON,
    "{Output|Return|Write|Produce|Give} " + _JSON + "{ only|, nothing else|}",
]
SYSTEM_KEYS = [
    "{You |Always |}" + _REPLY + " {in|with} " + _JSON + " " + _WITH + " " + _ONLY + "the " + _KEYS + " KEYS",
    "{You |Your task: |}{extract|find|return|note|collect|pick out} KEYS {from " + _TASK + " |}" + _AS_JSON,
    "{Return|Write|Output|Produce|Make} "
    + _JSON
    + " "
    + _WITH
    + " {the "
    + _KEYS
    + " |}KEYS{| for each message| for what the user says}",
    _TURN + " " + _TASK + " into " + _JSON + " " + _WITH + " {the " + _KEYS + " |}KEYS",
    "You are a {parser|helpful assistant|data tool|JSON parser|clerk}. {"
    + _KEYS
    + "|JSON "
    + _KEYS
    + "}: KEYS",
]
SYSTEM_SHAPE = [
    "{You |Always |}"
    + _REPLY
    + " {with|in} "
    + _JSON
    + " {"
    + _LIKE
    + "|of this form|of this schema|that fits this schema}: SHAPE",
    "{Return|Write|Extract|Collect|Output} {data as |"
    + _DATA
    + " as |}JSON{.|, nothing else.|;} {Schema|Form|Format|Structure}: SHAPE",
    "You are {a helpful assistant|a parser|a data service|an extractor}. {Answer in JSON|Answer with JSON only|Return JSON|Write JSON}: SHAPE",
    _TURN + " " + _TASK + " into JSON {of this form|like this|by this format|with this structure}: SHAPE",
]
_POLITE = (
    "REQUEST.|REQUEST.|REQUEST.|REQUEST:|Please REQUEST.|Please REQUEST.|REQUEST, please.|Can you REQUEST?|Could you REQUEST?|Could you please REQUEST?"
    "|I want you to REQUEST.|Your task: REQUEST.|Now REQUEST.|Hi, please REQUEST.|Would you REQUEST?|I'd like you to REQUEST.|Kindly REQUEST."
    "|Task: REQUEST.|You should REQUEST.|Go ahead and REQUEST.|Just REQUEST.|Next, REQUEST.|Will you REQUEST?|Help me: REQUEST."
).split("|")


def _asked(template: str, said: str, rng: random.Random, **slots: str) -> str:
    """Return the text with the wish for JSON: one before the other, quoted or not, politely or not."""
    wish = expand(template, rng).replace(" .", ".").replace(" :", ":")
    is_sentence = wish.startswith("!")
    wish = wish.removeprefix("!")
    if not is_sentence:
        polite = rng.choice(_POLITE) if rng.random() < 0.6 else "REQUEST"
        if wish.endswith(("SHAPE", ":")) or polite.endswith(":"):
            polite = polite.rstrip(".?:,")
        wish = polite.replace("REQUEST", wish)
    wish = capital(wish) if rng.random() < 0.93 else wish
    for name, value in slots.items():
        if value.startswith("\n") and not wish.endswith(name):
            value = value[3:].replace("\n- ", ", ")
        wish = wish.replace(name, value, 1)
    is_open = wish[-1] not in ".?!:}"
    if said and rng.random() < 0.12:
        wish += ("\n" if "\n" in wish else ". " if is_open else " ") + expand(_NO_TALK, rng)
        is_open = False
    return _placed(wish, said, rng, is_open=is_open) if said else wish


def _placed(wish: str, said: str, rng: random.Random, *, is_open: bool) -> str:
    """Return the text before or after the wish."""
    quoted = _quoted(said, rng)
    is_before = "below" not in wish and "follow" not in wish.partition("schema")[0] and rng.random() < 0.35
    if is_before or "above" in wish:
        glue = rng.choice(("\n", "\n", "\n\n", "\n\n", " ", "\n---\n"))
        return (
            quoted + ("\n\n" if glue == " " and ("\n" in quoted or quoted[-1] not in '.?!"') else glue) + wish
        )
    glue = rng.choice(("\n", "\n", "\n\n", "\n\n", " ", " ", "\n---\n"))
    if "\n" in wish + quoted and glue == " ":
        glue = "\n\n"
    if is_open and (glue == " " or rng.random() < 0.6):
        wish += ":"
    elif glue == " " and wish.endswith("."):
        wish = wish[:-1] + rng.choice((".", ":"))
    return wish + glue + quoted


def _quoted(said: str, rng: random.Random) -> str:
    way = rng.random()
    if way < 0.62:
        return said
    if way < 0.74 and '"' not in said:
        return f'"{said}"'
    if way < 0.88:
        label = rng.choice(
            ("Text", "Sentence", "Input", "Message", "Note", "User text", "Here is the text", "text")
        )
        return f"{label}:" + ("\n" if "\n" in said or rng.random() < 0.3 else " ") + said
    mark = rng.choice(('"""', "```", "~~~", "<text>", "<input>", "---"))
    if mark.startswith("<"):
        return f"{mark}{said}</{mark[1:]}"
    return f"{mark}\n{said}\n{mark}"


def _system(template: str, rng: random.Random, **slots: str) -> str:
    """Return a system prompt that asks for JSON."""
    said = _asked(f"!{template}", "", rng, **slots)
    if said[-1] not in ".}:" and "\n" not in said and rng.random() < 0.75:
        said += "."
    return f"{said} {expand(_NO_TALK, rng)}" if said[-1] == "." and rng.random() < 0.2 else said


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


_ONES = re.compile(r"(?<![\w.:-])1 (game|star|night|day|page|minute|window|piece)s\b")


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
    source = rng.random()
    if source < 0.15:
        return _invented_records(rng)
    return _records(rng, aliases) if source < 0.4 else _scene_records(rng, aliases)


def _scene_records(rng: random.Random, aliases: float) -> Iterator[Record]:
    """Yield texts that are composed of clauses."""
    for said, about, found in scenes(rng, 0.6 if aliases else 0, _OWN_KINDS):
        yield said, about, [Field(*field) for field in found]


def _with_value(said: str, key: str, text: str) -> str:
    """Return the sentence with the text in the key's slot, after the article that it needs."""
    if re.search(rf"(?:\d|times|pieces of|\b(?:x|{'|'.join(NUMBER_WORDS)})) <{key}>", said):
        text = without_article(text)
    article = article_of(text)
    said = re.sub(rf"\b([Aa])n? <{key}>", lambda found: f"{found[1]}{article[1:]} {text}", said)
    return said.replace(f"<{key}>", text)


def _records(rng: random.Random, aliases: float) -> Iterator[Record]:
    entity = rng.choice(ENTITIES)
    called: dict[str, str] = {}
    for key, (names, _) in entity.keys.items():
        name = rng.choice(names) if rng.random() < aliases else names[0]
        called[key] = name if name not in called.values() else names[0]
    wanted: set[str] | None = None
    while True:
        said = capital(expand(rng.choice(entity.sentences), rng))
        slots = _SLOT.findall(said)
        if wanted is not None and wanted != set(slots):
            continue
        wanted = set(slots)
        fields: list[Field] = []
        for key in slots:
            kind = entity.keys[key][1]
            text, value = kind.make(rng)
            said = _with_value(said, key, text)
            fields.append(Field(called[key], kind.schema, value, f"{entity.name}.{key}"))
        yield re.sub("^a(n?) ", r"A\1 ", _ONES.sub(r"1 \1", tidied(said))), entity.name, fields


_KEYS_OF_KINDS = {
    "city": "city location place town destination region venue".split(),
    "name": "name person customer recipient guest user owner contact employee client author".split(),
    "day": "date day due_date start_date deadline".split(),
    "time": "time start_time hour begin".split(),
    "count": "guests people pieces days nights hours copies seats tickets persons adults weeks pages boxes points bottles".split(),
    "integer": "level limit size amount quantity speed width height weight port number page".split(),
    "id": "id order_id number user_id account_id item_id ticket_id room_number".split(),
    "code": "code id reference serial order_number tracking_code plate sku".split(),
    "price": "price budget max_price cost fee total".split(),
    "decimal": "ratio factor rate score weight distance".split(),
    "text": "text message note comment description content".split(),
    "subject": "topic subject query theme keyword".split(),
    "item": "item product thing article".split(),
    "colour": "color colour".split(),
    "language": "language lang".split(),
    "email": "email to address recipient".split(),
    "month": "month period".split(),
    "company": "company firm brand supplier organization".split(),
    "word": "name title label key category tag model".split(),
    "words": "tags names labels keywords".split(),
    "items": "items products things".split(),
    "small/medium/large": "size".split(),
    "low/medium/high": "priority level urgency quality".split(),
    "low/normal/urgent": "priority".split(),
    "pdf/csv/html/json": "format type".split(),
    "cash/card/invoice": "payment method pay_by".split(),
    "economy/business/first": "class travel_class".split(),
    "north/south/east/west": "direction side".split(),
    "morning/afternoon/evening": "part_of_day slot period".split(),
    "asc/desc": "order sort".split(),
    "active/archived/all": "status filter state".split(),
    "fast/slow": "mode speed".split(),
}
_FLAGS = (
    "breakfast insurance parking sound captions wifi delivery wrapping notification reminder balcony "
    "sugar backup preview help receipt signature alarm lights details history images links comments"
).split()


def _invented_records(rng: random.Random) -> Iterator[Record]:
    """Yield facts about nothing in particular: keys and values in a row."""
    roles = [(rng.choice(names), kind) for kind, names in _KEYS_OF_KINDS.items()]
    pool = {**RESULT_KEYS, **dict(rng.sample(roles, 12))}
    keys = rng.sample(list(pool), rng.choice((1, 2, 2, 3, 3, 4)))
    noun = rng.choice(NOUNS)
    form = rng.choice(("K: V", "the K is V", "the K is V", "K V", "K = V", "its K is V", "V is the K"))
    flag = rng.choice(_FLAGS) if rng.random() < 0.15 else ""
    while True:
        fields, parts = [], []
        for key in keys:
            text, value = _invented_kind(pool[key]).make(rng)
            fields.append(Field(key, _invented_kind(pool[key]).schema, value))
            said = form.replace(" is ", " are ") if is_plural(key) else form
            if pool[key] == "yes_no" and " is " in form:
                said = "K is V"
            parts.append(said.replace("K", key.replace("_", " ")).replace("V", text))
        if flag:
            given = rng.random() < 0.5
            parts.append(f"{'with' if given else 'without'} {flag}")
            fields.append(Field(flag, {"type": "boolean"}, given))
        glue = (
            " and " if len(parts) == 2 and not flag and rng.random() < 0.6 else rng.choice((", ", ", ", "; "))
        )
        opening = rng.choice(
            (f"{noun.capitalize()}: ", f"{capital(with_article(noun))}: ", f"About the {noun}: ", "", "")
        )
        said = opening + glue.join(parts) + rng.choice((".", ".", ""))
        yield said if said.startswith(parts[0]) and form.startswith("V") else capital(said), noun, fields


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
    if len(fields) > 1 and rng.random() < 0.45:
        fields = rng.sample(fields, rng.randint(1, len(fields)))
    elif rng.random() < 0.35:
        fields = rng.sample(fields, len(fields))
    return fields


GROUPS = "details data info properties entry record attributes values content facts meta result extra object".split()


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
    if len(fields) > 1 and rng.random() < 0.25:
        found = rng.sample(fields, rng.randint(2, len(fields)))
        free = [name for name in GROUPS if all(f.key != name for f in fields)]
        return [
            *(f for f in fields if f not in found),
            Field(rng.choice(free), _schema(found), _object(found)),
        ]
    return fields


def _object(fields: list[Field]) -> dict[str, Any]:
    return {f.key: f.value for f in fields}


def _schema(fields: list[Field]) -> dict[str, Any]:
    properties = {f.key: f.schema for f in fields}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _example(fields: list[Field], rng: random.Random) -> dict[str, Any]:
    """Return an object with values that only show the type."""
    style = rng.choice(("dots", "dots", "types", "empty", "null", "names"))
    return {f.key: _placeholder(f.schema, f.key, style) for f in fields}


_PLACEHOLDERS: dict[str, dict[str, Any]] = {
    "dots": {"string": "...", "integer": 0, "number": 0.0, "boolean": True, "array": ["..."]},
    "types": {
        "string": "string",
        "integer": "integer",
        "number": "number",
        "boolean": "boolean",
        "array": ["string"],
    },
    "empty": {"string": "", "integer": 0, "number": 0, "boolean": False, "array": []},
}


def _placeholder(schema: dict[str, Any], key: str, style: str) -> Any:
    if schema["type"] == "object":
        return {name: _placeholder(inner, name, style) for name, inner in schema["properties"].items()}
    if style in ("null", "names"):
        return None if style == "null" else f"<{key}>"
    if "enum" in schema:
        return "|".join(schema["enum"])
    return _PLACEHOLDERS[style][schema["type"]]


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_TYPES = {
    "integer": ("integer", "int", "number"),
    "number": ("number", "float"),
    "boolean": ("boolean", "true/false", "bool"),
}


def _type_of(schema: dict[str, Any], rng: random.Random) -> str:
    if "enum" in schema:
        return rng.choice((" or ", "/", "|")).join(schema["enum"])
    return rng.choice(
        _TYPES.get(schema["type"], (("string", "text") if schema["type"] == "string" else ("list", "array")))
    )


def _keys(fields: list[Field], rng: random.Random) -> str:
    """Return the names of the keys as people list them."""
    names = [f.key for f in fields]
    quote = rng.choice(("", "", "", "", "", '"', "`", "'", "*"))
    is_words = not quote and rng.random() < 0.15 and not any(name in NO_NOUNS for name in names)
    if is_words:
        names = [f"the {name.replace('_', ' ')}" for name in names]
    elif not quote and rng.random() < 0.1:
        return "{" + ", ".join(names) + "}"
    elif not quote and rng.random() < 0.06:
        return "[" + ", ".join(_dump(name) for name in names) + "]"
    names = [f"{quote}{name}{quote}" for name in names]
    if not is_words and rng.random() < 0.15:
        form = rng.choice(("K (T)", "K (T)", "K: T", "K <T>", "T K"))
        types = [_type_of(f.schema, rng) for f in fields]
        names = [form.replace("T", kind).replace("K", name) for name, kind in zip(names, types, strict=True)]
    if rng.random() < 0.15:
        return "".join(f"\n- {name}" for name in names)
    if len(names) == 1:
        return names[0]
    joint = rng.choice((", ", ", ", ", ", ", ", ", ", " / ", "; ", " | ") if not is_words else (", ",))
    return (
        joint.join(names[:-1])
        + (rng.choice((" and ", " and ", ", ")) if joint == ", " else joint)
        + names[-1]
    )


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


def _by_keys(dialogue: Dialogue, rng: random.Random) -> None:
    _maybe_system(dialogue, rng)
    for _ in range(_rounds(rng)):
        said, _, fields = record(rng)
        fields = _chosen(fields, rng)
        _say(dialogue, _asked(rng.choice(WITH_KEYS), said, rng, KEYS=_keys(fields, rng)), fields)


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
        _say(dialogue, _asked(rng.choice(templates), said, rng, SHAPE=shape), fields)


def _shaped(fields: list[Field], rng: random.Random, *, is_schema: bool) -> list[Field]:
    fields = _chosen(fields, rng)
    if is_schema:
        fields = _as_strings(fields, rng)
    return _nested(fields, rng) if rng.random() < 0.5 else fields


def _naturally(dialogue: Dialogue, rng: random.Random) -> None:
    for _ in range(_rounds(rng)):
        said, kind, fields = record(rng, aliases=0)
        _say(dialogue, _asked(rng.choice(NATURAL), said, rng, KIND=kind), fields)


def _by_system(dialogue: Dialogue, rng: random.Random) -> None:
    """The system prompt asks for JSON; the user only says the sentence."""
    dialogue.messages.append({"role": "system", "content": _system(rng.choice(SYSTEM), rng)})
    for _ in range(_rounds(rng)):
        said, _, fields = record(rng, aliases=0)
        _say(dialogue, said, fields)


def _by_system_keys(dialogue: Dialogue, rng: random.Random) -> None:
    """The system prompt names the keys, for one sentence after the other."""
    source = alike(rng)
    said, _, fields = next(source)
    fields = _chosen(fields, rng)
    system = _system(rng.choice(SYSTEM_KEYS), rng, KEYS=_keys(fields, rng))
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
    system = _system(rng.choice(SYSTEM_SHAPE), rng, SHAPE=_shape(fields, rng, is_schema=is_schema))
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
    return rng.choices((1, 2, 3, 4, 6), (58, 19, 11, 8, 4))[0]


def _maybe_system(dialogue: Dialogue, rng: random.Random) -> None:
    if rng.random() < 0.25:
        system: Message = {
            "role": "system",
            "content": _system(rng.choice([*SYSTEM, "You are a helpful assistant."]), rng),
        }
        dialogue.messages.append(system)
