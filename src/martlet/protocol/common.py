"""Objects that chat and text completions share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict

import msgspec
from msgspec import Meta

from martlet.protocol.base import LazyField, WireModel

Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
TokenId = Annotated[int, Meta(ge=0)]
PositiveInt = Annotated[int, Meta(ge=1)]
TruncateTokens = Annotated[int, Meta(ge=-1, le=2**63 - 1)]
StopStrings = Annotated[list[str], Meta(max_length=4)]
XArg = str | int | float | list[str | int | float]
"""A value of `vllm_xargs`."""

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"] | str
"""Why generation ended. An open set: vLLM adds `repetition` and `abort`, other servers send other words."""

ServiceTier = Literal["auto", "default", "flex", "scale", "priority", "fast"] | str


# --- replies ----------------------------------------------------------------------------------------


class PromptTokensDetails(WireModel, kw_only=True):
    """How the prompt's tokens divide."""

    cached_tokens: int | None = None
    """Tokens whose keys and values came from the prefix cache."""
    created_cache_tokens: int | None = None
    """vLLM: tokens that this request added to the prefix cache."""
    multimodal_tokens: dict[str, int] | None = None
    """vLLM: tokens that stand for media, by modality."""

    audio_tokens = LazyField(int)
    """OpenAI: tokens that stand for audio."""
    cache_write_tokens = LazyField(int)
    """OpenAI: tokens written to the prompt cache."""
    image_tokens = LazyField(int)
    """OpenAI: tokens that stand for images."""
    text_tokens = LazyField(int)
    """OpenAI: tokens of text."""


class CompletionTokensDetails(WireModel, kw_only=True):
    """How the generated tokens divide."""

    reasoning_tokens: int | None = None
    """Tokens spent on reasoning."""

    accepted_prediction_tokens = LazyField(int)
    """OpenAI: tokens of the given prediction that were used."""
    audio_tokens = LazyField(int)
    """OpenAI: tokens that stand for audio."""
    rejected_prediction_tokens = LazyField(int)
    """OpenAI: tokens of the given prediction that were not used, and are billed."""
    text_tokens = LazyField(int)
    """OpenAI: tokens of text."""


class CompletionUsage(WireModel, kw_only=True):
    """Tokens that a request took."""

    prompt_tokens: int
    """Tokens of the prompt, counted once however many choices were asked for."""
    total_tokens: int
    """Prompt and completion together."""
    completion_tokens: int
    """Generated tokens of all choices, the hidden end token included."""
    prompt_tokens_details: PromptTokensDetails | None = None
    completion_tokens_details: CompletionTokensDetails | None = None


class SpeculativeDecodingMetrics(WireModel, kw_only=True):
    """vLLM: how speculation went in one request."""

    mean_acceptance_length: float
    """Tokens gained per verification, the sampled one included."""
    draft_acceptance_rate: float
    """Share of the drafted tokens that were accepted."""
    acceptance_histogram: list[int]
    """Entry i counts the steps in which i drafted tokens were accepted."""
    num_spec_steps: int
    num_accepted_draft_tokens: int
    num_draft_tokens: int
    num_spec_tokens: int
    per_step_accepted: list[int] | None = None
    per_step_drafted: list[int] | None = None


class PerRequestMetrics(WireModel, kw_only=True):
    """vLLM with `--enable-per-request-metrics`: where the time went, in milliseconds."""

    time_to_first_token_ms: float | None = None
    """From scheduling, not from arrival."""
    generation_time_ms: float | None = None
    """From the first token to the last."""
    queue_time_ms: float | None = None
    """From arrival to scheduling."""
    mean_itl_ms: float | None = None
    """Mean time between two tokens."""
    tokens_per_second: float | None = None
    speculative_decoding: SpeculativeDecodingMetrics | None = None


class Logprob(TypedDict):
    """vLLM: one token's entry in `prompt_logprobs`; a plain dict, as programs for vLLM expect."""

    logprob: float
    rank: int | None
    """1 for the likeliest token of the vocabulary."""
    decoded_token: str | None


if TYPE_CHECKING:
    PromptLogprobs = list[dict[str, Logprob] | None]
    """One entry per prompt token, by token id as text, the actual token first; None for the first token."""
else:
    PromptLogprobs = list[dict[str, dict[str, Any]] | None]  # msgspec would drop the keys that Logprob lacks


# --- requests ---------------------------------------------------------------------------------------


