"""The app in this process, under both clients."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import martlet
from martlet import errors
from martlet.client.transport.asgi import ASGITransport, BlockingASGITransport
from tests.client.callers import HI, AsyncCaller, Caller, SyncCaller
from tests.client.scripted import CHAT

PATIENCE_S = 5


def event(content: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    return (
        b"data: %s\n\n"
        % json.dumps(
            {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "tiny",
                "choices": [choice],
            }
        ).encode()
    )


class App:
    """An ASGI app that notes what it sees; `/v1/chat/completions` streams if asked to."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []
        self.bodies: list[bytes] = []
        self.lives: list[str] = []
        self.disconnected = threading.Event()
        self.go_on = threading.Event()
        self.error: Exception | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.live(scope, receive, send)
            return
        self.scopes.append(scope)
        self.bodies.append((await receive())["body"])
        if self.error is not None:
            raise self.error
        if b'"stream":true' in self.bodies[-1]:
            await self.stream(receive, send)
        else:
            headers = [(b"Content-Type", b"application/json"), (b"x-request-id", b"r")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            body = json.dumps(CHAT).encode()
            await send({"type": "http.response.body", "body": body[:9], "more_body": True})
            await send({"type": "http.response.body", "body": body[9:]})

    async def live(self, scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "lifespan.startup"
        self.lives.append("startup")
        scope["state"]["engine"] = "on"
        await send({"type": "lifespan.startup.complete"})
        assert (await receive())["type"] == "lifespan.shutdown"
        self.lives.append("shutdown")
        await send({"type": "lifespan.shutdown.complete"})

    async def stream(self, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": event("Hel"), "more_body": True})
        gone = asyncio.ensure_future(receive())
        going = asyncio.get_running_loop().run_in_executor(None, self.go_on.wait, PATIENCE_S)
        await asyncio.wait([gone, going], return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            assert gone.result()["type"] == "http.disconnect"
            self.disconnected.set()
            self.go_on.set()
            return
        gone.cancel()
        await send({"type": "http.response.body", "body": event("lo", "stop"), "more_body": True})
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with SyncCaller() if request.param == "sync" else AsyncCaller() as made:
        yield made


def client_of(caller: Caller, app: Any, **settings: Any) -> Any:
    transport = (ASGITransport if caller.is_async else BlockingASGITransport)(app)
    return caller.client("http://app.test/v1", http_client=transport, **settings)


def occurs(caller: Caller, event: threading.Event) -> bool:
    """Whether the event is set in time, with the loop running, if there is one."""

    async def wait() -> bool:
        return await asyncio.get_running_loop().run_in_executor(None, event.wait, PATIENCE_S)

    return bool(caller.run(wait())) if caller.is_async else event.wait(PATIENCE_S)


def test_a_call_reaches_the_app(caller: Caller) -> None:
    app = App()
    client = client_of(caller, app, api_key="sk-test-key")
    completion = caller.run(client.chat.completions.create(extra_query={"a": "é"}, **HI))
    assert completion.choices[0].message.content == "Hello!"
    assert completion._request_id == "r"
    scope = app.scopes[0]
    headers = dict(scope["headers"])
    assert (scope["method"], scope["path"], scope["query_string"]) == (
        "POST",
        "/v1/chat/completions",
        b"a=%C3%A9",
    )
    assert (headers[b"host"], headers[b"authorization"]) == (b"app.test", b"Bearer sk-test-key")
    assert int(headers[b"content-length"]) == len(app.bodies[0])
    assert json.loads(app.bodies[0])["messages"] == HI["messages"]
    assert scope["server"] == ("app.test", 80)


def test_streams_arrive_as_the_app_sends_them(caller: Caller) -> None:
    app = App()
    stream = caller.run(client_of(caller, app).chat.completions.create(stream=True, **HI))
    assert caller.next(stream).choices[0].delta.content == "Hel"
    app.go_on.set()
    assert [chunk.choices[0].delta.content for chunk in caller.items(stream)] == ["lo"]


def test_closing_a_stream_disconnects(caller: Caller) -> None:
    app = App()
    stream = caller.run(client_of(caller, app).chat.completions.create(stream=True, **HI))
    caller.next(stream)
    caller.run(stream.close())
    assert occurs(caller, app.disconnected)


def test_dropping_a_stream_disconnects(caller: Caller) -> None:
    app = App()
    stream = caller.run(client_of(caller, app).chat.completions.create(stream=True, **HI))
    caller.next(stream)
    del stream
    gc.collect()
    assert occurs(caller, app.disconnected)


def test_cancelling_disconnects() -> None:
    app = App()

    async def run() -> None:
        client = martlet.AsyncOpenAI(base_url="http://app.test/v1", http_client=ASGITransport(app))
        stream = await client.chat.completions.create(stream=True, **HI)
        await stream.__anext__()
        task = asyncio.ensure_future(stream.__anext__())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.get_running_loop().run_in_executor(None, app.disconnected.wait, PATIENCE_S)
        await client.close()

    asyncio.run(run())
    assert app.disconnected.is_set()


def test_the_lifespan_goes_with_the_client(caller: Caller) -> None:
    app = App()
    client = client_of(caller, app)
    for _ in range(2):
        caller.run(client.chat.completions.create(**HI))
    assert app.lives == ["startup"]
    assert app.scopes[1]["state"] == {"engine": "on"}
    caller.run(client.close())
    assert app.lives == ["startup", "shutdown"]
    with pytest.raises(martlet.ClientClosedError):
        caller.run(client.chat.completions.create(**HI))


def test_an_app_that_fails_to_start_is_a_connect_error(caller: Caller) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no weights"})

    with pytest.raises(martlet.APIConnectionError, match="did not start: no weights"):
        caller.run(client_of(caller, app, max_retries=0).chat.completions.create(**HI))


def test_what_the_app_raises_is_raised(caller: Caller) -> None:
    app = App()
    app.error = KeyError("a bug in the app")
    with pytest.raises(KeyError, match="a bug in the app"):
        caller.run(client_of(caller, app).chat.completions.create(**HI))
    assert len(app.scopes) == 1


@pytest.mark.parametrize("starts", [False, True])
def test_an_app_that_ends_early_is_told(caller: Caller, starts: bool) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        if starts:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{", "more_body": True})

    client = client_of(caller, app, max_retries=0)
    with pytest.raises(martlet.APIConnectionError) as caught:
        caller.run(client.chat.completions.create(**HI))
    assert type(caught.value.__cause__) is (errors.IncompleteBody if starts else errors.ProtocolError)


def test_a_silent_app_times_out(caller: Caller) -> None:
    app = App()
    client = client_of(caller, app, max_retries=0, timeout=1)
    stream = caller.run(client.chat.completions.create(stream=True, **HI))
    with pytest.raises(martlet.StreamStalled):
        caller.items(stream)
    assert occurs(caller, app.disconnected)


def test_an_app_ahead_of_its_reader_waits(caller: Caller) -> None:
    sent = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(100):
            await send({"type": "http.response.body", "body": bytes(10_000), "more_body": True})
            sent.append(number)
        await send({"type": "http.response.body"})

    manager = client_of(caller, app).models.with_streaming_response.retrieve("m")

    async def later() -> tuple[int, int]:
        async with manager as response:
            for _ in range(50):
                await asyncio.sleep(0)
            early = len(sent)
            return early, len(await response.read())

    def now() -> tuple[int, int]:
        with manager as response:
            return 0, len(response.read())

    early, size = caller.run(later()) if caller.is_async else now()
    assert early < 10
    assert size == 1_000_000


def test_starlette_apps_run(caller: Caller) -> None:
    pytest.importorskip("starlette")
    from starlette.applications import Starlette
    from starlette.responses import StreamingResponse
    from starlette.routing import Route

    async def pieces() -> Any:
        yield event("Hel")
        yield event("lo", "stop")
        yield b"data: [DONE]\n\n"

    async def answer(request: Any) -> Any:
        return StreamingResponse(pieces(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])
    stream = caller.run(client_of(caller, app).chat.completions.create(stream=True, **HI))
    assert [chunk.choices[0].delta.content for chunk in caller.items(stream)] == ["Hel", "lo"]


def test_each_loop_may_use_one_transport() -> None:
    app = App()
    client = martlet.AsyncOpenAI(base_url="http://app.test/v1", http_client=ASGITransport(app))

    async def call() -> str:
        return str((await client.chat.completions.create(**HI)).id)

    assert [asyncio.run(call()) for _ in range(3)] == [CHAT["id"]] * 3


def test_a_blocking_transport_serves_many_threads() -> None:
    app, ids = App(), []
    with martlet.OpenAI(base_url="http://app.test/v1", http_client=BlockingASGITransport(app)) as client:
        threads = [
            threading.Thread(target=lambda: ids.append(client.chat.completions.create(**HI).id))
            for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ids == [CHAT["id"]] * 16
    assert app.lives == ["startup", "shutdown"]


def test_the_other_client_is_refused() -> None:
    with pytest.raises(TypeError, match="`send` and `close`"):
        martlet.OpenAI(http_client=ASGITransport(App()))
    with pytest.raises(TypeError, match="`send` and `aclose`"):
        martlet.AsyncOpenAI(http_client=BlockingASGITransport(App()))
