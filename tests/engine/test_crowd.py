"""The same text alone and in a crowd, on the fake model: whatever the batch, chunks and preemptions."""

from __future__ import annotations

import random
from typing import Any

import pytest

from martlet.engine.config import EngineConfig
from martlet.engine.request import SamplingParams
from tests.engine.fakes import Result, collect, fake_engine, generate

VARIANTS: list[dict[str, Any]] = [
    {"temperature": 0, "num_logprobs": 3},
    {"seed": 11, "num_logprobs": 0},
    {"seed": 12, "top_p": 0.9, "top_k": 50, "num_logprobs": 2},
    {"seed": 13, "temperature": 0.7, "min_p": 0.05, "repetition_penalty": 1.2},
    {"temperature": 0, "frequency_penalty": 0.5, "presence_penalty": 0.5, "min_tokens": 4},
    {"seed": 14, "stop": ("e", "\n"), "logit_bias": {40: 3.0}},
]


def workload(count: int, seed: int = 0) -> list[tuple[list[int], SamplingParams]]:
    rng = random.Random(seed)
    return [
        (
            [rng.randrange(256) for _ in range(rng.randint(1, 90))],
            SamplingParams(max_tokens=rng.randint(4, 40), **VARIANTS[index % len(VARIANTS)]),
        )
        for index in range(count)
    ]


@pytest.fixture(scope="module")
def alone() -> list[Result]:
    """Each request on an engine of its own."""
    return [generate(fake_engine(), [prompt], params)[0] for prompt, params in workload(32)]


def run_crowd(config: EngineConfig, num_blocks: int, seed: int | None = None) -> tuple[list[Result], int]:
    """Run the workload together, arriving at once or, with a seed, at random. Return preemptions too."""
    rng = random.Random(seed)
    engine = fake_engine(config, num_blocks=num_blocks, max_model_len=160)
    results: dict[str, Result] = {}
    for index, (prompt, params) in enumerate(workload(32)):
        engine.add(f"r{index}", prompt, params)
        while seed is not None and rng.random() < 0.5:
            collect(engine, results)
    while engine.has_work:
        collect(engine, results)
    assert engine.blocks.num_used == 0
    return [results[f"r{index}"] for index in range(32)], engine.stats().num_preemptions


def test_crowd_of_32_says_the_same(alone: list[Result]) -> None:
    results, num_preemptions = run_crowd(EngineConfig(max_num_seqs=32), num_blocks=400)
    assert num_preemptions == 0
    assert results == alone


@pytest.mark.parametrize("max_num_batched_tokens", [32, 33, 50])
def test_chunked_crowd_says_the_same(alone: list[Result], max_num_batched_tokens: int) -> None:
    config = EngineConfig(max_num_seqs=32, max_num_batched_tokens=max_num_batched_tokens)
    results, _ = run_crowd(config, num_blocks=400)
    assert results == alone


@pytest.mark.parametrize("block_size", [1, 4, 16])
def test_preempted_crowd_says_the_same(alone: list[Result], block_size: int) -> None:
    config = EngineConfig(max_num_seqs=32, max_num_batched_tokens=48, block_size=block_size)
    results, num_preemptions = run_crowd(config, num_blocks=-(-160 // block_size) + 3)
    assert num_preemptions > 5
    assert results == alone


@pytest.mark.parametrize("seed", range(6))
def test_random_arrivals_say_the_same(alone: list[Result], seed: int) -> None:
    rng = random.Random(seed)
    config = EngineConfig(
        max_num_seqs=rng.randint(1, 12), max_num_batched_tokens=rng.randint(12, 60), block_size=4
    )
    results, _ = run_crowd(config, num_blocks=40 + rng.randint(0, 40), seed=seed)
    assert results == alone


@pytest.mark.parametrize("seed", range(8))
def test_random_aborts_disturb_nobody(alone: list[Result], seed: int) -> None:
    rng = random.Random(seed)
    config = EngineConfig(max_num_seqs=8, max_num_batched_tokens=40, block_size=4)
    engine = fake_engine(config, num_blocks=45, max_model_len=160)
    results: dict[str, Result] = {}
    aborted = set()
    for index, (prompt, params) in enumerate(workload(32)):
        engine.add(f"r{index}", prompt, params)
    while engine.has_work:
        collect(engine, results)
        if rng.random() < 0.2:
            victim = f"r{rng.randrange(32)}"
            if engine.abort(victim):
                aborted.add(victim)
            engine.check_invariants()
    assert aborted
    assert engine.blocks.num_used == 0
    for index, expected in enumerate(alone):
        if f"r{index}" not in aborted:
            assert results[f"r{index}"] == expected
