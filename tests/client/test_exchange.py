"""Retries, decided without sockets and without sleeping."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from martlet.client.exchange import Attempt, answered, exchange, failed
from martlet.client.replies import Reply
from martlet.client.transport.base import Head, Origin, Request
from martlet.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ConnectError,
    ConnectionLost,
    IncompleteBody,
    ProtocolError,
    RateLimitError,
    ReadTimeout,
    TransportError,
)

REQUEST = Request(
    "POST", Origin("http", "localhost", 8000), "/v1/chat/completions", [("authorization", "Bearer k")]
)


def reply(status: int = 200, **headers: str) -> Reply:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Reply(REQUEST, Head(status, pairs), b"")


class Trial:
    """Plays outcomes against `exchange` and notes the waits."""

    def __init__(
        self, outcomes: Sequence[Reply | TransportError], max_retries: int = 2, took_s: float = 0.0
    ) -> None:
        self.waits: list[float] = []
        self.retries: list[int] = []
        self.result: Reply | None = None
        now = 0.0

        def clock() -> float:
            return now

        steps = exchange(max_retries, chance=lambda: 0.0, clock=clock, wall_clock=lambda: 784111777.0)
        step: Attempt | Reply = next(steps)
        for outcome in outcomes:
            assert isinstance(step, Attempt), "exchange ended before the outcomes did"
            self.waits.append(step.wait_s)
            self.retries.append(step.retries)
            step.request = REQUEST
            now += step.wait_s + took_s
            step = answered(steps, outcome) if isinstance(outcome, Reply) else failed(steps, outcome)
        assert isinstance(step, Reply), "exchange wants another attempt"
        self.result = step


def test_success_takes_one_attempt() -> None:
    trial = Trial([reply()])
    assert trial.waits == [0.0]
    assert trial.result is not None
    assert trial.result.retries == 0


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 599])
def test_retryable_status_backs_off_exponentially(status: int) -> None:
    trial = Trial([reply(status), reply(status), reply(status), reply(status), reply()], max_retries=4)
    assert trial.waits == [0.0, 0.5, 1.0, 2.0, 4.0]
    assert trial.retries == [0, 1, 2, 3, 4]
    assert trial.result is not None
    assert trial.result.retries == 4


@pytest.mark.parametrize("status", [300, 304, 307, 400, 401, 403, 404, 405, 418, 422])
def test_other_status_is_final(status: int) -> None:
    with pytest.raises(APIStatusError) as caught:
        Trial([reply(status)])
    assert caught.value.status_code == status


def test_backoff_stops_growing_at_eight_seconds() -> None:
    trial = Trial([*[reply(500)] * 8, reply()], max_retries=8)
    assert trial.waits[-3:] == [8.0, 8.0, 8.0]


def test_backoff_jitter_takes_at_most_a_quarter() -> None:
    waits = []
    for seed in range(50):
        steps = exchange(1, chance=random.Random(seed).random)
        next(steps)
        step = answered(steps, reply(500))
        assert isinstance(step, Attempt)
        waits.append(step.wait_s)
    assert 0.375 <= min(waits) < 0.4
    assert 0.48 < max(waits) <= 0.5


def test_retries_used_up_raise_the_last_status() -> None:
    with pytest.raises(RateLimitError) as caught:
        Trial([reply(500), reply(503), reply(429)])
    assert caught.value.response.retries_taken == 2


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry_after": "3"}, 3.0),
        ({"retry_after": "0.25"}, 0.25),
        ({"retry_after": "120"}, 120.0),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"retry_after_ms": "1500", "retry_after": "9"}, 1.5),
        ({"retry_after_ms": "soon", "retry_after": "9"}, 9.0),
        ({"retry_after": "Sun, 06 Nov 1994 08:49:47 GMT"}, 10.0),  # wall clock: 08:49:37
        ({"retry_after": "Sun, 06 Nov 1994 08:49:27 GMT"}, 0.5),
        ({"retry_after": "0"}, 0.5),
        ({"retry_after": "-5"}, 0.5),
        ({"retry_after": "nan"}, 0.5),
        ({"retry_after": "inf"}, 0.5),
        ({"retry_after": "tomorrow"}, 0.5),
    ],
)
def test_retry_after_sets_the_wait(headers: dict[str, str], wait_s: float) -> None:
    assert Trial([reply(429, **headers), reply()]).waits == [0.0, wait_s]


@pytest.mark.parametrize("value", ["121", "1e400", "Mon, 07 Nov 1994 08:49:37 GMT"])
def test_retry_after_beyond_two_minutes_is_final(value: str) -> None:
    with pytest.raises(RateLimitError):
        Trial([reply(429, retry_after=value, x_should_retry="true")])


def test_should_retry_header_overrules_the_status() -> None:
    assert Trial([reply(400, x_should_retry="true"), reply()]).waits == [0.0, 0.5]
    with pytest.raises(APIStatusError):
        Trial([reply(500, x_should_retry="false")])


@pytest.mark.parametrize(
    "error",
    [
        ConnectError("refused"),
        ConnectionLost("lost"),
        IncompleteBody("cut"),
        ProtocolError("broken"),
        ReadTimeout("slow"),
    ],
)
def test_transport_errors_are_retried(error: TransportError) -> None:
    assert Trial([error, reply()]).waits == [0.0, 0.5]


def test_max_retries_zero_is_one_attempt() -> None:
    with pytest.raises(APIConnectionError) as caught:
        Trial([ConnectError("cannot connect to http://localhost:8000: connection refused")], max_retries=0)
    assert isinstance(caught.value.__cause__, ConnectError)
    assert "http://localhost:8000/v1/chat/completions" in str(caught.value)
    with pytest.raises(APIStatusError):
        Trial([reply(500)], max_retries=0)


def test_timeout_becomes_timeout_error() -> None:
    with pytest.raises(APITimeoutError, match=r"^Request timed out: slow .* \(after 3 attempts\)$"):
        Trial([ReadTimeout("slow")] * 3)


def test_stale_connection_is_resent_at_once_without_counting() -> None:
    stale = ConnectionLost("closed", reused=True)
    trial = Trial([stale, reply()], max_retries=0)
    assert trial.waits == [0.0, 0.0]
    assert trial.retries == [0, 0]


def test_stale_connection_is_resent_once_only() -> None:
    stale = ConnectionLost("closed", reused=True)
    with pytest.raises(APIConnectionError):
        Trial([stale, stale], max_retries=0)
    assert Trial([stale, stale, reply()], max_retries=1).waits == [0.0, 0.0, 0.5]


def test_reused_connection_that_dies_late_was_not_stale() -> None:
    with pytest.raises(APIConnectionError):
        Trial([ConnectionLost("closed", reused=True)], max_retries=0, took_s=30.0)


def test_fresh_connection_that_dies_counts() -> None:
    with pytest.raises(APIConnectionError):
        Trial([ConnectionLost("closed", reused=False)], max_retries=0)


def test_reused_connection_that_answered_is_not_resent() -> None:
    with pytest.raises(APIConnectionError):
        Trial([IncompleteBody("cut", reused=True)], max_retries=0)
    with pytest.raises(APITimeoutError):
        Trial([ReadTimeout("slow", reused=True)], max_retries=0)
