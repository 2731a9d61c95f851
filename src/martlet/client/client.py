"""`OpenAI` and `AsyncOpenAI`, side by side: settings and decisions are shared, only the waiting differs."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from martlet import __version__
from martlet.client.headers import Headers, checked_value, merge_headers
from martlet.client.lazy import LazyModule
from martlet.client.options import (
    DEFAULT_API_KEY,
    DEFAULT_BASE_URL,
    DEFAULT_MAX_RETRIES,
    DEFAULT_TIMEOUT,
    NOT_GIVEN,
    NotGiven,
    Timeout,
    TimeoutTypes,
    checked_deadline,
)
from martlet.client.urls import URL
from martlet.client.verbs import AsyncVerbs, Verbs
from martlet.errors import ClientClosedError, TransportError

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

    from typing_extensions import Self

    from martlet.client import exchange as exchanges
    from martlet.client import pagination, raw, replies, retries, streaming, views, wire
    from martlet.client.calls import Call, Endpoint
    from martlet.client.replies import Reply
    from martlet.client.resources.audio import AsyncAudio, Audio
    from martlet.client.resources.batches import AsyncBatches, Batches
    from martlet.client.resources.beta import AsyncBeta, Beta
    from martlet.client.resources.chat import AsyncChat, Chat
    from martlet.client.resources.completions import AsyncCompletions, Completions
    from martlet.client.resources.embeddings import AsyncEmbeddings, Embeddings
    from martlet.client.resources.files import AsyncFiles, Files
    from martlet.client.resources.images import AsyncImages, Images
    from martlet.client.resources.models import AsyncModels, Models
    from martlet.client.resources.moderations import AsyncModerations, Moderations
    from martlet.client.resources.responses import AsyncResponses, Responses
    from martlet.client.resources.uploads import AsyncUploads, Uploads
    from martlet.client.resources.vllm import VLLM, AsyncVLLM
    from martlet.client.retries import Retry
    from martlet.client.transport.base import AsyncTransport, Transport
else:
    asyncio = LazyModule("asyncio")
    exchanges = LazyModule("martlet.client.exchange")
    pagination = LazyModule("martlet.client.pagination")
    raw = LazyModule("martlet.client.raw")
    replies = LazyModule("martlet.client.replies")
    retries = LazyModule("martlet.client.retries")
    streaming = LazyModule("martlet.client.streaming")
    wire = LazyModule("martlet.client.wire")

T = TypeVar("T")

ApiKey = str | Callable[[], str]
AsyncApiKey = str | Callable[[], str | Awaitable[str]]


class _Pool:
    """The transport that a client and its copies share, made at the first call."""

    def __init__(self, given: Any = None) -> None:
        self.given = given
        self.transport: Any = given
        self.is_closed = False
        self.budget: Any = None

    def shared_budget(self) -> Any:
        """The retry budget of all clients that share these connections."""
        if self.budget is None:
            self.budget = vars(self).setdefault("first_budget", retries.RetryBudget())
        return self.budget

    def adopt(self, made: Any) -> None:
        """Use a new transport, unless another thread was first: `setdefault` is atomic."""
        self.transport = vars(self).setdefault("first", made)


class _Client:
    """Settings, and what follows from them."""

    _transport_methods: tuple[str, ...]

    def __init__(
        self,
        *,
        api_key: Any = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | None = None,
        timeout: TimeoutTypes | NotGiven = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        deadline: float | None = None,
        retry: Retry | None = None,
        default_headers: Mapping[str, Any] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: Any = None,
    ) -> None:
        self._wire_cache: wire.Wire | None = None
        self._api_key = ""
        if isinstance(http_client, _Pool):
            self._pool = http_client
        else:
            transport, own_timeout = self._checked_transport(http_client)
            self._pool = _Pool(transport)
            # `is`: another 60.0 was given on purpose
            if own_timeout is not None and (timeout is DEFAULT_TIMEOUT or isinstance(timeout, NotGiven)):
                timeout = own_timeout
        self.api_key = _setting(api_key, "OPENAI_API_KEY", DEFAULT_API_KEY) or DEFAULT_API_KEY
        self.organization = os.environ.get("OPENAI_ORG_ID") if organization is None else organization
        self.project = os.environ.get("OPENAI_PROJECT_ID") if project is None else project
        self.base_url = _setting(base_url, "OPENAI_BASE_URL", DEFAULT_BASE_URL)
        self.timeout = DEFAULT_TIMEOUT if isinstance(timeout, NotGiven) else timeout
        self.max_retries = max_retries
        self.deadline = deadline
        self.retry = retry
        self._custom_headers = {**_environment_headers(), **(default_headers or {})}
        self._custom_query = dict(default_query or {})

    # --- settings --------------------------------------------------------------------------------

    @property
    def api_key(self) -> str:
        """The key in use. Empty until a callable has been asked for one."""
        return self._api_key

    @api_key.setter
    def api_key(self, key: Any) -> None:
        is_source = callable(key)
        if not is_source and not isinstance(key, str):
            raise TypeError(f"api_key is a str or a callable that returns one, not {type(key).__name__}")
        self._key_source: Callable[[], Any] | None = key if is_source else None
        self._use_key("" if is_source else key)

    def _use_key(self, key: str) -> None:
        if key != self._api_key:
            self._api_key = key
            self._wire_cache = None

    @property
    def base_url(self) -> URL:
        """Where the API is; as text it ends in a slash."""
        return self._base_url

    @base_url.setter
    def base_url(self, url: object) -> None:
        self._base_url = URL(url)
        self._wire_cache = None

    @property
    def timeout(self) -> TimeoutTypes:
        """Limits of one attempt: seconds, a `Timeout`, or None."""
        return self._timeout

    @timeout.setter
    def timeout(self, timeout: TimeoutTypes) -> None:
        Timeout(timeout)  # raises for what is none
        self._timeout = timeout
        self._wire_cache = None

    @property
    def max_retries(self) -> int:
        """How often a failed attempt is repeated."""
        return self._max_retries

    @max_retries.setter
    def max_retries(self, count: int) -> None:
        if count is None:
            raise TypeError("max_retries cannot be None: 0 turns retries off")
        if not isinstance(count, int):
            raise TypeError(f"max_retries is a non-negative int, not {type(count).__name__}")
        if count < 0:
            raise ValueError(f"max_retries is a non-negative int, not {count}")
        self._max_retries = count

    @property
    def deadline(self) -> float | None:
        """Seconds for a whole call: every attempt, the waits in between, the body or the stream."""
        return self._deadline

    @deadline.setter
    def deadline(self, seconds: float | None) -> None:
        self._deadline = checked_deadline(seconds)

    @property
    def retry(self) -> Retry | None:
        """Which failures are repeated; None is `Retry()`, which repeats all that the official client does."""
        return self._retry

    @retry.setter
    def retry(self, retry: Retry | None) -> None:
        if retry is not None and not hasattr(retry, "limit"):
            raise TypeError(f"retry is a martlet.Retry or None, not {type(retry).__name__}")
        self._retry = retry

    @property
    def organization(self) -> str | None:
        """Sent as `openai-organization`."""
        return self._organization

    @organization.setter
    def organization(self, name: str | None) -> None:
        self._organization = name
        self._wire_cache = None

    @property
    def project(self) -> str | None:
        """Sent as `openai-project`."""
        return self._project

    @project.setter
    def project(self, name: str | None) -> None:
        self._project = name
        self._wire_cache = None

    @property
    def user_agent(self) -> str:
        return f"martlet/{__version__}"

    @property
    def auth_headers(self) -> Headers:
        """What proves who is calling. Empty until a callable `api_key` has been asked."""
        return Headers([("authorization", f"Bearer {self._api_key}")] if self._api_key else [])

    @property
    def default_headers(self) -> Headers:
        """What every request carries beside its authorization."""
        return Headers(merge_headers(self._own_headers(), self._custom_headers).items())

    @property
    def default_query(self) -> dict[str, object]:
        return dict(self._custom_query)

    def _own_headers(self) -> dict[str, str]:
        headers = {
            "accept": "application/json",
            "accept-encoding": "identity",
            "content-type": "application/json",
            "user-agent": self.user_agent,
        }
        for name, value in (("openai-organization", self._organization), ("openai-project", self._project)):
            if value is not None:
                headers[name] = checked_value(name, value)
        return headers

    @property
    def _wire(self) -> wire.Wire:
        made = self._wire_cache
        if made is None:
            for name, value in self.auth_headers.items():
                checked_value(name, value)
            headers = {**self.auth_headers, **self._own_headers()}
            made = wire.Wire(self._base_url, headers, self._custom_headers, self._custom_query, self._timeout)
            self._wire_cache = made
        return made

    # --- copies ----------------------------------------------------------------------------------

    def copy(
        self,
        *,
        api_key: Any = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | None = None,
        timeout: TimeoutTypes | NotGiven = NOT_GIVEN,
        http_client: Any = None,
        max_retries: int | NotGiven = NOT_GIVEN,
        deadline: float | NotGiven | None = NOT_GIVEN,
        retry: Retry | NotGiven | None = NOT_GIVEN,
        default_headers: Mapping[str, Any] | None = None,
        set_default_headers: Mapping[str, Any] | None = None,
        default_query: Mapping[str, object] | None = None,
        set_default_query: Mapping[str, object] | None = None,
    ) -> Self:
        """Return a client with other settings that shares this one's connections.

        `default_headers` and `default_query` add to the present ones, `set_default_...` replace them.
        """
        if default_headers is not None and set_default_headers is not None:
            raise ValueError(
                "`default_headers` and `set_default_headers` arguments are mutually exclusive: "
                "the one adds to the present headers, the other replaces them"
            )
        if default_query is not None and set_default_query is not None:
            raise ValueError(
                "`default_query` and `set_default_query` arguments are mutually exclusive: "
                "the one adds to the present query, the other replaces it"
            )
        headers = self._custom_headers if set_default_headers is None else set_default_headers
        query = self._custom_query if set_default_query is None else set_default_query
        return type(self)(
            api_key=api_key or self._key_source or self._api_key,
            organization=organization or self._organization,
            project=project or self._project,
            base_url=base_url or self._base_url,
            timeout=self._timeout if isinstance(timeout, NotGiven) else timeout,
            max_retries=self._max_retries if isinstance(max_retries, NotGiven) else max_retries,
            deadline=self._deadline if isinstance(deadline, NotGiven) else deadline,
            retry=self._retry if isinstance(retry, NotGiven) else retry,
            default_headers={**headers, **(default_headers or {})},
            default_query={**query, **(default_query or {})},
            http_client=http_client or self._pool,
        )

    with_options = copy

    def __reduce__(self) -> tuple[Any, ...]:
        """A pickled client has the settings and connections of its own."""
        settings = {
            "api_key": self._key_source or self._api_key,
            "organization": self._organization,
            "project": self._project,
            "base_url": str(self._base_url),
            "timeout": self._timeout,
            "max_retries": self._max_retries,
            "deadline": self._deadline,
            "retry": self._retry,
            "default_headers": self._custom_headers,
            "default_query": self._custom_query,
            "http_client": self._pool.given,
        }
        return (_rebuild, (type(self), settings))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={str(self._base_url)!r})"

    if TYPE_CHECKING:
        with_raw_response = views.RawView()
        with_streaming_response = views.StreamedView()
    else:

        def __getattr__(self, name):
            from martlet.client import left_out

            reason = None if name.startswith("__") else left_out.of_client(name)
            said = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(f"{said}: {reason}" if reason else said, name=name, obj=self)

        @property
        def with_raw_response(self):
            """The same resources, whose methods return a `LegacyAPIResponse`: headers, body, `parse()`."""
            return raw.raw_client(self)

        @property
        def with_streaming_response(self):
            """The same resources, whose methods are context managers with a response, its body unread."""
            return raw.streaming_client(self)

    def is_closed(self) -> bool:
        """Whether this client, or a copy that shares its connections, was closed."""
        return self._pool.is_closed

    # --- transport -------------------------------------------------------------------------------

    def _checked_transport(self, given: Any) -> tuple[Any, Timeout | None]:
        """A transport made of `http_client`, and the time limits that are set on it."""
        if given is None:
            return None, None
        from martlet.client.transport.adapters import adapt

        adapted = adapt(given, is_async="aclose" in self._transport_methods)
        if adapted is not None:
            return adapted
        if not all(callable(getattr(given, name, None)) for name in self._transport_methods):
            methods = " and ".join(f"`{name}`" for name in self._transport_methods)
            raise TypeError(
                f"Invalid `http_client` argument: a transport has {methods}, {type(given).__name__} not"
            )
        return given, None

    def _exchange(self, call: Call[Any]) -> exchanges.Exchange:
        """The steps of a call that begins now."""
        seconds = self._deadline if isinstance(call.deadline, NotGiven) else call.deadline
        return exchanges.exchange(
            self._max_retries,
            deadline=None if seconds is None else exchanges.deadline_of(seconds),
            retry=self._retry,
            budget=self._pool.budget or self._pool.shared_budget(),
            log=exchanges.active_log(),
        )

    def _open_pool(self) -> _Pool:
        if self._pool.is_closed:
            raise ClientClosedError("Cannot send a request, as the client has been closed: make a new one")
        return self._pool


class OpenAI(Verbs, _Client):
    """A client of an OpenAI-compatible server, such as vLLM or `martlet serve`.

    Everything has a default: `OpenAI()` talks to http://localhost:8000/v1 without a key. An argument wins
    over the environment (OPENAI_API_KEY, OPENAI_BASE_URL, ...), which wins over the default. One client
    serves any number of threads, and survives fork and pickle.
    """

    _transport_methods = ("send", "close")

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | None = None,
        timeout: TimeoutTypes | NotGiven = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        deadline: float | None = None,
        retry: Retry | None = None,
        default_headers: Mapping[str, Any] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: Transport | Any | None = None,
    ) -> None:
        super().__init__(
            api_key=api_key,
            organization=organization,
            project=project,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
            retry=retry,
            default_headers=default_headers,
            default_query=default_query,
            http_client=http_client,
        )

    @cached_property
    def chat(self) -> Chat:
        from martlet.client.resources.chat import Chat

        return Chat(self)

    @cached_property
    def beta(self) -> Beta:
        from martlet.client.resources.beta import Beta

        return Beta(self)

    @cached_property
    def completions(self) -> Completions:
        from martlet.client.resources.completions import Completions

        return Completions(self)

    @cached_property
    def models(self) -> Models:
        from martlet.client.resources.models import Models

        return Models(self)

    @cached_property
    def audio(self) -> Audio:
        from martlet.client.resources.audio import Audio

        return Audio(self)

    @cached_property
    def batches(self) -> Batches:
        from martlet.client.resources.batches import Batches

        return Batches(self)

    @cached_property
    def embeddings(self) -> Embeddings:
        from martlet.client.resources.embeddings import Embeddings

        return Embeddings(self)

    @cached_property
    def files(self) -> Files:
        from martlet.client.resources.files import Files

        return Files(self)

    @cached_property
    def images(self) -> Images:
        from martlet.client.resources.images import Images

        return Images(self)

    @cached_property
    def moderations(self) -> Moderations:
        from martlet.client.resources.moderations import Moderations

        return Moderations(self)

    @cached_property
    def responses(self) -> Responses:
        from martlet.client.resources.responses import Responses

        return Responses(self)

    @cached_property
    def uploads(self) -> Uploads:
        from martlet.client.resources.uploads import Uploads

        return Uploads(self)

    @cached_property
    def vllm(self) -> VLLM:
        from martlet.client.resources.vllm import VLLM

        return VLLM(self)

    def close(self) -> None:
        """Close the connections, also for copies of this client. Calls under way fail."""
        self._pool.is_closed = True
        if self._pool.transport is not None:
            self._pool.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _run(
        self, endpoint: Endpoint[T], params: dict[str, Any], path: Mapping[str, str] | None = None
    ) -> Any:
        """Make one call: a T, or a Stream if `stream=True` is among `params`."""
        call = endpoint.call(params, path)
        reply = self._send(call)
        if not call.stream:
            return endpoint.parse(reply)
        return streaming.Stream(call, reply, streaming.source_of(reply))

    def _list(
        self, endpoint: Endpoint[T], params: dict[str, Any], path: Mapping[str, str] | None = None
    ) -> Any:
        """The page that a call brings; its items come from the reply's `data`."""
        return self._page(self._run(endpoint, dict(params), path), endpoint, params, path)

    def _page(
        self, page: Any, endpoint: Endpoint[T], params: dict[str, Any], path: Mapping[str, str] | None
    ) -> Any:
        kind = pagination.SyncCursorPage if endpoint.has_cursor else pagination.SyncPage
        following = pagination.following(page, endpoint.next_query(page), params)
        return kind(page, following, lambda query: self._list(endpoint, {**params, **query}, path))

    def _send(self, call: Call[Any]) -> Reply:
        transport = self._transport()
        steps = self._exchange(call)
        attempt = next(steps)
        while True:
            if attempt.wait_s:
                time.sleep(attempt.wait_s)
            if self._key_source is not None:
                self._use_key(_checked_key(self._key_source()))
            request = attempt.request = self._wire.request(call, attempt.retries)
            if attempt.deadline is not None:
                attempt.deadline.bound(request)
            reply = None
            try:
                response = transport.send(request)
                reply = replies.Reply(request, response.head)
                if replies.is_stream(call, response.head):
                    reply.source = response
                else:
                    reply.body = response.read()
            except TransportError as error:
                step = exchanges.failed(steps, error, reply)
            else:
                step = exchanges.answered(steps, reply)
            if isinstance(step, replies.Reply):
                return step
            attempt = step

    def _transport(self) -> Transport:
        pool = self._open_pool()
        if pool.transport is None:
            from martlet.client.transport import HTTPTransport

            pool.adopt(HTTPTransport())
        return pool.transport  # type: ignore[no-any-return]  # checked when given, ours when made


