"""Requests with adapters in the engine: each has its own, and none notices another's."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from martlet.engine.config import EngineConfig, SpeculativeConfig
from martlet.engine.engine import Engine
from martlet.engine.kernels import available, load
from martlet.engine.lora import LoRAAdapter, LoRARegistry
from martlet.engine.memory import cache_block_bytes
from martlet.engine.request import SamplingParams
from martlet.engine.runner import Runner
from martlet.errors import AdapterError, InvalidParameter
from tests.engine.fakes import ParrotRunner, Result, collect, fake_engine, run_to_end
from tests.engine.models.random_adapter import MODULES, TINY_LLAMA, tiny_adapter

GREEDY = SamplingParams(max_tokens=12, temperature=0, num_logprobs=2, ignore_eos=True)
MORE_MODULES = {**MODULES, "mlp.gate_proj": 16, "self_attn.o_proj": 5}
NAMES = (None, "wide", "narrow", "other")
PROMPT = [(7 * i) % 340 for i in range(40)]


@pytest.fixture(scope="session")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Folders by name: two that change the same modules, one that changes few."""
    root = tmp_path_factory.mktemp("adapters")
    return {
        "wide": str(tiny_adapter(root / "wide")),
        "other": str(
            tiny_adapter(root / "other", 2, {**MODULES, "mlp.gate_proj": 16, "self_attn.o_proj": 5})
        ),
        "narrow": str(tiny_adapter(root / "narrow", 3, {"self_attn.k_proj": 2})),
    }


@pytest.fixture(params=available(), scope="module")
def kernels_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_engine(adapters: dict[str, str]) -> Callable[..., Engine]:
    """Makes engines on tiny-llama with all adapters."""

    def new(kernels_name: str = available()[0], num_threads: int = 1, **options: Any) -> Engine:
        settings = {"max_model_len": 200, "max_num_seqs": 16, "enable_lora": True} | options
        engine = Engine.from_folder(TINY_LLAMA, EngineConfig(**settings), load(kernels_name, num_threads))
        for name, folder in adapters.items():
            loras_of(engine).load(name, folder)
        return engine

    return new


def loras_of(engine: Engine) -> LoRARegistry:
    assert engine.loras is not None
    return engine.loras


def adapter_of(engine: Engine, name: str | None) -> LoRAAdapter | None:
    if name is None:
        return None
    adapter = loras_of(engine).get(name)
    assert adapter is not None
    return adapter


def run_one(engine: Engine, prompt: list[int], name: str | None, params: SamplingParams = GREEDY) -> Result:
    engine.add("r", prompt, params, lora=adapter_of(engine, name))
    return run_to_end(engine)["r"]


def workload() -> list[tuple[list[int], str | None, SamplingParams]]:
    rng = random.Random(1)
    variants: list[dict[str, Any]] = [
        {"temperature": 0},
        {"seed": 5},
        {"temperature": 0, "num_prompt_logprobs": 1},
    ]
    return [
        (
            [*PROMPT[: rng.randint(1, 40)], *(rng.randrange(340) for _ in range(rng.randint(1, 20)))],
            NAMES[index % 4],
            SamplingParams(max_tokens=10, num_logprobs=1, ignore_eos=True, **variants[index % 3]),
        )
        for index in range(16)
    ]


def run_crowd(engine: Engine) -> list[Result]:
    for index, (prompt, name, params) in enumerate(workload()):
        engine.add(f"r{index}", prompt, params, lora=adapter_of(engine, name))
    results = run_to_end(engine)
    return [results[f"r{index}"] for index in range(len(results))]


def test_every_adapter_says_something_of_its_own(new_engine: Callable[..., Engine]) -> None:
    engine = new_engine()
    results = [run_one(engine, PROMPT, name) for name in NAMES]
    assert len({tuple(result.token_ids) for result in results}) == 4


@pytest.mark.parametrize("quantization", ["none", "int8", "int4"])
def test_crowd_says_what_each_says_alone(
    new_engine: Callable[..., Engine], kernels_name: str, quantization: str
) -> None:
    alone = new_engine(kernels_name, quantization=quantization, enable_prefix_caching=False)
    wanted = [run_one(alone, *each) for each in workload()]
    for options in (
        {},
        {"num_threads": 3, "max_num_batched_tokens": 19},
        {"speculative_config": SpeculativeConfig(3, 2, 1)},
    ):
        crowd = new_engine(kernels_name, quantization=quantization, **options)
        for _ in range(2):  # the second time from the prefix cache
            got = run_crowd(crowd)
            assert [(each.token_ids, each.logprobs, each.prompt_logprobs) for each in got] == [
                (each.token_ids, each.logprobs, each.prompt_logprobs) for each in wanted
            ]


