"""HTTP/2 through the adapters, to a real server: hypercorn, TLS with ALPN."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import martlet
from tests.client.scripted import CHAT, PATIENCE_S
from tests.client.transport.test_adapters import HI, World

pytest.importorskip("h2")
hypercorn = pytest.importorskip("hypercorn.asyncio")
trustme = pytest.importorskip("trustme")

KINDS = ["httpx.Client", "httpx2.Client", "httpx.AsyncClient", "httpx2.AsyncClient"]
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
TEXTS = ["Hel", "lo"]


def event(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + json.dumps({**CHUNK, "choices": [choice]}).encode() + b"\n\n"


class H2Server:
    """Answers chat completions over HTTP/2; a stream for the user `silent` never ends."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        certificate = folder / "server.pem"
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        self.versions: list[str] = []
        self.gone = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        self._config = hypercorn.Config()
        self._config.bind = [f"fd://{listener.detach()}"]
        self._config.certfile = self._config.keyfile = str(certificate)
        self._config.alpn_protocols = ["h2"]
        self._config.errorlog = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await hypercorn.serve(self._answer, self._config, shutdown_trigger=self._stop.wait, mode="asgi")

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_S)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        self.versions.append(scope["http_version"])
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        asked = json.loads(body)
        media_type = b"text/event-stream" if asked.get("stream") else b"application/json"
        head = {"status": 200, "headers": [(b"content-type", media_type)]}
        await send({"type": "http.response.start", **head})
        if not asked.get("stream"):
            await send({"type": "http.response.body", "body": json.dumps(CHAT).encode()})
            return
        for text in TEXTS:
            await send({"type": "http.response.body", "body": event({"content": text}), "more_body": True})
        if asked.get("user") == "silent":
            while (await receive())["type"] != "http.disconnect":
                pass
            self.gone.set()
            return
        await send({"type": "http.response.body", "body": event({}, "stop") + b"data: [DONE]\n\n"})

    async def _live(self, receive: Any, send: Any) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                message = await receive()
                await send({"type": message["type"] + ".complete"})
                self._ready.set()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[H2Server]:
    made = H2Server(tmp_path_factory.mktemp("h2"))
    yield made
    made.close()


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(request.param)
    yield made
    made.close()


def client(world: World, server: H2Server, **settings: Any) -> Any:
    return world.openai(server.url, world.made(http2=True, verify=server.trust), **settings)


def test_call_is_answered_over_http2(world: World, server: H2Server) -> None:
    raw = world.run(client(world, server).chat.completions.with_raw_response.create(**HI))
    assert raw.parse().id == CHAT["id"]
    assert (raw.http_version, server.versions[-1]) == ("HTTP/2", "2")


def test_stream_is_complete_over_http2(world: World, server: H2Server) -> None:
    stream = world.run(client(world, server).chat.completions.create(**HI, stream=True))
    assert [chunk.choices[0].delta.content for chunk in world.items(stream)] == [*TEXTS, None]


def test_silent_stream_stalls_over_http2(world: World, server: H2Server) -> None:
    create = client(world, server, timeout=martlet.Timeout(PATIENCE_S, read=1)).chat.completions.create
    stream = world.run(create(**HI, stream=True, user="silent"))
    with pytest.raises(martlet.StreamStalled) as caught:
        world.items(stream)
    assert caught.value.partial.choices[0].message.content == "Hello"


def test_calls_at_once_share_a_connection(server: H2Server) -> None:
    httpx = pytest.importorskip("httpx")

    async def main() -> list[str]:
        async with httpx.AsyncClient(http2=True, verify=server.trust) as mine:
            ours = martlet.AsyncOpenAI(base_url=server.url, http_client=mine)
            calls = (ours.chat.completions.with_raw_response.create(**HI) for _ in range(20))
            return [raw.http_version for raw in await asyncio.gather(*calls)]

    assert asyncio.run(main()) == ["HTTP/2"] * 20


def test_server_learns_of_a_closed_stream_with_the_connection(world: World, server: H2Server) -> None:
    """httpx does not tell it before: see docs/connections.md."""
    server.gone.clear()
    ours = client(world, server)
    stream = world.run(ours.chat.completions.create(**HI, stream=True, user="silent"))
    assert world.next(stream).choices[0].delta.content == "Hel"
    world.run(stream.close())
    mine = ours._pool.transport.client
    world.run(mine.aclose() if world.is_async else mine.close())
    assert server.gone.wait(PATIENCE_S)
