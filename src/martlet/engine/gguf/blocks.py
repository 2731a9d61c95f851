"""Blocks of quantized numbers, as the kernels hold them: whole, or rounded to 8 bits, or as float32.

Q8_0 and Q4_0 are what the kernels compute with, bit for bit. The other kinds, such as Q4_K and Q6_K, have
scales of scales and offsets: their numbers become groups of 32 integers of 8 bits with a float16 scale.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from martlet.engine.checkpoint import Dtype, QuantizedTensor, Tensor
from martlet.engine.gguf.file import StoredTensor, dequantized
from martlet.engine.kernels.threads import usable_cpus

if TYPE_CHECKING:
    from martlet.engine.kernels import Quantization

GROUP = 32
_SCALE_BYTES = 2
PACKED: dict[str, Quantization] = {"Q8_0": "int8", "Q4_0": "int4"}
"""The kinds that stay as they are, and the kernels' name of them."""
PLAIN: dict[str, tuple[Dtype, str]] = {"F32": ("f32", "<f4"), "F16": ("f16", "<f2"), "BF16": ("bf16", "<u2")}
"""The kinds that are not quantized: our name of them, and NumPy's."""
_HIGHEST = np.float32(127)
_NUMBERS_AT_ONCE = 2**17
"""So that what is computed on the way stays in the processor's cache."""


def unpacked(tensor: StoredTensor) -> QuantizedTensor:
    """Return the integers and scales of a Q8_0 or Q4_0 matrix."""
    kind = PACKED[tensor.kind]
    rows, cols = tensor.shape
    values = np.empty((rows, cols // GROUP, GROUP), np.int8)
    scales = np.empty((rows, cols // GROUP), np.float16)

    def unpack(part: slice) -> None:
        blocks = tensor.data[part].reshape((*values[part].shape[:2], -1))
        scales[part] = blocks[..., :_SCALE_BYTES].view(np.float16)[..., 0]
        if kind == "int8":
            values[part] = blocks[..., _SCALE_BYTES:].view(np.int8)
            return
        codes, half = blocks[..., _SCALE_BYTES:], GROUP // 2
        np.subtract(codes & 15, 8, out=values[part, :, :half], dtype=np.int8, casting="unsafe")
        np.subtract(codes >> 4, 8, out=values[part, :, half:], dtype=np.int8, casting="unsafe")

    _in_parts(tensor, unpack)
    return QuantizedTensor(values.reshape(rows, cols), kind, scales)


def rounded(tensor: StoredTensor) -> QuantizedTensor:
    """Return a matrix of any kind in groups of 32 integers of 8 bits."""
    rows, cols = tensor.shape
    values = np.empty((rows, cols // GROUP, GROUP), np.int8)
    scales = np.empty((rows, cols // GROUP), np.float16)

    def round_part(part: slice) -> None:
        groups = dequantized(tensor, tensor.data[part]).reshape(values[part].shape)
        scales[part] = _scales(_largest(groups))
        with np.errstate(divide="ignore"):
            inverse = np.where(scales[part] == 0, np.float32(0), 1 / scales[part].astype(np.float32))
        groups *= inverse[..., None]
        values[part] = np.rint(groups, out=groups)

    _in_parts(tensor, round_part)
    return QuantizedTensor(values.reshape(rows, cols), "int8", scales)


def widened(tensor: StoredTensor) -> Tensor:
    """Return a tensor's numbers as float32."""
    values = np.empty(tensor.shape, np.float32)

    def widen(part: slice) -> None:
        values[part] = dequantized(tensor, tensor.data[part])

    _in_parts(tensor, widen)
    return Tensor(values, "f32")


def _largest(groups: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the largest magnitude of each group: by halves, which NumPy does many of at once."""
    largest: npt.NDArray[np.float32] = np.abs(groups)
    while (half := largest.shape[-1] // 2) > 0:
        largest = np.maximum(largest[..., :half], largest[..., half:])
    return largest[..., 0]


def _scales(largest: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    """Return float16 scales under which the largest numbers of groups become about 127, and never more.

    Very small scales are far apart: the nearest one may be too small.
    """
    with np.errstate(over="ignore"):
        scales: npt.NDArray[np.float16] = (largest / _HIGHEST).astype(np.float16)
    cuts = scales.astype(np.float32) * (_HIGHEST + np.float32(0.49)) < largest
    scales[cuts] = np.nextafter(scales[cuts], np.float16(np.inf))
    return scales


def _in_parts(tensor: StoredTensor, work: Callable[[slice], Any]) -> None:
    """Do the work for all rows, a few at a time, in several threads: NumPy lets the others run."""
    rows = len(tensor.data)
    step = max(1, _NUMBERS_AT_ONCE * rows // max(1, int(np.prod(tensor.shape))))
    parts = [slice(start, start + step) for start in range(0, rows, step)]
    if len(parts) == 1:
        work(parts[0])
        return
    with ThreadPoolExecutor(usable_cpus()) as pool:
        list(pool.map(work, parts))
