"""What one request does to its logits before a token is chosen from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from martlet.engine.kernels import F32
from martlet.engine.kernels.selection import I64
from martlet.engine.request import Request, SamplingParams
from martlet.engine.thinking import ThinkingLimit

MINUS_INFINITY = np.float32(-np.inf).view(np.int32)
MAX_LOGIT_BIAS = 100.0
MAX_REPETITION_PENALTY = 1e30
"""Penalties beyond this or its inverse act as these: any number above 0 may come, and logits stay finite."""


class Edits(Protocol):
    """What requests do to their logits before a token is chosen from them."""

    def apply(self, row: F32, request: Request) -> F32: ...


class NoEdits:
    """Logits stay as they are."""

    def apply(self, row: F32, request: Request) -> F32:
        return row


NO_EDITS = NoEdits()


def has_no_edits(params: SamplingParams) -> bool:
    return not (
        params.min_tokens
        or params.allowed_token_ids is not None
        or params.bad_words
        or params.logit_bias
        or params.presence_penalty
        or params.frequency_penalty
        or params.repetition_penalty != 1
        or params.thinking_budget
    )


class LogitEdits:
    """What one request does to its logits before a token is chosen from them."""

    def __init__(self, request: Request, eos_token_ids: Sequence[int]) -> None:
        params = request.params
        self._params = params
        self._stops = np.array(sorted({*eos_token_ids, *params.stop_token_ids}), dtype=np.int64)
        self._allowed = None
        if params.allowed_token_ids is not None:
            self._allowed = np.array(sorted(set(params.allowed_token_ids)), dtype=np.int64)
        self._bad_words = BadWords(params.bad_words) if params.bad_words else None
        self._bias_ids = np.array(list(params.logit_bias), dtype=np.int64)
        biases = np.array(list(params.logit_bias.values()), dtype=np.float64)
        self._biases = np.clip(biases, -MAX_LOGIT_BIAS, MAX_LOGIT_BIAS).astype(np.float32)
        self._occurrences: Occurrences | None = None
        if params.repetition_penalty != 1 or params.frequency_penalty or params.presence_penalty:
            self._occurrences = Occurrences(request)
        self._thinking = ThinkingLimit(params.thinking_budget) if params.thinking_budget else None
        self._has_edits = bool(self._bad_words or self._bias_ids.size or self._occurrences)

    def apply(self, row: F32, request: Request) -> F32:
        """Return the edited logits: a copy, or `row` itself if there is nothing to edit."""
        if self._thinking is not None:
            token_id = self._thinking.next_token(request)
            if token_id is not None and row[token_id] > -np.inf:  # unless its grammar says otherwise
                return keep_only(row, np.array([token_id]))
        must_go_on = request.num_output_tokens < self._params.min_tokens and self._stops.size > 0
        if self._allowed is not None:
            row = keep_only(row, self._allowed)
        elif must_go_on or self._has_edits:
            row = row.copy()
        else:
            return row
        if self._bad_words is not None:
            row[self._bad_words.completed_by(request)] = -np.inf
        if must_go_on:
            self._forbid_ends(row, request)
        row[self._bias_ids] += self._biases
        if self._occurrences is not None:
            self._occurrences.catch_up(request)
            self._occurrences.penalise(row, self._params)
        return row

    def _forbid_ends(self, row: F32, request: Request) -> None:
        ends = row[self._stops]
        row[self._stops] = -np.inf
        if request.matcher is not None and np.isneginf(row.max()):
            row[self._stops] = ends  # the grammar's end goes before min_tokens: nothing else may follow


class BadWords:
    """Token sequences that a request must not generate: the token that would complete one is banned."""

    def __init__(self, bad_words: Sequence[Sequence[int]]) -> None:
        self._single = [word[0] for word in bad_words if len(word) == 1]
        self._longer = [(list(word[:-1]), word[-1]) for word in bad_words if len(word) > 1]

    def completed_by(self, request: Request) -> list[int]:
        """Return the tokens that would complete a bad word of the output."""
        token_ids, num_output = request.token_ids, request.num_output_tokens
        return self._single + [
            last
            for start, last in self._longer
            if len(start) <= num_output and token_ids[-len(start) :] == start
        ]


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


def allow_only(row: F32, allowed: NDArray[np.bool_]) -> F32:
    """Return a copy of `row` in which all that is not `allowed` is minus infinity.

    By bits: np.where takes six times as long where allowed and forbidden tokens mix.
    """
    mask = -allowed.view(np.int8).astype(np.int32)
    bits = row.view(np.int32) & mask
    np.invert(mask, out=mask)
    mask &= MINUS_INFINITY
    bits |= mask
    return bits.view(np.float32)


def keep_only(values: F32, indices: I64, other: float = -np.inf) -> F32:
    """Return a copy of `values` in which all but `indices` are `other`."""
    kept = np.full_like(values, other)
    kept[indices] = values[indices]
    return kept
