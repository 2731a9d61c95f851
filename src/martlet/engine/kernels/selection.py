"""The largest of many values, without sorting them all. Equals go by index, so that every result is one."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from martlet.engine.kernels import F32

I64: TypeAlias = NDArray[np.int64]

BLOCK = 64
BUCKET_BITS = 19
"""Low bits of a float that a bucket leaves out: 4 of the mantissa's 23 stay, so a bucket spans 1/16."""


def largest(values: F32, count: int) -> I64:
    """Return the indices of the `count` largest, largest first."""
    return by_size(values, among_largest(values, count))


def among_largest(values: F32, count: int) -> I64:
    """Return the indices of the `count` largest, in ascending order."""
    if count == 0:
        return np.empty(0, dtype=np.int64)
    if count == values.size:
        return np.arange(values.size)
    candidates: I64 = (values >= _floor(values, count)).nonzero()[0]
    if candidates.size == count:
        return candidates
    among = values[candidates]
    threshold = np.partition(among, among.size - count)[among.size - count]
    kept = among >= threshold
    num_excess = int(np.count_nonzero(kept)) - count
    if num_excess > 0:
        kept[(among == threshold).nonzero()[0][-num_excess:]] = False
    chosen: I64 = candidates[kept]
    return chosen


def _floor(values: F32, count: int) -> np.float32:
    """Return a value that at least `count` reach, and for a small `count` not many more."""
    num_blocks = values.size // BLOCK
    if count > num_blocks // 4:
        floor: np.float32 = np.partition(values, values.size - count)[values.size - count]
        return floor
    # Each of the `count` blocks with the largest maxima holds one value that reaches the least of these.
    # A block is a column here: NumPy finds the maxima of columns ten times as fast as those of short rows.
    maxima = values[: num_blocks * BLOCK].reshape(BLOCK, num_blocks).max(axis=0)
    least: np.float32 = np.partition(maxima, num_blocks - count)[num_blocks - count]
    return least


def by_size(values: F32, indices: I64) -> I64:
    """Return `indices`, which ascend, with those of the largest values first."""
    ordered: I64 = indices[(-values[indices]).argsort(kind="stable")]
    return ordered


def nucleus(weights: F32, top_p: float) -> I64:
    """Return the fewest tokens that hold `top_p` of the weight, the likeliest. Weights are not negative.

    Weights are gathered in buckets by their exponent and first bits, which order them: only those of the
    bucket where the sum is reached need sorting.
    """
    total = weights.sum(dtype=np.float64)
    # Tokens this light hold less than the last 1 - top_p together. Half, for rounding.
    floor = 0.5 * (1 - top_p) * total / weights.size
    indices: I64 = (weights > floor).nonzero()[0]
    kept = weights[indices]
    buckets = kept.view(np.int32) >> BUCKET_BITS
    buckets -= buckets.min()
    sums = np.bincount(buckets, weights=kept)[::-1].cumsum()
    reached = min(int(sums.searchsorted(top_p * total, side="left")), sums.size - 1)
    border = sums.size - 1 - reached
    at_border = by_size(weights, indices[buckets == border])
    cumulative = np.cumsum(weights[at_border], dtype=np.float64)
    if reached > 0:
        cumulative += sums[reached - 1]
    num_needed = int(cumulative.searchsorted(top_p * total, side="left")) + 1
    return np.concatenate([indices[buckets > border], at_border[:num_needed]])
