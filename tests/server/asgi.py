"""One request to the ASGI app in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.middleware import Middleware

from martlet.engine.engine import Engine
from martlet.engine.pooling_engine import PoolingEngine
from martlet.server.app import create_app
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.settings import ServerSettings
from martlet.server.tracing import Tracer
from tests.server.fakes import FakeEngine
from tests.server.wire import Answer

SETTINGS = ServerSettings(served_model_names=("fake",), access_log=False, max_body_bytes=1000)


def post(
    engine: FakeEngine | Engine | PoolingEngine,
    path: str,
    body: Any,
    settings: ServerSettings = SETTINGS,
    *,
    headers: Mapping[str, str] | None = None,
    tracer: Tracer | None = None,
    middleware: Sequence[Middleware] = (),
) -> Answer:
    """Send one request through a new app, as a server would."""
    fields = {"content-type": "application/json"} | dict(headers or {})
    sent: list[Any] = []

    async def main() -> None:
        metrics = Metrics("fake", engine.max_model_len)
        loop = EngineLoop(engine, metrics, max_in_flight=100)
        app = create_app(loop, engine, settings, metrics, tracer=tracer, middleware=middleware)
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
            "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "scheme": "http", "http_version": "1.1",
        }  # fmt: skip
        await asyncio.wait_for(app(scope, receive, send), 60)
        loop.stop()

    asyncio.run(main())
    start, *parts = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], found, b"".join(part["body"] for part in parts))
