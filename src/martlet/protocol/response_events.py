"""Streamed events of /v1/responses."""

from __future__ import annotations

from typing import Any, Literal

from martlet.protocol.base import OneOf, WireModel, decode_reply
from martlet.protocol.response_items import (
    Annotation,
    Content,
    Output,
    ResponseOutputItem,
    ResponseOutputRefusal,
    ResponseOutputText,
    Summary,
)
from martlet.protocol.responses import (
    Response,
)

# --- what events share ------------------------------------------------------------------------------


class _Event(WireModel, kw_only=True):
    sequence_number: int
    """Counts the stream's events from 0."""


class _ResponseEvent(_Event, kw_only=True):
    response: Response
    """As far as it is."""


class _ItemEvent(_Event, kw_only=True):
    item_id: str
    output_index: int
    """Place of the item in the response's output."""


class _PartEvent(_ItemEvent, kw_only=True):
    content_index: int
    """Place of the part in the item's content."""


class _SummaryEvent(_ItemEvent, kw_only=True):
    summary_index: int
    """Place of the part in the item's summary."""


# --- pieces -----------------------------------------------------------------------------------------


class Delta(WireModel, kw_only=True):
    """What a command printed meanwhile."""

    stderr: str | None = None
    stdout: str | None = None


class EventLogprobTopLogprob(WireModel, kw_only=True):
    """One of the likeliest tokens at a position of a streamed text."""

    token: str | None = None
    logprob: float | None = None


class EventLogprob(WireModel, kw_only=True):
    """A token of a streamed text and its likeliest rivals."""

    token: str
    logprob: float
    top_logprobs: list[EventLogprobTopLogprob] | None = None


# --- events -----------------------------------------------------------------------------------------


class ResponseAudioDeltaEvent(_Event, kw_only=True):
    """The next piece of spoken output, in base64."""

    delta: str
    type: Literal["response.audio.delta"] = "response.audio.delta"


class ResponseAudioDoneEvent(_Event, kw_only=True):
    """The spoken output is complete."""

    type: Literal["response.audio.done"] = "response.audio.done"


class ResponseAudioTranscriptDeltaEvent(_Event, kw_only=True):
    """The next piece of the spoken output's text."""

    delta: str
    type: Literal["response.audio.transcript.delta"] = "response.audio.transcript.delta"


class ResponseAudioTranscriptDoneEvent(_Event, kw_only=True):
    """The spoken output's text is complete."""

    type: Literal["response.audio.transcript.done"] = "response.audio.transcript.done"


class ResponseCodeInterpreterCallCodeDeltaEvent(_ItemEvent, kw_only=True):
    """The next piece of the program to run."""

    delta: str
    type: Literal["response.code_interpreter_call_code.delta"] = "response.code_interpreter_call_code.delta"


class ResponseCodeInterpreterCallCodeDoneEvent(_ItemEvent, kw_only=True):
    """The whole program to run."""

    code: str
    type: Literal["response.code_interpreter_call_code.done"] = "response.code_interpreter_call_code.done"


class ResponseCodeInterpreterCallCompletedEvent(_ItemEvent, kw_only=True):
    """The program has ended."""

    type: Literal["response.code_interpreter_call.completed"] = "response.code_interpreter_call.completed"


class ResponseCodeInterpreterCallInProgressEvent(_ItemEvent, kw_only=True):
    """A program is coming."""

    type: Literal["response.code_interpreter_call.in_progress"] = "response.code_interpreter_call.in_progress"


class ResponseCodeInterpreterCallInterpretingEvent(_ItemEvent, kw_only=True):
    """The program runs."""

    type: Literal["response.code_interpreter_call.interpreting"] = (
        "response.code_interpreter_call.interpreting"
    )


class ResponseCompactionCompactingEvent(_ItemEvent, kw_only=True):
    """The conversation is being compacted."""

    type: Literal["response.compaction.compacting"] = "response.compaction.compacting"


class ResponseCompletedEvent(_ResponseEvent, kw_only=True):
    """The response is complete. vLLM ends every stream so: look at the response's `status`."""

    type: Literal["response.completed"] = "response.completed"


class ResponseContentPartAddedEvent(_PartEvent, kw_only=True):
    """A part of a message or of reasoning begins."""

    part: OneOf[ResponseOutputText | ResponseOutputRefusal | Content]
    type: Literal["response.content_part.added"] = "response.content_part.added"


class ResponseContentPartDoneEvent(_PartEvent, kw_only=True):
    """The whole part."""

    part: OneOf[ResponseOutputText | ResponseOutputRefusal | Content]
    type: Literal["response.content_part.done"] = "response.content_part.done"


