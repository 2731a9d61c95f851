"""Which connections to one origin are open, idle or waited for. Bookkeeping only: no sockets, no locks."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, Protocol, TypeVar

KEEP_ALIVE_S = 4.0
"""vLLM (uvicorn) closes a connection that idled for 5 s: ours must not be under way by then."""

MAX_CONNECTIONS = 10_000

FIRST_BATCH = 32
"""As many connections as keep a loop busy, if the server answers at once."""
OPENING_S = {"http": 0.0002, "http+unix": 0.0002, "https": 0.001}
"""CPU time of opening a connection on asyncio, several calls' worth. Far from exact is near enough."""
_WINDOW_OPENINGS = 20
"""How many could be opened in the time after which the pace is judged anew."""


class Pace:
    """How many of the calls that wait are to open a connection: no more than bring them forward.

    Opening a connection costs more than a call that is served by one that came free. So while calls wait, the
    pace is judged after each short window. Where fewer were served than could have opened a connection, a
    batch opens, each twice as large as the one before: a slow server has all calls within a few windows. Else
    one opens, so that in the end those that go on calling have one each. A window that ends late, because the
    loop was busy, counts as any other: more connections would not have helped.
    """

    __slots__ = ("_batch", "num_served", "window_s")

    def __init__(self, opening_s: float) -> None:
        self.window_s = opening_s * _WINDOW_OPENINGS
        self._batch = FIRST_BATCH
        self.num_served = 0
        """Calls that got a connection in this window, a new one or one that came free."""

    def begin(self) -> None:
        """Calls have begun to wait: the first window."""
        self._batch = FIRST_BATCH
        self.num_served = 0

    def next_batch(self) -> int:
        """How many of those that wait open a connection now, at the end of a window."""
        num_served, self.num_served = self.num_served, 0
        if num_served >= _WINDOW_OPENINGS:
            return 1
        num_to_open = self._batch
        self._batch *= 2
        return num_to_open


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
        self.waiters: OrderedDict[W, None] = OrderedDict()
        """Those that wait, in the order in which they came; a dict, so that many can leave out of turn."""

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
            return self.waiters.popitem(last=False)[0]
        self.limit = self._max_connections
        self.idle.append(connection)
        return None

    def free(self) -> W | None:
        """Give a slot back; it goes to the returned waiter, if any."""
        if self.waiters and self.num_open <= self.limit:
            return self.waiters.popitem(last=False)[0]
        self.num_open -= 1
        return None

    def shrink(self) -> bool:
        """The system gives no more sockets: make do with those there are. False if there are none."""
        if self.num_open <= 1:
            return False
        self.num_open -= 1
        self.limit = self.num_open
        return True


class PacedShelf(Shelf[C, W]):
    """A shelf where connections are opened at a pace.

    Whoever is not admitted waits. While `is_pacing`, the owner calls `admit_waiting` after each of the pace's
    windows; where the limit is reached, only a slot or a connection that comes free brings anybody on.
    """

    __slots__ = ("num_opening", "pace")

    def __init__(self, max_connections: int, keep_alive_s: float, pace: Pace) -> None:
        super().__init__(max_connections, keep_alive_s)
        self.pace = pace
        self.num_opening = 0
        """Connections being opened: kept by the owner."""

    @property
    def is_pacing(self) -> bool:
        return bool(self.waiters) and self.num_open < self.limit

    def admit(self) -> bool:
        """Take a slot for a new connection, if nobody waits and not too many are being opened."""
        return not self.waiters and self.num_opening < FIRST_BATCH and self.reserve()

    def admit_waiting(self) -> list[W]:
        """Those that have waited longest and are to open a connection now, with a slot taken for each."""
        num_to_admit = min(self.pace.next_batch(), len(self.waiters), self.limit - self.num_open)
        self.num_open += max(num_to_admit, 0)
        return [self.waiters.popitem(last=False)[0] for _ in range(num_to_admit)]
