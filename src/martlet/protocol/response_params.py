"""Objects inside the parameters of /v1/responses, as TypedDicts whose keys are those of the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from martlet.protocol.base import WireModel

if TYPE_CHECKING:
    from typing_extensions import Required

ResponseIncludable = Literal[
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
]
"""What a reply may carry besides."""

# --- tools ------------------------------------------------------------------------------------------


_FunctionToolKeys = TypedDict("_FunctionToolKeys", {"async": bool}, total=False)
"""A key that is a keyword of Python."""


class FunctionToolParam(_FunctionToolKeys, total=False):
    """A function that the model may call."""

    name: Required[str]
    parameters: Any
    """JSON schema of its arguments."""
    strict: bool | None
    """Hold the arguments to the schema."""
    type: Required[Literal["function"]]
    allowed_callers: list[Literal["direct", "programmatic"]] | None
    """Whether the model itself or its programs may call it."""
    defer_loading: bool
    """Keep the definition out of the prompt until it is searched for."""
    description: str | None
    """What it does and when to call it, for the model to read."""
    output_schema: Mapping[str, Any] | None
    """JSON schema of what it returns."""


class ComparisonFilter(TypedDict):
    """A condition on one attribute."""

    key: str
    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    value: str | float | bool | Sequence[str | float]


class CompoundFilter(TypedDict):
    """Several conditions together."""

    filters: Iterable[ComparisonFilter | CompoundFilter]
    """Conditions of either kind."""
    type: Literal["and", "or"]


class RankingOptionsHybridSearch(TypedDict):
    """How much meaning and words each count."""

    embedding_weight: float
    text_weight: float


class RankingOptions(TypedDict, total=False):
    """How results are ranked."""

    hybrid_search: RankingOptionsHybridSearch
    ranker: Literal["auto", "default-2024-11-15"]
    score_threshold: float


class FileSearchToolParam(TypedDict, total=False):
    """Lets the model search in files."""

    type: Required[Literal["file_search"]]
    vector_store_ids: Required[Sequence[str]]
    """Where to search."""
    filters: ComparisonFilter | CompoundFilter | None
    max_num_results: int
    ranking_options: RankingOptions


class ComputerToolParam(TypedDict):
    """Lets the model act on a screen."""

    type: Literal["computer"]


class ComputerUsePreviewToolParam(TypedDict):
    """Lets the model act on a screen, in an older form."""

    display_height: int
    display_width: int
    environment: Literal["windows", "mac", "linux", "ubuntu", "browser"]
    type: Literal["computer_use_preview"]


class Filters(TypedDict, total=False):
    """Where to search."""

    allowed_domains: Sequence[str] | None


class UserLocation(TypedDict, total=False):
    """Roughly where the user is."""

    city: str | None
    country: str | None
    region: str | None
    timezone: str | None
    type: Literal["approximate"]


class WebSearchToolParam(TypedDict, total=False):
    """Lets the model search the web."""

    type: Required[Literal["web_search", "web_search_2025_08_26"]]
    external_web_access: bool
    filters: Filters | None
    search_context_size: Literal["low", "medium", "high"]
    user_location: UserLocation | None


class McpAllowedToolsMcpToolFilter(TypedDict, total=False):
    """Tools of a server, by name or by what they do."""

    read_only: bool
    tool_names: Sequence[str]


class McpRequireApprovalMcpToolApprovalFilter(TypedDict, total=False):
    """Which tools need approval, and which never do."""

    always: McpAllowedToolsMcpToolFilter
    never: McpAllowedToolsMcpToolFilter


class Mcp(TypedDict, total=False):
    """Lets the model use the tools of an MCP server."""

    server_label: Required[str]
    """Your name for the MCP server."""
    type: Required[Literal["mcp"]]
    allowed_callers: list[Literal["direct", "programmatic"]] | None
    """Whether the model itself or its programs may call it."""
    allowed_tools: Sequence[str] | McpAllowedToolsMcpToolFilter | None
    authorization: str
    """An OAuth token for the server."""
    connector_id: Literal[
        "connector_dropbox",
        "connector_gmail",
        "connector_googlecalendar",
        "connector_googledrive",
        "connector_microsoftteams",
        "connector_outlookcalendar",
        "connector_outlookemail",
        "connector_sharepoint",
    ]
    defer_loading: bool
    """Keep the definition out of the prompt until it is searched for."""
    headers: Mapping[str, str] | None
    require_approval: McpRequireApprovalMcpToolApprovalFilter | Literal["always", "never"] | None
    server_description: str
    server_url: str
    """Where the server is; or give `connector_id`."""
    tunnel_id: str
    """A tunnel through which the server is reached."""


class ContainerNetworkPolicyDisabledParam(TypedDict):
    """No network."""

    type: Literal["disabled"]


class ContainerNetworkPolicyDomainSecretParam(TypedDict):
    """A secret that is put into requests to one domain."""

    domain: str
    name: str
    value: str


class ContainerNetworkPolicyAllowlistParam(TypedDict, total=False):
    """Network to some domains only."""

    allowed_domains: Required[Sequence[str]]
    type: Required[Literal["allowlist"]]
    domain_secrets: Iterable[ContainerNetworkPolicyDomainSecretParam]


class CodeInterpreterContainerCodeInterpreterToolAuto(TypedDict, total=False):
    """A container that the server makes."""

    type: Required[Literal["auto"]]
    file_ids: Sequence[str]
    memory_limit: Literal["1g", "4g", "16g", "64g"] | None
    network_policy: ContainerNetworkPolicyDisabledParam | ContainerNetworkPolicyAllowlistParam


class CodeInterpreter(TypedDict, total=False):
    """Lets the model run Python."""

    container: Required[str | CodeInterpreterContainerCodeInterpreterToolAuto]
    type: Required[Literal["code_interpreter"]]
    allowed_callers: list[Literal["direct", "programmatic"]] | None
    """Whether the model itself or its programs may call it."""


class ProgrammaticToolCalling(TypedDict):
    """Lets the model call tools from programs that it writes."""

    type: Literal["programmatic_tool_calling"]


class ImageGenerationInputImageMask(TypedDict, total=False):
    """Which part of an image is to be changed."""

    file_id: str
    image_url: str


class ImageGenerationSvgReasoning(TypedDict, total=False):
    """How hard the model reasons."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


