"""What a stream has brought so far, put together into the reply that the call would have given unstreamed."""

from __future__ import annotations

from typing import Any, Protocol

from martlet.protocol.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessage,
    ChatCompletionMessageToolCall,
    ChatCompletionTokenLogprob,
    Choice,
    ChoiceDelta,
    ChoiceDeltaToolCall,
    ChoiceDeltaToolCallFunction,
    ChoiceLogprobs,
    ChunkChoice,
    Function,
)
from martlet.protocol.completions import Completion, CompletionChoice


class Partial(Protocol):
    """Gathers the items of one stream."""

    @property
    def is_finished(self) -> bool:
        """Whether the items alone say that nothing is missing."""
        ...

    def add(self, item: Any) -> None: ...

    def has_token(self, item: Any) -> bool:
        """Whether the item brings something generated, and not only the news that work has begun."""
        ...

    def result(self) -> Any:
        """The reply so far; None if nothing came."""


class ChatPartial:
    """Gathers chat chunks into a ChatCompletion."""

    def __init__(self) -> None:
        self._first: ChatCompletionChunk | None = None
        self._last: dict[str, Any] = {}
        self._choices: dict[int, _ChatChoice] = {}

    @property
    def is_finished(self) -> bool:
        choices = self._choices.values()
        return bool(choices) and all(choice.finish_reason is not None for choice in choices)

    def add(self, item: ChatCompletionChunk) -> None:
        if self._first is None:
            self._first = item
        if item.usage is not None:
            self._last["usage"] = item.usage
        if item.system_fingerprint is not None:
            self._last["system_fingerprint"] = item.system_fingerprint
        # Decoding is lenient: from here on, nothing is sure to have the type it should.
        for part in _list(item.choices):
            if type(part) is ChunkChoice:
                index = _index(part)
                choice = self._choices.get(index)
                if choice is None:
                    choice = self._choices[index] = _ChatChoice()
                choice.add(part)

    def has_token(self, item: ChatCompletionChunk) -> bool:
        return any(_has_token(part) for part in _list(item.choices))

    def result(self) -> ChatCompletion | None:
        first = self._first
        if first is None:
            return None
        choices = [choice.result(index) for index, choice in sorted(self._choices.items())]
        return ChatCompletion(
            id=first.id, created=first.created, model=first.model, choices=choices, **self._last
        )


class _ChatChoice:
    def __init__(self) -> None:
        self.role = "assistant"
        self.content: list[str] = []
        self.texts: dict[str, list[str]] = {}
        """Pieces of the message's other texts, by field."""
        self.tool_calls: dict[int, _ToolCall] = {}
        self.logprobs: list[ChatCompletionTokenLogprob] = []
        self.token_ids: list[int] = []
        self.finish_reason: str | None = None
        self.stop_reason: int | str | None = None

    def add(self, part: ChunkChoice) -> None:
        delta = part.delta
        if type(delta) is ChoiceDelta:
            if delta.content and type(delta.content) is str:
                self.content.append(delta.content)
            else:
                self._add_other(delta)
        if part.finish_reason is not None:
            self.finish_reason = part.finish_reason
            self.stop_reason = part.stop_reason
        if type(part.logprobs) is ChoiceLogprobs:
            self.logprobs += _list(part.logprobs.content)
        if part.token_ids:
            self.token_ids += _list(part.token_ids)

    def _add_other(self, delta: ChoiceDelta) -> None:
        self.role = delta.role or self.role
        for call in _list(delta.tool_calls):
            if type(call) is ChoiceDeltaToolCall:
                self.tool_calls.setdefault(_index(call), _ToolCall()).add(call)
        reasoning = delta.reasoning
        if reasoning:
            self._add_text("reasoning", reasoning)
        elif not delta.tool_calls:  # rare, and read from the raw JSON: only where nothing else is there
            self._add_text("refusal", delta.refusal)

    def _add_text(self, name: str, text: object) -> None:
        if isinstance(text, str) and text:
            self.texts.setdefault(name, []).append(text)

    def result(self, index: int) -> Choice:
        texts = {name: "".join(parts) for name, parts in self.texts.items()}
        message = ChatCompletionMessage(
            role=self.role,
            content="".join(self.content) or (None if self.tool_calls or texts else ""),
            refusal=texts.get("refusal"),
            reasoning=texts.get("reasoning"),
            tool_calls=[call.result() for _, call in sorted(self.tool_calls.items())] or None,
        )
        return Choice(
            index=index,
            message=message,
            logprobs=ChoiceLogprobs(content=list(self.logprobs)) if self.logprobs else None,
            finish_reason=self.finish_reason,
            stop_reason=self.stop_reason,
            token_ids=list(self.token_ids) or None,
        )


