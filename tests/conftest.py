"""Fixtures that every part's tests may use."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.servers import ServerProcess, start_server


def pytest_configure() -> None:
    """Let SIGINT act: a run in the background of a shell ignores it, as would all programs that it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def serve() -> Iterator[Callable[..., ServerProcess]]:
    """Start servers that stop with the test: `serve("tests/fixtures/tiny-llama", "--api-key", "k").url`."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(start_server(*args, **options))
