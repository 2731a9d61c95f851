"""Long and rough use of the client against a server process on loopback: what leaks, breaks or runs twice.

    python -m benchmarks.soak [--calls 200000] [--cancellations 10000] [--interpreters 200] [--paced 10000]

Prints one line for each part and exits with 1 if any of them failed. The parts:

- mixed: plain calls, streams, abandoned streams, cancelled tasks, timeouts and error statuses, by both
  clients. Counts what the process holds before and after: memory, sockets, tasks, threads.
- cancellations: tasks cancelled before the head of the answer; the server tells when it saw the close.
- exits: interpreters that end with an open client and a half-read stream; they must be silent.
- paced: calls with pauses, to a server that closes each idle connection after a random time around the
  client's own keep-alive. Clocks run ten times as fast as life: 0.1 to 0.6 s for a server's 1 to 6 s, and a
  keep-alive of 0.4 s for 4 s. No call may fail; none may be executed twice.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import gc
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, cast

import martlet
from benchmarks.canned_replies import DONE, LAST, ROLE, STREAM_HEAD, TOKEN, WHOLE, http_chunk
from martlet.client.transport import AsyncHTTPTransport, HTTPTransport

EXECUTED_ONCE = "x-soak-id"
ERROR = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 26\r\n\r\n"
    b'{"error":{"message":"no"}}'
)
STREAM = STREAM_HEAD + http_chunk(ROLE) + http_chunk(TOKEN) * 8
TRUTHFUL_END = http_chunk(LAST) + http_chunk(DONE) + b"0\r\n\r\n"
IDLE_S = (0.1, 0.6)
KEEP_ALIVE_S = 0.4
SEEN_WITHIN_S = 0.05


# --- the server: runs in a process of its own


class Counts:
    def __init__(self) -> None:
        self.executed: Counter[str] = Counter()
        self.num_idle_closed = 0
        """Connections that the server closed because nothing came."""
        self.closed_at: dict[str, float] = {}
        """When the server saw the end of the connection of a request without an answer."""


class Connection(asyncio.Protocol):
    """One keep-alive connection. The model's name says what the answer is to be."""

    def __init__(self, counts: Counts, idle_s: tuple[float, float] | None) -> None:
        self.counts = counts
        self.idle_s = idle_s
        self.buffer = b""
        self.silent_for: str | None = None
        self.timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.silent_for is not None:
            self.counts.closed_at[self.silent_for] = time.monotonic()
        if self.timer is not None:
            self.timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].decode("latin-1")
            headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
            length = int(headers.get("content-length", "0"))
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            self.answer(head, headers, body)

    def answer(self, head: str, headers: dict[str, str], body: bytes) -> None:
        if head.startswith("GET /counts"):
            self.report()
            return
        name = headers.get(EXECUTED_ONCE, "")
        if name:
            self.counts.executed[name] += 1
        kind = json.loads(body)["model"]
        if kind == "silent":
            self.silent_for = name
        elif kind == "error":
            self.transport.write(ERROR)
        elif kind == "stream":
            self.transport.write(STREAM + TRUTHFUL_END)
        elif kind == "endless":
            self.transport.write(STREAM)
        elif kind == "cut":
            self.transport.write(STREAM)
            self.transport.close()
        else:
            self.transport.write(WHOLE)
        if self.idle_s is not None:
            loop = asyncio.get_running_loop()
            self.timer = loop.call_later(random.uniform(*self.idle_s), self.close_idle)

    def close_idle(self) -> None:
        self.counts.num_idle_closed += 1
        self.transport.close()

    def report(self) -> None:
        counts = self.counts
        content = json.dumps(
            {
                "executed": sum(counts.executed.values()),
                "twice": [name for name, times in counts.executed.items() if times > 1],
                "idle_closed": counts.num_idle_closed,
                "closed_at": counts.closed_at,
            }
        ).encode()
        counts.executed.clear()
        counts.closed_at.clear()
        counts.num_idle_closed = 0
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(head % len(content) + content)


async def serve() -> None:
    loop = asyncio.get_running_loop()
    counts = Counts()
    for idle_s in (None, IDLE_S):
        server = await loop.create_server(
            functools.partial(Connection, counts, idle_s), "127.0.0.1", 0, backlog=4096
        )
        print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


