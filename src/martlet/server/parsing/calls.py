"""Tool calls written as JSON objects: `{"name": ..., "arguments": {...}}`, alone or in a list.

A call is sent on when its arguments begin, so that what only looks like one can still become content.
"""

from __future__ import annotations

from functools import partial

from martlet.server.parsing.json_text import Emit, json_atom, json_string, json_value, nothing, read_string
from martlet.server.parsing.reader import Reader, Reading

ARGUMENTS = ("arguments", "parameters")
BESIDE = frozenset({"id", "type", "index"})
"""Keys that an object may have and still be a call where no mark says that it is one."""


def call_object(reader: Reader, *, is_marked: bool) -> Reading[bool]:
    """Read a call from its brace on.

    False if it is none: what was read is held by the reader, as it was before. `is_marked` says that a call
    is expected here: other keys are left out then, and a name alone is a call without arguments.
    """
    if not (yield from reader.starts_with("{")):
        return False
    name: str | None = None
    early: list[str] = []  # arguments that came before the name
    while True:
        char = yield from reader.blanks()
        if char == ",":
            reader.skip()
            continue
        if char == "}":
            break
        key = yield from _key(reader)
        if key == "name":
            name = yield from read_string(reader)
            if not name:
                return False
        elif key in ARGUMENTS and not early:
            if name is not None:
                begin_call(reader, name)
                yield from _arguments(reader, partial(reader.emit, "arguments"))
                yield from _rest_of_object(reader)
                return True
            yield from _arguments(reader, early.append)
        elif key is None or not (is_marked or key in BESIDE):
            return False
        elif not (yield from json_value(reader, nothing)):
            return False
    if not name or not (early or is_marked):
        return False
    reader.skip()
    begin_call(reader, name)
    reader.emit("arguments", "".join(early) or "{}")
    return True


def begin_call(reader: Reader, name: str) -> None:
    """Send a call's name on: from here on nothing of it can become content."""
    reader.release()
    reader.emit("name", name)


def _key(reader: Reader) -> Reading[str | None]:
    key = yield from read_string(reader)
    if key is None or (yield from reader.blanks()) != ":":
        return None
    reader.skip()
    return key


def _arguments(reader: Reader, emit: Emit) -> Reading[None]:
    """Read the arguments: JSON, or JSON within a string, as some models write it. Null is no arguments."""
    first = yield from reader.blanks()
    if first == '"':
        yield from json_string(reader, emit)
    elif first == "n":
        atom = yield from json_atom(reader, nothing)
        emit("{}" if atom == "null" else atom)
    else:
        yield from json_value(reader, emit)


def _rest_of_object(reader: Reader) -> Reading[None]:
    """Read what follows the arguments, up to the brace that ends the object."""
    while True:
        char = yield from reader.blanks()
        if char == "}":
            reader.skip()
            return
        if char != ",":
            return
        reader.skip()
        key = yield from _key(reader)
        if key is None or not (yield from json_value(reader, nothing)):
            return


def call_list(reader: Reader, *, is_marked: bool) -> Reading[bool]:
    """Read calls in a list from its bracket on. False, as call_object's, if it does not begin with one."""
    if not (yield from reader.starts_with("[")):
        return False
    has_calls = False
    while True:
        char = yield from reader.blanks()
        if char == "," and has_calls:
            reader.skip()
        elif char == "{":
            if has_calls:
                reader.hold()
            if not (yield from call_object(reader, is_marked=is_marked)):
                if has_calls:
                    reader.content(reader.release())
                return has_calls
            has_calls = True
        else:
            if char == "]" and has_calls:
                reader.skip()
            return has_calls
