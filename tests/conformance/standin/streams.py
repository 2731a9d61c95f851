"""Streams as the tests construct them: over a response of httpx2, with no call behind it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeVar

import httpx2

from martlet.client import streaming
from martlet.client.calls import Call, Endpoint, StreamKind
from martlet.client.partial import EventsPartial
from martlet.client.replies import Reply
from martlet.client.transport.adapters import httpx as adapter
from martlet.client.transport.base import Origin, Request
from martlet.protocol.base import Unknown

from .events import ServerSentEvent, SSEDecoder

T = TypeVar("T")
REQUEST = Request("POST", Origin("http", "localhost", 80), "/", [])


class _LikeOurs(type):
    """Takes every stream of Martlet's for an instance."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__mro__[1])


def _call(cast_to: Any) -> Call[Any]:
    item = Unknown if cast_to is object else cast_to
    endpoint: Endpoint[Any] = Endpoint("test", "POST", "/", object, stream=StreamKind(item, EventsPartial))
    return Call(endpoint, "/", stream=True)


class Stream(streaming.Stream[T], metaclass=_LikeOurs):
    def __init__(self, *ours: Any, cast_to: Any = object, response: Any = None, client: Any = None) -> None:
        if not ours:
            home = adapter.HTTPXTransport(httpx2.Client())
            source = adapter._Response(home, REQUEST, response, time.monotonic())
            ours = (_call(cast_to), Reply(REQUEST, source.head, source=source), source)
        super().__init__(*ours)
        self._given = response

    def _iter_events(self) -> Iterator[ServerSentEvent]:
        yield from SSEDecoder().iter_bytes(self._given.iter_bytes())


class AsyncStream(streaming.AsyncStream[T], metaclass=_LikeOurs):
    def __init__(self, *ours: Any, cast_to: Any = object, response: Any = None, client: Any = None) -> None:
        if not ours:
            home = adapter.AsyncHTTPXTransport(httpx2.AsyncClient())
            source = adapter._AsyncResponse(home, REQUEST, response, float("inf"))
            ours = (_call(cast_to), Reply(REQUEST, source.head, source=source), source)
        super().__init__(*ours)
        self._given = response

    async def _iter_events(self) -> AsyncIterator[ServerSentEvent]:
        async for event in SSEDecoder().aiter_bytes(self._given.aiter_bytes()):
            yield event
