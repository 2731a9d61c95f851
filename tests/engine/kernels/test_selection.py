"""The largest of many beside plain loops: random values, many of them equal."""

from __future__ import annotations

import numpy as np
import pytest

from martlet.engine.kernels import F32
from martlet.engine.kernels.selection import among_largest, largest, nucleus


def random_values(seed: int, size: int) -> F32:
    """Values of which, for some seeds, many are equal or minus infinity."""
    rng = np.random.default_rng(seed)
    values = (rng.standard_normal(size) * [0.1, 3, 30][seed % 3]).astype(np.float32)
    if seed % 2:
        values = np.round(values)
    if seed % 4 == 1:
        values[rng.random(size) < 0.5] = -np.inf
    return values


@pytest.mark.parametrize("size", [1, 2, 63, 64, 65, 130, 1000, 9000])
@pytest.mark.parametrize("seed", range(6))
def test_largest_match_a_stable_sort(seed: int, size: int) -> None:
    values = random_values(seed, size)
    expected = sorted(range(size), key=lambda index: (-values[index], index))
    for count in {0, 1, 2, 5, 20, 64, size // 2, size - 1, size}:
        if count <= size:
            assert largest(values, count).tolist() == expected[:count]
            assert among_largest(values, count).tolist() == sorted(expected[:count])


@pytest.mark.parametrize("size", [1, 2, 100, 5000])
@pytest.mark.parametrize("seed", range(6))
def test_nucleus_matches_a_loop(seed: int, size: int) -> None:
    values = random_values(seed, size)
    values[0] = 1.0
    weights = np.exp(values - values.max())
    by_weight = sorted(range(size), key=lambda index: (-weights[index], index))
    total = weights.sum(dtype=np.float64)
    for top_p in (1e-6, 0.1, 0.5, 0.9, 0.999):
        expected, held = [], 0.0
        for index in by_weight:
            if held >= top_p * total * (1 - 1e-12):
                break
            expected.append(index)
            held += float(weights[index])
        assert sorted(nucleus(weights, top_p).tolist()) == sorted(expected)
