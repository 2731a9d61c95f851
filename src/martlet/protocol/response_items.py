"""What a conversation of /v1/responses is made of: contents and items, of the input and of the output.

Classes whose names end in `Param` are items as they are sent; a response may repeat them.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from martlet.protocol.base import OneOf, WireModel
from martlet.protocol.response_tools import (
    ContainerReference,
    ImageGenerationSvgReasoning,
    LocalEnvironment,
    ResponseFormatText,
    Tool,
)

ImageDetail = Literal["low", "high", "auto", "original"]

# --- content ----------------------------------------------------------------------------------------


class PromptCacheBreakpoint(WireModel, kw_only=True):
    """The prompt is cached up to here."""

    mode: Literal["explicit"] | str
    ttl: Literal["30m", "12h"] | str | None = None


class ResponseInputText(WireModel, kw_only=True):
    """A text that is given to the model."""

    text: str
    type: Literal["input_text"] = "input_text"
    prompt_cache_breakpoint: PromptCacheBreakpoint | None = None
    """The prompt is cached up to here."""


class ResponseInputImage(WireModel, kw_only=True):
    """An image that is given to the model."""

    detail: Literal["low", "high", "auto", "original"] | str | None = None
    """How closely to look."""
    type: Literal["input_image"] = "input_image"
    file_id: str | None = None
    image_url: str | None = None
    """http(s), or data: with the image in base64."""
    prompt_cache_breakpoint: PromptCacheBreakpoint | None = None
    """The prompt is cached up to here."""


class ResponseInputFile(WireModel, kw_only=True):
    """A file that is given to the model."""

    type: Literal["input_file"] = "input_file"
    detail: Literal["auto", "low", "high"] | str | None = None
    """How closely to look."""
    file_data: str | None = None
    """Base64."""
    file_id: str | None = None
    file_url: str | None = None
    """http(s)."""
    filename: str | None = None
    prompt_cache_breakpoint: PromptCacheBreakpoint | None = None
    """The prompt is cached up to here."""


class AnnotationFileCitation(WireModel, kw_only=True):
    """A file that the text rests on."""

    file_id: str
    filename: str
    index: int
    """Place of the file in the list of files."""
    type: Literal["file_citation"] = "file_citation"


class AnnotationURLCitation(WireModel, kw_only=True):
    """A web page that a part of the text rests on."""

    end_index: int
    start_index: int
    title: str
    type: Literal["url_citation"] = "url_citation"
    url: str


class AnnotationContainerFileCitation(WireModel, kw_only=True):
    """A file in a container that a part of the text rests on."""

    container_id: str
    end_index: int
    file_id: str
    filename: str
    start_index: int
    type: Literal["container_file_citation"] = "container_file_citation"


class AnnotationFilePath(WireModel, kw_only=True):
    """A file that the text names."""

    file_id: str
    index: int
    """Place of the file in the list of files."""
    type: Literal["file_path"] = "file_path"


class LogprobTopLogprob(WireModel, kw_only=True):
    """One of the likeliest tokens at a position."""

    token: str
    bytes: list[int]
    """The token's UTF-8 bytes."""
    logprob: float


class Logprob(WireModel, kw_only=True):
    """A generated token and its likeliest rivals."""

    token: str
    bytes: list[int]
    """The token's UTF-8 bytes."""
    logprob: float
    top_logprobs: list[LogprobTopLogprob]


class ResponseOutputText(WireModel, kw_only=True):
    """A text that the model wrote."""

    annotations: list[Annotation]
    """Sources of the text."""
    text: str
    type: Literal["output_text"] = "output_text"
    logprobs: list[Logprob] | None = None
    """With `include` of `message.output_text.logprobs`."""


class ResponseOutputRefusal(WireModel, kw_only=True):
    """Why the model would not answer."""

    refusal: str
    type: Literal["refusal"] = "refusal"


ResponseInputContent = OneOf[ResponseInputText | ResponseInputImage | ResponseInputFile]

Annotation = OneOf[
    AnnotationFileCitation | AnnotationURLCitation | AnnotationContainerFileCitation | AnnotationFilePath
]

# --- form of the output -----------------------------------------------------------------------------


