"""Endpoints, and the calls they make: typed parameters in, one encoded request out. Touches no socket.

A new method is one `Endpoint` at the end of this module and a line in each of its two resource classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

import msgspec

from martlet.client.body import encode_body
from martlet.client.failures import in_band_error, reply_error
from martlet.client.lazy import LazyModule
from martlet.client.options import NOT_GIVEN, OPTION_NAMES, RequestOptions
from martlet.client.pagination import after_last
from martlet.client.partial import ChatPartial, CompletionPartial
from martlet.client.urls import fill
from martlet.protocol.base import WireModel, decode_reply
from martlet.protocol.chat import ChatCompletion, ChatCompletionChunk
from martlet.protocol.completions import Completion
from martlet.protocol.models import Model, ModelDeleted, ModelList
from martlet.protocol.params import ChatCompletionParams, CompletionParams

if TYPE_CHECKING:
    from martlet.client import renamed
    from martlet.client.partial import Partial
    from martlet.client.replies import Reply
else:
    renamed = LazyModule("martlet.client.renamed")

T = TypeVar("T")


class ChatCompletionCreateParams(ChatCompletionParams, RequestOptions, total=False):
    """Keywords of `chat.completions.create`, beside `stream`."""


class CompletionCreateParams(CompletionParams, RequestOptions, total=False):
    """Keywords of `completions.create`, beside `stream`."""


class Call(Generic[T]):
    """One encoded request and how to read its reply."""

    __slots__ = (
        "body",
        "deadline",
        "endpoint",
        "headers",
        "is_left_open",
        "path",
        "query",
        "stream",
        "timeout",
    )

    def __init__(
        self,
        endpoint: Endpoint[T],
        path: str,
        *,
        body: bytes | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        timeout: object = NOT_GIVEN,
        deadline: object = NOT_GIVEN,
        stream: bool = False,
    ) -> None:
        self.endpoint = endpoint
        self.path = path
        self.body = body
        self.query = query
        self.headers = headers
        self.timeout = timeout
        self.deadline = deadline
        self.stream = stream
        self.is_left_open = False
        """Whether the body of a 2xx answer stays on the wire for the caller to read."""

    @property
    def method(self) -> str:
        return self.endpoint.method


class StreamKind:
    """What a streamed reply is made of."""

    def __init__(self, item: Any, partial: Callable[[], Partial]) -> None:
        self.item = item
        self.partial = partial
        """Makes what gathers the items of one stream."""


class Endpoint(Generic[T]):
    """One method and path of the API, with the parameters it takes and the reply it gives."""

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        reply: type[T],
        params: Any = None,
        *,
        stream: StreamKind | None = None,
        next_query: Callable[[T], Mapping[str, object] | None] = lambda page: None,
        has_cursor: bool = False,
        in_query: bool | None = None,
        files: tuple[str, ...] | None = None,
        accept: str | None = None,
        read: Callable[[Reply], T] | None = None,
    ) -> None:
        """Describe it.

        `name` is how users call it; `next_query` gives what a list's next page is asked with, if any, and
        `has_cursor` says that such a page begins after the last item of the one before. `path` is looked for
        below base_url, or beside its `/v1` if it starts with `../`. Parameters go into the JSON body, or the
        query with `in_query` (the default of GET), or a form if `files` names those that may be files. `read`
        takes the place of decoding the reply as `reply`.
        """
        self.name = name
        self.next_query = after_last if has_cursor else next_query
        self.has_cursor = has_cursor
        self.in_query = method == "GET" if in_query is None else in_query
        self.files = files
        self.accept = accept
        self.read = read
        self.method = method
        self.path = path
        self.reply = reply
        self.params = params
        self.stream = stream
        self._is_plain = not (self.in_query or files is not None or accept or params is None)
        self.required: frozenset[str] = getattr(params, "__required_keys__", frozenset())
        optional: frozenset[str] = getattr(params, "__optional_keys__", frozenset())
        self.names = self.required | optional | ({"stream"} if stream else frozenset())
        self._accepted = self.names | OPTION_NAMES

    def call(self, params: dict[str, Any], path: Mapping[str, str] | None = None) -> Call[T]:
        """Encode one call. `params` is the caller's keywords, and becomes ours to change.

        Raises TypeError for an unknown or missing keyword, ValueError for a value that cannot be sent.
        """
        if not self._accepted.issuperset(params):
            params = self._renamed(params)
        if not self.required.issubset(params):
            self._refuse_incomplete(params)
        url_path = self.path
        for name, value in (path or {}).items():
            url_path = fill(url_path, name, value)
        if OPTION_NAMES.isdisjoint(params):
            extra_headers = extra_query = extra_body = None
            timeout: object = NOT_GIVEN
            deadline: object = NOT_GIVEN
        else:
            extra_headers = params.pop("extra_headers", None)
            extra_query = params.pop("extra_query", None)
            extra_body = params.pop("extra_body", None)
            timeout = params.pop("timeout", NOT_GIVEN)
            deadline = params.pop("deadline", NOT_GIVEN)
        if "messages" in params:
            params = _with_both_names(params)
        if not self._is_plain:
            call = self._unusual(url_path, params, extra_headers, extra_query, extra_body)
            call.timeout, call.deadline = timeout, deadline
            return call
        if extra_body:
            params = _merged_body(params, extra_body)
        return Call(
            self,
            url_path,
            body=encode_body(params),
            query=extra_query,
            headers=extra_headers,
            timeout=timeout,
            deadline=deadline,
            stream=self.stream is not None and bool(params.get("stream")),
        )

    def _unusual(
        self, path: str, params: dict[str, Any], headers: Any, query: Any, extra_body: Any
    ) -> Call[T]:
        """A call whose parameters are not just a JSON body."""
        stream = self.stream is not None and bool(params.get("stream"))
        if self.in_query:
            query, params = {**params, **(query or {})}, {}
        if extra_body:
            params = _merged_body(params, extra_body)
        if self.accept is not None:
            headers = {"accept": self.accept, **(headers or {})}
        if self.files is not None:
            from martlet.client.multipart import encode_form, split_files

            boundary, headers = form_headers(headers)
            body: bytes | None
            body, media_type = encode_form(*split_files(params, self.files), boundary)
            headers = {"content-type": media_type, **headers}
        elif params or not (self.in_query or self.params is None):
            body = encode_body(params)
        else:
            body = None
        return Call(self, path, body=body, query=query, headers=headers, stream=stream)

    def parse(self, reply: Reply) -> T:
        """Read a complete reply. Raises APIResponseValidationError; APIError for an error sent as a 200."""
        if self.read is not None:
            return self.read(reply)
        try:
            model = decode_reply(self.reply, reply.body)
        except msgspec.DecodeError as error:
            raise reply_error(reply, f"a {self.reply.__name__}", str(error)) from error
        if not isinstance(model, self.reply):
            raise reply_error(reply, f"a {self.reply.__name__}")
        if isinstance(model, WireModel):
            if b'"error"' in reply.body[:200]:
                _raise_in_band(model, reply)
            model._request_id = reply.header("x-request-id")
        return model

    def _renamed(self, params: dict[str, Any]) -> dict[str, Any]:
        """`params` with vLLM's former field names replaced. Raises TypeError for unknown names."""
        if "structured_outputs" in self.names:
            params = renamed.with_structured_outputs(params)
        if not self._accepted.issuperset(params):
            self._refuse_unknown(params)
        return params

    def _refuse_unknown(self, params: Mapping[str, object]) -> NoReturn:
        from difflib import get_close_matches

        unknown = sorted(params.keys() - self._accepted)[0]
        close = get_close_matches(unknown, self._accepted, n=1)
        hint = (
            f"did you mean {close[0]!r}?"
            if close
            else "fields that only this server knows go into extra_body"
        )
        raise TypeError(f"{self.name}() got an unexpected keyword argument {unknown!r}; {hint}")

    def _refuse_incomplete(self, params: Mapping[str, object]) -> NoReturn:
        missing = sorted(self.required - params.keys())
        plural = "s" if len(missing) > 1 else ""
        raise TypeError(
            f"Missing required argument{plural} of {self.name}(): {', '.join(map(repr, missing))}"
        )


