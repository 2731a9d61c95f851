"""NumPy's twin of `Kernels.sample`: the likeliest token, or a draw by temperature, min_p, top_k, top_p."""

from __future__ import annotations

import numpy as np

from martlet.engine.kernels import F32
from martlet.engine.kernels.selection import among_largest, nucleus

DRAW_BLOCK = 256


def choose(logits: F32, temperature: float, top_k: float, top_p: float, min_p: float, uniform: float) -> int:
    """Draw a token id by `uniform`, from [0, 1), through the cumulative distribution in order of token id.

    Temperature 0 is the likeliest token. Returns -1 if the largest logit is not finite or some is NaN.
    """
    likeliest = int(logits.argmax())  # a NaN if there is one
    if not np.isfinite(logits[likeliest]):
        return -1
    if temperature == 0:
        return likeliest
    token_ids = None
    if 1 <= top_k < logits.size:
        token_ids = among_largest(logits, int(top_k))
        logits = logits[token_ids]
    # Relative to the likeliest token, which weighs 1 and which top_k and min_p keep in either order.
    with np.errstate(over="ignore"):  # to minus infinity, which weighs nothing
        factor = min(np.float32(1) / np.float32(temperature), np.finfo(np.float32).max)
        weights: F32 = np.exp((logits - logits.max()) * factor)
    if min_p > 0:
        weights[weights < min_p] = 0
    if top_p < 1:
        kept = nucleus(weights, top_p)
        nothing = np.zeros_like(weights)
        nothing[kept] = weights[kept]
        weights = nothing
    index = draw(weights, uniform)
    return index if token_ids is None else int(token_ids[index])


def draw(weights: F32, uniform: float) -> int:
    """Return the index at which the running sum of `weights` passes `uniform`, from [0, 1), of the total.

    First among sums of blocks, then within one: the running sum of a whole vocabulary is slow.
    """
    sums = np.add.reduceat(weights, np.arange(0, weights.size, DRAW_BLOCK), dtype=np.float64).cumsum()
    # Below the total even for the largest uniform: 1 - 2**-53 takes off at least half of the last bit.
    target = uniform * sums[-1]
    block = int(sums.searchsorted(target, side="right"))
    start = block * DRAW_BLOCK
    within = weights[start : start + DRAW_BLOCK]
    target -= sums[block - 1] if block > 0 else 0
    index = int(np.cumsum(within, dtype=np.float64).searchsorted(target, side="right"))
    if index == within.size:  # the two sums were rounded differently
        index = int(within.nonzero()[0][-1])
    return start + index
