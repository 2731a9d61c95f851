"""Adapters with weights made from a seed, for the families' checkpoints.

A fixture in tests/fixtures/lora holds an adapter_config.json, the names and shapes that PEFT saves for it, a
seed, the checkpoint it belongs to, and what transformers with PEFT computes; scripts/make_lora_goldens.py
makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save_file

from tests.engine.models.random_checkpoint import random_tensor

TINY_LLAMA = Path(__file__).parents[2] / "fixtures" / "tiny-llama"
LORA_FIXTURES = Path(__file__).parents[2] / "fixtures" / "lora"


@dataclass(frozen=True, eq=False)
class LoRAFixture:
    base: str
    """The family's fixture."""
    config: dict[str, Any]
    tensors: dict[str, list[int]]
    seed: int
    logits: npt.NDArray[np.float32]
    """Of the last tokens of the base's prompt."""

    @staticmethod
    def read(name: str) -> LoRAFixture:
        values = json.loads((LORA_FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
        values.pop("made_with")
        return LoRAFixture(**values, logits=np.load(LORA_FIXTURES / f"{name}.npy"))


def lora_fixture_names() -> list[str]:
    return sorted(path.stem for path in LORA_FIXTURES.glob("*.json"))


def write_adapter(
    folder: Path,
    config: Mapping[str, Any],
    tensors: Mapping[str, Sequence[int]],
    seed: int,
    dtype: type[np.floating[Any]] = np.float16,
) -> None:
    """Write an adapter's folder as PEFT does."""
    values = {name: random_tensor(name, shape, seed).astype(dtype) for name, shape in tensors.items()}
    save_adapter(folder, config, values)


def save_adapter(folder: Path, config: Mapping[str, Any], values: dict[str, npt.NDArray[Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(values, folder / "adapter_model.safetensors", metadata={"format": "pt"})


# --- for tiny-llama ------------------------------------------------------------------------------------

MODULES = {"self_attn.q_proj": 4, "self_attn.v_proj": 3, "mlp.up_proj": 4, "mlp.down_proj": 4}
"""What tiny-llama's adapters change, and their ranks."""


def tiny_adapter(folder: Path, seed: int = 1, modules: Mapping[str, int] = MODULES) -> Path:
    """Write an adapter for tiny-llama, and return its folder."""
    values, config = tiny_values(seed, modules)
    save_adapter(folder, config, values)
    return folder


def tiny_values(
    seed: int = 1, modules: Mapping[str, int] = MODULES
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Return an adapter's tensors, and its settings: the scale is 2 for every module."""
    stored = tiny_shapes()
    values: dict[str, npt.NDArray[Any]] = {}
    for name in stored:
        rank = next((rank for module, rank in modules.items() if name.endswith(f"{module}.weight")), None)
        if rank is not None:
            rows, cols = stored[name]
            for matrix, shape in (("A", (rank, cols)), ("B", (rows, rank))):
                key = f"base_model.model.{name.removesuffix('.weight')}.lora_{matrix}.weight"
                values[key] = (random_tensor(key, shape, seed) * np.float16(0.5)).astype(np.float32)
    config = {
        "peft_type": "LORA",
        "r": 4,
        "lora_alpha": 8,
        "target_modules": [module.split(".")[1] for module in modules],
        "rank_pattern": {module: rank for module, rank in modules.items() if rank != 4},
        "alpha_pattern": {module: 2 * rank for module, rank in modules.items() if rank != 4},
    }
    return values, config


@cache
def tiny_shapes() -> dict[str, tuple[int, ...]]:
    with safe_open(TINY_LLAMA / "model.safetensors", "np") as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # no mapping
