"""What goes wrong, as the wire shows it: one table from exception to status and envelope.

vLLM has two families of 400: schema errors (type "Bad Request", param "body.<path>"), which `protocol.errors`
makes, and semantic ones (type "BadRequestError", param a bare field name or null), which are made here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from martlet.errors import (
    EngineFailed,
    InvalidParameter,
    QueueFull,
    RequestRejected,
    Unauthorized,
)
from martlet.protocol import sse
from martlet.protocol.errors import ErrorEnvelope, ErrorInfo, InvalidBody, UnauthorizedBody

logger = logging.getLogger("martlet.server")


class InvalidRequest(RequestRejected):
    """A rule that concerns no single field, or one that vLLM reports without naming it."""

    def __init__(self, problem: str, param: str | None = None) -> None:
        super().__init__(problem, param)
        self.problem, self.param = problem, param

    def __str__(self) -> str:
        return self.problem


class WrongContentType(RequestRejected):
    """The body is not announced as JSON."""

    code = "wrong_content_type"
    wire_type = "Bad Request"

    def __init__(self, content_type: str) -> None:
        super().__init__(content_type)
        self.content_type = content_type

    def __str__(self) -> str:
        return f"the content-type must be application/json, got {self.content_type or 'none'}"


class BodyTooLarge(RequestRejected):
    """The body is larger than the server reads."""

    status = 413
    code = "body_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes

    def __str__(self) -> str:
        return f"the request body is larger than {self.limit_bytes} bytes: send less at once"


class NotStored(RequestRejected):
    """There is no such object: never was, or it has been deleted or has expired."""

    status = 404
    code = "not_found"
    wire_type = "invalid_request_error"

    def __init__(self, param: str, given: str) -> None:
        super().__init__(param, given)
        self.param, self.given = param, given

    def __str__(self) -> str:
        return f"{self.param}: this server holds nothing of the id {self.given[:80]!r}"


class WrongState(RequestRejected):
    """The object exists, and is not in a state for this."""

    code = "wrong_state"
    wire_type = "invalid_request_error"

    def __init__(self, param: str, problem: str) -> None:
        super().__init__(param, problem)
        self.param, self.problem = param, problem

    def __str__(self) -> str:
        return f"{self.param}: {self.problem}"


class InvalidUserInput(RequestRejected):
    """What vLLM calls by this name: adapters that cannot have the name that they were given."""

    wire_type = "InvalidUserInput"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem


class UnknownAdapter(RequestRejected):
    """No adapter of this name is loaded."""

    status = 404
    code = "unknown_adapter"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"The lora adapter '{self.name}' cannot be found."


class ClientDisconnected(Exception):
    """Nobody reads the reply any more. No MartletError, since there is nobody to tell."""


class ServerStopping(EngineFailed):
    """The server shuts down before the reply is complete."""

    status = 503
    code = "server_stopping"

    def __str__(self) -> str:
        return "the server is shutting down: send the request again later"


class RequestTimedOut(EngineFailed):
    """The reply was not complete in the time that the server gives a request."""

    status = 504
    code = "request_timed_out"

    def __init__(self, timeout_s: float) -> None:
        super().__init__(timeout_s)
        self.timeout_s = timeout_s

    def __str__(self) -> str:
        return f"the reply took longer than {self.timeout_s:g} s: ask for fewer tokens, or try later"


class FieldsWithoutEffect(RequestRejected):
    """A strict server was asked for what it would ignore."""

    code = "fields_without_effect"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self.names = names
        self.param = names[0]

    def __str__(self) -> str:
        return f"this server is strict, and these fields have no effect on it: {', '.join(self.names)}"


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """One HTTP error: status, JSON body and extra headers."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


MAX_MESSAGE = 1000
INTERNAL_MESSAGE = "the server failed on this request; its log says more"

TYPES = {
    400: "BadRequestError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    413: "Content Too Large",
    422: "UnprocessableEntityError",
    429: "Too Many Requests",
    500: "InternalServerError",
    501: "NotImplementedError",
    503: "ServiceUnavailableError",
    504: "GatewayTimeoutError",
}
"""`type` of the envelope by status, where an error has no `wire_type` of its own."""

UNNAMED_PARAMS = frozenset(
    {
        "continue_final_message",
        "n",
        "top_k",
        "min_p",
        "presence_penalty",
        "frequency_penalty",
        "repetition_penalty",
        "repetition_detection",
        "min_tokens",
        "stop",
    }
)
"""Fields whose range errors carry `param: null` in vLLM."""


def error_reply(error: BaseException) -> ErrorReply:
    """Say to the client what happened, without paths or tracebacks; what is our own bug is logged."""
    if isinstance(error, Unauthorized):
        return ErrorReply(401, msgspec.json.encode(UnauthorizedBody()))
    if isinstance(error, InvalidBody) and not isinstance(error.envelope, ErrorEnvelope):
        return ErrorReply(400, msgspec.json.encode(error.envelope))
    headers = {"retry-after": "1"} if isinstance(error, QueueFull) else {}
    body = msgspec.json.encode(ErrorEnvelope(error=error_info(error)))
    return ErrorReply(status_of(error), body, headers)


def error_frame(error: BaseException) -> bytes:
    """Say the same inside a stream that has begun."""
    info = error_info(error)
    return sse.error_frame(info.message, info.type, info.param, status_of(error))


def error_info(error: BaseException) -> ErrorInfo:
    if isinstance(error, InvalidBody):
        info = error.info
        return ErrorInfo(message=_clipped(info.message), type=info.type, param=info.param, code=info.code)
    status = status_of(error)
    message = _clipped(str(error))
    if not isinstance(error, (RequestRejected, EngineFailed)):
        logger.error("internal error", exc_info=error)
        message = INTERNAL_MESSAGE
    kind = getattr(error, "wire_type", None) or TYPES.get(status, "InternalServerError")
    return ErrorInfo(message=message, type=kind, param=_param(error), code=status)


def status_of(error: BaseException) -> int:
    if isinstance(error, InvalidBody):
        return 400
    return error.status if isinstance(error, (RequestRejected, EngineFailed)) else 500


def _clipped(message: str) -> str:
    """What clients sent may be quoted in a message: no more of it than a reader can use."""
    return (
        message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]} ... ({len(message)} characters)"
    )


def _param(error: BaseException) -> str | None:
    param = getattr(error, "param", None)
    return None if isinstance(error, InvalidParameter) and param in UNNAMED_PARAMS else param
