"""martlet.testing: what users write their tests with."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from martlet.testing import Server, ServerNotStarted
from tests.servers import TINY_LLAMA

ASK: dict[str, Any] = {
    "model": "",
    "messages": [{"role": "user", "content": "Hi"}],
    "max_tokens": 2,
    "ignore_eos": True,
}


def answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5).close()
    except OSError:
        return False
    return True


def await_silence(url: str) -> None:
    deadline = time.monotonic() + 60
    while answers(url):
        assert time.monotonic() < deadline


def test_server_runs_as_long_as_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARTLET_API_KEY", "somebody else's")
    with Server(TINY_LLAMA, "--served-model-name", "tiny") as server:
        assert server.model == "tiny"
        assert server.url == f"{server.root}/v1"
        with server.client() as client:
            assert client.chat.completions.create(**ASK).choices[0].finish_reason == "length"

        async def main() -> int:
            async with server.async_client(max_retries=0) as client:
                return len((await client.models.list()).data)

        assert asyncio.run(main()) == 1
    assert not answers(server.url)
    assert "POST /v1/chat/completions 200" in server.output  # read to its end by now
    server.stop()  # once more changes nothing


def test_server_that_cannot_start_says_why() -> None:
    with pytest.raises(ServerNotStarted) as failed:
        Server("./nowhere").start()
    text = str(failed.value)
    assert text.startswith("`martlet serve ./nowhere --port 0 --stop-with-stdin` ended with exit code 1:")
    assert "there is no model folder ./nowhere" in text
    assert "Traceback" not in text


def test_server_that_is_late_is_stopped() -> None:
    server = Server(TINY_LLAMA, timeout_s=0.01)
    with pytest.raises(ServerNotStarted, match=r"was not ready in 0\.01 s"):
        server.start()
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_server_dies_with_a_killed_parent() -> None:
    code = "import sys; from martlet.testing import Server; s = Server(sys.argv[1]).start(); "
    code += "print(s.url, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(TINY_LLAMA)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert answers(url)
        parent.send_signal(signal.SIGKILL)
        parent.wait(60)
        await_silence(url)


def test_fixture_serves_a_session(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import pytest\n"
        'pytest_plugins = ["martlet.testing.plugin"]\n'
        '@pytest.fixture(scope="session")\n'
        f"def martlet_server_arguments():\n    return [{str(TINY_LLAMA)!r}, '--served-model-name', 'tiny']\n"
    )
    (tmp_path / "test_it.py").write_text(
        "def test_first(martlet_server):\n"
        "    with martlet_server.client() as client:\n"
        "        assert [model.id for model in client.models.list()] == ['tiny']\n"
        "def test_second(martlet_server):\n"
        "    assert martlet_server.output.count('ready in') == 1\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", str(tmp_path)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=tmp_path)
    assert finished.returncode == 0, finished.stdout
    assert "2 passed" in finished.stdout


def test_importing_it_loads_neither_server_nor_pytest() -> None:
    code = "import sys, martlet.testing; print({'numpy', 'pytest', 'asyncio'} & sys.modules.keys())"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=110).stdout
    assert printed.strip() == "set()"
