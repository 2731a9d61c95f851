"""all-MiniLM-L6-v2 on a real vLLM: embeddings, scores, rankings, beside the official client and bare HTTP."""

from __future__ import annotations

import array
import asyncio
import json
import math
import urllib.request
from typing import Any, cast

import openai
import pytest

import martlet
from tests.interop.conftest import KEY, assert_same

pytestmark = pytest.mark.interop

MODEL = "minilm"
TEXTS = ["The cat sat on the mat.", "A kitten rests on a rug.", "Shares fell on Friday."]


def over_http(url: str, path: str, body: dict[str, Any]) -> Any:
    """The JSON that vLLM answers, without any client."""
    request = urllib.request.Request(
        url.removesuffix("/v1") + path,
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json", "authorization": f"Bearer {KEY}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def stable(reply: dict[str, Any]) -> dict[str, Any]:
    """Without what differs from call to call."""
    return {name: value for name, value in reply.items() if name not in ("id", "created")}


def cosine(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)


def vectors(client: martlet.OpenAI, **params: Any) -> list[list[float]]:
    reply = client.embeddings.create(model=MODEL, input=TEXTS, **params)
    return [item.embedding for item in reply.data]


@pytest.mark.parametrize("texts", [TEXTS[0], TEXTS, [[101, 7592, 102]], [101, 7592, 102]])
def test_embeddings_equal_the_official_ones(
    ours: martlet.OpenAI, official: openai.OpenAI, texts: Any
) -> None:
    mine = ours.embeddings.create(model=MODEL, input=texts)
    theirs = official.embeddings.create(model=MODEL, input=texts)
    assert_same(stable(mine.to_dict()), stable(theirs.to_dict()))
    assert len(mine.data[0].embedding) == 384


def test_embeddings_say_what_is_alike(ours: martlet.OpenAI) -> None:
    cat, kitten, shares = vectors(ours)
    assert cosine(cat, kitten) > 0.5 > 0.2 > cosine(cat, shares)


def test_embedding_bytes_are_the_numbers(ours: martlet.OpenAI) -> None:
    item = ours.embeddings.create(model=MODEL, input="x").data[0]
    assert array.array("f", item.embedding_bytes).tolist() == item.embedding


def test_async_embeddings_are_the_same(url: str, ours: martlet.OpenAI) -> None:
    async def embed() -> list[list[float]]:
        async with martlet.AsyncOpenAI(base_url=url, api_key=KEY) as client:
            replies = await asyncio.gather(
                *(client.embeddings.create(model=MODEL, input=text) for text in TEXTS)
            )
            return [reply.data[0].embedding for reply in replies]

    # Texts of other lengths in the same batch may change the last bits.
    for alone, together in zip(asyncio.run(embed()), vectors(ours), strict=True):
        assert alone == pytest.approx(together, abs=1e-5)


@pytest.mark.parametrize("endianness", ["native", "little", "big"])
@pytest.mark.parametrize(
    ("dtype", "error"),
    [("float32", 0), ("float16", 1e-3), ("bfloat16", 1e-2), ("fp8_e4m3", 0.07), ("fp8_e5m2", 0.13)],
)
def test_vectors_in_bytes_are_the_numbers(
    ours: martlet.OpenAI, dtype: Any, error: float, endianness: Any
) -> None:
    exact = vectors(ours)
    rounded = vectors(ours, encoding_format="bytes", embed_dtype=dtype, endianness=endianness)
    for one, other in zip(exact, rounded, strict=True):
        assert other == pytest.approx(one, rel=error, abs=2e-3 if error else 1e-5)


def test_reply_in_bytes_tells_what_the_other_forms_tell(ours: martlet.OpenAI) -> None:
    plain = ours.embeddings.create(model=MODEL, input=TEXTS)
    described = ours.embeddings.create(model=MODEL, input=TEXTS, encoding_format="bytes")
    assert str(described.id).startswith("embd-")
    assert (described.model, described.usage.prompt_tokens) == (MODEL, plain.usage.prompt_tokens)
    assert [item.index for item in described.data] == [0, 1, 2]


def test_bare_bytes_are_reached_by_post(ours: martlet.OpenAI) -> None:
    body = {"model": MODEL, "input": TEXTS, "encoding_format": "bytes_only"}
    packed = array.array("f", ours.post("/embeddings", body=body, cast_to=bytes))
    assert packed[-384:].tolist() == pytest.approx(vectors(ours)[2], abs=1e-5)


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [
        ("score", "/score", {"text_1": TEXTS[0], "text_2": TEXTS[1:]}),
        ("score", "/score", {"queries": TEXTS[:2], "documents": TEXTS[1:]}),
        ("rerank", "/rerank", {"query": "pets", "documents": TEXTS, "top_n": 2}),
        ("pooling", "/pooling", {"input": TEXTS}),
        ("pooling", "/pooling", {"input": TEXTS[0], "encoding_format": "base64"}),
        ("tokenize", "/tokenize", {"prompt": TEXTS[0], "return_token_strs": True}),
        ("detokenize", "/detokenize", {"tokens": [7592, 2088]}),
        (
            "cohere_embed",
            "/v2/embed",
            {"texts": TEXTS[:1], "embedding_types": ["float", "ubinary", "base64"]},
        ),
        ("cohere_embed", "/v2/embed", {"texts": TEXTS, "truncate": "NONE"}),
    ],
)
def test_method_brings_what_the_path_answers(
    url: str, ours: martlet.OpenAI, method: str, path: str, params: dict[str, Any]
) -> None:
    reply = getattr(ours.vllm, method)(model=MODEL, **params)
    assert_same(stable(reply.to_dict()), stable(over_http(url, path, {"model": MODEL, **params})))


def test_scores_and_rankings_are_typed(ours: martlet.OpenAI) -> None:
    scores = ours.vllm.score(text_1=TEXTS[0], text_2=TEXTS[1:])
    assert scores.data[0].score > scores.data[1].score
    ranking = ours.vllm.rerank(query="pets", documents=TEXTS)
    assert [result.index for result in ranking.results][-1] == 2
    assert ranking.results[0].document.text in TEXTS[:2]


def test_pooling_in_bytes_brings_the_same_numbers(ours: martlet.OpenAI) -> None:
    plain = ours.vllm.pooling(input=TEXTS)
    described = ours.vllm.pooling(input=TEXTS, encoding_format="bytes")
    for one, other in zip(plain.data, described.data, strict=True):
        assert cast(list[float], other.data) == pytest.approx(cast(list[float], one.data), abs=1e-5)
    assert described.usage.prompt_tokens == plain.usage.prompt_tokens


@pytest.mark.parametrize(
    "params",
    [{"input": "x", "dimensions": 16}, {"input": "x", "truncate_prompt_tokens": 10**6}, {"input": []}],
)
def test_errors_are_the_official_ones(
    ours: martlet.OpenAI, official: openai.OpenAI, params: dict[str, Any]
) -> None:
    vllm_only: dict[str, Any] = {
        "extra_body": {"truncate_prompt_tokens": params.pop("truncate_prompt_tokens", None)}
    }
    with pytest.raises(openai.BadRequestError) as theirs:
        official.embeddings.create(model=MODEL, **params, **vllm_only)
    with pytest.raises(martlet.BadRequestError) as mine:
        ours.embeddings.create(model=MODEL, **params, **vllm_only)
    assert (mine.value.body, mine.value.param) == (theirs.value.body, theirs.value.param)
