"""Bytes to a request, with what its type does not tell."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from martlet.protocol.errors import DetailBody, InvalidBody, decode_request
from martlet.server.errors import InvalidRequest

T = TypeVar("T", bound=msgspec.Struct)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Body(msgspec.Struct, Generic[T]):
    """A request, and what its sender wrote beside or within it."""

    request: T
    unknown: list[str]
    """Top-level keys that no field reads."""
    has_stream_options: bool
    """Whether `stream_options` has any member, be it null."""


def read_body(cls: type[T], body: bytes) -> Body[T]:
    """Read a request. Raises InvalidBody or InvalidRequest."""
    body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        body.decode()  # msgspec looks into the strings that it keeps, and no others
    except UnicodeDecodeError as error:
        raise InvalidBody(DetailBody(detail="There was an error parsing the body")) from error
    try:
        request = decode_request(cls, body)
    except InvalidBody:
        _check_surrogates(body)
        raise
    members = _top_level(body)
    return Body(
        request,
        [key for key in members if key not in _known_keys(cls)],
        _has_members(members.get("stream_options")),
    )


@cache
def _known_keys(cls: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(cls.__struct_encode_fields__)


def _top_level(body: bytes) -> dict[str, Any]:
    try:
        return _members.decode(body)
    except msgspec.DecodeError:  # NaN, which only the standard library takes
        members: dict[str, Any] = json.loads(body)
        return members


def _has_members(value: Any) -> bool:
    return bool(msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value)


def _check_surrogates(body: bytes) -> None:
    """Tell half a surrogate pair, which is JSON but no text, from what is no JSON."""
    if b"\\u" not in body:
        return
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest("the text holds half a surrogate pair, which no tokenizer can read") from error
    except (ValueError, RecursionError):
        return  # no JSON either
