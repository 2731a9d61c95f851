"""`client.beta`: the older place of `chat.completions.parse` and `stream`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.client.resources.base import AsyncResource, Resource

if TYPE_CHECKING:
    from martlet.client.resources.chat import AsyncChat, Chat


class Beta(Resource):
    """The older place of what is in `chat` now."""

    @property
    def chat(self) -> Chat:
        """The same as `client.chat`."""
        return self._client.chat


class AsyncBeta(AsyncResource):
    """The older place of what is in `chat` now."""

    @property
    def chat(self) -> AsyncChat:
        """The same as `client.chat`."""
        return self._client.chat
