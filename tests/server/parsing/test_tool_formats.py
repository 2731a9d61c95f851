"""Tool calls as families of models write them, whole, broken and mistaken."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from martlet.server.parsing.reasoning import FORMATS as REASONING
from martlet.server.parsing.tools import FORMATS, tool_format
from tests.server.parsing.reading import events, message, parser

CALL = '{"name": "get_weather", "arguments": {"city": "Paris"}}'
WEATHER = ["get_weather", '{"city": "Paris"}']
NOW = ["now", "{}"]
V3 = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>"  # noqa: RUF001
SEP, END, ALL = "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"  # noqa: RUF001
NEXT = "<｜tool▁call▁begin｜>"  # noqa: RUF001


def xml(name: str, **values: str) -> str:
    inner = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in values.items())
    return f"<tool_call>\n<function={name}>\n{inner}</function>\n</tool_call>"


TEXTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "llama3_json": [
        ('{"name": "get_weather", "parameters": {"city": "Paris"}}', {"calls": [WEATHER]}),
        (f"<|python_tag|>{CALL}; {CALL}", {"calls": [WEATHER, WEATHER]}),
        (f"See: <|python_tag|>{CALL}", {"content": "See: ", "calls": [WEATHER]}),
        ('{"city": "Paris"}', {"content": '{"city": "Paris"}'}),
        ('<|python_tag|>search.call("x")', {"content": '<|python_tag|>search.call("x")'}),
        ('{"name": "f", "parameters": {"a": "{\\"', {"calls": [["f", '{"a": "{\\"']]}),
    ],
    "pythonic": [
        ("[get_weather(city='Paris'), now()]", {"calls": [WEATHER, NOW]}),
        ("<|python_start|>[now()]<|python_end|>", {"calls": [NOW]}),
        (
            'Ok [now()]', {"content": "Ok [now()]"},
        ),
        (
            "[f(a=-1.5, b=[1, {'x': (True, None,)}], c={}, d='it''s', "
            "e=\"\"\"a\"b\n\"\"\", g='\\u00e9\\x41\\n')]",
            {"calls": [["f", '{"a": -1.5, "b": [1, {"x": [true, null]}], "c": {}, "d": "its", '
                             '"e": "a\\"b\\n", "g": "éA\\n"}']]},
        ),
        ("[1, 2, 3]", {"content": "[1, 2, 3]"}),
        ("[see(this)]", {"content": "[see(this)]"}),
        ("[f(a=__import__('os'))]", {"content": "[f(a=__import__('os'))]"}),
        ("[f(a=1, b=c.d)]", {"calls": [["f", '{"a": 1']], "content": ", b=c.d)]"}),
        ("[f(a='cut of", {"calls": [["f", '{"a": "cut of']]}),
        ("[now()] and more", {"calls": [NOW], "content": "and more"}),
    ],
    "mistral": [
        (f"[TOOL_CALLS][{CALL}, {CALL}]", {"calls": [WEATHER, WEATHER]}),
        ('[TOOL_CALLS]get_weather[ARGS]{"city": "Paris"}[TOOL_CALLS]now{}', {"calls": [WEATHER, NOW]}),
        ('Hm.[TOOL_CALLS]now[CALL_ID]abc123XYZ[ARGS]{}', {"content": "Hm.", "calls": [NOW]}),
        ("[TOOL_CALLS] what?", {"content": "[TOOL_CALLS] what?"}),
    ],
    "qwen3_coder": [
        (xml("get_weather", city="Paris"), {"calls": [WEATHER]}),
        (f"So:\n{xml('now')}\n{xml('now')}", {"content": "So:\n", "calls": [NOW, NOW]}),
        (
            xml("get_weather", city="a\n<b> \"c\"", days="3", exact="True", at="{'a': [1]}", share="0.5"),
            {"calls": [["get_weather", '{"city": "a\\n<b> \\"c\\"", "days": 3, "exact": true, '
                                       '"at": {"a": [1]}, "share": 0.5}']]},
        ),
        (xml("get_weather", days="many"), {"calls": [["get_weather", '{"days": "many"}']]}),
        ("<function=now></function>", {"calls": [NOW]}),
        (
            "<tool_call><function=get_weather><parameter=city>Paris<parameter=days>3</function></tool_call>",
            {"calls": [["get_weather", '{"city": "Paris", "days": 3}']]},
        ),
        (
            "<tool_call>\n<function=get_weather>\n<parameter=city>\nPar",
            {"calls": [["get_weather", '{"city": "Par']]},
        ),
        ("<tool_call>{}</tool_call>", {"content": "<tool_call>{}</tool_call>"}),
    ],
    "deepseek_v3": [
        (
            f'{V3}function{SEP}get_weather\n```json\n{{"city": "Paris"}}\n```{END}\n'
            f"{NEXT}function{SEP}now\n```json\n{{}}\n```{END}{ALL}",
            {"calls": [WEATHER, NOW]},
        ),
        (f"{V3}function{SEP}f\n```json\n{{\"a\": 1", {"calls": [["f", '{"a": 1']]}),
        (f"Text {V3[:-1]}", {"content": f"Text {V3[:-1]}"}),
    ],
    "deepseek_v31": [
        (
            f'Now.{V3}get_weather{SEP}{{"city": "Paris"}}{END}{NEXT}now{SEP}{{}}{END}{ALL}',
            {"content": "Now.", "calls": [WEATHER, NOW]},
        ),
    ],
    "granite": [
        (f"<|tool_call|>[{CALL}, {CALL}]", {"calls": [WEATHER, WEATHER]}),
        (f"<tool_call>{CALL}", {"calls": [WEATHER]}),
        ("<|tool_call|>[]", {"content": "<|tool_call|>[]"}),
    ],
    "phi4_mini_json": [
        (f"functools[{CALL}]", {"calls": [WEATHER]}),
        ("Import functools.", {"content": "Import functools."}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_texts_become_calls_and_content(name: str) -> None:
    for text, expected in TEXTS[name]:
        assert message(events(parser(name), [text])) == expected, text
        assert message(events(parser(name), list(text))) == expected, text


@pytest.mark.parametrize("name", TEXTS)
def test_arguments_leave_as_they_come(name: str) -> None:
    """Of a long text in the arguments each piece leaves at once, and nothing is kept to be read again."""
    text, _ = TEXTS[name][0]
    before, after = text.split("Paris", 1)
    reader = parser(name)
    reader.push(before)
    for word in ("Paris", " and", " the", " rest") * 9:
        assert reader.push(word) == [("arguments", word)]
        assert reader._reader._text[reader._reader._at :] == ""
    reader.push(after)
    reader.finish()


@pytest.mark.parametrize("name", TEXTS)
def test_arguments_begin_right_behind_the_name(name: str) -> None:
    text, _ = TEXTS[name][0]
    reader = parser(name)
    seen: list[tuple[int, str]] = []
    for number, char in enumerate(text):
        seen += [(number, event.kind) for event in reader.push(char)]
    kinds = [kind for _, kind in seen]
    named = kinds.index("name")
    assert kinds[named + 1] == "arguments"
    assert seen[named + 1][0] - seen[named][0] <= 2  # characters: fewer tokens


def test_json_arguments_are_the_models_own() -> None:
    spaced = '{ "city" :\t"P\\u00e9"}'
    text = f'<tool_call>{{"name": "f", "arguments": {spaced}}}</tool_call>'
    assert message(events(parser("hermes"), [text])) == {"calls": [["f", spaced]]}
    assert json.loads(spaced) == {"city": "Pé"}


def test_template_shows_the_format() -> None:
    shown = {
        "{{ '<tool_call>' }}": "hermes",
        "{{ '<tool_call>\\n<function=example>' }}": "qwen3_coder",
        "{{ '[TOOL_CALLS]' }}": "mistral",
        "{{ '<|python_tag|>' }}": "llama3_json",
        "{% for tool in tools %}": "json",
    }
    for template, name in shown.items():
        assert tool_format("auto", template) is FORMATS[name]
    assert tool_format("auto", "{{ messages }}") is None


def test_document_tells_every_format() -> None:
    document = (Path(__file__).parents[3] / "docs" / "server.md").read_text()
    for flag, formats in (("--tool-call-parser", FORMATS), ("--reasoning-parser", REASONING)):
        table = document.partition(f"| `{flag}` |")[2].partition("\n\n")[0]
        rows = table.splitlines()[2:]
        assert {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])} == formats.keys()
