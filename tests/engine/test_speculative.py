"""Guessing tokens ahead: what is guessed, what of it is kept, and the same bytes as without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from martlet.engine.config import EngineConfig, SpeculativeConfig
from martlet.engine.engine import Engine
from martlet.engine.kernels import load
from martlet.engine.request import SamplingParams
from martlet.engine.speculative import NgramIndex
from martlet.engine.thinking import ThinkingBudget
from martlet.errors import InvalidParameter
from tests.engine.constraints.samples import grammar
from tests.engine.fakes import (
    EOS,
    ParrotRunner,
    Result,
    byte_tokenizer,
    every_fixture,
    fake_engine,
    generate,
    run_to_end,
)

THREE = SpeculativeConfig(3, prompt_lookup_max=3, prompt_lookup_min=1)


def parrot_engine(speculative_config: SpeculativeConfig | None = THREE, **options: Any) -> Engine:
    script = options.pop("script", None)
    config = EngineConfig(block_size=4, speculative_config=speculative_config, **options)
    return fake_engine(config, runner=ParrotRunner(256, 4, script=script), max_model_len=120)


def say(text: str, params: SamplingParams) -> tuple[Result, Engine]:
    """Make the engine say a text that it guesses well."""
    engine = parrot_engine(script={"r0": [*byte_tokenizer().encode(text), *[EOS] * 9]})
    [result] = generate(engine, [[1, 2, 3]], params)
    return result, engine


# --- what is guessed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token_ids", "expected"),
    [
        ([1, 2, 3, 4, 5, 1, 2], [3, 4, 5]),
        ([1, 2, 3, 1, 2, 4, 1, 2], [4, 1, 2]),  # the last time counts
        ([9, 2, 7, 1, 2, 8, 9, 2], [7, 1, 2]),  # the longer run before the later one
        ([1, 2, 3, 4], []),
        ([6, 6], [6, 6, 6]),
        ([1, 5, 6, 5, 6], [5, 6, 5]),
        ([1], []),
    ],
)
def test_guess_is_what_followed_before(token_ids: list[int], expected: list[int]) -> None:
    assert NgramIndex(range(2, 0, -1)).propose(token_ids, 3) == expected
    grown = NgramIndex(range(2, 0, -1))
    for end in range(1, len(token_ids)):
        grown.propose(token_ids[:end], 3)
    assert grown.propose(token_ids, 3) == expected


def test_short_runs_are_not_looked_for() -> None:
    assert NgramIndex(range(3, 1, -1)).propose([1, 2, 3, 9, 3], 3) == []


# --- what is kept -------------------------------------------------------------------------------------------


def test_repeated_text_takes_fewer_steps() -> None:
    text = "over and over and over and over and over"
    result, engine = say(text, SamplingParams(max_tokens=100, temperature=0))
    assert (result.text, result.finish_reason) == (text, "stop")
    assert engine.stats().num_steps < 25
    stats = engine.stats()
    assert stats.accepted_at is not None
    assert stats.generation_tokens == len(text) + 1
    assert stats.accepted_at[0] >= stats.accepted_at[1] >= stats.accepted_at[2] > 5
    assert sum(stats.accepted_at) < stats.num_draft_tokens <= 3 * stats.num_drafts


def test_stop_string_within_a_draft_cuts_there() -> None:
    text = "la di da, la di da, la di da"
    params = SamplingParams(max_tokens=100, temperature=0, stop=("da, la d",), min_tokens=20)
    result, _ = say(text, params)
    assert (result.text, result.stop_reason) == ("la di da, la di ", "da, la d")


def test_max_tokens_end_within_a_draft() -> None:
    for max_tokens in range(1, 30):
        result, engine = say("abcdabcdabcdabcdabcdabcdabcdabcd", SamplingParams(max_tokens=max_tokens))
        assert len(result.token_ids) == max_tokens
        assert result.finish_reason == "length"
        assert engine.blocks.num_used == 0


def test_context_ends_within_a_draft() -> None:
    engine = parrot_engine(script={"r0": [65] * 200})
    [result] = generate(engine, [[65] * 100], SamplingParams(max_tokens=100, temperature=0))
    assert (len(result.token_ids), result.finish_reason) == (20, "length")


VARIANTS: list[dict[str, Any]] = [
    {"temperature": 0, "num_logprobs": 5},
    {"seed": 1, "temperature": 0.3, "num_logprobs": 1},
    {"seed": 2, "temperature": 0.5, "top_p": 0.9, "top_k": 40, "num_logprobs": 0},
    {"temperature": 0, "repetition_penalty": 1.05, "presence_penalty": 0.1, "frequency_penalty": 0.1},
    {"seed": 3, "temperature": 0.4, "min_p": 0.02, "stop": ("\x11", "th", "e "), "min_tokens": 6},
    {"temperature": 0, "logit_bias": {40: 2.0}, "num_prompt_logprobs": 1},
]


@pytest.mark.parametrize("k", [1, 2, 7])
def test_parrot_says_the_same_with_guesses(k: int) -> None:
    prompts = [[5, 9, 7, 5, 9, 7, 5, 9][: 3 + index] for index in range(5)]
    for variant in VARIANTS:
        params = SamplingParams(max_tokens=40, **variant)
        engine = parrot_engine(SpeculativeConfig(k, 2, 1), max_num_batched_tokens=64)
        results = generate(engine, prompts, params)
        expected = generate(parrot_engine(None), prompts, params)
        for result, one in zip(results, expected, strict=True):
            assert replace(result, pieces=one.pieces) == one
        stats = engine.stats()
        assert stats.accepted_at is not None
        assert sum(stats.accepted_at) > 0


def test_grammar_holds_with_guesses() -> None:
    grammar_of_lists = grammar("regex", r"\[(na, ){9}(na|no)\]")
    params = SamplingParams(max_tokens=100, temperature=0.8, seed=2, grammar=grammar_of_lists, num_logprobs=1)
    guessing = parrot_engine()
    [result] = generate(guessing, [[1, 2, 3]], params)
    [expected] = generate(parrot_engine(None), [[1, 2, 3]], params)
    assert replace(result, pieces=expected.pieces) == expected
    assert result.text.startswith("[na, na, na, na, na, na, na, na, na, n")
    assert guessing.stats().num_steps < 25


def ids(text: str) -> tuple[int, ...]:
    return tuple(byte_tokenizer().encode(text, add_special_tokens=False))


TOGETHER: list[dict[str, Any]] = [
    {"temperature": 0, "frequency_penalty": 0.3, "num_logprobs": 3},
    {"seed": 4, "temperature": 0.7, "repetition_penalty": 1.3, "presence_penalty": 0.5, "num_logprobs": 5},
    {"seed": 5, "temperature": 0.9, "top_p": 0.9, "logit_bias": {ids("o")[0]: 3.0}, "num_logprobs": -1},
    {"seed": 6, "min_tokens": 30, "bad_words": (ids("na"),), "num_prompt_logprobs": 2},
    {"seed": 7, "temperature": 0.8, "thinking_budget": ThinkingBudget(9, [ids("[")], [ids("o")])},
]


@pytest.mark.parametrize("k", [1, 3, 6])
def test_grammars_penalties_and_logprobs_together_are_the_same_with_guesses(k: int) -> None:
    grammars = [grammar("regex", r"\[((na|no|nan), ){4,12}(na|no)\]"), grammar("regex", r"(ab|abo )*!"), None]
    prompts = [ids("[na, no, na, na"), ids("abababo ab"), (7, 8, 9, 7, 8, 9, 7)]
    guessing, plain = parrot_engine(SpeculativeConfig(k, 2, 1)), parrot_engine(None)
    found: list[dict[str, Result]] = []
    for engine in (guessing, plain):
        for number, variant in enumerate(TOGETHER):
            for index, (prompt, each) in enumerate(zip(prompts, grammars, strict=True)):
                params = SamplingParams(max_tokens=40, grammar=each, **variant)
                engine.add(f"{number}.{index}", prompt, params)
        results = run_to_end(engine)
        found.append({name: replace(result, pieces=[]) for name, result in results.items()})
    assert found[0] == found[1]
    accepted = guessing.stats().accepted_at
    assert accepted is not None
    assert sum(accepted) > 20


@pytest.mark.parametrize(("folder", "kernels_name"), every_fixture())
def test_guesses_change_no_bit(folder: Path, kernels_name: str) -> None:
    kernels = load(kernels_name, 1)
    config = EngineConfig(max_model_len=128)
    plain = Engine.from_folder(folder, config, kernels)
    guessing = Engine.from_folder(folder, replace(config, speculative_config=THREE), kernels)
    prompts = [[3 + index % 5 * 7 for index in range(20 + length)] for length in range(3)]
    for variant in VARIANTS[:5]:
        params = SamplingParams(max_tokens=24, ignore_eos=True, **variant)
        expected = generate(plain, prompts, params)
        results = generate(guessing, prompts, params)
        assert [replace(result, pieces=[]) for result in results] == [
            replace(result, pieces=[]) for result in expected
        ]
    assert guessing.stats().num_draft_tokens > 20


# --- settings -----------------------------------------------------------------------------------------------


def test_one_lookup_length_stands_for_both() -> None:
    read = SpeculativeConfig.from_json
    assert read({"method": "ngram", "num_speculative_tokens": 3}) == SpeculativeConfig(3, 5, 5)
    assert read({"num_speculative_tokens": 3, "prompt_lookup_max": 4}) == SpeculativeConfig(3, 4, 4)
    assert read({"num_speculative_tokens": 3, "prompt_lookup_min": 2}) == SpeculativeConfig(3, 2, 2)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "needs num_speculative_tokens"),
        ({"num_speculative_tokens": 0}, "num_speculative_tokens 0, which must be a number from 1 on"),
        ({"num_speculative_tokens": True}, "num_speculative_tokens True"),
        ({"num_speculative_tokens": 2, "prompt_lookup_max": "3"}, "prompt_lookup_max '3'"),
        ({"num_speculative_tokens": 2, "prompt_lookup_max": 2, "prompt_lookup_min": 3}, "above"),
        ({"num_speculative_tokens": 2, "method": "eagle"}, "'eagle', and only 'ngram'"),
        ({"num_speculative_tokens": 2, "model": "tiny"}, "a key 'model'"),
    ],
)
def test_bad_settings_are_refused(values: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidParameter, match=problem):
        SpeculativeConfig.from_json(values)
