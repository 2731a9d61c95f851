"""How often a failed attempt may be repeated: `Retry`, the limits by kind of failure, and `RetryBudget`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec

RETRY_SHARE = 0.1
"""Retries that each call earns for all the others."""
RETRY_BURST = 50.0
"""Retries that are there from the start, and at most."""
RETRIES_PER_SECOND = 1.0
"""Earned by waiting, so that a program that calls now and then never notices the budget."""


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """Which failures are repeated, and how often; never more than `max_retries`, which None stands for.

    The defaults repeat what the official client repeats. Two things no setting changes: a kept-alive
    connection that the server had closed as idle is replaced at once, once per call and beside
    `max_retries`; and a stream whose head has arrived is never begun again, since its events are out.
    """

    not_sent: int | None = None
    """The request did not reach the server: refused, no such host, TLS, no free connection."""
    unanswered: int | None = None
    """It went out, and no answer began: time-out, connection lost. It may have been executed: a long
    generation that only needed more time is paid for again."""
    cut_off: int | None = None
    """The answer began and broke off."""
    status: int | None = None
    """The server answered 408, 409, 429 or 5xx, or asked for a retry."""
    budget: bool = True
    """Whether retries draw on the budget that this client and its copies share: one for every ten calls, one
    for every second, 50 at once. An outage is then not answered with three times the load."""

    def __post_init__(self) -> None:
        for name in ("not_sent", "unanswered", "cut_off", "status"):
            count: Any = getattr(self, name)
            if count is None:
                continue
            if not isinstance(count, int) or isinstance(count, bool):
                raise TypeError(f"Retry.{name} is a non-negative int or None, not {count!r}")
            if count < 0:
                raise ValueError(f"Retry.{name} is a non-negative int or None, not {count}")

    def limit(self, max_retries: int, sent: str | None) -> int:
        """How many retries a call may have behind it and go on. `sent` is None after an error status."""
        if sent is None:
            own = self.status
        else:
            own = {"no": self.not_sent, "maybe": self.unanswered}.get(sent, self.cut_off)
        return max_retries if own is None else min(own, max_retries)


class RetryBudget:
    """A token bucket of retries, filled by calls and by time.

    Without a lock: threads that meet here may lose a token or gain one, which is no harm.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens = RETRY_BURST
        self._filled_at = clock()
        self.num_calls = 0
        """Begun since the bucket was last looked at; counted by `exchange`."""

    def take(self) -> bool:
        """Pay for one retry. False if the budget is used up."""
        now, calls = self._clock(), self.num_calls
        earned = calls * RETRY_SHARE + (now - self._filled_at) * RETRIES_PER_SECOND
        self.num_calls, self._filled_at = 0, now
        self._tokens = min(self._tokens + earned, RETRY_BURST)
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
