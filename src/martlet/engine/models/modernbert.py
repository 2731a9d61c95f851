"""ModernBERT: rotary positions, norms before each part, GeGLU, and local attention in most layers.

Source: transformers 5.23, models/modernbert/modeling_modernbert.py and configuration_modernbert.py. Checked
against it in tests/engine/models.
"""

from __future__ import annotations

from martlet.engine.models import bert
from martlet.engine.models.encoder import EncoderLayerSpec, EncoderSpec
from martlet.engine.models.head import DenseSpec, HeadSpec, PoolingType, num_labels
from martlet.engine.models.hf_config import HFConfig

ARCHITECTURES = (
    "ModernBertModel",
    "ModernBertForMaskedLM",
    "ModernBertForSequenceClassification",
    "ModernBertForTokenClassification",
)

PREFIX = "model."

WEIGHTS = {
    "embed": "embeddings.tok_embeddings",
    "embed_norm": "embeddings.norm",
    "attention_norm": "layers.{layer}.attn_norm",
    "qkv": "layers.{layer}.attn.Wqkv",
    "o": "layers.{layer}.attn.Wo",
    "mlp_norm": "layers.{layer}.mlp_norm",
    "up": "layers.{layer}.mlp.Wi",
    "down": "layers.{layer}.mlp.Wo",
    "final_norm": "final_norm",
}

IGNORED_WEIGHTS = r"head\..*|decoder\..*"
"""The head of masked words."""


def spec(config: HFConfig) -> EncoderSpec:
    config.require("quantization_config")
    config.require("rope_scaling")
    num_layers = bert.num_layers(config)
    every = config.size("global_attn_every_n_layers", 3)
    alternating = ["sliding_attention" if layer % every else "full_attention" for layer in range(num_layers)]
    kinds = {
        kind: EncoderLayerSpec(
            rope=config.rope(theta, layer_type=kind, theta_key=f"{reach}_rope_theta", scaling_key=None),
            window=window,
        )
        for kind, reach, theta, window in (
            ("full_attention", "global", 160000.0, None),
            ("sliding_attention", "local", 10000.0, config.size("local_attention", 128) // 2),
        )
    }
    return EncoderSpec(
        vocab_size=config.size("vocab_size"),
        hidden_size=config.size("hidden_size"),
        intermediate_size=config.size("intermediate_size"),
        num_heads=bert.num_heads(config),
        max_position_embeddings=config.size("max_position_embeddings", 8192),
        norm_eps=config.number("norm_eps", 1e-5),
        activation=config.choice("hidden_activation", bert.ACTIVATIONS, "gelu"),
        layers=tuple(kinds[kind] for kind in config.layer_types([*kinds], alternating)),
        pre_norm=True,
        is_gated=True,
        attention_bias=config.flag("attention_bias", False),
        mlp_bias=config.flag("mlp_bias", False),
        norm_bias=config.flag("norm_bias", False),
    )


def classifier(config: HFConfig, architecture: str) -> HeadSpec | None:
    if architecture not in ("ModernBertForSequenceClassification", "ModernBertForTokenClassification"):
        return None
    pooling: dict[str, PoolingType] = {"cls": "CLS", "mean": "MEAN"}
    return HeadSpec(
        pooling_type=config.choice("classifier_pooling", pooling, "cls"),
        layers=(
            DenseSpec(
                name="head.dense",
                rows=config.size("hidden_size"),
                has_bias=config.flag("classifier_bias", False),
                activation=config.choice("classifier_activation", bert.ACTIVATIONS, "gelu"),
                norm="head.norm",
                norm_bias=config.flag("norm_bias", False),
            ),
            DenseSpec(name="classifier", rows=num_labels(config)),
        ),
        norm_eps=config.number("norm_eps", 1e-5),
    )
