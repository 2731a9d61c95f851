"""Record docs/assets/session.svg, the terminal session in the README: `make session`.

The commands really run, each in a pseudo-terminal, against the house model; what they print, and when, is
what the picture shows. Answers are greedy, so that only the figures differ from one recording to the next.
The picture plays once; where animations are off, it is the last screen. Port 8000 has to be free.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import html
import itertools
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyte

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "assets" / "session.svg"
COLUMNS, MAX_ROWS = 100, 60
ASK = """\
from martlet import OpenAI

client = OpenAI()
for chunk in client.chat.completions.create(
    model="martlet-house", stream=True, temperature=0,
    messages=[{"role": "user", "content": "What is AI?"}],
):
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
"""
QUESTIONS = ["Hello! I am Anna.", "What is 47 + 38?", "Write a haiku.", "What is my name?"]
KEY_S, ENTER_S, READ_S = 0.045, 0.4, 1.2
"""How fast is typed; the pause before a line is sent; the pause in which an answer is read."""
ESCAPES = r"(?:\x1b\[[?\d;]*[a-zA-Z])*"
PROMPT = rf"(?:^|[\r\n]){ESCAPES}> {ESCAPES}\Z"
"""Of `martlet chat`."""
LIMIT_S = 30.0
"""What no command may take."""


class Cell(NamedTuple):
    """A character on the screen, and when it came there."""

    text: str
    colour: str
    is_bold: bool
    at_s: float


@dataclass
class Recording:
    """A terminal's screen over time. Its clock is the viewer's: typing takes as long as a person's."""

    now_s: float = 0.2
    screen: Any = field(default_factory=lambda: pyte.Screen(COLUMNS, MAX_ROWS))
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stream = pyte.Stream(self.screen)

    def write(self, text: str) -> None:
        """Show what a program wrote. Faint text, which pyte does not know, is grey here."""
        self._stream.feed(text.replace("\x1b[2m", "\x1b[90m"))
        for row, column in itertools.product(range(MAX_ROWS), range(COLUMNS)):
            shown = self.screen.buffer[row][column]
            known = self.cells.get((row, column))
            looks = (shown.data, shown.fg, shown.bold)
            if known is None or looks != known[:3]:
                self.cells[row, column] = Cell(*looks, self.now_s)

    def type(self, text: str) -> None:
        """Show a command as it is typed behind a prompt."""
        self.write(("\r\n" if self.cells else "") + "\x1b[1;32m$\x1b[0m ")
        self.now_s += ENTER_S
        for character in text:
            self.now_s += KEY_S
            self.write(character)
        self.now_s += ENTER_S
        self.write("\r\n")


