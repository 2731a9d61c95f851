"""`with_raw_response` and `with_streaming_response`: a method's HTTP answer first, its result on demand.

A view makes the same resource again over a client whose `_run` hands out the answer: whatever method a
resource has, its views have it too.
"""

from __future__ import annotations

import codecs
import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, AnyStr, Generic, TypeVar, get_args, get_origin, overload

from martlet.client import replies, streaming
from martlet.client.binary import BinaryContent
from martlet.client.calls import Call, Endpoint, StreamKind
from martlet.client.casting import cast_reply
from martlet.client.failures import connection_error, deadline_error
from martlet.client.resources.base import AsyncResource, Resource
from martlet.errors import OpenAIError, StreamAlreadyConsumed, TransportError

if TYPE_CHECKING:
    from types import TracebackType

    from martlet.client.client import AsyncOpenAI, OpenAI
    from martlet.client.headers import Headers
    from martlet.client.replies import Reply, Request, Response

T = TypeVar("T")
R = TypeVar("R")

Path = Mapping[str, str] | None


class _Answer(Generic[T]):
    """What every answer shows, however its body is read."""

    def __init__(self, call: Call[Any], reply: Reply, elapsed_s: float, result: Callable[[Reply], T]) -> None:
        self._call = call
        self._reply = reply
        self._result = result
        self._results: dict[Any, Any] = {}
        self.elapsed = timedelta(seconds=elapsed_s)
        """From the call to its answer, with the attempts that failed and the waits between them."""

    @cached_property
    def http_response(self) -> Response:
        return self._reply.as_response()

    @property
    def http_request(self) -> Request:
        """The last attempt's request. Its secret headers read as `<redacted>`."""
        request = self.http_response.request
        assert request is not None
        return request

    @property
    def headers(self) -> Headers:
        return self.http_response.headers

    @property
    def status_code(self) -> int:
        return self._reply.head.status

    @property
    def url(self) -> str:
        return self.http_request.url

    @property
    def method(self) -> str:
        return self.http_request.method

    @property
    def http_version(self) -> str:
        return self.http_response.http_version

    @property
    def request_id(self) -> str | None:
        return self._reply.header("x-request-id")

    @property
    def retries_taken(self) -> int:
        return self._reply.retries

    def _parsed(self, to: Any) -> Any:
        if to not in self._results:
            self._results[to] = self._result(self._reply) if to is None else self._cast(to)
        return self._results[to]

    def _cast(self, to: Any) -> Any:
        kind = get_origin(to) or to
        if not (isinstance(kind, type) and issubclass(kind, streaming._Stream)):
            return cast_reply(to, self._reply)
        own = self._call.endpoint.stream
        if own is None or not self._call.stream:
            raise TypeError(f"{to} can only be read from a call with stream=True")
        item = (get_args(to) or (own.item,))[0]
        endpoint: Endpoint[Any] = Endpoint(
            self._call.endpoint.name,
            self._call.method,
            self._call.path,
            item,
            stream=StreamKind(item, own.partial),
        )
        call: Call[Any] = Call(endpoint, self._call.path, stream=True)
        made: Any = kind
        return made(call, self._reply, streaming.source_of(self._reply))

    def _broken(self, error: TransportError) -> OpenAIError:
        deadline = self._reply.deadline
        if deadline is not None and isinstance(error, TimeoutError) and deadline.has_passed():
            return deadline_error(deadline.seconds, self._reply.request, self._reply.retries, error)
        return connection_error(error, self._reply.request, self._reply.retries)

    def __repr__(self) -> str:
        response = self.http_response
        result = self._call.endpoint.reply
        return f"<APIResponse [{response.status_code} {response.reason_phrase}] type={result}>"


