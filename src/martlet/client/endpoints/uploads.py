"""Endpoints of /v1/uploads."""

from __future__ import annotations

from martlet.client.calls import Endpoint
from martlet.client.options import RequestOptions
from martlet.protocol.uploads import (
    PartCreateParams,
    Upload,
    UploadCompleteParams,
    UploadCreateParams,
    UploadPart,
)


class UploadCreateKeywords(UploadCreateParams, RequestOptions, total=False):
    """Keywords of `uploads.create`."""


class UploadCompleteKeywords(UploadCompleteParams, RequestOptions, total=False):
    """Keywords of `uploads.complete`."""


class PartCreateKeywords(PartCreateParams, RequestOptions, total=False):
    """Keywords of `uploads.parts.create`."""


_PATH = "/uploads/{upload_id}"
CREATE: Endpoint[Upload] = Endpoint("uploads.create", "POST", "/uploads", Upload, UploadCreateParams)
CANCEL: Endpoint[Upload] = Endpoint("uploads.cancel", "POST", f"{_PATH}/cancel", Upload)
COMPLETE: Endpoint[Upload] = Endpoint(
    "uploads.complete", "POST", f"{_PATH}/complete", Upload, UploadCompleteParams
)
PARTS_CREATE: Endpoint[UploadPart] = Endpoint(
    "uploads.parts.create", "POST", f"{_PATH}/parts", UploadPart, PartCreateParams, files=("data",)
)
