"""Long and rough use of the server: clients that send nonsense, vanish, dawdle, or never stop.

    python -m benchmarks.server_soak [--malformed 10000] [--killed 1000] [--dawdling 500] [--half-closed 500]
                                     [--idle 10000] [--minutes 30] [--model FOLDER]

Starts `martlet serve`, prints one line for each part and exits with 1 if any of them failed. After each part
the server must be without work, blocks in use and open connections, as it was before; memory is told.

- malformed: requests to every endpoint, wrong in one way or more. No status of 500, no request without an
  answer.
- killed: streams whose client goes away in the middle, half of them with a reset.
- dawdling: clients that send a byte now and then; others are served meanwhile.
- half_closed: clients that close their sending side behind a request.
- idle: connections that do nothing; others are served meanwhile.
- mixed: calls, streams, several choices, long prompts, schemas, errors, clients that leave, for minutes. No
  reply may get lost; memory may not grow from the first third to the last. The KV cache is small, so that its
  pages have all been touched by then.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import copy
import json
import os
import random
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HOUSE = Path(__file__).parent.parent / "src" / "martlet" / "house"
READY = re.compile(r"serving (\S+) at http://([\d.]+):(\d+)")
TIMEOUT_S = 60.0
CLIENT_TIMEOUT_S = 5.0
KV_CACHE_BYTES = "24M"
AT_ONCE = 32
MAX_GROWTH_MB = 20.0
MESSAGES = [{"role": "user", "content": "Hello!"}]
BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {
        "model": "soak", "messages": MESSAGES, "max_tokens": 3, "temperature": 0.5, "top_p": 0.9, "top_k": 5,
        "n": 2, "stop": ["x"], "logprobs": True, "top_logprobs": 2, "seed": 1, "stream": False,
        "logit_bias": {"5": 1.0}, "presence_penalty": 0.1, "stream_options": None, "user": "me",
        "response_format": {"type": "text"}, "tools": None, "chat_template_kwargs": {}, "min_tokens": 1,
    },
    "/v1/completions": {
        "model": "soak", "prompt": "Hello", "max_tokens": 3, "echo": True, "logprobs": 1, "n": 1,
        "stop_token_ids": [3], "bad_words": ["x"], "prompt_logprobs": 1, "structured_outputs": None,
    },
    "/v1/responses": {"model": "soak", "input": "Hello", "max_output_tokens": 3, "store": False},
    "/v1/messages": {"model": "soak", "messages": MESSAGES, "max_tokens": 3},
    "/tokenize": {"model": "soak", "prompt": "Hello", "add_special_tokens": True},
    "/detokenize": {"model": "soak", "tokens": [1, 2, 3]},
    "/invocations": {"messages": MESSAGES, "max_tokens": 2},
    "/v1/embeddings": {"model": "soak", "input": "Hello"},
    "/v1/load_lora_adapter": {"lora_name": "a", "lora_path": "/nowhere"},
}  # fmt: skip
STRANGE: list[Any] = [
    None, True, -1, 0, 1, 2, 2**31, 2**63, -(2**70), 0.5, 1e308, -1e-300, "", "x", "\u0000", "x" * 5000, [],
    "\U0001f600" * 50, [[]], [None], ["a", 1], [1, -1, 2**40], {}, {"a": {}}, {"type": "json_schema"},
    {"role": "user"},
]  # fmt: skip
METHODS = ("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW")
PATHS = (
    "/",
    "//",
    "/v1",
    "/v1/models/x/y",
    "/v1/chat/completions/",
    "/%00",
    "/..%2f..",
    "/v1/files/../x",
    "/\u00ff",
)


# --- the server --------------------------------------------------------------------------------------------


class State(NamedTuple):
    """What the server holds."""

    memory_mb: float
    num_files: int
    num_requests: float
    kv_usage: float


class Server:
    """A running `martlet serve`."""

    def __init__(self, process: subprocess.Popen[str], host: str, port: int) -> None:
        self.process, self.host, self.port = process, host, port

    def state(self) -> State:
        with urllib.request.urlopen(f"http://{self.host}:{self.port}/metrics", timeout=TIMEOUT_S) as reply:
            page = reply.read().decode()
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (resident,) = re.findall(r"VmRSS:\s+(\d+)", status)
        return State(
            int(resident) / 1024,
            len(os.listdir(f"/proc/{self.process.pid}/fd")),
            _figure(page, "vllm:num_requests_running") + _figure(page, "vllm:num_requests_waiting"),
            _figure(page, "vllm:kv_cache_usage_perc"),
        )

    def rested(self, before: State) -> State:
        """Return the state as soon as nothing is held that was not `before`, or after a while."""
        deadline = time.monotonic() + 2 * CLIENT_TIMEOUT_S + 5
        while True:
            state = self.state()
            is_clean = state.num_requests == 0 and state.kv_usage == 0
            if (is_clean and state.num_files <= before.num_files) or time.monotonic() > deadline:
                return state
            time.sleep(0.1)


def _figure(page: str, name: str) -> float:
    return sum(float(value) for value in re.findall(rf"^{name}{{.*}} (\S+)$", page, re.MULTILINE))


@contextlib.contextmanager
def started(model: Path = HOUSE) -> Iterator[Server]:
    command = [sys.executable, "-m", "martlet", "serve", str(model), "--served-model-name", "soak"]
    command += ["--port", "0", "--disable-access-log", "--client-timeout", str(CLIENT_TIMEOUT_S)]
    command += ["--kv-cache-memory-bytes", KV_CACHE_BYTES]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    found = READY.search(process.stderr.readline())
    assert found is not None, process.stderr.read()
    try:
        yield Server(process, found[2], int(found[3]))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        process.stderr.close()


# --- one connection ----------------------------------------------------------------------------------------


class Connection(NamedTuple):
    """A client that can do what no library would."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answer(self, is_head: bool = False) -> tuple[int, bytes]:
        """Read one whole answer."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        length = re.search(rb"\r\ncontent-length: (\d+)", head)
        if is_head or status in (204, 304):
            return status, b""
        if length is not None:
            return status, await self.reader.readexactly(int(length[1]))
        assert b"transfer-encoding: chunked" in head, head
        return status, await self._chunks()

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            body += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readexactly(2)
        return body

    def reset(self) -> None:
        """Go away without a word."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@contextlib.asynccontextmanager
