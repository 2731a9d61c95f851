"""A real server for tests: `with Server() as server:` and `server.url` is a base_url.

    from martlet.testing import Server

    with Server("Qwen/Qwen2.5-0.5B-Instruct", "--max-model-len", "2048") as server:
        reply = server.client().chat.completions.create(...)

Without a model it is the house model, which is in the package. `martlet.testing.plugin` has a pytest fixture.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from martlet.errors import MartletError

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from martlet.client.client import AsyncOpenAI, OpenAI

__all__ = ["Server", "ServerNotStarted"]

_READY = re.compile(r"martlet: serving (?P<name>.*) at (?P<url>\S+) \(ready in (?P<seconds>[\d.]+) s\)$")
_KEYS = ("MARTLET_API_KEY", "VLLM_API_KEY")
MAX_LINES = 1000
"""Of what the server writes: the last ones are kept."""
STOP_S = 10.0


class ServerNotStarted(MartletError):
    """The server ended before it was ready, or was not ready in time. The text has what it wrote."""


class Server:
    """A `martlet serve` in a process of its own, on a free port, for the time of a `with` block.

    When the block begins, a token has been produced. The process ends with the block, and with this process,
    however that ends.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 120.0,
    ) -> None:
        """`arguments` are flags of `martlet serve`; `env` is added to the environment.

        Keys of the environment are not taken over: give `--api-key` for a server that wants one.
        """
        named = [] if model is None else [os.fspath(model)]
        self._command = [sys.executable, "-m", "martlet", "serve", *named, *arguments]
        if not {"--port", "--uds"} & {argument.partition("=")[0] for argument in arguments}:
            self._command += ["--port", "0"]
        self._command.append("--stop-with-stdin")
        kept = {key: value for key, value in os.environ.items() if key not in _KEYS}
        self._env = {**kept, **(env or {})}
        self._timeout_s = timeout_s
        self._lines: deque[str] = deque(maxlen=MAX_LINES)
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._ready = threading.Event()
        self._found: re.Match[str] | None = None

    @property
    def url(self) -> str:
        """The base_url: ends in /v1."""
        return self._announced["url"]

    @property
    def root(self) -> str:
        """Scheme, host and port, for paths outside /v1."""
        return self.url.removesuffix("/v1")

    @property
    def model(self) -> str:
        """The name to send as `model`."""
        return self._announced["name"]

    @property
    def output(self) -> str:
        """What the server has written to stderr: requests, warnings, errors."""
        return "".join(self._lines)

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server has not been started"
        return self._process.pid

    def client(self, **options: Any) -> OpenAI:
        """Return a client of this server; `options` are OpenAI's."""
        from martlet.client.client import OpenAI

        return OpenAI(**{"base_url": self.url, "api_key": "EMPTY", **options})

    def async_client(self, **options: Any) -> AsyncOpenAI:
        """Return an asynchronous client of this server; `options` are AsyncOpenAI's."""
        from martlet.client.client import AsyncOpenAI

        return AsyncOpenAI(**{"base_url": self.url, "api_key": "EMPTY", **options})

    # --- starting and stopping -----------------------------------------------------------------------

    def start(self) -> Self:
        """Start the process and wait until it is ready. Raises ServerNotStarted."""
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=self._env,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        deadline = time.monotonic() + self._timeout_s
        self._ready.wait(self._timeout_s)
        if self._found is None:
            is_late = time.monotonic() >= deadline
            self.stop()
            reason = f"was not ready in {self._timeout_s:g} s" if is_late else self._ending()
            raise ServerNotStarted(f"`{' '.join(self._command[2:])}` {reason}:\n{self.output.rstrip()}")
        return self

    def stop(self) -> None:
        """End the process; whatever it has not ended by itself in a few seconds is killed."""
        process = self._process
        if process is None or (process.poll() is not None and self._reader is None):
            return
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._reader is not None:
            self._reader.join(STOP_S)
            self._reader = None
        for pipe in (process.stdin, process.stderr):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _announced(self) -> re.Match[str]:
        assert self._found is not None, "the server has not been started"
        return self._found

    def _ending(self) -> str:
        assert self._process is not None
        return f"ended with exit code {self._process.returncode}"

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._lines.append(line)
            if self._found is None and (found := _READY.match(line)):
                self._found = found
                self._ready.set()
        self._ready.set()  # it is over
