"""Users' own httpx, httpx2 and aiohttp clients under ours: same answers, same error classes."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import martlet
from martlet import errors
from martlet.client.transport import Origin
from martlet.client.transport.adapters import adapt
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
from tests.client.transport.peer import (
    CHUNKED,
    OK,
    AsyncCaller,
    Caller,
    Link,
    Peer,
    SyncCaller,
    get,
    hold,
    post,
)

HI: dict[str, Any] = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}
KINDS = ["httpx.Client", "httpx2.Client", "httpx.AsyncClient", "httpx2.AsyncClient", "aiohttp.ClientSession"]


class World:
    """One kind of HTTP client, a loop for it, and both of ours over it."""

    def __init__(self, kind: str) -> None:
        family, _, self._name = kind.partition(".")
        self.library: Any = pytest.importorskip(family)
        self.kind = kind
        self.is_async = self._name != "Client"
        self.loop = asyncio.new_event_loop()
        self._closing: list[Any] = []

    def run(self, value: Any) -> Any:
        async def wait() -> Any:
            return await asyncio.wait_for(value, PATIENCE_S)

        return self.loop.run_until_complete(wait()) if hasattr(value, "__await__") else value

    def made(self, **options: Any) -> Any:
        """A client of the library."""

        async def make() -> Any:  # aiohttp wants to be inside the loop
            return getattr(self.library, self._name)(**options)

        client = self.run(make())
        self._closing.append(client)
        return client

    def caller(self, **options: Any) -> Caller:
        adapted = adapt(self.made(**options), is_async=self.is_async)
        assert adapted is not None
        caller: Any = object.__new__(AsyncCaller if self.is_async else SyncCaller)
        caller.transport, caller.loop = adapted[0], self.loop
        return caller  # type: ignore[no-any-return]  # made without its transport

    def openai(self, url: str, http_client: Any = None, **settings: Any) -> Any:
        cls = martlet.AsyncOpenAI if self.is_async else martlet.OpenAI
        return cls(base_url=url, http_client=http_client or self.made(), **settings)

    def items(self, stream: Any) -> list[Any]:
        async def collect() -> list[Any]:
            return [item async for item in stream]

        return self.run(collect()) if self.is_async else list(stream)

    def next(self, stream: Any) -> Any:
        return self.run(stream.__anext__()) if self.is_async else next(stream)

    def close(self) -> None:
        for client in self._closing:
            if self.kind.endswith("AsyncClient"):
                self.run(client.aclose())
            else:
                self.run(client.close())
        self.run(asyncio.sleep(0))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(request.param)
    yield made
    made.close()


@pytest.fixture
def play() -> Iterator[Callable[..., ScriptedServer]]:
    servers = []

    def start(*scenes: Any) -> ScriptedServer:
        servers.append(ScriptedServer(*scenes))
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


Play = Callable[..., ScriptedServer]
Listen = Callable[..., Peer]


# --- the client over it ---------------------------------------------------------------------------------


def test_a_call_goes_through_the_given_client(world: World, play: Play) -> None:
    server = play([http(200, CHAT, x_request_id="r")])
    given = world.made(headers={"x-mine": "1"})
    client = world.openai(server.url, given, api_key="sk-test-key")
    completion = world.run(client.chat.completions.create(**HI))
    assert completion.choices[0].message.content == "Hello!"
    assert completion._request_id == "r"
    seen = server.seen[0]
    assert (seen.method, seen.target, seen.json["model"]) == ("POST", "/v1/chat/completions", "tiny")
    assert seen.headers["x-mine"] == "1"
    assert seen.headers["authorization"] == "Bearer sk-test-key"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"].startswith("martlet/")


def test_a_get_has_no_body(world: World, play: Play) -> None:
    server = play([http(200, MODELS)])
    client = world.openai(server.url)
    page = world.run(client.models.list(extra_query={"a": "b c", "d[]": ["é"]}))
    assert [model.id for model in page.data] == ["tiny", "lora"]
    seen = server.seen[0]
    assert (seen.method, seen.body, seen.headers.get("content-type")) == ("GET", b"", None)
    assert seen.target == "/v1/models?a=b+c&d%5B%5D%5B%5D=%C3%A9"


def test_streams_arrive_piece_by_piece(world: World, play: Play) -> None:
    more = threading.Event()
    server = play([SSE_HEAD, *HELLO[:2], more, *HELLO[2:], *STREAM[-2:]])
    client = world.openai(server.url)
    stream = world.run(client.chat.completions.create(stream=True, **HI))
    assert world.next(stream).choices[0].delta.role == "assistant"
    assert world.next(stream).choices[0].delta.content == "Hel"
    more.set()
    assert [chunk.choices[0].delta.content for chunk in world.items(stream)] == ["lo", "!"]


def test_async_streams_give_their_connection_back(play: Play, patient_drain: None) -> None:
    for kind in ("httpx.AsyncClient", "httpx2.AsyncClient", "aiohttp.ClientSession"):
        world = World(kind)
        server = play(STREAM)
        client = world.openai(server.url)
        for _ in range(3):
            assert len(world.items(world.run(client.chat.completions.create(stream=True, **HI)))) == 4
        assert server.num_connections == 1
        world.close()


def test_closing_a_stream_closes_the_connection(world: World, play: Play) -> None:
    server = play([SSE_HEAD, HELLO[0], SILENCE])
    stream = world.run(world.openai(server.url).chat.completions.create(stream=True, **HI))
    world.next(stream)
    world.run(stream.close())
    assert server.gone.acquire(timeout=PATIENCE_S)


def test_dropping_a_stream_closes_the_connection(world: World, play: Play) -> None:
    server = play([SSE_HEAD, HELLO[0], SILENCE])
    stream = world.run(world.openai(server.url).chat.completions.create(stream=True, **HI))
    world.next(stream)
    del stream
    for _ in range(5):
        world.run(asyncio.sleep(0))
    assert server.gone.acquire(timeout=PATIENCE_S)


@pytest.mark.parametrize("start", [b"", SSE_HEAD + HELLO[0]])
def test_cancelling_closes_the_connection(play: Play, start: bytes) -> None:
    for kind in ("httpx.AsyncClient", "httpx2.AsyncClient", "aiohttp.ClientSession"):
        world = World(kind)
        arrived = threading.Event()

        def scene(_: Any, arrived: threading.Event = arrived) -> list[Any]:
            arrived.set()
            return [start, SILENCE]

        server = play(scene)
        client = world.openai(server.url)

        async def cancelled(client: Any = client, arrived: threading.Event = arrived) -> None:
            async def read() -> None:
                async for _ in await client.chat.completions.create(stream=True, **HI):
                    pass

            task = asyncio.ensure_future(read())
            await asyncio.get_running_loop().run_in_executor(None, arrived.wait, PATIENCE_S)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        world.run(cancelled())
        assert server.gone.acquire(timeout=PATIENCE_S), kind
        world.close()


def test_a_silent_stream_stalls(world: World, play: Play) -> None:
    client = world.openai(
        play([SSE_HEAD, HELLO[0], SILENCE]).url, timeout=martlet.Timeout(PATIENCE_S, read=1)
    )
    stream = world.run(client.chat.completions.create(stream=True, **HI))
    with pytest.raises(martlet.StreamStalled) as caught:
        world.items(stream)
    assert caught.value.num_events == 1


def test_closing_closes_an_httpx_client_as_officially(world: World, play: Play) -> None:
    server = play([http(200, CHAT)])
    given = world.made()
    client = world.openai(server.url, given)
    world.run(client.with_options(timeout=5).chat.completions.create(**HI))
    world.run(client.close())
    assert client.is_closed()
    with pytest.raises(martlet.ClientClosedError):
        world.run(client.chat.completions.create(**HI))
    if world.kind.startswith("aiohttp"):  # which may serve other parts of a program
        assert not given.closed
        again = world.openai(server.url, given)
        world.run(again.with_options(max_retries=0).chat.completions.create(**HI))
        assert server.num_connections == 1
    else:
        assert given.is_closed


def test_a_client_that_the_user_closed_is_named(world: World, play: Play) -> None:
    given = world.made()
    client = world.openai(play([http(200, CHAT)]).url, given)
    world.run(given.aclose() if world.kind.endswith("AsyncClient") else given.close())
    with pytest.raises(martlet.ClientClosedError, match="HTTP client has been closed"):
        world.run(client.chat.completions.create(**HI))


def test_the_users_time_limits_are_taken_over(world: World) -> None:
    url = "http://127.0.0.1:1/v1"
    assert world.openai(url).timeout == 60.0
    limits = (
        world.library.ClientTimeout(total=8, sock_connect=2)
        if world.kind.startswith("aiohttp")
        else world.library.Timeout(8, connect=2)
    )
    mine = world.made(timeout=limits)
    assert world.openai(url, mine).timeout == martlet.Timeout(8, connect=2)
    assert world.openai(url, mine, timeout=martlet.NOT_GIVEN).timeout == martlet.Timeout(8, connect=2)
    assert world.openai(url, mine, timeout=3).timeout == 3
    assert world.openai(url, mine, timeout=float("60")).timeout == 60
    assert world.openai(url, mine).with_options(timeout=4).timeout == 4


def test_retries_are_ours(world: World, play: Play) -> None:
    server = play([http(503, retry_after_ms="1")], [http(200, CHAT)])
    client = world.openai(server.url)
    assert world.run(client.chat.completions.with_raw_response.create(**HI)).retries_taken == 1


def test_redirects_are_not_followed(world: World, play: Play) -> None:
    client = world.openai(play([http(307, location="http://127.0.0.1:1/")]).url, max_retries=0)
    with pytest.raises(martlet.APIStatusError, match="redirected to"):
        world.run(client.chat.completions.create(**HI))


@pytest.mark.parametrize(
    ("client", "given"),
    [
        ("OpenAI", "httpx.AsyncClient"),
        ("OpenAI", "httpx2.AsyncClient"),
        ("OpenAI", "aiohttp.ClientSession"),
        ("AsyncOpenAI", "httpx.Client"),
        ("AsyncOpenAI", "httpx2.Client"),
    ],
)
def test_a_client_of_the_other_kind_is_refused(client: str, given: str) -> None:
    world = World(given)
    with pytest.raises(TypeError, match=f"{client} takes .* got {given}"):
        getattr(martlet, client)(http_client=world.made())
    world.close()


def test_a_subclass_counts_as_its_base(play: Play) -> None:
    httpx = pytest.importorskip("httpx")

    with type("Mine", (httpx.Client,), {})() as mine:
        assert martlet.OpenAI(base_url=play([http(200, CHAT)]).url, http_client=mine).chat.completions.create(
            **HI
        )


def test_mock_transports_work() -> None:
    httpx = pytest.importorskip("httpx")

    def answer(request: Any) -> Any:
        assert json.loads(request.content)["model"] == "tiny"
        return httpx.Response(200, json=CHAT)

    with httpx.Client(transport=httpx.MockTransport(answer)) as mine:
        client = martlet.OpenAI(base_url="http://nowhere.invalid/v1", http_client=mine)
        assert client.chat.completions.create(**HI).id == CHAT["id"]


def test_default_aiohttp_client_serves_loop_after_loop(play: Play) -> None:
    pytest.importorskip("aiohttp")
    mine = martlet.DefaultAioHttpClient(timeout=7, headers={"x-mine": "1"})
    server = play([http(200, CHAT)])
    client = martlet.AsyncOpenAI(base_url=server.url, http_client=mine)
    assert client.timeout == martlet.Timeout(7)

    async def ask() -> str:
        return str((await client.chat.completions.create(**HI)).id)

    async def end() -> None:
        assert await ask() == CHAT["id"]
        await client.close()

    assert [asyncio.run(ask()) for _ in range(3)] == [CHAT["id"]] * 3
    asyncio.run(end())
    assert [seen.headers["x-mine"] for seen in server.seen] == ["1"] * 4
    assert mine.is_closed
    with pytest.raises(martlet.ClientClosedError):
        asyncio.run(ask())


def test_default_aiohttp_client_holds_its_limits(play: Play) -> None:
    pytest.importorskip("aiohttp")
    httpx = pytest.importorskip("httpx")
    server = play([http(200, CHAT)])

    async def main() -> None:
        async with martlet.DefaultAioHttpClient(limits=httpx.Limits(max_connections=1)) as mine:
            client = martlet.AsyncOpenAI(base_url=server.url, http_client=mine)
            await asyncio.gather(*(client.chat.completions.create(**HI) for _ in range(8)))

    asyncio.run(main())
    assert server.num_connections == 1


def test_default_aiohttp_client_is_for_asyncio() -> None:
    pytest.importorskip("aiohttp")
    with pytest.raises(TypeError, match="DefaultAioHttpClient"):
        martlet.OpenAI(http_client=martlet.DefaultAioHttpClient())


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("DefaultAioHttpClient", "aiohttp"),
        ("DefaultHttpxClient", "httpx"),
        ("DefaultAsyncHttpx2Client", "httpx2"),
    ],
)
def test_default_client_names_the_library_that_is_missing(name: str, library: str) -> None:
    program = (
        f"import sys; sys.modules[{library!r}] = None\n"
        f"import martlet\n"
        f"try: martlet.{name}()\n"
        f"except RuntimeError as error: print(error)"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert f"pip install {library}`" in printed.stdout


@pytest.mark.parametrize("family", ["httpx", "httpx2"])
def test_default_clients_are_the_librarys(play: Play, family: str) -> None:
    library = pytest.importorskip(family)
    name = family.capitalize()
    with getattr(martlet, f"Default{name}Client")(headers={"x-mine": "1"}) as mine:
        assert isinstance(mine, library.Client)
        server = play([http(200, CHAT)])
        client = martlet.OpenAI(base_url=server.url, http_client=mine)
        assert client.timeout == 60.0
        client.chat.completions.create(**HI)
        assert server.seen[0].headers["x-mine"] == "1"
    assert isinstance(getattr(martlet, f"DefaultAsync{name}Client")(), library.AsyncClient)


# --- faults: as our own transport tells them --------------------------------------------------------------


def head_then(link: Link, body: bytes, *, reset: bool = False) -> None:
    link.read_request()
    link.send(body)
    if reset:
        link.reset()


FAULTS: dict[str, tuple[Callable[[Link], None], type[errors.TransportError], str]] = {
    "closed without answer": (lambda link: head_then(link, b""), errors.ConnectionLost, "maybe"),
    "reset without answer": (lambda link: head_then(link, b"", reset=True), errors.ConnectionLost, "maybe"),
    "closed in body": (
        lambda link: head_then(link, b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi"),
        errors.IncompleteBody,
        "yes",
    ),
    "closed in chunks": (
        lambda link: head_then(link, CHUNKED + b"2\r\nhi\r\n"),
        errors.IncompleteBody,
        "yes",
    ),
    "no HTTP": (lambda link: head_then(link, b"220 smtp ready\r\n\r\n"), errors.ProtocolError, "yes"),
    "silence": (hold(), errors.ReadTimeout, "maybe"),
    "silence in body": (hold(CHUNKED + b"2\r\nhi\r\n"), errors.ReadTimeout, "yes"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_the_class_of_our_own_transport(world: World, listen: Listen, fault: str) -> None:
    script, cls, sent = FAULTS[fault]
    peer = listen(script)
    with pytest.raises(cls) as caught:
        world.caller().send(post(peer.origin, read=0.3)).read()
    assert type(caught.value) is cls
    assert caught.value.sent == sent
    assert str(peer.port) in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_bad_chunk_never_hangs(world: World, listen: Listen) -> None:
    peer = listen(hold(CHUNKED + b"zz\r\nhi\r\n"))
    with pytest.raises((errors.ProtocolError, errors.ReadTimeout)) as caught:
        world.caller().send(post(peer.origin, read=0.3)).read()
    assert caught.value.sent == "yes"


def test_a_refused_connection_is_not_sent(world: World, listen: Listen) -> None:
    peer = listen(hold())
    peer.close()
    with pytest.raises(errors.ConnectError, match=r"refused; is the server running") as caught:
        world.caller().send(get(peer.origin))
    assert caught.value.sent == "no"


def test_an_unknown_name_is_a_dns_error(world: World) -> None:
    with pytest.raises(errors.DNSError, match=r"cannot resolve the host of http://nowhere\.invalid"):
        world.caller().send(get(Origin("http", "nowhere.invalid", 80)))


def test_an_untrusted_certificate_is_a_tls_error(world: World, listen: Listen) -> None:
    trustme = pytest.importorskip("trustme")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    peer = listen(lambda link: link.answer_all(), tls=context)
    with pytest.raises(errors.TLSError, match=r"(?i)certificate"):
        world.caller().send(get(peer.origin))


@pytest.mark.parametrize("in_body", [False, True])
def test_total_bounds_the_attempt(world: World, listen: Listen, in_body: bool) -> None:
    peer = listen(hold(CHUNKED if in_body else b""))
    with pytest.raises(errors.ReadTimeout):
        world.caller().send(post(peer.origin, total=0.2)).read()


def test_a_wait_for_a_chunk_can_be_shorter(listen: Listen) -> None:
    for kind in ("httpx.AsyncClient", "httpx2.AsyncClient", "aiohttp.ClientSession"):
        world = World(kind)
        caller = world.caller()
        reply: Any = caller.send(get(listen(hold(CHUNKED)).origin, read=30.0))
        with pytest.raises(errors.ReadTimeout, match=r"read=0\.1 s"):
            world.run(reply._response.chunk(0.1))
        world.close()


def test_the_reply_is_read_whole(world: World, listen: Listen) -> None:
    body = bytes(range(256)) * 4096
    head = b"HTTP/1.1 201 Made\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: %d\r\n\r\n" % len(body)
    reply = world.caller().send(get(listen(lambda link: link.answer_all(head + body)).origin))
    assert (reply.head.status, reply.head.http_version) == (201, "1.1")
    assert [value for name, value in reply.head.headers if name == "x-a"] == ["1", "2"]
    assert reply.read() == body


def test_libraries_are_not_imported_by_us() -> None:
    import subprocess
    import sys

    code = (
        "import sys, martlet; martlet.OpenAI(http_client=martlet.client.transport.HTTPTransport())\n"
        "assert not {'httpx', 'httpx2', 'aiohttp', 'yarl'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", f"import martlet.client.transport\n{code}"], check=True)


def test_a_close_delimited_reply_is_complete(world: World, listen: Listen) -> None:
    peer = listen(lambda link: head_then(link, b"HTTP/1.1 200 OK\r\n\r\nhi"))
    assert world.caller().send(get(peer.origin)).read() == b"hi"


def test_a_reply_to_a_large_request(world: World, listen: Listen) -> None:
    peer = listen(lambda link: link.answer_all(OK))
    assert world.caller().send(post(peer.origin, b"x" * 3_000_000)).read() == b"hi"


@pytest.mark.parametrize("world", KINDS[:4], indirect=True)
def test_network_error_below_the_library_is_a_connection_error(world: World) -> None:
    """As openai-python 3.54, tests/test_client.py::test_unmapped_transport_errors has it."""
    anyio: Any = pytest.importorskip("anyio")
    raised = [ssl.SSLError("bad record"), anyio.EndOfStream("gone"), RuntimeError("a bug")]

    def handle(request: Any) -> Any:
        raise raised[0]

    async def handle_async(request: Any) -> Any:
        raise raised[0]

    transport = world.library.MockTransport(handle_async if world.is_async else handle)
    client = world.openai("http://peer.test/v1", world.made(transport=transport), max_retries=0)

    def list_models() -> Any:
        return world.run(client.models.list())

    for _ in range(2):
        with pytest.raises(martlet.APIConnectionError) as caught:
            list_models()
        assert isinstance(caught.value.__cause__, errors.TransportError)
        assert caught.value.__cause__.__cause__ is raised.pop(0)
    with pytest.raises(RuntimeError, match="a bug"):
        list_models()


@pytest.mark.parametrize("family", ["httpx", "httpx2"])
def test_default_client_can_be_subclassed_as_a_class(family: str) -> None:
    pytest.importorskip(family)
    default: Any = getattr(martlet, f"Default{family.title()}Client")

    class Own(default):  # type: ignore[misc]  # of Any: the library may not be installed
        def __del__(self) -> None:
            self.close()

    with ScriptedServer([http(body=CHAT)]) as server, Own(timeout=7) as own:
        assert isinstance(own, default)
        assert own.timeout.read == 7
        client = martlet.OpenAI(api_key="EMPTY", base_url=server.url, http_client=own)
        assert client.chat.completions.create(**HI).id == CHAT["id"]
    assert not isinstance(object(), default)
