"""HTTP/1.1 as bytes: a request's head going out, one answer coming in. No sockets, no clocks."""

from __future__ import annotations

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from martlet.client.transport import failures
from martlet.client.transport.base import Head, Request
from martlet.errors import TransportError

MAX_HEAD_BYTES = 256 * 1024
_BYPASS_BYTES = 64 * 1024
"""A body with this much still to come by content-length needs no parser."""

_ALWAYS_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})
_names: dict[bytes, str] = {}
_MAX_NAMES = 512


def encode_head(request: Request) -> bytes:
    """Request line and headers, with `host` and `content-length` added where missing.

    Raises ValueError, which names the header and never shows its value, for what HTTP cannot carry.
    """
    lines = [f"{request.method} {request.target} HTTP/1.1\r\n"]
    has_host = has_length = False
    for name, value in request.headers:
        lower = name.lower()
        if lower == "host":
            has_host = True
        elif lower == "content-length" or lower == "transfer-encoding":
            has_length = True
        lines.append(f"{name}: {value}\r\n")
    if not has_host:
        origin = request.origin
        host = "localhost" if origin.scheme == "http+unix" else failures.authority(origin)
        lines.insert(1, f"host: {host}\r\n")
    if not has_length and (request.body or request.method in _ALWAYS_WITH_LENGTH):
        lines.append(f"content-length: {len(request.body)}\r\n")
    lines.append("\r\n")
    head = "".join(lines)
    num_lines = len(lines)
    if head.count("\n") != num_lines or head.count("\r") != num_lines or "\0" in head:
        raise _unsendable(request)
    if " " in request.target or not request.target.isascii():
        raise _unsendable(request)
    try:
        return head.encode("latin-1")
    except UnicodeEncodeError:
        raise _unsendable(request) from None


def _unsendable(request: Request) -> ValueError:
    for name, value in request.headers:
        if not _is_sendable(name) or not _is_sendable(value):
            return ValueError(
                f"header {name!r} holds a character that HTTP does not allow, such as a line break"
            )
    return ValueError("the URL or method holds a character that HTTP does not allow, such as a space")


def _is_sendable(text: str) -> bool:
    return not any(char in "\r\n\0" or char > "\xff" for char in text)


class Answer:
    """One answer, as it arrives: `feed` what the socket gives, then look at the attributes.

    Nothing is raised: what breaks the answer ends up in `error`, behind the `pieces` that arrived before it.
    """

    __slots__ = (
        "_headers",
        "_is_bodiless",
        "_is_close_delimited",
        "_is_interim",
        "_num_fed",
        "_parser",
        "_remaining",
        "_reused",
        "complete",
        "error",
        "head",
        "keep_alive",
        "num_pending",
        "peer",
        "pieces",
    )

    head: Head | None
    error: TransportError | None

    def __init__(self, peer: str, method: str, reused: bool) -> None:
        self.peer = peer
        self.head = None
        self.error = None
        self.complete = False
        self.keep_alive = False
        self.pieces: list[bytes] = []
        self.num_pending = 0
        """Bytes in `pieces`."""
        self._headers: list[tuple[str, str]] = []
        self._is_bodiless = method == "HEAD"
        self._is_close_delimited = True
        self._is_interim = False
        self._num_fed = 0
        self._remaining: int | None = None  # of a content-length body
        self._reused = reused
        self._parser: HttpResponseParser | None = HttpResponseParser(self)

    @property
    def ended(self) -> bool:
        return self.complete or self.error is not None

    @property
    def num_missing(self) -> int:
        """Bytes of the body still to come, where a content-length says."""
        return self._remaining or 0

    def take(self) -> bytes:
        """What has arrived of the body since the last `take`."""
        pieces = self.pieces
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self.num_pending = 0
        return data

    def feed(self, data: bytes) -> None:
        if self.complete or self.error is not None:
            self.keep_alive = False  # more than one answer to one request
            return
        self._num_fed += len(data)
        parser = self._parser
        if parser is None:
            self._feed_past_parser(data)
            return
        try:
            parser.feed_data(data)
        except HttpParserUpgrade:
            self.fail(failures.broken(self.peer, "it switched to another protocol"))
        except HttpParserError as error:
            self.keep_alive = False
            if not self.complete:
                self.fail(failures.broken(self.peer, _reason(error)))
        if self.head is None:
            if self._num_fed > MAX_HEAD_BYTES:
                self._fail_large_head()
        elif self._remaining is not None and self._remaining > _BYPASS_BYTES and self.error is None:
            self._parser = None

    def _feed_past_parser(self, data: bytes) -> None:
        assert self._remaining is not None
        if len(data) > self._remaining:
            data = data[: self._remaining]
            self.keep_alive = False
        self.on_body(data)
        if not self._remaining:
            self.complete = True

    def end_of_stream(self, error: OSError | None = None, *, truncated: bool = False) -> None:
        """The peer closed the connection; `truncated` if TLS says that it was cut."""
        if self.complete or self.error is not None:
            return
        self.keep_alive = False
        if self.head is None:
            answered = self._num_fed > 0
            self.fail(failures.lost(self.peer, error, reused=self._reused, answered=answered))
        elif self._is_close_delimited and error is None and not truncated:
            self.complete = True
            self._parser = None
        else:
            self.fail(failures.incomplete(self.peer, error))

    def fail(self, error: TransportError) -> None:
        if not self.complete and self.error is None:
            self.error = error
            self.keep_alive = False
            self._parser = None  # breaks the cycle with our bound methods

    def _fail_large_head(self) -> None:
        self.head = None
        self.complete = False
        self.fail(
            failures.broken(self.peer, f"the answer's head is larger than {MAX_HEAD_BYTES // 1024} KiB")
        )

    # httptools calls these

    def on_message_begin(self) -> None:
        if self.complete:
            raise ValueError("an answer after the answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.head is not None:
            return  # trailers
        lower = _names.get(name)
        if lower is None:
            lower = name.decode("latin-1").lower()
            if len(_names) < _MAX_NAMES:
                _names[name] = lower
        if lower == "content-length":
            self._is_close_delimited = False
            self._remaining = int(value)
        elif lower == "transfer-encoding":
            self._is_close_delimited = not value.lower().endswith(b"chunked")
        self._headers.append((lower, value.decode("latin-1").rstrip(" \t")))

    def on_headers_complete(self) -> None:
        parser = self._parser
        if parser is None or self.complete:
            return
        status = parser.get_status_code()
        if 100 <= status < 200:
            self._is_interim = True
            return
        if self._num_fed > MAX_HEAD_BYTES and _head_bytes(self._headers) > MAX_HEAD_BYTES:
            self._fail_large_head()
            return
        self.head = Head(status, self._headers, parser.get_http_version())
        self.keep_alive = parser.should_keep_alive()
        if self._is_bodiless or status == 204 or status == 304:
            self._complete()

    def on_body(self, data: bytes) -> None:
        if self.complete or self.error is not None:
            return
        self.pieces.append(data)
        num_bytes = len(data)
        self.num_pending += num_bytes
        if self._remaining is not None:
            self._remaining -= num_bytes

    def on_message_complete(self) -> None:
        if self._is_interim:
            self._is_interim = False
            self._headers = []
            self._remaining = None
            self._is_close_delimited = True
        else:
            self._complete()

    def _complete(self) -> None:
        if self.head is not None:
            self.complete = True
            self._parser = None


def _head_bytes(headers: list[tuple[str, str]]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _reason(error: HttpParserError) -> str:
    return str(error) or "the answer cannot be parsed"