class ImageGenerationSvg(TypedDict, total=False):
    """How an SVG is drawn."""

    model: str
    reasoning: ImageGenerationSvgReasoning | None


class ImageGeneration(TypedDict, total=False):
    """Lets the model make images."""

    type: Required[Literal["image_generation"]]
    action: Literal["generate", "edit", "auto"]
    background: Literal["transparent", "opaque", "auto"]
    complexity: Literal["low", "medium", "high"]
    frame_count: int
    frame_duration_ms: int
    """How long each frame of a GIF stays."""
    input_fidelity: Literal["high", "low"] | None
    input_image_mask: ImageGenerationInputImageMask
    model: str
    moderation: Literal["auto", "low"]
    output_compression: int
    output_format: Literal["png", "webp", "jpeg", "gif", "svg"]
    partial_images: int
    """How many pictures to stream while the image is made."""
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"]
    size: str | Literal["1024x1024", "1024x1536", "1536x1024", "auto"]
    svg: ImageGenerationSvg


class LocalShell(TypedDict):
    """Lets the model run commands on your machine, in an older form."""

    type: Literal["local_shell"]


class SkillReferenceParam(TypedDict, total=False):
    """A skill that the server holds."""

    skill_id: Required[str]
    type: Required[Literal["skill_reference"]]
    version: str


class InlineSkillSourceParam(TypedDict):
    """A skill's files as a zip archive."""

    data: str
    media_type: Literal["application/zip"]
    type: Literal["base64"]


class InlineSkillParam(TypedDict):
    """A skill in the request itself."""

    description: str
    name: str
    source: InlineSkillSourceParam
    type: Literal["inline"]


class ContainerAutoParam(TypedDict, total=False):
    """A container that the server makes."""

    type: Required[Literal["container_auto"]]
    file_ids: Sequence[str]
    memory_limit: Literal["1g", "4g", "16g", "64g"] | None
    network_policy: ContainerNetworkPolicyDisabledParam | ContainerNetworkPolicyAllowlistParam
    skills: Iterable[SkillReferenceParam | InlineSkillParam]


class LocalSkillParam(TypedDict):
    """A skill on your machine."""

    description: str
    name: str
    path: str


class LocalEnvironmentParam(TypedDict, total=False):
    """Your own machine."""

    type: Required[Literal["local"]]
    skills: Iterable[LocalSkillParam]


class ContainerReferenceParam(TypedDict):
    """A container that exists already."""

    container_id: str
    type: Literal["container_reference"]


class FunctionShellToolParam(TypedDict, total=False):
    """Lets the model run commands."""

    type: Required[Literal["shell"]]
    allowed_callers: list[Literal["direct", "programmatic"]] | None
    """Whether the model itself or its programs may call it."""
    environment: ContainerAutoParam | LocalEnvironmentParam | ContainerReferenceParam | None


class ResponseFormatText(TypedDict):
    """Any text."""

    type: Literal["text"]


class Grammar(TypedDict):
    """Text that follows a grammar."""

    definition: str
    """The grammar itself."""
    syntax: Literal["lark", "regex"]
    type: Literal["grammar"]


_CustomToolKeys = TypedDict("_CustomToolKeys", {"async": bool}, total=False)
"""A key that is a keyword of Python."""


class CustomToolParam(_CustomToolKeys, total=False):
    """A tool that takes free text."""

    name: Required[str]
    type: Required[Literal["custom"]]
    allowed_callers: list[Literal["direct", "programmatic"]] | None
    """Whether the model itself or its programs may call it."""
    defer_loading: bool
    """Keep the definition out of the prompt until it is searched for."""
    description: str
    format: ResponseFormatText | Grammar


class NamespaceToolParam(TypedDict):
    """Tools under a common name."""

    description: str
    name: str
    tools: Iterable[FunctionToolParam | CustomToolParam]
    type: Literal["namespace"]


class ToolSearchToolParam(TypedDict, total=False):
    """Lets the model search for tools that were left out of the prompt."""

    type: Required[Literal["tool_search"]]
    description: str | None
    execution: Literal["server", "client"]
    """Whether the server or you search."""
    parameters: Any


class WebSearchPreviewToolParam(TypedDict, total=False):
    """Lets the model search the web, in an older form."""

    type: Required[Literal["web_search_preview", "web_search_preview_2025_03_11"]]
    search_content_types: list[Literal["text", "image"]]
    search_context_size: Literal["low", "medium", "high"]
    user_location: UserLocation | None


