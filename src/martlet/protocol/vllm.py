"""What vLLM offers beside the model APIs: load, LoRA adapters, sleep, caches. Most of it only in dev mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

from martlet.protocol.base import WireModel
from martlet.protocol.params import (
    ChatTemplateParams,
    MessageInput,
    ResponseFormatParam,
    StructuredOutputsParam,
)

# --- replies ----------------------------------------------------------------------------------------


class ServerLoad(WireModel, kw_only=True):
    """The reply of GET /load."""

    server_load: int
    """Requests under way; counted only with `--enable-server-load-tracking`."""


class SleepState(WireModel, kw_only=True):
    """The reply of GET /is_sleeping."""

    is_sleeping: bool


class PauseState(WireModel, kw_only=True):
    """The reply of GET /is_paused."""

    is_paused: bool


class CacheReset(WireModel, kw_only=True):
    """The reply of POST /reset_prefix_cache."""

    success: bool
    """False while requests still hold blocks."""


class AbortedRequests(WireModel, kw_only=True):
    """The reply of POST /abort_requests."""

    status: str
    aborted: int
    """How many."""


# --- calls ------------------------------------------------------------------------------------------


class _ChatBatchRequired(TypedDict):
    messages: Iterable[Iterable[MessageInput]]
    """The conversations."""


class ChatBatchParams(_ChatBatchRequired, ChatTemplateParams, total=False):
    """Parameters of a call of /v1/chat/completions/batch: some of a chat completion's, the same for all.

    Those that it has not, vLLM would ignore: tools, streams, `min_tokens`, `stop_token_ids` and more.
    """

    model: str | None
    """A served name; None means the first one."""
    max_completion_tokens: int | None
    """At most this many tokens for each answer."""
    max_tokens: int | None
    """The older name of `max_completion_tokens`."""
    temperature: float | None
    """0 to 2; 0 is greedy. None means the model's default."""
    top_p: float | None
    """Sample among the likeliest tokens whose probabilities reach this sum; above 0, up to 1."""
    top_k: int | None
    """Sample among this many likeliest tokens; 0 and -1 turn it off."""
    min_p: float | None
    """Drop tokens less likely than this share of the likeliest one's probability; 0 to 1."""
    seed: int | None
    """Makes sampling repeatable."""
    stop: str | Sequence[str] | None
    """Up to four texts that end an answer; they are not part of it."""
    include_stop_str_in_output: bool
    """Keep the stop text in the answer."""
    frequency_penalty: float | None
    """-2 to 2: lowers a token's logit by this much for each time it was generated."""
    presence_penalty: float | None
    """-2 to 2: lowers the logit of every token that was generated at least once."""
    repetition_penalty: float | None
    """Divides the logits of tokens seen in prompt or output; above 1 discourages repetition."""
    logit_bias: Mapping[str, float] | None
    """Added to the logits of these token ids, -100 to 100."""
    logprobs: bool | None
    """Return the log probabilities of the tokens."""
    top_logprobs: int | None
    """And those of this many likelier ones at each place."""
    logprob_token_ids: Sequence[int] | None
    """And those of these tokens."""
    return_tokens_as_token_ids: bool | None
    """With `logprobs`, write tokens as `token_id:` and the id."""
    return_token_ids: bool | None
    """Return the token ids of prompts and answers beside the texts."""
    response_format: ResponseFormatParam | None
    """A constraint on each answer, such as a JSON schema."""
    structured_outputs: StructuredOutputsParam | None
    """The same in vLLM's own form."""
    include_reasoning: bool
    """Return reasoning apart from the answer; the default is true."""
    tool_choice: Literal["none"] | None
    """There are no tools here."""
    n: int | None
    """1: each conversation has one answer."""
    best_of: int | None
    """1, as `n`."""
    use_beam_search: bool
    """Refused."""
    early_stopping: bool
    """Of beam search."""
    length_penalty: float | None
    """Of beam search."""
    watermarking: bool | None
    """Mark the answers with the server's watermark."""
    echo: bool
    """Put the last message before its answer."""
    mm_processor_kwargs: Mapping[str, Any] | None
    """Options for the model's media processor."""
    guided_decoding_backend: str | None
    """Ignored: the server chooses."""
    request_id: str | None
    """The reply's id is made from it."""
    priority: int
    """Lower runs earlier, where the server schedules by priority."""
    cache_salt: str | None
    """Prefixes are shared only among requests with the same salt."""
    user: str | None
    """An id of the end user. Ignored."""


