"""Keyword parameters of the client's calls, as TypedDicts for `Unpack`; and the objects inside them.

`ChatCompletionParams` and `CompletionParams` hold every parameter of the official package and every request
field of vLLM 0.32, except `stream`, which the calls spell out because it decides their result. Parameters
marked OpenAI are ignored by vLLM. Objects are plain dicts under the official names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from martlet.protocol.base import WireModel

if TYPE_CHECKING:
    from typing_extensions import Required

ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
XArgParam = str | int | float | Sequence[str | int | float]
"""A value of `vllm_xargs`."""


# --- content parts ----------------------------------------------------------------------------------


class PromptCacheBreakpointParam(TypedDict, total=False):
    """OpenAI: the prompt is cached up to here."""

    mode: Required[Literal["explicit"]]
    ttl: Literal["30m", "12h"]


class ChatCompletionContentPartTextParam(TypedDict, total=False):
    """A piece of text."""

    type: Required[Literal["text"]]
    text: Required[str]
    prompt_cache_breakpoint: PromptCacheBreakpointParam


class ChatCompletionContentPartRefusalParam(TypedDict):
    """A piece of a refusal, in an assistant's message."""

    type: Literal["refusal"]
    refusal: str


class ImageURL(TypedDict, total=False):
    """Where an image is."""

    url: Required[str]
    """http(s), or data: with the image in base64."""
    detail: Literal["auto", "low", "high", "original"]
    """How closely to look."""


class ChatCompletionContentPartImageParam(TypedDict, total=False):
    """An image."""

    type: Required[Literal["image_url"]]
    image_url: Required[ImageURL]
    uuid: str | None
    """vLLM: the key under which the processed image is cached."""
    prompt_cache_breakpoint: PromptCacheBreakpointParam


class InputAudio(TypedDict):
    """Sound in the request itself."""

    data: str
    """Base64."""
    format: Literal["wav", "mp3"]


class ChatCompletionContentPartInputAudioParam(TypedDict, total=False):
    """A piece of sound."""

    type: Required[Literal["input_audio"]]
    input_audio: Required[InputAudio]
    prompt_cache_breakpoint: PromptCacheBreakpointParam


class FileFile(TypedDict, total=False):
    """A file, by its contents or by its id."""

    file_data: str
    """Base64."""
    file_id: str
    filename: str


class File(TypedDict, total=False):
    """A file."""

    type: Required[Literal["file"]]
    file: Required[FileFile]
    prompt_cache_breakpoint: PromptCacheBreakpointParam


class MediaURL(TypedDict):
    """vLLM: where a recording is."""

    url: str
    """http(s), or data: with the recording in base64."""


class ChatCompletionContentPartAudioParam(TypedDict, total=False):
    """vLLM: a sound recording by its address."""

    type: Required[Literal["audio_url"]]
    audio_url: Required[MediaURL]
    uuid: str | None


class ChatCompletionContentPartVideoParam(TypedDict, total=False):
    """vLLM: a video by its address."""

    type: Required[Literal["video_url"]]
    video_url: Required[MediaURL]
    uuid: str | None


class ChatCompletionContentPartImageEmbedsParam(TypedDict, total=False):
    """vLLM: an image already turned into embeddings."""

    type: Required[Literal["image_embeds"]]
    image_embeds: str | Mapping[str, Any] | None
    """A base64 tensor, or several by name."""
    uuid: str | None


class ChatCompletionContentPartAudioEmbedsParam(TypedDict, total=False):
    """vLLM: sound already turned into embeddings."""

    type: Required[Literal["audio_embeds"]]
    audio_embeds: str | Mapping[str, Any] | None
    """A base64 tensor, or several by name."""
    uuid: str | None


class ChatCompletionContentPartVideoEmbedsParam(TypedDict, total=False):
    """vLLM: a video already turned into embeddings."""

    type: Required[Literal["video_embeds"]]
    video_embeds: str | Mapping[str, Any] | None
    """A base64 tensor, or several by name."""
    uuid: str | None


