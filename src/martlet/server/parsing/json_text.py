"""JSON within a model's text, read as it comes: values as they are written, strings as what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from martlet.server.parsing.reader import Reader, Reading

Emit = Callable[[str], object]

CLOSERS = {"{": "}", "[": "]"}
_BETWEEN = re.compile(r"[\s\w+\-.:,]*")
"""What may stand between the brackets and quotes of a value."""
_ATOM = re.compile(r"[\w+\-.]*")
_WITHIN_STRING = re.compile(r'[^"\\]*')
_HEX = re.compile(r"[0-9a-fA-F]{4}")


def nothing(text: str) -> None:
    """Leave out what was read."""


def json_value(reader: Reader, emit: Emit) -> Reading[bool]:
    """Read one value to its end, its text to `emit`. Return False if it breaks off, or is none."""
    first = yield from reader.blanks()
    if first == '"':
        return (yield from _string_as_written(reader, emit))
    if first not in CLOSERS:
        return bool((yield from json_atom(reader, emit)))
    closers: list[str] = []
    while True:
        char = yield from reader.peek()
        if char in CLOSERS:
            emit(reader.skip())
            closers.append(CLOSERS[char])
        elif char == '"':
            if not (yield from _string_as_written(reader, emit)):
                return False
        elif closers and char == closers[-1]:
            emit(reader.skip())
            closers.pop()
            if not closers:
                return True
        else:
            return False
        yield from reader.run(_BETWEEN, emit)


def json_atom(reader: Reader, emit: Emit) -> Reading[str]:
    """Read a number or a word to `emit`, and return it."""
    parts: list[str] = []
    yield from reader.run(_ATOM, parts.append)
    emit("".join(parts))
    return "".join(parts)


def _string_as_written(reader: Reader, emit: Emit) -> Reading[bool]:
    emit(reader.skip())
    while True:
        yield from reader.run(_WITHIN_STRING, emit)
        char = yield from reader.peek()
        if not char:
            return False
        if char == '"':
            emit(reader.skip())
            return True
        emit((yield from reader.take(2)))


def json_string(reader: Reader, emit: Emit) -> Reading[bool]:
    """Read a string from its quote on, what it says to `emit`. Return False if it breaks off."""
    reader.skip()
    while True:
        yield from reader.run(_WITHIN_STRING, emit)
        char = yield from reader.peek()
        if not char:
            return False
        if char == '"':
            reader.skip()
            return True
        emit(_unescaped((yield from _escape(reader))))


def read_string(reader: Reader) -> Reading[str | None]:
    """Read a string and return what it says; None if there is none, or it breaks off."""
    if (yield from reader.blanks()) != '"':
        return None
    parts: list[str] = []
    is_whole = yield from json_string(reader, parts.append)
    return "".join(parts) if is_whole else None


def _escape(reader: Reader) -> Reading[str]:
    """Read one escape, or the two that make a character beyond U+FFFF."""
    escape = yield from reader.take(2)
    if escape != "\\u":
        return escape
    digits = yield from reader.take(4)
    escape += digits
    is_first_half = _HEX.fullmatch(digits) is not None and 0xD800 <= int(digits, 16) < 0xDC00
    if is_first_half and (yield from reader.starts_with("\\u")):
        escape += "\\u" + (yield from reader.take(4))
    return escape


def _unescaped(escape: str) -> str:
    try:
        text: str = json.loads(f'"{escape}"')
        text.encode()  # half a pair is no character
    except ValueError:
        return escape
    return text


def json_escaped(text: str) -> str:
    """Return `text` as it stands between the quotes of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
