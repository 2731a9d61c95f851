"""`{"name": ..., "arguments": {...}}`, or a list of such objects and nothing else: models without marks."""

from __future__ import annotations

from martlet.server.parsing.calls import call_list, call_object
from martlet.server.parsing.reader import Reader, Reading
from martlet.server.parsing.tools.base import Element, Schema, Schemas, ToolFormat, json_call, text

FENCES = ("```json", "```")


class GenericJson(ToolFormat):
    """Calls may stand in a code fence, and several objects behind each other."""

    separator = ", "

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        reader.hold()
        yield from reader.blanks()
        fence = yield from reader.one_of(FENCES)
        first = yield from reader.blanks()
        if first == "[":
            is_call = yield from call_list(reader, is_marked=False)
        else:
            is_call = yield from call_object(reader, is_marked=False)
        if not is_call:
            reader.content(reader.release())
            return
        if first == "{":
            yield from more_objects(reader)
        yield from reader.blanks()
        if fence and (yield from reader.starts_with("```")):
            yield from reader.blanks()

    def opening(self) -> list[Element]:
        return [text("[")]

    def call(self, name: str, schema: Schema) -> list[Element]:
        return json_call(name, schema)

    def closing(self) -> list[Element]:
        return [text("]")]


def more_objects(reader: Reader) -> Reading[None]:
    """Read further calls, with or without a separator before each."""
    while True:
        reader.hold()
        char = yield from reader.blanks()
        if char and char in ";,":
            reader.skip()
            char = yield from reader.blanks()
        if char != "{" or not (yield from call_object(reader, is_marked=False)):
            reader.put_back(reader.release().lstrip())
            return
