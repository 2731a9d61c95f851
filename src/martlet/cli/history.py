"""What was typed, kept in a file of the user's own: an entry per line, the newest last."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

MAX_ENTRIES = 1000


def history_file() -> Path | None:
    """Return where the history is kept: in XDG_STATE_HOME, or where the system keeps such things."""
    try:
        home = Path.home()
    except RuntimeError:  # nobody's
        return None
    if sys.platform == "win32":
        state = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        given = os.environ.get("XDG_STATE_HOME", "")
        state = Path(given) if given.startswith("/") else home / ".local" / "state"
    return state / "martlet" / "chat_history"


class History:
    """A file that may be missing or forbidden: then nothing is kept, and nobody is bothered."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self) -> list[str]:
        """Return the entries, the last `MAX_ENTRIES` of them."""
        if self._path is None:
            return []
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return []
        entries = [_unescaped(line) for line in lines if line]
        if len(entries) > 2 * MAX_ENTRIES:
            self._shorten(entries[-MAX_ENTRIES:])
        return entries[-MAX_ENTRIES:]

    def append(self, entry: str) -> None:
        """Add an entry at once: the end of the program may come by a closed window."""
        if self._path is not None:
            with suppress(OSError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._write(self._path, [entry], os.O_APPEND)

    def _shorten(self, entries: list[str]) -> None:
        assert self._path is not None
        with suppress(OSError):
            new = self._path.with_suffix(f".{os.getpid()}")
            self._write(new, entries, os.O_EXCL)
            os.replace(new, self._path)

    @staticmethod
    def _write(path: Path, entries: list[str], flags: int) -> None:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
        with os.fdopen(number, "w", encoding="utf-8", errors="replace") as file:
            if os.name == "posix":
                os.fchmod(number, 0o600)
            file.write("".join(f"{_escaped(entry)}\n" for entry in entries))


def _escaped(entry: str) -> str:
    return entry.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def _unescaped(line: str) -> str:
    signs = {"n": "\n", "r": "\r"}
    first, *others = line.split("\\\\")
    parts = [first, *others]
    return "\\".join(_with_signs(part, signs) for part in parts)


def _with_signs(part: str, signs: dict[str, str]) -> str:
    for letter, sign in signs.items():
        part = part.replace(f"\\{letter}", sign)
    return part
