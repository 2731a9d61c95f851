"""BERT: learned positions, token types, norms after each part.

Source: transformers 5.23, models/bert/modeling_bert.py. Checked against it in tests/engine/models on tiny
checkpoints, and on all-MiniLM-L6-v2.
"""

from __future__ import annotations

from martlet.engine.kernels import Activation
from martlet.engine.models.base import MAX_LAYERS
from martlet.engine.models.encoder import EncoderLayerSpec, EncoderSpec
from martlet.engine.models.head import DenseSpec, HeadSpec, num_labels
from martlet.engine.models.hf_config import HFConfig

ARCHITECTURES = (
    "BertModel",
    "BertForMaskedLM",
    "BertForSequenceClassification",
    "BertForTokenClassification",
)

PREFIX = "bert."

WEIGHTS = {
    "embed": "embeddings.word_embeddings",
    "positions": "embeddings.position_embeddings",
    "token_types": "embeddings.token_type_embeddings",
    "embed_norm": "embeddings.LayerNorm",
    "q": "encoder.layer.{layer}.attention.self.query",
    "k": "encoder.layer.{layer}.attention.self.key",
    "v": "encoder.layer.{layer}.attention.self.value",
    "o": "encoder.layer.{layer}.attention.output.dense",
    "attention_norm": "encoder.layer.{layer}.attention.output.LayerNorm",
    "up": "encoder.layer.{layer}.intermediate.dense",
    "down": "encoder.layer.{layer}.output.dense",
    "mlp_norm": "encoder.layer.{layer}.output.LayerNorm",
}

IGNORED_WEIGHTS = r"(bert\.)?(pooler\..*|embeddings\.(position|token_type)_ids)|cls\..*"
"""What pooling by mean or first token does not read, the head of masked words, and counted positions."""

ACTIVATIONS: dict[str, Activation] = {
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
    "silu": "silu",
}
"""config.json's names."""


def spec(config: HFConfig) -> EncoderSpec:
    return with_learned_positions(config, first_position=0)


def with_learned_positions(config: HFConfig, first_position: int) -> EncoderSpec:
    """Describe a BERT whose prompts begin at a row of the position embeddings."""
    config.require("position_embedding_type", "absolute")
    config.require("is_decoder", False)
    config.require("add_cross_attention", False)
    config.require("quantization_config")
    num_positions = config.size("max_position_embeddings", 512)
    if num_positions <= first_position:
        raise config.error(
            "max_position_embeddings", f"is {num_positions}, and positions begin at {first_position}"
        )
    return EncoderSpec(
        vocab_size=config.size("vocab_size"),
        hidden_size=config.size("hidden_size"),
        intermediate_size=config.size("intermediate_size"),
        num_heads=num_heads(config),
        max_position_embeddings=num_positions - first_position,
        norm_eps=config.number("layer_norm_eps", 1e-12),
        activation=config.choice("hidden_act", ACTIVATIONS, "gelu"),
        layers=(EncoderLayerSpec(),) * num_layers(config),
        num_positions=num_positions,
        first_position=first_position,
        num_token_types=config.size("type_vocab_size", 2),
    )


def num_layers(config: HFConfig) -> int:
    layers = config.size("num_hidden_layers")
    if layers > MAX_LAYERS:
        raise config.error("num_hidden_layers", f"must be at most {MAX_LAYERS}, got {layers}")
    return layers


def num_heads(config: HFConfig) -> int:
    hidden_size, heads = config.size("hidden_size"), config.size("num_attention_heads")
    if hidden_size % heads:
        raise config.error("num_attention_heads", f"is {heads}, which does not divide {hidden_size}")
    return heads


def classifier(config: HFConfig, architecture: str) -> HeadSpec | None:
    labels = DenseSpec(name="classifier", rows=num_labels(config))
    if architecture == "BertForTokenClassification":
        return HeadSpec(pooling_type="CLS", layers=(labels,))
    if architecture != "BertForSequenceClassification":
        return None
    pooler = DenseSpec(name="bert.pooler.dense", rows=config.size("hidden_size"), activation="tanh")
    return HeadSpec(pooling_type="CLS", layers=(pooler, labels))
