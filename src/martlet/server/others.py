"""/invocations, /tokenizer_info, and what no model here can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from martlet.errors import RequestRejected
from martlet.server.errors import InvalidRequest
from martlet.server.handlers import JSON
from martlet.server.inbound import require_json

Handler = Callable[[Request], Awaitable[Response]]

UNSUPPORTED = {
    "/v1/audio/transcriptions": "transcribes speech",
    "/v1/audio/translations": "translates speech",
    "/v1/audio/speech": "speaks",
    "/v1/images/generations": "draws",
    "/v1/images/edits": "edits images",
    "/v1/images/variations": "varies images",
    "/v1/systemone": "decides by questions",
}
"""Endpoints that models of other kinds have, and what such a model does."""

BY_FIELD = (
    ("messages", "/v1/chat/completions"),
    ("prompt", "/v1/completions"),
    ("task", "/pooling"),
    ("documents", "/rerank"),
    ("query", "/rerank"),
    ("text_1", "/score"),
    ("queries", "/score"),
    ("data_1", "/score"),
    ("input", "/v1/embeddings"),
    ("input", "/classify"),
    ("input", "/pooling"),
    ("messages", "/v1/embeddings"),
    ("messages", "/classify"),
    ("messages", "/pooling"),
)
"""A field, and the endpoint that a body with it is for. The first that this server has is taken."""

DEFAULT = "/v1/completions"

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Unsupported(RequestRejected):
    """No model of this server does that."""

    status = 501
    code = "not_implemented"

    def __init__(self, ability: str) -> None:
        super().__init__(ability)
        self.ability = ability

    def __str__(self) -> str:
        return f"no model here {self.ability}"


def unsupported_routes() -> list[Route]:
    return [Route(path, _refusing(ability), methods=["POST"]) for path, ability in UNSUPPORTED.items()]


def _refusing(ability: str) -> Handler:
    async def refuse(request: Request) -> Response:
        raise Unsupported(ability)

    return refuse


def invocations_route(routes: Sequence[Route]) -> Route:
    """SageMaker's one endpoint: the body tells which of the others is meant."""
    handlers: dict[str, Any] = {
        route.path: route.endpoint for route in routes if "POST" in (route.methods or ())
    }

    async def invoke(request: Request) -> Response:
        require_json(request)
        names = _field_names(await request.body())
        meant = next((path for name, path in BY_FIELD if name in names and path in handlers), DEFAULT)
        if meant not in handlers:
            raise InvalidRequest("the body is for no endpoint of this server: send input, or a query")
        response: Response = await handlers[meant](request)
        return response

    return Route("/invocations", invoke, methods=["POST"])


def _field_names(body: bytes) -> frozenset[str]:
    """Return a body's keys. What is no object goes to an endpoint that says what is wrong."""
    try:
        return frozenset(_members.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return frozenset({"messages", "input"})


def tokenizer_info_route(info: bytes) -> Route:
    async def tokenizer_info(request: Request) -> Response:
        return Response(info, media_type=JSON)

    return Route("/tokenizer_info", tokenizer_info, methods=["GET"])
