"""/v1/messages, Anthropic's API as vLLM 0.32 serves it: requests, replies, streamed events.

Replies leave out what is null. Blocks of a request are one Struct with every kind's fields, as in vLLM.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from martlet.protocol.common import PositiveInt, StopStrings, XArg

# --- requests -------------------------------------------------------------------------------------------


class ContentBlock(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A part of a message."""

    type: Literal[
        "text",
        "image",
        "tool_use",
        "tool_result",
        "tool_reference",
        "thinking",
        "redacted_thinking",
        "tool_addition",
        "tool_removal",
    ]
    text: str | None = None
    source: dict[str, Any] | None = None
    """Of an image."""
    id: str | None = None
    """Of a tool use."""
    tool_use_id: str | None = None
    """Of a tool result: the use that it answers."""
    name: str | None = None
    input: dict[str, Any] | None = None
    content: str | list[dict[str, Any]] | None = None
    """Of a tool result."""
    is_error: bool | None = None
    tool_name: str | None = None
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None


class InputMessage(msgspec.Struct, kw_only=True):
    """A message of the conversation."""

    role: Literal["user", "assistant", "system"]
    content: str | list[ContentBlock]


class ToolParam(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A tool that the model may use."""

    name: str
    input_schema: dict[str, Any]
    description: str | None = None
    strict: bool | None = None
    defer_loading: bool | None = None


class ToolChoiceParam(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Whether tools are used, and which."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class ThinkingParam(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Whether the model thinks before it answers."""

    type: Literal["enabled", "disabled", "adaptive"]
    budget_tokens: Annotated[int, Meta(ge=1024)] | None = None
    display: Literal["summarized", "omitted", "updates"] | None = None


class JSONOutputFormat(msgspec.Struct, kw_only=True, omit_defaults=True):
    """JSON that follows a schema."""

    type: Literal["json_schema"] = "json_schema"
    schema: dict[str, Any] | None = None


class OutputConfig(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The form of the output, and how much work to put into it."""

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: JSONOutputFormat | None = None


class CountTokensRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /v1/messages/count_tokens."""

    model: str
    messages: list[InputMessage]
    system: str | list[ContentBlock] | None = None
    tools: list[ToolParam] | None = None
    tool_choice: ToolChoiceParam | None = None
    thinking: ThinkingParam | None = None
    output_config: OutputConfig | None = None
    chat_template_kwargs: dict[str, Any] | None = None


class MessagesRequest(CountTokensRequest, kw_only=True, omit_defaults=True):
    """Body of POST /v1/messages."""

    max_tokens: PositiveInt
    metadata: dict[str, Any] | None = None
    stop_sequences: StopStrings | None = None
    stream: bool | None = False
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    cache_salt: str | None = None
    watermarking: bool | None = None
    kv_transfer_params: dict[str, Any] | None = None
    ec_transfer_params: dict[str, Any] | None = None
    vllm_xargs: dict[str, XArg] | None = None

    def __post_init__(self) -> None:
        thinking = self.thinking
        if thinking is None or thinking.type != "enabled" or thinking.budget_tokens is None:
            return
        if thinking.budget_tokens >= self.max_tokens:
            raise ValueError("thinking.budget_tokens must be less than max_tokens")


# --- replies --------------------------------------------------------------------------------------------


class TextBlock(msgspec.Struct, kw_only=True, tag_field="type", tag="text"):
    """Text that the model wrote."""

    text: str


class ThinkingBlock(msgspec.Struct, kw_only=True, tag_field="type", tag="thinking"):
    """What the model thought."""

    thinking: str
    signature: str | UnsetType = UNSET
    """Comes at the end of the thought."""


class ToolUseBlock(msgspec.Struct, kw_only=True, tag_field="type", tag="tool_use"):
    """A tool that the model wants to be used."""

    id: str
    name: str
    input: dict[str, Any]


OutputBlock = TextBlock | ThinkingBlock | ToolUseBlock
StopReason = Literal["end_turn", "max_tokens", "stop_sequence", "tool_use"]


class Usage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Tokens of a request."""

    input_tokens: int
    output_tokens: int
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class Message(msgspec.Struct, kw_only=True):
    """The reply of POST /v1/messages."""

    id: str
    type: Literal["message"] = "message"
    role: Literal["assistant"] = "assistant"
    content: list[OutputBlock]
    model: str
    stop_reason: StopReason | UnsetType | None = UNSET
    """Null at the beginning of a stream."""
    stop_sequence: str | UnsetType | None = UNSET
    usage: Usage


class ContextManagement(msgspec.Struct, kw_only=True):
    """What the context was before anything was left out: nothing ever is."""

    original_input_tokens: int


class CountTokensReply(msgspec.Struct, kw_only=True):
    """The reply of POST /v1/messages/count_tokens."""

    input_tokens: int
    context_management: ContextManagement


class MessagesError(msgspec.Struct, kw_only=True):
    """What went wrong."""

    type: str
    message: str


class MessagesErrorReply(msgspec.Struct, kw_only=True, tag_field="type", tag="error"):
    """Body of an error of these endpoints, and an event of their streams."""

    error: MessagesError


# --- stream ---------------------------------------------------------------------------------------------


class MessageStart(msgspec.Struct, kw_only=True, tag_field="type", tag="message_start"):
    """The message begins."""

    message: Message


class ContentBlockStart(msgspec.Struct, kw_only=True, tag_field="type", tag="content_block_start"):
    """A block begins."""

    content_block: OutputBlock
    index: int


class TextDelta(msgspec.Struct, kw_only=True, tag_field="type", tag="text_delta"):
    """The next piece of text."""

    text: str


class ThinkingDelta(msgspec.Struct, kw_only=True, tag_field="type", tag="thinking_delta"):
    """The next piece of thought."""

    thinking: str


class SignatureDelta(msgspec.Struct, kw_only=True, tag_field="type", tag="signature_delta"):
    """The signature of the thought, at its end."""

    signature: str


class InputJSONDelta(msgspec.Struct, kw_only=True, tag_field="type", tag="input_json_delta"):
    """The next piece of a tool's input."""

    partial_json: str


class ContentBlockDelta(msgspec.Struct, kw_only=True, tag_field="type", tag="content_block_delta"):
    """The next piece of a block."""

    delta: TextDelta | ThinkingDelta | SignatureDelta | InputJSONDelta
    index: int


class ContentBlockStop(msgspec.Struct, kw_only=True, tag_field="type", tag="content_block_stop"):
    """A block is complete."""

    index: int


class StopDelta(msgspec.Struct, kw_only=True):
    """How the message ended."""

    stop_reason: StopReason
    stop_sequence: str | None


class MessageDelta(msgspec.Struct, kw_only=True, tag_field="type", tag="message_delta"):
    """How the message ended, and what it took."""

    delta: StopDelta
    usage: Usage


class MessageStop(msgspec.Struct, kw_only=True, tag_field="type", tag="message_stop"):
    """The message is complete."""


MessagesEvent = (
    MessageStart
    | ContentBlockStart
    | ContentBlockDelta
    | ContentBlockStop
    | MessageDelta
    | MessageStop
    | MessagesErrorReply
)


def kind_of(event: MessagesEvent) -> str:
    """Return the name of an event."""
    return str(event.__struct_config__.tag)
