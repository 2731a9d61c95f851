"""An ASGI app called in this process: no port, no sockets, and yet the app sees what a server would give it.

`AsyncOpenAI(http_client=ASGITransport(app))` runs the app on the caller's loop,
`OpenAI(http_client=BlockingASGITransport(app))` on a loop of its own in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import weakref
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, TypeVar
from urllib.parse import unquote

from martlet.client.transport import failures
from martlet.client.transport.base import Head, Request
from martlet.client.transport.limits import FOREVER, Expired, Limit
from martlet.errors import ClientClosedError, ConnectError, IncompleteBody, ProtocolError

T = TypeVar("T")
Message = MutableMapping[str, Any]
App = Callable[[Any, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

_HIGH_WATER_BYTES = 64 * 1024
"""An app that is this far ahead of its reader waits in `send`, as on a full socket."""
# A spec version under which Starlette listens for the disconnect while it streams; uvicorn's.
_ASGI = {"version": "3.0", "spec_version": "2.3"}


class _Exchange:
    """One request in the app, and what it has answered so far."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.peer = failures.peer_name(request.origin)
        self.head: Head | None = None
        self.pieces: deque[bytes] = deque()
        self.num_pending = 0
        self.is_complete = False
        self.has_ended = False
        self.error: BaseException | None = None
        self._is_body_given = False
        self._gone = asyncio.Event()
        self._moved = asyncio.Event()
        self._taken = asyncio.Event()

    async def run(self, app: App, scope: Message) -> None:
        try:
            await app(scope, self._receive, self._send)
        except BaseException as error:
            self.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            self.has_ended = True
            self._moved.set()

    async def _receive(self) -> Message:
        if not self._is_body_given:
            self._is_body_given = True
            return {"type": "http.request", "body": self.request.body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._gone.is_set() or self.is_complete:
            return
        if message["type"] == "http.response.start":
            headers = [
                (bytes(name).decode("latin-1").lower(), bytes(value).decode("latin-1"))
                for name, value in message.get("headers", ())
            ]
            self.head = Head(message["status"], headers)
        elif message["type"] == "http.response.body":
            piece = bytes(message.get("body", b""))
            if piece:
                self.pieces.append(piece)
                self.num_pending += len(piece)
            self.is_complete = not message.get("more_body", False)
        self._moved.set()
        while self.num_pending > _HIGH_WATER_BYTES and not self._gone.is_set():
            self._taken.clear()
            await self._taken.wait()

    def leave(self) -> None:
        """The client goes: the app hears `http.disconnect`."""
        if not self.is_complete:
            self._gone.set()
            self._taken.set()

    def take(self) -> bytes:
        piece = self.pieces.popleft()
        self.num_pending -= len(piece)
        self._taken.set()
        return piece

    async def wait(self, is_there: Callable[[], bool]) -> None:
        """Until it is there, or the app has ended."""
        while not is_there() and not self.has_ended:
            self._moved.clear()
            await self._moved.wait()

    def problem(self) -> BaseException:
        """Why nothing more comes: what the app raised, just as it is."""
        if isinstance(self.error, Exception):
            return self.error
        if self.head is None:
            return ProtocolError(f"the ASGI app behind {self.peer} ended without an answer")
        return IncompleteBody(f"the ASGI app behind {self.peer} ended in the middle of its answer")


class _Response:
    """See `base.AsyncResponse`."""

    def __init__(self, exchange: _Exchange, head: Head, deadline: float) -> None:
        self.head = head
        self._exchange = exchange
        self._deadline = deadline
        self._loop = asyncio.get_running_loop()
        self._is_closed = False

    async def read(self) -> bytes:
        limits = self._exchange.request.timeouts
        pieces: list[bytes] = []
        while True:
            read_at = FOREVER if limits.read is None else self._loop.time() + limits.read
            is_total = self._deadline < read_at
            limit_s = limits.total if is_total else limits.read
            piece = await self._next(min(read_at, self._deadline), limit_s, total=is_total)
            if piece is None:
                return b"".join(pieces)
            pieces.append(piece)

    async def chunk(self, limit_s: float | None = None) -> bytes | None:
        if limit_s is None:
            limit_s = self._exchange.request.timeouts.read
        return await self._next(FOREVER if limit_s is None else self._loop.time() + limit_s, limit_s)

    async def _next(self, deadline: float, limit_s: float | None, *, total: bool = False) -> bytes | None:
        exchange = self._exchange
        if self._is_closed and not exchange.is_complete:
            raise failures.closed_by_us(exchange.peer, in_body=True)
        try:
            with Limit(self._loop, deadline):
                await exchange.wait(lambda: bool(exchange.pieces) or exchange.is_complete)
        except Expired:
            exchange.leave()
            raise failures.read_timeout(exchange.peer, limit_s, in_body=True, total=total) from None
        except BaseException:
            exchange.leave()
            raise
        if exchange.pieces:
            return exchange.take()
        if not exchange.is_complete:
            raise exchange.problem()
        return None

    async def drain(self, limit_s: float) -> None:
        # No connection to save; but an app that is at its end may get there.
        try:
            with Limit(self._loop, self._loop.time() + limit_s):
                await self._exchange.wait(lambda: self._exchange.is_complete)
        except Expired:
            pass
        await self.aclose()

    async def aclose(self) -> None:
        self._is_closed = True
        self._exchange.leave()

    def __del__(self) -> None:
        if not self._exchange.is_complete and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._exchange.leave)