class ResponseCreatedEvent(_ResponseEvent, kw_only=True):
    """The response exists: always the first event."""

    type: Literal["response.created"] = "response.created"


class ResponseErrorEvent(_Event, kw_only=True):
    """Something went wrong."""

    code: str | None = None
    message: str
    param: str | None = None
    type: Literal["error"] = "error"


class ResponseFileSearchCallCompletedEvent(_ItemEvent, kw_only=True):
    """A file search has ended."""

    type: Literal["response.file_search_call.completed"] = "response.file_search_call.completed"


class ResponseFileSearchCallInProgressEvent(_ItemEvent, kw_only=True):
    """A file search is coming."""

    type: Literal["response.file_search_call.in_progress"] = "response.file_search_call.in_progress"


class ResponseFileSearchCallSearchingEvent(_ItemEvent, kw_only=True):
    """A file search runs."""

    type: Literal["response.file_search_call.searching"] = "response.file_search_call.searching"


class ResponseFunctionCallArgumentsDeltaEvent(_ItemEvent, kw_only=True):
    """The next piece of a function call's arguments."""

    delta: str
    type: Literal["response.function_call_arguments.delta"] = "response.function_call_arguments.delta"


class ResponseFunctionCallArgumentsDoneEvent(_ItemEvent, kw_only=True):
    """The whole arguments of a function call."""

    arguments: str
    type: Literal["response.function_call_arguments.done"] = "response.function_call_arguments.done"
    name: str | None = None
    """vLLM: the function's name."""


class ResponseShellCallCommandAddedEvent(_Event, kw_only=True):
    """A command begins."""

    command: str
    command_index: int
    output_index: int
    type: Literal["response.shell_call_command.added"] = "response.shell_call_command.added"


class ResponseShellCallCommandDeltaEvent(_Event, kw_only=True):
    """The next piece of a command."""

    command_index: int
    delta: str
    output_index: int
    type: Literal["response.shell_call_command.delta"] = "response.shell_call_command.delta"
    obfuscation: str | None = None


class ResponseShellCallCommandDoneEvent(_Event, kw_only=True):
    """The whole command."""

    command: str
    command_index: int
    output_index: int
    type: Literal["response.shell_call_command.done"] = "response.shell_call_command.done"


class ResponseShellCallOutputContentDeltaEvent(_ItemEvent, kw_only=True):
    """The next piece of what a command prints."""

    command_index: int
    delta: Delta
    type: Literal["response.shell_call_output_content.delta"] = "response.shell_call_output_content.delta"


class ResponseShellCallOutputContentDoneEvent(_ItemEvent, kw_only=True):
    """All that the commands printed."""

    command_index: int
    output: list[Output]
    type: Literal["response.shell_call_output_content.done"] = "response.shell_call_output_content.done"


class ResponseInProgressEvent(_ResponseEvent, kw_only=True):
    """The response is being made."""

    type: Literal["response.in_progress"] = "response.in_progress"


class ResponseFailedEvent(_ResponseEvent, kw_only=True):
    """The response failed: its `error` says why."""

    type: Literal["response.failed"] = "response.failed"


class ResponseIncompleteEvent(_ResponseEvent, kw_only=True):
    """The response ended early: its `incomplete_details` say why."""

    type: Literal["response.incomplete"] = "response.incomplete"


class ResponseOutputItemAddedEvent(_Event, kw_only=True):
    """An output item begins."""

    item: ResponseOutputItem
    output_index: int
    type: Literal["response.output_item.added"] = "response.output_item.added"


class ResponseOutputItemDoneEvent(_Event, kw_only=True):
    """The whole output item."""

    item: ResponseOutputItem
    output_index: int
    type: Literal["response.output_item.done"] = "response.output_item.done"


class ResponseReasoningSummaryPartAddedEvent(_SummaryEvent, kw_only=True):
    """A part of the reasoning's summary begins."""

    part: Summary
    type: Literal["response.reasoning_summary_part.added"] = "response.reasoning_summary_part.added"


class ResponseReasoningSummaryPartDoneEvent(_SummaryEvent, kw_only=True):
    """The whole part of the reasoning's summary."""

    part: Summary
    type: Literal["response.reasoning_summary_part.done"] = "response.reasoning_summary_part.done"
    status: Literal["incomplete"] | str | None = None


class ResponseReasoningSummaryTextDeltaEvent(_SummaryEvent, kw_only=True):
    """The next piece of the reasoning's summary."""

    delta: str
    type: Literal["response.reasoning_summary_text.delta"] = "response.reasoning_summary_text.delta"


