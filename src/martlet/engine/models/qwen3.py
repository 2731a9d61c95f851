"""Qwen3: Qwen2 with a norm on each head of q and k, and without its biases.

Source: transformers 5.23, models/qwen3/modeling_qwen3.py, and configuration_qwen3.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base, qwen2
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("Qwen3ForCausalLM",)
WEIGHTS = base.WEIGHTS | base.QK_NORM_WEIGHTS
IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(num_key_value_heads=32, head_dim=128)
    attention_bias = config.flag("attention_bias", False)
    return replace(
        qwen2.upper_windows_spec(config), qk_norm="head", qkv_bias=attention_bias, o_bias=attention_bias
    )
