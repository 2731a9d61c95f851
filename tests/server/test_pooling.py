"""Servers of models that pool: replies key by key, numbers against transformers, errors as vLLM's."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openai
import pytest

import martlet
from martlet.cli import main
from tests.server.wire import call
from tests.servers import FIXTURES, TINY_LLAMA, ServerProcess, start_server

POOLED = FIXTURES / "pooled"
HI: list[Any] = [{"role": "user", "content": "hi"}]


def serve_pooled(name: str, *flags: str) -> Iterator[ServerProcess]:
    with start_server(str(POOLED / name), "--served-model-name", "m", "alias", *flags) as server:
        yield server


@pytest.fixture(scope="module")
def bert() -> Iterator[ServerProcess]:
    """Mean, normalised; at most 128 tokens."""
    yield from serve_pooled("tiny-bert")


@pytest.fixture(scope="module")
def xlmr() -> Iterator[ServerProcess]:
    """Vectors of 24 numbers, which may be cut to 8."""
    yield from serve_pooled("tiny-xlm-roberta")


@pytest.fixture(scope="module")
def reranker() -> Iterator[ServerProcess]:
    """One class, with a sigmoid."""
    yield from serve_pooled("tiny-bert-rerank")


@pytest.fixture(scope="module")
def classifier() -> Iterator[ServerProcess]:
    """Three classes: calm, glad, sad."""
    yield from serve_pooled("tiny-roberta-classify")


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((POOLED / name / "goldens.json").read_text("utf-8"))["cases"]
    return found


def post(server: ServerProcess, path: str, **body: Any) -> Any:
    answer = call(server, "POST", path, body)
    assert answer.status == 200, answer.body
    return answer.json


def close(got: Any, wanted: Any) -> bool:
    return bool(np.allclose(got, wanted, atol=1e-4))


# --- /v1/embeddings -----------------------------------------------------------------------------------


def test_embedding_reply_has_the_keys_of_vllm(bert: ServerProcess) -> None:
    case = cases("tiny-bert")[0]
    reply = post(bert, "/v1/embeddings", model="alias", input=case["text"], request_id="r1")
    usage = {"prompt_tokens": 7, "total_tokens": 7, "completion_tokens": 0}
    details = {"prompt_tokens_details": None, "completion_tokens_details": None}
    vector, created = reply["data"][0].pop("embedding"), reply.pop("created")
    assert list(reply.items()) == [
        ("id", "embd-r1"),
        ("object", "list"),
        ("model", "m"),
        ("data", [{"index": 0, "object": "embedding"}]),
        ("usage", usage | details),
    ]
    assert isinstance(created, int)
    assert close(vector, case["embedding"])


def test_several_inputs_come_back_in_order(bert: ServerProcess) -> None:
    texts = [case for case in cases("tiny-bert") if case["pair"] is None]
    reply = post(bert, "/v1/embeddings", input=[case["text"] for case in texts])
    assert [item["index"] for item in reply["data"]] == list(range(len(texts)))
    for item, case in zip(reply["data"], texts, strict=True):
        assert close(item["embedding"], case["embedding"])
    assert reply["usage"]["prompt_tokens"] == sum(len(case["token_ids"]) for case in texts)


def test_token_ids_equal_their_text_to_the_bit(bert: ServerProcess) -> None:
    one, other = cases("tiny-bert")[:2]
    text = post(bert, "/v1/embeddings", input=one["text"])["data"]
    ids = post(bert, "/v1/embeddings", input=one["token_ids"])["data"]
    lists = post(bert, "/v1/embeddings", input=[one["token_ids"], other["token_ids"]])["data"]
    assert text == ids
    assert lists[0] == ids[0]
    assert close(lists[1]["embedding"], other["embedding"])


def test_base64_holds_the_same_numbers(bert: ServerProcess) -> None:
    [floats] = post(bert, "/v1/embeddings", input="bird")["data"]
    [packed] = post(bert, "/v1/embeddings", input="bird", encoding_format="base64")["data"]
    assert list(struct.unpack("<32f", base64.b64decode(packed["embedding"]))) == floats["embedding"]


@pytest.mark.parametrize(
    ("embed_dtype", "dtype"), [("float32", "f4"), ("float16", "f2"), ("bfloat16", "u2"), ("fp8_e4m3", "u1")]
)
@pytest.mark.parametrize(("endianness", "order"), [("little", "<"), ("big", ">"), ("native", "=")])
def test_bytes_are_bare_numbers_described_in_a_header(
    bert: ServerProcess, embed_dtype: str, dtype: str, endianness: str, order: str
) -> None:
    body = {"input": ["bird", "nest"], "embed_dtype": embed_dtype, "endianness": endianness}
    answer = call(bert, "POST", "/v1/embeddings", {**body, "encoding_format": "bytes", "request_id": "r"})
    numbers = np.frombuffer(answer.body, order + dtype)
    assert answer.headers["content-type"] == "application/octet-stream"
    metadata = json.loads(answer.headers["metadata"])
    width = np.dtype(dtype).itemsize
    assert metadata.pop("created") > 0
    assert metadata.pop("usage").keys() == {"prompt_tokens", "total_tokens"}
    assert metadata == {
        "id": "embd-r",
        "model": "m",
        "data": [
            {
                "index": i,
                "embed_dtype": embed_dtype,
                "endianness": endianness,
                "start": 32 * width * i,
                "end": 32 * width * (i + 1),
                "shape": [32],
            }
            for i in range(2)
        ],
    }
    wanted = np.array([item["embedding"] for item in post(bert, "/v1/embeddings", **body)["data"]], "f4")
    if embed_dtype == "bfloat16":
        numbers = (numbers.astype("u4") << 16).view("f4")
    if embed_dtype != "fp8_e4m3":
        assert np.allclose(numbers, wanted.ravel(), atol=4e-3)
    only = call(bert, "POST", "/v1/embeddings", {**body, "encoding_format": "bytes_only"})
    assert only.body == answer.body
    assert "metadata" not in only.headers


def test_dimensions_cut_what_was_trained_for_it(xlmr: ServerProcess, bert: ServerProcess) -> None:
    whole = cases("tiny-xlm-roberta")[0]
    [item] = post(xlmr, "/v1/embeddings", input=whole["text"], dimensions=8)["data"]
    head = np.array(whole["embedding"][:8])
    assert close(item["embedding"], head / np.linalg.norm(head))
    for server, dimensions in ((xlmr, 9), (xlmr, 0), (bert, 8)):
        answer = call(server, "POST", "/v1/embeddings", {"input": "bird", "dimensions": dimensions})
        assert (answer.status, answer.error["param"]) == (400, None)


def test_without_activation_vectors_keep_their_length(bert: ServerProcess) -> None:
    [raw] = post(bert, "/v1/embeddings", input="bird", use_activation=False)["data"]
    [unit] = post(bert, "/v1/embeddings", input="bird")["data"]
    length = np.linalg.norm(raw["embedding"])
    assert length != pytest.approx(1, abs=0.01)
    assert close(np.array(raw["embedding"]) / length, unit["embedding"])


def test_truncation_keeps_special_tokens_unless_a_side_is_named(bert: ServerProcess) -> None:
    case = cases("tiny-bert")[3]
    ids = case["token_ids"]

    def embed(**fields: Any) -> Any:
        reply = post(bert, "/v1/embeddings", **fields)
        return reply["usage"]["prompt_tokens"], reply["data"]

    assert embed(input=case["text"], truncate_prompt_tokens=9) == embed(input=[*ids[:8], ids[-1]])
    assert embed(input=case["text"], truncate_prompt_tokens=9, truncation_side="right") == embed(
        input=ids[:9]
    )
    assert embed(input=case["text"], truncate_prompt_tokens=9, truncation_side="left") == embed(
        input=ids[-9:]
    )
    assert embed(input=ids, truncate_prompt_tokens=9) == embed(input=ids[:9])
    assert embed(input="word " * 500, truncate_prompt_tokens=-1)[0] == 128


def test_special_tokens_can_be_left_out(bert: ServerProcess) -> None:
    ids = cases("tiny-bert")[0]["token_ids"]
    bare = post(bert, "/v1/embeddings", input=cases("tiny-bert")[0]["text"], add_special_tokens=False)
    assert bare["data"] == post(bert, "/v1/embeddings", input=ids[1:-1])["data"]


@pytest.mark.parametrize(
    ("body", "status", "kind", "param"),
    [
        ({}, 400, "Bad Request", "body.input"),
        ({"input": None}, 400, "Bad Request", "body.input"),
        ({"input": 3}, 400, "Bad Request", "body.input"),
        ({"input": ["a", 1]}, 400, "Bad Request", "body.input.0"),
        ({"input": [["a"], [1]]}, 400, "Bad Request", "body.input.0.0"),
        ({"input": "a", "encoding_format": "int8"}, 400, "Bad Request", "body.encoding_format"),
        ({"input": "a", "truncate_prompt_tokens": -2}, 400, "Bad Request", "body.truncate_prompt_tokens"),
        ({"input": "a", "truncation_side": "top"}, 400, "Bad Request", "body.truncation_side"),
        ({"messages": "a"}, 400, "Bad Request", "body.messages"),
        ({"messages": [{"content": "a"}]}, 400, "Bad Request", "body.messages.0.role"),
        ({"input": [{"content": "a"}]}, 400, "Bad Request", "body.input.0.role"),
        ({"input": [HI, [{"role": 1}]]}, 400, "Bad Request", "body.input.1.0.role"),
        ({"messages": []}, 400, "BadRequestError", None),
        ({"input": []}, 400, "BadRequestError", None),
        ({"input": [[]]}, 400, "BadRequestError", None),
        ({"input": [5, -1]}, 400, "BadRequestError", None),
        ({"input": [220]}, 400, "BadRequestError", None),
        ({"input": "a", "truncate_prompt_tokens": 129}, 400, "BadRequestError", None),
        ({"input": "a", "truncate_prompt_tokens": 0}, 400, "BadRequestError", None),
        ({"input": "bird " * 170}, 400, "BadRequestError", "input_tokens"),
        ({"input": "word " * 3000}, 400, "BadRequestError", "input_text"),
        ({"input": "a", "normalize": True}, 400, "BadRequestError", "normalize"),
        ({"input": "a", "padding": "max_length"}, 400, "BadRequestError", "padding"),
        ({"input": "a", "cache_salt": "a@b"}, 400, "BadRequestError", "cache_salt"),
        ({"messages": [{"role": "user", "content": "hi"}]}, 400, "BadRequestError", None),
        ({"input": "a", "model": "other"}, 404, "NotFoundError", None),
    ],
)
def test_bad_embedding_request_says_what_is_wrong(
    bert: ServerProcess, body: dict[str, Any], status: int, kind: str, param: str | None
) -> None:
    answer = call(bert, "POST", "/v1/embeddings", body)
    assert (answer.status, answer.error["type"], answer.error["param"]) == (status, kind, param)


def test_fields_without_effect_are_named(bert: ServerProcess) -> None:
    body = {"input": "a", "user": "u", "priority": 3, "cache_salt": "s", "padding": "do_not_pad", "novel": 1}
    answer = call(bert, "POST", "/v1/embeddings", body)
    assert answer.status == 200
    assert answer.headers["x-martlet-ignored"] == "user, priority, novel"


def test_empty_text_is_its_special_tokens(bert: ServerProcess) -> None:
    assert post(bert, "/v1/embeddings", input=["", "a"])["usage"]["prompt_tokens"] == 5


# --- conversations, on a model that generates -------------------------------------------------------------


@pytest.fixture(scope="module")
def llama() -> Iterator[ServerProcess]:
    flags = ("--convert", "embed", "--max-num-batched-tokens", "64", "--trust-request-chat-template")
    with start_server(str(TINY_LLAMA), "--served-model-name", "m", *flags) as server:
        yield server


def test_conversation_equals_its_rendered_text(llama: ServerProcess) -> None:
    tokens = post(llama, "/tokenize", messages=HI, add_generation_prompt=False)["tokens"]
    wanted = post(llama, "/v1/embeddings", input=tokens)["data"]
    assert post(llama, "/v1/embeddings", messages=HI)["data"] == wanted
    assert post(llama, "/v1/embeddings", input=HI)["data"] == wanted
    for several in ({"messages": [HI, HI]}, {"input": [HI, HI]}):
        assert [item["embedding"] for item in post(llama, "/v1/embeddings", **several)["data"]] == [
            wanted[0]["embedding"]
        ] * 2
    opened = post(llama, "/v1/embeddings", messages=HI, add_generation_prompt=True)
    assert opened["usage"]["prompt_tokens"] == len(post(llama, "/tokenize", messages=HI)["tokens"])


def test_conversation_with_both_endings_is_refused(llama: ServerProcess) -> None:
    body = {"messages": HI, "add_generation_prompt": True, "continue_final_message": True}
    assert call(llama, "POST", "/v1/embeddings", body).status == 400


def test_mixed_conversations_are_refused(llama: ServerProcess) -> None:
    answer = call(llama, "POST", "/v1/embeddings", {"messages": [HI, HI[0]]})
    assert (answer.status, answer.error["param"]) == (400, "body.messages")


def test_long_text_in_pieces_is_the_same_text(llama: ServerProcess) -> None:
    """300 tokens take 5 steps; beside it others come and go."""
    ids = list(range(1, 301))
    [alone] = post(llama, "/v1/embeddings", input=ids)["data"]
    together = post(llama, "/v1/embeddings", input=[[5, 6], ids, [7], ids[:90]])["data"]
    assert together[1]["embedding"] == alone["embedding"]


def test_pooling_server_generates_nothing(llama: ServerProcess) -> None:
    for path in ("/v1/chat/completions", "/v1/completions", "/classify"):
        answer = call(llama, "POST", path, {"prompt": "a", "messages": HI})
        assert (answer.status, answer.json) == (404, {"detail": "Not Found"})


def test_generating_server_pools_nothing(tiny: ServerProcess) -> None:
    for path in ("/v1/embeddings", "/pooling", "/classify", "/score", "/v1/rerank"):
        answer = call(tiny, "POST", path, {"input": "a"})
        assert (answer.status, answer.json) == (404, {"detail": "Not Found"})


# --- /pooling -------------------------------------------------------------------------------------------


def test_pooling_gives_what_the_model_is_for(bert: ServerProcess, classifier: ServerProcess) -> None:
    reply = post(bert, "/pooling", input="bird", request_id="r")
    assert list(reply) == ["id", "object", "created", "model", "data", "usage"]
    assert reply["id"] == "pooling-r"
    assert list(reply["data"][0]) == ["index", "object", "data"]
    assert reply["data"][0]["data"] == post(bert, "/v1/embeddings", input="bird")["data"][0]["embedding"]
    probs = post(classifier, "/pooling", input="bird")["data"][0]["data"]
    assert probs == post(classifier, "/classify", input="bird")["data"][0]["probs"]


def test_token_embed_gives_a_vector_per_token(bert: ServerProcess) -> None:
    case = cases("tiny-bert")[0]
    [item] = post(bert, "/pooling", input=case["text"], task="token_embed", use_activation=False)["data"]
    assert len(item["data"]) == len(case["token_ids"])
    assert close(item["data"][0], case["rows"]["0"])
    body = {"input": case["text"], "task": "token_embed", "encoding_format": "bytes"}
    shape = json.loads(call(bert, "POST", "/pooling", body).headers["metadata"])["data"][0]["shape"]
    assert shape == [7, 32]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"input": "a", "task": "classify"}, "task"),
        ({"input": "a", "task": "score"}, "task"),
        ({"input": "a", "task": "novel"}, "body.task"),
        ({"input": "a", "dimensions": 8}, "dimensions"),
        ({"data": {"image": 1}}, "task"),
    ],
)
def test_bad_pooling_request_says_what_is_wrong(
    bert: ServerProcess, body: dict[str, Any], param: str
) -> None:
    answer = call(bert, "POST", "/pooling", body)
    assert (answer.status, answer.error["param"]) == (400, param)


# --- /classify ------------------------------------------------------------------------------------------


def test_classes_come_with_their_names(classifier: ServerProcess) -> None:
    texts = [case for case in cases("tiny-roberta-classify") if case["pair"] is None]
    reply = post(classifier, "/classify", input=[case["text"] for case in texts], request_id="r")
    assert reply["id"] == "classify-r"
    for item, case in zip(reply["data"], texts, strict=True):
        assert list(item) == ["index", "label", "probs", "num_classes"]
        weights = np.exp(case["logits"])
        assert close(item["probs"], weights / weights.sum())
        assert item["label"] == ["calm", "glad", "sad"][int(np.argmax(case["logits"]))]
        assert item["num_classes"] == 3
    raw = post(classifier, "/classify", input=texts[0]["text"], use_activation=False)
    assert close(raw["data"][0]["probs"], texts[0]["logits"])


def test_several_classes_score_no_pairs(classifier: ServerProcess) -> None:
    assert call(classifier, "POST", "/score", {"text_1": "a", "text_2": "b"}).status == 404
    assert call(classifier, "POST", "/v1/embeddings", {"input": "a"}).status == 404


# --- /score and /rerank -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/score", "/v1/score"])
@pytest.mark.parametrize(
    "names", [("text_1", "text_2"), ("queries", "documents"), ("queries", "items"), ("data_1", "data_2")]
)
def test_cross_encoder_reads_the_pair(reranker: ServerProcess, path: str, names: tuple[str, str]) -> None:
    case = cases("tiny-bert-rerank")[5]
    reply = post(reranker, path, **dict(zip(names, (case["text"], case["pair"]), strict=True)))
    assert list(reply) == ["id", "object", "created", "model", "data", "usage"]
    assert reply["id"].startswith("score-")
    [item] = reply["data"]
    assert list(item) == ["index", "object", "score"]
    assert close(item["score"], 1 / (1 + np.exp(-case["logits"][0])))
    assert reply["usage"]["prompt_tokens"] == len(case["token_ids"])


def test_empty_document_makes_no_pair(reranker: ServerProcess) -> None:
    pair = post(reranker, "/score", text_1="bird", text_2="")
    single = post(reranker, "/classify", input="bird")
    assert pair["data"][0]["score"] == single["data"][0]["probs"][0]
    assert pair["usage"] == single["usage"]


def test_pairs_go_one_to_many_and_many_to_many(reranker: ServerProcess, bert: ServerProcess) -> None:
    for server in (reranker, bert):
        one, two = scores(server, "bird", "nest"), scores(server, "bird", "swift")
        assert scores(server, "bird", ["nest", "swift"]) == one + two
        assert scores(server, ["bird", "bird"], ["nest", "swift"]) == one + two
        assert len(set(one + two)) == 2


def scores(server: ServerProcess, text_1: Any, text_2: Any) -> list[float]:
    return [item["score"] for item in post(server, "/score", text_1=text_1, text_2=text_2)["data"]]


def test_bi_encoder_compares_vectors(bert: ServerProcess) -> None:
    reply = post(bert, "/score", text_1="bird", text_2=["bird", "nest"])
    a, b = (item["embedding"] for item in post(bert, "/v1/embeddings", input=["bird", "nest"])["data"])
    assert [item["score"] for item in reply["data"]] == pytest.approx([1, np.dot(a, b)], abs=1e-5)
    nest = post(bert, "/v1/embeddings", input="nest")["usage"]["prompt_tokens"]
    assert reply["usage"]["prompt_tokens"] == 3 + 3 + nest  # the query once, and each document


@pytest.mark.parametrize("path", ["/rerank", "/v1/rerank", "/v2/rerank"])
def test_rerank_sorts_and_keeps_the_best(reranker: ServerProcess, path: str) -> None:
    documents = [case["pair"] for case in cases("tiny-bert-rerank") if case["pair"]]
    scores = [item["score"] for item in post(reranker, "/score", text_1="bird", text_2=documents)["data"]]
    reply = post(reranker, path, query="bird", documents=documents)
    assert list(reply) == ["id", "model", "usage", "results"]
    assert list(reply["usage"]) == ["prompt_tokens", "total_tokens"]
    assert [result["relevance_score"] for result in reply["results"]] == sorted(scores, reverse=True)
    for result in reply["results"]:
        assert result["document"] == {"text": documents[result["index"]], "multi_modal": None}
        assert result["relevance_score"] == scores[result["index"]]
    best = post(reranker, path, query="bird", documents=documents, top_n=1)["results"]
    assert best == reply["results"][:1]
    assert len(post(reranker, path, query="bird", documents="nest", top_n=9)["results"]) == 1


def test_late_interaction_sums_the_best_of_each_token(serve: Callable[..., ServerProcess]) -> None:
    server = serve(str(POOLED / "tiny-bert"), "--pooler-config", '{"task": "token_embed"}')
    query, document = (item["data"] for item in post(server, "/pooling", input=["bird", "nest"])["data"])
    [item] = post(server, "/score", text_1="bird", text_2="nest")["data"]
    assert item["score"] == pytest.approx(
        (np.array(query) @ np.array(document).T).max(axis=1).sum(), abs=1e-4
    )


def test_query_and_document_are_cut_apart(reranker: ServerProcess) -> None:
    case = cases("tiny-bert-rerank")[5]
    first = case["token_type_ids"].count(0) - 2

    def num_tokens(**fields: Any) -> int:
        reply = post(reranker, "/score", text_1=case["text"], text_2=case["pair"], **fields)
        return int(reply["usage"]["prompt_tokens"])

    assert num_tokens(max_tokens_per_doc=5) == first + 5 + 3
    assert num_tokens(max_tokens_per_query=2) == len(case["token_ids"]) - first + 2
    assert num_tokens(truncate_prompt_tokens=20) == 20


@pytest.mark.parametrize(
    ("path", "body", "status", "param"),
    [
        ("/score", {"text_1": ["a", "b"], "text_2": ["c"]}, 400, None),
        ("/score", {"text_1": [], "text_2": ["c"]}, 400, None),
        ("/score", {"text_1": "a", "text_2": []}, 400, None),
        ("/score", {"text_1": "a"}, 400, "body.queries"),
        ("/score", {"text_1": 1, "text_2": "a"}, 400, "body.text_1"),
        ("/score", {"text_1": "a", "text_2": {"content": [{"type": "text", "text": "b"}]}}, 400, None),
        ("/score", {"text_1": "a", "text_2": "b", "max_tokens_per_doc": -1}, 400, None),
        ("/score", {"text_1": "a", "text_2": "b", "max_tokens_per_query": 160}, 400, None),
        ("/score", {"text_1": "a", "text_2": "b", "truncate_prompt_tokens": 161}, 400, None),
        ("/score", {"text_1": "a", "text_2": "bird " * 170}, 400, "input_tokens"),
        ("/rerank", {"query": "a", "documents": []}, 400, None),
        ("/rerank", {"query": "a", "documents": ["b"], "top_n": -1}, 400, "body.top_n"),
        ("/rerank", {"query": "a"}, 400, "body.documents"),
        ("/rerank", {"query": "a", "documents": ["b"], "model": "other"}, 404, None),
    ],
)
def test_bad_pairs_say_what_is_wrong(
    reranker: ServerProcess, path: str, body: dict[str, Any], status: int, param: str | None
) -> None:
    answer = call(reranker, "POST", path, body)
    assert (answer.status, answer.error["param"]) == (status, param)


# --- /v2/embed ------------------------------------------------------------------------------------------


def test_cohere_reply_holds_each_type_that_was_asked_for(bert: ServerProcess) -> None:
    case = cases("tiny-bert")[0]
    types = ["float", "binary", "ubinary", "base64"]
    reply = post(bert, "/v2/embed", model="m", texts=[case["text"], "bird"], embedding_types=types)
    assert list(reply) == ["id", "embeddings", "texts", "meta", "response_type"]
    assert list(reply["embeddings"]) == types
    assert reply["texts"] == [case["text"], "bird"]
    assert reply["meta"] == {
        "api_version": {"version": "2"},
        "billed_units": {"input_tokens": 10, "image_tokens": 0},
    }
    vector, *_ = reply["embeddings"]["float"]
    assert close(vector, case["embedding"])
    assert struct.unpack("<32f", base64.b64decode(reply["embeddings"]["base64"][0])) == tuple(
        np.array(vector, "f4").tolist()
    )
    bits = np.packbits(np.array(vector) >= 0).tolist()
    assert reply["embeddings"]["ubinary"][0] == bits
    assert reply["embeddings"]["binary"][0] == [byte - 128 for byte in bits]
    assert list(post(bert, "/v2/embed", texts=["bird"])["embeddings"]) == ["float"]


def test_cohere_cuts_long_texts_where_it_is_told(bert: ServerProcess) -> None:
    text = " ".join(2 * [case["text"] for case in cases("tiny-bert") if case["pair"] is None])
    ids = post(bert, "/tokenize", prompt=text)["tokens"]

    def embed(**fields: Any) -> Any:
        return post(bert, "/v2/embed", **{"texts": [text], **fields})["embeddings"]["float"][0]

    def wanted(token_ids: list[int]) -> Any:
        return post(bert, "/v1/embeddings", input=token_ids)["data"][0]["embedding"]

    assert len(ids) > 128
    assert embed() == wanted([*ids[:127], ids[-1]])
    assert embed(truncate="START") == wanted(ids[-128:])
    assert embed(max_tokens=9) == wanted([*ids[:8], ids[-1]])
    assert (
        call(bert, "POST", "/v2/embed", {"texts": [text], "truncate": "NONE"}).error["param"]
        == "input_tokens"
    )


def test_cohere_parts_go_through_the_template(llama: ServerProcess) -> None:
    parts = [{"type": "text", "text": "hi"}]
    [got] = post(llama, "/v2/embed", inputs=[{"content": parts}])["embeddings"]["float"]
    assert got == post(llama, "/v1/embeddings", messages=HI)["data"][0]["embedding"]


def test_input_type_puts_its_prompt_before_the_text(
    tmp_path: Path, serve: Callable[..., ServerProcess]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(POOLED / "tiny-bert", folder)
    (folder / "config_sentence_transformers.json").write_text('{"prompts": {"query": "What is "}}')
    server = serve(str(folder))
    got = post(server, "/v2/embed", texts=["a martlet?"], input_type="query")
    assert close(got["embeddings"]["float"][0], cases("tiny-bert")[0]["embedding"])
    assert got["texts"] == ["a martlet?"]
    body = {"texts": ["a"], "input_type": "other"}
    assert "known: query" in call(server, "POST", "/v2/embed", body).error["message"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "body"),
        ({"texts": []}, "body"),
        ({"texts": ["a"], "images": ["data:"]}, "body"),
        ({"texts": "a"}, "body.texts"),
        ({"texts": ["a"], "embedding_types": ["int8"]}, "body.embedding_types.0"),
        ({"images": ["data:image/png;base64,"]}, None),
        ({"inputs": [{"content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]}, None),
        ({"texts": ["a"], "output_dimension": 8}, None),
        ({"texts": ["a"], "input_type": "search_query"}, None),
        ({"texts": ["a martlet"], "truncate": "NONE", "max_tokens": 2}, None),
    ],
)
def test_bad_cohere_request_says_what_is_wrong(
    bert: ServerProcess, body: dict[str, Any], param: str | None
) -> None:
    answer = call(bert, "POST", "/v2/embed", body)
    assert (answer.status, answer.error["param"]) == (400, param)


# --- clients --------------------------------------------------------------------------------------------


def test_official_client_gets_vectors(bert: ServerProcess) -> None:
    case = cases("tiny-bert")[0]
    with openai.OpenAI(base_url=bert.url, api_key="EMPTY", max_retries=0) as client:
        reply = client.embeddings.create(model="m", input=[case["text"], "bird"])  # asks for base64
        assert close(reply.data[0].embedding, case["embedding"])
        assert reply.usage.prompt_tokens == 7 + 3
        with pytest.raises(openai.BadRequestError) as caught:
            client.embeddings.create(model="m", input="a", dimensions=3)
        assert caught.value.status_code == 400


def test_own_client_speaks_every_call(
    bert: ServerProcess, reranker: ServerProcess, classifier: ServerProcess
) -> None:
    with martlet.OpenAI(base_url=bert.url) as client:
        case = cases("tiny-bert")[0]
        assert close(
            client.embeddings.create(model="m", input=case["text"]).data[0].embedding, case["embedding"]
        )
        rows = client.vllm.pooling(input="bird", task="token_embed").data[0].data
        assert np.array(rows).shape == (3, 32)
        vectors = client.vllm.cohere_embed(texts=["bird"]).embeddings.float
        assert vectors is not None
        assert close(vectors[0], client.embeddings.create(model="m", input="bird").data[0].embedding)
    with martlet.OpenAI(base_url=reranker.url) as client:
        scores = [item.score for item in client.vllm.score(text_1="bird", text_2=["nest", "swift"]).data]
        ranked = client.vllm.rerank(query="bird", documents=["nest", "swift"]).results
        assert [result.relevance_score for result in ranked] == sorted(scores, reverse=True)
    with martlet.OpenAI(base_url=classifier.url) as client:
        assert client.vllm.classify(input="bird").data[0].label in ("calm", "glad", "sad")


def test_models_tell_the_length_that_was_trained(bert: ServerProcess) -> None:
    card = call(bert, "GET", "/v1/models").json["data"][0]
    assert (card["id"], card["max_model_len"]) == ("m", 128)


def test_metrics_count_prompts(classifier: ServerProcess) -> None:
    def read(name: str) -> float:
        text = call(classifier, "GET", "/metrics").body.decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))

    done = 'vllm:request_success_total{engine="0",finished_reason="stop"'
    before = read("vllm:prompt_tokens_total"), read(done)
    num_tokens = post(classifier, "/classify", input=["bird", "nest"])["usage"]["prompt_tokens"]
    assert (read("vllm:prompt_tokens_total"), read(done)) == (before[0] + num_tokens, before[1] + 2)
    assert read("vllm:num_requests_running") == 0


def test_many_requests_at_once_get_their_own_answers(bert: ServerProcess) -> None:
    texts = [f"bird {number}" for number in range(100)]
    alone = [item["embedding"] for item in post(bert, "/v1/embeddings", input=texts)["data"]]

    async def ask() -> list[Any]:
        async with martlet.AsyncOpenAI(base_url=bert.url) as client:
            replies = await asyncio.gather(
                *(client.embeddings.create(model="m", input=text) for text in texts)
            )
        return [reply.data[0].embedding for reply in replies]

    assert [list(map(np.float32, vector)) for vector in asyncio.run(ask())] == [
        list(map(np.float32, vector)) for vector in alone
    ]


# --- flags ----------------------------------------------------------------------------------------------


def test_generate_runner_refuses_to_convert(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["serve", str(TINY_LLAMA), "--runner", "generate", "--convert", "embed"])
    assert caught.value.code == 2
    assert "leave out --runner generate" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("folder", "flags", "problem"),
    [
        (POOLED / "tiny-bert", ("--runner", "generate"), "model_type 'bert'"),
        (POOLED / "tiny-bert", ("--convert", "classify"), "is classify, and the model can embed"),
        (
            POOLED / "tiny-bert",
            ("--pooler-config", '{"pooling_type": "MAX"}'),
            "--pooler-config.pooling_type",
        ),
        (POOLED / "tiny-bert", ("--max-model-len", "161"), "--max-model-len is 161"),
    ],
)
def test_flags_that_do_not_fit_the_model_are_told_in_one_line(
    folder: Path, flags: tuple[str, ...], problem: str
) -> None:
    command = [sys.executable, "-m", "martlet", "serve", str(folder), "--port", "0", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert done.returncode == 1
    assert problem in done.stderr
    assert len(done.stderr.splitlines()) == 1
