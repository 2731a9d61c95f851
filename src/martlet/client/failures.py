"""From what went wrong to the exception that says so: statuses, transport errors, senseless replies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from martlet import errors
from martlet.client.headers import SECRET
from martlet.client.replies import Request

if TYPE_CHECKING:
    from martlet.client.replies import Reply
    from martlet.client.transport.base import Request as WireRequest

STATUS_CLASSES: dict[int, type[errors.APIStatusError]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    422: errors.UnprocessableEntityError,
    429: errors.RateLimitError,
}
EXCERPT_CHARS = 300
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def status_error(reply: Reply, note: str = "") -> errors.APIStatusError:
    """The exception for a status that is not 2xx: class by status, words by the server, our `note`."""
    status = reply.head.status
    fallback = errors.InternalServerError if status >= 500 else errors.APIStatusError
    body = error_body(reply.body)
    said = _redirect(reply) or said_by_server(body)
    message = f"Error code: {status}" + (f" - {without_key(said, reply.request)}" if said else "")
    return STATUS_CLASSES.get(status, fallback)(message + note, response=reply.as_response(), body=body)


def error_body(content: bytes) -> object:
    """What goes into `.body`: the `error` member, the whole JSON where it has none, else the text."""
    try:
        decoded = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return content.decode("utf-8", "replace").strip()
    if isinstance(decoded, dict) and "error" in decoded:
        return decoded["error"]
    return decoded


def said_by_server(body: Any) -> str | None:
    """The sentence in an error body, in any of the shapes that servers and proxies use."""
    if isinstance(body, str):
        return excerpt(body) or None
    if not isinstance(body, dict):
        return None
    for key in ("message", "detail", "error"):
        said = body.get(key)
        if isinstance(said, str) and said:
            return said
        if isinstance(said, list) and said:
            return "; ".join(_validation_problem(item) for item in said)
    return None


def excerpt(text: str) -> str:
    """The start of a text, on one line; of an HTML page its title."""
    if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html")):
        title = _TITLE.search(text)
        return f"an HTML page titled {' '.join(title[1].split())!r}" if title else "an HTML page"
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_CHARS else f"{line[:EXCERPT_CHARS]}..."


def _validation_problem(item: object) -> str:
    """FastAPI's `{"loc": ["body", "n"], "msg": "Field required"}` as `body.n: Field required`."""
    if isinstance(item, dict) and "msg" in item:
        where = ".".join(str(step) for step in item.get("loc") or ())
        return f"{where}: {item['msg']}" if where else str(item["msg"])
    return str(item)


def _redirect(reply: Reply) -> str | None:
    location = reply.header("location")
    if location is None or not 300 <= reply.head.status < 400:
        return None
    return f"redirected to {location}; redirects are not followed: set base_url to where the API is"


def without_key(text: str, request: WireRequest) -> str:
    """Some servers quote the key they refuse."""
    for name, value in request.headers:
        key = value.rpartition(" ")[2]
        if name.lower() in SECRET and len(key) >= 8:
            text = text.replace(key, "<redacted>")
    return text


def connection_error(
    error: errors.TransportError, request: WireRequest | None, retries: int, note: str = ""
) -> errors.APIConnectionError:
    """The exception for an attempt that brought no answer; raise it `from error`."""
    shown = None if request is None else Request.of(request)
    message = f"{_sentence(error, request)}{_tries(retries)}{note}"
    if isinstance(error, TimeoutError):
        return errors.APITimeoutError(shown, message=f"Request timed out: {message}")
    return errors.APIConnectionError(message=f"Connection error: {message}", request=shown)


def deadline_error(
    deadline_s: float, request: WireRequest | None, retries: int, last: Exception | None = None
) -> errors.APITimeoutError:
    """The exception for a call whose deadline has passed, or would before the next attempt.

    `last` is how the last attempt went: a TransportError if the deadline ended it.
    """
    if request is None:
        return errors.APITimeoutError(
            message=f"Request timed out: the deadline of {deadline_s:g} s passed before the request was sent"
        )
    if isinstance(last, errors.TransportError):
        message = f"the deadline of {deadline_s:g} s passed: {_sentence(last, request)}{_tries(retries)}"
    else:
        message = f"the deadline of {deadline_s:g} s leaves no time for another attempt: {last}"
    return errors.APITimeoutError(Request.of(request), message=f"Request timed out: {message}")


def _sentence(error: errors.TransportError, request: WireRequest | None) -> str:
    said = str(error) or type(error).__name__
    if isinstance(error.__cause__, ConnectionRefusedError):
        said += " (`martlet serve` starts one)"
    return said if request is None else f"{said} [{request.method} {request.url}]"


def _tries(retries: int) -> str:
    return f" (after {retries + 1} attempts)" if retries else ""


def in_band_error(said: Any, reply: Reply) -> errors.APIError:
    """The exception for an error that came inside a reply of status 200."""
    silent = "An error occurred" if reply.source is None else "An error occurred during streaming"
    message = said_by_server(said) or silent
    return errors.APIError(without_key(message, reply.request), Request.of(reply.request), body=said)


def not_a_stream(reply: Reply) -> errors.APIError:
    """The exception for a streaming call that was answered in one piece."""
    body = error_body(reply.body)
    if reply.body.lstrip().startswith(b'{"error"') and body:
        return in_band_error(body, reply)
    return reply_error(reply, "a stream of server-sent events")


def reply_error(reply: Reply, wanted: str, problem: str = "") -> errors.APIResponseValidationError:
    """The exception for a 2xx reply that is not what was asked for."""
    media_type = reply.header("content-type") or "no content type"
    shown = excerpt(reply.body.decode("utf-8", "replace")) or "an empty body"
    message = (
        f"Expected {wanted} from {reply.request.url}, got {media_type} with status {reply.head.status}: "
        f"{shown}{f' ({problem})' if problem else ''}; does base_url point at an OpenAI-compatible API?"
    )
    return errors.APIResponseValidationError(reply.as_response(), error_body(reply.body), message=message)