class _Lifespan:
    """The app's own start and end, as a server would call them; an app without them is fine."""

    def __init__(self, app: App) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises ConnectError if the app says that it cannot start."""
        self._task = asyncio.ensure_future(self._run())
        said = await self._ask("lifespan.startup")
        if said["type"] == "lifespan.startup.failed":
            raise ConnectError(f"the ASGI app did not start: {said.get('message') or 'it did not say why'}")

    async def stop(self) -> None:
        if self._task is not None and not self._task.done():
            await self._ask("lifespan.shutdown")
            await asyncio.wait([self._task])

    async def _ask(self, kind: str) -> Message:
        self._inbox.put_nowait({"type": kind})
        return await self._outbox.get()

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": _ASGI, "state": self.state}
        try:
            with contextlib.suppress(Exception):  # the protocol's way to say that there is no lifespan
                await self._app(scope, self._inbox.get, self._outbox.put)
        finally:
            self._outbox.put_nowait({"type": "lifespan.none"})


class ASGITransport:
    """Calls an ASGI app on the loop of the caller; see `base.AsyncTransport`.

    Replies stream as the app sends them, and closing one tells the app `http.disconnect`. The app's lifespan
    starts with the first request of a loop and ends with `aclose()`. What the app raises before its answer is
    complete is raised to the caller as it is.
    """

    def __init__(
        self, app: App, *, root_path: str = "", client: tuple[str, int] = ("127.0.0.1", 50000)
    ) -> None:
        """`client` is the address that the app sees."""
        self._app = app
        self._root_path = root_path
        self._client = client
        self._is_closed = False
        self._lifespans: dict[asyncio.AbstractEventLoop, asyncio.Task[_Lifespan]] = {}
        self._running: dict[asyncio.Task[None], _Exchange] = {}

    async def send(self, request: Request) -> _Response:
        if self._is_closed:
            raise ClientClosedError("the client has been closed: make a new one")
        loop = asyncio.get_running_loop()
        lifespan = await self._started(loop)
        exchange = _Exchange(request)
        task = loop.create_task(exchange.run(self._app, self._scope(request, lifespan)))
        self._running[task] = exchange
        task.add_done_callback(lambda done: self._running.pop(done, None))
        limits = request.timeouts
        read_at = FOREVER if limits.read is None else loop.time() + limits.read
        deadline = FOREVER if limits.total is None else loop.time() + limits.total
        is_total = deadline < read_at
        try:
            with Limit(loop, min(read_at, deadline)):
                await exchange.wait(lambda: exchange.head is not None)
        except Expired:
            exchange.leave()
            limit_s = limits.total if is_total else limits.read
            raise failures.read_timeout(exchange.peer, limit_s, in_body=False, total=is_total) from None
        except BaseException:
            exchange.leave()
            raise
        if exchange.head is None:
            raise exchange.problem()
        return _Response(exchange, exchange.head, deadline)

    async def _started(self, loop: asyncio.AbstractEventLoop) -> _Lifespan:
        starting = self._lifespans.get(loop)
        if starting is None:
            for other in [other for other in self._lifespans if other.is_closed()]:
                del self._lifespans[other]
            starting = self._lifespans[loop] = loop.create_task(self._start())
        try:
            return await asyncio.shield(starting)
        except ConnectError:
            self._lifespans.pop(loop, None)
            raise

    async def _start(self) -> _Lifespan:
        lifespan = _Lifespan(self._app)
        await lifespan.start()
        return lifespan

    def _scope(self, request: Request, lifespan: _Lifespan) -> Message:
        path, _, query = request.target.partition("?")
        names = {name.lower() for name, _ in request.headers}
        headers = [(name.lower(), value) for name, value in request.headers]
        if "host" not in names:
            headers.insert(0, ("host", failures.authority(request.origin)))
        if "content-length" not in names and (request.body or request.method in ("POST", "PUT", "PATCH")):
            headers.append(("content-length", str(len(request.body))))
        return {
            "type": "http",
            "asgi": _ASGI,
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.origin.scheme,
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "root_path": self._root_path,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "client": self._client,
            "server": (request.origin.host, request.origin.port),
            "state": dict(lifespan.state),
            "extensions": {},
        }

    async def aclose(self) -> None:
        """End the requests under way, then the app's lifespan."""
        self._is_closed = True
        loop = asyncio.get_running_loop()
        here = {task: exchange for task, exchange in self._running.items() if task.get_loop() is loop}
        for task, exchange in here.items():
            exchange.leave()
            task.cancel()
        if here:
            await asyncio.wait(here)
        starting = self._lifespans.pop(loop, None)
        if starting is not None:
            await (await starting).stop()


