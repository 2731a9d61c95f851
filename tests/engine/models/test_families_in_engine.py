"""Every family in the whole engine: the same bits alone, in a crowd, in chunks, cached and with guesses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from martlet.engine.config import EngineConfig, SpeculativeConfig
from martlet.engine.engine import Engine
from martlet.engine.kernels import available
from martlet.engine.models.decoder import Model
from martlet.engine.request import SamplingParams
from martlet.engine.runner import Runner
from tests.engine.fakes import Result, byte_tokenizer, generate
from tests.engine.models.random_checkpoint import FamilyFixture, fixture_names, write_checkpoint
from tests.engine.models.sessions import load_model

MAX_MODEL_LEN = 96
NUM_BLOCKS = 32
PARAMS = [
    SamplingParams(max_tokens=12, temperature=0, num_logprobs=2, ignore_eos=True),
    SamplingParams(max_tokens=12, temperature=0.5, seed=3, num_logprobs=0, ignore_eos=True),
]


def engine_on(model: Model, **options: Any) -> Engine:
    config = EngineConfig(max_num_seqs=8, max_num_batched_tokens=40)
    config = replace(config, **options)
    return Engine(
        Runner(model, NUM_BLOCKS, config.block_size),
        byte_tokenizer(),
        config,
        num_blocks=NUM_BLOCKS,
        max_model_len=MAX_MODEL_LEN,
        vocab_size=model.vocab_size,
        window=model.window,
    )


def without_pieces(results: list[Result]) -> list[Result]:
    return [replace(result, pieces=[]) for result in results]


@pytest.mark.parametrize("name", fixture_names())
def test_family_says_the_same_however_it_is_run(name: str, tmp_path: Path) -> None:
    fixture = FamilyFixture.read(name)
    write_checkpoint(tmp_path, fixture.config, fixture.tensors, fixture.seed)
    model = load_model(tmp_path, available()[0])
    source = fixture.prompt_token_ids
    # Longer than a block, a chunk and, where there is one, the window; the second shares half of the first.
    long = (source * 70)[:70]
    prompts = [long, [*long[:36], *source[::-1]][:50], source[:5] * 5]
    alone = engine_on(model, enable_prefix_caching=False, max_num_batched_tokens=128)
    together = engine_on(model, speculative_config=SpeculativeConfig(3, 2, 1))
    for params in PARAMS:
        expected = [result for prompt in prompts for result in generate(alone, [prompt], params)]
        for _ in range(2):
            assert without_pieces(generate(together, prompts, params)) == without_pieces(expected)
    stats = together.stats()
    assert stats.prefix_hits >= 3 * (64 + 48 + 16)
    assert stats.num_draft_tokens > 0