class ApplyPatchToolParam(TypedDict, total=False):
    """Lets the model change files by patches."""

    type: Required[Literal["apply_patch"]]
    allowed_callers: list[Literal["direct", "programmatic"]] | None
    """Whether the model itself or its programs may call it."""


ToolParam = (
    FunctionToolParam
    | FileSearchToolParam
    | ComputerToolParam
    | ComputerUsePreviewToolParam
    | WebSearchToolParam
    | Mcp
    | CodeInterpreter
    | ProgrammaticToolCalling
    | ImageGeneration
    | LocalShell
    | FunctionShellToolParam
    | CustomToolParam
    | NamespaceToolParam
    | ToolSearchToolParam
    | WebSearchPreviewToolParam
    | ApplyPatchToolParam
)

# --- tool choice ------------------------------------------------------------------------------------


class ToolChoiceAllowedParam(TypedDict):
    """A choice among some of the tools."""

    mode: Literal["auto", "required"]
    """`required`: one of them must be called."""
    tools: Iterable[Mapping[str, Any]]
    """Tool choices such as {"type": "function", "name": "f"}."""
    type: Literal["allowed_tools"]


class ToolChoiceTypesParam(TypedDict):
    """The tool of this type must be called."""

    type: Literal[
        "file_search",
        "web_search_preview",
        "computer",
        "computer_use_preview",
        "computer_use",
        "web_search_preview_2025_03_11",
        "image_generation",
        "code_interpreter",
    ]


class ToolChoiceFunctionParam(TypedDict):
    """This function must be called."""

    name: str
    type: Literal["function"]


class ToolChoiceMcpParam(TypedDict, total=False):
    """A tool of this MCP server must be called."""

    server_label: Required[str]
    """Your name for the MCP server."""
    type: Required[Literal["mcp"]]
    name: str | None


class ToolChoiceCustomParam(TypedDict):
    """This tool that takes free text must be called."""

    name: str
    type: Literal["custom"]


class ToolChoiceApplyPatchParam(TypedDict):
    """The patch tool must be called."""

    type: Literal["apply_patch"]


class ToolChoiceShellParam(TypedDict):
    """The shell tool must be called."""

    type: Literal["shell"]


ToolChoice = (
    ProgrammaticToolCalling
    | ToolChoiceAllowedParam
    | ToolChoiceTypesParam
    | ToolChoiceFunctionParam
    | ToolChoiceMcpParam
    | ToolChoiceCustomParam
    | ToolChoiceApplyPatchParam
    | ToolChoiceShellParam
)

# --- content and items ------------------------------------------------------------------------------


class PromptCacheBreakpoint(TypedDict, total=False):
    """The prompt is cached up to here."""

    mode: Required[Literal["explicit"]]
    ttl: Literal["30m", "12h"]


class ResponseInputTextParam(TypedDict, total=False):
    """A text that is given to the model."""

    text: Required[str]
    type: Required[Literal["input_text"]]
    prompt_cache_breakpoint: PromptCacheBreakpoint
    """The prompt is cached up to here."""


class ResponseInputImageParam(TypedDict, total=False):
    """An image that is given to the model."""

    detail: Literal["low", "high", "auto", "original"] | None
    """How closely to look."""
    type: Required[Literal["input_image"]]
    file_id: str | None
    image_url: str | None
    """http(s), or data: with the image in base64."""
    prompt_cache_breakpoint: PromptCacheBreakpoint
    """The prompt is cached up to here."""


class ResponseInputFileParam(TypedDict, total=False):
    """A file that is given to the model."""

    type: Required[Literal["input_file"]]
    detail: Literal["auto", "low", "high"]
    """How closely to look."""
    file_data: str
    """Base64."""
    file_id: str | None
    file_url: str
    """http(s)."""
    filename: str
    prompt_cache_breakpoint: PromptCacheBreakpoint
    """The prompt is cached up to here."""


class EasyInputMessageParam(TypedDict, total=False):
    """A message in its short form."""

    content: Required[str | list[ResponseInputContentParam]]
    role: Required[Literal["user", "assistant", "system", "developer"]]
    phase: Literal["commentary", "final_answer"] | None
    """Whether it is said on the way or is the answer."""
    type: Literal["message"]


class Message(TypedDict, total=False):
    """A message of the user or of the program's author."""

    content: Required[list[ResponseInputContentParam]]
    role: Required[Literal["user", "system", "developer"]]
    status: Literal["in_progress", "completed", "incomplete"]
    type: Literal["message"]


class AnnotationFileCitation(TypedDict):
    """A file that the text rests on."""

    file_id: str
    filename: str
    index: int
    """Place of the file in the list of files."""
    type: Literal["file_citation"]


class AnnotationURLCitation(TypedDict):
    """A web page that a part of the text rests on."""

    end_index: int
    start_index: int
    title: str
    type: Literal["url_citation"]
    url: str


class AnnotationContainerFileCitation(TypedDict):
    """A file in a container that a part of the text rests on."""

    container_id: str
    end_index: int
    file_id: str
    filename: str
    start_index: int
    type: Literal["container_file_citation"]


class AnnotationFilePath(TypedDict):
    """A file that the text names."""

    file_id: str
    index: int
    """Place of the file in the list of files."""
    type: Literal["file_path"]


class LogprobTopLogprob(TypedDict):
    """One of the likeliest tokens at a position."""

    token: str
    bytes: Iterable[int]
    """The token's UTF-8 bytes."""
    logprob: float


