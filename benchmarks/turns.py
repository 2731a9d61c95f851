"""Programs that measure in turn: each is a process of its own, which loads what it needs once."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def work(measure: Callable[[str], float]) -> None:
    """Be a worker: a case's name per line in, its figure per line out."""
    for line in sys.stdin:
        print(json.dumps(measure(line.strip())), flush=True)


class Worker:
    """A program that has loaded the model and measures on request."""

    def __init__(self, name: str, python: str, module: str, folder: Path, threads: int) -> None:
        """`module` is the benchmark, which calls `work` when it gets --worker NAME."""
        self.name = name
        command = [python, "-m", module, "--worker", name]
        command += ["--model", str(folder), "--threads", str(threads)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def measure(self, case_name: str) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(case_name + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} stopped with exit code {self.process.wait()}")
        return float(json.loads(line))


def compare(workers: list[Worker], cases: Sequence[str], rounds: int) -> dict[tuple[str, str], float]:
    """Return the median figure of each worker in each case, measured in turn."""
    figures: dict[tuple[str, str], list[float]] = {}
    for case_name in cases:
        for worker in workers:
            worker.measure(case_name)  # warm-up
        for _ in range(rounds):
            for worker in workers:
                figures.setdefault((worker.name, case_name), []).append(worker.measure(case_name))
    return {key: statistics.median(values) for key, values in figures.items()}
