"""A list of calls as Python writes them: `[f(a=1), g(b="x")]`. Llama 3.2, Llama 4, ToolACE.

Literals only, and nothing is ever evaluated: words, numbers and escapes are read by `ast.literal_eval`.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from typing import Any

from martlet.server.parsing.calls import begin_call
from martlet.server.parsing.json_text import Emit, json_escaped
from martlet.server.parsing.reader import Reader, Reading
from martlet.server.parsing.tools.base import (
    Element,
    Schema,
    Schemas,
    Text,
    ToolFormat,
    json_of,
    one_of,
    optional,
    sequence,
    text,
)

START, END = "<|python_start|>", "<|python_end|>"
_NAME = re.compile(r"[\w.]*")
_ATOM = re.compile(r"[\w.+\-]*")
_QUOTED = {quote: re.compile(rf"[^{quote}\\]*") for quote in "\"'"}
_ESCAPE_LENGTHS = {"x": 2, "u": 4, "U": 8}
_WORDS = {"true": "true", "false": "false", "null": "null"}
"""JSON's own words, which models mix in."""


class Pythonic(ToolFormat):
    marks = (START, END)
    separator = ", "

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        content = Text(reader)
        reader.hold()
        yield from reader.blanks()
        if (yield from reader.starts_with(START)):
            yield from reader.blanks()
        if not (yield from reader.starts_with("[")) or not (yield from _call(reader)):
            reader.content(reader.release())
            return
        while (yield from _another(reader)):
            pass
        yield from reader.blanks()
        if (yield from reader.starts_with(END)):
            yield from reader.blanks()
        content.call_ended()

    def opening(self) -> list[Element]:
        return [text("[")]

    def call(self, name: str, schema: Schema) -> list[Element]:
        return [text(f"{name}("), *_keywords(schema), text(")")]

    def closing(self) -> list[Element]:
        return [text("]")]


def _another(reader: Reader) -> Reading[bool]:
    """Read the next call of a list, or the list's end."""
    char = yield from reader.blanks()
    if char == "]":
        reader.skip()
        return False
    if char != ",":
        return False
    reader.hold()
    reader.skip()
    if (yield from reader.blanks()) == "]":  # as Python allows
        reader.release()
        reader.skip()
        return False
    is_call = yield from _call(reader)
    if not is_call:
        reader.content(reader.release())
    return is_call


def _call(reader: Reader) -> Reading[bool]:
    """Read `name(key=value, ...)`. False, with all of it held, if it is not so."""
    yield from reader.blanks()
    name = yield from _word(reader)
    if not name or not (yield from reader.starts_with("(")):
        return False
    is_begun = False
    while True:
        char = yield from reader.blanks()
        if char == ")":
            if not is_begun:
                begin_call(reader, name)
            reader.skip()
            reader.emit("arguments", "}" if is_begun else "{}")
            return True
        if is_begun:
            if char != ",":
                return True
            reader.hold()
            reader.skip()
            if (yield from reader.blanks()) == ")":
                reader.release()
                continue
        argument = _Argument(reader, None if is_begun else name)
        is_whole = yield from argument.read()
        if not argument.is_sent:
            if is_begun:
                reader.content(reader.release())
            return is_begun
        if not is_whole:
            return True
        is_begun = True


class _Argument:
    """Reads one `key=value`, and holds it until its value is seen to be a literal."""

    def __init__(self, reader: Reader, name: str | None) -> None:
        """`name` is the call's if this is its first."""
        self._reader = reader
        self._name = name
        self._key = ""
        self.is_sent = False

    def read(self) -> Reading[bool]:
        self._key = yield from _word(self._reader)
        if not self._key or (yield from self._reader.blanks()) != "=":
            return False
        self._reader.skip()
        return (yield from _value(self._reader, self._send))

    def _send(self, text: str) -> None:
        if not self.is_sent:
            self.is_sent = True
            if self._name is None:
                self._reader.release()
            else:
                begin_call(self._reader, self._name)
            key = json.dumps(self._key, ensure_ascii=False)
            text = f"{', ' if self._name is None else '{'}{key}: {text}"
        self._reader.emit("arguments", text)


def _word(reader: Reader) -> Reading[str]:
    parts: list[str] = []
    yield from reader.run(_NAME, parts.append)
    return "".join(parts)


