"""How a reply is sent in fewer steps than ASGI's, where the server is ours and not another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http.client import responses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a model in the process of a command loads no web server
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

STATUS_LINES = {
    status: f"HTTP/1.1 {status} {responses.get(status, '')}\r\n".encode() for status in range(100, 600)
}


class Sender:
    """Sends a cycle's reply. One that is whole goes out in one piece, which saves a system call."""

    __slots__ = ("_cycle", "_send", "_start")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._send = cycle.send
        self._start: Any = None

    async def __call__(self, message: Any) -> None:
        cycle = self._cycle
        if message["type"] == "http.response.start":
            if self._may_be_whole(message.get("headers", ())):
                self._start = message
                return
        elif self._start is not None:
            start, self._start = self._start, None
            if not message.get("more_body", False) and not cycle.disconnected:
                self._write_whole(start["status"], start["headers"], message.get("body", b""))
                return
            await self._send(start)
        elif self.is_ready and message.get("more_body") and message.get("body"):
            self.write_parts((message["body"],))
            return
        await self._send(message)

    @property
    def is_ready(self) -> bool:
        """Whether a part of a streamed reply may be written without waiting."""
        cycle = self._cycle
        is_open = cycle.chunked_encoding and not (cycle.disconnected or cycle.response_complete)
        return bool(is_open) and not cycle.flow.write_paused

    def write_parts(self, bodies: Iterable[bytes]) -> None:
        """Write parts of a streamed reply, a few since `is_ready` was true."""
        pieces = [b"%x\r\n%b\r\n" % (len(body), body) for body in bodies]
        if pieces:
            self._cycle.transport.write(b"".join(pieces))

    def send_whole(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> bool:
        """Send a reply at once, without messages. False if it has to be sent by messages."""
        if self._start is not None or self._cycle.disconnected or not self._may_be_whole(headers):
            return False
        self._write_whole(status, headers, body)
        return True

    def _may_be_whole(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Whether a reply tells its length, and nothing of what uvicorn has to think about."""
        if self._cycle.response_started or self._cycle.scope["method"] == "HEAD":
            return False
        names = {name for name, _ in headers}
        return b"content-length" in names and names.isdisjoint((b"connection", b"transfer-encoding"))

    def _write_whole(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        cycle = self._cycle
        lines = [STATUS_LINES[status], *[b"%b: %b\r\n" % header for header in cycle.default_headers]]
        for header in headers:
            lines.append(b"%b: %b\r\n" % header)
            if header[0] == b"content-length" and int(header[1]) != len(body):
                raise RuntimeError("the body is not as long as its head says")
        if not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        head = b"".join(lines)
        if head.count(b"\n") != len(lines) or head.count(b"\r") != len(lines) or b"\0" in head:
            raise RuntimeError("a header holds what no header may")
        cycle.response_started = cycle.response_complete = True
        cycle.transport.write(b"%b\r\n%b" % (head, body))
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
