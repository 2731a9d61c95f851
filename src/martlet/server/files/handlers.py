"""The endpoints of /v1/files: one short function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from martlet.errors import InvalidParameter
from martlet.protocol.files import FileObject, FilePurpose
from martlet.server.errors import WrongState
from martlet.server.files.multipart import Part, read_form
from martlet.server.files.shelf import FileShelf
from martlet.server.handlers import JSON
from martlet.server.loop import EngineLoop
from martlet.server.owners import Owner, owner_of
from martlet.server.pages import list_reply, page

PURPOSES = get_args(FilePurpose)
MIN_AGE_S, MAX_AGE_S = 3600, 30 * 86400

encode = msgspec.json.Encoder().encode


class FilesEndpoints:
    """The handlers, with what they share."""

    def __init__(self, shelf: FileShelf, loop: EngineLoop, is_in_use: Callable[[str], bool]) -> None:
        """`is_in_use` tells whether a batch still reads a file."""
        self._shelf = shelf
        self._loop = loop
        self._is_in_use = is_in_use

    def routes(self) -> list[Route]:
        return [
            Route("/v1/files", self.create, methods=["POST"]),
            Route("/v1/files", self.list, methods=["GET"]),
            Route("/v1/files/{file_id}", self.retrieve, methods=["GET"]),
            Route("/v1/files/{file_id}", self.delete, methods=["DELETE"]),
            Route("/v1/files/{file_id}/content", self.content, methods=["GET"]),
        ]

    async def create(self, request: Request) -> Response:
        body = await request.body()
        content_type = request.headers.get("content-type", "")
        owner = owner_of(request)
        file = await self._loop.offload(lambda: self._add(owner, content_type, body))
        return Response(encode(file), media_type=JSON)

    def _add(self, owner: Owner, content_type: str, body: bytes) -> FileObject:
        form = read_form(content_type, body)
        if "file" not in form:
            raise InvalidParameter("file", "is missing")
        purpose = form["purpose"].text if "purpose" in form else ""
        if purpose not in PURPOSES:
            raise InvalidParameter("purpose", f"must be one of {', '.join(PURPOSES)}, got {purpose[:40]!r}")
        file = form["file"]
        return self._shelf.add(owner, file.content, file.filename or "upload", purpose, _age_s(form))

    async def list(self, request: Request) -> Response:
        purpose = request.query_params.get("purpose")
        files = [file for file in self._shelf.files(owner_of(request)) if purpose in (None, file.purpose)]
        shown, has_more = page(files, request, lambda file: file.id, default_limit=10_000, max_limit=10_000)
        return list_reply(shown, [file.id for file in shown], has_more)

    async def retrieve(self, request: Request) -> Response:
        return Response(encode(self._find(request)), media_type=JSON)

    async def delete(self, request: Request) -> Response:
        file = self._find(request)
        if self._is_in_use(file.id):
            raise WrongState("file_id", "a batch still reads this file: cancel it first")
        self._shelf.delete(owner_of(request), file.id)
        return Response(encode({"id": file.id, "object": "file", "deleted": True}), media_type=JSON)

    async def content(self, request: Request) -> Response:
        path = self._shelf.path(owner_of(request), self._find(request).id)
        return FileResponse(path, media_type="application/octet-stream")

    def _find(self, request: Request) -> FileObject:
        return self._shelf.find(owner_of(request), request.path_params["file_id"])


def _age_s(form: Mapping[str, Part]) -> int | None:
    given = form.get("expires_after[seconds]")
    if given is None:
        return None
    anchor = form.get("expires_after[anchor]")
    if anchor is not None and anchor.text != "created_at":
        raise InvalidParameter("expires_after.anchor", "must be created_at")
    if not given.text.isdecimal() or not MIN_AGE_S <= int(given.text[:12]) <= MAX_AGE_S:
        raise InvalidParameter("expires_after.seconds", f"must be between {MIN_AGE_S} and {MAX_AGE_S}")
    return int(given.text)
