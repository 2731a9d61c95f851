"""Llama 3: `{"name": ..., "parameters": {...}}`, at the beginning or behind `<|python_tag|>`; `;` between."""

from __future__ import annotations

from martlet.server.parsing.calls import call_object
from martlet.server.parsing.reader import Reader, Reading
from martlet.server.parsing.tools.base import Element, Schema, Schemas, Text, ToolFormat, json_call
from martlet.server.parsing.tools.generic import more_objects

PYTHON_TAG = "<|python_tag|>"


class Llama3(ToolFormat):
    marks = (PYTHON_TAG,)
    separator = "; "

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        content = Text(reader)
        reader.hold()
        yield from reader.blanks()
        before = ""
        while True:
            if (yield from call_object(reader, is_marked=False)):
                yield from more_objects(reader)
                content.call_ended()
            elif before:
                reader.content(before + reader.release())
            else:
                reader.put_back(reader.release())
            before = yield from content.before(PYTHON_TAG)
            if not before:
                return
            reader.hold()
            yield from reader.blanks()

    def call(self, name: str, schema: Schema) -> list[Element]:
        return json_call(name, schema, "parameters")
