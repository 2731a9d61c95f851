"""What every reply has in common: how it is decoded. The class itself is in `wire_model`.

A reply is decoded by msgspec into Structs, which takes one or two microseconds for a chunk. Keys that no
field names are not decoded then: the root remembers the bytes, and each nested object remembers its place in
them (`_source`, see `source`), which costs one small tuple per object.

Where objects of several classes may stand, told apart by their `type`, the field is declared `OneOf[A | B]`.
msgspec leaves such values plain; `_link` builds them, and an object of a `type` that is new to us becomes an
`Unknown`, with its keys as attributes.

Types that come by the thousand (log probabilities) carry no `_source`. They are declared with
`forbid_unknown_fields=True` instead, so a reply whose entries have more keys than we know is built by
`construct`, slower and with everything kept. Their lists are decoded when they are read (see `deferred`).
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from martlet.protocol.deferred import deferred_hint, undeferred
from martlet.protocol.source import Body, Source, parse_loosely
from martlet.protocol.wire_model import ABSENT, LazyField, Unknown, WireModel, shape_of, to_plain

__all__ = [
    "ABSENT",
    "BaseModel",
    "LazyField",
    "OneOf",
    "Unknown",
    "WireModel",
    "checked",
    "construct",
    "decode_checked",
    "decode_reply",
    "to_plain",
]

BaseModel = WireModel
"""The official name of what all replies are."""

T = TypeVar("T")

if TYPE_CHECKING:
    OneOf = Annotated[T, "told apart by `type`"]
else:

    class OneOf:
        """`OneOf[A | B]`: a place for objects of several classes, told apart by their `type`."""

        def __class_getitem__(cls, union):
            return Annotated[Any, _Family(get_args(union))]


# --- decoding ---------------------------------------------------------------------------------------


def decode_reply(cls: type[T], body: bytes) -> T:
    """Decode one reply, or one streamed chunk.

    A body that does not fit the type is not refused: values of other types are kept as they are, missing and
    null fields become their default or None, and a body that is no JSON object is returned as plain data.
    NaN, a byte order mark and UTF-16 are taken too. Raises msgspec.DecodeError if it is not JSON, or nested
    too deeply.
    """
    decoder = _decoders.get(cls) or _make_decoder(cls)
    try:
        reply = decoder.decode(body)
        if isinstance(reply, WireModel):
            _link(reply, Body(body))
        else:
            _link_all(reply, Body(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _decode_loosely(cls, body, error)
    return reply  # type: ignore[no-any-return]  # the decoder was made for cls


def decode_checked(cls: type[T], body: bytes) -> T:
    """Decode a body that must fit the type. Raises msgspec.ValidationError, or msgspec.DecodeError."""
    if undeferred(cls) is not cls:
        return checked(cls, msgspec.json.decode(body))
    reply = (_decoders.get(cls) or _make_decoder(cls)).decode(body)
    _link_all(reply, Body(body))
    return reply  # type: ignore[no-any-return]  # the decoder was made for cls


def checked(cls: type[T], plain: Any) -> T:
    """Build `cls` from decoded JSON that must fit it. Raises msgspec.ValidationError."""
    try:
        value = msgspec.convert(plain, cls)
    except msgspec.ValidationError:
        whole = undeferred(cls)
        if whole is cls:
            raise
        msgspec.convert(plain, whole)
        return construct(cls, plain)
    _link_all(value, plain)
    return value


def construct(cls: type[T], value: Any) -> T:
    """Build `cls` from decoded JSON without checking anything."""
    return _builder(cls)(value)  # type: ignore[no-any-return]  # unchecked by intent


def _decode_loosely(cls: type[T], body: bytes, error: Exception) -> T:
    try:
        return construct(cls, parse_loosely(body, error))
    except RecursionError:
        raise msgspec.DecodeError("JSON is nested too deeply") from error


_decoders: dict[Any, msgspec.json.Decoder[Any] | _FamilyDecoder] = {}


def _make_decoder(cls: Any) -> msgspec.json.Decoder[Any] | _FamilyDecoder:
    family = _family(cls)
    decoder = _decoders[cls] = msgspec.json.Decoder(cls) if family is None else _FamilyDecoder(family)
    return decoder


class _Kind(msgspec.Struct):
    type: str | None = None


_kinds = msgspec.json.Decoder(_Kind)


class _FamilyDecoder:
    """Reads a whole body, such as a streamed event, as one of several classes: first its `type`, then all."""

    def __init__(self, family: _Family) -> None:
        self._family = family

    def decode(self, body: bytes) -> Any:
        """Decode a body of a class that its `type` tells. Raises ValidationError if it does not."""
        kind = _kinds.decode(body).type
        classes = self._family.classes(kind)
        if len(classes) != 1:
            raise msgspec.ValidationError(f"Expected a `type` of one class, got {kind!r}")
        cls = classes[0]
        return (_decoders.get(cls) or _make_decoder(cls)).decode(body)


# --- linking ----------------------------------------------------------------------------------------


class _Plan(msgspec.Struct, frozen=True):
    """What is left to do at an object of a class after msgspec has decoded it."""

    nested: tuple[str, ...]
    """Fields that hold a model, a list of models, or None, under a key of their own name."""
    others: tuple[tuple[str, str, Callable[[Any], Any]], ...]
    """Other fields that may hold models: name, key, and what builds those that are told apart by `type`."""


_plans: dict[type, _Plan] = {}


def _plan(cls: type) -> _Plan:
    hints = get_type_hints(cls, include_extras=True)
    nested: list[str] = []
    others: list[tuple[str, str, Callable[[Any], Any]]] = []
    for field in shape_of(cls).fields:
        hint = hints[field.name]
        if _is_simple(hint) and field.name == field.key:
            nested.append(field.name)
        elif _holds_models(hint):
            others.append((field.name, field.key, _builder(hint)))
    plan = _plans[cls] = _Plan(tuple(nested), tuple(others))
    return plan


def _is_simple(hint: Any) -> bool:
    """Whether it is a model, a list of models, or one of them and None."""
    members = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    kinds = [member for member in members if member is not types.NoneType]
    if len(kinds) == 1 and get_origin(kinds[0]) is list:
        kinds = list(get_args(kinds[0]))
    return len(kinds) == 1 and _is_linked(kinds[0])


def _holds_models(hint: Any) -> bool:
    return _is_linked(hint) or _family(hint) is not None or any(map(_holds_models, get_args(hint)))


def _is_linked(hint: Any) -> bool:
    if not (isinstance(hint, type) and issubclass(hint, WireModel)):
        return False
    return not hint.__struct_config__.forbid_unknown_fields


def _link(model: WireModel, source: Source) -> None:
    model._source = source  # type: ignore[attr-defined]  # lives in __dict__, not a field of the wire
    plan = _plans.get(type(model)) or _plan(type(model))
    for name in plan.nested:
        value = getattr(model, name)
        if value is None:
            continue
        if type(value) is list:
            for i, item in enumerate(value):
                _link(item, (source, name, i))
        else:
            _link(value, (source, name))
    for name, key, build in plan.others:
        value = build(getattr(model, name))
        setattr(model, name, value)
        _link_all(value, (source, key))


def _link_all(value: Any, source: Source) -> None:
    """Link the models in `value`, at any depth of lists and dicts, but for those that were built linked."""
    if isinstance(value, WireModel):
        if "_source" not in value.__dict__:
            _link(value, source)
    elif type(value) is list:
        for i, item in enumerate(value):
            _link_all(item, (source, i))
    elif type(value) is dict:
        for key, item in value.items():
            _link_all(item, (source, key))


# --- objects told apart by their type ---------------------------------------------------------------


def _family(hint: Any) -> _Family | None:
    members = getattr(hint, "__metadata__", ())
    return next((member for member in members if isinstance(member, _Family)), None)


_MISFITS = (msgspec.ValidationError, UnicodeEncodeError)
"""What msgspec raises of a value that does not fit; the latter of half a surrogate pair."""


class _Family:
    """The classes of one place."""

    def __init__(self, members: tuple[type[WireModel], ...]) -> None:
        self.members = members
        self._by_kind: dict[str | None, list[type[WireModel]]] = {}

    def classes(self, kind: str | None) -> list[type[WireModel]]:
        """Return the classes for a `type`, the most demanding first; none if it is unknown."""
        if not self._by_kind:
            by_kind: dict[str | None, list[type[WireModel]]] = {}
            for member in self.members:
                for name in _kinds_of(member):
                    by_kind.setdefault(name, []).append(member)
            self._by_kind = by_kind  # whole, for other threads may be reading
        return self._by_kind.get(kind, [])

    def build(self, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        kind = raw.get("type")
        classes = self.classes(kind) if kind is None or isinstance(kind, str) else []
        for cls in classes:
            try:
                return checked(cls, raw)
            except _MISFITS:
                continue
        return _build_model(classes[0] if classes else Unknown, raw)


def _kinds_of(cls: type[WireModel]) -> tuple[str | None, ...]:
    """Return the values that the class allows for `type`; None if it may be missing.

    A class with a default for `type` has no other value for it.
    """
    defaults = dict(zip(reversed(cls.__struct_fields__), reversed(cls.__struct_defaults__), strict=False))
    if isinstance(defaults.get("type"), str):  # the one value there is, and cheaper to get than the hints
        return (defaults["type"],)
    hint = get_type_hints(cls)["type"]
    values: list[str | None] = []
    for member in (hint, *get_args(hint)):
        if get_origin(member) is Literal:
            values += get_args(member)
        elif member is types.NoneType:
            values.append(None)
    return tuple(values)


# --- building without checks ------------------------------------------------------------------------


_builders: dict[Any, Callable[[Any], Any]] = {}


def _builder(hint: Any) -> Callable[[Any], Any]:
    try:
        builder = _builders.get(hint)
    except TypeError:  # an unhashable hint, such as Annotated with Meta
        return _make_builder(hint)
    if builder is None:
        builder = _builders[hint] = _make_builder(hint)
    return builder


def _make_builder(hint: Any) -> Callable[[Any], Any]:
    """Return a function from decoded JSON to what `hint` describes, as far as the value allows."""
    origin = get_origin(hint)
    if origin is Annotated:
        family = _family(hint)
        return family.build if family is not None else _builder(deferred_hint(hint) or get_args(hint)[0])
    if origin is list:
        item = _builder(get_args(hint)[0])
        return lambda value: [item(entry) for entry in value] if isinstance(value, list) else value
    if origin is dict:
        member = _builder(get_args(hint)[1])
        return lambda value: {k: member(v) for k, v in value.items()} if isinstance(value, dict) else value
    if origin is Union or origin is types.UnionType:
        members = [(member, _builder(member)) for member in get_args(hint) if member is not types.NoneType]
        return members[0][1] if len(members) == 1 else lambda value: _build_union(members, value)
    if hint is float:
        return _build_float
    if isinstance(hint, type) and issubclass(hint, WireModel):
        return lambda value: _build_model(hint, value)
    return _as_is


def _as_is(value: Any) -> Any:
    return value


def _build_float(value: Any) -> Any:
    """Make a float of an integer that is one."""
    return float(value) if type(value) is int and abs(value) <= 2**53 else value


def _build_union(members: list[tuple[Any, Callable[[Any], Any]]], value: Any) -> Any:
    """Build the first member that the value fits, else the first that can be built of it at all."""
    first = value
    for hint, build in members:
        built = build(value)
        if built is value:
            continue
        if _fits(hint, value):
            return built
        if first is value:
            first = built
    return first


def _fits(hint: Any, value: Any) -> bool:
    try:
        msgspec.convert(value, undeferred(hint))
    except _MISFITS:
        return False
    return True


def _build_model(cls: type[WireModel], raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    kind = raw.get("type")
    if cls._variants and isinstance(kind, str):
        cls = cls._variants.get(kind, cls)
    builders = _field_builders.get(cls) or _make_field_builders(cls)
    values: dict[str, Any] = {}
    for field in shape_of(cls).fields:
        value = raw.get(field.key)
        values[field.name] = field.make_default() if value is None else builders[field.name](value)
    model = cls(**values)
    model._source = raw  # type: ignore[attr-defined]  # lives in __dict__, not a field of the wire
    return model


_field_builders: dict[type, dict[str, Callable[[Any], Any]]] = {}


def _make_field_builders(cls: type[WireModel]) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(cls, include_extras=True)
    builders = _field_builders[cls] = {name: _builder(hints[name]) for name in cls.__struct_fields__}
    return builders
