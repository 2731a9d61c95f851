"""What every reply has in common: typed attributes, and nothing of the wire lost.

A reply is decoded by msgspec into Structs, which takes half a microsecond for a chunk. Keys that no field
names are not decoded then: the root remembers the bytes, and each nested object remembers its place in them
(`_source`), which costs one small tuple per object. The bytes are parsed a second time only when somebody
asks: for an unknown attribute, `model_extra`, `to_dict()`, `model_fields_set`.

`_source` is one of
    _Body               on the root: the bytes, and their parsed form once needed
    (source, key)       on the object under `key` of the object that `source` stands for
    (source, key, i)    on item i of the list there
    dict                the raw object itself: after the first look, and on objects built without decoding

Where objects of several classes may stand, told apart by their `type`, the field is declared `OneOf[A | B]`.
msgspec leaves such values plain; `_link` builds them, and an object of a `type` that is new to us becomes an
`Unknown`, with its keys as attributes.

Types that come by the thousand (log probabilities) carry no `_source`. They are declared with
`forbid_unknown_fields=True` instead, so a reply whose entries have more keys than we know is built by
`construct`, slower and with everything kept.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Generic,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

import msgspec

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")

ABSENT: Any = msgspec.UNSET
"""Passed by a server for a field, it leaves the key out of the JSON; None is encoded as null."""

if TYPE_CHECKING:
    OneOf = Annotated[T, "told apart by `type`"]
else:

    class OneOf:
        """`OneOf[A | B]`: a place for objects of several classes, told apart by their `type`."""

        def __class_getitem__(cls, union):
            return Annotated[Any, _Family(get_args(union))]


class _Body(msgspec.Struct):
    """The bytes of a reply, parsed when first needed."""

    body: bytes
    tree: Any = ABSENT

    def parsed(self) -> Any:
        if self.tree is ABSENT:
            self.tree, self.body = msgspec.json.decode(self.body), b""
        return self.tree


_Source = _Body | tuple[Any, ...] | dict[str, Any]


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
        if model is None:
            return self
        value = (model._raw() or {}).get(self._name)
        if value is None:
            return None
        value = vars(model)[self._name] = construct(self._kind, value)
        return value


class _Field(msgspec.Struct, frozen=True):
    name: str
    key: str
    default: Any
    """ABSENT for a required field, and a factory's product is made by `make_default`."""
    factory: Any

    def make_default(self) -> Any:
        if self.factory is not None:
            return self.factory()
        return None if self.default is ABSENT else self.default


class _Shape(msgspec.Struct, frozen=True):
    """What the code below needs to know of a model class; made once per class."""

    fields: tuple[_Field, ...]
    lazy: tuple[str, ...]
    known: frozenset[str]
    """Keys on the wire that a field or a LazyField names."""
    builders: dict[str, Callable[[Any], Any]]
    nested: tuple[str, ...]
    """Fields that hold a model or a list of models and take part in linking."""
    families: tuple[str, ...]
    """Fields declared with `OneOf`, whose objects are built after decoding."""


_shapes: dict[type, _Shape] = {}
_decoders: dict[Any, msgspec.json.Decoder[Any] | _FamilyDecoder] = {}
_builders: dict[Any, Callable[[Any], Any]] = {}


