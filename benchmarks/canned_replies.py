"""What the canned server answers: bytes shaped as vLLM's, made once.

`model` in a request says which: `logprobs-N-K` is N tokens with K rivals each, `vectors-N-D` N vectors of D
numbers, `paced-N-MS` a stream of N chunks, one every MS milliseconds. Anything else is one small completion,
or a stream of 100 chunks, one every 20 ms.
"""

from __future__ import annotations

import base64
import functools
import json
import random
from array import array
from typing import Any, NamedTuple

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
WORDS = (" the", " of", "Hello", " world", ",", " running", "ing", " computation", "\n", " a", "é", " 2", '"')


def response(content_type: bytes, framing: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nserver: canned\r\ncontent-type: "
        + content_type
        + b"\r\n"
        + framing
        + b"\r\n\r\n"
    )


def document(body: bytes) -> bytes:
    return response(b"application/json", b"content-length: %d" % len(body)) + body


def http_chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


WHOLE = document(REPLY)
STREAM_HEAD = response(b"text/event-stream; charset=utf-8", b"transfer-encoding: chunked")


class Stream(NamedTuple):
    """Chunks of a stream: `token` over and over between the first and the last."""

    num_chunks: int = 100
    interval_s: float = 0.02
    token: bytes = TOKEN


# --- large replies ----------------------------------------------------------------------------------


def _entry(rng: random.Random) -> dict[str, Any]:
    token = rng.choice(WORDS)
    return {"token": token, "logprob": -rng.expovariate(1.0), "bytes": list(token.encode())}


def _entries(num_tokens: int, num_rivals: int) -> list[dict[str, Any]]:
    rng = random.Random(0)
    return [
        {**_entry(rng), "top_logprobs": [_entry(rng) for _ in range(num_rivals)]} for _ in range(num_tokens)
    ]


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@functools.cache
def with_logprobs(num_tokens: int, num_rivals: int) -> bytes:
    """A chat reply of so many tokens, each with its log probability and so many rivals."""
    reply = json.loads(REPLY)
    entries = _entries(num_tokens, num_rivals)
    reply["choices"][0]["message"]["content"] = "".join(entry["token"] for entry in entries)
    reply["choices"][0]["logprobs"] = {"content": entries}
    return document(_compact(reply))


@functools.cache
def chunk_with_logprobs(num_rivals: int) -> bytes:
    """A streamed token with its log probability and so many rivals."""
    return TOKEN.replace(b'"logprobs":null', b'"logprobs":' + _compact({"content": _entries(1, num_rivals)}))


@functools.cache
def vectors(num_vectors: int, num_dimensions: int) -> bytes:
    """So many vectors as float32 in base64; each is the first one turned by one place more."""
    rng = random.Random(0)
    numbers = array("f", (rng.gauss(0, 1) for _ in range(num_dimensions)))
    data = []
    for index in range(num_vectors):
        at = index % num_dimensions
        packed = base64.b64encode((numbers[at:] + numbers[:at]).tobytes()).decode()
        data.append({"index": index, "object": "embedding", "embedding": packed})
    usage = {"prompt_tokens": num_vectors, "total_tokens": num_vectors, "completion_tokens": 0}
    reply = {"id": "embd-0123456789abcdef", "object": "list", "created": 1795382484, "model": "bench"}
    return document(_compact({**reply, "data": data, "usage": usage}))
