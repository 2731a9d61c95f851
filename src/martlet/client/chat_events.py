"""The events of `chat.completions.stream`, under their official names and types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

import msgspec

from martlet.client.parsed import ParsedChatCompletion, dumped
from martlet.protocol.base import WireModel
from martlet.protocol.chat import ChatCompletionChunk, ChatCompletionTokenLogprob

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")
V = TypeVar("V")


class Later(Generic[V]):
    """A field made when somebody looks: most programs never do, and it takes the longer the longer the reply.

    An event has one at most.
    """

    def __init__(self) -> None:
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, event: None, owner: type) -> Self: ...
    @overload
    def __get__(self, event: Event, owner: type) -> V: ...
    def __get__(self, event: Event | None, owner: type) -> Any:
        if event is None:
            return self
        values = vars(event)
        make = values.pop("_make", None)
        value = values[self.name] = None if make is None else make()
        return value


class Event(WireModel, kw_only=True):
    """What all events share."""

    @property
    def choice_index(self) -> int:
        """Index of the choice that the event is about, where several were asked for."""
        index: int = vars(self).get("_choice_index", 0)
        return index

    @property
    def model_extra(self) -> dict[str, Any]:
        self._look()
        return super().model_extra

    def _look(self) -> None:
        for name, field in vars(type(self)).items():
            if isinstance(field, Later):
                getattr(self, name)

    def _dump(self, unset: bool, defaults: bool, none: bool, use_keys: bool) -> dict[str, Any]:
        plain: dict[str, Any] = msgspec.to_builtins(
            super()._dump(unset, defaults, none, use_keys), enc_hook=dumped
        )
        return plain

    def __reduce__(self) -> tuple[Any, ...]:
        self._look()
        return super().__reduce__()


E = TypeVar("E", bound=Event)


def prepared(event: E, choice_index: int, make: Callable[[], Any] | None = None) -> E:
    """`event` with its choice, and how to make the field that is made later."""
    values = vars(event)
    values["_choice_index"] = choice_index
    if make is not None:
        values["_make"] = make
    return event


class ChunkEvent(Event, kw_only=True):
    """A chunk as the server sent it."""

    type: Literal["chunk"] = "chunk"
    chunk: ChatCompletionChunk

    snapshot = Later[ParsedChatCompletion[Any]]()
    """The reply so far, at the time of the first look."""


class ContentDeltaEvent(Event, kw_only=True):
    """A piece of content; it may be empty."""

    type: Literal["content.delta"] = "content.delta"
    delta: str
    snapshot: str
    """The content so far."""

    parsed = Later[Any]()
    """With a type as `response_format`: what is certain of its JSON so far, as plain data."""


class ContentDoneEvent(Event, Generic[T], kw_only=True):
    """The content is complete."""

    type: Literal["content.done"] = "content.done"
    content: str
    parsed: T | None = None
    """The content as an instance of `response_format`."""


class RefusalDeltaEvent(Event, kw_only=True):
    """A piece of a refusal."""

    type: Literal["refusal.delta"] = "refusal.delta"
    delta: str
    snapshot: str
    """The refusal so far."""


class RefusalDoneEvent(Event, kw_only=True):
    """The refusal is complete."""

    type: Literal["refusal.done"] = "refusal.done"
    refusal: str


class FunctionToolCallArgumentsDeltaEvent(Event, kw_only=True):
    """A piece of the arguments of a function call; the first one may be empty."""

    type: Literal["tool_calls.function.arguments.delta"] = "tool_calls.function.arguments.delta"
    name: str
    index: int
    """Which of the message's calls."""
    arguments: str
    """The arguments so far."""
    arguments_delta: str

    parsed_arguments = Later[Any]()
    """For a strict tool: what is certain of the arguments so far, as plain data."""


class FunctionToolCallArgumentsDoneEvent(Event, kw_only=True):
    """The arguments of a function call are complete."""

    type: Literal["tool_calls.function.arguments.done"] = "tool_calls.function.arguments.done"
    name: str
    index: int
    """Which of the message's calls."""
    arguments: str
    parsed_arguments: Any = None
    """For a strict tool: an instance of its type, or plain data."""


class LogprobsContentDeltaEvent(Event, kw_only=True):
    """Log probabilities of a piece of content."""

    type: Literal["logprobs.content.delta"] = "logprobs.content.delta"
    content: list[ChatCompletionTokenLogprob]

    snapshot = Later[list[ChatCompletionTokenLogprob]]()
    """Those of the content so far."""


class LogprobsContentDoneEvent(Event, kw_only=True):
    """The content's log probabilities are complete."""

    type: Literal["logprobs.content.done"] = "logprobs.content.done"
    content: list[ChatCompletionTokenLogprob]


class LogprobsRefusalDeltaEvent(Event, kw_only=True):
    """Log probabilities of a piece of a refusal."""

    type: Literal["logprobs.refusal.delta"] = "logprobs.refusal.delta"
    refusal: list[ChatCompletionTokenLogprob]

    snapshot = Later[list[ChatCompletionTokenLogprob]]()
    """Those of the refusal so far."""


class LogprobsRefusalDoneEvent(Event, kw_only=True):
    """The refusal's log probabilities are complete."""

    type: Literal["logprobs.refusal.done"] = "logprobs.refusal.done"
    refusal: list[ChatCompletionTokenLogprob]


ChatCompletionStreamEvent = (
    ChunkEvent
    | ContentDeltaEvent
    | ContentDoneEvent[T]
    | RefusalDeltaEvent
    | RefusalDoneEvent
    | FunctionToolCallArgumentsDeltaEvent
    | FunctionToolCallArgumentsDoneEvent
    | LogprobsContentDeltaEvent
    | LogprobsContentDoneEvent
    | LogprobsRefusalDeltaEvent
    | LogprobsRefusalDoneEvent
)
