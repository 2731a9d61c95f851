"""JSON that is still being written: what the text so far says for certain."""

from __future__ import annotations

import re
from typing import Any

import msgspec

_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'[^"\\]*')
_SCALAR = re.compile(r"[^ \t\n\r,\[\]{}\":]*")
_CLOSERS = {"{": "}", "[": "]"}


class PartialJSON:
    """Follows one JSON document that arrives in pieces; a piece costs its own length.

    What is complete counts: a string, number, true, false or null that may still go on is left out, and so is
    a key without its value. An object or a list counts from its opening bracket.
    """

    def __init__(self) -> None:
        self._open: list[str] = []
        """Brackets that are not closed yet."""
        self._length = 0
        """Characters read."""
        self._sure = 0
        """The text up to here, with its brackets closed, is a document."""
        self._inside = ""
        """`"` in a string, `\\` after a backslash in one, `0` in a number or word."""
        self._wants_key = False
        self._is_broken = False
        self.is_complete = False
        """The outermost object, list or string has ended."""

    def feed(self, text: str) -> None:
        """Read on. After a character that no JSON has in that place, nothing more is read."""
        at = 0
        while at < len(text) and not self._is_broken:
            if self._inside == "0":
                at = self._scalar(text, at)
            elif self._inside:
                at = self._string(text, at)
            else:
                at = self._between(text, at)
        self._length += len(text)

    def repair(self) -> tuple[int, str]:
        """How many characters of the text to keep, and what to append, to have a document."""
        return self._sure, "".join(_CLOSERS[bracket] for bracket in reversed(self._open))

    def _string(self, text: str, at: int) -> int:
        if self._inside == "\\":
            self._inside = '"'
            return at + 1
        match = _STRING.match(text, at)
        assert match is not None
        at = match.end()
        if at < len(text):
            self._inside = "\\" if text[at] == "\\" else ""
            if not self._inside:
                self._ended(at + 1)
            at += 1
        return at

    def _scalar(self, text: str, at: int) -> int:
        match = _SCALAR.match(text, at)
        assert match is not None
        if match.end() < len(text):
            self._inside = ""
            self._ended(match.end())
        return match.end()

    def _ended(self, at: int) -> None:
        """A string, number or word ended before `text[at]`."""
        if not self._wants_key:
            self._sure = self._length + at
            self.is_complete = not self._open

    def _between(self, text: str, at: int) -> int:
        match = _BLANK.match(text, at)
        assert match is not None
        at = match.end()
        if at == len(text):
            return at
        char = text[at]
        if self.is_complete:
            self._is_broken = True
        elif char in "{[":
            self._open.append(char)
            self._wants_key = char == "{"
            self._sure = self._length + at + 1
        elif char in "}]":
            self._close(char, at)
        elif char == ",":
            self._wants_key = self._open[-1:] == ["{"]
        elif char == ":":
            self._wants_key = False
        elif char == '"':
            self._inside = '"'
        else:
            self._inside = "0"
            return at
        return at + 1

    def _close(self, char: str, at: int) -> None:
        if not self._open or _CLOSERS[self._open[-1]] != char:
            self._is_broken = True
            return
        self._open.pop()
        self._wants_key = False
        self._ended(at + 1)


def repaired(text: str, repair: tuple[int, str]) -> Any:
    """The value of a text cut and closed as `PartialJSON.repair` said; None if there is none."""
    length, closers = repair
    try:
        return msgspec.json.decode(text[:length] + closers)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
