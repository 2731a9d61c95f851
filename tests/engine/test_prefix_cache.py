"""Prefix caching: what is found, who shares, what goes first; and the same bytes as without it."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from martlet.engine.blocks import most_blocks_at_once
from martlet.engine.config import EngineConfig, SpeculativeConfig
from martlet.engine.engine import Engine
from martlet.engine.kernels import F32, load
from martlet.engine.prefix import PrefixHasher
from martlet.engine.request import Output, Request, SamplingParams
from martlet.engine.scheduler import Batch
from martlet.errors import EngineFailed
from tests.engine.fakes import (
    FakeRunner,
    ParrotRunner,
    Result,
    WindowedRunner,
    collect,
    every_fixture,
    fake_engine,
    generate,
    run_to_end,
)

GREEDY = SamplingParams(max_tokens=4, temperature=0, num_logprobs=1)
PROMPT = list(range(50))


def small_engine(num_blocks: int = 64, **options: Any) -> Engine:
    return fake_engine(EngineConfig(block_size=4, **options), num_blocks=num_blocks, max_model_len=100)


def cached_tokens(engine: Engine, prompt: list[int], params: SamplingParams = GREEDY, **options: Any) -> int:
    """Run a prompt to its end; how much of it was found."""
    engine.add("asked", prompt, params, **options)
    outputs: list[Output] = []
    while not outputs:
        outputs = [output for output in engine.step() if output.request_id == "asked"]
    run_to_end(engine)
    return outputs[0].num_cached_tokens


# --- what is found ------------------------------------------------------------------------------------------


def test_repeated_prompt_is_found_but_for_one_token() -> None:
    engine = small_engine()
    assert cached_tokens(engine, PROMPT[:16]) == 0
    assert cached_tokens(engine, PROMPT[:16]) == 12  # a token must be computed, and blocks are whole
    assert cached_tokens(engine, PROMPT[:17]) == 16
    assert cached_tokens(engine, PROMPT[:3]) == 0


def test_prompt_is_found_up_to_the_first_difference() -> None:
    engine = small_engine()
    cached_tokens(engine, PROMPT)
    assert cached_tokens(engine, [*PROMPT[:22], 99, *PROMPT[23:]]) == 20
    assert cached_tokens(engine, PROMPT[4:]) == 0  # the same tokens at other positions


def test_output_is_found_by_the_next_turn() -> None:
    engine = small_engine()
    [first] = generate(engine, [PROMPT[:10]], SamplingParams(max_tokens=20, temperature=0))
    turn = [*PROMPT[:10], *first.token_ids, 1, 2, 3]
    assert cached_tokens(engine, turn) == 28  # 29 tokens were computed: the last was only sampled


def test_salt_separates_prompts() -> None:
    engine = small_engine()
    cached_tokens(engine, PROMPT, cache_salt="a")
    assert cached_tokens(engine, PROMPT) == 0
    assert cached_tokens(engine, PROMPT, cache_salt="b") == 0
    assert cached_tokens(engine, PROMPT, cache_salt="a") == 48


def test_no_caching_finds_nothing() -> None:
    engine = small_engine(enable_prefix_caching=False)
    assert [cached_tokens(engine, PROMPT) for _ in range(2)] == [0, 0]
    assert engine.stats().prefix_queries == 0


def test_reset_finds_nothing_more() -> None:
    engine = small_engine()
    cached_tokens(engine, PROMPT)
    engine.reset_prefix_cache()
    engine.check_invariants()
    assert [cached_tokens(engine, PROMPT) for _ in range(2)] == [0, 48]


def test_reader_of_prompt_logits_computes_all() -> None:
    engine = small_engine()
    cached_tokens(engine, PROMPT)
    params = SamplingParams(max_tokens=4, temperature=0, num_prompt_logprobs=1)
    assert cached_tokens(engine, PROMPT, params) == 0
    assert engine.stats().prefix_queries == len(PROMPT)


def test_stats_count_queries_and_hits() -> None:
    engine = small_engine()
    for _ in range(3):
        cached_tokens(engine, PROMPT)
    stats = engine.stats()
    assert (stats.prefix_queries, stats.prefix_hits) == (150, 96)
    assert (stats.prompt_tokens, stats.cached_prompt_tokens) == (150, 96)


# --- who shares ---------------------------------------------------------------------------------------------


def test_twins_in_one_step_share_their_blocks() -> None:
    engine = small_engine()
    for name in ("first", "second", "third"):
        engine.add(name, PROMPT, GREEDY)
    outputs = engine.step()
    assert [output.num_cached_tokens for output in outputs] == [0, 48, 48]
    assert engine.scheduler.blocks.num_used == 12 + 3
    engine.check_invariants()
    results = list(run_to_end(engine).values())
    assert results[0] == results[1] == results[2]


def test_running_request_is_found_block_by_block() -> None:
    engine = small_engine(max_num_batched_tokens=64)
    engine.add("first", PROMPT[:6], SamplingParams(max_tokens=40, temperature=0))
    for _ in range(11):
        engine.step()
    known = engine.scheduler.running["first"].token_ids[:16]
    assert cached_tokens(engine, [*known, 5]) == 16


def test_failed_step_leaves_nothing_to_find() -> None:
    class Breaking(FakeRunner):
        def run(self, batch: Batch) -> F32:
            if len(self.batches) == 1:
                self.batches.append([])
                raise RuntimeError("out of luck")
            return super().run(batch)

    engine = fake_engine(EngineConfig(block_size=4), runner=Breaking(64, 4), num_blocks=64)
    cached_tokens(engine, PROMPT[:1], SamplingParams(max_tokens=1))
    engine.add("lost", PROMPT, GREEDY)
    with pytest.raises(EngineFailed, match="out of luck"):
        engine.step()
    engine.abort_all("error")
    engine.check_invariants()
    assert cached_tokens(engine, PROMPT) == 0


# --- what goes first ----------------------------------------------------------------------------------------


def test_longest_unused_goes_first() -> None:
    engine = small_engine(num_blocks=26)
    old, new = [1] * 21, [2] * 21
    cached_tokens(engine, old)
    cached_tokens(engine, new)
    cached_tokens(engine, [3] * 61)  # 17 blocks; with 10 kept, 16 are empty
    assert cached_tokens(engine, old) == 16  # its end went before its beginning
    engine = small_engine(num_blocks=26)
    cached_tokens(engine, old)
    cached_tokens(engine, new)
    cached_tokens(engine, old)
    cached_tokens(engine, [3] * 77)
    assert cached_tokens(engine, old) == 20
    assert cached_tokens(engine, new) == 0


def test_shared_blocks_are_not_taken_from_those_who_run() -> None:
    engine = small_engine(num_blocks=25, max_num_seqs=4)
    for index in range(4):
        engine.add(f"r{index}", [*PROMPT, index], SamplingParams(max_tokens=30, temperature=0))
    crowd = run_to_end(engine)
    assert engine.stats().num_preemptions > 0
    for index in range(4):
        params = SamplingParams(max_tokens=30, temperature=0)
        [alone] = generate(small_engine(enable_prefix_caching=False), [[*PROMPT, index]], params)
        assert crowd[f"r{index}"] == alone


def test_hash_depends_on_all_before_it() -> None:
    hasher = PrefixHasher(2)

    def hashes(tokens: list[int], keys: tuple[object, ...] = ()) -> list[bytes]:
        request = Request("r", tokens, len(tokens), GREEDY, cache_keys=keys)
        return hasher.catch_up(request, len(tokens) // 2)

    assert hashes([1, 2, 3, 4, 5])[:1] == hashes([1, 2])
    assert len({*hashes([1, 2, 1, 2]), *hashes([3, 2, 1, 2]), *hashes([1, 2, 1, 2], ("a",))}) == 6
    assert hashes([1, 2]) != PrefixHasher(2).catch_up(Request("r", [1, 2], 2, GREEDY), 1)


# --- windows ------------------------------------------------------------------------------------------------


def windowed_engine(num_blocks: int, **options: Any) -> Engine:
    """Each token sees itself and seven before it, in blocks of four."""
    config = EngineConfig(block_size=4, **options)
    runner = WindowedRunner(num_blocks, 4, window=8)
    return fake_engine(config, num_blocks=num_blocks, max_model_len=100, runner=runner, window=8)


def test_blocks_before_the_window_go_back() -> None:
    engine = windowed_engine(num_blocks=8, max_num_batched_tokens=8, max_num_seqs=2)
    engine.add("long", PROMPT, SamplingParams(max_tokens=40, temperature=0))
    most = 0
    while engine.has_work:
        engine.step()
        engine.check_invariants()
        most = max(most, engine.blocks.num_used)
    assert 3 <= most <= 5
    assert engine.stats().num_preemptions == 0


def test_sequences_longer_than_the_cache_run_beside_each_other() -> None:
    engine = windowed_engine(num_blocks=12, max_num_batched_tokens=8, max_num_seqs=2)
    params = SamplingParams(max_tokens=40, temperature=0)
    together = generate(engine, [PROMPT, PROMPT[5:]], params)
    assert engine.stats().num_preemptions == 0
    fresh = {"num_blocks": 64, "enable_prefix_caching": False}
    alone = [generate(windowed_engine(**fresh), [prompt], params)[0] for prompt in (PROMPT, PROMPT[5:])]
    assert together == alone


def test_prompt_is_found_by_the_blocks_that_its_next_token_sees() -> None:
    engine = windowed_engine(num_blocks=8, max_num_batched_tokens=8, max_num_seqs=2)
    assert cached_tokens(engine, PROMPT[:41]) == 0
    assert engine.blocks.find(first_hash(engine, PROMPT)) is None  # its memory was needed for the end
    assert cached_tokens(engine, PROMPT[:41]) == 40
    assert cached_tokens(engine, [*PROMPT[:39], 99, 98]) == 36
    assert cached_tokens(engine, PROMPT[:17]) == 0


def first_hash(engine: Engine, prompt: list[int]) -> bytes:
    hasher = engine.scheduler._hasher
    assert hasher is not None
    return hasher.catch_up(Request("r", prompt, len(prompt), GREEDY), 1)[0]


# --- the same bytes -----------------------------------------------------------------------------------------

VARIANTS: list[dict[str, Any]] = [
    {"temperature": 0, "num_logprobs": 3},
    {"seed": 11, "num_logprobs": 0},
    {"seed": 12, "top_p": 0.9, "top_k": 50},
    {"temperature": 0, "frequency_penalty": 0.5, "repetition_penalty": 1.2, "num_logprobs": 1},
    {"seed": 14, "stop": ("e", "\n")},
]


def random_prompt(rng: random.Random) -> list[int]:
    """One of few beginnings, cut anywhere, and one of few ends: many hits of all lengths."""
    start = [rng.randrange(4)] * 40
    return [*start[: rng.randint(1, 40)], *([rng.randrange(2)] * rng.randint(0, 20))]


@pytest.mark.parametrize(
    ("seed", "window"), [*((seed, None) for seed in range(10)), (20, 2), (11, 7), (12, 16), (13, 33)]
)
def test_random_traffic_keeps_invariants_and_bytes(seed: int, window: int | None) -> None:
    """Arrivals, aborts, preemptions, hits, shared blocks, evictions, wrong guesses: checked at each step."""

    def runner(num_blocks: int, block_size: int) -> FakeRunner:
        if window is None:
            return ParrotRunner(num_blocks, block_size)
        return WindowedRunner(num_blocks, block_size, window)

    rng = random.Random(seed)
    config = EngineConfig(
        block_size=rng.choice([1, 2, 4, 16]),
        max_num_seqs=rng.randint(2, 8),
        max_num_batched_tokens=rng.randint(8, 80),
        speculative_config=SpeculativeConfig(rng.randint(1, 5), 2, 1) if seed % 2 else None,
    )
    num_blocks = most_blocks_at_once(config, 100, window) + rng.randint(0, 12 if window is None else 4)
    engine = fake_engine(
        config,
        num_blocks=num_blocks,
        max_model_len=100,
        runner=runner(num_blocks, config.block_size),
        window=window,
    )
    plain = fake_engine(EngineConfig(enable_prefix_caching=False), max_model_len=100, runner=runner(256, 16))
    asked: dict[str, tuple[list[int], SamplingParams]] = {}
    results: dict[str, Result] = {}
    aborted = set()
    for step in range(1000):
        if len(engine.scheduler.waiting) < 4 and rng.random() < 0.4:
            params = SamplingParams(max_tokens=rng.randint(1, 30), **rng.choice(VARIANTS))
            asked[f"r{step}"] = (random_prompt(rng), params)
            engine.add(f"r{step}", *asked[f"r{step}"], cache_salt=rng.choice([None, None, "salt"]))
        if asked and rng.random() < 0.03:
            victim = rng.choice(list(asked)[-12:])
            if engine.abort(victim):
                aborted.add(victim)
            engine.check_invariants()
        if rng.random() < 0.002:
            engine.reset_prefix_cache()
        collect(engine, results)
    while engine.has_work:
        collect(engine, results)
    assert engine.blocks.num_used == 0
    stats = engine.stats()
    assert stats.prefix_hits > 200
    assert stats.num_preemptions > 5
    finished = [name for name in asked if name not in aborted]
    for name in rng.sample(finished, min(40, len(finished))):
        prompt, params = asked[name]
        [alone] = generate(plain, [prompt], params)
        assert replace(results[name], pieces=alone.pieces) == alone
    if stats.accepted_at is not None:
        assert 0 < sum(stats.accepted_at) < stats.num_draft_tokens


@pytest.mark.parametrize(("folder", "kernels_name"), every_fixture())
def test_cached_is_fresh_to_the_bit(folder: Path, kernels_name: str) -> None:
    """A prompt found whole, in part, beside its first computation, and again after a chat's turn."""
    kernels = load(kernels_name, 1)
    fresh = Engine.from_folder(folder, EngineConfig(max_model_len=128, enable_prefix_caching=False), kernels)
    cached = Engine.from_folder(folder, EngineConfig(max_model_len=128), kernels)
    params = SamplingParams(max_tokens=8, temperature=0, num_logprobs=5, ignore_eos=True)
    prompt = [3 + index * 7 % 200 for index in range(70)]
    [first] = generate(fresh, [prompt], params)
    turn = [*prompt, *first.token_ids, 9, 8, 7]
    [second] = generate(fresh, [turn], params)
    [cut] = generate(fresh, [prompt[:40]], params)
    assert generate(cached, [prompt, prompt], params) == [first, first]
    assert generate(cached, [prompt], params) == [first]
    assert generate(cached, [turn, prompt[:40]], params) == [second, cut]
    assert cached.stats().prefix_hits == 64 * 3 + 32
