"""Tools of /v1/responses and the choice among them, as a response repeats them.

vLLM knows functions, and with a tool server the code interpreter, web search and containers.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from martlet.protocol.base import OneOf, WireModel

# --- tools ------------------------------------------------------------------------------------------


class FunctionTool(WireModel, kw_only=True):
    """A function that the model may call."""

    name: str
    parameters: dict[str, Any] | None = None
    """JSON schema of its arguments."""
    strict: bool | None = None
    """Hold the arguments to the schema."""
    type: Literal["function"] = "function"
    allowed_callers: list[str] | None = None
    """Whether the model itself or its programs may call it."""
    async_: bool | None = field(default=None, name="async")
    """Whether the model goes on before the answer is there."""
    defer_loading: bool | None = None
    """Keep the definition out of the prompt until it is searched for."""
    description: str | None = None
    """What it does and when to call it, for the model to read."""
    output_schema: dict[str, Any] | None = None
    """JSON schema of what it returns."""


class ComparisonFilter(WireModel, kw_only=True):
    """A condition on one attribute."""

    key: str
    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    value: str | float | bool | list[str | float]


class CompoundFilter(WireModel, kw_only=True):
    """Several conditions together."""

    filters: list[OneOf[ComparisonFilter | CompoundFilter]]
    """Conditions of either kind."""
    type: Literal["and", "or"]


class RankingOptionsHybridSearch(WireModel, kw_only=True):
    """How much meaning and words each count."""

    embedding_weight: float
    text_weight: float


class RankingOptions(WireModel, kw_only=True):
    """How results are ranked."""

    hybrid_search: RankingOptionsHybridSearch | None = None
    ranker: Literal["auto", "default-2024-11-15"] | str | None = None
    score_threshold: float | None = None


class FileSearchTool(WireModel, kw_only=True):
    """Lets the model search in files."""

    type: Literal["file_search"] = "file_search"
    vector_store_ids: list[str]
    """Where to search."""
    filters: OneOf[ComparisonFilter | CompoundFilter] | None = None
    max_num_results: int | None = None
    ranking_options: RankingOptions | None = None


class ComputerTool(WireModel, kw_only=True):
    """Lets the model act on a screen."""

    type: Literal["computer"] = "computer"


class ComputerUsePreviewTool(WireModel, kw_only=True):
    """Lets the model act on a screen, in an older form."""

    display_height: int
    display_width: int
    environment: Literal["windows", "mac", "linux", "ubuntu", "browser"] | str
    type: Literal["computer_use_preview"] = "computer_use_preview"


class Filters(WireModel, kw_only=True):
    """Where to search."""

    allowed_domains: list[str] | None = None


class UserLocation(WireModel, kw_only=True):
    """Roughly where the user is."""

    city: str | None = None
    country: str | None = None
    region: str | None = None
    timezone: str | None = None
    type: Literal["approximate"] | None = None


class WebSearchTool(WireModel, kw_only=True):
    """Lets the model search the web."""

    type: Literal["web_search", "web_search_2025_08_26"]
    external_web_access: bool | None = None
    filters: Filters | None = None
    search_context_size: Literal["low", "medium", "high"] | str | None = None
    user_location: UserLocation | None = None


class McpAllowedToolsMcpToolFilter(WireModel, kw_only=True):
    """Tools of a server, by name or by what they do."""

    read_only: bool | None = None
    tool_names: list[str] | None = None


class McpRequireApprovalMcpToolApprovalFilter(WireModel, kw_only=True):
    """Which tools need approval, and which never do."""

    always: McpAllowedToolsMcpToolFilter | None = None
    never: McpAllowedToolsMcpToolFilter | None = None


class Mcp(WireModel, kw_only=True):
    """Lets the model use the tools of an MCP server."""

    server_label: str
    """Your name for the MCP server."""
    type: Literal["mcp"] = "mcp"
    allowed_callers: list[str] | None = None
    """Whether the model itself or its programs may call it."""
    allowed_tools: list[str] | McpAllowedToolsMcpToolFilter | None = None
    authorization: str | None = None
    """An OAuth token for the server."""
    connector_id: (
        Literal[
            "connector_dropbox",
            "connector_gmail",
            "connector_googlecalendar",
            "connector_googledrive",
            "connector_microsoftteams",
            "connector_outlookcalendar",
            "connector_outlookemail",
            "connector_sharepoint",
        ]
        | str
        | None
    ) = None
    defer_loading: bool | None = None
    """Keep the definition out of the prompt until it is searched for."""
    headers: dict[str, str] | None = None
    require_approval: McpRequireApprovalMcpToolApprovalFilter | Literal["always", "never"] | str | None = None
    server_description: str | None = None
    server_url: str | None = None
    """Where the server is; or give `connector_id`."""
    tunnel_id: str | None = None
    """A tunnel through which the server is reached."""


class ContainerNetworkPolicyDisabled(WireModel, kw_only=True):
    """No network."""

    type: Literal["disabled"] = "disabled"


class ContainerNetworkPolicyDomainSecret(WireModel, kw_only=True):
    """A secret that is put into requests to one domain."""

    domain: str
    name: str
    value: str


class ContainerNetworkPolicyAllowlist(WireModel, kw_only=True):
    """Network to some domains only."""

    allowed_domains: list[str]
    type: Literal["allowlist"] = "allowlist"
    domain_secrets: list[ContainerNetworkPolicyDomainSecret] | None = None


class CodeInterpreterContainerCodeInterpreterToolAuto(WireModel, kw_only=True):
    """A container that the server makes."""

    type: Literal["auto"] = "auto"
    file_ids: list[str] | None = None
    memory_limit: Literal["1g", "4g", "16g", "64g"] | str | None = None
    network_policy: OneOf[ContainerNetworkPolicyDisabled | ContainerNetworkPolicyAllowlist] | None = None


class CodeInterpreter(WireModel, kw_only=True):
    """Lets the model run Python."""

    container: str | CodeInterpreterContainerCodeInterpreterToolAuto
    type: Literal["code_interpreter"] = "code_interpreter"
    allowed_callers: list[str] | None = None
    """Whether the model itself or its programs may call it."""


class ProgrammaticToolCalling(WireModel, kw_only=True):
    """Lets the model call tools from programs that it writes."""

    type: Literal["programmatic_tool_calling"] = "programmatic_tool_calling"


class ImageGenerationInputImageMask(WireModel, kw_only=True):
    """Which part of an image is to be changed."""

    file_id: str | None = None
    image_url: str | None = None


class ImageGenerationSvgReasoning(WireModel, kw_only=True):
    """How hard the model reasons."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | str | None = None


