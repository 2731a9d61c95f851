"""Streams over a real socket: complete, or an exception that holds what had arrived. Nothing in between."""

from __future__ import annotations

import gc
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytest

import martlet
from martlet import APIError, APIResponseValidationError, StreamInterrupted, StreamStalled, Timeout, errors
from martlet.client.calls import CHAT_COMPLETIONS, Call
from martlet.client.partial_response import ResponsePartial
from martlet.client.replies import Reply
from martlet.client.streaming import StreamClocks, StreamDecoder
from martlet.client.transport.base import Head, Origin, Request
from martlet.protocol.base import WireModel, decode_reply
from tests.client.callers import HI, Caller
from tests.client.scripted import (
    CHAT,
    CLOSE,
    COMPLETION,
    DONE,
    END,
    HELLO,
    PATIENCE_S,
    RESET,
    SILENCE,
    SSE_HEAD,
    STREAM,
    ScriptedServer,
    chunk,
    chunked,
    frame,
    http,
    usage_chunk,
    vllm_error,
)

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]
ROLE, TOKEN = chunk("", role="assistant"), chunk("a")
ERROR = frame(json.dumps(vllm_error(500, "engine died", "InternalServerError")))


def start(caller: Caller, url: str, package: ModuleType = martlet, **params: Any) -> Any:
    client = caller.client(url, package, max_retries=0, timeout=params.pop("timeout", 5))
    return caller.run(client.chat.completions.create(**HI, stream=True, **params))


def text_of(chunks: Sequence[Any]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def test_stream_brings_what_the_official_client_gets(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *HELLO, usage_chunk(), DONE, END])
    streams = [start(caller, server.url, package) for package in (martlet, openai)]
    ours, official = (caller.items(stream) for stream in streams)
    assert [item.to_dict() for item in ours] == [item.to_dict() for item in official]
    assert text_of(ours) == "Hello!"
    assert ours[-1].usage.total_tokens == 9
    assert [seen.json for seen in server.seen] == [{**HI, "stream": True}] * 2
    for stream in streams:
        assert stream.response.status_code == 200
        assert stream.response.headers["X-Request-Id"] == "req-7"


def test_completion_stream_brings_what_the_official_client_gets(play: Play, caller: Caller) -> None:
    pieces = [
        {**COMPLETION, "choices": [{"index": 0, "text": text, "finish_reason": finish}]}
        for text, finish in (("a", None), ("b", "stop"))
    ]
    server = play([SSE_HEAD, *map(frame, pieces), DONE, END])
    got = []
    for package in (martlet, openai):
        client = caller.client(server.url, package)
        stream = caller.run(client.completions.create(model="m", prompt="p", stream=True))
        got.append([item.to_dict() for item in caller.items(stream)])
    assert got[0] == got[1] == pieces


def test_stream_is_its_own_iterator_and_ends_once(play: Play, caller: Caller) -> None:
    stream = start(caller, play(STREAM).url)
    assert caller.next(stream).choices[0].delta.role == "assistant"
    assert text_of(caller.items(stream)) == "Hello!"
    assert caller.items(stream) == []
    caller.run(stream.close())
    assert caller.items(stream) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_stream_is_the_same_however_it_is_cut(play: Play, caller: Caller, size: int) -> None:
    events = b"".join([*HELLO, DONE])
    plain = b"".join(piece.split(b"\r\n", 1)[1][:-2] for piece in [*HELLO, DONE])
    cut = [chunked(plain[i : i + size]) for i in range(0, len(plain), size)]
    server = play([SSE_HEAD, b"".join(cut), END])
    assert len(events) > len(plain)
    assert text_of(caller.items(start(caller, server.url))) == "Hello!"


