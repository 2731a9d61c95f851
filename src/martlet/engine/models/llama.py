"""Llama 1 to 3.2, and what shares its form: SmolLM2, TinyLlama.

Source: transformers 5.23, models/llama/modeling_llama.py, and configuration_llama.py for the defaults.
Checked against it in tests/engine/models on a tiny checkpoint of every variant.
"""

from __future__ import annotations

from martlet.engine.models.hf_config import HFConfig
from martlet.engine.models.spec import DecoderSpec

ARCHITECTURES = ("LlamaForCausalLM",)

WEIGHTS = {
    "embed": "model.embed_tokens",
    "input_norm": "model.layers.{layer}.input_layernorm",
    "q": "model.layers.{layer}.self_attn.q_proj",
    "k": "model.layers.{layer}.self_attn.k_proj",
    "v": "model.layers.{layer}.self_attn.v_proj",
    "o": "model.layers.{layer}.self_attn.o_proj",
    "post_norm": "model.layers.{layer}.post_attention_layernorm",
    "gate": "model.layers.{layer}.mlp.gate_proj",
    "up": "model.layers.{layer}.mlp.up_proj",
    "down": "model.layers.{layer}.mlp.down_proj",
    "final_norm": "model.norm",
    "head": "lm_head",
}
"""The decoder's name of each part -> the checkpoint's."""

IGNORED_WEIGHTS = r"model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq"
"""Tensors of old checkpoints that the settings already say."""


def spec(config: HFConfig) -> DecoderSpec:
    config.require("hidden_act", "silu")
    config.require("pretraining_tp", 1)
    config.require("quantization_config")
    config.require("rope_interleaved", False)
    config.require("partial_rotary_factor", 1)
    hidden_size, num_heads = config.size("hidden_size"), config.size("num_attention_heads")
    num_kv_heads = config.size("num_key_value_heads", num_heads)
    if num_heads % num_kv_heads:
        raise config.error(
            "num_key_value_heads", f"is {num_kv_heads}, which does not divide {num_heads} heads"
        )
    head_dim = config.size("head_dim", hidden_size // num_heads)
    if head_dim % 2:
        raise config.error("head_dim", f"must be even, got {head_dim}")
    rope = config.rope()
    attention_bias = config.flag("attention_bias", False)
    return DecoderSpec(
        vocab_size=config.size("vocab_size"),
        hidden_size=hidden_size,
        intermediate_size=config.size("intermediate_size"),
        num_layers=config.size("num_hidden_layers"),
        num_heads=num_heads,
        num_kv_heads=num_kv_heads,
        head_dim=head_dim,
        max_position_embeddings=rope.stretch(config.size("max_position_embeddings", 2048)),
        rms_norm_eps=config.number("rms_norm_eps", 1e-6),
        rope=rope,
        qkv_bias=attention_bias,
        o_bias=attention_bias,
        mlp_bias=config.flag("mlp_bias", False),
        tie_embeddings=config.flag("tie_word_embeddings", False),
    )
