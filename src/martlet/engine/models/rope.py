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

RopeKind = Literal["default", "linear", "llama3", "yarn", "longrope"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rope:
    """How positions turn queries and keys."""

    theta: float
    kind: RopeKind = "default"
    share: float = 1.0
    """Of a head's values, those that turn; the rest stay as they are."""
    attention_factor: float = 1.0
    """Of cosines and sines."""
    factor: float = 1.0
    original_max_position_embeddings: float = 8192
    low_freq_factor: float = 1.0
    high_freq_factor: float = 4.0
    """This and the last are llama3's."""
    beta_fast: float = 32.0
    beta_slow: float = 1.0
    truncate: bool = True
    """These three are yarn's."""
    short_factor: tuple[float, ...] = ()
    long_factor: tuple[float, ...] = ()
    """These two are longrope's, one for each pair of values."""

    def stretch(self, max_position_embeddings: int) -> int:
        """Return how many positions the model takes.

        Under linear scaling and yarn config.json counts those before it; vLLM 0.32, config/model.py, reads
        it so too.
        """
        if self.kind == "yarn":
            return int(self.original_max_position_embeddings * self.factor)
        return (
            int(max_position_embeddings * self.factor) if self.kind == "linear" else max_position_embeddings
        )

    def rotary_dim(self, head_dim: int) -> int:
        return int(head_dim * self.share)

    def inv_freq(self, dim: int, context: int = 0) -> F32:
        """Return radians per position of each pair of `dim` values that turn: [dim / 2].

        `context` is how many positions the model is to serve. longrope has frequencies for texts of the
        original length and others for longer ones: they are chosen for all texts at once, because cached keys
        cannot be turned again when a text grows (vLLM 0.32 does the same; transformers chooses by text).
        """
        exponents = np.arange(0, dim, 2, dtype=np.float32) / np.float32(dim)
        wavelengths: F32 = np.float32(self.theta) ** exponents
        if self.kind == "longrope":
            is_long = context > self.original_max_position_embeddings
            wavelengths *= np.array(self.long_factor if is_long else self.short_factor, np.float32)
        plain: F32 = np.float32(1) / wavelengths
        if self.kind == "linear":
            plain /= np.float32(self.factor)
        if self.kind == "llama3":
            return self._by_wavelength(plain)
        if self.kind == "yarn":
            return self._by_ramp(plain, dim)
        return plain

    def _by_wavelength(self, inv_freq: F32) -> F32:
        """Slow waves by `factor`, leave fast ones, and blend between, as Llama 3.1 does."""
        context, low, high = (
            self.original_max_position_embeddings,
            self.low_freq_factor,
            self.high_freq_factor,
        )
        turns = context * inv_freq / np.float32(2 * math.pi)  # whole waves within the original context
        share_kept: F32 = np.clip((turns - low) / (high - low), 0, 1).astype(np.float32)
        return self._blend(inv_freq, share_kept)

    def _by_ramp(self, inv_freq: F32, dim: int) -> F32:
        """Slow waves by `factor` as YaRN does: the blend is linear in the number of the pair."""
        low, high = self._pair_with_turns(self.beta_fast, dim), self._pair_with_turns(self.beta_slow, dim)
        if self.truncate:
            low, high = math.floor(low), math.ceil(high)
        low, high = max(low, 0), min(high, dim - 1)
        ramp = (np.arange(dim // 2) - low) / (high - low or 0.001)
        share_kept: F32 = np.clip(1 - ramp, 0, 1).astype(np.float32)
        return self._blend(inv_freq, share_kept)

    def _pair_with_turns(self, turns: float, dim: int) -> float:
        """Return the number of the pair, with a fraction, that turns so often within the original context."""
        wavelength = self.original_max_position_embeddings / (2 * math.pi * turns)
        return dim * math.log(wavelength) / (2 * math.log(self.theta))

    def _blend(self, inv_freq: F32, share_kept: F32) -> F32:
        blended: F32 = ((1 - share_kept) * inv_freq / self.factor + share_kept * inv_freq).astype(np.float32)
        return blended


def yarn_attention_factor(factor: float, mscale: float | None, mscale_all_dim: float | None) -> float:
    """Return what yarn's cosines and sines are multiplied by where config.json does not say it."""

    def scale(weight: float) -> float:
        return 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1.0

    return scale(mscale) / scale(mscale_all_dim) if mscale and mscale_all_dim else scale(1.0)


def longrope_attention_factor(factor: float, original_max_position_embeddings: float) -> float:
    """Return what longrope's cosines and sines are multiplied by where config.json does not say it."""
    if factor <= 1:
        return 1.0
    return math.sqrt(1 + math.log(factor) / math.log(original_max_position_embeddings))


class RopeTable:
    """cos_sin rows [positions, dim] for the kernels: cosines in the first half, sines in the second.

    Grows to the positions that are asked for; a context of 131072 need not be paid for at the start.
    """

    _MIN_ROWS = 512

    def __init__(self, rope: Rope, head_dim: int, context: int = 0) -> None:
        dim = rope.rotary_dim(head_dim)
        self._inv_freq = rope.inv_freq(dim, context)
        self._attention_factor = rope.attention_factor
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
        rows = np.concatenate([np.cos(angles), np.sin(angles)], axis=1) * self._attention_factor
        self._rows = np.concatenate([self._rows, rows.astype(np.float32)])
