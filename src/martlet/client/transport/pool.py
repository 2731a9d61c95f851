"""Which connections to one origin are open, idle or waited for. Bookkeeping only: no sockets, no locks."""

from __future__ import annotations

from collections import deque
from typing import Generic, Protocol, TypeVar

KEEP_ALIVE_S = 4.0
"""vLLM (uvicorn) closes a connection that idled for 5 s: ours must not be under way by then."""

MAX_CONNECTIONS = 10_000


class Pooled(Protocol):
    idle_since: float


C = TypeVar("C", bound=Pooled)
W = TypeVar("W")


class Shelf(Generic[C, W]):
    """The connections to one origin.

    `num_open` counts slots: connections in use, idle, or being opened. Whoever holds a slot gives it back by
    `put` (the connection can be reused) or `free`; both return the waiter to serve next, if one waits.
    """

    __slots__ = ("_keep_alive_s", "_max_connections", "idle", "limit", "num_open", "waiters")

    def __init__(self, max_connections: int, keep_alive_s: float) -> None:
        self._max_connections = max_connections
        self._keep_alive_s = keep_alive_s
        self.limit = max_connections
        self.num_open = 0
        self.idle: list[C] = []
        self.waiters: deque[W] = deque()

    def take(self, now: float) -> C | None:
        """The most recently used idle connection, if it is fresh."""
        idle = self.idle
        if idle and now - idle[-1].idle_since < self._keep_alive_s:
            return idle.pop()
        return None

    def retire(self, now: float) -> list[C]:
        """Take what idled too long. The caller closes them and gives their slots back by `free`."""
        idle = self.idle
        num_stale = 0
        while num_stale < len(idle) and now - idle[num_stale].idle_since >= self._keep_alive_s:
            num_stale += 1  # the oldest come first
        stale = idle[:num_stale]
        del idle[:num_stale]
        return stale

    def reserve(self) -> bool:
        """Take a slot for a new connection."""
        if self.num_open >= self.limit:
            return False
        self.num_open += 1
        return True

    def put(self, connection: C, now: float) -> W | None:
        """Give a reusable connection back; it goes to the returned waiter, if any."""
        connection.idle_since = now
        if self.waiters:
            return self.waiters.popleft()
        self.limit = self._max_connections
        self.idle.append(connection)
        return None

    def free(self) -> W | None:
        """Give a slot back; it goes to the returned waiter, if any."""
        if self.waiters and self.num_open <= self.limit:
            return self.waiters.popleft()
        self.num_open -= 1
        return None

    def shrink(self) -> bool:
        """The system gives no more sockets: make do with those there are. False if there are none."""
        if self.num_open <= 1:
            return False
        self.num_open -= 1
        self.limit = self.num_open
        return True
