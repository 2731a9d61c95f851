"""Names and facts told in a conversation, corrected, asked for later, or never told."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.eval.checks import all_of, is_not_told, lacks_words, says, says_only
from training.eval.items import OWN, Item, Message, Skill, fill, user
from training.eval.vocabulary import CITIES, NAMES

ANIMALS = "dog cat parrot rabbit hamster tortoise pony".split()
FOODS = "pasta mushrooms curry pancakes olives rice dumplings".split()
JOBS = "a baker,a plumber,a nurse,a gardener,a pilot,a librarian,a tailor".split(",")
SHADES = "red blue green yellow purple orange".split()


@dataclass(frozen=True)
class Fact:
    """Something to tell, `values` it may have, and how one tells, corrects and asks it."""

    values: Sequence[str]
    told: Sequence[str]
    corrected: Sequence[str]
    asked: Sequence[str]


FACTS = {
    "name": Fact(
        NAMES,
        ("My name is {x}.", "Hi, I'm {x}.", "You may call me {x}", "hello, {x} here", "They call me {x}."),
        ("Sorry, I mistyped: my name is {x}.", "No wait, actually I am called {x}."),
        (
            "Which name did I give when we began?",
            "Say my name again",
            "Please greet me by my name",
            "so what was my name?",
        ),
    ),
    "age": Fact(
        [str(n) for n in range(12, 90)],
        ("I am {x} years old.", "I turned {x} last week.", "my age is {x}"),
        ("Oh, that was wrong, I am {x} years old.", "Correction: my age is {x}."),
        ("My age in years is?", "Remind me of my age", "what age did I say I was"),
    ),
    "city": Fact(
        CITIES,
        ("I live in {x}.", "My home is in {x}.", "I'm from {x}, by the way"),
        ("I was wrong, I live in {x} now.", "Actually my home is in {x}."),
        ("Where is it that I live?", "In which city would you find me?", "What city did I talk about?"),
    ),
    "animal": Fact(
        ANIMALS,
        ("I have a {x}.", "At home a {x} waits for me.", "My pet is a {x}"),
        ("I mean that I have a {x}.", "Sorry, it is a {x}, not that."),
        ("What sort of animal do I keep?", "Which pet did I tell you about?", "and my pet is a ...?"),
    ),
    "colour": Fact(
        SHADES,
        ("My favourite colour is {x}.", "The colour I like best is {x}.", "i love the color {x} most"),
        ("I changed my mind: my favourite colour is {x}.", "No, {x} is the colour that I like best."),
        (
            "Which colour would I pick?",
            "Name the colour that I like best",
            "my favourite colour was which one?",
        ),
    ),
    "food": Fact(
        FOODS,
        ("My favourite food is {x}.", "I like to eat {x} best.", "Nothing tastes better to me than {x}."),
        ("No, my favourite food is {x} after all.", "Correction, I like {x} best."),
        ("What would I order to eat?", "Name my favourite food", "the food that I like best is what?"),
    ),
    "job": Fact(
        JOBS,
        ("I work as {x}.", "I am {x}.", "My job: I'm {x}."),
        ("Sorry, I meant that I work as {x}.", "No, actually I am {x}."),
        ("What is it that I do for a living?", "Name my profession", "as what do I work?"),
    ),
}
BETWEEN = (
    "Write a haiku.",
    "What is AI?",
    "How are you?",
    "What is a token?",
    "Thanks!",
    "What is the capital of France?",
    "What day comes after Monday?",
    "ok",
)


def _tell(kind: str, value: str, rng: random.Random) -> list[Message]:
    return [user(fill(FACTS[kind].told, rng, x=value)), OWN]


def _chatter(rng: random.Random, most: int = 2) -> list[Message]:
    return [message for text in rng.sample(BETWEEN, rng.randint(0, most)) for message in (user(text), OWN)]


def _question(kind: str, rng: random.Random) -> Message:
    return user(rng.choice(FACTS[kind].asked))


def _bare(value: str) -> str:
    return value.removeprefix("a ")


def _right(kind: str, value: str) -> Item:
    others = [_bare(other) for other in FACTS[kind].values]
    return Item([], says_only(_bare(value), others), value)


def _about(kinds: Sequence[str], rng: random.Random) -> Item:
    """Tell one fact of each kind, chat, and ask for one of them."""
    values = {kind: rng.choice(FACTS[kind].values) for kind in kinds}
    messages = [message for kind in kinds for message in _tell(kind, values[kind], rng)]
    asked = rng.choice(kinds)
    item = _right(asked, values[asked])
    item.messages = [*messages, *_chatter(rng), _question(asked, rng)]
    return item


def name(rng: random.Random) -> Item:
    return _about(["name"], rng)


def fact(rng: random.Random) -> Item:
    return _about([rng.choice([kind for kind in FACTS if kind != "name"])], rng)


def several(rng: random.Random) -> Item:
    return _about(rng.sample(list(FACTS), rng.randint(2, 3)), rng)


def at_once(rng: random.Random) -> Item:
    """Two facts in one message."""
    name, city, animal = (rng.choice(FACTS[kind].values) for kind in ("name", "city", "animal"))
    told = fill(
        (
            "Hello! I am {n} from {c} and I have a {a}.",
            "My name is {n}, I live in {c}, and my pet is a {a}.",
            "hi, {n} here. I live in {c} with my {a}",
        ),
        rng,
        n=name,
        c=city,
        a=animal,
    )
    asked = rng.choice(("name", "city", "animal"))
    item = _right(asked, {"name": name, "city": city, "animal": animal}[asked])
    item.messages = [user(told), OWN, *_chatter(rng, 1), _question(asked, rng)]
    return item


def correction(rng: random.Random) -> Item:
    kind = rng.choice(list(FACTS))
    old, new = rng.sample(list(FACTS[kind].values), 2)
    item = _right(kind, new)
    corrected = user(fill(FACTS[kind].corrected, rng, x=new))
    item.messages = [*_tell(kind, old, rng), *_chatter(rng, 1), corrected, OWN, _question(kind, rng)]
    return item


def not_told(rng: random.Random) -> Item:
    kinds = rng.sample(list(FACTS), rng.randint(1, 3))
    asked, told = kinds[0], kinds[1:]
    messages = [m for kind in told for m in _tell(kind, rng.choice(FACTS[kind].values), rng)]
    passes = all_of(is_not_told, lacks_words(_bare(value) for value in FACTS[asked].values))
    return Item([*messages, *_chatter(rng, 1), _question(asked, rng)], passes, "it was not told")


def recall_all(rng: random.Random) -> Item:
    name, city = rng.choice(NAMES), rng.choice(CITIES)
    messages = [*_tell("name", name, rng), *_tell("city", city, rng)]
    text = rng.choice(
        (
            "What have you learned about me so far?",
            "Tell me my name and where I live",
            "Sum up what I said about myself.",
        )
    )
    return Item([*messages, user(text)], says(name, city), f"{name}, {city}")


SKILLS = (
    Skill("memory: name", "paraphrase", name),
    Skill("memory: one fact", "paraphrase", fact),
    Skill("memory: one of several facts", "paraphrase", several),
    Skill("memory: facts of one message", "paraphrase", at_once),
    Skill("memory: everything told", "paraphrase", recall_all),
    Skill("memory: corrected", "paraphrase", correction),
    Skill("memory: not told", "paraphrase", not_told),
)
