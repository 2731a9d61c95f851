"""/v1/responses: replies. Beside it: `response_items`, `_tools`, `_events`, `_params`.

Field order is the official one, which vLLM 0.32 keeps.
"""

from __future__ import annotations

from typing import Any, Literal

from martlet.protocol.base import OneOf, WireModel
from martlet.protocol.response_items import (
    ResponseFormatTextConfig,
    ResponseInputContent,
    ResponseInputItem,
    ResponseItem,
    ResponseOutputItem,
)
from martlet.protocol.response_tools import (
    Tool,
    ToolChoice,
)

ResponseStatus = Literal["completed", "failed", "in_progress", "cancelled", "queued", "incomplete"] | str
ServiceTier = Literal["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"] | str

# --- parts of a response ----------------------------------------------------------------------------


class AccessPrograms(WireModel, kw_only=True):
    """What special use of the model was granted."""

    cyber: Literal["standard", "daybreak_blue", "daybreak_red"] | str


class MisalignmentSteer(WireModel, kw_only=True):
    """What to tell the model so that it gets back on course."""

    message: str


class Misalignment(WireModel, kw_only=True):
    """Why the server held the model to be acting against its user."""

    detailed_explanation: str | None = None
    error_type: str | None = None
    review_target: str | None = None
    steer: MisalignmentSteer | None = None


class ResponseError(WireModel, kw_only=True):
    """Why a response failed."""

    code: (
        Literal[
            "server_error",
            "rate_limit_exceeded",
            "invalid_prompt",
            "data_residency_mismatch",
            "bio_policy",
            "misalignment_policy_violation",
            "vector_store_timeout",
            "invalid_image",
            "invalid_image_format",
            "invalid_base64_image",
            "invalid_image_url",
            "image_too_large",
            "image_too_small",
            "image_parse_error",
            "image_content_policy_violation",
            "invalid_image_mode",
            "image_file_too_large",
            "unsupported_image_media_type",
            "empty_image_file",
            "failed_to_download_image",
            "image_file_not_found",
        ]
        | str
    )
    message: str
    misalignment: Misalignment | None = None
    param: str | None = None
    type: str | None = None


class IncompleteDetails(WireModel, kw_only=True):
    """Why a response ended early."""

    reason: Literal["max_output_tokens", "max_messages", "content_filter", "steered"] | str | None = None


class Conversation(WireModel, kw_only=True):
    """The conversation that the response belongs to."""

    id: str


class Image(WireModel, kw_only=True):
    """How images in the input are treated."""

    context_compression: Literal["enabled", "disabled"] | str


class InputTransformation(WireModel, kw_only=True):
    """A reasoning item of the input that was left out."""

    id: str
    action: Literal["removed"] | str
    reason: (
        Literal[
            "organization_mismatch", "end_user_mismatch", "model_mismatch", "prefix_mismatch", "turn_boundary"
        ]
        | str
    )
    type: Literal["reasoning"] = "reasoning"


class ModerationInputModerationResult(WireModel, kw_only=True):
    """The verdict on a text or image."""

    categories: dict[str, bool]
    category_applied_input_types: dict[str, list[Literal["text", "image"]]] | str
    category_scores: dict[str, float]
    flagged: bool
    model: str
    type: Literal["moderation_result"] = "moderation_result"


class ModerationInputError(WireModel, kw_only=True):
    """Why there is no verdict."""

    code: str
    message: str
    type: Literal["error"] = "error"


class Moderation(WireModel, kw_only=True):
    """Moderation of the request and of the reply."""

    input: OneOf[ModerationInputModerationResult | ModerationInputError]
    output: OneOf[ModerationInputModerationResult | ModerationInputError]


class ResponsePrompt(WireModel, kw_only=True):
    """A prompt template that the server holds."""

    id: str
    variables: dict[str, str | ResponseInputContent] | None = None
    """What to put in place of its variables."""
    version: str | None = None


class PromptCacheDiagnosticsCacheMiss(WireModel, kw_only=True):
    """The prompt was not found in the cache."""

    cache_missed_tokens: int
    """Tokens of the prompt that were not in the cache."""
    reason: (
        Literal[
            "model_changed",
            "prompt_cache_key_changed",
            "tools_changed",
            "text_format_changed",
            "reasoning_effort_changed",
            "verbosity_changed",
            "context_compacted",
            "input_changed",
            "service_tier_changed",
        ]
        | str
    )
    type: Literal["cache_miss"] = "cache_miss"
    comparison_reusable_tokens: int | None = None


