"""Tool calls that are JSON objects, whole and broken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.parsing.reading import events, message, parser

CALL = '{"name": "get_weather", "arguments": {"city": "Paris"}}'
WEATHER = ["get_weather", '{"city": "Paris"}']
TEXTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "hermes": [
        (f"<tool_call>\n{CALL}\n</tool_call>", {"calls": [WEATHER]}),
        (f"\n<tool_call>{CALL}</tool_call>\n<tool_call>{CALL}", {"calls": [WEATHER, WEATHER]}),
        (f"See.\n<tool_call>{CALL}</tool_call> Done.", {"content": "See.\nDone.", "calls": [WEATHER]}),
        ('<tool_call>{"name": "now"}</tool_call>', {"calls": [["now", "{}"]]}),
        ('<tool_call>{"arguments": {"a": 1}, "id": [0], "name": "f"}', {"calls": [["f", '{"a": 1}']]}),
        (
            '<tool_call>{"name": "f", "arguments": "{\\"a\\": \\"\\ud83d\\ude00\\"}"}',
            {"calls": [["f", '{"a": "😀"}']]},
        ),
        ('<tool_call>{"name": "f", "arguments": null}</tool_call>', {"calls": [["f", "{}"]]}),
        (
            '<tool_call>{"name": "f", "arguments": {"a": "</tool_call> {\\"}"}}</tool_call>',
            {"calls": [["f", '{"a": "</tool_call> {\\"}"}']]},
        ),
        ('<tool_call>{"name": "f", "arguments": {"a": [1', {"calls": [["f", '{"a": [1']]}),
        (
            '<tool_call>{"name": "f", "arguments": {"a": 1}</tool_call>!',
            {"calls": [["f", '{"a": 1}']], "content": "!"},
        ),
        ("<tool_call>\nnothing</tool_call>", {"content": "<tool_call>\nnothing</tool_call>"}),
        ('<tool_call>{"name": 5}', {"content": '<tool_call>{"name": 5}'}),
        ('<tool_call>{"name": "f"', {"content": '<tool_call>{"name": "f"'}),
        ("<tool <tool_cal", {"content": "<tool <tool_cal"}),
        ("\n\n", {"content": "\n\n"}),
    ],
    "json": [
        (CALL, {"calls": [WEATHER]}),
        (f"\n[{CALL}, {CALL}]\n", {"calls": [WEATHER, WEATHER]}),
        (f"```json\n{CALL}\n```", {"calls": [WEATHER]}),
        (f"{CALL}; {CALL}\n{CALL}", {"calls": [WEATHER, WEATHER, WEATHER]}),
        ('{"name": "Bob", "age": 5}', {"content": '{"name": "Bob", "age": 5}'}),
        ('[1, 2] {"name"', {"content": '[1, 2] {"name"'}),
        (f"It is {CALL}", {"content": f"It is {CALL}"}),
        (f"{CALL} Done.", {"calls": [WEATHER], "content": "Done."}),
        ('{"name": "Bob"}', {"content": '{"name": "Bob"}'}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_texts_become_calls_and_content(name: str) -> None:
    for text, expected in TEXTS[name]:
        assert message(events(parser(name), [text])) == expected, text
