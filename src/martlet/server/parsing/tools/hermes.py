"""`<tool_call>\\n{"name": ..., "arguments": {...}}\\n</tool_call>`, repeated: Hermes, Qwen 2.5 and 3."""

from __future__ import annotations

from martlet.server.parsing.calls import call_object
from martlet.server.parsing.reader import Reader, Reading
from martlet.server.parsing.tools.base import (
    Element,
    Schema,
    Schemas,
    Text,
    ToolFormat,
    json_call,
    mark,
    text,
)

OPEN, CLOSE = "<tool_call>", "</tool_call>"


class Hermes(ToolFormat):
    marks = (OPEN, CLOSE)
    trigger = OPEN

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        content = Text(reader)
        while (yield from content.before(OPEN)):
            reader.hold()
            yield from reader.blanks()
            if not (yield from call_object(reader, is_marked=True)):
                reader.content(OPEN + reader.release())
                continue
            yield from reader.blanks()
            yield from reader.starts_with(CLOSE)
            content.call_ended()

    def call(self, name: str, schema: Schema) -> list[Element]:
        return [mark(OPEN), text("\n"), *json_call(name, schema), text("\n"), mark(CLOSE)]
