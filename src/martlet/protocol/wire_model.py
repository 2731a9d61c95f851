"""Replies as Python sees them: typed attributes, nothing of the wire lost, the official package's manners.

`base` decodes into these classes. What no field names is looked up in the reply's bytes when somebody asks:
for an unknown attribute, `model_extra`, `to_dict()`, `model_fields_set`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, overload

import msgspec

from martlet.protocol.source import resolve

if TYPE_CHECKING:
    from msgspec import StructMeta
    from typing_extensions import Self
else:
    StructMeta = type(msgspec.Struct)

T = TypeVar("T")

ABSENT: Any = msgspec.UNSET
"""Passed by a server for a field, it leaves the key out of the JSON; None is encoded as null."""


class LazyField(Generic[T]):
    """A documented key that vLLM does not send, hence not part of the hot decoding.

    Read from the raw reply on access, typed; None where the server did not send it. A server that wants to
    send it sets the attribute and encodes `to_dict()`.
    """

    def __init__(self, kind: type[T]) -> None:
        self._kind: Any = kind
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, model: None, owner: type) -> LazyField[T]: ...
    @overload
    def __get__(self, model: WireModel, owner: type) -> T | None: ...
    def __get__(self, model: WireModel | None, owner: type) -> Any:
        return self if model is None else self._read(model)

    def _read(self, model: WireModel) -> Any:
        return self.own(model)

    def own(self, model: WireModel) -> Any:
        """Return what the server sent under this key, or what was assigned."""
        attributes = vars(model)
        if self._name in attributes:
            return attributes[self._name]
        value = (model._raw() or {}).get(self._name)
        if value is None:
            return None
        from martlet.protocol.base import construct

        value = attributes[self._name] = construct(self._kind, value)
        return value


class Field(msgspec.Struct, frozen=True):
    """A field of a model class."""

    name: str
    key: str
    default: Any
    """ABSENT for a required field, and a factory's product is made by `make_default`."""
    factory: Any

    def make_default(self) -> Any:
        if self.factory is not None:
            return self.factory()
        return None if self.default is ABSENT else self.default


class Shape(msgspec.Struct, frozen=True):
    """The fields of a model class."""

    fields: tuple[Field, ...]
    lazy: tuple[str, ...]
    known: frozenset[str]
    """Keys on the wire that a field or a LazyField names."""


_shapes: dict[type, Shape] = {}


def shape_of(cls: type) -> Shape:
    """Return the fields of a class, read once."""
    shape = _shapes.get(cls)
    if shape is None:
        shape = _shapes[cls] = _read_shape(cls)
    return shape


def _read_shape(cls: type) -> Shape:
    fields = tuple(
        Field(
            name=field.name,
            key=field.encode_name,
            default=ABSENT if field.required else _given(field.default),
            factory=_given(field.default_factory),
        )
        for field in msgspec.structs.fields(cls)
    )
    lazy = tuple(
        name for base in cls.__mro__ for name in vars(base) if isinstance(vars(base)[name], LazyField)
    )
    return Shape(fields, lazy, frozenset(field.key for field in fields) | frozenset(lazy))


def _given(default: Any) -> Any:
    return None if default is msgspec.NODEFAULT else default


class _WireModelMeta(StructMeta):
    """What programs do with the classes themselves: build with any keywords, ask for the names of fields."""

    if not TYPE_CHECKING:  # invisible to type checkers, so that they still see typing errors

        def __call__(cls, *args, **values):
            try:
                return StructMeta.__call__(cls, *args, **values)
            except TypeError:
                fields = cls.__struct_fields__
                others = {name: values.pop(name) for name in [*values] if name not in fields}
                if not others:
                    raise
            model = StructMeta.__call__(cls, *args, **values)
            vars(model).update(others)
            return model

    @property
    def model_fields(cls) -> dict[str, Any]:
        """The fields by name, those that are read on access among them."""
        shape = shape_of(cls)
        return {field.name: field for field in shape.fields} | {
            name: getattr(cls, name) for name in shape.lazy
        }