COMPLETE = {
    "[DONE] and the end": [SSE_HEAD, *HELLO, DONE, END],
    "[DONE] and then the connection breaks": [SSE_HEAD, *HELLO, DONE, CLOSE],
    "[DONE] without a blank line": [SSE_HEAD, *HELLO, chunked(b"data: [DONE]"), END],
    "clean end after finish_reason": [SSE_HEAD, *HELLO, END],
    "clean end after finish_reason and usage": [SSE_HEAD, *HELLO, usage_chunk(), END],
    "close-delimited": [
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
        + b"".join(piece.split(b"\r\n", 1)[1][:-2] for piece in [*HELLO, DONE]),
        CLOSE,
    ],
    "comments and blank data in between": [
        SSE_HEAD,
        chunked(b": keep-alive\n\n"),
        *HELLO[:2],
        chunked(b"data:\n\n: x\n\nid: 3\n\nretry: 5\n\n"),
        *HELLO[2:],
        DONE,
        END,
    ],
    "CRLF and a byte order mark": [
        SSE_HEAD,
        chunked(
            b"\xef\xbb\xbf"
            + b"".join(piece.split(b"\r\n", 1)[1][:-2] for piece in [*HELLO, DONE]).replace(b"\n", b"\r\n")
        ),
        END,
    ],
    "no content type": [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", *HELLO, DONE, END],
    "wrong content type": [SSE_HEAD.replace(b"text/event-stream", b"text/plain"), *HELLO, DONE, END],
    "data after [DONE]": [SSE_HEAD, *HELLO, DONE, chunk("never"), END],
}


@pytest.mark.parametrize("scene", COMPLETE.values(), ids=COMPLETE.keys())
def test_complete_stream_ends_normally(play: Play, caller: Caller, scene: Any) -> None:
    assert text_of(caller.items(start(caller, play(scene).url))) == "Hello!"


TWO = HELLO[:2]
BROKEN: dict[str, tuple[Any, type[Exception]]] = {
    "FIN after the head": ([SSE_HEAD, CLOSE], StreamInterrupted),
    "RST after the head": ([SSE_HEAD, RESET], StreamInterrupted),
    "FIN between frames": ([SSE_HEAD, *TWO, CLOSE], StreamInterrupted),
    "RST between frames": ([SSE_HEAD, *TWO, RESET], StreamInterrupted),
    "FIN inside a frame": ([SSE_HEAD, *TWO, chunk("lo")[:60], CLOSE], StreamInterrupted),
    "FIN after finish_reason": ([SSE_HEAD, *HELLO, CLOSE], StreamInterrupted),
    "clean end without events": ([SSE_HEAD, END], StreamInterrupted),
    "clean end before finish_reason": ([SSE_HEAD, *TWO, END], StreamInterrupted),
    "clean end inside an event": ([SSE_HEAD, *TWO, chunked(b'data: {"id": "chat'), END], StreamInterrupted),
    "clean end with one of two choices open": (
        [SSE_HEAD, *HELLO, chunk("a", index=1), END],
        StreamInterrupted,
    ),
    "clean end after the usage only": ([SSE_HEAD, *TWO, usage_chunk(), END], StreamInterrupted),
    "bad chunk size": ([SSE_HEAD, *TWO, b"zz\r\n"], StreamInterrupted),
    "event that is no JSON": ([SSE_HEAD, *TWO, frame("{broken"), DONE, END], StreamInterrupted),
    "event that is no object": ([SSE_HEAD, *TWO, frame("[1]"), DONE, END], StreamInterrupted),
    "event with a bad byte": (
        [SSE_HEAD, *TWO, chunked(b'data: {"id": "\xff"}\n\n'), DONE, END],
        StreamInterrupted,
    ),
    "silence after the head": ([SSE_HEAD, SILENCE], StreamStalled),
    "silence between frames": ([SSE_HEAD, *TWO, SILENCE], StreamStalled),
    "silence after finish_reason": ([SSE_HEAD, *HELLO, SILENCE], StreamStalled),
    "in-band error at once": ([SSE_HEAD, ERROR, DONE, END], APIError),
    "in-band error later": ([SSE_HEAD, *TWO, ERROR, DONE, END], APIError),
    "in-band error as text": ([SSE_HEAD, *TWO, frame('{"error": "engine died"}'), DONE, END], APIError),
    "JSON instead of a stream": ([http(body=CHAT)], APIResponseValidationError),
    "JSON error instead of a stream": ([http(body=vllm_error(500, "engine died", "x"))], APIError),
    "HTML instead of a stream": (
        [http(body="<html></html>", content_type="text/html")],
        APIResponseValidationError,
    ),
    "text that is no stream": ([http(body="hello", content_type="text/plain")], StreamInterrupted),
    "empty body": ([http(body="", content_type="text/event-stream")], StreamInterrupted),
    "status 204": ([b"HTTP/1.1 204 X\r\n\r\n"], StreamInterrupted),
}


@pytest.mark.parametrize(("scene", "error"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_stream_never_ends_normally(
    play: Play, caller: Caller, scene: Any, error: type[Exception]
) -> None:
    server = play(scene)
    items: list[Any] = []
    timeout = martlet.Timeout(5, read=0.3) if SILENCE in scene else 5

    def read() -> None:
        stream = start(caller, server.url, timeout=timeout)
        while True:
            items.append(caller.next(stream))

    with pytest.raises(error) as caught:
        read()
    assert type(caught.value) is error
    if isinstance(caught.value, StreamInterrupted):
        assert caught.value.num_events == len(items)
        assert server.url in str(caught.value.request.url)
        if items:
            received = text_of([item for item in items if not item.choices or item.choices[0].index == 0])
            assert caught.value.partial.choices[0].message.content == received
        else:
            assert caught.value.partial is None


def test_interrupted_stream_says_so_again_when_asked_again(play: Play, caller: Caller) -> None:
    stream = start(caller, play([SSE_HEAD, *TWO, CLOSE]).url)
    for _ in range(2):
        with pytest.raises(StreamInterrupted):
            caller.items(stream)


def test_interrupted_stream_is_not_sent_again(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *TWO, CLOSE], STREAM)
    client = caller.client(server.url, max_retries=5)
    with pytest.raises(StreamInterrupted) as caught:
        caller.items(caller.run(client.chat.completions.create(**HI, stream=True)))
    assert len(server.seen) == 1
    assert isinstance(caught.value.__cause__, errors.IncompleteBody)
    assert caught.value.partial.choices[0].message.content == "Hel"
    assert caught.value.partial.choices[0].finish_reason is None
    assert caught.value.num_bytes > 100


def test_stream_is_retried_until_its_head_arrives(
    play: Play, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("martlet.client.exchange.BACKOFF_FIRST_S", 0.001)
    server = play([http(503, retry_after_ms="1")], [CLOSE], STREAM)
    client = caller.client(server.url)
    assert text_of(caller.items(caller.run(client.chat.completions.create(**HI, stream=True)))) == "Hello!"
    assert len(server.seen) == 3


def test_status_error_of_a_stream_is_raised_by_the_call(play: Play, caller: Caller) -> None:
    server = play([http(404, vllm_error(404, "no such model", "NotFoundError", "model"))])
    with pytest.raises(martlet.NotFoundError, match="no such model"):
        start(caller, server.url)


def test_in_band_error_has_the_official_attributes(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *TWO, ERROR, DONE, END])
    found = []
    for package in (martlet, openai):
        with pytest.raises(package.APIError) as caught:
            caller.items(start(caller, server.url, package))
        error = caught.value
        found.append((type(error).__name__, str(error), error.body, error.code, error.type, error.param))
    assert found[0] == found[1]


class Pause(threading.Event):
    """A wait of the server's of this many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(self._seconds)


class Noting:
    """A source that notes for how long it is waited."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self.limits_s: list[float] = []

    def chunk(self, limit_s: float) -> Any:
        self.limits_s.append(limit_s)
        return self._source.chunk(limit_s)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)


def test_comments_do_not_keep_a_stream_alive(play: Play, caller: Caller) -> None:
    beats = [Pause(0.03), chunked(b": keep-alive\n\n")] * 200
    server = play([SSE_HEAD, *TWO, *beats])
    stream = start(caller, server.url, timeout=martlet.Timeout(PATIENCE_S, read=1))
    with pytest.raises(StreamStalled, match=r"no event for \d") as caught:
        caller.items(stream)
    assert caught.value.num_events == 2
    assert isinstance(caught.value, martlet.APITimeoutError)


def test_wait_after_a_comment_is_only_what_is_left(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *TWO, Pause(0.1), chunked(b": keep-alive\n\n"), SILENCE])
    stream = start(caller, server.url, timeout=1.0)
    for _ in TWO:
        caller.next(stream)
    stream._source = Noting(stream._source)
    with pytest.raises(StreamStalled):
        caller.next(stream)
    whole_s, left_s = stream._source.limits_s
    assert left_s <= whole_s - 0.05


