"""What may go into a body, and what is refused."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import pathlib
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from martlet import NOT_GIVEN, NotGiven, omit
from martlet.client.body import encode_body, jsonable
from martlet.protocol.base import decode_reply
from martlet.protocol.chat import ChatCompletion
from tests.client.scripted import CHAT


class Colour(str, enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


def test_plain_body_is_encoded_compactly_in_utf8() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "grüß dich 🐦\u2028"}], "n": None}
    assert encode_body(body) == json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def test_plain_values_are_not_copied() -> None:
    messages = [{"role": "user", "content": "hi"}]
    assert jsonable({"messages": messages})["messages"] == messages
    assert jsonable(messages[0]) is messages[0]


@pytest.mark.parametrize("absent", [NOT_GIVEN, omit, NotGiven()])
def test_values_not_given_are_dropped_at_any_depth(absent: object) -> None:
    body = {"a": absent, "b": {"c": absent, "d": [1, absent, {"e": absent}]}, "f": None}
    assert encode_body(body) == b'{"b":{"d":[1,{}]},"f":null}'


def test_tuples_and_generators_become_lists() -> None:
    def words() -> Iterator[str]:
        yield "a"
        yield "b"

    assert encode_body({"stop": words(), "ids": (1, 2), "nested": [(3,), range(2)]}) == (
        b'{"stop":["a","b"],"ids":[1,2],"nested":[[3],[0,1]]}'
    )


def test_enums_and_dates_become_what_they_stand_for() -> None:
    moment = datetime.datetime(2026, 11, 23, 6, 0)
    assert encode_body({"a": Colour.RED, "b": Level.HIGH, "c": moment}) == (
        b'{"a":"red","b":3,"c":"2026-11-23T06:00:00"}'
    )


def test_integer_keys_become_text() -> None:
    assert encode_body({"logit_bias": {50256: -100.0}}) == b'{"logit_bias":{"50256":-100.0}}'


def test_reply_message_is_sent_back_as_it_came() -> None:
    message = decode_reply(ChatCompletion, json.dumps(CHAT).encode()).choices[0].message
    sent = json.loads(encode_body({"messages": [message, {"role": "user", "content": "more"}]}))
    assert sent["messages"][0] == CHAT["choices"][0]["message"]


def test_object_with_model_dump_is_dumped_without_unset_fields() -> None:
    class Foreign:
        def model_dump(self, **options: Any) -> dict[str, Any]:
            assert options == {"exclude_unset": True, "mode": "json", "by_alias": True}
            return {"role": "user", "content": "hi", "name": NOT_GIVEN}

    assert encode_body({"messages": [Foreign()]}) == b'{"messages":[{"role":"user","content":"hi"}]}'


def test_callers_values_are_left_alone() -> None:
    message = {"role": "user", "content": "hi", "name": NOT_GIVEN}
    encode_body({"messages": [message]})
    assert message == {"role": "user", "content": "hi", "name": NOT_GIVEN}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_lacks_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"not JSON compliant: .* at `a\.b\[1\]`") as caught:
        encode_body({"a": {"b": [0, value]}})
    assert type(caught.value) is ValueError


@pytest.mark.parametrize(
    "value",
    [
        b"bytes",
        {1, 2},
        decimal.Decimal(1),
        uuid.UUID(int=1),
        pathlib.Path("x"),
        datetime.date(2026, 1, 1),
        object(),
        Colour,
    ],
)
def test_values_that_json_lacks_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"at `messages\[0\]\.content`") as caught:
        encode_body({"messages": [{"role": "user", "content": value}]})
    assert type(caught.value) is TypeError


def test_errors_of_a_generator_pass_through() -> None:
    def broken() -> Iterator[str]:
        yield "a"
        raise ValueError("mine")

    with pytest.raises(ValueError, match=r"^mine$"):
        encode_body({"stop": broken()})