class ResponseFormatTextJSONSchemaConfig(WireModel, kw_only=True):
    """JSON that follows a schema."""

    name: str
    """Name of the schema; shown to no model."""
    schema_: dict[str, Any] = field(name="schema")
    type: Literal["json_schema"] = "json_schema"
    description: str | None = None
    strict: bool | None = None
    """Hold the output to the schema."""


class ResponseFormatJSONObject(WireModel, kw_only=True):
    """Any JSON."""

    type: Literal["json_object"] = "json_object"


ResponseFormatTextConfig = OneOf[
    ResponseFormatText | ResponseFormatTextJSONSchemaConfig | ResponseFormatJSONObject
]

# --- items ------------------------------------------------------------------------------------------


class EasyInputMessage(WireModel, kw_only=True):
    """A message in its short form."""

    content: str | list[ResponseInputContent]
    role: Literal["user", "assistant", "system", "developer"] | str
    phase: Literal["commentary", "final_answer"] | str | None = None
    """Whether it is said on the way or is the answer."""
    type: Literal["message"] | None = None


class Message(WireModel, kw_only=True):
    """A message of the user or of the program's author."""

    content: list[ResponseInputContent]
    role: Literal["user", "system", "developer"]
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None
    type: Literal["message"] | None = None


class ResponseOutputMessage(WireModel, kw_only=True):
    """A message that the model wrote."""

    id: str
    content: list[OneOf[ResponseOutputText | ResponseOutputRefusal]]
    role: Literal["assistant"] = "assistant"
    status: Literal["in_progress", "completed", "incomplete"] | str
    type: Literal["message"] = "message"
    phase: Literal["commentary", "final_answer"] | str | None = None
    """Whether it is said on the way or is the answer."""


class Result(WireModel, kw_only=True):
    """What a file search found."""

    attributes: dict[str, str | float | bool] | None = None
    """Your own values on the file."""
    file_id: str | None = None
    filename: str | None = None
    score: float | None = None
    """0 to 1."""
    text: str | None = None


class ResponseFileSearchToolCall(WireModel, kw_only=True):
    """A search in files."""

    id: str
    queries: list[str]
    status: Literal["in_progress", "searching", "completed", "incomplete", "failed"] | str
    type: Literal["file_search_call"] = "file_search_call"
    results: list[Result] | None = None
    """With `include` of `file_search_call.results`."""


class PendingSafetyCheck(WireModel, kw_only=True):
    """Something to be confirmed before the action is done."""

    id: str
    code: str | None = None
    message: str | None = None


class Click(WireModel, kw_only=True):
    """Press a mouse button."""

    button: Literal["left", "right", "wheel", "back", "forward"] | str
    type: Literal["click"] = "click"
    x: int
    y: int
    keys: list[str] | None = None


class DoubleClick(WireModel, kw_only=True):
    """Press a mouse button twice."""

    keys: list[str] | None = None
    type: Literal["double_click"] = "double_click"
    x: int
    y: int


class DragPath(WireModel, kw_only=True):
    """A point on the screen."""

    x: int
    y: int


class Drag(WireModel, kw_only=True):
    """Move with the button held down."""

    path: list[DragPath]
    type: Literal["drag"] = "drag"
    keys: list[str] | None = None


class Keypress(WireModel, kw_only=True):
    """Press keys together."""

    keys: list[str]
    type: Literal["keypress"] = "keypress"


class Move(WireModel, kw_only=True):
    """Move the mouse."""

    type: Literal["move"] = "move"
    x: int
    y: int
    keys: list[str] | None = None


class Screenshot(WireModel, kw_only=True):
    """Take a picture of the screen."""

    type: Literal["screenshot"] = "screenshot"


class Scroll(WireModel, kw_only=True):
    """Turn the wheel."""

    scroll_x: int
    scroll_y: int
    type: Literal["scroll"] = "scroll"
    x: int
    y: int
    keys: list[str] | None = None


class Type(WireModel, kw_only=True):
    """Write on the keyboard."""

    text: str
    type: Literal["type"] = "type"


class Wait(WireModel, kw_only=True):
    """Do nothing for a while."""

    type: Literal["wait"] = "wait"


class ResponseComputerToolCall(WireModel, kw_only=True):
    """Something that the model wants done on a screen."""

    id: str
    call_id: str
    """Ties the call to its output."""
    pending_safety_checks: list[PendingSafetyCheck]
    status: Literal["in_progress", "completed", "incomplete"] | str
    type: Literal["computer_call"] = "computer_call"
    action: ComputerAction | None = None
    actions: list[ComputerAction] | None = None
    """Several actions, for newer models."""


