"""A batch of rows to tokens, and what each request keeps from step to step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from martlet.engine.kernels import F32, Kernels, load
from martlet.engine.request import Request, TokenLogprob
from martlet.engine.sampling.edits import NO_EDITS, LogitEdits, allow_only, has_no_edits
from martlet.engine.sampling.logprobs import token_logprob

SEED_RANGE = 2**64
MIN_TEMPERATURE = 0.01
"""Temperatures between greedy and this are raised to it, as in vLLM."""


class Sample(NamedTuple):
    """The next token of one request."""

    token_id: int
    logprob: TokenLogprob | None = None


@dataclass(slots=True)
class _Choice:
    """One request's next token while it is chosen."""

    request: Request
    row: F32
    """What log-probabilities are of: the model's logits, under a grammar those that it allows."""
    token_id: int
    """The likeliest of `edited`, until another is drawn."""
    is_possible: bool = True
    edited: F32 = field(init=False)

    def __post_init__(self) -> None:
        self.edited = self.row

    def replace(self, edited: F32) -> None:
        self.edited = edited
        self.token_id = int(edited.argmax())
        self.is_possible = bool(np.isfinite(edited[self.token_id]))

    def settings(self) -> tuple[float, float, float, float, float]:
        """Return what `Kernels.sample` wants to know."""
        params, generator = self.request.params, self.request.generator
        assert generator is not None
        temperature = max(params.temperature, MIN_TEMPERATURE)
        return temperature, max(params.top_k, 0), params.top_p, params.min_p, generator.random()

    def sample(self) -> Sample | None:
        if not self.is_possible:
            return None
        params = self.request.params
        if params.num_logprobs is None:
            return Sample(self.token_id)
        logprob = token_logprob(self.row, self.token_id, params.num_logprobs, params.logprob_token_ids)
        return Sample(self.token_id, logprob)


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
        likeliest = logits.argmax(axis=1)
        # argmax finds a NaN if there is one
        is_finite = np.isfinite(logits[np.arange(len(likeliest)), likeliest]).tolist()
        samples: list[Sample | None] = [None] * len(requests)
        choices: dict[int, _Choice] = {}
        for i, token_id in enumerate(likeliest.tolist()):
            request = requests[i]
            if not is_finite[i]:
                continue
            if request.logit_edits is None:
                self._begin(request)
            if request.takes_likeliest:
                samples[i] = Sample(token_id)
            else:
                choices[i] = _Choice(request, logits[i], token_id)
        self._choose(choices.values())
        for i, choice in choices.items():
            samples[i] = choice.sample()
        return samples

    def _choose(self, choices: Collection[_Choice]) -> None:
        """Choose for requests that do not just take the likeliest token."""
        for choice in choices:
            self._edit(choice)
        self._draw(
            [choice for choice in choices if not choice.request.params.is_greedy and choice.is_possible]
        )

    def _edit(self, choice: _Choice) -> None:
        """Apply what the request does to its logits; find the likeliest token of what is left."""
        request = choice.request
        if request.matcher is not None:
            allowed = request.matcher.mask(request)
            if allowed is None:
                choice.is_possible = False
                return
            choice.replace(allow_only(choice.row, allowed))
            choice.row = choice.edited
        assert request.logit_edits is not None
        edited = request.logit_edits.apply(choice.edited, request)
        if edited is not choice.edited:
            choice.replace(edited)

    def _draw(self, choices: Sequence[_Choice]) -> None:
        """Choose by chance for requests that are not greedy."""
        if not choices:
            return
        settings = np.array([choice.settings() for choice in choices])
        token_ids = np.empty(len(choices), np.int32)
        self._kernels.sample([choice.edited for choice in choices], settings, token_ids)
        for choice, token_id in zip(choices, token_ids.tolist(), strict=True):
            choice.token_id = token_id

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
