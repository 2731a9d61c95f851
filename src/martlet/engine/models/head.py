"""What stands on top of a pooled vector: dense layers with activations and norms, as a HeadSpec says.

Classifiers, and the dense layers of sentence-transformers folders, are such heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from martlet.engine.models.weights import Linear

if TYPE_CHECKING:
    from martlet.engine.checkpoint import Checkpoint
    from martlet.engine.kernels import F32, Activation, Kernels
    from martlet.engine.models.hf_config import HFConfig

PoolingType = Literal["CLS", "LAST", "MEAN"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseSpec:
    """activation(x @ weight.T + bias), and a layer norm after it if named."""

    name: str
    """The tensors' name without .weight and .bias."""
    rows: int
    has_bias: bool = True
    activation: Activation | Literal["tanh"] | None = None
    norm: str | None = None
    norm_bias: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSpec:
    """Dense layers over a pooled vector."""

    pooling_type: PoolingType
    """How the vector is pooled; nothing else would fit the head's training."""
    layers: tuple[DenseSpec, ...]
    norm_eps: float = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class _Dense:
    spec: DenseSpec
    linear: Linear
    norm: tuple[F32, F32 | None] | None


class Head:
    """A loaded head."""

    def __init__(self, layers: Sequence[_Dense], norm_eps: float, kernels: Kernels) -> None:
        self._layers = layers
        self._norm_eps = norm_eps
        self._kernels = kernels

    @classmethod
    def chain(cls, heads: Sequence[Head]) -> Head:
        """Return one head that does the work of several, each over what the one before it made."""
        layers = [layer for head in heads for layer in head._layers]
        return cls(layers, heads[0]._norm_eps, heads[0]._kernels)

    @property
    def size(self) -> int:
        """Numbers that come out."""
        return self._layers[-1].spec.rows

    def __call__(self, x: F32) -> F32:
        """Return [N, size] of [N, hidden_size]."""
        for layer in self._layers:
            out = np.empty((len(x), layer.spec.rows), np.float32)
            self._kernels.linear(np.ascontiguousarray(x), layer.linear.weight, out)
            if layer.linear.bias is not None:
                out += layer.linear.bias
            x = self._activate(layer, out)
        return x

    def _activate(self, layer: _Dense, x: F32) -> F32:
        if layer.spec.activation == "tanh":
            np.tanh(x, out=x)
        elif layer.spec.activation is not None:
            self._kernels.activate(x, layer.spec.activation, x)
        if layer.norm is not None:
            weight, bias = layer.norm
            self._kernels.layer_norm(x, weight, bias, self._norm_eps, x)
        return x


def load_head(checkpoint: Checkpoint, spec: HeadSpec, num_inputs: int, kernels: Kernels) -> Head:
    """Read a head's weights, the first layer of which takes `num_inputs` numbers. Raises CheckpointError."""
    layers, cols = [], num_inputs
    for dense in spec.layers:
        weight = kernels.pack(*checkpoint.tensor(f"{dense.name}.weight", (dense.rows, cols)))
        bias = checkpoint.tensor(f"{dense.name}.bias", (dense.rows,)).as_f32() if dense.has_bias else None
        layers.append(_Dense(dense, Linear(weight, bias), _load_norm(checkpoint, dense)))
        cols = dense.rows
    return Head(layers, spec.norm_eps, kernels)


def _load_norm(checkpoint: Checkpoint, dense: DenseSpec) -> tuple[F32, F32 | None] | None:
    if dense.norm is None:
        return None
    shape = (dense.rows,)
    bias = checkpoint.tensor(f"{dense.norm}.bias", shape).as_f32() if dense.norm_bias else None
    return checkpoint.tensor(f"{dense.norm}.weight", shape).as_f32(), bias


def num_labels(config: HFConfig) -> int:
    """Return how many classes a classifier knows: `id2label` says it, else `num_labels`, else two."""
    labels = config.mapping("id2label")
    return len(labels) if labels else config.size("num_labels", 2)
