"""Random answers, streams, forms and addresses for the client. Only documented exceptions may escape.

    python -m tests.client.fuzzing 1000000 [SEED]      spread over all targets; prints counts and times

A target takes a seeded random generator, makes one input and judges what came of it. What fails is reported
with its seed, so that `TARGETS[name](random.Random(seed))` does it again.
"""

from __future__ import annotations

import json
import random
import re
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from enum import Enum
from typing import Any, cast

import martlet
from martlet import APIError, NotGiven
from martlet.client.calls import CHAT_COMPLETIONS, COMPLETIONS, Call
from martlet.client.endpoints.responses import CREATE
from martlet.client.headers import merge_headers
from martlet.client.multipart import encode_form, read_files
from martlet.client.replies import Reply
from martlet.client.streaming import Stream
from martlet.client.transport import aio, blocking
from martlet.client.transport.base import Head, Origin, Request, Timeouts
from martlet.client.transport.http1 import MAX_HEAD_BYTES, Answer, encode_head
from martlet.client.transport.proxies import Proxy, TunnelReply
from martlet.client.urls import URL, encode_query, fill
from martlet.errors import ProtocolError, ProxyError, TransportError
from martlet.protocol.sse import Event, SSEParser
from tests.client import scripted
from tests.client.callers import HI