class WireModel(msgspec.Struct, kw_only=True, dict=True):
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
        raw = _resolve(source)
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
        known = _shape(type(self)).known
        extra = {key: value for key, value in (self._raw() or {}).items() if key not in known}
        for key, value in self.__dict__.items():
            if not key.startswith("_") and key not in known:
                extra[key] = value
        return extra

    @property
    def model_fields_set(self) -> set[str]:
        """Names of the fields that the server sent (null included) or that were given a value here."""
        raw = self._raw()
        names = {field.name for field in _shape(type(self)).fields if self._is_set(field, raw)}
        return names | self._lazy_values().keys() | self.model_extra.keys()

    def _is_set(self, field: _Field, raw: dict[str, Any] | None) -> bool:
        value = getattr(self, field.name)
        if value is ABSENT:
            return False
        if raw is None:
            is_dense = self.__struct_config__.forbid_unknown_fields  # nothing is known of what was sent
            return value is not None or field.default is ABSENT or is_dense
        return field.key in raw or value != field.make_default()

    def _lazy_values(self) -> dict[str, Any]:
        raw = self._raw() or {}
        names = _shape(type(self)).lazy
        return {name: getattr(self, name) for name in names if name in raw or name in self.__dict__}

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
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool | str = True,
    ) -> dict[str, Any]:
        """Return plain dicts and lists, fields that were not sent as None."""
        return self._dump(exclude_unset, exclude_defaults, exclude_none, bool(by_alias))

    def model_dump_json(
        self,
        *,
        indent: int | None = None,
        by_alias: bool | None = None,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool | str = True,
    ) -> str:
        """Return `model_dump()` as JSON text."""
        return _to_json(self._dump(exclude_unset, exclude_defaults, exclude_none, bool(by_alias)), indent)

    def _dump(self, unset: bool, defaults: bool, none: bool, use_keys: bool) -> dict[str, Any]:
        """`unset`, `defaults` and `none` say which values to leave out."""
        plain: dict[str, Any] = {}
        shape, raw = _shape(type(self)), self._raw()
        for field in shape.fields:
            value = getattr(self, field.name)
            if value is ABSENT:
                value = None
            if (none and value is None) or (unset and not self._is_set(field, raw)):
                continue
            if defaults and field.default is not ABSENT and value == field.make_default():
                continue
            plain[field.key if use_keys else field.name] = _plain(value, unset, defaults, none)
        others = self._lazy_values() if unset else {name: getattr(self, name) for name in shape.lazy}
        for key, value in (others | self.model_extra).items():
            if not (value is None and (none or (defaults and key in shape.lazy))):
                plain[key] = _plain(value, unset, defaults, none)
        return plain

    def __iter__(self) -> Iterator[Any]:
        """Yield (name, value) pairs, so that `dict(reply)` works."""
        for field in _shape(type(self)).fields:
            yield field.name, getattr(self, field.name)
        yield from self.model_extra.items()

    # --- making and copying ----------------------------------------------------------------------

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
        """Build from keyword values without checking any; unknown names are kept."""
        return _build_model(cls, values)  # type: ignore[no-any-return]  # a dict gives a model

    construct = model_construct

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Build from a dict and check it. Raises msgspec.ValidationError."""
        model = msgspec.convert(obj, cls)
        if isinstance(obj, dict):
            _link(model, obj)
        return model

    @classmethod
    def model_validate_json(cls, json_data: str | bytes) -> Self:
        """Build from JSON text and check it. Raises msgspec.ValidationError."""
        body = json_data.encode() if isinstance(json_data, str) else json_data
        model = _decoder(cls).decode(body)
        _link(model, _Body(body))
        return model  # type: ignore[no-any-return]  # the decoder was made for cls

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
            own = {field.key for field in _shape(type(self)).fields}
            state["_source"] = {key: None if key in own else value for key, value in raw.items()}
        return (_restore, (type(self), self._values(), state))

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__struct_fields__}

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


def _to_json(plain: dict[str, Any], indent: int | None) -> str:
    encoded = msgspec.json.encode(plain)
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


# --- decoding ---------------------------------------------------------------------------------------


def decode_reply(cls: type[T], body: bytes) -> T:
    """Decode one reply, or one streamed chunk.

    A body that does not fit the type is not refused: values of other types are kept as they are, missing and
    null fields become their default or None, and a body that is no JSON object is returned as plain data.
    NaN, a byte order mark and UTF-16 are taken too. Raises msgspec.DecodeError if it is not JSON.
    """
    decoder = _decoders.get(cls)
    if decoder is None:
        decoder = _decoder(cls)
    try:
        reply = decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return construct(cls, _decode_any(body, error))
    if isinstance(reply, WireModel):
        _link(reply, _Body(body))
    return reply  # type: ignore[no-any-return]  # the decoder was made for cls


def construct(cls: type[T], value: Any) -> T:
    """Build `cls` from decoded JSON without checking anything."""
    return _builder(cls)(value)  # type: ignore[no-any-return]  # unchecked by intent


def _decode_any(body: bytes, error: Exception) -> Any:
    """Decode with the standard library, which takes what strict JSON forbids."""
    import json

    try:
        return json.loads(body)
    except (ValueError, UnicodeError):
        pass
    if isinstance(error, msgspec.DecodeError):
        raise error
    raise msgspec.DecodeError(f"JSON is malformed: {error}") from error


def _decoder(cls: Any) -> msgspec.json.Decoder[Any] | _FamilyDecoder:
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
        kind = _kinds.decode(body).type
        classes = self._family.classes(kind)
        if len(classes) != 1:
            return self._family.build(msgspec.json.decode(body))
        cls = classes[0]
        return (_decoders.get(cls) or _decoder(cls)).decode(body)


def _link(model: WireModel, source: _Source) -> None:
    model._source = source  # type: ignore[attr-defined]  # lives in __dict__, not a field of the wire
    shape = _shapes.get(type(model)) or _shape(type(model))
    for name in shape.families:
        setattr(model, name, shape.builders[name](getattr(model, name)))
    for name in shape.nested:
        value = getattr(model, name)
        if value is None:
            continue
        if type(value) is list:
            for i, item in enumerate(value):
                _link(item, (source, name, i))
        else:
            _link(value, (source, name))


def _resolve(source: Any) -> Any:
    if type(source) is dict:
        return source
    if type(source) is _Body:
        return source.parsed()
    value = _resolve(source[0])
    for key in source[1:]:
        value = value[key]
    return value


# --- shapes -----------------------------------------------------------------------------------------


def _shape(cls: type) -> _Shape:
    shape = _shapes.get(cls)
    if shape is None:
        shape = _shapes[cls] = _make_shape(cls)
    return shape


def _make_shape(cls: type) -> _Shape:
    hints = get_type_hints(cls, include_extras=True)
    fields = tuple(
        _Field(
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
    return _Shape(
        fields=fields,
        lazy=lazy,
        known=frozenset(field.key for field in fields) | frozenset(lazy),
        builders={field.name: _builder(hints[field.name]) for field in fields},
        nested=tuple(field.name for field in fields if _is_linked(hints[field.name])),
        families=tuple(field.name for field in fields if _has_family(hints[field.name])),
    )


def _given(default: Any) -> Any:
    return None if default is msgspec.NODEFAULT else default


def _is_linked(hint: Any) -> bool:
    if isinstance(hint, type) and issubclass(hint, WireModel):
        return not hint.__struct_config__.forbid_unknown_fields
    return get_origin(hint) is not dict and any(_is_linked(inner) for inner in get_args(hint))


def _has_family(hint: Any) -> bool:
    return _family(hint) is not None or any(_has_family(inner) for inner in get_args(hint))


def _family(hint: Any) -> _Family | None:
    members = getattr(hint, "__metadata__", ())
    return next((member for member in members if isinstance(member, _Family)), None)


class _Family:
    """The classes of one place."""

    def __init__(self, members: tuple[type[WireModel], ...]) -> None:
        self.members = members
        self._by_kind: dict[str | None, list[type[WireModel]]] = {}

    def classes(self, kind: str | None) -> list[type[WireModel]]:
        """Return the classes for a `type`, the most demanding first; none if it is unknown."""
        if not self._by_kind:
            for member in self.members:
                for name in _kinds_of(member):
                    self._by_kind.setdefault(name, []).append(member)
        return self._by_kind.get(kind, [])

    def build(self, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        kind = raw.get("type")
        classes = self.classes(kind) if kind is None or isinstance(kind, str) else []
        for cls in classes:
            try:
                model = msgspec.convert(raw, cls)
            except msgspec.ValidationError:
                continue
            _link(model, raw)
            return model
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
        return family.build if family is not None else _builder(get_args(hint)[0])
    if origin is list:
        item = _builder(get_args(hint)[0])
        return lambda value: [item(entry) for entry in value] if isinstance(value, list) else value
    if origin is dict:
        member = _builder(get_args(hint)[1])
        return lambda value: {k: member(v) for k, v in value.items()} if isinstance(value, dict) else value
    if origin is Union or origin is types.UnionType:
        members = [(member, _builder(member)) for member in get_args(hint)]
        return lambda value: _build_union(members, value)
    if hint is float:
        return lambda value: float(value) if type(value) is int else value
    if isinstance(hint, type) and issubclass(hint, WireModel):
        return lambda value: _build_model(hint, value)
    return _as_is


def _as_is(value: Any) -> Any:
    return value


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
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        return False
    return True


def _build_model(cls: type[WireModel], raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    kind = raw.get("type")
    if cls._variants and isinstance(kind, str):
        cls = cls._variants.get(kind, cls)
    shape = _shape(cls)
    values: dict[str, Any] = {}
    for field in shape.fields:
        value = raw.get(field.key)
        values[field.name] = field.make_default() if value is None else shape.builders[field.name](value)
    model = cls(**values)
    model._source = raw  # type: ignore[attr-defined]  # lives in __dict__, not a field of the wire
    return model
