"""The calls of one event loop that wait for a connection to one origin."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from martlet.client.transport import failures, pool
from martlet.errors import ClientClosedError

if TYPE_CHECKING:
    from martlet.client.transport.base import Timeouts

_FOREVER = float("inf")
_SWEEP_S = 0.005
"""Between two looks at who has waited too long."""


class Losable(pool.Pooled, Protocol):
    is_lost: bool


C = TypeVar("C", bound=Losable)


class Waiter(Generic[C]):
    """A call in the queue."""

    __slots__ = ("deadline", "future", "is_total", "limit_s")

    def __init__(
        self, future: asyncio.Future[C | None], timeouts: Timeouts, now: float, total: float
    ) -> None:
        pool_deadline = _FOREVER if timeouts.pool is None else now + timeouts.pool
        self.future = future
        """Brings a connection that came free, or None for the slot to open one."""
        self.is_total = total <= pool_deadline
        self.deadline = min(total, pool_deadline)
        self.limit_s = timeouts.total if self.is_total else timeouts.pool


class Queue(Generic[C]):
    """Hands connections, and slots to open one, to those that have waited longest.

    Nobody is forgotten: while calls wait, either the pace goes on or all connections that are allowed are
    open, and each of those comes back by `put` or `free`.
    """

    __slots__ = ("_is_pacing", "_loop", "_peer", "_timer", "_timer_at", "shelf")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, shelf: pool.PacedShelf[C, Waiter[C]], peer: str
    ) -> None:
        self.shelf = shelf
        self._loop = loop
        self._peer = peer
        self._is_pacing = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = _FOREVER

    async def wait(self, timeouts: Timeouts, total_deadline: float) -> C | None:
        """A connection that came free, or None for the slot to open one. Raises PoolTimeout."""
        loop, waiters = self._loop, self.shelf.waiters
        waiter = Waiter[C](loop.create_future(), timeouts, loop.time(), total_deadline)
        waiters[waiter] = None
        if not self._is_pacing and self.shelf.is_pacing:
            self._is_pacing = True
            loop.call_soon(self._begin_pacing)  # the rest of the burst waits by then
        if waiter.deadline < self._timer_at:
            self._set_timer(waiter.deadline)
        future = waiter.future
        try:
            return await future
        except BaseException:
            if waiter in waiters:
                del waiters[waiter]
            elif future.done() and not future.cancelled() and future.exception() is None:
                self._give_back(future.result())  # cancelled with it in hand
            raise

    # --- patience

    def _set_timer(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._loop.call_at(at, self._expire)

    def _expire(self) -> None:
        """One timer for all: it looks who has waited too long, and comes back for the next."""
        self._timer, self._timer_at = None, _FOREVER
        now = self._loop.time()
        for waiter in [waiter for waiter in self.shelf.waiters if waiter.deadline < now + 0.001]:
            del self.shelf.waiters[waiter]
            if not waiter.future.done():
                self._give_up(waiter)
        following = min((waiter.deadline for waiter in self.shelf.waiters), default=_FOREVER)
        if following < _FOREVER:
            self._set_timer(max(following, now + _SWEEP_S))

    def _give_up(self, waiter: Waiter[C]) -> None:
        if not waiter.is_total and self.shelf.reserve():  # it only waited for what is cheaper than opening
            waiter.future.set_result(None)
            return
        num_open, is_total = self.shelf.num_open, waiter.is_total
        error = failures.pool_timeout(self._peer, waiter.limit_s, num_open, total=is_total)
        waiter.future.set_exception(error)

    # --- what comes free

    def put(self, connection: C) -> None:
        """A connection that can be used again."""
        waiter = self.shelf.put(connection, self._loop.time())
        while waiter is not None:
            if not waiter.future.done():
                self.shelf.pace.num_served += 1
                waiter.future.set_result(connection)
                return
            waiter = self.shelf.put(connection, self._loop.time())

    def free(self) -> None:
        """A slot: its connection is closed, or was never opened."""
        waiter = self.shelf.free()
        while waiter is not None:
            if not waiter.future.done():
                waiter.future.set_result(None)
                return
            waiter = self.shelf.free()

    def _give_back(self, connection: C | None) -> None:
        if connection is None:
            self.free()
        elif not connection.is_lost:
            self.put(connection)

    # --- the pace

    def _begin_pacing(self) -> None:
        self.shelf.pace.begin()
        self._loop.call_later(self.shelf.pace.window_s, self._go_on_pacing)

    def _go_on_pacing(self) -> None:
        for waiter in self.shelf.admit_waiting():
            if waiter.future.done():
                self.free()
            else:
                waiter.future.set_result(None)
        self._is_pacing = self.shelf.is_pacing
        if self._is_pacing:
            self._loop.call_later(self.shelf.pace.window_s, self._go_on_pacing)

    # --- the end

    def close(self) -> None:
        """Raise ClientClosedError wherever a call waits."""
        waiters = list(self.shelf.waiters)
        self.shelf.waiters.clear()
        if self._timer is not None:
            self._timer.cancel()
        if not self._loop.is_closed():
            for waiter in waiters:
                if not waiter.future.done():
                    waiter.future.set_exception(ClientClosedError("the client was closed"))
