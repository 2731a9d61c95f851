"""Endpoints of /v1/files."""

from __future__ import annotations

from typing import Any

from martlet.client.binary import BinaryContent
from martlet.client.calls import Endpoint
from martlet.client.endpoints.lists import page_of
from martlet.client.options import RequestOptions
from martlet.client.replies import Reply
from martlet.protocol.files import FileCreateParams, FileDeleted, FileListParams, FileObject


class FileCreateKeywords(FileCreateParams, RequestOptions, total=False):
    """Keywords of `files.create`."""


class FileListKeywords(FileListParams, RequestOptions, total=False):
    """Keywords of `files.list`."""


def _text(reply: Reply) -> str:
    return reply.as_response().text


CREATE: Endpoint[FileObject] = Endpoint(
    "files.create", "POST", "/files", FileObject, FileCreateParams, files=("file",)
)
RETRIEVE: Endpoint[FileObject] = Endpoint("files.retrieve", "GET", "/files/{file_id}", FileObject)
LIST: Endpoint[Any] = Endpoint(
    "files.list", "GET", "/files", page_of(FileObject, "FileObjectList"), FileListParams, has_cursor=True
)
DELETE: Endpoint[FileDeleted] = Endpoint("files.delete", "DELETE", "/files/{file_id}", FileDeleted)
CONTENT: Endpoint[BinaryContent] = Endpoint(
    "files.content",
    "GET",
    "/files/{file_id}/content",
    BinaryContent,
    accept="application/binary",
    read=BinaryContent.of,
)
RETRIEVE_CONTENT: Endpoint[str] = Endpoint(
    "files.retrieve_content", "GET", "/files/{file_id}/content", str, read=_text
)

FINAL_STATUSES = frozenset({"processed", "error", "deleted"})


def still_processing(file: FileObject, waited_s: float) -> RuntimeError:
    """The exception for a file that takes too long."""
    return RuntimeError(f"file {file.id} is {file.status!r} still, after {waited_s:g} seconds")
