"""The server's own endpoints, called without a socket: the same code answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.routing import Route, Router
from starlette.types import Message, Scope

from martlet.errors import MartletError
from martlet.protocol.errors import InvalidBody
from martlet.server.errors import error_reply
from martlet.server.owners import OWNER, Owner


class LocalEndpoints:
    """Routes of this server, for calls from within."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.paths = frozenset(route.path for route in routes if "POST" in (route.methods or ()))
        self._router = Router(routes)

    async def post(self, path: str, body: bytes, owner: Owner) -> tuple[int, bytes]:
        """Ask as `owner` would; return status and body. When this is cancelled, the engine's work ends."""
        request: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        replies: list[Message] = []

        async def receive() -> Message:
            if request:
                return request.pop()
            await asyncio.get_running_loop().create_future()  # nobody ever leaves
            raise AssertionError

        async def send(message: Message) -> None:
            replies.append(message)

        try:
            await self._router(_scope(path, owner), receive, send)
        except (MartletError, InvalidBody) as error:
            reply = error_reply(error)
            return reply.status, reply.body
        start, *parts = replies
        return start["status"], b"".join(part.get("body", b"") for part in parts)


def _scope(path: str, owner: Owner) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": None,
        "server": None,
        "scheme": "http",
        "http_version": "1.1",
        OWNER: owner,
    }
