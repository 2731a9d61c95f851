"""The import directions of docs/architecture.md, held by reading the source. Imports in functions count."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import martlet

ROOT = Path(martlet.__file__).parent

MARTLET: dict[str, set[str]] = {
    "errors": set(),
    "protocol": {"errors"},
    "client": {"protocol", "errors"},
    "types": {"protocol", "client", "errors"},
    "lib": {"client", "protocol"},
    "pagination": {"client"},
    "engine": {"errors"},
    "server": {"protocol", "engine", "errors"},
    "cli": {"protocol", "client", "engine", "server", "errors"},
    "testing": {"client", "errors"},
    "__init__": {"protocol", "client", "types", "errors"},
    "__main__": {"cli"},
}
"""Which of our own layers each layer may import."""

FORBIDDEN: dict[str, set[str]] = {
    "errors": {"*"},
    "protocol": {"*", "-msgspec"},
    "client": {"*", "-msgspec", "-httptools"},
    "types": {"*"},
    "lib": {"*"},
    "pagination": {"*"},
    "testing": {"*", "-pytest"},
    "__init__": {"*"},
    "engine": {"asyncio", "http", "socket", "starlette", "uvicorn", "httptools", "msgspec"},
}
"""Libraries a layer must not import; "*" forbids all but the standard library and those marked with "-"."""


def imported_modules(path: Path) -> Iterator[str]:
    """Absolute names of all modules that a file imports, type-checking blocks excepted."""
    tree = ast.parse(path.read_text())
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            skipped.update(child for statement in node.body for child in ast.walk(statement))
    package = path.relative_to(ROOT.parent).parent.parts
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            if module == "martlet":
                yield from (f"martlet.{alias.name}" for alias in node.names)
            else:
                yield module


def violations() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        layer = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for module in imported_modules(path):
            head, _, rest = module.partition(".")
            if head == "martlet":
                target = rest.partition(".")[0]
                known = target in MARTLET
                if known and target != layer and target not in MARTLET[layer]:
                    yield f"{path.relative_to(ROOT)}: {layer} must not import {module}"
                continue
            rules = FORBIDDEN.get(layer, set())
            is_other = head not in sys.stdlib_module_names and head != "__future__"
            if head in rules or ("*" in rules and is_other and f"-{head}" not in rules):
                yield f"{path.relative_to(ROOT)}: {layer} must not import {module}"


def test_every_layer_has_rules() -> None:
    modules = {path.stem for path in ROOT.glob("*.py")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    layers = modules | packages
    assert layers <= MARTLET.keys(), f"no import rules for {layers - MARTLET.keys()}"


def test_imports_follow_the_layers() -> None:
    assert list(violations()) == []


def test_maps_of_packages_name_every_module() -> None:
    """A package whose docstring says what is in it, a module to a line, forgets none."""
    for init in ROOT.rglob("__init__.py"):
        told = ast.get_docstring(ast.parse(init.read_text())) or ""
        if re.search(r"^\w+ {2,}\w", told, re.MULTILINE):
            modules = {path.stem for path in init.parent.glob("*.py")} - {"__init__"}
            packages = {path.parent.name for path in init.parent.glob("*/__init__.py")}
            forgotten = (modules | packages) - set(re.findall(r"\w+", told))
            assert not forgotten, f"{init} forgets {forgotten}"


def test_check_finds_a_planted_violation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "martlet" / "engine").mkdir(parents=True)
    (tmp_path / "martlet" / "engine" / "bad.py").write_text(
        "import asyncio\ndef f():\n    from martlet.server import app\n    from ..client import client\n"
    )
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path / "martlet")
    assert len(list(violations())) == 3
