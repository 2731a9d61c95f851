"""Chunks of a chat reply to events of a response, and the response that they make up.

Streamed or not, a response is written once, here: unstreamed, its events are left unsent.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from martlet.engine.request import SamplingParams
from martlet.protocol import response_events as events
from martlet.protocol.base import ABSENT, construct
from martlet.protocol.chat import ChatCompletionChunk, ChatCompletionTokenLogprob, ChoiceDeltaToolCall
from martlet.protocol.response_items import (
    Content,
    Logprob,
    LogprobTopLogprob,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputRefusal,
    ResponseOutputText,
    ResponseReasoningItem,
)
from martlet.protocol.response_tools import Tool, ToolChoice
from martlet.protocol.responses import (
    IncompleteDetails,
    InputTokensDetails,
    OutputTokensDetails,
    Reasoning,
    Response,
    ResponseError,
    ResponseTextConfig,
    ResponseUsage,
)
from martlet.protocol.sse import frame
from martlet.server.loop import Batch
from martlet.server.responses.conversation import Item, messages_of, new_id
from martlet.server.responses.request import LOGPROBS, ReadRequest

Event = events._Event
encode = msgspec.json.Encoder().encode


@cache
def _sorted_fields(cls: type[Event]) -> tuple[str, ...]:
    fields = msgspec.structs.fields(cls)
    return tuple(
        field.name for field in sorted(fields, key=lambda field: (field.default is None, field.name))
    )


def event_frame(event: Event) -> bytes:
    """Return an event's frame, its keys in vLLM's order: alphabetical, those that may be missing last."""
    kind: str = event.type  # type: ignore[attr-defined]  # every event has one
    return frame(encode({name: getattr(event, name) for name in _sorted_fields(type(event))}), kind)


class ResponseWriter:
    """One response as it grows. Each method returns the events of what it took."""

    def __init__(self, read: ReadRequest) -> None:
        self.read = read
        self.response = _begun(read)
        self._chat = read.chat
        self._num_events = 0
        self._item: _OpenItem | None = None
        self._finish_reason: str | None = None
        self._call_ids: dict[int, str] = {}

    def begin(self) -> list[Event]:
        self.response.status = "in_progress"
        return [
            events.ResponseCreatedEvent(sequence_number=self._next(), response=self._snapshot()),
            events.ResponseInProgressEvent(sequence_number=self._next(), response=self._snapshot()),
        ]

    def add(self, batch: Batch) -> list[Event]:
        """Take what the engine brought."""
        return [event for chunk in self._chat.chunks(batch) for event in self._take(chunk)]

    def end(self) -> list[Event]:
        """Close what is open. vLLM names the last event "completed" whatever the response's status is."""
        told = [*self._close()]
        if not self.response.output:
            told += self._open(_OpenMessage(0))
            told += self._close()
        is_cut = self._finish_reason == "length"
        self.response.status = "incomplete" if is_cut else "completed"
        if is_cut:
            self.response.incomplete_details = IncompleteDetails(reason="max_output_tokens")
        self.response.usage = self._usage()
        if self.read.request.enable_response_messages:
            self.response.output_messages = [message_of(self.response.output)]
        last = events.ResponseCompletedEvent(sequence_number=self._next(), response=self._snapshot())
        return [*told, last]

    def whole(self) -> Response:
        """Return the response as it is given unstreamed: thoughts have no status then."""
        for item in self.response.output:
            if isinstance(item, ResponseReasoningItem):
                item.status = None
        return self.response

    def fail(self, message: str, *, is_cancelled: bool = False) -> list[Event]:
        """End the response where it is."""
        self._item = None
        self.response.usage = self._usage()
        if is_cancelled:
            self.response.status = "cancelled"
            return []
        self.response.status = "failed"
        self.response.error = ResponseError(
            code="server_error", message=message, misalignment=ABSENT, param=ABSENT, type=ABSENT
        )
        error = events.ResponseErrorEvent(
            sequence_number=self._next(), code="server_error", message=message, param=None
        )
        failed = events.ResponseFailedEvent(sequence_number=self._next(), response=self._snapshot())
        return [error, failed]

    def _next(self) -> int:
        self._num_events += 1
        return self._num_events - 1

    def _snapshot(self) -> Response:
        """Return the response as it is now: an event keeps what it was told."""
        return msgspec.structs.replace(self.response, output=list(self.response.output))

    # --- chunks ------------------------------------------------------------------------------------

    def _take(self, chunk: msgspec.Struct) -> Iterator[Event]:
        assert isinstance(chunk, ChatCompletionChunk)
        for choice in chunk.choices:
            delta = choice.delta
            logprobs = (choice.logprobs.content if choice.logprobs else None) or []
            if _is_text(delta.reasoning):
                yield from self._enter(_OpenReasoning)
                yield from self._push(delta.reasoning or "", [])
            if _is_text(delta.content) or (logprobs and not _is_text(delta.reasoning)):
                yield from self._enter(_OpenMessage)
                yield from self._push(delta.content or "", logprobs)
            for call in delta.tool_calls or () if delta.tool_calls is not ABSENT else ():
                yield from self._take_call(call)
            self._finish_reason = choice.finish_reason or self._finish_reason

    def _take_call(self, call: ChoiceDeltaToolCall) -> Iterator[Event]:
        function = call.function
        if call.index not in self._call_ids:
            name = (function.name if function else None) or ""
            call_id = call.id if isinstance(call.id, str) else new_id("function_call")
            self._call_ids[call.index] = call_id
            yield from self._close()
            yield from self._open(_OpenCall(len(self.response.output), call_id, name))
        if function is not None and _is_text(function.arguments):
            yield from self._push(function.arguments or "", [])

    def _enter(self, kind: type[_OpenMessage] | type[_OpenReasoning]) -> Iterator[Event]:
        if not isinstance(self._item, kind):
            yield from self._close()
            yield from self._open(kind(len(self.response.output)))

    def _open(self, item: _OpenItem) -> Iterator[Event]:
        self._item = item
        yield events.ResponseOutputItemAddedEvent(
            sequence_number=self._next(), item=item.item("in_progress"), output_index=item.index
        )
        yield from item.begin(self._next)

    def _push(self, text: str, logprobs: Sequence[ChatCompletionTokenLogprob]) -> Iterator[Event]:
        assert self._item is not None
        self._item.texts.append(text)
        self._item.logprobs += logprobs
        yield self._item.delta(self._next(), text, logprobs)

    def _close(self) -> Iterator[Event]:
        item, self._item = self._item, None
        if item is None:
            return
        item.shows_logprobs = _has_logprobs(self.read)
        yield from item.end(self._next)
        done = item.item("completed")
        self.response.output.append(done)
        yield events.ResponseOutputItemDoneEvent(
            sequence_number=self._next(), item=done, output_index=item.index
        )

    # --- usage -------------------------------------------------------------------------------------

    def _usage(self) -> ResponseUsage:
        usage = self._chat.usage()
        details = usage.completion_tokens_details
        return ResponseUsage(
            input_tokens=usage.prompt_tokens,
            input_tokens_details=InputTokensDetails(
                cached_tokens=max(sequence.num_cached_tokens for sequence in self._chat.sequences),
                cache_write_tokens=0,
                cache_write_tokens_details=ABSENT,
                input_tokens_per_turn=[],
                cached_tokens_per_turn=[],
            ),
            output_tokens=usage.completion_tokens,
            output_tokens_details=OutputTokensDetails(
                reasoning_tokens=(details.reasoning_tokens or 0) if details else 0,
                tool_output_tokens=0,
                output_tokens_per_turn=[],
                tool_output_tokens_per_turn=[],
            ),
            total_tokens=usage.total_tokens,
        )


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and text != ""


