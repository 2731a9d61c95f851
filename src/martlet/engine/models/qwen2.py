"""Qwen2 and 2.5: Llama with biases on q, k and v, and, if asked for, windows in the upper layers.

Source: transformers 5.23, models/qwen2/modeling_qwen2.py, and configuration_qwen2.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("Qwen2ForCausalLM",)
WEIGHTS = base.WEIGHTS
IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    return replace(upper_windows_spec(config.with_defaults(num_key_value_heads=32)), qkv_bias=True)


def upper_windows_spec(config: HFConfig) -> DecoderSpec:
    """Return a spec whose layers from `max_window_layers` on slide, under `use_sliding_window`."""
    config = config.with_defaults(sliding_window=4096, max_position_embeddings=32768)
    config.require("dual_chunk_attention_config")
    spec, first = base.base_spec(config), config.count("max_window_layers", 28)
    window = config.optional_size("sliding_window") if config.flag("use_sliding_window", False) else None
    slides = [window is not None and number >= first for number in range(spec.num_layers)]
    return replace(spec, layers=base.sliding_layers(config, spec, window, slides))
