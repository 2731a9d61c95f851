"""Requests as handlers read them."""

from __future__ import annotations

import re

from starlette.requests import ClientDisconnect, Request

from martlet.server.errors import WrongContentType

SENDER = "martlet.sender"
"""Where a request's scope has the Sender of its reply, if nothing wants to see the parts of a stream pass."""

_JSON_TYPE = re.compile(r"application/json\s*(;.*)?", re.IGNORECASE)


class Inbound(Request):
    """A request whose body comes without a generator, as most do: in one message."""

    async def body(self) -> bytes:
        """Return the body. Raises ClientDisconnect if its end never comes."""
        if not hasattr(self, "_body"):
            parts: list[bytes] = []
            has_more = True
            while has_more:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    self._is_disconnected = True
                    raise ClientDisconnect
                parts.append(message.get("body", b""))
                has_more = message.get("more_body", False)
            self._stream_consumed = True
            self._body = parts[0] if len(parts) == 1 else b"".join(parts)
        return self._body


def header(request: Request, name: bytes) -> str | None:
    """Return a header, of several the first. `name` is in lower case."""
    for key, value in request.scope["headers"]:
        if key == name:
            found: bytes = value
            return found.decode("latin-1")
    return None


def require_json(request: Request) -> None:
    """Raise WrongContentType for a body that is announced as something else."""
    found = header(request, b"content-type") or ""
    if found != "application/json" and not _JSON_TYPE.fullmatch(found.strip()):
        raise WrongContentType(found)
