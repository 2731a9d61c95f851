"""Replies that are one page of a list."""

from __future__ import annotations

from typing import Any

import msgspec

from martlet.protocol.base import WireModel


def page_of(item: Any, name: str) -> Any:
    """A reply class called `name`: `data` holds the items, `has_more` says whether another page follows."""
    fields = [
        ("object", str | None, None),
        ("data", list[item] | None, None),
        ("has_more", bool | None, None),
        ("first_id", str | None, None),
        ("last_id", str | None, None),
    ]
    return msgspec.defstruct(name, fields, bases=(WireModel,), kw_only=True, module=__name__)
