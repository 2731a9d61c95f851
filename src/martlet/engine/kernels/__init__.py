"""The operations a model is made of, in C for this machine or in NumPy: `load()` picks.

Arrays are float32 and C-contiguous; ids, positions and tables are int32. Inputs may be column slices of a
wider buffer: only their last axes must be contiguous. Every operation writes into an array of the caller's.

Batch invariance is a hard rule: a row's result has the same bits alone or among others, at any place in the
batch, in one piece or in chunks, with one thread or many. Between builds the last bits differ: "avx2" fuses
multiply-adds where "portable" may have to round twice. Only products with quantized weights are the same bits
everywhere.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from martlet.engine.kernels.threads import usable_cpus

__all__ = [
    "F32",
    "F64",
    "I32",
    "Activation",
    "KVArray",
    "Kernels",
    "Quantization",
    "StorageDtype",
    "Weight",
    "available",
    "load",
]

F32: TypeAlias = "npt.NDArray[np.float32]"
F64: TypeAlias = "npt.NDArray[np.float64]"
I32: TypeAlias = "npt.NDArray[np.int32]"

StorageDtype = Literal["f32", "f16", "bf16"]
"""How a matrix given to `pack` is stored. bf16 comes as uint16 bit patterns: NumPy has no type for it."""

Quantization = Literal["int8", "int4"]
"""Integers of 8 or 4 bits, with a float16 scale for each 32 of a row: 8.5 or 4.5 bits a weight.