class StreamOptions(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What a stream carries besides content."""

    include_usage: bool | None = False
    """End with a chunk that has no choices and the usage of the whole request."""
    continuous_usage_stats: bool | None = False
    """vLLM: put the usage so far on every chunk; counts only together with `include_usage`."""
    include_obfuscation: bool | None = None
    """OpenAI: pad the chunks so that their sizes tell nothing. vLLM ignores it."""


class JsonSchemaResponseFormat(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A JSON schema that the output must follow."""

    name: str
    """Name of the schema; shown to no model."""
    description: str | None = None
    """What the output is for."""
    schema: dict[str, Any] | None = None
    """The schema itself; a server refuses the request without it."""
    strict: bool | None = None
    """OpenAI: hold the output to the schema exactly. vLLM always does."""


class LegacyStructuralTag(msgspec.Struct, kw_only=True, omit_defaults=True):
    """vLLM: a span of output between two markers that follows a schema."""

    begin: str
    """Text that opens the span."""
    schema: dict[str, Any] | None = None
    """JSON schema of what stands inside."""
    end: str
    """Text that closes the span."""


class ResponseFormat(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The form that the output must take."""

    type: Literal["text", "json_object", "json_schema", "structural_tag"]
    """`text` asks for nothing, `json_object` for any JSON, `json_schema` for a schema; the last is vLLM's."""
    json_schema: JsonSchemaResponseFormat | None = None
    """With type `json_schema`."""
    format: Any = None
    """vLLM, with type `structural_tag`: the tag's description."""
    structures: list[LegacyStructuralTag] | None = None
    """vLLM, with type `structural_tag` in its older form: the spans."""
    triggers: list[str] | None = None
    """vLLM, older form: texts that start the matching of a span."""


class StructuredOutputsParams(msgspec.Struct, kw_only=True, omit_defaults=True):
    """vLLM: a constraint on the output; exactly one of the first six is given."""

    json: str | dict[str, Any] | None = None
    """A JSON schema, as text or as an object."""
    regex: str | None = None
    """A regular expression that the whole output matches."""
    choice: list[str] | None = None
    """The output is one of these."""
    grammar: str | None = None
    """A context-free grammar in the backend's notation."""
    json_object: bool | None = None
    """Any JSON object."""
    structural_tag: str | None = None
    """A structural tag description as JSON text."""
    disable_any_whitespace: bool = False
    """Allow no blanks between JSON tokens."""
    disable_additional_properties: bool = False
    """Treat a schema's objects as closed unless it says otherwise."""
    whitespace_pattern: str | None = None
    """Regular expression of the blanks allowed between JSON tokens."""
    backend: str | None = msgspec.field(default=None, name="_backend")
    """vLLM's own plumbing: the grammar backend in use."""
    backend_was_auto: bool = msgspec.field(default=False, name="_backend_was_auto")
    """vLLM's own plumbing: whether the backend was picked by the server."""


class RepetitionDetectionParams(msgspec.Struct, kw_only=True, omit_defaults=True):
    """vLLM: end a request whose output repeats a pattern of tokens, with finish reason `repetition`."""

    max_pattern_size: int = 0
    """Longest pattern looked for, in tokens; 0 turns the detection off."""
    min_pattern_size: int = 0
    """Shortest pattern looked for, in tokens."""
    min_count: int = 0
    """Repetitions that end the request."""


_MESSAGE_SCHEMA = {
    "required": ["role"],
    "properties": {
        "role": {"type": "string"},
        "content": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]},
    },
}
Messages = list[Annotated[dict[str, Any], Meta(extra_json_schema=_MESSAGE_SCHEMA)]]
"""Messages of a request: plain dicts, since chat templates read them and keys unknown to us must survive."""


def check_messages(messages: Messages | None) -> None:
    """Check what every template relies on: a role, and content that fits it.

    What is wrong with content that is an object, or with its parts, the template's own reader says.

    Raises ValueError whose text ends in the path of the fault, as msgspec's own errors do.
    """
    for i, message in enumerate(messages or ()):
        if "role" not in message:
            raise ValueError(f"Object missing required field `role` - at `$.messages[{i}]`")
        if type(message["role"]) is not str:
            raise ValueError(f"{_expected('str', message['role'])} - at `$.messages[{i}].role`")
        content = message.get("content", "")
        if content is None and message["role"] != "assistant":
            raise ValueError(f"{_expected('str | array', content)} - at `$.messages[{i}].content`")
        if not isinstance(content, (str, list, dict, type(None))):
            raise ValueError(f"{_expected('str | array | null', content)} - at `$.messages[{i}].content`")
        for j, part in enumerate(content if isinstance(content, list) else ()):
            if not isinstance(part, (dict, str)):
                raise ValueError(f"{_expected('object | str', part)} - at `$.messages[{i}].content[{j}]`")
        calls = message.get("tool_calls")
        if calls is not None and type(calls) is not list:
            raise ValueError(f"{_expected('array | null', calls)} - at `$.messages[{i}].tool_calls`")


_JSON_NAMES = {dict: "object", list: "array", type(None): "null"}


def _expected(wanted: str, got: Any) -> str:
    return f"Expected `{wanted}`, got `{_JSON_NAMES.get(type(got), type(got).__name__)}`"


ChatModel: TypeAlias = str
"""Name of a model: servers have their own, so all are taken."""
ResponsesModel: TypeAlias = str
AllModels: TypeAlias = str
Metadata = dict[str, str]
"""Up to 16 texts of the caller's own, kept with an object."""
FunctionParameters = dict[str, Any]
"""JSON schema of a function's arguments."""
