"""/v1/uploads: a large file sent in parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from martlet.protocol.base import WireModel
from martlet.protocol.files import ExpiresAfter, FileObject, FilePurpose, FileTypes

# --- replies ----------------------------------------------------------------------------------------


class Upload(WireModel, kw_only=True):
    """A file on its way."""

    id: str
    bytes: int
    """Size that the whole file is to have."""
    created_at: int
    """Unix time in seconds."""
    expires_at: int
    """Unix time in seconds until which parts are taken."""
    filename: str
    object: Literal["upload"] | str = "upload"
    purpose: str
    """What the file is for."""
    status: Literal["pending", "completed", "cancelled", "expired"] | str
    file: FileObject | None = None
    """The file, once the upload is completed."""


class UploadPart(WireModel, kw_only=True):
    """A part that has arrived."""

    id: str
    """To name the part on completion."""
    created_at: int
    """Unix time in seconds."""
    object: Literal["upload.part"] | str = "upload.part"
    upload_id: str


# --- calls ------------------------------------------------------------------------------------------


class _UploadCreateRequired(TypedDict):
    bytes: int
    """Size of the whole file."""
    filename: str
    mime_type: str
    """Media type; it must be one that the purpose allows."""
    purpose: FilePurpose
    """What the file is for."""


class UploadCreateParams(_UploadCreateRequired, total=False):
    """Parameters of `uploads.create`."""

    expires_after: ExpiresAfter
    """When the file goes away."""


class _UploadCompleteRequired(TypedDict):
    part_ids: Sequence[str]
    """The parts in the order of the file."""


class UploadCompleteParams(_UploadCompleteRequired, total=False):
    """Parameters of `uploads.complete`."""

    md5: str
    """Checksum of the whole file, which the server compares."""


class PartCreateParams(TypedDict):
    """Parameters of `uploads.parts.create`."""

    data: FileTypes
    """The part's bytes, 64 MB at most."""
