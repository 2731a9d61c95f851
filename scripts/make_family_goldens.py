"""Make tests/fixtures/families: tiny models of every decoder family, and what transformers makes of them.

    python scripts/make_family_goldens.py [NAME ...]

Needs torch and transformers. Weights are not stored: tests make them again from the seed. Seeds are tried in
order until the greedy text has many different tokens and no close calls, as in make_goldens.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from safetensors import safe_open

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.engine.models.random_checkpoint import FAMILY_FIXTURES, write_checkpoint  # noqa: E402 - found by the line above

NUM_PROMPT_TOKENS = 40
NUM_GREEDY_TOKENS = 64
NUM_LOGITS_ROWS = 12
MAX_SEEDS = 100
MIN_DISTINCT_TOKENS = 24
MIN_MARGIN = 1e-3
"""Least distance between the two likeliest tokens, relative to the largest logit."""

ABSENT = object()
"""A key of BASE that a config.json lacks."""

BASE: dict[str, Any] = {
    "vocab_size": 120,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}

GEMMA2: dict[str, Any] = {
    "architectures": ["Gemma2ForCausalLM"],
    "model_type": "gemma2",
    "head_dim": 16,
    "hidden_act": "gelu_pytorch_tanh",
    "hidden_activation": "gelu_pytorch_tanh",
    "query_pre_attn_scalar": 40,
    "sliding_window": 12,
    "attn_logit_softcapping": 4.0,
    "final_logit_softcapping": 3.0,
    "tie_word_embeddings": True,
}

GEMMA3: dict[str, Any] = {
    "architectures": ["Gemma3ForCausalLM"],
    "model_type": "gemma3_text",
    "head_dim": 16,
    "hidden_activation": "gelu_pytorch_tanh",
    "query_pre_attn_scalar": 24,
    "sliding_window": 12,
    "sliding_window_pattern": 2,
    "rope_theta": 1000000.0,
    "rope_local_base_freq": 10000.0,
    "rope_scaling": {"rope_type": "linear", "factor": 8.0},
    "tie_word_embeddings": True,
}

LONGROPE: dict[str, Any] = {
    "architectures": ["Phi3ForCausalLM"],
    "model_type": "phi3",
    "hidden_act": "silu",
    "max_position_embeddings": 256,
    "original_max_position_embeddings": 32,
    "partial_rotary_factor": 0.5,
    "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.3], "long_factor": [1.5, 4.0]},
}

QWEN3_MOE: dict[str, Any] = {
    "architectures": ["Qwen3MoeForCausalLM"],
    "model_type": "qwen3_moe",
    "hidden_act": "silu",
    "head_dim": 16,
    "num_experts": 8,
    "num_experts_per_tok": 3,
    "moe_intermediate_size": 16,
    "norm_topk_prob": True,
    "attention_bias": False,
    "decoder_sparse_step": 1,
    "mlp_only_layers": [],
    "use_sliding_window": False,
}

VARIANTS: dict[str, dict[str, Any]] = {
    "mistral": {
        "architectures": ["MistralForCausalLM"],
        "model_type": "mistral",
        "hidden_act": "silu",
        "sliding_window": 12,
    },
    # Later Mistrals: no window, heads of a size of their own.
    "mistral-full": {
        "architectures": ["MistralForCausalLM"],
        "model_type": "mistral",
        "hidden_act": "silu",
        "sliding_window": None,
        "head_dim": 16,
    },
    "qwen2": {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_act": "silu",
        "use_sliding_window": False,
        "sliding_window": 12,
        "max_window_layers": 1,
        "tie_word_embeddings": True,
    },
    "qwen2-window-yarn": {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_act": "silu",
        "use_sliding_window": True,
        "sliding_window": 12,
        "max_window_layers": 1,
        "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32},
    },
    "qwen3": {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "hidden_act": "silu",
        "head_dim": 16,
        "attention_bias": False,
        "tie_word_embeddings": True,
    },
    # yarn with all that may be said of it, as transformers 5 writes it.
    "qwen3-yarn": {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "hidden_act": "silu",
        "head_dim": 16,
        "attention_bias": True,
        "rope_theta": ABSENT,
        "rope_parameters": {
            "rope_type": "yarn",
            "rope_theta": 5000.0,
            "factor": 8.0,
            "original_max_position_embeddings": 64,
            "beta_fast": 4.0,
            "beta_slow": 1.5,
            "mscale": 1.2,
            "mscale_all_dim": 0.4,
            "truncate": False,
        },
    },
    "gemma2": GEMMA2,
    "gemma3": GEMMA3,
    # With a vision tower beside it, as transformers 5 writes it.
    "gemma3-vision": {
        "architectures": ["Gemma3ForConditionalGeneration"],
        "model_type": "gemma3",
        "text_config": {
            **BASE,
            **GEMMA3,
            "num_hidden_layers": 3,
            "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
            "rope_theta": ABSENT,
            "rope_local_base_freq": ABSENT,
            "rope_scaling": ABSENT,
            "sliding_window_pattern": ABSENT,
            "rope_parameters": {
                "full_attention": {"rope_type": "default", "rope_theta": 100000.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 500.0},
            },
        },
        "vision_config": {
            "model_type": "siglip_vision_model",
            "hidden_size": 8,
            "intermediate_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 8,
            "patch_size": 4,
        },
        "mm_tokens_per_image": 4,
        "image_token_index": 119,
        "boi_token_index": 117,
        "eoi_token_index": 118,
        "tie_word_embeddings": True,
    },
    "phi3": {
        "architectures": ["Phi3ForCausalLM"],
        "model_type": "phi3",
        "hidden_act": "silu",
        "original_max_position_embeddings": 256,
        "rope_scaling": None,
        "sliding_window": 12,
    },
    "phi3-longrope": LONGROPE,
    # Texts never get longer than the original context: the short factors act.
    "phi3-longrope-short": LONGROPE
    | {
        "original_max_position_embeddings": 256,
        "rope_scaling": {**LONGROPE["rope_scaling"], "factor": 8.0},
        "tie_word_embeddings": True,
    },
    "smollm3": {
        "architectures": ["SmolLM3ForCausalLM"],
        "model_type": "smollm3",
        "hidden_act": "silu",
        "no_rope_layers": [1, 0],
        "no_rope_layer_interval": 2,
        "use_sliding_window": False,
        "sliding_window": None,
        "layer_types": ["full_attention", "full_attention"],
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
    },
    "olmo2": {
        "architectures": ["Olmo2ForCausalLM"],
        "model_type": "olmo2",
        "hidden_act": "silu",
        "attention_bias": False,
    },
    "granite": {
        "architectures": ["GraniteForCausalLM"],
        "model_type": "granite",
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "embedding_multiplier": 3.0,
        "attention_multiplier": 0.2,
        "residual_multiplier": 0.4,
        "logits_scaling": 2.5,
        "tie_word_embeddings": True,
    },
    "mixtral": {
        "architectures": ["MixtralForCausalLM"],
        "model_type": "mixtral",
        "hidden_act": "silu",
        "num_local_experts": 4,
        "num_experts_per_tok": 2,
        "sliding_window": None,
    },
    "qwen3_moe": QWEN3_MOE,
    # Layers without experts, and shares that do not add up to 1.
    "qwen3_moe-sparse": QWEN3_MOE
    | {
        "num_hidden_layers": 3,
        "decoder_sparse_step": 1,
        "mlp_only_layers": [1],
        "norm_topk_prob": False,
        "use_sliding_window": True,
        "sliding_window": 12,
    },
}


def settings(variant: dict[str, Any]) -> dict[str, Any]:
    """Return a variant's config.json."""
    if "text_config" in variant:
        return {**variant, "text_config": settings(variant["text_config"])}
    return {key: value for key, value in {**BASE, **variant}.items() if value is not ABSENT}


