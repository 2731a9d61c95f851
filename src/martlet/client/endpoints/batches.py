"""Endpoints of /v1/batches."""

from __future__ import annotations

from typing import Any

from martlet.client.calls import Endpoint
from martlet.client.endpoints.lists import page_of
from martlet.client.options import RequestOptions
from martlet.protocol.batches import Batch, BatchCreateParams, BatchListParams


class BatchCreateKeywords(BatchCreateParams, RequestOptions, total=False):
    """Keywords of `batches.create`."""


class BatchListKeywords(BatchListParams, RequestOptions, total=False):
    """Keywords of `batches.list`."""


CREATE: Endpoint[Batch] = Endpoint("batches.create", "POST", "/batches", Batch, BatchCreateParams)
RETRIEVE: Endpoint[Batch] = Endpoint("batches.retrieve", "GET", "/batches/{batch_id}", Batch)
LIST: Endpoint[Any] = Endpoint(
    "batches.list", "GET", "/batches", page_of(Batch, "BatchList"), BatchListParams, has_cursor=True
)
CANCEL: Endpoint[Batch] = Endpoint("batches.cancel", "POST", "/batches/{batch_id}/cancel", Batch)
