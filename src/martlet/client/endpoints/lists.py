"""Replies that are one page of a list."""

from __future__ import annotations

from types import new_class
from typing import Any

from martlet.protocol.base import WireModel


def page_of(item: Any, name: str) -> Any:
    """A reply class called `name`: `data` holds the items, `has_more` says whether another page follows."""
    fields = {
        "object": str | None,
        "data": list[item] | None,
        "has_more": bool | None,
        "first_id": str | None,
        "last_id": str | None,
    }
    body = {"__annotations__": fields, "__module__": __name__, **dict.fromkeys(fields)}
    return new_class(name, (WireModel,), {"kw_only": True}, lambda namespace: namespace.update(body))
