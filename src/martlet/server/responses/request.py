"""A response's request to a chat's: fields of the same name go over, the others are told in chat's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from martlet.errors import InvalidParameter, PromptTooLong, UnsupportedParameter
from martlet.protocol.chat import ChatCompletionRequest
from martlet.protocol.common import JsonSchemaResponseFormat, ResponseFormat
from martlet.protocol.response_request import ResponsesRequest, TextFormat
from martlet.server.errors import InvalidRequest
from martlet.server.owners import Owner
from martlet.server.responses.conversation import Item, Message, chat_choice, chat_tools, messages_of
from martlet.server.storage import KEY
from martlet.server.translate.chat import ChatReply
from martlet.server.translate.fields import check_metadata, ignored_fields, is_set
from martlet.server.translate.prompts import NoRoomForOutput
from martlet.server.translate.translator import Translator

SHARED = (
    "model",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "logit_bias",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "seed",
    "stop",
    "stop_token_ids",
    "ignore_eos",
    "skip_special_tokens",
    "include_stop_str_in_output",
    "structured_outputs",
    "priority",
    "cache_salt",
    "session_id",
    "watermarking",
    "chat_template_kwargs",
    "media_io_kwargs",
    "mm_processor_kwargs",
    "include_reasoning",
    "vllm_xargs",
    "kv_transfer_params",
    "ec_transfer_params",
    "parallel_tool_calls",
    "user",
)
"""Fields that chat has under the same name and meaning."""

REFUSED = {
    "prompt": "send its text as input",
    "conversation": "go on with previous_response_id",
    "previous_input_messages": "send them as input",
}
INERT = (
    "max_tool_calls",
    "prompt_cache_key",
    "prompt_cache_retention",
    "safety_identifier",
    "service_tier",
    "stream_options",
)
"""Fields without effect here: no tools of the server's own, one cache and one tier for all."""

LOGPROBS = "message.output_text.logprobs"


def check_fields(request: ResponsesRequest) -> None:
    """Refuse what cannot be done. Raises RequestRejected."""
    for name, advice in REFUSED.items():
        if is_set(request, name):
            raise UnsupportedParameter(name, advice)
    if request.background and request.store is False:
        raise InvalidParameter("background", "needs store: true, for the response is fetched later")
    if request.request_id is not None and not KEY.fullmatch(request.request_id):
        raise InvalidParameter("request_id", "must be up to 128 letters, digits, _, - and .")
    if request.structured_outputs is not None and _response_format(request) is not None:
        raise InvalidRequest(
            "text.format and structured_outputs both limit the output: give one of them", "structured_outputs"
        )
    check_metadata(request.metadata)


def ignored(request: ResponsesRequest, unknown: Sequence[str]) -> list[str]:
    """Name what has no effect."""
    names = ignored_fields(request, INERT, unknown)
    also = [f"reasoning.{name}" for name in ("summary", "generate_summary") if _reasoning(request, name)]
    if request.text and request.text.verbosity:
        also.append("text.verbosity")
    if request.top_logprobs and LOGPROBS not in (request.include or ()):
        also.append("top_logprobs")
    return [*names, *also]


def _reasoning(request: ResponsesRequest, name: str) -> Any:
    return request.reasoning and getattr(request.reasoning, name)


def chat_request(request: ResponsesRequest, messages: list[Message]) -> ChatCompletionRequest:
    """Return the chat that the response is made of. Raises RequestRejected."""
    tools = chat_tools(request.tools or ())
    choice, tools = chat_choice(request.tool_choice, tools)
    fields: dict[str, Any] = {name: getattr(request, name) for name in SHARED}
    if tools:
        fields["tools"], fields["tool_choice"] = tools, choice
    elif choice not in ("auto", "none", None):
        raise InvalidParameter("tool_choice", "needs tools")
    if request.reasoning and request.reasoning.effort:
        fields["reasoning_effort"] = request.reasoning.effort
    wants_logprobs = LOGPROBS in (request.include or ())
    return ChatCompletionRequest(
        **_typed(fields),
        messages=messages,
        max_completion_tokens=request.max_output_tokens,
        response_format=_response_format(request),
        logprobs=wants_logprobs,
        top_logprobs=request.top_logprobs if wants_logprobs else None,
        stream=True,
    )


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    """Make Structs of tools and choice. Raises InvalidParameter."""
    for name in fields.keys() & {"tools", "tool_choice"}:
        try:
            fields[name] = msgspec.convert(fields[name], _FIELD_TYPES[name])
        except msgspec.ValidationError as error:
            raise InvalidParameter(name, str(error)) from error
    return fields


_FIELD_TYPES = {
    field.name: field.type
    for field in msgspec.structs.fields(ChatCompletionRequest)
    if field.name in ("tools", "tool_choice")
}


def _response_format(request: ResponsesRequest) -> ResponseFormat | None:
    format = request.text.format if request.text else None
    if format is None or format.type == "text":
        return None
    if format.type == "json_object":
        return ResponseFormat(type="json_object")
    return ResponseFormat(type="json_schema", json_schema=_json_schema(format))


def _json_schema(format: TextFormat) -> JsonSchemaResponseFormat:
    if format.schema is None:
        raise InvalidParameter("text.format.schema", "is missing")
    return JsonSchemaResponseFormat(name=format.name or "schema", schema=format.schema, strict=format.strict)


# --- the prompt -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class ReadRequest:
    """A request that can be served, and the chat that serves it."""

    request: ResponsesRequest
    owner: Owner
    response_id: str
    items: list[Item]
    """The request's own input."""
    history: list[Item]
    """Input and output of the responses before, and this one's input: what the next one goes on from."""
    chat: ChatReply
    messages: list[Message]
    ignored: list[str]


def chat_reply(
    request: ResponsesRequest, history: Sequence[Item], translator: Translator
) -> tuple[ChatReply, list[Message]]:
    """Return the chat reply, and its messages. With truncation "auto" the oldest turns go until it fits."""
    messages = messages_of(history)
    system: list[Message] = []
    if request.instructions:
        system = [{"role": "system", "content": request.instructions}]
    starts = [0]
    if request.truncation == "auto":
        starts += [i for i in range(1, len(messages)) if messages[i]["role"] == "user"]
    return _first_fitting(request, system, messages, starts, translator)


def _first_fitting(
    request: ResponsesRequest,
    system: list[Message],
    messages: list[Message],
    starts: Sequence[int],
    translator: Translator,
) -> tuple[ChatReply, list[Message]]:
    """Search the earliest of `starts` from which the conversation fits; from later on it fits, too."""
    low, high = 0, len(starts) - 1
    found: tuple[ChatReply, list[Message]] | None = None
    while low <= high:
        middle = low if found is None and low == 0 else (low + high) // 2
        kept = _from(messages, starts[middle], system)
        try:
            found = translator.chat_reply(chat_request(request, kept), [], None), kept
        except (PromptTooLong, InvalidParameter) as error:
            if middle == len(starts) - 1 or not _is_too_long(error):
                raise
            low = middle + 1
        else:
            if middle == 0:
                return found
            high = middle - 1
    assert found is not None
    return found


def _from(messages: list[Message], start: int, system: list[Message]) -> list[Message]:
    """Return the conversation from `start` on; what its author told the model before stays."""
    before = [message for message in messages[:start] if message["role"] in ("system", "developer")]
    return [*system, *before, *messages[start:]]


def _is_too_long(error: PromptTooLong | InvalidParameter) -> bool:
    return isinstance(error, (PromptTooLong, NoRoomForOutput)) or error.param == "input_text"
