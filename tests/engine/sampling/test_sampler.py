"""The sampler beside a slow float64 oracle, by hand, and by statistics with fixed seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from martlet.engine.kernels import F32, load
from martlet.engine.kernels.drawing import draw
from martlet.engine.kernels.selection import largest
from martlet.engine.request import Request, SamplingParams
from martlet.engine.sampling import Sample, Sampler
from martlet.engine.sampling.edits import LogitEdits, allow_only
from martlet.engine.sampling.logprobs import token_logprob
from martlet.errors import InvalidParameter

EOS = (5, 6)


def new_request(
    params: SamplingParams, prompt: Sequence[int] = (1,), output: Sequence[int] = (), request_id: str = "r"
) -> Request:
    return Request(request_id, [*prompt, *output], len(prompt), params)


def new_params(**options: Any) -> SamplingParams:
    return SamplingParams(**{"max_tokens": 1000, **options})


def random_row(seed: int, vocab_size: int = 200, scale: float = 3) -> F32:
    return (np.random.default_rng(seed).standard_normal(vocab_size) * scale).astype(np.float32)


def sample_one(sampler: Sampler, row: F32, request: Request) -> Sample:
    [sample] = sampler.sample(row[None, :], [request])
    assert sample is not None
    return sample


def choose(row: F32, params: SamplingParams, uniform: float) -> int:
    out = np.empty(1, np.int32)
    settings = np.array([[params.temperature, params.top_k, params.top_p, params.min_p, uniform]], np.float64)
    load().sample([row], settings, out)
    return int(out[0])


def edit(row: F32, request: Request) -> F32:
    return LogitEdits(request, EOS).apply(row, request)


# --- oracles: one token at a time, in float64, as the definitions read ---------------------------------


def oracle_probabilities(logits: Sequence[float], params: SamplingParams) -> NDArray[np.float64]:
    """Return the distribution that a token is drawn from."""
    scaled = np.array(logits, np.float64) / params.temperature
    probabilities = softmax(scaled)
    scaled[probabilities < params.min_p * probabilities.max()] = -np.inf
    by_likelihood = sorted(range(len(scaled)), key=lambda token: (-scaled[token], token))
    for rank, token in enumerate(by_likelihood):
        if params.top_k and rank >= params.top_k:
            scaled[token] = -np.inf
    probabilities = softmax(scaled)
    mass = 0.0
    for token in by_likelihood:
        if mass >= params.top_p:
            scaled[token] = -np.inf
        mass += probabilities[token]
    return softmax(scaled)


def oracle_edits(
    logits: Mapping[int, float], params: SamplingParams, prompt: Sequence[int], output: Sequence[int]
) -> dict[int, float]:
    edited = {}
    for token, original in logits.items():
        logit = original
        if params.allowed_token_ids is not None and token not in params.allowed_token_ids:
            logit = -np.inf
        for *start, last in params.bad_words:
            if token == last and list(output[len(output) - len(start) :]) == start:
                logit = -np.inf
        if len(output) < params.min_tokens and (token in EOS or token in params.stop_token_ids):
            logit = -np.inf
        logit += max(-100.0, min(100.0, params.logit_bias.get(token, 0.0)))
        if token in prompt or token in output:
            logit = logit / params.repetition_penalty if logit > 0 else logit * params.repetition_penalty
        logit -= params.frequency_penalty * list(output).count(token)
        logit -= params.presence_penalty * (token in output)
        edited[token] = logit
    return edited


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum(), np.float64)


DISTRIBUTIONS = [
    {},
    {"temperature": 0.3},
    {"temperature": 2.0},
    {"top_k": 1},
    {"top_k": 7},
    {"top_k": 10_000},
    {"top_p": 0.9},
    {"top_p": 0.35},
    {"top_p": 1e-4},
    {"min_p": 0.05},
    {"min_p": 1.0},
    {"top_k": 20, "top_p": 0.8, "temperature": 1.5},
    {"top_k": 30, "top_p": 0.95, "min_p": 0.02, "temperature": 0.8},
]


# --- drawing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", DISTRIBUTIONS, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_choose_inverts_oracle_distribution(options: dict[str, float], seed: int) -> None:
    row, params = random_row(seed), new_params(**options)
    cumulative = np.cumsum(oracle_probabilities(row.tolist(), params))
    for uniform in np.random.default_rng(seed).random(300):
        if np.abs(cumulative - uniform).min() > 1e-5:  # clear of rounding at a border
            assert choose(row, params, uniform) == np.searchsorted(cumulative, uniform, side="right")


@pytest.mark.parametrize("options", DISTRIBUTIONS, ids=str)
def test_choose_stays_inside_at_extremes(options: dict[str, float]) -> None:
    row, params = random_row(4), new_params(**options)
    possible = np.flatnonzero(oracle_probabilities(row.tolist(), params))
    assert choose(row, params, 0.0) == possible[0]
    assert choose(row, params, np.nextafter(1.0, 0.0)) == possible[-1]


@pytest.mark.parametrize("options", DISTRIBUTIONS, ids=str)
def test_drawn_frequencies_match_oracle(options: dict[str, float]) -> None:
    row = random_row(11, vocab_size=40, scale=1.5)
    params = new_params(seed=1234, **options)
    request, sampler, num_draws = new_request(params), Sampler(EOS), 4000
    drawn = np.bincount(
        [sample_one(sampler, row, request).token_id for _ in range(num_draws)], minlength=row.size
    )
    expected = oracle_probabilities(row.tolist(), params) * num_draws
    assert not drawn[expected == 0].any()
    kept = expected > 0
    chi_square = float(((drawn[kept] - expected[kept]) ** 2 / expected[kept]).sum())
    freedom = int(kept.sum()) - 1
    assert chi_square <= freedom + 4 * np.sqrt(2 * freedom) + 1e-9


@pytest.mark.parametrize("options", [{"top_k": 1}, {"top_p": 1e-4}, {"min_p": 1.0}, {"temperature": 1e-6}])
def test_narrow_sampling_equals_greedy(options: dict[str, float]) -> None:
    logits = np.stack([random_row(seed) for seed in range(8)])
    requests = [new_request(new_params(seed=seed, **options)) for seed in range(8)]
    samples = Sampler(EOS).sample(logits, requests)
    assert [sample and sample.token_id for sample in samples] == logits.argmax(axis=1).tolist()


def test_top_k_keeps_exactly_k_of_equals() -> None:
    row = np.zeros(50, np.float32)
    drawn = {choose(row, new_params(top_k=3), uniform) for uniform in np.linspace(0, 0.999, 40)}
    assert drawn == {0, 1, 2}


def test_low_temperature_is_raised_to_a_hundredth() -> None:
    row = np.array([0.0, 0.005], np.float32)
    request, sampler = new_request(new_params(temperature=0.001, seed=5)), Sampler(EOS)
    draw = [sample_one(sampler, row, request).token_id for _ in range(400)]
    expected = oracle_probabilities(row.tolist(), new_params(temperature=0.01))
    assert np.mean(draw) == pytest.approx(expected[1], abs=0.08)


def test_large_vocabulary_prefilter_changes_nothing() -> None:
    row = random_row(3, vocab_size=20_000, scale=2)
    params = new_params(top_p=0.7)
    probabilities = oracle_probabilities(row.tolist(), params)
    cumulative = np.cumsum(probabilities)
    for uniform in np.linspace(0.01, 0.99, 25):
        token_id = choose(row, params, uniform)
        assert probabilities[token_id] > 0
        assert cumulative[token_id] == pytest.approx(uniform, abs=probabilities[token_id] + 1e-5)


# --- seeds -----------------------------------------------------------------------------------------------


def draws(sampler: Sampler, params: SamplingParams, count: int = 30) -> list[int]:
    request, row = new_request(params), random_row(0)
    return [sample_one(sampler, row, request).token_id for _ in range(count)]


def test_same_seed_draws_the_same() -> None:
    assert draws(Sampler(EOS), new_params(seed=7)) == draws(Sampler(EOS), new_params(seed=7))
    assert draws(Sampler(EOS), new_params(seed=7)) != draws(Sampler(EOS), new_params(seed=8))
    assert draws(Sampler(EOS), new_params(seed=-1)) == draws(Sampler(EOS), new_params(seed=-1))


def test_unseeded_requests_differ() -> None:
    sampler = Sampler(EOS)
    assert draws(sampler, new_params()) != draws(sampler, new_params())
    assert draws(Sampler(EOS), new_params()) != draws(Sampler(EOS), new_params())


def test_engine_seed_makes_unseeded_requests_repeatable() -> None:
    first, second = Sampler(EOS, seed=3), Sampler(EOS, seed=3)
    one = draws(first, new_params())
    assert one == draws(second, new_params())
    assert one != draws(first, new_params())


# --- edits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_edits_match_oracle(seed: int) -> None:
    rng = np.random.default_rng(seed)
    row = random_row(seed, vocab_size=40)
    prompt, output = rng.integers(0, 40, 12).tolist(), rng.integers(0, 40, 15).tolist()
    params = new_params(
        allowed_token_ids=rng.permutation(40)[:25].tolist() if seed % 2 else None,
        bad_words=[(11,), (output[-1], 12), (output[-2], output[-1], 13), (39, 38, 14), (1,) * 20],
        min_tokens=[0, 15, 16][seed % 3],
        stop_token_ids=frozenset({9}),
        logit_bias={3: 4.5, 7: -130.0, int(rng.integers(40)): 2.25},
        repetition_penalty=[1.0, 1.3, 0.7][seed % 3],
        frequency_penalty=[0.0, 0.5][seed % 2],
        presence_penalty=[0.0, -0.75][seed // 2 % 2],
    )
    edited = edit(row, new_request(params, prompt, output))
    expected = oracle_edits(dict(enumerate(row.tolist())), params, prompt, output)
    np.testing.assert_allclose(edited, list(expected.values()), rtol=1e-5, atol=1e-5)


def test_penalties_by_hand() -> None:
    row = np.array([1.0, -1.0, 2.0, 3.0, 0.5], np.float32)
    params = new_params(repetition_penalty=2.0, frequency_penalty=0.5, presence_penalty=0.25)
    edited = edit(row, new_request(params, prompt=[0, 1], output=[2, 2]))
    # 0 and 1: prompt only, so repetition alone. 2: halved, minus 2 * 0.5, minus 0.25. 3 and 4: never seen.
    assert edited.tolist() == [0.5, -2.0, -0.25, 3.0, 0.5]


def test_penalties_follow_growing_output() -> None:
    rng = np.random.default_rng(0)
    params = new_params(repetition_penalty=1.1, frequency_penalty=0.3, presence_penalty=0.2)
    prompt, output = [3, 3, 4], rng.integers(0, 30, 60).tolist()
    request = new_request(params, prompt)
    edits = LogitEdits(request, EOS)
    for length in range(60):
        row = random_row(length, vocab_size=30)
        expected = oracle_edits(dict(enumerate(row.tolist())), params, prompt, output[:length])
        np.testing.assert_allclose(edits.apply(row, request), list(expected.values()), rtol=1e-5, atol=1e-5)
        request.token_ids.append(output[length])


def test_min_tokens_masks_ends_until_reached() -> None:
    row = np.full(12, 1.0, np.float32)
    params = new_params(min_tokens=2, stop_token_ids=frozenset({9}))
    masked = edit(row, new_request(params, output=[0]))
    assert np.flatnonzero(np.isneginf(masked)).tolist() == [5, 6, 9]
    assert edit(row, new_request(params, output=[0, 0])) is row


def test_bias_works_under_greedy_and_is_clamped() -> None:
    row = np.zeros(8, np.float32)
    row[2] = 150
    request = new_request(new_params(temperature=0, logit_bias={4: 1e6}))
    assert sample_one(Sampler(EOS), row, request).token_id == 2
    assert edit(row, request)[4] == 100


def test_bad_words_are_banned_where_they_would_complete() -> None:
    row = np.zeros(8, np.float32)
    params = new_params(temperature=0, bad_words=[(0,), (1, 2), (1, 2, 3)])
    banned = [
        np.flatnonzero(np.isneginf(edit(row, new_request(params, prompt=[1, 2], output=output)))).tolist()
        for output in ([], [1], [2], [1, 2], [1, 1])
    ]
    assert banned == [[0], [0, 2], [0], [0, 3], [0, 2]]  # the prompt does not count


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 1])
def test_only_what_is_allowed_stays(share: float) -> None:
    row = random_row(5)
    row[:3] = [-np.inf, 0.0, -0.0]
    allowed = np.random.default_rng(0).random(row.size) < share
    assert np.array_equal(allow_only(row, allowed), np.where(allowed, row, -np.inf))


def test_plain_request_is_not_copied() -> None:
    row = random_row(1)
    assert edit(row, new_request(new_params(temperature=0))) is row


def test_sample_leaves_logits_alone() -> None:
    logits = np.stack([random_row(seed) for seed in range(3)])
    before = logits.copy()
    options: list[dict[str, Any]] = [
        {"top_k": 5, "min_p": 0.1, "top_p": 0.5},
        {"allowed_token_ids": [1, 2], "logit_bias": {1: 5}},
        {"temperature": 0, "repetition_penalty": 2.0, "num_logprobs": 3},
    ]
    Sampler(EOS).sample(logits, [new_request(new_params(**each)) for each in options])
    assert np.array_equal(logits, before)


# --- logprobs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("num_top", [0, 1, 5, 200, 300, -1])
def test_logprobs_match_log_softmax(num_top: int) -> None:
    row = random_row(2)
    expected = np.log(softmax(row.astype(np.float64)))
    order = sorted(range(row.size), key=lambda token: (-row[token], token))
    result = token_logprob(row, 17, num_top)
    assert result.token_id == 17
    assert result.logprob == pytest.approx(expected[17], rel=1e-6)
    assert result.rank == order.index(17) + 1
    assert [token_id for token_id, _ in result.top] == order[: row.size if num_top < 0 else num_top]
    np.testing.assert_allclose(
        [value for _, value in result.top], expected[order][: len(result.top)], rtol=1e-6
    )
    assert all(value == result.logprob for token_id, value in result.top if token_id == 17)


def test_logprobs_are_raw_before_edits() -> None:
    row = random_row(2)
    params = new_params(temperature=0, num_logprobs=2, allowed_token_ids=[8], logit_bias={8: 30.0})
    sample = sample_one(Sampler(EOS), row, new_request(params))
    assert sample.token_id == 8
    assert sample.logprob == token_logprob(row, 8, 2)
    assert sample.logprob is not None
    assert sample.logprob.rank > 1


def test_listed_ids_replace_the_likeliest() -> None:
    row = random_row(2)
    expected = np.log(softmax(row.astype(np.float64)))
    sample = sample_one(
        Sampler(EOS), row, new_request(new_params(num_logprobs=0, logprob_token_ids=[7, 3, 150]))
    )
    assert sample.logprob is not None
    assert [token_id for token_id, _ in sample.logprob.top] == [7, 3, 150]
    np.testing.assert_allclose([value for _, value in sample.logprob.top], expected[[7, 3, 150]], rtol=1e-6)


def test_logprobs_are_given_only_if_asked() -> None:
    without = sample_one(Sampler(EOS), random_row(0), new_request(new_params()))
    asked = sample_one(Sampler(EOS), random_row(0), new_request(new_params(num_logprobs=0)))
    assert without.logprob is None
    assert asked.logprob is not None
    assert asked.logprob.top == []


def test_largest_orders_equals_by_index() -> None:
    values = np.array([1, 3, 3, 0, 3, 2], np.float32)
    assert [largest(values, count).tolist() for count in (0, 2, 4, 6)] == [
        [],
        [1, 2],
        [1, 2, 4, 5],
        [1, 2, 4, 5, 0, 3],
    ]


# --- alone and among others --------------------------------------------------------------------------------

CROWD: list[dict[str, Any]] = [
    {"temperature": 0, "num_logprobs": 5},
    {"seed": 1, "num_logprobs": 2},
    {"seed": 2, "top_p": 0.9, "num_logprobs": 0},
    {"seed": 3, "top_k": 40, "min_p": 0.01, "temperature": 0.7},
    {"seed": 4, "repetition_penalty": 1.2, "logit_bias": {3: 2.0}, "num_logprobs": 1},
    {"temperature": 0, "frequency_penalty": 0.5, "min_tokens": 10},
]


@pytest.mark.parametrize("vocab_size", [7, 1003, 32_000])
def test_sample_is_identical_alone_and_among_32(vocab_size: int) -> None:
    params = [new_params(**CROWD[index % len(CROWD)]) for index in range(32)]
    logits = np.stack([random_row(index, vocab_size) for index in range(32)])
    together = Sampler(EOS).sample(logits, [new_request(each, [1, 2]) for each in params])
    for index, expected in enumerate(together):
        alone = logits[index : index + 1].copy()
        assert Sampler(EOS).sample(alone, [new_request(params[index], [1, 2])]) == [expected]


# --- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_that_are_not_finite_give_nothing(bad: float) -> None:
    row = random_row(0)
    row[3] = bad
    logits = np.stack([row, random_row(0)])
    samples = Sampler(EOS).sample(logits, [new_request(new_params(seed=1)) for _ in range(2)])
    assert samples[0] is None
    assert samples[1] == sample_one(Sampler(EOS), logits[1], new_request(new_params(seed=1)))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 5000])
def test_draw_equals_a_running_sum(size: int) -> None:
    rng = np.random.default_rng(size)
    weights = (rng.random(size) * (rng.random(size) < 0.3)).astype(np.float32)
    weights[size // 2] = 1
    shares = np.cumsum(weights, dtype=np.float64) / weights.sum(dtype=np.float64)
    for uniform in [0.0, *rng.random(200), 1 - 2**-53]:
        index = draw(weights, uniform)
        assert weights[index] > 0
        assert (shares[index - 1] if index else 0) - 1e-12 <= uniform <= shares[index] + 1e-12


def test_edits_that_ban_every_token_give_nothing() -> None:
    row = random_row(0, vocab_size=4)
    for temperature in (0, 1):
        params = new_params(min_tokens=1, stop_token_ids=frozenset(range(4)), temperature=temperature, seed=1)
        assert Sampler(()).sample(row[None, :], [new_request(params)]) == [None]


@pytest.mark.parametrize("temperature", [0.0, 0.01, 1.0])
@pytest.mark.parametrize("penalty", [5e-324, 1e-38, 1e38, 1e300])
def test_absurd_repetition_penalty_is_survived(penalty: float, temperature: float) -> None:
    params = new_params(repetition_penalty=penalty, temperature=temperature, seed=1)
    row = np.array([-3, 2, 0, 1], np.float32)  # seen: one token below zero and one above
    token_id = sample_one(Sampler(()), row, new_request(params, prompt=(0, 1))).token_id
    assert token_id == 1 if penalty < 1 else token_id in (2, 3)


def test_huge_bias_is_clamped() -> None:
    params = new_params(temperature=0, logit_bias={2: 1e300, 1: -1e300})
    assert edit(np.zeros(7, np.float32), new_request(params))[:3].tolist() == [0, -100, 100]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -0.1}, "temperature: must be between 0 and 2, got -0.1"),
        ({"temperature": float("nan")}, "temperature: must be between 0 and 2, got nan"),
        ({"top_p": 0.0}, "top_p: must be above 0 and at most 1"),
        ({"min_p": 1.5}, "min_p: must be between 0 and 1"),
        ({"top_k": -2}, "top_k: must be"),
        ({"min_tokens": 2000}, "min_tokens: must be between 0 and max_tokens"),
        ({"repetition_penalty": 0.0}, "repetition_penalty: must be above 0"),
        ({"presence_penalty": 2.5}, "presence_penalty: must be between -2 and 2"),
        ({"num_logprobs": -2}, "num_logprobs: must be -1"),
        ({"stop": ("",)}, "stop: an empty string"),
        ({"logit_bias": {1: float("nan")}}, "logit_bias: must hold numbers, got NaN"),
        ({"allowed_token_ids": []}, "allowed_token_ids: must name at least one"),
    ],
)
def test_params_out_of_range_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        new_params(**options)
