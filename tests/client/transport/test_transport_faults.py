"""Every way in which an attempt can fail: the class, `sent`, and a message without secrets."""

from __future__ import annotations

import copy
import pickle
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from martlet import errors
from martlet.client.transport import Origin, Request
from tests.client.transport.peer import CHUNKED, OK, PATIENCE_S, Caller, Link, Peer, get, hold, pieces, post

Listen = Callable[..., Peer]


def failure(call: Callable[[], Any], kind: type[errors.TransportError], sent: str) -> errors.TransportError:
    with pytest.raises(errors.TransportError) as caught:
        call()
    error = caught.value
    assert type(error) is kind, repr(error)
    assert error.sent == sent
    assert "secret" not in str(error)
    assert "secret" not in repr(error.__cause__)
    assert str(pickle.loads(pickle.dumps(error))) == str(copy.copy(error)) == str(error)
    return error


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


# --- before anything is sent


def test_refused_connection_says_what_to_do(caller: Caller) -> None:
    port = unused_port()
    error = failure(lambda: caller.send(post(Origin("http", "127.0.0.1", port))), errors.ConnectError, "no")
    assert str(error) == (
        f"cannot connect to http://127.0.0.1:{port}: connection refused; is the server running?"
    )


def test_unresolvable_host_is_dns_error(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*args: Any, **options: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    error = failure(lambda: caller.send(post(Origin("http", "no.such.host", 80))), errors.DNSError, "no")
    assert str(error).startswith("cannot resolve the host of http://no.such.host: name or service not known")


def test_impossible_host_name_is_dns_error(caller: Caller) -> None:
    error = failure(lambda: caller.send(post(Origin("http", "a" * 70 + ".b", 80))), errors.DNSError, "no")
    assert "is the name right?" in str(error)


@pytest.mark.skipif(sys.platform != "linux", reason="a full backlog drops SYNs on Linux")
def test_silent_host_is_connect_timeout(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        origin = Origin("http", *address)
        error = failure(lambda: caller.send(post(origin, connect=0.05)), errors.ConnectTimeout, "no")
        assert "(connect=0.05 s)" in str(error)
        error = failure(
            lambda: caller.send(post(origin, connect=PATIENCE_S, total=0.05)), errors.ConnectTimeout, "no"
        )
        assert "(total=0.05 s)" in str(error)
        for filler in fillers:
            filler.close()


def test_busy_pool_is_pool_timeout(make_caller: Callable[..., Caller], listen: Listen) -> None:
    caller = make_caller(max_connections=1)
    held = listen(hold(CHUNKED))
    with_stream = caller.send(post(held.origin))
    error = failure(lambda: caller.send(post(held.origin, pool=0.05)), errors.PoolTimeout, "no")
    assert "(pool=0.05 s)" in str(error)
    request = post(held.origin, pool=PATIENCE_S, total=0.05)
    error = failure(lambda: caller.send(request), errors.PoolTimeout, "no")
    assert "(total=0.05 s)" in str(error)
    with_stream.close()
    reply = caller.send(post(held.origin, pool=PATIENCE_S, read=1.0))
    failure(reply.read, errors.ReadTimeout, "yes")
    assert held.num_accepted == 2


# --- sent, and no head


def test_slow_head_is_read_timeout(caller: Caller, listen: Listen) -> None:
    peer = listen(hold())
    error = failure(lambda: caller.send(post(peer.origin, read=0.05)), errors.ReadTimeout, "maybe")
    assert str(error) == f"http://127.0.0.1:{peer.port} did not answer: timed out (read=0.05 s)"
    assert isinstance(error, TimeoutError)


def test_total_bounds_the_head(caller: Caller, listen: Listen) -> None:
    peer = listen(hold())
    error = failure(
        lambda: caller.send(post(peer.origin, read=PATIENCE_S, total=0.05)), errors.ReadTimeout, "maybe"
    )
    assert "(total=0.05 s)" in str(error)


def test_total_bounds_a_body_that_drips(caller: Caller, listen: Listen) -> None:
    over = threading.Event()

    def drip(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED)
        while not over.wait(0.01):
            link.send(b"1\r\nx\r\n")

    reply = caller.send(post(listen(drip).origin, read=PATIENCE_S, total=1.0))
    error = failure(reply.read, errors.ReadTimeout, "yes")
    over.set()
    assert "(total=1 s)" in str(error)


def test_total_does_not_bound_chunks(caller: Caller, listen: Listen) -> None:
    more = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED + b"1\r\na\r\n")
        more.wait(1.2)
        link.send(b"1\r\nb\r\n0\r\n\r\n")

    reply = caller.send(post(listen(script).origin, total=1.0))
    assert b"".join(pieces(reply)) == b"ab"


@pytest.mark.parametrize("end", [Link.close, Link.reset])
def test_end_without_answer_is_connection_lost(
    caller: Caller, listen: Listen, end: Callable[[Link], None]
) -> None:
    def script(link: Link) -> None:
        link.read_request()
        end(link)

    origin = listen(script).origin
    error = failure(lambda: caller.send(post(origin)), errors.ConnectionLost, "maybe")
    assert not error.reused
    assert "closed the connection without answering" in str(error)


@pytest.mark.parametrize("end", [Link.close, Link.reset])
def test_end_of_kept_alive_connection_is_marked_reused(
    caller: Caller, listen: Listen, end: Callable[[Link], None]
) -> None:
    def script(link: Link) -> None:
        link.read_request()
        link.send(OK)
        link.read_request()
        end(link)

    origin = listen(script).origin
    assert caller.send(post(origin)).read() == b"hi"
    error = failure(lambda: caller.send(post(origin)), errors.ConnectionLost, "maybe")
    assert error.reused


@pytest.mark.parametrize("end", [Link.close, Link.reset])
def test_end_in_head_is_connection_lost(caller: Caller, listen: Listen, end: Callable[[Link], None]) -> None:
    def script(link: Link) -> None:
        if link.read_request():
            link.send(OK)
        if link.read_request():
            link.send(b"HTTP/1.1 200 OK\r\ncontent-")
            over.wait(PATIENCE_S)
            end(link)

    over = threading.Event()
    origin = listen(script).origin
    assert caller.send(post(origin)).read() == b"hi"
    threading.Timer(0.05, over.set).start()
    error = failure(lambda: caller.send(post(origin)), errors.ConnectionLost, "maybe")
    assert not error.reused  # a byte of the answer came
    assert "in the middle of the answer's head" in str(error)


def test_peer_that_reads_nothing_is_write_timeout(caller: Caller, listen: Listen) -> None:
    over = threading.Event()
    peer = listen(lambda _: over.wait(PATIENCE_S) and None)
    request = post(peer.origin, bytes(30_000_000), write=0.1)
    error = failure(lambda: caller.send(request), errors.WriteTimeout, "maybe")
    assert "(write=0.1 s)" in str(error)
    request.timeouts = post(peer.origin, total=0.1).timeouts
    error = failure(lambda: caller.send(request), errors.WriteTimeout, "maybe")
    over.set()
    assert "(total=0.1 s)" in str(error)


# --- in the body


@pytest.mark.parametrize("end", [Link.close, Link.reset])
@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nsome",
        CHUNKED + b"4\r\nsome\r\n",
        CHUNKED + b"6\r\nsome",
    ],
    ids=["length", "large", "chunks", "in-chunk"],
)
def test_end_in_body_is_incomplete_body(
    caller: Caller, listen: Listen, start: bytes, end: Callable[[Link], None]
) -> None:
    is_read = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(start)
        is_read.wait(PATIENCE_S)
        end(link)

    reply = caller.send(post(listen(script).origin))
    assert reply.chunk() == b"some"
    is_read.set()
    error = failure(reply.chunk, errors.IncompleteBody, "yes")
    assert "in the middle of its answer" in str(error)
    failure(reply.read, errors.IncompleteBody, "yes")  # and it stays so


