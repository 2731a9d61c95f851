"""A raw-socket server that misbehaves as told, and callers of every flavour: the contract test's two ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from martlet.client.transport import AsyncHTTPTransport, Head, HTTPTransport, Origin, Request, Timeouts

if TYPE_CHECKING:
    import ssl

T = TypeVar("T")
PATIENCE_S = 60.0
"""Longer than anything here takes: running into it is a failure."""

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


class Link:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock = sock
        self.number = number
        """Counts the peer's connections from 0."""
        self._rest = b""

    def read_head(self) -> bytes:
        """Up to the blank line; b"" when the client closed."""
        while b"\r\n\r\n" not in self._rest:
            data = self.sock.recv(65536)
            if not data:
                return b""
            self._rest += data
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def read_request(self) -> bytes:
        """Head and body; b"" when the client closed."""
        head = self.read_head()
        if not head:
            return b""
        num_missing = next(
            (
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        body = [self._rest]
        num_missing -= len(self._rest)
        self._rest = b""
        while num_missing > 0:
            data = self.sock.recv(1 << 20)
            if not data:
                return b""
            num_missing -= len(data)
            body.append(data)
        return head + b"".join(body)

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer_all(self, reply: bytes = OK) -> None:
        """Answer every request until the client leaves."""
        while self.read_request():
            self.send(reply)

    def wait_closed(self) -> None:
        """Until the client has closed the connection."""
        with contextlib.suppress(ConnectionError):
            while self.sock.recv(65536):
                pass

    def close(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        """Close with RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Script = Callable[[Link], None]


def hold(start: bytes = b"") -> Script:
    """A script that sends `start` to one request, and nothing more."""

    def script(link: Link) -> None:
        link.read_request()
        link.send(start)
        link.wait_closed()

    return script


class Peer:
    """Listens on a free loopback port and runs the script for each connection, in a thread each."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._script = script
        self._tls = tls
        self._listener = socket.create_server(
            (host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
        self.port: int = self._listener.getsockname()[1]
        self.origin = Origin("https" if tls else "http", host, self.port)
        self.num_accepted = 0
        self.errors: list[BaseException] = []
        self._socks: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socks.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock, self.num_accepted), daemon=True)
            self.num_accepted += 1
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._socks.append(sock)
            self._script(Link(sock, number))
        except OSError:
            pass  # the client left, or the test is over
        except BaseException as error:  # noqa: BLE001  # reported by `close` in the test's own thread
            self.errors.append(error)
        finally:
            sock.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(PATIENCE_S)
        for sock in self._socks:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE_S)
        for sock in self._socks:
            sock.close()
        if self.errors:
            raise self.errors[0]


class Reply(Protocol):
    head: Head

    def read(self) -> bytes: ...
    def chunk(self) -> bytes | None: ...
    def drain(self, limit_s: float) -> None: ...
    def close(self) -> None: ...


class Caller(Protocol):
    """Either transport, driven from ordinary code."""

    def send(self, request: Request) -> Reply: ...

    def end(self) -> None:
        """Close the transport."""

    def wait(self, event: threading.Event) -> bool:
        """Until the event is set, with the loop running, if there is one."""

    def close(self) -> None:
        """Close the transport and its loop."""


class SyncCaller:
    """The blocking transport."""

    def __init__(self, **options: Any) -> None:
        self.transport = HTTPTransport(**options)

    def send(self, request: Request) -> Reply:
        return self.transport.send(request)

    def end(self) -> None:
        self.transport.close()

    def wait(self, event: threading.Event) -> bool:
        return event.wait(PATIENCE_S)

    close = end


class AsyncCaller:
    """The asynchronous transport on a loop of its own, which runs only during calls."""

    def __init__(self, loop: asyncio.AbstractEventLoop, **options: Any) -> None:
        self.loop = loop
        self.transport = AsyncHTTPTransport(**options)

    def run(self, step: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(asyncio.wait_for(step, PATIENCE_S))

    def send(self, request: Request) -> Reply:
        return _AsyncReply(self, self.run(self.transport.send(request)))

    def end(self) -> None:
        self.run(self.transport.aclose())

    def wait(self, event: threading.Event) -> bool:
        async def occurs() -> bool:
            return await self.loop.run_in_executor(None, event.wait, PATIENCE_S)

        return self.run(occurs())

    def close(self) -> None:
        if not self.loop.is_closed():
            self.end()
            self.run(self.loop.shutdown_asyncgens())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()


class _AsyncReply:
    def __init__(self, caller: AsyncCaller, response: Any) -> None:
        self.head: Head = response.head
        self._caller = caller
        self._response = response

    def read(self) -> bytes:
        body: bytes = self._caller.run(self._response.read())
        return body

    def chunk(self) -> bytes | None:
        piece: bytes | None = self._caller.run(self._response.chunk())
        return piece

    def drain(self, limit_s: float) -> None:
        self._caller.run(self._response.drain(limit_s))

    def close(self) -> None:
        self._caller.run(self._response.aclose())


def new_caller(flavour: str, **options: Any) -> Caller:
    if flavour == "sync":
        return SyncCaller(**options)
    if flavour == "asyncio":
        return AsyncCaller(asyncio.new_event_loop(), **options)
    import uvloop

    return AsyncCaller(uvloop.new_event_loop(), **options)


def post(origin: Origin, body: bytes = b"{}", **clocks: float) -> Request:
    """A request with a secret in it, which must never show in an error."""
    headers = [("authorization", "Bearer sk-secret"), ("content-type", "application/json")]
    return Request("POST", origin, "/v1/x?key=secret", headers, body, Timeouts(**clocks))


def get(origin: Origin, method: str = "GET", **clocks: float) -> Request:
    return Request(method, origin, "/v1/models", [], b"", Timeouts(**clocks))


def pieces(reply: Reply) -> Iterator[bytes]:
    while (piece := reply.chunk()) is not None:
        yield piece
