"""Replies and parameter types under the official names, loaded when first used.

`types.Model`, `types.Completion`, ...; those of conversations are in `types.chat`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from martlet.client.calls import CompletionCreateParams as CompletionCreateParams
    from martlet.protocol.common import CompletionUsage as CompletionUsage
    from martlet.protocol.completions import Completion as Completion
    from martlet.protocol.completions import CompletionChoice as CompletionChoice
    from martlet.protocol.errors import ErrorInfo as ErrorObject
    from martlet.protocol.models import Model as Model
    from martlet.types import chat as chat

_HOME = {
    "Completion": ("martlet.protocol.completions", "Completion"),
    "CompletionChoice": ("martlet.protocol.completions", "CompletionChoice"),
    "CompletionCreateParams": ("martlet.client.calls", "CompletionCreateParams"),
    "CompletionUsage": ("martlet.protocol.common", "CompletionUsage"),
    "ErrorObject": ("martlet.protocol.errors", "ErrorInfo"),
    "Model": ("martlet.protocol.models", "Model"),
}

__all__ = [
    "Completion",
    "CompletionChoice",
    "CompletionCreateParams",
    "CompletionUsage",
    "ErrorObject",
    "Model",
    "chat",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "chat":
        return import_module("martlet.types.chat")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOME[name]
    return getattr(import_module(module), attribute)
