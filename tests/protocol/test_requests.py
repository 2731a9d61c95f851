"""Requests are decoded as leniently as vLLM does, and refused in its words' shape."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest

from martlet.protocol.chat import ChatCompletionRequest
from martlet.protocol.completions import CompletionRequest
from martlet.protocol.errors import (
    DetailBody,
    ErrorEnvelope,
    ErrorInfo,
    InvalidBody,
    UnauthorizedBody,
    decode_request,
)
from martlet.protocol.tokenize import DetokenizeRequest, TokenizeRequest
from tests.protocol.test_odd_replies import spoil


def chat(**fields: Any) -> ChatCompletionRequest:
    return decode_request(ChatCompletionRequest, msgspec.json.encode({"messages": []} | fields))


def completion(**fields: Any) -> CompletionRequest:
    return decode_request(CompletionRequest, msgspec.json.encode(fields))


def refusal(cls: type, body: bytes) -> ErrorInfo:
    with pytest.raises(InvalidBody) as caught:
        decode_request(cls, body)
    assert isinstance(caught.value.envelope, ErrorEnvelope)
    return caught.value.envelope.error


@pytest.mark.parametrize(
    ("field", "sent", "taken"),
    [
        ("n", "3", 3),
        ("n", 3.0, 3),
        ("n", True, 1),
        ("n", None, None),
        ("temperature", "0.5", 0.5),
        ("temperature", 1, 1.0),
        ("ignore_eos", "yes", True),
        ("ignore_eos", "OFF", False),
        ("ignore_eos", 1, True),
        ("ignore_eos", "true", True),
        ("stop", "3", "3"),
        ("model", "null", "null"),
        ("tool_choice", None, None),
        ("top_k", -1, -1),
        ("logit_bias", {"5": 1, "x": "2"}, {"5": 1.0, "x": 2.0}),
        ("seed", 2**63 - 1, 2**63 - 1),
    ],
)
def test_lenient_value_is_taken(field: str, sent: object, taken: object) -> None:
    value = getattr(chat(**{field: sent}), field)
    assert value == taken
    assert type(value) is type(taken)


def test_several_lenient_values_are_taken_together() -> None:
    request = chat(n=True, echo="on", ignore_eos="no", stream_options={"include_usage": "y"})
    assert (request.n, request.echo, request.ignore_eos) == (1, True, False)
    assert request.stream_options is not None
    assert request.stream_options.include_usage is True


def test_nan_is_json_for_requests() -> None:
    request = decode_request(ChatCompletionRequest, b'{"messages":[],"temperature":NaN,"x":1}')
    assert request.temperature != request.temperature
    half_a_pair = b'{"messages":[{"role":"user","content":"\\ud83d"}],"temperature":NaN}'
    assert refusal(ChatCompletionRequest, half_a_pair).code == 400
    whole_pair = half_a_pair.replace(b"\\ud83d", b"\\ud83d\\ude00")
    assert decode_request(ChatCompletionRequest, whole_pair).messages == [
        {"role": "user", "content": "\U0001f600"}
    ]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"{}", "body.messages"),
        (b'{"messages":"hi"}', "body.messages"),
        (b'{"messages":[5]}', "body.messages.0"),
        (b'{"messages":[{}]}', "body.messages.0.role"),
        (b'{"messages":[{"role":5}]}', "body.messages.0.role"),
        (b'{"messages":[{"role":"user","content":5}]}', "body.messages.0.content"),
        (b'{"messages":[{"role":"a"},{"role":"user","content":["t",5]}]}', "body.messages.1.content.1"),
        (b'{"messages":[],"n":3.5}', "body.n"),
        (b'{"messages":[],"n":"three"}', "body.n"),
        (b'{"messages":[],"model":5}', "body.model"),
        (b'{"messages":[],"seed":1.5}', "body.seed"),
        (b'{"messages":[],"seed":9223372036854775808}', "body.seed"),
        (b'{"messages":[],"stop":["1","2","3","4","5"]}', "body.stop"),
        (b'{"messages":[],"truncate_prompt_tokens":-2}', "body.truncate_prompt_tokens"),
        (b'{"messages":[],"stream_interval":0}', "body.stream_interval"),
        (b'{"messages":[],"reasoning_effort":"huge"}', "body.reasoning_effort"),
        (b'{"messages":[],"response_format":{"type":"xml"}}', "body.response_format.type"),
        (b'{"messages":[],"tools":[{"type":"x","function":{"name":"f"}}]}', "body.tools.0.type"),
        (b'{"messages":[],"tools":[{"type":"function"}]}', "body.tools.0.function"),
        (b'{"messages":[],"logit_bias":{"5":"a"}}', "body.logit_bias"),
        (b'{"messages":[],"ignore_eos":"maybe"}', "body.ignore_eos"),
        (b"", "body"),
        (b"  ", "body.2"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b'{"messages":[', "body.13"),
        (b'{"messages":[],"n":x}', "body.19"),
        (b'{"messages":[]} x', "body.16"),
    ],
)
def test_bad_chat_body_names_the_place(body: bytes, param: str) -> None:
    info = refusal(ChatCompletionRequest, body)
    assert info.param == param
    assert (info.type, info.code) == ("Bad Request", 400)


@pytest.mark.parametrize("junk", [b'"user":"\xff"', b'"x":' + b"[" * 100_000 + b"]" * 100_000])
def test_unreadable_body_gets_the_framework_answer(junk: bytes) -> None:
    with pytest.raises(InvalidBody) as caught:
        decode_request(ChatCompletionRequest, b'{"messages":[],' + junk + b"}")
    assert caught.value.envelope == DetailBody(detail="There was an error parsing the body")


def test_envelope_encodes_as_vllm_does() -> None:
    info = ErrorInfo(message="m", type="NotFoundError", param="model", code=404)
    encoded = b'{"error":{"message":"m","type":"NotFoundError","param":"model","code":404}}'
    assert msgspec.json.encode(ErrorEnvelope(error=info)) == encoded
    assert msgspec.json.encode(UnauthorizedBody()) == b'{"error":"Unauthorized"}'


def test_messages_keep_every_key() -> None:
    messages = [
        {"role": "pirate", "content": [{"type": "text", "text": "hi", "extra": [1]}], "mood": {"a": None}},
        {"role": "assistant", "content": None, "tool_calls": [], "reasoning": "r"},
        {"role": "user"},
    ]
    assert chat(messages=messages).messages == messages


def test_null_messages_decode_for_the_server_to_refuse() -> None:
    assert chat(messages=None).messages is None


def test_absent_and_null_tool_choice_differ() -> None:
    assert chat().tool_choice is msgspec.UNSET
    named = chat(tool_choice={"type": "function", "function": {}}).tool_choice
    assert not isinstance(named, (str, msgspec.UnsetType, type(None)))
    assert named.function is not None
    assert named.function.name is None


@pytest.mark.parametrize(
    "prompt", ["a", "", ["a", "b"], [1, 2], [[1], [2, 3]], [], [""], None], ids=lambda prompt: repr(prompt)
)
def test_every_prompt_shape_decodes(prompt: object) -> None:
    assert completion(prompt=prompt).prompt == prompt


@pytest.mark.parametrize(
    ("prompt", "param"),
    [
        ([1, "a"], "body.prompt"),
        ([[1], 2], "body.prompt"),
        ([-1], "body.prompt.0"),
        ([[1, -2]], "body.prompt.0.1"),
        (5, "body.prompt"),
        ([1.5], "body.prompt.0"),
    ],
)
def test_bad_prompt_names_the_place(prompt: object, param: str) -> None:
    assert refusal(CompletionRequest, msgspec.json.encode({"prompt": prompt})).param == param


def test_completion_defaults_differ_from_chat() -> None:
    request = completion()
    assert (request.max_tokens, request.n, request.add_special_tokens) == (16, 1, True)
    assert completion(max_tokens=None).max_tokens is None
    assert completion(logprobs=True).logprobs == 1
    assert refusal(CompletionRequest, b'{"n":null}').param == "body.n"
    assert chat().add_special_tokens is False


def test_tokenize_takes_prompt_or_messages() -> None:
    text = decode_request(TokenizeRequest, b'{"prompt":""}')
    assert (text.prompt, text.messages, text.add_special_tokens) == ("", msgspec.UNSET, True)
    talk = decode_request(TokenizeRequest, b'{"messages":[{"role":"user","content":"x"}]}')
    assert talk.add_special_tokens is False
    assert (
        decode_request(TokenizeRequest, b'{"prompt":"a","add_special_tokens":false}').add_special_tokens
        is False
    )
    assert refusal(TokenizeRequest, b"{}").param == "body.prompt"
    assert refusal(TokenizeRequest, b'{"prompt":["a"]}').param == "body.prompt"
    assert refusal(TokenizeRequest, b'{"messages":[{"role":1}]}').param == "body.messages.0.role"


def test_detokenize_refuses_negative_ids() -> None:
    assert decode_request(DetokenizeRequest, b'{"tokens":[]}').tokens == []
    assert refusal(DetokenizeRequest, b'{"tokens":[1,-1]}').param == "body.tokens.1"


SOUND: list[tuple[type, Any]] = [
    (
        ChatCompletionRequest,
        {
            "messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}, {"role": "assistant"}],
            "n": 1,
            "temperature": 0.5,
            "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
            "tool_choice": {"type": "function", "function": {"name": "f"}},
            "logit_bias": {"1": 2},
            "stream_options": {"include_usage": True},
            "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}},
            "vllm_xargs": {"a": [1, "b"]},
        },
    ),
    (CompletionRequest, {"prompt": [[1, 2], [3]], "echo": True, "stop": "x", "temperature": 0.5}),
    (TokenizeRequest, {"messages": [{"role": "user", "content": "x"}], "add_special_tokens": True}),
    (DetokenizeRequest, {"tokens": [1, 2]}),
]


@pytest.mark.parametrize(("cls", "sound"), SOUND, ids=lambda value: getattr(value, "__name__", ""))
def test_spoilt_request_is_taken_or_refused_with_its_place(cls: type, sound: Any) -> None:
    rng = random.Random(9)
    refused: list[ErrorInfo] = []
    for _ in range(600):
        body = json.dumps(spoil(rng, sound)).encode()
        if rng.random() < 0.1:
            body = body.replace(b"0.5", b"NaN")
        try:
            decode_request(cls, body)
        except InvalidBody as error:
            refused.append(error.info)
    assert 100 < len(refused) < 600
    assert {info.code for info in refused} == {400}
    assert all(info.message and str(info.param).startswith("body") for info in refused)
