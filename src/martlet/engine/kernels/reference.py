"""The kernels in NumPy: what the C code is tested against, and what runs where it was not built.

Each result is computed by itself, row by row, so that its bits cannot depend on what else is in the batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from martlet.engine.kernels.drawing import choose

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, F64, I32, Activation, KVArray, Quantization, StorageDtype, Weight


GROUP = 32
"""Columns of a quantized weight that share a scale."""
LEVELS = np.float32(32767)
"""Of quantized activations, to each side of 0."""
OWN_SCALE = np.float32(2**-8)
"""Factor of the float16 scales chosen here: weights from 1e-5 to 30000 then have normal ones."""
INT4_DIVISORS = (-8, -7.5, -7, -8.5, -9, -6.5, 7, 7.5)
"""Where the extreme value of a group may come to lie; the one that costs least is taken."""


@dataclass(frozen=True, eq=False)
class ReferenceWeight:
    """A matrix as plain float32, whatever it was stored as."""

    data: F32
    dtype: Literal["f32", "bf16"]
    is_finite: bool

    @property
    def rows(self) -> int:
        return int(self.data.shape[0])

    @property
    def cols(self) -> int:
        return int(self.data.shape[1])

    @property
    def nbytes(self) -> int:
        return self.data.nbytes


@dataclass(frozen=True, eq=False)
class QuantizedWeight:
    """A matrix as integers in groups of columns, each with a scale; zeros fill the last group."""

    values: npt.NDArray[np.int8]
    """[rows, groups, 32]"""
    scales: F32
    """[rows, groups] Widened from float16."""
    scale: np.float32
    """Of all of them. A value is `values * (scales * scale)`."""
    cols: int
    dtype: Quantization
    is_finite: bool = True

    @property
    def rows(self) -> int:
        return len(self.values)

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + self.scales.nbytes

    @property
    def data(self) -> F32:
        widened: F32 = self.values * (self.scales * self.scale)[..., None]
        return widened.reshape(self.rows, -1)[:, : self.cols]


def quantize(w: F32, quantization: Quantization) -> QuantizedWeight:
    """Round each group to the integers and the float16 scale that `quantization` means."""
    padded = np.zeros((len(w), -(-w.shape[1] // GROUP) * GROUP), np.float32)
    padded[:, : w.shape[1]] = w
    groups = padded.reshape(len(w), -1, GROUP)
    places = np.abs(groups).argmax(axis=-1, keepdims=True)
    extremes = np.take_along_axis(groups, places, axis=-1)[..., 0] + np.float32(0)  # no -0
    if quantization == "int8":
        scales = _nearest_f16(np.abs(extremes), 127)
        values, _ = _round_groups(groups, scales, -127, 127)
    else:
        values, scales = _least_costly(groups, extremes)
    _require(
        bool(np.isfinite(scales).all()),
        "w has values that are infinite, not numbers, or too large to quantize",
    )
    return QuantizedWeight(values, scales, OWN_SCALE, w.shape[1], quantization)


def _nearest_f16(extremes: F32, divisor: float) -> F32:
    with np.errstate(over="ignore"):
        scales: F32 = (extremes / np.float32(divisor) / OWN_SCALE).astype(np.float16).astype(np.float32)
        return scales


def _round_groups(groups: F32, scales: F32, lowest: int, highest: int) -> tuple[npt.NDArray[np.int8], F32]:
    """Return integers, and the squares of what they cost, summed over a group in order."""
    steps = (scales * OWN_SCALE)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.where(steps == 0, np.float32(0), np.float32(1) / steps)
        levels: F32 = np.clip(np.rint(groups * inverse), lowest, highest)
        costs: F32 = np.add.accumulate(np.square(groups - levels * steps), axis=-1)
        return levels.astype(np.int8), costs[..., -1]


def _least_costly(groups: F32, extremes: F32) -> tuple[npt.NDArray[np.int8], F32]:
    values = np.zeros(groups.shape, np.int8)
    scales = np.zeros(extremes.shape, np.float32)
    least = np.full(extremes.shape, np.inf, np.float32)
    for index, divisor in enumerate(INT4_DIVISORS):
        trial_scales = _nearest_f16(extremes, divisor)
        trial, costs = _round_groups(groups, trial_scales, -8, 7)
        better = (costs < least) | (index == 0)
        values[better], scales[better], least[better] = trial[better], trial_scales[better], costs[better]
    return values, scales


def quantize_rows(x: F32) -> tuple[npt.NDArray[np.int64], F32]:
    """Return rows of activations as 16-bit integers and a scale each: NaN for rows that are not finite."""
    largest = np.abs(x).max(axis=1, initial=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        inverse = np.where(np.isfinite(largest) & (largest > 1e-30), LEVELS / largest, np.float32(0))
        scales = np.where(np.isfinite(largest), largest / LEVELS, np.float32(np.nan))
        values = np.where(inverse[:, None] == 0, np.float32(0), np.rint(x * inverse[:, None]))
    return values.astype(np.int64), np.where(largest > 1e-30, scales, scales * 0)


def widen(w: npt.NDArray[Any], dtype: StorageDtype | None = None) -> F32:
    """Float32 values of an array stored as float32, float16 or, with dtype "bf16", as uint16 bit patterns."""
    stored = {"float32": "f32", "float16": "f16", "uint16": "bf16"}.get(w.dtype.name)
    if stored is None or dtype not in (None, stored) or (stored == "bf16" and dtype is None):
        raise TypeError(f"cannot read an array of {w.dtype} as {dtype or 'f32 or f16'}")
    if stored == "bf16":
        return (w.astype(np.uint32) << 16).view(np.float32)
    return w.astype(np.float32)


def _own(weight: Weight) -> ReferenceWeight | QuantizedWeight:
    if not isinstance(weight, ReferenceWeight | QuantizedWeight):
        raise TypeError("weight was packed by other kernels")
    return weight


def _require(ok: bool, problem: str) -> None:
    if not ok:
        raise ValueError(problem)


def _require_quantization(name: str) -> None:
    _require(name in ("int8", "int4"), f"quantization must be 'int8' or 'int4', got '{name}'")


def _require_within(name: str, indices: I32, end: int) -> None:
    if indices.size and (indices.min() < 0 or indices.max() >= end):
        raise IndexError(f"{name} must be at least 0 and below {end}")


class ReferenceKernels:
    name = "reference"
    num_threads = 1

    def set_num_threads(self, num_threads: int, /) -> None:
        _require(num_threads >= 1, f"num_threads must be at least 1, got {num_threads}")

    def pack(
        self,
        w: npt.NDArray[Any],
        dtype: StorageDtype | None = None,
        quantization: Quantization | None = None,
    ) -> Weight:
        _require(w.ndim == 2, f"w must have 2 dimensions, got {w.ndim}")
        data = np.ascontiguousarray(widen(w, dtype))
        if quantization is not None:
            _require_quantization(quantization)
            return quantize(data, quantization)
        return ReferenceWeight(data, "bf16" if dtype == "bf16" else "f32", bool(np.isfinite(data).all()))

    def pack_quantized(
        self, values: npt.NDArray[np.int8], scales: npt.NDArray[np.float16], quantization: Quantization, /
    ) -> Weight:
        _require_quantization(quantization)
        rows, cols = values.shape
        num_groups = -(-cols // GROUP)
        _require(scales.shape == (rows, num_groups), f"scales must be [{rows}, {num_groups}]")
        fits = quantization == "int8" or not values.size or (values.min() >= -8 and values.max() <= 7)
        _require(
            bool(fits and np.isfinite(scales).all()),
            "w has values that are infinite, not numbers, or too large to quantize",
        )
        padded = np.zeros((rows, num_groups * GROUP), np.int8)
        padded[:, :cols] = values
        groups = padded.reshape(rows, num_groups, GROUP)
        return QuantizedWeight(groups, scales.astype(np.float32), np.float32(1), cols, quantization)

    def embed(self, weight: Weight, token_ids: I32, out: F32, /) -> None:
        _require_within("token_ids", token_ids, weight.rows)
        out[:] = _own(weight).data[token_ids]

    def linear(self, x: F32, weight: Weight, out: F32, /) -> None:
        for row, result in zip(x, out, strict=True):
            result[:] = _product(row, _own(weight))

    def linear_add(self, x: F32, weight: Weight, out: F32, /) -> None:
        for row, result in zip(x, out, strict=True):
            result += _product(row, _own(weight))

    def linear_runs(self, x: F32, weights: Sequence[Weight], starts: I32, out: F32, /) -> None:
        _require(len(weights) > 0, "there must be weights")
        _require(len(starts) == len(weights) + 1, f"starts must have {len(weights) + 1}, got {len(starts)}")
        _require(starts[0] == 0 and starts[-1] == len(x), "starts must go from 0 to x's rows")
        _require(bool((np.diff(starts) >= 0).all()), "starts must not fall")
        kinds = {(weight.rows, weight.cols, weight.dtype) for weight in weights}
        _require(len(kinds) == 1, "weights must be alike in shape and dtype")
        for weight, start, end in zip(weights, starts[:-1], starts[1:], strict=True):
            self.linear(x[start:end], weight, out[start:end])

    def rms_norm(self, x: F32, weight: F32, eps: float, out: F32, /) -> None:
        for row, result in zip(x, out, strict=True):
            mean_square = np.mean(np.square(row), dtype=np.float32)
            result[:] = row / np.sqrt(mean_square + np.float32(eps)) * weight

    def rms_norm_heads(self, x: F32, weight: F32, eps: float, /) -> None:
        _require(x.shape[2] == len(weight), f"weight must have {x.shape[2]} values, got {len(weight)}")
        for heads in x:
            self.rms_norm(heads, weight, eps, heads)

    def layer_norm(self, x: F32, weight: F32, bias: F32 | None, eps: float, out: F32, /) -> None:
        for row, result in zip(x, out, strict=True):
            centred = row - np.mean(row, dtype=np.float32)
            variance = np.mean(np.square(centred), dtype=np.float32)
            result[:] = centred / np.sqrt(variance + np.float32(eps)) * weight
            if bias is not None:
                result += bias

    def rope(self, x: F32, cos_sin: F32, positions: I32, /) -> None:
        _require_within("positions", positions, len(cos_sin))
        half = cos_sin.shape[1] // 2
        cos = cos_sin[positions, None, :half]
        sin = cos_sin[positions, None, half:]
        first, second = x[..., :half].copy(), x[..., half : 2 * half].copy()
        x[..., :half] = first * cos - second * sin
        x[..., half : 2 * half] = second * cos + first * sin

    def write_kv(self, k: F32, v: F32, k_cache: KVArray, v_cache: KVArray, slot_mapping: I32, /) -> None:
        num_blocks, block_size = k_cache.shape[0], k_cache.shape[3]
        _require_within("slot_mapping", slot_mapping, num_blocks * block_size)
        block, offset = np.divmod(slot_mapping, block_size)
        k_cache[block, :, :, offset] = _narrow_like(k, k_cache)
        v_cache[block, :, offset] = _narrow_like(v, v_cache)

    def paged_attention(
        self,
        q: F32,
        k_cache: KVArray,
        v_cache: KVArray,
        block_tables: I32,
        query_start: I32,
        context_lens: I32,
        scale: float,
        window: tuple[int, int],
        soft_cap: float,
        out: F32,
        /,
    ) -> None:
        _, num_kv_heads, head_dim, block_size = k_cache.shape
        left, right = window
        _require(left >= -1 and right >= -1, "window must be (left, right), each at least 0, or -1 for all")
        _require(soft_cap >= 0, "soft_cap must be at least 0")
        for s, length in enumerate(context_lens.tolist()):
            start, end = int(query_start[s]), int(query_start[s + 1])
            if start == end:
                continue
            _require(length >= end - start, f"context_lens[{s}] is less than its number of queries")
            table = block_tables[s, : -(-length // block_size)]
            _require(len(table) * block_size >= length, f"block_tables[{s}] is too short for its context")
            _require_within("block_tables", table, len(k_cache))
            # [Hkv, D, tokens] and [Hkv, tokens, D]
            k = _widen_kv(k_cache[table]).transpose(1, 2, 0, 3).reshape(num_kv_heads, head_dim, -1)
            v = _widen_kv(v_cache[table]).transpose(1, 0, 2, 3).reshape(num_kv_heads, -1, head_dim)
            for row in range(start, end):
                position = length - (end - row)
                first = 0 if left < 0 else max(0, position - left)
                last = length if right < 0 else min(length, position + right + 1)
                grouped = q[row].reshape(num_kv_heads, -1, head_dim)
                scores = np.matmul(grouped, k[..., first:last]) * np.float32(scale)
                if soft_cap:
                    self.soft_cap(scores, soft_cap)
                out[row] = np.matmul(_softmax(scores), v[:, first:last]).reshape(-1, head_dim)

    def activate(self, x: F32, activation: Activation, out: F32, /) -> None:
        out[:] = _ACTIVATIONS[activation](x)

    def activate_mul(self, gate_up: F32, activation: Activation, out: F32, /) -> None:
        gate, up = np.split(gate_up, 2, axis=1)
        np.multiply(_ACTIVATIONS[activation](gate), up, out=out)

    def linear_activate_mul(self, x: F32, weight: Weight, activation: Activation, out: F32, /) -> None:
        _require(weight.rows % 32 == 0, "weight must have a multiple of 32 rows")
        gate_up = np.empty((len(x), weight.rows), np.float32)
        self.linear(x, weight, gate_up)
        self.activate_mul(gate_up, activation, out)

    def soft_cap(self, x: F32, cap: float, /) -> None:
        _require(cap > 0, "cap must be above 0")
        np.multiply(np.tanh(x / np.float32(cap)), np.float32(cap), out=x)

    def sample(self, rows: Sequence[F32], settings: F64, out: I32, /) -> None:
        _require(settings.shape == (len(rows), 5), f"settings must be [{len(rows)}, 5]")
        for index, (row, each) in enumerate(zip(rows, settings.tolist(), strict=True)):
            out[index] = choose(row, *each)


def _silu(x: F32) -> F32:
    result = np.empty_like(x)
    # exp overflows to infinity for very negative x, where silu is 0.
    with np.errstate(over="ignore"):
        np.divide(x, 1 + np.exp(-x), out=result)
    return result


def _gelu(x: F32) -> F32:
    # NumPy has no erf; in double precision, one value at a time, the standard library's rounds away no tail.
    share = [0.5 * math.erfc(-value * math.sqrt(0.5)) for value in x.ravel().tolist()]
    return np.multiply(x, np.array(share, np.float32).reshape(x.shape), out=np.empty_like(x))


def _gelu_tanh(x: F32) -> F32:
    result = np.empty_like(x)
    with np.errstate(over="ignore"):
        u = np.float32(math.sqrt(2 / math.pi)) * x * (1 + np.float32(0.044715) * x * x)
        np.divide(x, 1 + np.exp(-2 * u), out=result)
    return result


def _relu(x: F32) -> F32:
    result: F32 = np.maximum(x, np.float32(0))
    return result


_ACTIVATIONS: dict[Activation, Callable[[F32], F32]] = {
    "silu": _silu,
    "gelu": _gelu,
    "gelu_tanh": _gelu_tanh,
    "relu": _relu,
}


def _narrow_like(values: F32, cache: KVArray) -> KVArray:
    """Return values as the cache holds them: bf16 is rounded to the nearest, ties to even."""
    if cache.dtype == np.float32:
        return values
    bits = np.ascontiguousarray(values).view(np.uint32)
    rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
    return np.where(np.isnan(values), bits >> 16 | 0x40, rounded).astype(np.uint16)


def _widen_kv(cached: KVArray) -> F32:
    return widen(cached, "bf16" if cached.dtype == np.uint16 else "f32")


def _product(row: F32, weight: ReferenceWeight | QuantizedWeight) -> F32:
    if isinstance(weight, ReferenceWeight):
        product: F32 = weight.data @ np.ascontiguousarray(row)
        return product
    padded = np.zeros((1, weight.values[0].size if weight.rows else 0), np.float32)
    padded[0, : len(row)] = row
    [integers], [scale] = quantize_rows(padded)
    # Within a group the sum is exact; then every step rounds.
    sums = np.einsum("ngk,gk->ng", weight.values.astype(np.int64), integers.reshape(-1, GROUP))
    total = np.zeros(weight.rows, np.float32)
    for group, scales in zip(sums.T, weight.scales.T, strict=True):
        total += group.astype(np.float32) * scales
    total *= scale * weight.scale
    return total


def _softmax(scores: F32) -> F32:
    weights: F32 = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights
