"""Streams that tell the truth: each ends as complete, or raises what broke it, with all that had arrived.

`StreamDecoder` is pure: bytes in, items out, a verdict at the end. `Stream` and `AsyncStream` only read.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from weakref import ref

import msgspec

from martlet.client.failures import in_band_error, not_a_stream
from martlet.client.replies import Request
from martlet.errors import APIError, ProtocolError, StreamInterrupted, StreamStalled, TransportError
from martlet.protocol.base import WireModel, decode_reply
from martlet.protocol.sse import Event, SSEParser

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from martlet.client.calls import Call
    from martlet.client.replies import Reply, Response
    from martlet.client.transport.base import AsyncResponse
    from martlet.client.transport.base import Response as SyncResponse

T = TypeVar("T")

DRAIN_S = 0.1
"""After `[DONE]`, how long to wait for the end of the body, so that the connection can be used again."""

CLOCK_SLACK_S = 0.002
"""A wait may end this much before the limit it was given."""


def source_of(reply: Reply) -> Any:
    """The body to stream from. Raises if the server answered with a document instead."""
    if reply.source is None:
        raise not_a_stream(reply)
    return reply.source


class StreamClocks(msgspec.Struct, frozen=True):
    """Limits in seconds, counted on events: comments keep a connection open, not a stream alive."""

    first: float | None = None
    """Waiting for the first event, from the head of the answer."""
    gap: float | None = None
    """Waiting for the next event. What the program does in between does not count."""
    first_token: float | None = None
    """Instead of `first`: waiting for something generated, from the sending of the request."""
    head_s: float = 0.0
    """What the head of the answer has taken of `first_token`."""
    total: float | None = None
    """From the head to the end."""
    deadline_s: float | None = None
    """Where `total` is what a deadline left: all of it, for the message."""

    @classmethod
    def of(cls, reply: Reply) -> StreamClocks:
        """The limits that the call was made with."""
        limits, deadline = reply.request.timeouts, reply.deadline
        gap_s = limits.read if limits.gap is None else limits.gap
        total_s = deadline_s = None
        if deadline is not None:
            total_s, deadline_s = max(deadline.left_s(), 0.001), deadline.seconds
        return cls(limits.read, gap_s, limits.first_token, reply.head_s, total_s, deadline_s)

    def unfinished(self, after_s: float) -> str:
        """What is wrong when `total` has passed."""
        if self.deadline_s is not None:
            return f"the deadline of {self.deadline_s:g} s passed before it was complete"
        return f"not complete after {after_s:.3g} s"


class StreamDecoder(Generic[T]):
    """The life of one streamed reply, from its bytes.

    Feed it chunks, then tell it how they ended. `is_complete` is true once the server has said that this was
    all: by `[DONE]`, or by a clean end after every choice had its finish_reason.
    """

    def __init__(
        self, call: Call[Any], reply: Reply, clocks: StreamClocks, clock: Callable[[], float]
    ) -> None:
        kind = call.endpoint.stream
        assert kind is not None
        self._item: type[Any] = kind.item
        self._partial = kind.partial()
        self._parser = SSEParser()
        self._reply = reply
        self._clocks = clocks
        self._clock = clock
        self._began = self._wait_began = clock()
        self._awaits_token = clocks.first_token is not None
        self._waited_s = clocks.head_s if self._awaits_token else 0.0
        """Spent waiting since the last event, or a part of one, came; for the first token, from the start."""
        self.num_events = 0
        self.num_bytes = 0
        self.is_complete = False

    def wait(self) -> float | None:
        """The program waits for the next chunk from now on. Returns for how many seconds at most."""
        now = self._wait_began = self._clock()
        limit_s = self._event_limit_s()
        if limit_s is not None:
            limit_s -= self._waited_s
        if self._clocks.total is not None:
            left_s = self._clocks.total - (now - self._began)
            limit_s = left_s if limit_s is None else min(limit_s, left_s)
        return None if limit_s is None else max(limit_s, 0.001)

    def feed(self, chunk: bytes, items: deque[T]) -> APIError | None:
        """Append to `items` what the chunk completes. Returns the error that ends the stream, if any."""
        self.num_bytes += len(chunk)
        try:
            events = self._parser.feed(chunk)
        except ProtocolError as error:
            return self.interrupted(str(error))
        now = self._clock()
        problem = self._take(events, items)
        if not self._awaits_token and (events or self._parser.is_inside_event):
            self._waited_s = 0.0
        else:  # comments
            self._waited_s += now - self._wait_began
        return problem or self._overdue(now)

    def finish(self, items: deque[T]) -> APIError | None:
        """The body ended cleanly. Returns the error if the stream was not complete."""
        problem = self._take(self._parser.close(), items)
        if problem is not None or self.is_complete:
            return problem
        if self._partial.is_finished:
            self.is_complete = True
            return None
        if not self.num_events:
            return self.interrupted("the stream ended without a single event")
        return self.interrupted("the stream ended before its last event")

    def broke(self, error: TransportError) -> StreamInterrupted:
        """The exception for a connection that failed; raise it `from error`."""
        if not isinstance(error, TimeoutError):
            return self.interrupted(str(error))
        now = self._clock()
        self._waited_s += now - self._wait_began
        return self._overdue(now) or self._stalled()

    def interrupted(self, problem: str, *, stalled: bool = False) -> StreamInterrupted:
        cls = StreamStalled if stalled else StreamInterrupted
        return cls(
            f"Stream {'stalled' if stalled else 'interrupted'} after {self.num_events} events: {problem}",
            request=Request.of(self._reply.request),
            partial=self._partial.result(),
            num_events=self.num_events,
            num_bytes=self.num_bytes,
        )

    def _take(self, events: list[Event], items: deque[T]) -> APIError | None:
        for event in events:
            data = event.data
            if data.startswith(b"[DONE]"):
                self.is_complete = True
                return None
            try:
                item = decode_reply(self._item, data)
            except msgspec.DecodeError as error:
                problem = "an event is not JSON" if event.is_complete else "the last event was cut off"
                return self.interrupted(f"{problem}: {error}")
            if not isinstance(item, WireModel):
                return self.interrupted(f"an event is not a JSON object: {item!r:.100}")
            if b'"error"' in data:
                said = item.model_extra.get("error")
                if said:
                    return in_band_error(said, self._reply)
            self.num_events += 1
            self._partial.add(item)
            if self._awaits_token and self._partial.has_token(item):
                self._awaits_token = False
            items.append(cast(T, item))
        return None

    def _overdue(self, now: float) -> StreamInterrupted | None:
        """The exception if the stream should have brought an event, or its end, by now."""
        if self.is_complete:
            return None
        total_s, limit_s = self._clocks.total, self._event_limit_s()
        if total_s is not None and now - self._began > total_s - CLOCK_SLACK_S:
            return self.interrupted(self._clocks.unfinished(now - self._began), stalled=True)
        return self._stalled() if limit_s is not None and self._waited_s > limit_s else None

    def _stalled(self) -> StreamInterrupted:
        problem = "no token after" if self._awaits_token else "no event for"
        return self.interrupted(f"{problem} {self._waited_s:.3g} s", stalled=True)

    def _event_limit_s(self) -> float | None:
        if self._awaits_token:
            return self._clocks.first_token
        return self._clocks.gap if self.num_events else self._clocks.first


class _Stream(Generic[T]):
    """What both streams share: everything but the reading."""

    def __init__(self, call: Call[Any], reply: Reply, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._reply = reply
        self._decoder: StreamDecoder[T] = StreamDecoder(call, reply, StreamClocks.of(reply), clock)
        self._items: deque[T] = deque()
        self._problem: APIError | None = None
        self._has_ended = False
        """Nothing more is read; `_items` may still hold some."""
        self._is_released = False
        """The connection is closed or given back."""

    @cached_property
    def response(self) -> Response:
        """Status and headers of the answer; its body is this stream, and closing it closes the stream."""
        response = self._reply.as_response()
        response._stream = ref(self)  # weak: a stream that is dropped must go at once
        return response

    def _take(self, chunk: bytes | None) -> None:
        problem = (
            self._decoder.finish(self._items) if chunk is None else self._decoder.feed(chunk, self._items)
        )
        if problem is not None or chunk is None or self._decoder.is_complete:
            self._problem = problem
            self._has_ended = True
            self._is_released = chunk is None

    def _break(self, error: TransportError) -> None:
        self._problem = self._decoder.broke(error)
        self._problem.__cause__ = error
        self._has_ended = self._is_released = True

    def _abandon(self) -> None:
        """The program stopped reading: what was not handed out is lost, and `next()` says so."""
        self._has_ended = self._is_released = True
        self._items.clear()

    def _raise_problem(self) -> None:
        if self._problem is None and not self._decoder.is_complete:
            self._problem = self._decoder.interrupted("it was closed by this program")
        if self._problem is not None:
            raise self._problem


class Stream(_Stream[T]):
    """The items of a streamed reply, as they arrive: iterate over it once.

    It ends normally only if the reply is complete. Raises StreamInterrupted, with what had arrived in
    `.partial`, if it breaks off; StreamStalled if it falls silent; APIError if the server reports an error.
    Leaving the `with` block, `close()` or dropping the stream closes the connection at once, and the server
    stops working.
    """

    _source: SyncResponse

    def __init__(self, call: Call[Any], reply: Reply, source: SyncResponse) -> None:
        super().__init__(call, reply)
        self._source = source

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        while True:
            if self._items:
                return self._items.popleft()
            if self._has_ended:
                self._release()
                self._raise_problem()
                raise StopIteration
            self._read()

    def _read(self) -> None:
        limit_s = self._decoder.wait()
        try:
            self._take(self._source.chunk(limit_s))
        except TransportError as error:
            self._break(error)
        except BaseException:
            self.close()
            raise

    def _release(self) -> None:
        if not self._is_released:
            self._is_released = True
            if self._problem is None:
                self._source.drain(DRAIN_S)
            self._source.close()

    def close(self) -> None:
        """Stop reading and close the connection. Idempotent."""
        self._abandon()
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncStream(_Stream[T]):
    """As `Stream`, on asyncio."""

    _source: AsyncResponse

    def __init__(self, call: Call[Any], reply: Reply, source: AsyncResponse) -> None:
        super().__init__(call, reply)
        self._source = source

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        while True:
            if self._items:
                return self._items.popleft()
            if self._has_ended:
                await self._release()
                self._raise_problem()
                raise StopAsyncIteration
            await self._read()

    async def _read(self) -> None:
        limit_s = self._decoder.wait()
        try:
            self._take(await self._source.chunk(limit_s))
        except TransportError as error:
            self._break(error)
        except BaseException:  # a cancelled task, above all: the connection is of no use to anybody
            await self.close()
            raise

    async def _release(self) -> None:
        if not self._is_released:
            self._is_released = True
            if self._problem is None:
                await self._source.drain(DRAIN_S)
            await self._source.aclose()

    async def close(self) -> None:
        """Stop reading and close the connection. Idempotent."""
        self._abandon()
        await self._source.aclose()

    async def aclose(self) -> None:
        """As `close()`."""
        await self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
