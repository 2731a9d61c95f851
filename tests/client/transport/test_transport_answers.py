"""What well-behaved and merely odd servers send, and how connections are reused."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from martlet.client.transport import Origin, Request, http1
from martlet.client.transport.base import Timeouts
from tests.client.transport.peer import CHUNKED, OK, PATIENCE_S, Caller, Link, Peer, get, pieces, post

Listen = Callable[..., Peer]


def once(answer: bytes) -> Callable[[Link], None]:
    """A script that answers one request and closes."""

    def script(link: Link) -> None:
        link.read_request()
        link.send(answer)

    return script


# --- the request


def test_request_arrives_as_given(caller: Caller, listen: Listen) -> None:
    seen = []

    def script(link: Link) -> None:
        seen.append(link.read_request())
        link.send(OK)

    peer = listen(script)
    headers = [("Authorization", "Bearer k"), ("x-name", "Jos\u00e9")]
    caller.send(Request("POST", peer.origin, "/v1/a?b=c%20d", headers, b'{"a": 1}')).read()
    assert seen == [
        f"POST /v1/a?b=c%20d HTTP/1.1\r\nhost: 127.0.0.1:{peer.port}\r\nAuthorization: Bearer k\r\n"
        "x-name: Jos\u00e9\r\ncontent-length: 8\r\n\r\n".encode("latin-1")
        + b'{"a": 1}'
    ]


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (Origin("http", "a.b", 80), "a.b"),
        (Origin("https", "a.b", 443), "a.b"),
        (Origin("https", "a.b", 80), "a.b:80"),
        (Origin("http", "::1", 8000), "[::1]:8000"),
    ],
)
def test_host_header_follows_the_origin(origin: Origin, host: str) -> None:
    assert (
        http1.encode_head(Request("GET", origin, "/", []))
        == f"GET / HTTP/1.1\r\nhost: {host}\r\n\r\n".encode()
    )


def test_given_host_and_length_are_kept() -> None:
    headers = [("HOST", "x"), ("Content-Length", "3")]
    head = http1.encode_head(Request("POST", Origin("http", "a", 80), "/", headers, b"abc"))
    assert head == b"POST / HTTP/1.1\r\nHOST: x\r\nContent-Length: 3\r\n\r\n"


def test_empty_post_says_its_length() -> None:
    assert b"content-length: 0\r\n" in http1.encode_head(Request("POST", Origin("http", "a", 80), "/", []))


# --- the answer


def test_head_has_lower_case_names_in_order(caller: Caller, listen: Listen) -> None:
    answer = b"HTTP/1.1 404 Nope\r\nX-B: 1\r\nx-a: caf\xe9\r\nX-B:  2 \r\nContent-Length: 0\r\n\r\n"
    reply = caller.send(get(listen(once(answer)).origin))
    assert reply.head.status == 404
    assert reply.head.headers == [("x-b", "1"), ("x-a", "caf\xe9"), ("x-b", "2"), ("content-length", "0")]
    assert reply.head.http_version == "1.1"
    assert reply.read() == b""


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"hi"),
        (b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Hints\r\nlink: x\r\n\r\n" + OK, b"hi"),
        (CHUNKED + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nx-sum: 1\r\n\r\n", b"abcde"),
        (b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b""),
        (b"HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nold", b"old"),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nold", b"old"),
        (b"HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nhi", b"hi"),
    ],
    ids=["100", "102-103", "trailers", "close-delimited", "empty", "http10", "http10-length", "no-reason"],
)  # fmt: skip
def test_body_ends_where_it_should(caller: Caller, listen: Listen, answer: bytes, body: bytes) -> None:
    assert caller.send(post(listen(once(answer)).origin)).read() == body
    assert b"".join(pieces(caller.send(post(listen(once(answer)).origin)))) == body


def test_answer_that_drips_in_is_whole(caller: Caller, listen: Listen) -> None:
    answer = (
        b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n0\r\na: b\r\n\r\n"
    )

    def script(link: Link) -> None:
        link.read_request()
        for byte in answer:
            link.send(bytes([byte]))
            time.sleep(0.01)  # so that most bytes travel alone; all together last longer than the read limit

    reply = caller.send(post(listen(script).origin, read=0.8))
    assert reply.head.headers == [("transfer-encoding", "chunked")]
    assert reply.read() == b"abcde"


@pytest.mark.parametrize("num_bytes", [1, 2, 3, 7])
def test_split_answers_parse_alike(num_bytes: int) -> None:
    stream = b"HTTP/1.1 100 Continue\r\nx: y\r\n\r\n" + CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n0\r\na: b\r\n\r\n"
    answer = http1.Answer("http://a", "POST", False)
    for start in range(0, len(stream), num_bytes):
        assert not answer.complete
        answer.feed(stream[start : start + num_bytes])
    assert answer.complete
    assert answer.keep_alive
    assert answer.head is not None
    assert answer.head.headers == [("transfer-encoding", "chunked")]
    assert answer.take() == b"abcde"


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\ncontent-length: 500\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
    ],
)
def test_bodiless_answer_keeps_the_connection(
    caller: Caller, listen: Listen, method: str, answer: bytes
) -> None:
    peer = listen(lambda link: link.answer_all(answer))
    for _ in range(3):
        reply = caller.send(get(peer.origin, method, read=PATIENCE_S))
        assert reply.chunk() is None
        assert reply.read() == b""
    assert peer.num_accepted == 1


def test_chunk_gives_what_has_arrived(caller: Caller, listen: Listen) -> None:
    more = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED + b"1\r\na\r\n1\r\nb\r\n")
        more.wait(PATIENCE_S)
        link.send(b"1\r\nc\r\n0\r\n\r\n")

    reply = caller.send(post(listen(script).origin))
    assert reply.chunk() == b"ab"
    more.set()
    assert reply.chunk() == b"c"
    assert reply.chunk() is None
    assert reply.chunk() is None


def test_read_after_chunk_gives_the_rest(caller: Caller, listen: Listen) -> None:
    more = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED + b"1\r\na\r\n")
        more.wait(PATIENCE_S)
        link.send(b"1\r\nb\r\n0\r\n\r\n")

    reply = caller.send(post(listen(script).origin))
    assert reply.chunk() == b"a"
    more.set()
    assert reply.read() == b"b"


@pytest.mark.parametrize("framing", ["length", "chunks", "close"])
def test_large_bodies_travel_both_ways(caller: Caller, listen: Listen, framing: str) -> None:
    body = os.urandom(1 << 20) * 20

    def script(link: Link) -> None:
        while request := link.read_request():
            echoed = request.partition(b"\r\n\r\n")[2]
            if framing == "length":
                link.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(echoed) + echoed)
            elif framing == "chunks":
                link.send(CHUNKED)
                for start in range(0, len(echoed), 100_000):
                    piece = echoed[start : start + 100_000]
                    link.send(b"%x\r\n%b\r\n" % (len(piece), piece))
                link.send(b"0\r\n\r\n")
            else:
                link.send(b"HTTP/1.1 200 OK\r\n\r\n" + echoed)
                return

    peer = listen(script)
    assert caller.send(post(peer.origin, body)).read() == body
    assert b"".join(pieces(caller.send(post(peer.origin, body)))) == body
    assert peer.num_accepted == (2 if framing == "close" else 1)


def test_slow_reader_holds_the_sender_back(caller: Caller, listen: Listen) -> None:
    num_sent = 0
    is_stuck = threading.Event()

    def script(link: Link) -> None:
        nonlocal num_sent
        link.read_request()
        link.send(CHUNKED)
        link.sock.settimeout(0.3)
        piece = b"%x\r\n%b\r\n" % (1 << 16, bytes(1 << 16))
        try:
            while num_sent < 60_000_000:
                link.send(piece)
                num_sent += 1 << 16
        except TimeoutError:
            is_stuck.set()

    reply = caller.send(post(listen(script).origin))
    assert reply.chunk()
    assert caller.wait(is_stuck)
    assert num_sent < 30_000_000
    reply.close()


@pytest.mark.parametrize("ends", ["stays", "closes", "resets"])
def test_early_refusal_of_a_large_upload_is_delivered(caller: Caller, listen: Listen, ends: str) -> None:
    def script(link: Link) -> None:
        if link.number > 0:
            link.answer_all()
        link.read_head()
        link.send(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 9\r\n\r\ntoo large")
        if ends == "stays":
            over.wait(PATIENCE_S)
        elif ends == "resets":
            link.reset()

    over = threading.Event()
    peer = listen(script)
    reply = caller.send(post(peer.origin, bytes(50_000_000), read=PATIENCE_S, write=PATIENCE_S))
    assert reply.head.status == 413
    assert reply.read() == b"too large"
    over.set()
    assert caller.send(post(peer.origin)).read() == b"hi"
    assert peer.num_accepted == 2  # the half-used connection was not kept


def test_refusal_of_a_small_request_survives_the_reset(caller: Caller, listen: Listen) -> None:
    def script(link: Link) -> None:
        link.sock.recv(10)
        link.send(b"HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno")

    reply = caller.send(post(listen(script).origin, bytes(1000)))
    assert reply.head.status == 401
    assert reply.read() == b"no"


# --- connections


def test_connection_is_reused(caller: Caller, listen: Listen) -> None:
    peer = listen(Link.answer_all)
    for _ in range(20):
        assert caller.send(post(peer.origin)).read() == b"hi"
    assert peer.num_accepted == 1


def test_complete_answer_frees_the_connection_unread(caller: Caller, listen: Listen) -> None:
    peer = listen(Link.answer_all)
    replies = [caller.send(post(peer.origin)) for _ in range(3)]
    assert [reply.read() for reply in replies] == [b"hi"] * 3
    assert peer.num_accepted == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        OK + b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nother",
        OK + b"surplus",
    ],
    ids=["close", "http10", "two-answers", "surplus"],
)
def test_connection_is_not_reused(caller: Caller, listen: Listen, answer: bytes) -> None:
    peer = listen(lambda link: link.answer_all(answer))
    for _ in range(3):
        assert caller.send(post(peer.origin)).read() == b"hi"
    assert peer.num_accepted == 3


def test_late_surplus_is_never_an_answer(caller: Caller, listen: Listen) -> None:
    """Bytes that arrive on an idle connection must not answer the next request."""
    is_read, is_sent = threading.Event(), threading.Event()

    def script(link: Link) -> None:
        if link.number > 0:
            link.answer_all()
        link.read_request()
        link.send(OK)
        is_read.wait(PATIENCE_S)
        link.send(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong")
        is_sent.set()
        link.wait_closed()

    peer = listen(script)
    assert caller.send(post(peer.origin)).read() == b"hi"
    is_read.set()
    assert is_sent.wait(PATIENCE_S)
    time.sleep(0.06)  # an asynchronous connection is looked at again once it has idled for 50 ms
    assert caller.send(post(peer.origin)).read() == b"hi"
    assert peer.num_accepted == 2


@pytest.mark.parametrize("end", [Link.close, Link.reset])
def test_stale_connection_is_replaced(caller: Caller, listen: Listen, end: Callable[[Link], None]) -> None:
    is_ended = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(OK)
        if link.number == 0:
            end(link)
            is_ended.set()

    peer = listen(script)
    assert caller.send(post(peer.origin)).read() == b"hi"
    assert is_ended.wait(PATIENCE_S)
    time.sleep(0.06)
    assert caller.send(post(peer.origin)).read() == b"hi"
    assert peer.num_accepted == 2


def test_idle_connection_is_retired(make_caller: Callable[..., Caller], listen: Listen) -> None:
    has_left = threading.Event()

    def script(link: Link) -> None:
        link.answer_all()
        has_left.set()

    peer = listen(script)
    caller = make_caller(keep_alive_s=0.02)
    assert caller.send(post(peer.origin)).read() == b"hi"
    time.sleep(0.03)
    assert caller.send(post(peer.origin)).read() == b"hi"
    assert peer.num_accepted == 2
    assert has_left.wait(PATIENCE_S)


def test_drained_stream_gives_its_connection_back(caller: Caller, listen: Listen) -> None:
    may_end = threading.Event()

    def script(link: Link) -> None:
        while link.read_request():
            link.send(CHUNKED + b"4\r\nlast\r\n")
            may_end.wait(PATIENCE_S)
            link.send(b"0\r\n\r\n")

    peer = listen(script)
    for _ in range(2):
        reply = caller.send(post(peer.origin))
        assert reply.chunk() == b"last"
        may_end.set()
        reply.drain(PATIENCE_S)
    assert peer.num_accepted == 1


def test_stream_that_goes_on_is_closed_by_drain(caller: Caller, listen: Listen) -> None:
    is_closed = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED + b"4\r\nlast\r\n")
        link.wait_closed()
        is_closed.set()

    reply = caller.send(post(listen(script).origin))
    assert reply.chunk() == b"last"
    reply.drain(0.02)
    assert caller.wait(is_closed)


def test_connection_lost_mid_body_is_not_reused(caller: Caller, listen: Listen) -> None:
    def script(link: Link) -> None:
        if link.number == 0:
            link.read_request()
            link.send(CHUNKED + b"1\r\na\r\n")
            link.wait_closed()
            is_closed.set()
        link.answer_all()

    is_closed = threading.Event()
    peer = listen(script)
    reply = caller.send(post(peer.origin))
    assert reply.chunk() == b"a"
    reply.close()
    reply.close()
    assert caller.send(post(peer.origin)).read() == b"hi"
    assert is_closed.wait(PATIENCE_S)
    assert peer.num_accepted == 2


def test_ipv6_literal_connects(caller: Caller, listen: Listen) -> None:
    try:
        peer = listen(Link.answer_all, host="::1")
    except OSError:
        pytest.skip("no IPv6 here")
    assert caller.send(post(peer.origin)).read() == b"hi"


def test_port_of_getaddrinfo_is_the_one_connected_to(
    caller: Caller, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = listen(Link.answer_all)
    asked: list[tuple[Any, ...]] = []

    def resolve(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        asked.append((host, port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", peer.port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert caller.send(post(Origin("http", "model.example", 8000))).read() == b"hi"
    assert asked == [("model.example", 8000)]


def test_dead_address_gives_way_to_the_next(
    caller: Caller, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = listen(Link.answer_all)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dead = listener.getsockname()

    def resolve(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", dead),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", peer.port)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert (
        caller.send(Request("GET", Origin("http", "a.example", 1), "/", [], b"", Timeouts(5))).read() == b"hi"
    )
