"""A server that answers at once with canned bytes, so that a client's own cost is what gets measured.

    python -m benchmarks.canned_server          prints its port, serves until its standard input closes

It reads of a request what `canned_replies` needs to know: the model's name, and whether to stream.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import cast

from benchmarks.canned_replies import (
    DONE,
    LAST,
    ROLE,
    STREAM_HEAD,
    WHOLE,
    Stream,
    chunk_with_logprobs,
    http_chunk,
    vectors,
    with_logprobs,
)

SIZED = re.compile(rb'"model": ?"(logprobs|vectors|paced)-(\d+)-(\d+)"')
STREAMED = re.compile(rb'"stream": ?true')
BACKLOG = 8192


class Connection(asyncio.Protocol):
    """One keep-alive connection: just enough HTTP to tell the requests apart."""

    def __init__(self) -> None:
        self.buffer = b""
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        for task in self.tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            self.answer(body)

    def answer(self, body: bytes) -> None:
        sized = SIZED.search(body)
        kind, sizes = (sized[1], (int(sized[2]), int(sized[3]))) if sized else (b"", (0, 0))
        if not STREAMED.search(body):
            wholes = {b"logprobs": with_logprobs, b"vectors": vectors}
            self.transport.write(wholes[kind](*sizes) if kind in wholes else WHOLE)
        elif kind == b"paced":
            self.start(Stream(sizes[0], sizes[1] / 1000))
        elif kind == b"logprobs":
            self.start(Stream(sizes[0], 0, chunk_with_logprobs(sizes[1])))
        else:
            self.start(Stream())

    def start(self, stream: Stream) -> None:
        task = asyncio.ensure_future(self.send(stream))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def send(self, stream: Stream) -> None:
        self.transport.write(STREAM_HEAD + http_chunk(ROLE))
        token = http_chunk(stream.token)
        for _ in range(stream.num_chunks - 2):
            await asyncio.sleep(stream.interval_s)
            self.transport.write(token)
        await asyncio.sleep(stream.interval_s)
        self.transport.write(http_chunk(LAST) + http_chunk(DONE) + b"0\r\n\r\n")


def allow_many_sockets() -> None:
    """Raise this process's limit of open files as far as it may: the default of 1024 is too few."""
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextlib.contextmanager
def started() -> Iterator[str]:
    """Run the server in a process of its own. Yields the `base_url` for clients."""
    command = [sys.executable, "-m", "benchmarks.canned_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.communicate()


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    allow_many_sockets()
    if sys.platform != "win32":
        import uvloop

        uvloop.run(main())
    else:
        asyncio.run(main())
