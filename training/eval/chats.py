"""Everything together: the usual system prompt, and a question late in a chat about other things."""

from __future__ import annotations

import random

from training.eval import arithmetic, knowledge, lettering, talk
from training.eval.items import OWN, Item, Message, Skill, system, user

SYSTEM_PROMPTS = (
    "You are a helpful assistant.",
    "You are a helpful, honest assistant.",
    "You are an assistant in a program for learning.",
    "Answer the questions of the user.",
)
_PLAIN = (*arithmetic.SKILLS[:2], *lettering.CLOSED, *knowledge.CLOSED)


def task(rng: random.Random) -> Item:
    """Return an item of a closed skill, whichever."""
    item = rng.choice(_PLAIN).make(rng)
    assert isinstance(item, Item)
    return item


def under_a_system_prompt(rng: random.Random) -> Item:
    item = rng.choice((task, talk.topic, talk.some_haiku, talk.unknown))(rng)
    item.messages = [system(rng.choice(SYSTEM_PROMPTS)), *item.messages]
    return item


def late(rng: random.Random) -> Item:
    """Ask for one right value after five turns of all sorts, answered by the model itself."""
    item = task(rng)
    before: list[Message] = []
    for _ in range(5):
        makers = (task, talk.topic, talk.some_haiku, talk.unknown, talk.SMALL_TALK[0].make)
        other = rng.choice(makers)(rng)
        assert isinstance(other, Item)
        before += [user(other.messages[0]["content"]), OWN]
    item.messages = [*before, *item.messages]
    return item


SKILLS = (
    Skill("under the usual system prompt", "paraphrase", under_a_system_prompt),
    Skill("one right value, sixth turn", "paraphrase", late),
)
