"""Names equal those of the official package and of vLLM's schema."""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import re
import textwrap
import typing
from pathlib import Path
from typing import Any

import msgspec
import openai.types as official
import openai.types.chat as official_chat
import pytest
from openai.types.chat import completion_create_params as chat_params
from openai.types.completion_create_params import CompletionCreateParamsBase

from martlet.protocol import chat, common, completions, generation, models, params, tokenize
from martlet.protocol.base import LazyField
from martlet.protocol.sse import SSEParser


def names(cls: Any) -> set[str]:
    lazy = {
        name for base in cls.__mro__ for name, value in vars(base).items() if isinstance(value, LazyField)
    }
    return set(cls.__struct_fields__) | lazy


PAIRS = [
    (chat.ChatCompletion, official_chat.ChatCompletion),
    (chat.Choice, official_chat.chat_completion.Choice),
    (chat.ChoiceLogprobs, official_chat.chat_completion.ChoiceLogprobs),
    (chat.ChatCompletionTokenLogprob, official_chat.ChatCompletionTokenLogprob),
    (chat.TopLogprob, official_chat.chat_completion_token_logprob.TopLogprob),
    (chat.ChatCompletionMessage, official_chat.ChatCompletionMessage),
    (chat.Annotation, official_chat.chat_completion_message.Annotation),
    (chat.AnnotationURLCitation, official_chat.chat_completion_message.AnnotationURLCitation),
    (chat.ChatCompletionAudio, official_chat.ChatCompletionAudio),
    (chat.FunctionCall, official_chat.chat_completion_message.FunctionCall),
    (chat.ChatCompletionMessageToolCall, official_chat.ChatCompletionMessageFunctionToolCall),
    (chat.ChatCompletionMessageCustomToolCall, official_chat.ChatCompletionMessageCustomToolCall),
    (chat.Function, official_chat.chat_completion_message_function_tool_call.Function),
    (chat.Custom, official_chat.chat_completion_message_custom_tool_call.Custom),
    (chat.Moderation, official_chat.chat_completion.Moderation),
    (chat.ModerationResults, official_chat.chat_completion.ModerationInputModerationResults),
    (chat.ModerationResults, official_chat.chat_completion.ModerationOutputError),
    (chat.ModerationResult, official_chat.chat_completion.ModerationInputModerationResultsResult),
    (chat.ChatCompletionChunk, official_chat.ChatCompletionChunk),
    (chat.ChunkChoice, official_chat.chat_completion_chunk.Choice),
    (chat.ChoiceDelta, official_chat.chat_completion_chunk.ChoiceDelta),
    (chat.ChoiceDeltaToolCall, official_chat.chat_completion_chunk.ChoiceDeltaToolCall),
    (chat.ChoiceDeltaToolCallFunction, official_chat.chat_completion_chunk.ChoiceDeltaToolCallFunction),
    (chat.ChoiceDeltaFunctionCall, official_chat.chat_completion_chunk.ChoiceDeltaFunctionCall),
    (chat.ChoiceDeltaAudio, official_chat.chat_completion_chunk.ChoiceDeltaAudio),
    (common.CompletionUsage, official.CompletionUsage),
    (common.CompletionTokensDetails, official.completion_usage.CompletionTokensDetails),
    (common.PromptTokensDetails, official.completion_usage.PromptTokensDetails),
    (completions.Completion, official.Completion),
    (completions.CompletionChoice, official.CompletionChoice),
    (completions.Logprobs, official.completion_choice.Logprobs),
    (models.Model, official.Model),
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda cls: cls.__name__)
def test_reply_has_every_official_field(ours: Any, theirs: Any) -> None:
    assert set(theirs.model_fields) - names(ours) == set()


def test_pairs_cover_all_nested_official_types() -> None:
    seen: set[Any] = set()

    def visit(hint: Any) -> None:
        if hasattr(hint, "model_fields") and hint not in seen:
            seen.add(hint)
            for field in hint.model_fields.values():
                visit(field.annotation)
        for inner in typing.get_args(hint):
            visit(inner)

    for root in (official_chat.ChatCompletion, official.Completion, official.Model):
        visit(root)
    covered = {theirs.__name__ for _, theirs in PAIRS} | {"ModerationInputError", "ModerationOutputError"}
    covered |= {"ModerationOutputModerationResults", "ModerationOutputModerationResultsResult"}
    assert {cls.__name__ for cls in seen} <= covered


def test_chat_params_are_the_request_and_the_official_parameters() -> None:
    request = set(chat.ChatCompletionRequest.__struct_encode_fields__)
    official_names = set(chat_params.CompletionCreateParamsBase.__annotations__)
    ours = typing.get_type_hints(params.ChatCompletionParams).keys()
    assert ours == (request | official_names) - {"stream"}
    assert params.ChatCompletionParams.__required_keys__ == {"messages", "model"}


