"""Kernels that round activations as llama.cpp does before it multiplies them with weights of a kind.

Source: llama.cpp, ggml/src/ggml-quants.c: quantize_row_q8_0_ref, quantize_row_q8_K_ref; ggml-cpu.c for which
kind of weights meets which kind of activations; ggml-cpu/vec.h for gelu: it is in a table of float16.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from martlet.engine.kernels import F32, Activation, Kernels, Weight
from martlet.engine.kernels.reference import ReferenceKernels


def as_f16(x: F32) -> F32:
    return x.astype(np.float16).astype(np.float32)


def as_bf16(x: F32) -> F32:
    """Round to the nearest, to the even one of two."""
    bits = x.view(np.uint32)
    rounded: F32 = ((bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)).view(np.float32)
    return rounded


def as_q8_0(x: F32) -> F32:
    """Round groups of 32 to 127 levels on each side of 0."""
    groups = x.reshape(-1, 32)
    largest = np.abs(groups).max(axis=1, keepdims=True)
    inverse = np.divide(127, largest, out=np.zeros_like(largest), where=largest > 0)
    rounded: F32 = np.rint(groups * inverse) * as_f16(largest / np.float32(127))
    return rounded.reshape(x.shape)


def as_q8_k(x: F32) -> F32:
    """Round groups of 256; the number furthest from 0 becomes -127."""
    groups = x.reshape(-1, 256)
    places = np.abs(groups).argmax(axis=1)[:, None]
    inverse = np.float32(-127) / np.take_along_axis(groups, places, axis=1)
    rounded: F32 = np.minimum(np.rint(groups * inverse), 127) / inverse
    return rounded.reshape(x.shape)


ROUNDINGS: dict[str, Callable[[F32], F32]] = {"F32": lambda x: x, "F16": as_f16, "BF16": as_bf16}
ROUNDINGS |= dict.fromkeys(("Q8_0", "Q4_0", "Q5_0"), as_q8_0)
ROUNDINGS |= dict.fromkeys(("Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"), as_q8_k)
"""The kind of weights -> what happens to the activations that meet them.

Q4_1 and Q5_1 are not here: their offsets meet sums of activations, which are rounded once more.
"""


class RoundingKernels(ReferenceKernels):
    """NumPy's kernels with llama.cpp's roundings."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._round = ROUNDINGS[kind]

    def linear(self, x: F32, weight: Weight, out: F32, /) -> None:
        super().linear(self._round(np.ascontiguousarray(x)), weight, out)

    def linear_add(self, x: F32, weight: Weight, out: F32, /) -> None:
        super().linear_add(self._round(np.ascontiguousarray(x)), weight, out)

    def activate_mul(self, gate_up: F32, activation: Activation, out: F32, /) -> None:
        if activation != "gelu_tanh":
            super().activate_mul(gate_up, activation, out)
            return
        gate, up = np.split(gate_up, 2, axis=1)
        self.activate(as_f16(np.ascontiguousarray(gate)), activation, out)
        out[:] = np.where(gate <= -10, 0, np.where(gate >= 10, gate, as_f16(out))) * up


def rounding_kernels(kind: str) -> Kernels:
    kernels: Any = RoundingKernels(kind)
    return kernels  # type: ignore[no-any-return]  # the protocol's, as its base is