class _GenerativeScoringRequired(TypedDict):
    query: str | Sequence[int]
    """A text or its token ids."""
    items: Sequence[str] | Sequence[Sequence[int]]
    """Texts, or the token ids of each."""
    label_token_ids: Sequence[int]
    """The tokens whose likelihoods are compared; the first is the score."""


class GenerativeScoringParams(_GenerativeScoringRequired, total=False):
    """Parameters of a call of /generative_scoring."""

    model: str | None
    """A served name; None means the first one."""
    apply_softmax: bool
    """Among the labels only, which is the default, or in the whole vocabulary."""
    item_first: bool
    """Put each item before the query, not behind it."""
    add_special_tokens: bool
    """Add the tokenizer's own special tokens; the default is true."""
    cache_salt: str | None
    """Prefixes are shared only among requests with the same salt."""
    priority: int
    """Lower runs earlier, where the server schedules by priority."""
    request_id: str
    """The reply's id is made from it."""


class AbortRequestsParams(TypedDict, total=False):
    """Parameters of a call of /abort_requests."""

    request_ids: Sequence[str]
    """Ids that the requests were given; without it, all."""


class TokenizeParams(ChatTemplateParams, total=False):
    """Parameters of a call of /tokenize: a `prompt` or `messages`.

    `tools` and what concerns the chat template or media go with messages.
    """

    model: str | None
    """A served name; None means the first one."""
    prompt: str
    """Text to tokenize."""
    messages: Iterable[MessageInput]
    """A conversation to render with the chat template and tokenize."""
    add_special_tokens: bool
    """Add the tokenizer's own special tokens; the default is true for a prompt, false for messages."""
    return_token_strs: bool | None
    """Return each token's text too."""
    tools: Iterable[Mapping[str, Any]] | None
    """Functions that the chat template is told of."""
    mm_processor_kwargs: Mapping[str, Any] | None
    """Options for the model's media processor."""


class _DetokenizeRequired(TypedDict):
    tokens: Sequence[int]
    """Token ids; one that the vocabulary lacks gives no text."""


class DetokenizeParams(_DetokenizeRequired, total=False):
    """Parameters of a call of /detokenize."""

    model: str | None
    """A served name; None means the first one."""


class _LoadLoRARequired(TypedDict):
    lora_name: str
    """The name to ask for the adapter by."""
    lora_path: str
    """A folder that the server can read, or a hub id."""


class LoadLoRAParams(_LoadLoRARequired, total=False):
    """Parameters of a call of /v1/load_lora_adapter."""

    load_inplace: bool
    """Replace an adapter of this name while it is in use."""
    is_3d_lora_weight: bool
    """The weights of all experts are one tensor."""


class _UnloadLoRARequired(TypedDict):
    lora_name: str
    """The adapter's name."""


class UnloadLoRAParams(_UnloadLoRARequired, total=False):
    """Parameters of a call of /v1/unload_lora_adapter."""

    lora_int_id: int | None
    """Its number, where the name is not enough."""


RunningRequests = Literal["abort", "wait", "keep"]
"""What becomes of requests under way: ended at once, waited for, or held until the engine goes on."""


class SleepParams(TypedDict, total=False):
    """Parameters of a call of /sleep."""

    level: Literal[0, 1, 2]
    """0 only stops scheduling, 1 moves weights to the host's memory and drops the cache, 2 drops both."""
    mode: RunningRequests
    """What becomes of requests under way."""


class PauseParams(TypedDict, total=False):
    """Parameters of a call of /pause."""

    mode: RunningRequests
    """What becomes of requests under way."""
    clear_cache: bool
    """Drop the cache of prefixes; the default is true."""


class ResetPrefixCacheParams(TypedDict, total=False):
    """Parameters of a call of /reset_prefix_cache."""

    reset_running_requests: bool
    """Preempt the requests that hold blocks."""
    reset_external: bool
    """Drop the cache that a connector keeps too."""


class ServerInfoParams(TypedDict, total=False):
    """Parameters of a call of /server_info."""

    config_format: Literal["text", "json"]
    """How the configuration is written; the default is text."""


class _CollectiveRPCRequired(TypedDict):
    method: str
    """What to call on every worker."""


class CollectiveRPCParams(_CollectiveRPCRequired, total=False):
    """Parameters of a call of /collective_rpc."""

    args: Sequence[Any]
    kwargs: Mapping[str, Any]