class ResponseComputerToolCallOutputScreenshot(WireModel, kw_only=True):
    """A picture of the screen."""

    type: Literal["computer_screenshot"] = "computer_screenshot"
    file_id: str | None = None
    image_url: str | None = None


class ComputerCallOutput(WireModel, kw_only=True):
    """The picture that answers a computer call."""

    call_id: str
    """Ties the call to its output."""
    output: ResponseComputerToolCallOutputScreenshot
    type: Literal["computer_call_output"] = "computer_call_output"
    id: str | None = None
    acknowledged_safety_checks: list[PendingSafetyCheck] | None = None
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class ActionSearchSource(WireModel, kw_only=True):
    """A page that a search found."""

    type: Literal["url"] = "url"
    url: str


class ActionSearch(WireModel, kw_only=True):
    """Search the web."""

    type: Literal["search"] = "search"
    queries: list[str] | None = None
    query: str | None = None
    sources: list[ActionSearchSource] | None = None


class ActionOpenPage(WireModel, kw_only=True):
    """Open a page."""

    type: Literal["open_page"] = "open_page"
    url: str | None = None


class ActionFind(WireModel, kw_only=True):
    """Search within a page."""

    pattern: str
    type: Literal["find_in_page"] = "find_in_page"
    url: str


class ResponseFunctionWebSearch(WireModel, kw_only=True):
    """A search on the web."""

    id: str
    action: OneOf[ActionSearch | ActionOpenPage | ActionFind]
    status: Literal["in_progress", "searching", "completed", "failed", "incomplete"] | str
    type: Literal["web_search_call"] = "web_search_call"


class CallerDirect(WireModel, kw_only=True):
    """The model itself made the call."""

    type: Literal["direct"] = "direct"


class CallerProgram(WireModel, kw_only=True):
    """A program that the model wrote made the call."""

    caller_id: str
    """The program item."""
    type: Literal["program"] = "program"


class ResponseFunctionToolCall(WireModel, kw_only=True):
    """A function call that the model wrote."""

    arguments: str
    """JSON text as the model wrote it: it may be invalid."""
    call_id: str
    """Ties the call to its output."""
    name: str
    type: Literal["function_call"] = "function_call"
    id: str | None = None
    async_: bool | None = field(default=None, name="async")
    caller: Caller | None = None
    """Who made the call."""
    namespace: str | None = None
    """The namespace that the function belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class FunctionCallOutput(WireModel, kw_only=True):
    """What a function answered."""

    output: str | list[ResponseInputContent]
    type: Literal["function_call_output"] = "function_call_output"
    id: str | None = None
    call_id: str | None = None
    """Ties the call to its output."""
    caller: Caller | None = None
    """Who made the call."""
    name: str | None = None
    namespace: str | None = None
    """The namespace that the function belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class ToolSearchCall(WireModel, kw_only=True):
    """A search for tools."""

    arguments: Any
    type: Literal["tool_search_call"] = "tool_search_call"
    id: str | None = None
    call_id: str | None = None
    """Ties the call to its output."""
    execution: Literal["server", "client"] | str | None = None
    """Whether the server or you search."""
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class ResponseToolSearchOutputItemParam(WireModel, kw_only=True):
    """The tools that a search found, as they are sent."""

    tools: list[Tool]
    type: Literal["tool_search_output"] = "tool_search_output"
    id: str | None = None
    call_id: str | None = None
    """Ties the call to its output."""
    execution: Literal["server", "client"] | str | None = None
    """Whether the server or you search."""
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class AdditionalTools(WireModel, kw_only=True):
    """Tools that come into play from here on."""

    role: Literal["developer"] = "developer"
    tools: list[Tool]
    type: Literal["additional_tools"] = "additional_tools"
    id: str | None = None


class ConfigurationUpdateText(WireModel, kw_only=True):
    """The form of the output from here on."""

    format: OneOf[ResponseFormatText | ResponseFormatTextJSONSchemaConfig]


class ResponseConfigurationUpdateItem(WireModel, kw_only=True):
    """Settings that hold from here on."""

    type: Literal["configuration_update"] = "configuration_update"
    id: str | None = None
    reasoning: ImageGenerationSvgReasoning | None = None
    text: ConfigurationUpdateText | None = None


