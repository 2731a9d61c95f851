"""Mixtures of experts: a router picks small MLPs for each token.

Rows are laid out by expert, so that a linear layer of all experts is one call of the kernels. A row's result
is summed in the order of its experts' numbers, so that it does not depend on the rows beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, I32, Activation, Kernels
    from martlet.engine.models.spec import ExpertsSpec
    from martlet.engine.models.weights import ExpertsWeights


def run_experts(
    x: F32, weights: ExpertsWeights, spec: ExpertsSpec, activation: Activation, kernels: Kernels, out: F32
) -> None:
    """Put into `out` what each row's experts make of it. x, out: [M, hidden_size]."""
    scores = np.empty((len(x), spec.num_experts), np.float32)
    kernels.linear(x, weights.router, scores)
    chosen, shares = route(scores, spec)
    order = np.argsort(chosen, axis=None, kind="stable")  # by expert, then by row
    experts, starts = _runs(chosen.reshape(-1)[order])

    gate_up = np.empty((len(order), 2 * spec.intermediate_size), np.float32)
    activated = np.empty((len(order), spec.intermediate_size), np.float32)
    results = np.empty((len(order), x.shape[1]), np.float32)
    kernels.linear_runs(x[order // chosen.shape[1]], [weights.gate_up[i] for i in experts], starts, gate_up)
    kernels.activate_mul(gate_up, activation, activated)
    kernels.linear_runs(activated, [weights.down[i] for i in experts], starts, results)
    results *= shares.reshape(-1)[order, None]

    places = np.empty(len(order), np.intp)
    places[order] = np.arange(len(order))
    out[:] = 0
    for column in places.reshape(chosen.shape).T:
        out += results[column]


def _runs(experts: npt.NDArray[np.intp]) -> tuple[list[int], I32]:
    """Return which experts there are in a sorted list, and where the rows of each begin, with the end."""
    present, first = np.unique(experts, return_index=True)
    return present.tolist(), np.array([*first, len(experts)], np.int32)


def route(scores: F32, spec: ExpertsSpec) -> tuple[npt.NDArray[np.intp], F32]:
    """Return the experts of each row, by number, and their shares, both [M, num_experts_per_tok]."""
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    chosen = np.argsort(-shares, axis=1, kind="stable")[:, : spec.num_experts_per_tok]
    shares = np.take_along_axis(shares, chosen, axis=1)
    if spec.normalizes_shares:
        shares /= shares.sum(axis=1, keepdims=True)
    by_number = np.argsort(chosen, axis=1)
    return np.take_along_axis(chosen, by_number, axis=1), np.take_along_axis(shares, by_number, axis=1)
