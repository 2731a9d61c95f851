"""Checkpoints of the families with weights made from a seed: the same bytes on every machine.

A fixture in tests/fixtures/families holds a config.json, the names and shapes that transformers saves for it,
a seed, and what transformers computes; scripts/make_family_goldens.py makes it.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

FAMILY_FIXTURES = Path(__file__).parents[2] / "fixtures" / "families"


@dataclass(frozen=True, eq=False)
class FamilyFixture:
    config: dict[str, Any]
    tensors: dict[str, list[int]]
    seed: int
    prompt_token_ids: list[int]
    greedy_token_ids: list[int]
    logits: npt.NDArray[np.float32]
    """Of the prompt's last tokens."""

    @staticmethod
    def read(name: str) -> FamilyFixture:
        values = json.loads((FAMILY_FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
        values.pop("made_with")
        return FamilyFixture(**values, logits=np.load(FAMILY_FIXTURES / f"{name}.npy"))


def fixture_names() -> list[str]:
    return sorted(path.stem for path in FAMILY_FIXTURES.glob("*.json"))


def write_checkpoint(
    folder: Path, config: Mapping[str, Any], tensors: Mapping[str, Sequence[int]], seed: int
) -> None:
    """Write a model folder without a tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    values = {name: random_tensor(name, shape, seed) for name, shape in tensors.items()}
    save_file(values, folder / "model.safetensors", metadata={"format": "pt"})


def random_tensor(name: str, shape: Sequence[int], seed: int) -> npt.NDArray[np.float16]:
    """Return evenly spread values, by the name's hash: of a size that lets every part of a model matter.

    Only the raw numbers of a bit generator stay the same in every version of NumPy.
    """
    raw = np.random.PCG64([seed, zlib.crc32(name.encode())]).random_raw(math.prod(shape))
    evenly = (raw >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1.0
    mean, size = _spread(name, shape)
    values: npt.NDArray[np.float16] = (mean + size * evenly).astype(np.float16)
    return values.reshape(shape)


def _spread(name: str, shape: Sequence[int]) -> tuple[float, float]:
    if "norm" in name:
        return 1.0, 0.6
    if name.endswith("bias"):
        return 0.0, 0.5
    if "embed_tokens" in name:
        return 0.0, 0.15  # small beside what blocks add: tied models would repeat the last token for ever
    if name.endswith(("mlp.gate.weight", "moe.gate.weight")):
        return 0.0, 2.0 * shape[-1] ** -0.5
    return 0.0, 3.0 * shape[-1] ** -0.5
