"""Fixtures that every part's tests may use."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.servers import ServerProcess, start_server


@pytest.fixture
def serve() -> Iterator[Callable[..., ServerProcess]]:
    """Start servers that stop with the test: `serve("tests/fixtures/tiny-llama", "--api-key", "k").url`."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(start_server(*args, **options))
