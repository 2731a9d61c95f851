"""Start real `martlet serve` processes for tests: on a free port, ready when the `with` block begins."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent / "fixtures"
TINY_LLAMA = FIXTURES / "tiny-llama"
READY = re.compile(r"martlet: serving (?P<name>.*) at (?P<url>\S+) \(ready in (?P<seconds>[\d.]+) s\)")


class ServerProcess:
    """A running `martlet serve`."""

    def __init__(self, process: subprocess.Popen[str], url: str, lines: list[str]) -> None:
        self.process = process
        self.url = url
        """As printed when ready: ends in /v1, fit as a base_url."""
        self._lines = lines

    @property
    def root(self) -> str:
        """Scheme, host and port."""
        return self.url.removesuffix("/v1")

    @property
    def stderr(self) -> str:
        """What the server has written so far."""
        return "".join(self._lines)


def start_server(
    *args: str, env: Mapping[str, str] | None = None
) -> contextlib.AbstractContextManager[ServerProcess]:
    """Run `martlet serve ARGS` until the block ends, on a free port if the arguments name none."""
    command = [sys.executable, "-m", "martlet", "serve", *args]
    if "--uds" not in args and "--port" not in args:
        command += ["--port", "0"]
    return run_server(command, env)


@contextlib.contextmanager
def run_server(command: list[str], env: Mapping[str, str] | None = None) -> Iterator[ServerProcess]:
    """Run a command that announces itself as `martlet serve` does."""
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
    )
    assert process.stderr is not None
    lines: list[str] = []
    url = _await_ready(process, lines)
    reader = threading.Thread(target=_collect, args=(process, lines), daemon=True)
    reader.start()
    try:
        yield ServerProcess(process, url, lines)
    finally:
        process.terminate()
        try:
            process.wait(timeout=110)
        finally:
            process.kill()
            reader.join(timeout=110)
            process.stderr.close()


def _await_ready(process: subprocess.Popen[str], lines: list[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        if found := READY.match(line):
            return found["url"]
    process.stderr.close()
    raise AssertionError(f"the server stopped with exit code {process.wait()}:\n{''.join(lines)}")


def _collect(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
