"""Small versions of `python -m benchmarks.soak`: the counts must hold; no time is asserted."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from benchmarks import soak

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts sockets in /proc")


@pytest.fixture(scope="module")
def server() -> Iterator[soak.Server]:
    with soak.started() as made:
        yield made


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_mixed_calls_leave_nothing_behind(server: soak.Server, kind: str) -> None:
    mixed = soak.mixed_sync if kind == "sync" else soak.mixed_async
    result = mixed(server, 240)
    assert result.wrong == {}
    assert result.twice == []
    leaks = [after - before for before, after in zip(result.before, result.after, strict=True)]
    assert max(leaks[1:]) <= 0  # sockets, threads, tasks; those of tests before this one may end meanwhile


def test_server_sees_every_cancellation(server: soak.Server) -> None:
    result = soak.cancellations(server, 200)
    assert result.unseen == 0
    assert result.sockets_left <= 0  # those of tests before this one may end meanwhile


def test_interpreters_exit_in_silence(server: soak.Server) -> None:
    assert soak.exits(server, 2).loud == []


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_idle_connections_that_close_are_no_error_and_run_nothing_twice(
    server: soak.Server, kind: str
) -> None:
    paced = soak.paced_sync if kind == "sync" else soak.paced_async
    result = paced(server, 128, 16)
    assert result.errors == {}
    assert result.twice == []
    assert result.executed == 128
    assert result.idle_closed > 0
