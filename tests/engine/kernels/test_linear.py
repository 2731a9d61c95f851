from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from martlet.engine.kernels import F32, Activation, Kernels, Quantization, StorageDtype, load

Stored = tuple[npt.NDArray[Any], StorageDtype, F32]


def stored(rng: np.random.Generator, rows: int, cols: int, dtype: StorageDtype) -> Stored:
    """A random matrix as `pack` takes it, its dtype, and its values in float32."""
    values = rng.standard_normal((rows, cols), dtype=np.float32)
    if dtype == "bf16":
        bits = (values.view(np.uint32) >> 16).astype(np.uint16)
        return bits, dtype, (bits.astype(np.uint32) << 16).view(np.float32)
    if dtype == "f16":
        return values.astype(np.float16), dtype, values.astype(np.float16).astype(np.float32)
    return values, dtype, values


def product(kernels: Kernels, x: F32, packed: Any) -> F32:
    out = np.full((len(x), packed.rows), np.nan, dtype=np.float32)
    kernels.linear(x, packed, out)
    return out


def assert_near(actual: F32, x: F32, w: F32) -> None:
    """Within the error of a float32 sum in any order: k * eps * sum of magnitudes, generously bounded."""
    exact = x.astype(np.float64) @ w.astype(np.float64).T
    magnitude = np.abs(x).astype(np.float64) @ np.abs(w).astype(np.float64).T
    bound = 2.0**-24 * (4 + 4 * np.sqrt(x.shape[1])) * magnitude
    assert np.all(np.abs(actual - exact) <= bound)


@pytest.mark.parametrize("dtype", ["bf16", "f16", "f32"])
@pytest.mark.parametrize(
    ("num_rows", "rows", "cols"),
    [
        (1, 1, 1),
        (1, 3, 17),
        (2, 17, 3),
        (3, 100, 576),
        (7, 33, 100),
        (17, 576, 1),
        (49, 48, 1600),
        (1, 97, 4096),
    ],
)
def test_linear_matches_float64(
    kernels: Kernels, rng: np.random.Generator, dtype: StorageDtype, num_rows: int, rows: int, cols: int
) -> None:
    w, _, values = stored(rng, rows, cols, dtype)
    x = rng.standard_normal((num_rows, cols), dtype=np.float32)
    packed = kernels.pack(w, dtype)
    assert (packed.rows, packed.cols, packed.dtype) == (rows, cols, "bf16" if dtype == "bf16" else "f32")
    assert_near(product(kernels, x, packed), x, values)


@pytest.mark.parametrize("dtype", ["bf16", "f32"])
@pytest.mark.parametrize("cols", [5, 576, 1537])
def test_linear_rows_are_batch_invariant(
    kernels: Kernels, rng: np.random.Generator, dtype: StorageDtype, cols: int
) -> None:
    packed = kernels.pack(stored(rng, 203, cols, dtype)[0], dtype)
    x = rng.standard_normal((200, cols), dtype=np.float32)
    alone = np.concatenate([product(kernels, row[None], packed) for row in x])
    for num_rows in (2, 3, 4, 5, 6, 7, 48, 49, 200):
        for first in (0, 200 - num_rows):
            rows = slice(first, first + num_rows)
            assert product(kernels, x[rows], packed).tobytes() == alone[rows].tobytes()


@pytest.mark.parametrize("power", [-40, -20, -19, 16])
def test_linear_rows_are_batch_invariant_at_the_ends_of_the_range(
    kernels: Kernels, rng: np.random.Generator, power: int
) -> None:
    scales = np.float32(10.0) ** rng.integers(-3, 4, (50, 100)).astype(np.float32)
    w = rng.standard_normal((50, 100), dtype=np.float32) * scales * np.float32(10.0**power)
    x = rng.standard_normal((20, 100), dtype=np.float32) * np.float32(10.0**power)
    packed = kernels.pack((w.view(np.uint32) >> 16).astype(np.uint16), "bf16")
    alone = np.concatenate([product(kernels, row[None], packed) for row in x])
    assert product(kernels, x, packed).tobytes() == alone.tobytes()


@pytest.mark.parametrize("num_rows", [1, 2, 6, 50])
def test_linear_is_the_same_on_any_number_of_threads(
    native: Kernels, rng: np.random.Generator, num_rows: int
) -> None:
    packed = native.pack(stored(rng, 1000, 576, "bf16")[0], "bf16")
    x = rng.standard_normal((num_rows, 576), dtype=np.float32)
    results = set()
    for num_threads in (1, 2, 3, 5):
        native.set_num_threads(num_threads)
        results.add(product(native, x, packed).tobytes())
    assert len(results) == 1


