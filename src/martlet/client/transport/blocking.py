"""The transport on blocking sockets. Any number of threads may send at once.

The kernel keeps the clock (SO_RCVTIMEO, SO_SNDTIMEO): a read is one system call, and a signal interrupts it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import struct
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING

from msgspec.structs import replace

from martlet.client.transport import failures, http1, pool, sockets
from martlet.client.transport.base import Head, Origin, Request, Timeouts
from martlet.client.transport.reach import Reach, Way
from martlet.errors import ClientClosedError, TransportError

if TYPE_CHECKING:
    import ssl

    from martlet.client.transport.proxies import Proxy
    from martlet.client.transport.tls import ClientCert, TLSChannel

_READ_BYTES = 64 * 1024
_LARGE_READ_BYTES = 1024 * 1024
_WRITE_BYTES = 256 * 1024
"""A larger request goes out in slices, with an eye on an early answer."""
_FOREVER = float("inf")
_IS_WINDOWS = sys.platform == "win32"


class Connection:
    """One socket. Serves one exchange at a time, in one thread at a time."""

    __slots__ = (
        "_answer",
        "_read_s",
        "_sock",
        "_timeouts",
        "_tls",
        "_total_deadline",
        "_write_s",
        "home",
        "idle_since",
        "is_closed_by_us",
        "is_open",
        "origin",
        "peer",
        "uses",
    )

    def __init__(self, sock: socket.socket, home: Pool, origin: Origin, peer: str) -> None:
        self._sock = sock
        self.home = home
        self.origin = origin
        self.peer = peer
        self.idle_since = 0.0
        self.uses = 0
        self.is_open = True
        self.is_closed_by_us = False
        self._tls: TLSChannel | None = None
        self._answer: http1.Answer | None = None
        self._timeouts = Timeouts()
        self._total_deadline = _FOREVER
        self._read_s: float | None = None  # what the socket's options say now
        self._write_s: float | None = None

    # --- opening

    def open_tunnel(self, proxy: Proxy, deadline: float) -> None:
        """Raises ProxyError, and BlockingIOError or TimeoutError at the deadline."""
        from martlet.client.transport.proxies import TunnelReply

        reply = TunnelReply(proxy, self.origin)
        try:
            self._set_write_s(_left_s(deadline))
            self._sock.sendall(proxy.connect_head(self.origin))
            self._set_read_s(_left_s(deadline))
            while not reply.feed(self._sock.recv(_READ_BYTES)):
                self._set_read_s(_left_s(deadline))
        except ConnectionError as error:
            raise failures.no_proxy(self.origin, proxy.name, error) from error

    def open_tls(self, context: ssl.SSLContext, deadline: float) -> None:
        """Raises TLSError, ConnectError, and BlockingIOError or TimeoutError at the deadline."""
        from martlet.client.transport.tls import TLSChannel

        channel = TLSChannel(context, self.origin.host, self.peer)
        data = b""
        try:
            while not self._shake(channel, data, deadline):
                self._set_read_s(_left_s(deadline))
                data = self._sock.recv(_READ_BYTES)
                if not data:
                    raise channel.handshake_cut()
        except ConnectionError as error:
            raise channel.handshake_cut(error) from error
        self._tls = channel

    def _shake(self, channel: TLSChannel, data: bytes, deadline: float) -> bool:
        try:
            return channel.handshake(data)
        finally:  # after a failure: the alert that says why
            outgoing = channel.outgoing()
            if outgoing:
                self._set_write_s(_left_s(deadline))
                self._sock.sendall(outgoing)

    # --- one exchange

    def exchange(self, head: bytes, request: Request, total_deadline: float) -> Response:
        answer = http1.Answer(self.peer, request.method, self.uses > 0)
        self.uses += 1
        self._answer = answer
        self._timeouts = request.timeouts
        self._total_deadline = total_deadline
        try:
            self._send(answer, head, request.body)
            while answer.head is None and answer.error is None:
                self._receive(answer, is_total=True)
        except BaseException:
            self.drop(answer)
            raise
        if answer.head is None:
            assert answer.error is not None
            raise answer.error
        return Response(answer, answer.head, self)

    def more(self, answer: http1.Answer, *, to_end: bool, limit_s: float | None = None) -> None:
        """One read of the body; `limit_s` bounds it in place of the request's `read`."""
        if limit_s is not None and limit_s != self._timeouts.read:
            self._timeouts = replace(self._timeouts, read=limit_s)
        try:
            self._receive(answer, is_total=to_end)
        except BaseException:
            self.drop(answer)
            raise

    def drop(self, answer: http1.Answer) -> None:
        """Close the socket if it still serves this answer."""
        if self._answer is answer:
            answer.fail(failures.closed_by_us(self.peer, in_body=answer.head is not None))
            self.close()

    def _finish_if_ended(self, answer: http1.Answer, *, is_sent: bool = True) -> None:
        if not answer.ended:
            return
        self._answer = None
        if answer.keep_alive and is_sent and not self.is_closed_by_us:
            self.home.put(self)
        else:
            self.close()

    # --- receiving

    def _receive(self, answer: http1.Answer, *, is_total: bool) -> None:
        read_s = self._timeouts.read
        total_ends = is_total and self._total_deadline < _FOREVER
        if total_ends:
            left_s = max(self._total_deadline - time.monotonic(), 0.0)
            total_ends = read_s is None or left_s < read_s
            if total_ends:
                read_s = left_s
        num_bytes = (
            _READ_BYTES
            if answer.head is None
            else min(max(answer.num_missing, _READ_BYTES), _LARGE_READ_BYTES)
        )
        try:
            if read_s != self._read_s:
                self._set_read_s(read_s)
            data = self._sock.recv(num_bytes)
        except (BlockingIOError, TimeoutError):
            limit_s = self._timeouts.total if total_ends else self._timeouts.read
            in_body = answer.head is not None
            self._fail(answer, failures.read_timeout(self.peer, limit_s, in_body=in_body, total=total_ends))
        except OSError as error:
            self._end(answer, error)
        else:
            self._feed(answer, data)

    def _feed(self, answer: http1.Answer, data: bytes, *, is_sent: bool = True) -> None:
        if not data:
            self._end(answer, None)
            return
        tls = self._tls
        if tls is None:
            answer.feed(data)
        else:
            try:
                plain = tls.decrypt(data)
                outgoing = tls.outgoing()
                if outgoing:
                    self._sock.sendall(outgoing)
            except OSError as error:  # ssl.SSLError too: the channel is broken
                self._end(answer, error)
                return
            if plain:
                answer.feed(plain)
            if tls.is_closed:
                self._end(answer, None)
                return
        self._finish_if_ended(answer, is_sent=is_sent)

    def _end(self, answer: http1.Answer, error: OSError | None) -> None:
        """No more bytes will come."""
        if self.is_closed_by_us:
            answer.fail(failures.closed_by_us(self.peer, in_body=answer.head is not None))
        truncated = self._tls is not None and not self._tls.is_closed
        answer.end_of_stream(error, truncated=truncated)
        self._answer = None
        self.close()

    def _fail(self, answer: http1.Answer, error: TransportError) -> None:
        answer.fail(error)
        self._answer = None
        self.close()

    # --- sending

    def _send(self, answer: http1.Answer, head: bytes, body: bytes) -> None:
        if len(body) > _WRITE_BYTES:
            self._send_large(answer, head, body)
            return
        data = memoryview(head + body if self._tls is None else self._tls.encrypt(head + body))
        write_s = self._timeouts.write
        total_ends = False
        while data:
            if self._total_deadline < _FOREVER:
                left_s = max(self._total_deadline - time.monotonic(), 0.0)
                total_ends = self._timeouts.write is None or left_s < self._timeouts.write
                write_s = left_s if total_ends else self._timeouts.write
            if write_s != self._write_s:
                self._set_write_s(write_s)
            try:
                data = data[self._sock.send(data) :]
            except (BlockingIOError, TimeoutError):
                limit_s = self._timeouts.total if total_ends else self._timeouts.write
                self._fail(answer, failures.write_timeout(self.peer, limit_s, total=total_ends))
                return
            except OSError as error:
                self._salvage(answer, error)
                return

    def _send_large(self, answer: http1.Answer, head: bytes, body: bytes) -> None:
        """Send in slices while watching for an early answer, such as a 413."""
        self._sock.setblocking(False)
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
                self._send_slices(answer, _slices(head, body), selector)
        finally:
            if self.is_open:
                self._sock.setblocking(True)

    def _send_slices(
        self, answer: http1.Answer, slices: list[memoryview], selector: selectors.BaseSelector
    ) -> None:
        slices.reverse()
        data = memoryview(b"")
        while data or slices:
            if not data:
                data = slices.pop()
                if self._tls is not None:
                    data = memoryview(self._tls.encrypt(data))
            left_s = _left_s(self._total_deadline)
            write_s = self._timeouts.write
            total_ends = left_s is not None and (write_s is None or left_s < write_s)
            ready = selector.select(left_s if total_ends else write_s)
            if not ready:
                limit_s = self._timeouts.total if total_ends else write_s
                self._fail(answer, failures.write_timeout(self.peer, limit_s, total=total_ends))
                return
            if ready[0][1] & selectors.EVENT_READ and not self._read_early(answer):
                return
            if ready[0][1] & selectors.EVENT_WRITE:
                try:
                    data = data[self._sock.send(data) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    self._salvage(answer, error)
                    return

    def _read_early(self, answer: http1.Answer) -> bool:
        """Read what came before the request was out; false when there is no point in sending the rest."""
        try:
            data = self._sock.recv(_READ_BYTES)
        except BlockingIOError:
            return True
        except OSError as error:
            self._end(answer, error)
            return False
        self._feed(answer, data, is_sent=False)
        if answer.ended:
            return False
        if answer.head is not None and answer.head.status >= 400:
            answer.keep_alive = False
            return False
        return True

    def _salvage(self, answer: http1.Answer, error: OSError) -> None:
        """The peer takes no more: it may have said why before it closed."""
        self._sock.setblocking(False)
        try:
            while not answer.ended:
                data = self._sock.recv(_READ_BYTES)
                if not data:
                    break
                self._feed(answer, data, is_sent=False)
        except OSError:
            pass
        if not answer.ended:
            self._end(answer, error)

    # --- the pool's business

    def is_usable(self) -> bool:
        """False if the peer has closed an idle connection, or talks unasked."""
        try:
            if not sockets.is_readable(self._sock):
                return True
            if self._tls is None:
                return False
            data = self._sock.recv(_READ_BYTES)  # a session ticket, perhaps
            return bool(data) and not self._tls.decrypt(data) and not self._tls.is_closed
        except OSError:
            return False

    def close(self) -> None:
        """Close the socket now. Only for the thread that uses the connection."""
        self._answer = None
        with self.home.lock:
            if self.is_open:
                self.is_open = False
                self._sock.close()
                self.home.forget(self)

    def interrupt(self) -> None:
        """From any thread: whoever reads or writes gets the end of the stream at once."""
        self.is_closed_by_us = True
        with self.home.lock:  # not while the other thread closes it, or the number may be another socket's
            if self.is_open:
                with contextlib.suppress(OSError):
                    self._sock.shutdown(socket.SHUT_RDWR)

    def disown(self) -> None:
        """In a forked child: close our copy of the socket; the parent's stays as it is."""
        self.is_closed_by_us = True
        self.is_open = False
        self._sock.close()

    def _set_read_s(self, seconds: float | None) -> None:
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(seconds))
        self._read_s = seconds

    def _set_write_s(self, seconds: float | None) -> None:
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(seconds))
        self._write_s = seconds


