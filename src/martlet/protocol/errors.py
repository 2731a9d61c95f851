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
    """A request's body does not fit its type. `info` is vLLM's answer to it; the status is 400."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__(info)
        self.info = info

    def __str__(self) -> str:
        return self.info.message


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode_request(cls: type[T], body: bytes) -> T:
    """Decode a request's body as vLLM does, leniently: "3" and 3.0 are integers too, "true" is a bool.

    Raises InvalidBody.
    """
    decoder = _decoders.get(cls)
    if decoder is None:
        decoder = _decoders[cls] = msgspec.json.Decoder(cls, strict=False)
    try:
        return decoder.decode(body)  # type: ignore[no-any-return]  # the decoder was made for cls
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidBody(schema_error(error, body)) from error


def unknown_fields(cls: type[msgspec.Struct], body: bytes) -> list[str]:
    """Name the top-level keys of a body that decoded as `cls` and that no field of it reads."""
    known = cls.__struct_encode_fields__
    return [key for key in _members.decode(body) if key not in known]


def schema_error(error: Exception, body: bytes = b"") -> ErrorInfo:
    """Return vLLM's error of a body that does not fit: type, status, and the path of the fault as `param`."""
    message = str(error)
    if isinstance(error, msgspec.ValidationError):
        param = _path_param(message)
    else:
        param = _offset_param(message, body)
    return ErrorInfo(message=message, type="Bad Request", param=param, code=400)


_PATH = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `([^`]+)`")
_STEP = re.compile(r"\.?([^.\[\]]+)")
_OFFSET = re.compile(r"\(byte (\d+)\)$")


def _path_param(message: str) -> str:
    """Turn the path that ends a msgspec message, `$.messages[0].content`, into `body.messages.0.content`."""
    found = _PATH.search(message)
    steps = _STEP.findall(found[1]) if found else []
    missing = _MISSING.match(message)
    return ".".join(["body", *steps, *([missing[1]] if missing else [])])


def _offset_param(message: str, body: bytes) -> str:
    if not body.strip():
        return "body"
    found = _OFFSET.search(message)
    return f"body.{found[1] if found else len(body)}"