def test_linear_depends_on_its_own_columns_only(kernels: Kernels, rng: np.random.Generator) -> None:
    w, dtype, _ = stored(rng, 203, 100, "bf16")
    x = rng.standard_normal((9, 100), dtype=np.float32)
    whole = product(kernels, x, kernels.pack(w, dtype))
    some = product(kernels, x, kernels.pack(w[:32], dtype))
    if kernels.name == "reference":  # BLAS may order a shorter matrix's sums differently
        assert np.allclose(whole[:, :32], some, atol=1e-4)
    else:
        assert whole[:, :32].tobytes() == some.tobytes()


def test_linear_reads_column_slices(kernels: Kernels, rng: np.random.Generator) -> None:
    packed = kernels.pack(stored(rng, 40, 24, "f32")[0])
    wide = rng.standard_normal((9, 70), dtype=np.float32)
    inner = wide[:, 13:37]
    assert product(kernels, inner, packed).tobytes() == product(kernels, inner.copy(), packed).tobytes()


@pytest.mark.parametrize("num_rows", [1, 3, 40])
def test_linear_writes_column_slices_and_nothing_beside_them(
    kernels: Kernels, rng: np.random.Generator, num_rows: int
) -> None:
    packed = kernels.pack(stored(rng, 40, 24, "f32")[0])
    x = rng.standard_normal((num_rows, 24), dtype=np.float32)
    out = rng.standard_normal((num_rows, 70), dtype=np.float32)
    expected = out.copy()
    expected[:, 13:53] += product(kernels, x, packed)
    kernels.linear_add(x, packed, out[:, 13:53])
    assert out.tobytes() == expected.tobytes()
    expected[:, 13:53] = product(kernels, x, packed)
    kernels.linear(x, packed, out[:, 13:53])
    assert out.tobytes() == expected.tobytes()


def test_linear_add_adds_the_finished_sum(kernels: Kernels, rng: np.random.Generator) -> None:
    packed = kernels.pack(stored(rng, 33, 100, "bf16")[0], "bf16")
    x = rng.standard_normal((8, 100), dtype=np.float32)
    out = rng.standard_normal((8, 33), dtype=np.float32)
    expected = out + product(kernels, x, packed)
    kernels.linear_add(x, packed, out)
    assert out.tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("dtype", "quantization"), [("f32", None), ("bf16", None), ("f32", "int8"), ("f32", "int4")]
)
@pytest.mark.parametrize(("rows", "cols"), [(3, 40), (100, 33), (130, 64)])
def test_runs_of_rows_are_what_linear_makes_of_each(
    kernels: Kernels,
    rng: np.random.Generator,
    dtype: StorageDtype,
    quantization: Quantization | None,
    rows: int,
    cols: int,
) -> None:
    weights = [kernels.pack(*stored(rng, rows, cols, dtype)[:2], quantization) for _ in range(7)]
    starts = np.array([0, 0, 1, 3, 3, 16, 66, 67], np.int32)
    wide = rng.standard_normal((67, cols + 5), dtype=np.float32)
    x, buffer = wide[:, 2 : cols + 2], np.full((67, rows + 9), 7, np.float32)
    kernels.linear_runs(x, weights, starts, buffer[:, 4 : rows + 4])
    expected = np.empty((67, rows), np.float32)
    for weight, start, end in zip(weights, starts[:-1], starts[1:], strict=True):
        kernels.linear(x[start:end], weight, expected[start:end])
    assert buffer[:, 4 : rows + 4].tobytes() == expected.tobytes()
    assert (buffer[:, :4] == 7).all()
    assert (buffer[:, rows + 4 :] == 7).all()


@pytest.mark.parametrize("num_rows", [1, 16, 17, 40])
def test_linear_keeps_every_bit_of_activations(
    kernels: Kernels, rng: np.random.Generator, num_rows: int
) -> None:
    identity = (np.eye(70, dtype=np.float32).view(np.uint32) >> 16).astype(np.uint16)
    x = rng.standard_normal((num_rows, 70), dtype=np.float32)
    x *= np.float32(2) ** rng.integers(-60, 60, x.shape).astype(np.float32)
    assert product(kernels, x, kernels.pack(identity, "bf16")).tobytes() == x.tobytes()


def test_linear_of_no_rows_does_nothing(kernels: Kernels, rng: np.random.Generator) -> None:
    packed = kernels.pack(stored(rng, 33, 10, "f32")[0])
    assert product(kernels, np.empty((0, 10), np.float32), packed).shape == (0, 33)