def test_partial_reply_holds_tool_calls_reasoning_and_usage(play: Play, caller: Caller) -> None:
    call = {"index": 0, "id": "call-1", "type": "function", "function": {"name": "weather"}}
    scene = [
        SSE_HEAD,
        chunk("", role="assistant"),
        chunk(reasoning="Let me "),
        chunk(reasoning="think."),
        chunk(tool_calls=[call]),
        chunk(tool_calls=[{"index": 0, "function": {"arguments": '{"city": '}}]),
        chunk(tool_calls=[{"index": 0, "function": {"arguments": '"Par'}}]),
        chunk("b", index=1, role="assistant"),
        chunk("c", index=1, finish="length"),
        usage_chunk(),
        CLOSE,
    ]
    with pytest.raises(StreamInterrupted) as caught:
        caller.items(start(caller, play(scene).url))
    partial = caught.value.partial
    first, second = partial.choices
    assert first.message.reasoning == "Let me think."
    assert first.message.tool_calls[0].id == "call-1"
    assert first.message.tool_calls[0].function.name == "weather"
    assert first.message.tool_calls[0].function.arguments == '{"city": "Par'
    assert (first.message.content, first.finish_reason) == (None, None)
    assert (second.message.content, second.finish_reason) == ("bc", "length")
    assert partial.usage.completion_tokens == 4
    assert partial.id == "chatcmpl-960718fa7e330722"


