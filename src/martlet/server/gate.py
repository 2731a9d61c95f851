"""What every request passes on its way in and out: the key, the body limit, error replies, counts, the log.

Pure ASGI, so that a streamed reply goes through without copies.
"""

from __future__ import annotations

import hmac
import logging
import time
import uuid
from collections.abc import Iterable
from hashlib import sha256

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from martlet.errors import Unauthorized
from martlet.server.errors import BodyTooLarge, ClientDisconnected, ErrorReply, error_reply
from martlet.server.inbound import SENDER, Inbound
from martlet.server.logs import AccessLog, Visit
from martlet.server.metrics import Metrics
from martlet.server.owners import EVERYBODY, OWNER, Owner, owner_of_key
from martlet.server.sender import Sender

logger = logging.getLogger("martlet.server")

OPEN_PATHS = frozenset({"", "/health", "/ping"})
"""Liveness probes carry no key; nor does the page at `/`, which tells nothing and asks for one."""

UNMATCHED = "none"
"""The handler's name in metrics for paths that no route knows: clients must not be able to grow the table."""


class KeyRing:
    """The keys that open the server, held as hashes."""

    def __init__(self, keys: Iterable[str], secret: bytes) -> None:
        """`secret` goes into the owners' names."""
        # A command line may hold bytes that are no UTF-8; Python writes them as surrogates.
        given = [key.encode("utf-8", "surrogateescape") for key in keys]
        self._owners = [(sha256(key).digest(), owner_of_key(key, secret)) for key in given]

    def owner_of(self, authorization: str | None) -> Owner | None:
        """Return who comes with a header, None if nobody who may.

        Compares with every key in constant time, whichever matches. Headers come as Latin-1 text.
        """
        if not self._owners:
            return EVERYBODY
        scheme, _, token = (authorization or "").partition(" ")
        digest = sha256(token.encode("latin-1")).digest()
        matches = [owner for known, owner in self._owners if hmac.compare_digest(digest, known)]
        return matches[0] if matches and scheme.lower() == "bearer" else None


class Gate:
    """Wraps the routes. Whatever escapes them becomes an error reply here."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        keys: KeyRing,
        metrics: Metrics,
        max_body_bytes: int,
        root_path: str = "",
        request_id_headers: bool = False,
        access_log: AccessLog | None = None,
        routes: Iterable[Route] = (),
    ) -> None:
        """`routes` are called from here, past the app, where a path is exactly theirs."""
        self._app = app
        self._keys = keys
        self._metrics = metrics
        self._max_body_bytes = max_body_bytes
        self._root_path = root_path
        self._request_id_headers = request_id_headers
        self._access_log = access_log
        self._routes = {
            (method, route.path): route
            for route in routes
            if "{" not in route.path
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        if self._root_path and scope["path"].startswith(f"{self._root_path}/"):
            scope["root_path"] = self._root_path
        exchange = _Exchange(scope, receive, send, self._max_body_bytes)
        request_id = exchange.header(b"x-request-id")
        if self._request_id_headers:
            request_id = request_id or uuid.uuid4().hex
            exchange.extra_headers.append((b"x-request-id", request_id.encode("latin-1")))
        try:
            await self._pass(scope, exchange)
        finally:
            duration_s = time.perf_counter() - started
            self._count(scope, exchange, duration_s)
            if self._access_log is not None:
                visit = Visit(scope, request_id, exchange.status, duration_s, exchange.is_cut)
                self._access_log.note(visit)

    async def _pass(self, scope: Scope, exchange: _Exchange) -> None:
        try:
            if not self._admit(scope, exchange):
                await exchange.reply(error_reply(Unauthorized()))
                return
            if exchange.header(b"origin") is None:  # else the browsers' rules say it
                exchange.extra_headers.append((b"vary", b"Origin"))
            exchange.check_announced_length()
            route = self._routes.get((scope["method"], scope["path"]))
            if route is None:
                await self._app(scope, exchange.receive, exchange.send)
            else:
                scope["route"] = route
                if isinstance(exchange.sender, Sender):
                    scope[SENDER] = exchange.sender
                response = await route.endpoint(Inbound(scope, exchange.receive, exchange.send))
                await exchange.answer(scope, response)
        except (ClientDisconnected, ClientDisconnect):
            exchange.is_cut = True
        except Exception as error:
            if exchange.status:
                logger.exception("internal error in a reply that had begun")
                raise
            await exchange.reply(error_reply(error))

    def _admit(self, scope: Scope, exchange: _Exchange) -> bool:
        """Return whether a request may come in, which it does as its owner."""
        owner = self._keys.owner_of(exchange.header(b"authorization"))
        if owner is not None:
            scope[OWNER] = owner
            return True
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        return path.rstrip("/") in OPEN_PATHS

    def _count(self, scope: Scope, exchange: _Exchange, duration_s: float) -> None:
        route = scope.get("route")
        handler = getattr(route, "path", UNMATCHED)
        self._metrics.count_http(
            handler,
            scope["method"],
            exchange.status or 499,
            duration_s,
            exchange.announced_length or 0,
            exchange.reply_length,
        )


class _Exchange:
    """One request and its reply: watches what goes through."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body_bytes: int) -> None:
        self._headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))  # of equal ones the first
        self._receive, self.sender = receive, send
        self._max_body_bytes = max_body_bytes
        self._num_body_bytes = 0
        self.announced_length = self._announced_length()
        self.extra_headers: list[tuple[bytes, bytes]] = []
        self.status = 0
        """0 until the reply begins."""
        self.reply_length = 0
        """As announced; 0 for streams."""
        self.is_cut = False
        """Whether the client left before the end."""

    def header(self, name: bytes) -> str | None:
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    def _announced_length(self) -> int | None:
        length = self.header(b"content-length")
        return int(length) if length is not None and length.isdigit() else None

    def check_announced_length(self) -> None:
        length = self.announced_length
        if length is not None and length > self._max_body_bytes:
            raise BodyTooLarge(self._max_body_bytes)

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._num_body_bytes += len(message.get("body", b""))
            if self._num_body_bytes > self._max_body_bytes:
                raise BodyTooLarge(self._max_body_bytes)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self.extra_headers]
            self.reply_length = int(dict(message["headers"]).get(b"content-length", 0))
        await self.sender(message)

    async def answer(self, scope: Scope, response: Response) -> None:
        """Send a response: at once if it is whole, and its connection ours."""
        sender = self.sender
        if type(response) is Response and response.background is None and isinstance(sender, Sender):
            headers = [*response.raw_headers, *self.extra_headers]
            body = bytes(response.body)
            if sender.send_whole(response.status_code, headers, body):
                self.status, self.reply_length = response.status_code, len(body)
                return
        await response(scope, self.receive, self.send)

    async def reply(self, reply: ErrorReply) -> None:
        headers: list[tuple[bytes, bytes]] = [
            (b"content-length", str(len(reply.body)).encode()),
            (b"content-type", b"application/json"),
            *((name.encode(), value.encode()) for name, value in reply.headers.items()),
        ]
        await self.send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": reply.body})