class ChatCompletionContentPartPromptEmbedsParam(TypedDict):
    """vLLM: a piece of prompt already turned into embeddings."""

    type: Literal["prompt_embeds"]
    data: str
    """A base64 tensor."""


class ChatCompletionContentPartThinkingParam(TypedDict, total=False):
    """vLLM: reasoning of an earlier answer."""

    type: Required[Literal["thinking"]]
    thinking: Required[str]
    closed: bool
    """Whether the reasoning had ended."""


class ChatCompletionContentPartToolReferenceParam(TypedDict):
    """vLLM: a tool that a search found, by name."""

    type: Literal["tool_reference"]
    name: str


ChatCompletionContentPartParam = (
    ChatCompletionContentPartTextParam
    | ChatCompletionContentPartImageParam
    | ChatCompletionContentPartInputAudioParam
    | File
    | ChatCompletionContentPartAudioParam
    | ChatCompletionContentPartVideoParam
    | ChatCompletionContentPartImageEmbedsParam
    | ChatCompletionContentPartAudioEmbedsParam
    | ChatCompletionContentPartVideoEmbedsParam
    | ChatCompletionContentPartPromptEmbedsParam
    | ChatCompletionContentPartToolReferenceParam
)
TextContent = str | Iterable[ChatCompletionContentPartTextParam]


# --- messages ---------------------------------------------------------------------------------------


class FunctionCall(TypedDict):
    """A function call that the model wrote."""

    name: str
    arguments: str
    """JSON text."""


class CustomCall(TypedDict):
    """OpenAI: a call of a tool that takes free text."""

    name: str
    input: str


class ChatCompletionMessageFunctionToolCallParam(TypedDict):
    """A tool call in an assistant's message."""

    id: str
    type: Literal["function"]
    function: FunctionCall


ChatCompletionMessageToolCallParam = ChatCompletionMessageFunctionToolCallParam


class ChatCompletionMessageCustomToolCallParam(TypedDict):
    """OpenAI: a call of a tool that takes free text, in an assistant's message."""

    id: str
    type: Literal["custom"]
    custom: CustomCall


ChatCompletionMessageToolCallUnionParam = (
    ChatCompletionMessageFunctionToolCallParam | ChatCompletionMessageCustomToolCallParam
)


class ChatCompletionDeveloperMessageParam(TypedDict, total=False):
    """Instructions by the program's author; newer models of OpenAI want these in place of system messages."""

    role: Required[Literal["developer"]]
    content: Required[TextContent]
    name: str
    """Tells authors of the same role apart."""


class ChatCompletionSystemMessageParam(TypedDict, total=False):
    """Instructions by the program's author."""

    role: Required[Literal["system"]]
    content: Required[TextContent]
    name: str
    """Tells authors of the same role apart."""


class ChatCompletionUserMessageParam(TypedDict, total=False):
    """What the user says."""

    role: Required[Literal["user"]]
    content: Required[str | Iterable[ChatCompletionContentPartParam]]
    name: str
    """Tells authors of the same role apart."""


class AssistantAudio(TypedDict):
    """OpenAI: an earlier spoken answer."""

    id: str


class ChatCompletionAssistantMessageParam(TypedDict, total=False):
    """What the model answered."""

    role: Required[Literal["assistant"]]
    content: (
        str
        | Iterable[
            ChatCompletionContentPartTextParam
            | ChatCompletionContentPartRefusalParam
            | ChatCompletionContentPartThinkingParam
        ]
        | None
    )
    """May be left out if there are tool calls."""
    audio: AssistantAudio | None
    function_call: FunctionCall | None
    """OpenAI's older form of `tool_calls`."""
    name: str
    """Tells authors of the same role apart."""
    refusal: str | None
    """OpenAI: why the model would not answer."""
    tool_calls: Iterable[ChatCompletionMessageToolCallUnionParam]
    reasoning: str | None
    """vLLM: what the model thought before it answered."""


