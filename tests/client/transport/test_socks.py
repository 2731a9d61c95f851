"""SOCKS through the adapters, by a real proxy; and what our own transport says where one is set."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import martlet
from tests.client.scripted import CHAT, STREAM, ScriptedServer, http
from tests.client.transport.test_adapters import HI, World

pytest.importorskip("socksio")

KINDS = ["httpx.Client", "httpx2.Client", "httpx.AsyncClient", "httpx2.AsyncClient"]
VERSION, PASSWORD, CONNECT, NAME = 5, 2, 1, 3
GRANTED, REFUSED = 0, 5
USER = b"\x04user\x02pw"


class SocksProxy:
    """SOCKS5 with a password; every name leads to `target`, but `refused.test`."""

    def __init__(self, target: int) -> None:
        self.asked: list[tuple[str, int]] = []
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socks5://user:pw@127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # else its thread waits in accept for ever
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with link, contextlib.suppress(OSError):
            _, num_methods = link.recv(2)
            assert PASSWORD in link.recv(num_methods)
            link.sendall(bytes([VERSION, PASSWORD]))
            assert link.recv(1 + len(USER)) == b"\x01" + USER
            link.sendall(b"\x01\x00")
            host, port = self._destination(link)
            self.asked.append((host, port))
            answer = REFUSED if host == "refused.test" else GRANTED
            link.sendall(bytes([VERSION, answer, 0, 1, 0, 0, 0, 0, 0, 0]))
            if answer == GRANTED:
                with socket.create_connection(("127.0.0.1", self._target)) as onward:
                    back = threading.Thread(target=_pump, args=(onward, link), daemon=True)
                    back.start()
                    _pump(link, onward)
                    back.join(5)

    def _destination(self, link: socket.socket) -> tuple[str, int]:
        version, command, _, kind = link.recv(4)
        assert (version, command) == (VERSION, CONNECT)
        size = link.recv(1)[0] if kind == NAME else 4
        host = link.recv(size)
        (port,) = struct.unpack("!H", link.recv(2))
        return (host.decode() if kind == NAME else socket.inet_ntoa(host)), port


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(request.param)
    yield made
    made.close()


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[ScriptedServer, SocksProxy]]]:
    with contextlib.ExitStack() as stack:

        def begin(*scenes: Any) -> tuple[ScriptedServer, SocksProxy]:
            server = stack.enter_context(ScriptedServer(*scenes))
            proxy = SocksProxy(server.port)
            stack.callback(proxy.close)
            return server, proxy

        yield begin


def test_call_and_stream_go_through_the_proxy(world: World, start: Any) -> None:
    server, proxy = start([http(body=CHAT)], STREAM)
    mine = world.made(proxy=proxy.url)
    completions = world.openai("http://model.test:8000/v1", mine).chat.completions
    assert world.run(completions.create(**HI)).id == CHAT["id"]
    chunks = world.items(world.run(completions.create(**HI, stream=True)))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Hello!"
    assert set(proxy.asked) == {("model.test", 8000)}
    assert server.seen[0].headers["host"] == "model.test:8000"


# httpcore leaves the connection to such a proxy to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_proxy_that_refuses_is_a_connection_error(world: World, start: Any) -> None:
    _, proxy = start()
    mine = world.made(proxy=proxy.url)
    ours = world.openai("http://refused.test/v1", mine, max_retries=0)
    with pytest.raises(martlet.APIConnectionError, match=r"refused\.test") as caught:
        world.run(ours.chat.completions.create(**HI))
    assert isinstance(caught.value.__cause__, martlet.errors.ProxyError)
    assert caught.value.__cause__.sent == "no"
    assert "user" not in str(caught.value)
    del caught
    world.run(asyncio.sleep(0) if world.is_async else None)
    gc.collect()


def test_socks_in_the_environment_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://user:pw@127.0.0.1:1")
    with martlet.OpenAI(base_url="http://model.example:8000/v1", max_retries=0) as client:
        with pytest.raises(
            (ValueError, martlet.APIConnectionError), match=r"pip install 'httpx\[socks\]'"
        ) as caught:
            client.chat.completions.create(**HI)
    assert "user" not in str(caught.value)
