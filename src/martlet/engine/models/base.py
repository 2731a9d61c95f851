"""What the decoder families have in common: most are this spec with some fields replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from martlet.engine.models.spec import DecoderSpec, ExpertsSpec, LayerSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from martlet.engine.kernels import Activation
    from martlet.engine.models.hf_config import HFConfig
    from martlet.engine.models.rope import Rope

ACTIVATIONS: Mapping[str, Activation] = {
    "silu": "silu",
    "gelu": "gelu",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
}
"""transformers' name -> the kernels'."""

MAX_LAYERS = 10_000
"""More are a damaged config.json, whose description would fill the memory."""

WEIGHTS = {
    "embed": "model.embed_tokens",
    "attention_norm": "model.layers.{layer}.input_layernorm",
    "q": "model.layers.{layer}.self_attn.q_proj",
    "k": "model.layers.{layer}.self_attn.k_proj",
    "v": "model.layers.{layer}.self_attn.v_proj",
    "o": "model.layers.{layer}.self_attn.o_proj",
    "mlp_norm": "model.layers.{layer}.post_attention_layernorm",
    "gate": "model.layers.{layer}.mlp.gate_proj",
    "up": "model.layers.{layer}.mlp.up_proj",
    "down": "model.layers.{layer}.mlp.down_proj",
    "final_norm": "model.norm",
    "head": "lm_head",
}
"""The decoder's name of each part -> the checkpoint's."""

QK_NORM_WEIGHTS = {
    "q_norm": "model.layers.{layer}.self_attn.q_norm",
    "k_norm": "model.layers.{layer}.self_attn.k_norm",
}

STACKED_EXPERTS_WEIGHTS = {
    "experts_router": "model.layers.{layer}.mlp.gate",
    "experts_gate_up": "model.layers.{layer}.mlp.experts.gate_up_proj",
    "experts_down": "model.layers.{layer}.mlp.experts.down_proj",
}
"""As transformers holds experts from version 5 on: those of a layer in one tensor, named in full."""

IGNORED_WEIGHTS = r"model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq"
"""Tensors of old checkpoints that the settings already say."""


def base_spec(
    config: HFConfig,
    *,
    rope: Rope | None = None,
    activation_key: str = "hidden_act",
    activation: str = "silu",
) -> DecoderSpec:
    """Return a spec whose layers are alike: causal attention without biases, then a gated MLP."""
    config.require("quantization_config")
    hidden_size, num_heads = config.size("hidden_size"), config.size("num_attention_heads")
    num_kv_heads = config.size("num_key_value_heads", num_heads)
    if num_heads % num_kv_heads:
        raise config.error(
            "num_key_value_heads", f"is {num_kv_heads}, which does not divide {num_heads} heads"
        )
    num_layers = config.size("num_hidden_layers")
    if num_layers > MAX_LAYERS:
        raise config.error("num_hidden_layers", f"must be at most {MAX_LAYERS}, got {num_layers}")
    head_dim = config.size("head_dim", hidden_size // num_heads)
    rope = rope or config.rope()
    check_rope(config, rope, head_dim)
    return DecoderSpec(
        vocab_size=config.size("vocab_size"),
        hidden_size=hidden_size,
        intermediate_size=config.size("intermediate_size"),
        num_heads=num_heads,
        num_kv_heads=num_kv_heads,
        head_dim=head_dim,
        max_position_embeddings=rope.stretch(config.size("max_position_embeddings")),
        layers=(LayerSpec(rope=rope),) * num_layers,
        rms_norm_eps=config.number("rms_norm_eps", 1e-6),
        activation=config.choice(activation_key, ACTIVATIONS, activation),
        attention_scale=head_dim**-0.5,
        tie_embeddings=config.flag("tie_word_embeddings", False),
    )


def check_rope(config: HFConfig, rope: Rope, head_dim: int) -> None:
    """Raise CheckpointError unless heads can be turned."""
    dim = rope.rotary_dim(head_dim)
    if head_dim % 2:
        raise config.error("head_dim", f"must be even, got {head_dim}")
    if dim % 2 or dim == 0:
        raise config.error("partial_rotary_factor", f"would turn {dim} of a head's {head_dim} values")
    for name, factors in (("short_factor", rope.short_factor), ("long_factor", rope.long_factor)):
        if rope.kind == "longrope" and len(factors) != dim // 2:
            raise config.error(name, f"must have {dim // 2} numbers, got {len(factors)}")


def check_experts(config: HFConfig, experts: ExpertsSpec) -> None:
    """Raise CheckpointError unless there are as many experts as a token wants."""
    if experts.num_experts_per_tok > experts.num_experts:
        raise config.error(
            "num_experts_per_tok", f"is {experts.num_experts_per_tok}, of {experts.num_experts} experts"
        )


def sliding_layers(
    config: HFConfig,
    spec: DecoderSpec,
    window: int | None,
    slides: Sequence[bool],
    sliding_rope: Rope | None = None,
) -> tuple[LayerSpec, ...]:
    """Return a spec's layers, some of them sliding: those that `layer_types` says, else `slides`.

    They turn by `sliding_rope`, if it is given.
    """
    names = {False: "full_attention", True: "sliding_attention"}
    kinds = config.layer_types(tuple(names.values()), [names[slide] for slide in slides])
    return tuple(
        replace(layer, window=window, rope=sliding_rope or layer.rope) if kind == names[True] else layer
        for layer, kind in zip(spec.layers, kinds, strict=True)
    )
