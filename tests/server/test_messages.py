"""/v1/messages: Anthropic's client, and plain HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.asgi import post
from tests.server.fakes import FakeEngine
from tests.server.scripted import (
    THINKING_SETTINGS,
    THOUGHT_TEXT_AND_CALL,
    WEATHER,
    ScriptedEngine,
    ask,
    tokenizer_with,
)
from tests.server.wire import Answer, call, chat
from tests.servers import TINY_LLAMA, ServerProcess

HELLO: list[Any] = [{"role": "user", "content": "Hello"}]
ASK: dict[str, Any] = {"model": "tiny", "messages": HELLO, "max_tokens": 8, "temperature": 0}
SCHEMA: Any = WEATHER["function"]
WEATHER_TOOL: dict[str, Any] = {"name": "get_weather", "input_schema": SCHEMA["parameters"]}


def send(server: ServerProcess, **fields: Any) -> Answer:
    return call(server, "POST", "/v1/messages", {**ASK, **fields})


def events_of(answer: Answer) -> list[dict[str, Any]]:
    events = []
    for part in answer.body.decode().removesuffix("\n\n").split("\n\n"):
        name, _, data = part.partition("\ndata: ")
        events.append(json.loads(data))
        assert name == f"event: {events[-1]['type']}"
    return events


def test_message_is_what_chat_would_say(tiny: ServerProcess) -> None:
    body = send(tiny).json
    said = chat(tiny, max_tokens=8, ignore_eos=False).json
    assert body == {
        "type": "message",
        "id": body["id"],
        "role": "assistant",
        "content": [{"type": "text", "text": said["choices"][0]["message"]["content"]}],
        "model": "tiny",
        "stop_reason": "max_tokens",
        "usage": {"input_tokens": said["usage"]["prompt_tokens"], "output_tokens": 8},
    }
    assert body["id"].startswith("chatcmpl-")


def test_stream_has_vllms_events_in_order(tiny: ServerProcess) -> None:
    whole = send(tiny).json
    events = events_of(send(tiny, stream=True))
    kinds = [event["type"] for event in events]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(kinds[2:-3]) == {"content_block_delta"}
    start = events[0]["message"]
    assert start["content"] == []
    assert start["usage"] == {"input_tokens": whole["usage"]["input_tokens"], "output_tokens": 0}
    assert events[1] == {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "text", "text": ""},
    }
    text = "".join(event["delta"]["text"] for event in events[2:-3])
    assert text == whole["content"][0]["text"]
    assert events[-2] == {
        "type": "message_delta",
        "delta": {"stop_reason": "max_tokens", "stop_sequence": None},
        "usage": whole["usage"],
    }


def test_stop_sequence_is_named(tiny: ServerProcess) -> None:
    text = send(tiny).json["content"][0]["text"]
    stop = text[2:4]
    body = send(tiny, stop_sequences=[stop]).json
    assert (body["stop_reason"], body["stop_sequence"]) == ("stop_sequence", stop)
    assert body["content"][0]["text"] == text[: text.index(stop)]
    delta = events_of(send(tiny, stop_sequences=[stop], stream=True))[-2]["delta"]
    assert delta == {"stop_reason": "stop_sequence", "stop_sequence": stop}


def test_tokens_are_counted_however_many(tiny: ServerProcess) -> None:
    path = "/v1/messages/count_tokens"
    body = {"model": "tiny", "messages": HELLO}
    count = send(tiny).json["usage"]["input_tokens"]
    assert call(tiny, "POST", path, body).json == {
        "input_tokens": count,
        "context_management": {"original_input_tokens": count},
    }
    long = [{"role": "user", "content": "word " * 2000}]
    assert call(tiny, "POST", path, {**body, "messages": long}).json["input_tokens"] > 2000


def test_schema_is_followed(tiny: ServerProcess) -> None:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    format = {"type": "json_schema", "schema": {**schema, "additionalProperties": False}}
    body = send(tiny, output_config={"format": format}, max_tokens=200).json
    assert isinstance(json.loads(body["content"][0]["text"])["ok"], bool)


# --- blocks, tools, thoughts ----------------------------------------------------------------------------


@pytest.fixture
def engine() -> ScriptedEngine:
    tokenizer = tokenizer_with(TINY_LLAMA, "<think>", "</think>", "<tool_call>", "</tool_call>")
    return ScriptedEngine(THOUGHT_TEXT_AND_CALL, tokenizer)


def test_thoughts_text_and_tool_use_are_blocks(engine: ScriptedEngine) -> None:
    body: dict[str, Any] = {**ASK, "max_tokens": 400, "tools": [WEATHER_TOOL], "temperature": None}
    whole = ask(engine, THINKING_SETTINGS, "/v1/messages", **body).json
    thought, text, use = whole["content"]
    assert thought == {"type": "thinking", "thinking": "hm, weather", "signature": thought["signature"]}
    assert len(thought["signature"]) == 32
    assert text == {"type": "text", "text": "Let me look."}
    assert use == {"type": "tool_use", "id": use["id"], "name": "get_weather", "input": {"city": "Rome"}}
    assert whole["stop_reason"] == "tool_use"

    events = events_of(ask(engine, THINKING_SETTINGS, "/v1/messages", stream=True, **body))
    starts = [event["content_block"] for event in events if event["type"] == "content_block_start"]
    assert [start["type"] for start in starts] == ["thinking", "text", "tool_use"]
    assert starts[2]["input"] == {}
    deltas = [(event["index"], event["delta"]) for event in events if event["type"] == "content_block_delta"]
    assert "".join(delta.get("thinking", "") for _, delta in deltas) == "hm, weather"
    assert "".join(delta["text"] for index, delta in deltas if index == 1) == "Let me look."
    assert json.loads("".join(delta["partial_json"] for index, delta in deltas if index == 2)) == {
        "city": "Rome"
    }
    assert [delta["type"] for index, delta in deltas if index == 0][-1] == "signature_delta"
    assert events[-2]["delta"] == {"stop_reason": "tool_use", "stop_sequence": None}


def test_blocks_become_a_chat(engine: ScriptedEngine) -> None:
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "x"},
                {"type": "text", "text": "Looking."},
                {"type": "tool_use", "id": "t1", "name": "get_weather", "input": {"city": "Rome"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "21"}]},
                {"type": "text", "text": "And now?"},
            ],
        },
    ]
    system = [{"type": "text", "text": "Be"}, {"type": "text", "text": " brief", "cache_control": {}}]
    answer = ask(engine, THINKING_SETTINGS, "/v1/messages", **{**ASK, "messages": messages, "system": system})
    assert answer.status == 200, answer.body
    [prompt] = engine.prompts
    places = [prompt.index(part) for part in ("Be brief", "Weather?", "Looking.", "21", "And now?")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"model": "nope"}, 404),
        ({"messages": []}, 400),
        ({"temperature": 3}, 400),
        ({"messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]}, 400),
        ({"tool_choice": {"type": "any"}}, 400),
        ({"thinking": {"type": "enabled"}}, 400),
        ({"messages": [{"role": "user", "content": "word " * 2000}]}, 400),
    ],
)
def test_faults_have_their_own_shape(tiny: ServerProcess, fields: dict[str, Any], status: int) -> None:
    answer = send(tiny, **fields)
    assert answer.status == status
    assert answer.json.keys() == {"type", "error"}
    assert answer.json["type"] == "error"
    assert answer.json["error"].keys() == {"type", "message"}


def test_limit_of_no_token_is_told_in_openais_shape(tiny: ServerProcess) -> None:
    error = send(tiny, max_tokens=0).json["error"]
    assert (error["type"], error["param"]) == ("Bad Request", "body.max_tokens")


@pytest.mark.parametrize("field", ["model", "messages", "max_tokens"])
def test_missing_field_is_told_in_openais_shape(tiny: ServerProcess, field: str) -> None:
    body = {key: value for key, value in ASK.items() if key != field}
    answer = call(tiny, "POST", "/v1/messages", body)
    assert answer.status == 400
    assert answer.error["param"] == f"body.{field}"


def test_fields_without_effect_are_named() -> None:
    thinking = {"type": "enabled", "budget_tokens": 2000, "display": "omitted"}
    body = {**ASK, "max_tokens": 2001, "metadata": {"user_id": "u"}, "odd": 1, "thinking": thinking}
    answer = post(FakeEngine(), "/v1/messages", {**body, "model": "fake"})
    assert answer.status == 200, answer.body
    names = set(answer.headers["x-martlet-ignored"].split(", "))
    assert names == {"metadata", "odd", "thinking.budget_tokens", "thinking.display"}


@pytest.mark.parametrize(
    ("thinking", "budget"),
    [
        ({"type": "enabled", "budget_tokens": 2000}, 2000),
        ({"type": "disabled", "budget_tokens": 2000}, None),
        ({"type": "adaptive"}, None),
    ],
)
def test_thinking_budget_acts_where_thoughts_are_told(thinking: dict[str, Any], budget: int | None) -> None:
    engine = ScriptedEngine("hm</think>yes", tokenizer_with(TINY_LLAMA, "<think>", "</think>"))
    body = {**ASK, "model": "tiny", "max_tokens": 2001, "thinking": thinking}
    answer = post(engine, "/v1/messages", body, THINKING_SETTINGS)
    assert answer.status == 200, answer.body
    (params,) = engine.params
    found = params.thinking_budget
    assert (None if found is None else found.max_tokens) == budget
    named = answer.headers.get("x-martlet-ignored", "")
    assert ("budget" in named) == (thinking["type"] == "disabled")


def test_thinking_budget_leaves_room_for_an_answer(tiny: ServerProcess) -> None:
    answer = send(tiny, max_tokens=1024, thinking={"type": "enabled", "budget_tokens": 1024})
    assert (answer.status, answer.error["type"]) == (400, "Bad Request")


# --- Anthropic's client ---------------------------------------------------------------------------------


@pytest.fixture
def client(tiny: ServerProcess) -> Iterator[Any]:
    anthropic = pytest.importorskip("anthropic")
    with anthropic.Anthropic(base_url=tiny.root, auth_token="EMPTY", max_retries=0) as client:
        yield client


def test_anthropics_client_reads_message_and_stream(client: Any) -> None:
    asked: Any = {key: value for key, value in ASK.items() if key != "temperature"} | {
        "extra_body": {"temperature": 0}
    }
    message = client.messages.create(**asked, system="Be brief")
    assert message.content[0].text
    assert message.stop_reason == "max_tokens"
    with client.messages.stream(**asked, system="Be brief") as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text == final.content[0].text == message.content[0].text
    assert final.usage.output_tokens == 8
    counted = client.messages.count_tokens(model="tiny", messages=HELLO, system="Be brief")
    assert counted.input_tokens == message.usage.input_tokens


def test_anthropics_client_raises_its_errors(client: Any) -> None:
    anthropic = pytest.importorskip("anthropic")
    with pytest.raises(anthropic.NotFoundError):
        client.messages.create(model="nope", messages=HELLO, max_tokens=8)
