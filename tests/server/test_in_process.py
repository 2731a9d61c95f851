"""Our client on our server in one process: no port between them."""

from __future__ import annotations

import asyncio
from typing import Any

import martlet
from martlet.client.transport.asgi import ASGITransport
from martlet.engine.engine import Engine, EngineConfig
from martlet.server.app import create_app
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.settings import ServerSettings
from tests.servers import TINY_LLAMA

ASK: dict[str, Any] = {
    "model": "tiny",
    "messages": [{"role": "user", "content": "hi"}],
    "max_tokens": 8,
    "temperature": 0.0,
}


def test_a_client_reaches_an_engine_without_a_port() -> None:
    async def main() -> None:
        settings = ServerSettings(served_model_names=("tiny",), access_log=False)
        engine = Engine.from_folder(TINY_LLAMA, EngineConfig(max_model_len=256))
        metrics = Metrics("tiny", engine.max_model_len)
        loop = EngineLoop(engine, metrics, max_in_flight=100)
        loop.start()
        transport = ASGITransport(create_app(loop, engine, settings, metrics))
        async with martlet.AsyncOpenAI(http_client=transport) as client:
            whole = await client.chat.completions.create(**ASK)
            stream = await client.chat.completions.create(stream=True, **ASK)
            pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
            assert "".join(pieces) == whole.choices[0].message.content
            many = await asyncio.gather(*(client.chat.completions.create(**ASK) for _ in range(8)))
            assert {one.choices[0].message.content for one in many} == {whole.choices[0].message.content}
        loop.stop()

    asyncio.run(main())