class Summary(WireModel, kw_only=True):
    """A part of the summary of the reasoning."""

    text: str
    type: Literal["summary_text"] = "summary_text"


class Content(WireModel, kw_only=True):
    """A part of the reasoning itself."""

    text: str
    type: Literal["reasoning_text"] = "reasoning_text"


class ResponseReasoningItem(WireModel, kw_only=True):
    """What the model thought."""

    id: str
    summary: list[Summary]
    """What the server tells of the reasoning."""
    type: Literal["reasoning"] = "reasoning"
    content: list[Content] | None = None
    """The reasoning itself, where the server shows it; vLLM does."""
    encrypted_content: str | None = None
    """Readable for the server only; to be sent back as it is."""
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class ResponseCompactionItemParam(WireModel, kw_only=True):
    """A conversation in compact form, as it is sent."""

    encrypted_content: str
    """Readable for the server only; to be sent back as it is."""
    type: Literal["compaction"] = "compaction"
    id: str | None = None


class ImageGenerationCallErrorModerationDetails(WireModel, kw_only=True):
    """What the judgement of an image found."""

    categories: list[str]
    moderation_stage: Literal["input", "output", "unknown"] | str


class ImageGenerationCallError(WireModel, kw_only=True):
    """Why an image was not made."""

    code: str | None = None
    message: str
    param: str | None = None
    type: str
    moderation_details: ImageGenerationCallErrorModerationDetails | None = None


class ImageGenerationCallSvgUsage(WireModel, kw_only=True):
    """Tokens that drawing an SVG took."""

    input_tokens: int
    model: str
    output_tokens: int
    reasoning_tokens: int
    """Tokens spent on reasoning."""
    total_tokens: int


class ImageGenerationCall(WireModel, kw_only=True):
    """An image that the model had made."""

    id: str
    result: str | None = None
    """The image in base64."""
    status: Literal["in_progress", "completed", "generating", "failed"] | str
    type: Literal["image_generation_call"] = "image_generation_call"
    action: Literal["generate", "edit", "auto"] | str | None = None
    background: Literal["transparent", "opaque", "auto"] | str | None = None
    error: ImageGenerationCallError | None = None
    output_format: Literal["png", "webp", "jpeg", "gif", "svg"] | str | None = None
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"] | str | None = None
    revised_prompt: str | None = None
    """What the server made of the prompt."""
    size: str | None = None
    svg_usage: ImageGenerationCallSvgUsage | None = None


class OutputLogs(WireModel, kw_only=True):
    """What a program printed."""

    logs: str
    type: Literal["logs"] = "logs"


class OutputImage(WireModel, kw_only=True):
    """An image that a program drew."""

    type: Literal["image"] = "image"
    url: str


class ResponseCodeInterpreterToolCall(WireModel, kw_only=True):
    """Python that the model had run."""

    id: str
    code: str | None = None
    container_id: str
    outputs: list[OneOf[OutputLogs | OutputImage]] | None = None
    status: Literal["in_progress", "completed", "incomplete", "interpreting", "failed"] | str
    type: Literal["code_interpreter_call"] = "code_interpreter_call"


class LocalShellCallAction(WireModel, kw_only=True):
    """A command for your machine."""

    command: list[str]
    env: dict[str, str]
    """Environment variables."""
    type: Literal["exec"] = "exec"
    timeout_ms: int | None = None
    """Milliseconds after which the command is ended."""
    user: str | None = None
    working_directory: str | None = None


class LocalShellCall(WireModel, kw_only=True):
    """A command that the model wants run on your machine, in an older form."""

    id: str
    action: LocalShellCallAction
    call_id: str
    """Ties the call to its output."""
    status: Literal["in_progress", "completed", "incomplete"] | str
    type: Literal["local_shell_call"] = "local_shell_call"


class LocalShellCallOutput(WireModel, kw_only=True):
    """What the command printed."""

    id: str
    output: str
    type: Literal["local_shell_call_output"] = "local_shell_call_output"
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class ShellCallAction(WireModel, kw_only=True):
    """Commands and their limits."""

    commands: list[str]
    max_output_length: int | None = None
    """Most characters to return."""
    timeout_ms: int | None = None
    """Milliseconds after which the command is ended."""


