"""The command at a real terminal: what a user types, and what the screen is sent."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

BEGIN = (
    "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "from martlet.cli import main; sys.exit(main(sys.argv[1:]))"
)
"""Takes the terminal as its own, so that Ctrl-C in it becomes a signal."""
CTRL_C, CTRL_D, TAB, UP, LEFT = "\x03", "\x04", "\t", "\x1b[A", "\x1b[D"
ROWS, COLUMNS = 50, 200
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
MODES = re.compile(r"\x1b\[\?2004[hl]\r?")
WAIT_S = 60.0
PATIENCE_S = 5.0
"""Before a key is pressed again."""


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, process: subprocess.Popen[bytes], controller: int) -> None:
        self._process = process
        self._controller = controller
        self._changed = threading.Condition()
        self._raw = b""
        self._has_ended = False
        self._mark = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._controller, 65536)
            except OSError:  # the program has left its terminal
                data = b""
            with self._changed:
                self._raw += data
                self._has_ended = not data
                self._changed.notify_all()
            if not data:
                return

    @property
    def raw(self) -> str:
        """All that the screen was sent."""
        return self._raw.decode(errors="replace")

    @property
    def text(self) -> str:
        """The same without colours, and as lines."""
        return MODES.sub("", COLOURS.sub("", self.raw)).replace("\r\n", "\n")

    def type(self, keys: str) -> None:
        os.write(self._controller, keys.encode())

    def interrupt(self, wanted: str) -> str:
        """Press Ctrl-C and wait for a text.

        Python misses a signal that comes right before it begins to wait, until the next one: as a user would,
        this presses again.
        """
        for _ in range(10):
            self.type(CTRL_C)
            with self._changed:
                if self._changed.wait_for(lambda: wanted in self.text[self._mark :], PATIENCE_S):
                    break
        return self.expect(wanted)

    def expect(self, wanted: str) -> str:
        """Wait for a text to come after what was expected before; return what came up to its end."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended or wanted in self.text[self._mark :], WAIT_S)
            assert wanted in self.text[self._mark :], f"no {wanted!r} in {self.text[self._mark :]!r}"
            begin, self._mark = self._mark, self.text.index(wanted, self._mark) + len(wanted)
            return self.text[begin : self._mark]

    def answer_to(self, question: str, prompt: str = "> ") -> str:
        """Type a line and return what is shown until the next prompt."""
        self.type(f"{question}\n")
        self.expect(f"{question}\n")
        return self.expect(f"\n{prompt}").removesuffix(prompt).strip("\n")

    def wait(self) -> int:
        """Wait for the end of the program; return its exit code."""
        code = self._process.wait(WAIT_S)
        self._reader.join(WAIT_S)
        return code


@contextlib.contextmanager
def at_terminal(*arguments: str, state: Path, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """Run `martlet ARGUMENTS` in a terminal; what it keeps goes below `state`."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "OPENAI_BASE_URL")}
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN, *arguments],
        stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        env={**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null",
             "XDG_STATE_HOME": str(state), **(env or {})},
    )  # fmt: skip
    os.close(terminal)
    shown = Terminal(process, controller)
    try:
        yield shown
    finally:
        process.kill()
        process.wait()
        shown._reader.join(60)
        os.close(controller)
