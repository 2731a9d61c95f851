"""/v1/completions: request, reply, streamed chunks.

Field order is the key order of vLLM 0.32. Its streamed choices order their keys otherwise than its replies,
hence `CompletionChunk` for servers; a client reads both as `Completion`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from martlet.protocol.base import WireModel
from martlet.protocol.common import (
    CompletionUsage,
    FinishReason,
    Int64,
    PerRequestMetrics,
    PositiveInt,
    PromptLogprobs,
    RepetitionDetectionParams,
    ResponseFormat,
    ServiceTier,
    StopStrings,
    StreamOptions,
    StructuredOutputsParams,
    TokenId,
    TruncateTokens,
    XArg,
)

Prompt = str | list[str | TokenId | list[TokenId]]
"""A text, a list of texts, the token ids of one prompt, or a list of such; mixtures are refused."""


class CompletionRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /v1/completions.

    Types and the ranges of vLLM's schema are checked on decoding; what depends on other fields, on the model
    or on the server's settings is the server's to check.
    """

    model: str | None = None
    """A served name; None or "" means the first one."""
    prompt: Prompt | None = None
    """What to continue. None decodes, for the server to refuse."""
    echo: bool | None = False
    """Put the prompt before the output."""
    frequency_penalty: float | None = None
    """-2 to 2: lowers a token's logit by this much for each time it was generated."""
    logit_bias: dict[str, float] | None = None
    """Added to the logits of these token ids, -100 to 100."""
    logprobs: int | None = None
    """How many likeliest tokens to list per position; 0 lists the sampled one, -1 the vocabulary."""
    max_tokens: int | None = 16
    """Most tokens to generate; None means 16."""
    n: int = 1
    """How many choices to generate for each prompt."""
    presence_penalty: float | None = None
    """-2 to 2: lowers the logit of every token that was generated at least once."""
    seed: Int64 | None = None
    """Makes sampling repeatable; choice i uses seed + i. -1 means unset."""
    stop: str | StopStrings | None = None
    """Up to four texts that end the output; they are not part of it."""
    stream: bool | None = False
    """Answer with server-sent events."""
    stream_options: StreamOptions | None = None
    """Only together with `stream`."""
    suffix: str | None = None
    """Text that follows the output; for models that fill in the middle."""
    temperature: float | None = None
    """0 to 2; 0 is greedy. None means the model's default."""
    top_p: float | None = None
    """Sample among the likeliest tokens whose probabilities reach this sum; above 0, up to 1."""
    user: str | None = None
    """OpenAI: an id of the end user. Ignored."""
    use_beam_search: bool = False
    """vLLM: search with `n` beams instead of sampling."""
    top_k: int | None = None
    """vLLM: sample among this many likeliest tokens; 0 and -1 turn it off."""
    min_p: float | None = None
    """vLLM: drop tokens less likely than this share of the likeliest one's probability; 0 to 1."""
    repetition_penalty: float | None = None
    """vLLM: divides the logits of tokens seen in prompt or output; above 1 discourages repetition."""
    watermarking: bool | None = None
    """vLLM: mark the output with the server's watermark."""
    length_penalty: float = 1.0
    """vLLM: exponent of the length in the score of a beam."""
    stop_token_ids: list[int] | None = None
    """vLLM: token ids that end the output."""
    include_stop_str_in_output: bool = False
    """vLLM: keep the stop text in the output."""
    ignore_eos: bool = False
    """vLLM: go on after the end token."""
    min_tokens: int = 0
    """vLLM: generate at least this many tokens before an end token or stop text counts."""
    skip_special_tokens: bool = True
    """vLLM: leave special tokens out of the text."""
    spaces_between_special_tokens: bool = True
    """vLLM: put blanks between special tokens in the text."""
    truncate_prompt_tokens: TruncateTokens | None = None
    """vLLM: cut the prompt to this many tokens; -1 means the model's context."""
    truncation_side: Literal["left", "right"] | None = None
    """vLLM: `left` keeps the last tokens, `right` the first."""
    allowed_token_ids: list[int] | None = None
    """vLLM: generate only these ids."""
    prompt_logprobs: int | None = None
    """vLLM: log probabilities of the prompt's tokens, with this many likeliest ones; -1 is the vocabulary."""
    logprob_token_ids: list[int] | None = None
    """vLLM: list the log probabilities of exactly these ids at each position; needs `logprobs`."""
    bad_words: list[str] = []
    """vLLM: texts that must not be generated."""
    prompt_embeds: str | list[str] | None = None
    """vLLM: embeddings in place of a prompt, as base64; needs the server's consent."""
    add_special_tokens: bool = True
    """vLLM: add the tokenizer's own special tokens to the prompt."""
    response_format: ResponseFormat | None = None
    """The form that the output must take."""
    structured_outputs: StructuredOutputsParams | None = None
    """vLLM: a constraint on the output."""
    priority: Int64 = 0
    """vLLM: lower runs earlier, where the server schedules by priority."""
    request_id: str | None = None
    """vLLM: the reply's id is `cmpl-` and this; made up if None."""
    session_id: str | None = None
    """vLLM: an id shared by related requests."""
    return_tokens_as_token_ids: bool | None = None
    """vLLM: with `logprobs`, write tokens as `token_id:` and the id."""
    return_token_ids: bool | None = None
    """vLLM: return the token ids of prompt and output beside the text."""
    routed_experts_prompt_start: TokenId = 0
    """vLLM: leave this many prompt tokens out of `routed_experts`."""
    return_token_offsets: bool | None = False
    """vLLM, render endpoints: return each token's span in the text."""
    mm_payload: Literal["tensors", "none"] = "tensors"
    """vLLM, render endpoints: what the reply carries of media."""
    return_mm_kwargs: bool | None = None
    """vLLM: older form of `mm_payload`; false is `none`."""
    cache_salt: str | None = None
    """vLLM: prefixes are shared only among requests with the same salt."""
    kv_transfer_params: dict[str, Any] | None = None
    """vLLM: plumbing of disaggregated serving."""
    ec_transfer_params: dict[str, Any] | None = None
    """vLLM: plumbing of disaggregated encoders."""
    vllm_xargs: dict[str, XArg] | None = None
    """vLLM: arguments for the server's own extensions."""
    repetition_detection: RepetitionDetectionParams | None = None
    """vLLM: end the request when its output repeats itself."""
    thinking_token_budget: int | None = None
    """vLLM: most tokens spent on reasoning; -1 is no limit."""
    stream_interval: PositiveInt | None = None
    """vLLM: put this many tokens into one chunk."""

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