class Logprob(TypedDict):
    """A generated token and its likeliest rivals."""

    token: str
    bytes: Iterable[int]
    """The token's UTF-8 bytes."""
    logprob: float
    top_logprobs: Iterable[LogprobTopLogprob]


class ResponseOutputTextParam(TypedDict, total=False):
    """A text that the model wrote."""

    annotations: Required[Iterable[Annotation]]
    """Sources of the text."""
    text: Required[str]
    type: Required[Literal["output_text"]]
    logprobs: Iterable[Logprob]
    """With `include` of `message.output_text.logprobs`."""


class ResponseOutputRefusalParam(TypedDict):
    """Why the model would not answer."""

    refusal: str
    type: Literal["refusal"]


class ResponseOutputMessageParam(TypedDict, total=False):
    """A message that the model wrote."""

    id: Required[str]
    content: Required[Iterable[ResponseOutputTextParam | ResponseOutputRefusalParam]]
    role: Required[Literal["assistant"]]
    status: Required[Literal["in_progress", "completed", "incomplete"]]
    type: Required[Literal["message"]]
    phase: Literal["commentary", "final_answer"] | None
    """Whether it is said on the way or is the answer."""


class Result(TypedDict, total=False):
    """What a file search found."""

    attributes: Mapping[str, str | float | bool] | None
    """Your own values on the file."""
    file_id: str
    filename: str
    score: float
    """0 to 1."""
    text: str


class ResponseFileSearchToolCallParam(TypedDict, total=False):
    """A search in files."""

    id: Required[str]
    queries: Required[Sequence[str]]
    status: Required[Literal["in_progress", "searching", "completed", "incomplete", "failed"]]
    type: Required[Literal["file_search_call"]]
    results: Iterable[Result] | None
    """With `include` of `file_search_call.results`."""


class PendingSafetyCheck(TypedDict, total=False):
    """Something to be confirmed before the action is done."""

    id: Required[str]
    code: str | None
    message: str | None


class Click(TypedDict, total=False):
    """Press a mouse button."""

    button: Required[Literal["left", "right", "wheel", "back", "forward"]]
    type: Required[Literal["click"]]
    x: Required[int]
    y: Required[int]
    keys: Sequence[str] | None


class DoubleClick(TypedDict):
    """Press a mouse button twice."""

    keys: Sequence[str] | None
    type: Literal["double_click"]
    x: int
    y: int


class DragPath(TypedDict):
    """A point on the screen."""

    x: int
    y: int


class Drag(TypedDict, total=False):
    """Move with the button held down."""

    path: Required[Iterable[DragPath]]
    type: Required[Literal["drag"]]
    keys: Sequence[str] | None


class Keypress(TypedDict):
    """Press keys together."""

    keys: Sequence[str]
    type: Literal["keypress"]


class Move(TypedDict, total=False):
    """Move the mouse."""

    type: Required[Literal["move"]]
    x: Required[int]
    y: Required[int]
    keys: Sequence[str] | None


class Screenshot(TypedDict):
    """Take a picture of the screen."""

    type: Literal["screenshot"]


class Scroll(TypedDict, total=False):
    """Turn the wheel."""

    scroll_x: Required[int]
    scroll_y: Required[int]
    type: Required[Literal["scroll"]]
    x: Required[int]
    y: Required[int]
    keys: Sequence[str] | None


class Type(TypedDict):
    """Write on the keyboard."""

    text: str
    type: Literal["type"]


class Wait(TypedDict):
    """Do nothing for a while."""

    type: Literal["wait"]


class ResponseComputerToolCallParam(TypedDict, total=False):
    """Something that the model wants done on a screen."""

    id: Required[str]
    call_id: Required[str]
    """Ties the call to its output."""
    pending_safety_checks: Required[Iterable[PendingSafetyCheck]]
    status: Required[Literal["in_progress", "completed", "incomplete"]]
    type: Required[Literal["computer_call"]]
    action: ComputerActionParam
    actions: list[ComputerActionParam]
    """Several actions, for newer models."""


class ResponseComputerToolCallOutputScreenshotParam(TypedDict, total=False):
    """A picture of the screen."""

    type: Required[Literal["computer_screenshot"]]
    file_id: str
    image_url: str


class ComputerCallOutput(TypedDict, total=False):
    """The picture that answers a computer call."""

    call_id: Required[str]
    """Ties the call to its output."""
    output: Required[ResponseComputerToolCallOutputScreenshotParam]
    type: Required[Literal["computer_call_output"]]
    id: str | None
    acknowledged_safety_checks: Iterable[PendingSafetyCheck] | None
    status: Literal["in_progress", "completed", "incomplete"] | None


class ActionSearchSource(TypedDict):
    """A page that a search found."""

    type: Literal["url"]
    url: str


class ActionSearch(TypedDict, total=False):
    """Search the web."""

    type: Required[Literal["search"]]
    queries: Sequence[str]
    query: str
    sources: Iterable[ActionSearchSource]


class ActionOpenPage(TypedDict, total=False):
    """Open a page."""

    type: Required[Literal["open_page"]]
    url: str | None


class ActionFind(TypedDict):
    """Search within a page."""

    pattern: str
    type: Literal["find_in_page"]
    url: str


