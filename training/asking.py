"""Questions with exact values in them: the words around are typed carelessly, the values are not."""

# ruff: noqa: E501  # one list is one line

from __future__ import annotations

import random
import re

from training import noise
from training.grammar import pick

_SLOT = re.compile(r"<(\w+)>")
_BEFORE = (
    "Please |please |Hey, |Hi, |Hello! |OK, |ok |So, |So |Now, |now |And now: |Well, |Then |Next: |Question: |Quick question: |Thanks. |Great. |"
    "Good. |Nice. |Can you help me? |I have a question: |Tell me, |Just curious: |One more: |Hmm, |Sorry, |Martlet, |Also: |Another one: |My homework: "
).split("|")
_AFTER = (
    " please| Please.|, please| Thanks!| Thank you.| thanks| now| ok?| :)| I am curious.|\n| Hurry!".split(
        "|"
    )
)


def ask(templates: list[str], rng: random.Random, *, fold: bool = False, **values: str) -> str:
    """Return one of `templates` with `<name>` replaced by values["name"].

    About half come out as written; others lose case, punctuation or a letter outside the values. `fold` lets
    the values lose their case too.
    """
    text = pick(templates, rng)
    before = rng.choice(_BEFORE) if rng.random() < 0.1 else ""
    after = rng.choice(_AFTER) if rng.random() < 0.06 else ""
    if rng.random() < 0.2:
        text = text.rstrip("?!.")
    parts = _SLOT.split(before + text + after)
    words, names = parts[::2], parts[1::2]
    if rng.random() < 0.25:
        words = [word.lower() for word in words]
        if fold:
            values = {name: value.lower() for name, value in values.items()}
    elif rng.random() < 0.02:
        words = [word.upper() for word in words]
    if rng.random() < 0.08:
        at = max(range(len(words)), key=lambda i: len(words[i]))
        words[at] = noise.slip(words[at], rng) if len(words[at]) > 8 else words[at]
    slots = [values[name] for name in names]
    return "".join(text for pair in zip(words, [*slots, ""], strict=True) for text in pair).strip()
