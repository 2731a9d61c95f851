"""The client's cost beside the official one's: `python -m benchmarks.client [--runs N] [--only TEXT]`.

Every figure is measured in a process of its own against a server that answers at once, the packages in turn;
the table shows medians, their ratio, and our goal. CPU is the client process's user and system time.

- added: of a call's wall time, what a bare exchange of the same bytes over a socket does not take
- at once: calls by a fresh client with its default settings; client and server may open as many sockets as
  the system lets them (the official client needs that for 1000)
- + logprobs, + all fields, + lists, + NumPy: decoding or call, and reading what it brought
Needs: pip install openai uvloop numpy
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmarks import canned_server, measurements
from benchmarks.measurements import Figures, Sizes

Runs = dict[str, dict[str, list[Figures]]]
PACKAGES = ("martlet", "openai")
HIGHER_IS_BETTER = ("calls/s", "% of 64")
START_UP = """
import sys, time
modules, wall, cpu = len(sys.modules), time.perf_counter(), time.process_time()
from {package} import OpenAI
OpenAI(api_key="EMPTY", base_url="{url}").chat.completions
wall, cpu, modules = time.perf_counter() - wall, time.process_time() - cpu, len(sys.modules) - modules
import json, resource
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"wall ms": wall * 1e3, "CPU ms": cpu * 1e3, "MB": peak, "modules": modules}}))
"""
"""Import, client object, first attribute: a program of its own, so that nothing is imported before."""


class Row(NamedTuple):
    """A kind of measurement, and the goals for its figures."""

    measure: Callable[[str, str, Sizes], Figures] | None
    sizes: Sizes = Sizes()
    goals: Figures | None = None
    share_of: str = ""
    """Another row: this one's calls/s are shown as percents of that one's."""


def at_once(num_calls: int) -> dict[str, Row]:
    some, all_ = f"{num_calls} calls, 64 in flight", f"{num_calls} calls at once"
    measure = measurements.calls_at_once
    return {
        some: Row(measure, Sizes(burst=num_calls)),
        all_: Row(
            measure, Sizes(burst=num_calls, in_flight=num_calls), {"failed": 0, "% of 64": 90}, share_of=some
        ),
    }


ROWS: dict[str, Row] = {
    "start-up": Row(None, goals={"wall ms": 60, "MB": 25}),
    "sync call": Row(measurements.sync_calls, goals={"CPU us": 120}),
    "async call, 64 in flight": Row(measurements.async_calls, goals={"CPU us": 130}),
    "async call, 64 in flight, uvloop": Row(
        measurements.async_calls, Sizes(uvloop=True), goals={"CPU us": 110}
    ),
    "streamed chunk, 400 paced streams": Row(measurements.paced_streams, goals={"CPU us": 60}),
    "streamed chunk, 400 paced streams, uvloop": Row(
        measurements.paced_streams, Sizes(uvloop=True), goals={"CPU us": 25}
    ),
    "sync call, latency in us": Row(measurements.latency, goals={"added p50": 180, "added p99": 500}),
    **at_once(1000),
    **at_once(4000),
    "reply of 32k tokens, logprobs": Row(measurements.logprobs, Sizes(repeats=9), {"decode CPU ms": 8}),
    "reply of 32k tokens, 5 top_logprobs": Row(measurements.logprobs, Sizes(rivals=5)),
    "streamed chunk, 5 top_logprobs": Row(measurements.streamed_logprobs, Sizes(rivals=5, chunks=2000)),
    "embeddings 2048 x 1536": Row(measurements.embeddings, Sizes(repeats=5)),
}


def groups(text: str) -> list[list[str]]:
    """Names of the rows with `text` in them; those that are compared with each other come together."""
    found: dict[str, list[str]] = {}
    for name, row in ROWS.items():
        if text in name:
            found.setdefault(row.share_of or name, []).append(name)
    return list(found.values())


def measure(name: str, package: str, url: str) -> Figures:
    if ROWS[name].measure is None:
        command = [sys.executable, "-c", START_UP.format(package=package, url=url)]
    else:
        command = [sys.executable, "-m", "benchmarks.client"]
        command += ["--measure", name, "--package", package, "--url", url]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: Figures = json.loads(finished.stdout)
    return result


class Table:
    """The medians so far, printed row by row."""

    def __init__(self) -> None:
        self._medians: dict[str, dict[str, Figures]] = {}
        print(f"{'':42} {'':13} {'martlet':>10} {'openai':>10} {'better by':>9} {'goal':>8}")

    def add(self, name: str, runs: dict[str, list[Figures]]) -> None:
        medians = self._medians[name] = {package: _medians(runs[package]) for package in PACKAGES}
        share_of = ROWS[name].share_of
        if share_of in self._medians:
            for package in PACKAGES:
                other = self._medians[share_of][package]["calls/s"]
                medians[package]["% of 64"] = medians[package]["calls/s"] / other * 100
        for figure, ours in medians["martlet"].items():
            theirs, goal = medians["openai"][figure], (ROWS[name].goals or {}).get(figure)
            print(f"{name:42} {figure:13} {ours:10.1f} {theirs:10.1f} {_ratio(figure, ours, theirs)}", end="")
            print("" if goal is None else f" {goal:4.0f} {_verdict(figure, ours, goal)}", flush=True)


def _medians(runs: Sequence[Figures]) -> Figures:
    return {figure: statistics.median(run[figure] for run in runs) for figure in runs[0]}


def _ratio(figure: str, ours: float, theirs: float) -> str:
    better, worse = (ours, theirs) if figure in HIGHER_IS_BETTER else (theirs, ours)
    ratio = better / worse if worse > 0 else math.nan
    return f"{ratio:8.1f}x" if math.isfinite(ratio) else "        -"


def _verdict(figure: str, ours: float, goal: float) -> str:
    is_met = ours >= goal if figure in HIGHER_IS_BETTER else ours <= goal
    return "met" if is_met else "not met"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="measurements of each kind for each package")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the rows with this in their names")
    parser.add_argument("--measure", choices=ROWS, help=argparse.SUPPRESS)
    parser.add_argument("--package", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        canned_server.allow_many_sockets()
        function, sizes = ROWS[arguments.measure][:2]
        assert function is not None
        print(json.dumps(function(arguments.package, arguments.url, sizes)))
        return
    table = Table()
    with canned_server.started() as url:
        for names in groups(arguments.only):
            runs: Runs = {name: {package: [] for package in PACKAGES} for name in names}
            for _ in range(arguments.runs):
                for name, package in itertools.product(names, PACKAGES):
                    runs[name][package].append(measure(name, package, url))
            for name in names:
                table.add(name, runs[name])


if __name__ == "__main__":
    main()
