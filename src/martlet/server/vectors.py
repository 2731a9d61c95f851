"""Vectors on the wire: number types and byte orders that clients may ask for.

Source: IEEE 754 for float16; bfloat16 is float32 without its lower half; Micikevicius et al. 2022 (FP8
formats for deep learning) for fp8. Rounding is to nearest, ties to even.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from martlet.engine.kernels import F32
    from martlet.protocol.embeddings import EmbedDType, Endianness


def to_bytes(vector: F32, dtype: EmbedDType = "float32", endianness: Endianness = "native") -> bytes:
    """Return the numbers one after the other, a matrix row by row."""
    numbers: npt.NDArray[Any]
    if dtype == "float32":
        numbers = vector
    elif dtype == "float16":
        with np.errstate(over="ignore"):  # to infinity
            numbers = vector.astype(np.float16)
    elif dtype == "bfloat16":
        numbers = _bfloat16(vector)
    else:
        numbers = _fp8(vector, *_FP8[dtype])
    if endianness not in ("native", sys.byteorder):
        numbers = numbers.byteswap()
    return numbers.tobytes()


def to_base64(vector: F32, dtype: EmbedDType, endianness: Endianness) -> str:
    return b64encode(to_bytes(vector, dtype, endianness)).decode()


def sign_bits(vector: F32, *, is_signed: bool) -> list[int]:
    """Return a bit per number, 1 from zero up, eight in a byte; signed bytes are 128 less.

    For vectors of a multiple of 8 numbers.
    """
    packed = np.packbits(vector >= 0).astype(np.int16) - (128 if is_signed else 0)
    bits: list[int] = packed.tolist()
    return bits


def _bfloat16(vector: F32) -> npt.NDArray[np.uint16]:
    bits = np.ascontiguousarray(vector).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


_FP8 = {"fp8_e4m3": (3, 7, 0x7E), "fp8_e5m2": (2, 15, 0x7C)}
"""Bits of the mantissa, exponent bias, the last code: e4m3 has no infinity, so its largest number."""


@cache
def _fp8_values(mantissa_bits: int, bias: int, last: int) -> F32:
    """Return the numbers that the codes 0, 1, 2 ... stand for; for infinity what would come next."""
    codes = np.arange(last + 1)
    exponent, mantissa = codes >> mantissa_bits, codes & (2**mantissa_bits - 1)
    fraction = mantissa / 2**mantissa_bits + (exponent > 0)
    values: F32 = (fraction * 2.0 ** (np.maximum(exponent, 1) - bias)).astype(np.float32)
    return values


def _fp8(vector: F32, mantissa_bits: int, bias: int, last: int) -> npt.NDArray[np.uint8]:
    """Round to the nearest code."""
    values = _fp8_values(mantissa_bits, bias, last)
    size = np.minimum(np.abs(vector), values[-1])
    above = np.searchsorted(values, size).clip(1, len(values) - 1)
    to_lower, to_upper = size - values[above - 1], values[above] - size
    is_upper = (to_upper < to_lower) | ((to_upper == to_lower) & (above % 2 == 0))
    code: npt.NDArray[np.intp] = np.where(is_upper, above, above - 1) | (np.signbit(vector) << 7)
    return code.astype(np.uint8)
