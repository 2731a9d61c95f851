"""The body of POST /v1/responses, as a server reads it.

Items, tools and choices stay plain: clients send more kinds of them than any server knows, and which ones
are taken is the server's to say. The client's callers use `response_calls` instead.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from martlet.protocol.common import Int64, StopStrings, StructuredOutputsParams, XArg

Penalty = Annotated[float, Meta(ge=-2, le=2)]
Includable = Literal[
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
]


class ReasoningOptions(msgspec.Struct, kw_only=True, omit_defaults=True):
    """How the model reasons."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: str | None = None
    generate_summary: str | None = None


class TextFormat(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The form that the text must take."""

    type: Literal["text", "json_object", "json_schema"]
    name: str | None = None
    schema: dict[str, Any] | None = None
    description: str | None = None
    strict: bool | None = None


class TextOptions(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The form of the text."""

    format: TextFormat | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class ResponsesRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /v1/responses."""

    input: str | list[dict[str, Any]]
    """A text, or the items of the conversation."""
    background: bool | None = False
    """Answer at once and make the response meanwhile; needs `store`."""
    conversation: str | dict[str, Any] | None = None
    """OpenAI: a conversation that the server holds."""
    include: list[Includable] | None = None
    """What the reply carries besides."""
    instructions: str | None = None
    """The system's message; it is not taken over from an earlier response."""
    max_output_tokens: int | None = None
    """Most tokens to generate, reasoning included."""
    max_tool_calls: int | None = None
    """OpenAI: most calls of the server's own tools."""
    metadata: dict[str, str] | None = None
    """Up to 16 texts of the caller's own, given back with the response."""
    model: str | None = None
    """A served name; None or "" means the first one."""
    parallel_tool_calls: bool | None = True
    """False keeps the first tool call only."""
    previous_response_id: str | None = None
    """The response to go on from."""
    prompt: dict[str, Any] | None = None
    """OpenAI: a prompt template that the server holds."""
    prompt_cache_key: str | None = None
    """OpenAI: requests with the same key share a cache."""
    prompt_cache_retention: str | None = None
    """OpenAI: how long the prompt stays cached."""
    reasoning: ReasoningOptions | None = None
    """How the model reasons."""
    safety_identifier: str | None = None
    """OpenAI: a stable id of the end user."""
    service_tier: str | None = "auto"
    """OpenAI: how the request is processed."""
    store: bool | None = True
    """Whether the server keeps the response."""
    stream: bool | None = False
    """Answer with server-sent events."""
    stream_options: dict[str, Any] | None = None
    """OpenAI: only together with `stream`."""
    temperature: float | None = None
    """0 to 2; 0 is greedy. None means the model's default."""
    text: TextOptions | None = None
    """The form of the output."""
    tool_choice: str | dict[str, Any] | None = "auto"
    """none, auto, required, or one tool."""
    tools: list[dict[str, Any]] | None = None
    """What the model may call."""
    top_logprobs: int | None = 0
    """How many likeliest tokens to list per position; needs `include` of `message.output_text.logprobs`."""
    top_p: float | None = None
    """Sample among the likeliest tokens whose probabilities reach this sum; above 0, up to 1."""
    truncation: Literal["auto", "disabled"] | None = "disabled"
    """`auto` drops turns from the beginning when the context is full; `disabled` fails."""
    user: str | None = None
    """OpenAI: an id of the end user."""

    top_k: int | None = None
    min_p: float | None = None
    logit_bias: dict[str, float] | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    repetition_penalty: float | None = None
    seed: Int64 | None = None
    stop: str | StopStrings | None = None
    stop_token_ids: list[int] | None = None
    ignore_eos: bool = False
    skip_special_tokens: bool = True
    include_stop_str_in_output: bool = False
    structured_outputs: StructuredOutputsParams | None = None
    """vLLM: a constraint on the output; not together with `text.format`."""
    priority: Int64 = 0
    cache_salt: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    """vLLM: the response's id; made up if None."""
    watermarking: bool | None = None
    chat_template_kwargs: dict[str, Any] | None = None
    media_io_kwargs: dict[str, dict[str, Any]] | None = None
    mm_processor_kwargs: dict[str, Any] | None = None
    include_reasoning: bool = True
    """vLLM: false leaves the reasoning out of the reply."""
    enable_response_messages: bool = False
    """vLLM: return prompt and output as messages, too."""
    previous_input_messages: list[dict[str, Any]] | None = None
    vllm_xargs: dict[str, XArg] | None = None
    kv_transfer_params: dict[str, Any] | None = None
    ec_transfer_params: dict[str, Any] | None = None