class ShellCall(WireModel, kw_only=True):
    """Commands that the model wants run, as they are sent."""

    action: ShellCallAction
    call_id: str
    """Ties the call to its output."""
    type: Literal["shell_call"] = "shell_call"
    id: str | None = None
    caller: Caller | None = None
    """Who made the call."""
    environment: OneOf[LocalEnvironment | ContainerReference] | None = None
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class OutcomeTimeout(WireModel, kw_only=True):
    """The command took too long."""

    type: Literal["timeout"] = "timeout"


class OutcomeExit(WireModel, kw_only=True):
    """The command ended."""

    exit_code: int
    """0 means that it went well."""
    type: Literal["exit"] = "exit"


class ResponseFunctionShellCallOutputContent(WireModel, kw_only=True):
    """What one command printed and how it ended."""

    outcome: Outcome
    stderr: str
    stdout: str


class ShellCallOutput(WireModel, kw_only=True):
    """What the commands printed, as it is sent."""

    call_id: str
    """Ties the call to its output."""
    output: list[ResponseFunctionShellCallOutputContent]
    type: Literal["shell_call_output"] = "shell_call_output"
    id: str | None = None
    caller: Caller | None = None
    """Who made the call."""
    max_output_length: int | None = None
    """Most characters to return."""
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class ApplyPatchCallOperationCreateFile(WireModel, kw_only=True):
    """Make a file."""

    diff: str
    """The change, as a unified diff."""
    path: str
    type: Literal["create_file"] = "create_file"


class ApplyPatchCallOperationDeleteFile(WireModel, kw_only=True):
    """Delete a file."""

    path: str
    type: Literal["delete_file"] = "delete_file"


class ApplyPatchCallOperationUpdateFile(WireModel, kw_only=True):
    """Change a file."""

    diff: str
    """The change, as a unified diff."""
    path: str
    type: Literal["update_file"] = "update_file"


class ApplyPatchCall(WireModel, kw_only=True):
    """A patch that the model wants applied, as it is sent."""

    call_id: str
    """Ties the call to its output."""
    operation: Operation
    status: Literal["in_progress", "completed"] | str
    type: Literal["apply_patch_call"] = "apply_patch_call"
    id: str | None = None
    caller: Caller | None = None
    """Who made the call."""


class ApplyPatchCallOutput(WireModel, kw_only=True):
    """How the patch went, as it is sent."""

    call_id: str
    """Ties the call to its output."""
    status: Literal["completed", "failed"] | str
    type: Literal["apply_patch_call_output"] = "apply_patch_call_output"
    id: str | None = None
    caller: Caller | None = None
    """Who made the call."""
    output: str | None = None


class McpListToolsTool(WireModel, kw_only=True):
    """A tool of an MCP server."""

    input_schema: Any
    """JSON schema of its arguments."""
    name: str
    annotations: Any = None
    description: str | None = None


class McpListTools(WireModel, kw_only=True):
    """The tools of an MCP server."""

    id: str
    server_label: str
    """Your name for the MCP server."""
    tools: list[McpListToolsTool]
    type: Literal["mcp_list_tools"] = "mcp_list_tools"
    error: str | None = None


class McpApprovalRequest(WireModel, kw_only=True):
    """A call that waits for your approval."""

    id: str
    arguments: str
    name: str
    server_label: str
    """Your name for the MCP server."""
    type: Literal["mcp_approval_request"] = "mcp_approval_request"


class McpApprovalResponse(WireModel, kw_only=True):
    """Your approval or refusal."""

    approval_request_id: str
    """The item that asked for approval."""
    approve: bool
    type: Literal["mcp_approval_response"] = "mcp_approval_response"
    id: str | None = None
    reason: str | None = None


class McpProtocolError(WireModel, kw_only=True):
    """The MCP server broke the protocol."""

    code: int
    message: str
    type: Literal["mcp_protocol_error"] = "mcp_protocol_error"


class McpToolExecutionError(WireModel, kw_only=True):
    """The tool failed."""

    content: Any
    type: Literal["mcp_tool_execution_error"] = "mcp_tool_execution_error"


class HTTPError(WireModel, kw_only=True):
    """The MCP server answered with an HTTP error."""

    code: int
    message: str
    type: Literal["http_error"] = "http_error"


