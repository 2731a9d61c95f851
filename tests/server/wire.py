"""Talk to a server over a plain socket, seeing every byte."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.servers import ServerProcess, run_server

HELLO = [{"role": "user", "content": "Hello"}]
GREEDY = {"messages": HELLO, "temperature": 0, "ignore_eos": True}
"""A chat whose length only max_tokens decides."""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        info: dict[str, Any] = self.json["error"]
        return info

    @property
    def frames(self) -> list[bytes]:
        """What the stream carried, `data: ` and blank line taken off."""
        assert self.body.endswith(b"\n\n")
        parts = self.body.removesuffix(b"\n\n").split(b"\n\n")
        assert all(part.startswith(b"data: ") for part in parts), self.body
        return [part.removeprefix(b"data: ") for part in parts]

    @property
    def chunks(self) -> list[dict[str, Any]]:
        *frames, done = self.frames
        assert done == b"[DONE]"
        return [json.loads(frame) for frame in frames]


def call(
    server: ServerProcess,
    method: str,
    path: str,
    body: Any = None,
    *,
    headers: dict[str, str] | None = None,
) -> Answer:
    parts = urlsplit(server.root)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=110)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    sent = {"content-type": "application/json"} if data is not None else {}
    try:
        connection.request(method, path, data, {**sent, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def chat(server: ServerProcess, **fields: Any) -> Answer:
    return call(server, "POST", "/v1/chat/completions", {**GREEDY, **fields})


def complete(server: ServerProcess, **fields: Any) -> Answer:
    body = {"prompt": "Hello", "temperature": 0, "ignore_eos": True, **fields}
    return call(server, "POST", "/v1/completions", body)


@contextmanager
def opened(
    server: ServerProcess, body: dict[str, Any], path: str = "/v1/chat/completions"
) -> Iterator[socket.socket]:
    """Send a request and leave the reply unread."""
    parts = urlsplit(server.root)
    data = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: test\r\n"
        f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
    )
    assert parts.port is not None
    with socket.create_connection((parts.hostname, parts.port), timeout=110) as connection:
        connection.sendall(head.encode() + data)
        yield connection


def read_until(connection: socket.socket, mark: bytes) -> bytes:
    """Read up to and including `mark`, or to the end."""
    found = b""
    while mark not in found:
        piece = connection.recv(65536)
        if not piece:
            break
        found += piece
    return found


def read_all(connection: socket.socket) -> bytes:
    found = b""
    while piece := connection.recv(65536):
        found += piece
    return found


def gauge(server: ServerProcess, name: str) -> float:
    for line in call(server, "GET", "/metrics").body.decode().splitlines():
        if line.startswith(f"{name}{{") or line.startswith(f"{name} "):
            return float(line.rpartition(" ")[2])
    raise AssertionError(f"no metric {name}")


@contextmanager
def fake_server(*arguments: str) -> Iterator[ServerProcess]:
    with run_server([sys.executable, "-m", "tests.server.fake_server", *arguments]) as server:
        yield server


def until(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def is_idle(server: ServerProcess) -> bool:
    names = ("vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc")
    return all(gauge(server, name) == 0 for name in names)
