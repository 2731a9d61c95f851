"""Who may come in: the key guards every route but liveness."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from martlet.server.gate import KeyRing
from martlet.server.owners import EVERYBODY
from tests.server.wire import Answer, call, until
from tests.servers import TINY_LLAMA, ServerProcess, start_server

ROUTES = [
    ("GET", "/v1/models"),
    ("GET", "/v1/models/x"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/completions"),
    ("POST", "/tokenize"),
    ("POST", "/detokenize"),
    ("GET", "/version"),
    ("GET", "/metrics"),
    ("GET", "/load"),
    ("GET", "/nothing"),
    ("GET", "/v1/"),
    ("GET", "//health"),
    ("GET", "/health/../v1/models"),
    ("OPTIONS", "/v1/models"),
    ("DELETE", "/v1/models"),
]


@pytest.fixture(scope="module")
def guarded() -> Iterator[ServerProcess]:
    args = [str(TINY_LLAMA), "--served-model-name", "tiny", "--api-key", "first", "second-key"]
    with start_server(*args, "--enable-request-id-headers") as server:
        yield server


def ask(server: ServerProcess, method: str, path: str, authorization: str | None) -> Answer:
    headers = {} if authorization is None else {"authorization": authorization}
    body = {"prompt": "a", "max_tokens": 1} if method == "POST" else None
    return call(server, method, path, body, headers=headers)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_wants_a_key(method: str, path: str, guarded: ServerProcess) -> None:
    for authorization in (None, "Bearer wrong"):
        answer = ask(guarded, method, path, authorization)
        assert (answer.status, answer.body) == (401, b'{"error":"Unauthorized"}')
        assert "www-authenticate" not in answer.headers
        assert "vary" not in answer.headers
    assert ask(guarded, method, path, "Bearer first").status != 401


@pytest.mark.parametrize("authorization", ["Bearer first", "bearer second-key", "BEARER first"])
def test_any_of_the_keys_opens(authorization: str, guarded: ServerProcess) -> None:
    assert ask(guarded, "POST", "/v1/completions", authorization).status == 200


@pytest.mark.parametrize(
    "authorization",
    ["first", "Basic first", "Bearer", "Bearer ", "Bearer  first", "Bearer firs", "Bearer first x"],
)
def test_other_spellings_do_not_open(authorization: str, guarded: ServerProcess) -> None:
    assert ask(guarded, "GET", "/v1/models", authorization).status == 401


def test_key_elsewhere_does_not_open(guarded: ServerProcess) -> None:
    for headers in ({"x-api-key": "first"}, {"api-key": "first"}):
        assert call(guarded, "GET", "/v1/models", headers=headers).status == 401
    assert call(guarded, "GET", "/v1/models?api_key=first").status == 401


@pytest.mark.parametrize(("method", "path"), [("GET", "/health"), ("GET", "/ping"), ("POST", "/ping")])
def test_liveness_is_open(method: str, path: str, guarded: ServerProcess) -> None:
    answer = call(guarded, method, path)
    assert (answer.status, answer.body) == (200, b"")


def test_no_cross_origin_headers_unasked(guarded: ServerProcess) -> None:
    headers = {"origin": "http://evil.example", "authorization": "Bearer first"}
    answer = call(guarded, "GET", "/v1/models", headers=headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_request_id_comes_back(guarded: ServerProcess) -> None:
    headers = {"x-request-id": "mine", "authorization": "Bearer first"}
    assert call(guarded, "GET", "/v1/models", headers=headers).headers["x-request-id"] == "mine"
    assert (
        call(guarded, "GET", "/v1/models", headers={"x-request-id": "mine"}).headers["x-request-id"] == "mine"
    )
    assert len(call(guarded, "GET", "/health").headers["x-request-id"]) == 32


def test_log_shows_no_key(guarded: ServerProcess) -> None:
    call(
        guarded,
        "GET",
        "/v1/models?api_key=secret-in-query",
        headers={"authorization": "Bearer secret-in-header"},
    )
    call(guarded, "GET", "/health")
    until(lambda: "GET /v1/models 401" in guarded.stderr)
    assert "secret" not in guarded.stderr
    assert "second-key" not in guarded.stderr


@pytest.mark.parametrize("name", ["MARTLET_API_KEY", "VLLM_API_KEY"])
def test_key_comes_from_the_environment(name: str) -> None:
    with start_server(str(TINY_LLAMA), env={name: "from-env"}) as server:
        assert ask(server, "GET", "/v1/models", None).status == 401
        assert ask(server, "GET", "/v1/models", "Bearer from-env").status == 200


def test_flag_wins_over_the_environment() -> None:
    with start_server(str(TINY_LLAMA), "--api-key", "flag", env={"VLLM_API_KEY": "from-env"}) as server:
        assert ask(server, "GET", "/v1/models", "Bearer from-env").status == 401
        assert ask(server, "GET", "/v1/models", "Bearer flag").status == 200


def test_key_may_be_any_text() -> None:
    keys = KeyRing(["schlüssel"], b"")
    assert keys.owner_of("Bearer " + "schlüssel".encode().decode("latin-1"))
    assert keys.owner_of("Bearer schlussel") is None


def test_key_may_be_no_utf8() -> None:
    keys = KeyRing(["\udcff"], b"")  # as Python reads the byte 0xff on a command line
    assert keys.owner_of("Bearer \xff")
    assert keys.owner_of("Bearer \xfe") is None


def test_each_key_has_an_owner() -> None:
    keys = KeyRing(["a", "b", "a"], b"secret")
    assert keys.owner_of("Bearer a") != keys.owner_of("Bearer b")
    assert keys.owner_of("Bearer a") == KeyRing(["a"], b"secret").owner_of("Bearer a")
    assert keys.owner_of("Bearer a") != KeyRing(["a"], b"another").owner_of("Bearer a")
    assert KeyRing([], b"").owner_of(None) == EVERYBODY