The values of GGUF's Q8_0 and Q4_0, exactly. Activations meet them as 16-bit integers, a scale for each row.
"""


Activation = Literal["silu", "gelu", "gelu_tanh", "relu"]
"""gelu is x * (1 + erf(x / sqrt(2))) / 2; gelu_tanh approximates its erf by a tanh."""


KVArray: TypeAlias = "npt.NDArray[np.float32] | npt.NDArray[np.uint16]"
"""A cache of keys or values: float32, or bf16 as uint16 bit patterns in an order that its kernels chose."""


class Weight(Protocol):
    """A matrix [rows, cols] in the form its kernels want. Only the kernels that packed it can use it."""

    @property
    def rows(self) -> int: ...
    @property
    def cols(self) -> int: ...
    @property
    def dtype(self) -> Literal["f32", "bf16", "int8", "int4"]:
        """How it is held: float16 is widened to float32."""
        ...

    @property
    def is_finite(self) -> bool:
        """No value is infinite or not a number."""
        ...

    @property
    def nbytes(self) -> int: ...


class Kernels(Protocol):
    """One set of kernels. Methods may be called from several threads at once."""

    @property
    def name(self) -> str:
        """One of `available()`."""
        ...

    @property
    def num_threads(self) -> int: ...

    def set_num_threads(self, num_threads: int, /) -> None:
        """Split the work of later calls over this many threads. No result depends on it."""

    def pack(
        self,
        w: npt.NDArray[Any],
        dtype: StorageDtype | None = None,
        quantization: Quantization | None = None,
    ) -> Weight:
        """Copy a matrix [N, K] into the layout `linear` reads, and round it if `quantization` is given.

        `dtype` is needed only for "bf16", whose bit patterns come as uint16. Raises ValueError for values
        that cannot be quantized: infinities, NaN.
        """
        ...

    def pack_quantized(
        self, values: npt.NDArray[np.int8], scales: npt.NDArray[np.float16], quantization: Quantization, /
    ) -> Weight:
        """Copy a matrix that is quantized already: values [N, K], scales [N, ceil(K / 32)].

        The weight of column k is values[n, k] * scales[n, k // 32]; values are from -8 to 7 for "int4".
        """
        ...

    def embed(self, weight: Weight, token_ids: I32, out: F32, /) -> None:
        """Write rows of a packed [vocab, K] matrix: out[m] = weight[token_ids[m]]. out: [M, K]."""

    def linear(self, x: F32, weight: Weight, out: F32, /) -> None:
        """out = x @ weight.T. x: [M, K]; weight: [N, K]; out: [M, N], may be columns of a wider buffer."""

    def linear_add(self, x: F32, weight: Weight, out: F32, /) -> None:
        """out += x @ weight.T, as a residual connection does. The product is summed first, then added."""

    def linear_runs(self, x: F32, weights: Sequence[Weight], starts: I32, out: F32, /) -> None:
        """Multiply each run of rows by a weight of its own, all of one shape and dtype.

        out[starts[i]:starts[i + 1]] = x[starts[i]:starts[i + 1]] @ weights[i].T, the bits as of `linear`.
        starts: [len(weights) + 1], from 0 to M, never falling.
        """

    def rms_norm(self, x: F32, weight: F32, eps: float, out: F32, /) -> None:
        """out[m] = x[m] / sqrt(mean(x[m]**2) + eps) * weight. x, out: [M, D], may be the same array."""

    def rms_norm_heads(self, x: F32, weight: F32, eps: float, /) -> None:
        """Normalise every head in place, as `rms_norm` does. x: [M, H, D]; weight: [D]."""

    def layer_norm(self, x: F32, weight: F32, bias: F32 | None, eps: float, out: F32, /) -> None:
        """out[m] = (x[m] - mean(x[m])) / sqrt(variance(x[m]) + eps) * weight + bias.

        x, out: [M, D], may be the same array.
        """

    def rope(self, x: F32, cos_sin: F32, positions: I32, /) -> None:
        """Rotate heads in place, the halves of a head paired as in transformers' `rotate_half`.

        x: [M, H, D]; cos_sin: [max_positions, R], cosines in the first R/2 columns, sines in the rest;
        positions: [M]. R may be less than D: the rest of a head stays as it is.
        """

    def write_kv(self, k: F32, v: F32, k_cache: KVArray, v_cache: KVArray, slot_mapping: I32, /) -> None:
        """Put keys and values into the cache at slot = block * block_size + offset.

        k, v: [M, Hkv, D]; k_cache: [num_blocks, Hkv, D, block_size];
        v_cache: [num_blocks, Hkv, block_size, D].
        """

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
        """Attend each query to its sequence's cached keys; H // Hkv query heads share a key head.

        q, out: [M, H, D]; block_tables: [S, max_blocks]; query_start: [S + 1]; context_lens: [S], counting
        this step's tokens. Sequence s owns rows query_start[s]:query_start[s + 1], the last of its context.
        A query sees its own position, `window[0]` before it and `window[1]` after it; -1 is all that are in
        the context. So (-1, 0) is causal, (-1, -1) goes both ways, (w - 1, 0) slides over w positions.
        Scores are q . k * scale, then soft_cap * tanh(score / soft_cap) unless soft_cap is 0.
        Source: Kwon et al. 2023 (PagedAttention), section 4.1.
        """

    def activate(self, x: F32, activation: Activation, out: F32, /) -> None:
        """out = activation(x). x, out: [M, F], may be the same array."""

    def activate_mul(self, gate_up: F32, activation: Activation, out: F32, /) -> None:
        """out = activation(gate) * up. gate_up: [M, 2F], gate in its first F columns; out: [M, F]."""

    def linear_activate_mul(self, x: F32, weight: Weight, activation: Activation, out: F32, /) -> None:
        """out = activation(gate) * up, gate and up being halves of x @ weight.T, to the bits of two calls.

        For few rows: of many, `linear` makes better use of caches. weight: [2 F, K], F a multiple of 16;
        out: [M, F].
        """

    def soft_cap(self, x: F32, cap: float, /) -> None:
        """x = cap * tanh(x / cap), in place. x: [M, N]."""

    def sample(self, rows: Sequence[F32], settings: F64, out: I32, /) -> None:
        """Choose a token id from each row of logits [vocab]; -1 if its maximum is not finite or some are NaN.

        settings: [M, 5], each temperature (0: the likeliest), top_k (0: all), top_p, min_p and a number from
        [0, 1), by which the token is drawn through the cumulative distribution in order of token id.
        out: [M]. Of equals the first are kept.
        """


def available() -> list[str]:
    """Names that `load` accepts on this machine, fastest first."""
    try:
        from martlet.engine.kernels import _native
    except ImportError:  # not built
        return ["reference"]
    return [*_native.isas(), "reference"]


def load(name: str | None = None, num_threads: int | None = None) -> Kernels:
    """Choose kernels: by name, else by the environment's MARTLET_KERNELS, else the fastest there are.

    `num_threads` defaults to the CPUs this process may use. Raises ValueError for kernels that are unknown or
    that this machine cannot run.
    """
    name = name or os.environ.get("MARTLET_KERNELS") or None
    names = available()
    if name is None:
        name = names[0]
        if name == "reference":
            warnings.warn(
                "martlet's C kernels were not built; using NumPy, which is many times slower. "
                "Reinstall martlet where a C compiler is present, or set MARTLET_KERNELS=reference.",
                RuntimeWarning,
                stacklevel=2,
            )
    if name not in names:
        raise ValueError(f"no kernels named {name!r} here; available: {', '.join(names)}")
    num_threads = usable_cpus() if num_threads is None else num_threads
    if num_threads < 1:
        raise ValueError(f"num_threads must be at least 1, got {num_threads}")
    if name == "reference":
        from martlet.engine.kernels.reference import ReferenceKernels

        return ReferenceKernels()
    from martlet.engine.kernels import _native

    return _native.Kernels(name, num_threads)
