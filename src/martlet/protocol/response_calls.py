"""Parameters of the calls of /v1/responses. The objects inside them are in `response_params`.

`ResponseCreateParams` holds every parameter of the official package and every request field of vLLM 0.32,
except `stream`. Parameters marked OpenAI are ignored by vLLM.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:  # a call needs the names of its parameters only, and those classes take a while to make
    from martlet.protocol.params import StructuredOutputsParam, XArgParam
    from martlet.protocol.response_params import (
        AccessPrograms,
        BackgroundOptions,
        CompactPromptCacheOptions,
        ContextManagement,
        Image,
        Moderation,
        PromptCacheOptions,
        Reasoning,
        ResponseConversationParamParam,
        ResponseIncludable,
        ResponseInputParam,
        ResponsePromptParam,
        ResponseTextConfigParam,
        StreamOptions,
        ToolChoice,
        ToolParam,
    )


class ResponseCreateParams(TypedDict, total=False):
    """Parameters of `responses.create`, beside `stream`."""

    access_programs: AccessPrograms
    """OpenAI: ask for special use of the model."""
    background: bool | None
    """Answer at once and make the response meanwhile; needs `store`."""
    background_options: BackgroundOptions
    """OpenAI: when a background response is to be done."""
    context_management: Iterable[ContextManagement] | None
    """OpenAI: when the server compacts the conversation."""
    conversation: str | ResponseConversationParamParam | None
    """The conversation to go on with; it gets the input and the output."""
    image: Image
    """OpenAI: how images in the input are treated."""
    include: list[ResponseIncludable] | None
    """What the reply carries besides."""
    input: str | ResponseInputParam
    """A text, or the items of the conversation. Items of an earlier response may stand here as they are."""
    instructions: str | None
    """The system's message; it is not taken over from an earlier response."""
    max_output_tokens: int | None
    """Most tokens to generate, reasoning included."""
    max_tool_calls: int | None
    """OpenAI: most calls of the server's own tools."""
    metadata: Mapping[str, str] | None
    """Up to 16 texts of your own, given back with the response."""
    model: str
    """A served name, as `models.list()` gives it."""
    moderation: Moderation | None
    """OpenAI: moderation of request and reply."""
    parallel_tool_calls: bool | None
    """False keeps the first tool call only."""
    previous_response_id: str | None
    """The response to go on from."""
    prompt: ResponsePromptParam | None
    """OpenAI: a prompt template that the server holds."""
    prompt_cache_key: str | None
    """OpenAI: requests with the same key share a cache. vLLM ignores it."""
    prompt_cache_options: PromptCacheOptions
    """OpenAI: how the prompt is cached."""
    prompt_cache_retention: Literal["in_memory", "24h"] | None
    """OpenAI: how long the prompt stays cached."""
    reasoning: Reasoning | None
    """How the model reasons."""
    safety_identifier: str | None
    """OpenAI: a stable id of the end user, best a hash."""
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"] | None
    """OpenAI: how the request is processed."""
    store: bool | None
    """Whether the server keeps the response; the default is true."""
    stream_options: StreamOptions | None
    """OpenAI: only together with `stream`."""
    temperature: float | None
    """0 to 2; 0 is greedy. None means the model's default."""
    text: ResponseTextConfigParam
    """The form of the output."""
    tool_choice: Literal["none", "auto", "required"] | ToolChoice
    """none, auto, required, or one tool."""
    tools: Iterable[ToolParam]
    """What the model may call."""
    top_logprobs: int | None
    """How many likeliest tokens to list per position; needs `include` of `message.output_text.logprobs`."""
    top_p: float | None
    """Sample among the likeliest tokens whose probabilities reach this sum; above 0, up to 1."""
    truncation: Literal["auto", "disabled"] | None
    """`auto` drops items from the beginning when the context is full; `disabled` fails."""
    user: str
    """OpenAI: an id of the end user."""
    top_k: int | None
    """vLLM: sample among this many likeliest tokens; 0 and -1 turn it off."""
    min_p: float | None
    """vLLM: drop tokens less likely than this share of the likeliest one's probability; 0 to 1."""
    presence_penalty: float | None
    """vLLM: -2 to 2: lowers the logit of every token that was generated at least once."""
    frequency_penalty: float | None
    """vLLM: -2 to 2: lowers a token's logit by this much for each time it was generated."""
    repetition_penalty: float | None
    """vLLM: divides the logits of tokens seen in prompt or output; above 1 discourages repetition."""
    seed: int | None
    """vLLM: makes sampling repeatable. -1 means unset."""
    stop: str | Sequence[str] | None
    """vLLM: up to four texts that end the output; they are not part of it."""
    stop_token_ids: Sequence[int] | None
    """vLLM: token ids that end the output."""
    ignore_eos: bool
    """vLLM: go on after the end token."""
    skip_special_tokens: bool
    """vLLM: leave special tokens out of the text."""
    include_stop_str_in_output: bool
    """vLLM: keep the stop text in the output."""
    logit_bias: Mapping[str, float] | None
    """vLLM: added to the logits of these token ids, -100 to 100."""
    structured_outputs: StructuredOutputsParam | None
    """vLLM: a constraint on the output; not together with a format in `text`."""
    include_reasoning: bool
    """vLLM: false leaves the reasoning out of the reply."""
    priority: int
    """vLLM: lower runs earlier, where the server schedules by priority."""
    request_id: str
    """vLLM: the reply's id; made up if it is left out."""
    session_id: str | None
    """vLLM: an id shared by related requests."""
    cache_salt: str | None
    """vLLM: prefixes are shared only among requests with the same salt."""
    chat_template_kwargs: Mapping[str, Any] | None
    """vLLM: more variables for the chat template."""
    media_io_kwargs: Mapping[str, Mapping[str, Any]] | None
    """vLLM: options for reading media, by modality."""
    mm_processor_kwargs: Mapping[str, Any] | None
    """vLLM: options for the model's media processor."""
    mm_payload: Literal["tensors", "none"]
    """vLLM, render endpoints: what the reply carries of media."""
    return_mm_kwargs: bool | None
    """vLLM: older form of `mm_payload`; false is `none`."""
    enable_response_messages: bool
    """vLLM: return prompt and output as messages."""
    previous_input_messages: Sequence[Mapping[str, Any]] | None
    """vLLM: messages to go on from, where the server keeps no responses."""
    watermarking: bool | None
    """vLLM: mark the output with the server's watermark."""
    kv_transfer_params: Mapping[str, Any] | None
    """vLLM: plumbing of disaggregated serving."""
    ec_transfer_params: Mapping[str, Any] | None
    """vLLM: plumbing of disaggregated encoders."""
    vllm_xargs: Mapping[str, XArgParam] | None
    """vLLM: arguments for the server's own extensions."""


