"""`client.embeddings`: texts as vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.client.endpoints import embeddings as calls
from martlet.client.resources.base import AsyncResource, Resource
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.endpoints.embeddings import EmbeddingKeywords
    from martlet.protocol.embeddings import CreateEmbeddingResponse


class Embeddings(Resource):
    """Texts as vectors."""

    @calling(lambda: calls.EMBEDDINGS)
    def create(self, **params: Unpack[EmbeddingKeywords]) -> CreateEmbeddingResponse:
        """Embed one input or several.

        `input` and `model` are required. The vectors are lists of floats, made when you look at them, and
        travel as base64; `embedding_bytes` is for NumPy. With an `encoding_format` of yours they are left as
        the server sends them.
        """
        reply: CreateEmbeddingResponse = self._client._run(calls.endpoint_for(params), {**params})
        return reply


class AsyncEmbeddings(AsyncResource):
    """Texts as vectors."""

    @calling(lambda: calls.EMBEDDINGS)
    async def create(self, **params: Unpack[EmbeddingKeywords]) -> CreateEmbeddingResponse:
        """Embed one input or several.

        `input` and `model` are required. The vectors are lists of floats, made when you look at them, and
        travel as base64; `embedding_bytes` is for NumPy. With an `encoding_format` of yours they are left as
        the server sends them.
        """
        reply: CreateEmbeddingResponse = await self._client._run(calls.endpoint_for(params), {**params})
        return reply
