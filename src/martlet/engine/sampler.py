"""Sampler: logits to token ids and logprobs.

The order is vLLM's: raw logprobs; then allowed_token_ids, min_tokens, logit_bias, penalties; then the
likeliest token, or temperature, min_p, top_k, top_p and a draw. A request's result depends on nothing but its
own row and generator, so each row is worked on by itself: other shapes could be summed in another order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from martlet.engine.kernels import F32
from martlet.engine.request import Request, SamplingParams, TokenLogprob

I64: TypeAlias = NDArray[np.int64]

MIN_TEMPERATURE = 0.01
"""Temperatures between greedy and this are raised to it, as in vLLM."""
MAX_LOGIT_BIAS = 100.0
DRAW_BLOCK = 256
MAX_REPETITION_PENALTY = 1e30
"""Penalties beyond this or its inverse act as these: any number above 0 may come, and logits stay finite."""


@dataclass(slots=True, frozen=True)
class Sample:
    """The next token of one request."""

    token_id: int
    logprob: TokenLogprob | None = None


class Sampler:
    """Chooses the next token of each request. `seed` seeds the requests that bring none; None is random."""

    def __init__(self, eos_token_ids: Sequence[int], seed: int | None = None) -> None:
        self._eos_token_ids = tuple(eos_token_ids)
        self._seeds = np.random.SeedSequence(seed)

    def sample(self, logits: F32, requests: Sequence[Request]) -> list[Sample | None]:
        """Choose from row i of `logits` [requests, vocabulary] for request i. The logits stay as they are.

        None where the logits are not finite, or the request's edits leave no token that can be chosen.
        """
        likeliest: list[int] = logits.argmax(axis=1).tolist()
        rows = zip(logits, likeliest, requests, strict=True)
        return [self._sample(row, top, request) for row, top, request in rows]

    def _sample(self, row: F32, likeliest: int, request: Request) -> Sample | None:
        if not np.isfinite(row[likeliest]):  # argmax finds a NaN if there is one
            return None
        params = request.params
        edits = request.logit_edits or self._begin(request)
        edited = edits.apply(row, request)
        if edited is not row and not np.isfinite(edited.max()):
            return None
        if params.is_greedy:
            token_id = likeliest if edited is row else int(edited.argmax())
        else:
            assert request.generator is not None
            token_id = choose(edited, params, request.generator.random())
        if params.num_logprobs is None:
            return Sample(token_id)
        return Sample(token_id, token_logprob(row, token_id, params.num_logprobs))

    def _begin(self, request: Request) -> LogitEdits:
        request.logit_edits = LogitEdits(request, self._eos_token_ids)
        if not request.params.is_greedy:
            seed = request.params.seed
            entropy = self._seeds.spawn(1)[0] if seed is None else np.random.SeedSequence(seed % 2**64)
            request.generator = np.random.Generator(np.random.PCG64(entropy))
        return request.logit_edits


class LogitEdits:
    """What one request does to its logits before a token is chosen from them."""

    def __init__(self, request: Request, eos_token_ids: Sequence[int]) -> None:
        params = request.params
        self._params = params
        self._stops = np.array(sorted({*eos_token_ids, *params.stop_token_ids}), dtype=np.int64)
        self._allowed = None
        if params.allowed_token_ids is not None:
            self._allowed = np.array(sorted(set(params.allowed_token_ids)), dtype=np.int64)
        self._bias_ids = np.array(list(params.logit_bias), dtype=np.int64)
        biases = np.array(list(params.logit_bias.values()), dtype=np.float64)
        self._biases = np.clip(biases, -MAX_LOGIT_BIAS, MAX_LOGIT_BIAS).astype(np.float32)
        self._occurrences: Occurrences | None = None
        if params.repetition_penalty != 1 or params.frequency_penalty or params.presence_penalty:
            self._occurrences = Occurrences(request)

    def apply(self, row: F32, request: Request) -> F32:
        """Return the edited logits: a copy, or `row` itself if there is nothing to edit."""
        must_go_on = request.num_output_tokens < self._params.min_tokens and self._stops.size > 0
        if self._allowed is not None:
            row = keep_only(row, self._allowed)
        elif must_go_on or self._bias_ids.size or self._occurrences is not None:
            row = row.copy()
        else:
            return row
        if must_go_on:
            row[self._stops] = -np.inf
        row[self._bias_ids] += self._biases
        if self._occurrences is not None:
            self._occurrences.catch_up(request)
            self._occurrences.penalise(row, self._params)
        return row


class Occurrences:
    """The tokens that a request has seen, and how often each came up in its output.

    Arrays beside a dictionary: a token is counted in constant time, and a penalty is one indexed operation.
    """

    def __init__(self, request: Request) -> None:
        self._num_counted = request.num_prompt_tokens
        self._slots: dict[int, int] = {}
        for token_id in request.prompt_token_ids:
            self._slots.setdefault(token_id, len(self._slots))
        self._token_ids = np.array(list(self._slots), dtype=np.int64)
        self._counts = np.zeros(len(self._slots), dtype=np.float32)

    def catch_up(self, request: Request) -> None:
        """Count the output tokens that came since the last call."""
        for token_id in request.token_ids[self._num_counted :]:
            slot = self._slots.setdefault(token_id, len(self._slots))
            if slot == len(self._counts):
                self._token_ids = np.resize(self._token_ids, 2 * slot + 1)
                self._counts = np.resize(self._counts, 2 * slot + 1)
                self._counts[slot:] = 0
            self._token_ids[slot] = token_id
            self._counts[slot] += 1
        self._num_counted = request.num_tokens

    def penalise(self, row: F32, params: SamplingParams) -> None:
        """Apply the penalties to `row` in place: repetition to all tokens, the others to the output's."""
        token_ids, counts = self._token_ids[: len(self._slots)], self._counts[: len(self._slots)]
        logits = row[token_ids]
        if params.repetition_penalty != 1:
            limit = MAX_REPETITION_PENALTY
            factor = np.float32(min(max(params.repetition_penalty, 1 / limit), limit))
            logits = np.where(logits > 0, logits / factor, logits * factor)
        logits -= np.float32(params.frequency_penalty) * counts
        logits -= np.float32(params.presence_penalty) * (counts > 0)
        row[token_ids] = logits


