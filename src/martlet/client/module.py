"""The client behind `martlet.chat`, `martlet.models`, ...: its settings are attributes of the package.

They are read at each use, so that `martlet.api_key = ...` counts from the next call on.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from martlet.client.client import OpenAI

SETTINGS = (
    "api_key",
    "organization",
    "project",
    "base_url",
    "timeout",
    "max_retries",
    "default_headers",
    "default_query",
    "http_client",
)

_made: tuple[dict[str, Any], OpenAI] | None = None
"""The client in use and the settings that it was made with; replaced as a whole, for threads' sake."""


class ModuleClient:
    """Stands for the client in resources: each use goes to the one with the present settings."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copy and pickle ask for
            raise AttributeError(name)
        return getattr(current_client(), name)

    def __repr__(self) -> str:
        return "<the client of the module martlet>"


_proxy = ModuleClient()


def resource(name: str) -> Any:
    """The resource `martlet.<name>`."""
    made = getattr(OpenAI, name)
    return made.func(_proxy)


def current_client() -> OpenAI:
    """The client with the settings that the package has now. Its connections outlive a change."""
    global _made
    settings = _settings()
    if _made is None:
        client = OpenAI(**settings)
    else:
        before, client = _made
        if settings == before:
            return client
        if settings["http_client"] is before["http_client"]:
            client = OpenAI(**{**settings, "http_client": client._pool})
        else:
            client = OpenAI(**settings)
    _made = (settings, client)
    return client


def _settings() -> dict[str, Any]:
    package = vars(sys.modules["martlet"])
    values = {name: package[name] for name in SETTINGS}
    # Copies, so that an entry that is added later is noticed.
    return {name: {**value} if isinstance(value, Mapping) else value for name, value in values.items()}


def _reset_client() -> None:
    """Forget the client and its connections: the next use makes a new one, from the environment too."""
    global _made
    _made = None
