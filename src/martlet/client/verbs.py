"""`client.get`, `.post`, `.put`, `.patch`, `.delete`, `.request`: any path of a server, any type of reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar, overload

from martlet.client.lazy import LazyModule
from martlet.client.options import NotGiven, TimeoutTypes

if TYPE_CHECKING:
    from martlet.client import generic
    from martlet.client.pagination import AsyncPaginator
else:
    generic = LazyModule("martlet.client.generic")

T = TypeVar("T")
S = TypeVar("S")
P = TypeVar("P")


class VerbOptions(TypedDict, total=False):
    """`options` of the generic verbs."""

    headers: Mapping[str, Any]
    """Sent with this request; they win over the client's. `omit` removes a default header."""
    params: Mapping[str, object]
    """Added to the URL's query."""
    timeout: TimeoutTypes | NotGiven
    """As the client's, for this call only."""
    deadline: float | NotGiven | None
    """As the client's, for this call only."""
    max_retries: int
    """As the client's, for this call only."""
    extra_json: Mapping[str, object]
    """Merged over the JSON body."""
    idempotency_key: str
    """Accepted, and not sent, as by the official client: put a header where the server wants one."""
    follow_redirects: bool
    """Accepted, and without effect: a redirect is an error that names its target."""
    security: Mapping[str, bool]
    """Accepted, and without effect: there is one key."""


RequestOptions = VerbOptions
"""The official name."""


