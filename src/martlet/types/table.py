"""Where the official names are, as text: `our module: name name; our module: name Name=OurName`.

Our modules without a dot lie in `martlet.protocol`. In the official package each class of a package stands in
a module of its own as well, named like it: `chat.chat_completion.ChatCompletion`. Such modules are listed
here only if they hold other names too.
"""

from __future__ import annotations

PACKAGES: dict[str, str] = {
    "martlet.types": (
        "audio: AudioModel AudioResponseFormat; batches: Batch BatchCreateParams BatchError "
        "BatchListParams BatchRequestCounts BatchUsage; response_tools: ComparisonFilter "
        "CompoundFilter CustomToolInputFormat ResponseFormatText; completions: Completion "
        "CompletionChoice; martlet.client.calls: CompletionCreateParams; common: AllModels ChatModel "
        "CompletionUsage FunctionParameters Metadata ResponsesModel; embeddings: "
        "CreateEmbeddingResponse Embedding EmbeddingCreateParams EmbeddingModel; errors: "
        "ErrorObject=ErrorInfo; files: FileContent "
        "FileCreateParams FileDeleted FileListParams FileObject FilePurpose; images: Image "
        "ImageCreateVariationParams ImageEditCompletedEvent ImageEditParams "
        "ImageEditPartialImageEvent ImageEditStreamEvent ImageGenCompletedEvent "
        "ImageGenPartialImageEvent ImageGenStreamEvent ImageGenerateParams ImagesResponse; models: "
        "Model ModelDeleted; moderations: Moderation ModerationCreateParams ModerationCreateResponse "
        "ModerationImageURLInputParam ModerationModel ModerationMultiModalInputParam "
        "ModerationTextInputParam; responses: Reasoning; params: ReasoningEffort; response_items: "
        "ResponseFormatJSONObject; uploads: Upload UploadCompleteParams UploadCreateParams"
    ),
    "martlet.types.chat": (
        "chat: ChatCompletion ChatCompletionAudio ChatCompletionChunk ChatCompletionMessage "
        "ChatCompletionMessageCustomToolCall ChatCompletionMessageFunctionToolCall "
        "ChatCompletionMessageToolCall "
        "ChatCompletionMessageToolCallUnion=ChatCompletionMessageToolCall ChatCompletionTokenLogprob; "
        "params: ChatCompletionAllowedToolChoiceParam ChatCompletionAllowedToolsParam "
        "ChatCompletionAssistantMessageParam ChatCompletionAudioParam "
        "ChatCompletionContentPartImageParam ChatCompletionContentPartInputAudioParam "
        "ChatCompletionContentPartParam ChatCompletionContentPartRefusalParam "
        "ChatCompletionContentPartTextParam ChatCompletionCustomToolParam "
        "ChatCompletionDeveloperMessageParam ChatCompletionFunctionCallOptionParam "
        "ChatCompletionFunctionMessageParam ChatCompletionFunctionToolParam "
        "ChatCompletionMessageCustomToolCallParam ChatCompletionMessageFunctionToolCallParam "
        "ChatCompletionMessageParam ChatCompletionMessageToolCallParam ChatCompletionModality "
        "CreateChatCompletionRequestMessageParam=ChatCompletionMessageParam ChatCompletionRole "
        "ChatCompletionMessageToolCallUnionParam ChatCompletionNamedToolChoiceCustomParam "
        "ChatCompletionNamedToolChoiceParam ChatCompletionPredictionContentParam "
        "ChatCompletionReasoningEffort=ReasoningEffort ChatCompletionStreamOptionsParam "
        "ChatCompletionSystemMessageParam ChatCompletionToolChoiceOptionParam "
        "ChatCompletionToolMessageParam ChatCompletionToolParam ChatCompletionToolUnionParam "
        "ChatCompletionUserMessageParam; stored_chat: ChatCompletionContentPartImage "
        "ChatCompletionContentPartText ChatCompletionDeleted ChatCompletionStoreMessage "
        "CompletionListParams CompletionUpdateParams; martlet.client.calls: "
        "CompletionCreateParams=ChatCompletionCreateParams; martlet.client.parsed: "
        "ParsedChatCompletion ParsedChatCompletionMessage ParsedChoice ParsedFunction "
        "ParsedFunctionToolCall"
    ),
    "martlet.types.responses": (
        "martlet.client.parsed_response: ParsedContent ParsedResponse "
        "ParsedResponseFunctionToolCall ParsedResponseOutputItem ParsedResponseOutputMessage "
        "ParsedResponseOutputText; response_tools: "
        "ApplyPatchTool ComputerTool ComputerUsePreviewTool ContainerAuto "
        "ContainerNetworkPolicyAllowlist ContainerNetworkPolicyDisabled "
        "ContainerNetworkPolicyDomainSecret ContainerReference CustomTool FileSearchTool "
        "FunctionShellTool FunctionTool InlineSkill InlineSkillSource LocalEnvironment LocalSkill "
        "NamespaceTool ResponseContainerReference SkillReference Tool ToolChoiceAllowed "
        "ToolChoiceApplyPatch ToolChoiceCustom ToolChoiceFunction ToolChoiceMcp ToolChoiceOptions "
        "ToolChoiceShell ToolChoiceTypes ToolSearchOutputNamespaceTool ToolSearchTool "
        "WebSearchPreviewTool WebSearchTool; response_params: ApplyPatchToolParam "
        "ComputerActionListParam ComputerActionParam ComputerToolParam ComputerUsePreviewToolParam "
        "ContainerAutoParam ContainerNetworkPolicyAllowlistParam ContainerNetworkPolicyDisabledParam "
        "ContainerNetworkPolicyDomainSecretParam ContainerReferenceParam CustomToolParam "
        "EasyInputMessageParam FileSearchToolParam FunctionShellToolParam FunctionToolParam "
        "InlineSkillParam InlineSkillSourceParam LocalEnvironmentParam LocalSkillParam "
        "McpToolCallErrorParam NamespaceToolParam ResponseCodeInterpreterToolCallParam "
        "ResponseCompactionItemParamParam ResponseComputerToolCallOutputScreenshotParam "
        "ResponseComputerToolCallParam ResponseConfigurationUpdateItemParamParam "
        "ResponseConversationParamParam ResponseCustomToolCallOutputParam ResponseCustomToolCallParam "
        "ResponseFileSearchToolCallParam ResponseFormatTextConfigParam "
        "ResponseFormatTextJSONSchemaConfigParam ResponseFunctionCallOutputItemListParam "
        "ResponseFunctionCallOutputItemParam ResponseFunctionShellCallOutputContentParam "
        "ResponseFunctionToolCallParam ResponseFunctionWebSearchParam ResponseIncludable "
        "ResponseInputContentParam ResponseInputFileContentParam ResponseInputFileParam "
        "ResponseInputImageContentParam ResponseInputImageParam ResponseInputItemParam "
        "ResponseInputMessageContentListParam ResponseInputParam ResponseInputTextContentParam "
        "ResponseInputTextParam ResponseOutputMessageParam ResponseOutputRefusalParam "
        "ResponseOutputTextParam ResponsePromptParam ResponseReasoningItemParam "
        "ResponseTextConfigParam ResponseToolSearchOutputItemParamParam SkillReferenceParam "
        "ToolChoiceAllowedParam ToolChoiceApplyPatchParam ToolChoiceCustomParam "
        "ToolChoiceFunctionParam ToolChoiceMcpParam ToolChoiceShellParam ToolChoiceTypesParam "
        "ToolParam ToolSearchOutputNamespaceToolParam ToolSearchToolParam WebSearchPreviewToolParam "
        "WebSearchToolParam; response_calls: InputItemListParams InputTokenCountParams "
        "ResponseCompactParams ResponseCreateParams ResponseRetrieveParams; responses: "
        "CompactedResponse InputTokenCountResponse Response ResponseConversationParam ResponseError "
        "ResponseItemList ResponsePrompt ResponseStatus ResponseTextConfig ResponseUsage ServiceTier; "
        "response_items: ComputerAction ComputerActionList EasyInputMessage ImageDetail "
        "McpToolCallError ResponseApplyPatchToolCall ResponseApplyPatchToolCallOutput "
        "ResponseCodeInterpreterToolCall ResponseCompactionItem ResponseCompactionItemParam "
        "ResponseComputerToolCall ResponseComputerToolCallOutputItem "
        "ResponseComputerToolCallOutputScreenshot ResponseConfigurationUpdateItem "
        "ResponseConfigurationUpdateItemParam ResponseCustomToolCall ResponseCustomToolCallItem "
        "ResponseCustomToolCallOutput ResponseCustomToolCallOutputItem ResponseFileSearchToolCall "
        "ResponseFormatTextConfig ResponseFormatTextJSONSchemaConfig ResponseFunctionCallOutputItem "
        "ResponseFunctionCallOutputItemList ResponseFunctionShellCallOutputContent "
        "ResponseFunctionShellToolCall ResponseFunctionShellToolCallOutput ResponseFunctionToolCall "
        "ResponseFunctionToolCallItem ResponseFunctionToolCallOutputItem ResponseFunctionWebSearch "
        "ResponseInput ResponseInputContent ResponseInputFile ResponseInputFileContent "
        "ResponseInputImage ResponseInputImageContent ResponseInputItem "
        "ResponseInputMessageContentList ResponseInputMessageItem ResponseInputText "
        "ResponseInputTextContent ResponseItem ResponseLocalEnvironment ResponseOutputItem "
        "ResponseOutputMessage ResponseOutputRefusal ResponseOutputText ResponseReasoningItem "
        "ResponseToolSearchCall ResponseToolSearchOutputItem ResponseToolSearchOutputItemParam; "
        "response_events: ResponseAudioDeltaEvent ResponseAudioDoneEvent "
        "ResponseAudioTranscriptDeltaEvent ResponseAudioTranscriptDoneEvent "
        "ResponseCodeInterpreterCallCodeDeltaEvent ResponseCodeInterpreterCallCodeDoneEvent "
        "ResponseCodeInterpreterCallCompletedEvent ResponseCodeInterpreterCallInProgressEvent "
        "ResponseCodeInterpreterCallInterpretingEvent ResponseCompactionCompactingEvent "
        "ResponseCompletedEvent ResponseContentPartAddedEvent ResponseContentPartDoneEvent "
        "ResponseCreatedEvent ResponseCustomToolCallInputDeltaEvent "
        "ResponseCustomToolCallInputDoneEvent ResponseErrorEvent ResponseFailedEvent "
        "ResponseFileSearchCallCompletedEvent ResponseFileSearchCallInProgressEvent "
        "ResponseFileSearchCallSearchingEvent ResponseFunctionCallArgumentsDeltaEvent "
        "ResponseFunctionCallArgumentsDoneEvent ResponseImageGenCallCompletedEvent "
        "ResponseImageGenCallGeneratingEvent ResponseImageGenCallInProgressEvent "
        "ResponseImageGenCallPartialImageEvent ResponseInProgressEvent ResponseIncompleteEvent "
        "ResponseMcpCallArgumentsDeltaEvent ResponseMcpCallArgumentsDoneEvent "
        "ResponseMcpCallCompletedEvent ResponseMcpCallFailedEvent ResponseMcpCallInProgressEvent "
        "ResponseMcpListToolsCompletedEvent ResponseMcpListToolsFailedEvent "
        "ResponseMcpListToolsInProgressEvent ResponseOutputItemAddedEvent ResponseOutputItemDoneEvent "
        "ResponseOutputTextAnnotationAddedEvent ResponseQueuedEvent "
        "ResponseReasoningSummaryPartAddedEvent ResponseReasoningSummaryPartDoneEvent "
        "ResponseReasoningSummaryTextDeltaEvent ResponseReasoningSummaryTextDoneEvent "
        "ResponseReasoningTextDeltaEvent ResponseReasoningTextDoneEvent ResponseRefusalDeltaEvent "
        "ResponseRefusalDoneEvent ResponseShellCallCommandAddedEvent "
        "ResponseShellCallCommandDeltaEvent ResponseShellCallCommandDoneEvent "
        "ResponseShellCallOutputContentDeltaEvent ResponseShellCallOutputContentDoneEvent "
        "ResponseStreamEvent ResponseTextDeltaEvent ResponseTextDoneEvent "
        "ResponseWebSearchCallCompletedEvent ResponseWebSearchCallInProgressEvent "
        "ResponseWebSearchCallSearchingEvent"
    ),
    "martlet.types.audio": (
        "audio: SpeechCreateParams SpeechModel Transcription TranscriptionCreateParams "
        "TranscriptionCreateResponse TranscriptionDiarized TranscriptionDiarizedSegment "
        "TranscriptionInclude TranscriptionLanguage TranscriptionSegment TranscriptionStreamEvent "
        "TranscriptionTextDeltaEvent TranscriptionTextDoneEvent TranscriptionTextSegmentEvent "
        "TranscriptionVerbose TranscriptionWord Translation TranslationCreateParams "
        "TranslationCreateResponse TranslationVerbose"
    ),
    "martlet.types.uploads": "uploads: PartCreateParams UploadPart",
    "martlet.types.shared": (
        "response_tools: ComparisonFilter CompoundFilter CustomToolInputFormat ResponseFormatText; "
        "errors: ErrorObject=ErrorInfo; common: AllModels ChatModel FunctionParameters Metadata "
        "ResponsesModel; responses: Reasoning; params: ReasoningEffort; response_items: "
        "ResponseFormatJSONObject"
    ),
    "martlet.types.shared_params": (
        "response_params: ComparisonFilter CompoundFilter Reasoning ResponseFormatJSONObject "
        "ResponseFormatText; params: FunctionDefinition ReasoningEffort ResponseFormatJSONSchema; "
        "common: ChatModel FunctionParameters Metadata ResponsesModel"
    ),
}
"""By package."""

