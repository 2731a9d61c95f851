"""Stored chat completions: the part of `client.chat.completions` that is about them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from martlet.client.lazy import LazyModule
from martlet.client.resources.base import AsyncResource, Resource
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.endpoints import stored_chat as calls
    from martlet.client.endpoints.stored_chat import (
        CompletionListKeywords,
        CompletionUpdateKeywords,
        MessageListKeywords,
    )
    from martlet.client.options import RequestOptions
    from martlet.client.pagination import AsyncPaginator, SyncCursorPage
    from martlet.protocol.chat import ChatCompletion
    from martlet.protocol.stored_chat import ChatCompletionDeleted, ChatCompletionStoreMessage
else:
    calls = LazyModule("martlet.client.endpoints.stored_chat")


class Messages(Resource):
    """The messages of a stored completion."""

    @calling(lambda: calls.MESSAGES_LIST)
    def list(
        self, completion_id: str, **params: Unpack[MessageListKeywords]
    ) -> SyncCursorPage[ChatCompletionStoreMessage]:
        """List the messages of a stored completion, page by page."""
        page: SyncCursorPage[ChatCompletionStoreMessage] = self._client._list(
            calls.MESSAGES_LIST, {**params}, {"completion_id": completion_id}
        )
        return page


class AsyncMessages(AsyncResource):
    """The messages of a stored completion."""

    @calling(lambda: calls.MESSAGES_LIST)
    def list(
        self, completion_id: str, **params: Unpack[MessageListKeywords]
    ) -> AsyncPaginator[ChatCompletionStoreMessage]:
        """List the messages of a stored completion, page by page."""
        page: AsyncPaginator[ChatCompletionStoreMessage] = self._client._list(
            calls.MESSAGES_LIST, {**params}, {"completion_id": completion_id}
        )
        return page


class StoredCompletions(Resource):
    """Completions that were created with `store=True`."""

    @cached_property
    def messages(self) -> Messages:
        return Messages(self._client)

    @calling(lambda: calls.RETRIEVE)
    def retrieve(self, completion_id: str, **options: Unpack[RequestOptions]) -> ChatCompletion:
        """Look up a stored completion."""
        reply: ChatCompletion = self._client._run(
            calls.RETRIEVE, {**options}, {"completion_id": completion_id}
        )
        return reply

    @calling(lambda: calls.UPDATE)
    def update(self, completion_id: str, **params: Unpack[CompletionUpdateKeywords]) -> ChatCompletion:
        """Replace the `metadata` of a stored completion."""
        reply: ChatCompletion = self._client._run(calls.UPDATE, {**params}, {"completion_id": completion_id})
        return reply

    @calling(lambda: calls.LIST)
    def list(self, **params: Unpack[CompletionListKeywords]) -> SyncCursorPage[ChatCompletion]:
        """List the stored completions, page by page."""
        page: SyncCursorPage[ChatCompletion] = self._client._list(calls.LIST, {**params})
        return page

    @calling(lambda: calls.DELETE)
    def delete(self, completion_id: str, **options: Unpack[RequestOptions]) -> ChatCompletionDeleted:
        """Delete a stored completion."""
        reply: ChatCompletionDeleted = self._client._run(
            calls.DELETE, {**options}, {"completion_id": completion_id}
        )
        return reply


class AsyncStoredCompletions(AsyncResource):
    """Completions that were created with `store=True`."""

    @cached_property
    def messages(self) -> AsyncMessages:
        return AsyncMessages(self._client)

    @calling(lambda: calls.RETRIEVE)
    async def retrieve(self, completion_id: str, **options: Unpack[RequestOptions]) -> ChatCompletion:
        """Look up a stored completion."""
        reply: ChatCompletion = await self._client._run(
            calls.RETRIEVE, {**options}, {"completion_id": completion_id}
        )
        return reply

    @calling(lambda: calls.UPDATE)
    async def update(self, completion_id: str, **params: Unpack[CompletionUpdateKeywords]) -> ChatCompletion:
        """Replace the `metadata` of a stored completion."""
        reply: ChatCompletion = await self._client._run(
            calls.UPDATE, {**params}, {"completion_id": completion_id}
        )
        return reply

    @calling(lambda: calls.LIST)
    def list(self, **params: Unpack[CompletionListKeywords]) -> AsyncPaginator[ChatCompletion]:
        """List the stored completions, page by page."""
        page: AsyncPaginator[ChatCompletion] = self._client._list(calls.LIST, {**params})
        return page

    @calling(lambda: calls.DELETE)
    async def delete(self, completion_id: str, **options: Unpack[RequestOptions]) -> ChatCompletionDeleted:
        """Delete a stored completion."""
        reply: ChatCompletionDeleted = await self._client._run(
            calls.DELETE, {**options}, {"completion_id": completion_id}
        )
        return reply
