"""The endpoint of /v1/moderations."""

from __future__ import annotations

from martlet.client.calls import Endpoint
from martlet.client.options import RequestOptions
from martlet.protocol.moderations import ModerationCreateParams, ModerationCreateResponse


class ModerationKeywords(ModerationCreateParams, RequestOptions, total=False):
    """Keywords of `moderations.create`."""


CREATE: Endpoint[ModerationCreateResponse] = Endpoint(
    "moderations.create", "POST", "/moderations", ModerationCreateResponse, ModerationCreateParams
)
