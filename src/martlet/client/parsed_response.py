"""Responses with what they stand for: `output_parsed`, and the parsed arguments of function calls.

As in `martlet.client.parsed`: the objects of the wire with one field more, which is never sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from martlet.client.parsed import Derived
from martlet.protocol.response_events import (
    ResponseCompletedEvent as CompletedEvent,
)
from martlet.protocol.response_events import (
    ResponseFunctionCallArgumentsDeltaEvent as ArgumentsDeltaEvent,
)
from martlet.protocol.response_events import (
    ResponseTextDeltaEvent as TextDeltaEvent,
)
from martlet.protocol.response_events import (
    ResponseTextDoneEvent as TextDoneEvent,
)
from martlet.protocol.response_items import (
    ResponseFunctionToolCall,
    ResponseOutputItem,
    ResponseOutputMessage,
    ResponseOutputRefusal,
    ResponseOutputText,
)
from martlet.protocol.responses import Response

if TYPE_CHECKING:
    from martlet.protocol import response_items as items

T = TypeVar("T")


class ParsedResponseOutputText(Derived, ResponseOutputText, Generic[T], kw_only=True):
    """A text that the model wrote, and what it stands for."""

    _derived: ClassVar[str] = "parsed"

    parsed: T | None = None
    """The text as an instance of `text_format`; None without one, if it is empty, or said on the way."""


class ParsedResponseOutputMessage(ResponseOutputMessage, Generic[T], kw_only=True):
    """A message that the model wrote, with parsed texts."""

    if TYPE_CHECKING:
        content: list[ParsedResponseOutputText[T] | ResponseOutputRefusal]  # type: ignore[assignment]  # as officially


class ParsedResponseFunctionToolCall(Derived, ResponseFunctionToolCall, kw_only=True):
    """A function call that the model wrote, and what its arguments stand for."""

    _derived: ClassVar[str] = "parsed_arguments"

    parsed_arguments: Any = None
    """An instance of the tool's type, plain data for a strict tool given as a dict, else None."""


if TYPE_CHECKING:
    ParsedResponseOutputItem = (
        ParsedResponseOutputMessage[T]
        | ParsedResponseFunctionToolCall
        | items.ResponseFileSearchToolCall
        | items.ResponseComputerToolCall
        | items.ResponseFunctionWebSearch
        | items.AdditionalTools
        | items.ResponseReasoningItem
        | items.ImageGenerationCall
        | items.ResponseCodeInterpreterToolCall
        | items.LocalShellCall
        | items.LocalShellCallOutput
        | items.McpListTools
        | items.McpApprovalRequest
        | items.McpApprovalResponse
        | items.McpCall
        | items.ResponseCustomToolCall
        | items.Program
        | items.ProgramOutput
        | items.ResponseFunctionToolCallOutputItem
        | items.ResponseComputerToolCallOutputItem
        | items.ResponseToolSearchCall
        | items.ResponseToolSearchOutputItem
        | items.ResponseCompactionItem
        | items.ResponseFunctionShellToolCall
        | items.ResponseFunctionShellToolCallOutput
        | items.ResponseApplyPatchToolCall
        | items.ResponseApplyPatchToolCallOutput
        | items.ResponseCustomToolCallOutputItem
    )
else:
    ParsedResponseOutputItem = ResponseOutputItem

ParsedContent = ParsedResponseOutputText[T] | ResponseOutputRefusal


class ParsedResponse(Response, Generic[T], kw_only=True):
    """The reply of `responses.parse`."""

    if TYPE_CHECKING:
        output: list[ParsedResponseOutputItem[T]]  # type: ignore[assignment]  # as officially

    @property
    def output_parsed(self) -> T | None:
        """The first text that stands for something, as an instance of `text_format`."""
        for item in self.output or ():
            for part in (item.content or ()) if isinstance(item, ParsedResponseOutputMessage) else ():
                if isinstance(part, ParsedResponseOutputText) and part.parsed is not None:
                    return part.parsed
        return None


# --- events -----------------------------------------------------------------------------------------


class ResponseTextDeltaEvent(Derived, TextDeltaEvent, kw_only=True):
    """The next piece of text, and the part's text so far."""

    _derived: ClassVar[str] = "snapshot"

    snapshot: str


class ResponseFunctionCallArgumentsDeltaEvent(Derived, ArgumentsDeltaEvent, kw_only=True):
    """The next piece of a function call's arguments, and the arguments so far."""

    _derived: ClassVar[str] = "snapshot"

    snapshot: str


class ResponseTextDoneEvent(Derived, TextDoneEvent, Generic[T], kw_only=True):
    """The whole text of a part, and what it stands for."""

    _derived: ClassVar[str] = "parsed"

    parsed: T | None = None
    """None also where the text does not fit, as one that was cut off: `get_final_response()` raises then."""


class ResponseCompletedEvent(CompletedEvent, Generic[T], kw_only=True):
    """All is done, and parsed."""

    if TYPE_CHECKING:
        response: ParsedResponse[T]  # pyright: ignore[reportIncompatibleVariableOverride]  # a subclass
