"""Request bodies: Python values to JSON, once, without ever sending what was not given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime
from enum import Enum
from typing import Any

import msgspec

from martlet.client.options import ABSENT
from martlet.protocol.base import WireModel

_PLAIN = frozenset({str, int, bool, type(None)})
_encoder = msgspec.json.Encoder()


def encode_body(body: object) -> bytes:
    """Compact UTF-8 JSON of `body`. Raises TypeError, ValueError or UnicodeEncodeError, naming the field."""
    try:
        return _encoder.encode(jsonable(body))
    except _Located as error:
        raise error.kind(str(error)) from None


def jsonable(value: Any) -> Any:
    """`value` made of JSON types only; the very same object where nothing has to change.

    Values not given are dropped; tuples and generators become lists; reply objects, pydantic models and enums
    become what they stand for. NaN, bytes, sets and whatever else JSON cannot say are refused.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return _mapping(value)
    if kind is list:
        return value if _PLAIN.issuperset(map(type, value)) else _items(value)
    if kind is float:
        return _finite(value)
    return _special(value)


def _mapping(mapping: Mapping[Any, Any]) -> Mapping[Any, Any]:
    if type(mapping) is dict and _PLAIN.issuperset(map(type, mapping.values())):
        return mapping
    plain = {}
    for key, item in mapping.items():
        if type(item) not in _PLAIN:
            if isinstance(item, ABSENT):
                continue
            try:
                item = jsonable(item)
            except _Located as error:
                error.path = (str(key), *error.path)
                raise
        plain[key] = item
    return plain


def _items(items: Iterable[Any]) -> list[Any]:
    plain = []
    for index, item in enumerate(items):
        if isinstance(item, ABSENT):
            continue
        try:
            plain.append(jsonable(item))
        except _Located as error:
            error.path = (f"[{index}]", *error.path)
            raise
    return plain


def _special(value: Any) -> Any:
    if isinstance(value, WireModel):
        return jsonable(value.to_dict())
    if isinstance(value, msgspec.Struct):
        return msgspec.to_builtins(value)
    if isinstance(value, Enum):
        return jsonable(value.value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _finite(float(value))
    if isinstance(value, type):
        kind = "`BaseModel` class" if hasattr(value, "model_json_schema") else "class"
        raise _Unsendable(
            f"You tried to pass a {kind}, {value.__name__}: pass its schema as a dict, or use `.parse()`"
        )
    if hasattr(value, "model_dump"):
        return jsonable(value.model_dump(exclude_unset=True, mode="json", by_alias=True))
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray, memoryview, Set)):
        return _items(value)
    raise _Unsendable(_problem(value))


def _problem(value: object) -> str:
    if isinstance(value, date):
        return "a date is not JSON: pass date.isoformat()"
    return f"Object of type {type(value).__name__} is not JSON serializable"


def _finite(value: float) -> float:
    if math.isfinite(value):
        return value
    raise _OutOfRange(f"Out of range float values are not JSON compliant: {value}")


class _Located(Exception):
    """Collects the path on the way up, so that the message can name the field."""

    kind: type[Exception]
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        message = super().__str__()
        path = "".join(step if step.startswith("[") else f".{step}" for step in self.path).lstrip(".")
        return f"{message} - at `{path}`" if path else message


class _Unsendable(_Located):
    kind = TypeError


class _OutOfRange(_Located):
    kind = ValueError
