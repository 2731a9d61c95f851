"""Fields that are decoded when somebody reads them: what comes by the million and few programs look at.

`field: Deferred[list[int]]` is decoded as msgspec.Raw, a place in the reply's bytes, which costs a tenth of
making the list and nothing in the garbage collector. `defer(cls, "field")` puts a descriptor in its place
that makes the value on the first look; encoding a reply writes the bytes of what nobody looked at. The value
is plain data, or models without a `_source`: it is not linked. Being read does not make a model one that the
collector follows.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from martlet.protocol.source import parse_decoded
from martlet.protocol.wire_model import ABSENT, WireModel, shape_of

T = TypeVar("T")

if TYPE_CHECKING:
    Deferred = Annotated[T, "decoded when it is read"]
else:

    class Deferred:
        """`Deferred[T]`: a field that holds a T once it has been read."""

        def __class_getitem__(cls, hint):
            return Annotated[msgspec.Raw, _Deferral(hint)]


class _Deferral:
    def __init__(self, hint: Any) -> None:
        self.hint = hint


def deferred_hint(hint: Any) -> Any:
    """What a hint stands for that was written as `Deferred[...]`; None for others."""
    return next((mark.hint for mark in getattr(hint, "__metadata__", ()) if type(mark) is _Deferral), None)


class DeferredField:
    """In place of a field: decodes the bytes that it holds."""

    def __init__(self, cls: type[WireModel], name: str) -> None:
        self._cls = cls
        self._name = name
        slot: Any = vars(cls)[name]  # what msgspec made for the field
        self.held: Callable[[WireModel], Any] = slot.__get__
        """Returns the value, as msgspec.Raw if nobody has read it yet."""
        self._set: Callable[[WireModel, Any], None] = slot.__set__
        self._decoder: msgspec.json.Decoder[Any] | None = None
        self._hint: Any = None

    def __get__(self, model: WireModel | None, owner: type) -> Any:
        if model is None:
            return self
        value = self.held(model)
        if type(value) is msgspec.Raw:
            value = self.decode(model, value)
            self._set(model, value)
        return value

    def __set__(self, model: WireModel, value: Any) -> None:
        self._set(model, value)

    def decode(self, model: WireModel, raw: msgspec.Raw) -> Any:
        """Make what the bytes say, as far as they allow: as `decode_reply` does."""
        decoder = self._decoder or self._make_decoder()
        try:
            return decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._decode_loosely(model, bytes(raw))

    def _make_decoder(self) -> msgspec.json.Decoder[Any]:
        self._hint = deferred_hint(get_type_hints(self._cls, include_extras=True)[self._name])
        self._decoder = msgspec.json.Decoder(self._hint)
        return self._decoder

    def _decode_loosely(self, model: WireModel, raw: bytes) -> Any:
        from martlet.protocol.base import construct

        value = construct(self._hint, parse_decoded(raw))
        if value is not None:
            return value
        return next(f.make_default() for f in shape_of(type(model)).fields if f.name == self._name)


def defer(cls: type[WireModel], *names: str, kind: type[DeferredField] = DeferredField) -> None:
    """Have the fields of `cls` that it declares `Deferred` decode on the first look."""
    for name in names:
        setattr(cls, name, kind(cls, name))


# --- checking ---------------------------------------------------------------------------------------


_undeferred: dict[type, Any] = {}


def undeferred(hint: Any) -> Any:
    """Return `hint` with deferred fields as what they will be, to check data against; itself if it has none.

    Model classes that have such fields, at any depth, are replaced by Structs of the same fields.
    """
    later = deferred_hint(hint)
    if later is not None:
        return undeferred(later)
    origin, members = get_origin(hint), get_args(hint)
    if origin in (list, dict, Union, types.UnionType):
        checked = tuple(map(undeferred, members))
        if checked == members:
            return hint
        return types.GenericAlias(origin, checked) if origin in (list, dict) else reduce(or_, checked)
    if isinstance(hint, type) and issubclass(hint, WireModel):
        return _undeferred.get(hint) or _undeferred_model(hint)
    return hint


def _undeferred_model(cls: type[WireModel]) -> Any:
    _undeferred[cls] = cls  # what it says of itself in its own fields
    hints = get_type_hints(cls, include_extras=True)
    checked = {name: undeferred(hints[name]) for name in cls.__struct_fields__}
    if all(checked[name] is hints[name] for name in checked):
        return cls
    fields = []
    for field in shape_of(cls).fields:
        given: dict[str, Any] = {} if field.default is ABSENT else {"default": field.default}
        if field.factory is not None:
            given = {"default_factory": field.factory}
        fields.append((field.name, checked[field.name], msgspec.field(name=field.key, **given)))
    made = _undeferred[cls] = msgspec.defstruct(cls.__name__, fields, kw_only=True)
    return made