class BlockingASGITransport:
    """As `ASGITransport`, for `OpenAI`: the app runs on a loop in a thread; see `base.Transport`."""

    def __init__(
        self, app: App, *, root_path: str = "", client: tuple[str, int] = ("127.0.0.1", 50000)
    ) -> None:
        """`client` is the address that the app sees."""
        self._make: Callable[[], ASGITransport] = lambda: ASGITransport(
            app, root_path=root_path, client=client
        )
        self._lock = threading.Lock()
        self._thread: _LoopThread | None = None
        self._is_closed = False

    def send(self, request: Request) -> _BlockingResponse:
        if self._is_closed:
            raise ClientClosedError("the client has been closed: make a new one")
        with self._lock:
            if self._thread is None or self._thread.pid != os.getpid():
                self._thread = _LoopThread(self._make())
                weakref.finalize(self, self._thread.stop)
        thread = self._thread
        return _BlockingResponse(thread, thread.call(thread.transport.send(request)))

    def close(self) -> None:
        """End the requests under way and the app's lifespan."""
        self._is_closed = True
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()


class _BlockingResponse:
    """See `base.Response`."""

    def __init__(self, thread: _LoopThread, response: _Response) -> None:
        self.head = response.head
        self._thread = thread
        self._response = response

    def read(self) -> bytes:
        return self._thread.call(self._response.read())

    def chunk(self, limit_s: float | None = None) -> bytes | None:
        return self._thread.call(self._response.chunk(limit_s))

    def drain(self, limit_s: float) -> None:
        self._thread.call(self._response.drain(limit_s))

    def close(self) -> None:
        if self._thread.is_running:
            self._thread.call(self._response.aclose())


class _LoopThread:
    """A running loop, with the transport that lives on it."""

    def __init__(self, transport: ASGITransport) -> None:
        self.transport = transport
        self.pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="martlet-asgi", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive() and self.pid == os.getpid()

    def call(self, step: Coroutine[Any, Any, T]) -> T:
        """Raises what the step raises; an interrupt cancels it."""
        if not self.is_running:
            step.close()
            raise ClientClosedError("the client has been closed: make a new one")
        future = asyncio.run_coroutine_threadsafe(step, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def stop(self) -> None:
        if self.pid != os.getpid() or self._loop.is_closed():
            return
        if threading.current_thread() is self._thread:  # collected in there
            self._loop.stop()
            return
        self.call(self.transport.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
