"""`with_raw_response` and `with_streaming_response`, beside the official client where both can do it."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import msgspec
import pytest

import martlet
from martlet.client.raw import APIResponse, AsyncAPIResponse, LegacyAPIResponse
from martlet.client.resources.base import Resource
from tests.client import scripted
from tests.client.callers import HI, Caller
from tests.client.scripted import (
    CHAT,
    HELLO,
    MODELS,
    PATIENCE_S,
    SILENCE,
    SSE_HEAD,
    STREAM,
    ScriptedServer,
    http,
)

openai = pytest.importorskip("openai")

Play = Callable[..., ScriptedServer]
BOTH = pytest.mark.parametrize("package", [martlet, openai], ids=["ours", "official"])


def opened(caller: Caller, manager: Any, use: Callable[[Any], Any]) -> Any:
    """What `use` returns inside the `with` block; on the async side it may be a coroutine function."""
    if not caller.is_async:
        with manager as response:
            return use(response)

    async def run() -> Any:
        async with manager as response:
            result = use(response)
            return await result if hasattr(result, "__await__") else result

    return caller.run(run())


async def collected(items: Any) -> list[Any]:
    return [item async for item in items]


def all_of(caller: Caller, items: Any) -> Any:
    return collected(items) if caller.is_async else list(items)


@BOTH
def test_raw_response_shows_the_answer(caller: Caller, play: Play, package: ModuleType) -> None:
    server = play([http(503)], [http(200, CHAT, x_request_id="req-1")])
    client = caller.client(server.url, package)
    response = caller.run(client.chat.completions.with_raw_response.create(**HI))
    assert (response.status_code, response.method, str(response.url)) == (
        200,
        "POST",
        f"{server.url}/chat/completions",
    )
    assert response.headers["X-Request-Id"] == response.request_id == "req-1"
    assert response.retries_taken == 1
    assert response.http_version == "HTTP/1.1"
    assert response.elapsed.total_seconds() > 0
    assert json.loads(response.text) == json.loads(response.content) == response.http_response.json() == CHAT
    assert response.is_closed
    assert response.http_request.headers["content-type"] == "application/json"
    assert "<APIResponse [200 " in repr(response)
    completion = response.parse()
    assert completion.choices[0].message.content == "Hello!"
    assert completion._request_id == "req-1"
    assert response.parse() is completion


@BOTH
def test_raw_errors_raise_as_usual(caller: Caller, play: Play, package: ModuleType) -> None:
    server = play([http(404, scripted.vllm_error(404, "no such model", "NotFoundError"))])
    client = caller.client(server.url, package)
    with pytest.raises(package.NotFoundError, match="no such model"):
        caller.run(client.with_raw_response.chat.completions.create(**HI))


@BOTH
def test_raw_response_of_a_stream_parses_to_it(caller: Caller, play: Play, package: ModuleType) -> None:
    client = caller.client(play(STREAM).url, package)
    response = caller.run(client.chat.with_raw_response.completions.create(stream=True, **HI))
    assert response.headers["x-request-id"] == "req-7"
    stream = response.parse()
    assert isinstance(stream, package.AsyncStream if caller.is_async else package.Stream)
    assert "".join(c.choices[0].delta.content for c in caller.items(stream)) == "Hello!"


@BOTH
def test_raw_list_parses_to_a_page(caller: Caller, play: Play, package: ModuleType) -> None:
    client = caller.client(play([http(200, MODELS)]).url, package)
    response = caller.run(client.models.with_raw_response.list())
    page = response.parse()
    assert [model.id for model in page.data] == ["tiny", "lora"]
    assert [model.id for model in caller.items(page)] == ["tiny", "lora"]


@BOTH
@pytest.mark.parametrize(("to", "said"), [(str, '{"a": 1}'), (dict, {"a": 1}), (object, {"a": 1})])
def test_parse_takes_another_type(
    caller: Caller, play: Play, package: ModuleType, to: Any, said: object
) -> None:
    client = caller.client(play([http(200, {"a": 1})]).url, package)
    response = caller.run(client.models.with_raw_response.retrieve("m"))
    assert response.parse(to=to) == said


class Answer(msgspec.Struct):
    a: int


@dataclasses.dataclass
class Answered:
    a: int


@pytest.mark.parametrize(("to", "said"), [(Answer, Answer(1)), (Answered, Answered(1)), (bytes, b'{"a": 1}')])
def test_parse_takes_structs_and_dataclasses(play: Play, to: Any, said: object) -> None:
    with martlet.OpenAI(base_url=play([http(200, {"a": 1})]).url) as client:
        response = client.models.with_raw_response.retrieve("m")
        assert response.parse(to=to) == said
        with pytest.raises(martlet.APIResponseValidationError, match="Expected a int"):
            response.parse(to=int)
        with pytest.raises(TypeError, match="stream=True"):
            response.parse(to=martlet.Stream[Any])


def test_parse_takes_a_pydantic_model(play: Play) -> None:
    pydantic = pytest.importorskip("pydantic")

    model = pydantic.create_model("Model", a=(int, ...))
    with martlet.OpenAI(base_url=play([http(200, {"a": 1})], [http(200, {})]).url) as client:
        assert client.models.with_raw_response.retrieve("m").parse(to=model).a == 1
        with pytest.raises(martlet.APIResponseValidationError):
            client.models.with_raw_response.retrieve("m").parse(to=model)


def test_raw_body_that_is_no_reply_raises_at_parse(caller: Caller, play: Play) -> None:
    client = caller.client(play([http(200, "<html>", "text/html")]).url)
    response = caller.run(client.models.with_raw_response.retrieve("m"))
    assert isinstance(response, LegacyAPIResponse)
    assert response.text == "<html>"
    with pytest.raises(martlet.APIResponseValidationError):
        response.parse()


def test_raw_stream_answered_by_a_document_raises_at_parse(caller: Caller, play: Play) -> None:
    client = caller.client(play([http(200, CHAT)]).url)
    response = caller.run(client.chat.completions.with_raw_response.create(stream=True, **HI))
    assert response.json() == CHAT
    with pytest.raises(martlet.APIResponseValidationError, match="stream of server-sent events"):
        response.parse()


def test_raw_stream_has_no_content(caller: Caller, play: Play) -> None:
    client = caller.client(play(STREAM).url)
    response = caller.run(client.chat.completions.with_raw_response.create(stream=True, **HI))
    assert not response.is_closed
    with pytest.raises(RuntimeError, match="parse"):
        _ = response.text
    caller.run(response.parse().close())


@BOTH
def test_streaming_response_is_sent_on_enter(caller: Caller, play: Play, package: ModuleType) -> None:
    server = play([http(200, CHAT)])
    manager = caller.client(server.url, package).chat.completions.with_streaming_response.create(**HI)
    assert not server.seen
    parsed = opened(caller, manager, lambda response: response.parse())
    assert parsed.choices[0].message.content == "Hello!"


@BOTH
@pytest.mark.parametrize("how", ["read", "text", "json"])
def test_streaming_response_reads_its_body(caller: Caller, play: Play, package: ModuleType, how: str) -> None:
    client = caller.client(play([http(200, CHAT, x_request_id="r")]).url, package)
    manager = client.with_streaming_response.chat.completions.create(**HI)
    seen = []

    def use(response: Any) -> Any:
        seen.append(response)
        return getattr(response, how)()

    body = opened(caller, manager, use)
    assert (body if how == "json" else json.loads(body)) == CHAT
    assert seen[0].is_closed
    assert (seen[0].request_id, seen[0].status_code) == ("r", 200)


BODY = "ab\r\ncdé\n\rx".encode()


@BOTH
@pytest.mark.parametrize(
    ("how", "argument", "whole"),
    [
        ("iter_bytes", 3, [b"ab\r", b"\ncd", b"\xc3\xa9\n", b"\rx"]),
        ("iter_text", 4, ["ab\r\n", "cdé\n", "\rx"]),
        ("iter_lines", None, ["ab", "cdé", "", "x"]),
    ],
)
@pytest.mark.parametrize("step", [1, 2, 5, 100])
def test_streaming_response_iterates_over_its_body(
    caller: Caller, play: Play, package: ModuleType, how: str, argument: int | None, whole: Any, step: int
) -> None:
    pieces = [scripted.chunked(BODY[at : at + step]) for at in range(0, len(BODY), step)]
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
    client = caller.client(play([head, *pieces, scripted.END]).url, package)
    manager = client.models.with_streaming_response.retrieve("m")
    args = () if argument is None else (argument,)
    assert opened(caller, manager, lambda r: all_of(caller, getattr(r, how)(*args))) == whole


@BOTH
def test_reading_after_iterating_is_refused(caller: Caller, play: Play, package: ModuleType) -> None:
    client = caller.client(play([http(200, CHAT)]).url, package)
    manager = client.models.with_streaming_response.retrieve("m")
    refused = martlet.errors.StreamAlreadyConsumed if package is martlet else openai.OpenAIError

    async def later(response: Any) -> None:
        await collected(response.iter_bytes())
        with pytest.raises(refused):
            await response.read()

    def now(response: Any) -> None:
        list(response.iter_bytes())
        with pytest.raises(refused):
            response.read()

    opened(caller, manager, later if caller.is_async else now)


def test_iterating_after_reading_gives_the_body_again(caller: Caller, play: Play) -> None:
    client = caller.client(play([http(200, "hello", "text/plain")]).url)
    manager = client.models.with_streaming_response.retrieve("m")

    async def later(response: AsyncAPIResponse[Any]) -> list[bytes]:
        await response.read()
        return [piece async for piece in response.iter_bytes(2)]

    def now(response: APIResponse[Any]) -> list[bytes]:
        response.read()
        return list(response.iter_bytes(2))

    assert opened(caller, manager, later if caller.is_async else now) == [b"he", b"ll", b"o"]


def test_reading_after_the_block_is_refused(play: Play) -> None:
    with martlet.OpenAI(base_url=play([http(200, CHAT)]).url) as client:
        with client.models.with_streaming_response.retrieve("m") as response:
            pass
        with pytest.raises(RuntimeError, match="inside the `with` block"):
            response.read()


@BOTH
def test_streaming_response_parses_to_the_stream(caller: Caller, play: Play, package: ModuleType) -> None:
    client = caller.client(play(STREAM).url, package)
    manager = client.chat.completions.with_streaming_response.create(stream=True, **HI)

    async def later(response: Any) -> list[Any]:
        return await collected(await response.parse())

    chunks = opened(caller, manager, later if caller.is_async else lambda response: list(response.parse()))
    assert "".join(c.choices[0].delta.content for c in chunks) == "Hello!"


def test_streaming_response_hands_pieces_out_as_they_come(caller: Caller, play: Play) -> None:
    server = play([SSE_HEAD, HELLO[0], SILENCE])
    client = caller.client(server.url)
    manager = client.chat.completions.with_streaming_response.create(stream=True, **HI)

    async def later(response: Any) -> Any:
        return await response.iter_lines().__anext__()

    line = opened(caller, manager, later if caller.is_async else lambda r: next(r.iter_lines()))
    assert json.loads(line.removeprefix("data: "))["choices"][0]["delta"]["role"] == "assistant"
    caller.run(client.close())
    assert server.gone.acquire(timeout=PATIENCE_S)


def test_leaving_the_block_closes_an_unread_answer(caller: Caller, play: Play) -> None:
    server = play([SSE_HEAD, HELLO[0], SILENCE])
    client = caller.client(server.url)
    opened(caller, client.chat.completions.with_streaming_response.create(**HI), lambda response: None)
    assert server.gone.acquire(timeout=PATIENCE_S)


def test_a_body_that_breaks_off_is_a_connection_error(caller: Caller, play: Play) -> None:
    client = caller.client(play([SSE_HEAD, HELLO[0], scripted.CLOSE]).url)
    manager = client.models.with_streaming_response.retrieve("m")
    with pytest.raises(martlet.APIConnectionError, match="in the middle of its answer"):
        opened(caller, manager, lambda response: response.read())


def test_wrong_arguments_are_refused_before_anything_is_sent(caller: Caller, play: Play) -> None:
    server = play(STREAM)
    client = caller.client(server.url)
    with pytest.raises(TypeError, match="did you mean 'messages'"):
        caller.run(client.chat.completions.with_raw_response.create(model="m", message=[]))
    with pytest.raises(AttributeError, match="no_such"):
        _ = client.chat.completions.with_raw_response.no_such
    with pytest.raises(AttributeError, match="no_such"):
        _ = client.with_raw_response.no_such
    assert not server.seen


def test_views_use_the_clients_present_settings(play: Play) -> None:
    server = play([http(200, CHAT)])
    with martlet.OpenAI(base_url=server.url, api_key="one") as client:
        view = client.with_raw_response
        client.api_key = "two-two-two"
        response = view.chat.completions.create(extra_headers={"x-a": "b"}, **HI)
    assert server.seen[0].headers["authorization"] == "Bearer two-two-two"
    assert server.seen[0].headers["x-a"] == "b"
    assert response.http_request.headers["authorization"] == "<redacted>"
    assert "create" in dir(client.chat.completions.with_raw_response)
    assert {"chat", "models"} <= set(dir(view))


def test_body_is_written_to_a_file(play: Play, tmp_path: Any) -> None:
    with (
        martlet.OpenAI(base_url=play([http(200, "hello", "text/plain")]).url) as client,
        client.models.with_streaming_response.retrieve("m") as response,
    ):
        response.stream_to_file(tmp_path / "body")
    assert (tmp_path / "body").read_bytes() == b"hello"


# --- every method -------------------------------------------------------------------------------------------

COMPOSED = {"stream", "wait_for_processing", "upload_file_chunked"}
"""Methods that make several calls, or none before something else happens."""


def methods(resource: Any, path: str = "") -> Iterator[str]:
    for name in dir(resource):
        if name.startswith("_") or name in ("with_raw_response", "with_streaming_response"):
            continue
        value = getattr(resource, name)
        if isinstance(value, Resource):
            yield from methods(value, f"{path}{name}.")
        elif path and inspect.ismethod(value) and name not in COMPOSED:
            yield f"{path}{name}"


def arguments(method: Any) -> tuple[list[Any], dict[str, Any]]:
    """Something for every argument that must be given."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, parameter in inspect.signature(method).parameters.items():
        if parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD:
            continue
        value: Any = b"x" if name in ("file", "image", "data") else "x"
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        else:
            positional.append(value)
    return positional, named


