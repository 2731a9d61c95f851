"""A dialogue as the chat template writes it, cut into what the model is to learn and what it only reads."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from training.dialogue import Dialogue, Message

START, END = "<|im_start|>", "<|im_end|>"
THINK = "Think between <think> and </think> before you answer."


class Piece(NamedTuple):
    """A stretch of the rendered text."""

    text: str
    role: str
    learned: bool


def pieces(dialogue: Dialogue) -> list[Piece]:
    """Return the text of chat_template.jinja for `dialogue`, cut before and after each message's content."""
    messages = list(dialogue.messages)
    own = messages.pop(0)["content"] if messages[0]["role"] == "system" else ""
    system = system_text(own, dialogue)
    found = list(block("system", system)) if system else []
    for number, message in enumerate(messages):
        text = content(message, last=number == len(messages) - 1)
        found += block(message["role"], text, imitated=message.get("learned", True))
    return found


def block(role: str, text: str, *, imitated: bool = True) -> list[Piece]:
    """Return one message; of the assistant's the text and its end mark are learned, if it is imitated."""
    learned = imitated and role == "assistant"
    return [
        Piece(f"{START}{role}\n", role, False),
        Piece(text, role, learned),
        Piece(END, role, learned),
        Piece("\n", role, False),
    ]


def system_text(own: str, dialogue: Dialogue) -> str:
    """Return the system message: the caller's, the functions, the wish for thoughts."""
    parts = [own] if own else []
    if dialogue.tools:
        lines = [_json(tool.get("function", tool)) for tool in dialogue.tools]
        parts.append(
            "\n".join(["You can call these functions:", "<tools>", *lines, "</tools>"])
            + '\nTo call one: <tool_call>{"name": ..., "arguments": {...}}</tool_call>'
        )
    if dialogue.enable_thinking:
        parts.append(THINK)
    return "\n\n".join(parts)


def content(message: Message, last: bool) -> str:
    """Return a message's text: thoughts only in the last one, calls and results in their marks."""
    text = str(message.get("content") or "")
    if message["role"] == "tool":
        return f"<tool_response>\n{text}\n</tool_response>"
    if message["role"] != "assistant":
        return text
    if not last:
        text = text.split("</think>")[-1].lstrip("\n")
    calls = [_call(call) for call in message.get("tool_calls") or []]
    return "\n".join([text, *calls] if text else calls)


def _call(call: dict[str, Any]) -> str:
    function = call.get("function", call)
    arguments = function["arguments"]
    written = arguments if isinstance(arguments, str) else _json(arguments)
    return f'<tool_call>\n{{"name": "{function["name"]}", "arguments": {written}}}\n</tool_call>'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
