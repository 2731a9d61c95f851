"""Fields that vLLM has renamed: requests may use the old names, replies can be read under both."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

import martlet
from martlet.client import renamed
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, CLOSE, COMPLETION, DONE, END, SSE_HEAD, chunk, http

SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    before = set(renamed._told)
    renamed._told.clear()
    yield
    renamed._told.clear()
    renamed._told.update(before)


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("guided_json", SCHEMA, {"json": SCHEMA}),
        ("guided_regex", "a+", {"regex": "a+"}),
        ("guided_choice", ["yes", "no"], {"choice": ["yes", "no"]}),
        ("guided_grammar", "root ::= 'a'", {"grammar": "root ::= 'a'"}),
    ],
)
@pytest.mark.parametrize("is_extra", [True, False])
def test_guided_field_is_sent_as_structured_outputs(
    play: Any, caller: Caller, old: str, value: Any, new: dict[str, Any], is_extra: bool
) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    given: dict[str, Any] = {"extra_body": {old: value, "other": 1}} if is_extra else {old: value}
    with pytest.warns(DeprecationWarning, match=rf"renamed '{old}': write structured_outputs=") as caught:
        caller.run(client.chat.completions.create(**HI, **given))
    assert caught[0].filename == __file__ or caller.is_async
    sent = server.seen[0].json
    assert sent["structured_outputs"] == new
    assert old not in sent
    assert sent.get("other") == (1 if is_extra else None)


def test_guided_field_of_completions_is_renamed_too(play: Any, caller: Caller) -> None:
    server = play([http(body=COMPLETION)])
    client = caller.client(server.url)
    with pytest.warns(DeprecationWarning, match="guided_regex"):
        caller.run(client.completions.create(model="tiny", prompt="a", extra_body={"guided_regex": "b+"}))
    assert server.seen[0].json["structured_outputs"] == {"regex": "b+"}


def test_warning_comes_once_per_field(play: Any, caller: Caller) -> None:
    client = caller.client(play([http(body=CHAT)]).url)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            caller.run(client.chat.completions.create(**HI, extra_body={"guided_regex": "a"}))
            caller.run(client.chat.completions.create(**HI, extra_body={"guided_choice": ["a"]}))
    assert [str(item.message)[:36] for item in caught] == [
        "vLLM has renamed 'guided_regex': wri",
        "vLLM has renamed 'guided_choice': wr",
    ]


def test_guided_field_beside_its_successor_is_left_alone(play: Any, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    both = {"guided_regex": "a", "structured_outputs": {"regex": "a"}}
    caller.run(client.chat.completions.create(**HI, extra_body=both))
    assert server.seen[0].json["guided_regex"] == "a"


def test_guided_field_of_none_constrains_nothing(play: Any, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    caller.run(client.chat.completions.create(**HI, extra_body={"guided_json": None}))
    assert server.seen[0].json.keys() == HI.keys()


def test_unknown_keyword_is_still_refused(caller: Caller) -> None:
    client = caller.client("http://127.0.0.1:1")
    with pytest.raises(TypeError, match="unexpected keyword argument 'guided_toml'"):
        caller.run(client.chat.completions.create(**HI, guided_toml=""))
    with pytest.raises(TypeError, match="unexpected keyword argument 'guided_json'"):
        caller.run(client.models.list(guided_json={}))


def test_callers_dicts_stay_as_they_were(play: Any, caller: Caller) -> None:
    client = caller.client(play([http(body=CHAT)]).url)
    extra = {"guided_regex": "a"}
    message = {"role": "assistant", "content": "4", "reasoning_content": "2+2"}
    messages = [message]
    with pytest.warns(DeprecationWarning, match="guided_regex"):
        caller.run(client.chat.completions.create(model="tiny", messages=messages, extra_body=extra))
    assert extra == {"guided_regex": "a"}
    assert messages == [{"role": "assistant", "content": "4", "reasoning_content": "2+2"}]


def test_reasoning_of_the_history_is_sent_under_both_names(play: Any, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    history: list[Any] = [
        {"role": "user", "content": "2+2?"},
        {"role": "assistant", "content": "4", "reasoning_content": "easy"},
        {"role": "assistant", "content": "5", "reasoning_content": "hard", "reasoning": "own"},
        {"role": "assistant", "content": "6", "reasoning_content": None},
    ]
    caller.run(client.chat.completions.create(model="tiny", messages=history))
    assert server.seen[0].json["messages"] == [
        history[0],
        {**history[1], "reasoning": "easy"},
        history[2],
        history[3],
    ]


def test_history_in_extra_body_is_treated_alike(play: Any, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    history = [{"role": "assistant", "content": "4", "reasoning_content": "easy"}]
    caller.run(client.chat.completions.create(**HI, extra_body={"messages": history}))
    assert server.seen[0].json["messages"][0]["reasoning"] == "easy"


# --- replies ----------------------------------------------------------------------------------------------

NAMES = ["reasoning", "reasoning_content"]


def chat_with(**message: Any) -> dict[str, Any]:
    own = {key: value for key, value in CHAT["choices"][0]["message"].items() if key != "reasoning"}
    return {**CHAT, "choices": [{**CHAT["choices"][0], "message": {**own, **message}}]}


def thoughts(name: str) -> list[bytes]:
    pieces: list[dict[str, Any]] = [{name: "2+"}, {name: "2"}]
    return [chunk(**piece) for piece in pieces]


@pytest.mark.parametrize("sent", NAMES)
def test_reasoning_of_a_reply_reads_under_both_names(play: Any, caller: Caller, sent: str) -> None:
    client = caller.client(play([http(body=chat_with(**{sent: "hm"}))]).url)
    message = caller.run(client.chat.completions.create(**HI)).choices[0].message
    assert [message.reasoning, message.reasoning_content] == ["hm", "hm"]


@pytest.mark.parametrize("sent", NAMES)
@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_what_the_server_sent_stays_as_it_was(play: Any, caller: Caller, sent: str, clone: Any) -> None:
    body = chat_with(**{sent: "hm"})
    client = caller.client(play([http(body=body)]).url)
    message = clone(caller.run(client.chat.completions.create(**HI)).choices[0].message)
    assert [message.reasoning, message.reasoning_content] == ["hm", "hm"]
    assert message.to_dict() == body["choices"][0]["message"]
    other = NAMES[1 - NAMES.index(sent)]
    assert message.model_dump()[other] is None
    assert message.model_fields_set == body["choices"][0]["message"].keys()


@pytest.mark.parametrize(("message", "expected"), [({}, None), ({"reasoning_content": None}, None)])
def test_reply_without_reasoning_has_none(
    play: Any, caller: Caller, message: dict[str, Any], expected: str | None
) -> None:
    body = chat_with(content="say reasoning_content", **message)
    client = caller.client(play([http(body=body)]).url)
    got = caller.run(client.chat.completions.create(**HI)).choices[0].message
    assert [got.reasoning, got.reasoning_content] == [expected, expected]


@pytest.mark.parametrize("sent", NAMES)
def test_reasoning_of_a_stream_reads_under_both_names(play: Any, caller: Caller, sent: str) -> None:
    pieces = [*thoughts(sent), chunk("4", finish="stop")]
    client = caller.client(play([SSE_HEAD, *pieces, DONE, END]).url)
    stream = caller.run(client.chat.completions.create(**HI, stream=True))
    deltas = [item.choices[0].delta for item in caller.items(stream)]
    assert [delta.reasoning for delta in deltas] == ["2+", "2", None]
    assert [delta.reasoning_content for delta in deltas] == ["2+", "2", None]


@pytest.mark.parametrize("sent", NAMES)
def test_partial_reply_has_the_reasoning_under_both_names(play: Any, caller: Caller, sent: str) -> None:
    client = caller.client(play([SSE_HEAD, *thoughts(sent), CLOSE]).url)
    stream = caller.run(client.chat.completions.create(**HI, stream=True))
    with pytest.raises(martlet.StreamInterrupted) as caught:
        caller.items(stream)
    message = caught.value.partial.choices[0].message
    assert [message.reasoning, message.reasoning_content] == ["2+2", "2+2"]


def test_assigned_reasoning_reads_under_both_names() -> None:
    message = martlet.types.chat.ChatCompletionMessage(role="assistant", reasoning="a")
    assert [message.reasoning, message.reasoning_content] == ["a", "a"]
    message.reasoning = None
    assert message.reasoning_content is None
    message = martlet.types.chat.ChatCompletionMessage.model_construct(
        role="assistant", reasoning_content="b"
    )
    assert message.reasoning == "b"


@pytest.mark.parametrize("sent", NAMES)
def test_reply_sent_back_gives_its_reasoning_under_a_name_that_servers_read(
    play: Any, caller: Caller, sent: str
) -> None:
    server = play([http(body=chat_with(**{sent: "hm"}))])
    client = caller.client(server.url)
    message = caller.run(client.chat.completions.create(**HI)).choices[0].message
    caller.run(client.chat.completions.create(model="tiny", messages=[message, message.to_dict()]))
    as_model, as_dict = server.seen[1].json["messages"]
    assert as_model[sent] == "hm"
    assert as_dict["reasoning"] == "hm"