class Server(NamedTuple):
    url: str
    impatient_url: str
    """Closes connections that idle."""

    def counts(self) -> dict[str, Any]:
        """What has happened since they were asked for the last time."""
        import http.client

        connection = http.client.HTTPConnection(self.url.split("/")[2])
        try:
            connection.request("GET", "/counts")
            return cast(dict[str, Any], json.load(connection.getresponse()))
        finally:
            connection.close()


@contextlib.contextmanager
def started() -> Iterator[Server]:
    """A server process."""
    command = [sys.executable, "-m", "benchmarks.soak", "--serve"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout:
        urls = [f"http://127.0.0.1:{int(process.stdout.readline())}/v1" for _ in range(2)]
        try:
            yield Server(*urls)
        finally:
            process.stdin.close()
            process.wait(30)


# --- the parts: each returns what it counted


MESSAGES: Any = [{"role": "user", "content": "hi"}]
MIX = ["plain"] * 4 + ["stream", "stream", "abandoned", "dropped", "error", "cut", "timeout", "cancelled"]


class Held(NamedTuple):
    """What this process holds."""

    rss_kb: int
    sockets: int
    threads: int
    tasks: int


def held(tasks: int = 0) -> Held:
    gc.collect()
    sockets = 0
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            sockets += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[1])
    return Held(pages * os.sysconf("SC_PAGE_SIZE") // 1024, sockets, threading.active_count(), tasks)


def sync_call(client: martlet.OpenAI, kind: str, name: str) -> str:
    """One call of the mix; returns how it ended."""
    create: Any = client.with_options(default_headers={EXECUTED_ONCE: name}).chat.completions.create
    if kind == "plain":
        return str(create(model="plain", messages=MESSAGES).object)
    if kind in ("timeout", "cancelled"):  # a blocking call cannot be cancelled
        return _error_of(lambda: create(model="silent", messages=MESSAGES, timeout=0.005))
    if kind == "error":
        return _error_of(lambda: create(model="error", messages=MESSAGES))
    model = {"stream": "stream", "cut": "cut"}.get(kind, "endless")
    stream = create(model=model, messages=MESSAGES, stream=True)
    if kind == "abandoned":
        with stream:
            next(stream)
        return "abandoned"
    if kind == "dropped":
        next(stream)
        return "dropped"
    return _error_of(lambda: list(stream)) if kind == "cut" else f"{len(list(stream))} chunks"


def _error_of(call: Callable[[], object]) -> str:
    try:
        call()
    except martlet.APIError as error:
        return type(error).__name__
    return "returned"


async def async_call(client: martlet.AsyncOpenAI, kind: str, name: str) -> str:
    create: Any = client.with_options(default_headers={EXECUTED_ONCE: name}).chat.completions.create
    if kind == "plain":
        return str((await create(model="plain", messages=MESSAGES)).object)
    if kind == "cancelled":
        task = asyncio.ensure_future(create(model="silent", messages=MESSAGES))
        await asyncio.sleep(0.002)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return "cancelled"
    if kind == "timeout":
        return await _async_error_of(create(model="silent", messages=MESSAGES, timeout=0.005))
    if kind == "error":
        return await _async_error_of(create(model="error", messages=MESSAGES))
    model = {"stream": "stream", "cut": "cut"}.get(kind, "endless")
    stream = await create(model=model, messages=MESSAGES, stream=True)
    if kind == "abandoned":
        async with stream:
            await stream.__anext__()
        return "abandoned"
    if kind == "dropped":
        await stream.__anext__()
        return "dropped"
    return await _async_error_of(_all(stream)) if kind == "cut" else f"{len(await _all(stream))} chunks"


async def _all(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]


async def _async_error_of(call: Awaitable[object]) -> str:
    try:
        await call
    except martlet.APIError as error:
        return type(error).__name__
    return "returned"


ENDINGS = {
    "plain": "chat.completion",
    "stream": "10 chunks",
    "abandoned": "abandoned",
    "dropped": "dropped",
    "error": "BadRequestError",
    "cut": "StreamInterrupted",
    "timeout": "APITimeoutError",
}


class Mixed(NamedTuple):
    calls: int
    wrong: Counter[str]
    """Calls that did not end as their kind should."""
    before: Held
    after: Held
    """After as many calls again as before `before`."""
    twice: list[str]

    @property
    def ok(self) -> bool:
        return not self.wrong and not self.twice and self.after[1:] == self.before[1:]


def mixed_sync(server: Server, num_calls: int, num_threads: int = 4) -> Mixed:
    server.counts()
    wrong: Counter[str] = Counter()

    def half(start: int) -> Held:
        with martlet.OpenAI(api_key="EMPTY", base_url=server.url, max_retries=0) as client:

            def one(number: int) -> None:
                kind = MIX[number % len(MIX)]
                ending = sync_call(client, kind, f"sync-{number}")
                if ending != ENDINGS.get(kind, "APITimeoutError"):
                    wrong[f"{kind}: {ending}"] += 1

            with ThreadPoolExecutor(num_threads) as threads:
                for _ in threads.map(one, range(start, start + num_calls // 2)):
                    pass
        return held()

    before, after = half(0), half(num_calls // 2)
    return Mixed(num_calls, wrong, before, after, server.counts()["twice"])


def mixed_async(server: Server, num_calls: int, num_at_once: int = 32) -> Mixed:
    server.counts()
    wrong: Counter[str] = Counter()

    async def half(start: int) -> Held:
        numbers = iter(range(start, start + num_calls // 2))
        async with martlet.AsyncOpenAI(api_key="EMPTY", base_url=server.url, max_retries=0) as client:

            async def worker() -> None:
                for number in numbers:
                    kind = MIX[number % len(MIX)]
                    ending = await async_call(client, kind, f"async-{number}")
                    if ending != ENDINGS.get(kind, "cancelled"):
                        wrong[f"{kind}: {ending}"] += 1

            await asyncio.gather(*(worker() for _ in range(num_at_once)))
        await asyncio.sleep(0)
        return held(len(asyncio.all_tasks()))

    async def both() -> list[Held]:
        return [await half(0), await half(num_calls // 2)]

    before, after = asyncio.run(both())
    return Mixed(num_calls, wrong, before, after, server.counts()["twice"])


class Cancelled(NamedTuple):
    calls: int
    unseen: int
    """Cancelled calls whose connection the server still had open at the end."""
    late: int
    """Those whose end it saw later than 50 ms after the cancellation."""
    worst_s: float
    sockets_left: int

    @property
    def ok(self) -> bool:
        return self.unseen == self.late == self.sockets_left == 0


def cancellations(server: Server, num_calls: int, num_at_once: int = 8) -> Cancelled:
    """Tasks cancelled before the head has come. The monotonic clock is the same in both processes."""
    server.counts()
    cancelled_at: dict[str, float] = {}
    sockets = held().sockets

    async def run() -> int:
        numbers = iter(range(num_calls))
        async with martlet.AsyncOpenAI(api_key="EMPTY", base_url=server.url, max_retries=0) as client:

            async def worker() -> None:
                for number in numbers:
                    name = f"cancel-{number}"
                    headers = {EXECUTED_ONCE: name}
                    create: Any = client.chat.completions.create
                    call = create(model="silent", messages=MESSAGES, extra_headers=headers)
                    task = asyncio.ensure_future(call)
                    await asyncio.sleep(0.002 + 0.004 * random.random())
                    task.cancel()
                    cancelled_at[name] = time.monotonic()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task

            await asyncio.gather(*(worker() for _ in range(num_at_once)))
            await asyncio.sleep(0.1)
            return held().sockets - sockets - 2  # the pair that wakes the loop up

    left = asyncio.run(run())
    counts = server.counts()
    waits = [at - cancelled_at[name] for name, at in counts["closed_at"].items() if name]
    late = sum(wait > SEEN_WITHIN_S for wait in waits)
    return Cancelled(num_calls, counts["executed"] - len(waits), late, max(waits, default=0.0), left)


EXITS = {
    "sync": """
import martlet
client = martlet.OpenAI(api_key="EMPTY", base_url=URL)
client.chat.completions.create(model="plain", messages=[])
stream = client.chat.completions.create(model="endless", messages=[], stream=True)
next(stream)
""",
    "async": """
import asyncio, martlet
client = martlet.AsyncOpenAI(api_key="EMPTY", base_url=URL)
async def main():
    global stream
    await client.chat.completions.create(model="plain", messages=[])
    stream = await client.chat.completions.create(model="endless", messages=[], stream=True)
    await stream.__anext__()
asyncio.run(main())
""",
}


class Exits(NamedTuple):
    interpreters: int
    loud: list[str]
    """What those wrote that did not end in silence with status 0."""

    @property
    def ok(self) -> bool:
        return not self.loud


def exits(server: Server, num_interpreters: int) -> Exits:
    def one(number: int) -> str | None:
        program = EXITS[("sync", "async")[number % 2]].replace("URL", repr(server.url))
        command = [sys.executable, "-W", "error", "-c", program]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        silent = ended.returncode == 0 and not ended.stderr and not ended.stdout
        return None if silent else f"status {ended.returncode}: {ended.stderr[-300:]}"

    with ThreadPoolExecutor(2) as threads:
        found = [said for said in threads.map(one, range(num_interpreters)) if said is not None]
    return Exits(num_interpreters, found)


class Paced(NamedTuple):
    calls: int
    errors: Counter[str]
    executed: int
    twice: list[str]
    idle_closed: int
    """Connections that the server closed under the client."""

    @property
    def ok(self) -> bool:
        return not self.errors and not self.twice and self.executed == self.calls


def _pause_s(chance: random.Random) -> float:
    """Around the moment when the server or the client lets go of an idle connection."""
    return chance.choice((0.0, chance.uniform(0.0, 0.1), chance.uniform(*IDLE_S)))


def paced_sync(server: Server, num_calls: int, num_threads: int = 64) -> Paced:
    """Each thread has a client of its own, so that its connection idles for all of each pause."""
    server.counts()
    errors: Counter[str] = Counter()
    numbers = iter(range(num_calls))

    def worker(_: int) -> None:
        with martlet.OpenAI(
            api_key="EMPTY",
            base_url=server.impatient_url,
            max_retries=0,
            http_client=HTTPTransport(keep_alive_s=KEEP_ALIVE_S),
        ) as client:
            for number in numbers:
                time.sleep(_pause_s(random.Random(number)))
                headers = {EXECUTED_ONCE: f"paced-sync-{number}"}
                try:
                    client.chat.completions.create(model="plain", messages=MESSAGES, extra_headers=headers)
                except martlet.APIError as error:
                    errors[repr(error)] += 1

    with ThreadPoolExecutor(num_threads) as threads:
        list(threads.map(worker, range(num_threads)))
    counts = server.counts()
    return Paced(num_calls, errors, counts["executed"], counts["twice"], counts["idle_closed"])


def paced_async(server: Server, num_calls: int, num_at_once: int = 128) -> Paced:
    server.counts()
    errors: Counter[str] = Counter()
    numbers = iter(range(num_calls))

    async def worker() -> None:
        async with martlet.AsyncOpenAI(
            api_key="EMPTY",
            base_url=server.impatient_url,
            max_retries=0,
            http_client=AsyncHTTPTransport(keep_alive_s=KEEP_ALIVE_S),
        ) as client:
            create: Any = client.chat.completions.create
            for number in numbers:
                await asyncio.sleep(_pause_s(random.Random(number)))
                headers = {EXECUTED_ONCE: f"paced-async-{number}"}
                try:
                    await create(model="plain", messages=MESSAGES, extra_headers=headers)
                except martlet.APIError as error:
                    errors[repr(error)] += 1

    async def run() -> None:
        await asyncio.gather(*(worker() for _ in range(num_at_once)))

    asyncio.run(run())
    counts = server.counts()
    return Paced(num_calls, errors, counts["executed"], counts["twice"], counts["idle_closed"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Long and rough use of the client.")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--cancellations", type=int, default=10_000)
    parser.add_argument("--interpreters", type=int, default=200)
    parser.add_argument("--paced", type=int, default=10_000)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return 0
    half_calls, half_paced = options.calls // 2, options.paced // 2
    parts: list[tuple[Callable[[Server, int], Any], int]] = [
        (cancellations, options.cancellations),
        (exits, options.interpreters),
        (paced_sync, half_paced),
        (paced_async, half_paced),
        (mixed_sync, half_calls),
        (mixed_async, half_calls),
    ]
    all_ok = True
    with started() as server:
        for part, size in parts:
            if not size:
                continue
            began = time.perf_counter()
            result = part(server, size)
            took_s = time.perf_counter() - began
            all_ok = all_ok and result.ok
            print(f"{'ok  ' if result.ok else 'FAIL'} {part.__name__} ({took_s:.1f} s): {result}", flush=True)
    return 0 if all_ok else 1


if __name__ == "__main__":
    sys.exit(main())
