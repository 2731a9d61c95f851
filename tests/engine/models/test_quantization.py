"""Models with rounded weights: near the exact ones, the same on every build, batch-invariant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.config import EngineConfig, KVCacheDtype, QuantizationMode
from martlet.engine.engine import Engine
from martlet.engine.kernels import Quantization, available, load
from martlet.engine.memory import cache_block_bytes
from martlet.engine.models import build_model
from martlet.engine.models.decoder import Model
from martlet.engine.request import SamplingParams
from martlet.engine.runner import Runner
from martlet.errors import InvalidParameter
from tests.engine.fakes import Result, collect, generate
from tests.engine.models.sessions import Session

TINY_LLAMA = Path(__file__).parents[2] / "fixtures" / "tiny-llama"
PROMPT = [1, 17, 300, 42, 42, 7, 128, 99, 250, 5, 6, 31]


def quantized(quantization: Quantization | None, kernels_name: str = "reference") -> Model:
    kernels = load(kernels_name, num_threads=2)
    return build_model(load_checkpoint(TINY_LLAMA), kernels, quantization=quantization)


@pytest.mark.parametrize(("quantization", "limit"), [("int8", 0.05), ("int4", 0.5)])
def test_quantized_logits_are_near_the_exact_ones(quantization: Quantization, limit: float) -> None:
    exact = Session(quantized(None)).last_logits(PROMPT, len(PROMPT))
    rounded = Session(quantized(quantization)).last_logits(PROMPT, len(PROMPT))
    error = np.linalg.norm(rounded - exact) / np.linalg.norm(exact)
    assert 0 < error < limit


def test_four_bits_leave_eight_to_embeddings_and_head() -> None:
    weights = quantized("int4").weights
    assert (weights.embed.dtype, weights.head.dtype) == ("int8", "int8")
    assert {layer.qkv.weight.dtype for layer in weights.layers} == {"int4"}
    assert {layer.o.weight.dtype for layer in weights.layers} == {"int4"}


@pytest.mark.parametrize(
    ("quantization", "kv_cache_dtype"), [("int8", "auto"), ("int4", "float32"), ("none", "bfloat16")]
)
@pytest.mark.parametrize("kernels_name", available())
def test_rounded_crowds_say_what_each_says_alone(
    kernels_name: str, quantization: QuantizationMode, kv_cache_dtype: KVCacheDtype
) -> None:
    def engine() -> Engine:
        config = EngineConfig(
            max_model_len=64,
            max_num_batched_tokens=20,
            max_num_seqs=8,
            quantization=quantization,
            kv_cache_dtype=kv_cache_dtype,
        )
        return Engine.from_folder(TINY_LLAMA, config, load(kernels_name, num_threads=2))

    params = SamplingParams(max_tokens=6, temperature=0, num_logprobs=2)
    prompts = [PROMPT[: 1 + length] for length in range(0, 12, 2)]
    alone = [generate(engine(), [prompt], params)[0] for prompt in prompts]
    crowd, results = engine(), dict[str, Result]()
    for index, prompt in enumerate(prompts):
        crowd.add(f"r{index}", prompt, params)
    while crowd.has_work:
        collect(crowd, results)
    assert [results[f"r{index}"] for index in range(len(prompts))] == alone


def test_cache_in_bf16_takes_half_the_memory_and_moves_logits_little() -> None:
    checkpoint, kernels = load_checkpoint(TINY_LLAMA), load("reference")
    exact, rounded = (
        build_model(checkpoint, kernels),
        build_model(checkpoint, kernels, cache_dtype="bfloat16"),
    )
    assert cache_block_bytes(rounded, 16) * 2 == cache_block_bytes(exact, 16)
    assert rounded.new_cache(3, 16).nbytes * 2 == exact.new_cache(3, 16).nbytes
    wanted = Session(exact).last_logits(PROMPT, len(PROMPT))
    error = np.linalg.norm(Session(rounded).last_logits(PROMPT, len(PROMPT)) - wanted)
    assert 0 < error / np.linalg.norm(wanted) < 0.01


@pytest.mark.parametrize(
    ("quantization", "kv_cache_dtype", "expected"),
    [
        ("auto", "auto", np.float32),
        ("none", "auto", np.float32),
        ("int8", "auto", np.uint16),
        ("int4", "auto", np.uint16),
        ("int4", "float32", np.float32),
        ("none", "bfloat16", np.uint16),
    ],
)
def test_cache_is_as_exact_as_the_weights_unless_told(
    quantization: QuantizationMode, kv_cache_dtype: KVCacheDtype, expected: type
) -> None:
    config = EngineConfig(max_model_len=64, quantization=quantization, kv_cache_dtype=kv_cache_dtype)
    engine = Engine.from_folder(TINY_LLAMA, config, load("reference"))
    assert isinstance(engine.runner, Runner)
    assert {array.dtype for layer in engine.runner.cache.layers for array in layer} == {np.dtype(expected)}


def test_unknown_quantization_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="must be one of auto, none, int8, int4, got 'fp8'"):
        EngineConfig(quantization="fp8")  # type: ignore[arg-type]  # the point of the test