class ChatCompletionToolMessageParam(TypedDict):
    """What a tool answered."""

    role: Literal["tool"]
    content: TextContent
    tool_call_id: str
    """Id of the call."""


class ChatCompletionFunctionMessageParam(TypedDict):
    """OpenAI's older form of a tool message."""

    role: Literal["function"]
    content: str | None
    name: str


class CustomChatCompletionMessageParam(TypedDict, total=False):
    """vLLM: a message of any role that the chat template knows."""

    role: Required[str]
    content: str | Iterable[ChatCompletionContentPartParam | ChatCompletionContentPartThinkingParam | str]
    name: str
    tool_call_id: str | None
    tool_calls: Iterable[ChatCompletionMessageFunctionToolCallParam] | None
    reasoning: str | None
    tools: Iterable[ChatCompletionFunctionToolParam] | None
    """Tools that this message introduces."""
    task: str | None
    """For templates that tell tasks apart."""


ChatCompletionMessageParam = (
    ChatCompletionDeveloperMessageParam
    | ChatCompletionSystemMessageParam
    | ChatCompletionUserMessageParam
    | ChatCompletionAssistantMessageParam
    | ChatCompletionToolMessageParam
    | ChatCompletionFunctionMessageParam
)
MessageInput = ChatCompletionMessageParam | CustomChatCompletionMessageParam | WireModel
"""A message of a request: as plain data, or as an earlier reply brought it."""


# --- tools ------------------------------------------------------------------------------------------


class FunctionDefinition(TypedDict, total=False):
    """A function that the model may call."""

    name: Required[str]
    description: str
    """What it does and when to call it, for the model to read."""
    parameters: Mapping[str, Any]
    """JSON schema of its arguments."""
    strict: bool | None
    """Hold the arguments to the schema."""
    defer_loading: bool | None
    """vLLM: keep the definition out of the prompt until it is searched for."""


class ChatCompletionFunctionToolParam(TypedDict, total=False):
    """A tool that is a function."""

    type: Required[Literal["function"]]
    function: Required[FunctionDefinition]
    defer_loading: bool | None
    """vLLM: as in the function."""


ChatCompletionToolParam = ChatCompletionFunctionToolParam


class CustomFormatText(TypedDict):
    """OpenAI: any text."""

    type: Literal["text"]


class CustomFormatGrammarGrammar(TypedDict):
    """OpenAI: the grammar itself."""

    definition: str
    syntax: Literal["lark", "regex"]


class CustomFormatGrammar(TypedDict):
    """OpenAI: text that follows a grammar."""

    type: Literal["grammar"]
    grammar: CustomFormatGrammarGrammar


class Custom(TypedDict, total=False):
    """OpenAI: a tool that takes free text."""

    name: Required[str]
    description: str
    format: CustomFormatText | CustomFormatGrammar


class ChatCompletionCustomToolParam(TypedDict):
    """OpenAI: a tool that takes free text."""

    type: Literal["custom"]
    custom: Custom


ChatCompletionToolUnionParam = ChatCompletionFunctionToolParam | ChatCompletionCustomToolParam


class ToolName(TypedDict):
    """Names a tool."""

    name: str


class ChatCompletionNamedToolChoiceParam(TypedDict):
    """The function that must be called."""

    type: Literal["function"]
    function: ToolName


class ChatCompletionNamedToolChoiceCustomParam(TypedDict):
    """OpenAI: the free-text tool that must be called."""

    type: Literal["custom"]
    custom: ToolName


class ChatCompletionAllowedToolsParam(TypedDict):
    """OpenAI: the tools to choose among."""

    mode: Literal["auto", "required"]
    tools: Iterable[Mapping[str, object]]


class ChatCompletionAllowedToolChoiceParam(TypedDict):
    """OpenAI: a choice among some of the tools."""

    type: Literal["allowed_tools"]
    allowed_tools: ChatCompletionAllowedToolsParam