def saved_tensors(config: dict[str, Any]) -> dict[str, list[int]]:
    """Return what a checkpoint of these settings holds when transformers saves it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text(json.dumps(config))
        model_config = transformers.AutoConfig.from_pretrained(folder)
        getattr(transformers, config["architectures"][0])(model_config).save_pretrained(folder)
        with safe_open(f"{folder}/model.safetensors", "pt") as file:
            return {name: list(file.get_slice(name).get_shape()) for name in sorted(file.keys())}


def compute(
    folder: Path, prompt: list[int] | None = None
) -> tuple[dict[str, Any], np.ndarray[Any, Any], float]:
    """Return the prompt and its greedy continuation, logits at the prompt's end, and the closest call."""
    config = json.loads((folder / "config.json").read_text())
    model = getattr(transformers, config["architectures"][0]).from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", experts_implementation="eager"
    )
    model.eval()
    vocab_size = config.get("text_config", config)["vocab_size"]
    if prompt is None:
        prompt = np.random.default_rng(7).integers(3, vocab_size - 3, NUM_PROMPT_TOKENS).tolist()
    token_ids, closest = list(prompt), float("inf")
    with torch.inference_mode():
        logits = model(torch.tensor([prompt])).logits[0, -NUM_LOGITS_ROWS:].numpy()
        for _ in range(NUM_GREEDY_TOKENS):
            last = model(torch.tensor([token_ids])).logits[0, -1]
            best = torch.topk(last, 2)
            closest = min(closest, float((best.values[0] - best.values[1]) / last.abs().max()))
            token_ids.append(int(best.indices[0]))
    goldens = {"prompt_token_ids": prompt, "greedy_token_ids": token_ids[len(prompt) :]}
    return goldens, np.ascontiguousarray(logits, np.float32), closest


def make(name: str) -> None:
    config = settings(VARIANTS[name])
    tensors = saved_tensors(config)
    with tempfile.TemporaryDirectory() as temporary:
        for seed in range(1, MAX_SEEDS + 1):
            folder = Path(temporary) / str(seed)
            write_checkpoint(folder, config, tensors, seed)
            goldens, logits, closest = compute(folder)
            num_distinct = len(set(goldens["greedy_token_ids"]))
            if num_distinct >= MIN_DISTINCT_TOKENS and closest >= MIN_MARGIN:
                break
        else:
            raise SystemExit(f"{name}: no seed up to {MAX_SEEDS} gives a text to check by")
    made_with = {"transformers": transformers.__version__, "torch": torch.__version__}
    values = {"made_with": made_with, "config": config, "tensors": tensors, "seed": seed, **goldens}
    FAMILY_FIXTURES.mkdir(exist_ok=True)
    (FAMILY_FIXTURES / f"{name}.json").write_text(json.dumps(values) + "\n", encoding="utf-8")
    np.save(FAMILY_FIXTURES / f"{name}.npy", logits)
    largest = float(np.abs(logits).max())
    print(f"{name}: seed {seed}, {num_distinct} distinct, margin {closest:.1e}, largest logit {largest:.1f}")


def make_each(make: Callable[[str], None], variants: Iterable[str], description: str | None) -> None:
    """Make the goldens that the command line names, or all."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=list(variants), metavar="NAME")
    torch.set_num_threads(1)
    for name in parser.parse_args().names:
        make(name)


if __name__ == "__main__":
    make_each(make, VARIANTS, __doc__)