class ImageGenerationSvg(WireModel, kw_only=True):
    """How an SVG is drawn."""

    model: str | None = None
    reasoning: ImageGenerationSvgReasoning | None = None


class ImageGeneration(WireModel, kw_only=True):
    """Lets the model make images."""

    type: Literal["image_generation"] = "image_generation"
    action: Literal["generate", "edit", "auto"] | str | None = None
    background: Literal["transparent", "opaque", "auto"] | str | None = None
    complexity: Literal["low", "medium", "high"] | str | None = None
    frame_count: int | None = None
    frame_duration_ms: int | None = None
    """How long each frame of a GIF stays."""
    input_fidelity: Literal["high", "low"] | str | None = None
    input_image_mask: ImageGenerationInputImageMask | None = None
    model: str | None = None
    moderation: Literal["auto", "low"] | str | None = None
    output_compression: int | None = None
    output_format: Literal["png", "webp", "jpeg", "gif", "svg"] | str | None = None
    partial_images: int | None = None
    """How many pictures to stream while the image is made."""
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"] | str | None = None
    size: str | None = None
    svg: ImageGenerationSvg | None = None


class LocalShell(WireModel, kw_only=True):
    """Lets the model run commands on your machine, in an older form."""

    type: Literal["local_shell"] = "local_shell"


class SkillReference(WireModel, kw_only=True):
    """A skill that the server holds."""

    skill_id: str
    type: Literal["skill_reference"] = "skill_reference"
    version: str | None = None


class InlineSkillSource(WireModel, kw_only=True):
    """A skill's files as a zip archive."""

    data: str
    media_type: Literal["application/zip"] | str
    type: Literal["base64"] = "base64"


class InlineSkill(WireModel, kw_only=True):
    """A skill in the request itself."""

    description: str
    name: str
    source: InlineSkillSource
    type: Literal["inline"] = "inline"


class ContainerAuto(WireModel, kw_only=True):
    """A container that the server makes."""

    type: Literal["container_auto"] = "container_auto"
    file_ids: list[str] | None = None
    memory_limit: Literal["1g", "4g", "16g", "64g"] | str | None = None
    network_policy: OneOf[ContainerNetworkPolicyDisabled | ContainerNetworkPolicyAllowlist] | None = None
    skills: list[OneOf[SkillReference | InlineSkill]] | None = None


class LocalSkill(WireModel, kw_only=True):
    """A skill on your machine."""

    description: str
    name: str
    path: str


class LocalEnvironment(WireModel, kw_only=True):
    """Your own machine."""

    type: Literal["local"] = "local"
    skills: list[LocalSkill] | None = None


class ContainerReference(WireModel, kw_only=True):
    """A container that exists already."""

    container_id: str
    type: Literal["container_reference"] = "container_reference"