class ResponseRetrieveParams(TypedDict, total=False):
    """Parameters of `responses.retrieve`, beside `stream`."""

    include: list[ResponseIncludable]
    """What the reply carries besides."""
    include_obfuscation: bool
    """OpenAI: pad the events so that their sizes tell nothing; for streams."""
    starting_after: int
    """Stream the events after this sequence number."""


class InputItemListParams(TypedDict, total=False):
    """Parameters of `responses.input_items.list`."""

    after: str
    """The id after which the page begins."""
    include: list[ResponseIncludable]
    """What the reply carries besides."""
    limit: int
    """Most entries of a page, 1 to 100."""
    order: Literal["asc", "desc"]
    """By place in the input; the default is desc."""


class InputTokenCountParams(TypedDict, total=False):
    """Parameters of `responses.input_tokens.count`."""

    conversation: str | ResponseConversationParamParam | None
    """The conversation to go on with; it gets the input and the output."""
    input: str | ResponseInputParam | None
    """A text, or the items of the conversation. Items of an earlier response may stand here as they are."""
    instructions: str | None
    """The system's message; it is not taken over from an earlier response."""
    model: str | None
    """A served name, as `models.list()` gives it."""
    parallel_tool_calls: bool | None
    """False keeps the first tool call only."""
    personality: str | Literal["friendly", "pragmatic"]
    """OpenAI: the tone of the answer."""
    previous_response_id: str | None
    """The response to go on from."""
    reasoning: Reasoning | None
    """How the model reasons."""
    text: ResponseTextConfigParam | None
    """The form of the output."""
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None
    """none, auto, required, or one tool."""
    tools: Iterable[ToolParam] | None
    """What the model may call."""
    truncation: Literal["auto", "disabled"]
    """`auto` drops items from the beginning when the context is full; `disabled` fails."""


class _ResponseCompactRequired(TypedDict):
    model: str | None
    """A served name, as `models.list()` gives it."""


class ResponseCompactParams(_ResponseCompactRequired, total=False):
    """Parameters of `responses.compact`."""

    image: Image
    """OpenAI: how images in the input are treated."""
    input: str | ResponseInputParam | None
    """A text, or the items of the conversation. Items of an earlier response may stand here as they are."""
    instructions: str | None
    """The system's message; it is not taken over from an earlier response."""
    previous_response_id: str | None
    """The response to go on from."""
    prompt_cache_key: str | None
    """OpenAI: requests with the same key share a cache. vLLM ignores it."""
    prompt_cache_options: CompactPromptCacheOptions | None
    """OpenAI: how the prompt is cached."""
    prompt_cache_retention: Literal["in_memory", "24h"] | None
    """OpenAI: how long the prompt stays cached."""
    service_tier: Literal["auto", "default", "fast", "flex", "priority"] | None
    """OpenAI: how the request is processed."""