class AsyncOpenAI(AsyncVerbs, _Client):
    """As `OpenAI`, on asyncio: usable from any number of event loops and threads."""

    _transport_methods = ("send", "aclose")

    def __init__(
        self,
        *,
        api_key: AsyncApiKey | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | None = None,
        timeout: TimeoutTypes | NotGiven = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        deadline: float | None = None,
        retry: Retry | None = None,
        default_headers: Mapping[str, Any] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: AsyncTransport | Any | None = None,
    ) -> None:
        super().__init__(
            api_key=api_key,
            organization=organization,
            project=project,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            deadline=deadline,
            retry=retry,
            default_headers=default_headers,
            default_query=default_query,
            http_client=http_client,
        )

    @cached_property
    def chat(self) -> AsyncChat:
        from martlet.client.resources.chat import AsyncChat

        return AsyncChat(self)

    @cached_property
    def beta(self) -> AsyncBeta:
        from martlet.client.resources.beta import AsyncBeta

        return AsyncBeta(self)

    @cached_property
    def completions(self) -> AsyncCompletions:
        from martlet.client.resources.completions import AsyncCompletions

        return AsyncCompletions(self)

    @cached_property
    def models(self) -> AsyncModels:
        from martlet.client.resources.models import AsyncModels

        return AsyncModels(self)

    @cached_property
    def audio(self) -> AsyncAudio:
        from martlet.client.resources.audio import AsyncAudio

        return AsyncAudio(self)

    @cached_property
    def batches(self) -> AsyncBatches:
        from martlet.client.resources.batches import AsyncBatches

        return AsyncBatches(self)

    @cached_property
    def embeddings(self) -> AsyncEmbeddings:
        from martlet.client.resources.embeddings import AsyncEmbeddings

        return AsyncEmbeddings(self)

    @cached_property
    def files(self) -> AsyncFiles:
        from martlet.client.resources.files import AsyncFiles

        return AsyncFiles(self)

    @cached_property
    def images(self) -> AsyncImages:
        from martlet.client.resources.images import AsyncImages

        return AsyncImages(self)

    @cached_property
    def moderations(self) -> AsyncModerations:
        from martlet.client.resources.moderations import AsyncModerations

        return AsyncModerations(self)

    @cached_property
    def responses(self) -> AsyncResponses:
        from martlet.client.resources.responses import AsyncResponses

        return AsyncResponses(self)

    @cached_property
    def uploads(self) -> AsyncUploads:
        from martlet.client.resources.uploads import AsyncUploads

        return AsyncUploads(self)

    @cached_property
    def vllm(self) -> AsyncVLLM:
        from martlet.client.resources.vllm import AsyncVLLM

        return AsyncVLLM(self)

    async def close(self) -> None:
        """Close the connections, also for copies of this client. Calls under way fail."""
        self._pool.is_closed = True
        if self._pool.transport is not None:
            await self._pool.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def _run(
        self, endpoint: Endpoint[T], params: dict[str, Any], path: Mapping[str, str] | None = None
    ) -> Any:
        """Make one call: a T, or an AsyncStream if `stream=True` is among `params`."""
        call = await self._call(endpoint, params, path) if endpoint.files else endpoint.call(params, path)
        reply = await self._send(call)
        if not call.stream:
            return endpoint.parse(reply)
        return streaming.AsyncStream(call, reply, streaming.source_of(reply))

    async def _call(
        self, endpoint: Endpoint[T], params: dict[str, Any], path: Mapping[str, str] | None = None
    ) -> Call[T]:
        """Encode a call. One that reads files does so in a thread, and the loop goes on meanwhile."""
        if not endpoint.files:
            return endpoint.call(params, path)
        return await asyncio.to_thread(endpoint.call, params, path)

    def _list(
        self, endpoint: Endpoint[T], params: dict[str, Any], path: Mapping[str, str] | None = None
    ) -> Any:
        """What `await` turns into a page and `async for` into the items of all pages."""

        async def first() -> Any:
            return self._page(await self._run(endpoint, dict(params), path), endpoint, params, path)

        return pagination.AsyncPaginator(first)

    def _page(
        self, page: Any, endpoint: Endpoint[T], params: dict[str, Any], path: Mapping[str, str] | None
    ) -> Any:
        async def fetch(query: Mapping[str, object]) -> Any:
            asked = {**params, **query}
            return self._page(await self._run(endpoint, dict(asked), path), endpoint, asked, path)

        kind = pagination.AsyncCursorPage if endpoint.has_cursor else pagination.AsyncPage
        return kind(page, pagination.following(page, endpoint.next_query(page), params), fetch)

    async def _send(self, call: Call[Any]) -> Reply:
        transport = self._transport()
        steps = self._exchange(call)
        attempt = next(steps)
        while True:
            if attempt.wait_s:
                await asyncio.sleep(attempt.wait_s)
            if self._key_source is not None:
                key = self._key_source()
                if hasattr(key, "__await__"):
                    key = await exchanges.in_time(key, attempt.deadline)
                self._use_key(_checked_key(key))
            request = attempt.request = self._wire.request(call, attempt.retries)
            if attempt.deadline is not None:
                attempt.deadline.bound(request)
            reply = None
            try:
                response = await transport.send(request)
                reply = replies.Reply(request, response.head)
                if replies.is_stream(call, response.head):
                    reply.source = response
                else:
                    reply.body = await response.read()
            except TransportError as error:
                step = exchanges.failed(steps, error, reply)
            else:
                step = exchanges.answered(steps, reply)
            if isinstance(step, replies.Reply):
                return step
            attempt = step

    def _transport(self) -> AsyncTransport:
        pool = self._open_pool()
        if pool.transport is None:
            from martlet.client.transport import AsyncHTTPTransport

            pool.adopt(AsyncHTTPTransport())
        return pool.transport  # type: ignore[no-any-return]  # checked when given, ours when made


Client = OpenAI
AsyncClient = AsyncOpenAI


if "MARTLET_LOG" in os.environ or "OPENAI_LOG" in os.environ:
    from martlet.client import logs

    logs.configure()


def _setting(given: Any, variable: str, default: str) -> Any:
    """An argument, else the environment unless empty, else the default."""
    return (os.environ.get(variable) or default) if given is None else given


def _environment_headers() -> dict[str, str]:
    """OPENAI_CUSTOM_HEADERS: lines of `Name: value`."""
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _checked_key(key: Any) -> str:
    if isinstance(key, str):
        return key
    if hasattr(key, "__await__"):
        if hasattr(key, "close"):
            key.close()  # a coroutine that nobody will await
        raise TypeError("this api_key callable is async: use it with AsyncOpenAI")
    raise TypeError(f"the api_key callable must return a str, not {type(key).__name__}")


def _rebuild(cls: type[_Client], settings: dict[str, Any]) -> _Client:
    return cls(**settings)
