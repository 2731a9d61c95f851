"""Lines from the keyboard: edited where the terminal and readline allow it, plainly elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from martlet.cli.history import History
from martlet.cli.terminal import BOLD, GREEN, PLAIN, has_colours, is_terminal

PROMPT, MORE = "> ", ". "
FENCE = '"""'
Complete = Callable[[str, str], list[str]]
"""(the line, the word at its end) -> what the word may become."""


class Typed(NamedTuple):
    """What came from the keyboard."""

    text: str
    is_command: bool
    """Whether it begins with a slash, and not between fences or behind a blank."""


class LineReader:
    """Reads questions. They may have several lines: after a backslash, between fences, or pasted."""

    def __init__(self, history: History, complete: Complete) -> None:
        self._history = history
        self._last = ""
        self._is_edited = is_terminal(sys.stdin) and is_terminal(sys.stdout)
        self._readline = _readline() if self._is_edited else None
        if self._readline is not None:
            self._set_up(self._readline, complete)

    def read(self) -> Typed:
        """Raises EOFError at the end of the input, KeyboardInterrupt for Ctrl-C."""
        text = self._line(PROMPT)
        if text.lstrip().startswith(FENCE):
            text = self._until_fence(text.lstrip().removeprefix(FENCE))
            self.remember(f"{FENCE}{text}{FENCE}")
            return Typed(text, is_command=False)
        while text.endswith("\\"):
            text = f"{text[:-1]}\n{self._line(MORE)}"
        if text.strip():
            self.remember(text)
        return Typed(text.strip(), is_command=text.startswith("/"))

    def several_lines(self, end: str) -> str:
        """Return the lines up to one that is `end`, or to the end of the input."""
        lines: list[str] = []
        try:
            while (line := self._line(MORE)).strip() != end:
                lines.append(line)
        except EOFError:
            print(file=sys.stderr)
        return "\n".join(lines)

    def remember(self, text: str) -> None:
        """Have the arrow keys find a text."""
        if text == self._last:
            return
        self._last = text
        self._history.append(text)
        if self._readline is not None:
            self._readline.add_history(text)

    def has_typed(self) -> bool:
        """Whether the line that was being edited has something on it."""
        return self._readline is not None and bool(self._readline.get_line_buffer())

    def _until_fence(self, text: str) -> str:
        lines = [text]
        try:
            while not lines[-1].rstrip().endswith(FENCE):
                lines.append(self._line(MORE))
        except EOFError:
            print(file=sys.stderr)
            return "\n".join(lines)
        return "\n".join(lines).rstrip().removesuffix(FENCE).strip("\n")

    def _line(self, prompt: str) -> str:
        if self._is_edited:
            sys.stdout.flush()
            return input(self._coloured(prompt))
        print(prompt, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def _coloured(self, prompt: str) -> str:
        if self._readline is None or _is_libedit(self._readline) or not has_colours(sys.stdout):
            return prompt
        # The marks tell readline what takes no room on the line.
        return f"\x01{BOLD}{GREEN}\x02{prompt}\x01{PLAIN}\x02"

    def _set_up(self, readline: Any, complete: Complete) -> None:
        readline.set_auto_history(False)
        for entry in self._history.read():
            readline.add_history(entry)
            self._last = entry
        readline.set_completer_delims(" \t\n")
        readline.set_completer(_Completer(readline, complete))
        if _is_libedit(readline):
            readline.parse_and_bind("bind ^I rl_complete")
        else:
            readline.parse_and_bind("tab: complete")
            readline.parse_and_bind("set enable-bracketed-paste on")  # pasted lines are one question


class _Completer:
    def __init__(self, readline: Any, complete: Complete) -> None:
        self._readline = readline
        self._complete = complete
        self._found: list[str] = []

    def __call__(self, word: str, state: int) -> str | None:
        if state == 0:
            line = self._readline.get_line_buffer()[: self._readline.get_endidx()]
            self._found = self._complete(line, word)
        return self._found[state] if state < len(self._found) else None


def file_names(word: str) -> list[str]:
    """Return the files and folders whose names begin with a word."""
    folder, name = os.path.split(word)
    try:
        entries = sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda entry: entry.name)
    except OSError:
        return []
    return [
        os.path.join(folder, entry.name) + ("/" if entry.is_dir() else "")
        for entry in entries
        if entry.name.startswith(name) and (name or not entry.name.startswith("."))
    ]


def _readline() -> Any:
    """Return the module, or None where Python was built without it."""
    try:
        import readline
    except ImportError:
        return None
    return readline


def _is_libedit(readline: Any) -> bool:
    return "libedit" in (readline.__doc__ or "")
