"""`client.uploads`: large files, sent in parts."""

from __future__ import annotations

import builtins
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

from martlet.client.endpoints import uploads as calls
from martlet.client.options import Omit, omit
from martlet.client.resources.base import AsyncResource, Resource
from martlet.client.resources.upload_source import UploadSource
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.endpoints.uploads import (
        PartCreateKeywords,
        UploadCompleteKeywords,
        UploadCreateKeywords,
    )
    from martlet.client.options import RequestOptions
    from martlet.protocol.files import FilePurpose
    from martlet.protocol.uploads import Upload, UploadPart


class Parts(Resource):
    """The parts of an upload."""

    @calling(lambda: calls.PARTS_CREATE)
    def create(self, upload_id: str, **params: Unpack[PartCreateKeywords]) -> UploadPart:
        """Send one part: `data` is a file in any of the forms of `files.create`, 64 MB at most."""
        reply: UploadPart = self._client._run(calls.PARTS_CREATE, {**params}, {"upload_id": upload_id})
        return reply


class AsyncParts(AsyncResource):
    """The parts of an upload."""

    @calling(lambda: calls.PARTS_CREATE)
    async def create(self, upload_id: str, **params: Unpack[PartCreateKeywords]) -> UploadPart:
        """Send one part: `data` is a file in any of the forms of `files.create`, 64 MB at most."""
        reply: UploadPart = await self._client._run(calls.PARTS_CREATE, {**params}, {"upload_id": upload_id})
        return reply


class Uploads(Resource):
    """Large files, sent in parts."""

    @cached_property
    def parts(self) -> Parts:
        return Parts(self._client)

    @calling(lambda: calls.CREATE)
    def create(self, **params: Unpack[UploadCreateKeywords]) -> Upload:
        """Begin an upload. `bytes`, `filename`, `mime_type` and `purpose` are required."""
        reply: Upload = self._client._run(calls.CREATE, {**params})
        return reply

    @calling(lambda: calls.CANCEL)
    def cancel(self, upload_id: str, **options: Unpack[RequestOptions]) -> Upload:
        """Give an upload up."""
        reply: Upload = self._client._run(calls.CANCEL, {**options}, {"upload_id": upload_id})
        return reply

    @calling(lambda: calls.COMPLETE)
    def complete(self, upload_id: str, **params: Unpack[UploadCompleteKeywords]) -> Upload:
        """Make a file of the parts, in the order of `part_ids`."""
        reply: Upload = self._client._run(calls.COMPLETE, {**params}, {"upload_id": upload_id})
        return reply

    def upload_file_chunked(
        self,
        *,
        file: PathLike[str] | builtins.bytes,
        mime_type: str,
        purpose: FilePurpose,
        filename: str | None = None,
        bytes: int | None = None,
        part_size: int | None = None,
        md5: str | Omit = omit,
    ) -> Upload:
        """Upload a file in parts of `part_size` bytes, 64 MiB by default, one after the other.

        For bytes in memory, `filename` and `bytes`, their number, are required.
        """
        source = UploadSource(file, filename, bytes, part_size)
        upload = self.create(
            bytes=source.num_bytes, filename=source.filename, mime_type=mime_type, purpose=purpose
        )
        part_ids = []
        for data in source.parts():
            part_ids.append((self.parts.create(upload.id, data=data)).id)
        if isinstance(md5, Omit):
            return self.complete(upload.id, part_ids=part_ids)
        return self.complete(upload.id, part_ids=part_ids, md5=md5)


class AsyncUploads(AsyncResource):
    """Large files, sent in parts."""

    @cached_property
    def parts(self) -> AsyncParts:
        return AsyncParts(self._client)

    @calling(lambda: calls.CREATE)
    async def create(self, **params: Unpack[UploadCreateKeywords]) -> Upload:
        """Begin an upload. `bytes`, `filename`, `mime_type` and `purpose` are required."""
        reply: Upload = await self._client._run(calls.CREATE, {**params})
        return reply

    @calling(lambda: calls.CANCEL)
    async def cancel(self, upload_id: str, **options: Unpack[RequestOptions]) -> Upload:
        """Give an upload up."""
        reply: Upload = await self._client._run(calls.CANCEL, {**options}, {"upload_id": upload_id})
        return reply

    @calling(lambda: calls.COMPLETE)
    async def complete(self, upload_id: str, **params: Unpack[UploadCompleteKeywords]) -> Upload:
        """Make a file of the parts, in the order of `part_ids`."""
        reply: Upload = await self._client._run(calls.COMPLETE, {**params}, {"upload_id": upload_id})
        return reply

    async def upload_file_chunked(
        self,
        *,
        file: PathLike[str] | builtins.bytes,
        mime_type: str,
        purpose: FilePurpose,
        filename: str | None = None,
        bytes: int | None = None,
        part_size: int | None = None,
        md5: str | Omit = omit,
    ) -> Upload:
        """Upload a file in parts of `part_size` bytes, 64 MiB by default, one after the other.

        For bytes in memory, `filename` and `bytes`, their number, are required.
        """
        source = UploadSource(file, filename, bytes, part_size)
        upload = await self.create(
            bytes=source.num_bytes, filename=source.filename, mime_type=mime_type, purpose=purpose
        )
        part_ids = []
        async for data in source.aparts():
            part_ids.append((await self.parts.create(upload.id, data=data)).id)
        if isinstance(md5, Omit):
            return await self.complete(upload.id, part_ids=part_ids)
        return await self.complete(upload.id, part_ids=part_ids, md5=md5)
