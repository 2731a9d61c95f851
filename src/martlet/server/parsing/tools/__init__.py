"""The formats of tool calls, by vLLM's names for them."""

from __future__ import annotations

from martlet.server.parsing.tools.base import Schemas, ToolFormat
from martlet.server.parsing.tools.generic import GenericJson
from martlet.server.parsing.tools.hermes import Hermes

__all__ = ["FORMATS", "GENERIC", "Schemas", "ToolFormat", "tool_format"]

GENERIC = GenericJson()
FORMATS: dict[str, ToolFormat] = {
    "hermes": Hermes(),
    "json": GENERIC,
}

_SIGNS = {"<tool_call>": "hermes", "tools": "json"}
"""What a chat template shows of how its model calls tools: the first that is found decides."""


def tool_format(name: str, chat_template: str) -> ToolFormat | None:
    """Return the format of that name; of "auto", the one that the template shows, if any; of "", none."""
    if name == "auto":
        name = next((format for sign, format in _SIGNS.items() if sign in chat_template), "")
    return FORMATS[name] if name else None
