"""Cohere's embeddings as vLLM serves them, at /v2/embed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

from martlet.protocol.base import WireModel

CohereEmbeddingType = Literal["float", "binary", "ubinary", "base64"]

# --- replies ----------------------------------------------------------------------------------------


class CohereEmbeddings(WireModel, kw_only=True):
    """The vectors in each type that was asked for, in the inputs' order."""

    float: list[list[Any]] | None = None
    """Lists of numbers."""
    binary: list[list[int]] | None = None
    """One bit for the sign of each number, in signed bytes."""
    ubinary: list[list[int]] | None = None
    """One bit for the sign of each number, in unsigned bytes."""
    base64: list[str] | None = None
    """Little-endian float32."""


class CohereBilledUnits(WireModel, kw_only=True):
    """Tokens that a request took."""

    input_tokens: int | None = None
    image_tokens: int | None = None


class CohereMeta(WireModel, kw_only=True):
    """What a request took."""

    api_version: dict[str, Any] | None = None
    billed_units: CohereBilledUnits | None = None


class CohereEmbedResponse(WireModel, kw_only=True):
    """The reply of POST /v2/embed."""

    id: str
    """`embd-` and the request's id."""
    embeddings: CohereEmbeddings
    texts: list[str] | None = None
    """The texts as they were sent."""
    meta: CohereMeta | None = None
    response_type: Literal["embeddings_by_type"] | str = "embeddings_by_type"


# --- calls ------------------------------------------------------------------------------------------


class CohereContent(TypedDict, total=False):
    """A piece of an input."""

    type: Literal["text", "image_url"]
    text: str
    image_url: dict[str, str]
    """Its `url`: http(s), or data: with the image in base64."""


class CohereInput(TypedDict):
    """An input of several pieces."""

    content: Sequence[CohereContent]


class CohereEmbedParams(TypedDict, total=False):
    """Parameters of a call of /v2/embed: one of `texts`, `images` and `inputs`."""

    texts: Sequence[str]
    images: Sequence[str]
    """As data: URLs."""
    inputs: Sequence[CohereInput]
    model: str | None
    """A served name; None means the first one."""
    input_type: str | None
    """What the vectors are for, such as `search_query`; the server puts that prompt before each text."""
    embedding_types: Sequence[CohereEmbeddingType] | None
    """In which types to write the vectors; the default is float."""
    output_dimension: int | None
    """Cut the vectors to this many numbers; for models trained for it."""
    truncate: Literal["NONE", "START", "END"]
    """Where to cut a text that is too long; the default is its end."""
    max_tokens: int | None
    """Cut each text to this many tokens."""
    priority: int
    """Lower runs earlier, where the server schedules by priority."""
