"""A real loopback server that plays scripts: each request gets the next scene, byte by byte as written.

A scene is a list of actions for one request: bytes to send, `CLOSE` (FIN), `RESET` (RST), `SILENCE` (until
the client goes), or a `threading.Event` to wait for. After it, the connection is kept for the next request.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from typing import Any

CLOSE, RESET, SILENCE = object(), object(), object()
PATIENCE_S = 60.0
"""Longer than anything takes, on a busy machine too: running into it is a failure."""
Scene = Sequence[Any]


class Seen:
    """A request as the server read it."""

    def __init__(self, head: bytes, body: bytes, connection: int) -> None:
        line, *rest = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = line.split(" ", 2)
        self.headers = {name.lower(): value for name, value in (item.split(": ", 1) for item in rest if item)}
        self.body = body
        self.connection = connection
        """Number of the connection that it came on, from 0."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ScriptedServer:
    """Plays `scenes` in the order of requests, the last for ever; a function makes one from its request."""

    def __init__(self, *scenes: Scene | Callable[[Seen], Scene]) -> None:
        self.scenes = scenes
        self.seen: list[Seen] = []
        self.num_connections = 0
        self.gone = threading.Semaphore(0)
        """Released each time a client closes its connection."""
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # else its thread waits in accept for ever
        self._listener.close()
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)  # its thread wakes up, and closes it

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                number = self.num_connections
                self.num_connections += 1
                self._sockets.append(sock)
            threading.Thread(target=self._serve, args=(sock, number), daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            while (request := _read_request(sock, number)) is not None:
                with self._lock:
                    scene = self.scenes[min(len(self.seen), len(self.scenes) - 1)]
                    self.seen.append(request)
                if not self._play(sock, scene(request) if callable(scene) else scene):
                    return
            self.gone.release()
        except OSError:
            self.gone.release()
        finally:
            sock.close()

    def _play(self, sock: socket.socket, scene: Scene) -> bool:
        for action in scene:
            if action is CLOSE:
                return False
            if action is RESET:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            if action is SILENCE:
                while sock.recv(65536):
                    pass
                raise OSError("the client went")
            if isinstance(action, threading.Event):
                action.wait(PATIENCE_S)
            else:
                sock.sendall(action)
        return True


def _read_request(sock: socket.socket, number: int) -> Seen | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    seen = Seen(head, body, number)
    length = int(seen.headers.get("content-length", 0))
    while len(seen.body) < length:
        seen.body += sock.recv(65536)
    return seen


# --- bytes that vLLM 0.32 sends ---------------------------------------------------------------------


def http(
    status: int = 200,
    body: bytes | str | dict[str, Any] = b"",
    content_type: str = "application/json",
    **headers: str,
) -> bytes:
    """A whole answer. Underscores in header names stand for hyphens."""
    content = (
        json.dumps(body).encode()
        if isinstance(body, dict)
        else body.encode()
        if isinstance(body, str)
        else body
    )
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}"]
    if content_type:
        lines.append(f"content-type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def chunked(data: bytes) -> bytes:
    """One HTTP chunk."""
    return b"%x\r\n%s\r\n" % (len(data), data)


SSE_HEAD = (
    b"HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"x-request-id: req-7\r\ntransfer-encoding: chunked\r\n\r\n"
)
END = b"0\r\n\r\n"
DONE = chunked(b"data: [DONE]\n\n")


def frame(payload: dict[str, Any] | str) -> bytes:
    """One server-sent event in one HTTP chunk, as uvicorn writes it."""
    text = payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))
    return chunked(f"data: {text}\n\n".encode())


def chunk(
    content: str | None = None,
    *,
    finish: str | None = None,
    index: int = 0,
    role: str | None = None,
    **delta: Any,
) -> bytes:
    """One chat chunk."""
    change: dict[str, Any] = {}
    if role is not None:
        change["role"] = role
    if content is not None:
        change["content"] = content
    change.update(delta)
    choice = {"index": index, "delta": change, "logprobs": None, "finish_reason": finish, "token_ids": None}
    if finish is not None:
        choice["stop_reason"] = None
    return frame(
        {
            "id": "chatcmpl-960718fa7e330722",
            "object": "chat.completion.chunk",
            "created": 1795382777,
            "model": "tiny",
            "choices": [choice],
        }
    )


def usage_chunk() -> bytes:
    usage = {"prompt_tokens": 5, "total_tokens": 9, "completion_tokens": 4}
    head = {"id": "chatcmpl-960718fa7e330722", "object": "chat.completion.chunk", "created": 1795382777}
    return frame({**head, "model": "tiny", "choices": [], "usage": usage})


HELLO = [chunk("", role="assistant"), chunk("Hel"), chunk("lo"), chunk("!", finish="stop")]
"""The frames of a short reply, up to its finish_reason."""
STREAM = [SSE_HEAD, *HELLO, DONE, END]
"""A whole stream."""

CHAT: dict[str, Any] = {
    "id": "chatcmpl-ac5c37a4ea6192ee",
    "object": "chat.completion",
    "created": 1795382484,
    "model": "tiny",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Hello!",
                "refusal": None,
                "annotations": None,
                "audio": None,
                "function_call": None,
                "reasoning": None,
            },
            "logprobs": None,
            "finish_reason": "stop",
            "stop_reason": None,
            "token_ids": None,
            "routed_experts": None,
        }
    ],
    "service_tier": None,
    "system_fingerprint": "vllm-0.32.0-fc378a08",
    "usage": {
        "prompt_tokens": 5,
        "total_tokens": 9,
        "completion_tokens": 4,
        "prompt_tokens_details": None,
        "completion_tokens_details": None,
    },
    "prompt_logprobs": None,
    "kv_transfer_params": None,
}
COMPLETION: dict[str, Any] = {
    "id": "cmpl-9a7f4b7059dd3759",
    "object": "text_completion",
    "created": 1795382484,
    "model": "tiny",
    "choices": [
        {
            "index": 0,
            "text": "ren",
            "logprobs": None,
            "finish_reason": "length",
            "stop_reason": None,
            "token_ids": None,
        }
    ],
    "usage": {"prompt_tokens": 3, "total_tokens": 4, "completion_tokens": 1},
}
MODELS: dict[str, Any] = {
    "object": "list",
    "data": [
        {
            "id": "tiny",
            "object": "model",
            "created": 1795382484,
            "owned_by": "vllm",
            "root": "/m",
            "max_model_len": 2048,
        },
        {
            "id": "lora",
            "object": "model",
            "created": 1795382484,
            "owned_by": "vllm",
            "root": "/l",
            "parent": "tiny",
        },
    ],
}


def vllm_error(status: int, message: str, kind: str, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": status}}