class ResponseFunctionWebSearchParam(TypedDict):
    """A search on the web."""

    id: str
    action: ActionSearch | ActionOpenPage | ActionFind
    status: Literal["in_progress", "searching", "completed", "incomplete", "failed"]
    type: Literal["web_search_call"]


class CallerDirect(TypedDict):
    """The model itself made the call."""

    type: Literal["direct"]


class CallerProgram(TypedDict):
    """A program that the model wrote made the call."""

    caller_id: str
    """The program item."""
    type: Literal["program"]


_ResponseFunctionToolCallKeys = TypedDict("_ResponseFunctionToolCallKeys", {"async": bool}, total=False)
"""A key that is a keyword of Python."""


class ResponseFunctionToolCallParam(_ResponseFunctionToolCallKeys, total=False):
    """A function call that the model wrote."""

    arguments: Required[str]
    """JSON text as the model wrote it: it may be invalid."""
    call_id: Required[str]
    """Ties the call to its output."""
    name: Required[str]
    type: Required[Literal["function_call"]]
    id: str
    caller: Caller | None
    """Who made the call."""
    namespace: str
    """The namespace that the function belongs to."""
    status: Literal["in_progress", "completed", "incomplete"]


class FunctionCallOutput(TypedDict, total=False):
    """What a function answered."""

    output: Required[str | list[ResponseInputContentParam]]
    type: Required[Literal["function_call_output"]]
    id: str | None
    call_id: str | None
    """Ties the call to its output."""
    caller: Caller | None
    """Who made the call."""
    name: str | None
    namespace: str | None
    """The namespace that the function belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | None


class ToolSearchCall(TypedDict, total=False):
    """A search for tools."""

    arguments: Required[Any]
    type: Required[Literal["tool_search_call"]]
    id: str | None
    call_id: str | None
    """Ties the call to its output."""
    execution: Literal["server", "client"]
    """Whether the server or you search."""
    status: Literal["in_progress", "completed", "incomplete"] | None


class ResponseToolSearchOutputItemParamParam(TypedDict, total=False):
    """The tools that a search found, as they are sent."""

    tools: Required[Iterable[ToolParam]]
    type: Required[Literal["tool_search_output"]]
    id: str | None
    call_id: str | None
    """Ties the call to its output."""
    execution: Literal["server", "client"]
    """Whether the server or you search."""
    status: Literal["in_progress", "completed", "incomplete"] | None


class AdditionalTools(TypedDict, total=False):
    """Tools that come into play from here on."""

    role: Required[Literal["developer"]]
    tools: Required[Iterable[ToolParam]]
    type: Required[Literal["additional_tools"]]
    id: str | None


class ResponseFormatTextJSONSchemaConfigParam(TypedDict, total=False):
    """JSON that follows a schema."""

    name: Required[str]
    """Name of the schema; shown to no model."""
    schema: Required[Mapping[str, Any]]
    type: Required[Literal["json_schema"]]
    description: str
    strict: bool | None
    """Hold the output to the schema."""


class ConfigurationUpdateTextParam(TypedDict):
    """The form of the output from here on."""

    format: ResponseFormatText | ResponseFormatTextJSONSchemaConfigParam


class ResponseConfigurationUpdateItemParamParam(TypedDict, total=False):
    """Settings that hold from here on."""

    type: Required[Literal["configuration_update"]]
    id: str | None
    reasoning: ImageGenerationSvgReasoning
    text: ConfigurationUpdateTextParam


class Summary(TypedDict):
    """A part of the summary of the reasoning."""

    text: str
    type: Literal["summary_text"]


class Content(TypedDict):
    """A part of the reasoning itself."""

    text: str
    type: Literal["reasoning_text"]


class ResponseReasoningItemParam(TypedDict, total=False):
    """What the model thought."""

    id: Required[str]
    summary: Required[Iterable[Summary]]
    """What the server tells of the reasoning."""
    type: Required[Literal["reasoning"]]
    content: Iterable[Content]
    """The reasoning itself, where the server shows it; vLLM does."""
    encrypted_content: str | None
    """Readable for the server only; to be sent back as it is."""
    status: Literal["in_progress", "completed", "incomplete"]


class ResponseCompactionItemParamParam(TypedDict, total=False):
    """A conversation in compact form, as it is sent."""

    encrypted_content: Required[str]
    """Readable for the server only; to be sent back as it is."""
    type: Required[Literal["compaction"]]
    id: str | None


class ImageGenerationCallErrorModerationDetails(TypedDict):
    """What the judgement of an image found."""

    categories: Sequence[str]
    moderation_stage: Literal["input", "output", "unknown"]


class ImageGenerationCallError(TypedDict, total=False):
    """Why an image was not made."""

    code: Required[str | None]
    message: Required[str]
    param: Required[str | None]
    type: Required[str]
    moderation_details: ImageGenerationCallErrorModerationDetails


class ImageGenerationCallSvgUsage(TypedDict):
    """Tokens that drawing an SVG took."""

    input_tokens: int
    model: str
    output_tokens: int
    reasoning_tokens: int
    """Tokens spent on reasoning."""
    total_tokens: int


class ImageGenerationCall(TypedDict, total=False):
    """An image that the model had made."""

    id: Required[str]
    result: Required[str | None]
    """The image in base64."""
    status: Required[Literal["in_progress", "completed", "generating", "failed"]]
    type: Required[Literal["image_generation_call"]]
    action: Literal["generate", "edit", "auto"] | None
    background: Literal["transparent", "opaque", "auto"] | None
    error: ImageGenerationCallError
    output_format: Literal["png", "webp", "jpeg", "gif", "svg"] | None
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"] | None
    revised_prompt: str | None
    """What the server made of the prompt."""
    size: str | Literal["1024x1024", "1024x1536", "1536x1024"] | None
    svg_usage: ImageGenerationCallSvgUsage


class OutputLogs(TypedDict):
    """What a program printed."""

    logs: str
    type: Literal["logs"]


class OutputImage(TypedDict):
    """An image that a program drew."""

    type: Literal["image"]
    url: str


class ResponseCodeInterpreterToolCallParam(TypedDict):
    """Python that the model had run."""

    id: str
    code: str | None
    container_id: str
    outputs: Iterable[OutputLogs | OutputImage] | None
    status: Literal["in_progress", "completed", "incomplete", "interpreting", "failed"]
    type: Literal["code_interpreter_call"]


class LocalShellCallAction(TypedDict, total=False):
    """A command for your machine."""

    command: Required[Sequence[str]]
    env: Required[Mapping[str, str]]
    """Environment variables."""
    type: Required[Literal["exec"]]
    timeout_ms: int | None
    """Milliseconds after which the command is ended."""
    user: str | None
    working_directory: str | None


class LocalShellCall(TypedDict):
    """A command that the model wants run on your machine, in an older form."""

    id: str
    action: LocalShellCallAction
    call_id: str
    """Ties the call to its output."""
    status: Literal["in_progress", "completed", "incomplete"]
    type: Literal["local_shell_call"]


class LocalShellCallOutput(TypedDict, total=False):
    """What the command printed."""

    id: Required[str]
    output: Required[str]
    type: Required[Literal["local_shell_call_output"]]
    status: Literal["in_progress", "completed", "incomplete"] | None


class ShellCallAction(TypedDict, total=False):
    """Commands and their limits."""

    commands: Required[Sequence[str]]
    max_output_length: int | None
    """Most characters to return."""
    timeout_ms: int | None
    """Milliseconds after which the command is ended."""


class ShellCall(TypedDict, total=False):
    """Commands that the model wants run, as they are sent."""

    action: Required[ShellCallAction]
    call_id: Required[str]
    """Ties the call to its output."""
    type: Required[Literal["shell_call"]]
    id: str | None
    caller: Caller | None
    """Who made the call."""
    environment: LocalEnvironmentParam | ContainerReferenceParam | None
    status: Literal["in_progress", "completed", "incomplete"] | None


class OutcomeTimeout(TypedDict):
    """The command took too long."""

    type: Literal["timeout"]


class OutcomeExit(TypedDict):
    """The command ended."""

    exit_code: int
    """0 means that it went well."""
    type: Literal["exit"]


class ResponseFunctionShellCallOutputContentParam(TypedDict):
    """What one command printed and how it ended."""

    outcome: OutcomeTimeout | OutcomeExit
    stderr: str
    stdout: str


class ShellCallOutput(TypedDict, total=False):
    """What the commands printed, as it is sent."""

    call_id: Required[str]
    """Ties the call to its output."""
    output: Required[Iterable[ResponseFunctionShellCallOutputContentParam]]
    type: Required[Literal["shell_call_output"]]
    id: str | None
    caller: Caller | None
    """Who made the call."""
    max_output_length: int | None
    """Most characters to return."""
    status: Literal["in_progress", "completed", "incomplete"] | None


class ApplyPatchCallOperationCreateFile(TypedDict):
    """Make a file."""

    diff: str
    """The change, as a unified diff."""
    path: str
    type: Literal["create_file"]


class ApplyPatchCallOperationDeleteFile(TypedDict):
    """Delete a file."""

    path: str
    type: Literal["delete_file"]


class ApplyPatchCallOperationUpdateFile(TypedDict):
    """Change a file."""

    diff: str
    """The change, as a unified diff."""
    path: str
    type: Literal["update_file"]


class ApplyPatchCall(TypedDict, total=False):
    """A patch that the model wants applied, as it is sent."""

    call_id: Required[str]
    """Ties the call to its output."""
    operation: Required[Operation]
    status: Required[Literal["in_progress", "completed"]]
    type: Required[Literal["apply_patch_call"]]
    id: str | None
    caller: Caller | None
    """Who made the call."""


class ApplyPatchCallOutput(TypedDict, total=False):
    """How the patch went, as it is sent."""

    call_id: Required[str]
    """Ties the call to its output."""
    status: Required[Literal["completed", "failed"]]
    type: Required[Literal["apply_patch_call_output"]]
    id: str | None
    caller: Caller | None
    """Who made the call."""
    output: str | None


class McpListToolsTool(TypedDict, total=False):
    """A tool of an MCP server."""

    input_schema: Required[Any]
    """JSON schema of its arguments."""
    name: Required[str]
    annotations: Any
    description: str | None


class McpListTools(TypedDict, total=False):
    """The tools of an MCP server."""

    id: Required[str]
    server_label: Required[str]
    """Your name for the MCP server."""
    tools: Required[Iterable[McpListToolsTool]]
    type: Required[Literal["mcp_list_tools"]]
    error: str | None


class McpApprovalRequest(TypedDict):
    """A call that waits for your approval."""

    id: str
    arguments: str
    name: str
    server_label: str
    """Your name for the MCP server."""
    type: Literal["mcp_approval_request"]


class McpApprovalResponse(TypedDict, total=False):
    """Your approval or refusal."""

    approval_request_id: Required[str]
    """The item that asked for approval."""
    approve: Required[bool]
    type: Required[Literal["mcp_approval_response"]]
    id: str | None
    reason: str | None


class McpProtocolError(TypedDict):
    """The MCP server broke the protocol."""

    code: int
    message: str
    type: Literal["mcp_protocol_error"]


class McpToolExecutionError(TypedDict):
    """The tool failed."""

    content: Any
    type: Literal["mcp_tool_execution_error"]


class HTTPError(TypedDict):
    """The MCP server answered with an HTTP error."""

    code: int
    message: str
    type: Literal["http_error"]


class McpCall(TypedDict, total=False):
    """A call of an MCP server's tool."""

    id: Required[str]
    arguments: Required[str]
    name: Required[str]
    server_label: Required[str]
    """Your name for the MCP server."""
    type: Required[Literal["mcp_call"]]
    approval_request_id: str | None
    """The item that asked for approval."""
    error: McpProtocolError | McpToolExecutionError | HTTPError | None
    output: str | None
    """What the tool answered."""
    status: Literal["in_progress", "completed", "incomplete", "calling", "failed"]


