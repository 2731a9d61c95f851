"""What all resources share: the client that they call through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from martlet.client.lazy import LazyModule

if TYPE_CHECKING:
    from martlet.client import calls, left_out, raw, views
    from martlet.client.client import AsyncOpenAI, OpenAI
else:
    calls = LazyModule("martlet.client.calls")
    left_out = LazyModule("martlet.client.left_out")
    raw = LazyModule("martlet.client.raw")

__all__ = ["AsyncResource", "Resource", "calls", "deprecated"]


def _missing(resource: Any, name: str) -> NoReturn:
    """Say that a resource has not got an attribute, and why, if the official one has."""
    kind = type(resource).__name__
    reason = (
        None if name.startswith("_") else left_out.of_client(f"{kind.removeprefix('Async').lower()}.{name}")
    )
    said = f"{kind!r} object has no attribute {name!r}"
    raise AttributeError(f"{said}: {reason}" if reason else said, name=name, obj=resource)


class Resource:
    """A group of methods of `OpenAI`."""

    def __init__(self, client: OpenAI) -> None:
        self._client = client

    if TYPE_CHECKING:
        with_raw_response = views.RawView()
        with_streaming_response = views.StreamedView()
    else:
        __getattr__ = _missing

        @property
        def with_raw_response(self):
            """The same methods, which return a `LegacyAPIResponse`: headers and body, and `parse()`."""
            return raw.raw_resource(self)

        @property
        def with_streaming_response(self):
            """The same methods as context managers that give an `APIResponse`, its body unread."""
            return raw.streaming_resource(self)


class AsyncResource:
    """A group of methods of `AsyncOpenAI`."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    if TYPE_CHECKING:
        with_raw_response = views.RawView()
        with_streaming_response = views.StreamedView()
    else:
        __getattr__ = _missing

        @property
        def with_raw_response(self):
            """The same methods, which return a `LegacyAPIResponse`: headers and body, and `parse()`."""
            return raw.raw_resource(self)

        @property
        def with_streaming_response(self):
            """The same methods as context managers that give an `AsyncAPIResponse`, its body unread."""
            return raw.streaming_resource(self)


def deprecated(message: str) -> None:
    """Warn whoever called the method that calls this."""
    import warnings

    warnings.warn(message, DeprecationWarning, stacklevel=3)
