"""The endpoints of /v1/responses: one short function each."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from martlet.errors import InvalidParameter
from martlet.protocol.response_request import ResponsesRequest
from martlet.protocol.responses import InputTokenCountResponse
from martlet.server.errors import ClientDisconnected, WrongState, error_info
from martlet.server.handlers import JSON, AnyGeneration, Endpoints, ignored_header, watched
from martlet.server.owners import Owner, owner_of
from martlet.server.pages import page
from martlet.server.responses.archive import Archive, status_of, stored_response
from martlet.server.responses.conversation import Item, input_items
from martlet.server.responses.jobs import Job
from martlet.server.responses.request import ReadRequest, chat_reply, check_fields, ignored
from martlet.server.responses.writer import ResponseWriter, event_frame, plain_items
from martlet.server.streams import FrameStream
from martlet.server.translate import Translator
from martlet.server.translate.body import read_body
from martlet.server.translate.fields import check_ignored

encode = msgspec.json.Encoder().encode
IN_THE_MAKING = ("queued", "in_progress")


class ResponsesEndpoints:
    """The handlers, with what they share."""

    def __init__(self, endpoints: Endpoints, translator: Translator, archive: Archive) -> None:
        self._endpoints = endpoints
        self._settings = endpoints.settings
        self._translator = translator
        self._archive = archive
        self._jobs: dict[tuple[Owner, str], Job] = {}

    def routes(self) -> list[Route]:
        one = "/v1/responses/{response_id}"
        return [
            Route("/v1/responses", self.create, methods=["POST"]),
            Route("/v1/responses/input_tokens", self.count_input_tokens, methods=["POST"]),
            Route(one, self.retrieve, methods=["GET"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/cancel", self.cancel, methods=["POST"]),
            Route(f"{one}/input_items", self.list_input_items, methods=["GET"]),
        ]

    # --- making -------------------------------------------------------------------------------------

    async def create(self, request: Request) -> Response:
        read = await self._endpoints.translate(request, partial(self._read, owner_of(request)))
        await self._endpoints.constrain(read.chat)
        is_stream = bool(read.request.stream)
        generation = self._endpoints.generate(request, read.chat, is_stream=is_stream, asked_as="responses")
        headers = ignored_header(read.ignored)
        writer = ResponseWriter(read)
        if read.request.background:
            return self._make_later(writer, generation, headers)
        if read.request.stream:
            return FrameStream(self._frames(writer, generation), self._settings, generation, headers)
        with watched(generation, request.scope, request.receive, self._settings.request_timeout_s):
            writer.begin()
            async for batch in generation:
                writer.add(batch)
        writer.end()
        response = writer.whole()
        self._keep(writer)
        return Response(encode(response), media_type=JSON, headers=headers)

    async def count_input_tokens(self, request: Request) -> Response:
        read = await self._endpoints.translate(request, partial(self._read, owner_of(request)))
        count = InputTokenCountResponse(input_tokens=read.chat.num_prompt_tokens)
        return Response(encode(count), media_type=JSON)

    def _read(self, owner: Owner, body: bytes, request_id: str | None) -> ReadRequest:
        found = read_body(ResponsesRequest, body)
        request = found.request
        self._translator.catalog.adapter(request.model)
        check_fields(request)
        items = input_items(request.input)
        history = [*self._history(owner, request.previous_response_id), *items]
        chat, messages = chat_reply(request, history, self._translator)
        response_id = chat.id = request.request_id or f"resp_{uuid.uuid4().hex[:16]}"
        names = [*ignored(request, found.unknown), *chat.ignored]
        check_ignored(names, self._settings.strict)
        return ReadRequest(request, owner, response_id, items, history, chat, messages, names)

    def _history(self, owner: Owner, response_id: str | None) -> Sequence[Item]:
        if response_id is None:
            return ()
        before = self._archive.find(owner, response_id)
        if status_of(before) in IN_THE_MAKING:
            raise WrongState("previous_response_id", "that response is not done yet: fetch it until it is")
        return before.history

    async def _frames(self, writer: ResponseWriter, generation: AnyGeneration) -> AsyncIterator[bytes]:
        try:
            for event in writer.begin():
                yield event_frame(event)
            async for batch in generation:
                for event in writer.add(batch):
                    yield event_frame(event)
            last = writer.end()
            self._keep(writer)  # before anybody can go on from it
        except ClientDisconnected:
            raise
        except Exception as error:  # noqa: BLE001  # the status is out: an event is the only place left to say it
            last = writer.fail(error_info(error).message)
        for event in last:
            yield event_frame(event)

    def _keep(self, writer: ResponseWriter, frames: Sequence[bytes] | None = None) -> None:
        read = writer.read
        if read.request.store is False:
            return
        output = plain_items(writer.response.output)
        document = stored_response(writer.response, read.items, read.history, output)
        if frames is not None:
            document.events = [frame.decode() for frame in frames]
        self._archive.keep(read.owner, read.response_id, document)

    # --- in the background ---------------------------------------------------------------------------

    def _make_later(
        self, writer: ResponseWriter, generation: AnyGeneration, headers: Mapping[str, str]
    ) -> Response:
        read = writer.read
        body = encode(writer.response)
        begun = stored_response(writer.response, read.items, read.history, [])
        self._archive.begin(read.owner, read.response_id, begun)
        job = self._jobs[read.owner, read.response_id] = Job(writer, generation, self._finish)
        if read.request.stream:
            return FrameStream(job.follow(0), self._settings, headers=headers)
        return Response(body, media_type=JSON, headers=headers)

    def _finish(self, job: Job) -> None:
        read = job.writer.read
        name = (read.owner, read.response_id)
        if self._jobs.get(name) is job:  # else it was deleted, or another one has its id now
            del self._jobs[name]
            self._keep(job.writer, job.frames if read.request.stream else None)

    async def cancel(self, request: Request) -> Response:
        name = _name(request)
        job = self._jobs.get(name)
        if job is None:
            found = self._archive.find(*name)
            if status_of(found) != "cancelled":
                raise WrongState(
                    "response_id", "only a response that is made in the background can be cancelled"
                )
            return Response(bytes(found.response), media_type=JSON)
        job.cancel()
        return Response(encode(job.writer.response), media_type=JSON)

    # --- what was kept ---------------------------------------------------------------------------------

    async def retrieve(self, request: Request) -> Response:
        name = _name(request)
        job = self._jobs.get(name)
        if request.query_params.get("stream") in ("true", "1"):
            start = _number(request, "starting_after", -1) + 1
            return FrameStream(self._frames_again(name, job, start), self._settings)
        if job is not None:
            return Response(encode(job.writer.response), media_type=JSON)
        return Response(bytes(self._archive.find(*name).response), media_type=JSON)

    def _frames_again(self, name: tuple[Owner, str], job: Job | None, start: int) -> AsyncIterator[bytes]:
        if job is not None and job.writer.read.request.stream:
            return job.follow(start)
        events = None if job is not None else self._archive.find(*name).events
        if events is None:
            raise WrongState("stream", "goes with responses that were made with background and stream")
        return _each([event.encode() for event in events[start:]])

    async def delete(self, request: Request) -> Response:
        name = _name(request)
        job = self._jobs.pop(name, None)
        if job is not None:
            job.cancel()
        self._archive.delete(*name)
        return Response(encode({"id": name[1], "object": "response", "deleted": True}), media_type=JSON)

    async def list_input_items(self, request: Request) -> Response:
        found = self._archive.find(*_name(request))
        items, has_more = page(found.input, request, lambda item: str(item["id"]), default_limit=20)
        ids = [item["id"] for item in items] or [""]
        listed = {
            "data": items,
            "first_id": ids[0],
            "has_more": has_more,
            "last_id": ids[-1],
            "object": "list",
        }
        return Response(encode(listed), media_type=JSON)


def _name(request: Request) -> tuple[Owner, str]:
    """Return what names the response that a path is about: of another owner it is another one."""
    return owner_of(request), request.path_params["response_id"]


async def _each(frames: Sequence[bytes]) -> AsyncIterator[bytes]:
    for frame in frames:
        yield frame


def _number(request: Request, name: str, default: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not given.isdecimal():
        raise InvalidParameter(name, f"must be a number from 0 up, got {given[:40]!r}")
    return int(given)
