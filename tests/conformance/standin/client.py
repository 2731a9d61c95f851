"""The clients as the tests construct them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import martlet

IDENTIFICATION = {"X-Stainless-Lang": "python"}
"""Martlet sends no such header. Each raw-response test asks for this one first, then looks at the reply."""


def _settings(default_headers: Mapping[str, Any] | None, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Leave out the settings that Martlet has not: its replies are always checked by the tests themselves."""
    kwargs.pop("admin_api_key", None)
    kwargs.pop("_strict_response_validation", None)
    return {**kwargs, "default_headers": {**IDENTIFICATION, **(default_headers or {})}}


class OpenAI(martlet.OpenAI):
    def __init__(self, *, default_headers: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**_settings(default_headers, kwargs))


class AsyncOpenAI(martlet.AsyncOpenAI):
    def __init__(self, *, default_headers: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**_settings(default_headers, kwargs))
