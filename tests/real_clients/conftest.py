"""Programs that others wrote for OpenAI's API, unmodified, against our server: `make clients` runs them."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def url() -> str:
    """The server's base URL, as `make clients` passes it on."""
    return os.environ["MARTLET_CLIENTS_URL"]
