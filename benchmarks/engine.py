"""The engine's speed beside its peers', row by row, with the bar of each row: `python -m benchmarks.engine`.

    --llama VENV ...   environments with `pip install llama-cpp-python gguf`; the fastest counts in each row
    --vllm VENV        an environment with vLLM for CPUs

The model has random weights and a real model's shape (benchmarks/random_llama.py). Each program is a process
of its own, which loads the model once and has a turn in every round. Figures are medians over the rounds.

llama.cpp measures each row first in every way that it can be run: from each environment, with flash attention
and without, with repacked weights ("extra buffers") and without. The best of these meets us. Its KV cache is
float16; ours is float32 beside bf16 weights and bfloat16 beside rounded ones, as by default, and the other
way in rows that say so. vLLM runs in float32 without compiling.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.engine_workers import Case
from benchmarks.random_engine import model_arguments
from benchmarks.turns import Worker, WorkerStopped

DECODE_1 = Case("decode")
DECODE_16 = Case("decode", streams=16)
PREFILL_512 = Case("prefill", context=512)
CONTEXT_4000 = Case("decode", context=4000, steps=16)
SAME_FORMAT = {"bf16": "llama.cpp bf16", "int8": "llama.cpp q8_0", "int4": "llama.cpp q4_0"}
OWN_READ = "plain read"


@dataclass(frozen=True)
class Row:
    """One case, our figure in it, and what it must be as a ratio to a peer's."""

    name: str
    variant: str
    case: Case
    bars: Mapping[str, float] = field(default_factory=dict)
    """By peer, the least ratio. 0: no bar."""
    at_most: float | None = None
    """In place of `bars`: what our own figure, a share, may be."""
    at_least: float | None = None
    unit: str = "tok/s"


def rows() -> list[Row]:
    """The table, those of one format together."""
    bf16 = [
        Row("decode 1", "bf16", DECODE_1, {"llama.cpp bf16": 1.4}),
        Row("decode 16", "bf16", DECODE_16, {"llama.cpp bf16": 2.0, "vLLM f32": 4.0}),
        Row("prefill 512", "bf16", PREFILL_512, {"llama.cpp bf16": 1.5, "llama.cpp f16": 1.0, "vLLM f32": 0}),
        Row("context 4000", "bf16", CONTEXT_4000, {"llama.cpp bf16": 1.6}),
        bandwidth("bf16"),
        Row("prefix hits", "bf16", Case("prefix_hits"), at_least=0.95),
        Row("prefix wait", "bf16", Case("prefix_wait"), at_most=0.05),
        *(
            Row("overhead", "bf16", Case("overhead", params=params), at_most=0.05)
            for params in ("greedy", "temperature", "top_p 0.95")
        ),
        with_cache("bfloat16", Row("context 4000", "bf16 kv-bf16", CONTEXT_4000, {"llama.cpp bf16": 0})),
    ]
    int8 = [
        Row("decode 1", "int8", DECODE_1, {"llama.cpp q8_0": 1.6}),
        Row("decode 16", "int8", DECODE_16, {"llama.cpp q8_0": 2.6, "vLLM f32": 4.0}),
        Row("prefill 512", "int8", PREFILL_512, {"llama.cpp q8_0": 2.0}),
        bandwidth("int8"),
        Row("context 4000", "int8", CONTEXT_4000, {"llama.cpp q8_0": 2.5}),
        with_cache("float32", Row("context 4000", "int8 kv-f32", CONTEXT_4000, {"llama.cpp q8_0": 0})),
    ]
    int4 = [
        Row("decode 1", "int4", DECODE_1, {"llama.cpp q4_0": 1.3}),
        Row("decode 16", "int4", DECODE_16, {"llama.cpp q4_0": 1.3}),
        Row("prefill 512", "int4", PREFILL_512, {"llama.cpp q4_0": 0}),
        bandwidth("int4"),
    ]
    return bf16 + int8 + int4


def bandwidth(variant: str) -> Row:
    case = Case("weights_read", steps=DECODE_1.steps)
    return Row("bandwidth", variant, case, {OWN_READ: 0.85}, unit="GB/s")


def with_cache(kv_cache_dtype: str, row: Row) -> Row:
    return dataclasses.replace(row, case=dataclasses.replace(row.case, kv_cache_dtype=kv_cache_dtype))


# --- programs -----------------------------------------------------------------------------------------


