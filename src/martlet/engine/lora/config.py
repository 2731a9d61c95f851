"""LoRAConfig: a PEFT adapter_config.json read with care. What matters and is not acted on is an error.

Source: PEFT 0.21, src/peft/tuners/lora/config.py, and tuners_utils.py for what `target_modules` means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from martlet.engine.models.hf_config import HFConfig

T = TypeVar("T")

ALL_LINEAR = "all-linear"
NAMES_MODULES = ("target_modules", "exclude_modules")
PATTERNS = ("rank_pattern", "alpha_pattern")
ACTED_ON = {"r", "lora_alpha", "use_rslora", "layers_to_transform", *NAMES_MODULES, *PATTERNS}
CHECKED = {
    "peft_type": ("LORA",),
    "bias": ("none",),
    "init_lora_weights": (True, False, "gaussian", "orthogonal", "eva"),
    "layers_pattern": ("layers", [], ["layers"]),
}
"""Keys, and the values that change nothing here. Other ways to begin a training change the base's weights."""
INERT = {
    "auto_mapping",
    "base_model_name_or_path",
    "ensure_weight_tying",
    "eva_config",
    "fan_in_fan_out",
    "inference_mode",
    "lora_dropout",
    "megatron_core",
    "peft_version",
    "qalora_group_size",
    "revision",
    "task_type",
}
"""Keys that say how it was trained, or whose switch is another key."""

DEFAULT_RANK = DEFAULT_ALPHA = 8


@dataclass(frozen=True, slots=True)
class LoRAConfig:
    """What an adapter changes, and how strongly. Modules go by the names that they have in transformers."""

    rank: int
    alpha: float
    use_rslora: bool
    target_modules: str | tuple[str, ...]
    exclude_modules: str | tuple[str, ...]
    layers: frozenset[int] | None
    """None: all."""
    rank_pattern: Mapping[str, int]
    alpha_pattern: Mapping[str, float]

    @classmethod
    def read(cls, values: Mapping[str, Any], path: Path) -> LoRAConfig:
        """Read a file's object. Raises CheckpointError naming the key."""
        config = HFConfig(values, path)
        for key in values.keys() - ACTED_ON - INERT:
            if values[key] is not False and values[key] not in ({}, [], ""):
                config.require(key, *CHECKED.get(key, ()))
        if values.get("peft_type") is None:
            raise config.error("peft_type", "is missing; supported: 'LORA'")
        rank, alpha = config.size("r", DEFAULT_RANK), config.number("lora_alpha", DEFAULT_ALPHA)
        return cls(
            rank=rank,
            alpha=alpha,
            use_rslora=config.flag("use_rslora", False),
            target_modules=_modules(config, values, "target_modules"),
            exclude_modules=_modules(config, values, "exclude_modules"),
            layers=_layers(config, values),
            rank_pattern={
                key: config.nested("rank_pattern").size(key) for key in _pattern(config, "rank_pattern")
            },
            alpha_pattern={
                key: config.nested("alpha_pattern").number(key) for key in _pattern(config, "alpha_pattern")
            },
        )

    def targets(self, names: tuple[str, ...], layer: int) -> bool:
        """Return whether a linear layer with these names, in a layer with this number, has an adapter."""
        if self.exclude_modules and any(_matches(self.exclude_modules, name) for name in names):
            return False
        if self.target_modules == ALL_LINEAR:
            return True
        if isinstance(self.target_modules, tuple) and self.layers is not None and layer not in self.layers:
            return False
        return any(_matches(self.target_modules, name) for name in names)

    def rank_of(self, names: tuple[str, ...]) -> int:
        return _by_pattern(self.rank_pattern, names, self.rank)

    def scale_of(self, names: tuple[str, ...]) -> float:
        """Return the factor of the product."""
        alpha, rank = _by_pattern(self.alpha_pattern, names, self.alpha), self.rank_of(names)
        return alpha / rank**0.5 if self.use_rslora else alpha / rank


def _matches(modules: str | tuple[str, ...], name: str) -> bool:
    if isinstance(modules, str):
        return re.fullmatch(modules, name) is not None
    return any(name == module or name.endswith(f".{module}") for module in modules)


def _by_pattern(values: Mapping[str, T], names: tuple[str, ...], default: T) -> T:
    """Return the value of the first pattern that is the end of a name."""
    for pattern, value in values.items():
        if any(re.match(rf"(.*\.)?({pattern})$", name) for name in names):
            return value
    return default


def _modules(config: HFConfig, values: Mapping[str, Any], key: str) -> str | tuple[str, ...]:
    value = values.get(key)
    if value is None and key == "exclude_modules":
        return ()
    if isinstance(value, str):
        _require_pattern(config, key, value)
        return ALL_LINEAR if value.lower() == ALL_LINEAR and key == "target_modules" else value
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise config.error(key, "must be a list of names, or a pattern")
    return tuple(value)


def _layers(config: HFConfig, values: Mapping[str, Any]) -> frozenset[int] | None:
    value = values.get("layers_to_transform")
    if isinstance(value, int):
        config.count("layers_to_transform", 0)
        return frozenset([value])
    return frozenset(config.indices("layers_to_transform")) or None


def _pattern(config: HFConfig, key: str) -> list[str]:
    patterns = list(config.mapping(key))
    for pattern in patterns:
        _require_pattern(config, key, pattern)
    return patterns


def _require_pattern(config: HFConfig, key: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise config.error(key, f"has {pattern!r}, which is no pattern: {error}") from error
