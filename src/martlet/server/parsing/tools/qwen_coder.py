"""Qwen 3 Coder: arguments between tags, each as it would be typed.

`<tool_call>\\n<function=NAME>\\n<parameter=KEY>\\nVALUE\\n</parameter>\\n</function>\\n</tool_call>`
"""

from __future__ import annotations

import ast
import json
from functools import partial
from typing import Any

from martlet.server.parsing.calls import begin_call
from martlet.server.parsing.json_text import json_escaped
from martlet.server.parsing.reader import Reader, Reading
from martlet.server.parsing.tools.base import (
    Element,
    Schema,
    Schemas,
    Text,
    ToolFormat,
    json_of,
    mark,
    one_of,
    optional,
    regex,
    sequence,
    text,
)

OPEN, CLOSE = "<tool_call>", "</tool_call>"
FUNCTION, END_FUNCTION = "<function=", "</function>"
PARAMETER, END_PARAMETER = "<parameter=", "</parameter>"
_ENDS = (END_PARAMETER, PARAMETER, END_FUNCTION, CLOSE)
"""What ends a value: its own end, or in a hurry the next tag."""
VALUE_ENDS = tuple(blank + end for end in _ENDS for blank in ("\n", ""))


class QwenCoder(ToolFormat):
    marks = (OPEN, CLOSE)
    trigger = OPEN

    def read(self, reader: Reader, schemas: Schemas) -> Reading[None]:
        content = Text(reader)
        while found := (yield from content.before(OPEN, FUNCTION)):
            reader.hold()
            is_function = found == FUNCTION
            if not is_function:
                yield from reader.blanks()
                is_function = yield from reader.starts_with(FUNCTION)
            name = (yield from _tag_name(reader)) if is_function else ""
            if not name:
                reader.content(found + reader.release())
                continue
            begin_call(reader, name)
            yield from self._arguments(reader, schemas.get(name, {}))
            yield from reader.blanks()
            yield from reader.starts_with(CLOSE)
            content.call_ended()

    def _arguments(self, reader: Reader, schema: Schema) -> Reading[None]:
        reader.emit("arguments", "{")
        separator = ""
        is_begun = False
        """Whether the tag of a parameter has been read as the end of the last."""
        while True:
            yield from reader.blanks()
            if not is_begun and not (yield from reader.starts_with(PARAMETER)):
                break
            name = yield from _tag_name(reader)
            if not name:
                break
            reader.emit("arguments", f"{separator}{json.dumps(name, ensure_ascii=False)}: ")
            end = yield from _value(reader, property_of(schema, name))
            separator = ", "
            is_begun = end.endswith(PARAMETER)
            if end.endswith((END_FUNCTION, CLOSE)):
                if end.endswith(CLOSE):
                    reader.put_back(CLOSE)
                reader.emit("arguments", "}")
                return
        is_whole = yield from reader.starts_with(END_FUNCTION)
        if is_whole or (yield from reader.peek()):
            reader.emit("arguments", "}")

    # --- writing -----------------------------------------------------------------------------------

    def call(self, name: str, schema: Schema) -> list[Element]:
        required = schema.get("required", ())
        values = []
        for key, of_key in schema.get("properties", {}).items():
            value = sequence([text(f"{PARAMETER}{key}>\n"), _written(_with_definitions(of_key, schema))])
            values.append(value if key in required else optional(value))
        begin = text(f"\n{FUNCTION}{name}>\n")
        return [mark(OPEN), begin, *values, text(f"{END_FUNCTION}\n"), mark(CLOSE)]


def _tag_name(reader: Reader) -> Reading[str]:
    """Read what stands in a tag behind its `=`, and the end of the tag; "" if it is no name."""
    parts: list[str] = []
    end = yield from reader.until((">", "\n", "<"), parts.append)
    return "".join(parts).strip() if end == ">" else ""


def property_of(schema: Schema, name: str) -> Schema:
    properties = schema.get("properties")
    found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else {}


def _value(reader: Reader, schema: Schema) -> Reading[str]:
    """Read a value; return what ended it. A string is sent on as it comes."""
    if (yield from reader.peek()) == "\n":
        reader.skip()
    if is_text(schema):
        reader.emit("arguments", '"')
        end = yield from reader.until(VALUE_ENDS, partial(_emit_escaped, reader))
        if end:
            reader.emit("arguments", '"')
        return end
    parts: list[str] = []
    end = yield from reader.until(VALUE_ENDS, parts.append)
    if end:
        reader.emit("arguments", typed("".join(parts), schema))
    return end


def _emit_escaped(reader: Reader, text: str) -> None:
    reader.emit("arguments", json_escaped(text))


def is_text(schema: Schema) -> bool:
    """Whether a value is text for certain, null not among them."""
    kind = schema.get("type")
    if kind is None:
        return not any(key in schema for key in ("anyOf", "oneOf", "allOf", "$ref", "enum", "const"))
    return kind in ("string", "str", "text")


def typed(value: str, schema: Schema) -> str:
    """Return a value as JSON: what it says if its schema allows, else as text."""
    if _allows_text(schema) and not _says_other(value, schema):
        return json.dumps(value, ensure_ascii=False)
    for read in (json.loads, ast.literal_eval):
        try:
            return json.dumps(read(value.strip()), ensure_ascii=False, allow_nan=False)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
    words = {"true": "true", "false": "false", "null": "null", "none": "null"}
    return words.get(value.strip().lower()) or json.dumps(value, ensure_ascii=False)


def _kinds(schema: Schema) -> set[Any]:
    kind = schema.get("type")
    kinds = set(kind) if isinstance(kind, list) else {kind} if kind else set()
    for key in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(key, ()):
            kinds |= _kinds(option) if isinstance(option, dict) else set()
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return kinds | {"string" for value in values if isinstance(value, str)}


def _allows_text(schema: Schema) -> bool:
    return "string" in _kinds(schema)


def _says_other(value: str, schema: Schema) -> bool:
    """Whether a value that might be text is one of the other kinds that its schema allows."""
    others = _kinds(schema) - {"string"}
    if "null" in others and value.strip().lower() in ("null", "none"):
        return True
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        return False
    kind = {bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}.get(type(said))
    return kind in others or (kind == "integer" and "number" in others)


def _with_definitions(schema: Any, root: Schema) -> Any:
    """Return a subschema with what its references refer to."""
    if not isinstance(schema, dict):
        return schema
    return {**{key: root[key] for key in ("$defs", "definitions") if key in root}, **schema}


def _written(schema: Any) -> Element:
    """Return how a value and its end are written."""
    end = f"\n{END_PARAMETER}\n"
    if isinstance(schema, dict) and isinstance(schema.get("enum"), list):
        values = [value if isinstance(value, str) else json.dumps(value) for value in schema["enum"]]
        return sequence([one_of([text(value) for value in values]), text(end)])
    if isinstance(schema, dict) and is_text(schema):
        longest = schema.get("maxLength")
        if isinstance(longest, int):
            return sequence([regex(rf"(?s:.{{0,{longest}}})"), text(end)])
        return {"type": "text_to_mark", "value": end}
    return sequence([json_of(schema if isinstance(schema, dict) else {}), text(end)])
