"""Streams of the Responses, image and audio APIs: events in, a verdict at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import martlet
from martlet.protocol.responses import Response
from tests.client.callers import Caller
from tests.client.scripted import CLOSE, DONE, END, SSE_HEAD, ScriptedServer, chunked, frame
from tests.client.test_resources import RESPONSE, WAV

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]
STARTED = {**RESPONSE, "status": "in_progress", "output": []}
MESSAGE = {**RESPONSE["output"][0], "status": "in_progress", "content": []}
CALL = {
    "type": "function_call",
    "id": "fc",
    "call_id": "c",
    "name": "f",
    "arguments": "",
    "status": "in_progress",
}


def event(kind: str, number: int, **fields: Any) -> bytes:
    """One event as OpenAI and vLLM write it, with its name before the data."""
    body = frame({"type": kind, "sequence_number": number, **fields})
    return chunked(f"event: {kind}\n".encode()) + body


TEXT = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
EVENTS = [
    event("response.created", 0, response=STARTED),
    event("response.output_item.added", 1, output_index=0, item=MESSAGE),
    event("response.output_text.delta", 2, **TEXT, delta="Hel", logprobs=[]),
    event("response.output_text.delta", 3, **TEXT, delta="lo", logprobs=[]),
    event("response.output_item.done", 4, output_index=0, item=RESPONSE["output"][0]),
    event("response.completed", 5, response=RESPONSE),
]


def test_response_comes_as_events_like_the_official_ones(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *EVENTS, END])
    ours, theirs = (
        caller.items(
            caller.run(caller.client(server.url, package).responses.create(input="x", model="m", stream=True))
        )
        for package in (martlet, openai)
    )
    assert [item.to_dict() for item in ours] == [item.to_dict() for item in theirs]
    assert [type(item).__name__ for item in ours] == [type(item).__name__ for item in theirs]
    assert ours[-1].response.output_text == "Hello"
    assert server.seen[0].json == server.seen[1].json == {"input": "x", "model": "m", "stream": True}


def test_response_is_taken_up_again_as_officially(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *EVENTS[4:], END])
    for package in (martlet, openai):
        client = caller.client(server.url, package)
        items = caller.items(caller.run(client.responses.retrieve("r1", stream=True, starting_after=3)))
        assert [item.sequence_number for item in items] == [4, 5]
    for seen in server.seen:
        assert (seen.method, seen.target.partition("?")[0]) == ("GET", "/v1/responses/r1")
        assert sorted(seen.target.partition("?")[2].split("&")) == ["starting_after=3", "stream=true"]


@pytest.mark.parametrize("kind", ["response.failed", "response.incomplete"])
def test_response_that_fails_is_a_complete_stream(play: Play, caller: Caller, kind: str) -> None:
    final = {**STARTED, "status": kind.partition(".")[2]}
    server = play([SSE_HEAD, EVENTS[0], event(kind, 1, response=final), END])
    stream = caller.run(caller.client(server.url).responses.create(input="x", stream=True))
    assert [item.type for item in caller.items(stream)] == ["response.created", kind]


def test_response_cut_short_keeps_what_had_arrived(play: Play, caller: Caller) -> None:
    more = [
        *EVENTS[:4],
        event("response.output_item.added", 4, output_index=1, item=CALL),
        event("response.function_call_arguments.delta", 5, item_id="fc", output_index=1, delta='{"a"'),
    ]
    for ending in ([CLOSE], [END]):
        server = play([SSE_HEAD, *more, *ending])
        stream = caller.run(caller.client(server.url).responses.create(input="x", stream=True))
        with pytest.raises(martlet.StreamInterrupted) as caught:
            caller.items(stream)
        partial = caught.value.partial
        assert isinstance(partial, Response)
        assert partial.id == "resp_1"
        assert partial.output_text == "Hello"
        assert partial.to_dict()["output"][1]["arguments"] == '{"a"'
        assert caught.value.num_events == 6


def test_response_that_never_began_has_no_partial(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, CLOSE])
    stream = caller.run(caller.client(server.url).responses.create(input="x", stream=True))
    with pytest.raises(martlet.StreamInterrupted) as caught:
        caller.items(stream)
    assert caught.value.partial is None


DELTA = {"type": "transcript.text.delta", "delta": "hi "}
TEXT_DONE = {"type": "transcript.text.done", "text": "hi you"}


def chunk(text: str, finish: str | None) -> bytes:
    choice = {"delta": {"content": text}, "finish_reason": finish}
    head = {"id": "trsc-1", "object": "transcription.chunk", "created": 1, "model": "w"}
    return frame({**head, "choices": [choice]})


def transcribe(caller: Caller, server: ScriptedServer, package: Any = martlet) -> Any:
    audio = caller.client(server.url, package).audio
    return caller.run(audio.transcriptions.create(file=WAV, model="w", stream=True))


@pytest.mark.parametrize("ending", [[DONE, END], [END]])
def test_transcript_comes_as_events_like_the_official_ones(
    play: Play, caller: Caller, ending: list[Any]
) -> None:
    server = play([SSE_HEAD, frame(DELTA), frame(TEXT_DONE), *ending])
    ours, theirs = (caller.items(transcribe(caller, server, package)) for package in (martlet, openai))
    assert [item.to_dict() for item in ours] == [item.to_dict() for item in theirs] == [DELTA, TEXT_DONE]
    assert b'name="stream"\r\n\r\ntrue\r\n' in server.seen[0].body


def test_transcript_of_vllm_comes_in_chunks(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, chunk("hi ", None), chunk("you", "stop"), DONE, END])
    items = caller.items(transcribe(caller, server))
    assert [item.choices[0].delta.content for item in items] == ["hi ", "you"]


@pytest.mark.parametrize("first", [frame(DELTA), chunk("hi ", None)])
def test_transcript_cut_short_keeps_its_text(play: Play, caller: Caller, first: bytes) -> None:
    stream = transcribe(caller, play([SSE_HEAD, first, END]))
    with pytest.raises(martlet.StreamInterrupted) as caught:
        caller.items(stream)
    assert caught.value.partial == "hi "


PICTURE = {
    "b64_json": "AAAA",
    "background": "auto",
    "created_at": 1,
    "output_format": "png",
    "quality": "low",
    "size": "1x1",
}


@pytest.mark.parametrize(("method", "word"), [("generate", "image_generation"), ("edit", "image_edit")])
def test_picture_comes_in_stages(play: Play, caller: Caller, method: str, word: str) -> None:
    part = {"type": f"{word}.partial_image", "partial_image_index": 0, **PICTURE}
    usage = {
        "input_tokens": 1,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": 1},
        "output_tokens": 1,
        "total_tokens": 2,
    }
    last = {"type": f"{word}.completed", "usage": usage, **PICTURE}
    params = {"prompt": "p", "stream": True} | ({"image": b"1"} if method == "edit" else {})
    server = play([SSE_HEAD, frame(part), frame(last), END])
    for package in (martlet, openai):
        stream = caller.run(getattr(caller.client(server.url, package).images, method)(**params))
        assert [item.to_dict() for item in caller.items(stream)] == [part, last]
    broken = play([SSE_HEAD, frame(part), END])
    stream = caller.run(getattr(caller.client(broken.url).images, method)(**params))
    with pytest.raises(martlet.StreamInterrupted) as caught:
        caller.items(stream)
    assert caught.value.partial.partial_image_index == 0
