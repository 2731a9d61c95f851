"""The plugin: loading it makes `openai` mean Martlet, before any of the tests is imported."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest

from . import modules, printing
from .matching import assert_matches_type
from .outcomes import Outcomes, read_differences

modules.install()
printing.install()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--differences", type=Path, help="the list of deliberate differences")
    parser.addoption("--outcomes", type=Path, help="file to add what happened to, a JSON object per line")


def pytest_configure(config: pytest.Config) -> None:
    differences, log = config.getoption("--differences"), config.getoption("--outcomes")
    if log is not None:
        config.pluginmanager.register(Outcomes(read_differences(differences), log), "outcomes")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Cases of `api_resources` that stub httpx2 run where it is injected, the others where it is not."""
    is_injected = os.environ.get("OPENAI_TEST_HTTP_CLIENT") == "httpx2"
    items[:] = [
        item for item in items if "/api_resources/" not in item.nodeid or _stubs_httpx2(item) == is_injected
    ]


def _stubs_httpx2(item: pytest.Item) -> bool:
    return "respx2_mock" in getattr(item, "fixturenames", ())


def pytest_collection() -> None:
    """Replace the one function of those tests that expects pydantic models."""
    vars(import_module("tests.utils"))["assert_matches_type"] = assert_matches_type
