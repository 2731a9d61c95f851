"""A reply's body as whatever type a caller names: `parse(to=...)` and `cast_to=...`."""

from __future__ import annotations

from typing import Annotated, Any, get_origin

import msgspec

from martlet.client.failures import reply_error
from martlet.client.replies import Reply, Request, Response
from martlet.protocol.base import WireModel, decode_reply

_ENCODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers of the body as it travelled."""


def cast_reply(to: Any, reply: Reply) -> Any:
    """The body as a `to`: a reply class, Struct, dataclass, TypedDict, pydantic model or JSON type.

    `str` and `bytes` give the body as it came, `Response`, ours or httpx's, the whole answer, `object` and
    `Any` what the JSON says. Raises APIResponseValidationError where the body is something else, TypeError
    for a `to` that no JSON can become.
    """
    while get_origin(to) is Annotated:
        to = to.__origin__
    if to is bytes:
        return reply.body
    if _is_class(to) and issubclass(to, Response):
        return reply.as_response()
    if _is_class(to) and to.__module__.partition(".")[0] in ("httpx", "httpx2") and to.__name__ == "Response":
        return _foreign_response(to, reply)
    text = reply.body.decode("utf-8", "replace")
    if to is str:
        return text
    if to is bool:
        return text.strip().lower() == "true"
    try:
        return _from_json(to, reply)
    except (msgspec.DecodeError, ValueError) as error:  # a pydantic ValidationError is a ValueError
        raise reply_error(reply, f"a {getattr(to, '__name__', to)}", str(error)) from error


def _foreign_response(to: Any, reply: Reply) -> Any:
    """The answer as httpx's own object, whose body is decoded already."""
    from importlib import import_module

    library, request = import_module(to.__module__.partition(".")[0]), Request.of(reply.request)
    headers = [(name, value) for name, value in reply.head.headers if name not in _ENCODED]
    sent = library.Request(
        request.method, request.url, headers=list(request.headers.items()), content=request.content or None
    )
    return to(reply.head.status, headers=headers, content=reply.body, request=sent)


def _from_json(to: Any, reply: Reply) -> Any:
    if _is_class(to) and issubclass(to, WireModel):
        model = decode_reply(to, reply.body)
        if not isinstance(model, to):
            raise ValueError("not a JSON object")
        model._request_id = reply.header("x-request-id")
        return model
    if hasattr(to, "model_validate_json"):
        return to.model_validate_json(reply.body)
    return msgspec.json.decode(reply.body, type=Any if to is object or to is None else to)


def _is_class(to: Any) -> bool:
    """Whether it can be asked for its bases: Python 3.10 takes `list[int]` for a type too."""
    return isinstance(to, type) and get_origin(to) is None
