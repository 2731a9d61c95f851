"""The endpoints of a model that pools: one short function each."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from martlet.server.handlers import LARGE_BODY_BYTES, Endpoints, ignored_header, watched
from martlet.server.logs import WORK
from martlet.server.loop import EngineLoop
from martlet.server.metrics import Metrics
from martlet.server.settings import ServerSettings
from martlet.server.tracing import Tracer
from martlet.server.translate import Translator
from martlet.server.translate.pooled_replies import PooledReply
from martlet.server.translate.pooling import PoolingTranslator


class PoolingEndpoints(Endpoints):
    """Beside what every server answers, what makes vectors and scores."""

    def __init__(
        self,
        loop: EngineLoop,
        translator: Translator,
        pooling: PoolingTranslator,
        settings: ServerSettings,
        metrics: Metrics,
        tracer: Tracer | None = None,
    ) -> None:
        super().__init__(loop, translator, settings, metrics, tracer)
        self._pooling = pooling

    async def embeddings(self, request: Request) -> Response:
        return await self._pool(request, self._pooling.embeddings)

    async def cohere(self, request: Request) -> Response:
        return await self._pool(request, self._pooling.cohere)

    async def pooling(self, request: Request) -> Response:
        return await self._pool(request, self._pooling.pooling)

    async def classify(self, request: Request) -> Response:
        return await self._pool(request, self._pooling.classify)

    async def score(self, request: Request) -> Response:
        return await self._pool(request, self._pooling.score)

    async def rerank(self, request: Request) -> Response:
        return await self._pool(request, self._pooling.rerank)

    async def _pool(self, request: Request, read: Callable[[bytes, str | None], PooledReply]) -> Response:
        reply = await self.translate(request, read)
        generation = self._loop.generate(reply.prompts)
        request.scope[WORK] = reply
        if self._tracer is not None:
            generation.on_end = self._tracer.follow(request.headers, reply.id, reply.prompts)
        with watched(generation, request.scope, request.receive, self.settings.request_timeout_s):
            async for batch in generation:
                reply.add(batch)
        small = reply.num_numbers * BYTES_PER_NUMBER < LARGE_BODY_BYTES
        content = reply.content() if small else await self._loop.offload(reply.content)
        headers = ignored_header(reply.ignored)
        if content.metadata is not None:
            headers["metadata"] = content.metadata
        return Response(content.body, media_type=content.media_type, headers=headers)


BYTES_PER_NUMBER = 20
"""Of a number's digits in JSON."""
