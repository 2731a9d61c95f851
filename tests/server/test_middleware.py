"""Middleware of users: a class, a function, and what is neither."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from martlet.server.middleware import CannotLoad, load_middleware
from tests.server.asgi import SETTINGS, post
from tests.server.fakes import FakeEngine
from tests.server.wire import GREEDY, call
from tests.servers import TINY_LLAMA, start_server


class Signing:
    """Adds a header to every reply."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-signed", b"yes")]
            await send(message)

        await self._app(scope, receive, signed)


async def teapot(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Answers for one path, and breaks on another."""
    if request.url.path == "/teapot":
        return PlainTextResponse("short and stout", 418)
    if request.url.path == "/broken":
        raise ValueError("my /secret/middleware.py")
    return await call_next(request)


NAMES = (f"{__name__}.Signing", f"{__name__}.teapot")


def test_requests_pass_what_was_named() -> None:
    flags = ("--middleware", NAMES[0], "--middleware", NAMES[1], "--api-key", "k")
    with start_server(str(TINY_LLAMA), "--served-model-name", "tiny", *flags) as server:
        key = {"authorization": "Bearer k"}
        body = {**GREEDY, "max_tokens": 3, "stream": True}
        answer = call(server, "POST", "/v1/chat/completions", body, headers=key)
        assert (answer.status, answer.headers["x-signed"]) == (200, "yes")
        assert len(answer.chunks) == 4
        teapot = call(server, "GET", "/teapot", headers=key)
        assert (teapot.status, teapot.body, teapot.headers["x-signed"]) == (418, b"short and stout", "yes")
        assert "x-signed" not in call(server, "GET", "/teapot").headers  # 401, before it


def test_broken_middleware_is_500_without_details(caplog: pytest.LogCaptureFixture) -> None:
    answer = post(FakeEngine(), "/broken", {}, replace(SETTINGS), middleware=load_middleware(NAMES))
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert "my /secret/middleware.py" in caplog.text


@pytest.mark.parametrize("name", ["", "json", "json.nothing", "no_such_package.Thing", "json.dumps", "json."])
def test_what_is_no_middleware_is_refused(name: str) -> None:
    with pytest.raises(CannotLoad, match="--middleware"):
        load_middleware([name])
