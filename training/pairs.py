"""Pairs of texts that mean the same, so that mean pooling finds one by the other."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import NamedTuple

from training import conversations, noise


class Pair(NamedTuple):
    """Two wordings of one `meaning`."""

    first: str
    second: str
    meaning: str


NOT_ALIKE = tuple(
    "unknown sum beyond story haiku_about count word foreign colour is_ letter later something weekend"
    " month_days number which_number how_many season mix unmix".split()
)
"""Skills, by how they begin, whose turns may ask for different things under one key."""
OF_A_WORD = ("spell", "reverse", "count_letters")
"""Skills whose key is a word that the question names."""
NUM_TURNS = 3000
MOST_LETTERS = 80


def pairs(rng: random.Random, count: int) -> list[Pair]:
    """Return `count` pairs: other words for the same thing, and the same words typed badly."""
    turns = [turn for turn in (conversations.opening_turn(rng) for _ in range(NUM_TURNS)) if turn.user]
    groups: dict[str, list[str]] = defaultdict(list)
    for turn in turns:
        if not turn.skill.startswith(NOT_ALIKE):
            groups[f"{turn.skill}/{turn.key}"].append(turn.user)
    reworded = {meaning: texts for meaning, texts in groups.items() if len(set(texts)) > 1}
    of_a_word = [turn for turn in turns if turn.skill in OF_A_WORD and turn.key in turn.user]
    found: list[Pair] = []
    while len(found) < count:
        kind = rng.random()
        if kind < 0.45:
            meaning = rng.choice(list(reworded))
            first, second = rng.sample(reworded[meaning], 2)
        elif kind < 0.6:
            turn = rng.choice(of_a_word)
            other = rng.choice([like for like in of_a_word if like.skill == turn.skill])
            first, second = turn.user, other.user.replace(other.key, turn.key)
            meaning = f"{turn.skill}/{turn.key}"
        else:
            first = meaning = rng.choice(turns).user
            second = noise.roughen(noise.slip(first, rng), rng)
            if rng.random() < 0.3:
                second = rng.choice((str.upper, str.lower))(first)
        if first != second and max(len(first), len(second)) < MOST_LETTERS:
            found.append(Pair(first, second, meaning))
    return found
