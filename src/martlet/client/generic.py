"""The calls behind the generic verbs: any method and path, any reply type."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

import msgspec

from martlet.client import streaming
from martlet.client.body import encode_body
from martlet.client.calls import Call, Endpoint, StreamKind, form_headers
from martlet.client.casting import cast_reply
from martlet.client.failures import reply_error
from martlet.client.options import ABSENT, NOT_GIVEN, NotGiven
from martlet.client.pagination import (
    AsyncCursorPage,
    AsyncPage,
    AsyncPaginator,
    NextQuery,
    SyncCursorPage,
    SyncPage,
    after_last,
    following,
)
from martlet.client.partial import EventsPartial
from martlet.client.replies import Reply
from martlet.protocol.base import Unknown, WireModel, construct

OPTION_KEYS = frozenset(
    {
        "headers",
        "params",
        "timeout",
        "deadline",
        "max_retries",
        "extra_json",
        "idempotency_key",
        "follow_redirects",
        "security",
    }
)
_JSON_KEYS = ("json_data", "content", "files")


def perform(client: Any, method: str, path: str, **given: Any) -> Any:
    """Make one generic call."""
    stream_cls = given.pop("stream_cls", None)
    call, max_retries = generic_call(method, path, stream_cls=stream_cls, **given)
    if not isinstance(max_retries, NotGiven):
        client = client.with_options(max_retries=max_retries)
    reply = client._send(call)
    if not call.stream:
        return call.endpoint.parse(reply)
    return _stream_type(stream_cls)(call, reply, streaming.source_of(reply))


async def perform_async(client: Any, method: str, path: str, **given: Any) -> Any:
    """As `perform`, on asyncio; files are read in a thread."""
    from asyncio import to_thread

    stream_cls = given.pop("stream_cls", None)
    if hasattr(given.get("content"), "__aiter__"):
        given["content"] = b"".join([piece async for piece in given["content"]])
    if given.get("files") is None:
        call, max_retries = generic_call(method, path, stream_cls=stream_cls, **given)
    else:
        call, max_retries = await to_thread(generic_call, method, path, stream_cls=stream_cls, **given)
    if not isinstance(max_retries, NotGiven):
        client = client.with_options(max_retries=max_retries)
    reply = await client._send(call)
    if not call.stream:
        return call.endpoint.parse(reply)
    return _stream_type(stream_cls)(call, reply, streaming.source_of(reply))


class Listing(WireModel, kw_only=True):
    """A list of anything."""

    object: str | None = None
    data: list[Any] | None = None
    has_more: bool | None = None


def listed(
    client: Any, method: str, path: str, model: Any, page: Any, body: Any, options: Mapping[str, Any] | None
) -> Any:
    """One page of a list, which fetches the next one itself."""
    pages = _pages(page, SyncPage, SyncCursorPage)
    reply = perform(client, method.upper(), path, cast_to=Listing, body=body, options=options)

    def fetch(query: NextQuery) -> Any:
        return listed(client, method, path, model, page, body, _asking(options, query))

    filled = _filled(reply, model)
    return pages(filled, _next_query(filled, pages, options), fetch)


def listed_async(
    client: Any, method: str, path: str, model: Any, page: Any, body: Any, options: Mapping[str, Any] | None
) -> Any:
    """As `listed`, on asyncio: the first page is fetched when it is awaited."""
    pages = _pages(page, AsyncPage, AsyncCursorPage)

    async def ask(given: Mapping[str, Any] | None) -> Any:
        reply = await perform_async(client, method.upper(), path, cast_to=Listing, body=body, options=given)
        filled = _filled(reply, model)
        return pages(filled, _next_query(filled, pages, given), lambda query: ask(_asking(given, query)))

    return AsyncPaginator(lambda: ask(options))


def _pages(page: Any, *kinds: Any) -> Any:
    asked = get_origin(page) or page
    if asked not in kinds:
        names = " or ".join(kind.__name__ for kind in kinds)
        raise TypeError(f"page is {names}, not {getattr(asked, '__name__', asked)}")
    return asked


def _filled(reply: Listing, model: Any) -> Listing:
    reply.data = [construct(model, item) for item in reply.data or ()]
    return reply


def _next_query(reply: Listing, pages: Any, options: Mapping[str, Any] | None) -> NextQuery | None:
    has_cursor = pages in (SyncCursorPage, AsyncCursorPage)
    asked = (options or {}).get("params") or {}
    return following(reply, after_last(reply) if has_cursor else None, asked)


def _asking(options: Mapping[str, Any] | None, query: NextQuery) -> dict[str, Any]:
    given = dict(options or {})
    return {**given, "params": {**(given.get("params") or {}), **query}}


def generic_call(
    method: str,
    path: str,
    *,
    cast_to: Any,
    stream_cls: Any = None,
    body: Any = None,
    content: Any = None,
    files: Any = None,
    options: Mapping[str, Any] | None = None,
    stream: bool = False,
) -> tuple[Call[Any], int | NotGiven]:
    """Encode a call; with it comes the `max_retries` of its own, if any. Raises TypeError for nonsense."""
    options = {key: value for key, value in (options or {}).items() if not isinstance(value, ABSENT)}
    unknown = options.keys() - OPTION_KEYS
    if unknown:
        raise TypeError(f"options has no key {sorted(unknown)[0]!r}; it has {', '.join(sorted(OPTION_KEYS))}")
    kind = StreamKind(_item_type(stream_cls), EventsPartial) if stream else None
    endpoint: Endpoint[Any] = Endpoint(
        f"client.{method.lower()}",
        method,
        path,
        cast_to,
        stream=kind,
        read=lambda reply: read_as(cast_to, reply),
    )
    data, headers = _encoded(_merged(body, options.get("extra_json")), content, files, options.get("headers"))
    call: Call[Any] = Call(
        endpoint,
        _placed(path),
        body=None if method == "GET" else data,
        query=options.get("params"),
        headers=headers,
        timeout=options.get("timeout", NOT_GIVEN),
        deadline=options.get("deadline", NOT_GIVEN),
        stream=stream,
    )
    return call, options.get("max_retries", NOT_GIVEN)


def described(options: Any) -> tuple[str, str, dict[str, Any]]:
    """Method, path and the rest of what `client.request` was given."""
    own = options if isinstance(options, Mapping) else _attributes(options)
    given: dict[str, Any] = {key: own[key] for key in _JSON_KEYS if _is_given(own.get(key))}
    given["body"] = given.pop("json_data", None)
    given["options"] = {key: own[key] for key in OPTION_KEYS if _is_given(own.get(key))}
    if not own.get("url"):
        raise TypeError("options of client.request need a `url`")
    return str(own.get("method") or "get").upper(), own["url"], given


def _attributes(options: Any) -> dict[str, Any]:
    names = ("method", "url", *_JSON_KEYS, *OPTION_KEYS)
    return {name: getattr(options, name, None) for name in names}


def _is_given(value: Any) -> bool:
    # By name too, for the sentinels of the official package's own options.
    return not (value is None or isinstance(value, ABSENT) or type(value).__name__ in ("NotGiven", "Omit"))


def _placed(path: str) -> str:
    if path.startswith(("http://", "https://", "../")):
        return path
    return "/" + path.lstrip("/")


def _merged(body: Any, extra: Any) -> Any:
    if not extra:
        return body
    if body is None:
        return extra
    if not isinstance(body, Mapping):
        raise TypeError(f"extra_json is merged into a mapping, not into {type(body).__name__}")
    return {**body, **extra}


def _encoded(
    body: Any, content: Any, files: Any, headers: Mapping[str, Any] | None
) -> tuple[bytes | None, dict[str, Any]]:
    """The body's bytes, and the headers that go with them."""
    boundary, own = form_headers(headers)
    wants_form = len(own) < len(headers or {})
    if content is not None:
        if body is not None or files is not None:
            raise TypeError("content is sent as it is: it cannot be joined by body or files")
        return _raw_bytes(content), dict(headers or {})
    if files or wants_form:
        from martlet.client.multipart import encode_form, read_files

        if body is not None and not isinstance(body, Mapping):
            raise TypeError(f"the body of a form is a mapping, not {type(body).__name__}")
        data, media_type = encode_form(body or {}, read_files(files or {}), boundary)
        return data, {"content-type": media_type, **own}
    if isinstance(body, (bytes, bytearray)):
        return bytes(body), own
    return (None if body is None else encode_body(body)), own


