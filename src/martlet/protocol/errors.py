"""The error envelope, and decoding of requests into it.

vLLM 0.32 has two families of 400. A request that does not fit its schema (wrong type, missing field, broken
JSON) gets type "Bad Request" and a path as `param`, `body.messages.0.content`: this module makes those. What
is found later gets type "BadRequestError" and a bare field name: the server makes those.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from martlet.protocol.base import WireModel

T = TypeVar("T")


class ErrorInfo(WireModel, kw_only=True):
    """What went wrong."""

    message: str
    type: str
    """A word for the kind of error. Its spelling varies between servers: decide by the status."""
    param: str | None = None
    """The field at fault."""
    code: int | str | None
    """vLLM gives the HTTP status, OpenAI a word."""


class ErrorEnvelope(WireModel, kw_only=True):
    """Body of an error reply."""

    error: ErrorInfo


class UnauthorizedBody(WireModel, kw_only=True):
    """Body of vLLM's 401."""

    error: str = "Unauthorized"


class DetailBody(WireModel, kw_only=True):
    """Body of the errors of vLLM's web framework: unknown path, wrong method, bytes that are not UTF-8."""

    detail: str


class InvalidBody(Exception):
    """A request's body does not fit its type. `envelope` is vLLM's answer to it; the status is 400."""

    def __init__(self, envelope: ErrorEnvelope | DetailBody) -> None:
        super().__init__(envelope)
        self.envelope = envelope

    @property
    def info(self) -> ErrorInfo:
        """The error as the ordinary envelope holds it, also where vLLM answers in another shape."""
        if isinstance(self.envelope, ErrorEnvelope):
            return self.envelope.error
        return ErrorInfo(message=self.envelope.detail, type="Bad Request", code=400)

    def __str__(self) -> str:
        return self.info.message


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}

_PATH = re.compile(r" - at (?:`key` in )?`\$([^`]+)`$")
_MISSING = re.compile(r"^Object missing required field `([^`]+)`")
_STEP = re.compile(r"\[\d+\]|[^.\[\]]+")
_OFFSET = re.compile(r"\(byte (\d+)\)$")


def decode_request(cls: type[T], body: bytes) -> T:
    """Decode a request's body, as leniently as vLLM.

    "3", 3.0 and true are integers too, "0.5" is a number, "yes" is a bool, NaN is JSON, the last of two equal
    keys wins. One leniency is msgspec's own: "null" for a number or a bool is null. Raises InvalidBody.
    """
    decoder = _decoders.get(cls)
    if decoder is None:
        decoder = _decoders[cls] = msgspec.json.Decoder(cls, strict=False)
    try:
        return decoder.decode(body)  # type: ignore[no-any-return]  # the decoder was made for cls
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _decode_again(cls, body, error)


def _decode_again(cls: type[T], body: bytes, error: Exception) -> T:
    """Decode what msgspec refused with `error` and vLLM takes: NaN, true for an integer, "yes" for a bool."""
    if isinstance(error, (UnicodeDecodeError, RecursionError)):
        raise InvalidBody(DetailBody(detail="There was an error parsing the body")) from error
    try:
        tree = _parse_json(body)
    except (ValueError, RecursionError):
        raise InvalidBody(ErrorEnvelope(error=schema_error(error, body))) from error
    for _ in range(64):
        try:
            return msgspec.convert(tree, cls, strict=False)
        except msgspec.ValidationError as problem:
            if not _coerce(tree, str(problem)):
                raise InvalidBody(ErrorEnvelope(error=schema_error(problem, body))) from problem
    raise InvalidBody(ErrorEnvelope(error=schema_error(error, body))) from error


def _parse_json(body: bytes) -> Any:
    """Parse, with NaN and Infinity allowed. Raises ValueError."""
    if b"NaN" not in body and b"Infinity" not in body:
        return msgspec.json.decode(body)
    import json

    tree = json.loads(body)
    if b"\\u" in body:  # half a surrogate pair is JSON but no text: neither msgspec nor a tokenizer takes it
        json.dumps(tree, ensure_ascii=False).encode()
    return tree


_BOOLS: dict[str, bool] = dict.fromkeys(("1", "t", "true", "y", "yes", "on"), True)
_BOOLS |= dict.fromkeys(("0", "f", "false", "n", "no", "off"), False)


def _coerce(tree: Any, message: str) -> bool:
    """Replace the value that the message complains of in place; false if it is not one that vLLM takes."""
    found = _PATH.search(message)
    if found is None or "[...]" in found[1]:  # the root, or a member of a map, which msgspec does not name
        return False
    *steps, last = [int(step[1:-1]) if step[0] == "[" else step for step in _STEP.findall(found[1])]
    for step in steps:
        tree = tree[step]
    value = tree[last]
    wanted = message.partition("got")[0]
    if value is True or value is False:
        tree[last] = int(value)
        return "int" in wanted or "float" in wanted
    if isinstance(value, str) and "bool" in wanted and value.lower() in _BOOLS:
        tree[last] = _BOOLS[value.lower()]
        return True
    return False


def schema_error(error: Exception, body: bytes = b"") -> ErrorInfo:
    """Return vLLM's error of a body that does not fit: type, status, and the path of the fault as `param`."""
    message = str(error)
    if isinstance(error, msgspec.ValidationError):
        param = _path_param(message)
    else:
        param = _offset_param(message, body)
    return ErrorInfo(message=message, type="Bad Request", param=param, code=400)


def _path_param(message: str) -> str:
    """Turn the path that ends a msgspec message, `$.messages[0].content`, into `body.messages.0.content`."""
    found = _PATH.search(message)
    steps = [step.strip("[]") for step in _STEP.findall(found[1])] if found else []
    missing = _MISSING.match(message)
    return ".".join(["body", *steps, *([missing[1]] if missing else [])])


def _offset_param(message: str, body: bytes) -> str:
    if not body.strip():
        return f"body.{len(body)}" if body else "body"
    found = _OFFSET.search(message)
    if found is None:
        return f"body.{len(body)}"
    # msgspec counts one too many for what follows a complete value.
    return f"body.{int(found[1]) - ('trailing' in message)}"
