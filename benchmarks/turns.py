"""Programs that measure in turn: each is a process of its own, which loads what it needs once."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path


def work(measure: Callable[[str], float]) -> None:
    """Be a worker: a case's name per line in, its figure per line out.

    Whatever else is printed goes to standard error.
    """
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(measure(line.strip())), file=answers, flush=True)


class WorkerStopped(Exception):
    """A worker's process ended before it answered."""


class Worker:
    """A program that has loaded the model and measures on request."""

    def __init__(self, name: str, python: str, module: str, folder: Path, threads: int) -> None:
        """`module` is the benchmark, which calls `work` when it gets --worker NAME."""
        self.name = name
        command = [python, "-m", module, "--worker", name]
        command += ["--model", str(folder), "--threads", str(threads)]
        self._errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )

    def measure(self, case_name: str) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(case_name + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise WorkerStopped(f"{self.name} stopped with exit code {self.process.wait()}: {self._said()}")
        return float(json.loads(line))

    def close(self) -> None:
        self.process.terminate()
        self.process.communicate()
        self._errors.close()

    def _said(self) -> str:
        """Return the end of what it wrote to standard error."""
        self._errors.seek(0)
        return " | ".join(self._errors.read().decode(errors="replace").splitlines()[-3:])


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
