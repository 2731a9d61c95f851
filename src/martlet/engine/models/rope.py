"""Rotary position embeddings: the frequencies of each kind of scaling, and their table of cosines and sines.

Source: Su et al. 2021 (RoFormer), and transformers 5.23, modeling_rope_utils.py, for the scalings.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, I32


@dataclass(frozen=True, slots=True, kw_only=True)
class Rope:
    """How positions turn queries and keys."""

    theta: float
    kind: Literal["default", "linear", "llama3"] = "default"
    factor: float = 1.0
    low_freq_factor: float = 1.0
    high_freq_factor: float = 4.0
    original_max_position_embeddings: float = 8192
    """The last three are llama3's."""

    def stretch(self, max_position_embeddings: int) -> int:
        """Return how many positions the model takes.

        Under linear scaling config.json counts those before it; vLLM 0.32, config/model.py, reads it so too.
        """
        return (
            int(max_position_embeddings * self.factor) if self.kind == "linear" else max_position_embeddings
        )

    def inv_freq(self, dim: int) -> F32:
        """Return radians per position of each pair of a head's `dim` values: [dim / 2]."""
        exponents = np.arange(0, dim, 2, dtype=np.float32) / np.float32(dim)
        plain: F32 = np.float32(1) / np.float32(self.theta) ** exponents
        if self.kind == "linear":
            plain /= np.float32(self.factor)
        return self._by_parts(plain) if self.kind == "llama3" else plain

    def _by_parts(self, inv_freq: F32) -> F32:
        """Slow waves by `factor`, leave fast ones, and blend between, as Llama 3.1 does."""
        context, low, high = (
            self.original_max_position_embeddings,
            self.low_freq_factor,
            self.high_freq_factor,
        )
        turns = context * inv_freq / np.float32(2 * math.pi)  # whole waves within the original context
        share_kept = np.clip((turns - low) / (high - low), 0, 1)
        blended: F32 = ((1 - share_kept) * inv_freq / self.factor + share_kept * inv_freq).astype(np.float32)
        return blended


class RopeTable:
    """cos_sin rows [positions, dim] for the kernels: cosines in the first half, sines in the second.

    Grows to the positions that are asked for; a context of 131072 need not be paid for at the start.
    """

    _MIN_ROWS = 512

    def __init__(self, rope: Rope, dim: int) -> None:
        self._inv_freq = rope.inv_freq(dim)
        self._rows: F32 = np.empty((0, dim), np.float32)

    def covering(self, positions: I32) -> F32:
        num_needed = int(positions.max(initial=0)) + 1
        if num_needed > len(self._rows):
            self._grow(max(self._MIN_ROWS, 1 << (num_needed - 1).bit_length()))
        return self._rows

    def _grow(self, num_rows: int) -> None:
        # The product is rounded to float32, as the models were trained; only then is it turned exactly.
        new = np.arange(len(self._rows), num_rows, dtype=np.float32)
        angles = np.outer(new, self._inv_freq).astype(np.float64)
        rows = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
        self._rows = np.concatenate([self._rows, rows.astype(np.float32)])