class Program:
    """A command in a pseudo-terminal, whose output goes into a recording."""

    def __init__(self, recording: Recording, command: str, folder: Path) -> None:
        self._recording = recording
        self._terminal, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", MAX_ROWS, COLUMNS, 0, 0))
        environment = {
            **{
                key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "MARTLET_"))
            },
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "TERM": "xterm-256color",
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder),
        }
        self._process = subprocess.Popen(
            shlex.split(command), stdin=slave, stdout=slave, stderr=slave, env=environment, cwd=folder,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self._last_s = time.monotonic()

    def show_until(self, pattern: str | None = None) -> None:
        """Show what it writes until that ends with `pattern`, or until it ends."""
        started, written = time.monotonic(), ""
        while time.monotonic() - started < LIMIT_S:
            if not select.select([self._terminal], [], [], 0.05)[0]:
                if pattern and re.search(pattern, written):
                    return
                continue
            try:
                text = os.read(self._terminal, 1 << 16).decode()
            except OSError:  # its end is closed
                text = ""
            if not text:
                if pattern:
                    raise SystemExit(f"ended before it wrote {pattern}: {written}")
                return
            written += text
            now_s = time.monotonic()
            self._recording.now_s += round(now_s - self._last_s, 2)
            self._last_s = now_s
            self._recording.write(text)
        raise SystemExit(f"took more than {LIMIT_S:.0f} s: {written}")

    def type(self, text: str) -> None:
        """Type a line into it, and show what it echoes."""
        for character in [*text, "\r"]:
            self._recording.now_s += ENTER_S if character == "\r" else KEY_S
            os.write(self._terminal, character.encode())
            if character != "\r":
                self.show_until(re.escape(character) + r"\Z")
            self._last_s = time.monotonic()

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        self._process.wait(10)
        os.close(self._terminal)


@contextlib.contextmanager
def program(recording: Recording, command: str, folder: Path, shown: str = "") -> Iterator[Program]:
    recording.type(shown or command)
    running = Program(recording, command, folder)
    try:
        yield running
    finally:
        running.stop()


def record() -> Recording:
    """The session: what a newcomer does first."""
    recording = Recording()
    with tempfile.TemporaryDirectory(prefix="martlet-session-") as name:
        folder = Path(name)
        (folder / "ask.py").write_text(ASK)
        with program(recording, "martlet chat --temperature 0", folder, "martlet chat") as chat:
            for question in [*QUESTIONS, "/exit"]:
                chat.show_until(PROMPT)
                recording.now_s += READ_S
                chat.type(question)
            chat.show_until()
        serve = "martlet serve --disable-access-log"
        with program(recording, serve, folder, "martlet serve &") as server:
            server.show_until(r"ready in [\d.]+ s\)\s*\Z")
            for command in ("cat ask.py", "python ask.py"):
                recording.now_s += READ_S
                with program(recording, command, folder) as running:
                    running.show_until()
    return recording


# --- the picture -------------------------------------------------------------------------------------

CELL_W, CELL_H, MARGIN, BAR = 8.4, 19, 18, 34
COLOURS = {
    "default": "#d6dde6", "black": "#1b2430", "red": "#ff8a80", "green": "#7ee2a8", "brown": "#ffd479",
    "blue": "#8ab4ff", "magenta": "#d8a6ff", "cyan": "#7fdbe6", "white": "#ffffff", "brightblack": "#8b98a9",
}  # fmt: skip
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" \
aria-label="A terminal: a conversation in martlet chat; martlet serve, and a Python program that asks it">
<style>
text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }}
text {{ white-space: pre; animation: hidden 1ms backwards }}
.b {{ font-weight: bold }}
@keyframes hidden {{ from, to {{ opacity: 0 }} }}
@media (prefers-reduced-motion: reduce) {{ text {{ animation: none }} }}
</style>
<rect width="{width:g}" height="{height:g}" rx="9" fill="#16202c"/>
<circle cx="20" cy="18" r="5.5" fill="#ff5f57"/><circle cx="39" cy="18" r="5.5" fill="#febc2e"/>\
<circle cx="58" cy="18" r="5.5" fill="#28c840"/>
{texts}
</svg>
"""


def runs(recording: Recording, row: int) -> Iterator[tuple[int, list[Cell]]]:
    """The parts of a row that came together and look alike, with their columns."""
    line = [recording.cells[row, column] for column in range(COLUMNS)]
    while line and line[-1].text == " ":
        line.pop()
    column = 0
    for _, group in itertools.groupby(line, key=lambda cell: cell[1:]):
        cells = list(group)
        if any(cell.text != " " for cell in cells):
            yield column, cells
        column += len(cells)


def drawn(recording: Recording) -> str:
    """The picture as SVG. Each run keeps its width whatever font the viewer has."""
    texts = []
    num_rows = 0
    for row in range(MAX_ROWS):
        for column, cells in runs(recording, row):
            num_rows = row + 1
            text = "".join(cell.text for cell in cells)
            colour, is_bold, at_s = cells[0][1:]
            x, y = MARGIN + column * CELL_W, BAR + MARGIN + row * CELL_H
            looks = f'fill="{COLOURS[colour]}"' + (' class="b"' if is_bold else "")
            place = f'x="{x:g}" y="{y:g}" textLength="{len(text) * CELL_W:g}"'
            when = f'style="animation-delay:{at_s:.2f}s"'
            texts.append(f"<text {place} {looks} {when}>{html.escape(text, quote=False)}</text>")
    return FRAME.format(
        width=2 * MARGIN + COLUMNS * CELL_W,
        height=BAR + MARGIN + num_rows * CELL_H,
        texts="\n".join(texts),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, default=PICTURE, help="where the picture goes")
    arguments = parser.parse_args()
    recording = record()
    arguments.out.write_text(drawn(recording))
    print(f"{arguments.out}: {recording.now_s:.0f} s, {arguments.out.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