class Verbs:
    """The generic verbs of `OpenAI`.

    `path` is below base_url, beside its `/v1` if it starts with `../`, or a whole URL, to which the client's
    key goes only if the host is base_url's.
    """

    def _perform(self, method: str, path: str, **given: Any) -> Any:
        return generic.perform(self, method, path, **given)

    @overload
    def get(
        self, path: str, *, cast_to: type[T], options: VerbOptions = ..., stream: Literal[False] = ...
    ) -> T: ...
    @overload
    def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: VerbOptions = ...,
        stream: Literal[True],
        stream_cls: type[S],
    ) -> S: ...
    @overload
    def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: VerbOptions = ...,
        stream: bool = ...,
        stream_cls: Any = ...,
    ) -> Any: ...
    def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: VerbOptions | None = None,
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """GET a path and read the reply as a `cast_to`, or as a `stream_cls` of events with `stream=True`."""
        return self._perform(
            "GET", path, cast_to=cast_to, options=options, stream=stream, stream_cls=stream_cls
        )

    @overload
    def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = ...,
        content: Any = ...,
        options: VerbOptions = ...,
        files: Any = ...,
        stream: Literal[False] = ...,
    ) -> T: ...
    @overload
    def post(
        self,
        path: str,
        *,
        cast_to: Any,
        body: object = ...,
        content: Any = ...,
        options: VerbOptions = ...,
        files: Any = ...,
        stream: Literal[True],
        stream_cls: type[S],
    ) -> S: ...
    @overload
    def post(
        self,
        path: str,
        *,
        cast_to: Any,
        body: object = ...,
        content: Any = ...,
        options: VerbOptions = ...,
        files: Any = ...,
        stream: bool = ...,
        stream_cls: Any = ...,
    ) -> Any: ...
    def post(
        self,
        path: str,
        *,
        cast_to: Any,
        body: object = None,
        content: Any = None,
        options: VerbOptions | None = None,
        files: Any = None,
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """POST `body` as JSON, `files` with `body` as a form, or `content` as it is.

        The reply is read as a `cast_to`, or as a `stream_cls` of events with `stream=True`.
        """
        return self._perform(
            "POST",
            path,
            cast_to=cast_to,
            body=body,
            content=content,
            options=options,
            files=files,
            stream=stream,
            stream_cls=stream_cls,
        )

    def put(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Any = None,
        files: Any = None,
        options: VerbOptions | None = None,
    ) -> T:
        """PUT `body` as JSON, `files` with `body` as a form, or `content` as it is."""
        reply: T = self._perform(
            "PUT", path, cast_to=cast_to, body=body, content=content, files=files, options=options
        )
        return reply

    def patch(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Any = None,
        files: Any = None,
        options: VerbOptions | None = None,
    ) -> T:
        """PATCH with `body` as JSON, `files` with `body` as a form, or `content` as it is."""
        reply: T = self._perform(
            "PATCH", path, cast_to=cast_to, body=body, content=content, files=files, options=options
        )
        return reply

    def delete(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Any = None,
        options: VerbOptions | None = None,
    ) -> T:
        """DELETE a path, with `body` as JSON if there is one."""
        reply: T = self._perform("DELETE", path, cast_to=cast_to, body=body, content=content, options=options)
        return reply

    def request(self, cast_to: Any, options: Any, *, stream: bool = False, stream_cls: Any = None) -> Any:
        """Make the request that `options` describes: a mapping or an object.

        Its keys are `method`, `url`, `params`, `headers`, `json_data`, `content`, `files`, `timeout`,
        `max_retries` and `extra_json`.
        """
        method, url, given = generic.described(options)
        return self._perform(method, url, cast_to=cast_to, stream=stream, stream_cls=stream_cls, **given)

    def get_api_list(
        self,
        path: str,
        *,
        model: type[T],
        page: type[P],
        body: object = None,
        options: VerbOptions | None = None,
        method: str = "get",
    ) -> P:
        """Read a list whose items are `model`s, page by page.

        `page` is a class of `martlet.pagination`: one with a cursor where the next page begins after the last
        item of the one before.
        """
        reply: P = generic.listed(self, method, path, model, page, body, options)
        return reply


class AsyncVerbs:
    """As `Verbs`, on asyncio."""

    async def _perform(self, method: str, path: str, **given: Any) -> Any:
        return await generic.perform_async(self, method, path, **given)

    @overload
    async def get(
        self, path: str, *, cast_to: type[T], options: VerbOptions = ..., stream: Literal[False] = ...
    ) -> T: ...
    @overload
    async def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: VerbOptions = ...,
        stream: Literal[True],
        stream_cls: type[S],
    ) -> S: ...
    @overload
    async def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: VerbOptions = ...,
        stream: bool = ...,
        stream_cls: Any = ...,
    ) -> Any: ...
    async def get(
        self,
        path: str,
        *,
        cast_to: Any,
        options: VerbOptions | None = None,
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """GET a path and read the reply as a `cast_to`, or as a `stream_cls` of events with `stream=True`."""
        return await self._perform(
            "GET", path, cast_to=cast_to, options=options, stream=stream, stream_cls=stream_cls
        )

    @overload
    async def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = ...,
        content: Any = ...,
        options: VerbOptions = ...,
        files: Any = ...,
        stream: Literal[False] = ...,
    ) -> T: ...
    @overload
    async def post(
        self,
        path: str,
        *,
        cast_to: Any,
        body: object = ...,
        content: Any = ...,
        options: VerbOptions = ...,
        files: Any = ...,
        stream: Literal[True],
        stream_cls: type[S],
    ) -> S: ...
    @overload
    async def post(
        self,
        path: str,
        *,
        cast_to: Any,
        body: object = ...,
        content: Any = ...,
        options: VerbOptions = ...,
        files: Any = ...,
        stream: bool = ...,
        stream_cls: Any = ...,
    ) -> Any: ...
    async def post(
        self,
        path: str,
        *,
        cast_to: Any,
        body: object = None,
        content: Any = None,
        options: VerbOptions | None = None,
        files: Any = None,
        stream: bool = False,
        stream_cls: Any = None,
    ) -> Any:
        """POST `body` as JSON, `files` with `body` as a form, or `content` as it is.

        The reply is read as a `cast_to`, or as a `stream_cls` of events with `stream=True`.
        """
        return await self._perform(
            "POST",
            path,
            cast_to=cast_to,
            body=body,
            content=content,
            options=options,
            files=files,
            stream=stream,
            stream_cls=stream_cls,
        )

    async def put(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Any = None,
        files: Any = None,
        options: VerbOptions | None = None,
    ) -> T:
        """PUT `body` as JSON, `files` with `body` as a form, or `content` as it is."""
        reply: T = await self._perform(
            "PUT", path, cast_to=cast_to, body=body, content=content, files=files, options=options
        )
        return reply

    async def patch(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Any = None,
        files: Any = None,
        options: VerbOptions | None = None,
    ) -> T:
        """PATCH with `body` as JSON, `files` with `body` as a form, or `content` as it is."""
        reply: T = await self._perform(
            "PATCH", path, cast_to=cast_to, body=body, content=content, files=files, options=options
        )
        return reply

    async def delete(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: object = None,
        content: Any = None,
        options: VerbOptions | None = None,
    ) -> T:
        """DELETE a path, with `body` as JSON if there is one."""
        reply: T = await self._perform(
            "DELETE", path, cast_to=cast_to, body=body, content=content, options=options
        )
        return reply

    async def request(
        self, cast_to: Any, options: Any, *, stream: bool = False, stream_cls: Any = None
    ) -> Any:
        """Make the request that `options` describes: a mapping or an object.

        Its keys are `method`, `url`, `params`, `headers`, `json_data`, `content`, `files`, `timeout`,
        `max_retries` and `extra_json`.
        """
        method, url, given = generic.described(options)
        return await self._perform(
            method, url, cast_to=cast_to, stream=stream, stream_cls=stream_cls, **given
        )

    def get_api_list(
        self,
        path: str,
        *,
        model: type[T],
        page: type[P],
        body: object = None,
        options: VerbOptions | None = None,
        method: str = "get",
    ) -> AsyncPaginator[T]:
        """Read a list whose items are `model`s, page by page.

        `page` is a class of `martlet.pagination`: one with a cursor where the next page begins after the last
        item of the one before.
        """
        reply: AsyncPaginator[T] = generic.listed_async(self, method, path, model, page, body, options)
        return reply
