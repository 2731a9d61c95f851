"""Weights of 8 and 4 bits: every build and the twin agree to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from martlet.engine.kernels import F32, Kernels, Quantization, Weight, load

QUANTIZATIONS: tuple[Quantization, ...] = ("int8", "int4")
SHAPES = [
    (1, 1, 1),
    (1, 3, 17),
    (2, 17, 3),
    (3, 100, 576),
    (7, 33, 100),
    (13, 576, 33),
    (50, 48, 800),
    (1, 97, 4096),
]


def product(kernels: Kernels, x: F32, packed: Weight) -> F32:
    out = np.full((len(x), packed.rows), np.nan, np.float32)
    kernels.linear(x, packed, out)
    return out


def unpack(kernels: Kernels, packed: Weight) -> F32:
    out = np.full((packed.rows, packed.cols), np.nan, np.float32)
    kernels.embed(packed, np.arange(packed.rows, dtype=np.int32), out)
    return out


def matrix(rng: np.random.Generator, rows: int, cols: int) -> F32:
    """Groups of very different sizes, some of them zero."""
    sizes = 10.0 ** rng.integers(-4, 2, (rows, 1 + cols // 32)).repeat(32, axis=1)[:, :cols]
    sizes[rng.random(sizes.shape) < 0.05] = 0
    return (rng.standard_normal((rows, cols)) * sizes).astype(np.float32)


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
@pytest.mark.parametrize(("num_rows", "rows", "cols"), SHAPES)
def test_builds_equal_the_twin_to_the_bit(
    native: Kernels, rng: np.random.Generator, quantization: Quantization, num_rows: int, rows: int, cols: int
) -> None:
    w, x = matrix(rng, rows, cols), rng.standard_normal((num_rows, cols), dtype=np.float32)
    twin = load("reference")
    packed, twin_packed = native.pack(w, quantization=quantization), twin.pack(w, quantization=quantization)
    assert (packed.rows, packed.cols, packed.dtype) == (rows, cols, quantization)
    assert unpack(native, packed).tobytes() == unpack(twin, twin_packed).tobytes()
    assert product(native, x, packed).tobytes() == product(twin, x, twin_packed).tobytes()


@pytest.mark.parametrize("dtype", ["bf16", "f16", "f32"])
@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_quantizing_reads_every_dtype(
    kernels: Kernels, rng: np.random.Generator, quantization: Quantization, dtype: Any
) -> None:
    bits = (rng.standard_normal((20, 70), dtype=np.float32).view(np.uint32) >> 16).astype(np.uint16)
    values = (bits.astype(np.uint32) << 16).view(np.float32)
    stored: Any = {"bf16": bits, "f16": values.astype(np.float16), "f32": values}[dtype]
    values = values.astype(np.float16).astype(np.float32) if dtype == "f16" else values
    expected = unpack(kernels, kernels.pack(values, quantization=quantization))
    assert unpack(kernels, kernels.pack(stored, dtype, quantization)).tobytes() == expected.tobytes()


@pytest.mark.parametrize(("quantization", "limit"), [("int8", 0.0065), ("int4", 0.087)])
def test_rounding_costs_no_more_than_its_bits_must(
    kernels: Kernels, rng: np.random.Generator, quantization: Quantization, limit: float
) -> None:
    w = rng.standard_normal((64, 640), dtype=np.float32)
    error = unpack(kernels, kernels.pack(w, quantization=quantization)) - w
    assert np.sqrt(np.mean(np.square(error)) / np.mean(np.square(w))) < limit


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_product_is_that_of_the_rounded_weights(
    kernels: Kernels, rng: np.random.Generator, quantization: Quantization
) -> None:
    packed = kernels.pack(matrix(rng, 100, 576), quantization=quantization)
    x = rng.standard_normal((9, 576), dtype=np.float32)
    w = unpack(kernels, packed).astype(np.float64)
    bound = np.abs(x).max(axis=1, keepdims=True) / 32767 * np.abs(w).sum(axis=1) + 1e-6
    assert np.all(np.abs(product(kernels, x, packed) - x @ w.T) <= bound)


@pytest.mark.parametrize("value", [127, -127])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("cols", [32, 576, 16384])
def test_sums_of_the_largest_values_do_not_overflow(
    kernels: Kernels, value: int, sign: int, cols: int
) -> None:
    for quantization, largest in (("int8", value), ("int4", 7 if value > 0 else -8)):
        values = np.full((20, cols), largest, np.int8)
        packed = kernels.pack_quantized(values, np.ones((20, cols // 32), np.float16), quantization)  # type: ignore[arg-type]  # a tuple's literal widens to str
        for num_rows in (1, 13):
            out = product(kernels, np.full((num_rows, cols), sign, np.float32), packed)
            assert np.allclose(out, sign * largest * cols, rtol=1e-5)


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
@pytest.mark.parametrize("cols", [5, 576, 1537])
def test_quantized_rows_are_batch_invariant(
    native: Kernels, rng: np.random.Generator, quantization: Quantization, cols: int
) -> None:
    packed = native.pack(matrix(rng, 203, cols), quantization=quantization)
    x = rng.standard_normal((200, cols), dtype=np.float32)
    alone = np.concatenate([product(native, row[None], packed) for row in x])
    for num_rows in (*range(2, 15), 48, 49, 97, 200):
        for first in (0, 200 - num_rows):
            rows = slice(first, first + num_rows)
            assert product(native, x[rows], packed).tobytes() == alone[rows].tobytes()


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_quantized_linear_add_adds_the_finished_sum(
    kernels: Kernels, rng: np.random.Generator, quantization: Quantization
) -> None:
    packed = kernels.pack(matrix(rng, 33, 100), quantization=quantization)
    x, out = rng.standard_normal((8, 100), dtype=np.float32), rng.standard_normal((8, 33), dtype=np.float32)
    expected = out + product(kernels, x, packed)
    kernels.linear_add(x, packed, out)
    assert out.tobytes() == expected.tobytes()


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_quantized_linear_reads_column_slices(
    kernels: Kernels, rng: np.random.Generator, quantization: Quantization
) -> None:
    packed = kernels.pack(matrix(rng, 40, 24), quantization=quantization)
    inner = rng.standard_normal((9, 70), dtype=np.float32)[:, 13:37]
    assert product(kernels, inner, packed).tobytes() == product(kernels, inner.copy(), packed).tobytes()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_activations_that_are_no_numbers_spoil_their_row_only(
    kernels: Kernels, rng: np.random.Generator, bad: float
) -> None:
    packed = kernels.pack(matrix(rng, 20, 100), quantization="int8")
    x = rng.standard_normal((7, 100), dtype=np.float32)
    clean = product(kernels, x, packed)
    x[3, 4] = bad
    spoilt = product(kernels, x, packed)
    assert np.isnan(spoilt[3]).all()
    assert np.delete(spoilt, 3, axis=0).tobytes() == np.delete(clean, 3, axis=0).tobytes()


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_zeros_and_the_smallest_activations_give_zeros(kernels: Kernels, quantization: Quantization) -> None:
    packed = kernels.pack(np.ones((5, 40), np.float32), quantization=quantization)
    x = np.zeros((3, 40), np.float32)
    x[1], x[2, 0] = 1e-35, 1e-45
    assert not product(kernels, x, packed).any()


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_weights_that_cannot_be_quantized_are_refused(
    kernels: Kernels, quantization: Quantization, bad: float
) -> None:
    w = np.ones((20, 40), np.float32)
    w[18, 33] = bad
    with pytest.raises(ValueError, match="infinite, not numbers, or too large to quantize"):
        kernels.pack(w, quantization=quantization)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_tell_whether_they_are_finite(kernels: Kernels, bad: float) -> None:
    w = np.ones((20, 40), np.float32)
    assert kernels.pack(w).is_finite
    w[18, 33] = bad
    assert not kernels.pack(w).is_finite
    assert not kernels.pack((w.view(np.uint32) >> 16).astype(np.uint16), "bf16").is_finite


@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_pack_quantized_keeps_every_value(
    kernels: Kernels, rng: np.random.Generator, quantization: Quantization
) -> None:
    low, high = (-128, 127) if quantization == "int8" else (-8, 7)
    values = rng.integers(low, high, (37, 100), dtype=np.int8, endpoint=True)
    scales = rng.standard_normal((37, 4)).astype(np.float16)
    expected = values * scales.astype(np.float32).repeat(32, axis=1)[:, :100]
    assert (
        unpack(kernels, kernels.pack_quantized(values, scales, quantization)).tobytes() == expected.tobytes()
    )


def test_pack_quantized_refuses_what_does_not_fit(kernels: Kernels) -> None:
    values, scales = np.full((3, 40), 8, np.int8), np.ones((3, 2), np.float16)
    with pytest.raises(ValueError, match="too large to quantize"):
        kernels.pack_quantized(values, scales, "int4")
    with pytest.raises(ValueError, match="scales must"):
        kernels.pack_quantized(values, scales[:, :1], "int8")
    with pytest.raises(ValueError, match="quantization must be 'int8' or 'int4', got 'int5'"):
        kernels.pack_quantized(values, scales, "int5")  # type: ignore[arg-type]  # the point of the test


def test_quantized_weights_take_their_bits_and_scales(native: Kernels) -> None:
    w = np.ones((64, 320), np.float32)
    assert native.pack(w, quantization="int8").nbytes == 64 * 320 * 8.5 / 8
    assert native.pack(w, quantization="int4").nbytes == 64 * 320 * 4.5 / 8
