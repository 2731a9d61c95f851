"""OLMo 2: Llama with norms after each block instead of before, and on all of q and all of k.

Source: transformers 5.23, models/olmo2/modeling_olmo2.py, and configuration_olmo2.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("Olmo2ForCausalLM",)

WEIGHTS = (
    base.WEIGHTS
    | base.QK_NORM_WEIGHTS
    | {
        "attention_post_norm": "model.layers.{layer}.post_attention_layernorm",
        "mlp_post_norm": "model.layers.{layer}.post_feedforward_layernorm",
    }
)

IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(rms_norm_eps=1e-5, max_position_embeddings=2048)
    attention_bias = config.flag("attention_bias", False)
    return replace(
        base.base_spec(config),
        norms="post",
        qk_norm="row",
        qkv_bias=attention_bias,
        o_bias=attention_bias,
    )
