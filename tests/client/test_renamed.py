"""Fields that vLLM has renamed: requests may use the old names, replies can be read under both."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from martlet.client import renamed
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, COMPLETION, http

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
    with (
        pytest.warns(DeprecationWarning, match="reasoning_content"),
        pytest.warns(DeprecationWarning, match="guided_regex"),
    ):
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
    with pytest.warns(
        DeprecationWarning, match="'reasoning_content': write reasoning; it is sent under both"
    ):
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
    with pytest.warns(DeprecationWarning, match="reasoning_content"):
        caller.run(client.chat.completions.create(**HI, extra_body={"messages": history}))
    assert server.seen[0].json["messages"][0]["reasoning"] == "easy"
