"""Clients of the vLLM that scripts/interop.py has started."""

from __future__ import annotations

import os
from collections.abc import Iterator

import openai
import pytest

import martlet

KEY = "sk-vllm-secret-key"


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
