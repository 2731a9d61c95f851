"""Mistral: Llama with a sliding window, in its first version.

Source: transformers 5.23, models/mistral/modeling_mistral.py, and configuration_mistral.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("MistralForCausalLM",)
WEIGHTS = base.WEIGHTS
IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(num_key_value_heads=8, sliding_window=4096, max_position_embeddings=131072)
    config.require("layer_types")
    spec, window = base.base_spec(config), config.optional_size("sliding_window")
    return replace(spec, layers=tuple(replace(layer, window=window) for layer in spec.layers))
