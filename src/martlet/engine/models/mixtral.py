"""Mixtral: Mistral with experts in every layer.

Source: transformers 5.23, models/mixtral/modeling_mixtral.py, and configuration_mixtral.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec, ExpertsSpec

ARCHITECTURES = ("MixtralForCausalLM",)

WEIGHTS = (
    base.WEIGHTS
    | base.STACKED_EXPERTS_WEIGHTS
    | {
        "router": "model.layers.{layer}.block_sparse_moe.gate",
        "expert_gate": "model.layers.{layer}.block_sparse_moe.experts.{expert}.w1",
        "expert_up": "model.layers.{layer}.block_sparse_moe.experts.{expert}.w3",
        "expert_down": "model.layers.{layer}.block_sparse_moe.experts.{expert}.w2",
    }
)

IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(
        num_key_value_heads=8, rms_norm_eps=1e-5, max_position_embeddings=131072, sliding_window=None
    )
    spec = base.base_spec(config, rope=config.rope(1e6))
    experts = ExpertsSpec(
        num_experts=config.size("num_local_experts", 8),
        num_experts_per_tok=config.size("num_experts_per_tok", 2),
        intermediate_size=spec.intermediate_size,
        normalizes_shares=True,
    )
    base.check_experts(config, experts)
    window = config.optional_size("sliding_window")
    return replace(
        spec, layers=tuple(replace(layer, window=window, experts=experts) for layer in spec.layers)
    )
