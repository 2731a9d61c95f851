"""Users' own ASGI middleware, named by import path."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware

from martlet.errors import MartletError


class CannotLoad(MartletError):
    """What was named as middleware is none, or cannot be imported."""


def load_middleware(names: Sequence[str]) -> list[Middleware]:
    """Import each `package.module.name`: a class around an ASGI app, or `async (request, call_next)`.

    Raises CannotLoad.
    """
    return [_load(name) for name in names]


def _load(path: str) -> Middleware:
    module_name, _, name = path.rpartition(".")
    try:
        found: Any = getattr(import_module(module_name), name) if module_name else None
    except (ImportError, AttributeError, ValueError) as error:
        raise CannotLoad(f"--middleware {path} cannot be imported: {error}") from error
    factory: Any = found
    if inspect.isclass(found):
        return Middleware(factory)
    if inspect.iscoroutinefunction(found):
        return Middleware(BaseHTTPMiddleware, dispatch=found)
    raise CannotLoad(f"--middleware {path} must be package.module.name of a class, or of an async function")
