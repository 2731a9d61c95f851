"""What requests that leave a sampling parameter out get: generation_config.json, and the operator's word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from martlet.engine.request import SamplingParams
from martlet.errors import CheckpointError, InvalidParameter

FROM_MODEL = {
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "repetition_penalty": "repetition_penalty",
    "max_new_tokens": "max_tokens",
}
"""Keys of generation_config.json, and the request fields that they stand in for."""

WHOLE_NUMBERS = frozenset({"top_k", "max_new_tokens"})


def default_sampling(source: str, override: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return request fields and their defaults. Raises CheckpointError for any that no request could have.

    `source` is "auto" for the model `folder`'s, "vllm" for none, else a folder or a file.
    """
    found: dict[str, Any] = {}
    if source != "vllm":
        where = folder if source == "auto" else Path(source)
        is_json = where.is_file() and where.suffix != ".gguf"
        path = where if is_json else where / "generation_config.json"
        if path.is_file():
            found = _usable(_read(path), str(path))
        elif source != "auto":
            raise CheckpointError(f"there is no {path}: --generation-config takes auto, vllm or a folder")
    found |= _usable(override, "--override-generation-config")
    return {FROM_MODEL[key]: value for key, value in found.items()}


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"cannot read {path}: {error}") from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{path} must hold a JSON object")
    return value


def _usable(config: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """Return what of `config` concerns sampling, nulls left out."""
    return {key: _number(origin, key, config[key]) for key in FROM_MODEL if config.get(key) is not None}


def _number(origin: str, key: str, value: Any) -> float:
    try:
        number: float = msgspec.convert(value, int if key in WHOLE_NUMBERS else float)
        _check_range(FROM_MODEL[key], number)
    except msgspec.ValidationError as error:
        raise CheckpointError(f"{origin}: {key} must be a number, got {value!r:.80}") from error
    except InvalidParameter as error:
        raise CheckpointError(f"{origin}: {key} {error.problem}") from error
    return number


def _check_range(field: str, value: float) -> None:
    """Let the engine judge; -1 is how requests too say that top_k is off."""
    given: Any = {"max_tokens": 1, field: 0 if (field, value) == ("top_k", -1) else value}
    SamplingParams(**given)