ChatCompletionToolChoiceOptionParam = (
    Literal["none", "auto", "required"]
    | ChatCompletionNamedToolChoiceParam
    | ChatCompletionNamedToolChoiceCustomParam
    | ChatCompletionAllowedToolChoiceParam
)


class ChatCompletionFunctionCallOptionParam(TypedDict):
    """OpenAI's older form of a named tool choice."""

    name: str


class FunctionParam(TypedDict, total=False):
    """OpenAI's older form of a tool."""

    name: Required[str]
    description: str
    parameters: Mapping[str, Any]


# --- output -----------------------------------------------------------------------------------------


class ResponseFormatText(TypedDict):
    """Any text."""

    type: Literal["text"]


class ResponseFormatJSONObject(TypedDict):
    """Any JSON."""

    type: Literal["json_object"]


class JSONSchema(TypedDict, total=False):
    """A JSON schema that the output must follow."""

    name: Required[str]
    """Name of the schema; shown to no model."""
    description: str
    """What the output is for."""
    schema: Mapping[str, object]
    """The schema itself; a server refuses the request without it."""
    strict: bool | None
    """OpenAI: hold the output to the schema exactly. vLLM always does."""


class ResponseFormatJSONSchema(TypedDict):
    """JSON that follows a schema."""

    type: Literal["json_schema"]
    json_schema: JSONSchema


class StructuralTagResponseFormat(TypedDict):
    """vLLM: text with spans that follow a constraint."""

    type: Literal["structural_tag"]
    format: Mapping[str, Any]


class LegacyStructuralTag(TypedDict, total=False):
    """vLLM: a span between two markers."""

    begin: Required[str]
    schema: Mapping[str, Any] | None
    """JSON schema of what stands inside."""
    end: Required[str]


class LegacyStructuralTagResponseFormat(TypedDict):
    """vLLM: the older form of `StructuralTagResponseFormat`."""

    type: Literal["structural_tag"]
    structures: Sequence[LegacyStructuralTag]
    triggers: Sequence[str]
    """Texts that start the matching of a span."""


ResponseFormatParam = (
    ResponseFormatText
    | ResponseFormatJSONObject
    | ResponseFormatJSONSchema
    | StructuralTagResponseFormat
    | LegacyStructuralTagResponseFormat
)


class StructuredOutputsParam(TypedDict, total=False):
    """vLLM: a constraint on the output; exactly one of the first six is given."""

    json: str | Mapping[str, Any] | None
    """A JSON schema, as text or as an object."""
    regex: str | None
    """A regular expression that the whole output matches."""
    choice: Sequence[str] | None
    """The output is one of these."""
    grammar: str | None
    """A context-free grammar in the backend's notation."""
    json_object: bool | None
    """Any JSON object."""
    structural_tag: str | None
    """A structural tag description as JSON text."""
    disable_any_whitespace: bool
    """Allow no blanks between JSON tokens."""
    disable_additional_properties: bool
    """Treat a schema's objects as closed unless it says otherwise."""
    whitespace_pattern: str | None
    """Regular expression of the blanks allowed between JSON tokens."""


class RepetitionDetectionParam(TypedDict, total=False):
    """vLLM: end a request whose output repeats a pattern of tokens."""

    max_pattern_size: int
    """Longest pattern looked for, in tokens; 0 turns the detection off."""
    min_pattern_size: int
    """Shortest pattern looked for, in tokens."""
    min_count: int
    """Repetitions that end the request."""


class ChatCompletionStreamOptionsParam(TypedDict, total=False):
    """What a stream carries besides content."""

    include_usage: bool
    """End with a chunk that has no choices and the usage of the whole request."""
    include_obfuscation: bool
    """OpenAI: pad the chunks so that their sizes tell nothing."""
    continuous_usage_stats: bool
    """vLLM: put the usage so far on every chunk; counts only together with `include_usage`."""


