"""Mistral: `[TOOL_CALLS]NAME[ARGS]{...}`, repeated; before version 11 `[TOOL_CALLS][{"name": ...}, ...]`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from martlet.server.parsing.calls import begin_call, call_list, call_object
from martlet.server.parsing.json_text import json_value, nothing
from martlet.server.parsing.reader import Reader, Reading
from martlet.server.parsing.tools.base import (
    Element,
    Schema,
    Schemas,
    Text,
    ToolFormat,
    json_call,
    json_of,
    mark,
    text,
)

CALLS, ARGUMENTS, CALL_ID = "[TOOL_CALLS]", "[ARGS]", "[CALL_ID]"
_NAME = re.compile(r"[\w.-]*")


class Mistral(ToolFormat):
    """Reads both ways; writes the older, which later models read in their own conversations too."""

    marks = (CALLS, ARGUMENTS, CALL_ID)
    trigger = CALLS
    separator = ", "
    id_style = "mistral"

    def for_vocabulary(self, has_token: Callable[[str], bool]) -> ToolFormat:
        return MistralNamed() if has_token(ARGUMENTS) else self

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        content = Text(reader)
        while (yield from content.before(CALLS)):
            reader.hold()
            first = yield from reader.blanks()
            if first == "[":
                is_call = yield from call_list(reader, is_marked=True)
            elif first == "{":
                is_call = yield from call_object(reader, is_marked=True)
            else:
                is_call = yield from self._named_call(reader)
            if is_call:
                content.call_ended()
            else:
                reader.content(CALLS + reader.release())

    def _named_call(self, reader: Reader) -> Reading[bool]:
        name: list[str] = []
        yield from reader.run(_NAME, name.append)
        if (yield from reader.starts_with(CALL_ID)):
            yield from reader.run(_NAME, nothing)
        has_mark = yield from reader.starts_with(ARGUMENTS)
        if not name or ((yield from reader.blanks()) != "{" and not has_mark):
            return False
        begin_call(reader, "".join(name))
        yield from json_value(reader, partial(reader.emit, "arguments"))
        return True

    def opening(self) -> list[Element]:
        return [mark(CALLS), text("[")]

    def call(self, name: str, schema: Schema) -> list[Element]:
        return json_call(name, schema)

    def closing(self) -> list[Element]:
        return [text("]")]


class MistralNamed(Mistral):
    """As version 11 and later write."""

    separator = ""

    def opening(self) -> list[Element]:
        return []

    def call(self, name: str, schema: Schema) -> list[Element]:
        return [mark(CALLS), text(name), mark(ARGUMENTS), json_of(schema)]

    def closing(self) -> list[Element]:
        return []