class PromptCacheDiagnosticsCacheHit(WireModel, kw_only=True):
    """The prompt was found in the cache."""

    type: Literal["cache_hit"] = "cache_hit"


class PromptCacheDiagnosticsComparisonResponseNotFound(WireModel, kw_only=True):
    """The response to compare with is not there."""

    type: Literal["comparison_response_not_found"] = "comparison_response_not_found"


class PromptCacheDiagnosticsUnavailable(WireModel, kw_only=True):
    """Nothing is known of the cache."""

    type: Literal["unavailable"] = "unavailable"


class PromptCacheOptions(WireModel, kw_only=True):
    """How the prompt is cached."""

    mode: Literal["implicit", "explicit"] | str
    ttl: Literal["30m", "12h"] | str
    comparison_response_id: str | None = None


class Reasoning(WireModel, kw_only=True):
    """How the model reasons."""

    context: Literal["auto", "current_turn", "all_turns"] | str | None = None
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | str | None = None
    """How hard to reason."""
    generate_summary: Literal["auto", "concise", "detailed"] | str | None = None
    """Older name of `summary`."""
    mode: str | None = None
    summary: Literal["auto", "concise", "detailed"] | str | None = None
    """What the reply tells of the reasoning."""


class ResponseTextConfig(WireModel, kw_only=True):
    """The form of the text."""

    format: ResponseFormatTextConfig | None = None
    verbosity: Literal["low", "medium", "high"] | str | None = None


class ToolUsageImageGenInputTokensDetails(WireModel, kw_only=True):
    """How the tokens of made images divide."""

    image_tokens: int
    text_tokens: int


class ToolUsageImageGenCachedTokensDetails(WireModel, kw_only=True):
    """How the cached tokens of made images divide."""

    cached_image_tokens: int
    cached_text_tokens: int


class ToolUsageImageGen(WireModel, kw_only=True):
    """Tokens that making images took."""

    input_tokens: int
    input_tokens_details: ToolUsageImageGenInputTokensDetails
    output_tokens: int
    total_tokens: int
    cached_tokens: int | None = None
    """Tokens whose keys and values came from the cache."""
    cached_tokens_details: ToolUsageImageGenCachedTokensDetails | None = None
    output_tokens_details: ToolUsageImageGenInputTokensDetails | None = None


class ToolUsageWebSearch(WireModel, kw_only=True):
    """Searches on the web."""

    num_requests: int


class ToolUsage(WireModel, kw_only=True):
    """What the server's own tools took."""

    image_gen: ToolUsageImageGen
    web_search: ToolUsageWebSearch


class InputTokensDetailsCacheWriteTokensDetails(WireModel, kw_only=True):
    """Tokens written to the cache, by how long they stay."""

    ttl_12h_tokens: int
    ttl_30m_tokens: int


class InputTokensDetails(WireModel, kw_only=True):
    """How the input tokens divide."""

    cached_tokens: int
    """Tokens whose keys and values came from the cache."""
    cache_write_tokens: int | None = None
    cache_write_tokens_details: InputTokensDetailsCacheWriteTokensDetails | None = None
    input_tokens_per_turn: list[int] | None = None
    """vLLM: the input of each turn with the server's own tools."""
    cached_tokens_per_turn: list[int] | None = None


class OutputTokensDetails(WireModel, kw_only=True):
    """How the output tokens divide."""

    reasoning_tokens: int
    """Tokens spent on reasoning."""
    tool_output_tokens: int | None = None
    """vLLM: tokens that the server's own tools wrote."""
    output_tokens_per_turn: list[int] | None = None
    tool_output_tokens_per_turn: list[int] | None = None


class ResponseUsage(WireModel, kw_only=True):
    """Tokens that a response took."""

    input_tokens: int
    input_tokens_details: InputTokensDetails
    output_tokens: int
    output_tokens_details: OutputTokensDetails
    total_tokens: int


# --- replies ----------------------------------------------------------------------------------------


