"""The same bytes alone and in a crowd, on a real checkpoint with all kernels: tokens, text, logprobs."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from martlet.engine.config import EngineConfig
from martlet.engine.engine import Engine
from martlet.engine.kernels import available, load
from martlet.engine.memory import cache_block_bytes
from martlet.engine.request import SamplingParams
from martlet.engine.runner import Runner
from tests.engine.fakes import Result, collect, generate

TINY_LLAMA = Path(__file__).parents[1] / "fixtures" / "tiny-llama"

VARIANTS: list[dict[str, Any]] = [
    {"temperature": 0, "num_logprobs": 5},
    {"seed": 1, "num_logprobs": 1},
    {"seed": 2, "temperature": 0.8, "top_p": 0.9, "top_k": 40, "num_logprobs": 0},
    {"temperature": 0, "repetition_penalty": 1.3, "presence_penalty": 0.5, "num_logprobs": 2},
    {"seed": 3, "min_p": 0.02, "stop": ("th", "e ")},
    {"seed": 4, "num_prompt_logprobs": 2, "bad_words": ((101,), (102, 103)), "logprob_token_ids": (7, 3)},
]
WORDS = "the cat sat on a mat, while 12 birds sang. hello world! how are you? I am fine; thank you.".split()


@pytest.fixture(params=available(), scope="module")
def kernels_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def new_engine(kernels_name: str, num_threads: int = 1, **options: Any) -> Engine:
    config = EngineConfig(max_model_len=200, max_num_seqs=32, **options)
    return Engine.from_folder(TINY_LLAMA, config, kernels=load(kernels_name, num_threads))


def workload(engine: Engine) -> list[tuple[list[int], SamplingParams]]:
    rng = random.Random(0)
    work = []
    for index in range(32):
        prompt = engine.tokenizer.encode(" ".join(rng.choices(WORDS, k=rng.randint(1, 25))))
        work.append((prompt, SamplingParams(max_tokens=24, **VARIANTS[index % len(VARIANTS)])))
    return work


@pytest.fixture(scope="module")
def alone(kernels_name: str) -> list[Result]:
    """Each request when nothing else runs, its prompt in one piece."""
    engine = new_engine(kernels_name)
    return [generate(engine, [prompt], params)[0] for prompt, params in workload(engine)]


def run_crowd(engine: Engine) -> list[Result]:
    results: dict[str, Result] = {}
    work = workload(engine)
    for index, (prompt, params) in enumerate(work):
        engine.add(f"r{index}", prompt, params)
    while engine.has_work:
        collect(engine, results)
    return [results[f"r{index}"] for index in range(len(work))]


def test_alone_says_something(alone: list[Result]) -> None:
    assert len({tuple(result.token_ids) for result in alone}) > 20
    assert {result.finish_reason for result in alone} >= {"length"}


def test_crowd_of_32_is_identical(kernels_name: str, alone: list[Result]) -> None:
    assert run_crowd(new_engine(kernels_name)) == alone


@pytest.mark.parametrize("max_num_batched_tokens", [33, 47])
def test_chunked_crowd_is_identical(
    kernels_name: str, alone: list[Result], max_num_batched_tokens: int
) -> None:
    assert run_crowd(new_engine(kernels_name, max_num_batched_tokens=max_num_batched_tokens)) == alone


def test_chunked_alone_is_identical(kernels_name: str, alone: list[Result]) -> None:
    config = EngineConfig(max_model_len=200, max_num_seqs=1, max_num_batched_tokens=5)
    engine = Engine.from_folder(TINY_LLAMA, config, kernels=load(kernels_name, 1))
    for (prompt, params), expected in zip(workload(engine)[:10], alone, strict=False):
        assert generate(engine, [prompt], params) == [expected]


def test_preempted_crowd_is_identical(kernels_name: str, alone: list[Result]) -> None:
    roomy = new_engine(kernels_name)
    assert isinstance(roomy.runner, Runner)
    kv_cache_bytes = 20 * cache_block_bytes(roomy.runner.model, 16)
    engine = new_engine(kernels_name, kv_cache_bytes=kv_cache_bytes, max_num_batched_tokens=64)
    assert engine.blocks.num_blocks == 20
    assert run_crowd(engine) == alone
    assert engine.stats().num_preemptions > 5


def test_threads_change_nothing(kernels_name: str, alone: list[Result]) -> None:
    assert run_crowd(new_engine(kernels_name, num_threads=3)) == alone


def test_reused_engine_is_identical(kernels_name: str, alone: list[Result]) -> None:
    engine = new_engine(kernels_name)
    run_crowd(engine)
    assert run_crowd(engine) == alone
