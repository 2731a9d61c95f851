"""The formats of tool calls, by vLLM's names for them.

base        what a format is
hermes, llama, mistral, pythonic, qwen_coder, deepseek    a family each
lists       a list behind a mark
generic     plain JSON
"""

from __future__ import annotations

from martlet.server.parsing.tools.base import Element, Schemas, ToolFormat
from martlet.server.parsing.tools.deepseek import DeepSeekV3, DeepSeekV31
from martlet.server.parsing.tools.generic import GenericJson
from martlet.server.parsing.tools.hermes import Hermes
from martlet.server.parsing.tools.lists import MarkedList
from martlet.server.parsing.tools.llama import Llama3
from martlet.server.parsing.tools.mistral import Mistral
from martlet.server.parsing.tools.pythonic import Pythonic
from martlet.server.parsing.tools.qwen_coder import QwenCoder

__all__ = ["FORMATS", "GENERIC", "Element", "Schemas", "ToolFormat", "tool_format"]

GENERIC = GenericJson()
FORMATS: dict[str, ToolFormat] = {
    "hermes": Hermes(),
    "qwen3_json": Hermes(),
    "granite4": Hermes(),
    "llama3_json": Llama3(),
    "llama4_json": Llama3(),
    "pythonic": Pythonic(),
    "llama4_pythonic": Pythonic(),
    "mistral": Mistral(),
    "qwen3_coder": QwenCoder(),
    "qwen3_xml": QwenCoder(),
    "deepseek_v3": DeepSeekV3(),
    "deepseek_v31": DeepSeekV31(),
    "granite": MarkedList("<|tool_call|>", "<tool_call>"),
    "phi4_mini_json": MarkedList("functools"),
    "json": GENERIC,
}

_SIGNS = {
    "<function=": "qwen3_coder",
    "[TOOL_CALLS]": "mistral",
    "<|python_start|>": "llama4_pythonic",
    "<|python_tag|>": "llama3_json",
    '"parameters": dictionary of argument name': "llama3_json",
    "<｜tool▁call▁begin｜>function": "deepseek_v3",  # noqa: RUF001 - the model's own mark
    "<｜tool▁call▁begin｜>": "deepseek_v31",  # noqa: RUF001
    "<|tool_call|>": "granite",
    "functools": "phi4_mini_json",
    "<|tool|>": "phi4_mini_json",
    "<tool_call>": "hermes",
    "func_name1(params_name1=": "pythonic",
    "tools": "json",
}
"""What a chat template shows of how its model calls tools: the first that is found decides."""


def tool_format(name: str, chat_template: str) -> ToolFormat | None:
    """Return the format of that name; of "auto", the one that the template shows, if any."""
    if name == "auto":
        name = next((format for sign, format in _SIGNS.items() if sign in chat_template), "")
    return FORMATS[name] if name else None
