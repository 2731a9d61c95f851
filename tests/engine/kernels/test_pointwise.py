from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from martlet.engine.kernels import F32, Activation, Kernels, load


def rms_norm(kernels: Kernels, x: F32, weight: F32) -> F32:
    out = np.full(x.shape, np.nan, np.float32)
    kernels.rms_norm(x, weight, 1e-5, out)
    return out


@pytest.mark.parametrize("cols", [1, 3, 17, 100, 576, 4096])
def test_rms_norm_matches_float64(kernels: Kernels, rng: np.random.Generator, cols: int) -> None:
    x = rng.standard_normal((5, cols), dtype=np.float32)
    weight = rng.standard_normal(cols, dtype=np.float32)
    wide = x.astype(np.float64)
    exact = wide / np.sqrt(np.mean(wide**2, axis=1, keepdims=True) + 1e-5) * weight
    assert np.allclose(rms_norm(kernels, x, weight), exact, rtol=2e-6, atol=0)


@pytest.mark.parametrize("cols", [17, 576])
def test_rms_norm_rows_are_batch_invariant(kernels: Kernels, rng: np.random.Generator, cols: int) -> None:
    x = rng.standard_normal((200, cols), dtype=np.float32)
    weight = rng.standard_normal(cols, dtype=np.float32)
    alone = b"".join(rms_norm(kernels, row[None].copy(), weight).tobytes() for row in x)
    assert rms_norm(kernels, x, weight).tobytes() == alone


def test_rms_norm_works_in_place_and_on_slices(kernels: Kernels, rng: np.random.Generator) -> None:
    wide = rng.standard_normal((6, 40), dtype=np.float32)
    x, weight = wide[:, 5:30].copy(), np.ones(25, np.float32)
    expected = rms_norm(kernels, x, weight)
    assert rms_norm(kernels, wide[:, 5:30], weight).tobytes() == expected.tobytes()
    kernels.rms_norm(x, weight, 1e-5, x)
    assert x.tobytes() == expected.tobytes()


