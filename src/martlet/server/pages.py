"""Lists in pages, as OpenAI's endpoints give them: `limit`, `after`, `order`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from martlet.errors import InvalidParameter

T = TypeVar("T")


def page(
    oldest_first: Sequence[T],
    request: Request,
    id_of: Callable[[T], str],
    *,
    default_limit: int,
    max_limit: int = 100,
) -> tuple[list[T], bool]:
    """Return the page that a request's query asks for, and whether another follows.

    The newest come first unless `order` is "asc". Raises InvalidParameter.
    """
    query = request.query_params
    limit = query.get("limit", str(default_limit))
    if not limit.isdecimal() or not 1 <= int(limit[:9]) <= max_limit:
        raise InvalidParameter("limit", f"must be between 1 and {max_limit}, got {limit[:40]!r}")
    order = query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise InvalidParameter("order", f"must be asc or desc, got {order[:40]!r}")
    items = list(oldest_first) if order == "asc" else list(oldest_first)[::-1]
    after = query.get("after")
    if after:
        ids = [id_of(item) for item in items]
        if after not in ids:
            raise InvalidParameter("after", f"names nothing of this list: {after[:80]!r}")
        items = items[ids.index(after) + 1 :]
    return items[: int(limit)], len(items) > int(limit)


def list_reply(objects: Sequence[msgspec.Struct], ids: Sequence[str], has_more: bool) -> Response:
    """Return a page as OpenAI's lists are."""
    listed = {"object": "list", "data": objects, "has_more": has_more}
    ends = {"first_id": ids[0] if ids else None, "last_id": ids[-1] if ids else None}
    return Response(msgspec.json.encode(listed | ends), media_type="application/json")