MODULES: dict[str, dict[str, str]] = {
    "martlet.types": {
        "batch": "batches: Batch Errors",
        "batch_create_params": "batches: BatchCreateParams OutputExpiresAfter",
        "batch_usage": "batches: BatchUsage InputTokensDetails OutputTokensDetails",
        "completion_choice": "completions: CompletionChoice Logprobs",
        "completion_usage": "common: CompletionTokensDetails CompletionUsage PromptTokensDetails",
        "create_embedding_response": "embeddings: CreateEmbeddingResponse Usage",
        "file_create_params": "files: ExpiresAfter FileCreateParams",
        "image_edit_completed_event": "images: ImageEditCompletedEvent Usage UsageInputTokensDetails",
        "image_edit_params": "images: ImageEditParams Svg SvgReasoning",
        "image_gen_completed_event": "images: ImageGenCompletedEvent Usage UsageInputTokensDetails",
        "image_generate_params": "images: ImageGenerateParams Svg SvgReasoning",
        "images_response": (
            "images: ImagesResponse SvgUsage Usage UsageInputTokensDetails UsageOutputTokensDetails"
        ),
        "moderation": "moderations: Categories CategoryAppliedInputTypes CategoryScores Moderation",
        "moderation_image_url_input_param": "moderations: ImageURL ModerationImageURLInputParam",
        "upload_create_params": "files: ExpiresAfter; uploads: UploadCreateParams",
    },
    "martlet.types.chat": {
        "completion_create_params": (
            "martlet.client.calls: CompletionCreateParams=ChatCompletionCreateParams; params: "
            "Moderation=ModerationParam WebSearchOptions=WebSearchOptionsParam WebSearchOptionsUserLocation "
            "WebSearchOptionsUserLocationApproximate"
        ),
        "parsed_chat_completion": (
            "martlet.client.parsed: ParsedChatCompletion ParsedChatCompletionMessage ParsedChoice"
        ),
        "parsed_function_tool_call": "martlet.client.parsed: ParsedFunction ParsedFunctionToolCall",
        "chat_completion": (
            "chat: ChatCompletion Choice ChoiceLogprobs Moderation ModerationInputError=ModerationResults "
            "ModerationInputModerationResults=ModerationResults "
            "ModerationInputModerationResultsResult=ModerationResult "
            "ModerationOutputError=ModerationResults ModerationOutputModerationResults=ModerationResults "
            "ModerationOutputModerationResultsResult=ModerationResult"
        ),
        "chat_completion_assistant_message_param": "params: ChatCompletionAssistantMessageParam FunctionCall",
        "chat_completion_chunk": (
            "chat: ChatCompletionChunk Choice=ChunkChoice ChoiceDelta ChoiceDeltaAudio "
            "ChoiceDeltaFunctionCall ChoiceDeltaToolCall ChoiceDeltaToolCallFunction ChoiceLogprobs "
            "Moderation ModerationInputError=ModerationResults "
            "ModerationInputModerationResults=ModerationResults "
            "ModerationInputModerationResultsResult=ModerationResult "
            "ModerationOutputError=ModerationResults ModerationOutputModerationResults=ModerationResults "
            "ModerationOutputModerationResultsResult=ModerationResult"
        ),
        "chat_completion_content_part_image": (
            "stored_chat: ChatCompletionContentPartImage ImageURL PromptCacheBreakpoint"
        ),
        "chat_completion_content_part_image_param": (
            "params: ChatCompletionContentPartImageParam ImageURL "
            "PromptCacheBreakpoint=PromptCacheBreakpointParam"
        ),
        "chat_completion_content_part_input_audio_param": (
            "params: ChatCompletionContentPartInputAudioParam InputAudio "
            "PromptCacheBreakpoint=PromptCacheBreakpointParam"
        ),
        "chat_completion_content_part_param": (
            "params: ChatCompletionContentPartParam File FileFile "
            "FilePromptCacheBreakpoint=PromptCacheBreakpointParam"
        ),
        "chat_completion_content_part_text": (
            "stored_chat: ChatCompletionContentPartText PromptCacheBreakpoint"
        ),
        "chat_completion_content_part_text_param": (
            "params: ChatCompletionContentPartTextParam PromptCacheBreakpoint=PromptCacheBreakpointParam"
        ),
        "chat_completion_custom_tool_param": (
            "params: ChatCompletionCustomToolParam Custom CustomFormatGrammar CustomFormatGrammarGrammar "
            "CustomFormatText"
        ),
        "chat_completion_message": (
            "chat: Annotation AnnotationURLCitation ChatCompletionMessage FunctionCall"
        ),
        "chat_completion_message_custom_tool_call": "chat: ChatCompletionMessageCustomToolCall Custom",
        "chat_completion_message_custom_tool_call_param": (
            "params: ChatCompletionMessageCustomToolCallParam Custom=CustomCall"
        ),
        "chat_completion_message_function_tool_call": "chat: ChatCompletionMessageFunctionToolCall Function",
        "chat_completion_message_function_tool_call_param": (
            "params: ChatCompletionMessageFunctionToolCallParam Function=FunctionCall"
        ),
        "chat_completion_named_tool_choice_custom_param": (
            "params: ChatCompletionNamedToolChoiceCustomParam Custom"
        ),
        "chat_completion_token_logprob": "chat: ChatCompletionTokenLogprob TopLogprob",
        "chat_completion_tool_param": "params: ChatCompletionToolParam FunctionDefinition",
        "completions": "stored_chat: MessageListParams",
    },
    "martlet.types.responses": {
        "parsed_response": (
            "martlet.client.parsed_response: ParsedContent ParsedResponse "
            "ParsedResponseFunctionToolCall ParsedResponseOutputItem ParsedResponseOutputMessage "
            "ParsedResponseOutputText"
        ),
        "compacted_response": "responses: CompactedResponse Image",
        "computer_action": (
            "response_items: Click ComputerAction DoubleClick Drag DragPath Keypress Move Screenshot "
            "Scroll Type Wait"
        ),
        "computer_action_list_param": (
            "response_params: Click ComputerActionListParam ComputerActionParam DoubleClick Drag DragPath "
            "Keypress Move Screenshot Scroll Type Wait"
        ),
        "computer_action_param": (
            "response_params: Click ComputerActionParam DoubleClick Drag DragPath Keypress Move "
            "Screenshot Scroll Type Wait"
        ),
        "file_search_tool": (
            "response_tools: FileSearchTool Filters RankingOptions RankingOptionsHybridSearch"
        ),
        "file_search_tool_param": (
            "response_params: FileSearchToolParam Filters RankingOptions RankingOptionsHybridSearch"
        ),
        "input_token_count_params": (
            "response_calls: InputTokenCountParams; response_params: Text=ResponseTextConfigParam "
            "ToolChoice ToolChoiceSpecificProgrammaticToolCallingParam"
        ),
        "mcp_tool_call_error": (
            "response_items: HTTPError McpProtocolError McpToolCallError McpToolExecutionError"
        ),
        "mcp_tool_call_error_param": (
            "response_params: HTTPError McpProtocolError McpToolCallErrorParam McpToolExecutionError"
        ),
        "namespace_tool": "response_tools: NamespaceTool Tool ToolFunction",
        "namespace_tool_param": "response_params: NamespaceToolParam ToolFunction",
        "response": (
            "responses: AccessPrograms Conversation Image IncompleteDetails InputTransformation "
            "Moderation ModerationInputError ModerationInputModerationResult ModerationOutputError "
            "ModerationOutputModerationResult PromptCacheDiagnosticsCacheHit "
            "PromptCacheDiagnosticsCacheMiss PromptCacheDiagnosticsComparisonResponseNotFound "
            "PromptCacheDiagnosticsUnavailable PromptCacheOptions Response ToolUsage ToolUsageImageGen "
            "ToolUsageImageGenCachedTokensDetails ToolUsageImageGenInputTokensDetails "
            "ToolUsageImageGenOutputTokensDetails ToolUsageWebSearch; response_tools: ToolChoice "
            "ToolChoiceSpecificProgrammaticToolCallingParam"
        ),
        "response_apply_patch_tool_call": (
            "response_items: Caller CallerDirect CallerProgram Operation OperationCreateFile "
            "OperationDeleteFile OperationUpdateFile ResponseApplyPatchToolCall"
        ),
        "response_apply_patch_tool_call_output": (
            "response_items: Caller CallerDirect CallerProgram ResponseApplyPatchToolCallOutput"
        ),
        "response_code_interpreter_tool_call": (
            "response_items: Output OutputImage OutputLogs ResponseCodeInterpreterToolCall"
        ),
        "response_code_interpreter_tool_call_param": (
            "response_params: OutputImage OutputLogs ResponseCodeInterpreterToolCallParam"
        ),
        "response_compact_params": (
            "response_params: Image PromptCacheOptions=CompactPromptCacheOptions; response_calls: "
            "ResponseCompactParams"
        ),
        "response_computer_tool_call": (
            "response_items: Action ActionClick ActionDoubleClick ActionDrag ActionDragPath "
            "ActionKeypress ActionMove ActionScreenshot ActionScroll ActionType ActionWait "
            "PendingSafetyCheck ResponseComputerToolCall"
        ),
        "response_computer_tool_call_output_item": (
            "response_items: AcknowledgedSafetyCheck ResponseComputerToolCallOutputItem"
        ),
        "response_computer_tool_call_param": (
            "response_params: ActionClick ActionDoubleClick ActionDrag ActionDragPath ActionKeypress "
            "ActionMove ActionScreenshot ActionScroll ActionType ActionWait PendingSafetyCheck "
            "ResponseComputerToolCallParam"
        ),
        "response_configuration_update_item": (
            "response_tools: Reasoning=ImageGenerationSvgReasoning; response_items: "
            "ResponseConfigurationUpdateItem Text=ConfigurationUpdateText"
        ),
        "response_configuration_update_item_param": (
            "response_tools: Reasoning=ImageGenerationSvgReasoning; response_items: "
            "ResponseConfigurationUpdateItemParam Text=ConfigurationUpdateText"
        ),
        "response_configuration_update_item_param_param": (
            "response_params: Reasoning=ImageGenerationSvgReasoning "
            "ResponseConfigurationUpdateItemParamParam Text=ConfigurationUpdateTextParam"
        ),
        "response_content_part_added_event": (
            "response_items: Part PartReasoningText; response_events: ResponseContentPartAddedEvent"
        ),
        "response_content_part_done_event": (
            "response_items: Part PartReasoningText; response_events: ResponseContentPartDoneEvent"
        ),
        "response_conversation_param": "responses: ResponseConversationParam=Conversation",
        "response_create_params": (
            "response_params: AccessPrograms BackgroundOptions ContextManagement Image Moderation "
            "ModerationPolicy ModerationPolicyInput ModerationPolicyOutput PromptCacheOptions "
            "StreamOptions ToolChoice ToolChoiceSpecificProgrammaticToolCallingParam; response_calls: "
            "ResponseCreateParams"
        ),
        "response_custom_tool_call": (
            "response_items: Caller CallerDirect CallerProgram ResponseCustomToolCall"
        ),
        "response_custom_tool_call_output": (
            "response_items: Caller CallerDirect CallerProgram ResponseCustomToolCallOutput"
        ),
        "response_custom_tool_call_output_param": (
            "response_params: Caller CallerDirect CallerProgram ResponseCustomToolCallOutputParam"
        ),
        "response_custom_tool_call_param": (
            "response_params: Caller CallerDirect CallerProgram ResponseCustomToolCallParam"
        ),
        "response_error": "responses: Misalignment MisalignmentSteer ResponseError",
        "response_file_search_tool_call": "response_items: ResponseFileSearchToolCall Result",
        "response_file_search_tool_call_param": "response_params: ResponseFileSearchToolCallParam Result",
        "response_function_call_output_item_list_param": (
            "response_params: ResponseFunctionCallOutputItemListParam ResponseFunctionCallOutputItemParam"
        ),
        "response_function_shell_call_output_content": (
            "response_items: Outcome OutcomeExit OutcomeTimeout ResponseFunctionShellCallOutputContent"
        ),
        "response_function_shell_call_output_content_param": (
            "response_params: OutcomeExit OutcomeTimeout ResponseFunctionShellCallOutputContentParam"
        ),
        "response_function_shell_tool_call": (
            "response_items: Action Caller CallerDirect CallerProgram ResponseFunctionShellToolCall"
        ),
        "response_function_shell_tool_call_output": (
            "response_items: Caller CallerDirect CallerProgram Output OutputOutcomeExit "
            "OutputOutcomeTimeout ResponseFunctionShellToolCallOutput"
        ),
        "response_function_tool_call": (
            "response_items: Caller CallerDirect CallerProgram ResponseFunctionToolCall"
        ),
        "response_function_tool_call_output_item": (
            "response_items: Caller CallerDirect CallerProgram ResponseFunctionToolCallOutputItem"
        ),
        "response_function_tool_call_param": (
            "response_params: Caller CallerDirect CallerProgram ResponseFunctionToolCallParam"
        ),
        "response_function_web_search": (
            "response_items: Action ActionFind ActionOpenPage ActionSearch ActionSearchSource "
            "ResponseFunctionWebSearch"
        ),
        "response_function_web_search_param": (
            "response_params: ActionFind ActionOpenPage ActionSearch ActionSearchSource "
            "ResponseFunctionWebSearchParam"
        ),
        "response_input_file": "response_items: PromptCacheBreakpoint ResponseInputFile",
        "response_input_file_content": "response_items: PromptCacheBreakpoint ResponseInputFileContent",
        "response_input_file_content_param": (
            "response_params: PromptCacheBreakpoint ResponseInputFileContentParam"
        ),
        "response_input_file_param": "response_params: PromptCacheBreakpoint ResponseInputFileParam",
        "response_input_image": "response_items: PromptCacheBreakpoint ResponseInputImage",
        "response_input_image_content": "response_items: PromptCacheBreakpoint ResponseInputImageContent",
        "response_input_image_content_param": (
            "response_params: PromptCacheBreakpoint ResponseInputImageContentParam"
        ),
        "response_input_image_param": "response_params: PromptCacheBreakpoint ResponseInputImageParam",
        "response_input_item": (
            "response_items: AdditionalTools ApplyPatchCall ApplyPatchCallCallerDirect "
            "ApplyPatchCallCallerProgram ApplyPatchCallOperationCreateFile "
            "ApplyPatchCallOperationDeleteFile ApplyPatchCallOperationUpdateFile ApplyPatchCallOutput "
            "ApplyPatchCallOutputCallerDirect ApplyPatchCallOutputCallerProgram CompactionTrigger "
            "ComputerCallOutput ComputerCallOutputAcknowledgedSafetyCheck FunctionCallOutput "
            "FunctionCallOutputCallerDirect FunctionCallOutputCallerProgram ImageGenerationCall "
            "ImageGenerationCallError ImageGenerationCallErrorModerationDetails "
            "ImageGenerationCallSvgUsage ItemReference LocalShellCall LocalShellCallAction "
            "LocalShellCallOutput McpApprovalRequest McpApprovalResponse McpCall McpListTools "
            "McpListToolsTool Message Program ProgramOutput ResponseInputItem ShellCall ShellCallAction "
            "ShellCallCallerDirect ShellCallCallerProgram ShellCallOutput ShellCallOutputCallerDirect "
            "ShellCallOutputCallerProgram ToolSearchCall"
        ),
        "response_input_item_param": (
            "response_params: AdditionalTools ApplyPatchCall ApplyPatchCallCallerDirect "
            "ApplyPatchCallCallerProgram ApplyPatchCallOperationCreateFile "
            "ApplyPatchCallOperationDeleteFile ApplyPatchCallOperationUpdateFile ApplyPatchCallOutput "
            "ApplyPatchCallOutputCallerDirect ApplyPatchCallOutputCallerProgram CompactionTrigger "
            "ComputerCallOutput ComputerCallOutputAcknowledgedSafetyCheck FunctionCallOutput "
            "FunctionCallOutputCallerDirect FunctionCallOutputCallerProgram ImageGenerationCall "
            "ImageGenerationCallError ImageGenerationCallErrorModerationDetails "
            "ImageGenerationCallSvgUsage ItemReference LocalShellCall LocalShellCallAction "
            "LocalShellCallOutput McpApprovalRequest McpApprovalResponse McpCall McpListTools "
            "McpListToolsTool Message Program ProgramOutput ResponseInputItemParam ShellCall "
            "ShellCallAction ShellCallCallerDirect ShellCallCallerProgram ShellCallOutput "
            "ShellCallOutputCallerDirect ShellCallOutputCallerProgram ToolSearchCall"
        ),
        "response_input_message_content_list_param": (
            "response_params: ResponseInputContentParam ResponseInputMessageContentListParam"
        ),
        "response_input_param": (
            "response_params: AdditionalTools ApplyPatchCall ApplyPatchCallCallerDirect "
            "ApplyPatchCallCallerProgram ApplyPatchCallOperationCreateFile "
            "ApplyPatchCallOperationDeleteFile ApplyPatchCallOperationUpdateFile ApplyPatchCallOutput "
            "ApplyPatchCallOutputCallerDirect ApplyPatchCallOutputCallerProgram CompactionTrigger "
            "ComputerCallOutput ComputerCallOutputAcknowledgedSafetyCheck FunctionCallOutput "
            "FunctionCallOutputCallerDirect FunctionCallOutputCallerProgram ImageGenerationCall "
            "ImageGenerationCallError ImageGenerationCallErrorModerationDetails "
            "ImageGenerationCallSvgUsage ItemReference LocalShellCall LocalShellCallAction "
            "LocalShellCallOutput McpApprovalRequest McpApprovalResponse McpCall McpListTools "
            "McpListToolsTool Message Program ProgramOutput ResponseInputItemParam ResponseInputParam "
            "ShellCall ShellCallAction ShellCallCallerDirect ShellCallCallerProgram ShellCallOutput "
            "ShellCallOutputCallerDirect ShellCallOutputCallerProgram ToolSearchCall"
        ),
        "response_input_text": "response_items: PromptCacheBreakpoint ResponseInputText",
        "response_input_text_content": "response_items: PromptCacheBreakpoint ResponseInputTextContent",
        "response_input_text_content_param": (
            "response_params: PromptCacheBreakpoint ResponseInputTextContentParam"
        ),
        "response_input_text_param": "response_params: PromptCacheBreakpoint ResponseInputTextParam",
        "response_item": (
            "response_items: AdditionalTools ImageGenerationCall ImageGenerationCallError "
            "ImageGenerationCallErrorModerationDetails ImageGenerationCallSvgUsage LocalShellCall "
            "LocalShellCallAction LocalShellCallOutput McpApprovalRequest McpApprovalResponse McpCall "
            "McpListTools McpListToolsTool Program ProgramOutput ResponseItem"
        ),
        "response_output_item": (
            "response_items: AdditionalTools ImageGenerationCall ImageGenerationCallError "
            "ImageGenerationCallErrorModerationDetails ImageGenerationCallSvgUsage LocalShellCall "
            "LocalShellCallAction LocalShellCallOutput McpApprovalRequest McpApprovalResponse McpCall "
            "McpListTools McpListToolsTool Program ProgramOutput ResponseOutputItem"
        ),
        "response_output_message": "response_items: Content ResponseOutputMessage",
        "response_output_message_param": "response_params: Content ResponseOutputMessageParam",
        "response_output_text": (
            "response_items: Annotation AnnotationContainerFileCitation AnnotationFileCitation "
            "AnnotationFilePath AnnotationURLCitation Logprob LogprobTopLogprob ResponseOutputText"
        ),
        "response_output_text_annotation_added_event": (
            "response_items: Annotation AnnotationContainerFileCitation AnnotationFileCitation "
            "AnnotationFilePath AnnotationURLCitation; response_events: "
            "ResponseOutputTextAnnotationAddedEvent"
        ),
        "response_output_text_param": (
            "response_params: Annotation AnnotationContainerFileCitation AnnotationFileCitation "
            "AnnotationFilePath AnnotationURLCitation Logprob LogprobTopLogprob ResponseOutputTextParam"
        ),
        "response_reasoning_item": "response_items: Content ResponseReasoningItem Summary",
        "response_reasoning_item_param": "response_params: Content ResponseReasoningItemParam Summary",
        "response_reasoning_summary_part_added_event": (
            "response_items: Part; response_events: ResponseReasoningSummaryPartAddedEvent"
        ),
        "response_reasoning_summary_part_done_event": (
            "response_items: Part; response_events: ResponseReasoningSummaryPartDoneEvent"
        ),
        "response_shell_call_output_content_delta_event": (
            "response_events: Delta ResponseShellCallOutputContentDeltaEvent"
        ),
        "response_shell_call_output_content_done_event": (
            "response_items: Output OutputOutcomeExit OutputOutcomeTimeout; response_events: "
            "ResponseShellCallOutputContentDoneEvent"
        ),
        "response_text_delta_event": (
            "response_events: Logprob=EventLogprob LogprobTopLogprob=EventLogprobTopLogprob "
            "ResponseTextDeltaEvent"
        ),
        "response_text_done_event": (
            "response_events: Logprob=EventLogprob LogprobTopLogprob=EventLogprobTopLogprob "
            "ResponseTextDoneEvent"
        ),
        "response_tool_search_output_item_param": (
            "response_items: ResponseToolSearchOutputItemParam; response_tools: ToolCodeInterpreter "
            "ToolCodeInterpreterContainerCodeInterpreterToolAuto ToolImageGeneration "
            "ToolImageGenerationInputImageMask ToolImageGenerationSvg ToolImageGenerationSvgReasoning "
            "ToolLocalShell ToolMcp ToolMcpAllowedToolsMcpToolFilter "
            "ToolMcpRequireApprovalMcpToolApprovalFilter "
            "ToolMcpRequireApprovalMcpToolApprovalFilterAlways "
            "ToolMcpRequireApprovalMcpToolApprovalFilterNever ToolProgrammaticToolCalling"
        ),
        "response_tool_search_output_item_param_param": (
            "response_params: ResponseToolSearchOutputItemParamParam ToolCodeInterpreter "
            "ToolCodeInterpreterContainerCodeInterpreterToolAuto ToolImageGeneration "
            "ToolImageGenerationInputImageMask ToolImageGenerationSvg ToolImageGenerationSvgReasoning "
            "ToolLocalShell ToolMcp ToolMcpAllowedToolsMcpToolFilter "
            "ToolMcpRequireApprovalMcpToolApprovalFilter "
            "ToolMcpRequireApprovalMcpToolApprovalFilterAlways "
            "ToolMcpRequireApprovalMcpToolApprovalFilterNever ToolProgrammaticToolCalling"
        ),
        "response_usage": (
            "responses: InputTokensDetails InputTokensDetailsCacheWriteTokensDetails OutputTokensDetails "
            "ResponseUsage"
        ),
        "tool": (
            "response_tools: CodeInterpreter CodeInterpreterContainerCodeInterpreterToolAuto "
            "ImageGeneration ImageGenerationInputImageMask ImageGenerationSvg ImageGenerationSvgReasoning "
            "LocalShell Mcp McpAllowedToolsMcpToolFilter McpRequireApprovalMcpToolApprovalFilter "
            "McpRequireApprovalMcpToolApprovalFilterAlways McpRequireApprovalMcpToolApprovalFilterNever "
            "ProgrammaticToolCalling Tool WebSearchTool"
        ),
        "tool_param": (
            "response_params: CodeInterpreter CodeInterpreterContainerCodeInterpreterToolAuto "
            "ImageGeneration ImageGenerationInputImageMask ImageGenerationSvg ImageGenerationSvgReasoning "
            "LocalShell Mcp McpAllowedToolsMcpToolFilter McpRequireApprovalMcpToolApprovalFilter "
            "McpRequireApprovalMcpToolApprovalFilterAlways McpRequireApprovalMcpToolApprovalFilterNever "
            "ProgrammaticToolCalling ToolParam"
        ),
        "tool_search_output_namespace_tool": (
            "response_tools: Tool ToolFunction ToolSearchOutputNamespaceTool"
        ),
        "tool_search_output_namespace_tool_param": (
            "response_params: ToolFunction ToolSearchOutputNamespaceToolParam"
        ),
        "web_search_preview_tool": "response_tools: UserLocation WebSearchPreviewTool",
        "web_search_preview_tool_param": "response_params: UserLocation WebSearchPreviewToolParam",
        "web_search_tool": "response_tools: Filters UserLocation WebSearchTool",
        "web_search_tool_param": "response_params: Filters UserLocation WebSearchToolParam",
    },
    "martlet.types.audio": {
        "speech_create_params": "audio: SpeechCreateParams VoiceID",
        "transcription": (
            "audio: Logprob Transcription Usage UsageDuration UsageTokens UsageTokensInputTokenDetails"
        ),
        "transcription_create_params": "audio: ChunkingStrategyVadConfig TranscriptionCreateParams",
        "transcription_diarized": (
            "audio: TranscriptionDiarized Usage UsageDuration UsageTokens UsageTokensInputTokenDetails"
        ),
        "transcription_text_delta_event": "audio: Logprob TranscriptionTextDeltaEvent",
        "transcription_text_done_event": (
            "audio: Logprob TranscriptionTextDoneEvent Usage=UsageTokens "
            "UsageInputTokenDetails=UsageTokensInputTokenDetails"
        ),
        "transcription_verbose": "audio: TranscriptionVerbose Usage=UsageDuration",
    },
    "martlet.types.shared": {
        "custom_tool_input_format": "response_tools: CustomToolInputFormat Grammar Text=ResponseFormatText",
        "error_object": "errors: ErrorObject=ErrorInfo; responses: Misalignment MisalignmentSteer",
    },
    "martlet.types.shared_params": {
        "custom_tool_input_format": "response_params: Grammar Text=ResponseFormatText",
        "response_format_json_schema": "params: JSONSchema ResponseFormatJSONSchema",
    },
}
"""By package and module."""
