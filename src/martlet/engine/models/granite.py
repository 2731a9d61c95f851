"""Granite 3: Llama with a factor on embeddings, scores, what blocks add, and logits.

Source: transformers 5.23, models/granite/modeling_granite.py, and configuration_granite.py for the defaults.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import llama
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("GraniteForCausalLM",)
WEIGHTS = llama.WEIGHTS
IGNORED_WEIGHTS = llama.IGNORED_WEIGHTS


def spec(config: HFConfig) -> DecoderSpec:
    return replace(
        llama.spec(config),
        embedding_scale=config.number("embedding_multiplier", 1.0),
        attention_scale=config.number("attention_multiplier", 1.0),
        residual_scale=config.number("residual_multiplier", 1.0),
        logit_divisor=config.number("logits_scaling", 1.0),
    )