ALL_METHODS = sorted(methods(martlet.OpenAI()))


def test_the_walk_finds_the_methods() -> None:
    assert {"chat.completions.create", "chat.completions.parse", "models.list", "files.create"} <= {
        *ALL_METHODS
    }
    assert len(ALL_METHODS) > 50


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", ALL_METHODS)
def test_every_method_has_its_answers(caller: Caller, every: ScriptedServer, path: str) -> None:
    client = caller.client(every.url)
    raw: Any = client.with_raw_response
    streaming: Any = client
    *resources, name = path.split(".")
    for resource in resources:
        raw, streaming = getattr(raw, resource), getattr(streaming, resource)
    positional, named = arguments(getattr(streaming, name))
    answer = caller.run(getattr(raw, name)(*positional, **named))
    assert isinstance(answer, LegacyAPIResponse)
    assert answer.content == b'{"data": []}'
    opening = getattr(streaming.with_streaming_response, name)(*positional, **named)
    kind = AsyncAPIResponse if caller.is_async else APIResponse
    assert opened(caller, opening, lambda response: isinstance(response, kind))


@pytest.fixture(scope="module")
def every() -> Iterator[ScriptedServer]:
    with ScriptedServer([http(200, {"data": []})]) as server:
        yield server


def test_checkers_know_every_method() -> None:
    pytest.importorskip("ruff", reason="the generated module is formatted")
    make_views = pytest.importorskip("scripts.make_views")
    assert make_views.TARGET.read_text() == make_views.formatted(make_views.written()), (
        "run scripts/make_views.py"
    )


def test_methods_of_several_calls_have_no_answer() -> None:
    client = martlet.OpenAI()
    for view, name in (
        (client.files.with_raw_response, "wait_for_processing"),
        (client.uploads.with_streaming_response, "upload_file_chunked"),
    ):
        assert name not in dir(view)
        with pytest.raises(AttributeError, match="several calls"):
            getattr(view, name)
