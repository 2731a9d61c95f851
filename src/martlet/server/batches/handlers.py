"""The endpoints of /v1/batches: one short function each."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from martlet.errors import InvalidParameter
from martlet.protocol.batches import Batch
from martlet.server.batches.ledger import ACTIVE, Entry, Ledger
from martlet.server.batches.runner import BatchRunner
from martlet.server.errors import WrongState
from martlet.server.files.handlers import MAX_AGE_S, MIN_AGE_S
from martlet.server.files.shelf import FileShelf
from martlet.server.handlers import JSON, ignored_header
from martlet.server.inbound import require_json
from martlet.server.owners import Owner, owner_of
from martlet.server.pages import list_reply, page
from martlet.server.translate.body import read_body
from martlet.server.translate.fields import check_metadata

SERVED = frozenset(
    {
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/responses",
        "/v1/messages",
        "/v1/embeddings",
        "/v2/embed",
        "/pooling",
        "/classify",
        "/score",
        "/v1/score",
        "/rerank",
        "/v1/rerank",
        "/v2/rerank",
    }
)
"""Endpoints that may be asked by a batch, if the model has them."""


class OutputAge(msgspec.Struct, kw_only=True):
    """When the files of a batch go away."""

    seconds: int
    anchor: str = "created_at"


class BatchRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /v1/batches."""

    input_file_id: str
    endpoint: str
    completion_window: str
    metadata: dict[str, str] | None = None
    output_expires_after: OutputAge | None = None


encode = msgspec.json.Encoder().encode


class BatchesEndpoints:
    """The handlers, with what they share."""

    def __init__(self, ledger: Ledger, shelf: FileShelf, runner: BatchRunner, paths: Collection[str]) -> None:
        """`paths` are the endpoints that this server has."""
        self._ledger = ledger
        self._shelf = shelf
        self._runner = runner
        self._endpoints = sorted(SERVED & set(paths))

    def routes(self) -> list[Route]:
        return [
            Route("/v1/batches", self.create, methods=["POST"]),
            Route("/v1/batches", self.list, methods=["GET"]),
            Route("/v1/batches/{batch_id}", self.retrieve, methods=["GET"]),
            Route("/v1/batches/{batch_id}/cancel", self.cancel, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        require_json(request)
        read = read_body(BatchRequest, await request.body())
        asked = read.request
        owner = owner_of(request)
        self._check(owner, asked)
        age = asked.output_expires_after
        batch = self._ledger.create(
            owner, asked.endpoint, asked.input_file_id, asked.metadata, age.seconds if age else None
        )
        reply = _reply(batch, ignored_header(read.unknown))
        self._runner.wake()
        return reply

    def _check(self, owner: Owner, asked: BatchRequest) -> None:
        if asked.endpoint not in self._endpoints:
            raise InvalidParameter(
                "endpoint", f"must be one of {', '.join(self._endpoints)}, got {asked.endpoint[:80]!r}"
            )
        if asked.completion_window != "24h":
            raise InvalidParameter(
                "completion_window", f"must be '24h', got {asked.completion_window[:40]!r}"
            )
        check_metadata(asked.metadata)
        age = asked.output_expires_after
        if age is not None and not MIN_AGE_S <= age.seconds <= MAX_AGE_S:
            raise InvalidParameter(
                "output_expires_after.seconds", f"must be between {MIN_AGE_S} and {MAX_AGE_S}"
            )
        file = self._shelf.find(owner, asked.input_file_id)
        if file.purpose != "batch":
            raise InvalidParameter("input_file_id", f"the file's purpose is {file.purpose!r}, not 'batch'")

    async def list(self, request: Request) -> Response:
        batches = self._ledger.batches(owner_of(request))
        shown, has_more = page(batches, request, lambda batch: batch.id, default_limit=20)
        return list_reply(shown, [batch.id for batch in shown], has_more)

    async def retrieve(self, request: Request) -> Response:
        return _reply(self._find(request).batch)

    async def cancel(self, request: Request) -> Response:
        entry = self._find(request)
        if entry.batch.status not in ACTIVE or entry.batch.status == "finalizing":
            raise WrongState("batch_id", f"a batch that is {entry.batch.status} cannot be cancelled")
        entry.batch.status = "cancelling"
        entry.batch.cancelling_at = entry.batch.cancelling_at or self._ledger.now()
        self._ledger.save(entry)
        self._runner.wake()
        return _reply(entry.batch)

    def _find(self, request: Request) -> Entry:
        return self._ledger.find(owner_of(request), request.path_params["batch_id"])


def _reply(batch: Batch, headers: dict[str, str] | None = None) -> Response:
    return Response(encode(batch), media_type=JSON, headers=headers)
