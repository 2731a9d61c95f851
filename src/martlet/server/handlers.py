"""One short function per endpoint, and the two ways to send what the engine generates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from martlet.protocol.sse import DONE
from martlet.server.beams import BeamGeneration
from martlet.server.errors import ClientDisconnected, RequestTimedOut, error_frame
from martlet.server.inbound import SENDER, header, require_json
from martlet.server.line import LINE, Line
from martlet.server.logs import WORK
from martlet.server.loop import Batch, EngineLoop, Generation
from martlet.server.metrics import Metrics
from martlet.server.sender import Sender
from martlet.server.settings import ServerSettings
from martlet.server.tracing import Tracer
from martlet.server.translate import Reply, Translator
from martlet.server.translate.chat import ChatReply

T = TypeVar("T")

JSON = "application/json"
AnyGeneration: TypeAlias = Generation | BeamGeneration

LARGE_BODY_BYTES = 16 * 1024
"""Bodies from this size on are translated in a thread, so that other streams wait 4 ms at most."""


class Endpoints:
    """The handlers, with what they share."""

    def __init__(
        self,
        loop: EngineLoop,
        translator: Translator,
        settings: ServerSettings,
        metrics: Metrics,
        tracer: Tracer | None = None,
    ) -> None:
        self._loop = loop
        self._tracer = tracer
        self._translator = translator
        self.settings = settings
        self._metrics = metrics
        if translator.may_call:
            metrics.expect_tool_calls()

    async def chat_completions(self, request: Request) -> Response:
        reply = await self.translate(request, self._translator.chat)
        await self.constrain(reply)
        return await self.respond(request, reply)

    async def completions(self, request: Request) -> Response:
        reply = await self.translate(request, self._translator.completion)
        await self.constrain(reply)
        return await self.respond(request, reply)

    async def tokenize(self, request: Request) -> Response:
        return Response(await self.translate(request, self._translator.tokenize), media_type=JSON)

    async def detokenize(self, request: Request) -> Response:
        return Response(await self.translate(request, self._translator.detokenize), media_type=JSON)

    async def models(self, request: Request) -> Response:
        return Response(self._translator.catalog.models(), media_type=JSON)

    async def model(self, request: Request) -> Response:
        return Response(self._translator.catalog.model(request.path_params["model_id"]), media_type=JSON)

    async def health(self, request: Request) -> Response:
        return Response(status_code=200 if self._loop.is_healthy else 503)

    async def version(self, request: Request) -> Response:
        return Response(self._translator.version(), media_type=JSON)

    async def load(self, request: Request) -> Response:
        return Response(b'{"server_load":%d}' % self._loop.num_in_flight, media_type=JSON)

    async def metrics(self, request: Request) -> Response:
        from martlet.server import exposition  # and prometheus_client, which a start can do without

        page = exposition.render(self._metrics, self._loop.stats)
        return Response(page, headers={"content-type": exposition.CONTENT_TYPE})

    async def translate(self, request: Request, read: Callable[[bytes, str | None], T]) -> T:
        require_json(request)
        body = await request.body()
        request_id = header(request, b"x-request-id")
        if len(body) < LARGE_BODY_BYTES:
            return read(body, request_id)
        return await self._loop.offload(lambda: read(body, request_id))

    async def constrain(self, reply: Reply) -> None:
        """Compile what the reply's choices are to follow, in a thread unless it is at hand."""
        constraint = reply.constraint
        if constraint is None:
            return
        grammar = self._translator.cached_grammar(constraint)
        if grammar is None:
            grammar = await self._loop.offload(lambda: self._translator.compile(constraint))
        reply.constrain(grammar)

    def generate(
        self,
        request: Request,
        reply: Reply,
        *,
        is_stream: bool | None = None,
        asked_as: str = "chat_completions",
    ) -> AnyGeneration:
        """Begin what the reply is made of; by default the client gets it as `reply` is meant to be sent.

        Raises QueueFull, ServerStopping and EngineFailed.
        """
        generation = self._begin(reply)
        self._metrics.request_params_n.observe(reply.n)
        request.scope[WORK] = reply
        if isinstance(reply, ChatReply) and reply.may_call:
            streams = reply.is_stream if is_stream is None else is_stream
            mode = "streaming" if streams else "non_streaming"
            reply.count_calls(partial(self._metrics.count_parse, mode, asked_as), is_stream=streams)
        if self._tracer is not None:
            generation.on_end = self._tracer.follow(request.headers, reply.id, reply.prompts, reply.n)
        return generation

    def _begin(self, reply: Reply) -> AnyGeneration:
        if reply.beam_searches:
            return BeamGeneration(
                self._loop, reply.prompts[:: reply.n], reply.beam_searches, self._translator.tokenizer
            )
        return self._loop.generate(reply.prompts)

    async def respond(self, request: Request, reply: Reply) -> Response:
        generation = self.generate(request, reply)
        headers = ignored_header(reply.ignored)
        if reply.is_stream:
            return EventStream(generation, reply, headers, self.settings)
        with watched(generation, request.scope, request.receive, self.settings.request_timeout_s):
            async for batch in generation:
                reply.add(batch)
        return Response(reply.body(), media_type=JSON, headers=headers)


