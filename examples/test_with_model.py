"""Test a program against a real model: `pytest test_with_model.py`. A fixture starts the server."""

import pytest

from martlet import NotFoundError, OpenAI
from martlet.testing import Server

pytest_plugins = ["martlet.testing.plugin"]  # in a project of yours: in conftest.py


def explain(client: OpenAI, model: str, word: str) -> str:
    """The program to be tested."""
    reply = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": f"What is {word}?"}], temperature=0
    )
    return reply.choices[0].message.content or ""


def test_explanation_is_about_the_word(martlet_server: Server) -> None:
    assert "intelligence" in explain(martlet_server.client(), martlet_server.model, "AI")


def test_explanation_is_the_same_every_time(martlet_server: Server) -> None:
    client = martlet_server.client()
    first, second = (explain(client, martlet_server.model, "AI") for _ in range(2))
    assert first == second


def test_unknown_model_is_an_error(martlet_server: Server) -> None:
    with pytest.raises(NotFoundError):
        explain(martlet_server.client(), "no-such-model", "AI")
