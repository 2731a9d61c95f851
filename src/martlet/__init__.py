"""Martlet: both ends of the OpenAI API for self-hosted models.

    from martlet import OpenAI
    client = OpenAI(base_url="http://localhost:8000/v1")

`import martlet as openai` works for programs written for the official package. Names are loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import NoneType as NoneType

    from martlet import errors as errors
    from martlet import pagination as pagination
    from martlet import types as types
    from martlet.client.binary import HttpxBinaryResponseContent as HttpxBinaryResponseContent
    from martlet.client.client import AsyncClient as AsyncClient
    from martlet.client.client import AsyncOpenAI as AsyncOpenAI
    from martlet.client.client import Client as Client
    from martlet.client.client import OpenAI as OpenAI
    from martlet.client.multipart import file_from_path as file_from_path
    from martlet.client.options import DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES
    from martlet.client.options import DEFAULT_TIMEOUT as DEFAULT_TIMEOUT
    from martlet.client.options import NOT_GIVEN as NOT_GIVEN
    from martlet.client.options import NotGiven as NotGiven
    from martlet.client.options import Omit as Omit
    from martlet.client.options import Timeout as Timeout
    from martlet.client.options import not_given as not_given
    from martlet.client.options import omit as omit
    from martlet.client.raw import APIResponse as APIResponse
    from martlet.client.raw import AsyncAPIResponse as AsyncAPIResponse
    from martlet.client.resources.audio import Audio
    from martlet.client.resources.batches import Batches
    from martlet.client.resources.beta import Beta
    from martlet.client.resources.chat import Chat
    from martlet.client.resources.completions import Completions
    from martlet.client.resources.embeddings import Embeddings
    from martlet.client.resources.files import Files
    from martlet.client.resources.images import Images
    from martlet.client.resources.models import Models
    from martlet.client.resources.moderations import Moderations
    from martlet.client.resources.responses import Responses
    from martlet.client.resources.uploads import Uploads
    from martlet.client.resources.vllm import VLLM
    from martlet.client.retries import Retry as Retry
    from martlet.client.streaming import AsyncStream as AsyncStream
    from martlet.client.streaming import Stream as Stream
    from martlet.client.structured import function_tool as function_tool
    from martlet.client.structured import pydantic_function_tool as pydantic_function_tool
    from martlet.client.structured import (
        pydantic_responses_function_tool as pydantic_responses_function_tool,
    )
    from martlet.client.structured import responses_function_tool as responses_function_tool
    from martlet.client.transport.adapters.aiohttp_default import DefaultAioHttpClient as DefaultAioHttpClient
    from martlet.client.transport.adapters.defaults import (
        DefaultAsyncHttpx2Client as DefaultAsyncHttpx2Client,
    )
    from martlet.client.transport.adapters.defaults import DefaultAsyncHttpxClient as DefaultAsyncHttpxClient
    from martlet.client.transport.adapters.defaults import DefaultHttpx2Client as DefaultHttpx2Client
    from martlet.client.transport.adapters.defaults import DefaultHttpxClient as DefaultHttpxClient
    from martlet.client.verbs import RequestOptions as RequestOptions
    from martlet.errors import APIConnectionError as APIConnectionError
    from martlet.errors import APIError as APIError
    from martlet.errors import APIResponseValidationError as APIResponseValidationError
    from martlet.errors import APIStatusError as APIStatusError
    from martlet.errors import APITimeoutError as APITimeoutError
    from martlet.errors import AuthenticationError as AuthenticationError
    from martlet.errors import BadRequestError as BadRequestError
    from martlet.errors import ClientClosedError as ClientClosedError
    from martlet.errors import ConflictError as ConflictError
    from martlet.errors import ContentFilterFinishReasonError as ContentFilterFinishReasonError
    from martlet.errors import InternalServerError as InternalServerError
    from martlet.errors import LengthFinishReasonError as LengthFinishReasonError
    from martlet.errors import MartletError as MartletError
    from martlet.errors import NotFoundError as NotFoundError
    from martlet.errors import OpenAIError as OpenAIError
    from martlet.errors import PermissionDeniedError as PermissionDeniedError
    from martlet.errors import RateLimitError as RateLimitError
    from martlet.errors import StreamInterrupted as StreamInterrupted
    from martlet.errors import StreamStalled as StreamStalled
    from martlet.errors import TransportError as TransportError
    from martlet.errors import UnprocessableEntityError as UnprocessableEntityError
    from martlet.protocol.base import BaseModel as BaseModel

    audio: Audio
    batches: Batches
    beta: Beta
    chat: Chat
    completions: Completions
    embeddings: Embeddings
    files: Files
    images: Images
    models: Models
    moderations: Moderations
    responses: Responses
    uploads: Uploads
    vllm: VLLM

__version__ = VERSION = "0.1.0"

# Settings of the client behind `martlet.chat` and the other resources; None means as `OpenAI()` has it.
api_key: str | Callable[[], str] | None = None
organization: str | None = None
project: str | None = None
base_url: str | None = None
timeout: float | Timeout | None = 60.0
max_retries: int = 2
default_headers: Mapping[str, str] | None = None
default_query: Mapping[str, object] | None = None
http_client: Any = None

_CLIENT = "martlet.client.client"
_OPTIONS = "martlet.client.options"
_RETRIES = "martlet.client.retries"
_STREAMING = "martlet.client.streaming"
_STRUCTURED = "martlet.client.structured"
_RAW = "martlet.client.raw"
_DEFAULTS = "martlet.client.transport.adapters.defaults"
_ERRORS = "martlet.errors"

_HOME = {
    "OpenAI": _CLIENT,
    "AsyncOpenAI": _CLIENT,
    "Client": _CLIENT,
    "AsyncClient": _CLIENT,
    "BaseModel": "martlet.protocol.base",
    "NoneType": "types",
    "RequestOptions": "martlet.client.verbs",
    "file_from_path": "martlet.client.multipart",
    "Retry": _RETRIES,
    "HttpxBinaryResponseContent": "martlet.client.binary",
    "Stream": _STREAMING,
    "AsyncStream": _STREAMING,
    "function_tool": _STRUCTURED,
    "pydantic_function_tool": _STRUCTURED,
    "pydantic_responses_function_tool": _STRUCTURED,
    "responses_function_tool": _STRUCTURED,
    "APIResponse": _RAW,
    "AsyncAPIResponse": _RAW,
    "DefaultAioHttpClient": "martlet.client.transport.adapters.aiohttp_default",
    "DefaultAsyncHttpx2Client": _DEFAULTS,
    "DefaultAsyncHttpxClient": _DEFAULTS,
    "DefaultHttpx2Client": _DEFAULTS,
    "DefaultHttpxClient": _DEFAULTS,
    "Timeout": _OPTIONS,
    "NOT_GIVEN": _OPTIONS,
    "NotGiven": _OPTIONS,
    "Omit": _OPTIONS,
    "not_given": _OPTIONS,
    "omit": _OPTIONS,
    "DEFAULT_TIMEOUT": _OPTIONS,
    "DEFAULT_MAX_RETRIES": _OPTIONS,
    "APIConnectionError": _ERRORS,
    "APIError": _ERRORS,
    "APIResponseValidationError": _ERRORS,
    "APIStatusError": _ERRORS,
    "APITimeoutError": _ERRORS,
    "AuthenticationError": _ERRORS,
    "BadRequestError": _ERRORS,
    "ClientClosedError": _ERRORS,
    "ConflictError": _ERRORS,
    "ContentFilterFinishReasonError": _ERRORS,
    "InternalServerError": _ERRORS,
    "LengthFinishReasonError": _ERRORS,
    "MartletError": _ERRORS,
    "NotFoundError": _ERRORS,
    "OpenAIError": _ERRORS,
    "PermissionDeniedError": _ERRORS,
    "RateLimitError": _ERRORS,
    "StreamInterrupted": _ERRORS,
    "StreamStalled": _ERRORS,
    "TransportError": _ERRORS,
    "UnprocessableEntityError": _ERRORS,
}

_MODULE = "martlet.client.module"
_RESOURCES = (
    "audio",
    "batches",
    "beta",
    "chat",
    "completions",
    "embeddings",
    "files",
    "images",
    "models",
    "moderations",
    "responses",
    "uploads",
    "vllm",
)
"""Of the client whose settings are the module's own."""

_SUBMODULES = ("errors", "pagination", "types")

__all__ = ["__version__", *_HOME, *_SUBMODULES]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _SUBMODULES:
        return import_module(f"martlet.{name}")
    if name in _RESOURCES:
        made = globals()[name] = import_module(_MODULE).resource(name)
        return made
    home = _MODULE if name == "_reset_client" else _HOME.get(name)
    if home is None:
        reason = None if name.startswith("_") else import_module("martlet.client.left_out").of_package(name)
        said = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(f"{said}: {reason}" if reason else said)
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_RESOURCES})