def test_partial_reply_holds_what_older_servers_call_reasoning(play: Play, caller: Caller) -> None:
    scene = [SSE_HEAD, chunk(reasoning_content="a"), chunk(reasoning_content="b"), CLOSE]
    with pytest.raises(StreamInterrupted) as caught:
        caller.items(start(caller, play(scene).url))
    assert caught.value.partial.choices[0].message.reasoning_content == "ab"


def test_partial_completion_holds_the_text(play: Play, caller: Caller) -> None:
    pieces = [
        {**COMPLETION, "choices": [{"index": i, "text": text, "finish_reason": finish}]}
        for i, text, finish in ((0, "a", None), (1, "x", "stop"), (0, "b", None))
    ]
    server = play([SSE_HEAD, *map(frame, pieces), END])
    client = caller.client(server.url)
    with pytest.raises(StreamInterrupted) as caught:
        caller.items(caller.run(client.completions.create(model="m", prompt="p", stream=True)))
    choices = caught.value.partial.choices
    assert [(choice.text, choice.finish_reason) for choice in choices] == [("ab", None), ("x", "stop")]


# --- the connection ---------------------------------------------------------------------------------


def test_finished_streams_share_one_connection(play: Play, caller: Caller, patient_drain: None) -> None:
    server = play(STREAM)
    client = caller.client(server.url)
    for _ in range(5):
        caller.items(caller.run(client.chat.completions.create(**HI, stream=True)))
    assert server.num_connections == 1


def test_end_of_body_that_comes_late_is_waited_for(play: Play, caller: Caller, patient_drain: None) -> None:
    server = play([SSE_HEAD, *HELLO, DONE, Pause(0.02), END])
    client = caller.client(server.url)
    for _ in range(3):
        caller.items(caller.run(client.chat.completions.create(**HI, stream=True)))
    assert server.num_connections == 1


def test_end_of_body_that_never_comes_costs_little(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *HELLO, DONE, SILENCE])
    began = time.monotonic()
    assert text_of(caller.items(start(caller, server.url))) == "Hello!"
    assert time.monotonic() - began < 30  # the client's limit is 60 s
    assert server.gone.acquire(timeout=PATIENCE_S)


