"""An adapter's folder to a LoRAAdapter: every tensor has a place in the model, every place its tensor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from martlet.engine.checkpoint import (
    ADAPTER_CONFIG_NAME,
    ADAPTER_NAME,
    Checkpoint,
    Tensor,
    load_adapter_checkpoint,
)
from martlet.engine.lora.adapter import Expansion, LayerLoRA, LoRAAdapter, LoRALinear, LoRAPart
from martlet.engine.lora.config import ALL_LINEAR, LoRAConfig
from martlet.engine.memory import require_weights_fit
from martlet.errors import AdapterError, AdapterNotFound, CheckpointError, EngineFailed

if TYPE_CHECKING:
    from martlet.engine.kernels import Kernels
    from martlet.engine.models.decoder import Model

PREFIX = "base_model.model."
"""PEFT's, before a module's name."""
OTHER_NAMES = {"language_model.model.": "model.language_model."}
"""Beginnings of names in checkpoints -> what transformers 5 calls the same module."""


@dataclass(frozen=True, slots=True)
class Site:
    """A linear layer as transformers has it, within one of the decoder's."""

    names: tuple[str, ...]
    columns: slice
    """Of the decoder's output."""


def load_adapter(name: str, folder: str, model: Model, max_rank: int) -> LoRAAdapter:
    """Read a PEFT adapter. Raises AdapterError, whose message tells nothing of where the folder is."""
    path = Path(folder)
    try:
        is_there = (path / ADAPTER_CONFIG_NAME).is_file()
    except (OSError, ValueError):  # a name that no folder can have
        is_there = False
    if not is_there:
        raise AdapterNotFound(name, f"no {ADAPTER_CONFIG_NAME} was found")
    try:
        return _AdapterReader(load_adapter_checkpoint(path), model, max_rank).read(name, folder)
    except EngineFailed as error:
        raise AdapterError(
            name, str(error).replace(f"{path}/", "").replace(str(path), "its folder")
        ) from error


class _AdapterReader:
    """Reads one folder for one model."""

    def __init__(self, checkpoint: Checkpoint, model: Model, max_rank: int) -> None:
        self._checkpoint = checkpoint
        self._spec = model.spec
        self._names = model.weights.names
        self._kernels: Kernels = model.kernels
        self._max_rank = max_rank
        self._config = LoRAConfig.read(checkpoint.config, checkpoint.folder / ADAPTER_CONFIG_NAME)
        self._rank = 0

    def read(self, name: str, folder: str) -> LoRAAdapter:
        require_weights_fit(self._checkpoint.nbytes)
        self._refuse_ends()
        layers = tuple(self._layer(number) for number in range(self._spec.num_layers))
        if self._rank == 0:
            raise self._error("'target_modules' names none of the model's linear layers")
        self._refuse_experts()
        self._checkpoint.require_all_used()
        return LoRAAdapter(name, folder, self._rank, layers)

    def _layer(self, number: int) -> LayerLoRA:
        spec = self._spec
        layer: dict[LoRAPart, LoRALinear | None] = {
            "qkv": self._linear(
                number, "qkv", {"q": spec.q_size, "k": spec.kv_size, "v": spec.kv_size}, spec.hidden_size
            ),
            "o": self._linear(number, "o", {"o": spec.hidden_size}, spec.q_size),
        }
        if spec.layers[number].experts is None:
            inner = spec.intermediate_size
            layer["gate_up"] = self._linear(number, "gate_up", {"gate": inner, "up": inner}, spec.hidden_size)
            layer["down"] = self._linear(number, "down", {"down": spec.hidden_size}, inner)
        return layer

    def _linear(self, number: int, part: LoRAPart, modules: dict[str, int], cols: int) -> LoRALinear | None:
        """Read what is changed in one of the decoder's linear layers. `modules`: how many rows each has."""
        shrinks: list[Tensor] = []
        scales: list[float] = []
        expansions: list[Expansion] = []
        for site in self._sites(number, part, modules):
            if not self._config.targets(site.names, number):
                continue
            rank, start = self._rank_of(site), len(scales)
            shrinks.append(self._tensor(site, "lora_A", (rank, cols)))
            b = self._tensor(site, "lora_B", (site.columns.stop - site.columns.start, rank))
            expansions.append(Expansion(slice(start, start + rank), site.columns, self._kernels.pack(*b)))
            scales += [self._config.scale_of(site.names)] * rank
        if not expansions:
            return None
        factors = None if set(scales) == {1.0} else np.array(scales, np.float32)
        return LoRALinear(self._kernels.pack(*_below_each_other(shrinks)), factors, tuple(expansions))

    def _sites(self, number: int, part: LoRAPart, modules: dict[str, int]) -> Iterator[Site]:
        if part in self._names:  # a family that stores them as one
            modules = {part: sum(modules.values())}
        start = 0
        for module, rows in modules.items():
            yield Site(_aliases(self._names[module].format(layer=number)), slice(start, start + rows))
            start += rows

    def _rank_of(self, site: Site) -> int:
        rank = self._config.rank_of(site.names)
        if rank > self._max_rank:
            raise self._error(f"rank {rank} of {site.names[0]} is above max_lora_rank, {self._max_rank}")
        self._rank = max(self._rank, rank)
        return rank

    def _tensor(self, site: Site, matrix: str, shape: tuple[int, int]) -> Tensor:
        names = [f"{PREFIX}{name}.{matrix}.weight" for name in site.names]
        stored = next((name for name in names if name in self._checkpoint), names[0])
        return self._checkpoint.tensor(stored, shape)

    def _refuse_ends(self) -> None:
        if self._config.target_modules == ALL_LINEAR:
            return
        for part in ("embed", "head"):
            if self._config.targets(_aliases(self._names[part]), -1):
                raise self._error(f"'target_modules' has {self._names[part]}, which takes no adapter here")

    def _refuse_experts(self) -> None:
        for name in self._checkpoint.names():
            if ".experts." in name:
                problem = "belongs to an expert, and experts take no adapters here"
                raise CheckpointError(f"{ADAPTER_NAME}: tensor {name!r} {problem}")

    def _error(self, problem: str) -> CheckpointError:
        return CheckpointError(f"{ADAPTER_CONFIG_NAME}: {problem}")


def _aliases(name: str) -> tuple[str, ...]:
    """Return the names that a module has, the checkpoint's first."""
    others = (
        other + name.removeprefix(prefix) for prefix, other in OTHER_NAMES.items() if name.startswith(prefix)
    )
    return name, *others


def _below_each_other(tensors: list[Tensor]) -> Tensor:
    if len(tensors) == 1:
        return tensors[0]
    if len({tensor.dtype for tensor in tensors}) == 1:
        return Tensor(np.concatenate([tensor.values for tensor in tensors]), tensors[0].dtype)
    return Tensor(np.concatenate([tensor.as_f32() for tensor in tensors]), "f32")
