"""What the official package has and Martlet has not fails with a reason, and nothing else does."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

import martlet
from martlet.client import left_out

openai = pytest.importorskip("openai")

CLIENTS = [martlet.OpenAI, martlet.AsyncOpenAI]


@pytest.mark.parametrize("make", CLIENTS)
def test_every_resource_that_is_left_out_says_why(make: Any) -> None:
    official = openai.OpenAI(api_key="k", admin_api_key="k")
    client = make()
    missing = [name for name in dir(type(official)) if name[0] != "_" and not hasattr(client, name)]
    assert {"webhooks", "vector_stores", "realtime", "admin"} <= set(missing)
    for name in missing:
        if name in left_out.RESOURCES:
            with pytest.raises(AttributeError, match=r"left out \(.*client\.get\(\)"):
                getattr(client, name)


@pytest.mark.parametrize("make", CLIENTS)
@pytest.mark.parametrize("path", ["audio.voices", "beta.assistants", "beta.threads", "responses.connect"])
def test_parts_of_resources_say_why_too(make: Any, path: str) -> None:
    resource, name = path.split(".")
    with pytest.raises(AttributeError, match="left out") as caught:
        getattr(getattr(make(), resource), name)
    assert caught.value.name == name


@pytest.mark.parametrize("name", [*left_out.NAMES, "webhooks", "admin_api_key"])
def test_names_of_the_package_say_why(name: str) -> None:
    with pytest.raises(AttributeError, match=f"no attribute '{name}': "):
        getattr(martlet, name)


def test_names_that_nobody_has_are_plainly_missing() -> None:
    client = martlet.OpenAI()
    owners: list[Any] = [client, client.chat, client.chat.completions, martlet]
    for owner in owners:
        with pytest.raises(AttributeError, match=r"no attribute 'nonsense'$"):
            owner.nonsense  # noqa: B018  # the look is the test
        with pytest.raises(AttributeError, match=r"no attribute '__nonsense__'$"):
            getattr(owner, "__nonsense__")  # noqa: B009


def test_clients_are_still_copied_and_pickled() -> None:
    client = martlet.OpenAI(api_key="k")
    for twin in (copy.copy(client), copy.deepcopy(client), pickle.loads(pickle.dumps(client))):
        assert twin.api_key == "k"


def test_settings_that_are_left_out_are_the_official_ones() -> None:
    ours = inspect.signature(martlet.OpenAI).parameters.keys()
    theirs = inspect.signature(openai.OpenAI).parameters.keys()
    assert theirs - ours == left_out.SETTINGS.keys()
    make: Any = martlet.OpenAI
    for name in left_out.SETTINGS:
        with pytest.raises(TypeError, match=name):
            make(**{name: "x"})


def test_public_names_are_the_official_ones_or_left_out() -> None:
    """The rest are types of libraries that Martlet does not build on, and of sockets and drivers."""
    others = {
        "AsyncComputerDriver", "AsyncComputerToolset", "ComputerDriver", "ComputerToolset", "DataResidency",
        "OAuthError", "ProxiesTypes", "ReconnectingEvent", "ReconnectingOverrides", "Transport",
        "WebSocketConnectionClosedError", "WebSocketQueueFullError",
    }  # fmt: skip
    missing = {name for name in openai.__all__ if name[0] != "_" and not hasattr(martlet, name)}
    assert missing <= others | left_out.NAMES.keys()


def test_file_from_path_is_the_official_one(tmp_path: Any) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    assert martlet.file_from_path(str(path)) == openai.file_from_path(str(path)) == ("a.txt", b"x")
