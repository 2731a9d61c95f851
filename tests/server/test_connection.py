"""Clients that are slow, silent, or send too much: each wait has its end, and nobody else suffers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from martlet.server.connection import MAX_HEAD_BYTES, MAX_HEADERS
from martlet.server.process import uvicorn_config
from martlet.server.sender import Sender
from martlet.server.settings import ServerSettings
from tests.server.wire import HELLO, call, fake_server, is_idle, read_all, read_until, until
from tests.servers import ServerProcess

TIMEOUT_S = 1.0
BODY = json.dumps({"messages": HELLO, "max_tokens": 2}).encode()
SLOWLY_S = 30.0
"""Many times the time-out: no server that waits for ever passes, no busy machine fails."""


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with fake_server("slow", "0.001", "0", "64", json.dumps({"client_timeout_s": TIMEOUT_S})) as server:
        yield server


def connected(server: ServerProcess) -> socket.socket:
    parts = urlsplit(server.root)
    return socket.create_connection((parts.hostname, parts.port or 0), timeout=SLOWLY_S)


def post(body: bytes, *headers: str, length: int | None = None) -> bytes:
    lines = ["POST /v1/chat/completions HTTP/1.1", "host: test", "content-type: application/json", *headers]
    lines.append(f"content-length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def test_silence_before_a_request_is_closed_without_words(server: ServerProcess) -> None:
    with connected(server) as client:
        assert read_all(client) == b""


def test_silence_within_a_head_is_answered_and_closed(server: ServerProcess) -> None:
    with connected(server) as client:
        client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nhost: ")
        answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"connection: close" in answer


def test_head_that_drips_is_cut_off_all_the_same(server: ServerProcess) -> None:
    with connected(server) as client:
        client.setblocking(False)
        client.sendall(b"POST / HTTP/1.1\r\nhost: ")
        for _ in range(100):
            time.sleep(TIMEOUT_S / 10)
            with contextlib.suppress(BlockingIOError):
                assert client.recv(100).startswith(b"HTTP/1.1 408 ")
                break
            client.sendall(b"x")
        else:
            pytest.fail("the server waited for ten times as long as it should")


def test_silence_within_a_body_is_answered_and_closed(server: ServerProcess) -> None:
    with connected(server) as client:
        client.sendall(post(BODY[:-5], length=len(BODY)))
        assert read_all(client).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_large_body_may_take_longer_than_the_time_out(server: ServerProcess) -> None:
    body = b" " * 20_000 + BODY
    with connected(server) as client:
        client.sendall(post(b"", length=len(body)))
        for at in range(0, len(body), 2000):
            client.sendall(body[at : at + 2000])
            time.sleep(TIMEOUT_S / 8)
        assert read_until(client, b"\r\n").startswith(b"HTTP/1.1 200 OK")


def test_next_request_may_wait_for_a_reply_that_takes_long(server: ServerProcess) -> None:
    long = json.dumps({"messages": HELLO, "max_tokens": 1500}).encode()
    with connected(server) as client:
        client.sendall(post(long) + post(BODY, "connection: close"))
        assert read_all(client).count(b"HTTP/1.1 200 OK") == 2


def test_keep_alive_connection_serves_again_after_a_refusal(server: ServerProcess) -> None:
    with connected(server) as client:
        client.sendall(post(b"{}") + post(BODY, "connection: close"))
        answers = read_all(client)
    assert answers.startswith(b"HTTP/1.1 400 Bad Request")
    assert answers.count(b"HTTP/1.1 200 OK") == 1


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nx: " + b"x" * (2 * MAX_HEAD_BYTES),
        b"GET / HTTP/1.1\r\nx: " + b"x" * (MAX_HEAD_BYTES + 1) + b"\r\n\r\n",
        b"GET /" + b"x" * (MAX_HEAD_BYTES + 1) + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * (MAX_HEADERS + 1) + b"\r\n",
    ],
    ids=["without an end", "one field", "path", "fields"],
)
def test_too_large_a_head_is_refused(head: bytes, server: ServerProcess) -> None:
    with connected(server) as client:
        client.sendall(head)
        assert read_until(client, b"\r\n").startswith(b"HTTP/1.1 431 ")


def test_what_is_no_http_is_refused(server: ServerProcess) -> None:
    with connected(server) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        assert read_all(client).startswith(b"HTTP/1.1 400 Bad Request")


@pytest.mark.parametrize("cut", [None, -20, 60], ids=["at once", "body later", "head in two"])
def test_offer_to_upgrade_is_passed_over_with_nothing_lost(cut: int | None, server: ServerProcess) -> None:
    request = post(BODY, "connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABk")
    request += post(BODY, "connection: close")
    with connected(server) as client:
        client.sendall(request[:cut])
        if cut is not None:
            client.sendall(request[cut:])
        assert read_all(client).count(b"HTTP/1.1 200 OK") == 2


def test_tunnel_is_refused(server: ServerProcess) -> None:
    with connected(server) as client:
        client.sendall(b"CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\n\r\n")
        assert read_all(client).startswith(b"HTTP/1.1 405 ")


def test_client_that_does_not_read_is_cut_off() -> None:
    settings = json.dumps({"client_timeout_s": TIMEOUT_S})
    body: dict[str, Any] = {"messages": HELLO, "max_tokens": 99_000, "stream": True, "n": 16}
    with fake_server("slow", "0", "0", "64", settings) as server:
        before = server.stderr.count("disconnected")
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            parts = urlsplit(server.root)
            client.connect((parts.hostname, parts.port))
            client.sendall(post(json.dumps({**body, "temperature": 1}).encode()))
            until(lambda: server.stderr.count("disconnected") > before)
            assert is_idle(server)


def test_reader_that_pauses_gets_everything(server: ServerProcess) -> None:
    """What waits for a slow reader may wait longer than the time-out, as long as some of it is read."""
    body = {"messages": HELLO, "max_tokens": 3000, "stream": True, "n": 4, "temperature": 1}
    with connected(server) as client:
        client.sendall(post(json.dumps(body).encode(), "connection: close"))
        found = b""
        while piece := client.recv(200_000):
            found += piece
            time.sleep(TIMEOUT_S / 100)
    assert found.count(b'"finish_reason":"length"') == 4
    assert found.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


def test_silent_stream_gets_comments() -> None:
    settings = json.dumps({"sse_keep_alive_interval_s": 0.05})
    with fake_server("slow", "1", "0", "64", settings) as server:
        body = {"messages": HELLO, "max_tokens": 2, "stream": True}
        found = call(server, "POST", "/v1/chat/completions", body).body
    events = found.split(b"\n\n")
    first = next(i for i, event in enumerate(events) if event.startswith(b"data: "))
    assert events[:first] == [b": keep-alive"] * first
    assert first >= 2
    assert events[-2:] == [b"data: [DONE]", b""]


@pytest.mark.parametrize("is_stream", [False, True])
def test_request_beyond_its_time_ends_in_an_error(is_stream: bool) -> None:
    with fake_server("slow", "0.01", "0", "64", json.dumps({"request_timeout_s": 1})) as server:
        body = {"messages": HELLO, "max_tokens": 90_000, "stream": is_stream}
        answer = call(server, "POST", "/v1/chat/completions", body)
        until(lambda: is_idle(server))
    if is_stream:
        *_, last, done = answer.frames
        assert (json.loads(last)["error"]["code"], done) == (504, b"[DONE]")
    else:
        assert answer.status == 504
        assert "longer than 1 s" in answer.error["message"]


# --- sending ----------------------------------------------------------------------------------------------


class Written:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.parts.append(data)

    def close(self) -> None:
        self.is_closed = True

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


def sent(messages: list[Any], method: str = "GET", *, keep_alive: bool = True) -> Written:
    """Return what the messages of one reply write."""
    transport: Any = Written()

    async def main() -> None:
        cycle = RequestResponseCycle(
            scope={"method": method},  # type: ignore[typeddict-item]  # all that sending looks at
            transport=transport, flow=FlowControl(transport), logger=logging.getLogger("x"),
            access_logger=logging.getLogger("x"), access_log=False, default_headers=[(b"server", b"x")],
            message_event=asyncio.Event(), expect_100_continue=False, keep_alive=keep_alive,
            on_response=lambda: None,
        )  # fmt: skip
        send = Sender(cycle)
        for message in messages:
            await send(message)
        assert cycle.response_complete

    asyncio.run(main())
    written: Written = transport
    return written


def start(*headers: tuple[bytes, bytes]) -> Any:
    return {"type": "http.response.start", "status": 200, "headers": [*headers]}


def part(body: bytes, more: bool = False) -> Any:
    return {"type": "http.response.body", "body": body, "more_body": more}


def test_whole_reply_is_written_at_once() -> None:
    head = b"HTTP/1.1 200 OK\r\nserver: x\r\ncontent-length: 2\r\n"
    written = sent([start((b"content-length", b"2")), part(b"hi")])
    assert written.parts == [head + b"\r\nhi"]
    last = sent([start((b"content-length", b"2")), part(b"hi")], keep_alive=False)
    assert last.parts == [head + b"connection: close\r\n\r\nhi"]
    assert last.is_closed


def test_reply_in_parts_is_written_part_by_part() -> None:
    head = b"HTTP/1.1 200 OK\r\nserver: x\r\n"
    known = sent([start((b"content-length", b"4")), part(b"hi", True), part(b"ho")])
    assert known.parts == [head + b"content-length: 4\r\n\r\n", b"hi", b"ho"]
    stream = sent([start(), part(b"hi", True), part(b"", True), part(b"ho")])
    chunks = [b"2\r\nhi\r\n", b"", b"2\r\nho\r\n0\r\n\r\n"]
    assert stream.parts == [head + b"transfer-encoding: chunked\r\n\r\n", *chunks]


def test_reply_to_head_has_no_body() -> None:
    written = sent([start((b"content-length", b"2")), part(b"hi")], "HEAD")
    assert b"".join(written.parts) == b"HTTP/1.1 200 OK\r\nserver: x\r\ncontent-length: 2\r\n\r\n"


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\rb", b"a\0b"])
def test_header_that_would_be_several_is_not_sent(value: bytes) -> None:
    with pytest.raises(RuntimeError, match="header"):
        sent([start((b"content-length", b"2"), (b"x-echo", value)), part(b"hi")])


def test_body_of_another_length_is_not_sent() -> None:
    with pytest.raises(RuntimeError, match="as long"):
        sent([start((b"content-length", b"3")), part(b"hi")])


# --- sending without messages -----------------------------------------------------------------------------


def sender(transport: Written, method: str = "GET") -> Sender:
    """Must be called while a loop runs."""
    flow: Any = FlowControl(transport)  # type: ignore[arg-type]  # as much of a transport as is looked at
    cycle = RequestResponseCycle(
        scope={"method": method},  # type: ignore[typeddict-item]  # all that sending looks at
        transport=transport, flow=flow, logger=logging.getLogger("x"),  # type: ignore[arg-type]
        access_logger=logging.getLogger("x"), access_log=False, default_headers=[(b"server", b"x")],
        message_event=asyncio.Event(), expect_100_continue=False, keep_alive=True, on_response=lambda: None,
    )  # fmt: skip
    return Sender(cycle)


def test_reply_sent_at_once_is_the_one_of_messages() -> None:
    async def main() -> Written:
        transport = Written()
        assert sender(transport).send_whole(200, [(b"content-length", b"2")], b"hi")
        return transport

    assert asyncio.run(main()).parts == sent([start((b"content-length", b"2")), part(b"hi")]).parts


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", [(b"content-length", b"2")]),
        ("GET", []),
        ("GET", [(b"content-length", b"2"), (b"connection", b"close")]),
        ("GET", [(b"content-length", b"2"), (b"transfer-encoding", b"chunked")]),
    ],
)
def test_reply_with_more_to_think_about_is_left_to_messages(
    method: str, headers: list[tuple[bytes, bytes]]
) -> None:
    async def main() -> Written:
        transport = Written()
        assert not sender(transport, method).send_whole(200, headers, b"hi")
        return transport

    assert asyncio.run(main()).parts == []


def test_part_is_written_between_the_head_and_the_end_unless_it_would_wait() -> None:
    async def main() -> Written:
        transport = Written()
        send = sender(transport)
        assert not send.is_ready
        await send(start())
        assert send.is_ready
        send.write_parts([b"hi", b"there"])
        send.write_parts([])
        send._cycle.flow.pause_writing()
        assert not send.is_ready
        send._cycle.flow.resume_writing()
        await send(part(b""))
        assert not send.is_ready
        return transport

    stream = sent([start(), part(b"hi", True), part(b"there", True), part(b"")])
    assert b"".join(asyncio.run(main()).parts) == b"".join(stream.parts)


def test_connection_idle_after_a_reply_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("martlet.server.process.KEEP_ALIVE_S", 0.2)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start((b"content-length", b"2")))
        await send(part(b"hi"))

    async def main() -> bytes:
        config = uvicorn_config(app, ServerSettings(served_model_names=("x",)))
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: config.http_protocol_class(config=config, server_state=state, app_state={}),  # type: ignore[call-arg]
            "127.0.0.1",
        )
        async with server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(3):
                writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
                assert (await reader.readuntil(b"\r\n\r\nhi")).startswith(b"HTTP/1.1 200 OK")
            rest = await reader.read()
            writer.close()
            await writer.wait_closed()
            return rest

    assert asyncio.run(asyncio.wait_for(main(), 20)) == b""
