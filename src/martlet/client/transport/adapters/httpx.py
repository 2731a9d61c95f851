"""httpx and httpx2 clients as transports. Both libraries spell everything used here alike.

The time limits of a request are fixed when it is sent: a later, shorter limit of one wait holds on asyncio
only. Where the gap between a stream's events may be longer than the wait for its head, so may that wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from martlet import errors
from martlet.client.options import Timeout
from martlet.client.transport import failures
from martlet.client.transport.base import Head, Request, Timeouts
from martlet.client.transport.limits import FOREVER, Expired, Limit

if TYPE_CHECKING:
    from types import ModuleType

_LIBRARY_TIMEOUT_S = 5.0


def own_timeout(client: Any) -> Timeout | None:
    """The limits that the user set on the client; None where they are the library's default."""
    if client.timeout == _library(client).Timeout(_LIBRARY_TIMEOUT_S):
        return None
    return Timeout(client.timeout)


def _library(client: Any) -> ModuleType:
    for cls in type(client).__mro__:
        family = str(cls.__module__).partition(".")[0]
        if family in ("httpx", "httpx2"):
            return sys.modules[family]
    raise TypeError(f"{type(client).__name__} is not an httpx client")


class _Adapter:
    def __init__(self, client: Any) -> None:
        self.client = client
        self._library = _library(client)
        self._is_closed = False

    def _request(self, request: Request) -> Any:
        if self._is_closed or self.client.is_closed:
            raise errors.ClientClosedError("the HTTP client has been closed: make a new one")
        limits = request.timeouts
        total_s = FOREVER if limits.total is None else limits.total
        return self.client.build_request(
            request.method,
            request.url,
            headers=request.headers,
            content=request.body or None,
            timeout=self._library.Timeout(
                connect=_shorter(limits.connect, total_s),
                read=_shorter(_read_s(limits), total_s),
                write=_shorter(limits.write, total_s),
                pool=_shorter(limits.pool, total_s),
            ),
        )

    def _failures(self) -> tuple[type[BaseException], ...]:
        """What tells of the network: also what lies below the library, where it comes through as it is."""
        return (self._library.HTTPError, ssl.SSLError, *_anyio_failures())

    def _translated(self, error: BaseException, request: Request, *, in_body: bool) -> errors.TransportError:
        return _translate(self._library, error, request, in_body=in_body)


def _anyio_failures() -> tuple[type[BaseException], ...]:
    anyio = sys.modules.get("anyio")  # else nothing can have raised one
    return (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError) if anyio else ()


def _read_s(limits: Timeouts) -> float | None:
    return limits.read if limits.read is None or limits.gap is None else max(limits.read, limits.gap)


def _shorter(limit_s: float | None, total_s: float) -> float | None:
    shortest = min(FOREVER if limit_s is None else limit_s, total_s)
    return None if shortest == FOREVER else shortest


def _head(response: Any) -> Head:
    version = response.http_version.removeprefix("HTTP/")
    headers = [(name.lower(), value) for name, value in response.headers.multi_items()]
    return Head(response.status_code, headers, version)


class HTTPXTransport(_Adapter):
    """Over a `httpx.Client` or `httpx2.Client`, which is closed with it, as by the official client."""

    def send(self, request: Request) -> _Response:
        ready = self._request(request)
        began = time.monotonic()
        try:
            response = self.client.send(ready, stream=True)
        except self._failures() as error:
            raise self._translated(error, request, in_body=False) from error
        return _Response(self, request, response, began)

    def close(self) -> None:
        self._is_closed = True
        self.client.close()