def test_completion_params_are_the_request_and_the_official_parameters() -> None:
    request = set(completions.CompletionRequest.__struct_encode_fields__)
    official_names = set(CompletionCreateParamsBase.__annotations__)
    ours = typing.get_type_hints(params.CompletionParams).keys()
    assert ours == (request | official_names) - {"stream"}
    assert params.CompletionParams.__required_keys__ == {"model", "prompt"}


def field_texts(cls: type) -> dict[str, str]:
    """Return the text under each field of a class, which Python itself does not keep."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(tree, ast.ClassDef)
    return {
        field.target.id: text.value.value
        for field, text in itertools.pairwise(tree.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    }


def test_request_and_params_say_the_same_of_a_field() -> None:
    request, ours = field_texts(generation.GenerationRequest), field_texts(params.GenerationParams)
    assert request.keys() == set(generation.GenerationRequest.__struct_fields__)
    assert ours.keys() == set(params.GenerationParams.__annotations__)
    only_on_one_side = {"model", "stream", "response_format"}  # `parse` takes a type as response_format
    assert {name: text for name, text in request.items() if name not in only_on_one_side} == ours


OFFICIAL_PARAMS = [name for name in dir(official_chat) if re.fullmatch("ChatCompletion.*Param", name)]


@pytest.mark.parametrize("name", OFFICIAL_PARAMS)
def test_message_and_tool_params_have_official_names_and_keys(name: str) -> None:
    theirs, ours = getattr(official_chat, name), getattr(params, name)
    if hasattr(theirs, "__required_keys__"):
        assert theirs.__annotations__.keys() - ours.__annotations__.keys() == set()
    else:
        assert {cls.__name__ for cls in typing.get_args(theirs) if isinstance(cls, type)} <= {
            cls.__name__ for cls in typing.get_args(ours) if isinstance(cls, type)
        }


VLLM_FIELDS: dict[str, list[str]] = json.loads((Path(__file__).parent / "vllm_fields.json").read_text())

VLLM_PAIRS: dict[str, type[msgspec.Struct]] = {
    "ChatCompletionRequest": chat.ChatCompletionRequest,
    "CompletionRequest": completions.CompletionRequest,
    "StreamOptions": common.StreamOptions,
    "ResponseFormat": common.ResponseFormat,
    "StructuralTagResponseFormat": common.ResponseFormat,
    "LegacyStructuralTagResponseFormat": common.ResponseFormat,
    "LegacyStructuralTag": common.LegacyStructuralTag,
    "JsonSchemaResponseFormat": common.JsonSchemaResponseFormat,
    "StructuredOutputsParams": common.StructuredOutputsParams,
    "RepetitionDetectionParams": common.RepetitionDetectionParams,
    "ChatCompletionToolsParam": chat.ChatCompletionToolsParam,
    "FunctionDefinition": chat.FunctionDefinition,
    "ChatCompletionNamedToolChoiceParam": chat.ChatCompletionNamedToolChoiceParam,
    "ChatCompletionNamedFunction": chat.ChatCompletionNamedFunction,
    "TokenizeChatRequest": tokenize.TokenizeRequest,
    "TokenizeCompletionRequest": tokenize.TokenizeRequest,
    "DetokenizeRequest": tokenize.DetokenizeRequest,
    "UsageInfo": common.CompletionUsage,
    "PromptTokenUsageInfo": common.PromptTokensDetails,
    "CompletionTokenUsageInfo": common.CompletionTokensDetails,
    "PerRequestMetrics": common.PerRequestMetrics,
    "SpeculativeDecodingMetrics": common.SpeculativeDecodingMetrics,
}


@pytest.mark.parametrize("name", VLLM_FIELDS)
def test_every_vllm_field_is_there_and_none_made_up(name: str) -> None:
    ours, theirs = set(VLLM_PAIRS[name].__struct_encode_fields__), set(VLLM_FIELDS[name])
    assert theirs - ours == set()
    if name in ("ChatCompletionRequest", "CompletionRequest", "DetokenizeRequest", "UsageInfo"):
        assert ours == theirs


def test_sse_agrees_with_the_official_decoder() -> None:
    from openai._streaming import SSEDecoder

    stream = b'event: a\r\ndata: 1\ndata:  2\r\rid: 7\ndata: {"x":"\xe2\x80\xa8"}\n\n: c\ndata: [DONE]\n\n'
    theirs = [(e.data, e.event, e.id) for e in SSEDecoder().iter_bytes(iter([stream]))]
    ours = [(event.data.decode(), event.event, event.id) for event in SSEParser().feed(stream)]
    assert ours == [(data, event, last_id or None) for data, event, last_id in theirs]
