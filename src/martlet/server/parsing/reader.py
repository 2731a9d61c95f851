"""Text that arrives in pieces, read by generators that yield where they need more of it.

A format is then written as one would write it for a whole text, and each piece is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from functools import cache
from typing import Literal, NamedTuple, TypeAlias, TypeVar

T = TypeVar("T")

Reading: TypeAlias = Generator[None, None, T]
"""Reads on with each `next`; its value is what it was to find out."""

Kind = Literal["reasoning", "content", "name", "arguments"]


class Event(NamedTuple):
    """A part of a message. A name begins a tool call, and the arguments after it are that call's."""

    kind: Kind
    text: str


_BLANKS = re.compile(r"[ \t\r\n]*")


class Reader:
    """The text so far, as far as it is not read, and what was made of the rest."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        """What has been found since somebody took them."""
        self.is_over = False
        """Whether no more text will come."""
        self._text = ""
        self._at = 0
        self._held: list[str] = []
        self._held_at: int | None = None

    def feed(self, text: str) -> None:
        if self._held_at is not None:
            self._held.append(self._text[self._held_at : self._at])
            self._held_at = 0
        self._text = self._text[self._at :] + text
        self._at = 0

    def emit(self, kind: Kind, text: str) -> None:
        """Add to the message."""
        if text:
            self.events.append(Event(kind, text))

    def content(self, text: str) -> None:
        self.emit("content", text)

    # --- holding back ------------------------------------------------------------------------------

    def hold(self) -> None:
        """Begin to remember what is read, until it is clear what it means."""
        self._held, self._held_at = [], self._at

    def release(self) -> str:
        """Return what was read since `hold`, and remember no more."""
        assert self._held_at is not None
        held = "".join([*self._held, self._text[self._held_at : self._at]])
        self._held, self._held_at = [], None
        return held

    def put_back(self, text: str) -> None:
        """Have `text`, which was read last, read again."""
        self._text = text + self._text[self._at :]
        self._at = 0

    # --- reading -----------------------------------------------------------------------------------

    def peek(self) -> Reading[str]:
        """Return the next character without reading it; "" at the end."""
        while self._at == len(self._text) and not self.is_over:
            yield
        return self._text[self._at : self._at + 1]

    def skip(self, num_chars: int = 1) -> str:
        """Read characters that are known to be there."""
        text = self._text[self._at : self._at + num_chars]
        self._at += len(text)
        return text

    def take(self, num_chars: int) -> Reading[str]:
        """Read so many characters, or what there is to the end."""
        while len(self._text) - self._at < num_chars and not self.is_over:
            yield
        return self.skip(num_chars)

    def blanks(self) -> Reading[str]:
        """Read spaces and line ends up to something else. Return it."""
        yield from self.run(_BLANKS, _nothing)
        return (yield from self.peek())

    def run(self, pattern: re.Pattern[str], emit: Callable[[str], object]) -> Reading[None]:
        """Read as far as `pattern`, which matches any number of characters of a class, goes on matching."""
        while True:
            match = pattern.match(self._text, self._at)
            assert match is not None
            if match.end() > self._at:
                emit(match.group())
                self._at = match.end()
            if self._at < len(self._text) or self.is_over:
                return
            yield

    def starts_with(self, mark: str) -> Reading[bool]:
        """Read `mark` if it comes next; else nothing."""
        while True:
            found = self._text[self._at : self._at + len(mark)]
            if found == mark:
                self._at += len(mark)
                return True
            if self.is_over or not mark.startswith(found):
                return False
            yield

    def one_of(self, marks: Iterable[str]) -> Reading[str]:
        """Read the one of `marks` that comes next, and return it; else read nothing and return ""."""
        for mark in marks:
            if (yield from self.starts_with(mark)):
                return mark
        return ""

    def until(self, marks: tuple[str, ...], emit: Callable[[str], object]) -> Reading[str]:
        """Read to the end of the first of `marks`, and return it; "" if there is none to the end.

        The text before goes to `emit` as it comes, but for what may be the beginning of a mark.
        """
        pattern = _marks_or_beginnings(marks)
        while True:
            match = pattern.search(self._text, self._at)
            end = len(self._text) if match is None else match.start()
            if end > self._at:
                emit(self._text[self._at : end])
                self._at = end
            if match is not None and match.group() in marks:
                self._at = match.end()
                return match.group()
            if self.is_over:
                emit(self._text[self._at :])
                self._at = len(self._text)
                return ""
            yield

    def rest(self, emit: Callable[[str], object]) -> Reading[None]:
        """Read to the end."""
        while True:
            emit(self._text[self._at :])
            self._at = len(self._text)
            if self.is_over:
                return
            yield


def _nothing(text: str) -> None:
    """Leave out what was read."""


@cache
def _marks_or_beginnings(marks: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds a mark, or the beginning of one at the end of the text."""
    beginnings = {mark[:length] for mark in marks for length in range(1, len(mark))} - set(marks)
    at_end = "|".join(map(re.escape, sorted(beginnings, key=len, reverse=True)))
    whole = "|".join(map(re.escape, marks))
    return re.compile(rf"{whole}|(?:{at_end})\Z" if at_end else whole)
