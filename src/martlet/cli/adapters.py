"""The flags of `martlet serve` that concern LoRA adapters."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from martlet.cli.flags import Parser, count
from martlet.errors import AdapterError, EngineFailed

if TYPE_CHECKING:
    from martlet.engine.engine import Engine

ALLOWING = ("MARTLET_ALLOW_RUNTIME_LORA_UPDATING", "VLLM_ALLOW_RUNTIME_LORA_UPDATING")
"""Environment variables that stand for --allow-runtime-lora-updating, the first that is set."""
KEYS = {"name", "path", "base_model_name"}


@dataclass(frozen=True)
class LoRAModule:
    """An adapter to load at the start."""

    name: str
    path: str
    base_model_name: str | None = None


def lora_module(text: str) -> LoRAModule:
    """Read NAME=PATH, or JSON with name, path and base_model_name."""
    if not text.startswith("{"):
        name, _, path = text.partition("=")
        if not name or not path:
            raise argparse.ArgumentTypeError(f"must be NAME=PATH, or a JSON object, got {text}")
        return LoRAModule(name, path)
    try:
        values = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"is not JSON: {error}") from error
    if values.keys() - KEYS:
        key = min(values.keys() - KEYS)
        raise argparse.ArgumentTypeError(f"has a key {key!r}, which does nothing here: leave it out")
    is_whole = values.keys() >= {"name", "path"}
    if not is_whole or not all(isinstance(value, str) and value for value in values.values()):
        raise argparse.ArgumentTypeError("needs name and path, as texts")
    return LoRAModule(**values)


def add_lora_flags(group: argparse._ArgumentGroup) -> None:
    switch = argparse.BooleanOptionalAction
    group.add_argument(
        "--enable-lora", action=switch, default=False, help="let requests choose LoRA adapters by `model`"
    )
    group.add_argument(
        "--lora-modules", nargs="+", type=lora_module, default=[], metavar="NAME=PATH",
        help="adapters to load, as PEFT saves them; also as JSON: "
        '\'{"name": "n", "path": "p", "base_model_name": "b"}\'',
    )  # fmt: skip
    group.add_argument(
        "--max-loras", type=count, metavar="N", help="adapters that run together (as many as sequences)"
    )
    group.add_argument(
        "--max-lora-rank", type=count, default=16, metavar="N", help="highest rank of an adapter (16)"
    )
    group.add_argument(
        "--max-cpu-loras", type=count, metavar="N", help="adapters that are loaded together (any number)"
    )
    group.add_argument(
        "--allow-runtime-lora-updating", action=switch, default=None,
        help="let clients load and unload adapters, from any folder of this machine",
    )  # fmt: skip


def check_lora(flags: Parser, options: argparse.Namespace) -> None:
    """Refuse what no flag can see alone."""
    for name in ("lora_modules", "max_loras", "max_cpu_loras", "allow_runtime_lora_updating"):
        if getattr(options, name) and not options.enable_lora:
            flags.error(f"--{name.replace('_', '-')} goes with --enable-lora, which is missing")
    names = [module.name for module in options.lora_modules]
    if twice := [name for name in names if names.count(name) > 1]:
        flags.error(f"--lora-modules names {twice[0]} twice")


def check_names(modules: Sequence[LoRAModule], served: Sequence[str]) -> None:
    """Raise EngineFailed unless adapters and the base model can be told apart."""
    for module in modules:
        if module.name in served:
            raise EngineFailed(f"--lora-modules: {module.name} is a name of the model itself")
        if module.base_model_name not in (None, *served):
            raise EngineFailed(
                f"--lora-modules: {module.name} is for {module.base_model_name}, and served is {served[0]}"
            )


def may_update(asked: bool | None, environment: Mapping[str, str]) -> bool:
    """The flag wins over the environment, where MARTLET_ wins over VLLM_."""
    if asked is not None:
        return asked
    value = next((environment[name] for name in ALLOWING if environment.get(name)), "")
    return value.strip().lower() in ("1", "true")


def load_adapters(engine: Engine, modules: Sequence[LoRAModule]) -> None:
    """Load what --lora-modules names. Raises EngineFailed."""
    for module in modules:
        assert engine.loras is not None
        try:
            engine.loras.load(module.name, module.path)
        except AdapterError as error:
            raise EngineFailed(f"{error} ({module.path})") from error
