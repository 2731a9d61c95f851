"""A server as a process: disconnects, signals, faults, addresses."""

from __future__ import annotations

import contextlib
import json
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from martlet.server.process import CannotListen, bind, listen
from martlet.server.settings import ServerSettings
from tests.server.wire import HELLO, call, fake_server, gauge, is_idle, opened, read_all, read_until, until
from tests.servers import TINY_LLAMA, ServerProcess, run_server, start_server

LONG: dict[str, Any] = {"messages": HELLO, "max_tokens": 50_000}
STREAM = {**LONG, "stream": True}
PROMPTLY_S = 20.0
"""A second, and what a busy machine adds: what may hold up the exit takes a minute or more."""
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def slow() -> Iterator[ServerProcess]:
    with fake_server("slow", "0.01") as server:
        yield server


@pytest.mark.parametrize("body", [STREAM, LONG], ids=["streamed", "whole"])
def test_disconnect_frees_everything(body: dict[str, Any], slow: ServerProcess) -> None:
    before = slow.stderr.count("disconnected")
    with opened(slow, body) as connection:
        until(lambda: gauge(slow, "vllm:num_requests_running") == 1)
        if "stream" in body:
            read_until(connection, b"word")
    until(lambda: is_idle(slow))
    until(lambda: slow.stderr.count("disconnected") == before + 1)
    assert "Traceback" not in slow.stderr


def test_disconnect_of_queued_request_frees_it(slow: ServerProcess) -> None:
    with opened(slow, {**LONG, "n": 64, "temperature": 1}):
        until(lambda: gauge(slow, "vllm:num_requests_running") == 64)
        with opened(slow, STREAM):
            until(lambda: gauge(slow, "vllm:num_requests_waiting") == 1)
        until(lambda: gauge(slow, "vllm:num_requests_waiting") == 0)
    until(lambda: is_idle(slow))


def test_half_sent_request_is_forgotten(slow: ServerProcess) -> None:
    host, port = slow.root.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
        head = b"POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
        connection.sendall(head + b"content-length: 9\r\n\r\n{")
    assert call(slow, "GET", "/health").status == 200
    assert is_idle(slow)


def test_many_disconnects_leave_nothing(slow: ServerProcess) -> None:
    with contextlib.ExitStack() as stack:
        for i in range(60):
            stack.enter_context(opened(slow, {**LONG, "stream": i % 2 == 0}))
        until(lambda: gauge(slow, "vllm:num_requests_running") == 60)
    until(lambda: is_idle(slow))
    until(lambda: gauge(slow, "process_open_fds") < 40)
    assert "Traceback" not in slow.stderr


def test_abort_is_counted(slow: ServerProcess) -> None:
    def aborted() -> float:
        lines = call(slow, "GET", "/metrics").body.decode().splitlines()
        name = 'vllm:request_success_total{engine="0",finished_reason="abort",model_name="fake"}'
        return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))

    before = aborted()
    with opened(slow, STREAM) as connection:
        read_until(connection, b"word")
    until(lambda: aborted() == before + 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_streams_promptly(number: signal.Signals) -> None:
    with fake_server("slow", "0.01") as server:
        with opened(server, STREAM) as stream, opened(server, LONG) as whole:
            read_until(stream, b"word")
            until(lambda: gauge(server, "vllm:num_requests_running") == 2)
            asked = time.monotonic()
            server.process.send_signal(number)
            rest = read_all(stream)
            reply = read_all(whole)
            assert server.process.wait(timeout=PATIENCE_S) == 0
            assert time.monotonic() - asked < PROMPTLY_S
        assert rest.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")
        error = json.loads(rest.split(b"data: ")[-2].partition(b"\n")[0])["error"]
        assert (error["type"], error["param"], error["code"]) == ("ServiceUnavailableError", None, 503)
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert b'"code":503' in reply
        assert "Traceback" not in server.stderr


def test_stuck_step_does_not_hold_up_the_exit() -> None:
    with fake_server("stuck", "3") as server, opened(server, STREAM) as stream:
        read_until(stream, b"word")
        asked = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert read_all(stream).endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")
        server.process.wait(timeout=PATIENCE_S)
        assert time.monotonic() - asked < PROMPTLY_S


def test_long_translation_does_not_hold_up_the_exit() -> None:
    body = {"prompt": "a" * 50_000, "max_tokens": 1}
    with fake_server("stuck-tokenizer", "0") as server, opened(server, body, "/v1/completions") as whole:
        until(lambda: "encoding" in server.stderr)
        asked = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert read_all(whole).startswith(b"HTTP/1.1 503 ")
        assert server.process.wait(timeout=PATIENCE_S) == 0
        assert time.monotonic() - asked < PROMPTLY_S
    assert "Traceback" not in server.stderr


def test_reader_that_does_not_read_does_not_hold_up_the_exit() -> None:
    with fake_server("slow", "0.002") as server, opened(server, {**STREAM, "n": 64, "temperature": 1}):
        until(lambda: gauge(server, "vllm:num_requests_running") == 64)
        asked = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=PATIENCE_S) == 0
        assert time.monotonic() - asked < PROMPTLY_S


