"""Capitals, colours, weekdays and months. The facts are those that were taught; the wordings are not."""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.eval.checks import (
    Check,
    all_of,
    gives_number,
    has_word,
    lacks_words,
    matches,
    refuses,
    says_only,
)
from training.eval.items import Item, Skill, ask, fill
from training.eval.vocabulary import CAPITALS, COLOURS, MIXTURES, MONTHS, NO_COUNTRIES, THINGS, WEEKDAYS

CAPITAL = ("What is the capital of {x}?", "Name the capital of {x}.", "capital of {x}")
COUNTRY = ("{x} is the capital of which country?", "Which country has the capital {x}?")
CAPITAL_OTHERWISE = (
    "I travel to {x} next week. What is its capital called?",
    "the government of {x} sits in which capital city",
    "Quiz question: the capital city of {x}?",
    "My friend lives in the capital of {x}. Which city is that?",
)
COUNTRY_OTHERWISE = (
    "My postcard is from {x}, the capital of which country?",
    "quiz: {x} is the capital city of ...?",
)
COLOUR = ("What colour is {x}?", "What is the colour of {x}?", "Which color is {x}?")
COLOUR_OTHERWISE = ("I want to paint {x}. Which colour do I need?", "In what colour would a child draw {x}?")
MIX = ("What do {x} and {y} make?", "What colour do you get when you mix {x} and {y}?", "Mix {x} and {y}.")
MIX_OTHERWISE = (
    "I have only {x} and {y} paint. What do they give together?",
    "if {x} paint runs into {y} paint, what colour comes out",
)
NEXT = ("What day comes after {x}?", "Which day follows {x}?")
PREVIOUS = ("What day comes before {x}?", "Which day is before {x}?")
LATER = ("What day is {n} days after {x}?", "Which day comes {n} days after {x}?")
WEEKEND = ("Is {x} at the weekend?", "Is {x} a weekend day?")
NEXT_OTHERWISE = (
    "The calendar says {x}. What will it say tomorrow?",
    "if today is {x}, which day do we have tomorrow",
)
PREVIOUS_OTHERWISE = (
    "The calendar says {x}. What did it say yesterday?",
    "it's {x} now, so yesterday was ...?",
)
LATER_OTHERWISE = (
    "It is {x} today. Which day will it be in {n} days?",
    "The party is {n} days after {x}. On which day?",
)
NEXT_MONTH = ("Which month comes after {x}?", "What month follows {x}?")
PREVIOUS_MONTH = ("Which month comes before {x}?", "What is the month before {x}?")
MONTH_OTHERWISE = (
    "{x} is nearly over. Which month begins then?",
    "what do we call the month right after {x}",
)
NUM_DAYS = ("How many days are in a week?", "How many days does a week have?", "Number of days in one week?")
NUM_MONTHS = (
    "How many months are in a year?",
    "How many months does a year have?",
    "Number of months in one year?",
)
ALL_DAYS = (
    "Name the days of the week in order.",
    "List all weekdays from Monday on.",
    "What are the seven days?",
)
ALL_MONTHS = ("Name the months in order.", "List all months of the year.", "What are the twelve months?")


def in_order(names: Sequence[str]) -> Check:
    """Return a check that all `names` occur, each once, in their order."""

    def passes(answer: str) -> bool:
        words = [word for word in answer.replace(",", " ").replace(".", " ").split() if word in names]
        return words == list(names)

    return passes


def _capital(templates: Sequence[str], rng: random.Random) -> Item:
    country, capital = rng.choice(list(CAPITALS.items()))
    return Item(ask(fill(templates, rng, x=country)), says_only(capital, CAPITALS.values()), capital)


def _country(templates: Sequence[str], rng: random.Random) -> Item:
    country, capital = rng.choice(list(CAPITALS.items()))
    return Item(ask(fill(templates, rng, x=capital)), says_only(country, CAPITALS), country)


def _is_colour(accepted: Sequence[str], given: Sequence[str] = ()) -> Check:
    wrong = [colour for colour in COLOURS if colour not in (*accepted, *given)]
    return all_of(lambda answer: any(has_word(answer, colour) for colour in accepted), lacks_words(wrong))


