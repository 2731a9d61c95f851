"""Clients of the vLLM that scripts/interop.py has started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import openai
import pytest

import martlet

KEY = "sk-vllm-secret-key"


def assert_same(found: Any, expected: Any) -> None:
    """Fail unless two replies are equal, but for the last bits of numbers, which change with the batch."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            assert_same(found[name], value)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    else:
        assert found == (pytest.approx(expected, abs=1e-5) if isinstance(expected, float) else expected)


@pytest.fixture(scope="module")
def url() -> str:
    return os.environ["MARTLET_INTEROP_URL"]


@pytest.fixture(scope="module")
def ours(url: str) -> Iterator[martlet.OpenAI]:
    with martlet.OpenAI(base_url=url, api_key=KEY) as client:
        yield client


@pytest.fixture(scope="module")
def official(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=url, api_key=KEY) as client:
        yield client
