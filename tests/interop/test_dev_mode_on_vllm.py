"""What vLLM opens in dev mode: sleep, pauses, caches, LoRA adapters, and other calls of its own."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
from typing import Any

import openai
import pytest

import martlet
from tests.interop.conftest import KEY

pytestmark = pytest.mark.interop

MODEL = "tiny"
HELLO: list[Any] = [{"role": "user", "content": "Hello!"}]
GREEDY: dict[str, Any] = {"max_tokens": 8, "temperature": 0}


def over_http(url: str, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        url.removesuffix("/v1") + path,
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json", "authorization": f"Bearer {KEY}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def said(client: Any, model: str = MODEL) -> str | None:
    reply = client.chat.completions.create(model=model, messages=HELLO, **GREEDY)
    content: str | None = reply.choices[0].message.content
    return content


def test_lora_adapter_is_loaded_used_and_forgotten(ours: martlet.OpenAI, official: openai.OpenAI) -> None:
    path = os.environ["MARTLET_INTEROP_ADAPTER"]
    assert "Success" in ours.vllm.load_lora_adapter(lora_name="bent", lora_path=path)
    try:
        assert "bent" in [model.id for model in ours.models.list()]
        assert said(ours, "bent") == said(official, "bent") != said(ours)
    finally:
        assert "Success" in ours.vllm.unload_lora_adapter(lora_name="bent")
    with pytest.raises(martlet.NotFoundError):
        said(ours, "bent")


def test_adapter_that_is_not_there_is_an_error(ours: martlet.OpenAI) -> None:
    with pytest.raises(martlet.APIStatusError) as caught:
        ours.vllm.load_lora_adapter(lora_name="none", lora_path="/no/such/folder")
    assert caught.value.status_code in (400, 404)
    with pytest.raises(martlet.NotFoundError):
        ours.vllm.unload_lora_adapter(lora_name="none")


def test_sleeping_engine_keeps_a_call_waiting_until_it_wakes(ours: martlet.OpenAI) -> None:
    ours.vllm.sleep(level=0)
    answers: list[str | None] = []
    try:
        assert ours.vllm.is_sleeping()
        caller = threading.Thread(target=lambda: answers.append(said(ours)))
        caller.start()
        caller.join(0.5)
        assert not answers
    finally:
        ours.vllm.wake_up()
    caller.join(30)
    assert not ours.vllm.is_sleeping()
    assert len(answers) == 1


def test_paused_generation_goes_on_when_resumed(ours: martlet.OpenAI) -> None:
    ours.vllm.pause(mode="wait")
    try:
        assert ours.vllm.is_paused()
    finally:
        ours.vllm.resume()
    assert not ours.vllm.is_paused()
    assert said(ours)


def test_aborted_request_ends(ours: martlet.OpenAI) -> None:
    stream = ours.chat.completions.create(
        model=MODEL, messages=HELLO, max_tokens=480, ignore_eos=True, stream=True
    )
    next(stream)
    assert ours.vllm.abort_requests().aborted >= 1
    *_, last = stream
    assert last.choices[0].finish_reason == "abort"


def test_caches_are_reset(ours: martlet.OpenAI) -> None:
    assert ours.vllm.reset_prefix_cache().success
    ours.vllm.reset_mm_cache()
    ours.vllm.reset_encoder_cache()


def test_server_tells_about_itself(ours: martlet.OpenAI) -> None:
    assert "vllm_config" in ours.vllm.server_info(config_format="json")
    assert ours.vllm.tokenizer_info()["tokenizer_class"]
    assert ours.vllm.load().server_load == 0
    assert ours.vllm.version().version.startswith("0.")
    assert ours.vllm.health()
    assert ours.vllm.metrics().value("vllm:num_requests_running") == 0
    assert ours.vllm.collective_rpc(method="check_health") == {"results": [None]}


def test_batch_of_conversations_has_an_answer_each(url: str, ours: martlet.OpenAI) -> None:
    conversations = [HELLO, [{"role": "user", "content": "What is AI?"}]]
    reply = ours.vllm.chat_batch(model=MODEL, messages=conversations, **GREEDY)
    bare = over_http(url, "/v1/chat/completions/batch", {"model": MODEL, "messages": conversations, **GREEDY})
    assert reply.to_dict()["choices"] == bare["choices"]
    assert [choice.index for choice in reply.choices] == [0, 1]
    assert reply.choices[0].message.content == said(ours)


def test_items_are_scored_by_the_next_token(url: str, ours: martlet.OpenAI) -> None:
    yes, no = (ours.vllm.tokenize(prompt=word, add_special_tokens=False).tokens[0] for word in ("yes", "no"))
    params: dict[str, Any] = {"query": "Is it so? ", "items": ["a", "b"], "label_token_ids": [yes, no]}
    reply = ours.vllm.generative_scoring(model=MODEL, **params)
    assert (
        reply.to_dict()["data"] == over_http(url, "/generative_scoring", {"model": MODEL, **params})["data"]
    )
    assert all(0 <= item.score <= 1 for item in reply.data)