@pytest.mark.parametrize("dtype", ["bf16", "f32"])
def test_linear_keeps_nans_in_their_rows(
    kernels: Kernels, rng: np.random.Generator, dtype: StorageDtype
) -> None:
    packed = kernels.pack(stored(rng, 20, 10, dtype)[0], dtype)
    x = rng.standard_normal((7, 10), dtype=np.float32)
    clean = product(kernels, x, packed)
    x[3, 4] = np.nan
    spoilt = product(kernels, x, packed)
    assert np.isnan(spoilt[3]).all()
    assert np.delete(spoilt, 3, axis=0).tobytes() == np.delete(clean, 3, axis=0).tobytes()


def test_builds_agree_with_the_twin(native: Kernels, rng: np.random.Generator) -> None:
    w, dtype, values = stored(rng, 100, 576, "bf16")
    x = rng.standard_normal((17, 576), dtype=np.float32)
    reference = load("reference")
    twin = product(reference, x, reference.pack(w, dtype))
    assert_near(twin, x, values)
    assert np.allclose(product(native, x, native.pack(w, dtype)), twin, rtol=0, atol=5e-4)


@pytest.mark.parametrize("form", ["f32", "bf16", "int8", "int4"])
@pytest.mark.parametrize(
    ("num_rows", "rows", "cols"), [(1, 32, 5), (1, 1056, 576), (3, 992, 100), (33, 160, 576)]
)
@pytest.mark.parametrize("activation", ["silu", "gelu_tanh"])
def test_gated_product_is_what_two_calls_make(
    kernels: Kernels,
    rng: np.random.Generator,
    form: Any,
    num_rows: int,
    rows: int,
    cols: int,
    activation: Activation,
) -> None:
    w, dtype, _ = stored(rng, rows, cols, "bf16" if form == "bf16" else "f32")
    packed = kernels.pack(w, dtype, form) if form.startswith("int") else kernels.pack(w, dtype)
    x = rng.standard_normal((num_rows, cols), dtype=np.float32)
    expected, wide = (
        np.empty((num_rows, rows // 2), np.float32),
        np.full((num_rows, rows), np.nan, np.float32),
    )
    kernels.activate_mul(product(kernels, x, packed), activation, expected)
    for num_threads in (1, 2, 3):
        kernels.set_num_threads(num_threads)
        kernels.linear_activate_mul(x, packed, activation, wide[:, 7 : 7 + rows // 2])
        assert wide[:, 7 : 7 + rows // 2].tobytes() == expected.tobytes()
    assert np.isnan(np.delete(wide, np.s_[7 : 7 + rows // 2], axis=1)).all()


@pytest.mark.parametrize("dtype", ["bf16", "f16", "f32"])
def test_embed_gathers_exact_rows(kernels: Kernels, rng: np.random.Generator, dtype: StorageDtype) -> None:
    w, _, values = stored(rng, 100, 37, dtype)
    token_ids = rng.integers(0, 100, 50, dtype=np.int32)
    out = np.full((50, 37), np.nan, dtype=np.float32)
    kernels.embed(kernels.pack(w, dtype), token_ids, out)
    assert out.tobytes() == values[token_ids].tobytes()


def test_pack_widens_every_float16(kernels: Kernels) -> None:
    halves = np.arange(2**16, dtype=np.uint32).astype(np.uint16).view(np.float16).reshape(256, 256)
    out = np.empty((256, 256), np.float32)
    kernels.embed(kernels.pack(halves), np.arange(256, dtype=np.int32), out)
    nan = np.isnan(halves)
    assert np.array_equal(np.isnan(out), nan)
    assert out[~nan].tobytes() == halves.astype(np.float32)[~nan].tobytes()


def test_pack_takes_every_other_row(kernels: Kernels, rng: np.random.Generator) -> None:
    w, dtype, values = stored(rng, 66, 20, "bf16")
    out = np.empty((33, 20), np.float32)
    kernels.embed(kernels.pack(w[::2], dtype), np.arange(33, dtype=np.int32), out)
    assert out.tobytes() == values[::2].tobytes()


def test_packed_bf16_takes_two_bytes_and_is_held_once(native: Kernels, rng: np.random.Generator) -> None:
    packed = native.pack(stored(rng, 64, 50, "bf16")[0], "bf16")
    memory = np.frombuffer(packed, dtype=np.uint8)  # type: ignore[call-overload]  # buffers are typed from 3.12 on
    assert packed.nbytes == memory.nbytes == 64 * 50 * 2
    assert memory.ctypes.data % 64 == 0
    with pytest.raises(ValueError, match="read-only"):
        memory[0] = 1
