"""`include` and `exclude` select what pydantic selects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from martlet.protocol.chat import ChatCompletion
from tests.client.scripted import CHAT

SELECTIONS: list[Any] = [
    {"id"},
    {"id", "nothing"},
    {"id": True, "model": ...},
    {"choices": {"__all__": {"message": {"content"}}}},
    {"choices": {"__all__": {"message"}}},
    {"choices": {0: {"index"}, 1: {"message": {"role": True}}}},
    {"choices": {-1: True}},
    {"choices": {-1: {"index"}, "__all__": {"finish_reason"}}},
    {"choices": {0}, "usage": {"prompt_tokens"}},
    set(),
    {},
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("way", ["include", "exclude"])
def test_selection_is_pydantics(way: str, selection: Any) -> None:
    pydantic = pytest.importorskip("pydantic")
    sent = {**CHAT, "choices": [{**CHAT["choices"][0], "index": i} for i in range(3)]}
    ours = ChatCompletion.model_validate(sent)
    plain = ours.model_dump()
    message = pydantic.create_model("M", **{name: (Any, None) for name in plain["choices"][0]["message"]})
    inside = {name: (Any, None) for name in plain["choices"][0]} | {"message": (message, ...)}
    choice = pydantic.create_model("C", **inside)
    usage = pydantic.create_model("U", **{name: (Any, None) for name in plain["usage"]})
    fields = {name: (Any, None) for name in plain} | {
        "choices": (list.__class_getitem__(choice), ...),
        "usage": (usage, ...),
    }
    theirs = pydantic.create_model("R", **fields).model_validate(plain)
    expected = theirs.model_dump(**{way: selection})
    assert ours.model_dump(**{way: selection}) == expected
    assert json.loads(ours.model_dump_json(**{way: selection})) == expected
