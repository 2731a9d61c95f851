"""`deadline=` ends a call wherever it is: while connecting, waiting, backing off, reading or streaming."""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from typing import Any

import pytest

import martlet
from martlet.client.exchange import Attempt, Deadline, answered, exchange, failed
from martlet.client.replies import Reply
from martlet.client.transport.base import Head, Origin, Request, Timeouts
from martlet.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ConnectError,
    RateLimitError,
    ReadTimeout,
    StreamStalled,
)
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, HELLO, PATIENCE_S, SILENCE, SSE_HEAD, STREAM, chunk, chunked, http

REQUEST = Request("POST", Origin("http", "localhost", 8000), "/v1/chat/completions", [])
SHORT_S = 0.3
STREAM_S = 1.0
"""Within which a stream begins, on a busy machine too."""
SLACK_S = 30.0
"""What a busy machine may add; the limits that would act without a deadline are 60 s."""


class Pause(threading.Event):
    """In a scene: the server waits for a moment, unless the test is over."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(0.05)


def drops(count: int, piece: bytes = b" ") -> list[Any]:
    """A scene's actions: one piece after another, slowly."""
    return [action for _ in range(count) for action in (piece, Pause())]


def reply(status: int = 200, **headers: str) -> Reply:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Reply(REQUEST, Head(status, pairs), b"busy")


class Trial:
    """`exchange` with a clock of its own; every attempt takes `took_s`."""

    def __init__(self, deadline_s: float, max_retries: int = 9) -> None:
        self.now = 0.0
        self.attempts = 0
        self.deadline = Deadline(deadline_s, clock=lambda: self.now)
        self.steps = exchange(max_retries, deadline=self.deadline, chance=lambda: 0.0, clock=lambda: self.now)

    def play(self, outcome: Reply | Exception, took_s: float) -> Reply:
        step: Attempt | Reply = next(self.steps)
        while isinstance(step, Attempt):
            self.attempts += 1
            self.now += step.wait_s + took_s
            step.request = REQUEST
            if isinstance(outcome, Reply):
                step = answered(self.steps, outcome)
            else:
                assert isinstance(outcome, martlet.TransportError)
                step = failed(self.steps, outcome)
        return step


def test_no_retry_begins_that_would_come_too_late() -> None:
    trial = Trial(2.0)
    with pytest.raises(APITimeoutError, match="deadline of 2 s leaves no time for another attempt") as caught:
        trial.play(reply(503), took_s=0.2)  # 0.2, +0.5 +0.2 = 0.9, +1.0 +0.2 = 2.1
    assert trial.attempts == 3
    assert trial.now < 2.2
    assert isinstance(caught.value.__cause__, APIStatusError)
    assert "503" in str(caught.value)


def test_retry_after_beyond_the_deadline_ends_the_call_at_once() -> None:
    trial = Trial(5.0)
    with pytest.raises(APITimeoutError) as caught:
        trial.play(reply(429, retry_after="30"), took_s=0.1)
    assert trial.attempts == 1
    assert isinstance(caught.value.__cause__, RateLimitError)


def test_transport_error_that_cannot_be_retried_in_time_is_the_cause() -> None:
    trial = Trial(0.4)
    refused = ConnectError("refused")
    with pytest.raises(APITimeoutError, match="refused") as caught:
        trial.play(refused, took_s=0.0)
    assert caught.value.__cause__ is refused


def test_timeout_of_an_attempt_at_the_deadline_says_deadline() -> None:
    trial = Trial(3.0)
    with pytest.raises(APITimeoutError, match=r"the deadline of 3 s passed.*\[POST http") as caught:
        trial.play(ReadTimeout("did not answer"), took_s=3.0)
    assert caught.value.request.method == "POST"


def test_timeout_of_an_attempt_before_the_deadline_is_retried() -> None:
    trial = Trial(60.0, max_retries=2)
    with pytest.raises(APITimeoutError, match="after 3 attempts") as caught:
        trial.play(ReadTimeout("did not answer"), took_s=1.0)
    assert "deadline" not in str(caught.value)


