"""Llama 1 to 3.2, and what shares its form: SmolLM2, TinyLlama.

Source: transformers 5.23, models/llama/modeling_llama.py, and configuration_llama.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("LlamaForCausalLM",)
WEIGHTS = base.WEIGHTS
IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(max_position_embeddings=2048)
    config.require("pretraining_tp", 1)
    config.require("rope_interleaved", False)
    attention_bias = config.flag("attention_bias", False)
    return replace(
        base.base_spec(config),
        qkv_bias=attention_bias,
        o_bias=attention_bias,
        mlp_bias=config.flag("mlp_bias", False),
    )
