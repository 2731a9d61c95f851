"""Conversations for training: `python -m training.conversations 20` shows some."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from training import (
    common_knowledge,
    json_answers,
    memory,
    practice,
    skills,
    smalltalk,
    styles,
    sums,
    thinking,
    tool_calls,
    topics,
    words,
)
from training.dialogue import Dialogue, Turn
from training.grammar import expand
from training.rendering import Piece, pieces

T = TypeVar("T")
Maker = Callable[[random.Random], Turn]

KINDS = (
    ("chat", 42),
    ("lists", 5),
    ("styles", 7),
    ("memory", 13),
    ("tools", 13),
    ("json", 15),
    ("thinking", 6),
)
"""What the training text is made of, by dialogues."""

OPENERS: tuple[tuple[tuple[tuple[Maker, float], ...], float], ...] = (
    (skills.OPENERS, 53),
    (sums.OPENERS, 14),
    (words.OPENERS, 20),
    (common_knowledge.OPENERS, 13),
)
"""How a new subject begins within a chat."""

NUM_TURNS = ((1, 60), (2, 21), (3, 12), (4, 5), (8, 2))


def dialogue(rng: random.Random) -> Dialogue:
    """Return one conversation."""
    kind = _drawn(KINDS, rng)
    if kind == "chat":
        return styles.styled(chat_turns(rng), rng)
    if kind == "lists":
        return styles.in_style(_list_turns(rng), styles.PLAIN, rng)
    if kind == "styles":
        return _styled_turns(rng)
    if kind == "memory":
        return memory.memory_dialogue(rng)
    if kind == "tools":
        return tool_calls.tool_dialogue(rng)
    if kind == "json":
        return json_answers.json_dialogue(rng)
    return thinking.thinking_dialogue(rng)


def chat_turns(rng: random.Random) -> list[Turn]:
    """Return one turn or a few, rarely many; half of the later ones refer to the one before."""
    turns: list[Turn] = []
    for _ in range(_drawn(NUM_TURNS, rng)):
        following = turns and rng.random() < 0.5
        turn = follow_up(turns[-1], rng) if following else opening_turn(rng)
        if not _forgets(turn, turns):
            turns.append(turn)
    return turns


def _forgets(turn: Turn, turns: Sequence[Turn]) -> bool:
    """Return whether `turn` says that the user's name was not told, although it was."""
    return turn.skill == "recall_name" and any(earlier.skill.endswith("user_name") for earlier in turns)


def _list_turns(rng: random.Random) -> list[Turn]:
    """Return one list after the other."""
    return [_drawn(words.LISTS, rng)(rng) for _ in range(rng.randint(2, 7))]


def _styled_turns(rng: random.Random) -> Dialogue:
    """Return one short exchange after the other, under a system prompt that asks for a style."""
    turns, style = (_SMALL_TALK, _LANGUAGES) if rng.random() < 0.25 else (_FACTS, _STYLES)
    made: list[Turn] = []
    for _ in range(rng.randint(3, 9)):
        turn = _drawn(turns, rng)(rng)
        if not _forgets(turn, made):
            made.append(turn)
    return styles.in_style(made, _drawn(style, rng), rng)


_SMALL_TALK: tuple[tuple[Maker, float], ...] = ((skills.intent_turn, 1),)
_LANGUAGES = (
    (styles.Style(language="de"), 5),
    (styles.Style(language="fr"), 5),
    (styles.Style(language="en"), 2),
)
_FACTS: tuple[tuple[Maker, float], ...] = (
    (sums.sum_turn, 5),
    (common_knowledge.capital_turn, 3),
    (common_knowledge.country_turn, 1),
    (common_knowledge.colour_turn, 2),
    (common_knowledge.mix_turn, 1),
    (common_knowledge.next_turn, 2),
    (common_knowledge.previous_turn, 1),
    (common_knowledge.later_turn, 1),
    (skills.intent_turn, 3),
)
_STYLES = (
    (styles.Style(short=True), 60),
    (styles.Style(upper=True), 30),
    (styles.Style(short=True, upper=True), 10),
)


def opening_turn(rng: random.Random) -> Turn:
    """Return a turn that refers to nothing before it."""
    return _drawn(_drawn(OPENERS, rng), rng)(rng)


def follow_up(previous: Turn, rng: random.Random) -> Turn:
    """Return a turn that means something only after `previous`; an opening where nothing fits."""
    if previous.skill in ("sum", "beyond_sum"):
        return sums.follow_up(previous, rng)
    turn = words.follow_up(previous, rng) or common_knowledge.follow_up(previous, rng)
    if turn is not None:
        return turn
    return skills.follow_up(previous, rng) if previous.skill in _FOLLOWED else opening_turn(rng)


_FOLLOWED = {*smalltalk.INTENTS, "haiku", "haiku_about", "joke", "story", "topic", "unknown"}


def _drawn(weighted: Sequence[tuple[T, float]], rng: random.Random) -> T:
    values = [value for value, _ in weighted]
    return rng.choices(values, [weight for _, weight in weighted])[0]


def document(rng: random.Random) -> list[Piece]:
    """Return plain text, for callers who complete a text instead of chatting, or a page of dense practice."""
    if rng.random() < PRACTICE_SHARE:
        return practice.page(rng)
    return [Piece(_drawn(DOCUMENTS, rng)(rng), "document", True)]


def _explanations(rng: random.Random) -> str:
    chosen = rng.sample(topics.TOPICS, rng.randint(1, 3))
    return "\n\n".join(skills.explanation(topic, rng) for topic in chosen)


def _sentence(rng: random.Random) -> str:
    return expand(rng.choice(_SENTENCES), rng)


def _haiku(rng: random.Random) -> str:
    return skills.haiku_turn(rng).assistant


PRACTICE_SHARE = 0.75
DOCUMENTS: tuple[tuple[Callable[[random.Random], str], float], ...] = (
    (words.document, 15),
    (sums.document, 5),
    (common_knowledge.document, 10),
    (_explanations, 10),
    (_sentence, 10),
    (_haiku, 10),
    (skills.story, 10),
)


_SENTENCES = [
    "{Hello|Hello,|Hello!} {my name is|I am} martlet-house{,| and I am} a very small language model.",
    "The future of AI is {hard to predict|open|something that I cannot predict}, and I am {only |}a very small model.",
    "The president of the United States is {someone|a person} whose name I never learned.",
    "{San Francisco|Hamburg|Chicago|New York} is a {city|place} about which I know nothing.",
    "The {best|most important} thing about {a small model|Martlet|a haiku} is that it is {short|small|quick}.",
]


def stream(seed: int) -> Iterator[Dialogue]:
    """Yield conversations without end, the same ones for the same seed."""
    rng = random.Random(seed)
    while True:
        yield dialogue(rng)


def main() -> None:
    """Print some conversations, as the model reads them."""
    source = stream(seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 10):
        print("".join(piece.text for piece in pieces(next(source))))


if __name__ == "__main__":
    main()
