"""Modules whose names are looked up in the table and imported when first used."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from martlet.types.table import MODULES, PACKAGES


def offer(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` of a package, and make its modules importable.

    A module is put into `sys.modules` beforehand, where the import system finds it: an empty shell.
    """
    homes = _homes(PACKAGES[package])
    listed = {name: _homes(text) for name, text in MODULES.get(package, {}).items()}
    alone = {_snake_case(name): {name: home} for name, home in homes.items()}
    modules = {name: _Module(f"{package}.{name}", names) for name, names in (alone | listed).items()}
    for module in modules.values():
        sys.modules.setdefault(module.__name__, module)

    def get(name: str) -> Any:
        if name in homes:
            return _load(homes[name])
        if name in modules:
            return modules[name]
        if f"{package}.{name}" in PACKAGES:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    subpackages = [path[len(package) + 1 :] for path in PACKAGES if path.startswith(f"{package}.")]
    return get, lambda: sorted({*vars(sys.modules[package]), *homes, *subpackages}), sorted(homes)


class _Module(ModuleType):
    def __init__(self, name: str, homes: dict[str, tuple[str, str]]) -> None:
        super().__init__(name, "Official names, loaded on use.")
        self.__all__ = sorted(homes)
        self._homes = homes

    def __getattr__(self, name: str) -> Any:
        home = vars(self).get("_homes", {}).get(name)
        if home is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return _load(home)

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *self.__all__})


def _homes(text: str) -> dict[str, tuple[str, str]]:
    """Read a table's entry: (our module, our name) by official name."""
    homes = {}
    for part in text.split("; "):
        module, _, names = part.partition(": ")
        path = module if "." in module else f"martlet.protocol.{module}"
        for pair in names.split():
            name, _, ours = pair.partition("=")
            homes[name] = (path, ours or name)
    return homes


def _load(home: tuple[str, str]) -> Any:
    module, name = home
    return getattr(import_module(module), name)


def _snake_case(name: str) -> str:
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