def angles(rng: np.random.Generator, positions: int, dim: int) -> F32:
    angle = rng.uniform(-np.pi, np.pi, (positions, dim // 2))
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


@pytest.mark.parametrize("dim", [2, 6, 64])
def test_rope_rotates_halves_of_heads(kernels: Kernels, rng: np.random.Generator, dim: int) -> None:
    fused = rng.standard_normal((300, 5 * dim), dtype=np.float32)
    before = fused.copy()
    cos_sin = angles(rng, 50, dim)
    positions = rng.integers(0, 50, 300, dtype=np.int32)
    # The second and third of five heads: a slice of a fused buffer.
    heads = fused.reshape(300, 5, dim)[:, 1:3]
    rotated = before.reshape(300, 5, dim)[:, 1:3].astype(np.float64)
    cos, sin = np.split(cos_sin[positions].astype(np.float64)[:, None], 2, axis=-1)
    first, second = np.split(rotated, 2, axis=-1)
    expected = np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)
    kernels.rope(heads, cos_sin, positions)
    assert np.allclose(heads, expected, rtol=0, atol=1e-6)
    untouched = [0, 3, 4]
    assert np.array_equal(fused.reshape(300, 5, dim)[:, untouched], before.reshape(300, 5, dim)[:, untouched])


def test_rope_leaves_the_rest_of_a_head(kernels: Kernels, rng: np.random.Generator) -> None:
    x = rng.standard_normal((4, 2, 16), dtype=np.float32)
    before, cos_sin = x.copy(), angles(rng, 4, 8)
    part = x[..., :8].copy()
    kernels.rope(x, cos_sin, np.arange(4, dtype=np.int32))
    kernels.rope(part, cos_sin, np.arange(4, dtype=np.int32))
    assert x[..., :8].tobytes() == part.tobytes()
    assert x[..., 8:].tobytes() == before[..., 8:].tobytes()


def test_rope_equals_the_twin_to_the_bit(native: Kernels, rng: np.random.Generator) -> None:
    x = rng.standard_normal((40, 3, 64), dtype=np.float32)
    twin, cos_sin, positions = x.copy(), angles(rng, 40, 64), rng.permutation(40).astype(np.int32)
    native.rope(x, cos_sin, positions)
    load("reference").rope(twin, cos_sin, positions)
    assert x.tobytes() == twin.tobytes()


def test_write_kv_fills_slots_and_nothing_else(kernels: Kernels, rng: np.random.Generator) -> None:
    num_blocks, heads, dim, block_size, rows = 9, 3, 20, 16, 70
    qkv = rng.standard_normal((rows, 5 * heads, dim), dtype=np.float32)
    k, v = qkv[:, heads : 2 * heads], qkv[:, 3 * heads : 4 * heads]
    k_caches = np.full((num_blocks, 3, heads, dim, block_size), 7, np.float32)
    v_caches = np.full((num_blocks, 3, heads, block_size, dim), 7, np.float32)
    k_cache, v_cache = k_caches[:, 1], v_caches[:, 1]
    slots = rng.permutation(num_blocks * block_size)[:rows].astype(np.int32)
    kernels.write_kv(k, v, k_cache, v_cache, slots)
    by_slot_k = k_cache.transpose(0, 3, 1, 2).reshape(-1, heads, dim)
    by_slot_v = v_cache.transpose(0, 2, 1, 3).reshape(-1, heads, dim)
    assert np.array_equal(by_slot_k[slots], k)
    assert np.array_equal(by_slot_v[slots], v)
    assert (np.delete(by_slot_k, slots, axis=0) == 7).all()
    assert (np.delete(by_slot_v, slots, axis=0) == 7).all()
    assert (k_caches[:, ::2] == 7).all()
    assert (v_caches[:, ::2] == 7).all()


EXACT: dict[Activation, Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]] = {
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x * np.vectorize(math.erfc)(-x / math.sqrt(2)) / 2,
    "gelu_tanh": lambda x: x / (1 + np.exp(-2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "relu": lambda x: np.maximum(x, 0),
}
RELATIVE_ERROR = {"silu": 1e-6, "gelu": 5e-7, "gelu_tanh": 1e-6, "relu": 0.0}
ALL: list[Activation] = ["silu", "gelu", "gelu_tanh", "relu"]


def activate_mul(kernels: Kernels, gate_up: F32, activation: Activation) -> F32:
    out = np.full((len(gate_up), gate_up.shape[1] // 2), np.nan, np.float32)
    kernels.activate_mul(gate_up, activation, out)
    return out


def activate(kernels: Kernels, x: F32, activation: Activation) -> F32:
    out = np.full(x.shape, np.nan, np.float32)
    kernels.activate(x, activation, out)
    return out


@pytest.mark.parametrize("activation", ALL)
@pytest.mark.parametrize("cols", [1, 3, 17, 576])
def test_activate_mul_matches_float64(
    kernels: Kernels, rng: np.random.Generator, cols: int, activation: Activation
) -> None:
    gate_up = 3 * rng.standard_normal((40, 2 * cols), dtype=np.float32)
    gate, up = np.split(gate_up.astype(np.float64), 2, axis=1)
    got = activate_mul(kernels, gate_up, activation)
    # In the tails, exp of a rounded argument: an error that grows with its size.
    tail = 1 + gate**2
    wanted = EXACT[activation](gate) * up
    assert (np.abs(got - wanted) <= (RELATIVE_ERROR[activation] + 2e-7) * tail * np.abs(wanted) + 1e-37).all()


@pytest.mark.parametrize("activation", ALL)
def test_activate_matches_float64_everywhere(kernels: Kernels, activation: Activation) -> None:
    x = np.concatenate([np.linspace(-12, 12, 4001), np.geomspace(1e-30, 1, 200)]).astype(np.float32)[None]
    got = activate(kernels, x, activation)
    wanted = EXACT[activation](x.astype(np.float64))
    tail = 1 + np.where(x < -1, x.astype(np.float64) ** 2, 0)
    assert (np.abs(got - wanted) <= RELATIVE_ERROR[activation] * tail * np.abs(wanted) + 1e-37).all()


@pytest.mark.parametrize("activation", ALL)
def test_activations_are_batch_invariant(
    kernels: Kernels, rng: np.random.Generator, activation: Activation
) -> None:
    x = 5 * rng.standard_normal((200, 2 * 101), dtype=np.float32)
    alone = b"".join(activate_mul(kernels, row[None], activation).tobytes() for row in x)
    assert activate_mul(kernels, x, activation).tobytes() == alone
    alone = b"".join(activate(kernels, row[None], activation).tobytes() for row in x)
    assert activate(kernels, x, activation).tobytes() == alone


@pytest.mark.parametrize("activation", ALL)
def test_activate_works_in_place_and_on_slices(
    kernels: Kernels, rng: np.random.Generator, activation: Activation
) -> None:
    wide = rng.standard_normal((6, 40), dtype=np.float32)
    x = wide[:, 5:30].copy()
    wanted = activate(kernels, x, activation)
    assert activate(kernels, wide[:, 5:30], activation).tobytes() == wanted.tobytes()
    kernels.activate(x, activation, x)
    assert x.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("activation", ALL)
def test_activations_of_extreme_values_are_finite(kernels: Kernels, activation: Activation) -> None:
    gates = np.array([-1e30, -1000, -104, -88, 0, 88, 1000, 1e30], np.float32)
    out = activate_mul(kernels, np.concatenate([gates, np.ones_like(gates)])[None], activation)[0]
    assert np.abs(out[:4]).max() < 1e-30
    assert out[4] == 0
    assert np.allclose(out[5:], gates[5:], rtol=1e-6)


@pytest.mark.parametrize("cap", [0.7, 30.0])
@pytest.mark.parametrize("cols", [1, 3, 17, 1030])
def test_soft_cap_matches_float64(kernels: Kernels, rng: np.random.Generator, cols: int, cap: float) -> None:
    scale = np.geomspace(1e-6, 1e6, 7, dtype=np.float32)[:, None]
    x = scale * rng.standard_normal((7, cols), dtype=np.float32)
    wanted = cap * np.tanh(x.astype(np.float64) / cap)
    rows = b""
    for row in x:
        alone = row[None].copy()
        kernels.soft_cap(alone, cap)
        rows += alone.tobytes()
    kernels.soft_cap(x, cap)
    assert np.allclose(x, wanted, rtol=4e-7, atol=0)
    assert x.tobytes() == rows


@pytest.mark.parametrize("cols", [1, 3, 17, 100, 576, 4096])
@pytest.mark.parametrize("has_bias", [True, False])
def test_layer_norm_matches_float64(
    kernels: Kernels, rng: np.random.Generator, cols: int, has_bias: bool
) -> None:
    x = 3 + rng.standard_normal((200, cols + 2), dtype=np.float32)[:, 1:-1]
    weight, bias = rng.standard_normal((2, cols), dtype=np.float32)
    wide = x.astype(np.float64)
    centred = wide - wide.mean(axis=1, keepdims=True)
    wanted = centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + 1e-5) * weight + has_bias * bias
    out = np.full(x.shape, np.nan, np.float32)
    kernels.layer_norm(x, weight, bias if has_bias else None, 1e-5, out)
    assert np.abs(out - wanted).max() < 1e-5
    same = np.ascontiguousarray(x)
    for row in same:
        kernels.layer_norm(row[None], weight, bias if has_bias else None, 1e-5, row[None])
    assert same.tobytes() == out.tobytes()


@pytest.mark.parametrize("dim", [1, 3, 16, 100])
def test_rms_norm_heads_norms_each_head_in_place(
    kernels: Kernels, rng: np.random.Generator, dim: int
) -> None:
    fused = rng.standard_normal((70, 5, dim), dtype=np.float32)
    weight, before = rng.standard_normal(dim, dtype=np.float32), fused.copy()
    kernels.rms_norm_heads(fused[:, 1:3], weight, 1e-5)
    wanted = rms_norm(kernels, before[:, 1:3].reshape(-1, dim), weight)
    assert fused[:, 1:3].tobytes() == wanted.tobytes()
    assert np.array_equal(fused[:, [0, 3, 4]], before[:, [0, 3, 4]])
