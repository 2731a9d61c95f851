"""SmolLM3: Llama with layers, every fourth, that do not know positions.

Source: transformers 5.23, models/smollm3/modeling_smollm3.py, and configuration_smollm3.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("SmolLM3ForCausalLM",)
WEIGHTS = base.WEIGHTS
IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(
        num_key_value_heads=4, max_position_embeddings=32768, tie_word_embeddings=True
    )
    spec = base.base_spec(config, rope=config.rope(2e6))
    knows_positions = _rope_layers(config, spec.num_layers)
    window = config.optional_size("sliding_window") if config.flag("use_sliding_window", False) else None
    slides = [window is not None and not knows for knows in knows_positions]
    layers = base.sliding_layers(config, spec, window, slides)
    attention_bias = config.flag("attention_bias", False)
    return replace(
        spec,
        layers=tuple(
            layer if knows else replace(layer, rope=None)
            for layer, knows in zip(layers, knows_positions, strict=True)
        ),
        qkv_bias=attention_bias,
        o_bias=attention_bias,
        mlp_bias=config.flag("mlp_bias", False),
    )


def _rope_layers(config: HFConfig, num_layers: int) -> list[bool]:
    """Return which layers know positions: `no_rope_layers` has a 1 for each that does."""
    marks = config.indices("no_rope_layers")
    if not marks:
        interval = config.size("no_rope_layer_interval", 4)
        return [(number + 1) % interval != 0 for number in range(num_layers)]
    if len(marks) < num_layers:
        raise config.error("no_rope_layers", f"must have {num_layers} numbers, got {len(marks)}")
    return [mark != 0 for mark in marks[:num_layers]]
