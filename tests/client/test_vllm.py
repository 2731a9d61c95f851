"""`client.vllm`: paths, parameters and replies of vLLM 0.32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import martlet
from martlet.client.metrics import Metrics, Sample
from tests.client.callers import Caller
from tests.client.scripted import CHAT, ScriptedServer, http

Play = Callable[..., ScriptedServer]
USAGE = {"prompt_tokens": 3, "total_tokens": 3, "completion_tokens": 0}
LIST = {"id": "x-1", "object": "list", "created": 1, "model": "tiny", "usage": USAGE}
POOLED = {**LIST, "data": [{"index": 0, "object": "pooling", "data": [[0.5], [1.0]]}]}
CLASSES = {**LIST, "data": [{"index": 0, "label": None, "probs": [0.25, 0.75], "num_classes": 2}]}
SCORES = {**LIST, "data": [{"index": 0, "object": "score", "score": 0.5}]}
RANKING = {
    "id": "score-1",
    "model": "tiny",
    "usage": {"prompt_tokens": 3, "total_tokens": 3},
    "results": [{"index": 2, "document": {"text": "d", "multi_modal": None}, "relevance_score": 0.078}],
}
EMBEDDED = {**LIST, "data": [{"index": 0, "object": "embedding", "embedding": [0.5]}]}
TOKENS = {"count": 2, "max_model_len": 2048, "tokens": [5, 6], "token_strs": None}
COHERE = {
    "id": "embd-1",
    "embeddings": {"float": [[0.5]], "binary": [[-128]], "ubinary": None, "base64": None},
    "texts": ["x"],
    "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 3, "image_tokens": None}},
    "response_type": "embeddings_by_type",
}
HI = [{"role": "user", "content": "hi"}]

JSON_CALLS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("tokenize", {"prompt": "hi", "add_special_tokens": False}, "/tokenize", TOKENS),
    ("tokenize", {"messages": HI, "model": "tiny"}, "/tokenize", TOKENS),
    ("detokenize", {"tokens": [1, 2]}, "/detokenize", {"prompt": "hi"}),
    (
        "embed",
        {"messages": HI, "truncate_prompt_tokens": -1, "encoding_format": "float"},
        "/v1/embeddings",
        EMBEDDED,
    ),
    ("pooling", {"input": "x", "task": "token_embed"}, "/pooling", POOLED),
    ("classify", {"input": ["x"], "use_activation": True}, "/classify", CLASSES),
    ("score", {"text_1": "a", "text_2": ["b", "c"]}, "/score", SCORES),
    ("rerank", {"query": "q", "documents": ["a", "b"], "top_n": 1}, "/rerank", RANKING),
    ("chat_batch", {"messages": [HI, HI], "top_k": 1}, "/v1/chat/completions/batch", CHAT),
    (
        "generative_scoring",
        {"query": "q", "items": ["a"], "label_token_ids": [5, 6], "item_first": True},
        "/generative_scoring",
        SCORES,
    ),
    ("cohere_embed", {"texts": ["x"], "embedding_types": ["float", "binary"]}, "/v2/embed", COHERE),
    ("abort_requests", {"request_ids": ["a"]}, "/abort_requests", {"status": "aborted", "aborted": 1}),
]


@pytest.mark.parametrize(("name", "params", "path", "reply"), JSON_CALLS)
def test_json_calls_reach_their_paths(
    play: Play, caller: Caller, name: str, params: dict[str, Any], path: str, reply: dict[str, Any]
) -> None:
    server = play([http(body=reply)])
    found = caller.run(getattr(caller.client(server.url).vllm, name)(**params))
    [seen] = server.seen
    assert (seen.method, seen.target, seen.json) == ("POST", path, params)
    assert found.to_dict() == reply


def test_replies_are_typed(play: Play, caller: Caller) -> None:
    def client(body: dict[str, Any]) -> Any:
        return caller.client(play([http(body=body)]).url).vllm

    assert caller.run(client(TOKENS).tokenize(prompt="hi")).tokens == [5, 6]
    assert caller.run(client(POOLED).pooling(input="x")).data[0].data == [[0.5], [1.0]]
    assert caller.run(client(CLASSES).classify(input="x")).data[0].probs == [0.25, 0.75]
    assert caller.run(client(SCORES).score(text_1="x", text_2="y")).data[0].score == 0.5
    vectors = caller.run(client(COHERE).cohere_embed(texts=["x"]))
    assert (vectors.embeddings.float, vectors.embeddings.binary) == ([[0.5]], [[-128]])
    assert vectors.meta.billed_units.input_tokens == 3
    best = caller.run(client(RANKING).rerank(query="x", documents=["y"])).results[0]
    assert (best.index, best.document.text, best.relevance_score) == (2, "d", 0.078)


def test_embed_travels_as_base64(play: Play, caller: Caller) -> None:
    packed = {**LIST, "data": [{"index": 0, "object": "embedding", "embedding": "AAAAPwAAgD8="}]}
    server = play([http(body=packed)])
    found = caller.run(caller.client(server.url).vllm.embed(messages=HI))
    assert server.seen[0].json == {"messages": HI, "encoding_format": "base64"}
    assert found.data[0].embedding == [0.5, 1.0]


@pytest.mark.parametrize("base", ["", "/v1", "/v1/", "/prefix/v1"])
def test_server_is_found_beside_v1(play: Play, caller: Caller, base: str) -> None:
    server = play([http(body=b"", content_type="")])
    root = server.url.removesuffix("/v1")
    assert caller.run(caller.client(root + base).vllm.health()) is True
    assert server.seen[0].target == base.rstrip("/").removesuffix("/v1") + "/health"


def test_questions_about_the_server_are_answered(play: Play, caller: Caller) -> None:
    server = play(
        [http(body={"version": "0.32.0"})],
        [http(body={"server_load": 3})],
        [http(body={"is_sleeping": True})],
        [http(body={"is_paused": False})],
        [http(body={"vllm_config": {"a": 1}})],
        [http(body={"tokenizer_class": "T"})],
    )
    vllm = caller.client(server.url).vllm
    assert caller.run(vllm.version()).version == "0.32.0"
    assert caller.run(vllm.load()).server_load == 3
    assert caller.run(vllm.is_sleeping()) is True
    assert caller.run(vllm.is_paused()) is False
    assert caller.run(vllm.server_info(config_format="json")) == {"vllm_config": {"a": 1}}
    assert caller.run(vllm.tokenizer_info()) == {"tokenizer_class": "T"}
    assert [(seen.method, seen.target) for seen in server.seen] == [
        ("GET", "/version"),
        ("GET", "/load"),
        ("GET", "/is_sleeping"),
        ("GET", "/is_paused"),
        ("GET", "/server_info?config_format=json"),
        ("GET", "/tokenizer_info"),
    ]


def test_commands_go_out_with_their_queries(play: Play, caller: Caller) -> None:
    server = play([http(body={"success": True})])
    vllm = caller.client(server.url).vllm
    for value in (
        vllm.sleep(level=2, mode="wait"),
        vllm.sleep(),
        vllm.wake_up(),
        vllm.wake_up(tags=["weights", "kv_cache"]),
        vllm.wake_up(tags="weights"),
        vllm.pause(clear_cache=False),
        vllm.resume(),
        vllm.reset_mm_cache(),
        vllm.reset_encoder_cache(),
    ):
        assert caller.run(value) is None
    assert caller.run(vllm.reset_prefix_cache(reset_external=True)).success is True
    assert caller.run(vllm.collective_rpc(method="m", args=[1])) == {"success": True}
    assert [(seen.method, seen.target, seen.body) for seen in server.seen[:-1]] == [
        ("POST", target, b"")
        for target in (
            "/sleep?level=2&mode=wait",
            "/sleep",
            "/wake_up",
            "/wake_up?tags=weights&tags=kv_cache",
            "/wake_up?tags=weights",
            "/pause?clear_cache=false",
            "/resume",
            "/reset_mm_cache",
            "/reset_encoder_cache",
            "/reset_prefix_cache?reset_external=true",
        )
    ]
    assert server.seen[-1].json == {"method": "m", "args": [1]}


def test_adapters_come_and_go(play: Play, caller: Caller) -> None:
    server = play([http(body="Success: done", content_type="text/plain")])
    vllm = caller.client(server.url).vllm
    assert (
        caller.run(vllm.load_lora_adapter(lora_name="a", lora_path="/l", load_inplace=True))
        == "Success: done"
    )
    assert caller.run(vllm.unload_lora_adapter(lora_name="a")) == "Success: done"
    assert [(seen.target, seen.json) for seen in server.seen] == [
        ("/v1/load_lora_adapter", {"lora_name": "a", "lora_path": "/l", "load_inplace": True}),
        ("/v1/unload_lora_adapter", {"lora_name": "a"}),
    ]


def test_sick_server_is_an_exception(play: Play, caller: Caller) -> None:
    client = caller.client(play([http(503)]).url, max_retries=0)
    with pytest.raises(martlet.InternalServerError):
        caller.run(client.vllm.health())


def test_server_without_a_path_is_an_exception(play: Play, caller: Caller) -> None:
    client = caller.client(play([http(404, body={"detail": "Not Found"})]).url)
    with pytest.raises(martlet.NotFoundError, match="Not Found"):
        caller.run(client.vllm.is_sleeping())


def test_html_in_place_of_an_answer_is_an_exception(play: Play, caller: Caller) -> None:
    client = caller.client(play([http(body="<html>", content_type="text/html")]).url)
    for method in (client.vllm.is_sleeping, client.vllm.version):
        with pytest.raises(martlet.APIResponseValidationError):
            caller.run(method())


PAGE = r"""# HELP vllm:num_requests_running Number of requests.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="tiny"} 2.0
vllm:num_requests_running{engine="1",model_name="tiny"} 3.0
odd{path="C:\\x\"y\"",text="a\nb}c"} 1e3 1700000000

process_cpu_seconds_total 1.5
ttft_bucket{le="+Inf"} +Inf
not a sample
"""


def test_metrics_are_read(play: Play, caller: Caller) -> None:
    server = play([http(body=PAGE, content_type="text/plain; version=1.0.0")])
    metrics = caller.run(caller.client(server.url).vllm.metrics())
    assert isinstance(metrics, Metrics)
    assert server.seen[0].target == "/metrics"
    assert metrics.text == PAGE
    assert metrics.value("vllm:num_requests_running") == 5
    assert metrics.value("vllm:num_requests_running", engine="1") == 3
    assert metrics.value("ttft_bucket") == float("inf")
    assert list(metrics)[2] == Sample("odd", {"path": 'C:\\x"y"', "text": "a\nb}c"}, 1000.0)
    assert len(metrics) == 5
    with pytest.raises(KeyError):
        metrics.value("vllm:num_requests_running", engine="2")