def test_status_that_is_final_is_raised_as_itself() -> None:
    with pytest.raises(martlet.BadRequestError):
        Trial(5.0).play(reply(400), took_s=0.1)


def test_last_attempt_that_fails_before_the_deadline_is_raised_as_itself() -> None:
    with pytest.raises(martlet.InternalServerError):
        Trial(5.0, max_retries=0).play(reply(500), took_s=0.1)


def test_success_keeps_the_deadline_for_what_is_still_to_come() -> None:
    trial = Trial(5.0)
    got = trial.play(reply(200), took_s=1.0)
    assert got.deadline is trial.deadline
    assert got.deadline.left_s() == pytest.approx(4.0)


def test_deadline_bounds_each_attempt_by_what_is_left() -> None:
    now = 10.0
    deadline = Deadline(5.0, clock=lambda: now)
    now = 13.0
    request = Request("GET", REQUEST.origin, "/", [], timeouts=Timeouts(read=60.0))
    deadline.bound(request)
    assert request.timeouts == Timeouts(read=60.0, total=2.0)
    now = 99.0
    deadline.bound(request)
    assert request.timeouts.total is not None
    assert 0 < request.timeouts.total < 0.01


@pytest.mark.parametrize("wrong", ["5", True, object()])
def test_deadline_that_is_no_number_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="deadline is a number of seconds or None"):
        martlet.OpenAI(deadline=wrong)
    with pytest.raises(TypeError, match="deadline is a number of seconds or None"):
        martlet.OpenAI().models.list(deadline=wrong)


def test_deadline_is_a_setting_like_the_others() -> None:
    client = martlet.OpenAI(deadline=7.5)
    assert client.with_options(timeout=1).deadline == 7.5
    assert client.with_options(deadline=None).deadline is None
    assert client.with_options(deadline=2).deadline == 2
    assert pickle.loads(pickle.dumps(client)).deadline == 7.5


# --- over sockets -----------------------------------------------------------------------------------------


def timed_out(caller: Caller, call: Any, error: type[Exception] = APITimeoutError) -> Any:
    """The exception of `call()`, which ended at the deadline, not before and not much later."""
    began = time.monotonic()
    with pytest.raises(error) as caught:
        call()
    assert SHORT_S - 0.05 <= time.monotonic() - began < SHORT_S + SLACK_S
    assert f"the deadline of {SHORT_S:g} s" in str(caught.value)
    return caught.value


def test_silent_server_is_left_at_the_deadline(play: Any, caller: Caller) -> None:
    server = play([SILENCE])
    client = caller.client(server.url)
    timed_out(caller, lambda: caller.run(client.chat.completions.create(**HI, deadline=SHORT_S)))
    assert server.gone.acquire(timeout=PATIENCE_S)
    assert len(server.seen) == 1


def test_body_in_drops_is_cut_at_the_deadline(play: Any, caller: Caller) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n"
    server = play([head, *drops(40)])
    client = caller.client(server.url, deadline=SHORT_S)
    timed_out(caller, lambda: caller.run(client.chat.completions.create(**HI)))


def test_back_off_does_not_outlive_the_deadline(play: Any, caller: Caller) -> None:
    server = play([http(503)])
    client = caller.client(server.url, max_retries=5, deadline=0.2)
    with pytest.raises(APITimeoutError, match="leaves no time"):
        caller.run(client.models.retrieve("tiny"))
    assert len(server.seen) == 1


def test_silent_stream_stalls_at_the_deadline_with_what_came(play: Any, caller: Caller) -> None:
    server = play([SSE_HEAD, *HELLO[:3], SILENCE])
    client = caller.client(server.url)
    began = time.monotonic()
    stream = caller.run(client.chat.completions.create(**HI, stream=True, deadline=STREAM_S))
    with pytest.raises(StreamStalled, match=r"the deadline of 1 s passed") as caught:
        caller.items(stream)
    assert STREAM_S - 0.05 <= time.monotonic() - began < STREAM_S + SLACK_S
    assert caught.value.partial.choices[0].message.content == "Hello"
    assert isinstance(caught.value, APITimeoutError)
    assert server.gone.acquire(timeout=PATIENCE_S)


