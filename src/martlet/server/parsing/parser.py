"""A model's output, piece by piece, to reasoning, content and tool calls."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from martlet.server.parsing.reader import Event, Reader, Reading
from martlet.server.parsing.reasoning import ReasoningFormat, ReasoningState
from martlet.server.parsing.tools import Schemas, ToolFormat


class OutputParser:
    """Reads one choice. What it has said so far is never taken back, whatever comes.

    The events joined are the same however the text is divided.
    """

    def __init__(
        self,
        reasoning: ReasoningFormat | None = None,
        state: ReasoningState = "unknown",
        tools: ToolFormat | None = None,
        schemas: Schemas | None = None,
        *,
        max_calls: int | None = None,
    ) -> None:
        """`state` is what the prompt says of the reasoning; calls beyond `max_calls` are left out."""
        self._reader = Reader()
        self._reading = self._read(reasoning, state, tools, schemas or {})
        self._max_calls = max_calls
        self.num_calls = 0
        """Calls of which the name has been read."""
        self.state: ReasoningState = "over" if reasoning is None else state
        """unknown until it is clear whether there is reasoning, open while there is."""
        next(self._reading)

    def push(self, text: str) -> list[Event]:
        """Return what `text` makes certain."""
        if not text:
            return []
        self._reader.feed(text)
        return self._advance()

    def finish(self) -> list[Event]:
        """Return what was held back; for when no more text comes."""
        self._reader.is_over = True
        return self._advance()

    def _advance(self) -> list[Event]:
        next(self._reading, None)
        events, self._reader.events = self._reader.events, []
        joined = [Event(kind, "".join([e.text for e in group])) for kind, group in groupby(events, _group)]
        return [event for event in joined if self._is_wanted(event)]

    def _is_wanted(self, event: Event) -> bool:
        if event.kind == "name":
            self.num_calls += 1
        is_call = event.kind in ("name", "arguments")
        return not (is_call and self._max_calls is not None and self.num_calls > self._max_calls)

    def _read(
        self,
        reasoning: ReasoningFormat | None,
        state: ReasoningState,
        tools: ToolFormat | None,
        schemas: Schemas,
    ) -> Reading[None]:
        reader = self._reader
        yield
        if reasoning is not None:
            if (yield from reasoning.begins(reader, state)):
                self.state = "open"
                yield from reasoning.read(reader)
            self.state = "over"
        if tools is None:
            yield from reader.rest(reader.content)
        else:
            yield from tools.read(reader, schemas)
            yield from reader.rest(reader.content)


_group = itemgetter(0)
