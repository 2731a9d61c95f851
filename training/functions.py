"""Functions that a model may be offered, the sentences that ask for them, and how OpenAI's API writes them."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from typing import Any

from training.function_table import TABLE
from training.grammar import capital, expand
from training.values import (
    NUMBER_WORDS,
    Kind,
    Said,
    article_of,
    city,
    first_name,
    invented,
    kind_of,
    things,
    tidied,
)


@dataclass(frozen=True)
class Parameter:
    """What a function takes."""

    name: str
    kind: Kind
    description: str = ""
    is_required: bool = True
    role: str = ""
    """The name of its kind of value, or of the role that it has in an invented function."""


@dataclass(frozen=True)
class Function:
    """A function, the sentences that ask for it, and the keys of what it returns."""

    name: str
    description: str
    parameters: list[Parameter]
    asks: list[str]
    results: list[dict[str, Kind]] = field(default_factory=list)
    phrases: dict[str, list[str]] = field(default_factory=dict)
    """How a parameter is said after the thing, `<v>` for its value; empty for a function that is written by hand."""
    family: str = ""
    """What its verbs ask for: functions of one family cannot be told apart if they are about the same thing."""
    about: frozenset[str] = frozenset()
    """The nouns for what it is about."""


@dataclass(frozen=True)
class Request:
    """A sentence, and the call that it asks for."""

    said: str
    function: Function
    arguments: dict[str, Any]


_OWN_KINDS = {
    "yes_no": Kind({"type": "boolean"}, lambda rng: rng.choice((("yes", True), ("no", False)))),
    "locked": Kind({"type": "boolean"}, lambda rng: rng.choice((("lock", True), ("unlock", False)))),
    "few": Kind({"type": "integer"}, lambda rng: _few(rng)),
    "goods": Kind({"type": "string"}, lambda rng: _same(things(rng))),
    "dir": Kind({"type": "string"}, lambda rng: _same(_directory(rng))),
    "path": Kind({"type": "string"}, lambda rng: _same(_path(rng))),
    "command": Kind({"type": "string"}, lambda rng: _same(_command(rng))),
    "expression": Kind({"type": "string"}, lambda rng: _same(_expression(rng))),
    "sql": Kind({"type": "string"}, lambda rng: _same(_query(rng))),
}


def _same(text: str) -> Said:
    return text, text


def _few(rng: random.Random) -> Said:
    """Return a number of people, days or pieces, in two of five cases as a word."""
    value = rng.randint(1, 10) if rng.random() < 0.75 else rng.randint(11, 60)
    return (NUMBER_WORDS[value] if value <= 10 and rng.random() < 0.4 else str(value)), value


def _directory(rng: random.Random) -> str:
    stem = rng.choice(("docs", "archive", "photos", "old", "backup", "data", invented(rng).split()[0]))
    return rng.choice((stem, f"{stem}/", f"/home/{stem}", f"/{stem}", f"{stem}/{rng.randint(2015, 2030)}"))


def _path(rng: random.Random) -> str:
    folder = rng.choice(("", "docs/", "src/", "/tmp/", "data/", f"{invented(rng).split()[0]}/"))
    stem = rng.choice(("notes", "report", "main", "todo", "config", "letter", invented(rng).split()[0]))
    return f"{folder}{stem}.{rng.choice(('txt', 'md', 'py', 'csv', 'json'))}"


def _command(rng: random.Random) -> str:
    return f"{rng.choice(('ls', 'cat', 'echo', 'rm', 'git add', 'python', 'du -h'))} {_path(rng)}"


def _query(rng: random.Random) -> str:
    table = rng.choice(("users", "orders", "books", "items", *(invented(rng).split()[0] for _ in range(4))))
    column = rng.choice(("id", "name", "price", "city", "age", invented(rng).split()[0]))
    what = rng.choice(("*", "*", "count(*)", column))
    where = f" where {column} {rng.choice('=<>')} {rng.randint(1, 999)}" if rng.random() < 0.4 else ""
    order = f" order by {column}" if rng.random() < 0.2 else ""
    return f"select {what} from {table}{where}{order}"


def _expression(rng: random.Random) -> str:
    """Return something that is no sum of two small numbers: these the model can do itself."""
    terms = [str(rng.randint(2, 10 ** rng.choice((1, 2, 3)))) for _ in range(rng.randint(2, 3))]
    return f" {rng.choice('*/')} ".join(terms) if rng.random() < 0.6 else " + ".join([*terms, "100"])


def argument_kind(name: str) -> Kind:
    return _OWN_KINDS.get(name) or kind_of(name)


def stem(noun: str) -> str:
    """Return the last word of a noun phrase without the ending of its plural."""
    return noun.lower().rpartition(" ")[2].removesuffix("s")


_DOUBLES = {
    "calculate": "=sum", "multiply": "=sum", "divide": "=sum", "place_order": "=buy order", "check_availability": "=buy",
    "add_to_cart": "=buy", "play_music": "=play", "search_web": "=look", "get_news": "=look", "translate": "=translate", "rate_film": "=rate",
    "create_event": "=add appointment meeting", "add_reminder": "=add note", "list_events": "appointment", "hire_tutor": "=learn lesson course",
    "call_taxi": "cab ride driver", "search_flights": "plane connection trip", "book_hotel": "room hostel", "find_restaurant": "table place",
    "book_table": "restaurant place", "get_weather": "temperature forecast", "get_forecast": "weather report", "find_contact": "number phone address email",
    "create_ticket": "issue bug report", "get_country_info": "population capital", "search_books": "literature", "find_recipe": "dish meal idea",
    "get_film": "movie", "turn_light": "lamp", "set_brightness": "light lamp", "set_temperature": "heating heater thermostat", "set_volume": "speaker sound",
    "read_file": "document", "delete_file": "document", "list_files": "document", "track_package": "parcel delivery", "travel_time": "distance way",
    "get_route": "way", "get_distance": "way route", "pet_sitter": "pet animal", "get_stock_price": "share", "find_person": "=person",
}  # fmt: skip
"""What hand-written functions are about beside the nouns in their names."""
_FAMILIES = {
    "set": "put",
    "turn": "put",
    "change": "put",
    "cancel": "drop",
    "delete": "drop",
    "stop": "drop",
    "remove": "drop",
}
_FAMILIES["pet"] = "care"
_FAMILIES |= {verb: verb for verb in ("send", "rate", "translate", "transfer", "rename", "move")}


def _known(name: str, description: str) -> Function:
    verb, *nouns = name.split("_")
    about = {stem(noun) for noun in (*nouns, *_DOUBLES.get(name, "").split())} or {verb}
    return Function(name, description, [], [], family=_FAMILIES.get(verb, "get"), about=frozenset(about))


def are_rivals(one: Function, other: Function) -> bool:
    """Return whether a sentence could ask for either of two functions."""
    families = {one.family, other.family}
    is_invented = bool(one.phrases and other.phrases)
    is_close = len(families) == 1 or (families == {"get", "put"} and not is_invented)
    return is_close and bool(one.about & other.about)


def _parse(paragraph: str) -> Function:
    head, *lines = paragraph.split("\n")
    name, description = head.split(": ", 1)
    function = _known(name, description)
    for line in map(str.strip, lines):
        if line.startswith("> "):
            function.asks.append(line[2:])
        elif line.startswith("= "):
            function.results.append(
                {key: argument_kind(kind) for key, kind in (pair.split(":") for pair in line[2:].split())}
            )
        else:
            key, rest = line.split(": ", 1)
            kind, _, about = rest.partition(" - ")
            function.parameters.append(
                Parameter(key.rstrip("?"), argument_kind(kind), about, not key.endswith("?"), kind)
            )
    return function


FUNCTIONS = [_parse(paragraph) for paragraph in TABLE.strip().split("\n\n")]
_SLOT = re.compile(r"<(\w+)>")


def request(function: Function, rng: random.Random, *, is_plain: bool = False) -> Request:
    """Return a sentence that asks for the function, with every value that the function needs.

    A plain one has no other sentence before or after it.
    """
    said = unmarked(wording(function, rng))
    arguments: dict[str, Any] = {}
    filled = filled_in(said, function, arguments, rng)
    if is_plain:
        return Request(filled, function, arguments)
    if rng.random() < LEAD_SHARE:
        before = lead(function, rng)
        filled = f"{before} {uncapitalised(filled, arguments) if before.endswith(',') else filled}"
    if rng.random() < TAIL_SHARE and "\n" not in said and not _ends_open(said, function):
        filled = f"{filled if filled.endswith(('.', '?', '!')) else filled + '.'} {rng.choice(_TAILS)}"
    return Request(filled, function, arguments)


def uncapitalised(said: str, arguments: dict[str, Any]) -> str:
    """Return a request as it stands within a sentence; a value at its beginning stays as it is."""
    first = re.split(r"\W", said, maxsplit=1)[0]
    values = re.findall(r"\w+", json.dumps(arguments, ensure_ascii=False))
    is_name = first == "I" or first in values
    return said if is_name else said[:1].lower() + said[1:]


LEAD_SHARE = 0.12
TAIL_SHARE = 0.06


def _ends_open(template: str, function: Function) -> bool:
    """Return whether a text without quotes ends the sentence, so that nothing may follow it."""
    last = re.search(r"<(\w+)>[.!?]?$", template)
    texts = {
        p.name
        for p in function.parameters
        if p.role in ("text", "title", "word", "subject", "words", "command", "book", "path", "code", "sql")
    }
    return last is not None and last[1] in texts


_BEFORE_SLOT = re.compile(r"\b[Aa]n? (?=<)")


def wording(function: Function, rng: random.Random) -> str:
    """Return a sentence with slots for at least the values that the function needs."""
    required = {parameter.name for parameter in function.parameters if parameter.is_required}
    while True:
        said = _BEFORE_SLOT.sub("\x02 ", capital(expand(rng.choice(function.asks), rng)))
        if required <= set(_SLOT.findall(said)):
            return said


def unmarked(said: str) -> str:
    """Return a sentence without the marks around the phrases that may be repeated."""
    said = re.sub(" ?[⟦¦](?=[:,])", "", said)
    return said.replace("⟦", "").replace("⟧", "").replace("¦, ", ", ").replace("¦", " ")


def filled_in(said: str, function: Function, arguments: dict[str, Any], rng: random.Random) -> str:
    """Return the sentence with values in its slots, and add these to the arguments in the function's order."""
    slots = set(_SLOT.findall(said))
    texts: dict[str, str] = {}
    for parameter in function.parameters:
        if parameter.name not in slots:
            continue
        text, value = parameter.kind.make(rng)
        for _ in range(8):
            if value not in arguments.values():
                break
            text, value = parameter.kind.make(rng)
        texts[parameter.name] = text
        arguments[parameter.name] = value
        if value == 1 and not isinstance(value, bool):
            said = re.sub(
                rf"(<{parameter.name}>(?:[ -][\w<>]+){{0,2}}? )\[([^|\]]*)\|[^\]]*\]", r"\1\2", said
            )
    if "[" in said:
        said = re.sub(r"\[([^|\]]*)\|([^\]]*)\]", r"\2", said)
    said = _SLOT.sub(lambda match: texts.get(match[1], match[0]), said)
    if "\x02" in said:
        said = _ARTICLE.sub(_article, said)
    return tidied(said)


