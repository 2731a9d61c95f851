"""Make tests/fixtures/lora: adapters for the tiny families, and what transformers with PEFT makes of them.

    python scripts/make_lora_goldens.py [NAME ...]

Needs torch, transformers and peft. Weights are not stored: tests make them again from the seed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import peft
import torch
import transformers
from safetensors import safe_open

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.make_family_goldens import make_each  # noqa: E402
from tests.engine.models.random_adapter import LORA_FIXTURES, write_adapter  # noqa: E402 - found by the line above
from tests.engine.models.random_checkpoint import FamilyFixture, write_checkpoint  # noqa: E402

NUM_LOGITS_ROWS = 6
SEED = 1
MIN_EFFECT = 0.05
"""How far the logits must be from the base model's, relative to the largest."""

VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "qwen2-attention": ("qwen2", {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}),
    "mistral-rslora": (
        "mistral-full",
        {"r": 3, "lora_alpha": 2, "use_rslora": True, "target_modules": "all-linear"},
    ),
    "phi3-fused": (
        "phi3",
        {"r": 5, "lora_alpha": 5, "target_modules": ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]},
    ),
    "gemma2-patterns": (
        "gemma2",
        {
            "r": 8,
            "lora_alpha": 6,
            "target_modules": r".*\.layers\.\d+\.(self_attn|mlp)\.(k|o|gate|down)_proj",
            "rank_pattern": {"k_proj": 2, r"layers\.1\.mlp\.down_proj": 17},
            "alpha_pattern": {"o_proj": 1, r".*\.1\.self_attn\.k_proj": 9},
        },
    ),
    "gemma3-vision-text": (
        "gemma3-vision",
        {"r": 2, "lora_alpha": 3, "target_modules": r".*language_model.*\.(q_proj|up_proj|o_proj)"},
    ),
    "granite-ends": ("granite", {"r": 4, "lora_alpha": 4, "target_modules": ["down_proj", "o_proj"]}),
    "olmo2-one-layer": (
        "olmo2",
        {
            "r": 4,
            "lora_alpha": 8,
            "target_modules": ["q_proj", "k_proj", "up_proj", "down_proj"],
            "layers_to_transform": [1],
            "exclude_modules": ["up_proj"],
        },
    ),
    "qwen3-all": ("qwen3-yarn", {"r": 16, "lora_alpha": 12, "target_modules": "all-linear"}),
    "qwen3_moe-attention": (
        "qwen3_moe",
        {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"]},
    ),
}


def base_model(folder: Path) -> Any:
    config = json.loads((folder / "config.json").read_text())
    return getattr(transformers, config["architectures"][0]).from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", experts_implementation="eager"
    )


def saved_adapter(folder: Path, settings: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """Return adapter_config.json, and the names and shapes of the tensors, as PEFT saves them."""
    with tempfile.TemporaryDirectory() as target:
        config = peft.LoraConfig(**settings, task_type="CAUSAL_LM")
        peft.get_peft_model(base_model(folder), config).save_pretrained(target)
        saved = json.loads((Path(target) / "adapter_config.json").read_text())
        saved["base_model_name_or_path"] = None
        if isinstance(saved["target_modules"], list):
            saved["target_modules"].sort()  # PEFT keeps a set
        with safe_open(f"{target}/adapter_model.safetensors", "pt") as file:
            shapes = {name: list(file.get_slice(name).get_shape()) for name in sorted(file.keys())}
        return saved, shapes


def compute(folder: Path, adapter: Path | None, prompt: list[int]) -> np.ndarray[Any, Any]:
    """Return logits at the prompt's end."""
    model = base_model(folder)
    if adapter is not None:
        model = peft.PeftModel.from_pretrained(model, adapter)
    model.eval()
    with torch.inference_mode():
        logits = model(torch.tensor([prompt])).logits[0, -NUM_LOGITS_ROWS:].numpy()
    return np.ascontiguousarray(logits, np.float32)


def make(name: str) -> None:
    base, settings = VARIANTS[name]
    fixture = FamilyFixture.read(base)
    with tempfile.TemporaryDirectory() as temporary:
        folder, adapter = Path(temporary) / "base", Path(temporary) / "adapter"
        write_checkpoint(folder, fixture.config, fixture.tensors, fixture.seed)
        config, tensors = saved_adapter(folder, settings)
        write_adapter(adapter, config, tensors, SEED)
        logits = compute(folder, adapter, fixture.prompt_token_ids)
        plain = compute(folder, None, fixture.prompt_token_ids)
    effect = float(np.abs(logits - plain).max() / np.abs(plain).max())
    if effect < MIN_EFFECT:
        raise SystemExit(f"{name}: the adapter changes next to nothing")
    versions = {module.__name__: module.__version__ for module in (peft, transformers, torch)}
    values = {"made_with": versions, "base": base, "config": config, "tensors": tensors, "seed": SEED}
    LORA_FIXTURES.mkdir(exist_ok=True)
    (LORA_FIXTURES / f"{name}.json").write_text(json.dumps(values) + "\n", encoding="utf-8")
    np.save(LORA_FIXTURES / f"{name}.npy", logits)
    print(f"{name}: {len(tensors)} tensors, logits move by {effect:.2f} of the largest")


if __name__ == "__main__":
    make_each(make, VARIANTS, __doc__)
