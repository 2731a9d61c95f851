"""A deadline around a block of asynchronous code."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

FOREVER = float("inf")
_COUNTS_CANCELS = sys.version_info >= (3, 11)


class Expired(Exception):
    """The deadline of a `Limit` has passed."""


class Limit:
    """Raises Expired out of the block at a deadline, by cancelling the task (asyncio.timeout is 3.11)."""

    __slots__ = ("_deadline", "_has_expired", "_loop", "_num_cancels", "_task", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        self._loop = loop
        self._deadline = deadline
        self._has_expired = False
        self._timer: asyncio.TimerHandle | None = None
        self._task: Any = None  # an asyncio.Task; typed as Any for what 3.11 added
        self._num_cancels = 0

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        self._num_cancels = self._task.cancelling() if _COUNTS_CANCELS else 0
        if self._deadline < FOREVER:
            self._timer = self._loop.call_at(self._deadline, self.expire)

    def expire(self) -> None:
        if self._task is not None and not self._has_expired:
            self._has_expired = True
            self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        task, self._task = self._task, None
        if self._timer is not None:
            self._timer.cancel()
        if not self._has_expired or task is None:
            return
        is_ours_alone = not _COUNTS_CANCELS or task.uncancel() <= self._num_cancels
        if kind is not None and issubclass(kind, asyncio.CancelledError) and is_ours_alone:
            raise Expired from None
