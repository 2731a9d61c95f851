"""Habits of programs written for the official package that its own tests hold, and ours did not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

import martlet
from tests.client.callers import Caller
from tests.client.scripted import ScriptedServer, http

Play = Callable[..., ScriptedServer]


@pytest.mark.parametrize("cls", [martlet.OpenAI, martlet.AsyncOpenAI])
def test_headers_of_a_client_are_found_in_any_case(cls: type[martlet.OpenAI]) -> None:
    """As openai-python 3.54, tests/test_client.py::TestOpenAI::test_copy_default_headers has it."""
    client = cls(api_key="sk-1", default_headers={"X-Foo": "bar"})
    assert (client.default_headers["X-Foo"], client.default_headers["x-foo"]) == ("bar", "bar")
    assert client.copy(default_headers={"X-Bar": "b"}).default_headers["X-Foo"] == "bar"
    assert client.auth_headers["Authorization"] == "Bearer sk-1"
    assert "sk-1" not in repr(client.auth_headers)
    assert cls(api_key=lambda: "late").auth_headers.get("Authorization") is None


def _pieces() -> Iterator[bytes]:
    yield from (b"Hello, ", b"world!")


async def _async_pieces() -> AsyncIterator[bytes]:
    for piece in _pieces():
        yield piece


def test_content_that_can_be_read_once_is_sent_whole_by_every_attempt(caller: Caller, play: Play) -> None:
    """As openai-python 3.54, tests/test_client.py::test_binary_content_upload_with_asynciterator has it."""
    server = play([http(429, body=b"{}", retry_after_ms="1")], [http(body=b"{}")])
    content = _async_pieces() if caller.is_async else _pieces()
    caller.run(caller.client(server.url).post("/upload", cast_to=object, content=content))
    assert [request.body for request in server.seen] == [b"Hello, world!"] * 2


def test_content_of_another_kind_is_refused(caller: Caller) -> None:
    wrong = [object(), iter(["text"]), *([] if caller.is_async else [_async_pieces()])]
    for content in wrong:
        with pytest.raises(TypeError):
            caller.run(caller.client("http://127.0.0.1:9").post("/x", cast_to=object, content=content))


@pytest.mark.parametrize("count", [None, "2", -1, 2.5])
def test_retries_of_one_call_are_checked(caller: Caller, count: object) -> None:
    """As openai-python 3.54, tests/test_client.py::test_invalid_request_retry_limit has it."""
    client = caller.client("http://127.0.0.1:9")
    with pytest.raises((TypeError, ValueError), match="max_retries"):
        caller.run(client.get("/x", cast_to=object, options={"max_retries": count}))
