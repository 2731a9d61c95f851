"""One call with its retries, as a generator that does no I/O.

The driver (`OpenAI._send`, `AsyncOpenAI._send`) waits, sends and hands back what came; `exchange` decides.
Tests feed it plain objects: no sockets, no sleeping.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from martlet.client.failures import connection_error, status_error
from martlet.errors import ConnectionLost, TransportError

if TYPE_CHECKING:
    from martlet.client.replies import Reply
    from martlet.client.transport.base import Request

BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 8.0
JITTER = 0.25
"""The share of a back-off that chance may take away."""
RETRY_AFTER_MAX_S = 120.0
"""A server that asks for more is not asked again."""
STALE_WINDOW_S = 1.0
"""A kept-alive connection that dies this soon after a request went out had been closed as idle before."""


class Attempt:
    """What the driver is to do: wait `wait_s`, then send the request, with this many retries behind it."""

    __slots__ = ("request", "retries", "wait_s")

    def __init__(self, retries: int, wait_s: float) -> None:
        self.retries = retries
        self.wait_s = wait_s
        self.request: Request | None = None
        """Set by the driver before it sends, for the error messages."""


Exchange = Generator[Attempt, "Reply", "Reply"]


def exchange(
    max_retries: int,
    *,
    chance: Callable[[], float] = random.random,
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
) -> Exchange:
    """Send, back off, send again; return the first 2xx reply or raise.

    Throw a TransportError in where an attempt brought no reply. Raises APIStatusError, APIConnectionError or
    APITimeoutError.
    """
    retries, wait_s, may_resend = 0, 0.0, True
    while True:
        attempt = Attempt(retries, wait_s)
        began = clock() + wait_s
        try:
            reply = yield attempt
        except TransportError as error:
            if may_resend and _was_stale(error, clock() - began):
                may_resend, wait_s = False, 0.0
                continue
            if retries >= max_retries:
                raise connection_error(error, attempt.request, retries) from error
            delay_s: float | None = backoff_s(retries, chance)
        else:
            reply.retries = retries
            if 200 <= reply.head.status < 300:
                return reply
            delay_s = retry_delay_s(reply, retries, chance, wall_clock) if retries < max_retries else None
            if delay_s is None:
                raise status_error(reply) from None
        assert delay_s is not None
        wait_s = delay_s
        retries += 1


def answered(steps: Exchange, reply: Reply) -> Attempt | Reply:
    """Tell `exchange` of a reply. Returns what to do next, or the reply that ends the call."""
    try:
        return steps.send(reply)
    except StopIteration as stop:
        final: Reply = stop.value
        return final


def failed(steps: Exchange, error: TransportError, reply: Reply | None = None) -> Attempt | Reply:
    """Tell `exchange` that an attempt failed; `reply` is given if its head had arrived."""
    if reply is not None and not 200 <= reply.head.status < 300:
        return answered(steps, reply)  # the status says more than the loss of its explanation
    return steps.throw(error)


def _was_stale(error: TransportError, elapsed_s: float) -> bool:
    """Whether the server had closed a kept-alive connection as idle while the request was on its way.

    Such a request was not processed, so it is sent once more at once, whatever `max_retries` says. When the
    connection dies later, the server may have been working on it: that counts as an ordinary failure.
    """
    is_lost = isinstance(error, ConnectionLost) and error.sent != "yes"
    return error.reused and is_lost and elapsed_s <= STALE_WINDOW_S


def retry_delay_s(
    reply: Reply, retries: int, chance: Callable[[], float], wall_clock: Callable[[], float]
) -> float | None:
    """Seconds until the next attempt after a reply that is not 2xx; None means that it is final."""
    asked_s = retry_after_s(reply, wall_clock)
    if asked_s is not None and asked_s > RETRY_AFTER_MAX_S:
        return None
    advice = reply.header("x-should-retry")
    status = reply.head.status
    if advice == "false" or (advice != "true" and status not in (408, 409, 429) and status < 500):
        return None
    return backoff_s(retries, chance) if asked_s is None else asked_s


def retry_after_s(reply: Reply, wall_clock: Callable[[], float]) -> float | None:
    """The delay that the server asks for; None where it asks for none or the value makes no sense."""
    milliseconds = _number(reply.header("retry-after-ms"))
    if milliseconds is not None:
        return _sensible(milliseconds / 1000)
    value = reply.header("retry-after")
    seconds = _number(value)
    if seconds is None and value is not None:
        seconds = _seconds_until(value, wall_clock)
    return None if seconds is None else _sensible(seconds)


def backoff_s(retries: int, chance: Callable[[], float]) -> float:
    """0.5 s, doubling up to 8 s, less a random quarter at most so that clients do not come back in step."""
    longest = min(BACKOFF_FIRST_S * 2.0 ** min(retries, 30), BACKOFF_MAX_S)
    return longest * (1 - JITTER * chance())


def _number(value: str | None) -> float | None:
    if (
        value is None or "n" in value.lower()
    ):  # "nan", "inf": words, where 1e400 is a number that is too large
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _sensible(seconds: float) -> float | None:
    return seconds if seconds > 0 else None  # NaN compares false as well


def _seconds_until(date: str, wall_clock: Callable[[], float]) -> float | None:
    from email.utils import mktime_tz, parsedate_tz

    parsed = parsedate_tz(date)
    if parsed is None:
        return None
    try:
        return mktime_tz(parsed) - wall_clock()
    except (OverflowError, ValueError):
        return math.inf
