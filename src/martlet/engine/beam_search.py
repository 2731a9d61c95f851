"""Beam search: the likeliest continuations of a prompt, as vLLM 0.32 finds them.

It only decides. Who drives it has the model score each beam, as a request for one token with logprobs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from martlet.engine.request import FinishReason, SamplingParams, TokenLogprob


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamSearchParams:
    """How to search. `width` beams are kept and returned."""

    width: int
    max_tokens: int
    length_penalty: float = 1.0
    """Exponent of the length, prompt included, by which a beam's score is divided."""
    ignore_eos: bool = False
    include_stop_str_in_output: bool = False
    skip_special_tokens: bool = True
    visible_token_ids: frozenset[int] = frozenset()

    def step_params(self) -> SamplingParams:
        """Return the parameters under which the model scores a beam."""
        return SamplingParams(max_tokens=1, temperature=0, num_logprobs=2 * self.width)


@dataclass(frozen=True, slots=True)
class Beam:
    """One continuation."""

    token_ids: tuple[int, ...] = ()
    logprob: float = 0.0
    """Of the whole continuation."""
    logprobs: tuple[TokenLogprob, ...] = ()
    """Of its tokens, and of the end token that is not among them."""
    finish_reason: FinishReason = "length"
    stop_reason: int | None = None


@dataclass(slots=True)
class BeamSearch:
    """The search for one prompt's continuations."""

    num_prompt_tokens: int
    params: BeamSearchParams
    eos_token_id: int | None
    beams: list[Beam] = field(default_factory=lambda: [Beam()])
    """Those that go on."""
    completed: list[Beam] = field(default_factory=list)
    _num_steps: int = 0

    @property
    def is_done(self) -> bool:
        return not self.beams or self._num_steps >= self.params.max_tokens

    def advance(self, candidates: Sequence[Sequence[tuple[int, float]]]) -> None:
        """Go on by one token. `candidates`: for each of `beams`, its likeliest (token id, logprob)."""
        self._num_steps += 1
        going: list[Beam] = []
        for beam, top in zip(self.beams, candidates, strict=True):
            for rank, (token_id, logprob) in enumerate(top, 1):
                if math.isinf(logprob):
                    continue
                entry = TokenLogprob(token_id, logprob, rank, top)
                if token_id == self.eos_token_id and not self.params.ignore_eos:
                    self.completed.append(self._end(beam, entry))
                else:
                    going.append(_extended(beam, entry, (token_id,)))
        # Stable: of equals, the one of the better beam and rank.
        self.beams = sorted(going, key=lambda beam: -beam.logprob)[: self.params.width]

    def best(self) -> list[Beam]:
        """Return the best `width` continuations, finished or not, best first."""
        return sorted([*self.completed, *self.beams], key=self.score, reverse=True)[: self.params.width]

    def score(self, beam: Beam) -> float:
        """Return the log-probability by length; an end token that is kept does not count."""
        length = self.num_prompt_tokens + len(beam.token_ids)
        if beam.token_ids and beam.token_ids[-1] == self.eos_token_id:
            length -= 1
        return float(beam.logprob / max(length, 1) ** self.params.length_penalty)

    def _end(self, beam: Beam, entry: TokenLogprob) -> Beam:
        kept = (entry.token_id,) if self.params.include_stop_str_in_output else ()
        ended = _extended(beam, entry, kept)
        return Beam(ended.token_ids, ended.logprob, ended.logprobs, "stop", entry.token_id)


def _extended(beam: Beam, entry: TokenLogprob, token_ids: tuple[int, ...]) -> Beam:
    return Beam(beam.token_ids + token_ids, beam.logprob + entry.logprob, (*beam.logprobs, entry))
