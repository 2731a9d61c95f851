"""A BERT classifier of random weights on a real vLLM."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

import martlet
from tests.interop.conftest import KEY, assert_same

pytestmark = pytest.mark.interop

TEXTS = ["What a fine day!", "It rains.", "Go away!"]


def test_classes_are_what_the_path_answers(url: str, ours: martlet.OpenAI) -> None:
    request = urllib.request.Request(
        url.removesuffix("/v1") + "/classify",
        data=json.dumps({"input": TEXTS}).encode(),
        headers={"content-type": "application/json", "authorization": f"Bearer {KEY}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        bare: dict[str, Any] = json.load(answer)
    reply = ours.vllm.classify(input=TEXTS)
    assert_same(reply.to_dict()["data"], bare["data"])
    assert reply.usage.to_dict() == bare["usage"]


def test_classes_are_typed(ours: martlet.OpenAI) -> None:
    reply = ours.vllm.classify(model="classes", input=TEXTS)
    assert [item.index for item in reply.data] == [0, 1, 2]
    for item in reply.data:
        assert item.num_classes == len(item.probs) == 3
        assert sum(item.probs) == pytest.approx(1, abs=1e-4)
        assert item.label == ["calm", "glad", "cross"][item.probs.index(max(item.probs))]


def test_activation_can_be_left_out(ours: martlet.OpenAI) -> None:
    raw = ours.vllm.classify(input=TEXTS, use_activation=False)
    assert any(sum(item.probs) != pytest.approx(1, abs=1e-2) for item in raw.data)


def test_classifier_does_not_embed(ours: martlet.OpenAI) -> None:
    with pytest.raises(martlet.NotFoundError):
        ours.embeddings.create(model="classes", input="x")