@pytest.mark.parametrize("quantization", ["none", "int8", "int4"])
def test_base_request_has_the_bits_of_an_engine_without_lora(
    new_engine: Callable[..., Engine], kernels_name: str, quantization: Any
) -> None:
    config = EngineConfig(max_model_len=200, max_num_seqs=16, quantization=quantization)
    plain = Engine.from_folder(TINY_LLAMA, config, load(kernels_name, 1))
    assert plain.loras is None
    got = run_crowd(new_engine(kernels_name, quantization=quantization))
    for (prompt, name, params), result in zip(workload(), got, strict=True):
        if name is None:
            plain.add("r", prompt, params)
            assert run_to_end(plain)["r"] == result


def test_preempted_crowd_is_identical(new_engine: Callable[..., Engine]) -> None:
    wanted, runner = run_crowd(new_engine()), new_engine().runner
    assert isinstance(runner, Runner)
    kv_cache_bytes = 14 * cache_block_bytes(runner.model, 16)
    engine = new_engine(kv_cache_bytes=kv_cache_bytes, max_num_batched_tokens=64)
    assert run_crowd(engine) == wanted
    assert engine.stats().num_preemptions > 3


# --- the prefix cache ---------------------------------------------------------------------------------


def num_cached(engine: Engine, name: str | None) -> int:
    engine.add("r", PROMPT, GREEDY, lora=adapter_of(engine, name))
    [output] = engine.step()
    run_to_end(engine)
    return output.num_cached_tokens


def test_adapters_share_no_cached_blocks(new_engine: Callable[..., Engine]) -> None:
    engine = new_engine()
    assert [num_cached(engine, name) for name in NAMES] == [0, 0, 0, 0]
    assert [num_cached(engine, name) for name in NAMES] == [32, 32, 32, 32]


def test_adapter_that_is_loaded_again_shares_none_with_its_former_self(
    new_engine: Callable[..., Engine], adapters: dict[str, str]
) -> None:
    engine = new_engine()
    first = run_one(engine, PROMPT, "wide")
    loras_of(engine).load("wide", adapters["other"])
    assert num_cached(engine, "wide") == 0
    assert run_one(engine, PROMPT, "wide") == run_one(engine, PROMPT, "other") != first


# --- unloading ----------------------------------------------------------------------------------------


def test_request_keeps_an_adapter_that_is_unloaded(new_engine: Callable[..., Engine]) -> None:
    engine = new_engine()
    wanted = run_one(engine, PROMPT, "wide")
    engine.reset_prefix_cache()
    engine.add("running", PROMPT, GREEDY, lora=adapter_of(engine, "wide"))
    results: dict[str, Result] = {}
    collect(engine, results)
    engine.add("waiting", PROMPT, GREEDY, lora=adapter_of(engine, "wide"))
    removed = loras_of(engine).remove("wide")
    assert removed is not None
    key = removed.cache_key
    del removed
    assert loras_of(engine).get("wide") is None
    assert loras_of(engine).remove("wide") is None
    assert is_held(key)
    while engine.has_work:
        collect(engine, results)
    assert results["running"] == results["waiting"] == wanted
    assert not is_held(key)


def is_held(cache_key: str) -> bool:
    gc.collect()
    return any(isinstance(each, LoRAAdapter) and each.cache_key == cache_key for each in gc.get_objects())


# --- limits -------------------------------------------------------------------------------------------


def test_requests_beyond_max_loras_wait_their_turn(new_engine: Callable[..., Engine]) -> None:
    wanted = run_crowd(new_engine())
    engine = new_engine(max_loras=1)
    assert run_crowd(engine) == wanted
    for name in ("wide", "wide", None, "other", "wide"):
        engine.add(f"{name}{len(engine.scheduler.waiting)}", PROMPT, GREEDY, lora=adapter_of(engine, name))
    engine.step()
    assert list(engine.scheduler.running) == ["wide0", "wide1", "None2"]
    stats = engine.stats()
    assert (stats.running_loras, stats.waiting_loras) == (("wide",), ("other", "wide"))
    run_to_end(engine)
    assert engine.stats().running_loras == engine.stats().waiting_loras == ()


