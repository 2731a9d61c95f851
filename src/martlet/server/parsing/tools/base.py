"""What every format of tool calls says of itself: how calls are read, and how they may be written."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from martlet.server.parsing.reader import Reader, Reading

Schema: TypeAlias = Mapping[str, Any]
Schemas: TypeAlias = Mapping[str, Schema]
"""The parameters of each tool, by its name."""
Element: TypeAlias = dict[str, Any]
"""A part of a structural tag."""


class ToolFormat(ABC):
    """How a family of models writes tool calls."""

    marks: tuple[str, ...] = ()
    """What must not be hidden from the reader, should it be a special token."""
    trigger: str = ""
    """With this calls begin, wherever it stands; "" if they are all that a model writes."""
    separator = "\n"
    id_style = "chatcmpl-tool"
    """`chatcmpl-tool`: that and 16 hexadecimal digits. `mistral`: 9 letters and digits."""

    def for_vocabulary(self, has_token: Callable[[str], bool]) -> ToolFormat:
        """Return the way of writing that a vocabulary has the marks for."""
        return self

    # --- reading -----------------------------------------------------------------------------------

    @abstractmethod
    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        """Read a model's whole output, without its reasoning."""

    # --- writing -----------------------------------------------------------------------------------

    @abstractmethod
    def call(self, name: str, schema: Schema) -> list[Element]:
        """Return one call."""

    def opening(self) -> list[Element]:
        """Return what goes before the first call."""
        return []

    def closing(self) -> list[Element]:
        """Return what goes behind the last call."""
        return []

    def calls(self, schemas: Schemas, *, is_parallel: bool) -> Element:
        """Return a call of one of the functions, or several."""
        return self._calls(schemas, is_parallel=is_parallel, is_begun=False)

    def text_or_calls(self, schemas: Schemas, *, is_parallel: bool) -> Element:
        """Return any text, or calls, before which there may be text if they have a trigger."""
        if not self.trigger:
            return one_of([regex(NO_CALL), self.calls(schemas, is_parallel=is_parallel)])
        begun = {"type": "text_to_mark", "value": self.trigger}
        rest = self._calls(schemas, is_parallel=is_parallel, is_begun=True)
        return one_of([{"type": "any_text"}, sequence([begun, rest])])

    def _calls(self, schemas: Schemas, *, is_parallel: bool, is_begun: bool) -> Element:
        """The trigger, which `is_begun` leaves out, is the first of the opening, else of each call."""
        opening = self.opening()
        first = self._any_call(schemas, is_begun=is_begun and not opening)
        elements = [*opening[1 if is_begun else 0 :], first]
        if is_parallel:
            another = [text(self.separator), self._any_call(schemas, is_begun=False)]
            elements.append({"type": "star", "content": sequence(another)})
        return sequence([*elements, *self.closing()])

    def _any_call(self, schemas: Schemas, *, is_begun: bool) -> Element:
        start = 1 if is_begun else 0
        return one_of([sequence(self.call(name, schema)[start:]) for name, schema in schemas.items()])


NO_CALL = r"(?s:[^\[{`<].*)?"
"""Text that does not begin as calls without a trigger do."""


def text(value: str) -> Element:
    return {"type": "const_string", "value": value}


def mark(value: str) -> Element:
    """Return a text that is a special token in some vocabularies."""
    return {"type": "mark", "value": value}


def json_of(schema: Schema) -> Element:
    return {"type": "json_schema", "json_schema": dict(schema)}


def regex(pattern: str) -> Element:
    return {"type": "regex", "pattern": pattern}


def sequence(elements: Sequence[Element]) -> Element:
    return {"type": "sequence", "elements": list(elements)}


def one_of(elements: Sequence[Element]) -> Element:
    return {"type": "or", "elements": list(elements)}


def optional(element: Element) -> Element:
    return {"type": "optional", "content": element}


def json_call(name: str, schema: Schema, key: str = "arguments") -> list[Element]:
    """Return how a call that is a JSON object is written."""
    return [text(f'{{"name": {json.dumps(name, ensure_ascii=False)}, "{key}": '), json_of(schema), text("}")]


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
        found = yield from self._reader.until(marks, self._emit)
        if not found:
            self._reader.content(self._blanks)
        self._blanks = ""
        return found

    def _emit(self, text: str) -> None:
        if text:
            self._reader.content(self._blanks + text)
            self._blanks = ""
            self._follows_call = False
