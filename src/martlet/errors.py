"""Every exception a user of Martlet may catch. This module imports nothing.

    MartletError
    ├─ OpenAIError                        the client's branch, named as in the official package
    │  ├─ APIError                        .message .request .body .code .param .type
    │  │  ├─ APIResponseValidationError   the reply is not what was asked for; .response .status_code
    │  │  ├─ APIStatusError               the server answered an error; .response .status_code .request_id
    │  │  │  ├─ BadRequestError 400       ├─ AuthenticationError 401    ├─ PermissionDeniedError 403
    │  │  │  ├─ NotFoundError 404         ├─ ConflictError 409          ├─ UnprocessableEntityError 422
    │  │  │  ├─ RateLimitError 429        └─ InternalServerError >= 500
    │  │  └─ APIConnectionError           no usable answer arrived; __cause__ is a TransportError
    │  │     ├─ APITimeoutError
    │  │     └─ StreamInterrupted         a stream broke off; .partial holds what had arrived
    │  │        └─ StreamStalled          nothing came for too long (also an APITimeoutError)
    │  ├─ LengthFinishReasonError, ContentFilterFinishReasonError
    │  ├─ StreamAlreadyConsumed           read() after iterating over a body
    │  └─ ClientClosedError (also a RuntimeError)
    ├─ TransportError                     .sent: "no", "maybe" or "yes"
    │  ├─ ConnectError ── DNSError, TLSError, ProxyError
    │  ├─ ConnectTimeout, PoolTimeout, ReadTimeout, WriteTimeout
    │  ├─ ConnectionLost                            ├─ IncompleteBody
    │  └─ ProtocolError
    ├─ RequestRejected (4xx)              the engine's branch: the caller's fault; .status .code .param
    │  ├─ InvalidParameter, PromptTooLong, UnsupportedParameter, ModelNotFound, Unauthorized, QueueFull
    │  └─ AdapterError ── AdapterNotFound
    └─ EngineFailed (5xx)
       └─ CheckpointError                 a model folder that cannot be served

Every one survives pickle and copy.
"""

from __future__ import annotations

from typing import Any, Literal

Sent = Literal["no", "maybe", "yes"]
"""Whether a request reached the server: "no" is always safe to send again."""


class MartletError(Exception):
    """Root of everything Martlet raises on purpose."""


# --- client -----------------------------------------------------------------------------------------


def _rebuild(cls: type[BaseException], args: tuple[Any, ...], state: dict[str, Any]) -> BaseException:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class OpenAIError(MartletError):
    """Root of the client's errors, under the name programs already catch."""

    def __reduce__(self) -> tuple[Any, ...]:
        # The official constructors are keyword-only, which default pickling cannot call.
        return (_rebuild, (type(self), self.args, dict(self.__dict__)))


class ClientClosedError(OpenAIError, RuntimeError):
    """The client was used after `close()`."""


