"""The engine on a fake model: stops, finish reasons, refusals, aborts, failures, statistics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from martlet.engine.config import EngineConfig
from martlet.engine.engine import Engine
from martlet.engine.kernels import F32
from martlet.engine.request import SamplingParams
from martlet.engine.scheduler import Batch
from martlet.errors import CheckpointError, EngineFailed, InvalidParameter, PromptTooLong
from tests.engine.fakes import (
    EOS,
    SECOND_EOS,
    VOCAB_SIZE,
    FakeRunner,
    Result,
    byte_tokenizer,
    collect,
    fake_engine,
    run_to_end,
)

PROMPT = [10, 20, 30]
TINY_LLAMA = Path(__file__).parents[1] / "fixtures" / "tiny-llama"


def encode(text: str) -> list[int]:
    return byte_tokenizer().encode(text)


def say(text: str, **options: Any) -> Result:
    """Let the model say `text` ("</s>" ends it) to a request with these options."""
    script = [*encode(text), *[encode("#")[0]] * 100]
    engine = fake_engine(script={"r": script})
    engine.add("r", PROMPT, SamplingParams(**{"max_tokens": 100, "temperature": 0, **options}))
    result = run_to_end(engine)["r"]
    assert engine.blocks.num_used == 0
    return result


def ending(result: Result) -> tuple[str, str | None, int | str | None]:
    return result.text, result.finish_reason, result.stop_reason


# --- how generation ends -----------------------------------------------------------------------------------


def test_primary_eos_stops_without_reason() -> None:
    result = say("hi</s>")
    assert ending(result) == ("hi", "stop", None)
    assert result.token_ids == [*encode("hi"), EOS]


def test_secondary_eos_stops_with_its_id() -> None:
    assert ending(say("hi<eot>")) == ("hi", "stop", SECOND_EOS)


def test_stop_token_is_reported_but_hidden() -> None:
    bang = encode("!")[0]
    result = say("hi! you", stop_token_ids=frozenset({bang}))
    assert ending(result) == ("hi", "stop", bang)
    assert result.token_ids == encode("hi!")


def test_stop_token_text_is_shown_when_included() -> None:
    bang = encode("!")[0]
    result = say("hi! you", stop_token_ids=frozenset({bang}), include_stop_str_in_output=True)
    assert ending(result) == ("hi!", "stop", bang)


def test_stopping_eos_is_hidden_without_skipping() -> None:
    assert say("a<s>b</s>", skip_special_tokens=False).text == "a<s>b"
    assert say("a<s>b</s>").text == "ab"


def test_max_tokens_ends_with_length() -> None:
    result = say("hello", max_tokens=3)
    assert ending(result) == ("hel", "length", None)
    assert len(result.token_ids) == 3


def test_full_context_ends_with_length() -> None:
    engine = fake_engine(max_model_len=8)
    engine.add("r", PROMPT, SamplingParams(max_tokens=100))
    result = run_to_end(engine)["r"]
    assert (len(result.token_ids), result.finish_reason) == (5, "length")


def test_eos_as_last_allowed_token_is_stop() -> None:
    assert ending(say("hi</s>", max_tokens=3)) == ("hi", "stop", None)


def test_ignore_eos_runs_on() -> None:
    result = say("a</s>b<eot>c", max_tokens=5, ignore_eos=True)
    assert ending(result) == ("abc", "length", None)


def test_explicit_stops_work_under_ignore_eos() -> None:
    result = say("a</s>b<eot>c", ignore_eos=True, stop_token_ids=frozenset({SECOND_EOS}))
    assert ending(result) == ("ab", "stop", SECOND_EOS)
    assert ending(say("a</s>bc", ignore_eos=True, stop=("b",))) == ("a", "stop", "b")


# --- stop strings ------------------------------------------------------------------------------------------


def test_stop_string_cuts_text_across_tokens() -> None:
    result = say("renren", stop=("nr",))
    assert ending(result) == ("re", "stop", "nr")
    assert result.token_ids == encode("renr")


def test_stop_string_start_is_held_back() -> None:
    result = say("a STOX b</s>", stop=("STOP",))
    assert ending(result) == ("a STOX b", "stop", None)
    assert result.pieces[:7] == ["a", " ", "", "", "", "STOX", " "]


def test_stop_string_is_included_when_asked() -> None:
    assert ending(say("renren", stop=("nr",), include_stop_str_in_output=True)) == ("renr", "stop", "nr")


def test_earliest_completed_stop_string_wins() -> None:
    assert ending(say("abcdef", stop=("abcde", "bc"))) == ("a", "stop", "bc")


def test_held_back_text_comes_at_length() -> None:
    assert ending(say("abST", stop=("STOP",), max_tokens=4)) == ("abST", "length", None)


def test_stop_string_on_last_allowed_token_is_stop() -> None:
    assert ending(say("ab", stop=("b",), max_tokens=2)) == ("a", "stop", "b")


def test_unfinished_character_is_flushed_at_end() -> None:
    half = say("é", max_tokens=1)
    assert ending(half) == ("\ufffd", "length", None)
    assert say("né", max_tokens=3).pieces == ["n", "", "é"]


# --- min_tokens --------------------------------------------------------------------------------------------


def test_min_tokens_bans_ends_by_token() -> None:
    for text in ("</s></s></s></s>", "<eot><eot><eot><eot>"):
        result = say(text, min_tokens=3)
        assert len(result.token_ids) == 4
        assert not {EOS, SECOND_EOS} & set(result.token_ids[:3])
        assert result.finish_reason == "stop"


def test_end_the_model_has_no_logit_for_is_passed_over() -> None:
    runner = FakeRunner(64, 16, vocab_size=SECOND_EOS)
    tokenizer = byte_tokenizer()
    engine = Engine(runner, tokenizer, EngineConfig(), num_blocks=64, max_model_len=64, vocab_size=SECOND_EOS)
    engine.add("r", PROMPT, SamplingParams(max_tokens=5, min_tokens=3))
    assert SECOND_EOS in tokenizer.eos_token_ids
    assert len(run_to_end(engine)["r"].token_ids) == 5


def test_stop_string_is_not_checked_within_min_tokens() -> None:
    assert ending(say("aaaaaa", stop=("a",), min_tokens=3)) == ("aaa", "stop", "a")


def test_stop_string_may_begin_within_min_tokens() -> None:
    assert ending(say("xabz", stop=("ab",), min_tokens=2)) == ("x", "stop", "ab")
    assert ending(say("xabab", stop=("ab",), min_tokens=3)) == ("xab", "stop", "ab")


# --- logprobs ----------------------------------------------------------------------------------------------


def test_logprobs_come_with_every_token() -> None:
    result = say("hey</s>", num_logprobs=2)
    assert [logprob.token_id for logprob in result.logprobs] == result.token_ids
    assert all(len(logprob.top) == 2 and logprob.rank == 1 for logprob in result.logprobs)
    assert say("hey</s>").logprobs == []


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompt", "options", "message"),
    [
        ([], {}, "prompt: must have at least one token"),
        ([1, VOCAB_SIZE], {}, "prompt: token id 260 is out of vocabulary"),
        ([1, -1], {}, "prompt: token id -1 is out of vocabulary"),
        ([1], {"logit_bias": {VOCAB_SIZE: 1.0}}, "logit_bias: token id 260"),
        ([1], {"stop_token_ids": frozenset({999})}, "stop_token_ids: token id 999"),
        ([1], {"allowed_token_ids": [-3]}, "allowed_token_ids: token id -3"),
        ([1], {"allowed_token_ids": [EOS], "min_tokens": 1}, "allowed_token_ids: allows only"),
        (
            [1],
            {"stop_token_ids": frozenset(range(VOCAB_SIZE)), "min_tokens": 1},
            "stop_token_ids: leaves no token",
        ),
    ],
)
def test_bad_requests_are_refused(prompt: list[int], options: dict[str, Any], message: str) -> None:
    engine = fake_engine()
    with pytest.raises(InvalidParameter, match=message):
        engine.add("r", prompt, SamplingParams(max_tokens=5, **options))
    engine.check_invariants()
    assert not engine.has_work


def test_too_long_prompt_is_refused() -> None:
    engine = fake_engine(max_model_len=8)
    with pytest.raises(PromptTooLong, match="the prompt is 8 tokens, the model's context is 8"):
        engine.add("r", [1] * 8, SamplingParams(max_tokens=1))
    engine.check_invariants()
    assert not engine.has_work


def test_request_id_in_use_is_refused() -> None:
    engine = fake_engine()
    engine.add("r", PROMPT, SamplingParams(max_tokens=2))
    with pytest.raises(InvalidParameter, match="request_id: `r` is in use"):
        engine.add("r", PROMPT, SamplingParams(max_tokens=2))
    run_to_end(engine)
    engine.add("r", PROMPT, SamplingParams(max_tokens=2))
    assert len(run_to_end(engine)["r"].token_ids) == 2


# --- abort -------------------------------------------------------------------------------------------------


def test_abort_while_waiting_running_and_mid_prompt() -> None:
    engine = fake_engine(EngineConfig(max_num_seqs=2, max_num_batched_tokens=8))
    engine.add("running", PROMPT, SamplingParams(max_tokens=50))
    engine.add("mid-prompt", [1] * 40, SamplingParams(max_tokens=50))
    engine.add("waiting", PROMPT, SamplingParams(max_tokens=50))
    engine.step()
    assert (engine.stats().num_running, engine.stats().num_waiting) == (2, 1)
    for request_id in ("waiting", "mid-prompt", "running"):
        assert engine.abort(request_id)
        assert not engine.abort(request_id)
        engine.check_invariants()
    assert engine.blocks.num_used == 0
    assert not engine.has_work
    assert engine.step() == []
    assert engine.stats().num_finished == {"abort": 3}


def test_abort_leaves_other_requests_alone() -> None:
    expected = say("hello</s>")
    engine = fake_engine(script={"r": [*encode("hello"), EOS], "x": encode("x" * 50)})
    engine.add("x", PROMPT, SamplingParams(max_tokens=50))
    engine.add("r", PROMPT, SamplingParams(max_tokens=50, temperature=0))
    results: dict[str, Result] = {}
    collect(engine, results)
    engine.abort("x")
    while engine.has_work:
        collect(engine, results)
    assert ending(results["r"]) == ending(expected)
    assert results["x"].finish_reason is None


# --- failures ----------------------------------------------------------------------------------------------


class FailingRunner(FakeRunner):
    """Fails in the steps named."""

    def __init__(self, steps: set[int], failure: BaseException) -> None:
        super().__init__(64, 16)
        self.steps, self.failure = steps, failure

    def run(self, batch: Batch) -> F32:
        if len(self.batches) in self.steps:
            self.batches.append([])
            raise self.failure
        return super().run(batch)


def failing_engine(steps: set[int], failure: BaseException) -> Engine:
    return fake_engine(num_blocks=64, runner=FailingRunner(steps, failure))


def test_failed_step_raises_engine_failed_and_stays_consistent() -> None:
    engine = failing_engine({2}, MemoryError("no room"))
    engine.add("a", PROMPT, SamplingParams(max_tokens=10))
    engine.add("b", PROMPT, SamplingParams(max_tokens=10))
    engine.step()
    engine.step()
    with pytest.raises(EngineFailed, match="a step failed: MemoryError: no room") as caught:
        engine.step()
    assert isinstance(caught.value.__cause__, MemoryError)
    engine.check_invariants()
    assert engine.abort_all("error") == ["a", "b"]
    assert engine.stats().num_finished == {"error": 2}
    engine.check_invariants()
    assert engine.blocks.num_used == 0
    engine.add("c", PROMPT, SamplingParams(max_tokens=10))
    assert len(run_to_end(engine)["c"].token_ids) == 10


def test_failed_model_step_may_be_repeated() -> None:
    engine = failing_engine({0, 3}, OSError("again"))
    engine.add("r", PROMPT, SamplingParams(max_tokens=6, seed=5))
    results: dict[str, Result] = {}
    num_failures = 0
    while engine.has_work:
        try:
            collect(engine, results)
        except EngineFailed:
            num_failures += 1
            engine.check_invariants()
    untroubled = fake_engine()
    untroubled.add("r", PROMPT, SamplingParams(max_tokens=6, seed=5))
    assert num_failures == 2
    assert results["r"] == run_to_end(untroubled)["r"]


class OverflowingRunner(FakeRunner):
    """Computes NaN for the requests named, from their third token on."""

    def __init__(self, request_ids: set[str]) -> None:
        super().__init__(64, 16)
        self.request_ids = request_ids

    def run(self, batch: Batch) -> F32:
        logits = super().run(batch)
        for row, request in zip(logits, batch.sampled, strict=True):
            if request.request_id in self.request_ids and request.num_output_tokens >= 2:
                row[7] = float("nan")
        return logits


def test_overflow_fails_only_its_request() -> None:
    engine = fake_engine(num_blocks=64, runner=OverflowingRunner({"bad"}))
    for request_id in ("bad", "good"):
        engine.add(request_id, PROMPT, SamplingParams(max_tokens=5, seed=1))
    results = run_to_end(engine)
    assert (len(results["bad"].token_ids), results["bad"].finish_reason) == (2, "error")
    assert (len(results["good"].token_ids), results["good"].finish_reason) == (5, "length")
    assert engine.stats().num_finished == {"error": 1, "length": 1}
    assert engine.stats().generation_tokens == 7
    assert engine.blocks.num_used == 0


def test_interrupt_passes_through_a_step() -> None:
    engine = failing_engine({0}, KeyboardInterrupt())
    engine.add("r", PROMPT, SamplingParams(max_tokens=1))
    with pytest.raises(KeyboardInterrupt):
        engine.step()
    engine.check_invariants()


# --- the rest ----------------------------------------------------------------------------------------------


def test_stats_count_tokens_and_requests() -> None:
    engine = fake_engine(EngineConfig(max_num_seqs=2, max_num_batched_tokens=16))
    for index, length in enumerate([3, 20, 5]):
        engine.add(f"r{index}", list(range(length)), SamplingParams(max_tokens=4))
    engine.step()
    stats = engine.stats()
    assert (stats.num_running, stats.num_waiting, stats.last_step_tokens) == (2, 1, 16)
    assert (stats.prompt_tokens, stats.generation_tokens) == (3, 1)
    assert stats.kv_usage == 2 / stats.num_blocks
    run_to_end(engine)
    stats = engine.stats()
    assert (stats.num_running, stats.num_waiting, stats.kv_usage) == (0, 0, 0.0)
    assert (stats.prompt_tokens, stats.generation_tokens) == (28, 12)
    assert stats.num_finished == {"length": 3}


def test_preempted_request_counts_its_prompt_once() -> None:
    engine = fake_engine(EngineConfig(max_num_seqs=4, block_size=4), num_blocks=8, max_model_len=32)
    for index in range(4):
        engine.add(f"r{index}", list(range(6)), SamplingParams(max_tokens=20))
    run_to_end(engine)
    stats = engine.stats()
    assert stats.num_preemptions > 0
    assert (stats.prompt_tokens, stats.generation_tokens) == (24, 80)


def test_warm_up_leaves_no_trace() -> None:
    engine = fake_engine()
    before = engine.stats()
    engine.warm_up()
    assert len(engine.runner.batches) == 1  # type: ignore[attr-defined]  # the fake's
    assert engine.stats() == before
    engine.check_invariants()


def test_context_beyond_the_model_is_refused() -> None:
    with pytest.raises(
        InvalidParameter, match="max_model_len: is 513, and the model was made for at most 512"
    ):
        Engine.from_folder(TINY_LLAMA, EngineConfig(max_model_len=513))
    assert Engine.from_folder(TINY_LLAMA).max_model_len == 512


def test_context_without_room_for_a_reply_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="max_model_len: must hold a token of the prompt and one of"):
        Engine.from_folder(TINY_LLAMA, EngineConfig(max_model_len=1))
    with pytest.raises(InvalidParameter, match="block_size: must be a multiple of 16"):
        Engine.from_folder(TINY_LLAMA, EngineConfig(block_size=24))
    Engine.from_folder(TINY_LLAMA, EngineConfig(max_model_len=2)).warm_up()


def test_cache_too_small_for_a_sequence_is_refused() -> None:
    with pytest.raises(EngineFailed, match="set max_model_len to at most 48"):
        Engine.from_folder(TINY_LLAMA, EngineConfig(kv_cache_bytes=25_000))


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no-such-folder"):
        Engine.from_folder(tmp_path / "no-such-folder")


def test_warm_up_notices_damaged_weights() -> None:
    class DamagedRunner(FakeRunner):
        def run(self, batch: Batch) -> F32:
            return np.full_like(super().run(batch), np.nan)

    with pytest.raises(EngineFailed, match="logits are not finite: its weights seem to be damaged"):
        fake_engine(num_blocks=64, runner=DamagedRunner(64, 16)).warm_up()


def test_two_engines_run_side_by_side() -> None:
    first, second = fake_engine(script={"r": encode("first")}), fake_engine(script={"r": encode("other")})
    results: list[dict[str, Result]] = [{}, {}]
    for engine in (first, second):
        engine.add("r", PROMPT, SamplingParams(max_tokens=5, temperature=0))
    while first.has_work or second.has_work:
        collect(first, results[0])
        collect(second, results[1])
    assert [result["r"].text for result in results] == ["first", "other"]
