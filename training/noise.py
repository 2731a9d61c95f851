"""How people really type: case, punctuation, slips of the finger."""

from __future__ import annotations

import random

_NEIGHBOURS = dict(
    pair.split(":")
    for pair in (
        "q:wa w:qe e:wr r:et t:ry y:tu u:yi i:uo o:ip p:ol a:sq s:ad d:sf f:dg g:fh h:gj j:hk k:jl l:ko"
        " z:xa x:zc c:xv v:cb b:vn n:bm m:nj"
    ).split()
)


def slip(text: str, rng: random.Random) -> str:
    """Return `text` with one letter swapped, doubled, dropped or hit beside its key."""
    places = [i for i, char in enumerate(text) if char.lower() in _NEIGHBOURS]
    if not places:
        return text
    at = rng.choice(places)
    char = text[at]
    replaced = (char + char, "", rng.choice(_NEIGHBOURS[char.lower()]), text[at + 1 : at + 2] + char)
    # A letter is not swapped with a space: it would fall to the next word, which may be one that counts.
    kind = rng.randrange(4 if text[at + 1 : at + 2].isalpha() else 3)
    return text[:at] + replaced[kind] + text[at + (2 if kind == 3 else 1) :]


_BEFORE = (
    "Please |Hey, |Hi! |Hello, |So |OK. |Sorry, |And |Um, |Quick question: |I was wondering: |By the way, "
    "|Tell me: |Now |Well, |Dear model, |Martlet, |Question: |Hmm, |Good. |Nice. |Then |Also, |Actually, "
).split("|")
_AFTER = (
    " please| Thanks!|, please.| :)| Please.|\n| now| then| again| ok?| Thank you.| I am curious.| today"
).split("|")


_SAYING_LITTLE = frozenset(
    "a an the is are am was to of do does on in at it for by be le la de un une der die das".split()
)
_BEGINNINGS = frozenset(
    (
        "My The Hello Hi Hey What What's Which Where Who How When Can Could Would Will Do Does Please Tell"
        " Say Count For As You Your This That These At In On Of If And Yesterday Last Call Meet Write No"
        " Sorry It There Ich Actually"
    ).split()
)
"""Words, not names, with which a message may begin in lower case."""


def drop_word(text: str, rng: random.Random) -> str:
    """Return `text` without one of the words that say little."""
    words = text.split(" ")
    short = [i for i, word in enumerate(words) if word.lower() in _SAYING_LITTLE]
    if len(words) < 4 or not short:
        return text
    del words[rng.choice(short)]
    return " ".join(words)


def roughen(text: str, rng: random.Random, exact: bool = False) -> str:
    """Return `text` as someone in a hurry might type it; almost half of the time unchanged.

    With `exact` its letters and digits stay as they are, for questions in which each of them counts.
    """
    if rng.random() < 0.4:
        return text
    if exact:
        return _around(text, rng)
    if rng.random() < 0.15:
        text = drop_word(text, rng)
    if rng.random() < 0.35:
        text = rng.choice((str.lower, str.lower, str.lower, str.upper, str.capitalize))(text)
    if rng.random() < 0.35:
        text = text.rstrip("?!.")
    elif rng.random() < 0.2:
        text = text.rstrip("?!.") + rng.choice(("?", "!", ".", "??", " ?", "...", "!!"))
    if rng.random() < 0.2:
        text = rng.choice(_BEFORE) + text
    if rng.random() < 0.1:
        text += rng.choice(_AFTER)
    while len(text) > 4 and rng.random() < 0.25:
        text = slip(text, rng)
    return text


def _around(text: str, rng: random.Random) -> str:
    if rng.random() < 0.3:
        text = text.rstrip("?!.") or text
    if rng.random() < 0.25:
        text = rng.choice(_BEFORE) + text
    elif rng.random() < 0.2:
        first, _, rest = text.partition(" ")
        text = text[0].lower() + text[1:] if first in _BEGINNINGS and rest[:1].islower() else text
    return text