class ResponseReasoningSummaryTextDoneEvent(_SummaryEvent, kw_only=True):
    """The whole text of a part of the reasoning's summary."""

    text: str
    type: Literal["response.reasoning_summary_text.done"] = "response.reasoning_summary_text.done"


class ResponseReasoningTextDeltaEvent(_PartEvent, kw_only=True):
    """The next piece of the reasoning itself."""

    delta: str
    type: Literal["response.reasoning_text.delta"] = "response.reasoning_text.delta"


class ResponseReasoningTextDoneEvent(_PartEvent, kw_only=True):
    """The whole text of a part of the reasoning."""

    text: str
    type: Literal["response.reasoning_text.done"] = "response.reasoning_text.done"


class ResponseRefusalDeltaEvent(_PartEvent, kw_only=True):
    """The next piece of a refusal."""

    delta: str
    type: Literal["response.refusal.delta"] = "response.refusal.delta"


class ResponseRefusalDoneEvent(_PartEvent, kw_only=True):
    """The whole refusal."""

    refusal: str
    type: Literal["response.refusal.done"] = "response.refusal.done"


class ResponseTextDeltaEvent(_PartEvent, kw_only=True):
    """The next piece of text."""

    delta: str
    logprobs: list[EventLogprob]
    type: Literal["response.output_text.delta"] = "response.output_text.delta"


class ResponseTextDoneEvent(_PartEvent, kw_only=True):
    """The whole text of a part."""

    logprobs: list[EventLogprob]
    text: str
    type: Literal["response.output_text.done"] = "response.output_text.done"


class ResponseWebSearchCallCompletedEvent(_ItemEvent, kw_only=True):
    """A search on the web has ended."""

    type: Literal["response.web_search_call.completed"] = "response.web_search_call.completed"


class ResponseWebSearchCallInProgressEvent(_ItemEvent, kw_only=True):
    """A search on the web is coming."""

    type: Literal["response.web_search_call.in_progress"] = "response.web_search_call.in_progress"


class ResponseWebSearchCallSearchingEvent(_ItemEvent, kw_only=True):
    """A search on the web runs."""

    type: Literal["response.web_search_call.searching"] = "response.web_search_call.searching"


class ResponseImageGenCallCompletedEvent(_ItemEvent, kw_only=True):
    """An image is done."""

    type: Literal["response.image_generation_call.completed"] = "response.image_generation_call.completed"


class ResponseImageGenCallGeneratingEvent(_ItemEvent, kw_only=True):
    """An image is being drawn."""

    type: Literal["response.image_generation_call.generating"] = "response.image_generation_call.generating"


class ResponseImageGenCallInProgressEvent(_ItemEvent, kw_only=True):
    """An image is coming."""

    type: Literal["response.image_generation_call.in_progress"] = "response.image_generation_call.in_progress"


class ResponseImageGenCallPartialImageEvent(_ItemEvent, kw_only=True):
    """A picture of how far an image is."""

    partial_image_b64: str
    partial_image_index: int
    type: Literal["response.image_generation_call.partial_image"] = (
        "response.image_generation_call.partial_image"
    )
    background: str | None = None
    output_format: str | None = None
    quality: str | None = None
    size: str | None = None


class ResponseMcpCallArgumentsDeltaEvent(_ItemEvent, kw_only=True):
    """The next piece of the arguments of an MCP tool's call."""

    delta: str
    type: Literal["response.mcp_call_arguments.delta"] = "response.mcp_call_arguments.delta"


class ResponseMcpCallArgumentsDoneEvent(_ItemEvent, kw_only=True):
    """The whole arguments of an MCP tool's call."""

    arguments: str
    type: Literal["response.mcp_call_arguments.done"] = "response.mcp_call_arguments.done"


class ResponseMcpCallCompletedEvent(_ItemEvent, kw_only=True):
    """An MCP tool has answered."""

    type: Literal["response.mcp_call.completed"] = "response.mcp_call.completed"


class ResponseMcpCallFailedEvent(_ItemEvent, kw_only=True):
    """A call of an MCP tool failed."""

    type: Literal["response.mcp_call.failed"] = "response.mcp_call.failed"


class ResponseMcpCallInProgressEvent(_ItemEvent, kw_only=True):
    """A call of an MCP tool runs."""

    type: Literal["response.mcp_call.in_progress"] = "response.mcp_call.in_progress"


class ResponseMcpListToolsCompletedEvent(_ItemEvent, kw_only=True):
    """The tools of an MCP server are known."""

    type: Literal["response.mcp_list_tools.completed"] = "response.mcp_list_tools.completed"


class ResponseMcpListToolsFailedEvent(_ItemEvent, kw_only=True):
    """The tools of an MCP server could not be listed."""

    type: Literal["response.mcp_list_tools.failed"] = "response.mcp_list_tools.failed"


