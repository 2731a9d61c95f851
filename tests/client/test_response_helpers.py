"""`responses.parse` and `responses.stream`, beside the official client."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

import martlet
from martlet import (
    APIError,
    ContentFilterFinishReasonError,
    LengthFinishReasonError,
    OpenAIError,
    StreamInterrupted,
)
from martlet.client.parsed_response import ParsedResponse
from tests.client.callers import AsyncCaller, Caller
from tests.client.scripted import CLOSE, DONE, END, PATIENCE_S, SILENCE, SSE_HEAD, Scene, frame, http

openai = pytest.importorskip("openai")
import pydantic  # noqa: E402


class Place(pydantic.BaseModel):
    """A place."""

    city: str
    degrees: float


class Spot(msgspec.Struct):
    city: str
    degrees: float


@dataclass
class Site:
    city: str
    degrees: float


TEXT = '{"city": "Rome", "degrees": 21.5}'
PIECES = ['{"city": "Ro', 'me", "degrees"', ": 21.5}"]
ARGUMENTS = ['{"city": "Oslo"', ', "degrees": -1}']
ROME, OSLO = Place(city="Rome", degrees=21.5), Place(city="Oslo", degrees=-1)
HI: dict[str, Any] = {"model": "tiny", "input": "hi"}
PLAIN = {"type": "function", "name": "plain", "parameters": {}, "strict": True}
LOOSE = {"type": "function", "name": "loose", "parameters": {}}


def message(text: str | None = TEXT, **fields: Any) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": [], "logprobs": None}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [part],
        **fields,
    }


def call(name: str = "Place", arguments: str = "".join(ARGUMENTS), **fields: Any) -> dict[str, Any]:
    head = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "status": "completed"}
    return {**head, "name": name, "arguments": arguments, **fields}


def response(*output: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1795382484,
        "model": "tiny",
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "status": "completed",
        "temperature": 1.0,
        "top_p": 1.0,
        **fields,
    }


def cut(reason: str) -> dict[str, Any]:
    return {"status": "incomplete", "incomplete_details": {"reason": reason}}


def events(pieces: list[str] = PIECES, last: str = "response.completed", **fields: Any) -> list[bytes]:
    """The events of a response of a text and a call."""
    text = "".join(pieces)
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    at_call = {"item_id": "fc_1", "output_index": 1}
    told: list[tuple[str, dict[str, Any]]] = [
        ("response.created", {"response": response(status="in_progress")}),
        ("response.output_item.added", {"output_index": 0, "item": message(content=[])}),
        (
            "response.content_part.added",
            {**at, "part": {"type": "output_text", "text": "", "annotations": []}},
        ),
        *(("response.output_text.delta", {**at, "delta": piece, "logprobs": []}) for piece in pieces),
        ("response.output_text.done", {**at, "text": text, "logprobs": []}),
        ("response.output_item.done", {"output_index": 0, "item": message(text)}),
        ("response.output_item.added", {"output_index": 1, "item": call(arguments="")}),
        *(("response.function_call_arguments.delta", {**at_call, "delta": piece}) for piece in ARGUMENTS),
        (
            "response.function_call_arguments.done",
            {**at_call, "arguments": "".join(ARGUMENTS), "name": "Place"},
        ),
        ("response.output_item.done", {"output_index": 1, "item": call()}),
        (last, {"response": response(message(text), call(), **fields)}),
    ]
    return [frame({"type": kind, "sequence_number": n, **rest}) for n, (kind, rest) in enumerate(told)]


def scene(*frames: bytes) -> Scene:
    return [SSE_HEAD, *frames, DONE, END]


def parse(caller: Caller, play: Any, *output: dict[str, Any], package: Any = martlet, **params: Any) -> Any:
    fields = params.pop("fields", {})
    server = play([http(body=response(*output, **fields), x_request_id="req-9")])
    return caller.run(caller.client(server.url, package).responses.parse(**HI, **params))


def enter(caller: Caller, manager: Any) -> Any:
    return caller.run(manager.__aenter__() if isinstance(caller, AsyncCaller) else manager.__enter__())


def leave(caller: Caller, manager: Any) -> None:
    close = manager.__aexit__ if isinstance(caller, AsyncCaller) else manager.__exit__
    caller.run(close(None, None, None))


def told(event: Any) -> tuple[Any, ...]:
    names = ("sequence_number", "delta", "snapshot", "text", "arguments", "parsed")
    own = {name: getattr(event, name) for name in names if hasattr(event, name)}
    reply = getattr(event, "response", None)
    return event.type, own, None if reply is None else (reply.id, getattr(reply, "output_parsed", None))


def follow(caller: Caller, url: str, package: Any = martlet, **params: Any) -> tuple[list[Any], Any]:
    """What a stream tells, and its final response or what that raised."""
    manager = caller.client(url, package).responses.stream(**params)
    stream = enter(caller, manager)
    seen = [told(event) for event in caller.items(stream)]
    try:
        return seen, caller.run(stream.get_final_response())
    except (OpenAIError, openai.OpenAIError, RuntimeError) as error:
        return seen, error
    finally:
        leave(caller, manager)


# --- parse ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Place, ROME),
        (Spot, Spot("Rome", 21.5)),
        (Site, Site("Rome", 21.5)),
        (dict[str, Any], json.loads(TEXT)),
    ],
)
def test_text_is_read_as_the_type(play: Any, caller: Caller, kind: Any, value: Any) -> None:
    parsed = parse(caller, play, message(), text_format=kind)
    assert type(parsed) is ParsedResponse
    assert parsed.output_parsed == value
    assert parsed.output_text == TEXT
    assert parsed._request_id == "req-9"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"text_format": Place},
        {"text_format": Place, "text": {"verbosity": "low"}},
        {"tools": [PLAIN, LOOSE], "text": {"format": {"type": "json_object"}}},
        {"tools": "flat"},
        {"tools": "chat"},
        {"parse_as": Place},
    ],
)
def test_request_and_result_are_the_official_ones(play: Any, caller: Caller, params: dict[str, Any]) -> None:
    server = play([http(body=response(message(), call(), call("plain", "[1]"), call("loose", "{}")))])
    results = []
    for package in (martlet, openai):
        made = dict(params)
        if params.get("tools") == "flat":
            made["tools"] = iter([package.pydantic_responses_function_tool(Place, defer_loading=True), PLAIN])
        elif params.get("tools") == "chat":
            made["tools"] = [package.pydantic_function_tool(Place, description="d"), LOOSE]
        parsed = caller.run(caller.client(server.url, package).responses.parse(**HI, **made))
        arguments = [getattr(item, "parsed_arguments", "none") for item in parsed.output]
        results.append((parsed.output_parsed, arguments))
    assert results[0] == results[1]
    assert server.seen[0].json == server.seen[1].json


def test_parsed_response_is_still_what_the_server_sent(play: Any, caller: Caller) -> None:
    sent = response(message(vendor=1), call())
    tools = [martlet.responses_function_tool(Place)]
    parsed = parse(caller, play, *sent["output"], text_format=Spot, tools=tools)
    assert parsed.to_dict() == sent
    assert parsed.output[1].parsed_arguments == OSLO
    dumped = parsed.model_dump()["output"]
    assert dumped[0]["content"][0]["parsed"] == json.loads(TEXT)
    assert dumped[1]["parsed_arguments"] == json.loads("".join(ARGUMENTS))
    assert pickle.loads(pickle.dumps(parsed)) == parsed
    server = play([http(body=response())])
    caller.run(caller.client(server.url).responses.create(model="m", input=parsed.output))
    assert server.seen[0].json["input"] == sent["output"]


def test_call_in_a_namespace_is_read_by_the_tool_there(play: Any, caller: Caller) -> None:
    inside = martlet.responses_function_tool(Spot, name="Place")
    tools = [martlet.responses_function_tool(Place), {"type": "namespace", "name": "n", "tools": [inside]}]
    calls = [call(), call(namespace="n"), call(namespace="other")]
    read = [item.parsed_arguments for item in parse(caller, play, *calls, tools=tools).output]
    assert read == [OSLO, Spot("Oslo", -1.0), None]


def test_only_the_answer_is_parsed(play: Any, caller: Caller) -> None:
    on_the_way = message("let me see", phase="commentary")
    parsed = parse(caller, play, on_the_way, message(phase="final_answer"), text_format=Place)
    assert parsed.output_parsed == ROME
    refused = message(content=[{"type": "refusal", "refusal": "no"}])
    assert parse(caller, play, refused, text_format=Place).output_parsed is None
    assert parse(caller, play, message(""), text_format=Place).output_parsed is None


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("max_output_tokens", LengthFinishReasonError),
        ("content_filter", ContentFilterFinishReasonError),
    ],
)
def test_response_cut_off_is_an_error_that_holds_it(
    play: Any, caller: Caller, reason: str, error: Any
) -> None:
    with pytest.raises(error) as caught:
        parse(caller, play, message('{"city": "Ro'), text_format=Place, fields=cut(reason))
    assert caught.value.completion.output_text == '{"city": "Ro'
    whole = parse(caller, play, message("Once"), fields=cut(reason))  # nothing is to be parsed
    assert (whole.output_text, whole.output_parsed) == ("Once", None)


def test_text_that_does_not_fit_raises_the_validation_error(play: Any, caller: Caller) -> None:
    with pytest.raises(pydantic.ValidationError):
        parse(caller, play, message("{}"), text_format=Place)
    with pytest.raises(msgspec.ValidationError) as caught:
        parse(caller, play, message("{}"), text_format=Spot)
    error: Any = caught.value
    assert error.completion.output_text == "{}"


@pytest.mark.parametrize("output", ["x", [None, 3], [{"type": "message", "content": "x"}], [{"type": "?"}]])
def test_junk_in_a_response_stays_as_it_is(play: Any, caller: Caller, output: Any) -> None:
    parsed = parse(caller, play, text_format=Place, fields={"output": output})
    assert parsed.to_dict()["output"] == output


def test_output_and_content_are_lists_also_where_null_was_sent(play: Any, caller: Caller) -> None:
    empty = parse(caller, play, text_format=Place, fields={"output": None})
    assert (empty.output, empty.output_parsed, empty.output_text) == ([], None, "")
    empty = parse(caller, play, message(content=None), message(None), text_format=Place)
    assert (empty.output[0].content, empty.output_parsed, empty.output_text) == ([], None, "")


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text_format": object}, "cannot describe object"),
        ({"text_format": {"type": "json_object"}}, "text_format is a type"),
        ({"text_format": Place, "text": {"format": {"type": "text"}}}, "Cannot mix and match"),
        ({"stream": True}, r"unexpected keyword argument 'stream'|use responses.stream\(\)"),
        ({"temprature": 1}, "did you mean 'temperature'"),
    ],
)
@pytest.mark.parametrize("method", ["parse", "stream"])
def test_arguments_are_checked_before_anything_is_sent(
    play: Any, caller: Caller, method: str, params: dict[str, Any], words: str
) -> None:
    server = play([http(body=response())])
    with pytest.raises(TypeError, match=words):
        caller.run(getattr(caller.client(server.url).responses, method)(**HI, **params))
    assert not server.seen


def test_raw_response_parses_to_the_same(play: Any, caller: Caller) -> None:
    raw = caller.client(play([http(body=response(message()))]).url).responses.with_raw_response
    assert caller.run(raw.parse(**HI, text_format=Place)).parse().output_parsed == ROME


# --- stream -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {**HI},
        {**HI, "text_format": Place},
        {**HI, "text_format": Place, "tools": True},
        {"response_id": "resp_1", "text_format": Place, "tools": True},
        {"response_id": "resp_1", "starting_after": 3},
    ],
)
def test_events_are_the_official_ones(play: Any, caller: Caller, params: dict[str, Any]) -> None:
    server = play(scene(*events()))
    results = []
    for package in (martlet, openai):
        made = dict(params)
        if "tools" in params:
            made["tools"] = [package.pydantic_responses_function_tool(Place)]
        seen, final = follow(caller, server.url, package, **made)
        arguments = [getattr(item, "parsed_arguments", "none") for item in final.output]
        results.append((seen, final.output_parsed, arguments))
    assert results[0] == results[1]
    assert len(results[0][0]) == (10 if "starting_after" in params else 14)
    assert (server.seen[0].method, server.seen[0].target) == (server.seen[1].method, server.seen[1].target)
    if "response_id" not in params:
        assert server.seen[0].json == server.seen[1].json


def test_events_are_still_what_the_server_sent(play: Any, caller: Caller) -> None:
    frames = events()
    manager = caller.client(play(scene(*frames)).url).responses.stream(**HI, text_format=Spot)
    seen = caller.items(enter(caller, manager))
    leave(caller, manager)
    sent = [json.loads(part.split(b"data: ")[1].split(b"\n")[0]) for part in frames]
    assert [event.to_dict() for event in seen] == sent
    assert pickle.loads(pickle.dumps(seen)) == seen
    assert seen[5].model_dump()["snapshot"] == TEXT
    assert seen[6].model_dump()["parsed"] == json.loads(TEXT)


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("max_output_tokens", LengthFinishReasonError),
        ("content_filter", ContentFilterFinishReasonError),
    ],
)
@pytest.mark.parametrize("form", [Place, None])
def test_stream_cut_off_tells_all_and_then_raises(
    play: Any, caller: Caller, form: Any, reason: str, error: Any
) -> None:
    frames = events(PIECES[:1], "response.incomplete", **cut(reason))
    params = {} if form is None else {"text_format": form}
    seen, final = follow(caller, play(scene(*frames)).url, **HI, **params)
    assert isinstance(final, error)
    assert final.completion.output_text == PIECES[0]
    assert len(seen) == len(frames)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (
            {
                "type": "response.failed",
                "response": response(status="failed", error={"code": "server_error", "message": "no GPU"}),
            },
            "no GPU",
        ),
        ({"type": "response.failed", "response": response(status="failed")}, "does not say why"),
        ({"type": "error", "code": "x", "message": "broke", "param": None}, "broke"),
    ],
)
def test_failed_response_raises_what_failed(
    play: Any, caller: Caller, last: dict[str, Any], words: str
) -> None:
    frames = [*events()[:3], frame({"sequence_number": 3, **last})]
    seen, final = follow(caller, play(scene(*frames)).url, **HI)
    assert isinstance(final, APIError)
    assert words in str(final)
    assert [kind for kind, *_ in seen][-1] == last["type"]


def test_output_that_is_null_in_the_last_event_is_what_was_streamed(play: Any, caller: Caller) -> None:
    tools = [martlet.responses_function_tool(Place)]
    url = play(scene(*events(output=None))).url
    _, final = follow(caller, url, **HI, text_format=Place, tools=tools)
    assert final.output_parsed == ROME
    assert [item["type"] for item in final.to_dict()["output"]] == ["message", "function_call"]
    assert final.output[1].parsed_arguments == OSLO
    url = play(scene(*events(PIECES[:1], "response.incomplete", output=None, **cut("x")))).url
    _, error = follow(caller, url, **HI)
    assert error.completion.output_text == PIECES[0]


def test_stream_without_an_outcome_raises(play: Any, caller: Caller) -> None:
    _, final = follow(caller, play(scene(*events()[:3])).url, **HI)
    assert isinstance(final, OpenAIError)
    assert "without `response.completed`" in str(final)


def test_broken_stream_is_told_with_what_had_come(play: Any, caller: Caller) -> None:
    client = caller.client(play([SSE_HEAD, *events()[:5], CLOSE]).url, max_retries=0)
    manager = client.responses.stream(**HI, text_format=Place)
    stream = enter(caller, manager)
    with pytest.raises(StreamInterrupted) as caught:
        caller.run(stream.get_final_response())
    assert caught.value.partial.output_text == "".join(PIECES[:2])
    leave(caller, manager)


def test_leaving_closes_the_connection_at_once(play: Any, caller: Caller) -> None:
    server = play([SSE_HEAD, *events()[:2], SILENCE])
    manager = caller.client(server.url).responses.stream(**HI)
    stream = enter(caller, manager)
    assert caller.next(stream).type == "response.created"
    leave(caller, manager)
    assert server.gone.acquire(timeout=PATIENCE_S)
    with pytest.raises(StreamInterrupted, match="closed by this program"):
        caller.run(stream.until_done())


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "input must be provided"),
        ({"model": "m"}, "input must be provided"),
        ({"input": "x"}, "model must be provided"),
        ({"response_id": "r", "model": "m"}, "does not go with model"),
        ({"response_id": "r", "input": "m", "temperature": 1}, "does not go with input, temperature"),
        ({**HI, "starting_after": 3}, "starting_after goes with response_id"),
    ],
)
def test_keywords_that_do_not_go_together_are_refused(
    caller: Caller, params: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        caller.client("http://127.0.0.1:1/v1").responses.stream(**params)


def test_names_are_where_official_programs_import_them_from() -> None:
    from openai.lib.streaming import responses as theirs

    from martlet.lib.streaming import responses as ours

    assert set(ours.__all__) == {name for name in vars(theirs) if name[0].isupper()}
    assert all(hasattr(ours, name) for name in ours.__all__)
