"""Cancelling, closing, forking, many loops, many threads: sockets end when they should and nothing leaks."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from martlet import errors
from martlet.client.transport import AsyncHTTPTransport, HTTPTransport, Origin
from tests.client.transport.peer import CHUNKED, PATIENCE_S, Caller, Link, Peer, post

Listen = Callable[..., Peer]


def num_sockets() -> int:
    """Open sockets of this process; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        folder = "/proc/self/fd"
        links = []
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):
                links.append(os.readlink(f"{folder}/{name}"))
        return sum(link.startswith("socket:") for link in links)
    return 0


class Watched:
    """A script that says when a request came and when the client closed."""

    def __init__(self, start: bytes = b"") -> None:
        self.start = start
        self.is_asked = threading.Event()
        self.is_closed = threading.Event()

    def __call__(self, link: Link) -> None:
        link.read_request()
        link.send(self.start)
        self.is_asked.set()
        link.wait_closed()
        self.is_closed.set()


@pytest.fixture(params=["asyncio", "uvloop"])
def loops(request: pytest.FixtureRequest) -> Callable[[], asyncio.AbstractEventLoop]:
    """A function that makes loops."""
    if request.param == "asyncio":
        return asyncio.new_event_loop
    new_loop: Callable[[], asyncio.AbstractEventLoop] = pytest.importorskip("uvloop").new_event_loop
    return new_loop


@pytest.fixture
def run(loops: Callable[[], asyncio.AbstractEventLoop]) -> Callable[..., Any]:
    """As `asyncio.run`, on either loop."""

    def call(main: Any) -> Any:
        loop = loops()
        try:
            return loop.run_until_complete(asyncio.wait_for(main, PATIENCE_S))
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    return call


async def occurs(event: threading.Event) -> bool:
    return await asyncio.get_running_loop().run_in_executor(None, event.wait, PATIENCE_S)


# --- cancelling


@pytest.mark.parametrize("size", [2, 20_000_000], ids=["small", "upload"])
def test_cancel_before_the_head_closes_the_socket(run: Callable[..., Any], listen: Listen, size: int) -> None:
    watched = Watched()
    peer = listen(watched)

    async def main() -> None:
        transport = AsyncHTTPTransport()
        task = asyncio.ensure_future(transport.send(post(peer.origin, bytes(size))))
        assert await occurs(watched.is_asked)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await occurs(watched.is_closed)
        await transport.aclose()

    run(main())


def test_cancel_while_uploading_closes_the_socket(run: Callable[..., Any], listen: Listen) -> None:
    is_asked, is_closed = threading.Event(), threading.Event()

    def script(link: Link) -> None:
        link.read_head()
        is_asked.set()
        over.wait(PATIENCE_S)
        link.wait_closed()
        is_closed.set()

    over = threading.Event()
    peer = listen(script)

    async def main() -> None:
        transport = AsyncHTTPTransport()
        task = asyncio.ensure_future(transport.send(post(peer.origin, bytes(50_000_000))))
        assert await occurs(is_asked)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        over.set()
        assert await occurs(is_closed)

    run(main())


@pytest.mark.parametrize("method", ["read", "chunk"])
def test_cancel_in_the_body_closes_the_socket(run: Callable[..., Any], listen: Listen, method: str) -> None:
    watched = Watched(CHUNKED + b"1\r\na\r\n")
    peer = listen(watched)

    async def main() -> None:
        transport = AsyncHTTPTransport()
        response = await transport.send(post(peer.origin))
        assert await response.chunk() == b"a"
        task = asyncio.ensure_future(getattr(response, method)())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await occurs(watched.is_closed)
        with pytest.raises(errors.ConnectionLost):
            await response.chunk()

    run(main())


