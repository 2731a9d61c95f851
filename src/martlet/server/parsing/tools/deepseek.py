"""DeepSeek V3, and V3.1, which leaves out the kind of call and the code fence:

`<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME\\n```json\\n{...}\\n```<｜tool▁call▁end｜>`
`<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>NAME<｜tool▁sep｜>{...}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`
"""  # noqa: RUF002 - the bars are the models' own

from __future__ import annotations

from functools import partial

from martlet.server.parsing.calls import begin_call
from martlet.server.parsing.reader import Reader, Reading
from martlet.server.parsing.tools.base import Element, Schema, Schemas, Text, ToolFormat, json_of, mark, text

CALLS_BEGIN, CALLS_END = "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"  # noqa: RUF001
CALL_BEGIN, CALL_END = "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>"  # noqa: RUF001
SEPARATOR = "<｜tool▁sep｜>"  # noqa: RUF001
FENCE, FENCE_END = "```json\n", "\n```"


class DeepSeekV31(ToolFormat):
    marks = (CALLS_BEGIN, CALLS_END, CALL_BEGIN, CALL_END, SEPARATOR)
    trigger = CALLS_BEGIN
    separator = ""

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        content = Text(reader)
        while found := (yield from content.before(CALLS_BEGIN, CALL_BEGIN)):
            if found == CALLS_BEGIN:
                yield from reader.blanks()
                if not (yield from reader.starts_with(CALL_BEGIN)):
                    reader.content(CALLS_BEGIN)
                    continue
            if (yield from self._call(reader)):
                yield from reader.blanks()
                yield from reader.starts_with(CALLS_END)
                content.call_ended()

    def _call(self, reader: Reader) -> Reading[bool]:
        """Read a call behind its mark; return whether it is one."""
        reader.hold()
        name = yield from self._name(reader)
        if not name:
            reader.content(CALL_BEGIN + reader.release())
            return False
        begin_call(reader, name)
        yield from self._arguments(reader)
        return True

    def _name(self, reader: Reader) -> Reading[str]:
        parts: list[str] = []
        found = yield from reader.until((SEPARATOR, CALL_END), parts.append)
        return "".join(parts).strip() if found == SEPARATOR else ""

    def _arguments(self, reader: Reader) -> Reading[None]:
        yield from reader.blanks()
        yield from reader.until((CALL_END, "\n" + CALL_END), partial(reader.emit, "arguments"))

    def opening(self) -> list[Element]:
        return [mark(CALLS_BEGIN)]

    def call(self, name: str, schema: Schema) -> list[Element]:
        return [mark(CALL_BEGIN), text(name), mark(SEPARATOR), json_of(schema), mark(CALL_END)]

    def closing(self) -> list[Element]:
        return [mark(CALLS_END)]


class DeepSeekV3(DeepSeekV31):
    separator = "\n"

    def _name(self, reader: Reader) -> Reading[str]:
        kind: list[str] = []
        parts: list[str] = []
        if (yield from reader.until((SEPARATOR, CALL_END), kind.append)) != SEPARATOR:
            return ""
        if (yield from reader.until(("\n", CALL_END), parts.append)) != "\n":
            return ""
        yield from reader.blanks()
        yield from reader.starts_with("```json")
        yield from reader.blanks()
        return "".join(parts).strip()

    def _arguments(self, reader: Reader) -> Reading[None]:
        ends = (FENCE_END + CALL_END, FENCE_END + "\n" + CALL_END, "```" + CALL_END, CALL_END)
        yield from reader.until(ends, partial(reader.emit, "arguments"))

    def call(self, name: str, schema: Schema) -> list[Element]:
        return [
            mark(CALL_BEGIN),
            text("function"),
            mark(SEPARATOR),
            text(f"{name}\n{FENCE}"),
            json_of(schema),
            text(FENCE_END),
            mark(CALL_END),
        ]
