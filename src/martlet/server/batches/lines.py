"""Lines of a batch's files: requests as they come in, answers as they go out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from martlet.protocol.batches import BatchError

MAX_LINES = 50_000
MAX_ERRORS = 20
"""Of one file: whoever wrote it has seen enough then."""


class RequestLine(msgspec.Struct, kw_only=True):
    """One request of a batch."""

    custom_id: str
    method: Literal["POST"]
    url: str
    body: msgspec.Raw


class LineResponse(msgspec.Struct, kw_only=True):
    """What an endpoint answered."""

    status_code: int
    request_id: str
    body: msgspec.Raw


class LineError(msgspec.Struct, kw_only=True):
    """Why there is no answer."""

    code: str
    message: str


class AnswerLine(msgspec.Struct, kw_only=True):
    """What became of one request."""

    id: str
    custom_id: str
    response: LineResponse | None
    error: LineError | None = None


_request = msgspec.json.Decoder(RequestLine)
_answer = msgspec.json.Decoder(AnswerLine)
_encode = msgspec.json.Encoder().encode


def read_requests(path: Path) -> Iterator[RequestLine]:
    """Yield the requests of a file that `faults` has passed."""
    with open(path, "rb") as file:
        for line in file:
            if line.strip():
                yield _request.decode(line)


def faults(path: Path, endpoint: str) -> tuple[int, list[BatchError]]:
    """Return how many requests a file has, and what is wrong with them."""
    found: list[BatchError] = []
    custom_ids: set[str] = set()
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip() and (error := _fault(line, endpoint, custom_ids)) is not None:
                error.line = number
                found.append(error)
            if len(custom_ids) > MAX_LINES:
                found.append(_error("too_many_requests", f"a batch has up to {MAX_LINES} requests"))
            if len(found) >= MAX_ERRORS or len(custom_ids) > MAX_LINES:
                break
    if not custom_ids and not found:
        found.append(_error("empty_file", "the file has no requests"))
    return len(custom_ids), found


def _fault(line: bytes, endpoint: str, custom_ids: set[str]) -> BatchError | None:
    try:
        request = _request.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        is_json = isinstance(error, msgspec.ValidationError)
        return _error("invalid_request" if is_json else "invalid_json_line", str(error))
    if request.url != endpoint:
        return _error("mismatched_endpoint", f"the batch is for {endpoint}, got {request.url[:80]!r}", "url")
    if not bytes(request.body).lstrip().startswith(b"{"):
        return _error("invalid_request", "the body must be an object", "body")
    if request.custom_id in custom_ids:
        problem = f"{request.custom_id[:80]!r} stands on two lines"
        return _error("duplicate_custom_id", problem, "custom_id")
    custom_ids.add(request.custom_id)
    return None


def _error(code: str, message: str, param: str | None = None) -> BatchError:
    return BatchError(code=code, message=message, param=param)


# --- answers --------------------------------------------------------------------------------------------


def answer_line(custom_id: str, status: int, body: bytes) -> bytes:
    response = LineResponse(status_code=status, request_id=uuid.uuid4().hex, body=msgspec.Raw(body))
    return _encode(AnswerLine(id=_line_id(), custom_id=custom_id, response=response)) + b"\n"


def unanswered_line(custom_id: str, code: str, message: str) -> bytes:
    error = LineError(code=code, message=message)
    return _encode(AnswerLine(id=_line_id(), custom_id=custom_id, response=None, error=error)) + b"\n"


def answered(content: bytes) -> set[str]:
    """Return the custom ids of the answers in a file."""
    return {_answer.decode(line).custom_id for line in content.splitlines()}


def _line_id() -> str:
    return f"batch_req_{uuid.uuid4().hex[:24]}"
