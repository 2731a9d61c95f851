"""One call with its retries, as a generator that does no I/O.

The driver (`OpenAI._send`, `AsyncOpenAI._send`) waits, sends and hands back what came; `exchange` decides.
Tests feed it plain objects: no sockets, no sleeping.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from martlet.client.failures import connection_error, deadline_error, status_error
from martlet.client.options import checked_deadline
from martlet.errors import APIError, ConnectionLost, TransportError

if TYPE_CHECKING:
    from martlet.client.logs import CallLog
    from martlet.client.replies import Reply
    from martlet.client.retries import Retry, RetryBudget
    from martlet.client.transport.base import Request

T = TypeVar("T")

BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 8.0
JITTER = 0.25
"""The share of a back-off that chance may take away."""
RETRY_AFTER_MAX_S = 120.0
"""A server that asks for more is not asked again."""
STALE_WINDOW_S = 1.0
"""A kept-alive connection that dies this soon after a request went out had been closed as idle before."""
SHORTEST_S = 0.001
"""What an attempt gets at least, so that a transport reports the end of a deadline, not a senseless limit."""


class Deadline:
    """When a call has to be over, whatever it is doing then."""

    __slots__ = ("_clock", "ends_at", "seconds")

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.seconds = seconds
        self.ends_at = clock() + seconds

    def left_s(self) -> float:
        return self.ends_at - self._clock()

    def has_passed(self) -> bool:
        return self.left_s() <= SHORTEST_S

    def bound(self, request: Request) -> None:
        """Give the attempt no more time than is left."""
        request.timeouts = msgspec.structs.replace(request.timeouts, total=max(self.left_s(), SHORTEST_S))


def deadline_of(seconds: object) -> Deadline | None:
    """The deadline of a call that begins now. Raises TypeError for what is not a number or None."""
    checked = checked_deadline(seconds)
    return None if checked is None else Deadline(checked)


async def in_time(waiting: Awaitable[T], deadline: Deadline | None) -> T:
    """Await what a call needs before it can be sent. Raises APITimeoutError at the deadline."""
    if deadline is None:
        return await waiting
    import asyncio

    try:
        return await asyncio.wait_for(waiting, max(deadline.left_s(), 0.0))
    except asyncio.TimeoutError:
        if not deadline.has_passed():  # its own, of something that it waited for
            raise
        raise deadline_error(deadline.seconds, None, 0) from None


_logger: Any = None


def active_log() -> CallLog | None:
    """Where the lines of a call go; None where nobody would see them.

    A program that has not imported `logging` has no handlers either, and is not made to pay for it.
    """
    global _logger
    if _logger is None:
        if "logging" not in sys.modules:
            return None
        from logging import getLogger

        _logger = getLogger("martlet.client")
    if not _logger.isEnabledFor(20):  # INFO
        return None
    from martlet.client.logs import CallLog

    return CallLog()


class Attempt:
    """What the driver is to do: wait `wait_s`, then send the request, with this many retries behind it."""

    __slots__ = ("deadline", "request", "retries", "wait_s")

    def __init__(self, retries: int, wait_s: float, deadline: Deadline | None = None) -> None:
        self.retries = retries
        self.wait_s = wait_s
        self.deadline = deadline
        """Where there is one, the driver has it `bound` the request."""
        self.request: Request | None = None
        """Set by the driver before it sends, for the error messages."""


Exchange = Generator[Attempt, "Reply", "Reply"]


def exchange(
    max_retries: int,
    *,
    deadline: Deadline | None = None,
    retry: Retry | None = None,
    budget: RetryBudget | None = None,
    log: CallLog | None = None,
    chance: Callable[[], float] = random.random,
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
) -> Exchange:
    """Send, back off, send again; return the first 2xx reply or raise.

    Throw a TransportError in where an attempt brought no reply. Raises APIStatusError, APIConnectionError or
    APITimeoutError; the last also where another attempt would not begin before the deadline.
    """
    if budget is not None:
        budget.num_calls += 1
    if deadline is not None and deadline.has_passed():
        raise deadline_error(deadline.seconds, None, 0)
    retries, wait_s, may_resend = 0, 0.0, True
    while True:
        attempt = Attempt(retries, wait_s, deadline)
        began = clock() + wait_s
        failure: TransportError | Reply
        try:
            reply = yield attempt
        except TransportError as error:
            if log is not None:
                log.attempt(attempt.request, error, clock() - began)
            if may_resend and _was_stale(error, clock() - began):
                may_resend, wait_s = False, 0.0
                if log is not None:
                    log.resend(attempt.request)
                continue
            if deadline is not None and isinstance(error, TimeoutError) and deadline.has_passed():
                raise deadline_error(deadline.seconds, attempt.request, retries, error) from error
            failure = error
            delay_s: float | None = backoff_s(retries, chance)
            sent: str | None = error.sent
        else:
            if log is not None:
                log.attempt(attempt.request, reply, clock() - began)
            reply.retries = retries
            reply.head_s = clock() - began
            if 200 <= reply.head.status < 300:
                reply.deadline = deadline
                return reply
            failure = reply
            delay_s = retry_delay_s(reply, retries, chance, wall_clock)
            sent = None
        limit = max_retries if retry is None else retry.limit(max_retries, sent)
        if delay_s is None or retries >= limit:
            raise _error(failure, attempt)
        if deadline is not None and deadline.left_s() <= delay_s:
            if log is not None:
                log.no_retry(attempt.request, failure, "as the deadline comes first")
            last = _error(failure, attempt)
            raise deadline_error(deadline.seconds, attempt.request, retries, last) from last.__cause__ or last
        if budget is not None and (retry is None or retry.budget) and not budget.take():
            if log is not None:
                log.no_retry(attempt.request, failure, "as the retry budget is used up")
            raise _error(failure, attempt, "; not retried: this client's retry budget is used up")
        wait_s = delay_s
        retries += 1
        if log is not None:
            log.retry(attempt.request, failure, wait_s, retries, limit)


def _error(failure: TransportError | Reply, attempt: Attempt, note: str = "") -> APIError:
    """The exception for a failure that is final."""
    if isinstance(failure, TransportError):
        error: APIError = connection_error(failure, attempt.request, attempt.retries, note)
        error.__cause__ = failure
    else:
        error = status_error(failure, note)
        error.__cause__ = None  # also hides the transport error of a body that broke off
    return error


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