class LegacyAPIResponse(_Answer[T]):
    """The answer of `with_raw_response`, its body read already; also of an async method."""

    @property
    def content(self) -> bytes:
        """The body. Raises RuntimeError if it is a stream, which only `parse()` reads."""
        if self._reply.source is not None:
            raise RuntimeError("the body is a stream: iterate over what `parse()` returns")
        return self._reply.body

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to read from the connection."""
        return self._reply.source is None

    def json(self) -> Any:
        """The body as JSON. Raises `json.JSONDecodeError`, a ValueError, where it is not."""
        import json

        return json.loads(self.content)

    def read(self) -> bytes:
        return self.content

    @overload
    def parse(self) -> T: ...
    @overload
    def parse(self, *, to: type[R]) -> R: ...
    @overload
    def parse(self, *, to: Any = None) -> Any: ...
    def parse(self, *, to: Any = None) -> Any:
        """What the method itself would have returned; `to` names another type. Made once per type.

        Raises what the method would have raised for a body that cannot be read.
        """
        return self._parsed(to)


class _Open(_Answer[T]):
    """An answer whose body is still on the wire."""

    _is_consumed = False
    """Its pieces were handed out, and are gone."""
    _is_read = False
    is_closed = False

    def __init__(self, call: Call[Any], reply: Reply, elapsed_s: float, result: Callable[[Reply], T]) -> None:
        super().__init__(call, reply, elapsed_s, result)
        self._source = reply.source

    def _start_iterating(self) -> None:
        if self._is_consumed:
            raise StreamAlreadyConsumed()
        self._is_consumed = True

    def _start_reading(self) -> None:
        if self._is_consumed:
            raise StreamAlreadyConsumed()
        if self.is_closed:
            raise RuntimeError("the answer is closed: read it inside the `with` block")

    def _has_read(self, body: bytes) -> bytes:
        self._is_read = self.is_closed = True
        self._reply.source = None
        self._reply.body = self.http_response.content = body
        return body

    def _parsed(self, to: Any) -> Any:
        if to is None and self._call.endpoint.reply is BinaryContent:
            return self._reply.body
        return super()._parsed(to)

    def _is_stream(self, to: Any) -> bool:
        """Whether `parse` gives a stream: a document that came instead is read and refused."""
        return _is_stream_type(to) and replies.is_event_stream(self._call, self._reply.head)

    def _take_stream(self, to: Any) -> Any:
        self._start_reading()
        made = self._parsed(to)
        self._is_consumed = True
        return made


class APIResponse(_Open[T]):
    """The answer of `with_streaming_response`: read its body in one of the ways, once."""

    def _chunks(self) -> Iterator[bytes]:
        if self._is_read:
            yield self._reply.body
            return
        self._start_iterating()
        try:
            while (piece := self._source.chunk(self._reply.piece_limit_s())) is not None:
                yield piece
        except TransportError as error:
            raise self._broken(error) from error
        finally:
            self.close()

    def read(self) -> bytes:
        """The whole body. Raises StreamAlreadyConsumed after iterating over it."""
        if self._is_read:
            return self._reply.body
        self._start_reading()
        try:
            return self._has_read(self._source.read())
        except TransportError as error:
            raise self._broken(error) from error

    def text(self) -> str:
        return self.read().decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises `json.JSONDecodeError`, a ValueError, where it is not."""
        self.read()
        return self.http_response.json()

    @overload
    def parse(self) -> T: ...
    @overload
    def parse(self, *, to: type[R]) -> R: ...
    @overload
    def parse(self, *, to: Any = None) -> Any: ...
    def parse(self, *, to: Any = None) -> Any:
        """What the method itself would have returned; `to` names another type. Made once per type.

        A file or a sound is returned as bytes.
        """
        if self._is_stream(to):
            return self._results[to] if to in self._results else self._take_stream(to)
        self.read()
        return self._parsed(to)

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body as it arrives, or in pieces of `chunk_size` bytes."""
        regroup = _Regroup(chunk_size, b"")
        for chunk in self._chunks():
            yield from regroup.feed(chunk)
        yield from regroup.flush()

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """As `iter_bytes`, decoded as UTF-8; `chunk_size` counts characters."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        regroup = _Regroup(chunk_size, "")
        for chunk in self._chunks():
            yield from regroup.feed(decoder.decode(chunk))
        yield from regroup.feed(decoder.decode(b"", True))
        yield from regroup.flush()

    def iter_lines(self) -> Iterator[str]:
        """The lines of the body, without their ends."""
        lines = _Lines()
        for text in self.iter_text():
            yield from lines.feed(text)
        yield from lines.flush()

    def stream_to_file(self, file: Any, *, chunk_size: int | None = None) -> None:
        """Write the body to a path as it arrives."""
        with open(file, "wb") as out:
            for piece in self.iter_bytes(chunk_size):
                out.write(piece)

    def close(self) -> None:
        """Close the connection, at once if the body is unfinished. Idempotent."""
        self.is_closed = True
        self._source.close()


