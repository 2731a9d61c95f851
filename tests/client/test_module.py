"""`martlet.api_key = ...; martlet.chat.completions.create(...)`: the module as a client."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import martlet
from martlet.client import module
from martlet.client.module import SETTINGS
from martlet.client.transport import HTTPTransport, Request
from tests.client.callers import HI
from tests.client.scripted import CHAT, MODELS, ScriptedServer, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]


@pytest.fixture(autouse=True)
def fresh_module(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in SETTINGS:
        monkeypatch.setattr(martlet, name, getattr(martlet, name))
    martlet._reset_client()
    yield
    if module._made is not None:
        module._made[1].close()
    martlet._reset_client()


def test_settings_are_read_at_each_use(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = play([http(body=CHAT)]), play([http(body=CHAT)])
    chat = martlet.chat
    martlet.base_url, martlet.api_key = first.url, "one"
    assert chat.completions.create(**HI).id == CHAT["id"]
    martlet.api_key, martlet.organization, martlet.project = "two", "o", "p"
    martlet.chat.completions.create(**HI)
    martlet.base_url = second.url
    martlet.default_headers = {"x-a": "1"}
    martlet.default_query = {"q": "w"}
    chat.completions.create(**HI)
    assert [seen.headers["authorization"] for seen in first.seen] == ["Bearer one", "Bearer two"]
    assert first.seen[1].headers["openai-organization"] == "o"
    assert first.seen[1].headers["openai-project"] == "p"
    assert second.seen[0].headers["x-a"] == "1"
    assert second.seen[0].target == "/v1/chat/completions?q=w"


def test_setting_changed_in_place_is_noticed(play: Play) -> None:
    server = play([http(body=MODELS)])
    headers = {"x-a": "1"}
    martlet.base_url, martlet.default_headers = server.url, headers
    martlet.models.list()
    headers["x-a"] = "2"
    martlet.models.list()
    assert [seen.headers["x-a"] for seen in server.seen] == ["1", "2"]


def test_connections_outlive_a_change_of_key(play: Play) -> None:
    server = play([http(body=MODELS)])
    martlet.base_url = server.url
    for key in ("a", "b", "c"):
        martlet.api_key = key
        assert [model.id for model in martlet.models.list()] == ["tiny", "lora"]
    assert server.num_connections == 1


def test_retries_and_timeout_are_the_modules(play: Play) -> None:
    server = play([http(503)])
    martlet.base_url, martlet.max_retries, martlet.timeout = server.url, 0, 5.0
    with pytest.raises(martlet.InternalServerError):
        martlet.models.list()
    assert len(server.seen) == 1
    martlet.timeout = "soon"  # type: ignore[assignment]  # what a user may do
    with pytest.raises(TypeError, match="timeout"):
        martlet.models.list()


def test_key_may_be_a_callable(play: Play) -> None:
    server = play([http(body=MODELS)])
    keys = iter("ab")
    martlet.base_url, martlet.api_key = server.url, lambda: next(keys)
    martlet.models.list()
    martlet.models.list()
    assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer a", "Bearer b"]


def test_environment_fills_in_what_is_not_set(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    server = play([http(body=MODELS)])
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "from-env")
    martlet.models.list()
    assert server.seen[0].headers["authorization"] == "Bearer from-env"


def test_transport_may_be_given(play: Play) -> None:
    class Counting(HTTPTransport):
        count = 0

        def send(self, request: Request) -> Any:
            self.count += 1
            return super().send(request)

    server = play([http(body=MODELS)])
    martlet.base_url = server.url
    martlet.models.list()
    martlet.http_client = counting = Counting()
    martlet.models.list()
    assert counting.count == 1
    assert server.num_connections == 2
    counting.close()


def test_base_url_needs_no_slash_unlike_officially(play: Play) -> None:
    server = play([http(body=MODELS)])
    for url in (server.url, f"{server.url}/"):
        martlet.base_url = url
        martlet.models.list()
    assert {seen.target for seen in server.seen} == {"/v1/models"}


def test_raw_responses_follow_the_settings_too(play: Play) -> None:
    server = play([http(body=CHAT, x_y="z")])
    raw = martlet.chat.completions.with_raw_response
    martlet.base_url, martlet.api_key = server.url, "late"
    answer = raw.create(**HI)
    assert answer.headers["x-y"] == "z"
    assert answer.parse().id == CHAT["id"]
    assert server.seen[0].headers["authorization"] == "Bearer late"


def test_every_resource_of_a_client_is_one_of_the_module() -> None:
    from functools import cached_property

    names = {name for name, value in vars(martlet.OpenAI).items() if isinstance(value, cached_property)}
    assert names == set(martlet._RESOURCES)
    for name in names:
        assert type(getattr(martlet, name)) is type(getattr(martlet.OpenAI(), name))
        assert name in dir(martlet)
        assert name == "vllm" or hasattr(openai, name)


def test_settings_have_the_official_names() -> None:
    for name in SETTINGS:
        assert hasattr(openai, name), name


def test_import_builds_nothing() -> None:
    code = "import sys, martlet; martlet.api_key = 'k'; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in result.stdout.split() if name.startswith("martlet")] == ["martlet"]