class APIError(OpenAIError):
    """A call did not bring a usable answer.

    `body` is the server's `error` member, the whole decoded JSON if it has none, or the text.
    """

    message: str
    request: Any
    body: object | None
    code: str | None = None
    param: str | None = None
    type: str | None = None

    def __init__(self, message: str, request: Any = None, *, body: object | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.request = request
        self.body = body
        if isinstance(body, dict):
            code = body.get("code")
            self.code = None if code is None else str(code)
            self.param = body.get("param")
            self.type = body.get("type")


class APIResponseValidationError(APIError):
    """The server answered 2xx with something that is not the promised reply."""

    response: Any
    status_code: int

    def __init__(self, response: Any, body: object | None = None, *, message: str | None = None) -> None:
        super().__init__(
            message or "Data returned by API invalid for expected schema.",
            getattr(response, "request", None),
            body=body,
        )
        self.response = response
        self.status_code = response.status_code


class APIStatusError(APIError):
    """The server answered with a status that is not 2xx."""

    response: Any
    status_code: int
    request_id: str | None

    def __init__(self, message: str, *, response: Any, body: object | None = None) -> None:
        super().__init__(message, getattr(response, "request", None), body=body)
        self.response = response
        self.status_code = response.status_code
        self.request_id = response.headers.get("x-request-id")


class BadRequestError(APIStatusError):
    """400: the request is malformed or a parameter is out of range."""


class AuthenticationError(APIStatusError):
    """401: the key is missing or wrong."""


class PermissionDeniedError(APIStatusError):
    """403: the key may not do this."""


class NotFoundError(APIStatusError):
    """404: no such model or path."""


class ConflictError(APIStatusError):
    """409."""


class UnprocessableEntityError(APIStatusError):
    """422."""


class RateLimitError(APIStatusError):
    """429: the server asks to come back later."""


class InternalServerError(APIStatusError):
    """5xx: the server failed."""


class APIConnectionError(APIError):
    """No answer: the server could not be reached, or the connection broke. `__cause__` says how."""

    def __init__(self, *, message: str = "Connection error.", request: Any = None) -> None:
        super().__init__(message, request, body=None)


class APITimeoutError(APIConnectionError):
    """The server did not answer in time."""

    def __init__(self, request: Any = None, *, message: str = "Request timed out.") -> None:
        super().__init__(message=message, request=request)


class StreamInterrupted(APIConnectionError):
    """A stream ended before the server said that it was complete.

    `partial` is the reply accumulated so far, in the type that the call without `stream=True` returns; its
    `finish_reason` is None where generation was cut. `num_events` and `num_bytes` count what arrived.
    """

    def __init__(
        self,
        message: str,
        *,
        request: Any = None,
        partial: Any = None,
        num_events: int = 0,
        num_bytes: int = 0,
    ) -> None:
        super().__init__(message=message, request=request)
        self.partial = partial
        self.num_events = num_events
        self.num_bytes = num_bytes


class StreamStalled(StreamInterrupted, APITimeoutError):
    """A stream in which nothing but silence or keep-alive comments came for too long."""


class LengthFinishReasonError(OpenAIError):
    """Parsing was asked for, but the reply was cut at its token limit; `completion` holds the text so far."""

    def __init__(self, *, completion: Any) -> None:
        super().__init__(
            f"Could not parse response content as the length limit was reached - {completion.usage}"
            if getattr(completion, "usage", None)
            else "Could not parse response content as the length limit was reached"
        )
        self.completion = completion


class ContentFilterFinishReasonError(OpenAIError):
    """Parsing was asked for, but a content filter cut the reply."""

    def __init__(self, *, completion: Any = None) -> None:
        super().__init__("Could not parse response content as the request was rejected by the content filter")
        self.completion = completion


# --- transport --------------------------------------------------------------------------------------


class StreamAlreadyConsumed(OpenAIError):
    """The body of a `with_streaming_response` was iterated over, and its pieces are gone."""

    def __init__(self) -> None:
        super().__init__()

    def __str__(self) -> str:
        return "the body was iterated over already: keep the pieces, or call `read()` first"


class TransportError(MartletError):
    """One attempt failed below HTTP. `sent` alone decides what may be retried.

    `reused` is true when a kept-alive connection died before any byte of the answer: such an attempt is
    repeated at once on a fresh connection.
    """

    sent: Sent = "maybe"

    def __init__(self, message: str, *, sent: Sent | None = None, reused: bool = False) -> None:
        super().__init__(message)
        if sent is not None:
            self.sent = sent
        self.reused = reused

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.args, dict(self.__dict__)))


class ConnectError(TransportError):
    """No connection: refused, unreachable, or reset while connecting."""

    sent: Sent = "no"


class DNSError(ConnectError):
    """The host name does not resolve."""


class TLSError(ConnectError):
    """The TLS handshake failed, for instance over an untrusted certificate."""


class ProxyError(ConnectError):
    """The proxy refused, or could not reach the server."""


