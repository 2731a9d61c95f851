"""Replies that are sent frame by frame."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, nullcontext

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from martlet.server.handlers import AnyGeneration, kept_alive, watched
from martlet.server.settings import ServerSettings


class FrameStream(Response):
    """Sends frames as they come. The generation behind them, if any, ends when the client leaves."""

    def __init__(
        self,
        frames: AsyncIterator[bytes],
        settings: ServerSettings,
        generation: AnyGeneration | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(None, headers=headers, media_type="text/event-stream; charset=utf-8")
        del self.headers["content-length"]
        self._frames = frames
        self._settings = settings
        self._generation = generation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._watched(scope, receive):
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async with kept_alive(send, self._settings.sse_keep_alive_interval_s) as send_frame:
                async for frame in self._frames:
                    await send_frame({"type": "http.response.body", "body": frame, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    def _watched(self, scope: Scope, receive: Receive) -> AbstractContextManager[None]:
        if self._generation is None:
            return nullcontext()
        return watched(self._generation, scope, receive, self._settings.request_timeout_s)