class Response:
    """An answer whose head has arrived; see `base.Response`."""

    __slots__ = ("__weakref__", "_answer", "_connection", "head")

    def __init__(self, answer: http1.Answer, head: Head, connection: Connection) -> None:
        self.head = head
        self._answer = answer
        self._connection = connection

    def read(self) -> bytes:
        """The rest of the body."""
        answer = self._answer
        while not answer.ended:
            self._connection.more(answer, to_end=True)
        if answer.error is not None:
            raise answer.error
        return answer.take()

    def chunk(self, limit_s: float | None = None) -> bytes | None:
        """The next piece of the body as it arrives, None at its end."""
        answer = self._answer
        while not answer.num_pending:
            if answer.complete:
                return None
            if answer.error is not None:
                raise answer.error
            self._connection.more(answer, to_end=False, limit_s=limit_s)
        return answer.take()

    def drain(self, limit_s: float) -> None:
        """Waits at most `limit_s` for the end of the body, so that the connection can be used again."""
        answer = self._answer
        if not answer.ended and not answer.num_pending:
            self._connection.more(answer, to_end=False, limit_s=limit_s)
        self.close()

    def close(self) -> None:
        """Closes the socket at once if the body is unfinished. Idempotent."""
        answer = self._answer
        if not answer.ended:
            self._connection.drop(answer)

    def __del__(self) -> None:
        self.close()


