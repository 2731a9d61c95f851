"""The Responses API: replies, items, tools, events, and the TypedDicts of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.client.parsed_response import ParsedContent as ParsedContent
    from martlet.client.parsed_response import ParsedResponse as ParsedResponse
    from martlet.client.parsed_response import (
        ParsedResponseFunctionToolCall as ParsedResponseFunctionToolCall,
    )
    from martlet.client.parsed_response import ParsedResponseOutputItem as ParsedResponseOutputItem
    from martlet.client.parsed_response import ParsedResponseOutputMessage as ParsedResponseOutputMessage
    from martlet.client.parsed_response import ParsedResponseOutputText as ParsedResponseOutputText
    from martlet.protocol.response_calls import InputItemListParams as InputItemListParams
    from martlet.protocol.response_calls import InputTokenCountParams as InputTokenCountParams
    from martlet.protocol.response_calls import ResponseCompactParams as ResponseCompactParams
    from martlet.protocol.response_calls import ResponseCreateParams as ResponseCreateParams
    from martlet.protocol.response_calls import ResponseRetrieveParams as ResponseRetrieveParams
    from martlet.protocol.response_events import ResponseAudioDeltaEvent as ResponseAudioDeltaEvent
    from martlet.protocol.response_events import ResponseAudioDoneEvent as ResponseAudioDoneEvent
    from martlet.protocol.response_events import (
        ResponseAudioTranscriptDeltaEvent as ResponseAudioTranscriptDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseAudioTranscriptDoneEvent as ResponseAudioTranscriptDoneEvent,
    )
    from martlet.protocol.response_events import (
        ResponseCodeInterpreterCallCodeDeltaEvent as ResponseCodeInterpreterCallCodeDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseCodeInterpreterCallCodeDoneEvent as ResponseCodeInterpreterCallCodeDoneEvent,
    )
    from martlet.protocol.response_events import (
        ResponseCodeInterpreterCallCompletedEvent as ResponseCodeInterpreterCallCompletedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseCodeInterpreterCallInProgressEvent as ResponseCodeInterpreterCallInProgressEvent,
    )
    from martlet.protocol.response_events import (
        ResponseCodeInterpreterCallInterpretingEvent as ResponseCodeInterpreterCallInterpretingEvent,
    )
    from martlet.protocol.response_events import (
        ResponseCompactionCompactingEvent as ResponseCompactionCompactingEvent,
    )
    from martlet.protocol.response_events import ResponseCompletedEvent as ResponseCompletedEvent
    from martlet.protocol.response_events import (
        ResponseContentPartAddedEvent as ResponseContentPartAddedEvent,
    )
    from martlet.protocol.response_events import ResponseContentPartDoneEvent as ResponseContentPartDoneEvent
    from martlet.protocol.response_events import ResponseCreatedEvent as ResponseCreatedEvent
    from martlet.protocol.response_events import (
        ResponseCustomToolCallInputDeltaEvent as ResponseCustomToolCallInputDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseCustomToolCallInputDoneEvent as ResponseCustomToolCallInputDoneEvent,
    )
    from martlet.protocol.response_events import ResponseErrorEvent as ResponseErrorEvent
    from martlet.protocol.response_events import ResponseFailedEvent as ResponseFailedEvent
    from martlet.protocol.response_events import (
        ResponseFileSearchCallCompletedEvent as ResponseFileSearchCallCompletedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseFileSearchCallInProgressEvent as ResponseFileSearchCallInProgressEvent,
    )
    from martlet.protocol.response_events import (
        ResponseFileSearchCallSearchingEvent as ResponseFileSearchCallSearchingEvent,
    )
    from martlet.protocol.response_events import (
        ResponseFunctionCallArgumentsDeltaEvent as ResponseFunctionCallArgumentsDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseFunctionCallArgumentsDoneEvent as ResponseFunctionCallArgumentsDoneEvent,
    )
    from martlet.protocol.response_events import (
        ResponseImageGenCallCompletedEvent as ResponseImageGenCallCompletedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseImageGenCallGeneratingEvent as ResponseImageGenCallGeneratingEvent,
    )
    from martlet.protocol.response_events import (
        ResponseImageGenCallInProgressEvent as ResponseImageGenCallInProgressEvent,
    )
    from martlet.protocol.response_events import (
        ResponseImageGenCallPartialImageEvent as ResponseImageGenCallPartialImageEvent,
    )
    from martlet.protocol.response_events import ResponseIncompleteEvent as ResponseIncompleteEvent
    from martlet.protocol.response_events import ResponseInProgressEvent as ResponseInProgressEvent
    from martlet.protocol.response_events import (
        ResponseMcpCallArgumentsDeltaEvent as ResponseMcpCallArgumentsDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseMcpCallArgumentsDoneEvent as ResponseMcpCallArgumentsDoneEvent,
    )
    from martlet.protocol.response_events import (
        ResponseMcpCallCompletedEvent as ResponseMcpCallCompletedEvent,
    )
    from martlet.protocol.response_events import ResponseMcpCallFailedEvent as ResponseMcpCallFailedEvent
    from martlet.protocol.response_events import (
        ResponseMcpCallInProgressEvent as ResponseMcpCallInProgressEvent,
    )
    from martlet.protocol.response_events import (
        ResponseMcpListToolsCompletedEvent as ResponseMcpListToolsCompletedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseMcpListToolsFailedEvent as ResponseMcpListToolsFailedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseMcpListToolsInProgressEvent as ResponseMcpListToolsInProgressEvent,
    )
    from martlet.protocol.response_events import ResponseOutputItemAddedEvent as ResponseOutputItemAddedEvent
    from martlet.protocol.response_events import ResponseOutputItemDoneEvent as ResponseOutputItemDoneEvent
    from martlet.protocol.response_events import (
        ResponseOutputTextAnnotationAddedEvent as ResponseOutputTextAnnotationAddedEvent,
    )
    from martlet.protocol.response_events import ResponseQueuedEvent as ResponseQueuedEvent
    from martlet.protocol.response_events import (
        ResponseReasoningSummaryPartAddedEvent as ResponseReasoningSummaryPartAddedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseReasoningSummaryPartDoneEvent as ResponseReasoningSummaryPartDoneEvent,
    )
    from martlet.protocol.response_events import (
        ResponseReasoningSummaryTextDeltaEvent as ResponseReasoningSummaryTextDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseReasoningSummaryTextDoneEvent as ResponseReasoningSummaryTextDoneEvent,
    )
    from martlet.protocol.response_events import (
        ResponseReasoningTextDeltaEvent as ResponseReasoningTextDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseReasoningTextDoneEvent as ResponseReasoningTextDoneEvent,
    )
    from martlet.protocol.response_events import ResponseRefusalDeltaEvent as ResponseRefusalDeltaEvent
    from martlet.protocol.response_events import ResponseRefusalDoneEvent as ResponseRefusalDoneEvent
    from martlet.protocol.response_events import (
        ResponseShellCallCommandAddedEvent as ResponseShellCallCommandAddedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseShellCallCommandDeltaEvent as ResponseShellCallCommandDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseShellCallCommandDoneEvent as ResponseShellCallCommandDoneEvent,
    )
    from martlet.protocol.response_events import (
        ResponseShellCallOutputContentDeltaEvent as ResponseShellCallOutputContentDeltaEvent,
    )
    from martlet.protocol.response_events import (
        ResponseShellCallOutputContentDoneEvent as ResponseShellCallOutputContentDoneEvent,
    )
    from martlet.protocol.response_events import ResponseStreamEvent as ResponseStreamEvent
    from martlet.protocol.response_events import ResponseTextDeltaEvent as ResponseTextDeltaEvent
    from martlet.protocol.response_events import ResponseTextDoneEvent as ResponseTextDoneEvent
    from martlet.protocol.response_events import (
        ResponseWebSearchCallCompletedEvent as ResponseWebSearchCallCompletedEvent,
    )
    from martlet.protocol.response_events import (
        ResponseWebSearchCallInProgressEvent as ResponseWebSearchCallInProgressEvent,
    )
    from martlet.protocol.response_events import (
        ResponseWebSearchCallSearchingEvent as ResponseWebSearchCallSearchingEvent,
    )
    from martlet.protocol.response_items import ComputerAction as ComputerAction
    from martlet.protocol.response_items import ComputerActionList as ComputerActionList
    from martlet.protocol.response_items import EasyInputMessage as EasyInputMessage
    from martlet.protocol.response_items import ImageDetail as ImageDetail
    from martlet.protocol.response_items import McpToolCallError as McpToolCallError
    from martlet.protocol.response_items import ResponseApplyPatchToolCall as ResponseApplyPatchToolCall
    from martlet.protocol.response_items import (
        ResponseApplyPatchToolCallOutput as ResponseApplyPatchToolCallOutput,
    )
    from martlet.protocol.response_items import (
        ResponseCodeInterpreterToolCall as ResponseCodeInterpreterToolCall,
    )
    from martlet.protocol.response_items import ResponseCompactionItem as ResponseCompactionItem
    from martlet.protocol.response_items import ResponseCompactionItemParam as ResponseCompactionItemParam
    from martlet.protocol.response_items import ResponseComputerToolCall as ResponseComputerToolCall
    from martlet.protocol.response_items import (
        ResponseComputerToolCallOutputItem as ResponseComputerToolCallOutputItem,
    )
    from martlet.protocol.response_items import (
        ResponseComputerToolCallOutputScreenshot as ResponseComputerToolCallOutputScreenshot,
    )
    from martlet.protocol.response_items import (
        ResponseConfigurationUpdateItem as ResponseConfigurationUpdateItem,
    )
    from martlet.protocol.response_items import (
        ResponseConfigurationUpdateItemParam as ResponseConfigurationUpdateItemParam,
    )
    from martlet.protocol.response_items import ResponseCustomToolCall as ResponseCustomToolCall
    from martlet.protocol.response_items import ResponseCustomToolCallItem as ResponseCustomToolCallItem
    from martlet.protocol.response_items import ResponseCustomToolCallOutput as ResponseCustomToolCallOutput
    from martlet.protocol.response_items import (
        ResponseCustomToolCallOutputItem as ResponseCustomToolCallOutputItem,
    )
    from martlet.protocol.response_items import ResponseFileSearchToolCall as ResponseFileSearchToolCall
    from martlet.protocol.response_items import ResponseFormatTextConfig as ResponseFormatTextConfig
    from martlet.protocol.response_items import (
        ResponseFormatTextJSONSchemaConfig as ResponseFormatTextJSONSchemaConfig,
    )
    from martlet.protocol.response_items import (
        ResponseFunctionCallOutputItem as ResponseFunctionCallOutputItem,
    )
    from martlet.protocol.response_items import (
        ResponseFunctionCallOutputItemList as ResponseFunctionCallOutputItemList,
    )
    from martlet.protocol.response_items import (
        ResponseFunctionShellCallOutputContent as ResponseFunctionShellCallOutputContent,
    )
    from martlet.protocol.response_items import ResponseFunctionShellToolCall as ResponseFunctionShellToolCall
    from martlet.protocol.response_items import (
        ResponseFunctionShellToolCallOutput as ResponseFunctionShellToolCallOutput,
    )
    from martlet.protocol.response_items import ResponseFunctionToolCall as ResponseFunctionToolCall
    from martlet.protocol.response_items import ResponseFunctionToolCallItem as ResponseFunctionToolCallItem
    from martlet.protocol.response_items import (
        ResponseFunctionToolCallOutputItem as ResponseFunctionToolCallOutputItem,
    )
    from martlet.protocol.response_items import ResponseFunctionWebSearch as ResponseFunctionWebSearch
    from martlet.protocol.response_items import ResponseInput as ResponseInput
    from martlet.protocol.response_items import ResponseInputContent as ResponseInputContent
    from martlet.protocol.response_items import ResponseInputFile as ResponseInputFile
    from martlet.protocol.response_items import ResponseInputFileContent as ResponseInputFileContent
    from martlet.protocol.response_items import ResponseInputImage as ResponseInputImage
    from martlet.protocol.response_items import ResponseInputImageContent as ResponseInputImageContent
    from martlet.protocol.response_items import ResponseInputItem as ResponseInputItem
    from martlet.protocol.response_items import (
        ResponseInputMessageContentList as ResponseInputMessageContentList,
    )
    from martlet.protocol.response_items import ResponseInputMessageItem as ResponseInputMessageItem
    from martlet.protocol.response_items import ResponseInputText as ResponseInputText
    from martlet.protocol.response_items import ResponseInputTextContent as ResponseInputTextContent
    from martlet.protocol.response_items import ResponseItem as ResponseItem
    from martlet.protocol.response_items import ResponseLocalEnvironment as ResponseLocalEnvironment
    from martlet.protocol.response_items import ResponseOutputItem as ResponseOutputItem
    from martlet.protocol.response_items import ResponseOutputMessage as ResponseOutputMessage
    from martlet.protocol.response_items import ResponseOutputRefusal as ResponseOutputRefusal
    from martlet.protocol.response_items import ResponseOutputText as ResponseOutputText
    from martlet.protocol.response_items import ResponseReasoningItem as ResponseReasoningItem
    from martlet.protocol.response_items import ResponseToolSearchCall as ResponseToolSearchCall
    from martlet.protocol.response_items import ResponseToolSearchOutputItem as ResponseToolSearchOutputItem
    from martlet.protocol.response_items import (
        ResponseToolSearchOutputItemParam as ResponseToolSearchOutputItemParam,
    )
    from martlet.protocol.response_params import ApplyPatchToolParam as ApplyPatchToolParam
    from martlet.protocol.response_params import ComputerActionListParam as ComputerActionListParam
    from martlet.protocol.response_params import ComputerActionParam as ComputerActionParam
    from martlet.protocol.response_params import ComputerToolParam as ComputerToolParam
    from martlet.protocol.response_params import ComputerUsePreviewToolParam as ComputerUsePreviewToolParam
    from martlet.protocol.response_params import ContainerAutoParam as ContainerAutoParam
    from martlet.protocol.response_params import (
        ContainerNetworkPolicyAllowlistParam as ContainerNetworkPolicyAllowlistParam,
    )
    from martlet.protocol.response_params import (
        ContainerNetworkPolicyDisabledParam as ContainerNetworkPolicyDisabledParam,
    )
    from martlet.protocol.response_params import (
        ContainerNetworkPolicyDomainSecretParam as ContainerNetworkPolicyDomainSecretParam,
    )
    from martlet.protocol.response_params import ContainerReferenceParam as ContainerReferenceParam
    from martlet.protocol.response_params import CustomToolParam as CustomToolParam
    from martlet.protocol.response_params import EasyInputMessageParam as EasyInputMessageParam
    from martlet.protocol.response_params import FileSearchToolParam as FileSearchToolParam
    from martlet.protocol.response_params import FunctionShellToolParam as FunctionShellToolParam
    from martlet.protocol.response_params import FunctionToolParam as FunctionToolParam
    from martlet.protocol.response_params import InlineSkillParam as InlineSkillParam
    from martlet.protocol.response_params import InlineSkillSourceParam as InlineSkillSourceParam
    from martlet.protocol.response_params import LocalEnvironmentParam as LocalEnvironmentParam
    from martlet.protocol.response_params import LocalSkillParam as LocalSkillParam
    from martlet.protocol.response_params import McpToolCallErrorParam as McpToolCallErrorParam
    from martlet.protocol.response_params import NamespaceToolParam as NamespaceToolParam
    from martlet.protocol.response_params import (
        ResponseCodeInterpreterToolCallParam as ResponseCodeInterpreterToolCallParam,
    )
    from martlet.protocol.response_params import (
        ResponseCompactionItemParamParam as ResponseCompactionItemParamParam,
    )
    from martlet.protocol.response_params import (
        ResponseComputerToolCallOutputScreenshotParam as ResponseComputerToolCallOutputScreenshotParam,
    )
    from martlet.protocol.response_params import (
        ResponseComputerToolCallParam as ResponseComputerToolCallParam,
    )
    from martlet.protocol.response_params import (
        ResponseConfigurationUpdateItemParamParam as ResponseConfigurationUpdateItemParamParam,
    )
    from martlet.protocol.response_params import (
        ResponseConversationParamParam as ResponseConversationParamParam,
    )
    from martlet.protocol.response_params import (
        ResponseCustomToolCallOutputParam as ResponseCustomToolCallOutputParam,
    )
    from martlet.protocol.response_params import ResponseCustomToolCallParam as ResponseCustomToolCallParam
    from martlet.protocol.response_params import (
        ResponseFileSearchToolCallParam as ResponseFileSearchToolCallParam,
    )
    from martlet.protocol.response_params import (
        ResponseFormatTextConfigParam as ResponseFormatTextConfigParam,
    )
    from martlet.protocol.response_params import (
        ResponseFormatTextJSONSchemaConfigParam as ResponseFormatTextJSONSchemaConfigParam,
    )
    from martlet.protocol.response_params import (
        ResponseFunctionCallOutputItemListParam as ResponseFunctionCallOutputItemListParam,
    )
    from martlet.protocol.response_params import (
        ResponseFunctionCallOutputItemParam as ResponseFunctionCallOutputItemParam,
    )
    from martlet.protocol.response_params import (
        ResponseFunctionShellCallOutputContentParam as ResponseFunctionShellCallOutputContentParam,
    )
    from martlet.protocol.response_params import (
        ResponseFunctionToolCallParam as ResponseFunctionToolCallParam,
    )
    from martlet.protocol.response_params import (
        ResponseFunctionWebSearchParam as ResponseFunctionWebSearchParam,
    )
    from martlet.protocol.response_params import ResponseIncludable as ResponseIncludable
    from martlet.protocol.response_params import ResponseInputContentParam as ResponseInputContentParam
    from martlet.protocol.response_params import (
        ResponseInputFileContentParam as ResponseInputFileContentParam,
    )
    from martlet.protocol.response_params import ResponseInputFileParam as ResponseInputFileParam
    from martlet.protocol.response_params import (
        ResponseInputImageContentParam as ResponseInputImageContentParam,
    )
    from martlet.protocol.response_params import ResponseInputImageParam as ResponseInputImageParam
    from martlet.protocol.response_params import ResponseInputItemParam as ResponseInputItemParam
    from martlet.protocol.response_params import (
        ResponseInputMessageContentListParam as ResponseInputMessageContentListParam,
    )
    from martlet.protocol.response_params import ResponseInputParam as ResponseInputParam
    from martlet.protocol.response_params import (
        ResponseInputTextContentParam as ResponseInputTextContentParam,
    )
    from martlet.protocol.response_params import ResponseInputTextParam as ResponseInputTextParam
    from martlet.protocol.response_params import ResponseOutputMessageParam as ResponseOutputMessageParam
    from martlet.protocol.response_params import ResponseOutputRefusalParam as ResponseOutputRefusalParam
    from martlet.protocol.response_params import ResponseOutputTextParam as ResponseOutputTextParam
    from martlet.protocol.response_params import ResponsePromptParam as ResponsePromptParam
    from martlet.protocol.response_params import ResponseReasoningItemParam as ResponseReasoningItemParam
    from martlet.protocol.response_params import ResponseTextConfigParam as ResponseTextConfigParam
    from martlet.protocol.response_params import (
        ResponseToolSearchOutputItemParamParam as ResponseToolSearchOutputItemParamParam,
    )
    from martlet.protocol.response_params import SkillReferenceParam as SkillReferenceParam
    from martlet.protocol.response_params import ToolChoiceAllowedParam as ToolChoiceAllowedParam
    from martlet.protocol.response_params import ToolChoiceApplyPatchParam as ToolChoiceApplyPatchParam
    from martlet.protocol.response_params import ToolChoiceCustomParam as ToolChoiceCustomParam
    from martlet.protocol.response_params import ToolChoiceFunctionParam as ToolChoiceFunctionParam
    from martlet.protocol.response_params import ToolChoiceMcpParam as ToolChoiceMcpParam
    from martlet.protocol.response_params import ToolChoiceShellParam as ToolChoiceShellParam
    from martlet.protocol.response_params import ToolChoiceTypesParam as ToolChoiceTypesParam
    from martlet.protocol.response_params import ToolParam as ToolParam
    from martlet.protocol.response_params import (
        ToolSearchOutputNamespaceToolParam as ToolSearchOutputNamespaceToolParam,
    )
    from martlet.protocol.response_params import ToolSearchToolParam as ToolSearchToolParam
    from martlet.protocol.response_params import WebSearchPreviewToolParam as WebSearchPreviewToolParam
    from martlet.protocol.response_params import WebSearchToolParam as WebSearchToolParam
    from martlet.protocol.response_tools import ApplyPatchTool as ApplyPatchTool
    from martlet.protocol.response_tools import ComputerTool as ComputerTool
    from martlet.protocol.response_tools import ComputerUsePreviewTool as ComputerUsePreviewTool
    from martlet.protocol.response_tools import ContainerAuto as ContainerAuto
    from martlet.protocol.response_tools import (
        ContainerNetworkPolicyAllowlist as ContainerNetworkPolicyAllowlist,
    )
    from martlet.protocol.response_tools import (
        ContainerNetworkPolicyDisabled as ContainerNetworkPolicyDisabled,
    )
    from martlet.protocol.response_tools import (
        ContainerNetworkPolicyDomainSecret as ContainerNetworkPolicyDomainSecret,
    )
    from martlet.protocol.response_tools import ContainerReference as ContainerReference
    from martlet.protocol.response_tools import CustomTool as CustomTool
    from martlet.protocol.response_tools import FileSearchTool as FileSearchTool
    from martlet.protocol.response_tools import FunctionShellTool as FunctionShellTool
    from martlet.protocol.response_tools import FunctionTool as FunctionTool
    from martlet.protocol.response_tools import InlineSkill as InlineSkill
    from martlet.protocol.response_tools import InlineSkillSource as InlineSkillSource
    from martlet.protocol.response_tools import LocalEnvironment as LocalEnvironment
    from martlet.protocol.response_tools import LocalSkill as LocalSkill
    from martlet.protocol.response_tools import NamespaceTool as NamespaceTool
    from martlet.protocol.response_tools import ResponseContainerReference as ResponseContainerReference
    from martlet.protocol.response_tools import SkillReference as SkillReference
    from martlet.protocol.response_tools import Tool as Tool
    from martlet.protocol.response_tools import ToolChoiceAllowed as ToolChoiceAllowed
    from martlet.protocol.response_tools import ToolChoiceApplyPatch as ToolChoiceApplyPatch
    from martlet.protocol.response_tools import ToolChoiceCustom as ToolChoiceCustom
    from martlet.protocol.response_tools import ToolChoiceFunction as ToolChoiceFunction
    from martlet.protocol.response_tools import ToolChoiceMcp as ToolChoiceMcp
    from martlet.protocol.response_tools import ToolChoiceOptions as ToolChoiceOptions
    from martlet.protocol.response_tools import ToolChoiceShell as ToolChoiceShell
    from martlet.protocol.response_tools import ToolChoiceTypes as ToolChoiceTypes
    from martlet.protocol.response_tools import ToolSearchOutputNamespaceTool as ToolSearchOutputNamespaceTool
    from martlet.protocol.response_tools import ToolSearchTool as ToolSearchTool
    from martlet.protocol.response_tools import WebSearchPreviewTool as WebSearchPreviewTool
    from martlet.protocol.response_tools import WebSearchTool as WebSearchTool
    from martlet.protocol.responses import CompactedResponse as CompactedResponse
    from martlet.protocol.responses import InputTokenCountResponse as InputTokenCountResponse
    from martlet.protocol.responses import Response as Response
    from martlet.protocol.responses import ResponseConversationParam as ResponseConversationParam
    from martlet.protocol.responses import ResponseError as ResponseError
    from martlet.protocol.responses import ResponseItemList as ResponseItemList
    from martlet.protocol.responses import ResponsePrompt as ResponsePrompt
    from martlet.protocol.responses import ResponseStatus as ResponseStatus
    from martlet.protocol.responses import ResponseTextConfig as ResponseTextConfig
    from martlet.protocol.responses import ResponseUsage as ResponseUsage
    from martlet.protocol.responses import ServiceTier as ServiceTier
else:
    from martlet.types.lazy import offer

    __getattr__, __dir__, __all__ = offer(__name__)
