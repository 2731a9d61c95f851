"""DecoderSpec: what a family's module says about its models, a field for each difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from martlet.engine.kernels import Activation
    from martlet.engine.models.rope import Rope


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertsSpec:
    """A router picks some of many small MLPs for each token."""

    num_experts: int
    num_experts_per_tok: int
    intermediate_size: int
    normalizes_shares: bool
    """The shares of the experts that are picked add up to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSpec:
    """What tells one layer of a model from another."""

    rope: Rope | None
    """None: the layer does not know positions."""
    window: int | None = None
    """How many positions a query sees, its own the last of them. None: all."""
    experts: ExpertsSpec | None = None
    """Instead of one MLP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderSpec:
    """What tells one model from another."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    max_position_embeddings: int
    layers: tuple[LayerSpec, ...]

    rms_norm_eps: float
    norm_offset: float = 0.0
    """Norms multiply by it plus their weight."""
    norms: Literal["pre", "post", "both"] = "pre"
    """Where in a block: its input, its output before it is added to the rest, or both."""
    qk_norm: Literal["none", "head", "row"] = "none"
    """Queries and keys are normalised before they are rotated: each head by itself, or all heads together."""

    qkv_bias: bool = False
    o_bias: bool = False
    mlp_bias: bool = False
    activation: Activation = "silu"
    attention_scale: float
    attention_soft_cap: float = 0.0
    """0: none."""
    residual_scale: float = 1.0
    """Of what a block adds."""

    embedding_scale: float = 1.0
    tie_embeddings: bool
    """The head is the embedding matrix, unless the checkpoint stores another."""
    logit_divisor: float = 1.0
    logit_soft_cap: float = 0.0
    """0: none."""

    @property
    def num_layers(self) -> int:
        return len(self.layers)

    @property
    def q_size(self) -> int:
        return self.num_heads * self.head_dim

    @property
    def kv_size(self) -> int:
        return self.num_kv_heads * self.head_dim

    @property
    def window(self) -> int | None:
        """How many positions a query sees in the layer where it sees most. None: all."""
        windows = [layer.window for layer in self.layers]
        return None if None in windows else max(window for window in windows if window is not None)
