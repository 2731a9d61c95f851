"""Functions to offer that the training text does not have, with sentences that ask for them and results."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from training.eval.vocabulary import CITIES, NAMES, WEEKDAYS

Values = dict[str, Any]
Draw = Callable[[random.Random], Any]


def one_of(*values: Any) -> Draw:
    """Return a function that draws one of `values`."""
    return lambda rng: rng.choice(values)


def between(low: int, high: int, step: int = 1) -> Draw:
    """Return a function that draws a whole number."""
    return lambda rng: rng.randrange(low, high + 1, step)


def code(letters: str) -> Draw:
    """Return a function that draws a code such as QX-4417."""
    return lambda rng: f"{letters}-{rng.randint(1000, 9999)}"


@dataclass(frozen=True)
class Parameter:
    """A parameter's JSON schema, without its name, and where its values come from."""

    schema: Values
    draw: Draw


@dataclass(frozen=True)
class Function:
    """A function; `sentences` ask for a call with the arguments that they have fields for."""

    name: str
    description: str
    parameters: dict[str, Parameter]
    sentences: Sequence[str]
    result: Callable[[random.Random], tuple[Any, tuple[str, ...]]]
    """A result, and what an answer from it has to say."""
    optional: tuple[str, ...] = ()
    flags: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Words that stand in a sentence for true and false, by parameter."""

    def schema(self) -> Values:
        """Return the tool object of OpenAI's API."""
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": {
                    "type": "object",
                    "properties": {name: parameter.schema for name, parameter in self.parameters.items()},
                    "required": [name for name in self.parameters if name not in self.optional],
                },
            },
        }

    def request(self, rng: random.Random) -> tuple[str, Values]:
        """Return a sentence that asks for a call, and the arguments that it names."""
        sentence = rng.choice(self.sentences)
        arguments = {name: p.draw(rng) for name, p in self.parameters.items() if f"{{{name}}}" in sentence}
        words = {
            name: self.flags[name][not value] if name in self.flags else value
            for name, value in arguments.items()
        }
        return " ".join(sentence.format(**words).split()), arguments


def text(description: str, draw: Draw) -> Parameter:
    """Return a string parameter."""
    return Parameter({"type": "string", "description": description}, draw)


def whole(description: str, draw: Draw) -> Parameter:
    """Return an integer parameter."""
    return Parameter({"type": "integer", "description": description}, draw)


def choice(*values: str) -> Parameter:
    """Return a parameter of a few allowed strings."""
    return Parameter({"type": "string", "enum": list(values)}, one_of(*values))


def _plain(template: str, **draws: Draw) -> Callable[[random.Random], tuple[Any, tuple[str, ...]]]:
    """Return a result in words; what is drawn must be said."""

    def make(rng: random.Random) -> tuple[Any, tuple[str, ...]]:
        values = {name: draw(rng) for name, draw in draws.items()}
        return template.format(**values), tuple(map(str, values.values()))

    return make


def _object(**draws: Draw) -> Callable[[random.Random], tuple[Any, tuple[str, ...]]]:
    """Return a result as JSON; its values must be said."""

    def make(rng: random.Random) -> tuple[Any, tuple[str, ...]]:
        values = {name: draw(rng) for name, draw in draws.items()}
        return json.dumps(values), tuple(map(str, values.values()))

    return make


_clock = one_of("07:40", "09:15", "12:05", "14:50", "18:20", "21:35")

