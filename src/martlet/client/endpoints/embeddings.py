"""The endpoint of /v1/embeddings, and vectors out of base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from martlet.client.calls import Call, Endpoint
from martlet.client.failures import reply_error
from martlet.client.options import ABSENT, NOT_GIVEN, RequestOptions
from martlet.client.replies import Reply
from martlet.protocol.embeddings import CreateEmbeddingResponse, EmbeddingCreateParams

T = TypeVar("T")


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


class BytesEndpoint(Endpoint[CreateEmbeddingResponse]):
    """For vectors that come as bytes, which a header describes."""

    def parse(self, reply: Reply) -> CreateEmbeddingResponse:
        from martlet.client import vectors

        return vectors.embeddings(reply) if vectors.is_described(reply) else super().parse(reply)


def endpoint_for(params: Mapping[str, Any]) -> Endpoint[CreateEmbeddingResponse]:
    """The one that unpacks, unless the caller says in which form the vectors are to come."""
    return for_format(params, EMBEDDINGS, PACKED_EMBEDDINGS, BYTES_EMBEDDINGS)


def for_format(
    params: Mapping[str, Any], plain: Endpoint[T], packed: Endpoint[T], described: Endpoint[T]
) -> Endpoint[T]:
    """The endpoint for the form that `params` ask for. Raises ValueError for one that nobody can read."""
    extra = params.get("extra_body")
    given = {**params, **extra} if isinstance(extra, Mapping) else params
    wanted = given.get("encoding_format", NOT_GIVEN)
    if wanted == "bytes_only":
        raise ValueError(
            'encoding_format="bytes_only" brings numbers without saying which belong to which input: use '
            '"bytes", or client.post(path, body=..., cast_to=bytes) for the bytes alone'
        )
    if wanted == "bytes":
        return described
    names = ("encoding_format", "embed_dtype", "endianness")
    is_free = all(isinstance(given.get(name, NOT_GIVEN), ABSENT) for name in names)
    return packed if is_free else plain


_WHERE = ("embeddings.create", "POST", "/embeddings", CreateEmbeddingResponse, EmbeddingCreateParams)
EMBEDDINGS: Endpoint[CreateEmbeddingResponse] = Endpoint(*_WHERE)
PACKED_EMBEDDINGS = PackedEndpoint(*_WHERE)
BYTES_EMBEDDINGS = BytesEndpoint(*_WHERE)
