"""Qwen3-MoE: Qwen3 with many small experts, in every layer or in some.

Source: transformers 5.23, models/qwen3_moe/modeling_qwen3_moe.py, and configuration_qwen3_moe.py for the
defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec, ExpertsSpec

ARCHITECTURES = ("Qwen3MoeForCausalLM",)

WEIGHTS = (
    base.WEIGHTS
    | base.QK_NORM_WEIGHTS
    | base.STACKED_EXPERTS_WEIGHTS
    | {
        "router": "model.layers.{layer}.mlp.gate",
        "expert_gate": "model.layers.{layer}.mlp.experts.{expert}.gate_proj",
        "expert_up": "model.layers.{layer}.mlp.experts.{expert}.up_proj",
        "expert_down": "model.layers.{layer}.mlp.experts.{expert}.down_proj",
    }
)

IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(
        num_key_value_heads=4, max_position_embeddings=32768, sliding_window=4096, moe_intermediate_size=768
    )
    config.require("dual_chunk_attention_config")
    spec, attention_bias = base.base_spec(config), config.flag("attention_bias", False)
    window = config.optional_size("sliding_window") if config.flag("use_sliding_window", False) else None
    experts = ExpertsSpec(
        num_experts=config.size("num_experts", 128),
        num_experts_per_tok=config.size("num_experts_per_tok", 8),
        intermediate_size=config.size("moe_intermediate_size"),
        normalizes_shares=config.flag("norm_topk_prob", False),
    )
    base.check_experts(config, experts)
    step, dense = config.size("decoder_sparse_step", 1), config.indices("mlp_only_layers")
    is_sparse = [number not in dense and (number + 1) % step == 0 for number in range(spec.num_layers)]
    return replace(
        spec,
        layers=tuple(
            replace(layer, window=window, experts=experts if sparse else None)
            for layer, sparse in zip(spec.layers, is_sparse, strict=True)
        ),
        qk_norm="head",
        qkv_bias=attention_bias,
        o_bias=attention_bias,
    )
