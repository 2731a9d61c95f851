"""A batch of rows to tokens, and what each request keeps from step to step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from martlet.engine.kernels import F32
from martlet.engine.request import Request, TokenLogprob
from martlet.engine.sampling.drawing import choose
from martlet.engine.sampling.edits import LogitEdits, allow_only
from martlet.engine.sampling.logprobs import token_logprob

SEED_RANGE = 2**64


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

        None where the logits are not finite, or the request's grammar and edits leave no token that can be
        chosen.
        """
        likeliest: list[int] = logits.argmax(axis=1).tolist()
        rows = zip(logits, likeliest, requests, strict=True)
        return [self._sample(row, top, request) for row, top, request in rows]

    def _sample(self, row: F32, likeliest: int, request: Request) -> Sample | None:
        if not np.isfinite(row[likeliest]):  # argmax finds a NaN if there is one
            return None
        if request.matcher is not None:
            allowed = request.matcher.mask(request)
            if allowed is None:
                return None
            row = allow_only(row, allowed)
            likeliest = int(row.argmax())
        params = request.params
        edits = request.logit_edits or self._begin(request)
        edited = edits.apply(row, request)
        if (edited is not row or request.matcher is not None) and not np.isfinite(edited.max()):
            return None
        if params.is_greedy:
            token_id = likeliest if edited is row else int(edited.argmax())
        else:
            assert request.generator is not None
            token_id = choose(edited, params, request.generator.random())
        if params.num_logprobs is None:
            return Sample(token_id)
        logprob = token_logprob(row, token_id, params.num_logprobs, params.logprob_token_ids)
        return Sample(token_id, logprob)

    def score(self, logits: F32, token_ids: Iterable[int], num_top: int) -> list[TokenLogprob]:
        """Return each token's logprob under its row of `logits`, with the `num_top` likeliest tokens."""
        rows = zip(logits, token_ids, strict=True)
        return [token_logprob(row, token_id, num_top) for row, token_id in rows]

    def _begin(self, request: Request) -> LogitEdits:
        request.logit_edits = LogitEdits(request, self._eos_token_ids)
        if not request.params.is_greedy:
            seed = request.params.seed
            entropy = self._seeds.spawn(1)[0] if seed is None else np.random.SeedSequence(seed % SEED_RANGE)
            request.generator = np.random.Generator(np.random.PCG64(entropy))
        return request.logit_edits