class ChatCompletionAudioParam(TypedDict):
    """OpenAI: voice and format of spoken output."""

    format: Literal["wav", "aac", "mp3", "flac", "opus", "pcm16"]
    voice: str | Mapping[str, str]


class ChatCompletionPredictionContentParam(TypedDict):
    """OpenAI: text that the reply is expected to repeat."""

    type: Literal["content"]
    content: TextContent


class ModerationPolicyMode(TypedDict):
    """OpenAI: what a verdict leads to."""

    mode: Literal["score", "block"]


class ModerationPolicy(TypedDict, total=False):
    """OpenAI: what verdicts on request and reply lead to."""

    input: ModerationPolicyMode | None
    output: ModerationPolicyMode | None


class ModerationParam(TypedDict, total=False):
    """OpenAI: moderation of request and reply."""

    model: Required[str]
    policy: ModerationPolicy | None


class PromptCacheOptionsParam(TypedDict, total=False):
    """OpenAI: how the prompt is cached."""

    mode: Literal["implicit", "explicit"]
    ttl: Literal["30m"]


class WebSearchOptionsUserLocationApproximate(TypedDict, total=False):
    """OpenAI: roughly where the user is."""

    city: str
    country: str
    """Two letters, ISO 3166-1."""
    region: str
    timezone: str
    """A name of the IANA database."""


class WebSearchOptionsUserLocation(TypedDict):
    """OpenAI: where the user is."""

    type: Literal["approximate"]
    approximate: WebSearchOptionsUserLocationApproximate


class WebSearchOptionsParam(TypedDict, total=False):
    """OpenAI: how the model searches the web."""

    search_context_size: Literal["low", "medium", "high"]
    user_location: WebSearchOptionsUserLocation | None


# --- calls ------------------------------------------------------------------------------------------


class GenerationParams(TypedDict, total=False):
    """Parameters that chat and text completions share."""

    frequency_penalty: float | None
    """-2 to 2: lowers a token's logit by this much for each time it was generated."""
    logit_bias: Mapping[str, float] | None
    """Added to the logits of these token ids, -100 to 100."""
    presence_penalty: float | None
    """-2 to 2: lowers the logit of every token that was generated at least once."""
    seed: int | None
    """Makes sampling repeatable; choice i uses seed + i. -1 means unset."""
    stop: str | Sequence[str] | None
    """Up to four texts that end the output; they are not part of it."""
    stream_options: ChatCompletionStreamOptionsParam | None
    """Only together with `stream`."""
    temperature: float | None
    """0 to 2; 0 is greedy. None means the model's default."""
    top_p: float | None
    """Sample among the likeliest tokens whose probabilities reach this sum; above 0, up to 1."""
    thinking_token_budget: int | None
    """vLLM: most tokens spent on reasoning; -1 is no limit."""
    user: str | None
    """OpenAI: an id of the end user. Ignored."""
    use_beam_search: bool
    """vLLM: search with `n` beams instead of sampling."""
    top_k: int | None
    """vLLM: sample among this many likeliest tokens; 0 and -1 turn it off."""
    min_p: float | None
    """vLLM: drop tokens less likely than this share of the likeliest one's probability; 0 to 1."""
    repetition_penalty: float | None
    """vLLM: divides the logits of tokens seen in prompt or output; above 1 discourages repetition."""
    watermarking: bool | None
    """vLLM: mark the output with the server's watermark."""
    length_penalty: float
    """vLLM: exponent of the length in the score of a beam."""
    stop_token_ids: Sequence[int] | None
    """vLLM: token ids that end the output."""
    include_stop_str_in_output: bool
    """vLLM: keep the stop text in the output."""
    ignore_eos: bool
    """vLLM: go on after the end token."""
    min_tokens: int
    """vLLM: generate at least this many tokens before an end token or stop text counts."""
    skip_special_tokens: bool
    """vLLM: leave special tokens out of the text."""
    spaces_between_special_tokens: bool
    """vLLM: put blanks between special tokens in the text."""
    truncate_prompt_tokens: int | None
    """vLLM: cut the prompt to this many tokens; -1 means the model's context."""
    truncation_side: Literal["left", "right"] | None
    """vLLM: `left` keeps the last tokens, `right` the first."""
    prompt_logprobs: int | None
    """vLLM: log probabilities of the prompt's tokens, with this many likeliest ones; -1 is the vocabulary."""
    logprob_token_ids: Sequence[int] | None
    """vLLM: list the log probabilities of exactly these ids at each position; needs `logprobs`."""
    allowed_token_ids: Sequence[int] | None
    """vLLM: generate only these ids."""
    bad_words: Sequence[str]
    """vLLM: texts that must not be generated."""
    structured_outputs: StructuredOutputsParam | None
    """vLLM: a constraint on the output."""
    priority: int
    """vLLM: lower runs earlier, where the server schedules by priority."""
    session_id: str | None
    """vLLM: an id shared by related requests."""
    return_tokens_as_token_ids: bool | None
    """vLLM: with `logprobs`, write tokens as `token_id:` and the id."""
    return_token_ids: bool | None
    """vLLM: return the token ids of prompt and output beside the text."""
    routed_experts_prompt_start: int
    """vLLM: leave this many prompt tokens out of `routed_experts`."""
    return_token_offsets: bool | None
    """vLLM, render endpoints: return each token's span in the text."""
    mm_payload: Literal["tensors", "none"]
    """vLLM, render endpoints: what the reply carries of media."""
    return_mm_kwargs: bool | None
    """vLLM: older form of `mm_payload`; false is `none`."""
    cache_salt: str | None
    """vLLM: prefixes are shared only among requests with the same salt."""
    kv_transfer_params: Mapping[str, Any] | None
    """vLLM: plumbing of disaggregated serving."""
    ec_transfer_params: Mapping[str, Any] | None
    """vLLM: plumbing of disaggregated encoders."""
    vllm_xargs: Mapping[str, XArgParam] | None
    """vLLM: arguments for the server's own extensions."""
    repetition_detection: RepetitionDetectionParam | None
    """vLLM: end the request when its output repeats itself."""
    stream_interval: int | None
    """vLLM: put this many tokens into one chunk."""


