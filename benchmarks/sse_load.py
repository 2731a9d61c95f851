"""Load for a server over HTTP/1.1, at little cost to the machine that both share: sockets, epoll, bytes.

While the clock runs, replies are only kept and watched for their end; then every byte of them is looked at:
the head, each piece's length, each frame's JSON, why the text ended, and how many tokens the usage says.
"""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LAST_PIECE = b"0\r\n\r\n"
HEAD_END = b"\r\n\r\n"
RECEIVE_BYTES = 32 * 1024
TIMEOUT_S = 300.0


class BrokenReply(Exception):
    """A server sent something else than was asked for."""


@dataclass
class Stream:
    """What one streamed completion brought."""

    text: str = ""
    num_frames: int = 0
    """Those with a choice: several tokens may come in one."""
    num_tokens: int = 0
    """As the usage says."""
    finish_reason: str | None = None


@dataclass
class Connection:
    """A kept-alive connection, and what has come of the present reply."""

    socket: socket.socket
    parts: list[bytes] = field(default_factory=list)
    num_missing: int | None = None
    """Bytes of a reply that tells its length. None: not known, or it comes in pieces."""
    num_left: int = 0
    """Requests that are still to be made."""

    def begin(self, request: bytes) -> None:
        self.parts, self.num_missing = [], None
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Keep what has come; return whether it is all."""
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            raise BrokenReply(f"the server hung up after {b''.join(self.parts)[-200:]!r}")
        self.parts.append(data)
        if self.num_missing is not None:
            self.num_missing -= len(data)
            return self.num_missing == 0
        if len(self.parts) == 1 and (length := _content_length(data)) is not None:
            self.num_missing = data.index(HEAD_END) + len(HEAD_END) + length - len(data)
            return self.num_missing == 0
        end = data if len(data) >= len(LAST_PIECE) else b"".join(self.parts[-len(LAST_PIECE) :])
        return end.endswith(LAST_PIECE)

    @property
    def reply(self) -> bytes:
        return b"".join(self.parts)


class Load:
    """Connections to one server, which the same request is sent on."""

    def __init__(self, host: str, port: int, count: int) -> None:
        self._host = f"{host}:{port}"
        self._connections: dict[int, Connection] = {}
        self._poll = select.epoll()
        for _ in range(count):
            opened = socket.create_connection((host, port), TIMEOUT_S)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._poll.register(opened.fileno(), select.EPOLLIN)
            self._connections[opened.fileno()] = Connection(opened)

    def close(self) -> None:
        self._poll.close()
        for connection in self._connections.values():
            connection.socket.close()

    def request(self, path: str, body: dict[str, Any]) -> bytes:
        """Return a POST's bytes."""
        content = json.dumps(body).encode()
        lines = [f"POST {path} HTTP/1.1", f"host: {self._host}", "content-type: application/json"]
        lines += ["accept: text/event-stream, application/json", f"content-length: {len(content)}"]
        return "\r\n".join([*lines, "", ""]).encode() + content

    def run(self, request: bytes, rounds: int = 1) -> tuple[float, list[bytes]]:
        """Send `request` so many times on each connection. Return the time it took, and the replies."""
        replies: list[bytes] = []
        num_open = len(self._connections)
        began = time.perf_counter()
        for connection in self._connections.values():
            connection.num_left = rounds - 1
            connection.begin(request)
        while num_open:
            ready = self._poll.poll(TIMEOUT_S)
            if not ready:
                raise BrokenReply(f"nothing came for {TIMEOUT_S:g} s")
            for file, _ in ready:
                connection = self._connections[file]
                if not connection.receive():
                    continue
                replies.append(connection.reply)
                if connection.num_left:
                    connection.num_left -= 1
                    connection.begin(request)
                else:
                    num_open -= 1
        return time.perf_counter() - began, replies


def _content_length(data: bytes) -> int | None:
    for line in data.partition(HEAD_END)[0].lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return None


# --- what came, once the clock has stopped -----------------------------------------------------------------


def read_json(reply: bytes) -> dict[str, Any]:
    """Return the object in a reply. Raises BrokenReply."""
    head, body = _split(reply)
    if _content_length(head) != len(body):
        raise BrokenReply(f"not as long as its head says: {reply!r:.300}")
    found: dict[str, Any] = json.loads(body)
    return found


def read_stream(reply: bytes) -> Stream:
    """Return what a reply brought in frames. Raises BrokenReply."""
    head, body = _split(reply)
    if b"transfer-encoding: chunked" not in head.lower():
        raise BrokenReply(f"not in pieces: {head!r:.300}")
    *frames, end = _joined(body).decode().split("\n\n")
    if end or not frames or frames.pop() != "data: [DONE]":
        raise BrokenReply("a stream without its end")
    stream = Stream()
    for frame in frames:
        if not frame.startswith("data: "):
            raise BrokenReply(f"not a frame: {frame!r:.300}")
        _read_frame(json.loads(frame[6:]), stream)
    return stream


def require_tokens(streams: Sequence[Stream], tokens: int) -> None:
    """Raise BrokenReply unless each stream brought so many tokens, and text, and ended for their number."""
    for stream in streams:
        is_whole = stream.num_tokens == tokens and stream.finish_reason == "length" and stream.text
        if not is_whole or not 1 <= stream.num_frames <= tokens + 1:
            raise BrokenReply(f"{tokens} tokens were asked for: {stream!r:.300}")


def _split(reply: bytes) -> tuple[bytes, bytes]:
    head, _, body = reply.partition(HEAD_END)
    if not head.startswith(b"HTTP/1.1 200 "):
        raise BrokenReply(f"{reply!r:.500}")
    return head, body


def _joined(body: bytes) -> bytes:
    """Return the content of a body that came in pieces, each behind its length."""
    pieces, at = [], 0
    while True:
        line_end = body.index(b"\r\n", at)
        size, start = int(body[at:line_end], 16), line_end + 2
        at = start + size + 2
        if body[at - 2 : at] != b"\r\n":
            raise BrokenReply(f"a piece is not as long as it says: {body[start:at]!r:.300}")
        if size == 0:
            break
        pieces.append(body[start : start + size])
    if at != len(body):
        raise BrokenReply(f"bytes behind the end: {body[at:]!r:.300}")
    return b"".join(pieces)


def _read_frame(chunk: dict[str, Any], stream: Stream) -> None:
    if chunk.get("error"):
        raise BrokenReply(f"{chunk!r:.300}")
    if chunk.get("usage"):
        stream.num_tokens = chunk["usage"]["completion_tokens"]
    for choice in chunk["choices"]:
        if stream.finish_reason is not None:
            raise BrokenReply("a choice that goes on after its end")
        stream.num_frames += 1
        stream.text += choice["text"]
        stream.finish_reason = choice["finish_reason"]
