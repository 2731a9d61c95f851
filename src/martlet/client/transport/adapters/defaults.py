"""HTTP clients of other libraries, with limits that suit a model client. They are the caller's to close."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from martlet.client.transport.pool import KEEP_ALIVE_S, MAX_CONNECTIONS


def DefaultHttpxClient(**options: Any) -> Any:
    """An `httpx.Client` for `http_client=`; `options` win over the defaults."""
    return _made("httpx", "Client", options)


def DefaultAsyncHttpxClient(**options: Any) -> Any:
    """An `httpx.AsyncClient` for `http_client=`; `options` win over the defaults."""
    return _made("httpx", "AsyncClient", options)


def DefaultHttpx2Client(**options: Any) -> Any:
    """An `httpx2.Client` for `http_client=`; `options` win over the defaults."""
    return _made("httpx2", "Client", options)


def DefaultAsyncHttpx2Client(**options: Any) -> Any:
    """An `httpx2.AsyncClient` for `http_client=`; `options` win over the defaults."""
    return _made("httpx2", "AsyncClient", options)


def _made(family: str, name: str, options: dict[str, Any]) -> Any:
    library = import_module(family)  # a user's own choice, never a dependency of ours
    limits = library.Limits(
        max_connections=MAX_CONNECTIONS,
        max_keepalive_connections=MAX_CONNECTIONS,
        keepalive_expiry=KEEP_ALIVE_S,
    )
    return getattr(library, name)(**{"limits": limits, **options})