# --- items ----------------------------------------------------------------------------------------------


class _OpenItem:
    """The output item that is being written."""

    kind: str

    def __init__(self, index: int) -> None:
        self.index = index
        self.id = new_id(self.kind)
        self.texts: list[str] = []
        self.logprobs: list[ChatCompletionTokenLogprob] = []
        self.shows_logprobs = False

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def _place(self) -> dict[str, Any]:
        return {"item_id": self.id, "output_index": self.index}

    def begin(self, number: Any) -> Iterator[Event]:
        yield from ()

    def delta(self, number: int, text: str, logprobs: Sequence[ChatCompletionTokenLogprob]) -> Event:
        raise NotImplementedError

    def end(self, number: Any) -> Iterator[Event]:
        raise NotImplementedError

    def item(self, status: str) -> Any:
        raise NotImplementedError


class _OpenMessage(_OpenItem):
    kind = "message"

    def begin(self, number: Any) -> Iterator[Event]:
        part = ResponseOutputText(annotations=[], text="", logprobs=[])
        yield events.ResponseContentPartAddedEvent(
            sequence_number=number(), content_index=0, part=part, **self._place
        )

    def delta(self, number: int, text: str, logprobs: Sequence[ChatCompletionTokenLogprob]) -> Event:
        return events.ResponseTextDeltaEvent(
            sequence_number=number,
            content_index=0,
            delta=text,
            logprobs=[_event_logprob(entry) for entry in logprobs],
            **self._place,
        )

    def end(self, number: Any) -> Iterator[Event]:
        yield events.ResponseTextDoneEvent(
            sequence_number=number(), content_index=0, text=self.text, logprobs=[], **self._place
        )
        yield events.ResponseContentPartDoneEvent(
            sequence_number=number(), content_index=0, part=self._part(), **self._place
        )

    def _part(self) -> ResponseOutputText:
        logprobs = [_logprob(entry) for entry in self.logprobs] if self.shows_logprobs else None
        return ResponseOutputText(annotations=[], text=self.text, logprobs=logprobs)

    def item(self, status: str) -> ResponseOutputMessage:
        content: list[ResponseOutputText | ResponseOutputRefusal] = []
        if status == "completed":
            content = [self._part()]
        return ResponseOutputMessage(id=self.id, content=content, status=status)


