"""Streamed responses as events, under the official names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.client.parsed_response import (
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
)
from martlet.client.response_stream import (
    AsyncResponseStream,
    AsyncResponseStreamManager,
    ResponseStream,
    ResponseStreamManager,
    ResponseStreamState,
)

if TYPE_CHECKING:
    from martlet.client.response_stream import ResponseStreamEvent as ResponseStreamEvent
else:
    from martlet.protocol.response_events import ResponseStreamEvent

__all__ = [
    "AsyncResponseStream",
    "AsyncResponseStreamManager",
    "ResponseFunctionCallArgumentsDeltaEvent",
    "ResponseStream",
    "ResponseStreamEvent",
    "ResponseStreamManager",
    "ResponseStreamState",
    "ResponseTextDeltaEvent",
    "ResponseTextDoneEvent",
]
