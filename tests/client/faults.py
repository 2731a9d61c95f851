"""Ways in which a call can end badly, each as a script for a real server, and what the program gets.

The table in docs/client.md is compared with this one.
"""

from __future__ import annotations

import gzip
import json
from typing import Any, NamedTuple

from tests.client.scripted import (
    CHAT,
    CLOSE,
    DONE,
    END,
    HELLO,
    RESET,
    SILENCE,
    SSE_HEAD,
    chunked,
    frame,
    http,
    vllm_error,
)

PLAIN_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED_HEAD = PLAIN_HEAD + b"transfer-encoding: chunked\r\n\r\n"
REPLY = json.dumps(CHAT).encode()
HALF = http(body=CHAT)[:-200]
ERROR = vllm_error(500, "out of memory", "InternalServerError")
PACKED = gzip.compress(REPLY)
PACKED_HEAD = f"content-encoding: gzip\r\ncontent-length: {len(PACKED) - 9}\r\n\r\n".encode()
BAD_GATEWAY = http(502, "<html><head><title>502 Bad Gateway</title></head></html>", "text/html")
OK = "the reply"


class Fault(NamedTuple):
    """One ending. `plain` and `streamed` name what the call raises, or say that it succeeds."""

    name: str
    scene: Any
    plain: str
    streamed: str


UNREACHABLE = [
    Fault("nobody listens", "http://127.0.0.1:1/v1", "APIConnectionError", "APIConnectionError"),
    Fault(
        "the host does not exist",
        "http://no-such-host.invalid/v1",
        "APIConnectionError",
        "APIConnectionError",
    ),
]
EITHER = [
    Fault("reset before the head", [RESET], "APIConnectionError", "APIConnectionError"),
    Fault("closed before the head", [CLOSE], "APIConnectionError", "APIConnectionError"),
    Fault("silence before the head", [SILENCE], "APITimeoutError", "APITimeoutError"),
    Fault("closed inside the head", [PLAIN_HEAD, CLOSE], "APIConnectionError", "APIConnectionError"),
    Fault("silence inside the head", [PLAIN_HEAD, SILENCE], "APITimeoutError", "APITimeoutError"),
    Fault("not HTTP", [b"SSH-2.0-OpenSSH_9.6\r\n", CLOSE], "APIConnectionError", "APIConnectionError"),
    Fault(
        "a head without end",
        [b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 99999, CLOSE],
        "APIConnectionError",
        "APIConnectionError",
    ),
    Fault("400 and the other 4xx", [http(400, ERROR)], "BadRequestError", "BadRequestError"),
    Fault("401", [http(401, ERROR)], "AuthenticationError", "AuthenticationError"),
    Fault("404", [http(404, {"detail": "Not Found"})], "NotFoundError", "NotFoundError"),
    Fault("429 with Retry-After: 1", [http(429, ERROR, retry_after="1")], "RateLimitError", "RateLimitError"),
    Fault(
        "429 with Retry-After: 600", [http(429, ERROR, retry_after="600")], "RateLimitError", "RateLimitError"
    ),
    Fault("500", [http(500, ERROR)], "InternalServerError", "InternalServerError"),
    Fault("502 with a proxy's HTML page", [BAD_GATEWAY], "InternalServerError", "InternalServerError"),
    Fault(
        "503 whose body breaks off",
        [http(503, ERROR)[:-9], CLOSE],
        "InternalServerError",
        "InternalServerError",
    ),
    Fault("307", [http(307, location="http://127.0.0.1:1/")], "APIStatusError", "APIStatusError"),
    Fault(
        "200 and an HTML page",
        [http(body="<html>login</html>", content_type="text/html")],
        "APIResponseValidationError",
        "APIResponseValidationError",
    ),
    Fault(
        "200 and JSON of another kind",
        [http(body=b"[1, 2]")],
        "APIResponseValidationError",
        "APIResponseValidationError",
    ),
    Fault(
        "200 and JSON cut short",
        [http(body=REPLY[:50])],
        "APIResponseValidationError",
        "APIResponseValidationError",
    ),
    Fault("200 and nothing", [http()], "APIResponseValidationError", "APIResponseValidationError"),
    Fault("200 and an error", [http(body=ERROR)], "APIError", "APIError"),
    Fault("closed inside the body", [HALF, CLOSE], "APIConnectionError", "APIConnectionError"),
    Fault("reset inside the body", [HALF, RESET], "APIConnectionError", "APIConnectionError"),
    Fault("silence inside the body", [HALF, SILENCE], "APITimeoutError", "APITimeoutError"),
    Fault(
        "a bad chunk size in the body",
        [CHUNKED_HEAD, chunked(REPLY[:9]), b"zz\r\n", CLOSE],
        "APIConnectionError",
        "APIConnectionError",
    ),
    Fault(
        "gzip that breaks off",
        [PLAIN_HEAD + PACKED_HEAD, PACKED[:-9], CLOSE],
        "APIResponseValidationError",
        "APIResponseValidationError",
    ),
]
STREAMS = [
    Fault("a document in place of a stream", [http(body=CHAT)], OK, "APIResponseValidationError"),
    Fault("closed after the stream's head", [SSE_HEAD, CLOSE], "", "StreamInterrupted"),
    Fault("a stream of nothing", [SSE_HEAD, END], "", "StreamInterrupted"),
    Fault("clean end before the finish_reason", [SSE_HEAD, *HELLO[:3], END], "", "StreamInterrupted"),
    Fault("closed between two events", [SSE_HEAD, *HELLO[:3], CLOSE], "", "StreamInterrupted"),
    Fault(
        "closed inside an event",
        [SSE_HEAD, *HELLO[:2], chunked(b'data: {"id'), CLOSE],
        "",
        "StreamInterrupted",
    ),
    Fault(
        "clean end inside an event",
        [SSE_HEAD, *HELLO[:2], chunked(b'data: {"id'), END],
        "",
        "StreamInterrupted",
    ),
    Fault("reset in the stream", [SSE_HEAD, *HELLO[:2], RESET], "", "StreamInterrupted"),
    Fault(
        "a bad chunk size in the stream", [SSE_HEAD, *HELLO[:2], b"zz\r\n", CLOSE], "", "StreamInterrupted"
    ),
    Fault(
        "an event that is not JSON",
        [SSE_HEAD, *HELLO[:2], frame("{oops"), DONE, END],
        "",
        "StreamInterrupted",
    ),
    Fault("closed after the finish_reason, no [DONE]", [SSE_HEAD, *HELLO, CLOSE], "", "StreamInterrupted"),
    Fault("clean end after the finish_reason, no [DONE]", [SSE_HEAD, *HELLO, END], "", OK),
    Fault("[DONE], and the body never ends", [SSE_HEAD, *HELLO, DONE, SILENCE], "", OK),
    Fault("[DONE], and closed without the last chunk", [SSE_HEAD, *HELLO, DONE, CLOSE], "", OK),
    Fault("an error in the stream", [SSE_HEAD, *HELLO[:2], frame(ERROR), DONE, END], "", "APIError"),
    Fault("silence after the head", [SSE_HEAD, SILENCE], "", "StreamStalled"),
    Fault("silence between two events", [SSE_HEAD, *HELLO[:2], SILENCE], "", "StreamStalled"),
    Fault("comments and then silence", [SSE_HEAD, chunked(b": ping\n\n"), SILENCE], "", "StreamStalled"),
    Fault("comments and then the end", [SSE_HEAD, chunked(b": ping\n\n"), END], "", "StreamInterrupted"),
]