@dataclass
class Environment:
    """Where programs are, and the worker processes that run now."""

    folder: Path
    threads: int
    pythons: dict[str, list[str]]
    """Of each program: interpreters that have it."""
    workers: dict[tuple[str, str], Worker] = field(default_factory=dict)
    best: dict[tuple[str, Case], Turn] = field(default_factory=dict)
    """Of a program and a case: how it is run fastest."""

    def measure(self, program: str, python: str, case: Case) -> float:
        """Raises WorkerStopped; the next call then starts another process."""
        key = program, python
        if key not in self.workers:
            module = "benchmarks.engine_workers"
            self.workers[key] = Worker(program, python, module, self.folder, self.threads)
        try:
            return self.workers[key].measure(case.line())
        except WorkerStopped:
            self.workers.pop(key).close()
            raise

    def close(self, kept: Sequence[str] = ()) -> None:
        """End all processes but those of the programs `kept`."""
        for key in [key for key in self.workers if key[0] not in kept]:
            self.workers.pop(key).close()


@dataclass
class Turn:
    """A program's part in a row."""

    program: str
    python: str
    case: Case
    way: str = ""
    figures: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.figures)


def best_turn(environment: Environment, program: str, case: Case) -> Turn | None:
    """Return a peer's turn in the way that is fastest, warm. None if there is none."""
    case = dataclasses.replace(case, kv_cache_dtype="auto")  # ours
    if (program, case) not in environment.best:
        tried = list(try_ways(environment, program, case))
        if not tried:
            return None
        environment.best[program, case] = max(tried, key=lambda pair: pair[0])[1]
    turn = dataclasses.replace(environment.best[program, case], figures=[])
    environment.measure(program, turn.python, turn.case)
    return turn


def try_ways(environment: Environment, program: str, case: Case) -> Iterator[tuple[float, Turn]]:
    """Run a peer in each way that it can be; yield its figure, warm, and the way.

    With extra buffers it either stops or does not: with flash attention as without.
    """
    stopping: set[tuple[str, bool]] = set()
    for turn in ways(environment, program, case):
        buffers = turn.python, turn.case.extra_buffers
        if buffers in stopping:
            continue
        try:
            environment.measure(program, turn.python, turn.case)
            figure = environment.measure(program, turn.python, turn.case)
        except WorkerStopped as stopped:
            stopping.add(buffers)
            print(f"  {program} {turn.way}: {stopped}", file=sys.stderr)
        else:
            yield figure, turn


def ways(environment: Environment, program: str, case: Case) -> Iterator[Turn]:
    name = program.split()[0]
    for number, python in enumerate(environment.pythons.get(name, [])):
        if name != "llama.cpp":
            yield Turn(program, python, case)
            continue
        for extra, flash in itertools.product((True, False), (True, False)):
            chosen = [f"build {number + 1}", *["extra"] * extra, *["flash"] * flash]
            way = dataclasses.replace(case, extra_buffers=extra, flash=flash)
            yield Turn(program, python, way, ", ".join(chosen))


# --- the run ------------------------------------------------------------------------------------------


def run_row(
    environment: Environment, row: Row, rounds: int, later: Sequence[Row] = ()
) -> list[dict[str, Any]]:
    """Measure a row in turn with its peers; return a result for each bar.

    What rows `later` need and is slow to start runs on meanwhile, idle.
    """
    program = f"martlet {row.variant.split()[0]}"
    peers_ahead = {peer for each in (row, *later) for peer in each.bars}
    environment.close(kept=[program, *(peer for peer in peers_ahead if peer.startswith("vLLM"))])
    ours = Turn(program, sys.executable, row.case)
    peers: dict[str, Turn] = {}
    for peer in row.bars:
        if peer == OWN_READ:
            peers[peer] = Turn(program, sys.executable, dataclasses.replace(row.case, kind="plain_read"))
        elif (turn := best_turn(environment, peer, row.case)) is not None:
            peers[peer] = turn
    environment.measure(ours.program, ours.python, ours.case)  # warm-up
    for _ in range(rounds):
        for turn in (ours, *peers.values()):
            turn.figures.append(environment.measure(turn.program, turn.python, turn.case))
    return list(results(row, ours, peers))


def results(row: Row, ours: Turn, peers: Mapping[str, Turn]) -> Iterator[dict[str, Any]]:
    common: dict[str, Any] = {"row": row.name, "format": row.variant, "unit": row.unit}
    common |= {"case": dataclasses.asdict(row.case), "ours": ours.figures}
    if row.at_most is not None:
        yield {**common, "ratio": ours.median, "at_most": row.at_most, "met": ours.median <= row.at_most}
    if row.at_least is not None:
        yield {**common, "ratio": ours.median, "at_least": row.at_least, "met": ours.median >= row.at_least}
    for peer, bar in row.bars.items():
        turn = peers.get(peer)
        if turn is None:
            yield {**common, "peer": peer, "ratio": None, "at_least": bar, "met": None}
            continue
        ratio = ours.median / turn.median
        theirs = {"peer": peer, "way": turn.way, "theirs": turn.figures}
        yield {**common, **theirs, "ratio": ratio, "at_least": bar, "met": ratio >= bar if bar else None}