def form_headers(headers: Mapping[str, Any] | None) -> tuple[str | None, dict[str, Any]]:
    """The boundary that the caller's headers give, and the headers without a content type of a form."""
    boundary, others = None, {}
    for name, value in (headers or {}).items():
        if name.lower() == "content-type" and str(value).startswith("multipart/form-data"):
            boundary = str(value).partition("boundary=")[2].strip('"') or None
        else:
            others[name] = value
    return boundary, others


def _merged_body(params: dict[str, Any], extra: Any) -> dict[str, Any]:
    if not isinstance(extra, Mapping):
        raise TypeError(f"extra_body is a mapping, not {type(extra).__name__}")
    if "messages" in extra:
        extra = _with_both_names(extra)
    if not renamed.GUIDED.keys().isdisjoint(extra):
        return renamed.with_structured_outputs({**params, **extra})
    return {**params, **extra}


def _with_both_names(params: Any) -> Any:
    """`params`, where a message's reasoning has both of its names."""
    messages = params["messages"]
    if type(messages) is list:
        for message in messages:
            if type(message) is dict and "reasoning_content" in message:
                return {**params, "messages": renamed.with_reasoning(messages)}
    return params


def _raise_in_band(model: WireModel, reply: Reply) -> None:
    error = model.model_extra.get("error")
    if error:
        raise in_band_error(error, reply)


MODELS_LIST: Endpoint[ModelList] = Endpoint("models.list", "GET", "/models", ModelList)
MODELS_RETRIEVE: Endpoint[Model] = Endpoint("models.retrieve", "GET", "/models/{model}", Model)
MODELS_DELETE: Endpoint[ModelDeleted] = Endpoint("models.delete", "DELETE", "/models/{model}", ModelDeleted)
CHAT_COMPLETIONS: Endpoint[ChatCompletion] = Endpoint(
    "chat.completions.create",
    "POST",
    "/chat/completions",
    ChatCompletion,
    ChatCompletionCreateParams,
    stream=StreamKind(ChatCompletionChunk, ChatPartial),
)
COMPLETIONS: Endpoint[Completion] = Endpoint(
    "completions.create",
    "POST",
    "/completions",
    Completion,
    CompletionCreateParams,
    stream=StreamKind(Completion, CompletionPartial),
)