class _OpenReasoning(_OpenItem):
    kind = "reasoning"

    def begin(self, number: Any) -> Iterator[Event]:
        yield events.ResponseContentPartAddedEvent(
            sequence_number=number(), content_index=0, part=Content(text=""), **self._place
        )

    def delta(self, number: int, text: str, logprobs: Sequence[ChatCompletionTokenLogprob]) -> Event:
        return events.ResponseReasoningTextDeltaEvent(
            sequence_number=number, content_index=0, delta=text, **self._place
        )

    def end(self, number: Any) -> Iterator[Event]:
        yield events.ResponseReasoningTextDoneEvent(
            sequence_number=number(), content_index=0, text=self.text, **self._place
        )
        yield events.ResponseContentPartDoneEvent(
            sequence_number=number(), content_index=0, part=Content(text=self.text), **self._place
        )

    def item(self, status: str) -> ResponseReasoningItem:
        if status == "in_progress":
            return ResponseReasoningItem(id=self.id, summary=[], status=status)
        return ResponseReasoningItem(id=self.id, summary=[], content=[Content(text=self.text)], status=status)


class _OpenCall(_OpenItem):
    kind = "function_call"

    def __init__(self, index: int, call_id: str, name: str) -> None:
        super().__init__(index)
        self._call_id, self._name = call_id, name

    def delta(self, number: int, text: str, logprobs: Sequence[ChatCompletionTokenLogprob]) -> Event:
        return events.ResponseFunctionCallArgumentsDeltaEvent(
            sequence_number=number, delta=text, **self._place
        )

    def end(self, number: Any) -> Iterator[Event]:
        yield events.ResponseFunctionCallArgumentsDoneEvent(
            sequence_number=number(), arguments=self.text, name=self._name, **self._place
        )

    def item(self, status: str) -> ResponseFunctionToolCall:
        return ResponseFunctionToolCall(
            arguments=self.text,
            call_id=self._call_id,
            name=self._name,
            id=self.id,
            async_=None,
            caller=None,
            namespace=None,
            status=status,
        )


def _logprob(entry: ChatCompletionTokenLogprob) -> Logprob:
    top = [
        LogprobTopLogprob(token=one.token, bytes=one.bytes or [], logprob=one.logprob)
        for one in entry.top_logprobs
    ]
    return Logprob(token=entry.token, bytes=entry.bytes or [], logprob=entry.logprob, top_logprobs=top)


def _event_logprob(entry: ChatCompletionTokenLogprob) -> events.EventLogprob:
    top = [events.EventLogprobTopLogprob(token=one.token, logprob=one.logprob) for one in entry.top_logprobs]
    return events.EventLogprob(token=entry.token, logprob=entry.logprob, top_logprobs=top)


# --- the response ---------------------------------------------------------------------------------------


def _begun(read: ReadRequest) -> Response:
    """Return the response before anything was generated. Absent keys are those that vLLM does not send."""
    request, chat = read.request, read.chat
    params = chat.prompts[0].params
    assert isinstance(params, SamplingParams)
    wants_messages = request.enable_response_messages
    return Response(
        id=read.response_id,
        access_programs=ABSENT,
        created_at=int(time.time()),
        error=ABSENT,
        instructions=request.instructions,
        metadata=request.metadata,
        model=chat.identity.model,
        output=[],
        parallel_tool_calls=request.parallel_tool_calls is not False,
        temperature=params.temperature,
        tool_choice=_echoed(ToolChoice, request.tool_choice) if request.tools else "none",
        tools=_echoed(list[Tool], request.tools or []),
        top_p=1.0 if params.is_greedy else params.top_p,
        background=bool(request.background),
        completed_at=ABSENT,
        conversation=ABSENT,
        image=ABSENT,
        input_transformations=ABSENT,
        max_output_tokens=params.max_tokens,
        max_tool_calls=request.max_tool_calls,
        moderation=ABSENT,
        previous_response_id=request.previous_response_id,
        prompt_cache_diagnostics=ABSENT,
        prompt_cache_key=ABSENT,
        prompt_cache_options=ABSENT,
        prompt_cache_retention=ABSENT,
        reasoning=_echoed(Reasoning, request.reasoning),
        safety_identifier=ABSENT,
        service_tier=request.service_tier,
        status="queued",
        text=_echoed(ResponseTextConfig, request.text),
        tool_usage=ABSENT,
        top_logprobs=request.top_logprobs if _has_logprobs(read) else None,
        truncation=request.truncation,
        user=request.user,
        presence_penalty=params.presence_penalty,
        frequency_penalty=params.frequency_penalty,
        input_messages=read.messages if wants_messages else None,
    )


def _has_logprobs(read: ReadRequest) -> bool:
    return LOGPROBS in (read.request.include or ())


def _echoed(kind: Any, value: Any) -> Any:
    """Return what the request gave as the response repeats it: with every key that the type has."""
    return construct(kind, msgspec.to_builtins(value))


def message_of(output: Sequence[Any]) -> Item:
    """Return the assistant message that the output items are."""
    [message, *_] = messages_of(plain_items(output), "output")
    return message


def plain_items(output: Sequence[Any]) -> list[Item]:
    items: list[Item] = msgspec.json.decode(encode(list(output)))
    return items
