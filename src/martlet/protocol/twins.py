"""Two names for one thing: what some servers send under one key and others under another reads under both.

The decoded field stays what the server sent, and so does what `to_dict()` gives; only reading looks further,
and only where there is nothing.
"""

from __future__ import annotations

from typing import Any, TypeVar

from martlet.protocol.source import Body
from martlet.protocol.wire_model import ABSENT, LazyField, WireModel

T = TypeVar("T")


class Twin:
    """In place of a field: reads it, and where it is None what came under the other name."""

    def __init__(self, slot: Any, other: str) -> None:
        self._slot = slot
        """What msgspec made for the field."""
        self._other = other
        self._key = f'"{other}"'.encode()

    def __get__(self, model: WireModel | None, owner: type) -> Any:
        if model is None:
            return self
        value = self._slot.__get__(model)
        return self._stand_in(model) if value is None else value

    def __set__(self, model: WireModel, value: Any) -> None:
        self._slot.__set__(model, value)

    def own(self, model: WireModel) -> Any:
        return self._slot.__get__(model)

    def _stand_in(self, model: WireModel) -> Any:
        source = vars(model).get("_source")
        if self._other not in vars(model) and not _mentions(source, self._key):
            return None
        other: OtherName[Any] = getattr(type(model), self._other)
        return other.own(model)


class OtherName(LazyField[T]):
    """The name of the field `twin` in other servers: reads what came under it, or else the field."""

    def __init__(self, kind: type[T], twin: str) -> None:
        super().__init__(kind)
        self.twin = twin

    def _read(self, model: WireModel) -> Any:
        value = self.own(model)
        if value is None:
            value = model._own(self.twin)
        return None if value is ABSENT else value


def join_names(cls: type[WireModel]) -> None:
    """Make every field of `cls` whose twin is an `OtherName` read it where it is itself None."""
    for name, attribute in list(vars(cls).items()):
        if isinstance(attribute, OtherName):
            setattr(cls, attribute.twin, Twin(vars(cls)[attribute.twin], name))


def _mentions(source: Any, key: bytes) -> bool:
    """Whether the reply that a source is part of may have a key, at the price of a look at its bytes."""
    while type(source) is tuple:
        source = source[0]
    content = source.content if type(source) is Body else None  # read once: another thread may parse it
    return key in content if type(content) is bytes else source is not None
