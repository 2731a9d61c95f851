"""One measurement of one client package, made in a process of its own by `benchmarks.client`.

Each takes the package's name, the server's base URL and sizes, and returns figures by name. CPU is the user
and system time of this process.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import socket
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

CALL: dict[str, Any] = {
    "model": "bench",
    "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Hello! How are you?"},
    ],
    "max_tokens": 64,
}
Figures = dict[str, float]


class Sizes(NamedTuple):
    """How much is measured at a time."""

    sync_calls: int = 300
    async_calls: int = 1280
    in_flight: int = 64
    exchanges: int = 2000
    streams: int = 400
    chunks: int = 60
    interval_ms: int = 100
    burst: int = 1000
    tokens: int = 32768
    rivals: int = 0
    vectors: int = 2048
    dimensions: int = 1536
    repeats: int = 3
    uvloop: bool = False


# --- calls ------------------------------------------------------------------------------------------


def sync_calls(package: str, url: str, sizes: Sizes) -> Figures:
    with _client(package, url) as client:
        create = client.chat.completions.create
        for _ in range(20):
            create(**CALL)
        with measured() as took:
            for _ in range(sizes.sync_calls):
                create(**CALL)
    return {"CPU us": took["cpu"] / sizes.sync_calls * 1e6, "wall us": took["wall"] / sizes.sync_calls * 1e6}


def latency(package: str, url: str, sizes: Sizes) -> Figures:
    """Time calls of an idle client, each beside a bare exchange of the same bytes with the same server."""
    calls: list[float] = []
    exchanges: list[float] = []
    with _client(package, url) as client, _Exchange(url) as exchange:
        create = client.chat.completions.create
        for i in range(-20, sizes.exchanges):
            for times, act in ((exchanges, exchange.run), (calls, lambda: create(**CALL))):
                began = time.perf_counter()
                act()
                if i >= 0:
                    times.append((time.perf_counter() - began) * 1e6)
    figures: Figures = {}
    for name, percent in (("p50", 50), ("p99", 99)):
        call, exchanged = _percentile(calls, percent), _percentile(exchanges, percent)
        figures |= {f"added {name}": call - exchanged, f"call {name}": call, f"socket {name}": exchanged}
    return figures


class _Exchange:
    """A request and its answer over a bare socket that stays open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        body = json.dumps(CALL, separators=(",", ":")).encode()
        head = f"POST {parts.path}/chat/completions HTTP/1.1\r\nhost: {parts.netloc}\r\n"
        self._request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
        self._socket = socket.create_connection((parts.hostname, parts.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._num_bytes = 0
        self._num_bytes = len(self.run())

    def run(self) -> bytes:
        self._socket.sendall(self._request)
        answer = self._socket.recv(65536)
        while len(answer) < self._num_bytes:
            answer += self._socket.recv(65536)
        return answer

    def __enter__(self) -> _Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def async_calls(package: str, url: str, sizes: Sizes) -> Figures:
    async def main() -> Figures:
        async with _async_client(package, url) as client:
            create = client.chat.completions.create
            await _calls(create, sizes.in_flight * 2, sizes.in_flight)
            with measured() as took:
                await _calls(create, sizes.async_calls, sizes.in_flight)
        return {
            "CPU us": took["cpu"] / sizes.async_calls * 1e6,
            "calls/s": sizes.async_calls / took["wall"],
        }

    return run(main, sizes)


def calls_at_once(package: str, url: str, sizes: Sizes) -> Figures:
    """Make as many calls as `burst` says with a fresh client of default settings, `in_flight` at a time.

    Another client has made a call before, so that all modules are loaded.
    """

    async def main() -> Figures:
        async with _async_client(package, url) as other:
            await other.chat.completions.create(**CALL)
        failures: Counter[str] = Counter()
        async with _async_client(package, url) as client:

            async def create(**params: Any) -> None:
                try:
                    await client.chat.completions.create(**params)
                except Exception as error:  # noqa: BLE001  # any failure is a result here
                    failures[type(error).__name__] += 1

            with measured() as took:
                await _calls(create, sizes.burst, sizes.in_flight)
        if failures:
            print(f"{package}: {dict(failures)}", file=sys.stderr)
        num_failed = failures.total()
        return {
            "failed": num_failed,
            "CPU us": took["cpu"] / sizes.burst * 1e6,
            "calls/s": (sizes.burst - num_failed) / took["wall"],
        }

    return run(main, sizes)


async def _calls(create: Callable[..., Coroutine[Any, Any, Any]], total: int, in_flight: int) -> None:
    async def worker(count: int) -> None:
        for _ in range(count):
            await create(**CALL)

    shares = [len(range(i, total, in_flight)) for i in range(min(in_flight, total))]
    await asyncio.gather(*map(worker, shares))


# --- streams ----------------------------------------------------------------------------------------


def paced_streams(package: str, url: str, sizes: Sizes) -> Figures:
    """Read many streams at once whose chunks come at a steady rate."""
    model = f"paced-{sizes.chunks}-{sizes.interval_ms}"
    return _streams(package, url, sizes, model, sizes.streams)


def streamed_logprobs(package: str, url: str, sizes: Sizes) -> Figures:
    """Read one stream, as fast as it comes, whose chunks have log probabilities, and read those."""
    return _streams(package, url, sizes, f"logprobs-{sizes.chunks}-{sizes.rivals}", 1)


def _streams(package: str, url: str, sizes: Sizes, model: str, num_streams: int) -> Figures:
    async def main() -> Figures:
        async with _async_client(package, url) as client:

            async def consume(model: str) -> int:
                count = 0
                async for chunk in await client.chat.completions.create(
                    **{**CALL, "model": model}, stream=True
                ):
                    choice = chunk.choices[0]
                    count += choice.delta.content is not None
                    if choice.logprobs is not None:
                        assert choice.logprobs.content[0].logprob <= 0
                return count

            assert await consume("paced-10-0") == 10
            with measured() as took:
                counts = await asyncio.gather(*[consume(model) for _ in range(num_streams)])
            assert counts == [sizes.chunks] * num_streams
        return {"CPU us": took["cpu"] / (num_streams * sizes.chunks) * 1e6}

    return run(main, sizes)


# --- large replies ----------------------------------------------------------------------------------


def logprobs(package: str, url: str, sizes: Sizes) -> Figures:
    """Decode a long reply with log probabilities, read those, and read all that the entries have."""
    params = {**CALL, "model": f"logprobs-{sizes.tokens}-{sizes.rivals}", "logprobs": True}

    def read(reply: Any) -> int:
        return sum(entry.logprob <= 0 for entry in reply.choices[0].logprobs.content)

    def read_all(reply: Any) -> int:
        total = 0
        for entry in reply.choices[0].logprobs.content:
            total += len(entry.bytes) + len(entry.token)
            total += sum(len(rival.bytes) for rival in entry.top_logprobs)
        return total

    with _client(package, url) as client:
        create = client.chat.completions.with_raw_response.create
        assert read(create(**params).parse()) == sizes.tokens
        figures: list[Figures] = []
        for _ in range(sizes.repeats):
            gc.collect()
            with measured() as receiving:
                raw = create(**params)
            with measured() as decoding:
                reply = raw.parse()
            with measured() as reading:
                assert read(reply) == sizes.tokens
            with measured() as reading_all:
                assert read_all(reply) > sizes.tokens
            decoded_ms = decoding["cpu"] * 1e3
            figures.append(
                {
                    "decode CPU ms": decoded_ms,
                    "+ logprobs": decoded_ms + reading["cpu"] * 1e3,
                    "+ all fields": decoded_ms + reading_all["cpu"] * 1e3,
                    "call CPU ms": decoded_ms + receiving["cpu"] * 1e3,
                }
            )
            del raw, reply
    return _medians(figures)


def embeddings(package: str, url: str, sizes: Sizes) -> Figures:
    """Get vectors, and look at them all: as lists of floats, and as one matrix of NumPy's."""
    params: dict[str, Any] = {
        "model": f"vectors-{sizes.vectors}-{sizes.dimensions}",
        "input": [f"text {i}" for i in range(sizes.vectors)],
    }
    with _client(package, url) as client:

        def get() -> Any:
            return client.embeddings.create(**params)

        def get_lists() -> Any:
            vectors = [item.embedding for item in get().data]
            assert all(type(vector) is list for vector in vectors)
            return vectors

        def get_matrix() -> Any:
            return _matrix(package, get().data)

        assert get_matrix().tolist() == get_lists()
        figures: list[Figures] = []
        for _ in range(sizes.repeats):
            one: Figures = {}
            for name, act in (("call", get), ("+ NumPy", get_matrix), ("+ lists", get_lists)):
                gc.collect()
                with measured() as took:
                    result = act()
                del result
                one["call CPU ms" if act is get else name] = took["cpu"] * 1e3
            figures.append(one)
    return _medians(figures)


def _matrix(package: str, items: Sequence[Any]) -> Any:
    """Make one float32 matrix in the fastest way that the package offers."""
    import numpy as np

    if package != "martlet":
        return np.array([item.embedding for item in items], "<f4")
    matrix = np.empty((len(items), len(items[0].embedding_bytes) // 4), "<f4")
    for row, item in zip(matrix, items, strict=True):
        row[:] = np.frombuffer(item.embedding_bytes, "<f4")
    return matrix


# --- helpers ----------------------------------------------------------------------------------------


def _client(package: str, url: str) -> Any:
    return importlib.import_module(package).OpenAI(api_key="EMPTY", base_url=url)


def _async_client(package: str, url: str) -> Any:
    return importlib.import_module(package).AsyncOpenAI(api_key="EMPTY", base_url=url)


def run(main: Callable[[], Coroutine[Any, Any, Figures]], sizes: Sizes) -> Figures:
    if sizes.uvloop:
        import uvloop

        figures: Figures = uvloop.run(main())
        return figures
    return asyncio.run(main())


@contextlib.contextmanager
def measured() -> Iterator[Figures]:
    took: Figures = {}
    cpu, wall = time.process_time(), time.perf_counter()
    yield took
    took["cpu"], took["wall"] = time.process_time() - cpu, time.perf_counter() - wall


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _medians(figures: Sequence[Figures]) -> Figures:
    return {name: statistics.median(one[name] for one in figures) for name in figures[0]}
