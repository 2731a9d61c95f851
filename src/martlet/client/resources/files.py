"""`client.files`: files that the server holds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from martlet.client.endpoints import files as calls
from martlet.client.resources.base import AsyncResource, Resource, deprecated
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.binary import BinaryContent
    from martlet.client.endpoints.files import FileCreateKeywords, FileListKeywords
    from martlet.client.options import RequestOptions
    from martlet.client.pagination import AsyncPaginator, SyncCursorPage
    from martlet.protocol.files import FileDeleted, FileObject


class Files(Resource):
    """Files that the server holds."""

    @calling(lambda: calls.CREATE)
    def create(self, **params: Unpack[FileCreateKeywords]) -> FileObject:
        """Upload a file.

        `file` is bytes, an open binary file, a `pathlib.Path`, or a tuple of a name, one of these, and the
        media type and headers if wanted. `purpose` is required too.
        """
        reply: FileObject = self._client._run(calls.CREATE, {**params})
        return reply

    @calling(lambda: calls.RETRIEVE)
    def retrieve(self, file_id: str, **options: Unpack[RequestOptions]) -> FileObject:
        """Look up one file."""
        reply: FileObject = self._client._run(calls.RETRIEVE, {**options}, {"file_id": file_id})
        return reply

    @calling(lambda: calls.LIST)
    def list(self, **params: Unpack[FileListKeywords]) -> SyncCursorPage[FileObject]:
        """List the files, page by page."""
        page: SyncCursorPage[FileObject] = self._client._list(calls.LIST, {**params})
        return page

    @calling(lambda: calls.DELETE)
    def delete(self, file_id: str, **options: Unpack[RequestOptions]) -> FileDeleted:
        """Delete a file."""
        reply: FileDeleted = self._client._run(calls.DELETE, {**options}, {"file_id": file_id})
        return reply

    @calling(lambda: calls.CONTENT)
    def content(self, file_id: str, **options: Unpack[RequestOptions]) -> BinaryContent:
        """Download what a file holds."""
        reply: BinaryContent = self._client._run(calls.CONTENT, {**options}, {"file_id": file_id})
        return reply

    @calling(lambda: calls.RETRIEVE_CONTENT)
    def retrieve_content(self, file_id: str, **options: Unpack[RequestOptions]) -> str:
        """As `content()`, as text. Deprecated."""
        deprecated("files.retrieve_content() is deprecated: use files.content()")
        reply: str = self._client._run(calls.RETRIEVE_CONTENT, {**options}, {"file_id": file_id})
        return reply

    def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 30 * 60
    ) -> FileObject:
        """Ask every `poll_interval` seconds until a file is processed, failed or deleted.

        Raises RuntimeError if it is none of these after `max_wait_seconds`.
        """
        deadline = time.monotonic() + max_wait_seconds
        while (file := self.retrieve(id)).status not in calls.FINAL_STATUSES:
            if time.monotonic() > deadline:
                raise calls.still_processing(file, max_wait_seconds)
            time.sleep(poll_interval)
        return file


class AsyncFiles(AsyncResource):
    """Files that the server holds."""

    @calling(lambda: calls.CREATE)
    async def create(self, **params: Unpack[FileCreateKeywords]) -> FileObject:
        """Upload a file.

        `file` is bytes, an open binary file, a `pathlib.Path`, or a tuple of a name, one of these, and the
        media type and headers if wanted. `purpose` is required too.
        """
        reply: FileObject = await self._client._run(calls.CREATE, {**params})
        return reply

    @calling(lambda: calls.RETRIEVE)
    async def retrieve(self, file_id: str, **options: Unpack[RequestOptions]) -> FileObject:
        """Look up one file."""
        reply: FileObject = await self._client._run(calls.RETRIEVE, {**options}, {"file_id": file_id})
        return reply

    @calling(lambda: calls.LIST)
    def list(self, **params: Unpack[FileListKeywords]) -> AsyncPaginator[FileObject]:
        """List the files, page by page."""
        page: AsyncPaginator[FileObject] = self._client._list(calls.LIST, {**params})
        return page

    @calling(lambda: calls.DELETE)
    async def delete(self, file_id: str, **options: Unpack[RequestOptions]) -> FileDeleted:
        """Delete a file."""
        reply: FileDeleted = await self._client._run(calls.DELETE, {**options}, {"file_id": file_id})
        return reply

    @calling(lambda: calls.CONTENT)
    async def content(self, file_id: str, **options: Unpack[RequestOptions]) -> BinaryContent:
        """Download what a file holds."""
        reply: BinaryContent = await self._client._run(calls.CONTENT, {**options}, {"file_id": file_id})
        return reply

    @calling(lambda: calls.RETRIEVE_CONTENT)
    async def retrieve_content(self, file_id: str, **options: Unpack[RequestOptions]) -> str:
        """As `content()`, as text. Deprecated."""
        deprecated("files.retrieve_content() is deprecated: use files.content()")
        reply: str = await self._client._run(calls.RETRIEVE_CONTENT, {**options}, {"file_id": file_id})
        return reply

    async def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 30 * 60
    ) -> FileObject:
        """Ask every `poll_interval` seconds until a file is processed, failed or deleted.

        Raises RuntimeError if it is none of these after `max_wait_seconds`.
        """
        from asyncio import sleep

        deadline = time.monotonic() + max_wait_seconds
        while (file := await self.retrieve(id)).status not in calls.FINAL_STATUSES:
            if time.monotonic() > deadline:
                raise calls.still_processing(file, max_wait_seconds)
            await sleep(poll_interval)
        return file
