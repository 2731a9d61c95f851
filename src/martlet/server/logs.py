"""What the server writes to its log: a line for each request, and what else there is to say; text or JSON."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal, Protocol, TextIO, TypeAlias

import msgspec
from starlette.types import Scope

LogFormat: TypeAlias = Literal["text", "json"]

WORK = "martlet.work"
"""Where a request's scope has the Work that was done for it, if any."""

encode = msgspec.json.Encoder().encode


class Work(Protocol):
    """What a request had the engine do."""

    id: str
    """As in the reply."""

    @property
    def num_prompt_tokens(self) -> int: ...
    @property
    def num_completion_tokens(self) -> int: ...
    @property
    def finish_reasons(self) -> list[str]:
        """Of the choices that have ended."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that is over."""

    scope: Scope
    request_id: str | None
    """The one that the client gave, or was told."""
    status: int
    """0 if no reply began."""
    duration_s: float
    is_cut: bool = False
    """Whether the client left before the end."""


class AccessLog:
    """Writes a line for each request: no header, no body, no query, which may hold keys."""

    def __init__(
        self, stream: TextIO, format: LogFormat = "text", silent_paths: Collection[str] = ()
    ) -> None:
        """Requests for `silent_paths` get no line."""
        self._stream = stream
        self._line = json_line if format == "json" else text_line
        self._silent_paths = frozenset(silent_paths)

    def note(self, visit: Visit) -> None:
        if visit.scope["path"] not in self._silent_paths:
            self._stream.write(self._line(visit))


def text_line(visit: Visit) -> str:
    """Say who asked for what. The path is the client's text, so it is escaped."""
    scope = visit.scope
    path = ascii(scope["path"])[1:-1]
    end = " disconnected" if visit.is_cut else ""
    duration_ms = visit.duration_s * 1e3
    return (
        f"{_client(scope) or '-'} {scope['method']} {path} {visit.status or '-'} {duration_ms:.1f} ms{end}\n"
    )


def json_line(visit: Visit) -> str:
    """Say the same as an object, and what was made of the request."""
    scope = visit.scope
    work: Work | None = scope.get(WORK)
    fields: dict[str, Any] = {
        "time": _timestamp(datetime.now(timezone.utc)),
        "level": "info",
        "logger": "martlet.access",
        "request_id": visit.request_id or (work.id if work else None),
        "client": _client(scope),
        "method": scope["method"],
        "path": _plain(scope["path"]),
        "status": visit.status or None,
        "duration_ms": round(visit.duration_s * 1e3, 3),
        "disconnected": visit.is_cut,
        "prompt_tokens": work.num_prompt_tokens if work else None,
        "completion_tokens": work.num_completion_tokens if work else None,
        "finish_reason": _finish_reason(work) if work else None,
    }
    return encode(fields).decode() + "\n"


def _finish_reason(work: Work) -> str | None:
    """Return the reason of every choice, once for each reason."""
    return ",".join(dict.fromkeys(work.finish_reasons)) or None


def _client(scope: Scope) -> str | None:
    client: Any = scope.get("client")
    return f"{client[0]}:{client[1]}" if client else None


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JSONFormatter(logging.Formatter):
    """Writes a record as one line, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": _timestamp(datetime.fromtimestamp(record.created, timezone.utc)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return encode({name: _plain(text) for name, text in fields.items()}).decode()


def _plain(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can't carry."""
    return text.encode("utf-8", "replace").decode()
