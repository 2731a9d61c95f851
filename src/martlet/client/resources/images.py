"""`client.images`: pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from martlet.client.endpoints import images as calls
from martlet.client.resources.base import AsyncResource, Resource, deprecated
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.endpoints.images import (
        ImageEditKeywords,
        ImageGenerateKeywords,
        ImageVariationKeywords,
    )
    from martlet.client.options import NotGiven, Omit
    from martlet.client.streaming import AsyncStream, Stream
    from martlet.protocol.images import ImageEditStreamEvent, ImageGenStreamEvent, ImagesResponse


class Images(Resource):
    """Pictures."""

    @overload
    def generate(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ImageGenerateKeywords],
    ) -> ImagesResponse: ...
    @overload
    def generate(
        self, *, stream: Literal[True], **params: Unpack[ImageGenerateKeywords]
    ) -> Stream[ImageGenStreamEvent]: ...
    @overload
    def generate(
        self, *, stream: bool, **params: Unpack[ImageGenerateKeywords]
    ) -> ImagesResponse | Stream[ImageGenStreamEvent]: ...
    @calling(lambda: calls.GENERATE)
    def generate(self, **params: Any) -> Any:
        """Make pictures from `prompt`; with `stream=True`, show them as they come about."""
        return self._client._run(calls.GENERATE, params)

    @overload
    def edit(
        self, *, stream: Literal[False] | NotGiven | Omit | None = ..., **params: Unpack[ImageEditKeywords]
    ) -> ImagesResponse: ...
    @overload
    def edit(
        self, *, stream: Literal[True], **params: Unpack[ImageEditKeywords]
    ) -> Stream[ImageEditStreamEvent]: ...
    @overload
    def edit(
        self, *, stream: bool, **params: Unpack[ImageEditKeywords]
    ) -> ImagesResponse | Stream[ImageEditStreamEvent]: ...
    @calling(lambda: calls.EDIT)
    def edit(self, **params: Any) -> Any:
        """Change `image`, a file or a list of them, as `prompt` says; with `stream=True`, step by step."""
        return self._client._run(calls.EDIT, params)

    @calling(lambda: calls.CREATE_VARIATION)
    def create_variation(self, **params: Unpack[ImageVariationKeywords]) -> ImagesResponse:
        """Vary `image`, a file. Deprecated."""
        deprecated("images.create_variation() is deprecated")
        reply: ImagesResponse = self._client._run(calls.CREATE_VARIATION, {**params})
        return reply


class AsyncImages(AsyncResource):
    """Pictures."""

    @overload
    async def generate(
        self,
        *,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[ImageGenerateKeywords],
    ) -> ImagesResponse: ...
    @overload
    async def generate(
        self, *, stream: Literal[True], **params: Unpack[ImageGenerateKeywords]
    ) -> AsyncStream[ImageGenStreamEvent]: ...
    @overload
    async def generate(
        self, *, stream: bool, **params: Unpack[ImageGenerateKeywords]
    ) -> ImagesResponse | AsyncStream[ImageGenStreamEvent]: ...
    @calling(lambda: calls.GENERATE)
    async def generate(self, **params: Any) -> Any:
        """Make pictures from `prompt`; with `stream=True`, show them as they come about."""
        return await self._client._run(calls.GENERATE, params)

    @overload
    async def edit(
        self, *, stream: Literal[False] | NotGiven | Omit | None = ..., **params: Unpack[ImageEditKeywords]
    ) -> ImagesResponse: ...
    @overload
    async def edit(
        self, *, stream: Literal[True], **params: Unpack[ImageEditKeywords]
    ) -> AsyncStream[ImageEditStreamEvent]: ...
    @overload
    async def edit(
        self, *, stream: bool, **params: Unpack[ImageEditKeywords]
    ) -> ImagesResponse | AsyncStream[ImageEditStreamEvent]: ...
    @calling(lambda: calls.EDIT)
    async def edit(self, **params: Any) -> Any:
        """Change `image`, a file or a list of them, as `prompt` says; with `stream=True`, step by step."""
        return await self._client._run(calls.EDIT, params)

    @calling(lambda: calls.CREATE_VARIATION)
    async def create_variation(self, **params: Unpack[ImageVariationKeywords]) -> ImagesResponse:
        """Vary `image`, a file. Deprecated."""
        deprecated("images.create_variation() is deprecated")
        reply: ImagesResponse = await self._client._run(calls.CREATE_VARIATION, {**params})
        return reply
