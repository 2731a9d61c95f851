"""Drawing tokens: every build beside the NumPy twin, which tests/engine/sampling holds to the definitions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from martlet.engine.kernels import F32, Kernels, load

SETTINGS: list[tuple[float, float, float, float]] = [
    (1, 0, 1, 0), (0.01, 0, 1, 0), (3, 0, 1, 0), (1, 1, 1, 0), (1, 7, 1, 0), (0.7, 40, 1, 0), (1, 900, 1, 0),
    (1, 10**9, 1, 0), (1, 0, 0.95, 0), (1, 0, 0.3, 0), (1, 0, 1e-5, 0), (1, 0, 0.9999, 0), (1, 0, 1, 0.05),
    (1, 0, 1, 1), (0.8, 50, 0.9, 0.02), (1.5, 300, 0.5, 0.001),
]  # fmt: skip
"""temperature, top_k, top_p, min_p; these of temperature 0 are greedy"""
EXTREMES = [0.0, 0.25, 0.5, 1 - 2**-53]


def sampled(kernels: Kernels, rows: Sequence[F32], settings: Sequence[Sequence[float]]) -> list[int]:
    out = np.empty(len(rows), np.int32)
    kernels.sample(rows, np.array(settings, np.float64).reshape(-1, 5), out)
    return [int(token_id) for token_id in out]


def beside_twin(kernels: Kernels, row: F32, uniforms: Sequence[float]) -> None:
    settings = [(*each, uniform) for each in SETTINGS for uniform in uniforms]
    rows = [row] * len(settings)
    assert sampled(kernels, rows, settings) == sampled(load("reference"), rows, settings)


@pytest.mark.parametrize("size", [1, 2, 15, 17, 255, 257, 1000, 1024, 1025, 5000])
@pytest.mark.parametrize("scale", [0.01, 1, 10])
def test_tokens_equal_the_twins(native: Kernels, rng: np.random.Generator, size: int, scale: float) -> None:
    row = (rng.standard_normal(size) * scale).astype(np.float32)
    beside_twin(native, row, [*EXTREMES, *rng.random(20)])


def test_equals_and_masked_tokens_are_chosen_as_by_the_twin(
    native: Kernels, rng: np.random.Generator
) -> None:
    row = rng.integers(-3, 3, 3000).astype(np.float32)
    row[rng.random(3000) < 0.1] = -0.0
    beside_twin(native, row, [*EXTREMES, *rng.random(20)])
    row[rng.random(3000) < 0.9] = -np.inf
    beside_twin(native, row, [*EXTREMES, *rng.random(20)])
    row[:2990] = -np.inf
    row[2995] = 1
    beside_twin(native, row, EXTREMES)
    beside_twin(native, np.zeros(3000, np.float32), [*EXTREMES, *rng.random(20)])


def test_logits_of_any_size_are_survived(native: Kernels) -> None:
    limits = np.finfo(np.float32)
    beside_twin(native, np.array([-limits.max / 2, 0, limits.max / 4, 1e-40, -1e-40], np.float32), EXTREMES)
    beside_twin(native, np.array([-1e30, -1e31, -2e30], np.float32), EXTREMES)


@pytest.mark.parametrize("size", [9000, 49153])
@pytest.mark.parametrize("scale", [0.01, 1, 4])
def test_nucleus_of_a_large_vocabulary_equals_the_twins(
    native: Kernels, rng: np.random.Generator, size: int, scale: float
) -> None:
    settings = [(1.0, 0, top_p, 0, uniform) for top_p in (0.1, 0.95) for uniform in (0.0, 0.5)]
    likely_first = -np.sort(-rng.standard_normal(size)) * scale  # a part is no picture of the whole
    for row in (rng.standard_normal(size) * scale, likely_first, likely_first[::-1]):
        rows = [row.astype(np.float32)] * len(settings)
        assert sampled(native, rows, settings) == sampled(load("reference"), rows, settings)


@pytest.mark.parametrize("size", [1, 17, 1024, 5000])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_rows_that_are_not_finite_have_no_token(
    kernels: Kernels, rng: np.random.Generator, size: int, value: float
) -> None:
    for place in {0, size // 2, size - 1}:
        row = rng.standard_normal(size).astype(np.float32)
        row[place] = value
        settings = [(*each, 0.5) for each in SETTINGS]
        assert sampled(kernels, [row] * len(settings), settings) == [-1] * len(settings)
    assert sampled(kernels, [np.full(size, -np.inf, np.float32)], [(0, 0, 1, 0, 0)]) == [-1]


def test_token_is_the_same_alone_and_among_others(kernels: Kernels, rng: np.random.Generator) -> None:
    rows = list(rng.standard_normal((9, 2000)).astype(np.float32))
    settings = [(*SETTINGS[-index - 1], uniform) for index, uniform in enumerate(rng.random(9))]
    together = sampled(kernels, rows, settings)
    kernels.set_num_threads(1)
    assert [sampled(kernels, [row], [how])[0] for row, how in zip(rows, settings, strict=True)] == together


def test_no_rows_are_no_work(kernels: Kernels) -> None:
    assert sampled(kernels, [], []) == []


def test_wrong_arguments_are_refused(native: Kernels) -> None:
    row, how, out = np.zeros(8, np.float32), np.array([[1, 0, 1, 0, 0.5]]), np.zeros(1, np.int32)
    with pytest.raises(ValueError, match="along axis 0"):
        native.sample([row, row[:7]], np.repeat(how, 2, axis=0), np.zeros(2, np.int32))
    with pytest.raises(ValueError, match="settings must have 1 along axis 0"):
        native.sample([row], np.repeat(how, 2, axis=0), out)
    with pytest.raises(ValueError, match="settings must have 5 along axis 1"):
        native.sample([row], how[:, :4].copy(), out)
    with pytest.raises(ValueError, match="out must have 1"):
        native.sample([row], how, np.zeros(2, np.int32))
    with pytest.raises(ValueError, match="rows must not be empty"):
        native.sample([row[:0]], how, out)
    with pytest.raises(TypeError, match="rows must be a sequence"):
        native.sample(5, how, out)  # type: ignore[arg-type]  # what a caller may get wrong
    for column, value in ((0, -1.0), (1, -1.0), (2, 0.0), (4, 1.0), (4, -0.1), (0, np.nan)):
        wrong = how.copy()
        wrong[0, column] = value
        with pytest.raises(ValueError, match="settings must be temperature and top_k from 0 on"):
            native.sample([row], wrong, out)