Random = random.Random
ORIGIN = Origin("http", "localhost", 80)
TOKENS = [
    *(b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b"\0", b"\xff", b"\xef\xbb\xbf", b":", b" ", b"\t"),
    *(b"data:", b"data: [DONE]\n\n", b"event: x\n", b"id: 7\n", b"retry: 9", b": ping\n\n", b"error"),
    *(b"Content-Length: 3\r\n", b"content-length: -1\r\n", b"content-length: 99999999999999999999999\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"transfer-encoding: gzip\r\n", b"Connection: close\r\n"),
    *(b"Connection: upgrade\r\nUpgrade: h2c\r\n", b"Content-Encoding: gzip\r\n", b"0\r\n\r\n", b"0"),
    *(b"FFFFFFFFFFFFFFFF\r\n", b"fffffffffffffffffffffffff\r\n", b"-1\r\n", b"1;ext=1\r\n", b"HTTP/1.1 "),
    *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.0 200 OK\r\n", b"204", b"304", b"101", b"500", b"999"),
    *(b"null", b"[]", b"{}", b'"', b"\\", b"1e999", b"-0", b"NaN", b"true", b"[[[[", b"\\ud800", b"\xc3\xa9"),
    *(b'{"error":', b'"choices":', b'"delta":', b'"index":-1', b'"index":1e6', b"9" * 400),
]


def plain(*pieces: bytes) -> bytes:
    """The events without their HTTP chunks."""
    return b"".join(piece.split(b"\r\n", 1)[1][:-2] for piece in pieces)


TOOL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a":'}}
TOOL_STREAM = plain(
    scripted.chunk("", role="assistant"),
    scripted.chunk(tool_calls=[TOOL]),
    scripted.chunk(tool_calls=[{"index": 0, "function": {"arguments": "1}"}}]),
    scripted.chunk(reasoning="hm", finish="tool_calls"),
    scripted.usage_chunk(),
    scripted.DONE,
)
CHAT_STREAM = plain(*scripted.HELLO, scripted.usage_chunk(), scripted.DONE)
TEXT_STREAM = plain(
    *(
        scripted.frame({**scripted.COMPLETION, "choices": [{"index": 0, "text": "a", "finish_reason": end}]})
        for end in (None, "stop")
    ),
    scripted.DONE,
)
_RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": []}
_AT = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
_ITEM = {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
_PART = {"type": "output_text", "text": "", "annotations": []}
EVENTS: list[dict[str, Any]] = [
    {"type": "response.created", "response": {**_RESPONSE, "status": "in_progress"}},
    {"type": "response.output_item.added", "output_index": 0, "item": _ITEM},
    {"type": "response.content_part.added", **_AT, "part": _PART},
    {"type": "response.output_text.delta", **_AT, "delta": "Hel", "logprobs": []},
    {"type": "response.output_text.done", **_AT, "text": "Hel", "logprobs": []},
    {"type": "response.completed", "response": {**_RESPONSE, "status": "completed"}},
]
RESPONSE_STREAM = b"".join(
    b"event: %s\ndata: %s\n\n"
    % (event["type"].encode(), json.dumps({**event, "sequence_number": number}).encode())
    for number, event in enumerate(EVENTS)
)
STREAMS: list[tuple[Any, bytes]] = [
    (CHAT_COMPLETIONS, CHAT_STREAM),
    (CHAT_COMPLETIONS, TOOL_STREAM),
    (COMPLETIONS, TEXT_STREAM),
    (CREATE, RESPONSE_STREAM),
]
ANSWERS = [
    scripted.http(200, scripted.CHAT),
    scripted.http(404, scripted.vllm_error(404, "no such model", "NotFoundError"), x_request_id="req-1"),
    scripted.http(429, {"error": "slow down"}, retry_after="3", retry_after_ms="20", x_should_retry="false"),
    scripted.http(502, "<html><title>Bad Gateway</title></html>", "text/html", connection="close"),
    scripted.http(204, content_type=""),
    b"".join([scripted.SSE_HEAD, *scripted.HELLO, scripted.DONE, scripted.END]),
    b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + scripted.http(200, scripted.MODELS),
    b"HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n" + json.dumps(scripted.CHAT).encode(),
    scripted.SSE_HEAD + b"5;name=value\r\nhello\r\n0\r\ntrailer: 1\r\n\r\n",
]


# --- making inputs


def mutated(random: Random, data: bytes) -> bytes:
    """`data` with up to eight wounds; one in ten stays whole."""
    if random.random() < 0.1:
        return data
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        at = random.randrange(len(made) + 1)
        end = min(len(made), at + random.choice((1, 2, 8, 64)))
        kind = random.randrange(7)
        if kind == 0 and at < len(made):
            made[at] ^= 1 << random.randrange(8)
        elif kind == 1:
            del made[at:end]
        elif kind == 2:
            made[at:at] = made[at:end]
        elif kind == 3:
            made[at:at] = random.choice(TOKENS)
        elif kind == 4:
            made[at:end] = random.choice(TOKENS)
        elif kind == 5:
            made[at:end] = random.randbytes(end - at)
        elif random.random() < 0.3:
            del made[at:]
    return bytes(made)


def cut(random: Random, data: bytes) -> list[bytes]:
    """`data` in pieces, as a network might bring it."""
    size = random.choice((1, 3, 20, 200, 10_000)) if len(data) < 5000 else 10_000
    pieces, at = [], 0
    while at < len(data):
        end = at + random.randint(1, size)
        pieces.append(data[at:end])
        at = end
    return pieces


def words(random: Random) -> str:
    """A short text with the characters that break things."""
    some = "ab/.?#%2e&=:@[] \"'\\\r\n\t\0;,éß\u2028\ud800😀-_~"
    return "".join(random.choice(some) for _ in range(random.randrange(9)))


def value(random: Random, depth: int = 0) -> Any:
    """Anything that a program might pass for a parameter."""
    kind = random.randrange(10 if depth < 3 else 7)
    if kind < 3:
        return words(random)
    if kind == 7:
        return [value(random, depth + 1) for _ in range(random.randrange(3))]
    if kind == 8:
        return {words(random): value(random, depth + 1) for _ in range(random.randrange(3))}
    return random.choice([None, True, False, 0, -1, 1.5, float("nan"), NotGiven(), b"raw", Kind.A, ("t", 1)])


class Kind(Enum):
    A = "a"


# --- the transports, without sockets


class Home:
    """The pool, as a connection sees it."""

    keep_alive_s = 4.0

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.ends: list[str] = []
        self.buffer = memoryview(bytearray(256 * 1024))

    def put(self, connection: object) -> None:
        self.ends.append("kept")

    def forget(self, connection: object) -> None:
        self.ends.append("closed")

    def run(self, function: Callable[..., None], *args: Any) -> None:
        function(*args)


class Socket:
    """Brings the pieces, then the end."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = deque(pieces)

    def recv(self, num_bytes: int) -> bytes:
        if not self.pieces:
            return b""
        piece = self.pieces.popleft()
        if len(piece) > num_bytes:
            self.pieces.appendleft(piece[num_bytes:])
        return piece[:num_bytes]

    def send(self, data: memoryview) -> int:
        return len(data)

    def setsockopt(self, *_: object) -> None: ...

    def close(self) -> None: ...


class Loop:
    """As much of an event loop as a connection uses; it turns by hand."""

    def time(self) -> float:
        return 0.0

    def call_at(self, when: float, function: Callable[[], None]) -> Any:
        return self

    def cancel(self) -> None: ...

    def create_future(self) -> Any:
        return Future()


class Future:
    is_done = False

    def done(self) -> bool:
        return self.is_done

    def set_result(self, _: None) -> None:
        self.is_done = True

    def __await__(self) -> Iterator[None]:
        while not self.is_done:
            yield


class Wire:
    """The transport of asyncio."""

    _closing = False

    def write(self, data: bytes) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def is_closing(self) -> bool:
        return self._closing

    def abort(self) -> None:
        self._closing = True

    close = abort

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


Outcome = tuple[int, list[tuple[str, str]], bytes, bool]
"""Status, headers, body, and whether it was complete; status 0 if no head came."""


def outcome_of(answer: Answer) -> Outcome:
    head = answer.head
    body = answer.take()
    return (head.status, head.headers, body, answer.complete) if head else (0, [], b"", answer.complete)


def whole_outcome(method: str, pieces: list[bytes]) -> tuple[Outcome, bool]:
    """What `Answer` makes of it, and whether the connection can be kept."""
    answer = Answer("server", method, False)
    for piece in pieces:
        answer.feed(piece)
        assert answer.num_pending <= sum(map(len, pieces))
    answer.end_of_stream()
    assert answer.complete == (answer.error is None)
    assert answer.head is None or sum(len(n) + len(v) for n, v in answer.head.headers) <= MAX_HEAD_BYTES
    return outcome_of(answer), answer.keep_alive


def blocking_outcome(request: Request, pieces: list[bytes], *, by_chunks: bool) -> tuple[Outcome, str]:
    home = Home()
    sock = cast(socket.socket, Socket(pieces))
    connection = blocking.Connection(sock, cast(blocking.Pool, home), ORIGIN, "server")
    got: Outcome = (0, [], b"", False)
    try:
        response = connection.exchange(b"", request, float("inf"))
        head, body = response.head, b""
        got = (head.status, head.headers, body, False)
        if by_chunks:
            while (piece := response.chunk()) is not None:
                body += piece
                got = (head.status, head.headers, body, False)
        else:
            body = response.read()
        got = (head.status, head.headers, body, True)
    except TransportError:
        pass
    assert len(home.ends) == 1, "the connection goes home or is closed, once"
    return got, home.ends[0]


async def _read(connection: aio.Connection, request: Request, by_chunks: bool, got: list[Outcome]) -> None:
    response = await connection.exchange(b"", request, float("inf"))
    head, body = response.head, b""
    got[0] = (head.status, head.headers, body, False)
    if by_chunks:
        while (piece := await response.chunk()) is not None:
            body += piece
            got[0] = (head.status, head.headers, body, False)
    else:
        body = await response.read()
    got[0] = (head.status, head.headers, body, True)


def async_outcome(request: Request, pieces: list[bytes], *, by_chunks: bool) -> tuple[Outcome, str]:
    home, wire = Home(), Wire()
    connection = aio.Connection(cast(Any, Loop()), cast(Any, home), ORIGIN, "server", cast(Any, None))
    connection.connection_made(cast(Any, wire))
    got: list[Outcome] = [(0, [], b"", False)]
    reader: Coroutine[Any, Any, None] = _read(connection, request, by_chunks, got)
    steps = iter(pieces)
    try:
        for _ in range(len(pieces) + 8):
            reader.send(None)
            piece = next(steps, None)
            if piece is None or wire.is_closing():
                connection.eof_received()
            else:
                connection.get_buffer(-1)[: len(piece)] = piece
                connection.buffer_updated(len(piece))
    except StopIteration:
        pass
    except TransportError:
        pass
    else:
        raise AssertionError("the reader waits for ever")
    assert len(home.ends) == 1, "the connection goes home or is closed, once"
    return got[0], home.ends[0]


def answers(random: Random) -> None:
    """The parser alone and both transports agree, however the bytes are cut."""
    method = random.choice(("POST", "GET", "HEAD"))
    data = mutated(random, random.choice(ANSWERS))
    if random.random() < 0.01:
        filler = random.choice([b"a" * 300_000, b"x-a: b\r\n" * 40_000, b"\r\n" * 150_000])
        at = random.randrange(len(data) + 1)
        data = data[:at] + filler + data[at:]
    pieces = cut(random, data)
    whole, _ = whole_outcome(method, [data])
    by_pieces, is_kept = whole_outcome(method, pieces)
    if len(data) < MAX_HEAD_BYTES:  # the bound on a head is checked after each piece
        assert by_pieces == whole
    request = Request(method, ORIGIN, "/v1/models", [], timeouts=Timeouts(read=1.0))
    for outcome in (blocking_outcome, async_outcome):
        by_chunks = random.random() < 0.5
        (status, headers, body, is_complete), end = outcome(request, pieces, by_chunks=by_chunks)
        assert (status, is_complete) == (by_pieces[0], by_pieces[3])
        assert status == 0 or headers == by_pieces[1]
        assert by_pieces[2].startswith(body)
        assert body == by_pieces[2] or not is_complete
        assert end == "closed" or is_complete
        assert is_kept is False or is_complete


# --- streams


def sse(random: Random) -> None:
    """Events do not depend on how the bytes are cut, and what is held back is bounded."""
    data = mutated(random, random.choice(STREAMS)[1])
    if random.random() < 0.3:
        data = data.replace(b"\n", random.choice((b"\r\n", b"\r")))
    assert parsed(SSEParser(), [data]) == parsed(SSEParser(), cut(random, data))
    limit = random.choice((1, 50, 500))
    parser = SSEParser(limit)
    try:
        for piece in cut(random, data):
            parser.feed(piece)
            assert len(parser._line) + sum(map(len, parser._data)) <= limit
    except ProtocolError:
        pass


def parsed(parser: SSEParser, pieces: list[bytes]) -> tuple[list[Event], int, int | None]:
    events = [event for piece in pieces for event in parser.feed(piece)]
    return [*events, *parser.close()], parser.num_comments, parser.retry_ms


class Source:
    """The body of a streamed answer."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = iter(pieces)
        self.num_ends = 0
        self.is_closed = False

    def chunk(self, limit_s: float | None = None) -> bytes | None:
        piece = next(self.pieces, None)
        if piece is None:
            self.num_ends += 1
        return piece

    def drain(self, limit_s: float) -> None: ...

    def close(self) -> None:
        self.is_closed = True


def streams(random: Random) -> None:
    """A stream ends as complete, or raises APIError; what it brought can be written as JSON again."""
    endpoint, data = random.choice(STREAMS)
    data = mutated(random, data)
    source = Source(cut(random, data))
    request = Request("POST", ORIGIN, "/v1/chat/completions", [])
    reply = Reply(request, Head(200, []), source=cast(Any, source))
    stream: Stream[Any] = Stream(Call(endpoint, "/x", stream=True), reply, cast(Any, source))
    items = []
    try:
        for item in stream:
            items.append(item)
    except APIError as error:
        str(error)
    else:
        assert stream._decoder.is_complete
        assert b"[DONE]" in data or b"finish_reason" in data or b"response." in data
    assert source.is_closed or source.num_ends
    assert len(items) <= data.count(b"data")
    if items:
        items[-1].to_dict()
        items[-1].to_json()


# --- whole calls, through the public client


class Scripted:
    """A transport that answers with one reply, or breaks."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def send(self, request: Request) -> Any:
        connection = blocking.Connection(
            cast(socket.socket, Socket(self.pieces)), cast(blocking.Pool, Home()), ORIGIN, "server"
        )
        return connection.exchange(b"", request, float("inf"))

    def close(self) -> None: ...


_transport = Scripted()
_client = martlet.OpenAI(
    api_key="EMPTY", base_url="http://localhost/v1", max_retries=0, http_client=_transport
)


def calls(random: Random) -> None:
    """Whatever the server sends, the user gets a reply or an APIError."""
    _transport.pieces = cut(random, mutated(random, random.choice(ANSWERS)))
    try:
        kind = random.randrange(4)
        if kind == 0:
            _client.chat.completions.create(**HI).to_json()
        elif kind == 1:
            for model in _client.models.list().data or ():
                str(model)
        elif kind == 2:
            for chunk in _client.chat.completions.create(**HI, stream=True):
                str(chunk)
        else:
            with _client.chat.completions.stream(**HI) as stream:
                for event in stream:
                    str(event)
                stream.get_final_completion()
    except APIError as error:
        str(error)
        repr(error)


def tunnels(random: Random) -> None:
    reply = TunnelReply(Proxy("http://localhost:1"), ORIGIN)
    data = mutated(random, b"HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n")
    if random.random() < 0.02:
        data = data.replace(b"\r\n", b"") + b"a" * 70_000
    try:
        for piece in cut(random, data):
            if reply.feed(piece):
                break
            assert len(reply._data) <= 80_000
    except ProxyError as error:
        str(error)


# --- what goes out


def forms(random: Random) -> None:
    """A form has exactly the parts it was made of; nothing in a name or value starts another."""
    fields = {words(random): value(random) for _ in range(random.randrange(4))}
    files = [(words(random), _file(random)) for _ in range(random.randrange(3))]
    try:
        parts = read_files(files)
        body, kind = encode_form(fields, parts)
    except (TypeError, ValueError, RuntimeError):
        return
    mark = kind.partition("boundary=")[2].encode()
    *pieces, last = body.split(b"--" + mark)
    assert last == b"--\r\n"
    assert pieces[0] == b""
    assert len(pieces) - 1 >= len(parts)
    for piece, (_, file) in zip(pieces[1:][len(pieces) - 1 - len(parts) :], parts, strict=True):
        head, _, content = piece.partition(b"\r\n\r\n")
        assert content == file.content + b"\r\n"
        assert head.count(b"\r") == head.count(b"\n") == 1 + len(file.headers)
    for piece in pieces[1:]:
        head = piece.partition(b"\r\n\r\n")[0]
        assert head.startswith(b'\r\nContent-Disposition: form-data; name="')
        assert re.search(rb"[\0-\x08\x0b\x0c\x0e-\x1f]", head) is None


def _file(random: Random) -> Any:
    content = random.choice([random.randbytes(random.randrange(40)), words(random), None, 3])
    named = (words(random), content, random.choice([None, "text/plain", words(random)]))
    return random.choice([content, named[:2], named, (*named, {words(random): words(random)}), (1,)])


def addresses(random: Random) -> None:
    """What is accepted is one clean line of ASCII, and reads back as itself."""
    scheme = random.choice(("http://", "https://", "HTTP://", "ftp://", ""))
    host = random.choice(("localhost", "[::1]", "127.0.0.1:80", "é.example", words(random)))
    text = f"{scheme}{host}/{words(random)}{random.choice(('', '?' + words(random)))}"
    try:
        url = URL(text)
    except ValueError:
        return
    assert re.fullmatch(r"[!-~]+", url), url
    assert URL(str(url)) == url
    try:
        path = fill("/models/{model}", "model", words(random))
    except ValueError:
        return
    assert path.count("/") == 2
    assert re.fullmatch(r"[!-~]+", path)


def heads(random: Random) -> None:
    """A request's head has one line for each header; queries hold no raw separators."""
    given = {words(random) or "x-a": random.choice([words(random), b"\xff", 1]) for _ in range(3)}
    pairs = [("x-" + words(random), words(random)) for _ in range(random.randrange(2))]
    try:
        query = encode_query({words(random): value(random)})
        assert re.fullmatch(r"[!-~]*", query)
        merged = merge_headers({"accept": "*/*"}, given) if random.random() < 0.5 else {}
        headers = [*merged.items(), *pairs]
        head = encode_head(Request("POST", ORIGIN, "/v1/x?" + query + words(random), headers, b"{}"))
    except (TypeError, ValueError):
        return
    assert head.count(b"\n") == head.count(b"\r\n") == 4 + len(headers) - _num_own(headers)
    assert head.endswith(b"\r\n\r\n")


def _num_own(headers: list[tuple[str, str]]) -> int:
    """How many of the two headers that are added are there already."""
    names = {name.lower() for name, _ in headers}
    return ("host" in names) + bool(names & {"content-length", "transfer-encoding"})


TARGETS: dict[str, Callable[[Random], None]] = {
    function.__name__: function
    for function in (answers, sse, streams, calls, tunnels, forms, addresses, heads)
}


def fuzz(target: str, num_inputs: int, seed: int) -> None:
    """Raises AssertionError that names the seed of the input that failed."""
    judge = TARGETS[target]
    for number in range(num_inputs):
        try:
            judge(random.Random(f"{seed}-{number}"))
        except Exception as error:
            raise AssertionError(f"{target} fails with random.Random('{seed}-{number}')") from error


def main(num_inputs: int, seed: int) -> None:
    for target in TARGETS:
        began = time.perf_counter()
        fuzz(target, num_inputs // len(TARGETS), seed)
        took_s = time.perf_counter() - began
        sys.stdout.write(f"{target:10} {num_inputs // len(TARGETS):8} inputs {took_s:7.1f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
