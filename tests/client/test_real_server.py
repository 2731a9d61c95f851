"""The client's vLLM calls against a real `martlet serve`, which speaks vLLM's format."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import martlet
from tests.client.callers import HI, Caller
from tests.servers import TINY_LLAMA, ServerProcess, start_server


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with start_server(str(TINY_LLAMA), "--served-model-name", "tiny") as running:
        yield running


def test_text_survives_the_way_through_token_ids(server: ServerProcess, caller: Caller) -> None:
    vllm = caller.client(server.url).vllm
    tokens = caller.run(vllm.tokenize(prompt="hello there", add_special_tokens=False, return_token_strs=True))
    assert tokens.count == len(tokens.tokens) == len(tokens.token_strs)
    assert caller.run(vllm.detokenize(tokens=tokens.tokens)).prompt == "hello there"
    chat = caller.run(vllm.tokenize(messages=HI["messages"], model="tiny"))
    assert chat.count > 1


def test_server_tells_of_itself(server: ServerProcess, caller: Caller) -> None:
    client = caller.client(server.url)
    assert caller.run(client.vllm.health()) is True
    assert caller.run(client.vllm.version()).version
    before = caller.run(client.vllm.metrics()).value("vllm:generation_tokens_total")
    caller.run(client.completions.create(model="tiny", prompt="a", max_tokens=3, ignore_eos=True))
    assert caller.run(client.vllm.metrics()).value("vllm:generation_tokens_total") == before + 3


def test_call_that_the_server_lacks_is_not_found(server: ServerProcess, caller: Caller) -> None:
    client = caller.client(server.url)
    for call in (
        client.vllm.sleep,
        lambda: client.embeddings.create(model="tiny", input="a"),
    ):
        with pytest.raises(martlet.NotFoundError):
            caller.run(call())


def test_generic_verbs_reach_the_server(server: ServerProcess, caller: Caller) -> None:
    client = caller.client(server.url)
    assert caller.run(client.get("/models", cast_to=dict[str, object]))["object"] == "list"
    assert "tokens" in caller.run(client.post("../tokenize", cast_to=object, body={"prompt": "a"}))
    assert caller.run(client.get(f"{server.root}/version", cast_to=object))["version"]