def test_reset_of_close_delimited_body_is_incomplete(caller: Caller, listen: Listen) -> None:
    is_read = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(b"HTTP/1.1 200 OK\r\n\r\nsome")
        is_read.wait(PATIENCE_S)
        link.reset()

    reply = caller.send(post(listen(script).origin))
    assert reply.chunk() == b"some"
    is_read.set()
    failure(reply.read, errors.IncompleteBody, "yes")


@pytest.mark.parametrize("method", ["read", "chunk"])
def test_stall_in_body_is_read_timeout(caller: Caller, listen: Listen, method: str) -> None:
    peer = listen(hold(CHUNKED + b"4\r\nsome\r\n"))
    reply = caller.send(post(peer.origin, read=1.0))
    assert reply.chunk() == b"some"
    error = failure(getattr(reply, method), errors.ReadTimeout, "yes")
    assert "stopped in the middle of its answer: timed out (read=1 s)" in str(error)


def test_bad_chunk_comes_after_the_good_ones(caller: Caller, listen: Listen) -> None:
    peer = listen(
        lambda link: (
            link.read_request(),
            link.send(CHUNKED + b"4\r\nsome\r\nzz\r\nbad\r\n"),
            link.wait_closed(),
        )
    )
    reply = caller.send(post(peer.origin, read=PATIENCE_S))
    assert reply.chunk() == b"some"
    failure(reply.chunk, errors.ProtocolError, "yes")


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x15\x03\x01\x00\x02\x02\x50",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n\x81\x00",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 600_000,
    ],
    ids=[
        "ssh", "tls-alert", "two-lengths", "length-and-chunks", "negative-length", "bad-header", "bad-status",
        "upgrade", "large-header", "many-headers", "endless-header",
    ],
)  # fmt: skip
def test_broken_answer_is_protocol_error(caller: Caller, listen: Listen, answer: bytes) -> None:
    peer = listen(hold(answer))
    error = failure(lambda: caller.send(post(peer.origin, read=PATIENCE_S)), errors.ProtocolError, "yes")
    assert f"http://127.0.0.1:{peer.port} broke HTTP/1.1" in str(error)


