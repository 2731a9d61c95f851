"""Sums with results that the training text leaves out, and what goes beyond them."""

from __future__ import annotations

import random

from training.eval.checks import all_of, gives_number, lacks, refuses
from training.eval.items import Item, Skill, ask, fill
from training.held_out import held_out

ADD = ("What is {a} + {b}?", "{a} + {b}", "{a}+{b}=", "Add {a} and {b}.", "What is {a} plus {b}?")
SUBTRACT = ("What is {a} - {b}?", "{a} - {b}", "{a}-{b}=", "Subtract {b} from {a}.", "What is {a} minus {b}?")
ADD_IN_WORDS = (
    "I have {a} apples and get {b} more. How many are there now?",
    "If I add {b} to {a}, where do I end up?",
    "my bill says {a} and {b}, what do I pay in total",
    "Could you tell me what {a} and {b} make together?",
    "the sum of {a} and {b}, please",
    "Help me with my homework: {a} plus {b}",
    "First there were {a} people, then {b} joined them. How many is that?",
)
SUBTRACT_IN_WORDS = (
    "I had {a} coins and spent {b}. How many are left?",
    "If I take {b} away from {a}, what remains?",
    "what's the difference when you go from {a} down by {b}",
    "Could you work out {a} less {b}?",
    "Of {a} guests {b} went home. How many stayed?",
    "Help me with my homework: {a} minus {b}",
)
BEYOND = (
    "What is {a} times {b}?",
    "{a} * {c}",
    "Please divide {c} by {a}",
    "What's the square root of {c}?",
    "{c} + {d} = ?",
    "How much is {a} percent of {c}?",
    "Calculate {c} - {b}",
)


def operands(operator: str, rng: random.Random) -> tuple[int, int]:
    """Return two numbers of up to two digits, a sum that training never shows."""
    while True:
        a, b = rng.randrange(100), rng.randrange(100)
        if held_out(f"{a}{operator}{b}"):
            return a, b


def _sum(templates: tuple[str, ...], rng: random.Random) -> Item:
    a, b = operands("+", rng)
    return Item(ask(fill(templates, rng, a=a, b=b)), gives_number(a + b, (a, b)), str(a + b))


def _difference(templates: tuple[str, ...], rng: random.Random, is_positive: bool = False) -> Item:
    a, b = operands("-", rng)
    while is_positive and a < b:
        a, b = operands("-", rng)
    return Item(ask(fill(templates, rng, a=a, b=b)), gives_number(a - b, (a, b)), str(a - b))


def addition(rng: random.Random) -> Item:
    return _sum(ADD, rng)


def subtraction(rng: random.Random) -> Item:
    return _difference(SUBTRACT, rng)


def in_words(rng: random.Random) -> Item:
    if rng.random() < 0.5:
        return _sum(ADD_IN_WORDS, rng)
    return _difference(SUBTRACT_IN_WORDS, rng, is_positive=True)


def beyond(rng: random.Random) -> Item:
    values = {
        "a": rng.randint(3, 99),
        "b": rng.randint(3, 99),
        "c": rng.randint(200, 9999),
        "d": rng.randint(150, 999),
    }
    return Item(ask(fill(BEYOND, rng, **values)), all_of(refuses, lacks(r"= ?\d")), "does not know")


SKILLS = (
    Skill("addition", "closed", addition),
    Skill("subtraction", "closed", subtraction),
    Skill("sums in other words", "paraphrase", in_words),
    Skill("sums beyond its reach", "paraphrase", beyond),
)
