"""`client.chat`: conversations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

from martlet.client.resources.base import AsyncResource, Resource, calls
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.calls import ChatCompletionCreateParams
    from martlet.client.options import NotGiven, Omit
    from martlet.client.streaming import AsyncStream, Stream
    from martlet.protocol.chat import ChatCompletion, ChatCompletionChunk


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


class Completions(Resource):
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


class AsyncCompletions(AsyncResource):
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
