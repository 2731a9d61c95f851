"""Log-probabilities and ranks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from martlet.engine.kernels import F32
from martlet.engine.kernels.selection import largest
from martlet.engine.request import TokenLogprob


def token_logprob(
    row: F32, token_id: int, num_top: int, listed_ids: Sequence[int] | None = None
) -> TokenLogprob:
    """Return a token's log-probability and rank under `row`, and the `num_top` likeliest tokens (-1: all).

    With `listed_ids`, these tokens take the place of the likeliest.
    """
    likeliest = row.max()
    log_total = float(likeliest) + float(np.log(np.exp(row - likeliest).sum(dtype=np.float64)))
    if listed_ids is None:
        top = largest(row, row.size if num_top < 0 else min(num_top, row.size))
    else:
        top = np.array(listed_ids, np.int64)
    top_logprobs = (row[top].astype(np.float64) - log_total).astype(np.float32)
    return TokenLogprob(
        token_id=token_id,
        logprob=float(np.float32(float(row[token_id]) - log_total)),
        rank=int(np.count_nonzero(row > row[token_id])) + 1,
        top=list(zip(top.tolist(), top_logprobs.tolist(), strict=True)),
    )