class McpCall(WireModel, kw_only=True):
    """A call of an MCP server's tool."""

    id: str
    arguments: str
    name: str
    server_label: str
    """Your name for the MCP server."""
    type: Literal["mcp_call"] = "mcp_call"
    approval_request_id: str | None = None
    """The item that asked for approval."""
    error: McpToolCallError | None = None
    output: str | None = None
    """What the tool answered."""
    status: Literal["in_progress", "completed", "incomplete", "calling", "failed"] | str | None = None


class ResponseCustomToolCallOutput(WireModel, kw_only=True):
    """What a tool that takes free text answered."""

    call_id: str
    """Ties the call to its output."""
    output: str | list[ResponseInputContent]
    type: Literal["custom_tool_call_output"] = "custom_tool_call_output"
    id: str | None = None
    caller: Caller | None = None
    """Who made the call."""


class ResponseCustomToolCall(WireModel, kw_only=True):
    """A call of a tool that takes free text."""

    call_id: str
    """Ties the call to its output."""
    input: str
    name: str
    type: Literal["custom_tool_call"] = "custom_tool_call"
    id: str | None = None
    async_: bool | None = field(default=None, name="async")
    caller: Caller | None = None
    """Who made the call."""
    namespace: str | None = None
    """The namespace that the function belongs to."""


class CompactionTrigger(WireModel, kw_only=True):
    """Asks for the conversation to be compacted here."""

    type: Literal["compaction_trigger"] = "compaction_trigger"
    id: str | None = None


class ItemReference(WireModel, kw_only=True):
    """An item that the server holds."""

    id: str
    type: Literal["item_reference"] | None = None


class Program(WireModel, kw_only=True):
    """A program that the model wrote to call tools."""

    id: str
    call_id: str
    """Ties the call to its output."""
    code: str
    fingerprint: str
    type: Literal["program"] = "program"


class ProgramOutput(WireModel, kw_only=True):
    """What the program returned."""

    id: str
    call_id: str
    """Ties the call to its output."""
    result: str
    status: Literal["completed", "incomplete"] | str
    type: Literal["program_output"] = "program_output"


class ResponseFunctionToolCallOutputItem(WireModel, kw_only=True):
    """What a function answered, as the server holds it."""

    id: str
    output: str | list[ResponseInputContent]
    status: Literal["in_progress", "completed", "incomplete"] | str
    type: Literal["function_call_output"] = "function_call_output"
    call_id: str | None = None
    """Ties the call to its output."""
    caller: Caller | None = None
    """Who made the call."""
    created_by: str | None = None
    """Who made it."""
    name: str | None = None
    namespace: str | None = None
    """The namespace that the function belongs to."""


class ResponseComputerToolCallOutputItem(WireModel, kw_only=True):
    """The picture that answers a computer call, as the server holds it."""

    id: str
    call_id: str
    """Ties the call to its output."""
    output: ResponseComputerToolCallOutputScreenshot
    status: Literal["completed", "incomplete", "failed", "in_progress"] | str
    type: Literal["computer_call_output"] = "computer_call_output"
    acknowledged_safety_checks: list[PendingSafetyCheck] | None = None
    created_by: str | None = None
    """Who made it."""


class ResponseToolSearchCall(WireModel, kw_only=True):
    """A search for tools, as the server holds it."""

    id: str
    arguments: Any
    call_id: str | None = None
    """Ties the call to its output."""
    execution: Literal["server", "client"] | str
    """Whether the server or you search."""
    status: Literal["in_progress", "completed", "incomplete"] | str
    type: Literal["tool_search_call"] = "tool_search_call"
    created_by: str | None = None
    """Who made it."""


class ResponseToolSearchOutputItem(WireModel, kw_only=True):
    """The tools that a search found."""

    id: str
    call_id: str | None = None
    """Ties the call to its output."""
    execution: Literal["server", "client"] | str
    """Whether the server or you search."""
    status: Literal["in_progress", "completed", "incomplete"] | str
    tools: list[Tool]
    type: Literal["tool_search_output"] = "tool_search_output"
    created_by: str | None = None
    """Who made it."""


class ResponseCompactionItem(WireModel, kw_only=True):
    """A conversation in compact form."""

    id: str
    encrypted_content: str
    """Readable for the server only; to be sent back as it is."""
    type: Literal["compaction"] = "compaction"
    created_by: str | None = None
    """Who made it."""