class _Waiter:
    """A thread in the queue for a connection."""

    __slots__ = ("connection", "event", "is_served")

    def __init__(self) -> None:
        self.event = threading.Event()
        self.is_served = False
        self.connection: Connection | None = None  # None: the slot to make one


class Pool:
    """All connections of one transport."""

    def __init__(self, max_connections: int, keep_alive_s: float) -> None:
        self._max_connections = max_connections
        self._keep_alive_s = keep_alive_s
        self._shelves: dict[Origin, pool.Shelf[Connection, _Waiter]] = {}
        self._open: set[Connection] = set()
        self.lock = threading.RLock()  # a garbage collection inside the lock may close a response
        self._is_closed = False

    def take(self, origin: Origin) -> Connection | None:
        """An idle connection that still lives."""
        while True:
            now = time.monotonic()
            with self.lock:
                shelf = self._shelves.get(origin)
                if shelf is None:
                    shelf = self._shelves[origin] = pool.Shelf(self._max_connections, self._keep_alive_s)
                connection = shelf.take(now)
                stale = shelf.retire(now) if shelf.idle else []
            for old in stale:
                old.close()
            if connection is None or connection.is_usable():
                return connection
            connection.close()

    def open(self, origin: Origin, timeouts: Timeouts, total_deadline: float, way: Way) -> Connection:
        """A new connection, or one that comes free where no more are allowed."""
        shelf = self._shelves[origin]
        while True:
            with self.lock:
                waiter = None if shelf.reserve() else _Waiter()
                if waiter is not None:
                    shelf.waiters[waiter] = None
            if waiter is not None:
                connection = self._queue(shelf, waiter, origin, timeouts, total_deadline)
                if connection is not None:
                    return connection
            try:
                return self._connect(origin, timeouts, total_deadline, way)
            except BaseException as error:
                with self.lock:
                    if failures.is_out_of_files(error) and shelf.shrink():
                        continue
                    self._serve(shelf.free(), None)
                raise

    def _queue(
        self,
        shelf: pool.Shelf[Connection, _Waiter],
        waiter: _Waiter,
        origin: Origin,
        timeouts: Timeouts,
        total_deadline: float,
    ) -> Connection | None:
        left_s = _left_s(total_deadline)
        is_total = left_s is not None and (timeouts.pool is None or left_s < timeouts.pool)
        try:
            waiter.event.wait(left_s if is_total else timeouts.pool)
        except BaseException:
            with self.lock:
                if waiter.is_served:
                    self._give(shelf, waiter.connection)
                else:
                    del shelf.waiters[waiter]
            raise
        with self.lock:
            if not waiter.is_served:
                del shelf.waiters[waiter]
                if self._is_closed:
                    raise ClientClosedError("the client was closed")
                limit_s = timeouts.total if is_total else timeouts.pool
                peer = failures.peer_name(origin)
                raise failures.pool_timeout(peer, limit_s, shelf.num_open, total=is_total)
        if self._is_closed:
            self._give(shelf, waiter.connection)
            raise ClientClosedError("the client was closed")
        return waiter.connection

    def _give(self, shelf: pool.Shelf[Connection, _Waiter], connection: Connection | None) -> None:
        if connection is not None:
            self.put(connection)
        else:
            with self.lock:
                self._serve(shelf.free(), None)

    def _serve(self, waiter: _Waiter | None, connection: Connection | None) -> None:
        if waiter is not None:
            waiter.connection = connection
            waiter.is_served = True
            waiter.event.set()

    def put(self, connection: Connection) -> None:
        with self.lock:
            if not self._is_closed:
                shelf = self._shelves[connection.origin]
                self._serve(shelf.put(connection, time.monotonic()), connection)
                return
        connection.close()

    def forget(self, connection: Connection) -> None:
        """The connection is closed: its slot is free."""
        with self.lock:
            if connection in self._open:
                self._open.discard(connection)
                self._serve(self._shelves[connection.origin].free(), None)

    # --- connecting

    def _connect(self, origin: Origin, timeouts: Timeouts, total_deadline: float, way: Way) -> Connection:
        deadline = _FOREVER if timeouts.connect is None else time.monotonic() + timeouts.connect
        is_total = total_deadline < deadline
        deadline = min(deadline, total_deadline)
        peer = way.peer_name(origin)
        connection, tunnel = None, way.tunnel()
        try:
            connection = Connection(self._connect_any(origin, way, deadline), self, origin, peer)
            if tunnel is not None:
                connection.open_tunnel(tunnel, deadline)
            if way.context is not None:
                connection.open_tls(way.context, deadline)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, (BlockingIOError, TimeoutError)):
                limit_s = timeouts.total if is_total else timeouts.connect
                raise failures.connect_timeout(peer, limit_s, total=is_total) from None
            raise
        with self.lock:
            if not self._is_closed:
                self._open.add(connection)
                return connection
        connection.close()
        raise ClientClosedError("the client was closed")

    def _connect_any(self, origin: Origin, way: Way, deadline: float) -> socket.socket:
        """Raises TimeoutError at the deadline."""
        address, dialled = way.address(), way.dials(origin)
        try:
            found = (
                sockets.interleave(
                    list(socket.getaddrinfo(dialled.host, dialled.port, 0, socket.SOCK_STREAM))
                )
                if address is None
                else [address]
            )
        except (OSError, UnicodeError) as error:
            raise way.cannot_resolve(origin, error) from sockets.out_of_files() or error
        failure: OSError | None = None
        for num, address in enumerate(found, 1):
            is_last = num == len(found)
            try:
                return _connect_one(address, sockets.patience_s(_left_s(deadline), is_last=is_last))
            except OSError as error:
                failure = failure or error
                if time.monotonic() >= deadline or (is_last and isinstance(error, TimeoutError)):
                    raise TimeoutError from None
        if failure is None:
            failure = OSError("the name has no address")
        raise way.cannot_connect(origin, failure) from failure

    # --- the end

    def close(self, *, idle_only: bool = False) -> None:
        with self.lock:
            self._is_closed = True
            idle = [connection for shelf in self._shelves.values() for connection in shelf.idle]
            for shelf in self._shelves.values():
                shelf.idle.clear()
            waiters = [] if idle_only else [w for shelf in self._shelves.values() for w in shelf.waiters]
            in_use = [] if idle_only else list(self._open - set(idle))
        for connection in idle:
            connection.close()
        for connection in in_use:
            connection.interrupt()
        for waiter in waiters:
            waiter.event.set()

    def leave_to_parent(self) -> None:
        """In a forked child, where the lock may be held by a thread that does not exist here."""
        self._is_closed = True
        self.lock = threading.RLock()
        for connection in self._open:
            connection.disown()
        self._open.clear()