class WireModel(msgspec.Struct, kw_only=True, dict=True, metaclass=_WireModelMeta):
    """Base of all replies, with the manners of the official package's models."""

    _variants: ClassVar[dict[str, type[WireModel]]] = {}
    """Subclasses to build instead, by the value of the key `type`."""

    if TYPE_CHECKING:

        @property
        def _request_id(self) -> str | None:
            """The server's `x-request-id`, on the reply itself only."""

        @_request_id.setter
        def _request_id(self, request_id: str | None) -> None: ...

    # --- what the wire brought -------------------------------------------------------------------

    def _raw(self) -> dict[str, Any] | None:
        """The JSON object this was read from; None if it was built by hand."""
        attributes = vars(self)
        source = attributes.get("_source")
        if source is None or type(source) is dict:
            return source
        raw = resolve(source)
        attributes["_source"] = raw
        return raw  # type: ignore[no-any-return]  # the place of an object holds an object

    if not TYPE_CHECKING:  # invisible to type checkers, so that they still see typing errors

        def __getattr__(self, name):
            if not name.startswith("_"):
                raw = self._raw()
                if raw is not None and name in raw:
                    return raw[name]
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def model_extra(self) -> dict[str, Any]:
        """Keys that came on the wire, or were assigned, and that no field names."""
        known = shape_of(type(self)).known
        extra = {key: value for key, value in (self._raw() or {}).items() if key not in known}
        for key, value in self.__dict__.items():
            if not key.startswith("_") and key not in known:
                extra[key] = value
        return extra

    @property
    def model_fields_set(self) -> set[str]:
        """Names of the fields that the server sent (null included) or that were given a value here."""
        raw = self._raw()
        names = {field.name for field in shape_of(type(self)).fields if self._is_set(field, raw)}
        return names | self._lazy_values().keys() | self.model_extra.keys()

    def _own(self, name: str) -> Any:
        """Return a field or LazyField without what may stand in for it under another name."""
        attribute = getattr(type(self), name)
        return attribute.own(self) if hasattr(attribute, "own") else getattr(self, name)

    def _is_set(self, field: Field, raw: dict[str, Any] | None) -> bool:
        value = self._own(field.name)
        if value is ABSENT:
            return False
        if raw is None:
            is_dense = self.__struct_config__.forbid_unknown_fields  # nothing is known of what was sent
            return value is not None or field.default is ABSENT or is_dense
        return field.key in raw or value != field.make_default()

    def _lazy_values(self) -> dict[str, Any]:
        raw = self._raw() or {}
        names = shape_of(type(self)).lazy
        return {name: self._own(name) for name in names if name in raw or name in self.__dict__}

    # --- as plain data ---------------------------------------------------------------------------

    def to_dict(
        self,
        *,
        mode: Literal["json", "python"] = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> dict[str, Any]:
        """Return plain dicts and lists of what the server sent, keys unknown to us included.

        `exclude_unset=False` adds the fields it did not send. `mode` and `warnings` are accepted for
        compatibility: the values of the wire are the same in both modes.
        """
        return self._dump(exclude_unset, exclude_defaults, exclude_none, use_api_names)

    def to_json(
        self,
        *,
        indent: int | None = 2,
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = True,
    ) -> str:
        """Return `to_dict()` as JSON text; `indent=None` is compact."""
        return _to_json(self._dump(exclude_unset, exclude_defaults, exclude_none, use_api_names), indent)

    def model_dump(
        self,
        *,
        mode: Literal["json", "python"] | str = "python",
        by_alias: bool | None = None,
        include: Any = None,
        exclude: Any = None,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool | str = True,
    ) -> dict[str, Any]:
        """Return plain dicts and lists, fields that were not sent as None.

        `include` and `exclude` are sets of names, or mappings from names to what is meant inside.
        """
        plain = self._dump(exclude_unset, exclude_defaults, exclude_none, bool(by_alias))
        return plain if include is None and exclude is None else _select(plain, include, exclude)

    def model_dump_json(
        self,
        *,
        indent: int | None = None,
        by_alias: bool | None = None,
        include: Any = None,
        exclude: Any = None,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool | str = True,
    ) -> str:
        """Return `model_dump()` as JSON text."""
        plain = self._dump(exclude_unset, exclude_defaults, exclude_none, bool(by_alias))
        if include is not None or exclude is not None:
            plain = _select(plain, include, exclude)
        return _to_json(plain, indent)

    def _dump(self, unset: bool, defaults: bool, none: bool, use_keys: bool) -> dict[str, Any]:
        """`unset`, `defaults` and `none` say which values to leave out."""
        plain: dict[str, Any] = {}
        shape, raw = shape_of(type(self)), self._raw()
        for field in shape.fields:
            value = self._own(field.name)
            if value is ABSENT:
                value = None
            if (none and value is None) or (unset and not self._is_set(field, raw)):
                continue
            if defaults and field.default is not ABSENT and value == field.make_default():
                continue
            plain[field.key if use_keys else field.name] = _plain(value, unset, defaults, none)
        others = self._lazy_values() if unset else {name: self._own(name) for name in shape.lazy}
        for key, value in (others | self.model_extra).items():
            if not (value is None and (none or (defaults and key in shape.lazy))):
                plain[key] = _plain(value, unset, defaults, none)
        return plain

    def __iter__(self) -> Iterator[Any]:
        """Yield (name, value) pairs, so that `dict(reply)` works."""
        for field in shape_of(type(self)).fields:
            yield field.name, self._own(field.name)
        yield from self.model_extra.items()

    # --- making and copying ----------------------------------------------------------------------

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Build from keyword values without checking any; unknown names are kept."""
        from martlet.protocol.base import construct

        keys = {field.name: field.key for field in shape_of(cls).fields}
        return construct(cls, {keys.get(name, name): value for name, value in values.items()})

    construct = model_construct

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Build from a dict and check it. Raises msgspec.ValidationError."""
        from martlet.protocol.base import checked

        return checked(cls, to_plain(obj))

    @classmethod
    def model_validate_json(cls, json_data: str | bytes) -> Self:
        """Build from JSON text and check it. Raises msgspec.ValidationError."""
        from martlet.protocol.base import decode_checked

        return decode_checked(cls, json_data.encode() if isinstance(json_data, str) else json_data)

    def model_copy(self, *, update: dict[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with `update` assigned."""
        from copy import copy, deepcopy

        model = deepcopy(self) if deep else copy(self)
        for name, value in (update or {}).items():
            setattr(model, name, value)
        return model

    copy = model_copy

    def __copy__(self) -> Self:
        return _restore(type(self), self._values(), dict(self.__dict__))

    def __reduce__(self) -> tuple[Any, ...]:
        state = dict(self.__dict__)
        raw = self._raw()
        if raw is not None:
            own = {field.key for field in shape_of(type(self)).fields}
            state["_source"] = {key: None if key in own else value for key, value in raw.items()}
        return (_restore, (type(self), self._values(), state))

    def _values(self) -> dict[str, Any]:
        return {name: self._own(name) for name in self.__struct_fields__}

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values() and self._others() == other._others()

    def __repr__(self) -> str:
        values = self._values() | self._others()
        shown = (f"{name}={value!r}" for name, value in values.items() if value is not ABSENT)
        return f"{type(self).__name__}({', '.join(shown)})"

    def _others(self) -> dict[str, Any]:
        return self._lazy_values() | self.model_extra


class Unknown(WireModel, kw_only=True):
    """An object of a `type` that this version does not know. Its keys are attributes."""

    type: str | None = None

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def _restore(cls: type[T], values: dict[str, Any], attributes: dict[str, Any]) -> T:
    model = cls(**values)
    model.__dict__.update(attributes)
    return model


def _select(plain: dict[str, Any], include: Any, exclude: Any) -> dict[str, Any]:
    from martlet.protocol.selection import selected  # few programs select

    chosen: dict[str, Any] = selected(plain, include, exclude)
    return chosen


def _to_json(plain: dict[str, Any], indent: int | None) -> str:
    try:
        encoded = msgspec.json.encode(plain)
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can write as an escape only
        import json

        return json.dumps(plain, indent=indent, separators=(",", ":") if indent is None else None)
    return (encoded if indent is None else msgspec.json.format(encoded, indent=indent)).decode()


def to_plain(value: Any) -> Any:
    """Return `value` with every reply object in it, at any depth, as the dict of what the server sent.

    For request bodies: a message of an earlier reply must not go back with nulls that the server never sent.
    """
    return _plain(value, True, False, False)


def _plain(value: Any, unset: bool, defaults: bool, none: bool) -> Any:
    if isinstance(value, WireModel):
        return value._dump(unset, defaults, none, True)
    if isinstance(value, (list, tuple)):
        return [_plain(item, unset, defaults, none) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item, unset, defaults, none) for key, item in value.items()}
    return value
