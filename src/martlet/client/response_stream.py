"""`responses.stream`: the events of a response, with texts so far, parsed texts, and the parsed response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from martlet.client.event_stream import AsyncEventStream, AsyncStreamManager, EventStream, StreamManager
from martlet.client.parsed import upgraded
from martlet.client.parsed_response import (
    ParsedResponse,
    ResponseCompletedEvent,
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
)
from martlet.client.partial_response import ResponsePartial
from martlet.client.response_parsing import ResponseParser, check_complete
from martlet.errors import APIError, OpenAIError
from martlet.protocol.base import WireModel, construct
from martlet.protocol.response_events import ResponseCompletedEvent as CompletedEvent
from martlet.protocol.response_events import ResponseErrorEvent
from martlet.protocol.response_events import ResponseFunctionCallArgumentsDeltaEvent as ArgumentsDeltaEvent
from martlet.protocol.response_events import ResponseTextDeltaEvent as TextDeltaEvent
from martlet.protocol.response_events import ResponseTextDoneEvent as TextDoneEvent
from martlet.protocol.responses import Response

if TYPE_CHECKING:
    from martlet.client.response_parsing import Following
    from martlet.client.streaming import AsyncStream, Stream

T = TypeVar("T")

_ITEM_EVENTS = ("response.output_item.added", "response.output_item.done")

if TYPE_CHECKING:
    from martlet.protocol import response_events as wire

    ResponseStreamEvent = (
        ResponseTextDeltaEvent
        | ResponseTextDoneEvent[T]
        | ResponseFunctionCallArgumentsDeltaEvent
        | ResponseCompletedEvent[T]
        | wire.ResponseAudioDeltaEvent
        | wire.ResponseAudioDoneEvent
        | wire.ResponseAudioTranscriptDeltaEvent
        | wire.ResponseAudioTranscriptDoneEvent
        | wire.ResponseCodeInterpreterCallCodeDeltaEvent
        | wire.ResponseCodeInterpreterCallCodeDoneEvent
        | wire.ResponseCodeInterpreterCallCompletedEvent
        | wire.ResponseCodeInterpreterCallInProgressEvent
        | wire.ResponseCodeInterpreterCallInterpretingEvent
        | wire.ResponseCompactionCompactingEvent
        | wire.ResponseContentPartAddedEvent
        | wire.ResponseContentPartDoneEvent
        | wire.ResponseCreatedEvent
        | wire.ResponseCustomToolCallInputDeltaEvent
        | wire.ResponseCustomToolCallInputDoneEvent
        | wire.ResponseErrorEvent
        | wire.ResponseFailedEvent
        | wire.ResponseFileSearchCallCompletedEvent
        | wire.ResponseFileSearchCallInProgressEvent
        | wire.ResponseFileSearchCallSearchingEvent
        | wire.ResponseFunctionCallArgumentsDoneEvent
        | wire.ResponseImageGenCallCompletedEvent
        | wire.ResponseImageGenCallGeneratingEvent
        | wire.ResponseImageGenCallInProgressEvent
        | wire.ResponseImageGenCallPartialImageEvent
        | wire.ResponseInProgressEvent
        | wire.ResponseIncompleteEvent
        | wire.ResponseMcpCallArgumentsDeltaEvent
        | wire.ResponseMcpCallArgumentsDoneEvent
        | wire.ResponseMcpCallCompletedEvent
        | wire.ResponseMcpCallFailedEvent
        | wire.ResponseMcpCallInProgressEvent
        | wire.ResponseMcpListToolsCompletedEvent
        | wire.ResponseMcpListToolsFailedEvent
        | wire.ResponseMcpListToolsInProgressEvent
        | wire.ResponseOutputItemAddedEvent
        | wire.ResponseOutputItemDoneEvent
        | wire.ResponseOutputTextAnnotationAddedEvent
        | wire.ResponseQueuedEvent
        | wire.ResponseReasoningSummaryPartAddedEvent
        | wire.ResponseReasoningSummaryPartDoneEvent
        | wire.ResponseReasoningSummaryTextDeltaEvent
        | wire.ResponseReasoningSummaryTextDoneEvent
        | wire.ResponseReasoningTextDeltaEvent
        | wire.ResponseReasoningTextDoneEvent
        | wire.ResponseRefusalDeltaEvent
        | wire.ResponseRefusalDoneEvent
        | wire.ResponseShellCallCommandAddedEvent
        | wire.ResponseShellCallCommandDeltaEvent
        | wire.ResponseShellCallCommandDoneEvent
        | wire.ResponseShellCallOutputContentDeltaEvent
        | wire.ResponseShellCallOutputContentDoneEvent
        | wire.ResponseWebSearchCallCompletedEvent
        | wire.ResponseWebSearchCallInProgressEvent
        | wire.ResponseWebSearchCallSearchingEvent
    )


class ResponseStreamState(Generic[T]):
    """Follows the events of one response."""

    def __init__(self, parser: ResponseParser[T]) -> None:
        self._parser = parser
        self._texts: dict[tuple[Any, ...], str] = {}
        """Texts so far, by item and part; arguments by item."""
        self._phases: dict[int, Any] = {}
        """Of the messages in the output, by place."""
        self._partial = ResponsePartial()
        self._last: Response | None = None
        """As the server told it last."""
        self._completed: ParsedResponse[T] | None = None
        self._error: ResponseErrorEvent | None = None

    def handle_event(self, event: Any) -> Any:
        """The event, with what is known beside it. Raises ValidationError where a whole reply is unfit."""
        self._partial.add(event)
        if isinstance(event, TextDeltaEvent):
            text = self._grown((event.item_id, event.output_index, event.content_index), event.delta)
            return upgraded(ResponseTextDeltaEvent, event, snapshot=text)
        if isinstance(event, ArgumentsDeltaEvent):
            text = self._grown((event.item_id, event.output_index), event.delta)
            return upgraded(ResponseFunctionCallArgumentsDeltaEvent, event, snapshot=text)
        if isinstance(event, TextDoneEvent):
            return upgraded(ResponseTextDoneEvent, event, parsed=self._parsed(event))
        if isinstance(event, ResponseErrorEvent):
            self._error = event
        item, index = getattr(event, "item", None), getattr(event, "output_index", None)
        if isinstance(item, WireModel) and isinstance(index, int):
            self._phases[index] = getattr(item, "phase", None)
        response = getattr(event, "response", None)
        if isinstance(response, Response):
            self._last = whole = self._whole(response)
            if isinstance(event, CompletedEvent):
                self._completed = self._parser.response(whole)
                return upgraded(ResponseCompletedEvent, event, response=self._completed)
            if whole is not response:
                return upgraded(type(event), event, response=whole)
        return event

    def breaks_off(self, event: Any) -> bool:
        """Whether the event says that all is done, where the output is not there and was never finished."""
        if not isinstance(event, CompletedEvent) or getattr(event.response, "output", None) is not None:
            return False
        return self._partial.num_unfinished > 0

    def _whole(self, response: Response) -> Response:
        """The response with its output so far, which some servers leave out."""
        if response.output is not None:
            return response
        return construct(Response, {**response.to_dict(), "output": self._partial.output()})

    def get_final_response(self) -> ParsedResponse[T]:
        """The whole response, parsed.

        Raises LengthFinishReasonError or ContentFilterFinishReasonError, with the response in `.completion`,
        if it was cut off; APIError if it failed.
        """
        if self._completed is not None:
            return self._completed
        if self._last is not None:
            check_complete(self._last)
        status = getattr(self._last, "status", None)
        failure = self._error or getattr(self._last, "error", None)
        if failure is not None or status == "failed":
            said = "the server does not say why" if failure is None else failure.message
            raise APIError(
                f"the response failed: {said}", body=None if failure is None else failure.to_dict()
            )
        raise OpenAIError(f"the stream ended without `response.completed`; the last status was {status}")

    def _grown(self, place: tuple[Any, ...], piece: object) -> str:
        text = self._texts.get(place, "") + (piece if isinstance(piece, str) else "")
        self._texts[place] = text
        return text

    def _parsed(self, event: TextDoneEvent) -> T | None:
        """None where the text does not fit: it may have been cut off, and a later event says so."""
        try:
            return self._parser.text(event.text, self._phases.get(event.output_index))
        except ValueError:  # the ValidationError of pydantic or of msgspec
            return None


class _Events(Generic[T]):
    """What both streams make of the server's events."""

    _raw: Any

    def __init__(self, following: Following[T]) -> None:
        self._state: ResponseStreamState[T] = ResponseStreamState(following.parser)
        self._starting_after = following.starting_after

    def _take(self, event: Any) -> Any:
        """The event for the program; None if it tells of nothing, or is before those that were asked for."""
        if event.type in _ITEM_EVENTS and event.item is None:
            return None
        if self._state.breaks_off(event):
            raise self._raw._decoder.interrupted("the response is completed, but items of its output are not")
        event = self._state.handle_event(event)
        after, number = self._starting_after, getattr(event, "sequence_number", None)
        return None if after is not None and isinstance(number, int) and number <= after else event


