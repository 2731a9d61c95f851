"""Assistant messages with reasoning and tool calls, whole and in deltas."""

from __future__ import annotations

import random
import string
import uuid
from collections.abc import Iterable
from typing import Any

from martlet.engine.request import Output
from martlet.protocol.base import ABSENT
from martlet.protocol.chat import (
    ChatCompletionMessage,
    ChatCompletionMessageToolCall,
    ChoiceDelta,
    ChoiceDeltaToolCall,
    ChoiceDeltaToolCallFunction,
    Function,
)
from martlet.server.parsing import Event
from martlet.server.translate.outputs import ChoiceReader, OutputPlan

_MISTRAL_ALPHABET = string.ascii_letters + string.digits


class Message:
    """The message of one choice. `add` then `written`, or `deltas` of what its reader takes."""

    def __init__(self, plan: OutputPlan) -> None:
        self.reader = ChoiceReader(plan)
        self._is_forced = plan.tools.is_forced
        self._has_reasoning = plan.reasoning_format is not None
        self._id_style = plan.tool_format.id_style if plan.tool_format else ""
        self._num_calls = 0
        self._content: list[str] = []
        self._reasoning: list[str] = []
        self._calls: list[tuple[str, list[str]]] = []
        """Name and arguments of each."""

    # --- unstreamed --------------------------------------------------------------------------------

    def add(self, output: Output) -> None:
        for kind, text in self.reader.take(output):
            if kind == "content":
                self._content.append(text)
            elif kind == "reasoning":
                self._reasoning.append(text)
            elif kind == "name":
                self._calls.append((text, []))
            else:
                self._calls[-1][1].append(text)

    def written(self, role: str, echo: str) -> ChatCompletionMessage:
        """Return the whole message; `echo` goes before its content."""
        content = echo + "".join(self._content)
        is_null = not content and (bool(self._calls) or self._has_reasoning) and not self._is_forced
        return ChatCompletionMessage(
            role=role,
            content=None if is_null else content,
            tool_calls=[self._call(name, parts) for name, parts in self._calls] or ABSENT,
            reasoning="".join(self._reasoning) or None,
        )

    def _call(self, name: str, parts: list[str]) -> ChatCompletionMessageToolCall:
        function = Function(name=name, arguments="".join(parts))
        return ChatCompletionMessageToolCall(id=call_id(self._id_style), function=function)

    # --- streamed ----------------------------------------------------------------------------------

    def deltas(self, events: Iterable[Event]) -> list[ChoiceDelta]:
        """Return what the reader read as deltas, each with a part of one call at most."""
        return [self._delta(event) for event in events]

    def _delta(self, event: Event) -> ChoiceDelta:
        kind, text = event
        if kind == "content":
            return delta(content=text)
        if kind == "reasoning":
            return delta(reasoning=text)
        if kind == "name":
            self._num_calls += 1
            call = ChoiceDeltaToolCall(
                id=call_id(self._id_style),
                type="function",
                index=self._num_calls - 1,
                function=ChoiceDeltaToolCallFunction(name=text, arguments=ABSENT),
            )
        else:
            call = ChoiceDeltaToolCall(
                id=ABSENT,
                type=ABSENT,
                index=self._num_calls - 1,
                function=ChoiceDeltaToolCallFunction(name=ABSENT, arguments=text),
            )
        return delta(content=None, tool_calls=[call])


def delta(
    *, role: Any = ABSENT, content: Any = ABSENT, reasoning: Any = ABSENT, tool_calls: Any = ABSENT
) -> ChoiceDelta:
    return ChoiceDelta(role=role, content=content, reasoning=reasoning, tool_calls=tool_calls)


def call_id(style: str) -> str:
    if style == "mistral":
        return "".join(random.choices(_MISTRAL_ALPHABET, k=9))
    return f"{style}-{uuid.uuid4().hex[:16]}"
