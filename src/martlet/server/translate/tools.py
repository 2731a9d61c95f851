"""What a chat request says of its tools: which there are, and whether and how they may be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from martlet.errors import InvalidParameter
from martlet.protocol.chat import (
    ChatCompletionNamedToolChoiceParam,
    ChatCompletionRequest,
    ChatCompletionToolsParam,
    FunctionDefinition,
)

ToolChoice = Literal["none", "auto", "required", "named"]
_CHOICES: tuple[ToolChoice, ...] = ("none", "auto", "required")


@dataclass(frozen=True, slots=True)
class ToolUse:
    """The tools of a request, and what may become of them."""

    choice: ToolChoice = "none"
    tools: tuple[ChatCompletionToolsParam, ...] = ()
    name: str | None = None
    """The function that must be called, if one was named."""
    is_parallel: bool = True

    @property
    def max_calls(self) -> int | None:
        return None if self.is_parallel and self.choice != "named" else 1

    @property
    def is_forced(self) -> bool:
        return self.choice in ("required", "named")

    @property
    def functions(self) -> list[FunctionDefinition]:
        """Those that may be called."""
        return [tool.function for tool in self.tools if self.name in (None, tool.function.name)]

    @property
    def schemas(self) -> dict[str, Mapping[str, Any]]:
        """The parameters of each function."""
        return {tool.function.name: tool.function.parameters or {} for tool in self.tools}


NO_TOOLS = ToolUse()


def tool_use(request: ChatCompletionRequest) -> ToolUse:
    """Read the tools of a request. Raises InvalidParameter."""
    tools, choice = request.tools, request.tool_choice
    if tools is None:
        if choice not in (msgspec.UNSET, None, "none"):
            raise InvalidParameter("tool_choice", "needs tools")
        return NO_TOOLS
    if not tools:
        raise InvalidParameter("tools", "must hold at least one tool, or be left out")
    is_parallel = request.parallel_tool_calls is not False
    if isinstance(choice, ChatCompletionNamedToolChoiceParam):
        return ToolUse("named", tuple(tools), _chosen_name(choice, tools), is_parallel)
    if choice is msgspec.UNSET:
        choice = "auto"
    elif choice is None:
        choice = "none"
    for known in _CHOICES:
        if choice == known:
            return ToolUse(known, tuple(tools), None, is_parallel)
    raise InvalidParameter("tool_choice", f"must be none, auto, required or a function, got {choice!r}")


def _chosen_name(choice: ChatCompletionNamedToolChoiceParam, tools: list[ChatCompletionToolsParam]) -> str:
    if choice.function is None:
        raise InvalidParameter("tool_choice.function", "is missing")
    name = choice.function.name
    if name is None:
        raise InvalidParameter("tool_choice.function.name", "is missing")
    if name not in [tool.function.name for tool in tools]:
        raise InvalidParameter("tool_choice", f"names {name!r}, which is not among the tools")
    return name
