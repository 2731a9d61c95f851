"""Responses that were kept: to be fetched, and to be gone on from."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from martlet.protocol.responses import Response
from martlet.server.errors import NotStored
from martlet.server.owners import Owner
from martlet.server.responses.conversation import Item
from martlet.server.storage import DocumentStore, Limits, Storage


class StoredResponse(msgspec.Struct, kw_only=True):
    """A response with what it came from."""

    response: msgspec.Raw
    input: list[Item]
    """The request's own input."""
    history: list[Item]
    """The conversation up to and with this response's output."""
    events: list[str] | None = None
    """Frames of its stream, if it was streamed from the background."""


class _Status(msgspec.Struct):
    status: str


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(StoredResponse)
_status = msgspec.json.Decoder(_Status)


class Archive:
    """The responses of a server, in two collections: those that are done, and those that are still made."""

    def __init__(self, storage: Storage, limits: Limits) -> None:
        self._done = DocumentStore(storage, "responses", limits)
        self._open = DocumentStore(storage, "background", limits)
        self._fail_interrupted()

    def begin(self, owner: Owner, response_id: str, stored: StoredResponse) -> None:
        """Keep a response that is made in the background."""
        self._open.put(owner, response_id, _encode(stored))

    def keep(self, owner: Owner, response_id: str, stored: StoredResponse) -> None:
        """Keep a response that is done."""
        self._done.put(owner, response_id, _encode(stored))
        self._open.delete(owner, response_id)

    def find(self, owner: Owner, response_id: str) -> StoredResponse:
        """Raises NotStored."""
        document = self._done.get(owner, response_id) or self._open.get(owner, response_id)
        if document is None:
            raise NotStored("response_id", response_id)
        return _decoder.decode(document)

    def delete(self, owner: Owner, response_id: str) -> None:
        """Raises NotStored."""
        if not (self._done.delete(owner, response_id) | self._open.delete(owner, response_id)):
            raise NotStored("response_id", response_id)

    def _fail_interrupted(self) -> None:
        """What a server before left unfinished has failed."""
        for owner, response_id in self._open.all_keys():
            stored = self.find(owner, response_id)
            response = msgspec.json.decode(stored.response)
            response["status"] = "failed"
            response["error"] = {"code": "server_error", "message": "the server was stopped meanwhile"}
            stored.response = msgspec.Raw(_encode(response))
            self.keep(owner, response_id, stored)


def status_of(stored: StoredResponse) -> str:
    return _status.decode(stored.response).status


def stored_response(
    response: Response, items: Sequence[Item], history: Sequence[Item], output: Sequence[Item]
) -> StoredResponse:
    return StoredResponse(
        response=msgspec.Raw(_encode(response)), input=list(items), history=[*history, *output]
    )
