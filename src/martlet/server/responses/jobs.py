"""Responses that are made in the background, whether or not anybody listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from martlet.errors import MartletError
from martlet.server.errors import INTERNAL_MESSAGE
from martlet.server.handlers import AnyGeneration
from martlet.server.responses.writer import Event, ResponseWriter, event_frame

logger = logging.getLogger("martlet.server")


class Job:
    """One response in the making."""

    def __init__(
        self, writer: ResponseWriter, generation: AnyGeneration, finish: Callable[[Job], None]
    ) -> None:
        """`finish` is called once, when the response has come to its end in whatever way."""
        self.writer = writer
        self.frames: list[bytes] = []
        self.is_done = False
        self._generation = generation
        self._finish = finish
        self._listeners: list[asyncio.Future[None]] = []
        self._task = asyncio.ensure_future(self._run())

    def cancel(self) -> None:
        """End the response now."""
        self._generation.close()
        self._end(self.writer.fail("", is_cancelled=True))
        self._task.cancel()

    async def follow(self, start: int) -> AsyncIterator[bytes]:
        """Yield the frames from number `start` on, until the last."""
        while True:
            while start < len(self.frames):
                yield self.frames[start]
                start += 1
            if self.is_done:
                return
            listener = asyncio.get_running_loop().create_future()
            self._listeners.append(listener)
            await listener

    async def _run(self) -> None:
        try:
            self._tell(self.writer.begin())
            async for batch in self._generation:
                self._tell(self.writer.add(batch))
            self._end(self.writer.end())
        except MartletError as error:
            self._end(self.writer.fail(str(error)))
        except asyncio.CancelledError:
            if not self.is_done:
                self._end(self.writer.fail("the server was stopped meanwhile"))
            raise
        except Exception:
            logger.exception("internal error in a background response")
            self._end(self.writer.fail(INTERNAL_MESSAGE))
        finally:
            self._generation.close()

    def _tell(self, events: list[Event]) -> None:
        if self.writer.read.request.stream:
            self.frames += map(event_frame, events)
        self._wake()

    def _end(self, events: list[Event]) -> None:
        if self.is_done:
            return
        self.is_done = True
        self._tell(events)
        self._finish(self)

    def _wake(self) -> None:
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            if not listener.done():
                listener.set_result(None)
