"""One server on the tiny model, shared by the tests that leave it as they found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import TINY_LLAMA, ServerProcess, start_server


@pytest.fixture(scope="session")
def tiny() -> Iterator[ServerProcess]:
    with start_server(
        str(TINY_LLAMA), "--served-model-name", "tiny", "alias", "--generation-config", "vllm"
    ) as server:
        yield server
