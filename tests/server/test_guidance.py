"""What random tokens become under the constraints of tool calls, reasoning and formats together."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from martlet.engine.chat_template import ChatTemplate
from martlet.engine.constraints import Constraint, GrammarCompiler
from martlet.engine.text import Detokenizer, Tokenizer
from martlet.protocol.chat import ChatCompletionRequest
from martlet.protocol.errors import decode_request
from martlet.server.errors import InvalidRequest
from martlet.server.parsing import Event
from martlet.server.parsing.tools import FORMATS
from martlet.server.settings import ServerSettings
from martlet.server.translate.constraints import RequestedConstraint, constraint_of
from martlet.server.translate.guidance import guided
from martlet.server.translate.outputs import OutputFormats, OutputPlan
from martlet.server.translate.tools import tool_use
from tests.server.parsing.reading import message
from tests.server.scripted import tokenizer_with
from tests.servers import TINY_LLAMA

TOKENIZER = tokenizer_with(TINY_LLAMA, "[TOOL_CALLS]", "[ARGS]", "<think>", "</think>")
COMPILER = GrammarCompiler(TOKENIZER, TOKENIZER.vocab_size)
STRICT = {
    "name": "look_up",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {
            "word": {"type": "string", "maxLength": 4},
            "count": {"enum": [1, 2, 3]},
            "exact": {"type": "boolean"},
            "where": {"$ref": "#/$defs/place"},
        },
        "required": ["word", "where"],
        "$defs": {"place": {"type": "array", "items": {"type": "integer", "maximum": 9}, "maxItems": 2}},
    },
}
BARE = {"name": "now"}
ANSWER = {
    "type": "object",
    "properties": {"a": {"enum": ["b"]}},
    "required": ["a"],
    "additionalProperties": False,
}


def plan_of(format: str, prompt: str = "", **fields: Any) -> tuple[OutputPlan, RequestedConstraint | None]:
    body = {"messages": [], "tools": [{"type": "function", "function": each} for each in (STRICT, BARE)]}
    request = decode_request(ChatCompletionRequest, json.dumps({**body, **fields}).encode())
    settings = ServerSettings(
        served_model_names=("m",), tool_call_parser=format, reasoning_parser=fields.get("reasoning", "")
    )
    plan = OutputFormats(TOKENIZER, settings).plan(request, tool_use(request), prompt)
    return plan, guided(constraint_of(request), plan)


def walk(constraint: Constraint, plan: OutputPlan, seed: int, max_tokens: int = 500) -> dict[str, Any]:
    """Draw tokens at random until nothing may follow, and read what they say."""
    draw = random.Random(seed)
    matcher = COMPILER.compile(constraint).matcher()._matcher
    text = Detokenizer(TOKENIZER, (), True, plan.visible_token_ids)
    parser = plan.reader()._parser
    events: list[Event] = []
    for _ in range(max_tokens):
        mask = np.frombuffer(matcher.compute_bitmask(), np.uint8)
        allowed = np.flatnonzero(np.unpackbits(mask, count=TOKENIZER.vocab_size, bitorder="little"))
        ends = [id for id in allowed if id in TOKENIZER.eos_token_ids]
        if ends:
            return message([*events, *parser.push(text.flush()), *parser.finish()])
        token_id = int(draw.choice(list(allowed)))
        assert matcher.consume_token(token_id)
        events += parser.push(text.push([token_id]))
    raise AssertionError(f"no end: {message(events)}")


def check(call: list[str]) -> None:
    name, arguments = call
    found = json.loads(arguments)
    if name == "now":
        assert isinstance(found, dict)
        return
    assert name == "look_up"
    assert {"word", "where"} <= found.keys() <= {"word", "where", "count", "exact"}
    assert len(found["word"]) <= 4
    assert found.get("count", 1) in (1, 2, 3)
    assert isinstance(found.get("exact", True), bool)
    assert all(number <= 9 for number in found["where"])


@pytest.mark.parametrize("format", FORMATS)
def test_forced_calls_are_read_as_calls(format: str) -> None:
    for choice, seed in (("required", 1), ("required", 2), ({"function": {"name": "look_up"}}, 3)):
        plan, asked = plan_of(format, tool_choice=choice, parallel_tool_calls=False)
        assert asked is not None
        found = walk(asked.constraint, plan, seed)
        assert list(found) == ["calls"]
        [call] = found["calls"]
        check(call)
        assert call[0] == "look_up" or choice == "required"


@pytest.mark.parametrize("format", FORMATS)
def test_reasoning_goes_before_a_forced_call(format: str) -> None:
    _, asked = plan_of(format, tool_choice="required", reasoning="think", prompt="<think>\n")
    assert asked is not None
    matcher = COMPILER.compile(asked.constraint).matcher()._matcher
    before = TOKENIZER.encode('so {"a": <tool_call> [', add_special_tokens=False)
    assert matcher.try_consume_tokens(before) == len(before)
    end = TOKENIZER.token_to_id("</think>")
    assert end is not None
    assert matcher.try_consume_tokens([end]) == 1
    assert matcher.try_consume_tokens(TOKENIZER.encode("so", add_special_tokens=False)) == 0


@pytest.mark.parametrize("format", FORMATS)
def test_strict_function_binds_calls_and_no_text(format: str) -> None:
    plan, asked = plan_of(format)
    assert asked is not None
    assert plan.tool_format is not None
    matcher = COMPILER.compile(asked.constraint).matcher()._matcher
    text = TOKENIZER.encode("Hello there.", add_special_tokens=False)
    free = matcher.deep_copy()
    assert free.try_consume_tokens(text) == len(text)
    assert free.is_accepting()
    bound = plan_of(format, tool_choice="required", parallel_tool_calls=False)[1]
    assert bound is not None
    draw, written = matcher.deep_copy(), COMPILER.compile(bound.constraint).matcher()._matcher
    rng = random.Random(7)
    for _ in range(500):  # whatever a forced call may be, an unforced one may be too
        mask = np.frombuffer(written.compute_bitmask(), np.uint8)
        allowed = np.flatnonzero(np.unpackbits(mask, count=TOKENIZER.vocab_size, bitorder="little"))
        if any(id in TOKENIZER.eos_token_ids for id in allowed):
            break
        token_id = int(rng.choice(list(allowed)))
        assert written.consume_token(token_id)
        assert draw.try_consume_tokens([token_id]) == 1
    assert draw.is_accepting()


def test_format_may_be_left_for_a_call() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": ANSWER}}
    tools = [{"type": "function", "function": STRICT}]
    plan, asked = plan_of("hermes", response_format=schema, tools=tools)
    assert asked is not None
    kinds: set[str] = set()
    for seed in range(6):
        found = walk(asked.constraint, plan, seed)
        kinds |= found.keys()
        if "content" in found:
            assert json.loads(found["content"]) == {"a": "b"}
        for call in found.get("calls", ()):
            check(call)
    assert kinds == {"content", "calls"}


def test_named_function_goes_with_no_format() -> None:
    with pytest.raises(InvalidRequest, match="response_format"):
        plan_of(
            "hermes",
            tool_choice={"type": "function", "function": {"name": "now"}},
            response_format={"type": "json_object"},
        )


def test_schema_beyond_following_is_let_go_unless_strict() -> None:
    odd = {"type": "object", "properties": {"a": {"type": "array", "uniqueItems": "maybe", "minItems": -1}}}
    tools = [{"type": "function", "function": {"name": "f", "parameters": odd}}]
    _, asked = plan_of("hermes", tools=tools, tool_choice="required")
    assert asked is not None
    assert asked.compile(COMPILER) is not None
    tools[0]["function"]["strict"] = True  # type: ignore[index]  # a plain dict
    _, asked = plan_of("hermes", tools=tools, tool_choice="required")
    assert asked is not None
    with pytest.raises(InvalidRequest):
        asked.compile(COMPILER)


def test_format_comes_at_once_where_thinking_is_on_request() -> None:
    template = "{{ messages[0].content }}{% if enable_thinking %} Think.{% endif %}"
    tokenizer = Tokenizer(TOKENIZER._backend, chat_templates={"default": ChatTemplate(template)})
    formats = OutputFormats(tokenizer, ServerSettings(served_model_names=("m",), reasoning_parser="think"))

    def constraint(**fields: Any) -> Constraint:
        body = {"messages": [], "structured_outputs": {"choice": ["yes", "no"]}, **fields}
        request = decode_request(ChatCompletionRequest, json.dumps(body).encode())
        found = guided(constraint_of(request), formats.plan(request, tool_use(request), ""))
        assert found is not None
        return found.constraint

    assert constraint().reasoning is None
    assert constraint(chat_template_kwargs={"enable_thinking": True}).reasoning is not None
