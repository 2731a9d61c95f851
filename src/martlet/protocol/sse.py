"""Server-sent events: a push parser for clients and frame writers for servers.

The parser follows the WHATWG rules (lines end in LF, CR or CRLF; comments; several `data` lines form one
event), with two departures for model servers: events without data are skipped, and an event that the end of
the stream cut off is not dropped but handed out by `close()` for the client to judge.
"""

from __future__ import annotations

import msgspec

from martlet.errors import ProtocolError

DONE = b"data: [DONE]\n\n"
"""The frame that ends a stream of completions."""

_BOM = b"\xef\xbb\xbf"
_LF, _CR = 10, 13
_MAX_RETRY_DIGITS = 12
"""Longer ones are no time that anyone waits, and Python refuses integers of thousands of digits."""


class Event(msgspec.Struct, gc=False):
    """One event. `data` is not decoded: it is nearly always JSON, which is decoded from bytes."""

    data: bytes
    event: str | None = None
    """Its name, if it has one."""
    id: str | None = None
    """The last id seen, on this event or before."""
    is_complete: bool = True
    """False if the stream ended before the blank line that ends an event."""


class SSEParser:
    """Turns the bytes of a stream into events, whatever chunks they come in. Every byte is looked at once.

    `num_comments` counts the comment lines, which servers send as keep-alive and which are not content;
    `retry_ms` is the reconnection time that the server asked for.
    """

    def __init__(self, max_event_bytes: int = 256 * 1024 * 1024) -> None:
        self.num_comments = 0
        self.last_event_id: str | None = None
        self.retry_ms: int | None = None
        self._max_event_bytes = max_event_bytes
        self._line = bytearray()  # a line that has not ended yet
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._event: str | None = None
        self._is_start = True
        self._after_cr = False  # an LF that comes next belongs to the CR before it

    def feed(self, chunk: bytes) -> list[Event]:
        """Take the next bytes; return the events that they complete.

        Raises ProtocolError if an event grows larger than `max_event_bytes`.
        """
        # The ordinary chunk is one whole frame: "data: {...}\n\n".
        if (
            chunk.startswith(b"data: ")
            and chunk.find(b"\n") == len(chunk) - 2
            and b"\r" not in chunk
            and chunk.endswith(b"\n")
            and not (self._line or self._data or self._event)
        ):
            self._is_start = self._after_cr = False
            self._check_size(len(chunk))
            data = chunk[6:-2]
            return [Event(data, None, self.last_event_id)] if data.strip() else []
        if self._is_start:
            chunk = self._strip_bom(chunk)
        return self._feed_lines(chunk)

    @property
    def is_inside_event(self) -> bool:
        """Whether a part of an event has arrived and its end has not; comments are no part of one."""
        if self._data or self._event is not None:
            return True
        return bool(self._line) and not self._line.startswith(b":")

    def close(self) -> list[Event]:
        """End the stream; return the event that was cut off, if there is one, with `is_complete` false."""
        events = self._feed_lines(b"\n") if self._line else []
        events += self._dispatch()
        for event in events:
            event.is_complete = False
        return events

    def _strip_bom(self, chunk: bytes) -> bytes:
        chunk = bytes(self._line) + chunk
        self._line.clear()
        if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
            self._line += chunk  # not enough to tell
            return b""
        self._is_start = False
        return chunk.removeprefix(_BOM)

    def _feed_lines(self, chunk: bytes) -> list[Event]:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_cr = False
        if not chunk:
            return []
        self._after_cr = chunk[-1] == _CR
        lines = chunk.splitlines()
        rest = b"" if chunk[-1] == _LF or self._after_cr else lines.pop()
        if lines and self._line:
            lines[0] = bytes(self._line) + lines[0]
            self._line.clear()
        events: list[Event] = []
        for line in lines:
            if line:
                self._take(line)
            else:
                events += self._dispatch()
        self._line += rest
        self._check_size(self._data_bytes + len(self._line))
        return events

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data_bytes += len(value) + 1
            self._check_size(self._data_bytes)
            self._data.append(value)
        elif not name:
            self.num_comments += 1
        elif name == b"event":
            self._event = value.decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value:
            self.last_event_id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit() and len(value) <= _MAX_RETRY_DIGITS:
            self.retry_ms = int(value)

    def _dispatch(self) -> list[Event]:
        data = b"\n".join(self._data)
        event = self._event
        self._data.clear()
        self._data_bytes = 0
        self._event = None
        return [Event(data, event or None, self.last_event_id)] if data.strip() else []

    def _check_size(self, num_bytes: int) -> None:
        if num_bytes > self._max_event_bytes:
            raise ProtocolError(f"expected events of at most {self._max_event_bytes} bytes, got a larger one")


def frame(data: bytes, event: str | None = None) -> bytes:
    """Return the frame of one event; `data` is JSON on one line."""
    if event is None:
        return b"data: " + data + b"\n\n"
    return b"event: " + event.encode() + b"\ndata: " + data + b"\n\n"


def comment(text: str) -> bytes:
    """Return a comment line, which clients skip: a sign of life while nothing is ready."""
    return b": " + text.encode() + b"\n\n"


def error_frame(message: str, type: str, param: str | None, code: int) -> bytes:
    """Return the frame that reports an error after the headers went out; DONE follows it.

    Blanks and escapes are those of Python's json module: vLLM writes this one frame with it.
    """
    import json

    info = {"message": message, "type": type, "param": param, "code": code}
    return frame(json.dumps({"error": info}).encode())
