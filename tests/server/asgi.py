"""One request to the ASGI app in this process."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from martlet.engine.engine import Engine
from martlet.server.app import create_app
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.settings import ServerSettings
from tests.server.fakes import FakeEngine
from tests.server.wire import Answer

SETTINGS = ServerSettings(served_model_names=("fake",), access_log=False, max_body_bytes=1000)


def post(engine: FakeEngine | Engine, path: str, body: Any, settings: ServerSettings = SETTINGS) -> Answer:
    """Send one request through a new app, as a server would."""
    sent: list[Any] = []

    async def main() -> None:
        metrics = Metrics("fake", engine.max_model_len)
        loop = EngineLoop(engine, metrics, max_in_flight=100)
        app = create_app(loop, engine, settings, metrics)
        loop.start()
        messages = [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]

        async def receive() -> Any:
            if not messages:
                await asyncio.Event().wait()
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": path, "query_string": b"", "root_path": "",
            "headers": [(b"content-type", b"application/json")], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2), "scheme": "http", "http_version": "1.1",
        }  # fmt: skip
        await asyncio.wait_for(app(scope, receive, send), 30)
        loop.stop()

    asyncio.run(main())
    start, *parts = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(part["body"] for part in parts))
