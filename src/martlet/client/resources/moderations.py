"""`client.moderations`: what is harmful in texts and images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.client.endpoints import moderations as calls
from martlet.client.resources.base import AsyncResource, Resource
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.endpoints.moderations import ModerationKeywords
    from martlet.protocol.moderations import ModerationCreateResponse


class Moderations(Resource):
    """What is harmful in texts and images."""

    @calling(lambda: calls.CREATE)
    def create(self, **params: Unpack[ModerationKeywords]) -> ModerationCreateResponse:
        """Judge `input`: a text, several, or texts and images."""
        reply: ModerationCreateResponse = self._client._run(calls.CREATE, {**params})
        return reply


class AsyncModerations(AsyncResource):
    """What is harmful in texts and images."""

    @calling(lambda: calls.CREATE)
    async def create(self, **params: Unpack[ModerationKeywords]) -> ModerationCreateResponse:
        """Judge `input`: a text, several, or texts and images."""
        reply: ModerationCreateResponse = await self._client._run(calls.CREATE, {**params})
        return reply