def test_stream_that_keeps_talking_stalls_at_the_deadline(play: Any, caller: Caller) -> None:
    server = play([SSE_HEAD, *drops(60, chunk("a"))])
    client = caller.client(server.url)
    stream = caller.run(client.chat.completions.create(**HI, stream=True, deadline=STREAM_S))
    with pytest.raises(StreamStalled, match="deadline") as caught:
        caller.items(stream)
    assert caught.value.num_events >= 3


def test_comments_do_not_extend_the_deadline(play: Any, caller: Caller) -> None:
    server = play([SSE_HEAD, *drops(60, chunked(b": ping\n\n"))])
    client = caller.client(server.url)
    stream = caller.run(client.chat.completions.create(**HI, stream=True, deadline=STREAM_S))
    with pytest.raises(StreamStalled, match="deadline"):
        caller.items(stream)


def test_open_answer_read_piecewise_ends_at_the_deadline(play: Any, caller: Caller) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n"
    server = play([head, *drops(40)])
    client = caller.client(server.url)
    streaming = client.with_streaming_response.models.retrieve("tiny", deadline=SHORT_S)

    def read() -> None:
        if not caller.is_async:
            with streaming as answer:
                for _ in answer.iter_bytes():
                    pass
            return

        async def wait() -> None:
            async with streaming as answer:
                async for _ in answer.iter_bytes():
                    pass

        caller.run(wait())

    timed_out(caller, read)


def test_call_after_its_deadline_sends_nothing(play: Any, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    with pytest.raises(APITimeoutError, match="before the request was sent"):
        caller.run(client.chat.completions.create(**HI, deadline=-1.0))
    assert server.seen == []


def test_call_in_time_is_as_without_deadline(play: Any, caller: Caller) -> None:
    server = play([http(body=CHAT)], STREAM)
    client = caller.client(server.url, deadline=30)
    assert caller.run(client.chat.completions.create(**HI)).choices[0].message.content == "Hello!"
    assert "deadline" not in server.seen[0].json
    stream = caller.run(client.chat.completions.create(**HI, stream=True))
    assert len(caller.items(stream)) == 4


def test_deadline_of_a_generic_call_holds(play: Any, caller: Caller) -> None:
    client = caller.client(play([SILENCE]).url)
    timed_out(caller, lambda: caller.run(client.get("/x", cast_to=object, options={"deadline": SHORT_S})))


def test_deadline_none_lifts_the_clients(play: Any, caller: Caller) -> None:
    client = caller.client(play([http(body=CHAT)]).url, deadline=-1.0)
    assert caller.run(client.chat.completions.create(**HI, deadline=None)).id


def test_key_that_never_comes_is_left_at_the_deadline(play: Any) -> None:
    server = play([http(body=CHAT)])

    async def never() -> str:
        await asyncio.Event().wait()
        return "key"

    async def call() -> None:
        async with martlet.AsyncOpenAI(base_url=server.url, api_key=never, deadline=SHORT_S) as client:
            await client.chat.completions.create(**HI)

    with pytest.raises(APITimeoutError, match="deadline"):
        asyncio.run(call())
    assert server.seen == []


def test_without_deadline_attempts_have_no_total(play: Any) -> None:
    seen: list[Timeouts] = []

    class Noting:
        def send(self, request: Request) -> Any:
            seen.append(request.timeouts)
            raise ConnectError("refused")

        def close(self) -> None:
            pass

    client = martlet.OpenAI(http_client=Noting(), max_retries=0)
    with pytest.raises(APIConnectionError):
        client.models.list()
    with pytest.raises(APIConnectionError):
        client.models.list(deadline=9)
    assert seen[0].total is None
    assert 0 < (seen[1].total or 0) <= 9
