"""A pytest fixture: a server for the session. In conftest.py: `pytest_plugins = ["martlet.testing.plugin"]`.

It is no plugin that pytest finds by itself: that would cost everybody who has Martlet installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from martlet.testing import Server


@pytest.fixture(scope="session")
def martlet_server_arguments() -> Sequence[str]:
    """Arguments of `martlet serve`: override this fixture to name a model and flags."""
    return ()


@pytest.fixture(scope="session")
def martlet_server(martlet_server_arguments: Sequence[str]) -> Iterator[Server]:
    """A `martlet.testing.Server` that runs as long as the session."""
    with Server(None, *martlet_server_arguments) as server:
        yield server
