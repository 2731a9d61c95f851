"""/v1/files: replies, and the parameters of the calls.

`FileTypes` is what may stand wherever a call sends a file, here and in uploads, audio and images.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import IO, Literal, TypedDict

from martlet.protocol.base import WireModel

FileContent = IO[bytes] | bytes | PathLike[str]
"""The bytes, an open binary file, or a path."""

FileTypes = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""A content, or a tuple of file name, content, media type and headers; the last two may be left out."""

FilePurpose = Literal["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]
"""What a file is uploaded for."""


# --- replies ----------------------------------------------------------------------------------------


class FileObject(WireModel, kw_only=True):
    """A file that the server holds."""

    id: str
    """To name the file in other calls."""
    bytes: int
    """Its size."""
    created_at: int
    """Unix time in seconds."""
    filename: str
    object: Literal["file"] | str = "file"
    purpose: (
        Literal[
            "assistants",
            "assistants_output",
            "batch",
            "batch_output",
            "fine-tune",
            "fine-tune-results",
            "vision",
            "user_data",
        ]
        | str
    )
    """What it was uploaded for, or what wrote it."""
    status: Literal["uploaded", "processed", "error"] | str
    """Whether it has been checked; an outdated field."""
    expires_at: int | None = None
    """Unix time in seconds at which it goes away."""
    status_details: str | None = None
    """Why the check failed; an outdated field."""


class FileDeleted(WireModel, kw_only=True):
    """The reply to a deletion."""

    id: str
    deleted: bool
    object: Literal["file"] | str = "file"


# --- calls ------------------------------------------------------------------------------------------


class ExpiresAfter(TypedDict):
    """When a file goes away."""

    anchor: Literal["created_at"]
    """The moment from which the seconds count."""
    seconds: int
    """An hour to 30 days."""


class _FileCreateRequired(TypedDict):
    file: FileTypes
    """The file itself."""
    purpose: FilePurpose
    """What it is for."""


class FileCreateParams(_FileCreateRequired, total=False):
    """Parameters of `files.create`."""

    expires_after: ExpiresAfter
    """When it goes away; without it, files of batches go after 30 days and others never."""


class FileListParams(TypedDict, total=False):
    """Parameters of `files.list`."""

    after: str
    """The id after which the page begins."""
    limit: int
    """Most entries of a page, 1 to 10000."""
    order: Literal["asc", "desc"]
    """By time of creation."""
    purpose: str
    """List files of this purpose only."""
