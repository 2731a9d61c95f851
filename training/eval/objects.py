"""JSON filled from a sentence: keys in words, in a list, in an example, in a schema, or of the model's choice."""

# ruff: noqa: E501  # one wording is one line

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from training.eval.checks import has_values, is_json
from training.eval.functions import Draw, Values, between, one_of
from training.eval.items import Item, Skill, system, user
from training.eval.vocabulary import CITIES, NAMES, WEEKDAYS


@dataclass(frozen=True)
class Record:
    """A kind of object: `fields` in their order with a JSON schema and values, sentences that tell all of them."""

    name: str
    fields: dict[str, tuple[Values, Draw]]
    sentences: tuple[str, ...]
    flags: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Words that stand in a sentence for true and false, by key."""

    def draw(self, rng: random.Random) -> Values:
        return {key: draw(rng) for key, (_, draw) in self.fields.items()}

    def tell(self, values: Values, rng: random.Random) -> str:
        """Return a sentence with all values."""
        words = {key: self.flags[key][not value] for key, value in values.items() if key in self.flags}
        spoken = {key: _spoken(value) for key, value in values.items()}
        return rng.choice(self.sentences).format(**(spoken | words))

    def schema(self) -> Values:
        """Return the JSON schema of an object."""
        properties = {key: schema for key, (schema, _) in self.fields.items()}
        return {"type": "object", "properties": properties, "required": list(properties)}


def _spoken(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(value[:-1]) + " and " + value[-1]
    return value


_STRING, _INTEGER, _NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def _enum(*values: str) -> tuple[Values, Draw]:
    return {"type": "string", "enum": list(values)}, one_of(*values)


def _several(*values: str) -> tuple[Values, Draw]:
    schema = {"type": "array", "items": {"type": "string"}}
    return schema, lambda rng: rng.sample(values, rng.randint(2, 3))


RECORDS = (
    Record(
        "guest",
        {"name": (_STRING, one_of(*NAMES)), "age": (_INTEGER, between(18, 90)), "city": (_STRING, one_of(*CITIES))},
        (
            "{name}, {age}, comes from {city}.",
            "Our next guest is {name} from {city}, {age} years old.",
            "At {age}, {name} moved to {city}.",
        ),
    ),
    Record(
        "order",
        {
            "article": (_STRING, one_of("teapot", "umbrella", "notebook", "lantern", "blanket")),
            "quantity": (_INTEGER, between(2, 60)),
            "price": (_NUMBER, one_of(3.5, 12.9, 7.25, 19.99, 4.2)),
        },
        (
            "The customer wants {quantity} pieces of the {article} at {price} each.",
            "Article {article}, price {price}, quantity {quantity}.",
            "{quantity} times {article}, and one costs {price}.",
        ),
    ),
    Record(
        "lesson",
        {
            "subject": (_STRING, one_of("physics", "drawing", "Latin", "chess", "pottery")),
            "weekday": (_STRING, one_of(*WEEKDAYS)),
            "hour": (_INTEGER, between(8, 19)),
        },
        ("The {subject} lesson is on {weekday} at {hour} o'clock.", "On {weekday}, {hour} o'clock, we have {subject}."),
    ),
    Record(
        "boat",
        {
            "boat": (_STRING, one_of("Kittiwake", "Sea Rose", "Old Bess", "Windfall")),
            "length_m": (_NUMBER, one_of(6.5, 8.2, 11.4, 14.75)),
            "berths": (_INTEGER, between(2, 8)),
        },
        ("The {boat} is {length_m} metres long and has {berths} berths.", "{berths} people can sleep on the {boat}, which measures {length_m} metres."),
    ),
    Record(
        "shirt",
        {
            "size": _enum("small", "medium", "large"),
            "colour": (_STRING, one_of("green", "navy", "red", "white")),
            "washable": ({"type": "boolean"}, one_of(True, False)),
        },
        ("This {size} shirt is {colour} and {washable}.", "A {colour} shirt, {size}, which {washable}."),
        {"washable": ("can be washed", "cannot be washed")},
    ),
    Record(
        "museum",
        {
            "museum": (_STRING, one_of("Clock Museum", "Toy Museum", "House of Maps", "Salt Museum")),
            "closed_on": (_STRING, one_of(*WEEKDAYS)),
            "free": ({"type": "boolean"}, one_of(True, False)),
        },
        (
            "The {museum} is closed on {closed_on}, and it {free}.",
            "Visit the {museum}! It {free}. Closed on {closed_on}.",
        ),
        {"free": ("costs nothing", "is not free")},
    ),
    Record(
        "frost",
        {
            "city": (_STRING, one_of(*CITIES)),
            "degrees": (_INTEGER, between(-25, 5)),
            "sky": _enum("clear", "cloudy", "foggy"),
        },
        ("In {city} it has {degrees} degrees and the sky is {sky}.", "{city} this morning: {sky}, {degrees} degrees."),
    ),
    Record(
        "room",
        {
            "room": (_INTEGER, between(101, 499)),
            "beds": (_INTEGER, between(1, 4)),
            "status": _enum("free", "occupied", "closed"),
        },
        ("Room {room} with {beds} beds is {status}.", "{status} today: room {room}, {beds} beds."),
    ),
    Record(
        "dish",
        {
            "dish": (_STRING, one_of("risotto", "goulash", "ratatouille", "porridge")),
            "minutes": (_INTEGER, between(10, 90, 5)),
            "ingredients": _several("rice", "onions", "peppers", "butter", "oats", "tomatoes", "beef"),
        },
        (
            "For {dish} you need {ingredients}, and it takes {minutes} minutes.",
            "{dish} is made of {ingredients} in {minutes} minutes.",
        ),
    ),
    Record(
        "trip",
        {
            "traveller": (_STRING, one_of(*NAMES)),
            "stops": _several(*CITIES),
            "nights": (_INTEGER, between(2, 20)),
        },
        ("{traveller} travels to {stops} and stays {nights} nights.", "A trip of {nights} nights for {traveller}: {stops}."),
    ),
    Record(
        "shop",
        {
            "shop": (_STRING, one_of("Blue Door", "Hazel Books", "Corner Mill")),
            "address": (
                {
                    "type": "object",
                    "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
                    "required": ["street", "city"],
                },
                lambda rng: {"street": rng.choice(("Lime Lane", "Bridge Street", "Harbour Road")), "city": rng.choice(CITIES)},
            ),
        },
        ("The shop {shop} is at {address[street]} in {address[city]}.", "You find {shop} in {address[city]}, {address[street]}."),
    ),
)  # fmt: skip


def _ask(form: Callable[[Record, str, random.Random], Item]) -> Callable[[random.Random], Item]:
    def make(rng: random.Random) -> Item:
        record = rng.choice(RECORDS)
        values = record.draw(rng)
        item = form(record, record.tell(values, rng), rng)
        item.passes, item.want = is_json(values), json.dumps(values)
        return item

    return make


def _item(*messages: dict[str, Any]) -> Item:
    return Item(list(messages), lambda answer: False, "")


def in_words(record: Record, sentence: str, rng: random.Random) -> Item:
    keys = list(_keys(record))
    named = ", ".join(keys[:-1]) + " and " + keys[-1]
    templates = (
        "{s} Please give me that as a JSON object. The keys should be {k}.",
        "I need JSON with {k} from this: {s}",
        "Extract {k} into JSON.\n\n{s}",
        "{s}\nWrite it as JSON, keys {k}.",
    )
    return _item(user(rng.choice(templates).format(s=sentence, k=named)))


def _keys(record: Record) -> list[str]:
    """Return the keys as one would say them; those of an inner object in brackets."""
    found = []
    for key, (schema, _) in record.fields.items():
        inner = schema.get("properties")
        found.append(f"{key} (with {' and '.join(inner)})" if inner else key)
    return found


def by_list(record: Record, sentence: str, rng: random.Random) -> Item:
    keys = _keys(record)
    listed = rng.choice((" " + ", ".join(keys), "".join(f"\n- {key}" for key in keys)))
    if rng.random() < 0.4:
        return _item(system(f"Turn what the user writes into JSON.\nKeys:{listed}"), user(sentence))
    return _item(user(f"Text: {sentence}\nJSON keys:{listed}"))


def by_example(record: Record, sentence: str, rng: random.Random) -> Item:
    example = json.dumps(record.draw(rng))
    if rng.random() < 0.4:
        return _item(system(f"Your output looks like this: {example}"), user(f"Do it for: {sentence}"))
    return _item(user(f"{sentence}\nGive me JSON of the same form as {example}"))


def by_schema(record: Record, sentence: str, rng: random.Random) -> Item:
    schema = json.dumps(record.schema())
    if rng.random() < 0.5:
        prompts = ("Your answers are JSON objects for this schema: {j}", "Reply only with JSON. Schema:\n{j}")
        return _item(system(rng.choice(prompts).format(j=schema)), user(sentence))
    return _item(user(f"JSON schema: {schema}\nFill it in from this text: {sentence}"))


def natural_keys(rng: random.Random) -> Item:
    """Without named keys: the values must be there, under whatever keys."""
    record = rng.choice([r for r in RECORDS if r.name in ("guest", "order", "lesson", "dish")])
    values = record.draw(rng)
    templates = ("Can you make JSON out of this? {s}", "{s} As JSON, please.", "Rewrite in JSON: {s}")
    text = rng.choice(templates).format(s=record.tell(values, rng))
    return Item([user(text)], has_values(values), json.dumps(values))


SKILLS = (
    Skill("JSON: keys in words", "paraphrase", _ask(in_words)),
    Skill("JSON: list of keys", "paraphrase", _ask(by_list)),
    Skill("JSON: example", "paraphrase", _ask(by_example)),
    Skill("JSON: schema", "paraphrase", _ask(by_schema)),
    Skill("JSON: keys of its own", "paraphrase", natural_keys),
)
