"""Does a reply have the shape that its type declares?"""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from martlet.client.pagination import AsyncPage, SyncPage
from martlet.protocol.base import LazyField, WireModel
from martlet.protocol.deferred import deferred_hint

_SCALARS: tuple[type, ...] = (str, int, bool, float, bytes)


def assert_matches_type(hint: Any, value: object, *, path: list[str], allow_none: bool = False) -> None:
    """Fail unless `value` is what `hint` says, to the last field of the last nested object."""
    where = ".".join(path)
    origin = get_origin(hint) or hint
    if allow_none and value is None:
        return
    if origin is Annotated:
        assert_matches_type(_plain_hint(hint), value, path=path)
    elif hint is None or hint is types.NoneType:
        assert value is None, f"{where}: {value!r} instead of None"
    elif origin in (Union, types.UnionType):
        _assert_one_matches(get_args(hint), value, path)
    elif origin is Literal:
        assert value in get_args(hint), f"{where}: {value!r} is none of {get_args(hint)}"
    elif origin in _SCALARS:
        assert type(value) is origin, f"{where}: {value!r} is no {origin.__name__}"
    elif origin in (Any, object):
        pass
    elif origin in (list, Sequence):
        assert isinstance(value, list), f"{where}: {value!r} is no list"
        for index, entry in enumerate(value):
            assert_matches_type(get_args(hint)[0], entry, path=[*path, str(index)])
    elif origin is dict:
        assert isinstance(value, dict), f"{where}: {value!r} is no dict"
        for key, entry in value.items():
            assert_matches_type(get_args(hint)[0], key, path=[*path, "key"])
            assert_matches_type(get_args(hint)[1], entry, path=[*path, str(key)])
    elif isinstance(origin, type) and issubclass(origin, (SyncPage, AsyncPage)):
        assert isinstance(value, origin), f"{where}: {value!r} is no {origin.__name__}"
        assert_matches_type(list[get_args(hint)[0]], value.data, path=[*path, "data"])  # type: ignore[misc]
    else:
        _assert_model_matches(origin, value, path)


def _assert_model_matches(model: Any, value: object, path: list[str]) -> None:
    where = ".".join(path)
    assert isinstance(model, type), f"{where}: no check for {model!r}"
    assert type(value) is model or isinstance(value, model), f"{where}: {value!r} is no {model.__name__}"
    if not issubclass(model, WireModel):
        return
    hints = get_type_hints(model, include_extras=True)
    raw = value._raw() or {}  # type: ignore[attr-defined]  # a WireModel, as asserted
    for name in model.__struct_fields__:
        assert_matches_type(hints[name], getattr(value, name), path=[*path, name], allow_none=name not in raw)
    for name, field in _lazy_fields(model):
        if raw.get(name) is not None:
            assert_matches_type(field._kind, getattr(value, name), path=[*path, name])


def _lazy_fields(model: type) -> list[tuple[str, LazyField[Any]]]:
    members = [member for base in model.__mro__ for member in vars(base).items()]
    return [(name, member) for name, member in members if isinstance(member, LazyField)]


def _assert_one_matches(hints: tuple[Any, ...], value: object, path: list[str]) -> None:
    misses: list[str] = []
    for hint in hints:
        try:
            assert_matches_type(hint, value, path=path)
        except AssertionError as miss:
            misses.append(str(miss).splitlines()[0])
        else:
            return
    raise AssertionError("; or ".join(misses))


def _plain_hint(hint: Any) -> Any:
    """`Annotated[T, ...]` is T; an `OneOf` is the union of its members, a `Deferred` what it is when read."""
    deferred = deferred_hint(hint)
    if deferred is not None:
        return deferred
    for extra in get_args(hint)[1:]:
        members = getattr(extra, "members", None)
        if members:
            return Union[members]  # noqa: UP007  # built from a tuple
    return get_args(hint)[0]
