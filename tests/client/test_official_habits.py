"""Habits of programs written for the official package that its own tests hold, and ours did not."""

from __future__ import annotations

import pytest

import martlet


@pytest.mark.parametrize("cls", [martlet.OpenAI, martlet.AsyncOpenAI])
def test_headers_of_a_client_are_found_in_any_case(cls: type[martlet.OpenAI]) -> None:
    """As openai-python 3.54, tests/test_client.py::TestOpenAI::test_copy_default_headers has it."""
    client = cls(api_key="sk-1", default_headers={"X-Foo": "bar"})
    assert (client.default_headers["X-Foo"], client.default_headers["x-foo"]) == ("bar", "bar")
    assert client.copy(default_headers={"X-Bar": "b"}).default_headers["X-Foo"] == "bar"
    assert client.auth_headers["Authorization"] == "Bearer sk-1"
    assert "sk-1" not in repr(client.auth_headers)
    assert cls(api_key=lambda: "late").auth_headers.get("Authorization") is None
