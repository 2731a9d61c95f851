"""Construction, environment, copies, pickles, closing."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import martlet
from martlet import AsyncOpenAI, OpenAI
from tests.client.callers import HI, Caller, SyncCaller
from tests.client.scripted import CHAT, MODELS, ScriptedServer, http

openai = pytest.importorskip("openai")


@pytest.mark.parametrize("cls", [OpenAI, AsyncOpenAI])
def test_defaults_are_those_of_a_local_server(cls: type[OpenAI]) -> None:
    client = cls()
    assert client.api_key == "EMPTY"
    assert str(client.base_url) == "http://localhost:8000/v1/"
    assert client.timeout == 60.0
    assert client.max_retries == 2
    assert client.organization is client.project is None


def test_argument_wins_over_environment_over_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "env-key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://env:1/v1")
    monkeypatch.setenv("OPENAI_ORG_ID", "env-org")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "env-project")
    client = OpenAI()
    assert (client.api_key, str(client.base_url)) == ("env-key", "http://env:1/v1/")
    assert (client.organization, client.project) == ("env-org", "env-project")
    client = OpenAI(api_key="k", base_url="http://arg:2", organization="o", project="p")
    assert (client.api_key, str(client.base_url)) == ("k", "http://arg:2/")
    assert (client.organization, client.project) == ("o", "p")


def test_empty_environment_falls_to_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    assert OpenAI().api_key == "EMPTY"
    assert str(OpenAI().base_url) == "http://localhost:8000/v1/"


def test_none_is_treated_as_the_official_client_treats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "env-key")
    for package in (martlet, openai):
        assert package.OpenAI(api_key=None).api_key == "env-key"
        assert package.OpenAI(timeout=None).timeout is None
        with pytest.raises(TypeError, match="max_retries cannot be None"):
            package.OpenAI(max_retries=None)
    assert str(OpenAI(base_url=None).base_url) == "http://localhost:8000/v1/"


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"max_retries": -1}, ValueError),
        ({"max_retries": 1.5}, TypeError),
        ({"timeout": "60"}, TypeError),
        ({"api_key": 3}, TypeError),
        ({"base_url": ""}, ValueError),
        ({"base_url": "localhost:8000"}, ValueError),
        ({"http_client": 3}, TypeError),
        ({"apikey": "k"}, TypeError),
    ],
)
@pytest.mark.parametrize("cls", [OpenAI, AsyncOpenAI])
def test_senseless_setting_is_refused(cls: Any, settings: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        cls(**settings)


def test_positional_arguments_are_refused() -> None:
    with pytest.raises(TypeError):
        OpenAI("key")  # type: ignore[call-arg]  # that is the point


def test_foreign_http_client_is_refused_by_name() -> None:
    foreign = type("Session", (), {"__module__": "requests.sessions"})()
    with pytest.raises(TypeError, match=r"takes a martlet transport, or one of .* got requests\.Session"):
        OpenAI(http_client=foreign)


def test_assigned_settings_hold_from_the_next_call(
    play: Callable[..., ScriptedServer], caller: Caller
) -> None:
    server = play([http(body=CHAT)])
    client = caller.client("http://127.0.0.1:1/v1")
    client.base_url = server.url
    client.api_key = "sk-other"
    client.timeout = 7.5
    client.organization = "org-1"
    client.max_retries = 0
    caller.run(client.chat.completions.create(**HI))
    assert server.seen[0].headers["authorization"] == "Bearer sk-other"
    assert server.seen[0].headers["openai-organization"] == "org-1"


def test_callable_key_is_asked_for_every_attempt(play: Callable[..., ScriptedServer], caller: Caller) -> None:
    server = play([http(429, retry_after_ms="1")], [http(body=CHAT)])
    keys = iter(["sk-1", "sk-2"])

    async def source() -> str:
        return next(keys)

    client = caller.client(server.url, api_key=source if caller.is_async else lambda: next(keys))
    assert client.api_key == ""
    caller.run(client.chat.completions.create(**HI))
    assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer sk-1", "Bearer sk-2"]
    assert client.api_key == "sk-2"


def test_error_of_a_callable_key_passes_through(caller: Caller) -> None:
    def broken() -> str:
        raise LookupError("no key today")

    client = caller.client("http://127.0.0.1:1/v1", api_key=broken)
    with pytest.raises(LookupError, match="no key today"):
        caller.run(client.models.list())


def test_async_key_on_the_sync_client_is_refused() -> None:
    async def source() -> str:
        return "k"

    client = OpenAI(api_key=source)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match="AsyncOpenAI"):
        client.models.list()


def test_key_with_a_line_break_is_refused_without_showing_it(caller: Caller) -> None:
    client = caller.client("http://127.0.0.1:1/v1", api_key="sk-secret\n")
    with pytest.raises(ValueError, match="authorization") as caught:
        caller.run(client.models.list())
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("cls", [OpenAI, AsyncOpenAI])
def test_repr_does_not_show_the_key(cls: Any) -> None:
    assert (
        repr(cls(api_key="sk-secret", base_url="http://h/v1")) == f"{cls.__name__}(base_url='http://h/v1/')"
    )


# --- copies -----------------------------------------------------------------------------------------


def test_copy_changes_what_is_given_and_keeps_the_rest() -> None:
    client = OpenAI(
        api_key="k",
        base_url="http://h/v1",
        timeout=3,
        organization="o",
        default_headers={"A": "1"},
        max_retries=5,
    )
    other = client.with_options(timeout=None, default_headers={"B": "2"}, default_query={"q": "x"})
    assert (other.api_key, str(other.base_url), other.organization) == ("k", "http://h/v1/", "o")
    assert (other.timeout, other.max_retries) == (None, 5)
    assert {"a": "1", "b": "2"}.items() <= other.default_headers.items()
    assert other.default_query == {"q": "x"}
    assert (client.timeout, client.default_query) == (3, {})
    replaced = other.copy(set_default_headers={"C": "3"}, set_default_query={})
    assert "a" not in replaced.default_headers
    assert replaced.default_headers["c"] == "3"
    assert replaced.default_query == {}
    assert client.copy(max_retries=0).max_retries == 0


def test_copy_that_adds_and_replaces_is_refused() -> None:
    with pytest.raises(ValueError, match="default_headers"):
        OpenAI().copy(default_headers={}, set_default_headers={})
    with pytest.raises(ValueError, match="default_query"):
        OpenAI().copy(default_query={}, set_default_query={})


def test_copies_share_connections_and_closing(play: Callable[..., ScriptedServer], caller: Caller) -> None:
    server = play([http(body=MODELS)])
    client = caller.client(server.url)
    other = client.with_options(timeout=5)
    caller.run(client.models.list())
    caller.run(other.models.list())
    caller.run(client.with_options(max_retries=1).models.list())
    assert server.num_connections == 1
    caller.run(other.close())
    assert client.is_closed()
    assert other.is_closed()


def test_call_after_close_raises_runtime_error(play: Callable[..., ScriptedServer], caller: Caller) -> None:
    client = caller.client(play([http(body=MODELS)]).url)
    caller.run(client.models.list())
    caller.run(client.close())
    caller.run(client.close())
    with pytest.raises(RuntimeError, match="closed") as caught:
        caller.run(client.models.list())
    assert isinstance(caught.value, martlet.OpenAIError)


def test_context_manager_closes(play: Callable[..., ScriptedServer]) -> None:
    with OpenAI(base_url=play([http(body=MODELS)]).url) as client:
        client.models.list()
    assert client.is_closed()


@pytest.mark.parametrize(
    "clone", [copy.copy, copy.deepcopy, lambda client: pickle.loads(pickle.dumps(client))]
)
def test_pickled_client_keeps_its_settings(
    clone: Callable[[Any], Any], play: Callable[..., ScriptedServer]
) -> None:
    server = play([http(body=MODELS)])
    with OpenAI(
        api_key="k", base_url=server.url, timeout=martlet.Timeout(9, connect=1), project="p"
    ) as client:
        client.models.list()
        with clone(client) as other:
            assert (other.api_key, other.timeout, other.project) == ("k", martlet.Timeout(9, connect=1), "p")
            other.models.list()
    assert server.num_connections == 2


def test_given_transport_is_used_and_closed(play: Callable[..., ScriptedServer]) -> None:
    from martlet.client.transport import HTTPTransport

    class Counting(HTTPTransport):
        num_sent = 0
        is_closed = False

        def send(self, request: Any) -> Any:
            self.num_sent += 1
            return super().send(request)

        def close(self) -> None:
            self.is_closed = True
            super().close()

    transport = Counting()
    with OpenAI(base_url=play([http(body=MODELS)]).url, http_client=transport) as client:
        client.models.list()
        client.copy(timeout=1).models.list()
    assert transport.num_sent == 2
    assert transport.is_closed


def test_environment_headers_are_sent(
    play: Callable[..., ScriptedServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-A: 1\nnonsense\nX-B: a:b")
    server = play([http(body=MODELS)])
    with SyncCaller() as caller:
        caller.client(server.url, default_headers={"x-a": "2"}).models.list()
    assert server.seen[0].headers["x-a"] == "2"
    assert server.seen[0].headers["x-b"] == "a:b"