HEADER = f"{'':13}{'':14}{'martlet':>9}  {'peer':16}{'':>9}  {'ratio':>7}  {'bar':9}"


def line_of(result: Mapping[str, Any]) -> str:
    name = result["row"]
    if name == "overhead":
        name = result["case"]["params"]
    bar = ""
    if result.get("at_least"):
        bar = f">= {result['at_least']:.2f}"
    elif "at_most" in result:
        bar = f"<= {result['at_most']:.2f}"
    verdict = {True: "met", False: "NOT MET", None: ""}[result["met"]]
    start = f"{name:13}{result['format']:14}"
    if "peer" not in result:
        return f"{start}{'':38}{result['ratio']:7.3f}  {bar:9}{verdict}"
    scale = 1e9 if result["unit"] == "GB/s" else 1
    mine = statistics.median(result["ours"]) / scale
    if result["ratio"] is None:
        return f"{start}{mine:9.1f}  {result['peer']:16}not measured: it is not here, or it stopped"
    theirs = statistics.median(result["theirs"]) / scale
    compared = f"{mine:9.1f}  {result['peer']:16}{theirs:9.1f}"
    return f"{start}{compared}  {result['ratio']:6.2f}x  {bar:9}{verdict:8}{result['way']}"


def summary_of(found: Sequence[Mapping[str, Any]]) -> str:
    verdicts = [result["met"] for result in found]
    unmet = [f"{result['row']} {result['format']}" for result in found if result["met"] is False]
    return f"{verdicts.count(True)} bars met, {len(unmet)} not{': ' * bool(unmet)}{', '.join(unmet)}"


class Table:
    """Lines that are printed as they come, and written to a file if one is wanted."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        if path is not None:
            path.write_text("")

    def add(self, line: str) -> None:
        print(line, flush=True)
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(line + "\n")


def cpu_name() -> str:
    """What the system calls the processor."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def shape_name(arguments: argparse.Namespace) -> str:
    """The model's folder, if one was given, else its shape."""
    return str(arguments.model.name if arguments.model else arguments.shape)


def chosen_rows(patterns: Sequence[str]) -> list[Row]:
    """Rows of which a pattern says the name, or name and format."""
    return [
        row
        for row in rows()
        if not patterns or {row.name, row.variant, f"{row.name} {row.variant}"} & set(patterns)
    ]


def prepare(folder: Path, shape: str, python: str, has_gguf: bool) -> None:
    command = [python, "-m", "benchmarks.random_llama", str(folder), "--shape", shape]
    command += ["--gguf"] * has_gguf
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def parse_arguments() -> argparse.Namespace:
    parser = model_arguments(__doc__)
    parser.add_argument("--llama", metavar="VENV", type=Path, nargs="+", default=[])
    parser.add_argument("--vllm", metavar="VENV", type=Path)
    names = dict.fromkeys(name for row in rows() for name in (row.name, row.variant))
    parser.add_argument(
        "--rows",
        nargs="+",
        default=[],
        metavar="NAME",
        help=f"only these: {', '.join(names)}, or two together",
    )
    parser.add_argument("--output", type=Path, help="write the table there too, line by line")
    parser.add_argument("--json", type=Path, help="write every round's figures there")
    arguments = parser.parse_args()
    if not chosen_rows(arguments.rows):
        parser.error(f"no rows named {', '.join(arguments.rows)}")
    return arguments


def main() -> None:
    from martlet.engine.kernels import load

    arguments = parse_arguments()
    llama = [str(venv / "bin" / "python") for venv in arguments.llama]
    vllm = [str(arguments.vllm / "bin" / "python")] if arguments.vllm else []
    kernels = load().name
    chosen, table, started = chosen_rows(arguments.rows), Table(arguments.output), time.monotonic()
    where = f"{cpu_name()}, {arguments.threads} threads"
    table.add(
        f"{shape_name(arguments)}, {where}, our kernels: {kernels}; medians of {arguments.rounds} rounds"
    )
    table.add(HEADER)
    all_results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as scratch:
        folder = arguments.model or Path(scratch)
        if arguments.model is None:
            prepare(folder, arguments.shape, (llama or [sys.executable])[0], bool(llama))
        pythons = {"llama.cpp": llama, "vLLM": vllm}
        environment = Environment(folder, arguments.threads, pythons)
        try:
            for number, row in enumerate(chosen, 1):
                for result in run_row(environment, row, arguments.rounds, chosen[number:]):
                    table.add(line_of(result))
                    all_results.append(result)
        finally:
            environment.close()
    table.add(f"{summary_of(all_results)}, in {time.monotonic() - started:.0f} s")
    if arguments.json:
        summary = {"shape": arguments.shape, "threads": arguments.threads, "kernels": kernels}
        arguments.json.write_text(json.dumps({**summary, "results": all_results}, indent=1))


if __name__ == "__main__":
    main()
