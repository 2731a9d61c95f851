"""The same words for the sync and the async client, ours or the official one."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any, Protocol

import martlet

HI: dict[str, Any] = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}


class Caller(Protocol):
    is_async: bool

    def client(self, url: str, package: ModuleType = martlet, **settings: Any) -> Any:
        """A client of `url` that does not wait between retries, closed with the test."""

    def run(self, value: Any) -> Any:
        """The result of a method call."""

    def items(self, stream: Any) -> list[Any]:
        """All that a stream brings."""

    def next(self, stream: Any) -> Any: ...


class SyncCaller:
    is_async = False

    def __enter__(self) -> SyncCaller:
        self._clients: list[Any] = []
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()

    def client(self, url: str, package: ModuleType = martlet, **settings: Any) -> Any:
        client = package.OpenAI(**{"api_key": "EMPTY", "base_url": url, **settings})
        self._clients.append(client)
        return client

    def run(self, value: Any) -> Any:
        return value

    def items(self, stream: Any) -> list[Any]:
        return list(stream)

    def next(self, stream: Any) -> Any:
        return next(stream)


class AsyncCaller:
    is_async = True

    def __enter__(self) -> AsyncCaller:
        self._clients: list[Any] = []
        self._loop = asyncio.new_event_loop()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            self.run(client.close())
        self.run(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def client(self, url: str, package: ModuleType = martlet, **settings: Any) -> Any:
        client = package.AsyncOpenAI(**{"api_key": "EMPTY", "base_url": url, **settings})
        self._clients.append(client)
        return client

    def run(self, value: Any) -> Any:
        async def wait() -> Any:
            return await value

        return self._loop.run_until_complete(wait()) if hasattr(value, "__await__") else value

    def items(self, stream: Any) -> list[Any]:
        async def collect() -> list[Any]:
            return [item async for item in stream]

        return self._loop.run_until_complete(collect())

    def next(self, stream: Any) -> Any:
        return self.run(stream.__anext__())
