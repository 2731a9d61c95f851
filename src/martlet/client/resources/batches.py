"""`client.batches`: many requests from a file, answered later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.client.endpoints import batches as calls
from martlet.client.resources.base import AsyncResource, Resource
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.endpoints.batches import BatchCreateKeywords, BatchListKeywords
    from martlet.client.options import RequestOptions
    from martlet.client.pagination import AsyncPaginator, SyncCursorPage
    from martlet.protocol.batches import Batch


class Batches(Resource):
    """Many requests from a file, answered later."""

    @calling(lambda: calls.CREATE)
    def create(self, **params: Unpack[BatchCreateKeywords]) -> Batch:
        """Start a batch. `completion_window`, `endpoint` and `input_file_id` are required."""
        reply: Batch = self._client._run(calls.CREATE, {**params})
        return reply

    @calling(lambda: calls.RETRIEVE)
    def retrieve(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Look up one batch."""
        reply: Batch = self._client._run(calls.RETRIEVE, {**options}, {"batch_id": batch_id})
        return reply

    @calling(lambda: calls.LIST)
    def list(self, **params: Unpack[BatchListKeywords]) -> SyncCursorPage[Batch]:
        """List the batches, page by page."""
        page: SyncCursorPage[Batch] = self._client._list(calls.LIST, {**params})
        return page

    @calling(lambda: calls.CANCEL)
    def cancel(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Stop a batch; what is done by then is kept."""
        reply: Batch = self._client._run(calls.CANCEL, {**options}, {"batch_id": batch_id})
        return reply


class AsyncBatches(AsyncResource):
    """Many requests from a file, answered later."""

    @calling(lambda: calls.CREATE)
    async def create(self, **params: Unpack[BatchCreateKeywords]) -> Batch:
        """Start a batch. `completion_window`, `endpoint` and `input_file_id` are required."""
        reply: Batch = await self._client._run(calls.CREATE, {**params})
        return reply

    @calling(lambda: calls.RETRIEVE)
    async def retrieve(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Look up one batch."""
        reply: Batch = await self._client._run(calls.RETRIEVE, {**options}, {"batch_id": batch_id})
        return reply

    @calling(lambda: calls.LIST)
    def list(self, **params: Unpack[BatchListKeywords]) -> AsyncPaginator[Batch]:
        """List the batches, page by page."""
        page: AsyncPaginator[Batch] = self._client._list(calls.LIST, {**params})
        return page

    @calling(lambda: calls.CANCEL)
    async def cancel(self, batch_id: str, **options: Unpack[RequestOptions]) -> Batch:
        """Stop a batch; what is done by then is kept."""
        reply: Batch = await self._client._run(calls.CANCEL, {**options}, {"batch_id": batch_id})
        return reply