class FunctionShellTool(WireModel, kw_only=True):
    """Lets the model run commands."""

    type: Literal["shell"] = "shell"
    allowed_callers: list[str] | None = None
    """Whether the model itself or its programs may call it."""
    environment: OneOf[ContainerAuto | LocalEnvironment | ContainerReference] | None = None


class ResponseFormatText(WireModel, kw_only=True):
    """Any text."""

    type: Literal["text"] = "text"


class Grammar(WireModel, kw_only=True):
    """Text that follows a grammar."""

    definition: str
    """The grammar itself."""
    syntax: Literal["lark", "regex"] | str
    type: Literal["grammar"] = "grammar"


class CustomTool(WireModel, kw_only=True):
    """A tool that takes free text."""

    name: str
    type: Literal["custom"] = "custom"
    allowed_callers: list[str] | None = None
    """Whether the model itself or its programs may call it."""
    async_: bool | None = field(default=None, name="async")
    defer_loading: bool | None = None
    """Keep the definition out of the prompt until it is searched for."""
    description: str | None = None
    format: OneOf[ResponseFormatText | Grammar] | None = None


class NamespaceTool(WireModel, kw_only=True):
    """Tools under a common name."""

    description: str
    name: str
    tools: list[OneOf[FunctionTool | CustomTool]]
    type: Literal["namespace"] = "namespace"


class ToolSearchTool(WireModel, kw_only=True):
    """Lets the model search for tools that were left out of the prompt."""

    type: Literal["tool_search"] = "tool_search"
    description: str | None = None
    execution: Literal["server", "client"] | str | None = None
    """Whether the server or you search."""
    parameters: Any = None


class WebSearchPreviewTool(WireModel, kw_only=True):
    """Lets the model search the web, in an older form."""

    type: Literal["web_search_preview", "web_search_preview_2025_03_11"]
    search_content_types: list[str] | None = None
    search_context_size: Literal["low", "medium", "high"] | str | None = None
    user_location: UserLocation | None = None


class ApplyPatchTool(WireModel, kw_only=True):
    """Lets the model change files by patches."""

    type: Literal["apply_patch"] = "apply_patch"
    allowed_callers: list[str] | None = None
    """Whether the model itself or its programs may call it."""


CustomToolInputFormat = OneOf[ResponseFormatText | Grammar]
Tool = OneOf[
    FunctionTool
    | FileSearchTool
    | ComputerTool
    | ComputerUsePreviewTool
    | WebSearchTool
    | Mcp
    | CodeInterpreter
    | ProgrammaticToolCalling
    | ImageGeneration
    | LocalShell
    | FunctionShellTool
    | CustomTool
    | NamespaceTool
    | ToolSearchTool
    | WebSearchPreviewTool
    | ApplyPatchTool
]

# --- tool choice ------------------------------------------------------------------------------------


class ToolChoiceAllowed(WireModel, kw_only=True):
    """A choice among some of the tools."""

    mode: Literal["auto", "required"] | str
    """`required`: one of them must be called."""
    tools: list[dict[str, Any]]
    """Tool choices such as {"type": "function", "name": "f"}."""
    type: Literal["allowed_tools"] = "allowed_tools"


class ToolChoiceTypes(WireModel, kw_only=True):
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


class ToolChoiceFunction(WireModel, kw_only=True):
    """This function must be called."""

    name: str
    type: Literal["function"] = "function"


class ToolChoiceMcp(WireModel, kw_only=True):
    """A tool of this MCP server must be called."""

    server_label: str
    """Your name for the MCP server."""
    type: Literal["mcp"] = "mcp"
    name: str | None = None


class ToolChoiceCustom(WireModel, kw_only=True):
    """This tool that takes free text must be called."""

    name: str
    type: Literal["custom"] = "custom"


class ToolChoiceApplyPatch(WireModel, kw_only=True):
    """The patch tool must be called."""

    type: Literal["apply_patch"] = "apply_patch"


class ToolChoiceShell(WireModel, kw_only=True):
    """The shell tool must be called."""

    type: Literal["shell"] = "shell"


ToolChoice = OneOf[
    ProgrammaticToolCalling
    | ToolChoiceAllowed
    | ToolChoiceTypes
    | ToolChoiceFunction
    | ToolChoiceMcp
    | ToolChoiceCustom
    | ToolChoiceApplyPatch
    | ToolChoiceShell
]

ToolChoiceOptions = Literal["none", "auto", "required"]


# --- other official names ---------------------------------------------------------------------------

ToolFunction = FunctionTool
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
ResponseContainerReference = ContainerReference
ToolSearchOutputNamespaceTool = NamespaceTool
