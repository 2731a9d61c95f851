"""Where the tests look at back-offs: how long they are, what their jitter draws, how they are slept."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import anyio

from martlet.client import client, exchange
from martlet.client.replies import Reply
from martlet.client.transport.base import Head


class BaseClient:
    """Tests replace its method to shorten every back-off."""

    _calculate_retry_timeout: Callable[..., float] | None = None


def _wanted(delay_s: float) -> float:
    replaced = BaseClient._calculate_retry_timeout
    return delay_s if replaced is None else replaced()


class _Time:
    """`time` as Martlet's client sees it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, delay_s: float) -> None:
        time.sleep(_wanted(delay_s))


class _Asyncio:
    """`asyncio` as Martlet's client sees it: it sleeps with anyio's, which is what tests replace."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, delay_s: float) -> None:
        await anyio.sleep(_wanted(delay_s))


def install() -> None:
    vars(client).update(time=_Time(), asyncio=_Asyncio())
    defaults: dict[str, Any] = exchange.exchange.__kwdefaults__ or {}
    defaults["chance"] = _chance


def _chance() -> float:
    drawn: float = import_module("openai._base_client").random()
    return drawn


def _delay_s(status: int, headers: Mapping[str, str], retries: int) -> float | None:
    head = Head(status, [(name.lower(), value) for name, value in headers.items()])
    request: Any = None
    return exchange.retry_delay_s(Reply(request, head), retries, random.random, lambda: time.time())


def calculate_retry_timeout(remaining: int, options: Any, headers: Mapping[str, str] | None = None) -> float:
    """The wait before the next attempt, if there is to be one."""
    retries = options.max_retries - remaining
    delay_s = _delay_s(429, headers or {}, retries)
    return exchange.backoff_s(retries, random.random) if delay_s is None else delay_s


def should_retry(response: Any) -> bool:
    return _delay_s(response.status_code, response.headers, 0) is not None
