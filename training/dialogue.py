"""What the text writers make: one exchange, or a whole conversation with its tools."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
"""A message of OpenAI's chat format: role and content, tool_calls where the assistant calls a function.

`"learned": False` says that an assistant's message is only read: without its thoughts it is no example.
"""


@dataclass(frozen=True)
class Turn:
    """One exchange. `skill` and `key` let the next turn refer to it."""

    user: str
    assistant: str
    skill: str = ""
    key: str = ""


@dataclass
class Dialogue:
    """A conversation as the chat template takes it."""

    messages: list[Message]
    tools: list[dict[str, Any]] = field(default_factory=list)
    enable_thinking: bool = False