class _Response:
    """See `base.Response`."""

    def __init__(self, home: HTTPXTransport, request: Request, response: Any, began: float) -> None:
        self.head = _head(response)
        self._home = home
        self._request = request
        self._response = response
        self._pieces: Iterator[bytes] = response.iter_bytes()
        self._deadline = _deadline(request.timeouts, began)

    def read(self) -> bytes:
        pieces = []
        while (piece := self.chunk()) is not None:
            pieces.append(piece)
            if time.monotonic() > self._deadline:
                self.close()
                peer, total_s = failures.peer_name(self._request.origin), self._request.timeouts.total
                raise failures.read_timeout(peer, total_s, in_body=True, total=True)
        return b"".join(pieces)

    def chunk(self, limit_s: float | None = None) -> bytes | None:
        try:
            piece = next(self._pieces, None)
            while piece == b"":
                piece = next(self._pieces, None)
        except (*self._home._failures(), self._home._library.StreamError) as error:
            self.close()
            raise self._home._translated(error, self._request, in_body=True) from error
        if piece is None:
            self.close()
        return piece

    def drain(self, limit_s: float) -> None:
        # A wait that cannot be bounded: do without the connection.
        self.close()

    def close(self) -> None:
        self._response.close()

    def __del__(self) -> None:
        if hasattr(self, "_response"):
            self._response.close()


class AsyncHTTPXTransport(_Adapter):
    """Over a `httpx.AsyncClient` or `httpx2.AsyncClient`, which is closed with it."""

    async def send(self, request: Request) -> _AsyncResponse:
        ready = self._request(request)
        loop = asyncio.get_running_loop()
        deadline = _deadline(request.timeouts, loop.time())
        try:
            with Limit(loop, deadline):
                response = await self.client.send(ready, stream=True)
        except self._failures() as error:
            raise self._translated(error, request, in_body=False) from error
        except Expired:
            peer = failures.peer_name(request.origin)
            raise failures.read_timeout(peer, request.timeouts.total, in_body=False, total=True) from None
        return _AsyncResponse(self, request, response, deadline)

    async def aclose(self) -> None:
        self._is_closed = True
        await self.client.aclose()


class _AsyncResponse:
    """See `base.AsyncResponse`."""

    def __init__(self, home: AsyncHTTPXTransport, request: Request, response: Any, deadline: float) -> None:
        self.head = _head(response)
        self._home = home
        self._request = request
        self._response = response
        self._pieces: AsyncIterator[bytes] = response.aiter_bytes()
        self._deadline = deadline
        self._loop = asyncio.get_running_loop()

    async def read(self) -> bytes:
        pieces = []
        while (
            piece := await self._next(self._deadline, self._request.timeouts.total, total=True)
        ) is not None:
            pieces.append(piece)
        return b"".join(pieces)

    async def chunk(self, limit_s: float | None = None) -> bytes | None:
        read_s = _read_s(self._request.timeouts)
        is_shorter = limit_s is not None and (read_s is None or limit_s < read_s)
        deadline = self._loop.time() + limit_s if is_shorter and limit_s is not None else FOREVER
        return await self._next(deadline, limit_s, total=False)

    async def _next(self, deadline: float, limit_s: float | None, *, total: bool) -> bytes | None:
        try:
            with Limit(self._loop, deadline):
                piece = await self._next_piece()
        except Expired:
            await self.aclose()
            peer = failures.peer_name(self._request.origin)
            raise failures.read_timeout(peer, limit_s, in_body=True, total=total) from None
        except (*self._home._failures(), self._home._library.StreamError) as error:
            await self.aclose()
            raise self._home._translated(error, self._request, in_body=True) from error
        except BaseException:
            await self.aclose()
            raise
        if piece is None:
            await self.aclose()
        return piece

    async def _next_piece(self) -> bytes | None:
        async for piece in self._pieces:
            if piece:
                return piece
        return None

    async def drain(self, limit_s: float) -> None:
        if self.head.http_version.startswith("2"):  # the connection is free as it is
            await self.aclose()
            return
        with contextlib.suppress(errors.TransportError):
            await self.chunk(limit_s)
        await self.aclose()

    async def aclose(self) -> None:
        await self._response.aclose()

    def __del__(self) -> None:
        response = getattr(self, "_response", None)
        if response is not None and not response.is_closed and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_close_soon, self._loop, response)


