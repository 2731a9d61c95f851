"""vLLM's calls of pooling models: /pooling, /classify, /score, /rerank, and /v1/embeddings of conversations.

Field order is the key order of vLLM 0.32.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from martlet.protocol.base import WireModel
from martlet.protocol.embeddings import (
    ChatInputParams,
    EmbeddingInput,
    EncodingFormat,
    EncodingParams,
    PoolingCommonParams,
    Usage,
)
from martlet.protocol.params import (
    ChatCompletionContentPartImageEmbedsParam,
    ChatCompletionContentPartImageParam,
    ChatCompletionContentPartTextParam,
    ChatCompletionContentPartVideoParam,
    MessageInput,
)

if TYPE_CHECKING:
    PooledData = list[list[float]] | list[float] | str
else:
    PooledData = list[Any] | str  # msgspec takes one kind of list in a union

PoolingTask = Literal["embed", "classify", "token_embed", "token_classify", "plugin", "embed&token_classify"]

# --- replies ----------------------------------------------------------------------------------------


class PoolingResponseData(WireModel, kw_only=True):
    """What the pooler made of one input."""

    index: int
    """Which input."""
    object: Literal["pooling"] | str = "pooling"
    data: PooledData
    """One vector, or one per token; a text in base64 if that was asked for."""


class PoolingResponse(WireModel, kw_only=True):
    """The reply of POST /pooling."""

    id: str
    """`pooling-` and the request's id."""
    object: Literal["list"] | str = "list"
    created: int
    """Unix time in seconds."""
    model: str
    data: list[PoolingResponseData]
    """One per input, in the inputs' order."""
    usage: Usage


class ClassificationData(WireModel, kw_only=True):
    """The class of one input."""

    index: int
    """Which input."""
    label: str | None = None
    """Name of the likeliest class, if the model names its classes."""
    probs: list[float]
    """One per class."""
    num_classes: int


class ClassificationResponse(WireModel, kw_only=True):
    """The reply of POST /classify."""

    id: str
    """`classify-` and the request's id."""
    object: Literal["list"] | str = "list"
    created: int
    """Unix time in seconds."""
    model: str
    data: list[ClassificationData]
    """One per input, in the inputs' order."""
    usage: Usage


class ScoreResponseData(WireModel, kw_only=True):
    """How well one pair fits."""

    index: int
    """Which pair."""
    object: Literal["score"] | str = "score"
    score: float


class ScoreResponse(WireModel, kw_only=True):
    """The reply of POST /score."""

    id: str
    """`score-` and the request's id."""
    object: Literal["list"] | str = "list"
    created: int
    """Unix time in seconds."""
    model: str
    data: list[ScoreResponseData]
    """One per pair."""
    usage: Usage


class RerankDocument(WireModel, kw_only=True):
    """A document as it was sent."""

    text: str | None = None
    multi_modal: list[dict[str, Any]] | None = None
    """Its parts, if it was more than text."""


class RerankResult(WireModel, kw_only=True):
    """One document and how well it answers the query."""

    index: int
    """Its place in the request."""
    document: RerankDocument
    relevance_score: float


class RerankUsage(WireModel, kw_only=True):
    """Tokens that a reranking took."""

    prompt_tokens: int
    total_tokens: int


class RerankResponse(WireModel, kw_only=True):
    """The reply of POST /rerank."""

    id: str
    """`score-` and the request's id."""
    model: str
    usage: RerankUsage
    results: list[RerankResult]
    """The best first."""


# --- calls ------------------------------------------------------------------------------------------


class ScoreMultiModalParam(TypedDict):
    """A text with images or videos."""

    content: Sequence[
        ChatCompletionContentPartTextParam
        | ChatCompletionContentPartImageParam
        | ChatCompletionContentPartImageEmbedsParam
        | ChatCompletionContentPartVideoParam
    ]


ScoreInput = str | ScoreMultiModalParam
ScoreInputs = ScoreInput | Sequence[ScoreInput]


class _EmbeddingChatRequired(TypedDict):
    messages: Iterable[MessageInput] | Iterable[Iterable[MessageInput]]
    """A conversation, or a list of conversations."""


class EmbeddingChatParams(
    _EmbeddingChatRequired, PoolingCommonParams, EncodingParams, ChatInputParams, total=False
):
    """Parameters of a call of /v1/embeddings that embeds conversations."""

    model: str | None
    """A served name; None means the first one."""
    encoding_format: EncodingFormat
    """How the vectors travel."""


class ClassifyParams(PoolingCommonParams, ChatInputParams, total=False):
    """Parameters of a call of /classify: `input` or `messages`."""

    input: EmbeddingInput
    """A text, a list of texts, the token ids of one text, or a list of such."""
    messages: Iterable[MessageInput] | Iterable[Iterable[MessageInput]]
    """A conversation in place of a text, or a list of conversations."""
    model: str | None
    """A served name; None means the first one."""


class PoolingParams(ClassifyParams, EncodingParams, total=False):
    """Parameters of a call of /pooling: `input`, `messages`, or `data` for a plugin of the server."""

    data: Any
    """What the server's plugin takes."""
    task: PoolingTask | None
    """What to do with the tokens' vectors; None means what the model is for."""
    encoding_format: EncodingFormat
    """How the vectors travel."""


class _ScoringParams(PoolingCommonParams, total=False):
    model: str | None
    """A served name; None means the first one."""
    max_tokens_per_query: int
    """Cut each query to this many tokens; 0 means no limit."""
    max_tokens_per_doc: int
    """Cut each document to this many tokens; 0 means no limit."""
    instruction: str | None
    """What the query is for, for models that take an instruction."""
    chat_template_kwargs: Mapping[str, Any] | None
    """More variables for the model's template."""


class ScoreParams(_ScoringParams, total=False):
    """Parameters of a call of /score.

    One of the pairs `text_1` and `text_2`, `queries` and `documents`, `queries` and `items`, `data_1` and
    `data_2`. A single first with several second ones scores each; equal numbers go pair by pair.
    """

    text_1: ScoreInputs
    text_2: ScoreInputs
    queries: ScoreInputs
    documents: ScoreInputs
    items: ScoreInputs
    data_1: ScoreInputs
    data_2: ScoreInputs


class _RerankRequired(TypedDict):
    query: ScoreInput
    documents: ScoreInputs


class RerankParams(_RerankRequired, _ScoringParams, total=False):
    """Parameters of a call of /rerank."""

    top_n: int
    """Return only the best of them; 0 means all."""
