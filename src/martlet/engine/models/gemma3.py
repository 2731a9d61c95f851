"""Gemma 3 with a vision tower, of which only the text is run.

Source: transformers 5.23, models/gemma3/modeling_gemma3.py.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.models import gemma3_text
from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("Gemma3ForConditionalGeneration",)
WEIGHTS = {part: f"language_model.{name}" for part, name in gemma3_text.WEIGHTS.items()}
IGNORED_WEIGHTS = r"(vision_tower|multi_modal_projector)\..*"


def spec(config: HFConfig) -> DecoderSpec:
    text = config.nested("text_config")
    text.require("final_logit_softcapping")  # transformers would ignore it here
    spec = gemma3_text.spec(text)
    return replace(spec, tie_embeddings=config.flag("tie_word_embeddings", True))
