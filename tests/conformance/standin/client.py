"""The clients as the tests construct them, and a look at the request that a client would send."""

from __future__ import annotations

import os
from functools import wraps
from types import SimpleNamespace
from typing import Any, NoReturn

import httpx2

import martlet
from martlet.client.transport.base import Request

from . import backoff

IDENTIFICATION = {"X-Stainless-Lang": "python"}
"""Martlet sends no such header. Each raw-response test asks for this one first, then looks at the reply."""

NOT_OURS = ("admin_api_key", "_enforce_credentials", "_strict_response_validation")
"""Settings that Martlet has not: the tests look at every reply themselves."""


def _without_theirs(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in NOT_OURS}


class FinalRequestOptions(SimpleNamespace):
    """What the tests describe a request with: keywords of their own, which `client.request` takes."""

    @classmethod
    def construct(cls, **values: Any) -> FinalRequestOptions:
        return cls(**values)


def make_request_options(
    *,
    query: dict[str, Any] | None = None,
    extra_query: dict[str, Any] | None = None,
    extra_headers: dict[str, Any] | None = None,
    extra_body: dict[str, Any] | None = None,
    **others: Any,
) -> dict[str, Any]:
    """The keywords of `create` methods as those of FinalRequestOptions."""
    given = {
        "params": {**(query or {}), **(extra_query or {})},
        "headers": extra_headers,
        "extra_json": extra_body,
        **others,
    }
    return {name: value for name, value in given.items() if value}


class _Captured(Exception):
    """Carries a request out of the client that was about to send it."""

    def __init__(self, request: Request) -> None:
        self.request = request


class _Capture:
    def send(self, request: Request) -> NoReturn:
        raise _Captured(request)

    def close(self) -> None: ...


def _as_tested(ours: Any, default: str) -> Any:
    """A client that takes the settings which only the tests give.

    Where the tests inject httpx2 clients, they expect one also where they inject none: it is their stub.
    """

    class Tested(ours):  # type: ignore[misc]  # made for each of the two clients
        def __init__(self, **settings: Any) -> None:
            settings["default_headers"] = {**IDENTIFICATION, **(settings.get("default_headers") or {})}
            if settings.get("http_client") is None and os.environ.get("OPENAI_TEST_HTTP_CLIENT") == "httpx2":
                settings["http_client"] = getattr(httpx2, default)(timeout=None)
            self._client = settings.get("http_client")
            super().__init__(**_without_theirs(settings))

        @wraps(ours.copy)
        def copy(self, **settings: Any) -> Any:
            return super().copy(**_without_theirs(settings))

        with_options = copy

        def _build_request(self, options: FinalRequestOptions) -> httpx2.Request:
            return build_request(self, options)

        def _calculate_retry_timeout(self, *given: Any) -> float:
            return backoff.calculate_retry_timeout(*given)

        def _should_retry(self, response: httpx2.Response) -> bool:
            return backoff.should_retry(response)

    Tested.__init__ = wraps(ours.__init__)(Tested.__init__)  # type: ignore[method-assign]
    Tested.__name__ = ours.__name__
    return Tested


OpenAI = _as_tested(martlet.OpenAI, "Client")
AsyncOpenAI = _as_tested(martlet.AsyncOpenAI, "AsyncClient")


def build_request(client: Any, options: FinalRequestOptions) -> httpx2.Request:
    """Return the request that a client makes of `options`, as an httpx2 request, for the tests to look at."""
    _, (_, settings) = client.__reduce__()
    twin = martlet.OpenAI(**{**settings, "http_client": _Capture(), "max_retries": 0})
    try:
        twin.request(object, options)
    except _Captured as captured:
        sent = captured.request
    timeouts = {name: getattr(sent.timeouts, name) for name in ("connect", "read", "write", "pool")}
    return httpx2.Request(
        sent.method, sent.url, headers=sent.headers, content=sent.body, extensions={"timeout": timeouts}
    )
