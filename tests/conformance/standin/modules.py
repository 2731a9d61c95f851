"""`import openai...` gives Martlet's modules, with names added that only the tests need."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from . import private


class Front(ModuleType):
    """Stands before a module of Martlet's: reads and writes go through to it.

    A lenient one gives placeholders for names that Martlet has not, so that the other tests of a file run.
    """

    def __init__(self, name: str, target: ModuleType | None, own: Mapping[str, Any], lenient: bool) -> None:
        super().__init__(name)
        vars(self).update(_target=target, _own=own, _lenient=lenient, __path__=[])

    def __reduce__(self) -> Any:
        return import_module, (self.__name__,)

    def __getattr__(self, name: str) -> Any:
        if name in self._own:
            return self._own[name]
        if self._target is not None and hasattr(self._target, name):
            return getattr(self._target, name)
        if _is_official(f"{self.__name__}.{name}"):
            return import_module(f"{self.__name__}.{name}")
        if name.startswith("__") or not self._lenient:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return private.not_offered(f"{self.__name__}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if self._target is None or name in self._own or name.startswith("__") or isinstance(value, Front):
            super().__setattr__(name, value)
        else:
            setattr(self._target, name, value)

    def __delattr__(self, name: str) -> None:
        if name in vars(self):
            super().__delattr__(name)
        else:
            delattr(self._target, name)


class Finder(MetaPathFinder, Loader):
    """Finds every module named `openai` or below it."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name.partition(".")[0] != "openai":
            return None
        if not _is_official(name):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        below = spec.name.removeprefix("openai").removeprefix(".")
        return Front(spec.name, _module(private.home(below)), private.names(below), lenient=below != "")

    def exec_module(self, module: ModuleType) -> None:
        pass


def _is_official(name: str) -> bool:
    """Whether the official package, unpacked here, has a module of that name."""
    path = Path("src", *name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and not name.startswith(error.name):
            raise
        return None


def install() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "openai"]:
        del sys.modules[name]
    sys.meta_path.insert(0, Finder())
