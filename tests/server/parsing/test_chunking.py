"""However a text is divided, the deltas join to the same message."""

from __future__ import annotations

import random

import pytest

from martlet.server.parsing.reasoning import FORMATS as REASONING
from martlet.server.parsing.tools import FORMATS as TOOLS
from tests.server.parsing.reading import events, message, parser, pieces_of

MARKS = {mark for each in TOOLS.values() for mark in each.marks}
MARKS |= {mark for each in REASONING.values() for mark in each.marks}
FRAGMENTS = [
    *sorted(MARKS),
    *'{}[]()",:;=\\\n \'<>/|`',
    '{"name": "', "get_weather", '", "arguments": ', '", "parameters": ', '{"city": "', '"}', '"}}', "now",
    '{"a": [1, {"b": "}"}]}', "\\\"", "\\u00e9", "\\ud83d\\ude00", "\\n", "null", "true", "12.5e3", "-", "3",
    "<function=", "</function>", "<parameter=", "</parameter>", ">", "city=", "city", "'Par", "is'", "(", ")",
    "```json", "```", "[ARGS]", "function", "Let me see", "é", "😀", "日本", "<", "</", "[/", "<tool",
    "days=", "[get_weather(", "now()", '\"\"\"', "\'\'\'", "functools", "{1: 2}", "(1,)", "None", "<think",
]  # fmt: skip
"""What random texts are made of: marks, their parts, and what stands between them."""


@pytest.mark.parametrize("reasoning", [None, *REASONING])
@pytest.mark.parametrize("tools", [None, *TOOLS])
def test_any_chunking_gives_the_same_message(tools: str | None, reasoning: str | None) -> None:
    draw = random.Random(f"{tools} {reasoning}")
    for _ in range(30):
        text = "".join(draw.choices(FRAGMENTS, k=draw.randint(1, 40)))
        whole = message(events(parser(tools, reasoning), [text]))
        for pieces in (list(text), pieces_of(text, draw)):
            assert message(events(parser(tools, reasoning), pieces)) == whole, text


@pytest.mark.parametrize("tools", TOOLS)
def test_text_without_marks_is_content_at_once(tools: str) -> None:
    reader = parser(tools)
    for word in ("Hello", " world", ", how", " are you"):
        assert message(reader.push(word)) == {"content": word}
    assert reader.finish() == []
