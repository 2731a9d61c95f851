"""`client.responses`: the Responses API."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from martlet.client.endpoints import responses as calls
from martlet.client.lazy import LazyModule
from martlet.client.resources.base import AsyncResource, Resource
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client import response_parsing, response_stream
    from martlet.client.endpoints.responses import (
        InputItemListKeywords,
        InputTokenCountKeywords,
        ResponseCompactKeywords,
        ResponseCreateKeywords,
        ResponseRetrieveKeywords,
    )
    from martlet.client.options import NotGiven, Omit, RequestOptions
    from martlet.client.pagination import AsyncPaginator, SyncCursorPage
    from martlet.client.parsed_response import ParsedResponse
    from martlet.client.response_parsing import ResponseParseParams, ResponseStreamParams
    from martlet.client.response_stream import AsyncResponseStreamManager, ResponseStreamManager
    from martlet.client.streaming import AsyncStream, Stream
    from martlet.protocol.response_events import ResponseStreamEvent
    from martlet.protocol.response_items import ResponseItem
    from martlet.protocol.responses import CompactedResponse, InputTokenCountResponse, Response
else:
    response_parsing = LazyModule("martlet.client.response_parsing")
    response_stream = LazyModule("martlet.client.response_stream")

T = TypeVar("T")


class InputItems(Resource):
    """What a response was made from."""

    @calling(lambda: calls.INPUT_ITEMS_LIST)
    def list(self, response_id: str, **params: Unpack[InputItemListKeywords]) -> SyncCursorPage[ResponseItem]:
        """List the input items of a response, page by page."""
        page: SyncCursorPage[ResponseItem] = self._client._list(
            calls.INPUT_ITEMS_LIST, {**params}, {"response_id": response_id}
        )
        return page


class AsyncInputItems(AsyncResource):
    """What a response was made from."""

    @calling(lambda: calls.INPUT_ITEMS_LIST)
    def list(self, response_id: str, **params: Unpack[InputItemListKeywords]) -> AsyncPaginator[ResponseItem]:
        """List the input items of a response, page by page."""
        page: AsyncPaginator[ResponseItem] = self._client._list(
            calls.INPUT_ITEMS_LIST, {**params}, {"response_id": response_id}
        )
        return page


class InputTokens(Resource):
    """What an input would cost."""

    @calling(lambda: calls.INPUT_TOKENS_COUNT)
    def count(self, **params: Unpack[InputTokenCountKeywords]) -> InputTokenCountResponse:
        """Count the tokens of an input without sending it to the model."""
        reply: InputTokenCountResponse = self._client._run(calls.INPUT_TOKENS_COUNT, {**params})
        return reply


class AsyncInputTokens(AsyncResource):
    """What an input would cost."""

    @calling(lambda: calls.INPUT_TOKENS_COUNT)
    async def count(self, **params: Unpack[InputTokenCountKeywords]) -> InputTokenCountResponse:
        """Count the tokens of an input without sending it to the model."""
        reply: InputTokenCountResponse = await self._client._run(calls.INPUT_TOKENS_COUNT, {**params})
        return reply


class Responses(Resource):
    """Responses: replies to items of any kind, which the server may store."""

    @cached_property
    def input_items(self) -> InputItems:
        return InputItems(self._client)

    @cached_property
    def input_tokens(self) -> InputTokens:
        return InputTokens(self._client)

    @overload
    def create(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ResponseCreateKeywords],
    ) -> Response: ...
    @overload
    def create(
        self, *, stream: Literal[True], **params: Unpack[ResponseCreateKeywords]
    ) -> Stream[ResponseStreamEvent]: ...
    @overload
    def create(
        self, *, stream: bool, **params: Unpack[ResponseCreateKeywords]
    ) -> Response | Stream[ResponseStreamEvent]: ...
    @calling(lambda: calls.CREATE)
    def create(self, **params: Any) -> Any:
        """Have the model reply to `input`; with `stream=True`, event by event.

        Every field of OpenAI's and of vLLM's API is a keyword; what they mean is said in
        `ResponseCreateParams`.
        """
        return self._client._run(calls.CREATE, params)

    @overload
    def parse(self, *, text_format: type[T], **params: Unpack[ResponseParseParams]) -> ParsedResponse[T]: ...
    @overload
    def parse(self, *, parse_as: type[T], **params: Unpack[ResponseParseParams]) -> ParsedResponse[T]: ...
    @overload
    def parse(self, **params: Unpack[ResponseParseParams]) -> ParsedResponse[None]: ...
    @calling(lambda: response_parsing.RESPONSE_PARSE)
    def parse(self, **params: Any) -> Any:
        """Have the model reply, and read the reply as a value: `output_parsed`.

        `text_format` is a pydantic model, a msgspec Struct, a dataclass, a TypedDict, or a type such as
        `list[int]`: its strict JSON schema is sent, and texts are read as it. Tools made of types by
        `pydantic_function_tool`, and other strict ones, have the arguments of their calls read too:
        `parsed_arguments`. `parse_as` reads texts as a type without telling the server.

        Raises LengthFinishReasonError or ContentFilterFinishReasonError if what is to be read was cut off,
        with the response in `.completion`; ValidationError of pydantic or msgspec where a text does not fit.
        """
        return self._client._run(*response_parsing.parse_call(params))

    @overload
    def stream(
        self, *, text_format: type[T], **params: Unpack[ResponseStreamParams]
    ) -> ResponseStreamManager[T]: ...
    @overload
    def stream(self, **params: Unpack[ResponseStreamParams]) -> ResponseStreamManager[None]: ...
    @calling(lambda: response_parsing.RESPONSE_STREAM)
    def stream(self, **params: Any) -> Any:
        """Have the model reply, event by event: `with ... as stream: for event in stream`.

        The events are those of `create(stream=True)`, and some tell more: text and arguments so far in
        `snapshot`, and what a whole text stands for in `parsed`. `response_id`, in place of `input` and
        `model`, follows a response that is made already. Keywords as of `parse`. The request is sent on
        entering. The stream's `get_final_response()` reads to the end and gives the parsed response.
        """
        following: response_parsing.Following[Any] = response_parsing.Following(params)
        return response_stream.ResponseStreamManager(lambda: self._follow(following), following)

    def _follow(self, following: Any) -> Any:
        params = {**following.params, "stream": True}
        if following.response_id is None:
            return self._client._run(calls.CREATE, params)
        return self._client._run(calls.RETRIEVE, params, {"response_id": following.response_id})

    @overload
    def retrieve(
        self,
        response_id: str,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ResponseRetrieveKeywords],
    ) -> Response: ...
    @overload
    def retrieve(
        self, response_id: str, *, stream: Literal[True], **params: Unpack[ResponseRetrieveKeywords]
    ) -> Stream[ResponseStreamEvent]: ...
    @overload
    def retrieve(
        self, response_id: str, *, stream: bool, **params: Unpack[ResponseRetrieveKeywords]
    ) -> Response | Stream[ResponseStreamEvent]: ...
    @calling(lambda: calls.RETRIEVE)
    def retrieve(self, response_id: str, **params: Any) -> Any:
        """Look up a stored response; with `stream=True`, its events after `starting_after`."""
        return self._client._run(calls.RETRIEVE, params, {"response_id": response_id})

    @calling(lambda: calls.DELETE)
    def delete(self, response_id: str, **options: Unpack[RequestOptions]) -> None:
        """Delete a stored response."""
        nothing: None = self._client._run(calls.DELETE, {**options}, {"response_id": response_id})
        return nothing

    @calling(lambda: calls.CANCEL)
    def cancel(self, response_id: str, **options: Unpack[RequestOptions]) -> Response:
        """Stop a response that is made in the background."""
        reply: Response = self._client._run(calls.CANCEL, {**options}, {"response_id": response_id})
        return reply

    @calling(lambda: calls.COMPACT)
    def compact(self, **params: Unpack[ResponseCompactKeywords]) -> CompactedResponse:
        """Shorten a long conversation to items that stand for it. `model` is required."""
        reply: CompactedResponse = self._client._run(calls.COMPACT, {**params})
        return reply


class AsyncResponses(AsyncResource):
    """Responses: replies to items of any kind, which the server may store."""

    @cached_property
    def input_items(self) -> AsyncInputItems:
        return AsyncInputItems(self._client)

    @cached_property
    def input_tokens(self) -> AsyncInputTokens:
        return AsyncInputTokens(self._client)

    @overload
    async def create(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ResponseCreateKeywords],
    ) -> Response: ...
    @overload
    async def create(
        self, *, stream: Literal[True], **params: Unpack[ResponseCreateKeywords]
    ) -> AsyncStream[ResponseStreamEvent]: ...
    @overload
    async def create(
        self, *, stream: bool, **params: Unpack[ResponseCreateKeywords]
    ) -> Response | AsyncStream[ResponseStreamEvent]: ...
    @calling(lambda: calls.CREATE)
    async def create(self, **params: Any) -> Any:
        """Have the model reply to `input`; with `stream=True`, event by event.

        Every field of OpenAI's and of vLLM's API is a keyword; what they mean is said in
        `ResponseCreateParams`.
        """
        return await self._client._run(calls.CREATE, params)

    @overload
    async def parse(
        self, *, text_format: type[T], **params: Unpack[ResponseParseParams]
    ) -> ParsedResponse[T]: ...
    @overload
    async def parse(
        self, *, parse_as: type[T], **params: Unpack[ResponseParseParams]
    ) -> ParsedResponse[T]: ...
    @overload
    async def parse(self, **params: Unpack[ResponseParseParams]) -> ParsedResponse[None]: ...
    @calling(lambda: response_parsing.RESPONSE_PARSE)
    async def parse(self, **params: Any) -> Any:
        """Have the model reply, and read the reply as a value: `output_parsed`.

        `text_format` is a pydantic model, a msgspec Struct, a dataclass, a TypedDict, or a type such as
        `list[int]`: its strict JSON schema is sent, and texts are read as it. Tools made of types by
        `pydantic_function_tool`, and other strict ones, have the arguments of their calls read too:
        `parsed_arguments`. `parse_as` reads texts as a type without telling the server.

        Raises LengthFinishReasonError or ContentFilterFinishReasonError if what is to be read was cut off,
        with the response in `.completion`; ValidationError of pydantic or msgspec where a text does not fit.
        """
        return await self._client._run(*response_parsing.parse_call(params))

    @overload
    def stream(
        self, *, text_format: type[T], **params: Unpack[ResponseStreamParams]
    ) -> AsyncResponseStreamManager[T]: ...
    @overload
    def stream(self, **params: Unpack[ResponseStreamParams]) -> AsyncResponseStreamManager[None]: ...
    @calling(lambda: response_parsing.RESPONSE_STREAM)
    def stream(self, **params: Any) -> Any:
        """Have the model reply, event by event: `with ... as stream: for event in stream`.

        The events are those of `create(stream=True)`, and some tell more: text and arguments so far in
        `snapshot`, and what a whole text stands for in `parsed`. `response_id`, in place of `input` and
        `model`, follows a response that is made already. Keywords as of `parse`. The request is sent on
        entering. The stream's `get_final_response()` reads to the end and gives the parsed response.
        """
        following: response_parsing.Following[Any] = response_parsing.Following(params)
        return response_stream.AsyncResponseStreamManager(lambda: self._follow(following), following)

    async def _follow(self, following: Any) -> Any:
        params = {**following.params, "stream": True}
        if following.response_id is None:
            return await self._client._run(calls.CREATE, params)
        return await self._client._run(calls.RETRIEVE, params, {"response_id": following.response_id})

    @overload
    async def retrieve(
        self,
        response_id: str,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ResponseRetrieveKeywords],
    ) -> Response: ...
    @overload
    async def retrieve(
        self, response_id: str, *, stream: Literal[True], **params: Unpack[ResponseRetrieveKeywords]
    ) -> AsyncStream[ResponseStreamEvent]: ...
    @overload
    async def retrieve(
        self, response_id: str, *, stream: bool, **params: Unpack[ResponseRetrieveKeywords]
    ) -> Response | AsyncStream[ResponseStreamEvent]: ...
    @calling(lambda: calls.RETRIEVE)
    async def retrieve(self, response_id: str, **params: Any) -> Any:
        """Look up a stored response; with `stream=True`, its events after `starting_after`."""
        return await self._client._run(calls.RETRIEVE, params, {"response_id": response_id})

    @calling(lambda: calls.DELETE)
    async def delete(self, response_id: str, **options: Unpack[RequestOptions]) -> None:
        """Delete a stored response."""
        nothing: None = await self._client._run(calls.DELETE, {**options}, {"response_id": response_id})
        return nothing

    @calling(lambda: calls.CANCEL)
    async def cancel(self, response_id: str, **options: Unpack[RequestOptions]) -> Response:
        """Stop a response that is made in the background."""
        reply: Response = await self._client._run(calls.CANCEL, {**options}, {"response_id": response_id})
        return reply

    @calling(lambda: calls.COMPACT)
    async def compact(self, **params: Unpack[ResponseCompactKeywords]) -> CompactedResponse:
        """Shorten a long conversation to items that stand for it. `model` is required."""
        reply: CompactedResponse = await self._client._run(calls.COMPACT, {**params})
        return reply
