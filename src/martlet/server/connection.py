"""One client's connection: uvicorn's protocol, with a limit to what the client may send and keep us waiting.

uvicorn waits for ever for the rest of a request and for a client that does not read, and takes heads of any
size. A request that asks for another protocol it answers without its body; here it is answered as if it had
not asked, which HTTP allows.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from martlet.server.line import LINE, Line
from martlet.server.sender import Sender

MAX_HEAD_BYTES = 64 * 1024
MAX_HEADERS = 256
MIN_BYTES_PER_S = 1024
"""A body may come this slowly; what is slower is an attack or a dead line."""
WINDOW_BYTES = 64 * 1024
"""What a client has to read within its time while data waits for it."""


class _Awaited(Enum):
    """What the server waits for."""

    NOTHING = 0
    HEAD = 1
    BODY = 2


class _HeadTooLarge(Exception):
    pass


class Connection(HttpToolsProtocol):
    """A connection that ends when its client is silent in the middle of a request, or does not read.

    `client_timeout_s` is the time for a whole head, for each gap in a body, and for each WINDOW_BYTES of a
    reply.
    """

    def __init__(self, *args: Any, client_timeout_s: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._client_timeout_s = client_timeout_s
        self._awaited = _Awaited.HEAD
        self._since_s = self.loop.time()
        self._num_bytes = 0  # of what is awaited
        self._num_fed = 0  # in the last piece
        self._unread_since_s = 0.0
        self._num_unread = 0
        self._clock: asyncio.TimerHandle | None = None
        self._line = Line()

    # --- the clock: one timer for all waits, so that a request costs none

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._clock is not None:
            self._clock.cancel()
        super().connection_lost(exc)
        self._line.cut()

    def _look_again(self) -> None:
        interval_s = min(self._client_timeout_s, self.timeout_keep_alive) / 4
        self._clock = self.loop.call_later(interval_s, self._check)

    def _check(self) -> None:
        now_s = self.loop.time()
        if self._is_stuck(now_s):
            self.transport.abort()
        elif self._is_late(now_s) and not self.transport.is_closing():
            self._end_silence()
        self._look_again()

    def _is_stuck(self, now_s: float) -> bool:
        """Whether data has waited too long for the client to read it."""
        size = self.transport.get_write_buffer_size()
        if size == 0 or size <= self._num_unread - WINDOW_BYTES or self._num_unread == 0:
            self._num_unread, self._unread_since_s = size, now_s
        self._num_unread = max(self._num_unread, size)
        return size > 0 and now_s - self._unread_since_s > self._client_timeout_s

    def _is_late(self, now_s: float) -> bool:
        waited_s = now_s - self._since_s
        if self._awaited is _Awaited.HEAD and not self._is_replying:
            return waited_s > self._client_timeout_s
        if self._awaited is _Awaited.BODY and not self.flow.read_paused:
            return waited_s > self._client_timeout_s + self._num_bytes / MIN_BYTES_PER_S
        return (
            self._awaited is _Awaited.NOTHING and not self._is_replying and waited_s > self.timeout_keep_alive
        )

    def _end_silence(self) -> None:
        is_answered = self._awaited is _Awaited.BODY and self.cycle.response_started
        has_begun = self._awaited is _Awaited.BODY or self._num_bytes > 0
        if has_begun and not is_answered:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the rest of the request did not come in time")
        else:
            self.transport.close()

    @property
    def _is_replying(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await(self, awaited: _Awaited) -> None:
        self._awaited, self._since_s, self._num_bytes = awaited, self.loop.time(), 0

    # --- what comes in

    def data_received(self, data: bytes) -> None:
        self._feed(data)
        if self._awaited is _Awaited.HEAD:
            self._num_bytes += len(data)
            if self._num_bytes > MAX_HEAD_BYTES:
                self._refuse_head()
        elif self._awaited is _Awaited.NOTHING and self.cycle.response_complete and not self.pipeline:
            self._await(_Awaited.HEAD)  # line ends between two requests

    def _feed(self, data: bytes) -> None:
        self._num_fed = len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self.parser.get_method() == b"CONNECT":
                self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, "this server is no proxy")
            else:
                self._go_on_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, _HeadTooLarge):
                self._refuse_head()
            else:
                self._refuse(HTTPStatus.BAD_REQUEST, "Invalid HTTP request received.")

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        lines += [
            b"%s: %s" % header
            for header in self.headers
            if header[0] not in (b"upgrade", b"connection", b"http2-settings")
        ]
        self.parser = httptools.HttpRequestParser(self)
        self._feed(b"\r\n".join((*lines, b"", rest)))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await(_Awaited.HEAD)

    def on_headers_complete(self) -> None:
        if len(self.headers) > MAX_HEADERS or self._is_head_too_large():
            raise _HeadTooLarge
        if not self.parser.should_upgrade():
            self.scope[LINE] = self._line  # type: ignore[literal-required]  # ASGI allows more keys
            super().on_headers_complete()
            self.cycle.send = Sender(self.cycle)  # type: ignore[method-assign]  # its task has not begun
            self._await(_Awaited.BODY)

    def _is_head_too_large(self) -> bool:
        if self._num_bytes + self._num_fed <= MAX_HEAD_BYTES:
            return False
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MAX_HEAD_BYTES

    def on_body(self, body: bytes) -> None:
        self._num_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            self._await(_Awaited.NOTHING)
            super().on_message_complete()

    def on_response_complete(self) -> None:
        self._since_s = self.loop.time()  # of a next request, which was not read meanwhile
        if self.pipeline:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()

    # --- refusals

    def _refuse_head(self) -> None:
        self._refuse(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            f"the head of a request may have {MAX_HEAD_BYTES} bytes and {MAX_HEADERS} fields",
        )

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer and close. The text is plain, as uvicorn's is for what is no HTTP."""
        if self.transport.is_closing():
            return
        if self._is_replying and (self._awaited is _Awaited.HEAD or self.cycle.response_started):
            self.transport.abort()  # the answer would get into the middle of another
            return
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
        self.transport.write(
            f"{head}content-length: {len(message)}\r\nconnection: close\r\n\r\n{message}".encode()
        )
        self.transport.close()