class ResponseLocalEnvironment(WireModel, kw_only=True):
    """Your own machine."""

    type: Literal["local"] = "local"


class ResponseFunctionShellToolCall(WireModel, kw_only=True):
    """Commands that the model wants run."""

    id: str
    action: ShellCallAction
    call_id: str
    """Ties the call to its output."""
    environment: OneOf[ResponseLocalEnvironment | ContainerReference] | None = None
    status: Literal["in_progress", "completed", "incomplete"] | str
    type: Literal["shell_call"] = "shell_call"
    caller: Caller | None = None
    """Who made the call."""
    created_by: str | None = None
    """Who made it."""


class Output(WireModel, kw_only=True):
    """What one command printed and how it ended, as the server holds it."""

    outcome: Outcome
    stderr: str
    stdout: str
    created_by: str | None = None
    """Who made it."""


class ResponseFunctionShellToolCallOutput(WireModel, kw_only=True):
    """What the commands printed."""

    id: str
    call_id: str
    """Ties the call to its output."""
    max_output_length: int | None = None
    """Most characters to return."""
    output: list[Output]
    status: Literal["in_progress", "completed", "incomplete"] | str
    type: Literal["shell_call_output"] = "shell_call_output"
    caller: Caller | None = None
    """Who made the call."""
    created_by: str | None = None
    """Who made it."""


class ResponseApplyPatchToolCall(WireModel, kw_only=True):
    """A patch that the model wants applied."""

    id: str
    call_id: str
    """Ties the call to its output."""
    operation: Operation
    status: Literal["in_progress", "completed"] | str
    type: Literal["apply_patch_call"] = "apply_patch_call"
    caller: Caller | None = None
    """Who made the call."""
    created_by: str | None = None
    """Who made it."""


class ResponseApplyPatchToolCallOutput(WireModel, kw_only=True):
    """How the patch went."""

    id: str
    call_id: str
    """Ties the call to its output."""
    status: Literal["completed", "failed"] | str
    type: Literal["apply_patch_call_output"] = "apply_patch_call_output"
    caller: Caller | None = None
    """Who made the call."""
    created_by: str | None = None
    """Who made it."""
    output: str | None = None


class ResponseCustomToolCallOutputItem(WireModel, kw_only=True):
    """What a tool that takes free text answered, as the server holds it."""

    call_id: str
    """Ties the call to its output."""
    output: str | list[ResponseInputContent]
    type: Literal["custom_tool_call_output"] = "custom_tool_call_output"
    id: str
    caller: Caller | None = None
    """Who made the call."""
    status: Literal["in_progress", "completed", "incomplete"] | str
    created_by: str | None = None
    """Who made it."""


class ResponseInputMessageItem(WireModel, kw_only=True):
    """A message of the input, as the server holds it."""

    id: str
    content: list[ResponseInputContent]
    role: Literal["user", "system", "developer"]
    type: Literal["message"] = "message"
    status: Literal["in_progress", "completed", "incomplete"] | str | None = None


class ResponseFunctionToolCallItem(WireModel, kw_only=True):
    """A function call, as the server holds it."""

    arguments: str
    """JSON text as the model wrote it: it may be invalid."""
    call_id: str
    """Ties the call to its output."""
    name: str
    type: Literal["function_call"] = "function_call"
    id: str
    async_: bool | None = field(default=None, name="async")
    caller: Caller | None = None
    """Who made the call."""
    namespace: str | None = None
    """The namespace that the function belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | str
    created_by: str | None = None
    """Who made it."""


class ResponseCustomToolCallItem(WireModel, kw_only=True):
    """A call of a tool that takes free text, as the server holds it."""

    call_id: str
    """Ties the call to its output."""
    input: str
    name: str
    type: Literal["custom_tool_call"] = "custom_tool_call"
    id: str
    async_: bool | None = field(default=None, name="async")
    caller: Caller | None = None
    """Who made the call."""
    namespace: str | None = None
    """The namespace that the function belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | str
    created_by: str | None = None
    """Who made it."""


Caller = OneOf[CallerDirect | CallerProgram]

ComputerAction = OneOf[Click | DoubleClick | Drag | Keypress | Move | Screenshot | Scroll | Type | Wait]

McpToolCallError = OneOf[McpProtocolError | McpToolExecutionError | HTTPError]

