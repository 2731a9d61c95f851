"""Gemma 3, text only: Gemma 2 with norms on heads of q and k instead of soft caps.

Five of six layers slide; they turn by other angles than the sixth, which alone is scaled.

Source: transformers 5.23, models/gemma3/modeling_gemma3.py, and configuration_gemma3.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import base, gemma2
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("Gemma3ForCausalLM",)
WEIGHTS = gemma2.WEIGHTS | base.QK_NORM_WEIGHTS
IGNORED_WEIGHTS = base.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    config = config.with_defaults(
        vocab_size=262208,
        hidden_size=2304,
        intermediate_size=9216,
        num_hidden_layers=26,
        num_attention_heads=8,
        num_key_value_heads=4,
        head_dim=256,
        max_position_embeddings=131072,
        query_pre_attn_scalar=256,
        sliding_window=4096,
        tie_word_embeddings=True,
    )
    config.require("attn_logit_softcapping")
    global_rope = config.rope(1e6, layer_type="full_attention")
    local_rope = config.rope(
        1e4, layer_type="sliding_attention", theta_key="rope_local_base_freq", scaling_key=None
    )
    spec = gemma2.gemma_spec(config, global_rope)
    base.check_rope(config, local_rope, spec.head_dim)
    window, pattern = config.optional_size("sliding_window"), _pattern(config)
    slides = [(number + 1) % pattern != 0 for number in range(spec.num_layers)]
    layers = base.sliding_layers(config, spec, window, slides, local_rope)
    # Unlike others, its max_position_embeddings counts positions that are scaled already.
    return replace(
        spec,
        layers=layers,
        qk_norm="head",
        max_position_embeddings=config.size("max_position_embeddings"),
    )


def _pattern(config: HFConfig) -> int:
    """Return which layers are global: every so many."""
    return config.size("sliding_window_pattern", config.size("_sliding_window_pattern", 6))