_ARTICLE = re.compile("\x02 (\\W*)(\\w+)")


def _article(match: re.Match[str]) -> str:
    before = match.string[: match.start()].rstrip(" ")
    is_first = not before or before.endswith((".", "?", "!", "\n"))
    article = article_of(match[2])
    return f"{article.capitalize() if is_first else article} {match[1]}{match[2]}"


_LEADS: dict[str, list[str]] = {
    # kinds of values that the sentence could be taken for; a function with such a parameter does not get it
    "": [
        "{Hi|Hello|Hey}{ there|}{!|,|.}",
        "Good {morning|evening|afternoon}{!|.|,}",
        "{I have a question|One more thing|I have a request|A small favor|Quick question|Just one thing}{:|.}",
        "{I hope you can help me|Maybe you can help|You are my last hope}.",
        "{I am in a hurry|I'm a bit lost|This is urgent|No rush|Take your time|I'm on the phone|I just got home|I can't sleep|I am bored|I am so tired}.",
        "{Sorry to bother you|Excuse me|Listen|Right|So|Well|OK|Okay|Alright|Look}{,|.}",
        "{My computer is slow today|What a day|My phone died|The old one is broken|I forgot it again|I have been thinking about it}.",
        "{I talked about it with my sister|My mother told me to do it|It's about time|It is an important thing for us|I do this for the first time}.",
    ],
    "day": [
        "I'm travelling {tomorrow|next week|soon}.",
        "{Tomorrow|Next week} {I have a day off|my holidays begin}.",
        "{Yesterday|Last week} it did not work.",
    ],
    "time": ["I have to leave at 7.", "I got up at 5 today.", "My bus leaves at half past nine."],
    "name": [
        "My {brother|colleague|friend} {NAME} told me about {you|this}.",
        "{NAME} from {next door|work|school} says hello.",
        "I am sitting here with {NAME}.",
    ],
    "city": ["I grew up in {CITY}.", "I just came back from {CITY}.", "My parents live in {CITY}."],
    "count": [
        "I have {two|three} children.",
        "I have tried {two|three|five} times.",
        "I live on the third floor.",
    ],
    "title": ["It's for my sister's birthday.", "We have a party.", "There is a wedding in the family."],
    "dish": ["I am hungry.", "We are starving.", "I forgot my lunch."],
    "weather": ["It is raining here.", "It's so hot today.", "The sun is out at last."],
}
_TAILS = [
    "Thanks!",
    "Thank you.",
    "Thanks a lot!",
    "That would be great.",
    "Can you do that?",
    "I'm curious.",
    "It's important.",
    "Cheers!",
    "Many thanks.",
    "You would help me a lot.",
    "That is all.",
    "Please be quick.",
]
_SAME_KINDS = {
    "name": {"name", "first_name", "full_name", "names", "author", "artist", "word", "pet", "text"},
    "city": {"city", "country", "street", "room", "word", "path", "dir"},
    "day": {"day", "date", "weekday", "month", "year", "days", "time"},
    "time": {"time", "day", "morning/afternoon/evening/night"},
    "count": {
        "few",
        "count",
        "small",
        "integer",
        "id",
        "minutes",
        "percent",
        "age",
        "price",
        "decimal",
        "degrees",
        "code",
    },
    "title": {"title", "text", "subject", "name"},
    "dish": {"dish", "item", "items", "thing", "things", "animal"},
    "weather": {"weather", "subject", "title"},
}


