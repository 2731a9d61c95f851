"""Sockets, pools and clocks under the client: HTTP/1.1 on httptools.

`base` is the contract, `blocking` and `aio` fulfil it; the other modules serve both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from martlet.client.transport.base import (
    AsyncResponse,
    AsyncTransport,
    Head,
    Origin,
    Request,
    Response,
    Timeouts,
    Transport,
)

if TYPE_CHECKING:
    from martlet.client.transport.aio import AsyncHTTPTransport
    from martlet.client.transport.blocking import HTTPTransport

__all__ = [
    "AsyncHTTPTransport",
    "AsyncResponse",
    "AsyncTransport",
    "HTTPTransport",
    "Head",
    "Origin",
    "Request",
    "Response",
    "Timeouts",
    "Transport",
]


def __getattr__(name: str) -> Any:
    # Each costs an import that the other kind of program never needs, asyncio above all.
    if name == "AsyncHTTPTransport":
        from martlet.client.transport.aio import AsyncHTTPTransport

        return AsyncHTTPTransport
    if name == "HTTPTransport":
        from martlet.client.transport.blocking import HTTPTransport

        return HTTPTransport
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
