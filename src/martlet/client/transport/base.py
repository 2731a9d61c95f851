"""What a transport is: the line between the client, which decides, and the sockets, which do.

A transport sends one request once. It never retries or follows redirects; it pools connections, finds the
proxy, keeps the clocks, and says exactly how far a failed attempt got (`TransportError.sent`).
"""

from __future__ import annotations

from typing import Protocol

import msgspec


class Timeouts(msgspec.Struct, frozen=True):
    """Limits of one attempt, in seconds; None waits for ever."""

    connect: float | None = None
    """TCP and TLS handshakes together."""
    read: float | None = None
    """Each wait for bytes of the answer: the head, then every chunk of the body."""
    write: float | None = None
    """Each wait for the peer to take more of the request."""
    pool: float | None = None
    """The wait for a free connection."""
    total: float | None = None
    """The whole attempt up to the end of a body read with `read()`; a body read by chunks is not bound."""
    first_token: float | None = None
    """Of a stream, from the sending of the request to something generated; its reader keeps this clock."""
    gap: float | None = None
    """Of a stream, from one event to the next; its reader asks for it with `chunk(limit_s)`."""


class Origin(msgspec.Struct, frozen=True):
    """Where a connection leads; the key of the pool."""

    scheme: str
    """`http`, `https` or `http+unix`."""
    host: str
    """Name or address, without brackets; with `http+unix`, the percent-encoded path of the socket."""
    port: int


class Request(msgspec.Struct):
    """One HTTP request, ready to send."""

    method: str
    origin: Origin
    target: str
    """Path and query as they go on the request line, percent-encoded."""
    headers: list[tuple[str, str]]
    """As sent, in order. The transport adds `host` and `content-length` where they are missing."""
    body: bytes = b""
    timeouts: Timeouts = Timeouts()

    @property
    def url(self) -> str:
        """For messages and for users: without credentials, which are never part of it."""
        host = f"[{self.origin.host}]" if ":" in self.origin.host else self.origin.host
        default = {"https": 443}.get(self.origin.scheme, 80)
        port = "" if self.origin.port == default else f":{self.origin.port}"
        return f"{self.origin.scheme}://{host}{port}{self.target}"


class Head(msgspec.Struct):
    """Status line and headers of an answer."""

    status: int
    headers: list[tuple[str, str]]
    """Names lower-cased, in the order received."""
    http_version: str = "1.1"


class Response(Protocol):
    """An answer whose head has arrived. The body is read once, by `read` or by `chunk`."""

    head: Head

    def read(self) -> bytes:
        """The rest of the body. Gives the connection back. Raises TransportError with sent="yes"."""
        ...

    def chunk(self, limit_s: float | None = None) -> bytes | None:
        """The next piece of the body as it arrives, None at its end. Never waits for more than one read.

        `limit_s` bounds this wait in place of `Timeouts.read`.
        """

    def drain(self, limit_s: float) -> None:
        """Wait at most `limit_s` for the end of a body whose content is known to be over, then `close`."""

    def close(self) -> None:
        """Idempotent. Closes the socket at once if the body is unfinished, else gives it back."""


class AsyncResponse(Protocol):
    """As `Response`, on asyncio. Cancelling `read` or `chunk` closes the socket."""

    head: Head

    async def read(self) -> bytes: ...

    async def chunk(self, limit_s: float | None = None) -> bytes | None: ...

    async def drain(self, limit_s: float) -> None: ...

    async def aclose(self) -> None: ...


class Transport(Protocol):
    """Blocking; any number of threads may send at once."""

    def send(self, request: Request) -> Response:
        """Return once the head has arrived, whatever its status. Raises TransportError."""
        ...

    def close(self) -> None:
        """Close all connections, also those in use, whose calls then raise ConnectionLost."""


class AsyncTransport(Protocol):
    """On asyncio; any running loop may send: each has connections of its own."""

    async def send(self, request: Request) -> AsyncResponse:
        """As `Transport.send`. Cancelling closes the socket at once, so that the server stops working."""
        ...

    async def aclose(self) -> None: ...
