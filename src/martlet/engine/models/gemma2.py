"""Gemma 2: norms around each block, soft caps, a sliding window in every other layer.

Its norms multiply by 1 + weight, and embeddings are scaled up.

Source: transformers 5.23, models/gemma2/modeling_gemma2.py, and configuration_gemma2.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.rope import Rope
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("Gemma2ForCausalLM",)

WEIGHTS = base.WEIGHTS | {
    "attention_post_norm": "model.layers.{layer}.post_attention_layernorm",
    "mlp_norm": "model.layers.{layer}.pre_feedforward_layernorm",
    "mlp_post_norm": "model.layers.{layer}.post_feedforward_layernorm",
}

IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(
        num_key_value_heads=4,
        head_dim=256,
        max_position_embeddings=8192,
        query_pre_attn_scalar=256,
        sliding_window=4096,
        attn_logit_softcapping=50.0,
        final_logit_softcapping=30.0,
        tie_word_embeddings=True,
    )
    spec = gemma_spec(config)
    slides = [number % 2 == 0 for number in range(spec.num_layers)]
    return replace(
        spec,
        layers=base.sliding_layers(config, spec, config.optional_size("sliding_window"), slides),
        attention_soft_cap=config.optional_number("attn_logit_softcapping") or 0.0,
    )


def gemma_spec(config: HFConfig, rope: Rope | None = None) -> DecoderSpec:
    """Return what Gemma 2 and 3 have in common."""
    config.require("use_bidirectional_attention", False)
    base_spec = base.base_spec(
        config, rope=rope, activation_key="hidden_activation", activation="gelu_pytorch_tanh"
    )
    attention_bias = config.flag("attention_bias", False)
    return replace(
        base_spec,
        norms="both",
        norm_offset=1.0,
        qkv_bias=attention_bias,
        o_bias=attention_bias,
        attention_scale=config.number("query_pre_attn_scalar") ** -0.5,
        embedding_scale=base_spec.hidden_size**0.5,
        logit_soft_cap=config.optional_number("final_logit_softcapping") or 0.0,
    )
