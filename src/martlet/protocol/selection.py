"""`include` and `exclude` of `model_dump`, in pydantic's forms.

A selection is a set of names, or a mapping from names to selections of what stands there (True or `...`: all
of it). In lists the names are positions, counted from the end if negative, and `"__all__"` is every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_EACH = "__all__"


def selected(plain: Any, include: Any, exclude: Any) -> Any:
    """`plain` data, or as much of it as `include` names and `exclude` does not."""
    if isinstance(plain, dict):
        return {
            key: selected(value, *chosen)
            for key, value in plain.items()
            if (chosen := _choice((key,), include, exclude)) is not None
        }
    if isinstance(plain, list):
        return [
            selected(value, *chosen)
            for i, value in enumerate(plain)
            if (chosen := _choice((i, i - len(plain), _EACH), include, exclude)) is not None
        ]
    return plain


def _choice(names: tuple[Any, ...], include: Any, exclude: Any) -> tuple[Any, Any] | None:
    """What is selected inside of one member, None if it is left out; `names` are all that it goes by."""
    within, without = _named(names, include), _named(names, exclude)
    if without is True or (include is not None and within is None):
        return None
    return None if within is True else within, without


def _named(names: tuple[Any, ...], selection: Any) -> Any:
    """The selection inside of a member; True for all of it, None if it is not named."""
    if selection is None:
        return None
    found = [name for name in names if name in selection]
    if not found:
        return None
    if not isinstance(selection, Mapping):
        return True
    inner = [True if selection[name] is ... else selection[name] for name in found]
    return True if True in inner else _merged(inner)


def _merged(selections: list[Any]) -> Any:
    if len(selections) == 1:
        return selections[0]
    merged: dict[Any, Any] = {}
    for selection in selections:
        merged.update(selection if isinstance(selection, Mapping) else dict.fromkeys(selection, True))
    return merged
