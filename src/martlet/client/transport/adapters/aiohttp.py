"""An `aiohttp.ClientSession` as a transport. It belongs to one loop, as aiohttp has it.

aiohttp's own read limit misses a malformed chunk, after which its parser waits for ever: every wait has a
limit of ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import ssl
import sys
from typing import Any

from martlet import errors
from martlet.client.options import Timeout
from martlet.client.transport import failures
from martlet.client.transport.base import Head, Request
from martlet.client.transport.limits import FOREVER, Expired, Limit

_LARGE_BYTES = 1024 * 1024
"""From here on aiohttp wants to be given a file, which it sends in slices."""


def own_timeout(session: Any) -> Timeout | None:
    """The limits that the user set on the session; None where they are the library's default."""
    limits = session.timeout
    if limits == sys.modules["aiohttp"].client.DEFAULT_TIMEOUT:
        return None
    total_s = limits.total
    return Timeout(
        connect=_first(limits.sock_connect, limits.connect, total_s),
        read=_first(limits.sock_read, total_s),
        write=total_s,
        pool=_first(limits.connect, total_s),
    )


def _first(*limits: float | None) -> float | None:
    return next((limit_s for limit_s in limits if limit_s is not None), None)


class AiohttpTransport:
    """Over a session, which stays the user's to close."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self._library = sys.modules["aiohttp"]
        self._url = sys.modules["yarl"].URL
        self._is_closed = False

    async def send(self, request: Request) -> _Response:
        if self._is_closed or self.session.closed:
            raise errors.ClientClosedError("the HTTP client has been closed: make a new one")
        limits, loop = request.timeouts, asyncio.get_running_loop()
        deadline = FOREVER if limits.total is None else loop.time() + limits.total
        peer = failures.peer_name(request.origin)
        try:
            with Limit(loop, deadline):
                response = await self.session.request(
                    request.method,
                    self._url(request.url, encoded=True),
                    headers=request.headers,
                    data=_payload(request.body),
                    skip_auto_headers=("content-type", "user-agent"),
                    allow_redirects=False,
                    raise_for_status=False,
                    timeout=self._library.ClientTimeout(
                        total=None,
                        connect=_sum(limits.pool, limits.connect),
                        sock_connect=limits.connect,
                        sock_read=limits.read,
                    ),
                )
        except Expired:
            raise failures.read_timeout(peer, limits.total, in_body=False, total=True) from None
        except (self._library.ClientError, OSError, asyncio.TimeoutError) as error:  # timeouts are OSErrors
            raise self._translated(error, request, in_body=False) from error
        return _Response(self, request, response, deadline)

    async def aclose(self) -> None:
        self._is_closed = True

    def _translated(self, error: BaseException, request: Request, *, in_body: bool) -> errors.TransportError:
        peer, limits, library = failures.peer_name(request.origin), request.timeouts, self._library
        if isinstance(error, library.ConnectionTimeoutError):
            return failures.connect_timeout(peer, limits.connect)
        if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
            return failures.read_timeout(peer, limits.read, in_body=in_body)
        if isinstance(error, (library.ClientProxyConnectionError, library.ClientHttpProxyError)):
            return errors.ProxyError(f"cannot connect to {peer} through the proxy: {_said(error)}")
        if isinstance(error, (library.ClientConnectorError, library.ClientConnectorCertificateError)):
            return _unconnected(error, peer)
        if isinstance(error, library.ClientPayloadError):
            return failures.incomplete(peer, None)
        if isinstance(error, (library.ServerConnectionError, OSError)):
            cause = error if isinstance(error, OSError) else None
            if in_body:
                return failures.incomplete(peer, cause)
            return failures.lost(peer, cause, reused=False, answered=False)
        if isinstance(error, (library.InvalidURL, library.ClientConnectionError)):
            return errors.ConnectError(f"cannot connect to {peer}: {_said(error)}")
        said = getattr(error, "message", "") or type(error).__name__  # str(error) holds the URL
        return failures.broken(peer, said.partition("\n")[0])


class _Response:
    """See `base.AsyncResponse`."""

    def __init__(self, home: AiohttpTransport, request: Request, response: Any, deadline: float) -> None:
        headers = [
            (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.raw_headers
        ]
        self.head = Head(response.status, headers, f"{response.version.major}.{response.version.minor}")
        self._home = home
        self._request = request
        self._response = response
        self._deadline = deadline
        self._loop = asyncio.get_running_loop()

    async def read(self) -> bytes:
        limits = self._request.timeouts
        pieces: list[bytes] = []
        while True:
            read_at = FOREVER if limits.read is None else self._loop.time() + limits.read
            is_total = self._deadline < read_at
            limit_s = limits.total if is_total else limits.read
            piece = await self._next(min(self._deadline, read_at), limit_s, total=is_total)
            if piece is None:
                return b"".join(pieces)
            pieces.append(piece)

    async def chunk(self, limit_s: float | None = None) -> bytes | None:
        if limit_s is None:
            limit_s = self._request.timeouts.read
        deadline = FOREVER if limit_s is None else self._loop.time() + limit_s
        return await self._next(deadline, limit_s, total=False)

    async def _next(self, deadline: float, limit_s: float | None, *, total: bool) -> bytes | None:
        if self._response.content.at_eof() and self._response.content.exception() is None:
            self._response.release()
            return None
        try:
            with Limit(self._loop, deadline):
                piece: bytes = await self._response.content.readany()
        except Expired:
            self._response.close()
            peer = failures.peer_name(self._request.origin)
            raise failures.read_timeout(peer, limit_s, in_body=True, total=total) from None
        except (self._home._library.ClientError, OSError, asyncio.TimeoutError) as error:
            self._response.close()
            raise self._home._translated(error, self._request, in_body=True) from error
        except BaseException:
            self._response.close()
            raise
        if not piece:
            self._response.release()
            return None
        return piece

    async def drain(self, limit_s: float) -> None:
        with contextlib.suppress(errors.TransportError):
            await self.chunk(limit_s)
        await self.aclose()

    async def aclose(self) -> None:
        self._response.close()

    def __del__(self) -> None:
        response = getattr(self, "_response", None)
        if response is not None and not response.closed and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(response.close)


def _unconnected(error: Any, peer: str) -> errors.ConnectError:
    cause = getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
    if isinstance(cause, ssl.SSLError):
        return errors.TLSError(f"cannot connect to {peer}: {_said(cause)}")
    if isinstance(cause, socket.gaierror) or type(error).__name__ == "ClientConnectorDNSError":
        return failures.cannot_resolve(peer, cause if isinstance(cause, OSError) else OSError(_said(error)))
    if isinstance(cause, OSError):
        return failures.cannot_connect(peer, cause)
    return errors.ConnectError(f"cannot connect to {peer}: {_said(error)}")


def _payload(body: bytes) -> bytes | io.BytesIO | None:
    return io.BytesIO(body) if len(body) > _LARGE_BYTES else body or None


def _sum(*limits: float | None) -> float | None:
    known = [limit_s for limit_s in limits if limit_s is not None]
    return sum(known) if len(known) == len(limits) else None


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__