def test_head_under_the_limit_passes(caller: Caller, listen: Listen) -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 250_000 + b"\r\ncontent-length: 100000\r\n\r\n" + bytes(100_000)
    )
    peer = listen(lambda link: link.answer_all(answer))
    assert len(caller.send(post(peer.origin)).read()) == 100_000


# --- what the caller did wrong


@pytest.mark.parametrize(
    "headers",
    [
        [("authorization", "Bearer sk-secret\n")],
        [("authorization", "Bearer sk-secret\r\nx: y")],
        [("authorization", "Bearer sk-secret\0")],
        [("authorization", "Bearer sk-secret-\u2026")],
    ],
)
def test_unsendable_header_is_named_without_its_value(
    caller: Caller, listen: Listen, headers: list[tuple[str, str]]
) -> None:
    peer = listen(Link.answer_all)
    with pytest.raises(ValueError, match="header 'authorization' holds a character") as caught:
        caller.send(Request("POST", peer.origin, "/", headers))
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert peer.num_accepted == 0


@pytest.mark.parametrize("target", ["/a b", "/a\r\nx: y", "/\u00fc"])
def test_unsendable_target_is_refused(caller: Caller, listen: Listen, target: str) -> None:
    peer = listen(Link.answer_all)
    with pytest.raises(ValueError, match="URL or method"):
        caller.send(Request("GET", peer.origin, target, []))


def test_use_after_close_is_client_closed(caller: Caller, listen: Listen) -> None:
    peer = listen(Link.answer_all)
    assert caller.send(get(peer.origin)).read() == b"hi"
    caller.end()
    with pytest.raises(errors.ClientClosedError):
        caller.send(get(peer.origin))
