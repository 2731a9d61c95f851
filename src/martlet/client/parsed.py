"""Replies with what they stand for beside their text: `message.parsed` and `function.parsed_arguments`.

They are the replies of the wire with one field more. It is shown by `repr` and `model_dump()`, and left out
of `to_dict()` and of what is sent back to a server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import msgspec

from martlet.protocol.base import WireModel
from martlet.protocol.chat import (
    ChatCompletion,
    ChatCompletionMessage,
    ChatCompletionMessageToolCall,
    Choice,
    Function,
)

T = TypeVar("T")
M = TypeVar("M", bound=WireModel)

if TYPE_CHECKING:
    _Base = WireModel
else:
    _Base = object


class Derived(_Base):
    """A model with a field that was made here, out of what the server sent."""

    _derived: ClassVar[str]

    def _is_set(self, field: Any, raw: dict[str, Any] | None) -> bool:
        return field.name != self._derived and super()._is_set(field, raw)

    def _dump(self, unset: bool, defaults: bool, none: bool, use_keys: bool) -> dict[str, Any]:
        plain = super()._dump(unset, defaults, none, use_keys)
        if plain.get(self._derived) is not None:
            plain[self._derived] = msgspec.to_builtins(plain[self._derived], enc_hook=dumped)
        return plain


def dumped(value: Any) -> Any:
    """For `msgspec.to_builtins`: pydantic models as plain data."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return repr(value)


class ParsedFunction(Derived, Function, kw_only=True):
    """A function call that the model wrote, and what its arguments stand for."""

    _derived: ClassVar[str] = "parsed_arguments"

    parsed_arguments: Any = None
    """An instance of the tool's type, plain data for a strict tool given as a dict, else None."""


class ParsedFunctionToolCall(ChatCompletionMessageToolCall, kw_only=True):
    """A tool call with parsed arguments."""

    function: ParsedFunction  # pyright: ignore[reportIncompatibleVariableOverride]  # a subclass, as officially


class ParsedChatCompletionMessage(Derived, ChatCompletionMessage, Generic[T], kw_only=True):
    """The message that the model wrote, and what its content stands for."""

    _derived: ClassVar[str] = "parsed"

    if TYPE_CHECKING:
        tool_calls: list[ParsedFunctionToolCall] | None = None  # type: ignore[assignment]  # as officially
    else:
        tool_calls: list[ParsedFunctionToolCall] | None = None
    parsed: T | None = None
    """The content as an instance of `response_format`; None without one, if it is empty, or if refused."""


class ParsedChoice(Choice, Generic[T], kw_only=True):
    """One of the answers, parsed."""

    if TYPE_CHECKING:
        message: ParsedChatCompletionMessage[T]  # pyright: ignore[reportIncompatibleVariableOverride]
    else:
        message: ParsedChatCompletionMessage


class ParsedChatCompletion(ChatCompletion, Generic[T], kw_only=True):
    """The reply of `chat.completions.parse`."""

    if TYPE_CHECKING:
        choices: list[ParsedChoice[T]]  # type: ignore[assignment]  # a list of subclasses, as officially
    else:
        choices: list[ParsedChoice]


def upgraded(cls: type[M], model: WireModel, **changes: Any) -> M:
    """`model` as an instance of a subclass of its class, with all it knows of what the server sent."""
    made = cls(**{**model._values(), **changes})
    vars(made).update(vars(model))
    return made