class AsyncAPIResponse(_Open[T]):
    """As `APIResponse`, on asyncio."""

    async def _chunks(self) -> AsyncIterator[bytes]:
        if self._is_read:
            yield self._reply.body
            return
        self._start_iterating()
        try:
            while (piece := await self._source.chunk(self._reply.piece_limit_s())) is not None:
                yield piece
        except TransportError as error:
            raise self._broken(error) from error
        finally:
            await self.close()

    async def read(self) -> bytes:
        """The whole body. Raises StreamAlreadyConsumed after iterating over it."""
        if self._is_read:
            return self._reply.body
        self._start_reading()
        try:
            return self._has_read(await self._source.read())
        except TransportError as error:
            raise self._broken(error) from error

    async def text(self) -> str:
        return (await self.read()).decode("utf-8", "replace")

    async def json(self) -> Any:
        """The body as JSON. Raises `json.JSONDecodeError`, a ValueError, where it is not."""
        await self.read()
        return self.http_response.json()

    @overload
    async def parse(self) -> T: ...
    @overload
    async def parse(self, *, to: type[R]) -> R: ...
    @overload
    async def parse(self, *, to: Any = None) -> Any: ...
    async def parse(self, *, to: Any = None) -> Any:
        """What the method itself would have returned; `to` names another type. Made once per type.

        A file or a sound is returned as bytes.
        """
        if self._is_stream(to):
            return self._results[to] if to in self._results else self._take_stream(to)
        await self.read()
        return self._parsed(to)

    async def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body as it arrives, or in pieces of `chunk_size` bytes."""
        regroup = _Regroup(chunk_size, b"")
        async for chunk in self._chunks():
            for piece in regroup.feed(chunk):
                yield piece
        for piece in regroup.flush():
            yield piece

    async def iter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """As `iter_bytes`, decoded as UTF-8; `chunk_size` counts characters."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        regroup = _Regroup(chunk_size, "")
        async for chunk in self._chunks():
            for piece in regroup.feed(decoder.decode(chunk)):
                yield piece
        for piece in [*regroup.feed(decoder.decode(b"", True)), *regroup.flush()]:
            yield piece

    async def iter_lines(self) -> AsyncIterator[str]:
        """The lines of the body, without their ends."""
        lines = _Lines()
        async for text in self.iter_text():
            for line in lines.feed(text):
                yield line
        for line in lines.flush():
            yield line

    async def stream_to_file(self, file: Any, *, chunk_size: int | None = None) -> None:
        """Write the body to a path as it arrives."""
        with open(file, "wb") as out:
            async for piece in self.iter_bytes(chunk_size):
                out.write(piece)

    async def close(self) -> None:
        """Close the connection, at once if the body is unfinished. Idempotent."""
        self.is_closed = True
        await self._source.aclose()


def _is_stream_type(to: Any) -> bool:
    kind = get_origin(to) or to
    return to is None or (isinstance(kind, type) and issubclass(kind, streaming._Stream))


# --- a body cut anew ----------------------------------------------------------------------------------


class _Regroup(Generic[AnyStr]):
    """Pieces of one size out of pieces of any size."""

    def __init__(self, size: int | None, empty: AnyStr) -> None:
        if size is not None and size < 1:
            raise ValueError(f"chunk_size is a positive number, not {size}")
        self._size = size
        self._rest: AnyStr = empty
        self._empty: AnyStr = empty

    def feed(self, data: AnyStr) -> list[AnyStr]:
        if self._size is None:
            return [data] if data else []
        data = self._rest + data
        whole = len(data) - len(data) % self._size
        self._rest = data[whole:]
        return [data[at : at + self._size] for at in range(0, whole, self._size)]

    def flush(self) -> list[AnyStr]:
        rest, self._rest = self._rest, self._empty
        return [rest] if rest else []


