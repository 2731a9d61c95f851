"""`DefaultAioHttpClient`: aiohttp under an AsyncOpenAI, with a session for every event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from martlet.client.options import NOT_GIVEN, NotGiven, Timeout, TimeoutTypes
from martlet.client.transport.pool import KEEP_ALIVE_S, MAX_CONNECTIONS
from martlet.errors import ClientClosedError

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from martlet.client.transport.base import AsyncResponse, Request


class DefaultAioHttpClient:
    """An aiohttp session for `http_client=`, made when it is first used. Closing the OpenAI client closes it.

    It takes what the official client's takes and aiohttp can do. For anything else pass a session of yours.
    """

    def __init__(
        self,
        *,
        timeout: TimeoutTypes | NotGiven = NOT_GIVEN,
        limits: Any = None,
        trust_env: bool = True,
        verify: Any = True,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Raises RuntimeError without aiohttp.

        `timeout` becomes that of the OpenAI client. `limits` has `max_connections` and `keepalive_expiry`, as
        httpx.Limits. `verify` is an SSLContext, True, or False for no verification at all.
        """
        try:
            self._library: Any = import_module("aiohttp")
        except ImportError as error:
            raise RuntimeError("DefaultAioHttpClient needs aiohttp: `pip install aiohttp`") from error
        self.timeout = None if isinstance(timeout, NotGiven) else Timeout(timeout)
        self.is_closed = False
        self._limits = limits
        self._options = {"trust_env": trust_env, "headers": headers}
        self._verify = verify
        self._sessions: dict[asyncio.AbstractEventLoop, Any] = {}
        self._guards: dict[asyncio.AbstractEventLoop, AsyncGenerator[None, None]] = {}

    async def send(self, request: Request) -> AsyncResponse:
        """As `AsyncTransport.send`."""
        if self.is_closed:
            raise ClientClosedError("the HTTP client has been closed: make a new one")
        loop = asyncio.get_running_loop()
        transport = self._sessions.get(loop)
        if transport is None:
            await self._forget([other for other in self._sessions if other.is_closed()])
            transport = self._sessions[loop] = self._made()
            self._guards[loop] = _closed_with_loop(transport.session)
            await self._guards[loop].__anext__()  # which registers it with the loop
        reply: AsyncResponse = await transport.send(request)
        return reply

    def _made(self) -> Any:
        from martlet.client.transport.adapters.aiohttp import AiohttpTransport

        kept_s = getattr(self._limits, "keepalive_expiry", KEEP_ALIVE_S)
        connector = self._library.TCPConnector(
            limit=getattr(self._limits, "max_connections", MAX_CONNECTIONS) or 0,
            keepalive_timeout=KEEP_ALIVE_S if kept_s is None else kept_s,
            ssl=self._verify,
        )
        return AiohttpTransport(self._library.ClientSession(connector=connector, **self._options))

    async def aclose(self) -> None:
        """Close the sessions."""
        self.is_closed = True
        await self._forget(list(self._sessions))

    async def _forget(self, loops: list[asyncio.AbstractEventLoop]) -> None:
        for loop in loops:
            await self._sessions.pop(loop).session.close()
            del self._guards[loop]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


async def _closed_with_loop(session: Any) -> AsyncGenerator[None, None]:
    """Close a session when its event loop ends its generators: later its sockets cannot be closed."""
    try:
        yield
    finally:
        await session.close()
