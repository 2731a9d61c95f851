"""What the tests import from modules that Martlet has not, or has under another name."""

from __future__ import annotations

import asyncio
import functools
import inspect
import random
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from martlet.client import binary, options, structured
from martlet.client.response_parsing import ResponseParser
from martlet.protocol.base import WireModel, construct

from . import events

_HOMES = {
    "": "martlet",
    "_exceptions": "martlet.errors",
    "_streaming": "martlet.client.streaming",
    "_types": "martlet.client.options",
    "_client": "martlet.client.client",
    "pagination": "martlet.client.pagination",
}


def home(below: str) -> str:
    """Return the module of Martlet's behind `openai.<below>`."""
    return _HOMES.get(below, f"martlet.{below}")


class _NotOffered(type):
    """The type of placeholders: they can be imported and named, and fail when used."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if _NotOffered in map(type, cls.__mro__[1:-1]):
            return super().__call__(*args, **kwargs)  # a test's own subclass
        raise NotImplementedError(f"Martlet does not offer {cls.__qualname__}")


def not_offered(path: str) -> type:
    members = {"__class_getitem__": classmethod(lambda cls, item: cls), "__qualname__": path}
    return _NotOffered(path.rpartition(".")[2], (), members)


def names(below: str) -> Mapping[str, Any]:
    """Return the names that the harness adds to `openai.<below>`."""
    make = _ADDED.get(below)
    return {} if make is None else make()


# --- openai -----------------------------------------------------------------------------------------


def _front() -> Mapping[str, Any]:
    import httpx2

    from . import client as clients

    return {
        "OpenAI": clients.OpenAI,
        "AsyncOpenAI": clients.AsyncOpenAI,
        "Client": clients.OpenAI,
        "AsyncClient": clients.AsyncOpenAI,
        "BaseModel": WireModel,
        "DefaultHttpx2Client": httpx2.Client,
        "DefaultAsyncHttpx2Client": httpx2.AsyncClient,
    }


# --- openai._utils ----------------------------------------------------------------------------------


def is_list_type(hint: Any) -> bool:
    return (get_origin(hint) or hint) is list


def is_sequence_type(hint: Any) -> bool:
    return get_origin(hint) is Sequence


def is_union_type(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def is_annotated_type(hint: Any) -> bool:
    return get_origin(hint) is Annotated


def is_type_alias_type(hint: Any) -> bool:
    return type(hint).__name__ == "TypeAliasType"


def extract_type_arg(hint: Any, index: int) -> Any:
    return get_args(hint)[index]


def consume_sync_iterator(iterator: Iterator[Any]) -> None:
    for _ in iterator:
        pass


def asyncify(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        return await asyncio.to_thread(function, *args, **kwargs)

    return call


def assert_signatures_in_sync(
    source: Callable[..., Any],
    check: Callable[..., Any],
    *,
    exclude_params: Sequence[str] = (),
    description: str = "",
) -> None:
    """Every parameter of `source` is one of `check` too, of the same kind and with the same annotation."""
    theirs = inspect.signature(check).parameters
    for name, parameter in inspect.signature(source).parameters.items():
        if name in exclude_params:
            continue
        other = theirs.get(name)
        assert other is not None, f"{name} is missing{description}"
        assert (other.kind, other.annotation) == (parameter.kind, parameter.annotation), name


def _utils() -> Mapping[str, Any]:
    return {
        "asyncify": asyncify,
        "assert_signatures_in_sync": assert_signatures_in_sync,
        "consume_sync_iterator": consume_sync_iterator,
        "extract_type_arg": extract_type_arg,
        "is_annotated_type": is_annotated_type,
        "is_dict": lambda value: isinstance(value, dict),
        "is_list": lambda value: isinstance(value, list),
        "is_list_type": is_list_type,
        "is_sequence_type": is_sequence_type,
        "is_type_alias_type": is_type_alias_type,
        "is_union_type": is_union_type,
    }


# --- openai._compat, _models, _types, _legacy_response ----------------------------------------------


def _compat() -> Mapping[str, Any]:
    return {
        "PYDANTIC_V1": False,
        "field_outer_type": lambda hint: hint,
        "get_model_fields": lambda model: {name: None for name in model.__struct_fields__},
        "model_copy": lambda model, deep=False: model.model_copy(deep=deep),
        "model_parse": lambda model, data: model.model_validate(data),
    }


def _models() -> Mapping[str, Any]:
    from . import client as clients

    return {
        "BaseModel": WireModel,
        "FinalRequestOptions": clients.FinalRequestOptions,
        "construct_type_unchecked": lambda type_, value: construct(type_, value),
    }


def _types() -> Mapping[str, Any]:
    return {"NoneType": type(None)}


# --- openai._base_client ----------------------------------------------------------------------------


def _base_client() -> Mapping[str, Any]:
    import anyio
    import httpx2

    from . import backoff
    from . import client as clients

    backoff.install()
    default = options.resolve_timeouts(options.DEFAULT_TIMEOUT)
    return {
        "BaseClient": backoff.BaseClient,
        "random": random.random,
        "time": time,
        "anyio": anyio,
        "DEFAULT_TIMEOUT": httpx2.Timeout(
            connect=default.connect, read=default.read, write=default.write, pool=default.pool
        ),
        "HTTPX_DEFAULT_TIMEOUT": httpx2.Timeout(5.0),
        "DefaultHttpxClient": httpx2.Client,
        "DefaultAsyncHttpxClient": httpx2.AsyncClient,
        "make_request_options": clients.make_request_options,
    }


# --- openai.lib -------------------------------------------------------------------------------------


def _response_parsing() -> Mapping[str, Any]:
    def parse_response(*, text_format: Any, input_tools: Any, response: Any) -> Any:
        return ResponseParser(text_format, input_tools).response(response)

    return {
        "parse_response": parse_response,
        "type_to_text_format_param": lambda kind: structured.OutputType(kind).text_format(),
    }


def _streaming() -> Mapping[str, Any]:
    from . import streams

    return {
        "AsyncStream": streams.AsyncStream,
        "SSEDecoder": events.SSEDecoder,
        "ServerSentEvent": events.ServerSentEvent,
        "Stream": streams.Stream,
    }


_ADDED: dict[str, Callable[[], Mapping[str, Any]]] = {
    "": _front,
    "_base_client": _base_client,
    "_compat": _compat,
    "_legacy_response": lambda: {"HttpxBinaryResponseContent": binary.BinaryContent},
    "_models": _models,
    "_streaming": _streaming,
    "_types": _types,
    "_utils": _utils,
    "lib._parsing._embeddings": lambda: {"has_numpy": lambda: False},
    "lib._parsing._responses": _response_parsing,
    "lib._pydantic": lambda: {
        "to_strict_json_schema": lambda kind: structured.OutputType(kind).schema,
    },
    "lib._parsing._completions": lambda: {"ResponseFormatT": TypeVar("ResponseFormatT")},
}