class Response(WireModel, kw_only=True):
    """The reply of POST /v1/responses."""

    id: str
    access_programs: AccessPrograms | None = None
    created_at: float
    """Unix time in seconds."""
    error: ResponseError | None = None
    """Why it failed, with status `failed`."""
    incomplete_details: IncompleteDetails | None = None
    """Why it ended early, with status `incomplete`."""
    instructions: str | list[ResponseInputItem] | None = None
    """What the request gave as `instructions`."""
    metadata: dict[str, str] | None = None
    """What the request gave as `metadata`."""
    model: str
    object: Literal["response"] | str = "response"
    output: list[ResponseOutputItem]
    """What the model wrote, in order: messages, reasoning, tool calls."""
    parallel_tool_calls: bool
    temperature: float | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | str
    tools: list[Tool]
    top_p: float | None = None
    background: bool | None = None
    """Whether it is made in the background."""
    completed_at: float | None = None
    """Unix time in seconds."""
    conversation: Conversation | None = None
    image: Image | None = None
    input_transformations: list[InputTransformation] | None = None
    """What was left out of the input."""
    max_output_tokens: int | None = None
    max_tool_calls: int | None = None
    moderation: Moderation | None = None
    previous_response_id: str | None = None
    """The response that this one goes on from."""
    prompt: ResponsePrompt | None = None
    prompt_cache_diagnostics: (
        OneOf[
            PromptCacheDiagnosticsCacheMiss
            | PromptCacheDiagnosticsCacheHit
            | PromptCacheDiagnosticsComparisonResponseNotFound
            | PromptCacheDiagnosticsUnavailable
        ]
        | None
    ) = None
    """Why the cache did or did not help."""
    prompt_cache_key: str | None = None
    prompt_cache_options: PromptCacheOptions | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | str | None = None
    reasoning: Reasoning | None = None
    safety_identifier: str | None = None
    service_tier: ServiceTier | None = None
    """How the request was processed."""
    status: ResponseStatus | None = None
    """How far it is, or how it ended."""
    text: ResponseTextConfig | None = None
    tool_usage: ToolUsage | None = None
    top_logprobs: int | None = None
    truncation: Literal["auto", "disabled"] | str | None = None
    usage: ResponseUsage | None = None
    user: str | None = None
    presence_penalty: float | None = None
    """vLLM: as it was applied, and so the next one."""
    frequency_penalty: float | None = None
    kv_transfer_params: dict[str, Any] | None = None
    """vLLM: plumbing of disaggregated serving, and so the next one."""
    ec_transfer_params: dict[str, Any] | None = None
    input_messages: list[dict[str, Any]] | None = None
    """vLLM, with `enable_response_messages`: the prompt as messages."""
    output_messages: list[dict[str, Any]] | None = None
    """vLLM, with `enable_response_messages`: the output as messages."""

    @property
    def output_text(self) -> str:
        """The text of all messages, joined."""
        return "".join(
            part.text or ""
            for item in self.output or ()
            if item.type == "message"
            for part in item.content or ()
            if part.type == "output_text"
        )


class ResponseItemList(WireModel, kw_only=True):
    """A page of a response's input items."""

    data: list[ResponseItem]
    first_id: str
    has_more: bool
    """Whether another page follows."""
    last_id: str
    object: Literal["list"] | str = "list"


class CompactedResponse(WireModel, kw_only=True):
    """The reply of POST /v1/responses/compact."""

    id: str
    created_at: int
    """Unix time in seconds."""
    object: Literal["response.compaction"] | str = "response.compaction"
    output: list[ResponseOutputItem]
    """The compacted conversation, to be sent as input."""
    usage: ResponseUsage
    image: Image | None = None


class InputTokenCountResponse(WireModel, kw_only=True):
    """The reply of POST /v1/responses/input_tokens."""

    input_tokens: int
    object: Literal["response.input_tokens"] | str = "response.input_tokens"


# --- other official names ---------------------------------------------------------------------------

ResponseConversationParam = Conversation
ModerationOutputModerationResult = ModerationInputModerationResult
ModerationOutputError = ModerationInputError
ToolUsageImageGenOutputTokensDetails = ToolUsageImageGenInputTokensDetails