@contextlib.contextmanager
def silent_host() -> Iterator[Origin]:
    """An address whose backlog is full: it drops what would connect (on Linux)."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as stack:
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield Origin("http", *listener.getsockname())


@pytest.mark.skipif(sys.platform != "linux", reason="a full backlog drops SYNs on Linux")
@pytest.mark.parametrize("how", ["cancel", "close"])
def test_end_while_connecting_leaves_no_socket(run: Callable[..., Any], how: str) -> None:
    gc.collect()  # what tests before this one have left
    before = num_sockets()

    async def main() -> None:
        transport = AsyncHTTPTransport()
        with silent_host() as origin:
            task = asyncio.ensure_future(transport.send(post(origin)))
            for _ in range(5):
                await asyncio.sleep(0)
            if how == "cancel":
                task.cancel()
            else:
                await transport.aclose()
            with pytest.raises(asyncio.CancelledError if how == "cancel" else errors.ClientClosedError):
                await task

    run(main())
    assert num_sockets() <= before  # others may still be closing


def test_cancel_in_the_queue_passes_the_turn_on(run: Callable[..., Any], listen: Listen) -> None:
    peer = listen(Link.answer_all)
    held = Watched(CHUNKED)
    holder = listen(held)

    async def main() -> None:
        transport = AsyncHTTPTransport(max_connections=1)
        stream = await transport.send(post(holder.origin))
        waiting = [
            asyncio.ensure_future(transport.send(post(holder.origin, read=PATIENCE_S))) for _ in range(3)
        ]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        await stream.aclose()
        waiting[1].cancel()  # it may have the slot in hand already
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(ended[0], asyncio.CancelledError)
        assert isinstance(ended[1], asyncio.CancelledError)
        assert not isinstance(ended[2], BaseException)
        assert await (await transport.send(post(peer.origin))).read() == b"hi"
        await transport.aclose()

    run(main())


def test_cancel_after_completion_leaves_the_connection_alone(run: Callable[..., Any], listen: Listen) -> None:
    """A cancelled reader must not close a connection that serves somebody else by now."""
    is_first_done = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED + b"1\r\na\r\n")
        is_first_done.wait(PATIENCE_S)
        link.send(b"0\r\n\r\n")
        link.answer_all()

    peer = listen(script)

    async def main() -> None:
        transport = AsyncHTTPTransport()
        response = await transport.send(post(peer.origin))
        assert await response.chunk() == b"a"
        reader = asyncio.ensure_future(response.read())
        await asyncio.sleep(0)
        is_first_done.set()
        while not response._answer.complete:
            await asyncio.sleep(0)
        second = asyncio.ensure_future(transport.send(post(peer.origin)))
        reader.cancel()
        await response.aclose()
        assert await (await second).read() == b"hi"
        await asyncio.gather(reader, return_exceptions=True)
        await transport.aclose()

    run(main())
    assert peer.num_accepted == 1


def test_dropped_response_closes_the_socket(run: Callable[..., Any], listen: Listen) -> None:
    watched = Watched(CHUNKED)
    peer = listen(watched)

    async def main() -> None:
        transport = AsyncHTTPTransport()
        response = await transport.send(post(peer.origin))
        assert response.head.status == 200
        del response
        gc.collect()
        assert await occurs(watched.is_closed)

    run(main())


def test_dropped_sync_response_closes_the_socket(listen: Listen) -> None:
    watched = Watched(CHUNKED)
    transport = HTTPTransport()
    response = transport.send(post(listen(watched).origin))
    del response
    gc.collect()
    assert watched.is_closed.wait(PATIENCE_S)
    transport.close()


def test_response_outlives_its_sync_transport(listen: Listen) -> None:
    more = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED)
        more.wait(PATIENCE_S)
        link.send(b"1\r\na\r\n0\r\n\r\n")

    peer = listen(script)
    response = HTTPTransport().send(post(peer.origin))
    gc.collect()
    more.set()
    assert response.read() == b"a"


def test_response_outlives_its_async_transport(run: Callable[..., Any], listen: Listen) -> None:
    more = threading.Event()

    def script(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED)
        more.wait(PATIENCE_S)
        link.send(b"1\r\na\r\n0\r\n\r\n")

    peer = listen(script)

    async def main() -> None:
        response = await AsyncHTTPTransport().send(post(peer.origin))
        gc.collect()
        more.set()
        assert await response.read() == b"a"

    run(main())


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs POSIX signals")
@pytest.mark.parametrize("start", [b"", CHUNKED], ids=["head", "body"])
def test_ctrl_c_interrupts_a_sync_call(listen: Listen, start: bytes) -> None:
    watched = Watched(start)
    peer = listen(watched)
    transport = HTTPTransport()

    def interrupt() -> None:
        watched.is_asked.wait(PATIENCE_S)
        while not has_ended.wait(0.1):  # until the main thread is inside recv: just before, it misses one
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            has_ended.wait(5)

    has_ended = threading.Event()
    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):  # the signal may come in either call
        transport.send(post(peer.origin)).read()
    has_ended.set()
    assert watched.is_closed.wait(PATIENCE_S)
    transport.close()


# --- closing


def test_close_ends_async_calls_in_flight(run: Callable[..., Any], listen: Listen) -> None:
    slow, streaming = Watched(), Watched(CHUNKED)
    slow_peer, streaming_peer = listen(slow), listen(streaming)

    async def main() -> None:
        transport = AsyncHTTPTransport(max_connections=1)
        before = num_sockets()
        response = await transport.send(post(streaming_peer.origin))
        reading = asyncio.ensure_future(response.read())
        sending = asyncio.ensure_future(transport.send(post(slow_peer.origin)))
        queued = asyncio.ensure_future(transport.send(post(slow_peer.origin)))
        assert await occurs(slow.is_asked)
        await transport.aclose()
        ended = await asyncio.gather(reading, sending, queued, return_exceptions=True)
        assert [type(error) for error in ended] == [
            errors.ConnectionLost, errors.ConnectionLost, errors.ClientClosedError,
        ]  # fmt: skip
        assert [getattr(error, "sent", None) for error in ended] == ["yes", "maybe", None]
        assert await occurs(slow.is_closed)
        assert await occurs(streaming.is_closed)
        del before

    run(main())


def test_close_ends_sync_calls_in_flight(listen: Listen) -> None:
    slow, streaming = Watched(), Watched(CHUNKED)
    slow_peer, streaming_peer = listen(slow), listen(streaming)
    transport = HTTPTransport(max_connections=1)
    response = transport.send(post(streaming_peer.origin))
    ended: list[BaseException] = []

    def call(step: Callable[[], Any]) -> threading.Thread:
        def body() -> None:
            try:
                step()
            except BaseException as error:  # noqa: BLE001  # looked at below
                ended.append(error)

        thread = threading.Thread(target=body)
        thread.start()
        return thread

    threads = [call(response.read), call(lambda: transport.send(post(slow_peer.origin)))]
    assert slow.is_asked.wait(PATIENCE_S)
    threads.append(call(lambda: transport.send(post(slow_peer.origin))))
    while not any(shelf.waiters for shelf in transport._pool._shelves.values()):
        time.sleep(0.001)
    transport.close()
    for thread in threads:
        thread.join(PATIENCE_S)
    kinds = sorted(type(error).__name__ for error in ended)
    assert kinds == ["ClientClosedError", "ConnectionLost", "ConnectionLost"]
    assert slow.is_closed.wait(PATIENCE_S)
    assert streaming.is_closed.wait(PATIENCE_S)


# --- many


def test_fifty_successive_runs_share_a_transport(run: Callable[..., Any], listen: Listen) -> None:
    peer = listen(Link.answer_all)
    transport = AsyncHTTPTransport()
    before = num_sockets()

    async def main() -> None:
        for _ in range(2):
            assert await (await transport.send(post(peer.origin))).read() == b"hi"

    for _ in range(50):
        run(main())
    assert peer.num_accepted == 50
    assert len(transport._pools) == 1
    assert num_sockets() <= before + 50  # the peer's ends may still be closing


def test_loops_in_several_threads_share_a_transport(listen: Listen) -> None:
    peer = listen(Link.answer_all)
    transport = AsyncHTTPTransport()
    bodies: list[bytes] = []

    async def main() -> None:
        for _ in range(20):
            bodies.append(await (await transport.send(post(peer.origin))).read())

    threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert bodies == [b"hi"] * 120
    assert peer.num_accepted == 6


def test_three_hundred_calls_at_once(run: Callable[..., Any], listen: Listen) -> None:
    peer = listen(Link.answer_all)

    async def main() -> None:
        async with contextlib.AsyncExitStack() as stack:
            transport = AsyncHTTPTransport()
            stack.push_async_callback(transport.aclose)

            async def call() -> bytes:
                return await (await transport.send(post(peer.origin))).read()

            assert await asyncio.gather(*[call() for _ in range(300)]) == [b"hi"] * 300
            assert await asyncio.gather(*[call() for _ in range(300)]) == [b"hi"] * 300
            assert peer.num_accepted <= 300

    run(main())


def test_limit_holds_and_serves_all(run: Callable[..., Any], listen: Listen) -> None:
    peer = listen(Link.answer_all)

    async def main() -> None:
        transport = AsyncHTTPTransport(max_connections=5)

        async def call() -> bytes:
            return await (await transport.send(post(peer.origin))).read()

        assert await asyncio.gather(*[call() for _ in range(100)]) == [b"hi"] * 100
        await transport.aclose()

    run(main())
    assert peer.num_accepted == 5


@pytest.mark.parametrize("limit", [4, 10_000])
def test_sixty_four_threads_get_their_own_answers(listen: Listen, limit: int) -> None:
    def echo(link: Link) -> None:
        while request := link.read_request():
            body = request.partition(b"\r\n\r\n")[2]
            link.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    peer = listen(echo)
    transport = HTTPTransport(max_connections=limit)
    wrong: list[object] = []

    def call(number: int) -> None:
        for turn in range(10):
            body = b"%d/%d" % (number, turn)
            try:
                answer = transport.send(post(peer.origin, body)).read()
            except Exception as error:  # noqa: BLE001  # reported below
                wrong.append(error)
            else:
                if answer != body:
                    wrong.append((body, answer))

    threads = [threading.Thread(target=call, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    transport.close()
    assert wrong == []
    assert peer.num_accepted <= min(limit, 64)


OUT_OF_FILES = """
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
origin = Origin("http", sys.argv[3], origin.port)
async def main():
    t = AsyncHTTPTransport()
    assert await asyncio.gather(*[call(t, origin) for _ in range(100)]) == [b"hi"] * 100
