"""DecoderSpec: what a family's module says about its models."""

from __future__ import annotations

from dataclasses import dataclass

from martlet.engine.models.rope import Rope


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderSpec:
    """What tells one model of a family from another."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    max_position_embeddings: int
    rms_norm_eps: float
    rope: Rope
    qkv_bias: bool
    o_bias: bool
    mlp_bias: bool
    tie_embeddings: bool
    """The head is the embedding matrix, unless the checkpoint stores another."""

    @property
    def q_size(self) -> int:
        return self.num_heads * self.head_dim

    @property
    def kv_size(self) -> int:
        return self.num_kv_heads * self.head_dim
