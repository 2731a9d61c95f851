"""How a model's output is read: which formats it writes, and what they make of one request's choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from martlet.engine.request import Output
from martlet.engine.text import Tokenizer
from martlet.engine.thinking import ThinkingBudget
from martlet.errors import RequestRejected
from martlet.protocol.chat import ChatCompletionRequest
from martlet.server.errors import InvalidRequest
from martlet.server.parsing import Event, OutputParser
from martlet.server.parsing.reasoning import ReasoningFormat, ReasoningState, reasoning_format
from martlet.server.parsing.tools import GENERIC, ToolFormat, tool_format
from martlet.server.settings import ServerSettings
from martlet.server.translate.tools import ToolUse


class OutputFormats:
    """The formats that the served model writes."""

    def __init__(self, tokenizer: Tokenizer, settings: ServerSettings) -> None:
        template = tokenizer.chat_template_source
        self._tokenizer = tokenizer
        self._tools = tool_format(settings.tool_call_parser, template)
        self._reasoning = reasoning_format(settings.reasoning_parser, template)
        self._has_auto = settings.enable_auto_tool_choice
        self._thinks_if_asked = _thinks_if_asked(tokenizer) if self._reasoning else False

    @property
    def has_reasoning(self) -> bool:
        return self._reasoning is not None

    @property
    def has_tools(self) -> bool:
        return self._tools is not None and self._has_auto

    def plan(self, request: ChatCompletionRequest, tools: ToolUse, prompt: str) -> OutputPlan:
        """Return how to read the answers to `prompt`. Raises InvalidRequest."""
        state: ReasoningState = "unknown"
        if self._reasoning is not None:
            state = "over" if _forbids_thinking(request) else self._reasoning.state(prompt)
        format = self._tool_format(tools)
        starts = self._ids(self._reasoning.start if self._reasoning else ())
        ends = self._ids(self._reasoning.end if self._reasoning else ())
        return OutputPlan(
            tools,
            format,
            self._reasoning,
            state,
            request.include_reasoning,
            self._ids(format.marks if format else ()) | starts | ends,
            starts,
            ends,
            not self._thinks_if_asked or _asks_for_thinking(request),
        )

    def thinking_budget(self, max_tokens: int | None) -> ThinkingBudget | None:
        """Return the limit to reasoning that a request asks for. Raises InvalidRequest."""
        if max_tokens is None:
            return None
        if self._reasoning is None:
            raise InvalidRequest(
                "thinking_token_budget: the chat template does not say how the model marks its reasoning: "
                "name the format with --reasoning-parser, or leave it out"
            )
        if max_tokens == -1:
            return None
        return ThinkingBudget(
            max_tokens, self._tokens(self._reasoning.start), self._tokens(self._reasoning.end)
        )

    def _tokens(self, marks: tuple[str, ...]) -> list[tuple[int, ...]]:
        return [tuple(self._tokenizer.encode(mark, add_special_tokens=False)) for mark in marks]

    def _tool_format(self, tools: ToolUse) -> ToolFormat | None:
        if tools.choice == "none":
            return None
        if tools.choice == "auto" and not self._has_auto:
            raise InvalidRequest(
                'tool_choice "auto" is off on this server: serve with --enable-auto-tool-choice, '
                'or send "required" or "none"'
            )
        if tools.choice == "auto" and self._tools is None:
            raise InvalidRequest(
                'tool_choice "auto": the chat template does not say how the model calls tools: name the '
                'format with --tool-call-parser, or send "required" or "none"'
            )
        return (self._tools or GENERIC).for_vocabulary(lambda mark: bool(self._ids((mark,))))

    def _ids(self, marks: tuple[str, ...]) -> frozenset[int]:
        """Return the tokens that stand for a whole mark."""
        found = (self._tokenizer.token_to_id(mark) for mark in marks)
        return frozenset(token_id for token_id in found if token_id is not None)


def _thinks_if_asked(tokenizer: Tokenizer) -> bool:
    """Return whether thinking is what the template adds on request, instead of what it takes away."""
    probe = [{"role": "user", "content": "?"}]
    try:
        return tokenizer.render(probe, enable_thinking=True) != tokenizer.render(probe)
    except RequestRejected:
        return False


def _asks_for_thinking(request: ChatCompletionRequest) -> bool:
    return bool((request.chat_template_kwargs or {}).get("enable_thinking"))


def _forbids_thinking(request: ChatCompletionRequest) -> bool:
    given = (request.chat_template_kwargs or {}).get("enable_thinking")
    return given is False or (given is None and request.reasoning_effort == "none")


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """How to read each choice of one request."""

    tools: ToolUse
    tool_format: ToolFormat | None
    reasoning_format: ReasoningFormat | None
    reasoning_state: ReasoningState
    include_reasoning: bool
    visible_token_ids: frozenset[int]
    """Special tokens that must not be hidden from the formats."""
    start_token_ids: frozenset[int]
    end_token_ids: frozenset[int]
    """Tokens that begin and end reasoning."""
    may_think: bool
    """Whether reasoning may come before an answer that is held to a format."""

    @property
    def is_plain(self) -> bool:
        """Whether the text is the content."""
        return self.tool_format is None and self.reasoning_format is None

    def reader(self) -> ChoiceReader:
        return ChoiceReader(self)


class ChoiceReader:
    """Reads the outputs of one choice."""

    def __init__(self, plan: OutputPlan) -> None:
        self._plan = plan
        self._parser = OutputParser(
            plan.reasoning_format,
            plan.reasoning_state,
            plan.tool_format,
            plan.tools.schemas,
            max_calls=plan.tools.max_calls,
        )
        self.count: Callable[[bool], object] | None = None
        """Called with whether there are tool calls: in each output, or at the end in all of them."""
        self.counts_outputs = False
        self.num_reasoning_tokens = 0
        self.has_calls = False
        self.is_hidden = False
        """Whether the last output was all reasoning, which the request does not want."""

    def take(self, output: Output) -> list[Event]:
        """Return what one output adds to the message."""
        before = self._parser.state
        events = self._parser.push(output.text)
        after = self._parser.state
        if output.finish_reason is not None:
            events += self._parser.finish()
        ended_by_token = output.finish_reason == "stop" and not isinstance(output.stop_reason, str)
        token_ids = output.token_ids[:-1] if ended_by_token else output.token_ids
        self.num_reasoning_tokens += self._num_reasoning(token_ids, before, after)
        if not self._plan.include_reasoning:
            self.is_hidden = after == "open" and output.finish_reason is None
            events = [event for event in events if event.kind != "reasoning"]
        if self._plan.tools.is_forced:  # what is no call is one that was cut before its name
            events = [event for event in events if event.kind != "content"]
        self.has_calls = self.has_calls or any(event.kind == "name" for event in events)
        if self.count is not None:
            if self.counts_outputs:
                self.count(any(event.kind in ("name", "arguments") for event in events))
            elif output.finish_reason is not None:
                self.count(self.has_calls)
        return events

    def _num_reasoning(self, token_ids: list[int], before: ReasoningState, after: ReasoningState) -> int:
        if before == "over":
            return 0
        number = 0
        for token_id in token_ids:
            if token_id in self._plan.end_token_ids:
                return number
            number += token_id not in self._plan.start_token_ids
        return number if after == "open" else 0

    def finish_reason(self, reason: str | None) -> str | None:
        """As in vLLM, a function that was named is called without being a reason to finish."""
        is_call = self.has_calls and reason == "stop" and self._plan.tools.choice != "named"
        return "tool_calls" if is_call else reason
