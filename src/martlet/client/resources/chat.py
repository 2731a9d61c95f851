"""`client.chat`: conversations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from martlet.client.lazy import LazyModule
from martlet.client.resources.base import AsyncResource, Resource, calls
from martlet.client.resources.stored_chat import AsyncStoredCompletions, StoredCompletions
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client import chat_stream, parsing
    from martlet.client.calls import ChatCompletionCreateParams
    from martlet.client.chat_stream import AsyncChatCompletionStreamManager, ChatCompletionStreamManager
    from martlet.client.options import NotGiven, Omit
    from martlet.client.parsed import ParsedChatCompletion
    from martlet.client.parsing import ChatCompletionParseParams
    from martlet.client.streaming import AsyncStream, Stream
    from martlet.protocol.chat import ChatCompletion, ChatCompletionChunk
    from martlet.protocol.params import ResponseFormatParam
else:
    chat_stream = LazyModule("martlet.client.chat_stream")
    parsing = LazyModule("martlet.client.parsing")

T = TypeVar("T")


class Chat(Resource):
    """Conversations."""

    @cached_property
    def completions(self) -> Completions:
        return Completions(self._client)


class AsyncChat(AsyncResource):
    """Conversations."""

    @cached_property
    def completions(self) -> AsyncCompletions:
        return AsyncCompletions(self._client)


class Completions(StoredCompletions):
    """Replies to conversations."""

    @overload
    def create(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ChatCompletionCreateParams],
    ) -> ChatCompletion: ...
    @overload
    def create(
        self, *, stream: Literal[True], **params: Unpack[ChatCompletionCreateParams]
    ) -> Stream[ChatCompletionChunk]: ...
    @overload
    def create(
        self, *, stream: bool, **params: Unpack[ChatCompletionCreateParams]
    ) -> ChatCompletion | Stream[ChatCompletionChunk]: ...
    @calling(lambda: calls.CHAT_COMPLETIONS)
    def create(self, **params: Any) -> Any:
        """Have the model reply to a conversation; with `stream=True`, piece by piece.

        `model` and `messages` are required. Every field of OpenAI's and of vLLM's API is a keyword; what they
        mean is said in `ChatCompletionParams`.
        """
        return self._client._run(calls.CHAT_COMPLETIONS, params)

    @overload
    def parse(
        self, *, response_format: type[T], **params: Unpack[ChatCompletionParseParams]
    ) -> ParsedChatCompletion[T]: ...
    @overload
    def parse(
        self,
        *,
        response_format: ResponseFormatParam | NotGiven | Omit | None = ...,
        **params: Unpack[ChatCompletionParseParams],
    ) -> ParsedChatCompletion[None]: ...
    @calling(lambda: parsing.CHAT_PARSE)
    def parse(self, **params: Any) -> Any:
        """Have the model reply, and read the reply as a value.

        `response_format` is a pydantic model, a msgspec Struct, a dataclass, a TypedDict, or a type such as
        `list[int]`: its strict JSON schema is sent, and `choices[0].message.parsed` is an instance of it.
        Tools must be strict; `pydantic_function_tool` makes them of types. The arguments of their calls are
        read too: `parsed_arguments`.

        Raises LengthFinishReasonError or ContentFilterFinishReasonError if the reply was cut off, with what
        there is in `.completion`; the ValidationError of pydantic or msgspec if a text does not fit its type.
        """
        return self._client._run(*parsing.parse_call(params))

    @overload
    def stream(
        self, *, response_format: type[T], **params: Unpack[ChatCompletionParseParams]
    ) -> ChatCompletionStreamManager[T]: ...
    @overload
    def stream(
        self,
        *,
        response_format: ResponseFormatParam | NotGiven | Omit | None = ...,
        **params: Unpack[ChatCompletionParseParams],
    ) -> ChatCompletionStreamManager[None]: ...
    @calling(lambda: parsing.CHAT_STREAM)
    def stream(self, **params: Any) -> Any:
        """Have the model reply, as events that tell what happens: `with ... as stream: for event in stream`.

        What `event.type` says: `content.delta` and `content.done`, and the same two of `refusal`,
        `logprobs.content`, `logprobs.refusal` and `tool_calls.function.arguments`; a `chunk` comes before
        what it brings. Keywords are those of `parse`, and tools need not be strict. The request is sent on
        entering. The stream's `get_final_completion()` reads to the end and gives the parsed reply.
        """
        parser, params = parsing.stream_call(params)
        return chat_stream.ChatCompletionStreamManager(
            lambda: self._client._run(calls.CHAT_COMPLETIONS, dict(params)), parser
        )


class AsyncCompletions(AsyncStoredCompletions):
    """Replies to conversations."""

    @overload
    async def create(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ChatCompletionCreateParams],
    ) -> ChatCompletion: ...
    @overload
    async def create(
        self, *, stream: Literal[True], **params: Unpack[ChatCompletionCreateParams]
    ) -> AsyncStream[ChatCompletionChunk]: ...
    @overload
    async def create(
        self, *, stream: bool, **params: Unpack[ChatCompletionCreateParams]
    ) -> ChatCompletion | AsyncStream[ChatCompletionChunk]: ...
    @calling(lambda: calls.CHAT_COMPLETIONS)
    async def create(self, **params: Any) -> Any:
        """Have the model reply to a conversation; with `stream=True`, piece by piece.

        `model` and `messages` are required. Every field of OpenAI's and of vLLM's API is a keyword; what they
        mean is said in `ChatCompletionParams`.
        """
        return await self._client._run(calls.CHAT_COMPLETIONS, params)

    @overload
    async def parse(
        self, *, response_format: type[T], **params: Unpack[ChatCompletionParseParams]
    ) -> ParsedChatCompletion[T]: ...
    @overload
    async def parse(
        self,
        *,
        response_format: ResponseFormatParam | NotGiven | Omit | None = ...,
        **params: Unpack[ChatCompletionParseParams],
    ) -> ParsedChatCompletion[None]: ...
    @calling(lambda: parsing.CHAT_PARSE)
    async def parse(self, **params: Any) -> Any:
        """Have the model reply, and read the reply as a value.

        `response_format` is a pydantic model, a msgspec Struct, a dataclass, a TypedDict, or a type such as
        `list[int]`: its strict JSON schema is sent, and `choices[0].message.parsed` is an instance of it.
        Tools must be strict; `pydantic_function_tool` makes them of types. The arguments of their calls are
        read too: `parsed_arguments`.

        Raises LengthFinishReasonError or ContentFilterFinishReasonError if the reply was cut off, with what
        there is in `.completion`; the ValidationError of pydantic or msgspec if a text does not fit its type.
        """
        return await self._client._run(*parsing.parse_call(params))

    @overload
    def stream(
        self, *, response_format: type[T], **params: Unpack[ChatCompletionParseParams]
    ) -> AsyncChatCompletionStreamManager[T]: ...
    @overload
    def stream(
        self,
        *,
        response_format: ResponseFormatParam | NotGiven | Omit | None = ...,
        **params: Unpack[ChatCompletionParseParams],
    ) -> AsyncChatCompletionStreamManager[None]: ...
    @calling(lambda: parsing.CHAT_STREAM)
    def stream(self, **params: Any) -> Any:
        """Have the model reply, as events that tell what happens: `with ... as stream: for event in stream`.

        What `event.type` says: `content.delta` and `content.done`, and the same two of `refusal`,
        `logprobs.content`, `logprobs.refusal` and `tool_calls.function.arguments`; a `chunk` comes before
        what it brings. Keywords are those of `parse`, and tools need not be strict. The request is sent on
        entering. The stream's `get_final_completion()` reads to the end and gives the parsed reply.
        """
        parser, params = parsing.stream_call(params)
        return chat_stream.AsyncChatCompletionStreamManager(
            lambda: self._client._run(calls.CHAT_COMPLETIONS, dict(params)), parser
        )