Outcome = OneOf[OutcomeTimeout | OutcomeExit]

Operation = OneOf[
    ApplyPatchCallOperationCreateFile | ApplyPatchCallOperationDeleteFile | ApplyPatchCallOperationUpdateFile
]

ResponseOutputItem = OneOf[
    ResponseOutputMessage
    | ResponseFileSearchToolCall
    | ResponseComputerToolCall
    | ResponseFunctionWebSearch
    | ResponseFunctionToolCall
    | AdditionalTools
    | ResponseReasoningItem
    | ImageGenerationCall
    | ResponseCodeInterpreterToolCall
    | LocalShellCall
    | LocalShellCallOutput
    | McpListTools
    | McpApprovalRequest
    | McpApprovalResponse
    | McpCall
    | ResponseCustomToolCall
    | Program
    | ProgramOutput
    | ResponseFunctionToolCallOutputItem
    | ResponseComputerToolCallOutputItem
    | ResponseToolSearchCall
    | ResponseToolSearchOutputItem
    | ResponseCompactionItem
    | ResponseFunctionShellToolCall
    | ResponseFunctionShellToolCallOutput
    | ResponseApplyPatchToolCall
    | ResponseApplyPatchToolCallOutput
    | ResponseCustomToolCallOutputItem
]

ResponseItem = OneOf[
    ResponseInputMessageItem
    | ResponseOutputMessage
    | ResponseFileSearchToolCall
    | ResponseComputerToolCall
    | ResponseFunctionWebSearch
    | AdditionalTools
    | ResponseConfigurationUpdateItem
    | ResponseReasoningItem
    | ImageGenerationCall
    | ResponseCodeInterpreterToolCall
    | LocalShellCall
    | LocalShellCallOutput
    | McpListTools
    | McpApprovalRequest
    | McpApprovalResponse
    | McpCall
    | Program
    | ProgramOutput
    | ResponseFunctionToolCallOutputItem
    | ResponseComputerToolCallOutputItem
    | ResponseToolSearchCall
    | ResponseToolSearchOutputItem
    | ResponseCompactionItem
    | ResponseFunctionShellToolCall
    | ResponseFunctionShellToolCallOutput
    | ResponseApplyPatchToolCall
    | ResponseApplyPatchToolCallOutput
    | ResponseCustomToolCallOutputItem
    | ResponseFunctionToolCallItem
    | ResponseCustomToolCallItem
]

ResponseInputItem = OneOf[
    ResponseOutputMessage
    | Message
    | EasyInputMessage
    | ResponseFileSearchToolCall
    | ResponseComputerToolCall
    | ComputerCallOutput
    | ResponseFunctionWebSearch
    | ResponseFunctionToolCall
    | FunctionCallOutput
    | ToolSearchCall
    | ResponseToolSearchOutputItemParam
    | AdditionalTools
    | ResponseConfigurationUpdateItem
    | ResponseReasoningItem
    | ResponseCompactionItemParam
    | ImageGenerationCall
    | ResponseCodeInterpreterToolCall
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
    | ResponseCustomToolCallOutput
    | ResponseCustomToolCall
    | CompactionTrigger
    | ItemReference
    | Program
    | ProgramOutput
]

# --- other official names ---------------------------------------------------------------------------

ResponseInput = list[ResponseInputItem]
ResponseInputMessageContentList = list[ResponseInputContent]
ResponseFunctionCallOutputItem = ResponseInputContent
ResponseFunctionCallOutputItemList = list[ResponseInputContent]
ComputerActionList = list[ComputerAction]
ResponseInputTextContent = ResponseInputText
ResponseInputImageContent = ResponseInputImage
ResponseInputFileContent = ResponseInputFile
ComputerCallOutputAcknowledgedSafetyCheck = PendingSafetyCheck
AcknowledgedSafetyCheck = PendingSafetyCheck
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
ResponseConfigurationUpdateItemParam = ResponseConfigurationUpdateItem
Part = Summary
PartReasoningText = Content
Action = ShellCallAction
OutputOutcomeTimeout = OutcomeTimeout
OutputOutcomeExit = OutcomeExit
OperationCreateFile = ApplyPatchCallOperationCreateFile
OperationDeleteFile = ApplyPatchCallOperationDeleteFile
OperationUpdateFile = ApplyPatchCallOperationUpdateFile
