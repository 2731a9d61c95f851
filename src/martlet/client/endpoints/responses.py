"""Endpoints of /v1/responses."""

from __future__ import annotations

from typing import Any

from martlet.client.calls import Endpoint, StreamKind
from martlet.client.endpoints.lists import page_of
from martlet.client.options import RequestOptions
from martlet.client.partial_response import ResponsePartial
from martlet.protocol.response_calls import (
    InputItemListParams,
    InputTokenCountParams,
    ResponseCompactParams,
    ResponseCreateParams,
    ResponseRetrieveParams,
)
from martlet.protocol.response_events import ResponseStreamEvent
from martlet.protocol.response_items import ResponseItem
from martlet.protocol.responses import CompactedResponse, InputTokenCountResponse, Response


class ResponseCreateKeywords(ResponseCreateParams, RequestOptions, total=False):
    """Keywords of `responses.create`, beside `stream`."""


class ResponseRetrieveKeywords(ResponseRetrieveParams, RequestOptions, total=False):
    """Keywords of `responses.retrieve`, beside `stream`."""


class ResponseCompactKeywords(ResponseCompactParams, RequestOptions, total=False):
    """Keywords of `responses.compact`."""


class InputItemListKeywords(InputItemListParams, RequestOptions, total=False):
    """Keywords of `responses.input_items.list`."""


class InputTokenCountKeywords(InputTokenCountParams, RequestOptions, total=False):
    """Keywords of `responses.input_tokens.count`."""


def _nothing(reply: object) -> None:
    """Whatever a server says about a deletion that worked."""


_PATH = "/responses/{response_id}"
_STREAM = StreamKind(ResponseStreamEvent, ResponsePartial)
CREATE: Endpoint[Response] = Endpoint(
    "responses.create", "POST", "/responses", Response, ResponseCreateParams, stream=_STREAM
)
RETRIEVE: Endpoint[Response] = Endpoint(
    "responses.retrieve", "GET", _PATH, Response, ResponseRetrieveParams, stream=_STREAM
)
DELETE: Endpoint[None] = Endpoint(
    "responses.delete", "DELETE", _PATH, type(None), accept="*/*", read=_nothing
)
CANCEL: Endpoint[Response] = Endpoint("responses.cancel", "POST", f"{_PATH}/cancel", Response)
COMPACT: Endpoint[CompactedResponse] = Endpoint(
    "responses.compact", "POST", "/responses/compact", CompactedResponse, ResponseCompactParams
)
INPUT_ITEMS_LIST: Endpoint[Any] = Endpoint(
    "responses.input_items.list",
    "GET",
    f"{_PATH}/input_items",
    page_of(ResponseItem, "ResponseItemList"),
    InputItemListParams,
    has_cursor=True,
)
INPUT_TOKENS_COUNT: Endpoint[InputTokenCountResponse] = Endpoint(
    "responses.input_tokens.count",
    "POST",
    "/responses/input_tokens",
    InputTokenCountResponse,
    InputTokenCountParams,
)
