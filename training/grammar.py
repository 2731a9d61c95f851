"""Text with choices: `{a|b|}` stands for one of its alternatives, nested as deep as you like."""

from __future__ import annotations

import random
import re

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SPACES = re.compile(r" {2,}")


def expand(template: str, rng: random.Random) -> str:
    """Return `template` with each choice decided by `rng`, innermost first; doubled spaces become one."""
    while "{" in template:
        template = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), template)
    return _SPACES.sub(" ", template).strip(" ")


def pick(templates: list[str], rng: random.Random) -> str:
    """Expand one of `templates`, each equally likely."""
    return expand(rng.choice(templates), rng)


def capital(text: str) -> str:
    """Return `text` with its first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]
