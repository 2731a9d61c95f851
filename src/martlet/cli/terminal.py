"""What reaches a terminal: colours where they belong, and nothing from outside that could command it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

_KEPT = "\n\t"
_CONTROLS = {
    **{code: f"^{chr(code + 64)}" for code in range(32) if chr(code) not in _KEPT},
    127: "^?",
    **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
}
"""What a terminal would obey, and how it is shown instead."""

BOLD, DIM, GREEN, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[0m"


def harmless(text: str) -> str:
    """Show control characters instead of letting them act: they come from a model or a server."""
    return text.replace("\r\n", "\n").translate(_CONTROLS)


class Harmless:
    """The same for a text that comes in pieces."""

    def __init__(self) -> None:
        self._held = ""

    def push(self, piece: str) -> str:
        text = self._held + piece
        self._held = "\r" if text.endswith("\r") else ""  # half of a line end, perhaps
        return harmless(text.removesuffix("\r"))

    def flush(self) -> str:
        held, self._held = self._held, ""
        return harmless(held)


def is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def has_colours(stream: TextIO | None) -> bool:
    """As no-color.org has it: not where NO_COLOR is set, whatever to."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def dimmed(text: str, stream: TextIO | None) -> str:
    return f"{DIM}{text}{PLAIN}" if has_colours(stream) else text


def allow_any_text() -> None:
    """Let no character of a text stop the program: the terminal may have no sign for it."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace"), (sys.stderr, "replace")):
        if isinstance(stream, TextIOWrapper):
            with suppress(ValueError):  # it is closed
                stream.reconfigure(errors=errors)