class ConnectTimeout(TransportError, TimeoutError):
    """TCP or TLS did not connect within `connect` seconds."""

    sent: Sent = "no"


class PoolTimeout(TransportError, TimeoutError):
    """No connection of the pool came free within `pool` seconds."""

    sent: Sent = "no"


class ReadTimeout(TransportError, TimeoutError):
    """The server sent nothing for `read` seconds."""


class WriteTimeout(TransportError, TimeoutError):
    """The server took none of the request for `write` seconds."""


class ConnectionLost(TransportError):
    """The connection closed after the request went out and before the answer's head was complete."""


class IncompleteBody(TransportError):
    """The connection closed in the middle of the answer's body."""

    sent: Sent = "yes"


class ProtocolError(TransportError):
    """The peer does not speak HTTP/1.1, or breaks its framing."""

    sent: Sent = "yes"


# --- engine and server ------------------------------------------------------------------------------


class RequestRejected(MartletError):
    """The request cannot be served as it is: the caller's fault.

    `status` is the HTTP status, `code` a stable word for programs, `param` the field at fault or None.
    """

    status: int = 400
    code: str = "invalid_request"
    param: str | None = None


class InvalidParameter(RequestRejected):
    """A parameter's value is out of range."""

    code = "invalid_parameter"

    def __init__(self, param: str, problem: str) -> None:
        super().__init__(param, problem)  # args == parameters, so pickle and copy work
        self.param, self.problem = param, problem

    def __str__(self) -> str:
        return f"{self.param}: {self.problem}"


class UnsupportedParameter(RequestRejected):
    """The field exists in vLLM's API and this version of Martlet does not act on it."""

    code = "unsupported_parameter"

    def __init__(self, param: str, advice: str = "leave it out") -> None:
        super().__init__(param, advice)
        self.param, self.advice = param, advice

    def __str__(self) -> str:
        return f"`{self.param}` is not supported by this server yet: {self.advice}"


class PromptTooLong(RequestRejected):
    """The prompt does not fit in the model's context."""

    code = "context_length_exceeded"
    param = "input_tokens"

    def __init__(self, num_tokens: int, limit: int) -> None:
        super().__init__(num_tokens, limit)
        self.num_tokens, self.limit = num_tokens, limit

    def __str__(self) -> str:
        return f"the prompt is {self.num_tokens} tokens, the model's context is {self.limit}: shorten it"


class ModelNotFound(RequestRejected):
    """The request names a model that is not served."""

    status = 404
    code = "model_not_found"
    param = "model"

    def __init__(self, model: str, served: list[str]) -> None:
        super().__init__(model, served)
        self.model, self.served = model, served

    def __str__(self) -> str:
        names = ", ".join(f"`{name}`" for name in self.served)
        return f"model `{self.model}` is not served here; served: {names}"


class AdapterError(RequestRejected):
    """A LoRA adapter that cannot be loaded. The message names the key or the tensor."""

    code = "bad_adapter"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(name, problem)
        self.name, self.problem = name, problem

    def __str__(self) -> str:
        return f"the adapter `{self.name}` cannot be loaded: {self.problem}"


class AdapterNotFound(AdapterError):
    """There is no adapter in the folder, or no such folder."""

    status = 404
    code = "adapter_not_found"


class Unauthorized(RequestRejected):
    """The key is missing or wrong."""

    status = 401
    code = "unauthorized"

    def __str__(self) -> str:
        return "Unauthorized"


class QueueFull(RequestRejected):
    """As many requests wait as the server allows."""

    status = 429
    code = "queue_full"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"{self.limit} requests are waiting already: try again later"


class EngineFailed(MartletError):
    """The engine cannot go on: our fault or the machine's."""

    status: int = 500
    code: str = "engine_failed"


class CheckpointError(EngineFailed):
    """A model folder that cannot be served. The message names the file and the tensor or key."""

    code = "bad_checkpoint"