@pytest.mark.parametrize("how", ["close", "with", "drop", "break"])
def test_leaving_early_closes_the_connection(play: Play, caller: Caller, how: str) -> None:
    server = play([SSE_HEAD, *TWO, SILENCE])
    client = caller.client(server.url, max_retries=0)

    def sync_use() -> None:
        stream = client.chat.completions.create(**HI, stream=True)
        if how == "with":
            with stream:
                next(stream)
        elif how == "break":
            for _ in stream:
                break
        else:
            next(stream)
            if how == "close":
                stream.close()

    async def async_use() -> None:
        stream = await client.chat.completions.create(**HI, stream=True)
        if how == "with":
            async with stream:
                await stream.__anext__()
        elif how == "break":
            async for _ in stream:
                break
        else:
            await stream.__anext__()
            if how == "close":
                await stream.close()

    gc.disable()  # dropping the last reference must do
    try:
        if caller.is_async:
            caller.run(async_use())
            caller.run(_round())
        else:
            sync_use()
        assert server.gone.acquire(timeout=PATIENCE_S)
    finally:
        gc.enable()


async def _round() -> None:
    import asyncio

    for _ in range(3):  # asyncio closes sockets in its next round
        await asyncio.sleep(0)


def test_stream_never_started_is_closed_when_dropped(play: Play, caller: Caller) -> None:
    server = play([SSE_HEAD, *TWO, SILENCE])
    start(caller, server.url)
    caller.run(_round() if caller.is_async else None)
    assert server.gone.acquire(timeout=PATIENCE_S)


def test_reading_on_after_close_raises(play: Play, caller: Caller) -> None:
    stream = start(caller, play([SSE_HEAD, *TWO, SILENCE]).url)
    caller.next(stream)
    caller.run(stream.close())
    caller.run(stream.close())
    with pytest.raises(martlet.APIConnectionError, match="closed by this program"):
        caller.next(stream)


def test_cancelled_task_closes_the_connection(play: Play) -> None:
    import asyncio

    server = play([SSE_HEAD, *TWO, SILENCE])

    async def main() -> None:
        client = martlet.AsyncOpenAI(base_url=server.url)
        stream = await client.chat.completions.create(**HI, stream=True)
        await stream.__anext__()
        await stream.__anext__()
        task = asyncio.ensure_future(stream.__anext__())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await _round()
        assert await asyncio.to_thread(server.gone.acquire, True, PATIENCE_S)
        with pytest.raises(StreamInterrupted):
            await stream.__anext__()
        await client.close()

    asyncio.run(main())


# --- the clocks, without waiting --------------------------------------------------------------------


def decoder(clocks: StreamClocks, clock: Callable[[], float]) -> StreamDecoder[Any]:
    request = Request("POST", Origin("http", "h", 80), "/v1/chat/completions", [])
    return StreamDecoder(
        Call(CHAT_COMPLETIONS, "/x", stream=True), Reply(request, Head(200, [])), clocks, clock
    )


def data_of(http_chunk: bytes) -> bytes:
    return http_chunk.split(b"\r\n", 1)[1][:-2]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_first_event_and_gap_have_limits_of_their_own() -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(first=10, gap=1), clock)
    clock.now = 9.0
    assert made.feed(b": wait\n\n", items) is None
    assert made.feed(data_of(chunk("a")), items) is None
    made.wait()
    clock.now = 9.9
    assert made.feed(b": wait\n\n", items) is None
    assert made.wait() == pytest.approx(0.1)
    clock.now = 10.1
    assert isinstance(made.feed(b": wait\n\n", items), StreamStalled)
    assert len(items) == 1


def test_time_that_the_program_takes_is_not_waiting() -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(gap=1), clock)
    made.feed(data_of(chunk("a")), items)
    clock.now = 100.0
    assert made.wait() == 1
    clock.now = 100.5
    assert made.feed(b": wait\n\n", items) is None


@pytest.mark.parametrize("beat", [b": wait\n\n", b"\n", b"data:\n\n", b": wa", b"id: 1\n\n"])
def test_only_events_and_parts_of_events_are_signs_of_life(beat: bytes) -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(gap=1), clock)
    assert made.feed(data_of(chunk("a")), items) is None
    made.wait()
    clock.now = 2.0
    assert isinstance(made.feed(beat, items), StreamStalled)


def test_large_event_that_comes_slowly_is_no_stall() -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(first=1, gap=1), clock)
    data = data_of(chunk("a" * 1000))
    for i in range(0, len(data), 10):
        made.wait()
        clock.now += 0.9
        assert made.feed(data[i : i + 10], items) is None
    assert len(items) == 1


