"""`client.completions`: raw text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from martlet.client.resources.base import AsyncResource, Resource, calls
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.calls import CompletionCreateParams
    from martlet.client.options import NotGiven, Omit
    from martlet.client.streaming import AsyncStream, Stream
    from martlet.protocol.completions import Completion


class Completions(Resource):
    """Continuations of raw text."""

    @overload
    def create(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[CompletionCreateParams],
    ) -> Completion: ...
    @overload
    def create(
        self, *, stream: Literal[True], **params: Unpack[CompletionCreateParams]
    ) -> Stream[Completion]: ...
    @overload
    def create(
        self, *, stream: bool, **params: Unpack[CompletionCreateParams]
    ) -> Completion | Stream[Completion]: ...
    @calling(lambda: calls.COMPLETIONS)
    def create(self, **params: Any) -> Any:
        """Have the model continue a prompt; with `stream=True`, piece by piece.

        `model` and `prompt` are required. Every field of OpenAI's and of vLLM's API is a keyword; what they
        mean is said in `CompletionParams`.
        """
        return self._client._run(calls.COMPLETIONS, params)


class AsyncCompletions(AsyncResource):
    """Continuations of raw text."""

    @overload
    async def create(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[CompletionCreateParams],
    ) -> Completion: ...
    @overload
    async def create(
        self, *, stream: Literal[True], **params: Unpack[CompletionCreateParams]
    ) -> AsyncStream[Completion]: ...
    @overload
    async def create(
        self, *, stream: bool, **params: Unpack[CompletionCreateParams]
    ) -> Completion | AsyncStream[Completion]: ...
    @calling(lambda: calls.COMPLETIONS)
    async def create(self, **params: Any) -> Any:
        """Have the model continue a prompt; with `stream=True`, piece by piece.

        `model` and `prompt` are required. Every field of OpenAI's and of vLLM's API is a keyword; what they
        mean is said in `CompletionParams`.
        """
        return await self._client._run(calls.COMPLETIONS, params)
