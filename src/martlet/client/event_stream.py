"""What the streams of events have in common, whatever their events are: reading to the end, closing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from martlet.client.replies import Response
    from martlet.client.streaming import AsyncStream, Stream


class _HasResponse:
    _raw: Any

    @property
    def response(self) -> Response:
        """Status and headers of the answer."""
        response: Response = self._raw.response
        return response


class EventStream(_HasResponse):
    """Events made from what a raw stream yields: iterate over it once."""

    def __init__(self, raw_stream: Stream[Any]) -> None:
        self._raw = raw_stream

    def __iter__(self) -> Self:
        return self

    @abstractmethod
    def __next__(self) -> Any:
        """The next event."""

    def until_done(self) -> Self:
        """Read to the end."""
        for _ in self:
            pass
        return self

    def close(self) -> None:
        """Stop reading and close the connection. Idempotent."""
        self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncEventStream(_HasResponse):
    """As `EventStream`, on asyncio."""

    def __init__(self, raw_stream: AsyncStream[Any]) -> None:
        self._raw = raw_stream

    def __aiter__(self) -> Self:
        return self

    @abstractmethod
    async def __anext__(self) -> Any:
        """The next event."""

    async def until_done(self) -> Self:
        """Read to the end."""
        async for _ in self:
            pass
        return self

    async def close(self) -> None:
        """Stop reading and close the connection. Idempotent."""
        await self._raw.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


Opened = TypeVar("Opened", bound=EventStream)
AsyncOpened = TypeVar("AsyncOpened", bound=AsyncEventStream)


class StreamManager(Generic[Opened]):
    """Entering it sends the request, leaving it closes the stream."""

    def __init__(self, start: Callable[[], Opened]) -> None:
        self._start = start
        self._stream: Opened | None = None

    def __enter__(self) -> Opened:
        self._stream = self._start()
        return self._stream

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()


class AsyncStreamManager(Generic[AsyncOpened]):
    """As `StreamManager`, on asyncio."""

    def __init__(self, start: Callable[[], Awaitable[AsyncOpened]]) -> None:
        self._start = start
        self._stream: AsyncOpened | None = None

    async def __aenter__(self) -> AsyncOpened:
        self._stream = await self._start()
        return self._stream

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            await self._stream.close()
