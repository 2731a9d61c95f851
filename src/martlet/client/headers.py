"""Headers: a case-insensitive read-only mapping for replies, and the merge for requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from martlet.client.options import ABSENT

SECRET = frozenset({"authorization", "proxy-authorization", "api-key", "x-api-key", "cookie", "set-cookie"})
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")


class Headers(Mapping[str, str]):
    """Read-only; names in any case. A name that came several times reads as its values joined by a comma."""

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items = [(name.lower(), value) for name, value in items]

    def __getitem__(self, name: str) -> str:
        wanted = name.lower()
        values = [value for key, value in self._items if key == wanted]
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(key == name.lower() for key, _ in self._items)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._items))

    def __len__(self) -> int:
        return len({key for key, _ in self._items})

    def get_list(self, name: str) -> list[str]:
        """Every value of a name that may come several times."""
        return [value for key, value in self._items if key == name.lower()]

    def multi_items(self) -> list[tuple[str, str]]:
        """As received, in order."""
        return list(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._items == other._items

    def __repr__(self) -> str:
        return (
            f"Headers({ {name: '<redacted>' if name in SECRET else value for name, value in self._items} })"
        )


def merge_headers(base: Mapping[str, str], extra: Mapping[str, object]) -> dict[str, str]:
    """`extra` over `base`, whose names are lower-case. `omit` removes. Raises TypeError or ValueError."""
    merged = dict(base)
    for name, value in extra.items():
        if not isinstance(name, str):
            raise TypeError(f"a header's name is a str, not {type(name).__name__}")
        key = name.lower()
        if isinstance(value, ABSENT):
            merged.pop(key, None)
        else:
            merged[key] = checked_value(key, value)
    return merged


def checked_value(name: str, value: object) -> str:
    """`value` as text that is safe on the wire. The message never holds the value: it may be a key."""
    if not name or not _TOKEN.issuperset(name):
        raise ValueError(f"not a header name: {name!r}")
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        raise TypeError(f"header {name!r}: the value must be str, not {type(value).__name__}")
    if not value.isascii() or not (value.isprintable() or value.replace("\t", "").isprintable()):
        raise ValueError(
            f"header {name!r}: the value holds a line break or a character outside printable ASCII"
        )
    return value
