"""A server that answers at once with canned bytes, so that a client's own cost is what gets measured.

    python -m benchmarks.canned_server          prints its port, serves until its standard input closes

POST .../chat/completions answers one small completion; with `"stream":true` in the body it sends CHUNKS
chunks, one every INTERVAL_S seconds.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

CHUNKS = 100
INTERVAL_S = 0.02

REPLY = (
    b'{"id":"chatcmpl-0123456789abcdef","object":"chat.completion","created":1795382484,"model":"bench","choices":['
    b'{"index":0,"message":{"role":"assistant","content":"' + b"Hello there, how are you today? " * 16 + b'",'
    b'"refusal":null,"annotations":null,"audio":null,"function_call":null,"reasoning":null},"logprobs":null,'
    b'"finish_reason":"stop","stop_reason":null,"token_ids":null}],"service_tier":null,'
    b'"system_fingerprint":"vllm-0.32.0-fc378a08","usage":{"prompt_tokens":5,"total_tokens":9,"completion_tokens":4,'
    b'"prompt_tokens_details":null},"prompt_logprobs":null,"prompt_token_ids":null,"kv_transfer_params":null}'
)
CHUNK_HEAD = (
    b'data: {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1795382777,'
    b'"model":"bench","choices":[{"index":0,"delta":'
)
ROLE = CHUNK_HEAD + b'{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n'
TOKEN = CHUNK_HEAD + b'{"content":" token"},"logprobs":null,"finish_reason":null,"token_ids":null}]}\n\n'
LAST = CHUNK_HEAD + b'{"content":"."},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\n'
DONE = b"data: [DONE]\n\n"


def response(content_type: bytes, framing: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nserver: canned\r\ncontent-type: "
        + content_type
        + b"\r\n"
        + framing
        + b"\r\n\r\n"
    )


def http_chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


WHOLE = response(b"application/json", b"content-length: %d" % len(REPLY)) + REPLY
STREAM_HEAD = response(b"text/event-stream; charset=utf-8", b"transfer-encoding: chunked")


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
            self.answer(b'"stream":true' in body.replace(b": ", b":"))

    def answer(self, streamed: bool) -> None:
        if not streamed:
            self.transport.write(WHOLE)
            return
        task = asyncio.ensure_future(self.stream())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def stream(self) -> None:
        self.transport.write(STREAM_HEAD + http_chunk(ROLE))
        for _ in range(CHUNKS - 2):
            await asyncio.sleep(INTERVAL_S)
            self.transport.write(http_chunk(TOKEN))
        await asyncio.sleep(INTERVAL_S)
        self.transport.write(http_chunk(LAST) + http_chunk(DONE) + b"0\r\n\r\n")


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    if sys.platform != "win32":
        import uvloop

        uvloop.run(main())
    else:
        asyncio.run(main())
