"""What every format of tool calls says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeAlias

from martlet.server.parsing.reader import Reader, Reading

Schemas: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The parameters of each tool, by its name."""


class ToolFormat(ABC):
    """How a family of models writes tool calls."""

    marks: tuple[str, ...] = ()
    """What must not be hidden from the reader, should it be a special token."""
    id_style = "chatcmpl-tool"
    """`chatcmpl-tool`: that and 16 hexadecimal digits. `mistral`: 9 letters and digits."""

    @abstractmethod
    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        """Read a model's whole output, without its reasoning."""


class Text:
    """Content before the next call. Blanks are left out where calls stand around them, or nothing else."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._blanks = ""
        self._follows_call = False

    def call_ended(self) -> None:
        self._follows_call = True

    def before(self, *marks: str) -> Reading[str]:
        """Read to the end of the first of `marks`, and return it; "" if none comes."""
        self._reader.hold()
        yield from self._reader.blanks()
        blanks = self._reader.release()
        self._blanks += "" if self._follows_call else blanks
        mark = yield from self._reader.until(marks, self._emit)
        if not mark:
            self._reader.content(self._blanks)
        self._blanks = ""
        return mark

    def _emit(self, text: str) -> None:
        if text:
            self._reader.content(self._blanks + text)
            self._blanks = ""
            self._follows_call = False
