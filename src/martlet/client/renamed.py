"""Request fields that vLLM has renamed: the old names still work, and say once what they are called now.

vLLM answers 200 to a field it no longer knows and ignores it: a schema under its old name is no constraint.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

GUIDED = {
    "guided_json": "json",
    "guided_regex": "regex",
    "guided_choice": "choice",
    "guided_grammar": "grammar",
    "guided_whitespace_pattern": "whitespace_pattern",
}
"""Old top-level fields, and where they are now in `structured_outputs`."""
_told: set[str] = set()


def with_structured_outputs(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`fields` with every `guided_...` in its new place; unchanged beside a `structured_outputs`."""
    renamed = dict(fields)
    old = [name for name in GUIDED if name in renamed]
    if not old or renamed.get("structured_outputs") is not None:
        return renamed
    constraint = {}
    for name in old:
        value = renamed.pop(name)
        if value is not None:
            constraint[GUIDED[name]] = value
            _tell(name, f"structured_outputs={{{GUIDED[name]!r}: ...}}")
    return {**renamed, "structured_outputs": constraint} if constraint else renamed


def with_reasoning(messages: list[Any]) -> list[Any]:
    """`messages` whose `reasoning_content` stands under `reasoning` too: servers read one of them.

    Without a warning: the program may only hand back what a server had sent.
    """
    return [_with_reasoning(message) if type(message) is dict else message for message in messages]


def _with_reasoning(message: dict[str, Any]) -> dict[str, Any]:
    said = message.get("reasoning_content")
    if not said or message.get("reasoning") is not None:
        return message
    return {**message, "reasoning": said}


def _tell(old: str, new: str) -> None:
    if old not in _told:
        _told.add(old)
        warnings.warn(
            f"vLLM has renamed {old!r}: write {new}", DeprecationWarning, stacklevel=_caller_depth()
        )


def _caller_depth() -> int:
    """The stack level of the first frame outside the client, for `warnings.warn` in `_tell`."""
    import sys

    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("martlet."):
        frame, depth = frame.f_back, depth + 1
    return depth