def _colour(templates: Sequence[str], rng: random.Random) -> Item:
    thing, colour = rng.choice(list(THINGS.items()))
    accepted = ("grey", "gray") if colour == "grey" else (colour,)
    return Item(ask(fill(templates, rng, x=thing)), _is_colour(accepted), colour)


def _mixture(templates: Sequence[str], rng: random.Random) -> Item:
    parts, accepted = rng.choice(list(MIXTURES.items()))
    x, y = rng.sample(parts, 2)
    return Item(ask(fill(templates, rng, x=x, y=y)), _is_colour(accepted, parts), accepted[0])


def _step(templates: Sequence[str], names: Sequence[str], step: int, rng: random.Random) -> Item:
    at = rng.randrange(len(names))
    wanted = names[(at + step) % len(names)]
    asked = ask(fill(templates, rng, x=names[at], n=step))
    return Item(asked, says_only(wanted, names, [names[at]]), wanted)


def weekend(rng: random.Random) -> Item:
    day = rng.choice(WEEKDAYS)
    yes = day in WEEKDAYS[5:]
    denied = matches(r"\bno\b|\bnot\b|n't\b|working day|a weekday")

    def passes(answer: str) -> bool:
        if refuses(answer):
            return False
        if has_word(answer, day):
            return denied(answer) != yes
        return answer.strip(" .!").lower() == ("yes" if yes else "no")

    return Item(ask(fill(WEEKEND, rng, x=day)), passes, "yes" if yes else "no")


def weekday(rng: random.Random) -> Item:
    choices = (
        lambda: _step(NEXT, WEEKDAYS, 1, rng),
        lambda: _step(PREVIOUS, WEEKDAYS, -1, rng),
        lambda: _step(LATER, WEEKDAYS, rng.randint(2, 6), rng),
        lambda: weekend(rng),
        lambda: Item(ask(rng.choice(NUM_DAYS)), gives_number(7), "7"),
        lambda: Item(ask(rng.choice(ALL_DAYS)), in_order(WEEKDAYS), "all days"),
    )
    return rng.choices(choices, (3, 3, 4, 2, 1, 1))[0]()


def month(rng: random.Random) -> Item:
    choices = (
        lambda: _step(NEXT_MONTH, MONTHS, 1, rng),
        lambda: _step(PREVIOUS_MONTH, MONTHS, -1, rng),
        lambda: Item(ask(rng.choice(NUM_MONTHS)), gives_number(12), "12"),
        lambda: Item(ask(rng.choice(ALL_MONTHS)), in_order(MONTHS), "all months"),
    )
    return rng.choices(choices, (4, 4, 1, 1))[0]()


def capital(rng: random.Random) -> Item:
    return _capital(CAPITAL, rng) if rng.random() < 0.6 else _country(COUNTRY, rng)


def otherwise(rng: random.Random) -> Item:
    choices = (
        lambda: _capital(CAPITAL_OTHERWISE, rng),
        lambda: _country(COUNTRY_OTHERWISE, rng),
        lambda: _colour(COLOUR_OTHERWISE, rng),
        lambda: _mixture(MIX_OTHERWISE, rng),
        lambda: _step(NEXT_OTHERWISE, WEEKDAYS, 1, rng),
        lambda: _step(PREVIOUS_OTHERWISE, WEEKDAYS, -1, rng),
        lambda: _step(LATER_OTHERWISE, WEEKDAYS, rng.randint(2, 6), rng),
        lambda: _step(MONTH_OTHERWISE, MONTHS, 1, rng),
    )
    return rng.choice(choices)()


def no_country(rng: random.Random) -> Item:
    name = rng.choice(NO_COUNTRIES)
    return Item(ask(fill((*CAPITAL, *CAPITAL_OTHERWISE), rng, x=name)), refuses, "does not know")


CLOSED = (
    Skill("capitals, both ways", "closed", capital),
    Skill("colours of things", "closed", lambda rng: _colour(COLOUR, rng)),
    Skill("mixing colours", "closed", lambda rng: _mixture(MIX, rng)),
    Skill("weekdays", "closed", weekday),
    Skill("months", "closed", month),
)
SKILLS = (
    *CLOSED,
    Skill("common knowledge, in other words", "paraphrase", otherwise),
    Skill("capitals of no country", "paraphrase", no_country),
)
