"""Beam search beside an exhaustive one, and its rules by hand."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pytest

from martlet.engine.beam_search import Beam, BeamSearch, BeamSearchParams

EOS = 0


def logprobs_after(token_ids: tuple[int, ...], vocab_size: int) -> list[float]:
    """A model: the distribution depends on the tokens so far."""
    rng = random.Random(repr(token_ids))
    weights = [rng.random() ** 3 + 1e-3 for _ in range(vocab_size)]
    return [math.log(weight / sum(weights)) for weight in weights]


def search(vocab_size: int = 5, eos_token_id: int | None = EOS, **options: Any) -> list[Beam]:
    params = BeamSearchParams(**{"width": 2, "max_tokens": 4, **options})
    found = BeamSearch(3, params, eos_token_id)
    while not found.is_done:
        assert len(found.beams) <= params.width
        found.advance([likeliest(beam.token_ids, vocab_size, 2 * params.width) for beam in found.beams])
    return found.best()


def likeliest(token_ids: tuple[int, ...], vocab_size: int, count: int) -> list[tuple[int, float]]:
    ranked = sorted(enumerate(logprobs_after(token_ids, vocab_size)), key=lambda pair: -pair[1])
    return ranked[:count]


def test_wide_search_finds_the_best_of_all() -> None:
    """As wide as the vocabulary's tree, the search misses nothing."""
    beams = search(vocab_size=3, width=200, max_tokens=4, eos_token_id=None)
    expected = {
        tokens: sum(logprobs_after(tokens[:i], 3)[token] for i, token in enumerate(tokens))
        for tokens in itertools.product(range(3), repeat=4)
    }
    best = sorted(expected, key=lambda tokens: -expected[tokens])
    assert [beam.token_ids for beam in beams] == best
    for beam in beams:
        assert beam.logprob == pytest.approx(expected[beam.token_ids])


def test_logprobs_are_those_of_the_tokens() -> None:
    for beam in search(width=3, max_tokens=5):
        assert sum(entry.logprob for entry in beam.logprobs) == pytest.approx(beam.logprob)
        entries = zip(beam.token_ids, beam.logprobs, strict=False)
        assert all(entry.token_id == token_id for token_id, entry in entries)
        assert len(beam.logprobs) == len(beam.token_ids) + (beam.finish_reason == "stop")


def test_wider_search_is_no_worse() -> None:
    best = [
        search(vocab_size=8, width=width, max_tokens=6, ignore_eos=True)[0].logprob for width in (1, 4, 40)
    ]
    assert best == sorted(best)


def test_end_token_completes_a_beam() -> None:
    beams = search(width=3, max_tokens=6)
    ended = [beam for beam in beams if beam.finish_reason == "stop"]
    assert ended
    assert all(beam.stop_reason == EOS and EOS not in beam.token_ids for beam in ended)
    kept = search(width=3, max_tokens=6, include_stop_str_in_output=True)
    assert [beam.token_ids for beam in kept if beam.finish_reason == "stop"] == [
        (*beam.token_ids, EOS) for beam in ended
    ]


def test_ignored_end_goes_on() -> None:
    assert all(len(beam.token_ids) == 4 for beam in search(width=3, ignore_eos=True))


def test_length_penalty_orders_short_and_long() -> None:
    params = BeamSearchParams(width=2, max_tokens=1, length_penalty=0.0)
    short, long = Beam((1,), -2.0), Beam((1,) * 9, -3.0)
    assert max(short, long, key=BeamSearch(1, params, EOS).score) is short
    params = BeamSearchParams(width=2, max_tokens=1, length_penalty=1.0)
    assert max(short, long, key=BeamSearch(1, params, EOS).score) is long
    assert BeamSearch(1, params, EOS).score(Beam((1, EOS), -2.0)) == -1.0  # the end does not count


def test_impossible_tokens_are_no_candidates() -> None:
    found = BeamSearch(1, BeamSearchParams(width=2, max_tokens=3), EOS)
    found.advance([[(4, -1.0), (5, -math.inf)]])
    assert [beam.token_ids for beam in found.beams] == [(4,)]
