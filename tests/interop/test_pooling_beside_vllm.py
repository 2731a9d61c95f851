"""Our server beside a real vLLM on the same folder that pools: the same requests, compared on the wire."""

from __future__ import annotations

import array
import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.interop.conftest import KEY
from tests.interop.test_server_beside_vllm import Answer, masked
from tests.servers import ServerProcess, start_server

pytestmark = pytest.mark.interop

TEXT = "What is a martlet?"
OTHER = "A martlet, in heraldry, is a martin without feet: a bird that never lands."
LONG = "word " * 600

EMBEDDINGS: list[dict[str, Any]] = [
    {"input": TEXT},
    {"input": [TEXT, OTHER, ""], "model": "minilm"},
    {"input": [7592, 2088]},
    {"input": [[7592, 2088], [7592]]},
    {"input": TEXT, "use_activation": False, "request_id": "abc"},
    {"input": TEXT, "add_special_tokens": False},
    {"input": LONG, "truncate_prompt_tokens": 10},
    {"input": LONG, "truncate_prompt_tokens": -1},
    {"input": LONG, "truncate_prompt_tokens": 10, "truncation_side": "left"},
    {"input": LONG, "truncate_prompt_tokens": 10, "truncation_side": "right"},
    {"input": TEXT, "priority": 3, "cache_salt": "s"},
    {},
    {"input": None},
    {"input": 3},
    {"input": []},
    {"input": [[]]},
    {"input": [7592, -1]},
    {"input": [999999]},
    {"input": TEXT, "model": "nope"},
    {"input": TEXT, "dimensions": 10},
    {"input": TEXT, "normalize": True},
    {"input": TEXT, "encoding_format": "int8"},
    {"input": TEXT, "truncate_prompt_tokens": 100000},
    {"input": TEXT, "truncate_prompt_tokens": -2},
    {"input": TEXT, "truncate_prompt_tokens": 0},
    {"input": TEXT, "cache_salt": "a@b"},
    {"input": LONG},
    {"input": LONG * 200},
    {"messages": [{"role": "user", "content": "hi"}]},
    {"messages": [{"role": "user", "content": "hi"}], "chat_template": "{{ messages[0].content }}"},
]
PAIRS: list[dict[str, Any]] = [
    {"text_1": TEXT, "text_2": OTHER},
    {"text_1": TEXT, "text_2": [OTHER, TEXT, ""]},
    {"queries": [TEXT, OTHER], "documents": [OTHER, TEXT]},
    {"queries": TEXT, "items": [OTHER]},
    {"data_1": TEXT, "data_2": OTHER, "use_activation": False},
    {"text_1": TEXT, "text_2": OTHER, "truncate_prompt_tokens": 12},
    {"text_1": TEXT, "text_2": OTHER, "truncate_prompt_tokens": 12, "truncation_side": "left"},
    {"text_1": TEXT, "text_2": OTHER, "max_tokens_per_doc": 4},
    {"text_1": TEXT, "text_2": OTHER, "max_tokens_per_query": 2},
    {"text_1": [TEXT, OTHER], "text_2": [TEXT]},
    {"text_1": [], "text_2": [TEXT]},
    {"text_1": TEXT, "text_2": []},
    {"text_1": TEXT},
    {"text_1": TEXT, "text_2": LONG},
    {"text_1": TEXT, "text_2": OTHER, "max_tokens_per_doc": -1},
    {"text_1": TEXT, "text_2": OTHER, "max_tokens_per_doc": 100000},
    {"text_1": TEXT, "text_2": {"content": [{"type": "text", "text": "a"}]}},
]
RANKINGS: list[dict[str, Any]] = [
    {"query": TEXT, "documents": [LONG[:50], OTHER, TEXT]},
    {"query": TEXT, "documents": [LONG[:50], OTHER, TEXT], "top_n": 1},
    {"query": TEXT, "documents": OTHER},
    {"query": TEXT, "documents": [OTHER], "top_n": -1},
    {"query": TEXT, "documents": []},
    {"query": TEXT},
    {"query": TEXT, "documents": [OTHER], "model": "nope"},
]
POOLINGS: list[dict[str, Any]] = [
    {"input": TEXT},
    {"input": [TEXT, OTHER], "use_activation": False},
    {"input": TEXT, "task": "score"},
    {"input": TEXT, "task": "plugin"},
    {"input": TEXT, "task": "nope"},
    {"input": TEXT, "dimensions": 3},
    {"data": TEXT},
]
CLASSES: list[dict[str, Any]] = [
    {"input": TEXT},
    {"input": [TEXT, OTHER, ""]},
    {"input": TEXT, "use_activation": False},
    {"input": TEXT, "model": "nope"},
    {},
]
COHERE: list[dict[str, Any]] = [
    {"texts": [TEXT, OTHER], "embedding_types": ["float", "binary", "ubinary"]},
    {"texts": [LONG], "max_tokens": 9},
    {"texts": [LONG], "truncate": "START"},
    {"texts": [LONG], "truncate": "NONE"},
    {"texts": [TEXT], "output_dimension": 3},
    {"texts": [TEXT], "input_type": "search_query"},
    {"texts": []},
]
REQUESTS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "minilm": {
        "/v1/embeddings": EMBEDDINGS,
        "/pooling": [*POOLINGS, {"input": TEXT, "task": "classify"}],
        "/score": PAIRS,
        "/v1/score": PAIRS[:1],
        "/rerank": RANKINGS,
        "/v2/rerank": RANKINGS[:1],
        "/v2/embed": COHERE,
        "/classify": CLASSES[:1],
        "/v1/chat/completions": [{"messages": []}],
        "/tokenize": [{"prompt": TEXT}],
    },
    "classes": {
        "/classify": CLASSES,
        "/pooling": POOLINGS,
        "/score": PAIRS[:1],
        "/rerank": RANKINGS[:1],
        "/v1/embeddings": EMBEDDINGS[:1],
        "/v2/embed": COHERE[:1],
    },
    "pairs": {"/classify": CLASSES, "/score": PAIRS, "/v1/rerank": RANKINGS, "/pooling": POOLINGS},
}
MODEL = os.environ.get("MARTLET_INTEROP_MODEL", "")
CASES = [(path, body) for path, bodies in REQUESTS.get(MODEL, {}).items() for body in bodies]


