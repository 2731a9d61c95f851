"""The transport on asyncio: one protocol object per connection, one pool per running loop.

A connection has at most one timer, which is moved rarely: a wait only notes its deadline, and the timer, when
it fires, looks whether that has passed.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import weakref
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace

from martlet.client.transport import dialling, failures, http1, pool, sockets, waiting
from martlet.client.transport.base import Head, Origin, Request, Timeouts
from martlet.client.transport.limits import Expired, Limit
from martlet.client.transport.reach import Reach, Way
from martlet.errors import ClientClosedError, ConnectError, TransportError

if TYPE_CHECKING:
    import ssl

    from martlet.client.transport.tls import ClientCert, TLSChannel

_BUFFER_BYTES = 256 * 1024
_WRITE_BYTES = 256 * 1024
"""A larger request goes out in slices of this size, each when the socket has taken the last."""
_HIGH_WATER_BYTES = 512 * 1024
"""With this much of a body unread, the socket is left alone until the reader comes for it."""
_TRUSTED_S = 0.05
"""Idle for longer, and a loop that was not running may have missed that the peer has left."""
_FOREVER = float("inf")

# What the reader waits for.
_NOTHING, _HANDSHAKE, _HEAD, _PIECE, _END = range(5)


class Connection(asyncio.BufferedProtocol):
    """One socket of one loop. Serves one exchange at a time."""

    __slots__ = (
        "_answer",
        "_buffered",
        "_deadline",
        "_error",
        "_is_read_paused",
        "_is_write_paused",
        "_loop",
        "_sock",
        "_timeouts",
        "_timer",
        "_timer_at",
        "_tls",
        "_total_deadline",
        "_transport",
        "_unsent",
        "_waiter",
        "_waits_for",
        "home",
        "idle_since",
        "is_lost",
        "origin",
        "peer",
        "uses",
    )

    def __init__(
        self, loop: asyncio.AbstractEventLoop, home: LoopPool, origin: Origin, peer: str, sock: socket.socket
    ) -> None:
        self._loop = loop
        self.home = home
        self.origin = origin
        self.peer = peer
        self.idle_since = 0.0
        self.uses = 0
        self.is_lost = False
        self._sock = sock
        self._transport: asyncio.Transport | None = None
        self._tls: TLSChannel | None = None
        self._answer: http1.Answer | None = None
        self._error: BaseException | None = None  # of the handshake
        self._waiter: asyncio.Future[None] | None = None
        self._waits_for = _NOTHING
        self._unsent: memoryview | None = None
        self._is_read_paused = False
        self._is_write_paused = False
        self._buffered = 0
        self._timeouts = _NO_TIMEOUTS
        self._total_deadline = _FOREVER
        self._deadline = _FOREVER
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = _FOREVER

    # --- opening

    async def open_tls(self, context: ssl.SSLContext) -> None:
        from martlet.client.transport.tls import TLSChannel

        channel = TLSChannel(context, self.origin.host, self.peer)
        self._tls = channel
        self._on_handshake_data(b"")
        while self._waits_for == _HANDSHAKE and self._error is None:
            await self._wait(_HANDSHAKE)
        if self._error is not None:
            raise self._error

    def _on_handshake_data(self, data: bytes) -> None:
        tls, transport = self._tls, self._transport
        assert tls is not None
        assert transport is not None
        self._waits_for = _HANDSHAKE
        try:
            if tls.handshake(data):
                self._waits_for = _NOTHING
        except ConnectError as error:
            self._error = error
        outgoing = tls.outgoing()  # after a failure: the alert that says why
        if outgoing and not transport.is_closing():
            transport.write(outgoing)
        if self._error is not None or self._waits_for == _NOTHING:
            self._wake()

    # --- one exchange

    async def exchange(self, head: bytes, request: Request, total_deadline: float) -> Response:
        answer = http1.Answer(self.peer, request.method, self.uses > 0)
        self.uses += 1
        self._answer = answer
        self._timeouts = request.timeouts
        self._total_deadline = total_deadline
        self._send(head, request.body)
        try:
            while answer.head is None and answer.error is None:
                await self._wait(_HEAD)
        except BaseException:
            self.drop(answer)
            raise
        if answer.head is None:
            assert answer.error is not None
            raise answer.error
        return Response(answer, answer.head, self)

    async def more(self, answer: http1.Answer, waits_for: int, limit_s: float | None = None) -> None:
        """Wait for the next piece of the body, or for its end. Cancelling closes the socket.

        `limit_s` bounds the wait in place of the request's `read`.
        """
        if self._waiter is not None:
            raise RuntimeError("the answer is being read already")
        if limit_s is not None and limit_s != self._timeouts.read:
            self._timeouts = replace(self._timeouts, read=limit_s)
        if self._is_read_paused:
            self._resume_reading()
        try:
            await self._wait(waits_for)
        except BaseException:
            self.drop(answer)
            raise

    async def _wait(self, waits_for: int) -> None:
        self._waits_for = waits_for
        self._waiter = waiter = self._loop.create_future()
        self._touch()
        await waiter

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None:
            self._waiter = None
            if not waiter.done():
                waiter.set_result(None)

    def drop(self, answer: http1.Answer) -> None:
        """Close the socket if it still serves this answer."""
        if self._answer is answer:
            self._waiter = None
            answer.fail(failures.closed_by_us(self.peer, in_body=answer.head is not None))
            self.abort()

    def fail(self, error: TransportError) -> None:
        """End the exchange under way with an error, and the connection with it."""
        if self._answer is not None:
            self._answer.fail(error)
        else:
            self._error = error
        self.abort()
        self._wake()

    # --- sending

    def _send(self, head: bytes, body: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            self._end(None)
            return
        first = head + body[:_WRITE_BYTES] if len(body) > _WRITE_BYTES else head + body
        self._unsent = memoryview(body)[_WRITE_BYTES:] if len(body) > _WRITE_BYTES else None
        transport.write(first if self._tls is None else self._tls.encrypt(first))
        if self._unsent is not None:
            self._send_more()

    def _send_more(self) -> None:
        transport, unsent = self._transport, self._unsent
        while unsent and not self._is_write_paused and transport is not None and not transport.is_closing():
            data = unsent[:_WRITE_BYTES]
            unsent = unsent[_WRITE_BYTES:]
            transport.write(data if self._tls is None else self._tls.encrypt(data))
        self._unsent = unsent or None

    def pause_writing(self) -> None:
        self._is_write_paused = True
        self._buffered = 0

    def resume_writing(self) -> None:
        self._is_write_paused = False
        if self._unsent is not None:
            self._send_more()
        if self._waiter is not None:
            self._touch()

    # --- receiving

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self.home.buffer  # nothing else runs between this and `buffer_updated`

    def buffer_updated(self, nbytes: int) -> None:
        self._feed(self.home.buffer[:nbytes].tobytes())

    def _feed(self, data: bytes) -> None:
        if self._tls is not None:
            if self._waits_for == _HANDSHAKE:
                self._on_handshake_data(data)
                return
            data = self._decrypt(data)
            if not data:
                return
        answer = self._answer
        if answer is None:
            self.abort()  # nobody asked
            return
        answer.feed(data)
        self._after_feed(answer)

    def _after_feed(self, answer: http1.Answer) -> None:
        if answer.complete or answer.error is not None:
            self._finish(answer)
            return
        waits_for = self._waits_for
        if waits_for == _HEAD:
            is_ready = answer.head is not None
            if (
                is_ready
                and self._unsent is not None
                and answer.head is not None
                and answer.head.status >= 400
            ):
                self._unsent = None  # refused: the rest of the request is of no use
                answer.keep_alive = False
        else:
            is_ready = waits_for == _PIECE and answer.num_pending > 0
        if is_ready and self._waiter is not None:
            self._wake()
        elif self._waiter is not None:
            self._touch()
        if waits_for != _END and answer.num_pending > _HIGH_WATER_BYTES and not self._is_read_paused:
            self._pause_reading()

    def _pause_reading(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._is_read_paused = True
            self._transport.pause_reading()

    def _resume_reading(self) -> None:
        self._is_read_paused = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _decrypt(self, data: bytes) -> bytes:
        tls, transport = self._tls, self._transport
        assert tls is not None
        try:
            plain = tls.decrypt(data)
        except OSError as error:  # ssl.SSLError: the channel is broken
            self._end(error)
            return b""
        outgoing = tls.outgoing()
        if outgoing and transport is not None and not transport.is_closing():
            transport.write(outgoing)
        if tls.is_closed:
            answer = self._answer
            if answer is not None and plain:
                answer.feed(plain)
            self._end(None)
            return b""
        return plain

    def _finish(self, answer: http1.Answer) -> None:
        """The exchange is over: the reader takes what it brought, the socket goes home or is closed."""
        self._answer = None
        is_sent = self._unsent is None and not self._is_write_paused
        self._wake()
        self._waits_for = _NOTHING
        if answer.keep_alive and is_sent and not self.is_lost:
            self._deadline = self._loop.time() + self.home.keep_alive_s
            self._set_timer()
            self.home.put(self)
        else:
            self.abort()

    def eof_received(self) -> bool:
        self._end(None)
        return False  # asyncio closes the transport

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None and self._answer is not None:
            self._salvage()
        self._end(exc if isinstance(exc, OSError) else None)
        self._transport = None

    def _salvage(self) -> None:
        """The peer took no more of the request: it may have said why, and nobody has read it yet."""
        try:
            while self._answer is not None:
                data = self._sock.recv(65536)
                if not data:
                    break
                self._feed(data)
        except OSError:  # nothing there, or closed already
            pass

    def _end(self, error: OSError | None) -> None:
        """No more bytes will come."""
        answer, tls = self._answer, self._tls
        if answer is not None:
            truncated = tls is not None and not tls.is_closed
            answer.end_of_stream(error, truncated=truncated)
            self._answer = None
        elif tls is not None and self._waits_for == _HANDSHAKE and self._error is None:
            self._error = tls.handshake_cut(error)
        self.abort()
        self._wake()

    # --- closing

    def is_usable(self) -> bool:
        """False if the peer has closed the connection, or talks unasked, and the loop does not know yet."""
        try:
            return not sockets.is_readable(self._sock)
        except (OSError, ValueError):  # closed
            return False

    def abort(self) -> None:
        """Close the socket now. Whoever waits is not told."""
        transport = self._transport
        if transport is not None and not transport.is_closing():
            _close(transport)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._answer = None
        self._unsent = None
        if not self.is_lost:
            self.is_lost = True
            self.home.forget(self)

    # --- the clock

    def _touch(self) -> None:
        """Start the wait's clock anew: something moved."""
        timeouts = self._timeouts
        limit_s = timeouts.write if self._is_write_paused else timeouts.read
        deadline = _FOREVER if limit_s is None else self._loop.time() + limit_s
        if self._waits_for != _PIECE and self._total_deadline < deadline:
            deadline = self._total_deadline
        self._deadline = deadline
        if deadline < self._timer_at:
            self._set_timer()

    def _set_timer(self) -> None:
        if self._deadline >= self._timer_at and self._timer is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = self._deadline
        self._timer = self._loop.call_at(self._deadline, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._timer_at = _FOREVER
        now = self._loop.time()
        if self._deadline == _FOREVER:
            return
        if now < self._deadline - 0.001:
            self._set_timer()
        elif self._answer is None:
            if self._waits_for == _NOTHING:
                self.home.retire(self.origin)
        elif self._waiter is not None:
            self._expire(self._answer, now)

    def _expire(self, answer: http1.Answer, now: float) -> None:
        timeouts, transport = self._timeouts, self._transport
        is_total = self._waits_for != _PIECE and now >= self._total_deadline - 0.001
        if self._is_write_paused and transport is not None:
            buffered = transport.get_write_buffer_size()
            if buffered != self._buffered and not is_total:  # slow, but moving
                self._buffered = buffered
                self._touch()
                return
            limit_s = timeouts.total if is_total else timeouts.write
            self.fail(failures.write_timeout(self.peer, limit_s, total=is_total))
            return
        limit_s = timeouts.total if is_total else timeouts.read
        in_body = answer.head is not None
        self.fail(failures.read_timeout(self.peer, limit_s, in_body=in_body, total=is_total))


class Response:
    """An answer whose head has arrived; see `base.AsyncResponse`."""

    __slots__ = ("__weakref__", "_answer", "_connection", "head")

    def __init__(self, answer: http1.Answer, head: Head, connection: Connection) -> None:
        self.head = head
        self._answer = answer
        self._connection = connection

    async def read(self) -> bytes:
        """The rest of the body."""
        answer = self._answer
        while not (answer.complete or answer.error is not None):
            await self._connection.more(answer, _END)
        if answer.error is not None:
            raise answer.error
        return answer.take()

    async def chunk(self, limit_s: float | None = None) -> bytes | None:
        """The next piece of the body as it arrives, None at its end."""
        answer = self._answer
        while not answer.num_pending:
            if answer.complete:
                return None
            if answer.error is not None:
                raise answer.error
            await self._connection.more(answer, _PIECE, limit_s)
        return answer.take()

    async def drain(self, limit_s: float) -> None:
        """Waits at most `limit_s` for the end of the body, so that the connection can be used again."""
        answer = self._answer
        if not answer.ended and not answer.num_pending:
            await self._connection.more(answer, _PIECE, limit_s)
        self._abandon()

    async def aclose(self) -> None:
        """Closes the socket at once if the body is unfinished. Idempotent."""
        self._abandon()

    def _abandon(self) -> None:
        answer = self._answer
        if not answer.complete:
            if answer.error is None:
                self._connection.home.run(self._connection.drop, answer)
            answer.fail(failures.closed_by_us(answer.peer, in_body=True))

    def __del__(self) -> None:
        self._abandon()


class LoopPool:
    """The connections of one event loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        max_connections: int,
        keep_alive_s: float,
        *,
        ends_with_loop: bool,
    ) -> None:
        self.loop = loop
        self.keep_alive_s = keep_alive_s
        self._max_connections = max_connections
        self._queues: dict[Origin, waiting.Queue[Connection]] = {}
        self._open: set[Connection] = set()
        self._thread = threading.get_ident()
        self.is_closed = False
        self.buffer = memoryview(bytearray(_BUFFER_BYTES))
        """What any connection reads goes through here: one for each would be allocated anew for each read."""
        self._connecting: set[Limit] = set()
        self._guard = _close_with_loop(self)
        if ends_with_loop and not getattr(loop, "_asyncgens_shutdown_called", False):
            try:  # one step, which registers it with the loop
                self._guard.__anext__().send(None)
            except StopIteration:
                pass

    # --- connections in and out

    def take(self, origin: Origin) -> Connection | None:
        """An idle connection that still lives."""
        queue = self._queues.get(origin)
        if queue is None:
            queue = self._queues[origin] = self._new_queue(origin)
        now, shelf = self.loop.time(), queue.shelf
        while (connection := shelf.take(now)) is not None:
            if now - connection.idle_since < _TRUSTED_S or connection.is_usable():
                return connection
            connection.abort()
        if shelf.idle:
            self.retire(origin)
        return None

    def _new_queue(self, origin: Origin) -> waiting.Queue[Connection]:
        pace = pool.Pace(pool.OPENING_S[origin.scheme])
        shelf = pool.PacedShelf[Connection, waiting.Waiter[Connection]](
            self._max_connections, self.keep_alive_s, pace
        )
        return waiting.Queue(self.loop, shelf, failures.peer_name(origin))

    async def open(self, origin: Origin, timeouts: Timeouts, total_deadline: float, way: Way) -> Connection:
        """A new connection, or one that comes free where opening no more is better, or allowed."""
        queue = self._queues[origin]
        shelf = queue.shelf
        while True:
            if not shelf.admit():
                connection = await queue.wait(timeouts, total_deadline)
                if connection is not None:
                    return connection
            shelf.num_opening += 1
            try:
                connection = await self._connect(origin, timeouts, total_deadline, way)
            except BaseException as error:
                if failures.is_out_of_files(error) and shelf.shrink():
                    continue
                queue.free()
                raise
            finally:
                shelf.num_opening -= 1
            shelf.pace.num_served += 1
            return connection

    def put(self, connection: Connection) -> None:
        """Called by the connection when its exchange is over."""
        if self.is_closed:
            connection.abort()
        else:
            self._queues[connection.origin].put(connection)

    def forget(self, connection: Connection) -> None:
        """The connection is closed: its slot is free."""
        if connection not in self._open:
            return
        self._open.discard(connection)
        queue = self._queues[connection.origin]
        if connection in queue.shelf.idle:
            queue.shelf.idle.remove(connection)
        queue.free()

    def retire(self, origin: Origin) -> None:
        """Close what idled too long."""
        for connection in self._queues[origin].shelf.retire(self.loop.time()):
            connection.abort()

    # --- connecting

    async def _connect(
        self, origin: Origin, timeouts: Timeouts, total_deadline: float, way: Way
    ) -> Connection:
        now = self.loop.time()
        deadline = _FOREVER if timeouts.connect is None else now + timeouts.connect
        is_total = total_deadline < deadline
        deadline = min(deadline, total_deadline)
        peer = way.peer_name(origin)
        limit = Limit(self.loop, deadline)
        self._connecting.add(limit)
        try:
            with limit:
                connection = await self._connection(origin, way, peer, deadline)
                try:
                    if way.context is not None:
                        await connection.open_tls(way.context)
                except BaseException:
                    connection.abort()
                    raise
        except Expired:
            if self.is_closed:
                raise ClientClosedError("the client was closed") from None
            limit_s = timeouts.total if is_total else timeouts.connect
            raise failures.connect_timeout(peer, limit_s, total=is_total) from None
        finally:
            self._connecting.discard(limit)
        if self.is_closed:
            connection.abort()
            raise ClientClosedError("the client was closed")
        self._open.add(connection)
        return connection

    async def _connection(self, origin: Origin, way: Way, peer: str, deadline: float) -> Connection:
        sock = await dialling.dial(self.loop, origin, way, deadline)
        try:
            connection = Connection(self.loop, self, origin, peer, sock)
            await self.loop.create_connection(lambda: connection, sock=sock)
        except BaseException:
            sock.close()
            raise
        return connection

    # --- the end

    def run(self, function: Any, *args: Any) -> None:
        """Call on the loop's thread: now if this is it, soon if it runs in another."""
        if self.loop.is_closed() or threading.get_ident() == self._thread:
            function(*args)
        else:
            try:
                self.loop.call_soon_threadsafe(function, *args)
            except RuntimeError:  # closed in between
                function(*args)

    def close(self, idle_only: bool = False) -> None:
        """Close the sockets; calls in flight raise ConnectionLost, those in the queue ClientClosedError."""
        self.is_closed = True
        for queue in self._queues.values():
            for connection in list(queue.shelf.idle):
                connection.abort()
        if idle_only:
            return
        if not self.loop.is_closed():
            for limit in list(self._connecting):
                limit.expire()
        for queue in self._queues.values():
            queue.close()
        for connection in list(self._open):
            answer = connection._answer
            in_body = answer is not None and answer.head is not None
            connection.fail(failures.closed_by_us(connection.peer, in_body=in_body))

    def leave_to_parent(self) -> None:
        """In a forked child: drop our copies of the sockets; the parent's stay as they are."""
        self.is_closed = True
        for connection in self._open:
            if connection._transport is not None:
                _disown(connection._transport)
        self._open.clear()
        self._queues.clear()


async def _close_with_loop(home: LoopPool) -> AsyncGenerator[None, None]:
    """Suspended until `asyncio.run` shuts its loop's generators down: the moment to close the sockets."""
    try:
        yield
    finally:
        home.close()
        await asyncio.sleep(0)


class AsyncHTTPTransport:
    """HTTP/1.1 on asyncio or uvloop; see `base.AsyncTransport`. Any number of loops may use one."""

    def __init__(
        self,
        *,
        max_connections: int = pool.MAX_CONNECTIONS,
        keep_alive_s: float = pool.KEEP_ALIVE_S,
        ssl_context: ssl.SSLContext | None = None,
        verify: bool | str | os.PathLike[str] = True,
        cert: ClientCert | None = None,
        proxy: str | None = None,
        trust_env: bool = True,
        uds: str | os.PathLike[str] | None = None,
    ) -> None:
        """Set it up; `max_connections` holds per origin and loop.

        `verify=False` trusts anybody, a path names the file or folder of authorities to trust in place of the
        system's. `cert` is what proves who we are: a file, or certificate, key and password. `ssl_context`
        says all of that at once. `proxy` takes every request, where the environment's takes those to distant
        hosts; `trust_env=False` ignores that one. `uds` is a Unix socket to use for every origin.
        """
        self._max_connections = max_connections
        self._keep_alive_s = keep_alive_s
        self._reach = Reach(
            ssl_context=ssl_context, verify=verify, cert=cert, proxy=proxy, trust_env=trust_env, uds=uds
        )
        self._is_closed = False
        self._pid = os.getpid()
        self._pools: dict[asyncio.AbstractEventLoop, LoopPool] = {}
        # Unlike __del__, it runs before the finalizers of the sockets' own objects, which would warn.
        weakref.finalize(self, _close_pools, self._pools, True)
        _transports.add(self)

    async def send(self, request: Request) -> Response:
        """Send once and return when the head has arrived. Cancelling closes the socket at once."""
        head, proxy = self._reach.head(request)
        loop = asyncio.get_running_loop()
        home = self._pools.get(loop)
        if home is None or home.is_closed or self._pid != os.getpid():
            home = self._new_pool(loop)
        timeouts, origin = request.timeouts, request.origin
        total_deadline = _FOREVER if timeouts.total is None else loop.time() + timeouts.total
        connection = home.take(origin)
        if connection is None:
            way = self._reach.way(origin, proxy)
            connection = await home.open(origin, timeouts, total_deadline, way)
        return await connection.exchange(head, request, total_deadline)

    def _new_pool(self, loop: asyncio.AbstractEventLoop) -> LoopPool:
        if self._is_closed:
            raise ClientClosedError("the client has been closed: make a new one")
        if self._pid != os.getpid():
            self._after_fork()
        for other, pool_of_other in list(self._pools.items()):
            if other.is_closed():
                pool_of_other.close()
                self._pools.pop(other, None)
        # A second pool of one loop: its generators were shut down, and yet it goes on.
        is_first = loop not in self._pools
        home = LoopPool(loop, self._max_connections, self._keep_alive_s, ends_with_loop=is_first)
        self._pools[loop] = home
        return home

    def _after_fork(self) -> None:
        self._pid = os.getpid()
        for home in list(self._pools.values()):
            home.leave_to_parent()
        self._pools.clear()

    async def aclose(self) -> None:
        """Close all connections, also those in use, whose calls then raise ConnectionLost."""
        self._is_closed = True
        _close_pools(self._pools)
        await asyncio.sleep(0)  # asyncio closes the sockets in its next round


def _close_pools(pools: dict[asyncio.AbstractEventLoop, LoopPool], idle_only: bool = False) -> None:
    """`idle_only` where only the transport was dropped: a response may outlive it, if its loop does."""
    for loop, home in list(pools.items()):
        home.run(home.close, idle_only and not loop.is_closed())
    pools.clear()


def _close(transport: asyncio.Transport) -> None:
    try:
        transport.abort()
    except RuntimeError:  # its loop is closed and will not call it back: do what the loop would have done
        lost = getattr(transport, "_call_connection_lost", None)
        if lost is not None:
            lost(None)


def _disown(transport: asyncio.Transport) -> None:
    """Close our file descriptor without touching the loop's selector, which a forked child shares."""
    sock = getattr(transport, "_sock", None)
    if sock is not None:
        sock.close()
        cast(Any, transport)._sock = None


_NO_TIMEOUTS = Timeouts()
_transports: weakref.WeakSet[AsyncHTTPTransport] = weakref.WeakSet()


def _forget_inherited() -> None:
    for transport in list(_transports):
        transport._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
