"""A short run of the fuzzing; `python -m tests.client.fuzzing 1000000` is the long one."""

from __future__ import annotations

import random

import pytest

from martlet.client.urls import URL
from tests.client import fuzzing

NUM_INPUTS = {"answers": 250, "sse": 500, "streams": 400, "calls": 400}


@pytest.mark.parametrize("target", fuzzing.TARGETS)
def test_random_input_raises_only_what_is_documented(target: str) -> None:
    fuzzing.fuzz(target, NUM_INPUTS.get(target, 2000), seed=1)


def test_fuzzing_meets_every_kind_of_outcome() -> None:
    outcomes = set()
    for number in range(300):
        source = random.Random(number)
        data = fuzzing.mutated(source, source.choice(fuzzing.ANSWERS))
        outcomes.add(fuzzing.whole_outcome("POST", fuzzing.cut(source, data))[0][::3])
    assert {is_complete for _, is_complete in outcomes} == {True, False}
    assert {200, 404, 429, 502, 204, 0} <= {status for status, _ in outcomes}


def test_base_url_with_blanks_is_quoted_or_refused() -> None:
    assert URL("http://h/a b?c=d e%20") == "http://h/a%20b/?c=d%20e%20"
    with pytest.raises(ValueError, match="no valid host"):
        URL("http://a b/v1")
