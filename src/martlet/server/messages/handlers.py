"""The endpoints of /v1/messages: one short function each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from martlet.errors import MartletError
from martlet.protocol.errors import InvalidBody
from martlet.protocol.messages import (
    ContextManagement,
    CountTokensReply,
    CountTokensRequest,
    MessagesError,
    MessagesErrorReply,
    MessagesRequest,
)
from martlet.server.errors import ClientDisconnected, WrongContentType, error_info, error_reply
from martlet.server.handlers import JSON, AnyGeneration, Endpoints, ignored_header, watched
from martlet.server.messages.request import chat_request, ignored
from martlet.server.messages.writer import MessageWriter, event_frame
from martlet.server.streams import FrameStream
from martlet.server.translate import Translator
from martlet.server.translate.body import read_body
from martlet.server.translate.chat import ChatReply
from martlet.server.translate.fields import check_ignored

Handler = Callable[[Request], Awaitable[Response]]

encode = msgspec.json.Encoder().encode


def with_its_errors(handler: Handler) -> Handler:
    """Answer in these endpoints' own shape what goes wrong once the body has been read, as vLLM does."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except (InvalidBody, WrongContentType):
            raise
        except MartletError as error:
            reply = error_reply(error)
            return Response(encode(_error(error)), reply.status, dict(reply.headers), media_type=JSON)

    return handle


def _error(error: BaseException) -> MessagesErrorReply:
    info = error_info(error)
    return MessagesErrorReply(error=MessagesError(type=info.type, message=info.message))


class MessagesEndpoints:
    """The handlers, with what they share."""

    def __init__(self, endpoints: Endpoints, translator: Translator) -> None:
        self._endpoints = endpoints
        self._settings = endpoints.settings
        self._translator = translator

    def routes(self) -> list[Route]:
        create, count = with_its_errors(self.create), with_its_errors(self.count_tokens)
        return [
            Route("/v1/messages", create, methods=["POST"]),
            Route("/v1/messages/count_tokens", count, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        is_stream, chat = await self._endpoints.translate(request, self._read)
        await self._endpoints.constrain(chat)
        generation = self._endpoints.generate(request, chat, is_stream=is_stream)
        headers = ignored_header(chat.ignored)
        writer = MessageWriter(chat)
        if is_stream:
            return FrameStream(_frames(writer, generation), self._settings, generation, headers)
        with watched(generation, request.scope, request.receive, self._settings.request_timeout_s):
            async for batch in generation:
                writer.add(batch)
        writer.end()
        return Response(encode(writer.message), media_type=JSON, headers=headers)

    async def count_tokens(self, request: Request) -> Response:
        count = await self._endpoints.translate(request, self._count)
        management = ContextManagement(original_input_tokens=count)
        reply = CountTokensReply(input_tokens=count, context_management=management)
        return Response(encode(reply), media_type=JSON)

    def _read(self, body: bytes, request_id: str | None) -> tuple[bool, ChatReply]:
        found = read_body(MessagesRequest, body)
        can_think = self._translator.can_think
        asked = chat_request(found.request, can_think=can_think)
        chat = self._translator.chat_reply(asked, [], request_id)
        chat.ignored = [*ignored(found.request, found.unknown, can_think=can_think), *chat.ignored]
        check_ignored(chat.ignored, self._settings.strict)
        return bool(found.request.stream), chat

    def _count(self, body: bytes, request_id: str | None) -> int:
        request = read_body(CountTokensRequest, body).request
        return self._translator.count_tokens(chat_request(request))


async def _frames(writer: MessageWriter, generation: AnyGeneration) -> AsyncIterator[bytes]:
    try:
        for event in writer.begin():
            yield event_frame(event)
        async for batch in generation:
            for event in writer.add(batch):
                yield event_frame(event)
        for event in writer.end():
            yield event_frame(event)
    except ClientDisconnected:
        raise
    except Exception as error:  # noqa: BLE001  # the status is out: an event is the only place left to say it
        yield event_frame(_error(error))