class ChatTemplateParams(TypedDict, total=False):
    """vLLM: how a conversation becomes a prompt."""

    add_generation_prompt: bool
    """vLLM: end the prompt with the opening of an assistant message."""
    continue_final_message: bool
    """vLLM: leave the last message open for the model to go on; needs `add_generation_prompt` false."""
    chat_template: str | None
    """vLLM: a Jinja template to use instead of the model's; needs the server's consent."""
    chat_template_kwargs: Mapping[str, Any] | None
    """vLLM: more variables for the chat template."""
    media_io_kwargs: Mapping[str, Mapping[str, Any]] | None
    """vLLM: options for reading media, by modality."""


class _ChatCompletionRequired(TypedDict):
    messages: Iterable[MessageInput]
    """The conversation so far. A message of an earlier reply may stand here as it is."""
    model: str
    """A served name, as `models.list()` gives it."""


class _CompletionRequired(TypedDict):
    model: str
    """A served name, as `models.list()` gives it."""
    prompt: str | Sequence[str] | Iterable[int] | Iterable[Iterable[int]] | None
    """A text, a list of texts, the token ids of one prompt, or a list of such."""


ChatCompletionRole = Literal["developer", "system", "user", "assistant", "tool", "function"]
ChatCompletionModality = Literal["text", "audio"]


