"""A message's request to a chat's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from martlet.errors import InvalidParameter
from martlet.protocol.chat import (
    ChatCompletionNamedFunction,
    ChatCompletionNamedToolChoiceParam,
    ChatCompletionRequest,
    ChatCompletionToolsParam,
    FunctionDefinition,
)
from martlet.protocol.common import JsonSchemaResponseFormat, ResponseFormat
from martlet.protocol.messages import (
    ContentBlock,
    CountTokensRequest,
    InputMessage,
    MessagesRequest,
    ToolChoiceParam,
)
from martlet.server.translate.fields import ignored_fields

ChatMessage: TypeAlias = dict[str, Any]

SHARED = (
    "temperature",
    "top_k",
    "top_p",
    "cache_salt",
    "watermarking",
    "kv_transfer_params",
    "ec_transfer_params",
    "vllm_xargs",
)
"""Fields that chat has under the same name and meaning."""
INERT = ("metadata",)
CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def chat_request(request: CountTokensRequest, *, can_think: bool = False) -> ChatCompletionRequest:
    """Return the chat that the message is made of; `can_think` lets budgets act. Raises InvalidParameter."""
    fields: dict[str, Any] = {"messages": _messages(request), "stream": True}
    if request.tools:
        fields["tools"] = _tools(request)
        fields["tool_choice"] = _choice(request.tool_choice)
    elif request.tool_choice is not None and request.tool_choice.type in ("any", "tool"):
        raise InvalidParameter("tool_choice", "needs tools")
    if request.tool_choice is not None and request.tool_choice.disable_parallel_tool_use:
        fields["parallel_tool_calls"] = False
    if request.output_config is not None:
        fields["reasoning_effort"] = request.output_config.effort
        fields["response_format"] = _response_format(request)
    if isinstance(request, MessagesRequest):
        fields |= {name: getattr(request, name) for name in SHARED}
        fields["stop"] = request.stop_sequences
        fields["max_completion_tokens"] = request.max_tokens
        if can_think:
            fields["thinking_token_budget"] = _thinking_budget(request)
    variables = _thinking_variables(request) | (request.chat_template_kwargs or {})
    return ChatCompletionRequest(model=request.model, chat_template_kwargs=variables or None, **fields)


def ignored(request: MessagesRequest, unknown: Sequence[str], *, can_think: bool) -> list[str]:
    """Name what has no effect."""
    names = ignored_fields(request, INERT, unknown)
    thinking = request.thinking
    if thinking is not None:
        acts = can_think and _thinking_budget(request) is not None
        if thinking.budget_tokens is not None and not acts:
            names.append("thinking.budget_tokens")
        if thinking.display is not None:
            names.append("thinking.display")
    return names


def _thinking_budget(request: CountTokensRequest) -> int | None:
    thinking = request.thinking
    return thinking.budget_tokens if thinking is not None and thinking.type == "enabled" else None


def _thinking_variables(request: CountTokensRequest) -> dict[str, Any]:
    thinking = request.thinking
    if thinking is None or thinking.type == "adaptive":
        return {}
    if thinking.type == "enabled" and thinking.budget_tokens is None:
        raise InvalidParameter("thinking.budget_tokens", "is missing")
    return {"enable_thinking": thinking.type == "enabled"}


def _response_format(request: CountTokensRequest) -> ResponseFormat | None:
    format = request.output_config.format if request.output_config else None
    if format is None:
        return None
    if format.schema is None:
        raise InvalidParameter("output_config.format.schema", "is missing")
    return ResponseFormat(
        type="json_schema", json_schema=JsonSchemaResponseFormat(name="output", schema=format.schema)
    )


# --- tools ----------------------------------------------------------------------------------------------


def _tools(request: CountTokensRequest) -> list[ChatCompletionToolsParam]:
    return [
        ChatCompletionToolsParam(
            function=FunctionDefinition(
                name=tool.name,
                description=tool.description,
                parameters=tool.input_schema,
                strict=tool.strict,
                defer_loading=tool.defer_loading,
            )
        )
        for tool in request.tools or ()
    ]


def _choice(choice: ToolChoiceParam | None) -> str | ChatCompletionNamedToolChoiceParam:
    if choice is None:
        return "auto"
    if choice.type == "tool":
        return ChatCompletionNamedToolChoiceParam(function=ChatCompletionNamedFunction(name=choice.name))
    return CHOICES[choice.type]


# --- messages -------------------------------------------------------------------------------------------


def _messages(request: CountTokensRequest) -> list[ChatMessage]:
    system = request.system
    if isinstance(system, list):
        system = "".join(block.text or "" for block in system)
    messages = [{"role": "system", "content": system}] if system else []
    for i, message in enumerate(request.messages):
        messages += _read(message, f"messages.{i}.content")
    return messages


def _read(message: InputMessage, where: str) -> list[ChatMessage]:
    """Return the chat messages that a message stands for: results of tools are messages of their own."""
    if isinstance(message.content, str):
        return [{"role": message.role, "content": message.content}]
    results: list[ChatMessage] = []
    parts: list[ChatMessage] = []
    said: ChatMessage = {}
    for j, block in enumerate(message.content):
        if block.type == "tool_result":
            results.append(_result(block))
        elif block.type == "tool_use":
            said.setdefault("tool_calls", []).append(_call(block, f"{where}.{j}"))
        elif block.type == "thinking":
            said["reasoning"] = said.get("reasoning", "") + (block.thinking or "")
        elif block.type == "text":
            parts.append({"type": "text", "text": block.text or ""})
        elif block.type != "redacted_thinking":  # readable for its author only
            raise InvalidParameter(
                f"{where}.{j}", f"this model reads text, not blocks of type {block.type!r}"
            )
    if parts or said or not results:
        results.append({"role": message.role, "content": parts or None, **said})
    if results[-1].get("content") is None and message.role != "assistant":
        results[-1]["content"] = ""
    return results


def _result(block: ContentBlock) -> ChatMessage:
    content = block.content
    if isinstance(content, list):
        content = "\n".join(str(part.get("text") or "") for part in content)
    return {"role": "tool", "tool_call_id": block.tool_use_id, "content": content or ""}


def _call(block: ContentBlock, where: str) -> ChatMessage:
    if block.name is None:
        raise InvalidParameter(f"{where}.name", "is missing")
    arguments = msgspec.json.encode(block.input or {}).decode()
    return {"id": block.id, "type": "function", "function": {"name": block.name, "arguments": arguments}}
