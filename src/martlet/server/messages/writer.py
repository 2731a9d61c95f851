"""Chunks of a chat reply to events of a message, and the message that they make up.

Streamed or not, a message is written once, here: unstreamed, its events are left unsent.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from martlet.protocol.chat import ChatCompletionChunk, ChoiceDelta, ChoiceDeltaToolCall
from martlet.protocol.messages import (
    ContentBlockDelta,
    ContentBlockStart,
    ContentBlockStop,
    InputJSONDelta,
    Message,
    MessageDelta,
    MessagesEvent,
    MessageStart,
    MessageStop,
    OutputBlock,
    SignatureDelta,
    StopDelta,
    StopReason,
    TextBlock,
    TextDelta,
    ThinkingBlock,
    ThinkingDelta,
    ToolUseBlock,
    Usage,
    kind_of,
)
from martlet.protocol.sse import frame
from martlet.server.loop import Batch
from martlet.server.translate.chat import ChatReply

encode = msgspec.json.Encoder().encode


def event_frame(event: MessagesEvent) -> bytes:
    return frame(encode(event), kind_of(event))


class MessageWriter:
    """One message as it grows. Each method returns the events of what it took."""

    def __init__(self, chat: ChatReply) -> None:
        self._chat = chat
        self.message = Message(
            id=chat.id,
            content=[],
            model=chat.identity.model,
            usage=Usage(input_tokens=chat.num_prompt_tokens, output_tokens=0),
        )
        self._block: OutputBlock | None = None
        self._texts: list[str] = []
        self._finish_reason: str | None = None
        self._stop_reason: int | str | None = None
        self._call: int | None = None
        """Index of the tool call that is being written."""

    def begin(self) -> list[MessagesEvent]:
        start = msgspec.structs.replace(self.message, content=[], stop_reason=None, stop_sequence=None)
        return [MessageStart(message=start)]

    def add(self, batch: Batch) -> list[MessagesEvent]:
        """Take what the engine brought."""
        return [event for chunk in self._chat.chunks(batch) for event in self._take(chunk)]

    def end(self) -> list[MessagesEvent]:
        told = [*self._close()]
        if not self.message.content:
            told += [*self._open(TextBlock(text="")), *self._close()]
        self.message.usage = self._usage()
        reason, sequence = self._stop()
        self.message.stop_reason, self.message.stop_sequence = reason, sequence or UNSET
        delta = StopDelta(stop_reason=reason, stop_sequence=sequence)
        return [*told, MessageDelta(delta=delta, usage=self.message.usage), MessageStop()]

    def _usage(self) -> Usage:
        chat = self._chat
        usage = Usage(
            input_tokens=chat.num_prompt_tokens,
            output_tokens=sum(sequence.num_tokens for sequence in chat.sequences),
        )
        if chat.identity.prompt_tokens_details:
            usage.cache_read_input_tokens = max(each.num_cached_tokens for each in chat.sequences)
        return usage

    def _stop(self) -> tuple[StopReason, str | None]:
        if self._finish_reason == "length":
            return "max_tokens", None
        if any(isinstance(block, ToolUseBlock) for block in self.message.content):
            return "tool_use", None
        if isinstance(self._stop_reason, str) and self._finish_reason == "stop":
            return "stop_sequence", self._stop_reason
        return "end_turn", None

    # --- chunks ------------------------------------------------------------------------------------

    def _take(self, chunk: msgspec.Struct) -> Iterator[MessagesEvent]:
        assert isinstance(chunk, ChatCompletionChunk)
        for choice in chunk.choices:
            yield from self._take_delta(choice.delta)
            if choice.finish_reason is not None:
                self._finish_reason, self._stop_reason = choice.finish_reason, choice.stop_reason

    def _take_delta(self, delta: ChoiceDelta) -> Iterator[MessagesEvent]:
        if _is_text(delta.reasoning):
            if not isinstance(self._block, ThinkingBlock):
                yield from self._close()
                yield from self._open(ThinkingBlock(thinking=""))
            yield self._push(delta.reasoning or "")
        if _is_text(delta.content):
            if not isinstance(self._block, TextBlock):
                yield from self._close()
                yield from self._open(TextBlock(text=""))
            yield self._push(delta.content or "")
        for call in delta.tool_calls or ():
            yield from self._take_call(call)

    def _take_call(self, call: ChoiceDeltaToolCall) -> Iterator[MessagesEvent]:
        function = call.function
        if call.index != self._call:
            self._call = call.index
            yield from self._close()
            call_id = call.id if isinstance(call.id, str) else f"toolu_{uuid.uuid4().hex[:16]}"
            yield from self._open(
                ToolUseBlock(id=call_id, name=(function.name if function else None) or "", input={})
            )
        if function is not None and _is_text(function.arguments):
            yield self._push(function.arguments or "")

    def _open(self, block: OutputBlock) -> Iterator[MessagesEvent]:
        self._block = block
        self._texts = []
        yield ContentBlockStart(index=len(self.message.content), content_block=block)

    def _push(self, text: str) -> MessagesEvent:
        self._texts.append(text)
        delta: TextDelta | ThinkingDelta | InputJSONDelta
        if isinstance(self._block, TextBlock):
            delta = TextDelta(text=text)
        elif isinstance(self._block, ThinkingBlock):
            delta = ThinkingDelta(thinking=text)
        else:
            delta = InputJSONDelta(partial_json=text)
        return ContentBlockDelta(index=len(self.message.content), delta=delta)

    def _close(self) -> Iterator[MessagesEvent]:
        block, self._block = self._block, None
        if block is None:
            return
        index, text = len(self.message.content), "".join(self._texts)
        if isinstance(block, TextBlock):
            block = TextBlock(text=text)
        elif isinstance(block, ThinkingBlock):
            signature = uuid.uuid4().hex
            block = ThinkingBlock(thinking=text, signature=signature)
            yield ContentBlockDelta(index=index, delta=SignatureDelta(signature=signature))
        else:
            block = ToolUseBlock(id=block.id, name=block.name, input=_input(text))
        self.message.content.append(block)
        yield ContentBlockStop(index=index)


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and text != ""


def _input(arguments: str) -> dict[str, Any]:
    """Return a call's arguments as the object that this API holds them to be."""
    try:
        value = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        value = arguments  # cut short, or no JSON: for the caller to see
    return value if isinstance(value, dict) else {"arguments": value}
