"""Where an answer is shown: its text on stdout, the reasoning and what we say ourselves on stderr."""

from __future__ import annotations

import sys

from martlet.cli.terminal import DIM, PLAIN, Harmless, dimmed, harmless, has_colours, is_terminal


class Screen:
    """Shows answers. A pipe gets the text as it is, a terminal nothing that it would obey."""

    def __init__(self) -> None:
        self._is_terminal = is_terminal(sys.stdout)
        self._has_colours = has_colours(sys.stderr)
        self._text = Harmless()
        self._thoughts = Harmless()
        self._is_thinking = False
        self._has_begun = False
        """Whether something of this answer's text is there."""

    def think(self, piece: str) -> None:
        if not self._is_thinking and self._has_colours:
            sys.stderr.write(DIM)
        self._is_thinking = True
        sys.stderr.write(self._thoughts.push(piece) if is_terminal(sys.stderr) else piece)
        sys.stderr.flush()

    def write(self, piece: str) -> None:
        if self._is_thinking:
            self._end_thoughts()
        if self._is_terminal:
            piece = self._text.push(piece)
            if not self._has_begun:
                piece = piece.lstrip("\n")
        self._has_begun = self._has_begun or bool(piece)
        print(piece, end="", flush=True)

    def end(self) -> None:
        """Finish the answer's line."""
        self.reset()
        print(flush=True)

    def reset(self) -> None:
        """Leave the terminal as it was, wherever the answer stopped."""
        if self._is_thinking:
            self._end_thoughts()
        rest = self._text.flush()
        if rest and self._is_terminal:
            print(rest, end="", flush=True)
        self._has_begun = False

    def note(self, text: str) -> None:
        """Say something that is not the model's."""
        print(dimmed(harmless(text), sys.stderr), file=sys.stderr, flush=True)

    def _end_thoughts(self) -> None:
        self._is_thinking = False
        sys.stderr.write(self._thoughts.flush() if is_terminal(sys.stderr) else "")
        sys.stderr.write(f"{PLAIN}\n" if self._has_colours else "\n")
        sys.stderr.flush()
