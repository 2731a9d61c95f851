"""Which failures are repeated, how often, and when a client stops repeating them at all."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import martlet
from martlet.client.exchange import Attempt, answered, exchange, failed
from martlet.client.replies import Reply
from martlet.client.retries import RETRY_BURST, Retry, RetryBudget
from martlet.client.transport.base import Head, Origin, Request
from martlet.errors import (
    APIConnectionError,
    APIStatusError,
    ConnectError,
    ConnectionLost,
    DNSError,
    IncompleteBody,
    InternalServerError,
    PoolTimeout,
    ReadTimeout,
    TransportError,
)
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, CLOSE, HELLO, RESET, SSE_HEAD, http

REQUEST = Request("POST", Origin("http", "localhost", 8000), "/v1/chat/completions", [])
NOT_SENT = [ConnectError("refused"), DNSError("unknown"), PoolTimeout("busy")]
UNANSWERED = [ReadTimeout("silent"), ConnectionLost("gone")]
CUT_OFF = [IncompleteBody("cut"), ReadTimeout("silent in the body", sent="yes")]


def attempts(outcome: TransportError | int, max_retries: int = 3, **settings: Any) -> int:
    """How many attempts a call makes that always fails in this way."""
    steps = exchange(max_retries, chance=lambda: 0.0, **settings)
    step: Attempt | Reply = next(steps)
    count = 0
    while True:
        count += 1
        assert isinstance(step, Attempt)
        step.request = REQUEST
        try:
            if isinstance(outcome, int):
                step = answered(steps, Reply(REQUEST, Head(outcome, []), b""))
            else:
                step = failed(steps, outcome)
        except (APIConnectionError, APIStatusError):
            return count


@pytest.mark.parametrize("error", [*NOT_SENT, *UNANSWERED, *CUT_OFF], ids=repr)
def test_every_kind_is_repeated_by_default(error: TransportError) -> None:
    assert attempts(error) == 4
    assert attempts(error, retry=Retry()) == 4


@pytest.mark.parametrize("kind", ["not_sent", "unanswered", "cut_off"])
def test_each_kind_has_a_limit_of_its_own(kind: str) -> None:
    errors = {"not_sent": NOT_SENT, "unanswered": UNANSWERED, "cut_off": CUT_OFF}
    limits: dict[str, Any] = {kind: 1}
    for own in errors:
        for error in errors[own]:
            assert attempts(error, retry=Retry(**limits)) == (2 if own == kind else 4)
    assert attempts(503, retry=Retry(**limits)) == 4


def test_status_has_a_limit_of_its_own() -> None:
    assert attempts(503, retry=Retry(status=0)) == 1
    assert attempts(ReadTimeout("silent"), retry=Retry(status=0)) == 4


def test_limits_do_not_exceed_max_retries() -> None:
    retry = Retry(not_sent=9, unanswered=9, cut_off=9, status=9)
    for outcome in (NOT_SENT[0], UNANSWERED[0], CUT_OFF[0], 500):
        assert attempts(outcome, max_retries=0, retry=retry) == 1
        assert attempts(outcome, max_retries=2, retry=retry) == 3


def test_stale_connection_is_replaced_whatever_the_limits() -> None:
    stale = ConnectionLost("gone", reused=True)
    assert attempts(stale, max_retries=0, retry=Retry(unanswered=0)) == 2


@pytest.mark.parametrize(("wrong", "error"), [(-1, ValueError), (1.5, TypeError), (True, TypeError)])
def test_limit_that_is_no_count_is_refused(wrong: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"Retry.unanswered is a non-negative int or None"):
        Retry(unanswered=wrong)


def test_retry_is_a_setting_like_the_others() -> None:
    client = martlet.OpenAI(retry=martlet.Retry(unanswered=0))
    assert client.with_options(timeout=1).retry == Retry(unanswered=0)
    assert client.with_options(retry=None).retry is None
    assert pickle.loads(pickle.dumps(client)).retry == Retry(unanswered=0)
    with pytest.raises(TypeError, match=r"retry is a martlet.Retry or None, not int"):
        martlet.OpenAI(retry=3)  # type: ignore[arg-type]  # what is tested


# --- the budget -------------------------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def drain(budget: RetryBudget) -> int:
    count = 0
    while budget.take():
        count += 1
    return count


def test_budget_starts_with_its_burst() -> None:
    assert drain(RetryBudget(Clock())) == RETRY_BURST


def test_single_call_never_meets_the_budget() -> None:
    assert attempts(503, max_retries=40, budget=RetryBudget(Clock())) == 41


def test_calls_earn_a_tenth_of_a_retry() -> None:
    budget = RetryBudget(Clock())
    drain(budget)
    budget.num_calls += 100
    assert drain(budget) == 10


def test_waiting_earns_one_retry_a_second_up_to_the_burst() -> None:
    clock = Clock()
    budget = RetryBudget(clock)
    drain(budget)
    clock.now = 7.0
    assert drain(budget) == 7
    clock.now = 1e6
    assert drain(budget) == RETRY_BURST


def test_outage_adds_a_tenth_of_load_instead_of_doubling_it() -> None:
    budget = RetryBudget(Clock())
    num_attempts = sum(attempts(503, max_retries=2, budget=budget) for _ in range(2000))
    assert 2000 * 1.1 <= num_attempts <= 2000 * 1.1 + RETRY_BURST


def test_budget_off_repeats_every_call() -> None:
    budget = RetryBudget(Clock())
    retry = Retry(budget=False)
    assert sum(attempts(503, max_retries=2, budget=budget, retry=retry) for _ in range(200)) == 600


def test_failure_beyond_the_budget_says_so() -> None:
    budget = RetryBudget(Clock())
    drain(budget)
    steps = exchange(2, budget=budget)
    next(steps)
    with pytest.raises(InternalServerError, match="not retried: this client's retry budget is used up"):
        answered(steps, Reply(REQUEST, Head(500, []), b"oops"))
    steps = exchange(2, budget=budget)
    next(steps).request = REQUEST
    with pytest.raises(APIConnectionError, match="retry budget is used up"):
        failed(steps, ConnectError("refused"))


def test_copies_share_one_budget_and_other_clients_have_their_own() -> None:
    client = martlet.OpenAI()
    assert client._pool.shared_budget() is client.with_options(timeout=1)._pool.shared_budget()
    assert client._pool.shared_budget() is not martlet.OpenAI()._pool.shared_budget()


# --- over sockets -----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("martlet.client.exchange.BACKOFF_FIRST_S", 0.001)


@pytest.mark.parametrize(
    ("retry", "num_requests"), [(None, 3), (Retry(unanswered=0), 1), (Retry(status=0, cut_off=0), 3)]
)
def test_lost_connection_is_repeated_within_its_limit(
    play: Any, caller: Caller, retry: Retry | None, num_requests: int
) -> None:
    server = play([RESET])
    client = caller.client(server.url, retry=retry)
    with pytest.raises(APIConnectionError):
        caller.run(client.chat.completions.create(**HI))
    assert len(server.seen) == num_requests


def test_cut_body_is_repeated_within_its_limit(play: Any, caller: Caller) -> None:
    cut = http(body=CHAT)[:-20]
    server = play([cut, CLOSE], [http(body=CHAT)])
    client = caller.client(server.url)
    assert caller.run(client.chat.completions.create(**HI)).id == CHAT["id"]
    server = play([cut, CLOSE], [http(body=CHAT)])
    client = caller.client(server.url, retry=Retry(cut_off=0))
    with pytest.raises(APIConnectionError):
        caller.run(client.chat.completions.create(**HI))
    assert len(server.seen) == 1


def test_stream_that_breaks_is_not_begun_again(play: Any, caller: Caller) -> None:
    server = play([SSE_HEAD, *HELLO[:2], CLOSE])
    client = caller.client(server.url, max_retries=5)
    stream = caller.run(client.chat.completions.create(**HI, stream=True))
    with pytest.raises(martlet.StreamInterrupted):
        caller.items(stream)
    assert len(server.seen) == 1


def test_client_stops_repeating_in_an_outage(play: Any, caller: Caller) -> None:
    server = play([http(503)])
    client = caller.client(server.url)
    for _ in range(60):
        with pytest.raises(InternalServerError):
            caller.run(client.models.retrieve("tiny"))
    assert len(server.seen) <= 60 * 1.1 + RETRY_BURST + 10  # ten more for the seconds that this may take
    assert len(server.seen) < 60 * 3
