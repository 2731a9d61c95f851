"""Opening sockets on asyncio: names, addresses in turn, tunnels through proxies."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from martlet.client.transport import failures, sockets
from martlet.client.transport.limits import FOREVER, Expired, Limit

if TYPE_CHECKING:
    from martlet.client.transport.base import Origin
    from martlet.client.transport.proxies import Proxy
    from martlet.client.transport.reach import Way


async def dial(loop: asyncio.AbstractEventLoop, origin: Origin, way: Way, deadline: float) -> socket.socket:
    """A socket that leads to the origin. The caller keeps the deadline, which several addresses share."""
    sock, tunnel = await _connect_any(loop, origin, way, deadline), way.tunnel()
    if tunnel is not None:
        try:
            await _open_tunnel(loop, sock, origin, tunnel)
        except BaseException:
            sock.close()
            raise
    return sock


async def _open_tunnel(
    loop: asyncio.AbstractEventLoop, sock: socket.socket, origin: Origin, proxy: Proxy
) -> None:
    from martlet.client.transport.proxies import TunnelReply

    reply = TunnelReply(proxy, origin)
    try:
        await loop.sock_sendall(sock, proxy.connect_head(origin))
        while not reply.feed(await loop.sock_recv(sock, 65536)):
            pass
    except ConnectionError as error:
        raise failures.no_proxy(origin, proxy.name, error) from error


async def _connect_any(
    loop: asyncio.AbstractEventLoop, origin: Origin, way: Way, deadline: float
) -> socket.socket:
    address = way.address()
    try:
        found = sockets.interleave(await _resolve(loop, way.dials(origin))) if address is None else [address]
    except (OSError, UnicodeError) as error:
        raise way.cannot_resolve(origin, error) from sockets.out_of_files() or error
    failure: OSError | None = None
    for num, address in enumerate(found, 1):
        left_s = None if deadline == FOREVER else max(deadline - loop.time(), 0.0)
        is_last = num == len(found)
        try:
            with Limit(loop, _try_until(loop, left_s, is_last)):
                return await _connect_one(loop, address)
        except OSError as error:
            failure = failure or error
        except Expired:
            failure = failure or TimeoutError("no answer")
    if failure is None:
        failure = OSError("the name has no address")
    raise way.cannot_connect(origin, failure) from failure


def _try_until(loop: asyncio.AbstractEventLoop, left_s: float | None, is_last: bool) -> float:
    if is_last:
        return FOREVER  # the whole connect has a limit already
    patience_s = sockets.patience_s(left_s, is_last=False)
    return FOREVER if patience_s is None else loop.time() + patience_s


async def _connect_one(loop: asyncio.AbstractEventLoop, address: sockets.Address) -> socket.socket:
    family, kind, protocol, _, socket_address = address
    sock = sockets.QuietSocket(family, kind, protocol)
    try:
        sock.setblocking(False)
        sockets.tune(sock)
        await loop.sock_connect(sock, socket_address)
    except BaseException:
        sock.close()
        raise
    return sock


async def _resolve(loop: asyncio.AbstractEventLoop, origin: Origin) -> list[sockets.Address]:
    if sockets.is_literal(origin.host):  # does not block
        return list(socket.getaddrinfo(origin.host, origin.port, 0, socket.SOCK_STREAM))
    if isinstance(loop, asyncio.BaseEventLoop):
        return list(await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM))
    # Other loops have resolvers of their own, blind to a patched `socket.getaddrinfo`.
    return list(
        await loop.run_in_executor(None, socket.getaddrinfo, origin.host, origin.port, 0, socket.SOCK_STREAM)
    )