class ResponseCustomToolCallOutputParam(TypedDict, total=False):
    """What a tool that takes free text answered."""

    call_id: Required[str]
    """Ties the call to its output."""
    output: Required[str | Iterable[ResponseInputContentParam]]
    type: Required[Literal["custom_tool_call_output"]]
    id: str
    caller: Caller | None
    """Who made the call."""


_ResponseCustomToolCallKeys = TypedDict("_ResponseCustomToolCallKeys", {"async": bool}, total=False)
"""A key that is a keyword of Python."""


class ResponseCustomToolCallParam(_ResponseCustomToolCallKeys, total=False):
    """A call of a tool that takes free text."""

    call_id: Required[str]
    """Ties the call to its output."""
    input: Required[str]
    name: Required[str]
    type: Required[Literal["custom_tool_call"]]
    id: str
    caller: Caller | None
    """Who made the call."""
    namespace: str
    """The namespace that the function belongs to."""


class CompactionTrigger(TypedDict, total=False):
    """Asks for the conversation to be compacted here."""

    type: Required[Literal["compaction_trigger"]]
    id: str | None


class ItemReference(TypedDict, total=False):
    """An item that the server holds."""

    id: Required[str]
    type: Literal["item_reference"] | None


class Program(TypedDict):
    """A program that the model wrote to call tools."""

    id: str
    call_id: str
    """Ties the call to its output."""
    code: str
    fingerprint: str
    type: Literal["program"]


