"""/v1/chat/completions: request, reply, streamed chunks.

Field order is the key order of vLLM 0.32, so an encoded reply has its bytes. A server passes ABSENT for keys
that vLLM leaves out: `tool_calls` of a message without any; in chunks, everything that was not set.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from martlet.protocol.base import LazyField, WireModel
from martlet.protocol.common import (
    CompletionUsage,
    FinishReason,
    Messages,
    PerRequestMetrics,
    PromptLogprobs,
    ServiceTier,
    check_messages,
)
from martlet.protocol.deferred import Deferred, defer
from martlet.protocol.generation import GenerationRequest
from martlet.protocol.twins import OtherName, join_names

# --- request ----------------------------------------------------------------------------------------


class FunctionDefinition(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A function that the model may call."""

    name: str
    description: str | None = None
    """What it does and when to call it, for the model to read."""
    parameters: dict[str, Any] | None = None
    """JSON schema of its arguments."""
    strict: bool | None = None
    """Hold the arguments to the schema."""
    defer_loading: bool | None = None
    """vLLM: keep the definition out of the prompt until it is searched for."""


class ChatCompletionToolsParam(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A tool of a request; vLLM knows functions only."""

    type: Literal["function"] = "function"
    function: FunctionDefinition
    defer_loading: bool | None = None
    """vLLM: as in the function."""


class ChatCompletionNamedFunction(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The function that must be called."""

    name: str | None = None
    """Required; its absence is for the server to report."""


class ChatCompletionNamedToolChoiceParam(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A tool choice that names one function."""

    type: str = "function"
    function: ChatCompletionNamedFunction | None = None


class ChatCompletionRequest(GenerationRequest, kw_only=True, omit_defaults=True):
    """Body of POST /v1/chat/completions."""

    messages: Messages | None
    """The conversation so far. Null decodes, for the server to refuse."""
    logprobs: bool | None = False
    """Return the log probability of each generated token."""
    top_logprobs: int | None = 0
    """With `logprobs`: how many likeliest tokens to list per position; -1 lists the vocabulary."""
    max_tokens: int | None = None
    """Older name of `max_completion_tokens`, which wins."""
    max_completion_tokens: int | None = None
    """Most tokens to generate; None means the rest of the context."""
    n: int | None = 1
    """How many choices to generate."""
    tools: list[ChatCompletionToolsParam] | None = None
    """Functions that the model may call."""
    tool_choice: str | ChatCompletionNamedToolChoiceParam | UnsetType | None = UNSET
    """none, auto, required, or one function. Unset means auto if there are tools; null means none."""
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    """How much to reason; handed to the chat template."""
    include_reasoning: bool = True
    """vLLM: false leaves the reasoning out of the reply."""
    parallel_tool_calls: bool | None = True
    """False keeps the first tool call only."""
    echo: bool = False
    """vLLM: put the last message's text before the output if it has the reply's role."""
    add_generation_prompt: bool = True
    """vLLM: end the prompt with the opening of an assistant message."""
    continue_final_message: bool = False
    """vLLM: leave the last message open for the model to go on; needs `add_generation_prompt` false."""
    add_special_tokens: bool = False
    """vLLM: add the tokenizer's own special tokens to what the chat template wrote."""
    documents: list[dict[str, str]] | None = None
    """vLLM: documents for a chat template that knows of them."""
    chat_template: str | None = None
    """vLLM: a Jinja template to use instead of the model's; needs the server's consent."""
    chat_template_kwargs: dict[str, Any] | None = None
    """vLLM: more variables for the chat template."""
    media_io_kwargs: dict[str, dict[str, Any]] | None = None
    """vLLM: options for reading media, by modality."""
    mm_processor_kwargs: dict[str, Any] | None = None
    """vLLM: options for the model's media processor."""
    request_id: str | None = None
    """vLLM: the reply's id is `chatcmpl-` and this; made up if None."""
    return_prompt_text: bool | None = None
    """vLLM: return the prompt as the chat template wrote it."""

    def __post_init__(self) -> None:
        check_messages(self.messages)


# --- pieces of replies ------------------------------------------------------------------------------


class TopLogprob(WireModel, kw_only=True, forbid_unknown_fields=True):
    """One of the likeliest tokens at a position."""

    token: str
    logprob: float
    """Natural logarithm; -9999.0 stands for minus infinity."""
    bytes: Deferred[list[int] | None] = None
    """The token's UTF-8 bytes, also where they are part of a character."""


class ChatCompletionTokenLogprob(TopLogprob, kw_only=True, forbid_unknown_fields=True):
    """A generated token and its likeliest rivals."""

    top_logprobs: Deferred[list[TopLogprob]] = msgspec.field(default_factory=list)
    """The sampled token first, then the likeliest ones."""


class ChoiceLogprobs(WireModel, kw_only=True):
    """Log probabilities of a choice, or of a chunk's part of it."""

    content: list[ChatCompletionTokenLogprob] | None = None
    """One entry per token of the content."""

    refusal = LazyField(list[ChatCompletionTokenLogprob])
    """OpenAI: one entry per token of the refusal."""


class Function(WireModel, kw_only=True):
    """A function call that the model wrote."""

    name: str
    arguments: str
    """JSON text as the model wrote it: it may be invalid."""


class FunctionCall(WireModel, kw_only=True):
    """OpenAI's older form of a tool call."""

    name: str
    arguments: str
    """JSON text as the model wrote it: it may be invalid."""


class Custom(WireModel, kw_only=True):
    """OpenAI: a call of a tool that takes free text."""

    name: str
    input: str


class ChatCompletionMessageToolCall(WireModel, kw_only=True):
    """A tool call."""

    id: str
    """To be repeated in the tool message that answers it."""
    type: Literal["function", "custom"] | str = "function"
    function: Function

    custom = LazyField(Custom)
    """OpenAI: the call, if `type` is `custom`."""


ChatCompletionMessageFunctionToolCall = ChatCompletionMessageToolCall


class ChatCompletionMessageCustomToolCall(ChatCompletionMessageToolCall, kw_only=True):
    """OpenAI: a call of a tool that takes free text; `function` is None."""


ChatCompletionMessageToolCall._variants = {"custom": ChatCompletionMessageCustomToolCall}


class AnnotationURLCitation(WireModel, kw_only=True):
    """OpenAI: a web page that a part of the content rests on."""

    end_index: int
    start_index: int
    """Span in the content, in characters."""
    title: str
    url: str


class Annotation(WireModel, kw_only=True):
    """OpenAI: a remark on a part of the content."""

    type: Literal["url_citation"] | str
    url_citation: AnnotationURLCitation


class ChatCompletionAudio(WireModel, kw_only=True):
    """OpenAI: spoken output."""

    id: str
    """To refer to it in a later request."""
    data: str
    """Base64 in the format that was asked for."""
    expires_at: int
    """Unix time in seconds until which the id is good."""
    transcript: str


# --- reply ------------------------------------------------------------------------------------------


class ChatCompletionMessage(WireModel, kw_only=True):
    """The message that the model wrote."""

    role: Literal["assistant"] | str
    content: str | None = None
    """None if the model only called tools, or only reasoned."""
    refusal: str | None = None
    """OpenAI: why the model would not answer."""
    annotations: list[Annotation] | None = None
    """OpenAI: sources of the content."""
    audio: ChatCompletionAudio | None = None
    """OpenAI: spoken output."""
    function_call: FunctionCall | None = None
    """OpenAI's older form of `tool_calls`."""
    tool_calls: list[ChatCompletionMessageToolCall] | None = None
    """Calls that the model asks for."""
    reasoning: str | None = None
    """vLLM: what the model thought before it answered."""

    reasoning_content = OtherName(str, "reasoning")
    """The name of `reasoning` in older vLLM and in other servers."""


class ModerationResult(WireModel, kw_only=True):
    """OpenAI: the verdict on one text or image."""

    categories: dict[str, bool]
    category_applied_input_types: dict[str, list[str]]
    category_scores: dict[str, float]
    flagged: bool
    model: str
    type: Literal["moderation_result"] | str


class ModerationResults(WireModel, kw_only=True):
    """OpenAI: verdicts, or `code` and `message` if `type` is `error`."""

    type: Literal["moderation_results", "error"] | str
    model: str | None = None
    results: list[ModerationResult] | None = None
    code: str | None = None
    message: str | None = None


class Moderation(WireModel, kw_only=True):
    """OpenAI: moderation of the request and of the reply."""

    input: ModerationResults
    output: ModerationResults


class Choice(WireModel, kw_only=True):
    """One of the answers."""

    index: int
    message: ChatCompletionMessage
    logprobs: ChoiceLogprobs | None = None
    finish_reason: FinishReason | None = None
    """stop, length, tool_calls, ...; None where a stream was cut before its end."""
    stop_reason: int | str | None = None
    """vLLM: the stop text or stop token id that ended it; None for the end token."""
    token_ids: list[int] | None = None
    """vLLM, with `return_token_ids`: the generated ids, the hidden end token included."""
    routed_experts: str | None = None
    """vLLM: the experts that each token went through, as a base64 NumPy array."""


class ChatCompletion(WireModel, kw_only=True):
    """The reply of POST /v1/chat/completions."""

    id: str
    """`chatcmpl-` and the request's id."""
    object: Literal["chat.completion"] | str = "chat.completion"
    created: int
    """Unix time in seconds."""
    model: str
    """The served name; vLLM gives its first, whichever was asked for."""
    choices: list[Choice]
    service_tier: ServiceTier | None = None
    """OpenAI: how the request was processed."""
    system_fingerprint: str | None = None
    """Names the server's software and settings."""
    usage: CompletionUsage | None = None
    prompt_logprobs: PromptLogprobs | None = None
    """vLLM, with `prompt_logprobs`."""
    prompt_token_ids: list[int] | None = None
    """vLLM, with `return_token_ids`."""
    prompt_text: str | None = None
    """vLLM, with `return_prompt_text`."""
    kv_transfer_params: dict[str, Any] | None = None
    """vLLM: plumbing of disaggregated serving."""
    ec_transfer_params: dict[str, Any] | None = None
    """vLLM: plumbing of disaggregated encoders."""
    metrics: PerRequestMetrics | None = None
    """vLLM with `--enable-per-request-metrics`."""

    metadata = LazyField(dict[str, str])
    """OpenAI: what the request gave as `metadata`."""
    moderation = LazyField(Moderation)
    """OpenAI: verdicts, if asked for."""


# --- stream -----------------------------------------------------------------------------------------


class ChoiceDeltaFunctionCall(WireModel, kw_only=True):
    """OpenAI's older form of a tool call's part."""

    name: str | None = None
    arguments: str | None = None


class ChoiceDeltaToolCallFunction(WireModel, kw_only=True):
    """Part of a function call: first the whole name, then pieces of the arguments."""

    name: str | None = None
    arguments: str | None = None
    """The next piece of the JSON text; it may be cut anywhere."""


class ChoiceDeltaToolCall(WireModel, kw_only=True):
    """Part of a tool call. `index` tells which; id, type and name come on its first part only."""

    id: str | None = None
    type: Literal["function"] | str | None = None
    index: int
    function: ChoiceDeltaToolCallFunction | None = None


class ChoiceDeltaAudio(WireModel, kw_only=True):
    """OpenAI: part of spoken output."""

    id: str | None = None
    data: str | None = None
    expires_at: int | None = None
    transcript: str | None = None


class ChoiceDelta(WireModel, kw_only=True):
    """What a chunk adds to a choice's message."""

    role: Literal["developer", "system", "user", "assistant", "tool"] | str | None = None
    """On the first chunk of each choice."""
    content: str | None = None
    """The next piece of text; it may be empty."""
    reasoning: str | None = None
    """vLLM: the next piece of reasoning."""
    tool_calls: list[ChoiceDeltaToolCall] | None = None

    refusal = LazyField(str)
    """OpenAI: the next piece of a refusal."""
    function_call = LazyField(ChoiceDeltaFunctionCall)
    """OpenAI's older form of `tool_calls`."""
    audio = LazyField(ChoiceDeltaAudio)
    """OpenAI: the next piece of spoken output."""
    reasoning_content = OtherName(str, "reasoning")
    """The name of `reasoning` in older vLLM and in other servers."""


class ChunkChoice(WireModel, kw_only=True):
    """A chunk's part of one choice."""

    index: int
    delta: ChoiceDelta
    logprobs: ChoiceLogprobs | None = None
    finish_reason: FinishReason | None = None
    """Set once per choice, on its last chunk, which may still carry text."""
    stop_reason: int | str | None = None
    """vLLM: as in the reply; on the last chunk."""
    token_ids: list[int] | None = None
    """vLLM, with `return_token_ids`: this chunk's ids."""


class ChatCompletionChunk(WireModel, kw_only=True):
    """One streamed piece of the reply of POST /v1/chat/completions."""

    id: str
    """The same on all chunks of a reply."""
    object: Literal["chat.completion.chunk"] | str = "chat.completion.chunk"
    created: int
    """Unix time in seconds; the same on all chunks of a reply."""
    model: str
    choices: list[ChunkChoice]
    """Empty on the chunk that carries the usage."""
    usage: CompletionUsage | None = None
    """With `include_usage` on the last chunk; with `continuous_usage_stats` on every one."""
    prompt_token_ids: list[int] | None = None
    """vLLM, with `return_token_ids`: on the first chunk."""
    prompt_text: str | None = None
    """vLLM, with `return_prompt_text`: on the first chunk."""
    system_fingerprint: str | None = None
    """Names the server's software and settings; vLLM sends it on the last chunk."""
    metrics: PerRequestMetrics | None = None
    """vLLM with `--enable-per-request-metrics`: on the usage chunk."""

    service_tier = LazyField(str)
    """OpenAI: how the request was processed."""
    moderation = LazyField(Moderation)
    """OpenAI: verdicts, if asked for."""
    obfuscation = LazyField(str)
    """OpenAI: padding that hides the chunk's size."""


defer(TopLogprob, "bytes")
defer(ChatCompletionTokenLogprob, "top_logprobs")
join_names(ChatCompletionMessage)
join_names(ChoiceDelta)
