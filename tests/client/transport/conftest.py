"""Peers and callers that end with the test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.client.transport.peer import Caller, Peer, Script, new_caller


@pytest.fixture
def listen() -> Iterator[Callable[..., Peer]]:
    """`listen(script)`: a server that runs `script(link)` for each connection."""
    with contextlib.ExitStack() as stack:

        def start(script: Script, **options: Any) -> Peer:
            peer = Peer(script, **options)
            stack.callback(peer.close)
            return peer

        yield start


@pytest.fixture(params=["sync", "asyncio", "uvloop"])
def flavour(request: pytest.FixtureRequest) -> str:
    if request.param == "uvloop":
        pytest.importorskip("uvloop")
    return str(request.param)


@pytest.fixture
def make_caller(flavour: str) -> Iterator[Callable[..., Caller]]:
    with contextlib.ExitStack() as stack:

        def make(**options: Any) -> Caller:
            caller = new_caller(flavour, **options)
            stack.callback(caller.close)
            return caller

        yield make


@pytest.fixture
def caller(make_caller: Callable[..., Caller]) -> Caller:
    return make_caller()
