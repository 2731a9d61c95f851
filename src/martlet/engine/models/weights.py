"""A decoder's weights, read from a checkpoint and packed for the kernels.

Linear layers are fused where they read the same input: q, k and v are one matrix, gate and up another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from martlet.engine.checkpoint import Checkpoint, Tensor
    from martlet.engine.kernels import F32, Kernels, Weight
    from martlet.engine.models import Family
    from martlet.engine.models.spec import DecoderSpec


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """x @ weight.T + bias"""

    weight: Weight
    bias: F32 | None


@dataclass(frozen=True, slots=True, eq=False)
class LayerWeights:
    input_norm: F32
    qkv: Linear
    o: Linear
    post_norm: F32
    gate_up: Linear
    down: Linear


@dataclass(frozen=True, slots=True, eq=False)
class DecoderWeights:
    embed: Weight
    layers: tuple[LayerWeights, ...]
    final_norm: F32
    head: Weight


def load_weights(
    checkpoint: Checkpoint, spec: DecoderSpec, family: Family, kernels: Kernels
) -> DecoderWeights:
    """Read and pack a model's weights. Raises CheckpointError naming a tensor missing or left over."""
    loader = _Loader(checkpoint, family.WEIGHTS, kernels)
    embed = loader.matrix(("embed",), (spec.vocab_size,), spec.hidden_size)
    layers = tuple(_load_layer(loader, spec, layer) for layer in range(spec.num_layers))
    final_norm = loader.vector("final_norm", spec.hidden_size)
    head = embed
    if not (spec.tie_embeddings and loader.may_tie("head", "embed", (spec.vocab_size, spec.hidden_size))):
        head = loader.matrix(("head",), (spec.vocab_size,), spec.hidden_size)
    checkpoint.ignore([name for name in checkpoint.names() if re.fullmatch(family.IGNORED_WEIGHTS, name)])
    checkpoint.require_all_used()
    return DecoderWeights(embed, layers, final_norm, head)


def _load_layer(loader: _Loader, spec: DecoderSpec, layer: int) -> LayerWeights:
    hidden, inner = spec.hidden_size, spec.intermediate_size
    qkv_rows = (spec.q_size, spec.kv_size, spec.kv_size)
    return LayerWeights(
        input_norm=loader.vector("input_norm", hidden, layer),
        qkv=loader.linear(("q", "k", "v"), qkv_rows, hidden, spec.qkv_bias, layer),
        o=loader.linear(("o",), (hidden,), spec.q_size, spec.o_bias, layer),
        post_norm=loader.vector("post_norm", hidden, layer),
        gate_up=loader.linear(("gate", "up"), (inner, inner), hidden, spec.mlp_bias, layer),
        down=loader.linear(("down",), (hidden,), inner, spec.mlp_bias, layer),
    )


class _Loader:
    """Reads a checkpoint's tensors under the decoder's names."""

    def __init__(self, checkpoint: Checkpoint, names: dict[str, str], kernels: Kernels) -> None:
        self._checkpoint = checkpoint
        self._names = names
        self._kernels = kernels

    def vector(self, part: str, size: int, layer: int | None = None, suffix: str = "weight") -> F32:
        return self._checkpoint.tensor(self._name(part, layer, suffix), (size,)).as_f32()

    def linear(
        self, parts: Sequence[str], rows: Sequence[int], cols: int, has_bias: bool, layer: int
    ) -> Linear:
        """Return one layer that does the work of `parts`, which read the same input."""
        weight = self.matrix(parts, rows, cols, layer)
        if not has_bias:
            return Linear(weight, None)
        sizes = zip(parts, rows, strict=True)
        return Linear(
            weight, np.concatenate([self.vector(part, size, layer, "bias") for part, size in sizes])
        )

    def matrix(
        self, parts: Sequence[str], rows: Sequence[int], cols: int, layer: int | None = None
    ) -> Weight:
        names = [self._name(part, layer, "weight") for part in parts]
        tensors = [self._checkpoint.tensor(name, (n, cols)) for name, n in zip(names, rows, strict=True)]
        if len(tensors) == 1:
            return self._kernels.pack(*tensors[0])
        return self._pack_together(tensors)

    def may_tie(self, part: str, source: str, shape: tuple[int, int]) -> bool:
        """Return whether `part` is not stored, or stored as a copy of `source`.

        A part with values of its own was trained apart, whatever config.json says: so transformers 5.23.
        """
        name = self._name(part, None, "weight")
        if name not in self._checkpoint:
            return True
        stored = self._checkpoint.tensor(name, shape)
        copied = self._checkpoint.tensor(self._name(source, None, "weight"), shape)
        return stored.dtype == copied.dtype and all(
            np.array_equal(stored.values[row : row + 1024], copied.values[row : row + 1024])
            for row in range(0, shape[0], 1024)  # so that no mask of the whole matrix is made
        )

    def _pack_together(self, tensors: list[Tensor]) -> Weight:
        dtype = tensors[0].dtype
        if all(tensor.dtype == dtype for tensor in tensors):
            return self._kernels.pack(np.concatenate([tensor.values for tensor in tensors]), dtype)
        return self._kernels.pack(np.concatenate([tensor.as_f32() for tensor in tensors]), "f32")

    def _name(self, part: str, layer: int | None, suffix: str) -> str:
        return f"{self._names[part].format(layer=layer)}.{suffix}"