class HTTPTransport:
    """HTTP/1.1 on blocking sockets; see `base.Transport`."""

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
        """Set it up; `max_connections` holds per origin.

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
        self._new_pool()
        _transports.add(self)

    def _new_pool(self) -> None:
        self._pid = os.getpid()
        self._pool = Pool(self._max_connections, self._keep_alive_s)

    def send(self, request: Request) -> Response:
        """Send once and return when the head has arrived."""
        head, proxy = self._reach.head(request)
        if self._is_closed:
            raise ClientClosedError("the client has been closed: make a new one")
        if self._pid != os.getpid():
            self._after_fork()
        home, timeouts, origin = self._pool, request.timeouts, request.origin
        total_deadline = _FOREVER if timeouts.total is None else time.monotonic() + timeouts.total
        connection = home.take(origin)
        if connection is None:
            way = self._reach.way(origin, proxy)
            connection = home.open(origin, timeouts, total_deadline, way)
        return connection.exchange(head, request, total_deadline)

    def _after_fork(self) -> None:
        self._pool.leave_to_parent()
        self._new_pool()

    def close(self) -> None:
        """Close all connections, also those in use, whose calls then raise ConnectionLost."""
        self._is_closed = True
        self._pool.close()

    def __del__(self) -> None:
        home = getattr(self, "_pool", None)
        if home is not None:
            home.close(idle_only=True)  # a response may outlive the client that made it


def _connect_one(address: sockets.Address, patience_s: float | None) -> socket.socket:
    family, kind, protocol, _, socket_address = address
    sock = sockets.QuietSocket(family, kind, protocol)
    try:
        sockets.tune(sock)
        if patience_s is not None and patience_s <= 0.0:
            raise TimeoutError("no time left")
        sock.settimeout(patience_s)
        sock.connect(socket_address)
        sock.settimeout(None)
    except BaseException:
        sock.close()
        raise
    return sock


def _slices(head: bytes, body: bytes) -> list[memoryview]:
    view = memoryview(body)
    rest = [view[at : at + _WRITE_BYTES] for at in range(_WRITE_BYTES, len(body), _WRITE_BYTES)]
    return [memoryview(head + body[:_WRITE_BYTES]), *rest]


def _left_s(deadline: float) -> float | None:
    return None if deadline == _FOREVER else max(deadline - time.monotonic(), 0.0)


def _timeval(seconds: float | None) -> bytes:
    """For SO_RCVTIMEO and SO_SNDTIMEO, where zero means for ever."""
    if _IS_WINDOWS:
        return struct.pack("=L", 0 if seconds is None else max(int(seconds * 1000), 1))
    if seconds is None:
        return struct.pack("@ll", 0, 0)
    whole = int(seconds)
    return struct.pack("@ll", whole, max(int((seconds - whole) * 1_000_000), 0 if whole else 1))


_transports: weakref.WeakSet[HTTPTransport] = weakref.WeakSet()


def _forget_inherited() -> None:
    for transport in list(_transports):
        transport._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
