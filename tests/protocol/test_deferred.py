"""Fields that are decoded when somebody reads them."""

from __future__ import annotations

import copy
import gc
import json
import pickle
from typing import Any

import msgspec
import pytest

from martlet.protocol import chat, embeddings
from martlet.protocol.base import decode_reply
from martlet.protocol.deferred import DeferredField, undeferred

RIVAL = {"token": "b", "logprob": -2.5, "bytes": None}
ENTRY = {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": [RIVAL]}
BYTES: DeferredField = vars(chat.TopLogprob)["bytes"]
TOP: DeferredField = vars(chat.ChatCompletionTokenLogprob)["top_logprobs"]


def logprobs(*entries: Any) -> chat.ChoiceLogprobs:
    return decode_reply(chat.ChoiceLogprobs, json.dumps({"content": entries}).encode())


def entry(**changes: Any) -> Any:
    found = logprobs({**ENTRY, **changes}).content
    assert found is not None
    return found[0]


def test_field_is_decoded_on_the_first_look() -> None:
    found = entry()
    assert isinstance(BYTES.held(found), msgspec.Raw)
    assert found.bytes == [97]
    assert BYTES.held(found) is found.bytes
    rivals = found.top_logprobs
    assert rivals is found.top_logprobs
    assert type(rivals[0]) is chat.TopLogprob
    assert (rivals[0].token, rivals[0].logprob, rivals[0].bytes) == ("b", -2.5, None)


def test_field_that_was_not_sent_has_its_default() -> None:
    found = decode_reply(chat.ChatCompletionTokenLogprob, b'{"token":"a","logprob":-1}')
    assert (found.bytes, found.top_logprobs) == (None, [])


def test_entries_cost_the_collector_nothing() -> None:
    found = entry()
    assert not gc.is_tracked(found)
    assert found.top_logprobs
    assert not gc.is_tracked(found)


def test_reply_is_encoded_the_same_read_or_unread() -> None:
    unread, read = logprobs(ENTRY, ENTRY), logprobs(ENTRY, ENTRY)
    assert read.content is not None
    assert [(e.bytes, [r.bytes for r in e.top_logprobs]) for e in read.content] == [([97], [None])] * 2
    assert json.loads(msgspec.json.encode(unread)) == json.loads(msgspec.json.encode(read))
    assert unread.to_dict() == read.to_dict() == {"content": [ENTRY, ENTRY]}
    assert unread.to_json() == read.to_json()
    assert logprobs(ENTRY, ENTRY) == read


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_unread_fields_are_in_copies(again: Any) -> None:
    found = again(entry())
    assert found.bytes == [97]
    assert found.top_logprobs[0].to_dict() == RIVAL
    assert found == entry()


@pytest.mark.parametrize("odd", ["abc", 5, {"a": 1}, [1, "x"], [[1]], True, 0.5])
def test_wrong_type_is_kept_as_it_came(odd: Any) -> None:
    found = entry(bytes=odd)
    assert (found.token, found.bytes) == ("a", odd)
    assert found.to_dict() == {**ENTRY, "bytes": odd}
    assert entry(top_logprobs=odd).top_logprobs == odd


def test_null_becomes_the_default() -> None:
    assert entry(top_logprobs=None).top_logprobs == []
    assert entry(bytes=None).bytes is None


def test_unknown_keys_of_rivals_are_kept() -> None:
    rival = entry(top_logprobs=[{**RIVAL, "rank": 3}]).top_logprobs[0]
    assert (rival.token, rival.rank, rival.model_extra) == ("b", 3, {"rank": 3})


def test_token_that_is_no_text_is_mended_on_a_look() -> None:
    body = b'{"token":"a","logprob":-1,"top_logprobs":[{"token":"\xff","logprob":-2}]}'
    found = decode_reply(chat.ChatCompletionTokenLogprob, body)
    assert found.top_logprobs[0].token == "\N{REPLACEMENT CHARACTER}"


def test_assigned_value_replaces_what_was_not_read() -> None:
    found = entry()
    found.bytes = [1]
    assert found.bytes == [1]
    assert found.to_dict()["bytes"] == [1]


def reply(**changes: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": "a"}
    choice = {"index": 0, "message": message, "logprobs": {"content": [{**ENTRY, **changes}]}}
    return {"id": "x", "created": 1, "model": "m", "choices": [choice]}


def test_validation_looks_into_deferred_fields() -> None:
    plain = reply()
    for found in (
        chat.ChatCompletion.model_validate(plain),
        chat.ChatCompletion.model_validate_json(json.dumps(plain)),
    ):
        assert found.to_dict() == plain
        choice_logprobs = found.choices[0].logprobs
        assert choice_logprobs is not None
        assert choice_logprobs.content == [entry()]


@pytest.mark.parametrize("odd", [{"bytes": ["x"]}, {"bytes": 5}, {"top_logprobs": [{"token": 1}]}])
def test_validation_refuses_what_does_not_fit_in_deferred_fields(odd: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.choices\[0\]\.logprobs\.content\[0\]\."):
        chat.ChatCompletion.model_validate(reply(**odd))
    with pytest.raises(msgspec.ValidationError, match=r"\$\.choices\[0\]\.logprobs\.content\[0\]\."):
        chat.ChatCompletion.model_validate_json(json.dumps(reply(**odd)))


def test_models_without_deferred_fields_are_checked_as_they_are() -> None:
    assert undeferred(chat.ChatCompletionMessage) is chat.ChatCompletionMessage
    assert undeferred(list[int] | None) == (list[int] | None)
    assert undeferred(chat.ChoiceLogprobs) is not chat.ChoiceLogprobs


def test_vector_is_decoded_on_the_first_look() -> None:
    found = decode_reply(embeddings.Embedding, b'{"index":0,"object":"embedding","embedding":[1, 2.5]}')
    assert isinstance(vars(embeddings.Embedding)["embedding"].held(found), msgspec.Raw)
    assert found.embedding == [1.0, 2.5]
    assert type(found.embedding[0]) is float
    with pytest.raises(msgspec.ValidationError):
        embeddings.Embedding.model_validate({"index": 0, "embedding": [None]})
