"""What `python -m benchmarks.server` makes its load with: it counts right, and notices what is broken."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from benchmarks.server import ONE_TOKEN, run_streams
from benchmarks.sse_load import BrokenReply, Load, Stream, read_json, read_stream, require_tokens
from tests.servers import TINY_LLAMA, start_server

PATH = "/v1/completions"


def test_tokens_and_frames_of_streams_are_counted() -> None:
    with start_server(str(TINY_LLAMA), "--served-model-name", "bench") as server:
        port = int(server.root.rpartition(":")[2])
        with contextlib.closing(Load("127.0.0.1", port, 5)) as load:
            took_s, streams = run_streams(load, 7, 2)
            _, replies = load.run(load.request(PATH, ONE_TOKEN), 3)
            _, [bad, *_] = load.run(load.request(PATH, ONE_TOKEN | {"max_tokens": -1}))
    assert took_s > 0
    assert len(streams) == 10
    assert [read_json(reply)["usage"]["completion_tokens"] for reply in replies] == [1] * 15
    with pytest.raises(BrokenReply, match="400"):
        read_json(bad)


def framed(*events: str, end: str = "0\r\n\r\n") -> bytes:
    pieces = [f"data: {event}\n\n" for event in events]
    body = "".join(f"{len(piece):x}\r\n{piece}\r\n" for piece in pieces)
    return f"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{body}{end}".encode()


def choice(text: str, finish_reason: str = "null") -> str:
    return f'{{"choices":[{{"text":"{text}","finish_reason":{finish_reason}}}]}}'


USAGE = '{"choices":[],"usage":{"completion_tokens":2}}'
WHOLE = (choice("a"), choice("b", '"length"'), USAGE, "[DONE]")


def test_whole_stream_is_read() -> None:
    stream = read_stream(framed(*WHOLE))
    assert stream == Stream("ab", num_frames=2, num_tokens=2, finish_reason="length")
    require_tokens([stream], 2)


@pytest.mark.parametrize(
    "reply",
    [
        framed(*WHOLE[:-1]),
        framed(*WHOLE[1:], WHOLE[0]),
        framed(*WHOLE, end="0\r\n\r\nmore"),
        framed(WHOLE[1], WHOLE[0], *WHOLE[2:]),
        framed('{"error":{"message":"no"}}', *WHOLE),
        framed(*WHOLE).replace(b"chunked", b"identity"),
        framed(*WHOLE).replace(b"\r\ndata", b"\r\ndat", 1),
        framed(*WHOLE).replace(b" 200 ", b" 500 "),
        framed(),
    ],
)
def test_broken_stream_is_noticed(reply: bytes) -> None:
    with pytest.raises(BrokenReply):
        read_stream(reply)


@pytest.mark.parametrize(
    "change",
    [
        lambda stream: setattr(stream, "num_tokens", 1),
        lambda stream: setattr(stream, "num_frames", 0),
        lambda stream: setattr(stream, "finish_reason", "stop"),
        lambda stream: setattr(stream, "text", ""),
    ],
)
def test_stream_with_other_tokens_than_asked_for_is_noticed(change: Callable[[Stream], None]) -> None:
    stream = read_stream(framed(*WHOLE))
    change(stream)
    with pytest.raises(BrokenReply):
        require_tokens([stream], 2)