def _raw_bytes(content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, (bytes, bytearray, memoryview)):
        return bytes(content)
    data: Any = content
    if hasattr(content, "read"):
        data = content.read()
    elif hasattr(content, "__iter__"):
        data = b"".join(content)
    if not isinstance(data, bytes):
        raise TypeError(
            f"content is bytes, text, an open binary file or an iterable of bytes, got {data!r:.50}"
        )
    return data


def _stream_type(stream_cls: Any) -> Any:
    return get_origin(stream_cls) or stream_cls


def _item_type(stream_cls: Any) -> Any:
    kind = _stream_type(stream_cls)
    if not (isinstance(kind, type) and issubclass(kind, streaming._Stream)):
        raise TypeError("stream=True needs stream_cls, such as Stream[ChatCompletionChunk]")
    item = (get_args(stream_cls) or (object,))[0]
    if item in (object, dict, Any):
        return Unknown
    return item


def read_as(cast_to: Any, reply: Reply) -> Any:
    """The reply as a `cast_to`; a text where plain JSON was wanted and the server sent none."""
    if cast_to is None or cast_to is types.NoneType:
        return None
    is_container = get_origin(cast_to) in (list, dict, Union, types.UnionType)
    if cast_to not in (object, Any) and not is_container:
        return cast_reply(cast_to, reply)
    try:
        plain = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if "json" in (reply.header("content-type") or ""):
            raise reply_error(reply, "JSON", str(error)) from error
        return reply.body.decode("utf-8", "replace")
    return construct(cast_to, plain) if is_container else plain
