"""Mixtures of experts: a router picks small MLPs for each token.

All rows that an expert works for go through its linear layers together. A row's result is summed in the order
of its experts' numbers, so that it does not depend on the rows beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, Activation, Kernels
    from martlet.engine.models.spec import ExpertsSpec
    from martlet.engine.models.weights import ExpertsWeights, MLPWeights


def run_experts(
    x: F32, weights: ExpertsWeights, spec: ExpertsSpec, activation: Activation, kernels: Kernels, out: F32
) -> None:
    """Put into `out` what each row's experts make of it. x, out: [M, hidden_size]."""
    scores = np.empty((len(x), spec.num_experts), np.float32)
    kernels.linear(x, weights.router, scores)
    chosen, shares = route(scores, spec)
    out[:] = 0
    for expert in np.unique(chosen).tolist():
        rows, places = np.nonzero(chosen == expert)
        result = _run_mlp(x[rows], weights.experts[expert], spec, activation, kernels)
        result *= shares[rows, places, None]
        out[rows] += result


def route(scores: F32, spec: ExpertsSpec) -> tuple[npt.NDArray[np.intp], F32]:
    """Return the experts of each row and their shares, both [M, num_experts_per_tok]."""
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    chosen = np.argsort(-shares, axis=1, kind="stable")[:, : spec.num_experts_per_tok]
    shares = np.take_along_axis(shares, chosen, axis=1)
    if spec.normalizes_shares:
        shares /= shares.sum(axis=1, keepdims=True)
    return chosen, shares


def _run_mlp(x: F32, weights: MLPWeights, spec: ExpertsSpec, activation: Activation, kernels: Kernels) -> F32:
    gate_up = np.empty((len(x), 2 * spec.intermediate_size), np.float32)
    activated = np.empty((len(x), spec.intermediate_size), np.float32)
    result = np.empty_like(x)
    kernels.linear(x, weights.gate_up.weight, gate_up)
    kernels.activate_mul(gate_up, activation, activated)
    kernels.linear(activated, weights.down.weight, result)
    return result
