"""What concerns requests from web pages: which of them may read replies, under which names we answer."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from martlet.server.settings import ServerSettings


class BrowserRules:
    """Wraps the server. A reply to a page, be it an error, says whether the page may read it.

    Requests without `Origin` don't come from other sites' pages: they go straight through.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        if settings.allowed_hosts:
            app = TrustedHostMiddleware(app, settings.allowed_hosts, www_redirect=False)
        self._app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=settings.allowed_origins,
            allow_methods=settings.allowed_methods,
            allow_headers=settings.allowed_headers,
            allow_credentials=settings.allow_credentials,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for name, _ in scope["headers"]:
                if name == b"origin":
                    await self._cors(scope, receive, send)
                    return
        await self._app(scope, receive, send)
