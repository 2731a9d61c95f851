"""The endpoint of /v1/embeddings, and vectors out of base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from martlet.client.calls import Call, Endpoint
from martlet.client.failures import reply_error
from martlet.client.options import ABSENT, NOT_GIVEN, RequestOptions
from martlet.client.replies import Reply
from martlet.protocol.embeddings import CreateEmbeddingResponse, EmbeddingCreateParams


class EmbeddingKeywords(EmbeddingCreateParams, RequestOptions, total=False):
    """Keywords of `embeddings.create`."""


class PackedEndpoint(Endpoint[CreateEmbeddingResponse]):
    """Asks for base64, far fewer bytes and far less work than numbers as text; it is unpacked on a look."""

    def call(
        self, params: dict[str, Any], path: Mapping[str, str] | None = None
    ) -> Call[CreateEmbeddingResponse]:
        return super().call({**params, "encoding_format": "base64"}, path)

    def parse(self, reply: Reply) -> CreateEmbeddingResponse:
        model = super().parse(reply)
        if not model.data:
            raise ValueError("No embedding data received: the reply's `data` is empty")
        try:
            for item in model.data:
                item.pack()
        except ValueError as error:
            raise reply_error(reply, "base64 of float32 numbers", str(error)) from error
        return model


def endpoint_for(params: Mapping[str, Any]) -> Endpoint[CreateEmbeddingResponse]:
    """The one that unpacks, unless the caller says in which form the vectors are to come."""
    extra = params.get("extra_body")
    given = {**params, **extra} if isinstance(extra, Mapping) else params
    names = ("encoding_format", "embed_dtype", "endianness")
    is_free = all(isinstance(given.get(name, NOT_GIVEN), ABSENT) for name in names)
    return PACKED_EMBEDDINGS if is_free else EMBEDDINGS


_WHERE = ("embeddings.create", "POST", "/embeddings", CreateEmbeddingResponse, EmbeddingCreateParams)
EMBEDDINGS: Endpoint[CreateEmbeddingResponse] = Endpoint(*_WHERE)
PACKED_EMBEDDINGS = PackedEndpoint(*_WHERE)