class ResponseStream(_Events[T], EventStream):
    """The events of a response: iterate over it once.

    It ends normally only after the server's last event, and raises as `Stream` does otherwise.
    """

    def __init__(self, raw_stream: Stream[Any], following: Following[T]) -> None:
        _Events.__init__(self, following)
        EventStream.__init__(self, raw_stream)

    def __next__(self) -> ResponseStreamEvent[T]:
        while True:
            event = self._take(next(self._raw))
            if event is not None:
                return event  # type: ignore[no-any-return]  # one of the events

    def get_final_response(self) -> ParsedResponse[T]:
        """Read to the end. Returns the whole response, parsed; raises as `ResponseStreamState` does."""
        self.until_done()
        return self._state.get_final_response()


class ResponseStreamManager(StreamManager[ResponseStream[T]]):
    """What `responses.stream` returns: entering it sends the request, leaving it closes the stream."""

    def __init__(self, start: Callable[[], Stream[Any]], following: Following[T]) -> None:
        super().__init__(lambda: ResponseStream(start(), following))


class AsyncResponseStream(_Events[T], AsyncEventStream):
    """As `ResponseStream`, on asyncio."""

    def __init__(self, raw_stream: AsyncStream[Any], following: Following[T]) -> None:
        _Events.__init__(self, following)
        AsyncEventStream.__init__(self, raw_stream)

    async def __anext__(self) -> ResponseStreamEvent[T]:
        while True:
            event = self._take(await self._raw.__anext__())
            if event is not None:
                return event  # type: ignore[no-any-return]  # one of the events

    async def get_final_response(self) -> ParsedResponse[T]:
        """Read to the end. Returns the whole response, parsed; raises as `ResponseStreamState` does."""
        await self.until_done()
        return self._state.get_final_response()


class AsyncResponseStreamManager(AsyncStreamManager[AsyncResponseStream[T]]):
    """As `ResponseStreamManager`, on asyncio."""

    def __init__(self, start: Callable[[], Awaitable[AsyncStream[Any]]], following: Following[T]) -> None:
        async def opened() -> AsyncResponseStream[T]:
            return AsyncResponseStream(await start(), following)

        super().__init__(opened)