class ProgramOutput(TypedDict):
    """What the program returned."""

    id: str
    call_id: str
    """Ties the call to its output."""
    result: str
    status: Literal["completed", "incomplete"]
    type: Literal["program_output"]


ResponseInputContentParam = ResponseInputTextParam | ResponseInputImageParam | ResponseInputFileParam
Annotation = (
    AnnotationFileCitation | AnnotationURLCitation | AnnotationContainerFileCitation | AnnotationFilePath
)
Caller = CallerDirect | CallerProgram
ComputerActionParam = Click | DoubleClick | Drag | Keypress | Move | Screenshot | Scroll | Type | Wait
Operation = (
    ApplyPatchCallOperationCreateFile | ApplyPatchCallOperationDeleteFile | ApplyPatchCallOperationUpdateFile
)
ResponseInputItemParam = (
    EasyInputMessageParam
    | Message
    | ResponseOutputMessageParam
    | ResponseFileSearchToolCallParam
    | ResponseComputerToolCallParam
    | ComputerCallOutput
    | ResponseFunctionWebSearchParam
    | ResponseFunctionToolCallParam
    | FunctionCallOutput
    | ToolSearchCall
    | ResponseToolSearchOutputItemParamParam
    | AdditionalTools
    | ResponseConfigurationUpdateItemParamParam
    | ResponseReasoningItemParam
    | ResponseCompactionItemParamParam
    | ImageGenerationCall
    | ResponseCodeInterpreterToolCallParam
    | LocalShellCall
    | LocalShellCallOutput
    | ShellCall
    | ShellCallOutput
    | ApplyPatchCall
    | ApplyPatchCallOutput
    | McpListTools
    | McpApprovalRequest
    | McpApprovalResponse
    | McpCall
    | ResponseCustomToolCallOutputParam
    | ResponseCustomToolCallParam
    | CompactionTrigger
    | ItemReference
    | Program
    | ProgramOutput
)
ResponseInputParam = Iterable[ResponseInputItemParam | WireModel]
"""Items of a conversation; those of a reply may stand as they are."""

# --- settings ---------------------------------------------------------------------------------------


class AccessPrograms(TypedDict, total=False):
    """What special use of the model was granted."""

    cyber: Literal["standard", "daybreak_blue", "daybreak_red"]


class BackgroundOptions(TypedDict, total=False):
    """When a background response is to be done."""

    completion_window: Literal["soonest", "2h", "8h"]
    continuation_id: str
    """The background response that this one goes on from."""


class ContextManagement(TypedDict, total=False):
    """When the server compacts the conversation."""

    type: Required[str]
    """`compaction`."""
    compact_threshold: int | None
    """How many tokens of conversation lead to compaction."""


