"""TLS: trust, failures in words, and the same behaviour as without."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from martlet import errors
from martlet.client.transport import AsyncHTTPTransport, Origin
from tests.client.transport.peer import CHUNKED, PATIENCE_S, Caller, Link, Peer, hold, pieces, post
from tests.client.transport.test_transport_faults import failure

Listen = Callable[..., Peer]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA, make_caller: Callable[..., Caller]) -> Caller:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return make_caller(ssl_context=context)


def test_custom_authority_is_trusted(trusting: Caller, listen: Listen, server: ssl.SSLContext) -> None:
    peer = listen(Link.answer_all, tls=server)
    for _ in range(5):
        assert trusting.send(post(peer.origin)).read() == b"hi"
    assert peer.num_accepted == 1


def test_host_names_are_resolved_and_checked(
    trusting: Caller, listen: Listen, server: ssl.SSLContext
) -> None:
    port = listen(Link.answer_all, tls=server).port
    assert trusting.send(post(Origin("https", "localhost", port))).read() == b"hi"


def test_large_bodies_travel_both_ways(trusting: Caller, listen: Listen, server: ssl.SSLContext) -> None:
    body = os.urandom(1 << 20) * 4

    def echo(link: Link) -> None:
        while request := link.read_request():
            echoed = request.partition(b"\r\n\r\n")[2]
            link.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(echoed) + echoed)

    peer = listen(echo, tls=server)
    assert trusting.send(post(peer.origin, body)).read() == body
    assert b"".join(pieces(trusting.send(post(peer.origin, body)))) == body
    assert peer.num_accepted == 1


def test_untrusted_certificate_is_tls_error(caller: Caller, listen: Listen, server: ssl.SSLContext) -> None:
    peer = listen(Link.answer_all, tls=server)
    error = failure(lambda: caller.send(post(peer.origin)), errors.TLSError, "no")
    assert f"cannot connect to https://127.0.0.1:{peer.port}: its certificate is not trusted: " in str(error)
    assert isinstance(error.__cause__, ssl.SSLCertVerificationError)


def test_wrong_host_name_is_tls_error(
    trusting: Caller, listen: Listen, server: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = listen(Link.answer_all, tls=server)

    def resolve(*args: Any, **options: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", peer.port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    error = failure(lambda: trusting.send(post(Origin("https", "other.example", 443))), errors.TLSError, "no")
    assert "other.example" in str(error)


def test_plain_server_is_tls_error_that_says_so(caller: Caller, listen: Listen) -> None:
    def script(link: Link) -> None:
        link.sock.recv(1000)
        link.send(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")

    port = listen(script).port
    error = failure(lambda: caller.send(post(Origin("https", "127.0.0.1", port))), errors.TLSError, "no")
    assert "is it http:// rather than https://?" in str(error)


def after_hello(end: Callable[[Link], None]) -> Callable[[Link], None]:
    def script(link: Link) -> None:
        link.sock.recv(10_000)
        end(link)

    return script


def test_close_in_the_handshake_is_tls_error(caller: Caller, listen: Listen) -> None:
    port = listen(after_hello(Link.close)).port
    error = failure(lambda: caller.send(post(Origin("https", "127.0.0.1", port))), errors.TLSError, "no")
    assert "closed the connection during the TLS handshake" in str(error)


def test_reset_in_the_handshake_is_connect_error(caller: Caller, listen: Listen) -> None:
    port = listen(after_hello(Link.reset)).port
    error = failure(lambda: caller.send(post(Origin("https", "127.0.0.1", port))), errors.ConnectError, "no")
    assert "reset" in str(error)


@pytest.mark.parametrize("clocks", [{"connect": 0.05}, {"connect": PATIENCE_S, "total": 0.05}])
def test_stalled_handshake_is_connect_timeout(caller: Caller, listen: Listen, clocks: Any) -> None:
    is_closed = threading.Event()

    def script(link: Link) -> None:
        link.wait_closed()
        is_closed.set()

    port = listen(script).port
    request = post(Origin("https", "127.0.0.1", port), **clocks)
    failure(lambda: caller.send(request), errors.ConnectTimeout, "no")
    assert caller.wait(is_closed)


@pytest.mark.parametrize("end", [Link.close, Link.reset])
def test_end_in_the_body_is_incomplete_body(
    trusting: Caller, listen: Listen, server: ssl.SSLContext, end: Callable[[Link], None]
) -> None:
    is_read = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED + b"4\r\nsome\r\n")
        is_read.wait(PATIENCE_S)
        end(link)

    reply = trusting.send(post(listen(script, tls=server).origin))
    assert reply.chunk() == b"some"
    is_read.set()
    failure(reply.read, errors.IncompleteBody, "yes")


def test_close_delimited_body_needs_a_polite_close(
    trusting: Caller, listen: Listen, server: ssl.SSLContext
) -> None:
    def script(link: Link) -> None:
        link.read_request()
        link.send(b"HTTP/1.1 200 OK\r\n\r\nwhole")
        if link.number == 0:
            assert isinstance(link.sock, ssl.SSLSocket)
            link.sock.unwrap()  # close_notify

    peer = listen(script, tls=server)
    assert trusting.send(post(peer.origin)).read() == b"whole"
    failure(lambda: trusting.send(post(peer.origin)).read(), errors.IncompleteBody, "yes")


def test_stall_is_read_timeout(trusting: Caller, listen: Listen, server: ssl.SSLContext) -> None:
    peer = listen(hold(CHUNKED + b"4\r\nsome\r\n"), tls=server)
    reply = trusting.send(post(peer.origin, read=1.0))
    assert reply.chunk() == b"some"
    failure(reply.chunk, errors.ReadTimeout, "yes")


def test_early_refusal_of_a_large_upload_is_delivered(
    trusting: Caller, listen: Listen, server: ssl.SSLContext
) -> None:
    over = threading.Event()

    def script(link: Link) -> None:
        link.read_head()
        link.send(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 9\r\n\r\ntoo large")
        over.wait(PATIENCE_S)

    peer = listen(script, tls=server)
    reply = trusting.send(post(peer.origin, bytes(30_000_000), read=PATIENCE_S, write=PATIENCE_S))
    assert reply.head.status == 413
    assert reply.read() == b"too large"
    over.set()


@pytest.mark.skipif(sys.platform != "linux", reason="measured by tracemalloc on one platform")
def test_stream_holds_little_memory(authority: trustme.CA, listen: Listen, server: ssl.SSLContext) -> None:
    """Python's own share of an open TLS stream; OpenSSL's comes on top and is not ours to choose."""
    import asyncio

    context = ssl.create_default_context()
    authority.configure_trust(context)
    over = threading.Event()

    def script(link: Link) -> None:
        link.send(CHUNKED + b"4\r\nsome\r\n")
        over.wait(PATIENCE_S)

    peer = listen(script, tls=server)

    async def main() -> int:
        transport = AsyncHTTPTransport(ssl_context=context)
        first = await transport.send(post(peer.origin))
        tracemalloc.start()
        responses = [await transport.send(post(peer.origin)) for _ in range(10)]
        num_bytes = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        over.set()
        for response in [first, *responses]:
            await response.aclose()
        await transport.aclose()
        return num_bytes // 10

    assert asyncio.run(main()) < 40_000  # the peer's end is in it


OPEN_STREAMS = """
import asyncio, gc, ssl, sys
from martlet.client.transport import AsyncHTTPTransport, Origin, Request
def held():
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:"))
async def main():
    transport = AsyncHTTPTransport(verify=sys.argv[2])
    request = Request("POST", Origin("https", "127.0.0.1", int(sys.argv[1])), "/", [], b"{}")
    async def stream():
        response = await transport.send(request)
        assert await response.chunk() == b"some"
        return response
    responses = [await stream() for _ in range(20)]
    gc.collect()
    before = held()
    responses += [await stream() for _ in range(200)]
    gc.collect()
    print((held() - before) / 200)
    for response in responses:
        await response.aclose()
    await transport.aclose()
asyncio.run(main())
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="Linux tells what a process holds")
def test_two_hundred_streams_hold_less_than_90_kb_each(
    authority: trustme.CA, listen: Listen, server: ssl.SSLContext, tmp_path: Path
) -> None:
    peer = listen(hold(CHUNKED + b"4\r\nsome\r\n"), tls=server)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    command = [sys.executable, "-c", OPEN_STREAMS, str(peer.port), str(tmp_path / "ca.pem")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    assert 0.0 < float(done.stdout) < 90.0
