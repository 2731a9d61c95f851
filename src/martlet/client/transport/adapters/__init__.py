"""Transports made of a user's own HTTP client, for what ours leaves to others: HTTP/2, SOCKS, mocks, hooks.

Clients are told apart by the name of the class's package: none of the libraries is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from martlet.client.options import Timeout

_SYNC = {("httpx", "Client"), ("httpx2", "Client")}
_ASYNC = {("httpx", "AsyncClient"), ("httpx2", "AsyncClient"), ("aiohttp", "ClientSession")}
_OTHERS = ("requests", "urllib3", "httpcore", "httpcore2", "niquests")


def adapt(given: object, *, is_async: bool) -> tuple[Any, Timeout | None] | None:
    """A transport over `given`, and the time limits set on it; None if `given` is no known HTTP client.

    Raises TypeError for a client of the other kind, or of a library that has no adapter.
    """
    names = [(cls.__module__.partition(".")[0], cls.__name__) for cls in type(given).__mro__]
    if ("martlet", "DefaultAioHttpClient") in names:
        if not is_async:
            raise TypeError(_refusal("DefaultAioHttpClient", _SYNC, is_async=False))
        return given, getattr(given, "timeout", None)
    wanted, other = (_ASYNC, _SYNC) if is_async else (_SYNC, _ASYNC)
    for name in names:
        if name in wanted:
            return _adapted(name[0], given, is_async=is_async)
        if name in other or name[0] in _OTHERS:
            raise TypeError(_refusal(f"{name[0]}.{name[1]}", wanted, is_async=is_async))
    return None


def _adapted(family: str, given: Any, *, is_async: bool) -> tuple[Any, Timeout | None]:
    if family == "aiohttp":
        from martlet.client.transport.adapters import aiohttp

        return aiohttp.AiohttpTransport(given), aiohttp.own_timeout(given)
    from martlet.client.transport.adapters import httpx

    made = httpx.AsyncHTTPXTransport(given) if is_async else httpx.HTTPXTransport(given)
    return made, httpx.own_timeout(given)


def _refusal(found: str, wanted: set[tuple[str, str]], *, is_async: bool) -> str:
    takes = ", ".join(sorted(f"{family}.{name}" for family, name in wanted))
    client = "AsyncOpenAI" if is_async else "OpenAI"
    return (
        f"Invalid `http_client` argument: {client} takes a martlet transport, or one of {takes}; got {found}"
    )
