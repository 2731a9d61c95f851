"""/v1/responses: the official client, ours, and plain HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pydantic
import pytest

import martlet
from tests.server.scripted import (
    THINKING_SETTINGS,
    THOUGHT_TEXT_AND_CALL,
    WEATHER,
    ScriptedEngine,
    ask,
    tokenizer_with,
)
from tests.server.wire import Answer, call, fake_server, gauge, until
from tests.servers import TINY_LLAMA, ServerProcess, start_server

ASK: dict[str, Any] = {"model": "tiny", "input": "Hello", "temperature": 0, "max_output_tokens": 8}
EXTRA = {"ignore_eos": True}


@pytest.fixture
def client(tiny: ServerProcess) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=tiny.url, api_key="EMPTY", max_retries=0) as client:
        yield client


def respond(server: ServerProcess, **fields: Any) -> Answer:
    return call(server, "POST", "/v1/responses", {**ASK, "ignore_eos": True, **fields})


def events_of(answer: Answer) -> list[dict[str, Any]]:
    events = []
    for part in answer.body.decode().removesuffix("\n\n").split("\n\n"):
        name, _, data = part.partition("\ndata: ")
        events.append(json.loads(data))
        assert name == f"event: {events[-1]['type']}"
    return events


# --- making ---------------------------------------------------------------------------------------------


def test_response_is_what_chat_would_say(tiny: ServerProcess, client: openai.OpenAI) -> None:
    response = client.responses.create(**ASK, extra_body=EXTRA)
    chat = client.chat.completions.create(
        model="tiny",
        messages=[{"role": "user", "content": "Hello"}],
        temperature=0,
        max_tokens=8,
        extra_body=EXTRA,
    )
    assert response.output_text == chat.choices[0].message.content != ""
    assert response.status == "incomplete"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.usage is not None
    assert chat.usage is not None
    assert response.usage.input_tokens == chat.usage.prompt_tokens
    assert response.usage.output_tokens == 8
    assert response.usage.total_tokens == chat.usage.total_tokens
    assert response.usage.output_tokens_details.reasoning_tokens == 0


def test_keys_of_a_response_are_vllms(tiny: ServerProcess) -> None:
    body = respond(tiny, metadata={"a": "b"}).json
    assert list(body) == [
        "id", "created_at", "incomplete_details", "instructions", "metadata", "model", "object", "output",
        "parallel_tool_calls", "temperature", "tool_choice", "tools", "top_p", "background",
        "max_output_tokens", "max_tool_calls", "previous_response_id", "prompt", "reasoning", "service_tier",
        "status", "text", "top_logprobs", "truncation", "usage", "user", "presence_penalty",
        "frequency_penalty", "kv_transfer_params", "ec_transfer_params", "input_messages", "output_messages",
    ]  # fmt: skip
    assert body["metadata"] == {"a": "b"}
    assert body["tool_choice"] == "none"
    [item] = body["output"]
    assert list(item) == ["id", "content", "role", "status", "type", "phase"]
    assert item["content"] == [
        {"annotations": [], "text": item["content"][0]["text"], "type": "output_text", "logprobs": None}
    ]
    assert body["usage"]["input_tokens_details"].keys() == {
        "cached_tokens", "cache_write_tokens", "input_tokens_per_turn", "cached_tokens_per_turn",
    }  # fmt: skip


def test_items_and_instructions_are_messages(tiny: ServerProcess) -> None:
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Ho"}]},
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a": 1}'},
        {"type": "function_call_output", "call_id": "c1", "output": "42"},
        {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "hm"}]},
        {"role": "assistant", "content": "So"},
        {"role": "developer", "content": "Be brief"},
    ]
    body = respond(tiny, input=items, instructions="Obey", enable_response_messages=True).json
    part = {"type": "text"}
    assert body["input_messages"] == [
        {"role": "system", "content": "Obey"},
        {"role": "user", "content": [part | {"text": "Hi"}]},
        {
            "role": "assistant",
            "content": [part | {"text": "Ho"}],
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
        {"role": "assistant", "content": [part | {"text": "So"}], "reasoning": "hm"},
        {"role": "developer", "content": [part | {"text": "Be brief"}]},
    ]
    assert body["output_messages"][0]["role"] == "assistant"


def test_next_response_goes_on_from_the_last(client: openai.OpenAI) -> None:
    first = client.responses.create(**ASK, instructions="Be brief", extra_body=EXTRA)
    extra = {**EXTRA, "enable_response_messages": True}
    second: Any = client.responses.create(
        **{**ASK, "input": "More"}, previous_response_id=first.id, extra_body=extra
    )
    assert [message["role"] for message in second.input_messages] == ["user", "assistant", "user"]
    assert second.input_messages[1]["content"] == [{"type": "text", "text": first.output_text}]
    assert second.previous_response_id == first.id
    third: Any = client.responses.create(**ASK, previous_response_id=second.id, extra_body=extra)
    assert len(third.input_messages) == 5


def test_logprobs_come_if_included(client: openai.OpenAI) -> None:
    response = client.responses.create(
        **ASK, include=["message.output_text.logprobs"], top_logprobs=2, extra_body=EXTRA
    )
    message: Any = response.output[0]
    entries = message.content[0].logprobs
    assert len(entries) == 8
    assert all(len(entry.top_logprobs) == 2 for entry in entries)
    assert response.output_text.startswith(entries[0].token)


def test_schema_is_followed(client: openai.OpenAI) -> None:
    class Verdict(pydantic.BaseModel):
        is_good: bool

    ask: Any = {**ASK, "max_output_tokens": 200, "text_format": Verdict}
    parsed = client.responses.parse(**ask, extra_body={"structured_outputs": None})
    assert isinstance(parsed.output_parsed, Verdict)
    with client.responses.stream(**ask) as stream:
        assert isinstance(stream.get_final_response().output_parsed, Verdict)


def test_turns_are_dropped_if_asked_for(tiny: ServerProcess) -> None:
    turn = [{"role": "user", "content": "word " * 20}, {"role": "assistant", "content": "yes"}]
    items = [{"role": "system", "content": "Stay"}, *turn * 30, {"role": "user", "content": "Last"}]
    refused = respond(tiny, input=items)
    assert refused.status == 400
    body = respond(tiny, input=items, truncation="auto", enable_response_messages=True).json
    kept = body["input_messages"]
    assert kept[0] == {"role": "system", "content": [{"type": "text", "text": "Stay"}]}
    assert kept[-1]["content"][0]["text"] == "Last"
    assert 3 < len(kept) < len(items)
    assert kept[1]["role"] == "user"


def test_input_tokens_are_counted(client: openai.OpenAI) -> None:
    response = client.responses.create(**ASK)
    counted = client.responses.input_tokens.count(model="tiny", input="Hello")
    assert response.usage is not None
    assert counted.input_tokens == response.usage.input_tokens


@pytest.mark.parametrize(
    ("fields", "status", "param"),
    [
        ({"input": None}, 400, "body.input"),
        ({"input": []}, 400, None),
        ({"input": [{"type": "item_reference", "id": "x"}]}, 400, "body.input.0"),
        ({"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, 400, "input.0.content.0"),
        ({"input": [{"type": "function_call", "call_id": "c", "name": "f"}]}, 400, "input.0.arguments"),
        ({"model": "nope"}, 404, "model"),
        ({"max_output_tokens": 0}, 400, "max_tokens"),
        ({"previous_response_id": "resp_no"}, 404, "response_id"),
        ({"previous_response_id": "../../etc/passwd"}, 404, "response_id"),
        ({"presence_penalty": 3}, 400, "body.presence_penalty"),
        ({"background": True, "store": False}, 400, "background"),
        ({"conversation": "conv_1"}, 400, "conversation"),
        ({"request_id": "../x"}, 400, "request_id"),
        ({"metadata": {"k" * 65: "v"}}, 400, "metadata"),
        ({"tools": [{"type": "web_search"}]}, 400, "tools.0.type"),
        ({"tool_choice": {"type": "function", "name": "f"}}, 400, "tool_choice"),
        ({"text": {"format": {"type": "json_schema", "name": "x"}}}, 400, "text.format.schema"),
        ({"temperature": 3}, 400, "temperature"),
    ],
)
def test_faulty_request_is_refused(
    tiny: ServerProcess, fields: dict[str, Any], status: int, param: str | None
) -> None:
    answer = respond(tiny, **fields)
    assert (answer.status, answer.error["param"]) == (status, param)


def test_fields_without_effect_are_named(tiny: ServerProcess) -> None:
    answer = respond(tiny, service_tier="flex", odd=1, top_logprobs=2, prompt_cache_key="k", user="me")
    assert set(answer.headers["x-martlet-ignored"].split(", ")) == {
        "service_tier", "odd", "top_logprobs", "prompt_cache_key", "user",
    }  # fmt: skip


# --- streams --------------------------------------------------------------------------------------------


def test_stream_has_vllms_events_in_order(tiny: ServerProcess) -> None:
    answer = respond(tiny, stream=True)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = events_of(answer)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    kinds = [event["type"].removeprefix("response.") for event in events]
    deltas = kinds.count("output_text.delta")
    assert 1 <= deltas <= 8
    assert kinds == [
        "created", "in_progress", "output_item.added", "content_part.added",
        *["output_text.delta"] * deltas,
        "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    whole = respond(tiny).json["output"][0]["content"][0]["text"]
    assert "".join(event["delta"] for event in events if "delta" in event) == whole
    assert [event["text"] for event in events if event["type"] == "response.output_text.done"] == [whole]
    assert events[0]["response"]["status"] == "in_progress"
    assert events[0]["response"]["output"] == []
    assert events[-1]["response"]["status"] == "incomplete"
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == whole
    assert events[-1]["response"]["usage"]["output_tokens"] == 8


def test_clients_read_the_same_stream(tiny: ServerProcess, client: openai.OpenAI) -> None:
    theirs = list(client.responses.create(**ASK, stream=True, extra_body=EXTRA))
    with martlet.OpenAI(base_url=tiny.url) as ours_client:
        ours = list(ours_client.responses.create(**ASK, stream=True, ignore_eos=True))
        with ours_client.responses.stream(**ASK, ignore_eos=True) as stream:
            final = stream.get_final_response()
    assert [event.type for event in theirs] == [event.type for event in ours]
    last: Any = theirs[-1]
    assert final.output_text == last.response.output_text


def test_stream_that_is_left_frees_its_place(tiny: ServerProcess, client: openai.OpenAI) -> None:
    stream = client.responses.create(**{**ASK, "max_output_tokens": 450}, stream=True, extra_body=EXTRA)
    next(iter(stream))
    stream.close()
    until(lambda: gauge(tiny, "vllm:num_requests_running") == 0)


# --- thoughts and calls ---------------------------------------------------------------------------------


def test_thoughts_text_and_calls_are_items() -> None:
    tokenizer = tokenizer_with(TINY_LLAMA, "<think>", "</think>", "<tool_call>", "</tool_call>")
    engine = ScriptedEngine(THOUGHT_TEXT_AND_CALL, tokenizer)
    function: Any = WEATHER["function"]
    body = {"input": "Weather?", "tools": [{"type": "function", **function}]}
    whole = ask(engine, THINKING_SETTINGS, "/v1/responses", **body).json
    thought, message, call = whole["output"]
    assert thought["content"] == [{"text": "hm, weather", "type": "reasoning_text"}]
    assert message["content"][0]["text"] == "Let me look."
    assert (call["type"], call["name"], call["status"]) == ("function_call", "get_weather", "completed")
    assert json.loads(call["arguments"]) == {"city": "Rome"}
    assert whole["status"] == "completed"
    assert whole["usage"]["output_tokens_details"]["reasoning_tokens"] > 0
    assert whole["tool_choice"] == "auto"
    assert whole["tools"][0]["parameters"] == function["parameters"]

    events = events_of(ask(engine, THINKING_SETTINGS, "/v1/responses", stream=True, **body))
    kinds = [event["type"].removeprefix("response.") for event in events]
    once = [kind for i, kind in enumerate(kinds) if i == 0 or kinds[i - 1] != kind]
    assert once == [
        "created", "in_progress",
        "output_item.added", "content_part.added", "reasoning_text.delta",
        "reasoning_text.done", "content_part.done", "output_item.done",
        "output_item.added", "content_part.added", "output_text.delta",
        "output_text.done", "content_part.done", "output_item.done",
        "output_item.added", "function_call_arguments.delta",
        "function_call_arguments.done", "output_item.done",
        "completed",
    ]  # fmt: skip
    [done] = [event for event in events if event["type"] == "response.function_call_arguments.done"]
    assert (done["name"], done["arguments"]) == ("get_weather", call["arguments"])
    pieces = [e["delta"] for e in events if e["type"] == "response.function_call_arguments.delta"]
    assert "".join(pieces) == call["arguments"]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))


# --- kept responses -------------------------------------------------------------------------------------


def test_kept_response_is_fetched_and_deleted(client: openai.OpenAI) -> None:
    made = client.responses.create(**ASK, extra_body=EXTRA)
    assert client.responses.retrieve(made.id).to_dict() == made.to_dict()
    client.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError) as gone:
        client.responses.retrieve(made.id)
    assert gone.value.param == "response_id"
    with pytest.raises(openai.NotFoundError):
        client.responses.delete(made.id)


def test_response_is_not_kept_against_its_will(client: openai.OpenAI) -> None:
    made = client.responses.create(**ASK, store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_input_items_are_listed_in_pages(client: openai.OpenAI) -> None:
    texts: list[Any] = [{"role": "user", "content": f"Number {n}"} for n in range(5)]
    made = client.responses.create(**{**ASK, "input": texts}, extra_body=EXTRA)
    listed: list[Any] = list(client.responses.input_items.list(made.id, limit=2, order="asc"))
    assert [item.content[0].text for item in listed] == [item["content"] for item in texts]
    newest = client.responses.input_items.list(made.id, limit=1)
    assert newest.has_more
    first: Any = newest.data[0]
    assert first.content[0].text == "Number 4"
    with pytest.raises(openai.BadRequestError):
        client.responses.input_items.list(made.id, limit=0)


def test_background_response_is_polled(client: openai.OpenAI) -> None:
    made = client.responses.create(**ASK, background=True, extra_body=EXTRA)
    assert made.status == "queued"
    done = poll(client, made.id)
    assert done.status == "incomplete"
    assert done.output_text == client.responses.create(**ASK, extra_body=EXTRA).output_text
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(made.id)


def poll(client: openai.OpenAI, response_id: str) -> Any:
    deadline = time.monotonic() + 60
    while True:
        found = client.responses.retrieve(response_id)
        if found.status not in ("queued", "in_progress"):
            return found
        assert time.monotonic() < deadline


def test_background_response_is_cancelled() -> None:
    ask: dict[str, Any] = {"model": "fake", "input": "Hello", "max_output_tokens": 50_000}
    with (
        fake_server("slow", "0.01") as server,
        openai.OpenAI(base_url=server.url, api_key="EMPTY", max_retries=0) as client,
    ):
        made = client.responses.create(**ask, background=True)
        assert client.responses.cancel(made.id).status == "cancelled"
        assert client.responses.retrieve(made.id).status == "cancelled"
        assert client.responses.cancel(made.id).status == "cancelled"
        until(lambda: gauge(server, "vllm:num_requests_running") == 0)


def test_background_response_of_an_id_that_is_taken_replaces_the_other(
    tiny: ServerProcess, client: openai.OpenAI
) -> None:
    for max_output_tokens in (30, 300):
        respond(tiny, request_id="same", background=True, max_output_tokens=max_output_tokens)
    until(lambda: client.responses.retrieve("same").status == "incomplete")
    usage = client.responses.retrieve("same").usage
    assert usage is not None
    assert usage.output_tokens == 300


def test_background_stream_is_taken_up_again(client: openai.OpenAI) -> None:
    ask: Any = {**ASK, "background": True, "stream": True, "extra_body": EXTRA}
    stream = client.responses.create(**ask)
    events = [next(iter(stream)) for _ in range(3)]
    stream.close()
    response_id = events[0].response.id
    later = list(client.responses.retrieve(response_id, stream=True, starting_after=2))
    assert [event.sequence_number for event in later] == list(range(3, 3 + len(later)))
    assert later[-1].type == "response.completed"
    again = list(client.responses.retrieve(response_id, stream=True))
    assert [event.type for event in again[3:]] == [event.type for event in later]


def test_many_background_responses_are_made_at_once(tiny: ServerProcess) -> None:
    async def main() -> set[str]:
        async with openai.AsyncOpenAI(base_url=tiny.url, api_key="EMPTY", max_retries=0) as client:

            async def one() -> str:
                made = await client.responses.create(**ASK, background=True, extra_body=EXTRA)
                while made.status in ("queued", "in_progress"):
                    made = await client.responses.retrieve(made.id)
                return str(made.output_text)

            return set(await asyncio.gather(*(one() for _ in range(20))))

    assert len(asyncio.run(main())) == 1


def test_kept_responses_outlive_a_killed_server(tmp_path: Path) -> None:
    arguments = (str(TINY_LLAMA), "--served-model-name", "tiny", "--storage-dir", str(tmp_path / "kept"))
    with start_server(*arguments) as server:
        done = respond(server).json
        open_one = respond(server, background=True, max_output_tokens=450, model="tiny").json
        server.process.kill()
        server.process.wait(60)
    with start_server(*arguments) as server:
        assert call(server, "GET", f"/v1/responses/{done['id']}").json == done
        assert respond(server, previous_response_id=done["id"]).status == 200
        interrupted = call(server, "GET", f"/v1/responses/{open_one['id']}").json
        assert interrupted["status"] in ("failed", "incomplete")  # it may have been quick
