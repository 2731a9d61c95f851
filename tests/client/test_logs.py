"""What is logged, and that no key ever is."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

import martlet
from martlet.client.exchange import active_log
from martlet.client.retries import RetryBudget
from martlet.errors import TransportError
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, CLOSE, STREAM, http, vllm_error


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("martlet.client.exchange.BACKOFF_FIRST_S", 0.001)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level("DEBUG")
    return caplog


def lines(logged: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    own = [record for record in logged.records if record.name.startswith("martlet")]
    return [(record.levelname, record.getMessage()) for record in own]


def test_attempts_and_retries_have_a_line_each(
    play: Any, caller: Caller, logged: pytest.LogCaptureFixture
) -> None:
    server = play([CLOSE], [http(503, x_request_id="r2")], [http(body=CHAT, x_request_id="r3")])
    client = caller.client(server.url)
    caller.run(client.chat.completions.create(**HI, extra_query={"secret": "s3cret"}))
    call = f"POST {server.url}/chat/completions"
    (l1, lost), (l2, retry), (l3, refused), (l4, again), (l5, last) = lines(logged)
    assert [l1, l2, l3, l4, l5] == ["DEBUG", "INFO", "DEBUG", "INFO", "DEBUG"]
    assert lost.startswith(f"{call} -> ConnectionLost: http://127.0.0.1:{server.port} closed the connection")
    assert retry.startswith(f"Retrying {call} in 0.00")
    assert "(retry 1 of 2): ConnectionLost" in retry
    assert refused.startswith(f"{call} -> status 503 (request r2), after 0.")
    assert again.endswith("(retry 2 of 2): status 503 (request r2)")
    assert last.startswith(f"{call} -> status 200 (request r3), after 0.")


def test_stream_has_a_line_when_it_begins(
    play: Any, caller: Caller, logged: pytest.LogCaptureFixture
) -> None:
    server = play(STREAM)
    stream = caller.run(caller.client(server.url).chat.completions.create(**HI, stream=True))
    caller.items(stream)
    assert len(lines(logged)) == 1
    assert "status 200 (request req-7)" in lines(logged)[0][1]


def test_idle_connection_that_was_closed_is_told(
    play: Any, caller: Caller, logged: pytest.LogCaptureFixture
) -> None:
    server = play([http(body=CHAT)], [CLOSE], [http(body=CHAT)])
    client = caller.client(server.url)
    for _ in range(2):
        caller.run(client.chat.completions.create(**HI))
    assert any(
        "again at once: the server had closed the idle connection" in text for _, text in lines(logged)
    )


def test_retry_that_the_deadline_or_the_budget_forbids_is_told(
    play: Any, caller: Caller, logged: pytest.LogCaptureFixture
) -> None:
    server = play([http(429, retry_after="60")])
    client = caller.client(server.url)
    with pytest.raises(martlet.APITimeoutError):
        caller.run(client.models.retrieve("tiny", deadline=5))
    assert "as the deadline comes first: status 429" in lines(logged)[-1][1]
    client._pool.budget = RetryBudget(clock=lambda: 0.0)
    while client._pool.budget.take():
        pass
    with pytest.raises(martlet.RateLimitError):
        caller.run(client.models.retrieve("tiny"))
    assert "as the retry budget is used up: status 429" in lines(logged)[-1][1]


KEYS = [
    "sk-header-0123456789",
    "sk-extra-0123456789",
    "sk-query-0123456789",
    "sk-base-0123456789",
    "sk-cookie-01234",
]
BODY = "the secret of the body"


def test_no_record_holds_a_key_a_query_or_a_body(
    play: Any, caller: Caller, logged: pytest.LogCaptureFixture
) -> None:
    header, extra, query, base, cookie = KEYS
    quoting = vllm_error(401, f"no such key: {header} in {BODY}", "Unauthorized")
    server = play(
        [http(500, body=quoting)],
        [CLOSE],
        [http(body=CHAT)[:-9], CLOSE],
        [http(401, body=quoting)],
        [http(307, location=f"http://elsewhere/?key={query}")],
        STREAM,
    )
    client = caller.client(
        f"{server.url}/{header}?key={base}",
        api_key=header,
        max_retries=3,
        default_headers={"x-api-key": extra, "Cookie": f"session={cookie}"},
        default_query={"api-key": query},
    )
    hi: dict[str, Any] = {"model": "tiny", "messages": [{"role": "user", "content": BODY}]}
    for _ in range(2):
        with pytest.raises(martlet.APIStatusError):
            caller.run(client.chat.completions.create(**hi))
    caller.items(caller.run(client.chat.completions.create(**hi, stream=True)))
    unreachable = caller.client("http://127.0.0.1:1/v1", api_key=header, max_retries=1)
    with pytest.raises(martlet.APIConnectionError):
        caller.run(unreachable.chat.completions.create(**hi, extra_query={"key": query}))
    assert len(server.seen) == 6
    assert header in server.seen[0].target  # the server saw what the log must not
    assert len(lines(logged)) >= 11
    for record in logged.records:
        shown = f"{record.getMessage()} {vars(record)}"
        for secret in (*KEYS, BODY):
            assert secret not in shown


def test_error_text_of_a_foreign_transport_is_redacted(logged: pytest.LogCaptureFixture) -> None:
    class Talkative:
        def send(self, request: Any) -> Any:
            raise TransportError(f"failed with {dict(request.headers)['authorization']}")

        def close(self) -> None:
            pass

    client = martlet.OpenAI(api_key=KEYS[0], http_client=Talkative(), max_retries=0)
    with pytest.raises(martlet.APIConnectionError):
        client.models.list()
    assert len(lines(logged)) == 1
    assert KEYS[0] not in lines(logged)[0][1]


def test_nothing_is_prepared_where_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING")
    assert active_log() is None


# --- the environment --------------------------------------------------------------------------------------

PROGRAM = """
import sys
import martlet
client = martlet.OpenAI(base_url="http://127.0.0.1:1/v1", api_key="sk-secret-0123456789", max_retries=0)
try:
    client.models.list()
except martlet.APIConnectionError:
    pass
print("logging" in sys.modules, "martlet.client.logs" in sys.modules)
"""


def run(**variables: str) -> tuple[str, str]:
    others = {key: value for key, value in os.environ.items() if key not in ("OPENAI_LOG", "MARTLET_LOG")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env={**others, **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=110,
    )
    return done.stdout.strip(), done.stderr


def test_unset_variables_import_and_print_nothing() -> None:
    assert run() == ("False False", "")


@pytest.mark.parametrize("name", ["OPENAI_LOG", "MARTLET_LOG"])
def test_variable_turns_the_lines_on(name: str) -> None:
    _, printed = run(**{name: "debug"})
    assert (
        "martlet.client - DEBUG] GET http://127.0.0.1:1/v1/models -> ConnectError: cannot connect" in printed
    )
    assert "sk-secret" not in printed


def test_level_of_the_variable_counts() -> None:
    assert run(MARTLET_LOG="info")[1] == ""
    assert run(MARTLET_LOG="warning", OPENAI_LOG="debug")[1] == ""
    assert "DEBUG" in run(MARTLET_LOG="DEBUG", OPENAI_LOG="error")[1]


def test_word_that_is_no_level_changes_nothing() -> None:
    assert run(OPENAI_LOG="verbose")[1] == ""
