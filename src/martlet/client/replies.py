"""One HTTP answer as the client and its users see it: `Reply` inside, `Response` and `Request` outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from martlet.client.headers import SECRET, Headers
from martlet.errors import ReadTimeout

if TYPE_CHECKING:
    from martlet.client.calls import Call
    from martlet.client.exchange import Deadline
    from martlet.client.transport.base import AsyncResponse, Head
    from martlet.client.transport.base import Request as WireRequest
    from martlet.client.transport.base import Response as SyncResponse


class Reply:
    """What came back for one attempt: the head, and the body, or `source` to stream it from."""

    __slots__ = ("body", "deadline", "head", "head_s", "request", "retries", "source")

    def __init__(
        self,
        request: WireRequest,
        head: Head,
        body: bytes = b"",
        source: SyncResponse | AsyncResponse | None = None,
    ) -> None:
        self.request = request
        self.head = head
        self.body = body
        self.source: Any = source
        self.retries = 0
        self.head_s = 0.0
        """From the sending of the request to its answer's head."""
        self.deadline: Deadline | None = None

    def piece_limit_s(self) -> float | None:
        """How long to wait for the next piece of a body on the wire; None leaves it to the transport.

        Raises ReadTimeout once the call's deadline has passed.
        """
        deadline = self.deadline
        if deadline is None:
            return None
        if deadline.has_passed():
            raise ReadTimeout("the answer did not end in time", sent="yes")
        left_s, read_s = deadline.left_s(), self.request.timeouts.read
        return left_s if read_s is None else min(left_s, read_s)

    def header(self, name: str) -> str | None:
        """The first value of a header whose name is given in lower case."""
        for key, value in self.head.headers:
            if key == name:
                return value
        return None

    def as_response(self) -> Response:
        """The view for users, made only when somebody looks."""
        return Response(
            self.head.status,
            headers=self.head.headers,
            content=self.body,
            request=Request.of(self.request),
            http_version=self.head.http_version,
            retries_taken=self.retries,
        )


def is_stream(call: Call[Any], head: Head) -> bool:
    """Whether the body is to be read piece by piece: not an error, and not a document in one piece."""
    if not (call.stream or call.is_left_open) or not 200 <= head.status < 300:
        return False
    return call.is_left_open or is_event_stream(call, head)


def is_event_stream(call: Call[Any], head: Head) -> bool:
    """Whether a 2xx answer is the stream that the call asked for."""
    if not call.stream:
        return False
    for name, value in head.headers:
        if name == "content-type":
            return not value.lower().startswith(("application/json", "text/html"))
    return True


class Request:
    """The request behind a reply or an error. Secret headers read as `<redacted>`."""

    def __init__(self, method: str, url: str, headers: Headers, content: bytes = b"") -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.content = content

    @classmethod
    def of(cls, request: WireRequest) -> Request:
        shown = [(name, "<redacted>" if name.lower() in SECRET else value) for name, value in request.headers]
        return cls(request.method, request.url, Headers(shown), request.body)

    def __repr__(self) -> str:
        return f"<Request({self.method!r}, {self.url!r})>"


class Response:
    """An HTTP answer, with the attributes that programs know from httpx."""

    def __init__(
        self,
        status_code: int,
        *,
        headers: list[tuple[str, str]] | None = None,
        content: bytes = b"",
        request: Request | None = None,
        http_version: str = "1.1",
        retries_taken: int = 0,
    ) -> None:
        self.status_code = status_code
        self.headers = Headers(headers or ())
        self.content = content
        self.request = request
        self.http_version = f"HTTP/{http_version}"
        self.retries_taken = retries_taken
        self._stream: Callable[[], Any] | None = None
        """Gives the stream that reads the body; None once it is gone, and where there is none."""

    @property
    def url(self) -> str | None:
        return None if self.request is None else self.request.url

    @property
    def text(self) -> str:
        """The body as UTF-8; bytes that are not are shown as replacement characters."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises `json.JSONDecodeError`, a ValueError, where it is not."""
        import json

        return json.loads(self.content)

    @property
    def reason_phrase(self) -> str:
        from http import HTTPStatus

        try:
            return HTTPStatus(self.status_code).phrase
        except ValueError:
            return ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    @property
    def is_error(self) -> bool:
        return self.status_code >= 400

    def read(self) -> bytes:
        return self.content

    @property
    def is_closed(self) -> bool:
        """Whether nothing more comes over the wire: always, but for the response of a stream."""
        stream = self._open_stream()
        return stream is None or bool(stream._is_released)

    def close(self) -> None:
        """Close the stream whose response this is. Raises RuntimeError for an AsyncStream's."""
        stream = self._open_stream()
        if hasattr(stream, "aclose"):
            raise RuntimeError("the response of an AsyncStream is closed with `await response.aclose()`")
        if stream is not None:
            stream.close()

    async def aclose(self) -> None:
        """As `close()`, for the response of an AsyncStream."""
        stream = self._open_stream()
        if stream is not None and not hasattr(stream, "aclose"):
            raise RuntimeError("the response of a Stream is closed with `response.close()`")
        if stream is not None:
            await stream.aclose()

    def _open_stream(self) -> Any:
        return None if self._stream is None else self._stream()

    def __repr__(self) -> str:
        return f"<Response [{self.status_code} {self.reason_phrase}]>"
