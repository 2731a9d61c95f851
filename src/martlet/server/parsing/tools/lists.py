"""A list of JSON objects behind a mark: Granite 3 (`<|tool_call|>[...]`), Phi-4-mini (`functools[...]`)."""

from __future__ import annotations

from martlet.server.parsing.calls import call_list, call_object
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


class MarkedList(ToolFormat):
    """Behind the mark a single object will do, too."""

    separator = ", "

    def __init__(self, trigger: str, *others: str) -> None:
        """`others` are marks that are read, too."""
        self.trigger = trigger
        self.marks = (trigger, *others)

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        content = Text(reader)
        while found := (yield from content.before(*self.marks)):
            reader.hold()
            read_calls = call_list if (yield from reader.blanks()) == "[" else call_object
            if (yield from read_calls(reader, is_marked=True)):
                content.call_ended()
            else:
                reader.content(found + reader.release())

    def opening(self) -> list[Element]:
        return [mark(self.trigger), text("[")]

    def call(self, name: str, schema: Schema) -> list[Element]:
        return json_call(name, schema)

    def closing(self) -> list[Element]:
        return [text("]")]