async def connected(server: Server) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection(server.host, server.port, limit=2**24)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def encoded(method: str, path: str, body: bytes, content_type: str = "application/json") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nhost: soak\r\ncontent-type: {content_type}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode("latin-1", "replace") + body


async def in_turn(
    act: Callable[[random.Random], Coroutine[Any, Any, str]], count: int, seed: str
) -> Counter[str]:
    """Do something `count` times, AT_ONCE of it together; count what came of it."""
    numbers = iter(range(count))
    found: Counter[str] = Counter()

    async def worker() -> None:
        for number in numbers:
            try:
                found[await asyncio.wait_for(act(random.Random(f"{seed}-{number}")), TIMEOUT_S)] += 1
            except (OSError, EOFError, asyncio.TimeoutError) as error:
                found[f"lost: {type(error).__name__} at {number}"] += 1

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return found


async def served(server: Server) -> None:
    """Have an ordinary request answered, or raise."""
    async with connected(server) as client:
        client.writer.write(encoded("POST", "/v1/completions", _json(BODIES["/v1/completions"])))
        status, _ = await asyncio.wait_for(client.answer(), TIMEOUT_S)
        assert status == 200, status


def _json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


# --- nonsense ----------------------------------------------------------------------------------------------


def spoiled(chance: random.Random) -> tuple[bytes, bool]:
    """Return a request that is wrong in some way, and whether it is a HEAD."""
    path = chance.choice(list(BODIES))
    method, content_type = "POST", "application/json"
    value: Any = copy.deepcopy(BODIES[path])
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        _spoil(value, chance)
    body = _json(value)
    kind = chance.random()
    if kind < 0.1:
        body = body[: chance.randrange(len(body) + 1)]
    elif kind < 0.2:
        broken = bytearray(body)
        for _ in range(chance.randint(1, 5)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        body = bytes(broken)
    elif kind < 0.23:
        body = chance.choice(
            (b"[" * 50_000, b'{"a":' * 5000, b'{"messages":' + b"[" * 3000 + b"]" * 3000 + b"}")
        )
    elif kind < 0.26:
        content_type = chance.choice(
            ("text/plain", "", "application/json; charset=utf-16", "multipart/form-data")
        )
    elif kind < 0.29:
        method = chance.choice(METHODS)
    elif kind < 0.32:
        path = chance.choice(PATHS)
    return encoded(method, path, body, content_type), method == "HEAD"


def _spoil(value: dict[str, Any], chance: random.Random) -> None:
    key = chance.choice([*value, "unknown"])
    inner = value.get(key)
    how = chance.random()
    if how < 0.15 and key in value:
        del value[key]
    elif how < 0.4 and isinstance(inner, dict) and inner:
        _spoil(inner, chance)
    elif how < 0.5 and isinstance(inner, list) and inner and isinstance(inner[0], dict):
        _spoil(inner[0], chance)
    else:
        value[key] = copy.deepcopy(chance.choice(STRANGE))


async def malformed(server: Server, count: int) -> Counter[str]:
    async def one(chance: random.Random) -> str:
        request, is_head = spoiled(chance)
        async with connected(server) as client:
            client.writer.write(request)
            status, body = await client.answer(is_head)
        if (status >= 500 and status != 501) or b"Traceback" in body:
            return f"lost: {status} for {request!r}: {body!r}"
        return str(status)

    return await in_turn(one, count, "malformed")


# --- clients that vanish or dawdle -------------------------------------------------------------------------


def _stream(chance: random.Random) -> bytes:
    body = {
        "prompt": "Hello",
        "max_tokens": 400,
        "ignore_eos": True,
        "stream": True,
        "seed": chance.randrange(99),
    }
    return encoded("POST", "/v1/completions", _json(body))


async def killed(server: Server, count: int) -> Counter[str]:
    async def one(chance: random.Random) -> str:
        async with connected(server) as client:
            client.writer.write(_stream(chance))
            if wanted := chance.choice((0, 1, 300, 3000)):
                await client.reader.readexactly(wanted)
            if chance.random() < 0.5:
                client.reset()
        return "gone"

    return await in_turn(one, count, "killed")


async def half_closed(server: Server, count: int) -> Counter[str]:
    async def one(chance: random.Random) -> str:
        async with connected(server) as client:
            request = _stream(chance)
            client.writer.write(
                request if chance.random() < 0.5 else request[: chance.randrange(len(request))]
            )
            client.writer.write_eof()
            with contextlib.suppress(ConnectionResetError):
                await client.reader.read()
        return "ended"

    return await in_turn(one, count, "half-closed")


async def dawdling(server: Server, count: int) -> Counter[str]:
    async def dawdle(number: int) -> str:
        async with connected(server) as client:
            request = _stream(random.Random(number))
            for at in range(len(request)):
                try:
                    client.writer.write(request[at : at + 1])
                    await client.writer.drain()
                    answer = await asyncio.wait_for(client.reader.read(100), 0.5)
                    return "cut off" if not answer or b" 408 " in answer else f"lost: {answer!r}"
                except asyncio.TimeoutError:
                    continue
                except ConnectionError:
                    return "cut off"
        return "lost: never cut off"

    others = asyncio.ensure_future(_others(server))
    found = Counter(await asyncio.gather(*(dawdle(number) for number in range(count))))
    others.cancel()
    return found + await _count_of(others)


async def idle(server: Server, count: int) -> Counter[str]:
    import resource

    resource.setrlimit(
        resource.RLIMIT_NOFILE, (min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2
    )
    sockets = []
    before = server.state().num_files
    for _ in range(count):
        sockets.append(socket.create_connection((server.host, server.port), timeout=TIMEOUT_S))
        if len(sockets) % 500 == 0:
            await served(server)
    held = server.state().num_files - before
    for each in sockets:
        each.close()
    return Counter({"held": held} if held >= count * 0.99 else {f"lost: only {held} held": 1})


async def _others(server: Server) -> int:
    """Have ordinary requests served until cancelled; return how many."""
    count = 0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            await served(server)
            count += 1
            await asyncio.sleep(0.02)
    return count


async def _count_of(others: asyncio.Future[int]) -> Counter[str]:
    return Counter({"served meanwhile": await others})


# --- everything together -----------------------------------------------------------------------------------


async def mixed(server: Server, minutes: float) -> Counter[str]:
    found: Counter[str] = Counter()
    memory: list[float] = []
    end = time.monotonic() + 60 * minutes

    async def worker(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < end:
            kind = chance.choice(("call", "stream", "choices", "long", "error", "leave", "schema"))
            try:
                found[await asyncio.wait_for(_act(server, kind, chance), 4 * TIMEOUT_S)] += 1
            except (OSError, EOFError, asyncio.TimeoutError, AssertionError) as error:
                found[f"lost: {kind} {error!r}"] += 1

    async def watch() -> None:
        while time.monotonic() < end:
            await asyncio.sleep(min(5.0, 2 * minutes))
            memory.append((await asyncio.to_thread(server.state)).memory_mb)

    await asyncio.gather(watch(), *(worker(number) for number in range(AT_ONCE)))
    third = max(1, len(memory) // 3)
    growth = statistics.median(memory[-third:]) - statistics.median(memory[:third])
    if growth > MAX_GROWTH_MB:
        found[f"lost: memory grew by {growth:.1f} MB, {memory}"] += 1
    found[f"memory from {memory[0]:.0f} to {memory[-1]:.0f} MB, growth of the medians {growth:+.1f}"] += 1
    return found


async def _act(server: Server, kind: str, chance: random.Random) -> str:
    body: dict[str, Any] = {"prompt": "Hello", "max_tokens": chance.randint(1, 60), "ignore_eos": True}
    if kind == "choices":
        body |= {"n": 4, "temperature": 1.0}
    elif kind == "long":
        body["prompt"] = [chance.randrange(3, 200) for _ in range(chance.randint(100, 400))]
    elif kind == "error":
        body["temperature"] = -1
    elif kind == "schema":
        body |= {"structured_outputs": {"regex": "[a-z]{3}[0-9]{2}"}, "ignore_eos": False}
    body["stream"] = kind in ("stream", "leave")
    async with connected(server) as client:
        client.writer.write(encoded("POST", "/v1/completions", _json(body)))
        if kind == "leave":
            await client.reader.read(chance.randrange(1, 2000))
            return kind
        status, text = await client.answer()
    assert status == (400 if kind == "error" else 200), (status, text)
    if kind == "stream":
        assert text.endswith(b"data: [DONE]\n\n"), text[-200:]
        assert text.count(b'"finish_reason":"length"') == 1, text
    elif kind != "error":
        assert len(json.loads(text)["choices"]) == body.get("n", 1), text
    return kind


# --- parts -------------------------------------------------------------------------------------------------


Part = Callable[[Server, Any], Coroutine[Any, Any, "Counter[str]"]]
PARTS: dict[str, Part] = {
    "malformed": malformed,
    "killed": killed,
    "half_closed": half_closed,
    "dawdling": dawdling,
    "idle": idle,
    "mixed": mixed,
}
SIZES: dict[str, float] = {
    "malformed": 10_000, "killed": 1000, "half_closed": 500, "dawdling": 500, "idle": 10_000, "mixed": 30.0,
}  # fmt: skip


class Result(NamedTuple):
    """What came of one part."""

    found: Counter[str]
    before: State
    after: State

    @property
    def failures(self) -> list[str]:
        lost = [what for what in self.found if what.startswith("lost")]
        if self.after.num_requests or self.after.kv_usage:
            lost.append(f"work is left: {self.after}")
        if self.after.num_files > self.before.num_files:
            lost.append(f"connections are left: {self.after.num_files}, before {self.before.num_files}")
        return lost


def run_part(server: Server, name: str, size: float) -> Result:
    """Run one part against a server that has nothing to do."""
    before = server.state()
    found = asyncio.run(PARTS[name](server, size if name == "mixed" else int(size)))
    return Result(found, before, server.rested(before))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name, size in SIZES.items():
        flag = "--minutes" if name == "mixed" else f"--{name.replace('_', '-')}"
        parser.add_argument(flag, dest=name, type=float, default=size, metavar="N")
    parser.add_argument("--model", type=Path, default=HOUSE)
    options = vars(parser.parse_args())
    all_ok = True
    with started(options["model"]) as server:
        run_part(server, "malformed", 300)  # what a first use allocates is no leak
        for name in PARTS:
            if not options[name]:
                continue
            began = time.monotonic()
            result = run_part(server, name, options[name])
            all_ok = all_ok and not result.failures
            memory = f"{result.before.memory_mb:.0f} to {result.after.memory_mb:.0f} MB"
            took = f"{time.monotonic() - began:.0f} s"
            print(f"{'FAIL' if result.failures else 'ok  '} {name} ({took}), {memory}: ", end="")
            print(
                *(result.failures or (f"{what}: {count}" for what, count in result.found.items())),
                sep=", ",
                flush=True,
            )
        is_alive = server.process.poll() is None
    return 0 if all_ok and is_alive else 1


if __name__ == "__main__":
    sys.exit(main())
