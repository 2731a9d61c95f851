"""What the client tells the logger `martlet.client`: a line per attempt (debug) and per retry (info).

A line holds method, URL without its query, status, request id, duration and reason; never a header, a key,
a query or a body. Without handlers of the program's own, MARTLET_LOG or OPENAI_LOG (debug, info, warning,
error, critical) turns the lines on, on stderr.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from martlet.client.failures import without_key
from martlet.errors import TransportError

if TYPE_CHECKING:
    from martlet.client.replies import Reply
    from martlet.client.transport.base import Request

LEVELS = ("debug", "info", "warning", "error", "critical")
logger = logging.getLogger("martlet.client")


def configure() -> None:
    """Do what the environment asks for. MARTLET_LOG wins; a word that is no level changes nothing."""
    level = (os.environ.get("MARTLET_LOG") or os.environ.get("OPENAI_LOG") or "").lower()
    if level in LEVELS:
        logging.basicConfig(
            format="[%(asctime)s - %(name)s - %(levelname)s] %(message)s", datefmt="%Y-%m-%d %H:%M:%S"
        )
        logging.getLogger("martlet").setLevel(level.upper())


class CallLog:
    """The lines of one call."""

    def attempt(self, request: Request | None, outcome: Reply | TransportError, elapsed_s: float) -> None:
        logger.debug("%s -> %s, after %.3f s", _name(request), _said(outcome, request), elapsed_s)

    def retry(
        self, request: Request | None, outcome: Reply | TransportError, wait_s: float, number: int, limit: int
    ) -> None:
        logger.info(
            "Retrying %s in %.3f s (retry %d of %d): %s",
            _name(request),
            wait_s,
            number,
            limit,
            _said(outcome, request),
        )

    def resend(self, request: Request | None) -> None:
        logger.info("Sending %s again at once: the server had closed the idle connection", _name(request))

    def no_retry(self, request: Request | None, outcome: Reply | TransportError, reason: str) -> None:
        logger.info("Not retrying %s, %s: %s", _name(request), reason, _said(outcome, request))


def _name(request: Request | None) -> str:
    if request is None:
        return "the request"
    return without_key(f"{request.method} {request.url.partition('?')[0]}", request)


def _said(outcome: Reply | TransportError, request: Request | None) -> str:
    if isinstance(outcome, TransportError):
        said = f"{type(outcome).__name__}: {outcome}"
        return said if request is None else without_key(said, request)
    request_id = outcome.header("x-request-id")
    return f"status {outcome.head.status}" + ("" if request_id is None else f" (request {request_id})")