FUNCTIONS = (
    Function(
        "book_ferry",
        "Book places on a ferry",
        {
            "harbour": text(
                "where the ferry leaves", one_of("Saltmouth", "Greyhaven", "Tern Bay", "Portlock")
            ),
            "passengers": whole("how many people travel", between(2, 9)),
        },
        (
            "Book a ferry from {harbour} for {passengers} people.",
            "We are {passengers} and want to take the ferry at {harbour}.",
            "Get {passengers} places on the ferry from {harbour}, please",
        ),
        _object(booking=code("FB"), departure=_clock),
    ),
    Function(
        "open_greenhouse_vent",
        "Open the vent of the greenhouse",
        {"percent": whole("how far, from 0 to 100", between(10, 95, 5))},
        (
            "Open the greenhouse vent to {percent} percent.",
            "It is hot in the greenhouse, set the vent to {percent}%",
        ),
        _plain("The vent is at {percent} percent now.", percent=between(10, 95)),
    ),
    Function(
        "dim_lamp",
        "Set the brightness of the lamp in a room",
        {
            "room": choice("kitchen", "hallway", "bedroom", "study"),
            "level": whole("brightness", between(1, 99)),
        },
        (
            "Dim the lamp in the {room} to {level}.",
            "{room} lamp at {level} please",
            "Could the light in the {room} go to {level}?",
        ),
        _object(level=between(1, 99)),
    ),
    Function(
        "convert_length",
        "Convert a length from one unit to another",
        {
            "value": Parameter({"type": "number"}, one_of(2.5, 7.25, 12.5, 0.75, 33.4, 18.2)),
            "source": choice("miles", "feet", "inches", "yards"),
            "target": choice("metres", "kilometres", "centimetres"),
        },
        (
            "Convert {value} {source} to {target}.",
            "How much is {value} {source} in {target}?",
            "I need {value} {source} as {target}",
        ),
        _object(value=one_of(4.02, 11.67, 0.76, 2.21)),
    ),
    Function(
        "queue_song",
        "Add a song to the queue",
        {
            "title": text(
                "of the song",
                one_of("Blue Lantern", "Paper Boats", "Slow River", "Winter Garden", "Nine Lives"),
            ),
            "artist": text("who plays it", one_of("The Tin Foxes", "Marlow Quartet", "Iris and Oak")),
        },
        (
            "Queue the song {title}.",
            "Play {title} by {artist} next",
            "Put {title} into the queue",
            "I want to hear {title} by {artist}.",
        ),
        _plain("Added at position {position}.", position=between(2, 30)),
        optional=("artist",),
    ),
    Function(
        "water_plant",
        "Give water to a plant",
        {
            "plant": text("which plant", one_of("fern", "basil", "orchid", "rubber tree", "ivy")),
            "litres": Parameter({"type": "number"}, one_of(0.5, 1.5, 0.25, 2, 3)),
        },
        (
            "Water the {plant} with {litres} litres.",
            "The {plant} is dry. Give it {litres} litres.",
            "{litres} litres for the {plant} please",
        ),
        _object(tank_left_litres=one_of(4.5, 8.25, 11.5)),
    ),
    Function(
        "rent_bicycle",
        "Rent a bicycle",
        {
            "station": text("where", one_of("Mill Square", "North Gate", "Opera", "Old Harbour")),
            "hours": whole("how long", between(2, 12)),
            "electric": Parameter({"type": "boolean"}, one_of(True, False)),
        },
        (
            "Rent {electric} bicycle at {station} for {hours} hours.",
            "I need {electric} bike for {hours} hours, station {station}",
        ),
        _object(lock_code=between(1000, 9999)),
        flags={"electric": ("an electric", "a normal")},
    ),
    Function(
        "track_parcel",
        "Find out where a parcel is",
        {"tracking_code": text("printed on the receipt", code("QX"))},
        (
            "Where is my parcel {tracking_code}?",
            "Track {tracking_code}",
            "I am waiting for the parcel with the code {tracking_code}.",
        ),
        _plain("The parcel is in {city} and comes on {day}.", city=one_of(*CITIES), day=one_of(*WEEKDAYS)),
    ),
    Function(
        "mute_channel",
        "Switch off the notifications of a channel",
        {
            "channel": text("its name", one_of("random", "sales", "alerts", "lunch")),
            "minutes": whole("how long", between(5, 180, 5)),
        },
        (
            "Mute the channel {channel} for {minutes} minutes.",
            "No messages from {channel} for {minutes} minutes please",
        ),
        _plain("Muted until {until}.", until=_clock),
    ),
    Function(
        "log_workout",
        "Write down a workout",
        {
            "activity": choice("running", "rowing", "yoga", "swimming"),
            "minutes": whole("how long", between(10, 120, 5)),
        },
        (
            "Log {minutes} minutes of {activity}.",
            "I did {activity} for {minutes} minutes, write it down",
            "{activity}, {minutes} minutes. Log that.",
        ),
        _object(minutes_this_week=between(121, 400)),
    ),
    Function(
        "reserve_desk",
        "Reserve a desk in the office",
        {
            "floor": whole("which floor", between(1, 12)),
            "day": Parameter({"type": "string", "enum": WEEKDAYS[:5]}, one_of(*WEEKDAYS[:5])),
        },
        ("Reserve a desk on floor {floor} for {day}.", "On {day} I need a desk, floor {floor}."),
        _object(desk=code("D")),
    ),
    Function(
        "get_tide",
        "Get the time of the next high tide at a beach",
        {
            "beach": text(
                "name of the beach", one_of("Gull Sands", "Pebble Cove", "Long Strand", "Seal Point")
            )
        },
        ("When is high tide at {beach}?", "Tide at {beach}?", "Tell me about the next high tide at {beach}."),
        _object(high_tide=_clock, height_m=one_of(2.1, 3.4, 4.6)),
    ),
    Function(
        "invite_guest",
        "Invite somebody to the party",
        {"name": text("of the guest", one_of(*NAMES)), "table": whole("number of the table", between(1, 20))},
        (
            "Invite {name} to table {table}.",
            "{name} should sit at table {table}, send an invitation",
            "Put {name} on the list for table {table}.",
        ),
        _plain("{name} has accepted.", name=one_of(*NAMES)),
    ),
    Function(
        "print_document",
        "Print a file",
        {
            "path": text("of the file", one_of("report.pdf", "notes/june.txt", "poster.png", "tax_2025.pdf")),
            "copies": whole("how many", between(2, 40)),
            "double_sided": Parameter({"type": "boolean"}, one_of(True, False)),
        },
        (
            "Print {copies} copies of {path}.",
            "Print {path} {double_sided}, {copies} times.",
            "I need {path} on paper, {copies} copies",
        ),
        _object(job_id=between(200, 999), pages=between(1, 99)),
        optional=("double_sided",),
        flags={"double_sided": ("on both sides", "on one side only")},
    ),
    Function(
        "heat_kiln",
        "Heat the kiln for pottery",
        {"degrees": whole("target in degrees Celsius", between(600, 1280, 10))},
        ("Heat the kiln to {degrees} degrees.", "The pots are ready, bring the kiln to {degrees}."),
        _plain("The kiln needs {minutes} minutes.", minutes=between(30, 240)),
    ),
    Function(
        "count_stock",
        "Say how many pieces of an article are left in the warehouse",
        {"article": text("what is looked for", one_of("teapots", "deck chairs", "candles", "wool socks"))},
        (
            "How many {article} are left in the warehouse?",
            "Check the stock of {article}.",
            "do we still have {article}",
        ),
        _object(pieces=between(3, 900)),
    ),
    Function(
        "brew_coffee",
        "Start the coffee machine",
        {
            "strength": choice("mild", "medium", "strong"),
            "cups": whole("how many", between(2, 12)),
            "decaf": Parameter({"type": "boolean"}, one_of(True)),
        },
        (
            "Brew {cups} cups of {strength} coffee.",
            "Make {strength} coffee for {cups} people",
            "I would like {cups} cups, {strength} and {decaf}.",
        ),
        _plain("Ready in {minutes} minutes.", minutes=between(3, 15)),
        optional=("decaf",),
        flags={"decaf": ("without caffeine", "with caffeine")},
    ),
    Function(
        "lock_gate",
        "Lock or unlock a gate of the zoo",
        {
            "gate": choice("north", "south", "aviary", "aquarium"),
            "locked": Parameter({"type": "boolean", "description": "true locks it"}, one_of(True, False)),
        },
        ("Please {locked} the {gate} gate.", "The {gate} gate: {locked} it"),
        _object(changed_at=_clock),
        flags={"locked": ("lock", "unlock")},
    ),
    Function(
        "score_dive",
        "Enter the points of a diver",
        {
            "diver": text("first name", one_of(*NAMES)),
            "points": Parameter({"type": "number"}, one_of(6.5, 7.25, 8, 9.5, 5.75)),
        },
        (
            "{diver} gets {points} points.",
            "Give {diver} a score of {points}",
            "{points} for the dive of {diver}",
        ),
        _object(rank=between(1, 30)),
    ),
    Function(
        "schedule_pickup",
        "Let a van come for parcels",
        {
            "street": text("where to ring", one_of("12 Lime Lane", "4 Mill Street", "77 Harbour Road")),
            "parcels": whole("how many", between(2, 25)),
            "fragile": Parameter({"type": "boolean"}, one_of(True)),
        },
        (
            "{parcels} parcels wait at {street}.",
            "Pick up {parcels} parcels at {street}, please",
            "A van for {parcels} {fragile} parcels to {street}!",
        ),
        _plain("The van comes on {day} at {time}.", day=one_of(*WEEKDAYS), time=_clock),
        optional=("fragile",),
        flags={"fragile": ("fragile", "sturdy")},
    ),
)