class _ToolCall:
    def __init__(self) -> None:
        self.id = ""
        self.type = "function"
        self.name: list[str] = []
        self.arguments: list[str] = []

    def add(self, part: ChoiceDeltaToolCall) -> None:
        self.id = part.id or self.id
        self.type = part.type or self.type
        function = part.function
        if type(function) is ChoiceDeltaToolCallFunction:
            self.name.append(_text(function.name))
            self.arguments.append(_text(function.arguments))

    def result(self) -> ChatCompletionMessageToolCall:
        function = Function(name="".join(self.name), arguments="".join(self.arguments))
        return ChatCompletionMessageToolCall(id=self.id, type=self.type, function=function)


class CompletionPartial:
    """Gathers the chunks of a text completion into one Completion."""

    def __init__(self) -> None:
        self._first: Completion | None = None
        self._usage: Any = None
        self._texts: dict[int, list[str]] = {}
        self._endings: dict[int, CompletionChoice] = {}

    @property
    def is_finished(self) -> bool:
        return bool(self._texts) and self._texts.keys() == self._endings.keys()

    def add(self, item: Completion) -> None:
        if self._first is None:
            self._first = item
        if item.usage is not None:
            self._usage = item.usage
        for part in _list(item.choices):
            if isinstance(part, CompletionChoice):
                index = _index(part)
                self._texts.setdefault(index, []).append(_text(part.text))
                if part.finish_reason is not None:
                    self._endings[index] = part

    def has_token(self, item: Completion) -> bool:
        parts = [part for part in _list(item.choices) if isinstance(part, CompletionChoice)]
        return any(part.text or part.token_ids or part.finish_reason is not None for part in parts)

    def result(self) -> Completion | None:
        first = self._first
        if first is None:
            return None
        choices = [self._choice(index, texts) for index, texts in sorted(self._texts.items())]
        return Completion(
            id=first.id, created=first.created, model=first.model, choices=choices, usage=self._usage
        )

    def _choice(self, index: int, texts: list[str]) -> CompletionChoice:
        ending = self._endings.get(index)
        return CompletionChoice(
            index=index,
            text="".join(texts),
            finish_reason=None if ending is None else ending.finish_reason,
            stop_reason=None if ending is None else ending.stop_reason,
        )


class EventsPartial:
    """Keeps the events of a stream of any kind. A clean end is the only one that such a stream may have."""

    is_finished = True

    def __init__(self) -> None:
        self._events: list[Any] = []

    def add(self, item: Any) -> None:
        self._events.append(item)

    def has_token(self, item: Any) -> bool:
        return True

    def result(self) -> list[Any] | None:
        return self._events or None


class LastEventPartial:
    """Keeps the last event of a stream that ends with one of a certain type."""

    def __init__(self, ending: str) -> None:
        self._ending = ending
        self._last: Any = None

    @property
    def is_finished(self) -> bool:
        return self._last is not None and self._last.type == self._ending

    def add(self, item: Any) -> None:
        self._last = item

    def has_token(self, item: Any) -> bool:
        return True

    def result(self) -> Any:
        return self._last


class TranscriptPartial:
    """Gathers the text of a transcription, from OpenAI's events or from vLLM's chunks."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self.is_finished = False

    def add(self, item: Any) -> None:
        if item.type == "transcript.text.done":
            self._texts = [_text(item.text)]
            self.is_finished = True
        elif item.type == "transcript.text.delta":
            self._texts.append(_text(item.delta))
        for choice in _list(getattr(item, "choices", None)):
            self._texts.append(_text(getattr(getattr(choice, "delta", None), "content", None)))
            if getattr(choice, "finish_reason", None) is not None:
                self.is_finished = True

    def has_token(self, item: Any) -> bool:
        return True

    def result(self) -> str | None:
        return "".join(self._texts) or None


def _has_token(part: Any) -> bool:
    if type(part) is not ChunkChoice:
        return False
    delta = part.delta
    brings = delta.to_dict() if type(delta) is ChoiceDelta else {}
    named = any(value for name, value in brings.items() if name != "role")
    return named or bool(part.token_ids) or part.finish_reason is not None


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _index(part: Any) -> int:
    return part.index if type(part.index) is int else 0
