"""Small versions of `python -m benchmarks.server_soak`: nothing is lost, and nothing is left behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from benchmarks import server_soak
from tests.servers import TINY_LLAMA

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts connections in /proc")


@pytest.fixture(scope="module")
def server() -> Iterator[server_soak.Server]:
    with server_soak.started(TINY_LLAMA) as made:
        server_soak.run_part(made, "malformed", 50)
        yield made


@pytest.mark.parametrize(
    ("part", "size"),
    [("malformed", 1000), ("killed", 150), ("half_closed", 60), ("idle", 300), ("mixed", 0.03)],
)
def test_rough_clients_lose_nothing_and_leave_nothing(
    part: str, size: float, server: server_soak.Server
) -> None:
    result = server_soak.run_part(server, part, size)
    assert result.failures == []
    assert sum(result.found.values()) > 0
    assert server.process.poll() is None
