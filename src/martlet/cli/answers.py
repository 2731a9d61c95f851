"""An answer while it comes: what has been said, how it ended, how fast it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from martlet.types import CompletionUsage


class Piece(NamedTuple):
    """What one chunk of a stream brings."""

    thought: str = ""
    text: str = ""
    finish_reason: str | None = None
    usage: CompletionUsage | None = None


class Display(Protocol):
    """What shows an answer."""

    def think(self, piece: str) -> None: ...
    def write(self, piece: str) -> None: ...


def chat_pieces(chunks: Iterable[Any]) -> Iterator[Piece]:
    for chunk in chunks:
        for choice in chunk.choices:
            delta = choice.delta
            yield Piece(delta.reasoning or "", delta.content or "", choice.finish_reason)
        if chunk.usage is not None:
            yield Piece(usage=chunk.usage)


def completion_pieces(chunks: Iterable[Any]) -> Iterator[Piece]:
    for chunk in chunks:
        for choice in chunk.choices:
            yield Piece("", choice.text, choice.finish_reason)
        if chunk.usage is not None:
            yield Piece(usage=chunk.usage)


class Answer:
    """One answer. It stays readable wherever its stream breaks off."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began_s = clock()
        self._first_s: float | None = None
        self._last_s = self._began_s
        self._texts: list[str] = []
        self._num_pieces = 0
        self.finish_reason: str | None = None
        self.usage: CompletionUsage | None = None

    @property
    def has_begun(self) -> bool:
        """Whether anything was generated, be it a thought."""
        return self._first_s is not None

    @property
    def text(self) -> str:
        return "".join(self._texts)

    def take(self, pieces: Iterable[Piece], display: Display) -> None:
        """Show all pieces as they come."""
        for piece in pieces:
            self._note(piece)
            if piece.thought:
                display.think(piece.thought)
            if piece.text:
                self._texts.append(piece.text)
                display.write(piece.text)

    def _note(self, piece: Piece) -> None:
        self.finish_reason = piece.finish_reason or self.finish_reason
        self.usage = piece.usage or self.usage
        if piece.thought or piece.text:
            self._num_pieces += 1
            self._last_s = self._clock()
            if self._first_s is None:
                self._first_s = self._last_s

    def figures(self) -> str:
        """Say how many tokens there were, and how fast. Without the server's count each piece is one."""
        if self._first_s is None:
            return "nothing was generated"
        if self.usage is None:
            number = self._num_pieces
            counts = f"about {number} token{'' if number == 1 else 's'}"
        else:
            number = self.usage.completion_tokens or 0
            counts = f"{self.usage.prompt_tokens} prompt tokens, {number} generated"
        parts = [counts, f"first after {self._first_s - self._began_s:.2f} s"]
        if number > 1 and self._last_s > self._first_s:
            parts.append(f"then {(number - 1) / (self._last_s - self._first_s):.1f} tokens/s")
        return ", ".join(parts)
