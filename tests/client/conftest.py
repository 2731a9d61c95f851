"""Servers that play scripts, and the same words for both kinds of client."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.client.callers import AsyncCaller, Caller, SyncCaller
from tests.client.scripted import PATIENCE_S, Scene, ScriptedServer, Seen


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_ORG_ID",
        "OPENAI_PROJECT_ID",
        "OPENAI_CUSTOM_HEADERS",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def patient_staleness(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server's idle close may be seen later than on a quiet machine."""
    monkeypatch.setattr("martlet.client.exchange.STALE_WINDOW_S", 20.0)


@pytest.fixture
def patient_drain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams wait for the end of their body as long as a busy server may take, to keep the connection."""
    monkeypatch.setattr("martlet.client.streaming.DRAIN_S", PATIENCE_S)


@pytest.fixture
def play() -> Iterator[Callable[..., ScriptedServer]]:
    """`play(scene, scene, ...)`: a server that plays them until the test ends."""
    with contextlib.ExitStack() as stack:

        def start(*scenes: Scene | Callable[[Seen], Scene]) -> ScriptedServer:
            return stack.enter_context(ScriptedServer(*scenes))

        yield start


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """The same words for both clients; closes what it made."""
    with SyncCaller() if request.param == "sync" else AsyncCaller() as made:
        yield made
