"""Where an object of a reply stands in the reply's bytes.

The bytes are parsed a second time, into plain data, only when somebody asks for what the typed objects do not
hold. A source is one of
    Body                the bytes of a whole reply
    (source, key, ...)  the object under `key` of what `source` stands for, and so on inwards
    dict                the object itself: after the first look, and where nothing was decoded
"""

from __future__ import annotations

from typing import Any

import msgspec


class Body(msgspec.Struct):
    """The bytes of a reply, and once they are needed what they say in their place."""

    content: Any

    def parsed(self) -> Any:
        """Return the reply as plain data. Raises msgspec.DecodeError if it is nested too deeply."""
        content = self.content  # read once: other threads may be at it too
        if type(content) is bytes:
            content = self.content = parse_decoded(content)
        return content


Source = Body | tuple[Any, ...] | dict[str, Any]


def resolve(source: Any) -> Any:
    """Return the plain data that a source stands for."""
    if type(source) is dict:
        return source
    if type(source) is Body:
        return source.parsed()
    value = resolve(source[0])
    for key in source[1:]:
        value = value[key]
    return value


def parse_loosely(body: bytes, error: Exception) -> Any:
    """Parse what msgspec refused with `error` and the standard library takes: NaN, UTF-16, half surrogates.

    Raises msgspec.DecodeError.
    """
    import json

    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    if isinstance(error, msgspec.DecodeError):
        raise error
    raise msgspec.DecodeError(f"JSON is malformed: {error}") from error


def parse_decoded(body: bytes) -> Any:
    """Parse JSON that has been decoded into typed objects, which says nothing of the values passed over."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    import json

    try:
        return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)
    except RecursionError as error:
        raise msgspec.DecodeError("JSON is nested too deeply") from error


def _integer(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # thousands of digits
        return digits
