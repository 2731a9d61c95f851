"""Items, tools and choices of a response as messages, tools and choices of a chat."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from martlet.errors import InvalidParameter
from martlet.protocol.errors import ErrorEnvelope, ErrorInfo, InvalidBody

Item: TypeAlias = dict[str, Any]
Message: TypeAlias = dict[str, Any]

TEXT_PARTS = {"input_text": "text", "output_text": "text", "text": "text", "refusal": "refusal"}
"""Content parts that are text, and the key that holds it."""
ID_PREFIXES = {"message": "msg", "function_call": "fc", "function_call_output": "fco", "reasoning": "rs"}


def input_items(given: str | Sequence[Item]) -> list[Item]:
    """Return a request's input as items, each with a type and an id. Raises InvalidParameter."""
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    items = []
    for i, item in enumerate(given):
        kind = item.get("type") or "message"
        if kind not in ID_PREFIXES:
            raise _unknown_kind(i, kind)
        item = {**item, "type": kind, "id": item.get("id") or new_id(kind)}
        if kind == "message" and isinstance(item.get("content"), str):
            part = "output_text" if item.get("role") == "assistant" else "input_text"
            item["content"] = [{"type": part, "text": item["content"]}]
        items.append(item)
    return items


def _unknown_kind(index: int, kind: Any) -> InvalidBody:
    """Such an item does not fit the request's schema."""
    message = f"Items of type {kind!r} are not known to this server - at `$.input[{index}]`"
    error = ErrorInfo(message=message, type="Bad Request", param=f"body.input.{index}", code=400)
    return InvalidBody(ErrorEnvelope(error=error))


def new_id(kind: str) -> str:
    return f"{ID_PREFIXES[kind]}_{uuid.uuid4().hex[:16]}"


# --- items to messages ----------------------------------------------------------------------------------


def messages_of(items: Sequence[Item], where: str = "input") -> list[Message]:
    """Return the chat that the items stand for. Raises InvalidParameter.

    Reasoning, text and calls that follow each other are one assistant message, as the model wrote them.
    """
    messages: list[Message] = []
    for i, item in enumerate(items):
        try:
            _READERS[item["type"]](item, messages)
        except _Fault as fault:
            raise InvalidParameter(f"{where}.{i}{fault.path}", fault.problem) from fault
    return messages


class _Fault(Exception):
    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem


def _read_message(item: Item, messages: list[Message]) -> None:
    role = item.get("role")
    if not isinstance(role, str):
        raise _Fault(".role", "must be a role such as user or assistant")
    content = _content(item.get("content"), ".content")
    if role != "assistant":
        messages.append({"role": role, "content": content})
        return
    open_message = _open_assistant(messages)
    if open_message.get("content") is not None or "tool_calls" in open_message:
        messages.append({"role": "assistant"})
    messages[-1]["content"] = content


def _read_reasoning(item: Item, messages: list[Message]) -> None:
    parts = item.get("content") or item.get("summary") or []
    found = [part.get("text") for part in parts if isinstance(part, Mapping)]
    texts = [text for text in found if isinstance(text, str)]
    if not texts:
        return  # encrypted, for another server to read
    messages.append({"role": "assistant", "content": None, "reasoning": "".join(texts)})


def _read_call(item: Item, messages: list[Message]) -> None:
    call_id, name, arguments = (item.get(key) for key in ("call_id", "name", "arguments"))
    for key, value in (("call_id", call_id), ("name", name), ("arguments", arguments)):
        if not isinstance(value, str):
            raise _Fault(f".{key}", "must be text")
    call = {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
    _open_assistant(messages).setdefault("tool_calls", []).append(call)


def _read_call_output(item: Item, messages: list[Message]) -> None:
    content = _content(item.get("output"), ".output")
    if content is None:
        raise _Fault(".output", "must be text or a list of parts")
    messages.append({"role": "tool", "tool_call_id": item.get("call_id"), "content": content})


_READERS: dict[str, Callable[[Item, list[Message]], None]] = {
    "message": _read_message,
    "reasoning": _read_reasoning,
    "function_call": _read_call,
    "function_call_output": _read_call_output,
}


def _open_assistant(messages: list[Message]) -> Message:
    """Return the assistant message that the next item of the assistant belongs to."""
    if not messages or messages[-1]["role"] != "assistant":
        messages.append({"role": "assistant", "content": None})
    return messages[-1]


def _content(content: Any, where: str) -> str | list[Message] | None:
    if content is None or isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise _Fault(where, "must be text or a list of parts")
    return [_part(part, f"{where}.{i}") for i, part in enumerate(content)]


def _part(part: Any, where: str) -> Message:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind not in TEXT_PARTS:
        raise _Fault(where, f"this is not a multimodal model: it reads text parts, not {kind!r}")
    text = part.get(TEXT_PARTS[kind])
    if not isinstance(text, str):
        raise _Fault(f"{where}.{TEXT_PARTS[kind]}", "must be text")
    return {"type": "text", "text": text}


# --- tools ----------------------------------------------------------------------------------------------


def chat_tools(tools: Sequence[Item]) -> list[Item]:
    """Return function tools as chat writes them. Raises InvalidParameter."""
    return [_chat_tool(tool, f"tools.{i}") for i, tool in enumerate(tools)]


def _chat_tool(tool: Item, where: str) -> Item:
    kind = tool.get("type")
    if kind != "function":
        raise InvalidParameter(f"{where}.type", f"this server calls functions only, not {kind!r}")
    if not isinstance(tool.get("name"), str):
        raise InvalidParameter(f"{where}.name", "must be text")
    names = ("name", "description", "parameters", "strict")
    function = {name: tool[name] for name in names if tool.get(name) is not None}
    return {"type": "function", "function": function}


def chat_choice(choice: str | Item | None, tools: list[Item]) -> tuple[Any, list[Item]]:
    """Return the choice as chat writes it, and the tools that it leaves. Raises InvalidParameter."""
    if not isinstance(choice, Mapping):
        return choice, tools
    kind = choice.get("type")
    if kind == "function":
        return {"type": "function", "function": {"name": choice.get("name")}}, tools
    if kind == "allowed_tools":
        allowed = [tool.get("name") for tool in choice.get("tools") or () if isinstance(tool, Mapping)]
        left = [tool for tool in tools if tool["function"]["name"] in allowed]
        return choice.get("mode", "auto"), left
    raise InvalidParameter("tool_choice", f"choices of type {kind!r} are not known to this server")