def _value(reader: Reader, emit: Emit) -> Reading[bool]:
    """Read a literal, and send it on as JSON. Return False where it breaks off, or is something else."""
    closers: list[str] = []
    is_key = False
    while True:
        char = yield from reader.blanks()
        if closers and char == closers[-1]:  # the end of an empty one, or after a comma
            emit(_json_closer(reader.skip()))
            closers.pop()
        elif char and char in "[({":
            reader.skip()
            emit("{" if char == "{" else "[")
            closers.append({"[": "]", "(": ")", "{": "}"}[char])
            if (yield from reader.blanks()) != closers[-1]:
                is_key = char == "{"
                continue
            continue
        elif char and char in "\"'":
            if not (yield from _string(reader, emit)):
                return False
        else:
            atom = yield from _atom(reader, is_key=is_key)
            if atom is None:
                return False
            emit(atom)
        # After a value: what may follow it.
        while True:
            if not closers:
                return True
            char = yield from reader.blanks()
            if char == ":" and is_key:
                reader.skip()
                emit(": ")
                is_key = False
                break
            if char == ",":
                reader.skip()
                is_key = closers[-1] == "}"
                if (yield from reader.blanks()) != closers[-1]:
                    emit(", ")
                    break
                continue
            if char != closers[-1]:
                return False
            emit(_json_closer(reader.skip()))
            closers.pop()


def _json_closer(closer: str) -> str:
    return "}" if closer == "}" else "]"


def _atom(reader: Reader, *, is_key: bool) -> Reading[str | None]:
    parts: list[str] = []
    yield from reader.run(_ATOM, parts.append)
    word = "".join(parts)
    if not (yield from reader.peek()):
        return None  # it might go on
    value = _WORDS.get(word)
    if value is None:
        try:
            read = ast.literal_eval(word)
            is_plain = read is None or isinstance(read, (bool, int, float))
            value = json.dumps(read, allow_nan=False) if is_plain else None
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return f'"{value}"' if is_key and value is not None else value


def _string(reader: Reader, emit: Emit) -> Reading[bool]:
    """Read a string, or several behind each other, which Python takes as one."""
    emit('"')
    char = yield from reader.peek()
    while char and char in "\"'":
        if not (yield from _quoted(reader, char, emit)):
            return False
        char = yield from reader.blanks()
    emit('"')
    return True


def _quoted(reader: Reader, quote: str, emit: Emit) -> Reading[bool]:
    end = quote * 3 if (yield from reader.starts_with(quote * 3)) else reader.skip()
    while True:
        yield from reader.run(_QUOTED[quote], lambda text: emit(json_escaped(text)))
        if (yield from reader.starts_with(end)):
            return True
        char = yield from reader.peek()
        if not char:
            return False
        emit(json_escaped(reader.skip() if char == quote else _unescaped((yield from _escape(reader)))))


def _escape(reader: Reader) -> Reading[str]:
    escape = yield from reader.take(2)
    escape += yield from reader.take(_ESCAPE_LENGTHS.get(escape[1:], 0))
    if re.fullmatch(r"\\u[dD][89abAB]..", escape) and (yield from reader.starts_with("\\u")):
        escape += "\\u" + (yield from reader.take(4))
    return escape


def _unescaped(escape: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an unknown escape stands for itself
            text: str = ast.literal_eval(f'"{escape}"')
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except (ValueError, SyntaxError):
        return escape


# --- writing ----------------------------------------------------------------------------------------------


def _keywords(schema: Schema) -> list[Element]:
    """Return the arguments: what is required first, then any of the rest in its order."""
    required = schema.get("required", ())
    properties: dict[str, Any] = schema.get("properties", {})
    first = [key for key in properties if key in required]
    rest = [key for key in properties if key not in required]

    def keyword(key: str) -> Element:
        return sequence([text(f"{key}="), _written(properties[key], schema)])

    def more(keys: list[str]) -> list[Element]:
        return [optional(sequence([text(", "), keyword(key)])) for key in keys]

    if first:
        needed = [part for key in first for part in (text(", "), keyword(key))][1:]
        return [*needed, *more(rest)]
    if not rest:
        return []
    begins = [sequence([keyword(key), *more(rest[i + 1 :])]) for i, key in enumerate(rest)]
    return [optional(one_of(begins))]


def _written(schema: Any, root: Schema) -> Element:
    if not isinstance(schema, dict):
        return json_of({})
    if schema.get("type") == "boolean" and "enum" not in schema:
        return one_of([text("True"), text("False")])
    return json_of({**{key: root[key] for key in ("$defs", "definitions") if key in root}, **schema})
