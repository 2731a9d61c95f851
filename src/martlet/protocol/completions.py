"""/v1/completions: request, reply, streamed chunks.

Field order is the key order of vLLM 0.32. Its streamed choices order their keys otherwise than its replies,
hence `CompletionChunk` for servers; a client reads both as `Completion`.
"""

from __future__ import annotations

from typing import Any, Literal

from martlet.protocol.base import WireModel
from martlet.protocol.common import (
    CompletionUsage,
    FinishReason,
    PerRequestMetrics,
    PromptLogprobs,
    ServiceTier,
    TokenId,
)
from martlet.protocol.generation import GenerationRequest

Prompt = str | list[str | TokenId | list[TokenId]]
"""A text, a list of texts, the token ids of one prompt, or a list of such; mixtures are refused."""


class CompletionRequest(GenerationRequest, kw_only=True, omit_defaults=True):
    """Body of POST /v1/completions."""

    prompt: Prompt | None = None
    """What to continue. None decodes, for the server to refuse."""
    echo: bool | None = False
    """Put the prompt before the output."""
    logprobs: int | None = None
    """How many likeliest tokens to list per position; 0 lists the sampled one, -1 the vocabulary."""
    max_tokens: int | None = 16
    """Most tokens to generate; None means 16."""
    n: int = 1
    """How many choices to generate for each prompt."""
    suffix: str | None = None
    """Text that follows the output; for models that fill in the middle."""
    prompt_embeds: str | list[str] | None = None
    """vLLM: embeddings in place of a prompt, as base64; needs the server's consent."""
    add_special_tokens: bool = True
    """vLLM: add the tokenizer's own special tokens to the prompt."""
    request_id: str | None = None
    """vLLM: the reply's id is `cmpl-` and this; made up if None."""

    def __post_init__(self) -> None:
        if isinstance(self.prompt, list) and len({type(item) for item in self.prompt}) > 1:
            raise ValueError("Expected texts, token ids or lists of token ids, got a mixture - at `$.prompt`")


class CompletionLogprobs(WireModel, kw_only=True):
    """Log probabilities of a choice's tokens; the lists are parallel."""

    text_offset: list[int] | None = None
    """Where each token's text begins, in characters."""
    token_logprobs: list[float | None] | None = None
    """None for a prompt's first token."""
    tokens: list[str] | None = None
    top_logprobs: list[dict[str, float] | None] | None = None
    """The likeliest tokens at each position, and the sampled one."""


Logprobs = CompletionLogprobs


class CompletionChoice(WireModel, kw_only=True):
    """One of the answers; `index` is prompt number * n + choice number."""

    index: int
    text: str
    logprobs: CompletionLogprobs | None = None
    finish_reason: FinishReason | None = None
    """stop, length, ...; None on the chunks before the last, and where a stream was cut."""
    stop_reason: int | str | None = None
    """vLLM: the stop text or stop token id that ended it; None for the end token."""
    token_ids: list[int] | None = None
    """vLLM, with `return_token_ids`: the generated ids, the hidden end token included."""
    prompt_logprobs: PromptLogprobs | None = None
    """vLLM, with `prompt_logprobs`."""
    prompt_token_ids: list[int] | None = None
    """vLLM, with `return_token_ids`; streamed on the first chunk."""
    routed_experts: str | None = None
    """vLLM: the experts that each token went through, as a base64 NumPy array."""


class Completion(WireModel, kw_only=True):
    """The reply of POST /v1/completions, and for a client each streamed piece of it."""

    id: str
    """`cmpl-` and the request's id."""
    object: Literal["text_completion"] | str = "text_completion"
    created: int
    """Unix time in seconds."""
    model: str
    """The served name; vLLM gives its first, whichever was asked for."""
    choices: list[CompletionChoice]
    service_tier: ServiceTier | None = None
    """How the request was processed."""
    system_fingerprint: str | None = None
    """Names the server's software and settings."""
    usage: CompletionUsage | None = None
    """Streamed, with `include_usage`, on the last chunk."""
    kv_transfer_params: dict[str, Any] | None = None
    """vLLM: plumbing of disaggregated serving."""
    ec_transfer_params: dict[str, Any] | None = None
    """vLLM: plumbing of disaggregated encoders."""
    metrics: PerRequestMetrics | None = None
    """vLLM with `--enable-per-request-metrics`."""


class CompletionChunkChoice(WireModel, kw_only=True):
    """A chunk's part of one choice, as a server writes it."""

    index: int
    text: str
    logprobs: CompletionLogprobs | None = None
    finish_reason: FinishReason | None = None
    stop_reason: int | str | None = None
    prompt_token_ids: list[int] | None = None
    token_ids: list[int] | None = None


class CompletionChunk(WireModel, kw_only=True):
    """One streamed piece of a completion, as a server writes it."""

    id: str
    object: Literal["text_completion"] | str = "text_completion"
    created: int
    model: str
    choices: list[CompletionChunkChoice]
    usage: CompletionUsage | None = None
    system_fingerprint: str | None = None
    metrics: PerRequestMetrics | None = None