class ChatCompletionCommonParams(_ChatCompletionRequired, GenerationParams, ChatTemplateParams, total=False):
    """Parameters that `create`, `parse` and `stream` of `chat.completions` share."""

    logprobs: bool | None
    """Return the log probability of each generated token."""
    top_logprobs: int | None
    """With `logprobs`: how many likeliest tokens to list per position; -1 lists the vocabulary."""
    max_tokens: int | None
    """Older name of `max_completion_tokens`, which wins."""
    max_completion_tokens: int | None
    """Most tokens to generate; None means the rest of the context."""
    n: int | None
    """How many choices to generate."""
    tools: Iterable[ChatCompletionToolUnionParam] | None
    """Functions that the model may call."""
    tool_choice: ChatCompletionToolChoiceOptionParam | None
    """none, auto, required, or one tool. Left out it means auto if there are tools; None means none."""
    reasoning_effort: ReasoningEffort | None
    """How much to reason; handed to the chat template."""
    include_reasoning: bool
    """vLLM: false leaves the reasoning out of the reply."""
    parallel_tool_calls: bool | None
    """False keeps the first tool call only."""
    echo: bool
    """vLLM: put the last message's text before the output if it has the reply's role."""
    add_special_tokens: bool
    """vLLM: add the tokenizer's own special tokens to what the chat template wrote."""
    documents: Sequence[Mapping[str, str]] | None
    """vLLM: documents for a chat template that knows of them."""
    mm_processor_kwargs: Mapping[str, Any] | None
    """vLLM: options for the model's media processor."""
    request_id: str | None
    """vLLM: the reply's id is `chatcmpl-` and this; made up if None."""
    return_prompt_text: bool | None
    """vLLM: return the prompt as the chat template wrote it."""
    audio: ChatCompletionAudioParam | None
    """OpenAI: voice and format of spoken output."""
    function_call: Literal["none", "auto"] | ChatCompletionFunctionCallOptionParam
    """OpenAI: older form of `tool_choice`."""
    functions: Iterable[FunctionParam]
    """OpenAI: older form of `tools`."""
    metadata: Mapping[str, str] | None
    """OpenAI: up to 16 texts to find the stored reply by."""
    modalities: list[ChatCompletionModality] | None
    """OpenAI: what the reply consists of."""
    moderation: ModerationParam | None
    """OpenAI: moderate request and reply."""
    prediction: ChatCompletionPredictionContentParam | None
    """OpenAI: text that the reply is expected to repeat in large parts."""
    prompt_cache_key: str | None
    """OpenAI: requests with the same key share a prompt cache."""
    prompt_cache_options: PromptCacheOptionsParam
    """OpenAI: how the prompt is cached."""
    prompt_cache_retention: Literal["in_memory", "24h"] | None
    """OpenAI: how long the prompt stays cached."""
    safety_identifier: str | None
    """OpenAI: an opaque id of the end user."""
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None
    """OpenAI: how to process the request."""
    store: bool | None
    """OpenAI: keep the reply."""
    verbosity: Literal["low", "medium", "high"] | None
    """OpenAI: how wordy the reply is."""
    web_search_options: WebSearchOptionsParam
    """OpenAI: let the model search the web."""


class ChatCompletionParams(ChatCompletionCommonParams, total=False):
    """Parameters of `chat.completions.create`."""

    response_format: ResponseFormatParam | None
    """The form that the output must take."""


class CompletionParams(_CompletionRequired, GenerationParams, total=False):
    """Parameters of `completions.create`."""

    echo: bool | None
    """Put the prompt before the output."""
    logprobs: int | None
    """How many likeliest tokens to list per position; 0 lists the sampled one, -1 the vocabulary."""
    max_tokens: int | None
    """Most tokens to generate; None means 16."""
    n: int
    """How many choices to generate for each prompt."""
    suffix: str | None
    """Text that follows the output; for models that fill in the middle."""
    prompt_embeds: str | Sequence[str] | None
    """vLLM: embeddings in place of a prompt, as base64; needs the server's consent."""
    add_special_tokens: bool
    """vLLM: add the tokenizer's own special tokens to the prompt."""
    response_format: ResponseFormatParam | None
    """The form that the output must take."""
    request_id: str | None
    """vLLM: the reply's id is `cmpl-` and this; made up if None."""
    best_of: int | None
    """OpenAI: generate this many choices and return the best `n`."""
