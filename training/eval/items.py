"""What is asked, and what makes an answer right."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from training.eval.checks import Check

Message = dict[str, Any]
Kind = Literal["closed", "paraphrase"]
GOALS: dict[Kind, float] = {"closed": 0.95, "paraphrase": 0.80}

OWN: Message = {"role": "assistant", "content": None}
"""Stands for the answer that the model itself gives at this point of a conversation."""


@dataclass
class Item:
    """A conversation up to the answer. `want` says what is expected, for the reader of failures."""

    messages: list[Message]
    passes: Check
    want: str
    tools: list[dict[str, Any]] = field(default_factory=list)
    enable_thinking: bool = False
    always: Check | None = None
    """What every answer of the model in this conversation must satisfy, the last one too."""

    @property
    def key(self) -> str:
        """Two items with the same key ask the same."""
        return repr((self.messages, self.tools, self.enable_thinking))


@dataclass(frozen=True)
class Ranking:
    """A text whose other version must be nearer to it than every distractor."""

    query: str
    match: str
    distractors: tuple[str, ...]


@dataclass(frozen=True)
class Skill:
    """A row of the table. One that `is_repeated` has a single prompt, asked again under other seeds."""

    name: str
    kind: Kind
    make: Callable[[random.Random], Item | Ranking]
    is_repeated: bool = False

    @property
    def goal(self) -> float:
        return GOALS[self.kind]


def user(text: str) -> Message:
    """Return a message of the user."""
    return {"role": "user", "content": text}


def assistant(text: str) -> Message:
    """Return a message of the assistant."""
    return {"role": "assistant", "content": text}


def system(text: str) -> Message:
    """Return a system prompt."""
    return {"role": "system", "content": text}


def ask(*turns: str) -> list[Message]:
    """Return messages, the user's and the assistant's in turn."""
    return [(user, assistant)[i % 2](text) for i, text in enumerate(turns)]


def draw(skill: Skill, count: int, seed: int) -> list[Item | Ranking]:
    """Return `count` items of a skill, different ones while it has more; the same for the same seed."""
    rng = random.Random(f"{seed}/{skill.name}")
    found: dict[str, Item | Ranking] = {}
    for number in range(20 * count):
        item = skill.make(rng)
        key = str(number) if skill.is_repeated else item.key if isinstance(item, Item) else item.query
        found.setdefault(key, item)
        if len(found) == count:
            break
    return list(found.values())


def fill(templates: Sequence[str], rng: random.Random, **values: object) -> str:
    """Return one of the templates with its fields filled."""
    return rng.choice(templates).format(**values)
