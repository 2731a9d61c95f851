"""What all resources share: the client that they call through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.client.lazy import LazyModule

if TYPE_CHECKING:
    from martlet.client import calls
    from martlet.client.client import AsyncOpenAI, OpenAI
else:
    calls = LazyModule("martlet.client.calls")

__all__ = ["AsyncResource", "Resource", "calls"]


class Resource:
    """A group of methods of `OpenAI`."""

    def __init__(self, client: OpenAI) -> None:
        self._client = client


class AsyncResource:
    """A group of methods of `AsyncOpenAI`."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client