def test_adapters_beyond_max_cpu_loras_are_refused(
    new_engine: Callable[..., Engine], adapters: dict[str, str]
) -> None:
    engine = new_engine(max_cpu_loras=3)
    with pytest.raises(AdapterError, match="3 are loaded, which is max_cpu_loras: unload one"):
        loras_of(engine).load("fourth", adapters["wide"])
    loras_of(engine).load("wide", adapters["narrow"])  # in place of another
    loras_of(engine).remove("wide")
    loras_of(engine).load("fourth", adapters["wide"])
    assert [adapter.name for adapter in loras_of(engine)] == ["other", "narrow", "fourth"]


def test_rank_above_max_lora_rank_is_refused(
    new_engine: Callable[..., Engine], adapters: dict[str, str]
) -> None:
    engine = new_engine()
    assert [adapter.rank for adapter in loras_of(engine)] == [4, 16, 2]
    small = Engine.from_folder(TINY_LLAMA, EngineConfig(max_lora_rank=15, enable_lora=True))
    with pytest.raises(AdapterError, match=r"rank 16 of .*gate_proj is above max_lora_rank, 15"):
        loras_of(small).load("other", adapters["other"])
    assert len(loras_of(small)) == 0


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"max_loras": 0}, "max_loras: must be at least 1, got 0"),
        ({"max_lora_rank": 0}, "max_lora_rank: must be at least 1, got 0"),
        ({"max_cpu_loras": 2, "max_loras": 3}, "max_cpu_loras: is 2, and max_loras is 3"),
    ],
)
def test_limits_that_make_no_sense_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidParameter, match=problem):
        EngineConfig(enable_lora=True, **options)


# --- chance -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_random_traffic_mixes_no_adapters(seed: int) -> None:
    """Arrivals, aborts, preemptions, hits, adapters that wait: the invariants are checked at each step."""
    rng = random.Random(seed)
    loras = [None, *(LoRAAdapter(f"a{rank}", "", rank, ()) for rank in (1, 2, 3))]
    config = EngineConfig(
        block_size=4,
        max_num_seqs=rng.randint(5, 8),
        max_num_batched_tokens=rng.randint(16, 60),
        max_loras=rng.choice([1, 2, None]),
        speculative_config=SpeculativeConfig(2, 2, 1) if seed % 2 else None,
    )
    engine = fake_engine(config, num_blocks=26, max_model_len=100, runner=ParrotRunner(26, 4))
    plain = fake_engine(
        EngineConfig(enable_prefix_caching=False), max_model_len=100, runner=ParrotRunner(256, 16)
    )
    asked: dict[str, tuple[list[int], SamplingParams, LoRAAdapter | None]] = {}
    results: dict[str, Result] = {}
    aborted = set()
    for step in range(600):
        if len(engine.scheduler.waiting) < 4 and rng.random() < 0.4:
            prompt = [rng.randrange(2)] * rng.randint(1, 40)
            params = SamplingParams(max_tokens=rng.randint(1, 50), temperature=0, num_logprobs=1)
            lora = rng.choice(loras)
            asked[f"r{step}"] = (prompt, params, lora)
            engine.add(f"r{step}", prompt, params, lora=lora)
        if asked and rng.random() < 0.03 and engine.abort(victim := rng.choice(list(asked)[-12:])):
            aborted.add(victim)
        collect(engine, results)
    while engine.has_work:
        collect(engine, results)
    assert engine.blocks.num_used == 0
    assert engine.stats().prefix_hits > 80
    assert engine.stats().num_preemptions > 2
    finished = [name for name in asked if name not in aborted]
    for name in rng.sample(finished, min(40, len(finished))):
        prompt, params, lora = asked[name]
        plain.add("r", prompt, params, lora=lora)
        alone = run_to_end(plain)["r"]
        assert replace(results[name], pieces=alone.pieces) == alone


# --- no cost ------------------------------------------------------------------------------------------


def test_batch_without_adapters_calls_what_it_would_without_lora(
    new_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = new_engine()
    monkeypatch.setattr("martlet.engine.lora.adapter.LoRALinear.add", lambda *_: pytest.fail("called"))
    monkeypatch.setattr("martlet.engine.runner._by_adapter", lambda *_: pytest.fail("called"))
    run_one(engine, PROMPT, None)
