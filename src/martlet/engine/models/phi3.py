"""Phi-3, Phi-3.5 and Phi-4: Llama with q, k and v stored as one, gate and up as another, and longrope.

Source: transformers 5.23, models/phi3/modeling_phi3.py, and configuration_phi3.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("Phi3ForCausalLM",)

WEIGHTS = base.WEIGHTS | {
    "qkv": "model.layers.{layer}.self_attn.qkv_proj",
    "gate_up": "model.layers.{layer}.mlp.gate_up_proj",
}

IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(
        rms_norm_eps=1e-5, max_position_embeddings=4096, original_max_position_embeddings=4096
    )
    config.require("attention_bias", False)
    # Both are names that longrope had when the first of these models came out.
    rope = config.rope(aliases={"su": "longrope", "yarn": "longrope"})
    spec, window = base.base_spec(config, rope=rope), config.optional_size("sliding_window")
    return replace(spec, layers=tuple(replace(layer, window=window) for layer in spec.layers))
