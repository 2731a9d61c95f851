"""GGUF files of the families' tiny models: the settings and tensors that llama.cpp's converter would write.

What a file cannot say is left out of the models: GGUF has no query_pre_attn_scalar, and which layers of
SmolLM3 do not know positions, or of Gemma 3 do not slide, is fixed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from martlet.engine.checkpoint import Checkpoint, load_checkpoint
from tests.engine.gguf_files import head_dim_of, interleaved, llama3_factors, rope_of, stored_values
from tests.engine.models.random_checkpoint import FamilyFixture, write_checkpoint


@dataclass(frozen=True)
class GGUFFamily:
    architecture: str
    """general.architecture"""
    num_layers: int = 2
    changes: dict[str, Any] = field(default_factory=dict)
    """Of the fixture's config.json."""
    settings: dict[str, str] = field(default_factory=dict)
    """The file's keys -> config.json's."""
    is_interleaved: bool = False
    norm_offset: float = 0.0
    fixture: str = ""
    """In tests/fixtures/families; none: that of its own name."""


GEMMA_SETTINGS = {
    "attention.sliding_window": "sliding_window",
    "attn_logit_softcapping": "attn_logit_softcapping",
    "final_logit_softcapping": "final_logit_softcapping",
}
EXPERT_SETTINGS = {"expert_used_count": "num_experts_per_tok"}

FAMILIES = {
    "mistral": GGUFFamily("llama", changes={"sliding_window": None}, is_interleaved=True),
    "llama3-rope": GGUFFamily(
        "llama",
        changes={
            "sliding_window": None,
            "model_type": "llama",
            "architectures": ["LlamaForCausalLM"],
            "rope_scaling": {
                "rope_type": "llama3",
                "factor": 8.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 32,
            },
        },
        is_interleaved=True,
        fixture="mistral",
    ),
    "mixtral": GGUFFamily(
        "llama", settings=EXPERT_SETTINGS | {"expert_count": "num_local_experts"}, is_interleaved=True
    ),
    "qwen2": GGUFFamily("qwen2"),
    "qwen3": GGUFFamily("qwen3"),
    "qwen3-yarn": GGUFFamily(
        "qwen3",
        changes={
            "rope_scaling": {"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 32},
        },
        fixture="qwen3",
    ),
    "qwen3_moe": GGUFFamily(
        "qwen3moe",
        settings=EXPERT_SETTINGS
        | {"expert_count": "num_experts", "expert_feed_forward_length": "moe_intermediate_size"},
    ),
    "gemma2": GGUFFamily(
        "gemma2", changes={"query_pre_attn_scalar": 16}, settings=GEMMA_SETTINGS, norm_offset=1.0
    ),
    "gemma3": GGUFFamily(
        "gemma3",
        num_layers=7,
        changes={"query_pre_attn_scalar": 16, "sliding_window_pattern": 6},
        settings={"attention.sliding_window": "sliding_window"},
        norm_offset=1.0,
    ),
    "phi3": GGUFFamily("phi3", changes={"sliding_window": None}),
    "phi3-longrope": GGUFFamily("phi3"),
    "olmo2": GGUFFamily("olmo2"),
    "smollm3": GGUFFamily(
        "smollm3",
        num_layers=5,
        changes={"no_rope_layers": [1, 1, 1, 0, 1], "layer_types": ["full_attention"] * 5},
        is_interleaved=True,
    ),
    "granite": GGUFFamily(
        "granite",
        settings={
            "attention.scale": "attention_multiplier",
            "embedding_scale": "embedding_multiplier",
            "residual_scale": "residual_multiplier",
            "logit_scale": "logits_scaling",
        },
        is_interleaved=True,
    ),
}
"""Name -> how it is written."""


def write_family(path: Path, name: str, kind: str = "F32", folder: Path | None = None) -> list[int]:
    """Write a family's model as one file, and the folder it is made from, and return a prompt."""
    family = FAMILIES[name]
    fixture = FamilyFixture.read(family.fixture or name)
    folder = folder or path.with_suffix("")
    config = fixture.config | family.changes | {"num_hidden_layers": family.num_layers}
    write_checkpoint(folder, config, with_layers(fixture.tensors, family.num_layers), fixture.seed)
    writer = gguf.GGUFWriter(path, family.architecture)
    write_settings(writer, family, config)
    write_rope(writer, config)
    write_family_tensors(writer, family, load_checkpoint(folder), config, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return fixture.prompt_token_ids


def with_layers(tensors: dict[str, list[int]], num_layers: int) -> dict[str, list[int]]:
    """Return names and shapes for another number of layers, all like the first."""
    first = {name: shape for name, shape in tensors.items() if ".layers.0." in name}
    more = {
        name.replace(".layers.0.", f".layers.{layer}."): shape
        for layer in range(num_layers)
        for name, shape in first.items()
    }
    return {name: shape for name, shape in tensors.items() if ".layers." not in name} | more


def write_settings(writer: Any, family: GGUFFamily, config: dict[str, Any]) -> None:
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    if "head_dim" in config:
        writer.add_key_length(config["head_dim"])
        writer.add_value_length(config["head_dim"])
    for key, source in family.settings.items():
        value, place = config[source], f"{family.architecture}.{key}"
        add = writer.add_uint32 if isinstance(value, int) else writer.add_float32
        add(place, value)


def write_rope(writer: Any, config: dict[str, Any]) -> None:
    rope = rope_of(config)
    writer.add_rope_freq_base(rope["rope_theta"])
    dim = int(head_dim_of(config) * config.get("partial_rotary_factor", 1.0))
    writer.add_rope_dimension_count(dim)
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    if rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(config))
    if rope.get("type") == "longrope":
        original = config["original_max_position_embeddings"]
        scale = config["max_position_embeddings"] / original
        writer.add_rope_scaling_orig_ctx_len(original)
        writer.add_rope_scaling_attn_factors(float(np.sqrt(1 + np.log(scale) / np.log(original))))
        for length in ("long", "short"):
            factors = np.array(rope[f"{length}_factor"], np.float32)
            writer.add_tensor(f"rope_factors_{length}.weight", factors)


def write_family_tensors(
    writer: Any, family: GGUFFamily, checkpoint: Checkpoint, config: dict[str, Any], kind: str
) -> None:
    [number] = [key for key, name in gguf.MODEL_ARCH_NAMES.items() if name == family.architecture]
    names = gguf.get_tensor_name_map(number, config["num_hidden_layers"])
    experts: dict[str, list[Any]] = {}
    for name in checkpoint.names():
        values = stored_values(checkpoint, name)
        stem, _, suffix = name.rpartition(".")
        if family.is_interleaved and stem.endswith(("q_proj", "k_proj")):
            values = interleaved(values, head_dim_of(config))
        if stem.endswith("norm"):
            values += np.float32(family.norm_offset)
        place = f"{names.get_name(re.sub(r'experts[.][0-9]+', 'experts', stem))}.{suffix}"
        if ".experts." in name:
            experts.setdefault(place, []).append((int(re.findall(r"experts\.(\d+)\.", name)[0]), values))
        else:
            add(writer, place, values, kind)
    for place, parts in experts.items():
        add(writer, place, np.stack([values for _, values in sorted(parts, key=lambda part: part[0])]), kind)


def add(writer: Any, name: str, values: Any, kind: str) -> None:
    if values.ndim == 1 or values.shape[-1] % 32 or name.endswith("ffn_gate_inp.weight"):
        writer.add_tensor(name, values)
        return
    number = gguf.GGMLQuantizationType[kind]
    writer.add_tensor(name, gguf.quants.quantize(values, number), raw_dtype=number)