def test_shutdown_timeout_lets_requests_finish() -> None:
    with fake_server("slow", "0.005", "60") as server:
        with opened(server, {**STREAM, "max_tokens": 60}) as stream:
            read_until(stream, b"word")
            server.process.send_signal(signal.SIGTERM)
            rest = read_all(stream)
        assert b'"finish_reason":"length"' in rest
        assert b'"error"' not in rest
        assert server.process.wait(timeout=PATIENCE_S) == 0


def test_second_signal_ends_the_draining() -> None:
    with fake_server("slow", "0.01", "300") as server, opened(server, STREAM) as stream:
        read_until(stream, b"word")
        server.process.send_signal(signal.SIGINT)
        read_until(stream, b"word")
        asked = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=PATIENCE_S) == 0
        assert time.monotonic() - asked < PROMPTLY_S


def test_engine_fault_answers_everybody_and_exits() -> None:
    with (
        fake_server("failing", "2") as server,
        opened(server, STREAM) as stream,
        opened(server, LONG) as whole,
    ):
        rest, reply = read_all(stream), read_all(whole)
        assert server.process.wait(timeout=PATIENCE_S) == 1
        assert b'data: {"error": {"message": "' in rest
        assert b'"type": "InternalServerError", "param": null, "code": 500}}\n\n' in rest
        assert rest.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")
        assert reply.startswith(b"HTTP/1.1 500 ")
        for answer in (rest, reply):
            assert b"/some/path" not in answer
            assert b"Traceback" not in answer
    assert "the fake engine breaks" in server.stderr


def test_full_queue_answers_429() -> None:
    with fake_server("slow", "0.01", "0", "1") as server:
        with opened(server, {**LONG, "n": 65, "temperature": 1}):
            until(lambda: gauge(server, "vllm:num_requests_running") == 64)
            answer = call(server, "POST", "/v1/chat/completions", STREAM)
            assert (answer.status, answer.headers["retry-after"]) == (429, "1")
            assert (answer.error["type"], answer.error["code"]) == ("Too Many Requests", 429)
        until(lambda: is_idle(server))
        assert gauge(server, "vllm:admission_rejections_total") == 1
        assert call(server, "POST", "/v1/chat/completions", {**LONG, "max_tokens": 1}).status == 200


def test_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finished = subprocess.run(
            [sys.executable, "-m", "martlet", "serve", str(TINY_LLAMA), "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1
    assert finished.stderr.startswith(f"martlet: port {port} on 127.0.0.1 is taken")


def test_unix_socket_serves_and_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "martlet.sock"
    with start_server(str(TINY_LLAMA), "--uds", str(path)) as server:
        assert server.url == f"unix:{path}"
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            assert read_all(connection).startswith(b"HTTP/1.1 200 OK")
    assert not path.exists()


def test_stale_unix_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "martlet.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with start_server(str(TINY_LLAMA), "--uds", str(path)):
        assert path.is_socket()


def test_port_that_another_server_took_meanwhile_is_named() -> None:
    first = bind(ServerSettings(served_model_names=("first",), port=0))
    port = first.getsockname()[1]
    second = bind(ServerSettings(served_model_names=("second",), port=port))
    with first, second:
        listen(second)
        with pytest.raises(CannotListen, match=f"port {port} on 127.0.0.1 is taken"):
            listen(first)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_low_file_limit_is_raised() -> None:
    command = f"ulimit -Sn 64; exec {shlex.quote(sys.executable)} -m tests.server.fake_server slow 0"
    with run_server(["sh", "-c", command]) as server, contextlib.ExitStack() as stack:
        body = {"messages": HELLO, "max_tokens": 1}
        connections = [stack.enter_context(opened(server, body)) for _ in range(100)]
        for connection in connections:
            connection.settimeout(PATIENCE_S)
            assert read_until(connection, b"\r\n").startswith(b"HTTP/1.1 200 OK")


def test_default_is_loopback() -> None:
    with start_server(str(TINY_LLAMA)) as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert call(server, "GET", "/v1/models").json["data"][0]["id"] == str(TINY_LLAMA)
