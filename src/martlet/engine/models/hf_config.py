"""HFConfig: config.json read with care. What Martlet does not act on is an error, never ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from martlet.engine.models.rope import Rope, RopeKind, longrope_attention_factor, yarn_attention_factor
from martlet.errors import CheckpointError

T = TypeVar("T")

_ROPE_KEYS: dict[RopeKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "default": ((), ()),
    "linear": (("factor",), ()),
    "llama3": (("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"), ()),
    "yarn": (("factor",), ("attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim")),
    "longrope": ((), ("factor", "attention_factor")),
}
"""The numbers that each kind of scaling must bring, and those that it may bring."""

_ROPE_OTHER_KEYS: dict[RopeKind, tuple[str, ...]] = {
    "yarn": ("truncate",),
    "longrope": ("short_factor", "long_factor"),
}

_ROPE_ALWAYS = (
    "rope_type",
    "type",
    "rope_theta",
    "original_max_position_embeddings",
    "partial_rotary_factor",
)

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

    def optional_size(self, key: str) -> int | None:
        return None if self._values.get(key) is None else self.size(key)

    def count(self, key: str, default: int) -> int:
        """Return a whole number that may be 0."""
        value = self._get(key, default)
        return 0 if value == 0 and not isinstance(value, bool) else self.size(key, default)

    def optional_number(self, key: str) -> float | None:
        return None if self._values.get(key) is None else self.number(key)

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
        return self._object(key, self._values.get(key))

    def sizes(self, key: str) -> list[int]:
        """Return a list of whole numbers above 0, empty if the key is absent or null."""
        values = self._get(key, [])
        if not isinstance(values, list) or not all(isinstance(size, int) and size > 0 for size in values):
            raise self.error(key, f"must be a list of whole numbers above 0, got {_short(values)}")
        return values

    def indices(self, key: str) -> list[int]:
        """Return a list of whole numbers from 0, empty if the key is absent or null."""
        values = self._get(key, [])
        if not isinstance(values, list) or not all(type(value) is int and value >= 0 for value in values):
            raise self.error(key, f"must be a list of whole numbers, got {_short(values)}")
        return values

    def layer_types(self, kinds: Sequence[str], default: Sequence[str]) -> Sequence[str]:
        """Return the kind of each layer, `default` if config.json does not list them."""
        value = self._get("layer_types", default)
        if not isinstance(value, Sequence) or len(value) != len(default) or not set(value) <= set(kinds):
            wanted = " or ".join(repr(kind) for kind in kinds)
            raise self.error("layer_types", f"must be {len(default)} times {wanted}, got {_short(value)}")
        return value

    def with_defaults(self, **defaults: Any) -> HFConfig:
        """Return these settings with values for keys that are absent; a null stays null."""
        return HFConfig({**defaults, **self._values}, self._path)

    def nested(self, key: str) -> HFConfig:
        """Return the settings in the object at `key`."""
        return HFConfig(self._object(key, self._values.get(key)), self._path)

    def require(self, key: str, *supported: Any) -> None:
        """Raise CheckpointError unless the key is absent, null or one of `supported`."""
        value = self._values.get(key)
        if value is not None and value not in supported:
            wanted = " or ".join(repr(value) for value in supported) or "absent"
            raise self.error(key, f"is {_short(value)}; supported: {wanted}")

    def rope(
        self,
        default_theta: float = 10000.0,
        *,
        layer_type: str | None = None,
        theta_key: str = "rope_theta",
        scaling_key: str | None = "rope_scaling",
        aliases: Mapping[str, RopeKind] = MappingProxyType({}),
    ) -> Rope:
        """Return the rotary settings.

        transformers 5 writes them as `rope_parameters`, 4 as `rope_theta` and `rope_scaling`, which win.
        Where kinds of layers differ, `layer_type` is their key in the former, and 4's have other names.
        """
        key, settings = self._rope_settings(layer_type, scaling_key)
        settings = {"rope_theta": self._get(theta_key, default_theta), **settings}
        kind = self._rope_kind(key, settings, aliases)
        fields: dict[str, Any] = {"share": self._rope_share(settings)}
        fields |= self._rope_numbers(key, settings, kind)
        fields["theta"] = fields.pop("rope_theta")
        if kind == "llama3" and fields["low_freq_factor"] >= fields["high_freq_factor"]:
            raise self.error(f"{key}.low_freq_factor", "must be below high_freq_factor")
        if kind == "yarn":
            self._finish_yarn(key, settings, fields)
        if kind == "longrope":
            self._finish_longrope(key, settings, fields)
        return Rope(kind=kind, **fields)

    def _rope_kind(self, key: str, settings: Mapping[str, Any], aliases: Mapping[str, RopeKind]) -> RopeKind:
        name = settings.get("rope_type") or settings.get("type") or "default"
        for kind in _ROPE_KEYS:
            if isinstance(name, str) and aliases.get(name, name) == kind:
                return kind
        raise self.error(key, f"has rope_type {name!r}; supported: {', '.join(_ROPE_KEYS)}")

    def _rope_share(self, settings: Mapping[str, Any]) -> float:
        key = "partial_rotary_factor"
        value = settings.get(key, self._get(key, 1.0))
        if self._number(key, value) > 1:
            raise self.error(key, f"must be at most 1, got {_short(value)}")
        return float(value)

    def _rope_numbers(self, key: str, settings: Mapping[str, Any], kind: RopeKind) -> dict[str, float]:
        required, optional = _ROPE_KEYS[kind]
        known = {*_ROPE_ALWAYS, *required, *optional, *_ROPE_OTHER_KEYS.get(kind, ())}
        if unknown := sorted(settings.keys() - known):
            raise self.error(key, f"has {unknown[0]!r}, which means nothing to rope_type {kind!r}")
        given = [name for name in optional if settings.get(name) is not None]
        names = ("rope_theta", *required, *given)
        return {name: self._number(f"{key}.{name}", settings.get(name)) for name in names}

    def _rope_settings(
        self, layer_type: str | None, scaling_key: str | None
    ) -> tuple[str, Mapping[str, Any]]:
        """Return the object that holds the settings, and its key."""
        key = scaling_key if scaling_key and self._values.get(scaling_key) else "rope_parameters"
        settings = self._object(key, self._values.get(key))
        if key == "rope_parameters" and layer_type is not None and settings:
            settings = self._object(f"{key}.{layer_type}", settings.get(layer_type))
            key = f"{key}.{layer_type}"
        return key, settings

    def _object(self, key: str, value: Any) -> Mapping[str, Any]:
        value = {} if value is None else value
        if not isinstance(value, Mapping):
            raise self.error(key, f"must be an object, got {_short(value)}")
        return value

    def _finish_yarn(self, key: str, settings: Mapping[str, Any], fields: dict[str, Any]) -> None:
        if fields["theta"] <= 1:
            raise self.error(f"{key}.rope_theta", f"must be above 1, got {fields['theta']}")
        if fields.get("beta_fast", 32) <= fields.get("beta_slow", 1):
            raise self.error(f"{key}.beta_fast", "must be above beta_slow")
        fields["truncate"] = settings.get("truncate", True)
        if not isinstance(fields["truncate"], bool):
            raise self.error(f"{key}.truncate", f"must be true or false, got {_short(fields['truncate'])}")
        mscale, mscale_all_dim = fields.pop("mscale", None), fields.pop("mscale_all_dim", None)
        fields.setdefault("attention_factor", yarn_attention_factor(fields["factor"], mscale, mscale_all_dim))
        fields["original_max_position_embeddings"] = self._original_positions(key, settings)

    def _finish_longrope(self, key: str, settings: Mapping[str, Any], fields: dict[str, Any]) -> None:
        original = self._original_positions(key, settings)
        if original <= 1:
            raise self.error("original_max_position_embeddings", f"must be above 1, got {original}")
        factor = fields.pop("factor", self.size("max_position_embeddings") / original)
        fields.setdefault("attention_factor", longrope_attention_factor(factor, original))
        fields["original_max_position_embeddings"] = original
        for name in _ROPE_OTHER_KEYS["longrope"]:
            fields[name] = self._numbers(f"{key}.{name}", settings.get(name))

    def _original_positions(self, key: str, settings: Mapping[str, Any]) -> float:
        """Return how many positions the model had before they were scaled. An outer key wins."""
        if self._values.get("original_max_position_embeddings") is not None:
            return float(self.size("original_max_position_embeddings"))
        inner = settings.get("original_max_position_embeddings")
        if inner is not None:
            return self._number(f"{key}.original_max_position_embeddings", inner)
        return float(self.size("max_position_embeddings"))

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

    def _numbers(self, key: str, value: Any) -> tuple[float, ...]:
        if not isinstance(value, list):
            raise self.error(key, f"must be a list of numbers, got {_short(value)}")
        return tuple(self._number(key, number) for number in value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
