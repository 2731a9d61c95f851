"""Log-probabilities of the prompt: right, and the same however the prompt is computed."""

from __future__ import annotations

import random

import numpy as np
import pytest

from martlet.engine.config import EngineConfig
from martlet.engine.request import SamplingParams, TokenLogprob
from martlet.engine.scheduler import MAX_SCORED_TOKENS
from tests.engine.fakes import FakeRunner, fake_engine, generate, run_to_end

TEXT = b"The quick brown fox jumps over the lazy dog, as often before."


def params(num: int | None = 2, max_tokens: int = 3) -> SamplingParams:
    return SamplingParams(max_tokens=max_tokens, temperature=0, num_prompt_logprobs=num)


def expected_logprobs(prompt: list[int], num_top: int) -> list[TokenLogprob]:
    runner = FakeRunner(1, 16)
    found = []
    for position, token_id in enumerate(prompt[1:]):
        logits = runner.logits(prompt[: position + 1]).astype(np.float64)
        logprobs = logits - np.log(np.exp(logits).sum())
        order = sorted(range(len(logprobs)), key=lambda token: (-logprobs[token], token))
        found.append(
            TokenLogprob(
                token_id,
                logprobs[token_id],
                order.index(token_id) + 1,
                [(token, logprobs[token]) for token in order[:num_top]],
            )
        )
    return found


def assert_close(found: list[TokenLogprob] | None, expected: list[TokenLogprob]) -> None:
    assert found is not None
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert (one.token_id, one.rank) == (other.token_id, other.rank)
        assert one.logprob == pytest.approx(other.logprob, abs=1e-5)
        assert [token for token, _ in one.top] == [token for token, _ in other.top]


@pytest.mark.parametrize("num_top", [0, 1, 4])
def test_prompt_logprobs_are_the_models(num_top: int) -> None:
    prompt = list(TEXT)
    [result] = generate(fake_engine(), [prompt], params(num_top))
    assert_close(result.prompt_logprobs, expected_logprobs(prompt, num_top))


def test_one_token_prompt_has_none() -> None:
    [result] = generate(fake_engine(), [[65]], params())
    assert result.prompt_logprobs is None or result.prompt_logprobs == []


def test_unasked_prompt_logprobs_are_absent() -> None:
    [result] = generate(fake_engine(), [list(TEXT)], params(None))
    assert result.prompt_logprobs is None


@pytest.mark.parametrize("max_num_batched_tokens", [5, 16, 33])
def test_chunked_prompts_give_the_same(max_num_batched_tokens: int) -> None:
    whole = generate(fake_engine(), [list(TEXT)] * 3, params())
    config = EngineConfig(max_num_seqs=4, max_num_batched_tokens=max_num_batched_tokens)
    assert generate(fake_engine(config), [list(TEXT)] * 3, params()) == whole


def test_long_prompts_are_scored_in_pieces() -> None:
    prompt = [random.Random(0).randrange(256) for _ in range(700)]
    runner = FakeRunner(200, 16)
    engine = fake_engine(num_blocks=200, max_model_len=1000, runner=runner)
    results = generate(engine, [prompt, prompt, list(TEXT)], params(1))
    assert [len(result.prompt_logprobs or ()) for result in results] == [699, 699, len(TEXT) - 1]
    assert_close(results[0].prompt_logprobs, expected_logprobs(prompt, 1))
    assert results[0] == results[1]
    assert all(sum(n for _, n in batch) <= MAX_SCORED_TOKENS + 3 for batch in runner.batches)


def test_scored_prompt_does_not_hold_up_the_others() -> None:
    prompt = [66] * 700
    engine = fake_engine(num_blocks=200, max_model_len=1000)
    engine.add("scored", prompt, params(1))
    engine.step()
    engine.add("other", [65] * 20, params(None, max_tokens=2))
    assert [output.request_id for output in engine.step()] == ["other"]
    assert run_to_end(engine)["scored"].prompt_logprobs is not None


def test_preempted_prompts_are_scored_once() -> None:
    prompts = [list(TEXT[: 20 + 5 * index]) for index in range(6)]
    calm = generate(fake_engine(), prompts, params(2, max_tokens=60))
    engine = fake_engine(
        EngineConfig(max_num_seqs=8, max_num_batched_tokens=48), num_blocks=16, max_model_len=256
    )
    assert generate(engine, prompts, params(2, max_tokens=60)) == calm
    assert engine.stats().num_preemptions > 0
