"""Bytes to a request, as leniently as vLLM reads them."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect

from martlet.protocol.errors import InvalidBody, decode_request, schema_error
from martlet.server.errors import InvalidRequest, SchemaMismatch, UnreadableBody

T = TypeVar("T", bound=msgspec.Struct)

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TRUE = frozenset({"true", "yes", "on", "t", "y", "1"})
_FALSE = frozenset({"false", "no", "off", "f", "n", "0"})


class Body(msgspec.Struct, Generic[T]):
    """A request with what its type does not tell."""

    request: T
    unknown: list[str]
    """Top-level keys that no field reads."""
    has_stream_options: bool
    """Whether `stream_options` has any member, be it null."""


def read_body(cls: type[T], body: bytes) -> Body[T]:
    """Read a request. Raises SchemaMismatch, UnreadableBody or InvalidRequest."""
    try:
        request = decode_request(cls, body)
        members: dict[str, Any] = _members.decode(body)
        options = members.get("stream_options")
        has_options = options is not None and bytes(options).strip() not in (b"{}", b"null")
    except InvalidBody as error:
        request, members = _read_leniently(cls, body, error)
        has_options = bool(members.get("stream_options"))
    return Body(request, [key for key in members if key not in cls.__struct_encode_fields__], has_options)


def _read_leniently(cls: type[T], body: bytes, refusal: InvalidBody) -> tuple[T, dict[str, Any]]:
    """Read once more, slowly, with the standard library's JSON and pydantic's coercions.

    That takes NaN, and true for 1 and "yes" for true. What it refuses too is refused.
    """
    tree = _parse(body, refusal)
    if not isinstance(tree, dict):
        raise SchemaMismatch(refusal.info.param, refusal.info.message) from refusal
    coerced = {key: _coerce(value, _scalar_kinds(cls).get(key)) for key, value in tree.items()}
    try:
        return msgspec.convert(coerced, cls, strict=False), tree
    except msgspec.ValidationError as error:
        info = schema_error(error)
        raise SchemaMismatch(info.param, info.message) from error


def _parse(body: bytes, refusal: InvalidBody) -> Any:
    try:
        tree = json.loads(body)
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest("the text holds half a surrogate pair, which no tokenizer can read") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBody from error
    except ValueError:
        raise SchemaMismatch(refusal.info.param, refusal.info.message) from refusal
    return tree


@cache
def _scalar_kinds(cls: type[msgspec.Struct]) -> dict[str, type]:
    """Which fields hold a bool, an int or a float, and nothing else but null."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    return {
        field.encode_name: kind for field in info.fields if (kind := _scalar_kind(field.type)) is not None
    }


def _scalar_kind(type_info: inspect.Type) -> type | None:
    members = type_info.types if isinstance(type_info, inspect.UnionType) else (type_info,)
    kinds = [member for member in members if not isinstance(member, inspect.NoneType)]
    if len(kinds) != 1:
        return None
    pairs = ((inspect.BoolType, bool), (inspect.IntType, int), (inspect.FloatType, float))
    return next((kind for wire, kind in pairs if isinstance(kinds[0], wire)), None)


def _coerce(value: Any, kind: type | None) -> Any:
    if kind is bool and isinstance(value, str):
        word = value.lower()
        return True if word in _TRUE else False if word in _FALSE else value
    if kind is bool and isinstance(value, (int, float)):
        return bool(value) if value in (0, 1) else value
    if kind in (int, float) and isinstance(value, bool):
        return kind(value)
    if kind is int and isinstance(value, str):
        return _as_float(value)
    if kind is float and value in ("NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"):
        return float(value)
    return value


def _as_float(text: str) -> Any:
    """ "3.0" is an int to pydantic; msgspec takes it from a float."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if "." in text and math.isfinite(number) else text
