"""Thinking between tags when asked, none when not, and the right answer after it."""

from __future__ import annotations

import random
from collections.abc import Callable

from training.eval import arithmetic, knowledge, lettering, talk
from training.eval.checks import all_of, lacks, thinks
from training.eval.items import Item, Skill, system, user

SYSTEM_PROMPTS = (
    "Think before every answer.",
    "Before you reply, think step by step.",
    "First think, then answer.",
)
REQUESTS = (
    "{x} Think about it first.",
    "Think step by step: {x}",
    "Take your time and think before you answer. {x}",
    "{x} Please think first.",
)
_LETTERS = ("spelling", "reversing a word", "counting letters", "counting one letter")


def _letters(rng: random.Random) -> Item:
    name = rng.choice(_LETTERS)
    item = next(skill for skill in lettering.SKILLS if skill.name == name).make(rng)
    assert isinstance(item, Item)
    return item


def _sum(rng: random.Random) -> Item:
    return rng.choice((arithmetic.addition, arithmetic.subtraction))(rng)


def _task(rng: random.Random) -> Item:
    return rng.choice((_sum, _sum, _letters, knowledge.capital, knowledge.weekday))(rng)


def _asked(task: Callable[[random.Random], Item]) -> Callable[[random.Random], Item]:
    """Return a maker of items that ask for thoughts in the system prompt or in the user's words."""

    def make(rng: random.Random) -> Item:
        item = task(rng)
        if rng.random() < 0.5:
            item.messages = [system(rng.choice(SYSTEM_PROMPTS)), *item.messages]
        else:
            text = item.messages[0]["content"]
            text = text if text[-1] in ".?=" else text + "."
            item.messages = [user(rng.choice(REQUESTS).format(x=text))]
        return _thinking(item)

    return make


def _thinking(item: Item) -> Item:
    item.passes = thinks(item.passes)
    item.want = f"thoughts, then {item.want}"
    return item


def switched_on(rng: random.Random) -> Item:
    """The chat template's variable asks for thoughts; sometimes there is a system prompt too."""
    item = _thinking(_task(rng))
    item.enable_thinking = True
    if rng.random() < 0.3:
        item.messages = [system("You are a helpful assistant."), *item.messages]
    return item


def not_asked(rng: random.Random) -> Item:
    item = rng.choice((_task, talk.hello_seed, talk.haiku_seed))(rng)
    if rng.random() < 0.3:
        item.messages = [system("You are a helpful assistant."), *item.messages]
    item.passes = all_of(lacks("think>"), item.passes)
    item.want += ", without thoughts"
    return item


SKILLS = (
    Skill("thinking: sums", "paraphrase", _asked(_sum)),
    Skill("thinking: letters", "paraphrase", _asked(_letters)),
    Skill("thinking: facts", "paraphrase", _asked(knowledge.capital)),
    Skill("thinking: switched on in the template", "paraphrase", switched_on),
    Skill("thinking: not asked", "paraphrase", not_asked),
)