class _Lines:
    """Lines out of pieces of text. A line ends in LF, CRLF or CR, also where these are torn apart."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> list[str]:
        text = self._rest + text
        held = text.endswith("\r")  # half a CRLF, perhaps
        if held:
            text = text[:-1]
        *lines, self._rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if held:
            self._rest += "\r"
        return lines

    def flush(self) -> list[str]:
        return [self._rest.removesuffix("\r")] if self._rest else []


# --- clients that hand out answers ----------------------------------------------------------------------


class _ClientView:
    """Stands for a client in resources: the same settings and connections, other results."""

    def __init__(self, client: Any) -> None:
        self._real = client

    def __getattr__(self, name: str) -> Any:
        made = getattr(type(self._real), name, None)
        if isinstance(made, cached_property):  # a resource, which is to call through this view
            return made.func(self)
        return getattr(self._real, name)

    def __dir__(self) -> list[str]:
        cls = type(self._real)
        return [name for name in dir(cls) if isinstance(getattr(cls, name), cached_property)]


class _RawClient(_ClientView):
    _real: OpenAI

    def _run(self, endpoint: Endpoint[T], params: dict[str, Any], path: Path = None) -> Any:
        call = endpoint.call(params, path)
        return self._answer(call, lambda reply: _result(call, reply, streaming.Stream))

    def _list(self, endpoint: Endpoint[T], params: dict[str, Any], path: Path = None) -> Any:
        def page(reply: Reply) -> Any:
            return self._real._page(endpoint.parse(reply), endpoint, params, path)

        return self._answer(endpoint.call(dict(params), path), page)

    def _answer(self, call: Call[Any], result: Callable[[Reply], Any]) -> Any:
        began = time.monotonic()
        reply = self._real._send(call)
        return LegacyAPIResponse(call, reply, time.monotonic() - began, result)


class _OpenClient(_RawClient):
    def _answer(self, call: Call[Any], result: Callable[[Reply], Any]) -> Any:
        call.is_left_open = True
        began = time.monotonic()
        reply = self._real._send(call)
        return APIResponse(call, reply, time.monotonic() - began, result)


class _AsyncRawClient(_ClientView):
    _real: AsyncOpenAI

    async def _run(self, endpoint: Endpoint[T], params: dict[str, Any], path: Path = None) -> Any:
        call = await self._real._call(endpoint, params, path)
        return await self._answer(call, lambda reply: _result(call, reply, streaming.AsyncStream))

    async def _list(self, endpoint: Endpoint[T], params: dict[str, Any], path: Path = None) -> Any:
        def page(reply: Reply) -> Any:
            return self._real._page(endpoint.parse(reply), endpoint, params, path)

        return await self._answer(endpoint.call(dict(params), path), page)

    async def _answer(self, call: Call[Any], result: Callable[[Reply], Any]) -> Any:
        began = time.monotonic()
        reply = await self._real._send(call)
        return LegacyAPIResponse(call, reply, time.monotonic() - began, result)


class _AsyncOpenClient(_AsyncRawClient):
    async def _answer(self, call: Call[Any], result: Callable[[Reply], Any]) -> Any:
        call.is_left_open = True
        began = time.monotonic()
        reply = await self._real._send(call)
        return AsyncAPIResponse(call, reply, time.monotonic() - began, result)


def _result(call: Call[Any], reply: Reply, stream: Callable[..., Any]) -> Any:
    """What the method would have returned."""
    if call.stream:
        return stream(call, reply, streaming.source_of(reply))
    return call.endpoint.parse(reply)


# --- what users hold ------------------------------------------------------------------------------------


_COMPOSED = {
    "stream": "gives events, not an answer: use create(stream=True) here",
    "upload_file_chunked": "makes several calls: there is no one answer",
    "wait_for_processing": "makes several calls: there is no one answer",
}
"""Methods that views do not have, and why."""


class ResourceView:
    """A resource, or a client, whose methods give answers instead of results."""

    def __init__(self, resource: Any, wrap: Callable[[Any], Any]) -> None:
        self._resource = resource
        self._wrap = wrap

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in _COMPOSED:
            raise AttributeError(f"{name}() {_COMPOSED[name]}")
        found = getattr(self._resource, name)
        if isinstance(found, (Resource, AsyncResource, ResourceView)):
            return found if isinstance(found, ResourceView) else ResourceView(found, self._wrap)
        return self._wrap(found)

    def __dir__(self) -> list[str]:
        names = dir(self._resource)
        return [name for name in names if not name.startswith(("_", "with_")) and name not in _COMPOSED]

    def __repr__(self) -> str:
        return f"<{type(self._resource).__name__} with responses>"


class ResponseContextManager(Generic[T]):
    """Sends when entered; leaving closes the connection, at once if the body is unfinished."""

    def __init__(self, send: Callable[[], APIResponse[T]]) -> None:
        self._send = send

    def __enter__(self) -> APIResponse[T]:
        self._response = self._send()
        return self._response

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._response.close()


class AsyncResponseContextManager(Generic[T]):
    """As `ResponseContextManager`, on asyncio."""

    def __init__(self, send: Callable[[], Awaitable[AsyncAPIResponse[T]]]) -> None:
        self._send = send

    async def __aenter__(self) -> AsyncAPIResponse[T]:
        self._response = await self._send()
        return self._response

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._response.close()


def raw_resource(resource: Resource | AsyncResource) -> ResourceView:
    """The resource behind `with_raw_response`."""
    return ResourceView(type(resource)(_raw_client(resource._client)), _as_is)


def streaming_resource(resource: Resource | AsyncResource) -> ResourceView:
    """The resource behind `with_streaming_response`."""
    client, manager = _open_client(resource._client)
    return ResourceView(type(resource)(client), functools.partial(_deferred, manager))


def raw_client(client: object) -> ResourceView:
    """The client behind `with_raw_response`."""
    return ResourceView(_raw_client(client), _as_is)


def streaming_client(client: object) -> ResourceView:
    """The client behind `with_streaming_response`."""
    view, manager = _open_client(client)
    return ResourceView(view, functools.partial(_deferred, manager))


def _raw_client(client: object) -> Any:
    return _AsyncRawClient(client) if _is_async(client) else _RawClient(client)


def _open_client(client: object) -> tuple[Any, Any]:
    if _is_async(client):
        return _AsyncOpenClient(client), AsyncResponseContextManager
    return _OpenClient(client), ResponseContextManager


def _is_async(client: object) -> bool:
    return hasattr(client, "__aenter__")


def _as_is(method: Any) -> Any:
    return method


def _deferred(manager: Any, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **params: Any) -> Any:
        return manager(functools.partial(method, *args, **params))

    return call
