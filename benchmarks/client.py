"""The client's cost beside the official one's: `python -m benchmarks.client [--runs N]`.

Every figure is measured in a process of its own against a server that answers at once, the packages in turn;
the table shows medians and their ratio. CPU is the client process's user and system time.
Needs: pip install openai
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from benchmarks.canned_server import CHUNKS

CALL: dict[str, Any] = {
    "model": "bench",
    "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Hello! How are you?"},
    ],
    "max_tokens": 64,
}
IN_FLIGHT = 64
SYNC_CALLS = 300
ASYNC_CALLS = 1280
BURST = 1000
STREAMS = 64
PACKAGES = ("martlet", "openai")
HIGHER_IS_BETTER = {"calls/s"}


# --- one measurement, in a process of its own -------------------------------------------------------


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


def sync_calls(package: str, url: str, loop: str) -> dict[str, float]:
    with importlib.import_module(package).OpenAI(api_key="EMPTY", base_url=url) as client:
        create = client.chat.completions.create
        for _ in range(20):
            create(**CALL)
        with measured() as took:
            for _ in range(SYNC_CALLS):
                create(**CALL)
    return {"CPU us": took["cpu"] / SYNC_CALLS * 1e6, "wall us": took["wall"] / SYNC_CALLS * 1e6}


def async_calls(
    package: str, url: str, loop: str, total: int = ASYNC_CALLS, in_flight: int = IN_FLIGHT
) -> dict[str, float]:
    async def main() -> dict[str, float]:
        async with importlib.import_module(package).AsyncOpenAI(api_key="EMPTY", base_url=url) as client:
            create = client.chat.completions.create

            async def worker(count: int) -> None:
                for _ in range(count):
                    await create(**CALL)

            if in_flight < total:
                await asyncio.gather(*[worker(2) for _ in range(in_flight)])
            with measured() as took:
                await asyncio.gather(*[worker(total // in_flight) for _ in range(in_flight)])
        return {"CPU us": took["cpu"] / total * 1e6, "calls/s": total / took["wall"]}

    return run(main, loop)


def burst(package: str, url: str, loop: str) -> dict[str, float]:
    """Many calls at once from a cold client with its default settings; a run that raises counts as failed."""
    try:
        return {"failed": 0.0, **async_calls(package, url, loop, BURST, BURST)}
    except Exception as error:  # noqa: BLE001  # any failure is the result here
        print(f"{package}: {type(error).__name__}: {error}", file=sys.stderr)
        return {"failed": 1.0}


def streamed_chunks(package: str, url: str, loop: str) -> dict[str, float]:
    async def main() -> dict[str, float]:
        async with importlib.import_module(package).AsyncOpenAI(api_key="EMPTY", base_url=url) as client:

            async def consume() -> int:
                count = 0
                async for chunk in await client.chat.completions.create(**CALL, stream=True):
                    count += chunk.choices[0].delta.content is not None
                return count

            assert await consume() == CHUNKS
            with measured() as took:
                counts = await asyncio.gather(*[consume() for _ in range(STREAMS)])
            assert counts == [CHUNKS] * STREAMS
        return {"CPU us": took["cpu"] / (STREAMS * CHUNKS) * 1e6}

    return run(main, loop)


def run(main: Callable[[], Coroutine[Any, Any, dict[str, float]]], loop: str) -> dict[str, float]:
    if loop == "uvloop":
        import uvloop

        return uvloop.run(main())
    return asyncio.run(main())


@contextlib.contextmanager
def measured() -> Iterator[dict[str, float]]:
    took: dict[str, float] = {}
    cpu, wall = time.process_time(), time.perf_counter()
    yield took
    took["cpu"], took["wall"] = time.process_time() - cpu, time.perf_counter() - wall


MEASUREMENTS: dict[str, tuple[Callable[[str, str, str], dict[str, float]], str]] = {
    "sync call": (sync_calls, "asyncio"),
    f"async call, {IN_FLIGHT} in flight": (async_calls, "asyncio"),
    f"async call, {IN_FLIGHT} in flight, uvloop": (async_calls, "uvloop"),
    f"streamed chunk, {STREAMS} paced streams": (streamed_chunks, "asyncio"),
    f"streamed chunk, {STREAMS} paced streams, uvloop": (streamed_chunks, "uvloop"),
    f"{BURST} calls at once, defaults": (burst, "asyncio"),
}


# --- all of them, in turn ---------------------------------------------------------------------------


@contextlib.contextmanager
def canned_server() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.canned_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.communicate()


def measure(name: str, package: str, url: str) -> dict[str, float]:
    if name == "start-up":
        command = [sys.executable, "-c", START_UP.format(package=package, url=url)]
    else:
        command = [sys.executable, "-m", "benchmarks.client"]
        command += ["--measure", name, "--package", package, "--url", url]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(finished.stdout)
    return result


def report(name: str, results: dict[str, list[dict[str, float]]]) -> None:
    figures = dict.fromkeys(figure for runs in results.values() for result in runs for figure in result)
    for figure in figures:
        medians = {}
        for package in PACKAGES:
            values = [result[figure] for result in results[package] if figure in result]
            medians[package] = statistics.median(values) if values else float("nan")
        ours, theirs = medians["martlet"], medians["openai"]
        better = ours / theirs if figure in HIGHER_IS_BETTER else theirs / ours if ours else float("nan")
        ratio = f"{better:8.1f}x" if math.isfinite(better) else "        -"
        print(f"{name:48} {figure:12} {ours:10.1f} {theirs:10.1f} {ratio}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="measurements of each kind for each package")
    parser.add_argument("--measure", choices=MEASUREMENTS, help=argparse.SUPPRESS)
    parser.add_argument("--package", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        function, loop = MEASUREMENTS[arguments.measure]
        print(json.dumps(function(arguments.package, arguments.url, loop)))
        return
    print(f"{'':48} {'':12} {'martlet':>10} {'openai':>10} {'better by':>9}")
    with canned_server() as url:
        for name in ("start-up", *MEASUREMENTS):
            results: dict[str, list[dict[str, float]]] = {package: [] for package in PACKAGES}
            for _ in range(arguments.runs):
                for package in PACKAGES:
                    results[package].append(measure(name, package, url))
            report(name, results)


if __name__ == "__main__":
    main()