def choose(logits: F32, params: SamplingParams, uniform: float) -> int:
    """Draw a token id by `uniform`, from [0, 1), through the cumulative distribution in order of token id."""
    token_ids = None
    if 0 < params.top_k < logits.size:
        token_ids = among_largest(logits, params.top_k)
        logits = logits[token_ids]
    # Relative to the likeliest token, which weighs 1 and which top_k and min_p keep in either order.
    weights: F32 = np.exp((logits - logits.max()) / np.float32(max(params.temperature, MIN_TEMPERATURE)))
    if params.min_p > 0:
        weights[weights < params.min_p] = 0
    if params.top_p < 1:
        weights = keep_only(weights, nucleus(weights, params.top_p), other=0)
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


def nucleus(weights: F32, top_p: float) -> I64:
    """Return the fewest tokens, likeliest first, that hold `top_p` of the weight. Equals go by token id."""
    total = weights.sum(dtype=np.float64)
    # Tokens this light hold less than the last 1 - top_p together: no need to sort them. Half, for rounding.
    floor = 0.5 * (1 - top_p) * total / weights.size
    order = by_size(weights, (weights > floor).nonzero()[0])
    cumulative = np.cumsum(weights[order], dtype=np.float64)
    return order[: int(cumulative.searchsorted(top_p * total, side="left")) + 1]


def token_logprob(row: F32, token_id: int, num_top: int) -> TokenLogprob:
    """Return a token's log-probability and rank under `row`, and the `num_top` likeliest tokens (-1: all)."""
    likeliest = row.max()
    log_total = float(likeliest) + float(np.log(np.exp(row - likeliest).sum(dtype=np.float64)))
    top = largest(row, row.size if num_top < 0 else min(num_top, row.size))
    top_logprobs = (row[top].astype(np.float64) - log_total).astype(np.float32)
    return TokenLogprob(
        token_id=token_id,
        logprob=float(np.float32(float(row[token_id]) - log_total)),
        rank=int(np.count_nonzero(row > row[token_id])) + 1,
        top=list(zip(top.tolist(), top_logprobs.tolist(), strict=True)),
    )


def largest(values: F32, count: int) -> I64:
    """Return the indices of the `count` largest, largest first. Equals go by index."""
    return by_size(values, among_largest(values, count))


def among_largest(values: F32, count: int) -> I64:
    """Return the indices of the `count` largest, in ascending order. Equals go by index."""
    if count == 0:
        return np.empty(0, dtype=np.int64)
    if count == values.size:
        return np.arange(values.size)
    threshold = np.partition(values, values.size - count)[values.size - count]
    indices: I64 = (values >= threshold).nonzero()[0]
    num_excess = indices.size - count
    if num_excess > 0:
        at_threshold = (values[indices] == threshold).nonzero()[0]
        indices = np.delete(indices, at_threshold[-num_excess:])
    return indices


def by_size(values: F32, indices: I64) -> I64:
    """Return `indices`, which ascend, with those of the largest values first. Equals stay in order."""
    ordered: I64 = indices[(-values[indices]).argsort(kind="stable")]
    return ordered


def keep_only(values: F32, indices: I64, other: float = -np.inf) -> F32:
    """Return a copy of `values` in which all but `indices` are `other`."""
    kept = np.full_like(values, other)
    kept[indices] = values[indices]
    return kept
