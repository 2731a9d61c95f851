"""A batch of rows to tokens, and what each request keeps from step to step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from martlet.engine.kernels import F32, Kernels, load
from martlet.engine.request import Request, TokenLogprob
from martlet.engine.sampling.edits import NO_EDITS, LogitEdits, allow_only, has_no_edits
from martlet.engine.sampling.logprobs import token_logprob

SEED_RANGE = 2**64
MIN_TEMPERATURE = 0.01
"""Temperatures between greedy and this are raised to it, as in vLLM."""
GREEDY = (0.0, 0.0, 1.0, 0.0, 0.0)
"""What `Kernels.sample` is told of a greedy request whose logits are edited or listed."""


class Sample(NamedTuple):
    """The next token of one request."""

    token_id: int
    logprob: TokenLogprob | None = None


class Sampler:
    """Chooses the next token of each request. `seed` seeds the requests that bring none; None is random."""

    def __init__(
        self, eos_token_ids: Sequence[int], seed: int | None = None, kernels: Kernels | None = None
    ) -> None:
        """`kernels` default to the fastest."""
        self._kernels = kernels or load()
        self._eos_token_ids = tuple(eos_token_ids)
        self._seeds = np.random.SeedSequence(seed)

    def sample(self, logits: F32, requests: Sequence[Request]) -> list[Sample | None]:
        """Choose from row i of `logits` [requests, vocabulary] for request i. The logits stay as they are.

        None where the logits are not finite, or the request's grammar and edits leave no token that can be
        chosen.
        """
        for request in requests:
            if request.logit_edits is None:
                self._begin(request)
        others = [i for i, request in enumerate(requests) if not request.takes_likeliest]
        samples: list[Sample | None] = [None] * len(requests)
        if len(others) < len(requests):
            samples = _likeliest(logits)
        if others:
            chosen = self._choose([logits[i] for i in others], [requests[i] for i in others])
            for i, sample in zip(others, chosen, strict=True):
                samples[i] = sample
        return samples

    def _choose(self, rows: list[F32], requests: Sequence[Request]) -> list[Sample | None]:
        """Choose for requests that do not just take the likeliest token."""
        edited = rows.copy()
        for i, request in enumerate(requests):
            rows[i], edited[i] = self._edit(rows[i], request)
        settings = np.array([_settings(request) for request in requests], np.float64)
        token_ids = np.empty(len(rows), np.int32)
        self._kernels.sample(edited, settings, token_ids)
        choices = zip(requests, rows, token_ids.tolist(), strict=True)
        return [_sample(request, row, token_id) for request, row, token_id in choices]

    def _edit(self, row: F32, request: Request) -> tuple[F32, F32]:
        """Return the logits that log-probabilities are of, and those that a token is chosen from.

        The latter have no finite maximum if no token can be chosen.
        """
        assert request.logit_edits is not None
        if request.matcher is None:
            edited = request.logit_edits.apply(row, request)
            return row, edited if edited is row or np.isfinite(row.max()) else row
        if not np.isfinite(row.max()):
            return row, row
        allowed = request.matcher.mask(request)
        if allowed is None:
            return row, np.full_like(row, -np.inf)
        row = allow_only(row, allowed)
        return row, request.logit_edits.apply(row, request)

    def score(self, logits: F32, token_ids: Iterable[int], num_top: int) -> list[TokenLogprob]:
        """Return each token's logprob under its row of `logits`, with the `num_top` likeliest tokens."""
        rows = zip(logits, token_ids, strict=True)
        return [token_logprob(row, token_id, num_top) for row, token_id in rows]

    def _begin(self, request: Request) -> None:
        params = request.params
        request.logit_edits = NO_EDITS if has_no_edits(params) else LogitEdits(request, self._eos_token_ids)
        if params.is_greedy:
            is_plain = request.logit_edits is NO_EDITS and request.matcher is None
            request.takes_likeliest = is_plain and params.num_logprobs is None
        else:
            seed = params.seed
            entropy = self._seeds.spawn(1)[0] if seed is None else np.random.SeedSequence(seed % SEED_RANGE)
            request.generator = np.random.Generator(np.random.PCG64(entropy))


def _likeliest(logits: F32) -> list[Sample | None]:
    token_ids = logits.argmax(axis=1)
    # argmax finds a NaN if there is one
    is_finite = np.isfinite(logits[np.arange(len(token_ids)), token_ids])
    pairs = zip(token_ids.tolist(), is_finite.tolist(), strict=True)
    return [Sample(token_id) if finite else None for token_id, finite in pairs]


def _settings(request: Request) -> tuple[float, float, float, float, float]:
    """Return what `Kernels.sample` wants to know, with the request's next random number."""
    params, generator = request.params, request.generator
    if generator is None:
        return GREEDY
    temperature = max(params.temperature, MIN_TEMPERATURE)
    return temperature, max(params.top_k, 0), params.top_p, params.min_p, generator.random()


def _sample(request: Request, row: F32, token_id: int) -> Sample | None:
    if token_id < 0:
        return None
    params = request.params
    if params.num_logprobs is None:
        return Sample(token_id)
    return Sample(token_id, token_logprob(row, token_id, params.num_logprobs, params.logprob_token_ids))
