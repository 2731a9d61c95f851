"""Replies behave as the official package's models do, whatever the server sent."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from martlet.protocol.base import ABSENT, WireModel, construct, decode_reply, to_plain
from martlet.protocol.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessage,
    ChatCompletionMessageCustomToolCall,
    ChatCompletionMessageToolCall,
    Choice,
    Function,
    Moderation,
)
from martlet.protocol.common import CompletionUsage
from martlet.protocol.completions import Completion
from martlet.protocol.models import Model, ModelList
from martlet.protocol.response_items import ResponseCustomToolCall

REPLY: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 5,
    "model": "tiny",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "hi",
                "tool_calls": [
                    {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}", "zip": 1}}
                ],
                "mood": {"happy": True},
            },
            "finish_reason": "stop",
            "logprobs": {"content": [{"token": "hi", "logprob": -1, "bytes": None, "top_logprobs": []}]},
        },
        {
            "index": 1,
            "message": {"role": "assistant", "content": None, "mood": 2},
            "finish_reason": "new word",
        },
    ],
    "usage": {"prompt_tokens": 1, "total_tokens": 2, "completion_tokens": 1, "cost": 0.5},
    "timings": [1, {"a": 2}],
}


def reply(**changes: Any) -> ChatCompletion:
    return decode_reply(ChatCompletion, json.dumps(REPLY | changes).encode())


def test_known_keys_are_typed_attributes() -> None:
    chat = reply()
    assert chat.choices[0].message.content == "hi"
    assert chat.choices[1].finish_reason == "new word"
    assert chat.usage is not None
    assert chat.usage.total_tokens == 2
    assert chat.prompt_text is None


def test_unknown_keys_are_attributes_at_any_depth() -> None:
    chat: Any = reply()
    assert chat.timings == [1, {"a": 2}]
    assert chat.usage.cost == 0.5
    assert chat.choices[0].message.mood == {"happy": True}
    assert chat.choices[1].message.mood == 2
    assert chat.choices[0].message.tool_calls[0].function.zip == 1
    assert chat.model_extra == {"timings": [1, {"a": 2}]}
    assert chat.choices[0].model_extra == {}


def test_missing_attribute_raises_attribute_error() -> None:
    chat: Any = reply()
    with pytest.raises(AttributeError, match="'ChatCompletion' object has no attribute 'timing'"):
        _ = chat.timing
    assert not hasattr(chat.choices[0], "_request_id")
    assert not hasattr(decode_reply(ChatCompletion, b'{"_request_id": 1}'), "_request_id")


def test_to_dict_gives_what_the_server_sent() -> None:
    chat = reply()
    assert chat.to_dict() == REPLY
    assert chat.choices[0].message.to_dict() == REPLY["choices"][0]["message"]
    assert json.loads(chat.to_json()) == REPLY
    assert chat.to_json().startswith('{\n  "id": "chatcmpl-1",\n  "object"')
    assert chat.to_json(indent=None).startswith('{"id":"chatcmpl-1","object"')


def test_dump_options_choose_the_fields() -> None:
    chat = reply()
    everything = chat.model_dump()
    assert everything["service_tier"] is None
    assert everything["moderation"] is None
    assert everything["choices"][0]["message"]["refusal"] is None
    assert everything["timings"] == [1, {"a": 2}]
    assert json.loads(chat.model_dump_json()) == everything
    assert "content" not in chat.to_dict(exclude_none=True)["choices"][1]["message"]
    assert "object" not in chat.to_dict(exclude_defaults=True)
    assert "prompt_text" in chat.to_dict(exclude_unset=False)


def test_null_and_missing_are_told_apart() -> None:
    chat = reply(service_tier=None)
    assert "service_tier" in chat.model_fields_set
    assert "system_fingerprint" not in chat.model_fields_set
    assert chat.to_dict()["service_tier"] is None


def test_assignment_changes_what_is_dumped() -> None:
    chat: Any = reply()
    chat.choices[0].message.content = "ho"
    chat.system_fingerprint = "f"
    chat.note = "mine"
    dumped = chat.to_dict()
    assert dumped["choices"][0]["message"]["content"] == "ho"
    assert dumped["system_fingerprint"] == "f"
    assert dumped["note"] == "mine"
    assert chat.model_extra == {"timings": [1, {"a": 2}], "note": "mine"}


def test_lazy_field_is_typed_and_optional() -> None:
    error = {"type": "error", "code": "c", "message": "m"}
    chat = reply(metadata={"a": "b"}, moderation={"input": error, "output": error})
    assert chat.metadata == {"a": "b"}
    assert isinstance(chat.moderation, Moderation)
    assert chat.moderation.input.message == "m"
    assert chat.moderation is chat.moderation
    assert chat.model_extra == {"timings": [1, {"a": 2}]}
    assert chat.to_dict()["moderation"] == {"input": error, "output": error}
    assert reply().moderation is None
    assert "moderation" not in reply().to_dict()


def test_reasoning_content_of_other_servers_is_read() -> None:
    body = b'{"id":"1","created":1,"model":"m","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}'
    chunk = decode_reply(ChatCompletionChunk, body)
    assert chunk.choices[0].delta.reasoning_content == "hm"


def test_equality_compares_type_fields_and_extras() -> None:
    assert reply() == reply()
    assert reply() != reply(timings=3)
    assert reply() != reply(id="x")
    assert reply(moderation={"input": {}, "output": {}}) != reply()
    assert reply() != REPLY
    named, unnamed = reply(), reply()
    named._request_id = "r"
    assert named == unnamed
    with pytest.raises(TypeError, match="unhashable"):
        hash(reply())


def test_repr_shows_fields_and_extras() -> None:
    usage = repr(reply().usage)
    assert usage == (
        "CompletionUsage(prompt_tokens=1, total_tokens=2, completion_tokens=1, prompt_tokens_details=None,"
        " completion_tokens_details=None, cost=0.5)"
    )
    assert str(reply().usage) == usage


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_and_pickles_keep_extras(clone: Any) -> None:
    chat: Any = reply(moderation={"input": {}, "output": {}})
    chat._request_id = "r"
    twin = clone(chat)
    assert twin == chat
    assert twin.to_dict() == chat.to_dict()
    assert twin.timings == [1, {"a": 2}]
    assert twin.choices[1].message.mood == 2
    assert twin.choices[1].message.to_dict() == REPLY["choices"][1]["message"]
    assert twin._request_id == "r"


def test_part_of_reply_pickles_alone() -> None:
    message: Any = pickle.loads(pickle.dumps(reply().choices[0].message))
    assert message.mood == {"happy": True}
    assert message.to_dict() == REPLY["choices"][0]["message"]


def test_deep_copy_is_independent() -> None:
    chat: Any = reply()
    twin = chat.model_copy(update={"id": "2"}, deep=True)
    twin.choices[0].message.content = "ho"
    assert (chat.id, chat.choices[0].message.content) == ("chatcmpl-1", "hi")
    assert twin.id == "2"


def test_wrong_types_are_kept() -> None:
    chat: Any = reply(created="yesterday", choices="abc", usage=[1], model=None)
    assert (chat.created, chat.choices, chat.usage, chat.model) == ("yesterday", "abc", [1], None)
    assert chat.timings == [1, {"a": 2}]
    mixed: Any = reply(choices=[None, 5, {"index": "0", "message": {"content": 7, "mood": 1}}])
    assert mixed.choices[:2] == [None, 5]
    assert type(mixed.choices[2]) is Choice
    message: Any = mixed.choices[2].message
    assert (type(message).__name__, message.content, message.mood) == ("ChatCompletionMessage", 7, 1)


def test_missing_fields_become_none() -> None:
    chat: Any = decode_reply(ChatCompletion, b"{}")
    assert (chat.id, chat.choices, chat.object) == (None, None, "chat.completion")
    assert chat.to_dict() == {}


def test_null_fields_become_their_defaults() -> None:
    chat: Any = decode_reply(ChatCompletion, b'{"object":null,"choices":null,"id":null}')
    assert (chat.object, chat.choices) == ("chat.completion", None)


def test_integral_numbers_become_floats() -> None:
    entry = {"token": "a", "logprob": -1, "top_logprobs": [{"token": "a", "logprob": 0, "kind": "x"}]}
    content = [{"index": 0, "message": {}, "logprobs": {"content": [entry]}}]
    chat: Any = reply(choices=content)
    logprobs = chat.choices[0].logprobs.content[0]
    assert isinstance(logprobs.logprob, float)
    assert logprobs.top_logprobs[0].kind == "x"  # dense types keep extras too


@pytest.mark.parametrize(("body", "value"), [(b"null", None), (b"[1]", [1]), (b'"s"', "s"), (b"5", 5)])
def test_other_json_is_returned_as_data(body: bytes, value: object) -> None:
    assert decode_reply(ChatCompletion, body) == value


@pytest.mark.parametrize(
    "body",
    [b'{"id":"1","x":NaN}', b'\xef\xbb\xbf{"id":"1"}', '{"id":"1"}'.encode("utf-16"), b'{"id":"0","id":"1"}'],
)
def test_loose_json_is_taken(body: bytes) -> None:
    assert decode_reply(ChatCompletion, body).id == "1"


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b'{"id":"\xff"}', b'{"id":1} {"id":2}'])
def test_invalid_json_raises_decode_error(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_reply(ChatCompletion, body)


def test_custom_tool_call_has_its_class() -> None:
    calls = [{"id": "1", "type": "custom", "custom": {"name": "f", "input": "x"}}, {"id": "2", "type": "odd"}]
    chat: Any = reply(choices=[{"index": 0, "message": {"role": "assistant", "tool_calls": calls}}])
    custom, odd = chat.choices[0].message.tool_calls
    assert custom.custom.input == "x"
    assert custom.function is None
    kinds = [ChatCompletionMessageCustomToolCall, ChatCompletionMessageToolCall]
    assert [type(custom), type(odd)] == kinds


def test_model_construct_checks_nothing() -> None:
    chat: Any = ChatCompletion.model_construct(id=5, choices=[{"index": 0}], color="red")
    assert (chat.id, chat.choices[0].index, chat.color) == (5, 0, "red")


def test_model_validate_checks() -> None:
    assert ChatCompletion.model_validate(REPLY) == reply()
    assert ChatCompletion.model_validate_json(json.dumps(REPLY)) == reply()
    with pytest.raises(msgspec.ValidationError, match=r"\$.created"):
        ChatCompletion.model_validate(REPLY | {"created": "x"})


def test_model_construct_takes_names_of_renamed_keys() -> None:
    call = ResponseCustomToolCall.model_construct(name="f", async_=True)
    assert (call.async_, call.model_extra) == (True, {})
    assert call.to_dict() == {"name": "f", "async": True}


def test_model_validate_takes_replies_inside() -> None:
    message = ChatCompletionMessage(role="assistant", content="x", tool_calls=ABSENT)
    built = ChatCompletion.model_validate({**REPLY, "choices": [{"index": 0, "message": message}]})
    assert built.to_dict()["choices"] == [{"index": 0, "message": {"role": "assistant", "content": "x"}}]
    assert ChatCompletion.model_validate(reply()) == reply()


def test_built_by_hand_dumps_what_was_given() -> None:
    usage = CompletionUsage(prompt_tokens=1, total_tokens=1, completion_tokens=0)
    assert usage.to_dict() == {"prompt_tokens": 1, "total_tokens": 1, "completion_tokens": 0}
    message = ChatCompletionMessage(role="assistant", content="x", tool_calls=ABSENT)
    assert message.to_dict() == {"role": "assistant", "content": "x"}
    assert message.model_dump()["tool_calls"] is None
    assert repr(message).startswith("ChatCompletionMessage(role='assistant', content='x', refusal=None")


def test_iteration_yields_pairs_or_models() -> None:
    assert dict(reply())["id"] == "chatcmpl-1"
    listed = decode_reply(ModelList, b'{"object":"list","data":[{"id":"a","created":1,"owned_by":"me"}]}')
    assert [model.id for model in listed] == ["a"]
    assert [type(model) for model in listed] == [Model]


def test_to_plain_replaces_replies_at_any_depth() -> None:
    message = reply().choices[1].message
    body = {"messages": [{"role": "user"}, message], "x": (1, message)}
    plain = REPLY["choices"][1]["message"]
    assert to_plain(body) == {"messages": [{"role": "user"}, plain], "x": [1, plain]}


def test_construct_takes_generic_types() -> None:
    built: Any = construct(list[Function], [{"name": "f"}, 3])
    assert (built[0].name, built[0].arguments, built[1]) == ("f", None, 3)
    assert decode_reply(list[int], b"[1]") == [1]


class Numbered(WireModel):
    value: int


class Named(WireModel):
    value: str
    name: str | None = None


def test_construct_picks_the_member_of_a_union_that_fits() -> None:
    """As openai-python 3.54, tests/test_client.py::test_union_response_different_types has it."""
    kinds: Any = Numbered | Named
    assert construct(kinds, {"value": "a"}) == Named(value="a")
    assert construct(kinds, {"value": 1}) == Numbered(value=1)
    assert construct(list[kinds], [{"value": "a"}]) == [Named(value="a")]
    assert type(construct(kinds, {"value": 1.5})) is Numbered  # none fits: the first


def test_body_is_parsed_again_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = reply()
    assert type(chat.__dict__["_source"]) is not dict
    _ = chat.model_extra
    assert type(chat.__dict__["_source"]) is dict


def test_all_models_have_decoders_on_this_python() -> None:
    from martlet.protocol import chat, common, completions, errors, models, tokenize

    for module in (chat, common, completions, errors, models, tokenize):
        for cls in vars(module).values():
            if isinstance(cls, type) and issubclass(cls, msgspec.Struct):
                msgspec.json.Decoder(cls)
                if issubclass(cls, WireModel) and cls is not WireModel:
                    assert decode_reply(cls, b"{}").to_dict() == {}


def test_completion_reads_streamed_choice() -> None:
    body = b'{"id":"1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"a"}]}'
    assert decode_reply(Completion, body).choices[0].finish_reason is None


def test_import_loads_nothing_but_msgspec() -> None:
    def loaded(imports: str) -> set[str]:
        code = f"import sys, {imports}; print(*sys.modules)"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return set(run.stdout.split())

    modules = ("chat", "completions", "models", "tokenize", "errors", "sse", "params")
    ours = loaded(", ".join(f"martlet.protocol.{module}" for module in modules))
    assert {name for name in ours - loaded("msgspec") if not name.startswith("martlet.protocol")} <= {
        "martlet",
        "martlet.errors",
        "__future__",
        "types",
    }
