"""Habits of programs written for the official package that its own tests hold, and ours did not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

import martlet
from tests.client.callers import HI, Caller
from tests.client.scripted import HELLO, PATIENCE_S, SILENCE, SSE_HEAD, ScriptedServer, http
from tests.client.test_raw import opened

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


def test_methods_that_return_nothing_have_an_answer(caller: Caller, play: Play) -> None:
    """As openai-python 3.54, tests/api_resources/test_responses.py::test_raw_response_delete has it."""
    client = caller.client(play([http(204, x_y="z")]).url)
    for method in (client.responses.with_raw_response.delete, client.vllm.with_raw_response.wake_up):
        answer = caller.run(method(*(["resp_1"] if method.__name__ == "delete" else [])))
        assert (answer.status_code, answer.headers["x-y"], answer.parse()) == (204, "z", None)
    manager = client.responses.with_streaming_response.delete("resp_1")
    assert opened(caller, manager, lambda answer: answer.parse()) is None


def test_streamed_answer_with_a_sound_parses_to_bytes(caller: Caller, play: Play) -> None:
    """As openai-python 3.54, tests/api_resources/audio/test_speech.py has it."""
    speech = caller.client(play([http(body=b"\0\1", content_type="audio/wav")]).url).audio.speech
    manager = speech.with_streaming_response.create(model="tts", input="hi", voice="v")
    assert opened(caller, manager, lambda answer: answer.parse()) == b"\0\1"


def test_marked_up_image_is_a_file(caller: Caller, play: Play) -> None:
    """As openai-python 3.54, tests/api_resources/test_images.py::test_method_edit_with_all_params has it."""
    server = play([http(body={"created": 1, "data": []})])
    caller.run(caller.client(server.url).images.edit(image=b"a", prompt="p", markup=b"\xff\0"))
    assert b'name="markup"; filename=' in server.seen[0].body


def test_closing_the_response_of_a_stream_closes_the_stream(caller: Caller, play: Play) -> None:
    """As openai-python 3.54, tests/api_resources/chat/test_completions.py, create_overload_2, has it."""
    server = play([SSE_HEAD, *HELLO[:2], SILENCE])
    stream = caller.run(caller.client(server.url).chat.completions.create(stream=True, **HI))
    response = stream.response
    caller.next(stream)
    assert not response.is_closed
    with pytest.raises(RuntimeError, match="response"):
        caller.run(response.close() if caller.is_async else response.aclose().__await__().send(None))
    caller.run(response.aclose() if caller.is_async else response.close())
    assert response.is_closed
    assert server.gone.acquire(timeout=PATIENCE_S)
    with pytest.raises(martlet.StreamInterrupted, match="closed by this program"):
        caller.next(stream)


def test_response_does_not_keep_its_stream_alive(play: Play) -> None:
    server = play([SSE_HEAD, *HELLO[:2], SILENCE])
    with martlet.OpenAI(base_url=server.url) as client:
        response = client.chat.completions.create(stream=True, **HI).response
        assert server.gone.acquire(timeout=PATIENCE_S)
        assert response.is_closed
        response.close()


def test_response_of_a_whole_reply_is_closed(caller: Caller, play: Play) -> None:
    server = play([http(429, body=b"{}")])
    with pytest.raises(martlet.RateLimitError) as caught:
        caller.run(caller.client(server.url, max_retries=0).models.list())
    response = caught.value.response
    assert response.is_closed
    caller.run(response.aclose() if caller.is_async else response.close())
