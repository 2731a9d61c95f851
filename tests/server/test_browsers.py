"""Requests from web pages: which sites may read replies, and under which names the server answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.wire import Answer, call, chat
from tests.servers import TINY_LLAMA, ServerProcess, start_server

SITE = "http://localhost:3000"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}


@pytest.fixture(scope="module")
def opened_to_a_site() -> Iterator[ServerProcess]:
    with start_server(
        str(TINY_LLAMA), "--api-key", "key", "--allowed-origins", f'["{SITE}"]', "--strict",
        "--allowed-hosts", "127.0.0.1", "*.example.org",
    ) as server:  # fmt: skip
        yield server


def ask(server: ServerProcess, method: str, origin: str, **headers: str) -> Answer:
    return call(server, method, "/v1/models", headers={"origin": origin, **headers})


def test_preflight_needs_no_key(opened_to_a_site: ServerProcess) -> None:
    answer = ask(opened_to_a_site, "OPTIONS", SITE, **PREFLIGHT)
    assert (answer.status, answer.body) == (200, b"OK")
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["access-control-allow-headers"] == "authorization"


def test_allowed_site_reads_replies_and_refusals(opened_to_a_site: ServerProcess) -> None:
    for key, status in (("key", 200), ("other", 401)):
        answer = ask(opened_to_a_site, "GET", SITE, authorization=f"Bearer {key}")
        assert answer.status == status
        assert answer.headers["access-control-allow-origin"] == SITE
        assert answer.headers["vary"] == "Origin"


def test_other_site_reads_nothing(opened_to_a_site: ServerProcess) -> None:
    answer = ask(opened_to_a_site, "OPTIONS", "http://evil.example", **PREFLIGHT)
    assert (answer.status, answer.body) == (400, b"Disallowed CORS origin")
    assert "access-control-allow-origin" not in answer.headers


def test_no_site_may_ask_unless_allowed(tiny: ServerProcess) -> None:
    answer = ask(tiny, "OPTIONS", SITE, **PREFLIGHT)
    assert (answer.status, answer.body) == (400, b"Disallowed CORS origin")
    assert "access-control-allow-origin" not in ask(tiny, "GET", SITE).headers


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1:80", 401), ("a.example.org", 401), ("evil.example", 400)]
)
def test_server_answers_under_its_names_only(host: str, status: int, opened_to_a_site: ServerProcess) -> None:
    assert call(opened_to_a_site, "GET", "/v1/models", headers={"host": host}).status == status


def test_strict_server_refuses_what_it_would_ignore(
    opened_to_a_site: ServerProcess, tiny: ServerProcess
) -> None:
    fields = {"temprature": 0.5, "user": "me", "messages": [{"role": "user", "content": "Hi"}]}
    path, headers = "/v1/chat/completions", {"authorization": "Bearer key"}
    answer = call(opened_to_a_site, "POST", path, fields, headers=headers)
    assert (answer.status, answer.error["param"]) == (400, "user")
    assert "user, temprature" in answer.error["message"]
    assert chat(tiny, max_tokens=1, **fields).headers["x-martlet-ignored"] == "user, temprature"