def ignored_header(names: Sequence[str]) -> dict[str, str]:
    return {"x-martlet-ignored": ", ".join(names)} if names else {}


class EventStream(Response):
    """Sends frames as the engine produces them, ending in [DONE] whatever happens."""

    def __init__(
        self, generation: AnyGeneration, reply: Reply, headers: dict[str, str], settings: ServerSettings
    ) -> None:
        super().__init__(None, headers=headers, media_type="text/event-stream; charset=utf-8")
        del self.headers["content-length"]
        self._generation = generation
        self._reply = reply
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with watched(self._generation, scope, receive, self._settings.request_timeout_s):
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            self._take_shortcut(scope)
            async with kept_alive(send, self._settings.sse_keep_alive_interval_s) as send_frame:
                await self._send_frames(send_frame)
            await send({"type": "http.response.body", "body": DONE})

    def _take_shortcut(self, scope: Scope) -> None:
        """Write frames from where the engine's outputs arrive, without waking this task for each."""
        sender: Sender | None = scope.get(SENDER)
        if sender is None or self._settings.sse_keep_alive_interval_s:
            return
        if isinstance(self._generation, Generation):
            self._generation.shortcut = partial(self._write_frames, sender)

    def _write_frames(self, sender: Sender, batch: Batch) -> bool:
        if not sender.is_ready:
            return False
        sender.write_parts(self._reply.frames(batch))
        return True

    async def _send_frames(self, send: Send) -> None:
        try:
            async for batch in self._generation:
                for frame in self._reply.frames(batch):
                    await send({"type": "http.response.body", "body": frame, "more_body": True})
            for frame in self._reply.tail():
                await send({"type": "http.response.body", "body": frame, "more_body": True})
        except ClientDisconnected:
            raise
        except Exception as error:  # noqa: BLE001  # the status is out: the frame is the only place left to say it
            await send({"type": "http.response.body", "body": error_frame(error), "more_body": True})


class watched:  # a verb, as other context managers
    """Abort the generation when its client leaves, when its time is over, and in any case at the end."""

    def __init__(
        self, generation: AnyGeneration, scope: Scope, receive: Receive, timeout_s: float = 0.0
    ) -> None:
        self._generation = generation
        self._line: Line | None = scope.get(LINE)
        self._receive = receive
        self._timeout_s = timeout_s
        self._watcher: asyncio.Future[None] | None = None
        self._clock: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        if self._line is None:
            self._watcher = asyncio.ensure_future(_fail_on_disconnect(self._generation, self._receive))
        elif self._line.is_cut:
            self._leave()
        else:
            self._line.on_cut.add(self._leave)
        if self._timeout_s:
            late = RequestTimedOut(self._timeout_s)
            loop = asyncio.get_running_loop()
            self._clock = loop.call_later(self._timeout_s, self._generation.fail, late)

    def __exit__(self, *error: object) -> None:
        if self._line is not None:
            self._line.on_cut.discard(self._leave)
        if self._watcher is not None:
            self._watcher.cancel()
        if self._clock is not None:
            self._clock.cancel()
        self._generation.close()

    def _leave(self) -> None:
        self._generation.fail(ClientDisconnected())


KEEP_ALIVE_FRAME: Message = {"type": "http.response.body", "body": b": keep-alive\n\n", "more_body": True}


@asynccontextmanager
async def kept_alive(send: Send, interval_s: float) -> AsyncIterator[Send]:
    """Yield `send`; while nothing was sent for `interval_s`, 0 for ever, send a comment."""
    if not interval_s:
        yield send
        return
    loop = asyncio.get_running_loop()
    sent_s = loop.time()

    async def noted(message: Message) -> None:
        nonlocal sent_s
        await send(message)
        sent_s = loop.time()

    async def comment() -> None:
        while True:
            await asyncio.sleep(sent_s + interval_s - loop.time())
            if loop.time() >= sent_s + interval_s:
                await noted(KEEP_ALIVE_FRAME)

    commenter = asyncio.ensure_future(comment())
    try:
        yield noted
    finally:
        commenter.cancel()


async def _fail_on_disconnect(generation: AnyGeneration, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    generation.fail(ClientDisconnected())