class ResponseConversationParamParam(TypedDict):
    """The conversation to go on with."""

    id: str


class Image(TypedDict, total=False):
    """How images in the input are treated."""

    context_compression: Literal["auto", "enabled", "disabled"]


class ModerationPolicyInput(TypedDict):
    """What a verdict leads to."""

    mode: Literal["score", "block"]


class ModerationPolicy(TypedDict, total=False):
    """What verdicts on request and reply lead to."""

    input: ModerationPolicyInput | None
    output: ModerationPolicyInput | None


class Moderation(TypedDict, total=False):
    """Moderation of the request and of the reply."""

    model: Required[str]
    policy: ModerationPolicy | None


class ResponsePromptParam(TypedDict, total=False):
    """A prompt template that the server holds."""

    id: Required[str]
    variables: Mapping[str, str | ResponseInputContentParam] | None
    """What to put in place of its variables."""
    version: str | None


class PromptCacheOptions(TypedDict, total=False):
    """How the prompt is cached."""

    comparison_response_id: str | None
    mode: Literal["implicit", "explicit"]
    prewarm: bool
    ttl: Literal["30m", "12h"]


class Reasoning(TypedDict, total=False):
    """How the model reasons."""

    context: Literal["auto", "current_turn", "all_turns"] | None
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None
    """How hard to reason."""
    generate_summary: Literal["auto", "concise", "detailed"] | None
    """Older name of `summary`."""
    mode: str | Literal["standard", "pro"]
    summary: Literal["auto", "concise", "detailed"] | None
    """What the reply tells of the reasoning."""


class StreamOptions(TypedDict, total=False):
    """What a stream carries."""

    include_obfuscation: bool


class ResponseFormatJSONObject(TypedDict):
    """Any JSON."""

    type: Literal["json_object"]


class ResponseTextConfigParam(TypedDict, total=False):
    """The form of the text."""

    format: ResponseFormatTextConfigParam
    verbosity: Literal["low", "medium", "high"] | None


class CompactPromptCacheOptions(TypedDict, total=False):
    """How the prompt is cached."""

    mode: Literal["implicit", "explicit"]
    ttl: Literal["30m"]


ResponseFormatTextConfigParam = (
    ResponseFormatText | ResponseFormatTextJSONSchemaConfigParam | ResponseFormatJSONObject
)

# --- other official names ---------------------------------------------------------------------------

ResponseInputTextContentParam = ResponseInputTextParam
ResponseInputImageContentParam = ResponseInputImageParam
ResponseInputFileContentParam = ResponseInputFileParam
ComputerCallOutputAcknowledgedSafetyCheck = PendingSafetyCheck
ActionClick = Click
ActionDoubleClick = DoubleClick
ActionDragPath = DragPath
ActionDrag = Drag
ActionKeypress = Keypress
ActionMove = Move
ActionScreenshot = Screenshot
ActionScroll = Scroll
ActionType = Type
ActionWait = Wait
FunctionCallOutputCallerDirect = CallerDirect
ShellCallCallerDirect = CallerDirect
ShellCallOutputCallerDirect = CallerDirect
ApplyPatchCallCallerDirect = CallerDirect
ApplyPatchCallOutputCallerDirect = CallerDirect
FunctionCallOutputCallerProgram = CallerProgram
ShellCallCallerProgram = CallerProgram
ShellCallOutputCallerProgram = CallerProgram
ApplyPatchCallCallerProgram = CallerProgram
ApplyPatchCallOutputCallerProgram = CallerProgram
ToolFunction = FunctionToolParam
ToolMcpAllowedToolsMcpToolFilter = McpAllowedToolsMcpToolFilter
ToolMcpRequireApprovalMcpToolApprovalFilterAlways = McpAllowedToolsMcpToolFilter
ToolMcpRequireApprovalMcpToolApprovalFilterNever = McpAllowedToolsMcpToolFilter
McpRequireApprovalMcpToolApprovalFilterAlways = McpAllowedToolsMcpToolFilter
McpRequireApprovalMcpToolApprovalFilterNever = McpAllowedToolsMcpToolFilter
ToolMcpRequireApprovalMcpToolApprovalFilter = McpRequireApprovalMcpToolApprovalFilter
ToolMcp = Mcp
ToolCodeInterpreterContainerCodeInterpreterToolAuto = CodeInterpreterContainerCodeInterpreterToolAuto
ToolCodeInterpreter = CodeInterpreter
ToolProgrammaticToolCalling = ProgrammaticToolCalling
ToolChoiceSpecificProgrammaticToolCallingParam = ProgrammaticToolCalling
ToolImageGenerationInputImageMask = ImageGenerationInputImageMask
ToolImageGenerationSvgReasoning = ImageGenerationSvgReasoning
ToolImageGenerationSvg = ImageGenerationSvg
ToolImageGeneration = ImageGeneration
ToolLocalShell = LocalShell
ToolSearchOutputNamespaceToolParam = NamespaceToolParam
ModerationPolicyOutput = ModerationPolicyInput
ResponseInputMessageContentListParam = Iterable[ResponseInputContentParam]
ResponseFunctionCallOutputItemParam = ResponseInputContentParam
ResponseFunctionCallOutputItemListParam = Iterable[ResponseInputContentParam]
ComputerActionListParam = Iterable[ComputerActionParam]
McpToolCallErrorParam = McpProtocolError | McpToolExecutionError | HTTPError
