"""Small versions of what `python -m benchmarks.client` measures: that it measures, not what."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from benchmarks import canned_replies, canned_server, client, measurements
from benchmarks.measurements import Sizes
from tests.client.scripted import ScriptedServer, http

pytest.importorskip("openai")
pytest.importorskip("numpy")

SMALL = Sizes(
    sync_calls=3,
    async_calls=7,
    in_flight=3,
    exchanges=5,
    streams=3,
    chunks=4,
    interval_ms=1,
    burst=5,
    tokens=10,
    rivals=2,
    vectors=3,
    dimensions=4,
    repeats=1,
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with canned_server.started() as found:
        yield found


@pytest.mark.parametrize("package", client.PACKAGES)
@pytest.mark.parametrize("name", [name for name, row in client.ROWS.items() if row.measure is not None])
def test_row_is_measured_of_both_packages(url: str, name: str, package: str) -> None:
    row = client.ROWS[name]
    assert row.measure is not None
    figures = row.measure(package, url, SMALL)
    assert figures.keys() >= (row.goals or {}).keys() - {"% of 64"}
    assert figures.pop("failed", 0) == 0
    figures = {figure: value for figure, value in figures.items() if not figure.startswith("added")}
    assert all(value > 0 for value in figures.values())


def test_calls_are_shared_out() -> None:
    seen: list[int] = []

    async def create(**params: object) -> None:
        seen.append(1)

    asyncio.run(measurements._calls(create, 7, 3))
    asyncio.run(measurements._calls(create, 2, 3))
    assert len(seen) == 9


@pytest.mark.parametrize("package", client.PACKAGES)
def test_failed_calls_are_counted(play: Callable[..., ScriptedServer], package: str) -> None:
    good = http(body=canned_replies.REPLY)
    server = play(*[[good]] * 3, [http(400, body={"error": {"message": "no"}})])
    assert measurements.calls_at_once(package, server.url, SMALL)["failed"] == 3


def test_table_shows_shares_ratios_and_goals(capsys: pytest.CaptureFixture[str]) -> None:
    table = client.Table()
    for name, ours in (("1000 calls, 64 in flight", 200.0), ("1000 calls at once", 150.0)):
        figures = [{"failed": 0.0, "calls/s": value} for value in (ours, ours * 2, 1.0)]
        table.add(name, {"martlet": figures, "openai": [{"failed": 1.0, "calls/s": 50.0}]})
    out = " ".join(capsys.readouterr().out.split())
    assert "1000 calls at once % of 64 75.0 100.0 0.8x 90 not met" in out
    assert "1000 calls at once failed 0.0 1.0 - 0 met" in out
    assert "1000 calls at once calls/s 150.0 50.0 3.0x" in out


def test_rows_that_are_compared_are_measured_in_turn() -> None:
    assert client.groups("4000") == [["4000 calls, 64 in flight", "4000 calls at once"]]
    assert sorted(itertools.chain(*client.groups(""))) == sorted(client.ROWS)


def test_start_up_is_measured(url: str) -> None:
    figures = client.measure("start-up", "martlet", url)
    assert figures.keys() == {"wall ms", "CPU ms", "MB", "modules"}


def test_measurements_run_in_processes_of_their_own(url: str) -> None:
    command = [sys.executable, "-m", "benchmarks.client", "--measure", "sync call"]
    run = subprocess.run(
        [*command, "--package", "martlet", "--url", url], check=True, capture_output=True, text=True
    )
    assert json.loads(run.stdout).keys() == {"CPU us", "wall us"}