@pytest.fixture(scope="module")
def beside() -> Iterator[ServerProcess]:
    with start_server(
        os.environ["MARTLET_INTEROP_FOLDER"], "--served-model-name", MODEL, "--api-key", KEY
    ) as server:
        yield server


@pytest.mark.parametrize(("path", "body"), CASES, ids=[f"{path} {body}"[:60] for path, body in CASES])
def test_replies_and_refusals_are_vllms(
    url: str, beside: ServerProcess, path: str, body: dict[str, Any]
) -> None:
    vllm, ours = (Answer(server, "POST", path, json.dumps(body).encode()) for server in (url, beside.url))
    assert ours.status == vllm.status, ours.text
    theirs, mine = json.loads(vllm.text), json.loads(ours.text)
    if vllm.status == 200 or "error" not in theirs:
        assert masked(mine) == masked(theirs)
    else:
        said = [(error["type"], error["param"], error["code"]) for error in (mine["error"], theirs["error"])]
        assert said[0] == said[1]


@pytest.mark.parametrize("path", ["/v1/embeddings", "/pooling"] if MODEL == "minilm" else ["/pooling"])
def test_base64_holds_the_same_numbers(url: str, beside: ServerProcess, path: str) -> None:
    body = json.dumps({"input": [TEXT, OTHER], "encoding_format": "base64"}).encode()
    vllm, ours = (vectors(Answer(server, "POST", path, body)) for server in (url, beside.url))
    for one, other in zip(ours, vllm, strict=True):
        assert one == pytest.approx(other, abs=1e-3)


def vectors(answer: Answer) -> list[list[float]]:
    found = []
    for item in json.loads(answer.text)["data"]:
        packed = array.array("f", base64.b64decode(item.get("embedding") or item["data"]))
        found.append(packed.tolist())
    return found
