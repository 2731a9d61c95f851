"""What the requests of chat and text completions share.

`GenerationParams` in `params` holds the same fields for the client's callers. The texts stand in both places,
since an editor shows a field's text only where the field is declared; a test holds them together.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from martlet.protocol.common import (
    Int64,
    PositiveInt,
    RepetitionDetectionParams,
    ResponseFormat,
    StopStrings,
    StreamOptions,
    StructuredOutputsParams,
    TokenId,
    TruncateTokens,
    XArg,
)


class GenerationRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Base of the requests that generate text.

    Types and the ranges of vLLM's schema are checked on decoding; what depends on other fields, on the model
    or on the server's settings is the server's to check.
    """

    model: str | None = None
    """A served name; None or "" means the first one."""
    frequency_penalty: float | None = None
    """-2 to 2: lowers a token's logit by this much for each time it was generated."""
    logit_bias: dict[str, float] | None = None
    """Added to the logits of these token ids, -100 to 100."""
    presence_penalty: float | None = None
    """-2 to 2: lowers the logit of every token that was generated at least once."""
    response_format: ResponseFormat | None = None
    """The form that the output must take."""
    seed: Int64 | None = None
    """Makes sampling repeatable; choice i uses seed + i. -1 means unset."""
    stop: str | StopStrings | None = None
    """Up to four texts that end the output; they are not part of it."""
    stream: bool | None = False
    """Answer with server-sent events."""
    stream_options: StreamOptions | None = None
    """Only together with `stream`."""
    temperature: float | None = None
    """0 to 2; 0 is greedy. None means the model's default."""
    top_p: float | None = None
    """Sample among the likeliest tokens whose probabilities reach this sum; above 0, up to 1."""
    thinking_token_budget: int | None = None
    """vLLM: most tokens spent on reasoning; -1 is no limit."""
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
    prompt_logprobs: int | None = None
    """vLLM: log probabilities of the prompt's tokens, with this many likeliest ones; -1 is the vocabulary."""
    logprob_token_ids: list[int] | None = None
    """vLLM: list the log probabilities of exactly these ids at each position; needs `logprobs`."""
    allowed_token_ids: list[int] | None = None
    """vLLM: generate only these ids."""
    bad_words: list[str] = []
    """vLLM: texts that must not be generated."""
    structured_outputs: StructuredOutputsParams | None = None
    """vLLM: a constraint on the output."""
    priority: Int64 = 0
    """vLLM: lower runs earlier, where the server schedules by priority."""
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
    stream_interval: PositiveInt | None = None
    """vLLM: put this many tokens into one chunk."""
