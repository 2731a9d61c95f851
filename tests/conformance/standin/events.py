"""The event parser under the names by which the tests reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from martlet.protocol.sse import Event, SSEParser


class ServerSentEvent:
    def __init__(self, event: Event) -> None:
        self.event = event.event
        self.data = event.data.decode()
        self.id = event.id

    def json(self) -> Any:
        import json

        return json.loads(self.data)


class SSEDecoder:
    def __init__(self) -> None:
        self._parser = SSEParser()

    def iter_bytes(self, chunks: Iterator[bytes]) -> Iterator[ServerSentEvent]:
        for chunk in chunks:
            yield from map(ServerSentEvent, self._parser.feed(chunk))

    async def aiter_bytes(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[ServerSentEvent]:
        async for chunk in chunks:
            for event in self._parser.feed(chunk):
                yield ServerSentEvent(event)

    @property
    def _data(self) -> list[str]:
        return [line.decode() for line in self._parser._data]

    @property
    def _last_event_id(self) -> str | None:
        return self._parser.last_event_id