_closing: set[asyncio.Task[None]] = set()


def _close_soon(loop: asyncio.AbstractEventLoop, response: Any) -> None:
    task = loop.create_task(response.aclose())
    _closing.add(task)  # the loop alone would let it be collected
    task.add_done_callback(_closing.discard)


def _deadline(limits: Timeouts, now: float) -> float:
    return FOREVER if limits.total is None else now + limits.total


def _translate(
    library: ModuleType, error: BaseException, request: Request, *, in_body: bool
) -> errors.TransportError:
    peer, limits = failures.peer_name(request.origin), request.timeouts
    if not isinstance(error, (library.HTTPError, library.StreamError)):
        return _lost(error, peer, in_body=in_body)
    if isinstance(error, library.TimeoutException):
        return _timed_out(library, error, peer, limits, in_body=in_body)
    if isinstance(error, (library.ConnectError, library.ProxyError)):
        return connect_failure(error, peer, is_proxy=isinstance(error, library.ProxyError))
    if isinstance(error, library.LocalProtocolError):
        return errors.ProtocolError(f"the HTTP client cannot send this: {_said(error)}", sent="no")
    if isinstance(error, library.NetworkError):
        return _lost(error, peer, in_body=in_body)
    said = _said(error)
    if isinstance(error, library.RemoteProtocolError):
        if in_body and ("peer closed" in said or "disconnected" in said):
            return failures.incomplete(peer, None)
        if not in_body and "disconnected" in said:
            return failures.lost(peer, None, reused=False, answered=False)
    if isinstance(error, library.StreamError):  # closed by this program
        return failures.closed_by_us(peer, in_body=True)
    return failures.broken(peer, said)


def _lost(error: BaseException, peer: str, *, in_body: bool) -> errors.TransportError:
    cause = root_os_error(error)
    if in_body:
        return failures.incomplete(peer, cause)
    return failures.lost(peer, cause, reused=False, answered=False)


def _timed_out(
    library: ModuleType, error: BaseException, peer: str, limits: Timeouts, *, in_body: bool
) -> errors.TransportError:
    total_s = FOREVER if limits.total is None else limits.total
    if isinstance(error, library.ConnectTimeout):
        return failures.connect_timeout(peer, _shorter(limits.connect, total_s))
    if isinstance(error, library.PoolTimeout):
        clock = _shorter(limits.pool, total_s)
        said = "timed out" if clock is None else f"timed out (pool={clock:g} s)"
        return errors.PoolTimeout(f"all connections to {peer} are busy: {said}")
    if isinstance(error, library.WriteTimeout):
        return failures.write_timeout(peer, _shorter(limits.write, total_s))
    return failures.read_timeout(peer, _shorter(limits.read, total_s), in_body=in_body)


def connect_failure(error: BaseException, peer: str, *, is_proxy: bool = False) -> errors.ConnectError:
    """What kept the connection from being made, told by the first cause that the system gave."""
    cause = root_os_error(error)
    if is_proxy:
        return errors.ProxyError(f"cannot connect to {peer} through the proxy: {_said(error)}")
    if isinstance(cause, socket.gaierror):
        return failures.cannot_resolve(peer, cause)
    if isinstance(cause, ssl.SSLError):
        return errors.TLSError(f"cannot connect to {peer}: {_said(error)}")
    if cause is not None:
        return failures.cannot_connect(peer, cause)
    return errors.ConnectError(f"cannot connect to {peer}: {_said(error)}")


def root_os_error(error: BaseException) -> OSError | None:
    """The most specific OSError among an exception and what it came from."""
    found: OSError | None = None
    seen: BaseException | None = error
    for _ in range(16):
        if seen is None:
            break
        if isinstance(seen, OSError) and (found is None or seen.errno is not None):
            found = seen
        seen = seen.__cause__ or seen.__context__
    return found


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__