def work():
    for _ in range(5): answers.append(t.send(ask(origin)).read())
if sys.argv[4] == "sync":
    t, answers = HTTPTransport(), []
    threads = [threading.Thread(target=work) for _ in range(60)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert answers == [b"hi"] * 300, len(answers)
elif sys.argv[4] == "uvloop":
    import uvloop
    uvloop.run(main())
else:
    asyncio.run(main())
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_out_of_files_waits_for_a_free_connection(listen: Listen, flavour: str, host: str) -> None:
    """With no more file descriptors, the pool makes do with the connections it has."""
    pytest.importorskip("resource")
    port = str(listen(Link.answer_all).port)
    assert python(f"import resource\n{PREAMBLE}\n{OUT_OF_FILES}", port, port, host, flavour) == ""


# --- processes


def python(script: str, *args: str) -> str:
    """Run a script with warnings as errors; what it wrote."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script, *args],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


PREAMBLE = """
import asyncio, gc, logging, os, sys, threading
from martlet.client.transport import *
logging.getLogger("asyncio").addFilter(lambda record: "took" not in record.msg)  # a busy machine
origin = Origin("http", "127.0.0.1", int(sys.argv[1]))
stream = Origin("http", "127.0.0.1", int(sys.argv[2]))
def ask(origin=origin): return Request("POST", origin, "/", [], b"{}", Timeouts(30, 30, 30, 30, 60))
async def call(transport, origin=origin): return await (await transport.send(ask(origin))).read()
"""
ENDINGS = {
    "sync, never closed": "t = HTTPTransport(); assert t.send(ask()).read() == b'hi'",
    "sync, in the middle of a body": "t = HTTPTransport(); r = t.send(ask(stream))",
    "sync, dropped": "HTTPTransport().send(ask(stream)); HTTPTransport().send(ask()); gc.collect()",
    "async, never closed": "t = AsyncHTTPTransport(); asyncio.run(call(t)); asyncio.run(call(t))",
    "async, dropped": "asyncio.run(call(AsyncHTTPTransport())); gc.collect()",
    "async, in the middle of a body": """
t = AsyncHTTPTransport()
async def main():
    global r
    r = await t.send(ask(stream))
asyncio.run(main())
""",
    "async, loop closed without notice": """
t = AsyncHTTPTransport()
loop = asyncio.new_event_loop()
loop.run_until_complete(call(t))
loop.close()
del loop
""",
    "async, loop closed without notice, all dropped": """
def main():
    t = AsyncHTTPTransport()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(call(t))
    loop.close()
main()
gc.collect()
""",
    "async, loop closed without notice in the middle of a body, in a cycle": """
def main():
    t = AsyncHTTPTransport()
    loop = asyncio.new_event_loop()
    r = loop.run_until_complete(t.send(ask(stream)))
    cycle = [t, loop, r]
    cycle.append(cycle)
    loop.close()
main()
gc.collect()
""",
    "async, loop goes on after its generators were shut down": """
t = AsyncHTTPTransport()
loop = asyncio.new_event_loop()
for _ in range(3):
    assert loop.run_until_complete(call(t)) == b"hi"
    loop.run_until_complete(loop.shutdown_asyncgens())
assert loop.run_until_complete(call(t)) == b"hi"
loop.run_until_complete(t.aclose())
loop.close()
""",
    "async, two loops in a row, the first one closed without notice": """
t = AsyncHTTPTransport()
loop = asyncio.new_event_loop()
loop.run_until_complete(call(t))
loop.close()
asyncio.run(call(t))
""",
    "async, task left pending": """
t = AsyncHTTPTransport()
async def main():
    global task
    task = asyncio.ensure_future(call(t, stream))
    await asyncio.sleep(0.05)
asyncio.run(main())
""",
    "async, dropped in another thread": """
async def main():
    response = await AsyncHTTPTransport().send(ask(stream))
    box = [response]
    del response
    await asyncio.get_running_loop().run_in_executor(None, box.clear)
asyncio.run(main())
""",
    "async, in a daemon thread that runs on": """
t = AsyncHTTPTransport()
done = threading.Event()
async def main():
    await call(t)
    done.set()
    await asyncio.sleep(100)
threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
assert done.wait(60)
""",
    "uvloop, never closed": """
import uvloop
t = AsyncHTTPTransport()
uvloop.run(call(t))
uvloop.run(call(t))
""",
    "uvloop, loop goes on after its generators were shut down": """
import uvloop
t = AsyncHTTPTransport()
loop = uvloop.new_event_loop()
for _ in range(3):
    assert loop.run_until_complete(call(t)) == b"hi"
    loop.run_until_complete(loop.shutdown_asyncgens())
assert loop.run_until_complete(call(t)) == b"hi"
loop.run_until_complete(t.aclose())
loop.close()
""",
    "sync, fork": """
t = HTTPTransport()
assert t.send(ask()).read() == b"hi"
pid = os.fork()
assert t.send(ask()).read() == b"hi"
if pid: assert os.waitpid(pid, 0)[1] == 0
""",
    "sync, fork in the middle of a body": """
t = HTTPTransport()
r = t.send(ask(stream))
pid = os.fork()
if not pid:
    try: r.read()
    except TransportError as error: assert "this program closed" in str(error), error
    else: raise SystemExit(3)
    assert t.send(ask()).read() == b"hi"
else:
    assert os.waitpid(pid, 0)[1] == 0
""",
    "sync, fork in the middle of a body that a total limit bounds": """
t = HTTPTransport()
r = t.send(Request("POST", stream, "/", [], b"{}", Timeouts(total=30)))
pid = os.fork()
if not pid:
    try: r.read()
    except TransportError as error: assert "this program closed" in str(error), error
    else: raise SystemExit(3)
else:
    assert os.waitpid(pid, 0)[1] == 0
""",
    "async, fork between runs": """
t = AsyncHTTPTransport()
asyncio.run(call(t))
pid = os.fork()
assert asyncio.run(call(t)) == b"hi"
if pid: assert os.waitpid(pid, 0)[1] == 0
""",
    "async, fork inside a loop": """
t = AsyncHTTPTransport()
async def main():
    assert await call(t) == b"hi"
    pid = os.fork()
    if not pid:
        def child():
            assert asyncio.run(call(t)) == b"hi"
        child()
        sys.stdout.flush()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    assert await call(t) == b"hi"
asyncio.run(main())
""",
    "async, fork with an open loop, child exits by the book": """
t = AsyncHTTPTransport()
loop = asyncio.new_event_loop()
loop.run_until_complete(call(t))
pid = os.fork()
if pid:
    assert os.waitpid(pid, 0)[1] == 0
    assert loop.run_until_complete(call(t)) == b"hi"
else:
    assert asyncio.run(call(t)) == b"hi"
loop.close()
""",
    "uvloop, fork between runs": """
import uvloop
t = AsyncHTTPTransport()
uvloop.run(call(t))
pid = os.fork()
assert uvloop.run(call(t)) == b"hi"
if pid: assert os.waitpid(pid, 0)[1] == 0
""",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_process_ends_in_silence(listen: Listen, ending: str) -> None:
    if "uvloop" in ending:
        pytest.importorskip("uvloop")
    if "fork" in ending and not hasattr(os, "fork"):
        pytest.skip("no fork here")

    def hang(link: Link) -> None:
        link.read_request()
        link.send(CHUNKED)
        link.wait_closed()

    peer, hanging = listen(Link.answer_all), listen(hang)
    script = PREAMBLE + "from martlet.errors import *\n" + ENDINGS[ending]
    assert python(script, str(peer.port), str(hanging.port)) == ""


def test_fork_leaves_the_parents_connection_alone(listen: Listen) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    script = PREAMBLE + textwrap.dedent(
        """
        t = HTTPTransport()
        assert t.send(ask()).read() == b"hi"
        pid = os.fork()
        if not pid:
            assert t.send(ask()).read() == b"hi"
            t.close()
            sys.stdout.flush()
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        assert t.send(ask()).read() == b"hi"
        """
    )
    peer = listen(Link.answer_all)
    assert python(script, str(peer.port), "0") == ""
    assert peer.num_accepted == 2  # one of the parent, one of the child


def test_import_is_light_and_portable() -> None:
    script = textwrap.dedent(
        """
        import os, sys
        register = os.register_at_fork
        del os.register_at_fork
        import martlet.client.transport.blocking, martlet.client.transport.http1
        assert not {"asyncio", "ssl", "select.epoll"} & set(sys.modules), sys.modules.keys()
        os.register_at_fork = register
        import asyncio  # needs it itself
        del os.register_at_fork
        import martlet.client.transport.aio
        """
    )
    assert python(script) == ""


# --- system calls


class CountingSocket(socket.socket):
    calls: list[str] = []  # noqa: RUF012  # shared on purpose

    def send(self, *args: Any) -> int:
        self.calls.append("send")
        return super().send(*args)

    def recv(self, *args: Any) -> bytes:
        self.calls.append("recv")
        return super().recv(*args)

    def recv_into(self, *args: Any) -> int:
        self.calls.append("recv")
        return super().recv_into(*args)

    def setsockopt(self, *args: Any) -> None:
        self.calls.append("setsockopt")
        super().setsockopt(*args)


def test_small_call_is_one_send_and_one_read(
    caller: Caller, flavour: str, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    if flavour == "uvloop":
        pytest.skip("uvloop reads below Python")
    from martlet.client.transport import sockets

    monkeypatch.setattr(sockets, "QuietSocket", CountingSocket)
    peer = listen(Link.answer_all)
    assert caller.send(post(peer.origin, read=PATIENCE_S)).read() == b"hi"
    CountingSocket.calls.clear()
    assert caller.send(post(peer.origin, read=PATIENCE_S)).read() == b"hi"
    assert CountingSocket.calls == ["send", "recv"]