class ResponseMcpListToolsInProgressEvent(_ItemEvent, kw_only=True):
    """The tools of an MCP server are being listed."""

    type: Literal["response.mcp_list_tools.in_progress"] = "response.mcp_list_tools.in_progress"


class ResponseOutputTextAnnotationAddedEvent(_PartEvent, kw_only=True):
    """A source of the text."""

    annotation: Annotation | None = None
    annotation_index: int
    type: Literal["response.output_text.annotation.added"] = "response.output_text.annotation.added"


class ResponseQueuedEvent(_ResponseEvent, kw_only=True):
    """The response waits for its turn."""

    type: Literal["response.queued"] = "response.queued"


class ResponseCustomToolCallInputDeltaEvent(_ItemEvent, kw_only=True):
    """The next piece of a free-text tool's input."""

    delta: str
    type: Literal["response.custom_tool_call_input.delta"] = "response.custom_tool_call_input.delta"


class ResponseCustomToolCallInputDoneEvent(_ItemEvent, kw_only=True):
    """The whole input of a free-text tool."""

    input: str
    type: Literal["response.custom_tool_call_input.done"] = "response.custom_tool_call_input.done"


ResponseStreamEvent = OneOf[
    ResponseAudioDeltaEvent
    | ResponseAudioDoneEvent
    | ResponseAudioTranscriptDeltaEvent
    | ResponseAudioTranscriptDoneEvent
    | ResponseCodeInterpreterCallCodeDeltaEvent
    | ResponseCodeInterpreterCallCodeDoneEvent
    | ResponseCodeInterpreterCallCompletedEvent
    | ResponseCodeInterpreterCallInProgressEvent
    | ResponseCodeInterpreterCallInterpretingEvent
    | ResponseCompactionCompactingEvent
    | ResponseCompletedEvent
    | ResponseContentPartAddedEvent
    | ResponseContentPartDoneEvent
    | ResponseCreatedEvent
    | ResponseCustomToolCallInputDeltaEvent
    | ResponseCustomToolCallInputDoneEvent
    | ResponseErrorEvent
    | ResponseFailedEvent
    | ResponseFileSearchCallCompletedEvent
    | ResponseFileSearchCallInProgressEvent
    | ResponseFileSearchCallSearchingEvent
    | ResponseFunctionCallArgumentsDeltaEvent
    | ResponseFunctionCallArgumentsDoneEvent
    | ResponseImageGenCallCompletedEvent
    | ResponseImageGenCallGeneratingEvent
    | ResponseImageGenCallInProgressEvent
    | ResponseImageGenCallPartialImageEvent
    | ResponseInProgressEvent
    | ResponseIncompleteEvent
    | ResponseMcpCallArgumentsDeltaEvent
    | ResponseMcpCallArgumentsDoneEvent
    | ResponseMcpCallCompletedEvent
    | ResponseMcpCallFailedEvent
    | ResponseMcpCallInProgressEvent
    | ResponseMcpListToolsCompletedEvent
    | ResponseMcpListToolsFailedEvent
    | ResponseMcpListToolsInProgressEvent
    | ResponseOutputItemAddedEvent
    | ResponseOutputItemDoneEvent
    | ResponseOutputTextAnnotationAddedEvent
    | ResponseQueuedEvent
    | ResponseReasoningSummaryPartAddedEvent
    | ResponseReasoningSummaryPartDoneEvent
    | ResponseReasoningSummaryTextDeltaEvent
    | ResponseReasoningSummaryTextDoneEvent
    | ResponseReasoningTextDeltaEvent
    | ResponseReasoningTextDoneEvent
    | ResponseRefusalDeltaEvent
    | ResponseRefusalDoneEvent
    | ResponseShellCallCommandAddedEvent
    | ResponseShellCallCommandDeltaEvent
    | ResponseShellCallCommandDoneEvent
    | ResponseShellCallOutputContentDeltaEvent
    | ResponseShellCallOutputContentDoneEvent
    | ResponseTextDeltaEvent
    | ResponseTextDoneEvent
    | ResponseWebSearchCallCompletedEvent
    | ResponseWebSearchCallInProgressEvent
    | ResponseWebSearchCallSearchingEvent
]
"""Any event; one of a `type` that is new to us is an `Unknown`."""


def decode_event(body: bytes) -> ResponseStreamEvent:
    """Decode one streamed event. Raises msgspec.DecodeError if it is not JSON."""
    family: Any = ResponseStreamEvent
    return decode_reply(family, body)  # type: ignore[no-any-return]  # one of the family
