"""Repetition detection beside a plain loop."""

from __future__ import annotations

import random

import pytest

from martlet.engine.repetition import RepetitionDetection


def ends_in_a_pattern(output: list[int], sizes: range, count: int) -> bool:
    return any(
        len(output) >= size * count
        and all(output[len(output) - size * (i + 1) :][:size] == output[-size:] for i in range(count))
        for size in sizes
    )


@pytest.mark.parametrize("seed", range(8))
def test_detection_matches_a_loop(seed: int) -> None:
    rng = random.Random(seed)
    smallest, largest, count = rng.randint(0, 3), rng.randint(3, 6), rng.randint(2, 4)
    detection = RepetitionDetection(largest, smallest, count)
    num_found = 0
    for _ in range(300):
        prompt = rng.choices([1, 2], k=rng.randint(1, 9))
        output = rng.choices([1, 2], k=rng.randint(1, 20))
        found = detection.is_found_in([*prompt, *output], len(output))
        assert found == ends_in_a_pattern(output, range(max(smallest, 1), largest + 1), count)
        num_found += found
    assert 0 < num_found < 300


def test_no_size_detects_nothing() -> None:
    assert not RepetitionDetection(0, 0, 0).is_found_in([1] * 50, 50)
