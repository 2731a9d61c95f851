"""LoRAAdapter: low-rank changes to a model's linear layers, W + scale * B @ A.

W stays as it is, quantized or not. What a layer's A and B make of its input is added to its output, for the
rows of the requests that use the adapter and no others. Layers that the model holds as one (q, k and v; gate
and up) have one product with their A matrices below each other, then one with each B.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from martlet.engine.kernels import F32, Kernels, Weight

LoRAPart = Literal["qkv", "o", "gate_up", "down"]
"""The decoder's linear layers that adapters may change."""


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """One module's B: from its share of the small vector to its share of the output."""

    ranks: slice
    columns: slice
    b: Weight
    """[columns, ranks]"""


@dataclass(frozen=True, slots=True, eq=False)
class LoRALinear:
    """What an adapter changes in one linear layer of the decoder."""

    a: Weight
    """[sum of the modules' ranks, inputs]"""
    scales: F32 | None
    """[sum of the modules' ranks]. None: all are 1."""
    expansions: tuple[Expansion, ...]

    @property
    def nbytes(self) -> int:
        return self.a.nbytes + sum(each.b.nbytes for each in self.expansions)

    def add(self, x: F32, out: F32, kernels: Kernels) -> None:
        """out += scale * (x @ A.T) @ B.T, each module in its columns. x: [M, inputs]; out: [M, outputs]."""
        small = np.empty((len(x), self.a.rows), np.float32)
        kernels.linear(x, self.a, small)
        if self.scales is not None:
            small *= self.scales
        for each in self.expansions:
            kernels.linear_add(small[:, each.ranks], each.b, out[:, each.columns])


LayerLoRA: TypeAlias = "Mapping[LoRAPart, LoRALinear | None]"


@dataclass(frozen=True, slots=True, eq=False)
class LoRAAdapter:
    """A loaded adapter. It never changes, and whoever computes with it holds it: so it outlives its name."""

    name: str
    path: str
    """The folder, as it was given."""
    rank: int
    """The largest of its modules'."""
    layers: tuple[LayerLoRA, ...]
    cache_key: str = field(default_factory=lambda: os.urandom(16).hex())
    """For the prefix cache: another for each time that something is loaded, whatever its name."""

    @property
    def nbytes(self) -> int:
        return sum(lora.nbytes for layer in self.layers for lora in layer.values() if lora is not None)