def test_total_clock_bounds_a_lively_stream() -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(total=5), clock)
    assert made.wait() == 5
    assert made.feed(data_of(chunk("a")), items) is None
    clock.now = 5.1
    assert isinstance(made.feed(data_of(chunk("b")), items), StreamStalled)
    assert len(items) == 2


def test_first_token_counts_from_the_sending_until_something_is_generated() -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(first=60, gap=1, first_token=10, head_s=4), clock)
    assert made.wait() == 6
    clock.now = 3.0
    assert made.feed(data_of(chunk("")), items) is None  # the role alone
    assert made.wait() == pytest.approx(3)
    clock.now = 5.9
    assert made.feed(b": wait\n\n", items) is None
    assert made.feed(data_of(chunk("a")), items) is None
    assert made.wait() == 1
    clock.now = 7.0
    assert isinstance(made.feed(b": wait\n\n", items), StreamStalled)


def test_stream_without_a_token_in_time_says_so() -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(first=60, gap=60, first_token=10), clock)
    assert made.feed(data_of(chunk("")), items) is None
    made.wait()
    clock.now = 10.5
    problem = made.feed(b": wait\n\n", items)
    assert isinstance(problem, StreamStalled)
    assert "no token after 10.5 s" in str(problem)
    assert len(items) == 1


def test_token_that_comes_with_a_late_head_is_in_time() -> None:
    clock, items = Clock(), deque[Any]()
    made = decoder(StreamClocks(first=1, gap=1, first_token=10, head_s=10.01), clock)
    made.wait()
    assert made.feed(data_of(chunk("a")), items) is None
    assert made.wait() == 1


@pytest.mark.parametrize(
    ("timeout", "events", "problem"),
    [
        (Timeout(PATIENCE_S, first_token=1), [ROLE], "no token after "),
        (Timeout(PATIENCE_S, first_token=1, gap=PATIENCE_S), [], "no token after "),
        (Timeout(PATIENCE_S, gap=0.5), [ROLE, TOKEN], "no event for "),
        (Timeout(PATIENCE_S, read=0.5, first_token=PATIENCE_S), [ROLE, TOKEN], "no event for "),
    ],
)
def test_stream_clocks_hold_on_a_socket(
    play: Play, caller: Caller, timeout: Timeout, events: list[bytes], problem: str
) -> None:
    stream = start(caller, play([SSE_HEAD, *events, SILENCE]).url, timeout=timeout)
    with pytest.raises(StreamStalled, match=problem) as caught:
        caller.items(stream)
    assert caught.value.num_events == len(events)


@pytest.mark.parametrize("gap_s", [PATIENCE_S, None])
def test_gap_may_be_longer_than_read(play: Play, caller: Caller, gap_s: float | None) -> None:
    timeout = Timeout(PATIENCE_S, read=0.6, gap=gap_s)
    late = threading.Event()
    stream = start(caller, play([SSE_HEAD, TOKEN, late, *HELLO, DONE, END]).url, timeout=timeout)
    caller.next(stream)
    timer = threading.Timer(0.9, late.set)
    timer.start()
    assert text_of(caller.items(stream)) == "Hello!"
    timer.join()


def test_first_token_bounds_the_wait_for_the_head_of_a_stream_alone(play: Play, caller: Caller) -> None:
    server = play([SILENCE], [SILENCE])
    with pytest.raises(martlet.APITimeoutError, match=r"0\.2 s"):
        start(caller, server.url, timeout=Timeout(5, first_token=0.2))
    client = caller.client(server.url, max_retries=0, timeout=Timeout(0.2, first_token=5))
    with pytest.raises(martlet.APITimeoutError, match=r"0\.2 s"):
        caller.run(client.chat.completions.create(**HI))


def test_server_that_only_begins_has_brought_no_token() -> None:
    partial = ResponsePartial()
    kinds = ["response.created", "response.in_progress", "keepalive", "response.output_text.delta"]
    events = [decode_reply(WireModel, json.dumps({"type": kind}).encode()) for kind in kinds]
    assert [partial.has_token(event) for event in events] == [False, False, False, True]
