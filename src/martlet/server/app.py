"""The route table, and the ASGI callable around it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from martlet.engine.pooling_engine import PoolingEngine
from martlet.errors import MartletError
from martlet.protocol.errors import InvalidBody
from martlet.server.adapters import AdapterEndpoints
from martlet.server.batches.handlers import BatchesEndpoints
from martlet.server.batches.ledger import Ledger
from martlet.server.batches.local import LocalEndpoints
from martlet.server.batches.runner import BatchRunner
from martlet.server.browsers import BrowserRules
from martlet.server.errors import ClientDisconnected, error_reply
from martlet.server.files.handlers import FilesEndpoints
from martlet.server.files.shelf import FileShelf
from martlet.server.gate import Gate, KeyRing
from martlet.server.handlers import Endpoints
from martlet.server.logs import AccessLog
from martlet.server.loop import EngineLoop
from martlet.server.messages.handlers import MessagesEndpoints
from martlet.server.metrics import Metrics
from martlet.server.openapi import openapi_route
from martlet.server.others import invocations_route, tokenizer_info_route, unsupported_routes
from martlet.server.pooled_handlers import PoolingEndpoints
from martlet.server.responses.archive import Archive
from martlet.server.responses.handlers import ResponsesEndpoints
from martlet.server.settings import ServerSettings
from martlet.server.status_page import status_page
from martlet.server.storage import Storage
from martlet.server.tracing import Tracer
from martlet.server.translate import ServedEngine, Translator
from martlet.server.translate.pooling import PoolingTranslator, scores_pairs

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from martlet.engine.pooling import Pooler


def create_app(
    loop: EngineLoop,
    engine: ServedEngine,
    settings: ServerSettings,
    metrics: Metrics,
    storage: Storage | None = None,
    tracer: Tracer | None = None,
    middleware: Sequence[Middleware] = (),
) -> ASGIApp:
    """Return the server as an ASGI callable. `loop` drives `engine` and is started by the caller.

    What is to be kept goes to `storage`, by default to a folder that goes with the process. Spans go to
    `tracer`. Requests pass `middleware`, the first outermost, once their keys were checked.
    """
    storage = storage or Storage()
    translator = Translator(engine, settings, loop.max_in_flight)
    if isinstance(engine, PoolingEngine):
        pooling = PoolingTranslator(engine, settings, loop.max_in_flight)
        endpoints = PoolingEndpoints(loop, translator, pooling, settings, metrics, tracer)
        routes = [*common_routes(endpoints), *pooling_routes(endpoints, engine.pooler)]
    else:
        generating = Endpoints(loop, translator, settings, metrics, tracer)
        archive = Archive(storage, settings.storage_limits)
        responses = ResponsesEndpoints(generating, translator, archive)
        messages = MessagesEndpoints(generating, translator)
        routes = [
            *generation_routes(generating),
            *responses.routes(),
            *messages.routes(),
            *common_routes(generating),
        ]
    routes += [invocations_route(routes), *unsupported_routes()]
    if settings.tokenizer_info is not None:
        routes.append(tokenizer_info_route(settings.tokenizer_info))
    routes += batch_routes(loop, settings, storage, LocalEndpoints(routes))
    if settings.allow_runtime_lora_updating:
        routes = [*AdapterEndpoints(loop, engine.loras, settings).routes(), *routes]
    if not settings.disable_docs:
        routes.append(openapi_route(routes, loop, has_keys=bool(settings.api_keys)))
    secret = storage.secret() if settings.api_keys else b""
    access_log = None
    if settings.access_log:
        access_log = AccessLog(sys.stderr, settings.log_format, settings.unlogged_paths)
    gate = Middleware(
        Gate,
        keys=KeyRing(settings.api_keys, secret),
        metrics=metrics,
        max_body_bytes=settings.max_body_bytes,
        root_path=settings.root_path,
        request_id_headers=settings.request_id_headers,
        access_log=access_log,
        routes=() if middleware else routes,
    )
    app = _App(
        routes=routes,
        middleware=[gate, *middleware],
        exception_handlers={
            MartletError: _on_error,
            InvalidBody: _on_error,
            HTTPException: _on_http_exception,
            ClientDisconnect: _on_disconnect,
        },
    )
    return BrowserRules(app, settings)


class _App(Starlette):
    """Starlette without its own last answer to errors: the gate has one."""

    def build_middleware_stack(self) -> ASGIApp:
        stack = super().build_middleware_stack()
        assert isinstance(stack, ServerErrorMiddleware)
        return stack.app


def generation_routes(endpoints: Endpoints) -> list[Route]:
    return [
        Route("/v1/chat/completions", endpoints.chat_completions, methods=["POST"]),
        Route("/v1/completions", endpoints.completions, methods=["POST"]),
    ]


def pooling_routes(endpoints: PoolingEndpoints, pooler: Pooler) -> list[Route]:
    """As in vLLM, what the model cannot do has no route."""
    paths = {"/pooling": endpoints.pooling}
    if "embed" in pooler.tasks:
        paths |= {"/v1/embeddings": endpoints.embeddings, "/v2/embed": endpoints.cohere}
    if "classify" in pooler.tasks:
        paths["/classify"] = endpoints.classify
    if scores_pairs(pooler):
        paths |= dict.fromkeys(("/score", "/v1/score"), endpoints.score)
        paths |= dict.fromkeys(("/rerank", "/v1/rerank", "/v2/rerank"), endpoints.rerank)
    return [Route(path, endpoint, methods=["POST"]) for path, endpoint in paths.items()]


def batch_routes(
    loop: EngineLoop, settings: ServerSettings, storage: Storage, local: LocalEndpoints
) -> list[Route]:
    """Files, and batches that send them through `local`."""
    shelf = FileShelf(
        storage,
        max_bytes=settings.max_storage_bytes,
        max_owner_bytes=settings.max_storage_bytes // max(1, len(settings.api_keys)),
        max_age_s=settings.max_storage_age_s,
    )
    ledger = Ledger(storage, shelf, settings.storage_limits)
    num_places = loop.max_in_flight - settings.max_num_queued_reqs
    runner = BatchRunner(ledger, shelf, local, loop, num_places)
    loop.on_start.append(runner.wake)
    loop.on_stop.append(runner.stop)
    files = FilesEndpoints(shelf, loop, ledger.is_in_use)
    return [*files.routes(), *BatchesEndpoints(ledger, shelf, runner, local.paths).routes()]


def common_routes(endpoints: Endpoints) -> list[Route]:
    """What every server answers. Starlette answers HEAD wherever GET is allowed."""
    return [
        Route("/", status_page, methods=["GET"]),
        Route("/v1/models", endpoints.models, methods=["GET"]),
        Route("/v1/models/", _without_slash, methods=["GET"]),  # else it were the model named ""
        Route("/v1/models/{model_id:path}", endpoints.model, methods=["GET"]),
        Route("/tokenize", endpoints.tokenize, methods=["POST"]),
        Route("/detokenize", endpoints.detokenize, methods=["POST"]),
        Route("/health", endpoints.health, methods=["GET"]),
        Route("/ping", endpoints.health, methods=["GET", "POST"]),
        Route("/version", endpoints.version, methods=["GET"]),
        Route("/load", endpoints.load, methods=["GET"]),
        Route("/metrics", endpoints.metrics, methods=["GET"]),
    ]


# Coroutines, since Starlette runs plain functions in threads of a pool.


async def _without_slash(request: Request) -> Response:
    """Send on as Starlette does for other routes."""
    return RedirectResponse(request.url.replace(path=request.url.path.rstrip("/")))


async def _on_error(request: Request, error: Exception) -> Response:
    reply = error_reply(error)
    return Response(reply.body, reply.status, dict(reply.headers), media_type="application/json")


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    body = b'{"detail":"%s"}' % error.detail.encode()
    return Response(body, error.status_code, error.headers, media_type="application/json")


async def _on_disconnect(request: Request, error: Exception) -> Response:
    raise ClientDisconnected from error