def lead(function: Function, rng: random.Random) -> str:
    """Return a sentence to stand before a request, which holds nothing that the function could take."""
    kinds = {parameter.role for parameter in function.parameters}
    about = rng.choice(("", "", "", "day", "time", "name", "city", "count", "title", "dish", "weather"))
    if about and kinds & _SAME_KINDS[about]:
        about = ""
    said = expand(rng.choice(_LEADS[about]), rng)
    if "NAME" in said:
        said = said.replace("NAME", first_name(rng))
    return said.replace("CITY", city(rng)) if "CITY" in said else said


def tool(function: Function, rng: random.Random) -> dict[str, Any]:
    """Return the function as OpenAI's tool object, with more or fewer descriptions and extras."""
    share = rng.choice((0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0))
    properties: dict[str, Any] = {}
    for parameter in function.parameters:
        schema = dict(parameter.kind.schema)
        if parameter.description and rng.random() < share:
            schema["description"] = parameter.description
        properties[parameter.name] = schema
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    required = [parameter.name for parameter in function.parameters if parameter.is_required]
    if required:
        parameters["required"] = required
    if rng.random() < 0.08:
        parameters["additionalProperties"] = False
    described: dict[str, Any] = {"name": function.name}
    if function.description or rng.random() < 0.7:  # servers show null where there is none
        described["description"] = function.description or None
    described["parameters"] = parameters
    if rng.random() < 0.05:
        described["strict"] = True
    return {"type": "function", "function": described}
