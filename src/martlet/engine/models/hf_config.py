"""HFConfig: config.json read with care. What Martlet does not act on is an error, never ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import numpy as np

from martlet.engine.models.rope import Rope
from martlet.errors import CheckpointError

T = TypeVar("T")

RopeKind = Literal["default", "linear", "llama3"]

_ROPE_NUMBERS: dict[RopeKind, tuple[str, ...]] = {
    "default": (),
    "linear": ("factor",),
    "llama3": ("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"),
}
"""The numbers that each kind of scaling must bring."""

_MAX_SIZE = 2**31 - 1
_MAX_NUMBER = float(np.finfo(np.float32).max)

_REQUIRED = object()


class HFConfig:
    """A config.json, of transformers 4 or 5: families see neither's spelling of the rope settings."""

    def __init__(self, values: Mapping[str, Any], path: Path) -> None:
        self._values = values
        self._path = path

    def size(self, key: str, default: Any = _REQUIRED) -> int:
        """Return a whole number above 0, of 32 bits. A key that is absent or null takes the default."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MAX_SIZE:
            raise self.error(key, f"must be a whole number from 1 to {_MAX_SIZE}, got {_short(value)}")
        return value

    def number(self, key: str, default: Any = _REQUIRED) -> float:
        """Return a number above 0 that float32 can hold."""
        return self._number(key, self._get(key, default))

    def flag(self, key: str, default: bool) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, got {value!r}")
        return value

    def count(self, key: str, default: int) -> int:
        """Return a whole number that may be 0."""
        value = self._get(key, default)
        return 0 if value == 0 and not isinstance(value, bool) else self.size(key, default)

    def choice(self, key: str, choices: Mapping[str, T], default: str) -> T:
        """Return what one of the names in `choices` stands for."""
        value = self._get(key, default)
        if not isinstance(value, str) or value not in choices:
            raise self.error(key, f"is {_short(value)}; supported: {', '.join(choices)}")
        return choices[value]

    def text(self, key: str) -> str | None:
        value = self._get(key, "")
        if not isinstance(value, str):
            raise self.error(key, f"must be a text, got {_short(value)}")
        return value or None

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Return an object, empty if the key is absent or null."""
        value = self._get(key, {})
        if not isinstance(value, Mapping):
            raise self.error(key, f"must be an object, got {_short(value)}")
        return value

    def sizes(self, key: str) -> list[int]:
        """Return a list of whole numbers above 0, empty if the key is absent or null."""
        values = self._get(key, [])
        if not isinstance(values, list) or not all(isinstance(size, int) and size > 0 for size in values):
            raise self.error(key, f"must be a list of whole numbers above 0, got {_short(values)}")
        return values

    def layer_types(self, kinds: Sequence[str], default: Sequence[str]) -> Sequence[str]:
        """Return the kind of each layer, `default` if config.json does not list them."""
        value = self._get("layer_types", default)
        if not isinstance(value, Sequence) or len(value) != len(default) or not set(value) <= set(kinds):
            wanted = " or ".join(repr(kind) for kind in kinds)
            raise self.error("layer_types", f"must be {len(default)} times {wanted}, got {_short(value)}")
        return value

    def theta_of(self, kind: str, old_key: str, default: float) -> float:
        """Return the rope_theta of one kind of layer: `old_key` is where transformers 4 writes it."""
        self.require("rope_scaling")
        settings = self.mapping("rope_parameters").get(kind) or {}
        if not isinstance(settings, Mapping) or settings.keys() - {"rope_theta", "rope_type"}:
            raise self.error("rope_parameters", f"has {_short(settings)} for {kind}; supported: a rope_theta")
        if settings.get("rope_type", "default") != "default":
            raise self.error(
                "rope_parameters", f"has rope_type {settings['rope_type']!r}; supported: default"
            )
        theta = settings.get("rope_theta", self._get(old_key, default))
        return self._number(f"rope_parameters.{kind}.rope_theta", theta)

    def require(self, key: str, *supported: Any) -> None:
        """Raise CheckpointError unless the key is absent, null or one of `supported`."""
        value = self._values.get(key)
        if value is not None and value not in supported:
            wanted = " or ".join(repr(value) for value in supported) or "absent"
            raise self.error(key, f"is {_short(value)}; supported: {wanted}")

    def rope(self, default_theta: float = 10000.0) -> Rope:
        """Return the rotary settings.

        transformers 5 writes them as `rope_parameters`, 4 as `rope_theta` and `rope_scaling`, which win.
        """
        key = "rope_scaling" if self._values.get("rope_scaling") else "rope_parameters"
        settings = self._get(key, {})
        if not isinstance(settings, Mapping):
            raise self.error(key, f"must be an object, got {_short(settings)}")
        settings = {"rope_theta": self._get("rope_theta", default_theta), **settings}
        kind = settings.get("rope_type") or settings.get("type") or "default"
        if not isinstance(kind, str) or kind not in _ROPE_NUMBERS:
            raise self.error(key, f"has rope_type {kind!r}; supported: {', '.join(_ROPE_NUMBERS)}")
        if settings.pop("partial_rotary_factor", 1) != 1:
            raise self.error(key, "has a partial_rotary_factor, which is not supported")
        names = _ROPE_NUMBERS[kind]
        known = {"rope_theta", "rope_type", "type", "original_max_position_embeddings", *names}
        if unknown := sorted(settings.keys() - known):
            raise self.error(key, f"has {unknown[0]!r}, which means nothing to rope_type {kind!r}")
        numbers = {name: self._number(f"{key}.{name}", settings.get(name)) for name in names}
        if kind == "llama3" and numbers["low_freq_factor"] >= numbers["high_freq_factor"]:
            raise self.error(f"{key}.low_freq_factor", "must be below high_freq_factor")
        theta = self._number(f"{key}.rope_theta", settings["rope_theta"])
        return Rope(theta=theta, kind=kind, **cast(dict[str, Any], numbers))

    def error(self, key: str, problem: str) -> CheckpointError:
        return CheckpointError(f"{self._path}: {key!r} {problem}")

    def _get(self, key: str, default: Any) -> Any:
        value = self._values.get(key)
        if value is not None:
            return value
        if default is _REQUIRED:
            raise CheckpointError(f"{self._path} has no {key!r}")
        return default

    def _number(self, key: str, value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _MAX_NUMBER:
            raise self.error(key, f"must be a finite number above 0, got {_short(value)}")
        return float(value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
