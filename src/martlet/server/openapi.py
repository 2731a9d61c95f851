"""What the endpoints are for, and their description as an OpenAPI document, written from the wire's types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, TypedDict

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from martlet import __version__
from martlet.protocol.batches import Batch
from martlet.protocol.chat import ChatCompletion, ChatCompletionRequest
from martlet.protocol.cohere import CohereEmbedResponse
from martlet.protocol.completions import Completion, CompletionRequest
from martlet.protocol.embeddings import CreateEmbeddingResponse
from martlet.protocol.errors import DetailBody, ErrorEnvelope, UnauthorizedBody
from martlet.protocol.files import FileDeleted, FileObject
from martlet.protocol.lora import LoadLoRAAdapterRequest, RegisterAdapterRequest, UnloadLoRAAdapterRequest
from martlet.protocol.messages import (
    CountTokensReply,
    CountTokensRequest,
    Message,
    MessagesErrorReply,
    MessagesRequest,
)
from martlet.protocol.models import Model, ModelList, VersionInfo
from martlet.protocol.pooling import (
    ClassificationResponse,
    PoolingResponse,
    RerankResponse,
    ScoreResponse,
)
from martlet.protocol.pooling_requests import (
    ClassificationRequest,
    CohereEmbedRequest,
    EmbeddingRequest,
    PoolingRequest,
    RerankRequest,
    ScoreRequest,
)
from martlet.protocol.response_request import ResponsesRequest
from martlet.protocol.responses import InputTokenCountResponse, ResponseItemList
from martlet.protocol.responses import Response as ResponseObject
from martlet.protocol.tokenize import (
    DetokenizeRequest,
    DetokenizeResponse,
    TokenizeRequest,
    TokenizeResponse,
)
from martlet.server.batches.handlers import BatchRequest
from martlet.server.handlers import JSON
from martlet.server.loop import EngineLoop

Schema: TypeAlias = dict[str, Any]

HTML, TEXT, BYTES, EVENTS = "text/html", "text/plain", "application/octet-stream", "text/event-stream"
FORM = "multipart/form-data"
ERRORS = (ErrorEnvelope, DetailBody, UnauthorizedBody, MessagesErrorReply)
JSONObject: TypeAlias = dict[str, Any]


class FileList(TypedDict):
    object: str
    data: list[FileObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class BatchList(TypedDict):
    object: str
    data: list[Batch]
    first_id: str | None
    last_id: str | None
    has_more: bool


class ResponseDeleted(TypedDict):
    id: str
    object: str
    deleted: bool


class Load(TypedDict):
    server_load: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint. `request` and `reply` are types of JSON bodies; None is none."""

    purpose: str
    request: Any = None
    reply: Any = None
    media: tuple[str, ...] = ()
    """Of replies that are no JSON: all of them without `reply`, some of them with it."""
    query: Mapping[str, Schema] = field(default_factory=dict)
    form: Schema | None = None
    """The body, where it is a form."""
    makes: str = ""
    """The path parameter that the `id` of a reply can be used for."""


WORD: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
PAGES: dict[str, Schema] = {
    "after": WORD,
    "limit": {"type": "integer", "minimum": 1},
    "order": {"enum": ["asc", "desc"]},
}
UPLOAD: Schema = {
    "type": "object",
    "required": ["file", "purpose"],
    "properties": {"file": {"type": "string", "format": "binary"}, "purpose": WORD},
}
SCORE = partial(Operation, request=ScoreRequest, reply=ScoreResponse)
RERANK = partial(Operation, request=RerankRequest, reply=RerankResponse)

OPERATIONS: dict[str, Operation] = {
    "GET /": Operation("a page for the browser: the model, its load, a box to try it", media=(HTML,)),
    "POST /v1/chat/completions": Operation("chat", ChatCompletionRequest, ChatCompletion, (EVENTS,)),
    "POST /v1/completions": Operation("text completion", CompletionRequest, Completion, (EVENTS,)),
    "POST /v1/responses": Operation(
        "a response: text or items, tools, thoughts; streamed, or in the background",
        ResponsesRequest,
        ResponseObject,
        (EVENTS,),
        makes="response_id",
    ),
    "POST /v1/responses/input_tokens": Operation(
        "count a response's input", ResponsesRequest, InputTokenCountResponse
    ),
    "GET /v1/responses/{response_id}": Operation(
        "fetch a response; `?stream=true&starting_after=N` takes up a stream",
        reply=ResponseObject,
        media=(EVENTS,),
        query={"stream": FLAG, "starting_after": NUMBER},
    ),
    "DELETE /v1/responses/{response_id}": Operation("delete a response", reply=ResponseDeleted),
    "POST /v1/responses/{response_id}/cancel": Operation(
        "end a response that is made in the background", reply=ResponseObject
    ),
    "GET /v1/responses/{response_id}/input_items": Operation(
        "list a response's input", reply=ResponseItemList, query=PAGES
    ),
    "POST /v1/messages": Operation("a message, in Anthropic's form", MessagesRequest, Message, (EVENTS,)),
    "POST /v1/messages/count_tokens": Operation(
        "count a message's tokens", CountTokensRequest, CountTokensReply
    ),
    "POST /v1/files": Operation("upload a file", reply=FileObject, form=UPLOAD, makes="file_id"),
    "GET /v1/files": Operation("list files", reply=FileList, query={"purpose": WORD, **PAGES}),
    "GET /v1/files/{file_id}": Operation("tell about a file", reply=FileObject),
    "DELETE /v1/files/{file_id}": Operation("delete a file", reply=FileDeleted),
    "GET /v1/files/{file_id}/content": Operation("download a file", media=(BYTES,)),
    "POST /v1/batches": Operation("begin a batch", BatchRequest, Batch, makes="batch_id"),
    "GET /v1/batches": Operation("list batches", reply=BatchList, query=PAGES),
    "GET /v1/batches/{batch_id}": Operation("tell how far a batch is", reply=Batch),
    "POST /v1/batches/{batch_id}/cancel": Operation("end a batch", reply=Batch),
    "POST /v1/embeddings": Operation(
        "vectors of texts or conversations", EmbeddingRequest, CreateEmbeddingResponse, (BYTES,)
    ),
    "POST /v2/embed": Operation("the same in Cohere's form", CohereEmbedRequest, CohereEmbedResponse),
    "POST /pooling": Operation("what the model's pooler gives", PoolingRequest, PoolingResponse, (BYTES,)),
    "POST /classify": Operation("probabilities of classes", ClassificationRequest, ClassificationResponse),
    "POST /score": SCORE("how well texts go together; also at `/v1/score`"),
    "POST /v1/score": SCORE("the same as /score"),
    "POST /rerank": RERANK("documents by how well they answer; also at `/v1/rerank` and `/v2/rerank`"),
    "POST /v1/rerank": RERANK("the same as /rerank"),
    "POST /v2/rerank": RERANK("the same as /rerank"),
    "GET /v1/models": Operation("the served names", reply=ModelList),
    "GET /v1/models/{model_id}": Operation("one of them", reply=Model),
    "POST /v1/load_lora_adapter": Operation(
        "load an adapter, with `--allow-runtime-lora-updating`", LoadLoRAAdapterRequest, media=(TEXT,)
    ),
    "POST /v1/unload_lora_adapter": Operation("unload it", UnloadLoRAAdapterRequest, media=(TEXT,)),
    "POST /adapters": Operation("SageMaker's name of the first", RegisterAdapterRequest, media=(TEXT,)),
    "DELETE /adapters/{adapter_name}": Operation("SageMaker's name of the second", media=(TEXT,)),
    "POST /invocations": Operation(
        "SageMaker's: any of the above, by the fields of the body", JSONObject, Any, (EVENTS, BYTES)
    ),
    "POST /tokenize": Operation("the tokens of a text or a conversation", TokenizeRequest, TokenizeResponse),
    "POST /detokenize": Operation("the text of tokens", DetokenizeRequest, DetokenizeResponse),
    "GET /tokenizer_info": Operation(
        "the tokenizer's settings, with `--enable-tokenizer-info-endpoint`", reply=JSONObject
    ),
    "GET /health": Operation("200, or 503 once the engine has failed"),
    "GET, POST /ping": Operation("the same"),
    "GET /version": Operation("the version", reply=VersionInfo),
    "GET /load": Operation("how many sequences are in the server", reply=Load),
    "GET /metrics": Operation("Prometheus metrics under vLLM's names", media=(TEXT,)),
    "GET /openapi.json": Operation("this list with all types, as OpenAPI 3.1", reply=JSONObject),
    "POST /v1/audio/transcriptions": Operation("501, as all of audio and images"),
    "POST /v1/audio/translations": Operation("501"),
    "POST /v1/audio/speech": Operation("501"),
    "POST /v1/images/generations": Operation("501"),
    "POST /v1/images/edits": Operation("501"),
    "POST /v1/images/variations": Operation("501"),
    "POST /v1/systemone": Operation("501"),
}
"""Every endpoint that a server may have."""

_REFERENCE = "#/components/schemas/{name}"


def openapi_route(routes: Sequence[Route], loop: EngineLoop, *, has_keys: bool) -> Route:
    """Return the route of the document that describes `routes` and itself."""
    written: list[bytes] = []

    async def openapi(request: Request) -> Response:
        if not written:
            written.append(await loop.offload(lambda: msgspec.json.encode(document(described))))
        return Response(written[0], media_type=JSON)

    def document(routes: Sequence[Route]) -> Schema:
        return openapi_document(routes, has_keys=has_keys)

    route = Route("/openapi.json", openapi, methods=["GET"])
    described = [*routes, route]
    return route


def operation_name(route: Route) -> str:
    methods = ", ".join(sorted((route.methods or set()) - {"HEAD"}))
    return f"{methods} {route.path.replace(':path', '')}"


def openapi_document(routes: Iterable[Route], *, has_keys: bool) -> Schema:
    """Describe `routes`. Raises KeyError for one that OPERATIONS does not know."""
    named = {operation_name(route): route for route in routes if route.path != "/v1/models/"}
    operations = {name: OPERATIONS[name] for name in named}
    types = [each for one in operations.values() for each in (one.request, one.reply) if each is not None]
    schemas, components = _schemas([*types, *ERRORS])
    errors = {"anyOf": [schemas[repr(each)] for each in ERRORS]}
    paths: dict[str, Schema] = {}
    for name, operation in operations.items():
        methods, _, path = name.rpartition(" ")
        described = _operation(path, operation, schemas, errors)
        if links := _links(operation.makes, operations):
            described["responses"]["200"]["links"] = links
        for method in methods.split(", "):
            paths.setdefault(path, {})[method.lower()] = {**described, "operationId": f"{method} {path}"}
    parts: Schema = {"schemas": components}
    document: Schema = {
        "openapi": "3.1.0",
        "info": {"title": "Martlet", "version": __version__},
        "paths": paths,
        "components": parts,
    }
    if has_keys:
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"key": []}]
    return document


def _schemas(types: Sequence[Any]) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """Return each type's schema by its repr, and what they refer to."""
    unique = {repr(each): each for each in types}
    schemas, components = msgspec.json.schema_components(unique.values(), ref_template=_REFERENCE)
    return dict(zip(unique, schemas, strict=True)), components


def _operation(path: str, operation: Operation, schemas: Mapping[str, Schema], errors: Schema) -> Schema:
    found: Schema = {
        "summary": operation.purpose,
        "parameters": [
            *(_parameter(name, "path", WORD) for name in re.findall(r"{(\w+)}", path)),
            *(_parameter(name, "query", schema) for name, schema in operation.query.items()),
        ],
        "responses": {
            "200": {"description": "done", **_content(operation, schemas)},
            "4XX": {"description": "refused", "content": {JSON: {"schema": errors}, TEXT: {}}},
            "5XX": {"description": "failed", "content": {JSON: {"schema": errors}}},
        },
    }
    if operation.request is not None:
        body = {JSON: {"schema": schemas[repr(operation.request)]}}
        found["requestBody"] = {"required": True, "content": body}
    elif operation.form is not None:
        found["requestBody"] = {"required": True, "content": {FORM: {"schema": operation.form}}}
    return found


def _links(parameter: str, names: Iterable[str]) -> Schema:
    """Return what can be done with the `id` of a reply."""
    if not parameter:
        return {}
    given = {"parameters": {parameter: "$response.body#/id"}}
    return {
        f"{i}": {"operationId": name, **given} for i, name in enumerate(names) if f"{{{parameter}}}" in name
    }


def _content(operation: Operation, schemas: Mapping[str, Schema]) -> Schema:
    content: Schema = {media: {} for media in operation.media}
    if operation.reply is not None:
        content[JSON] = {"schema": schemas[repr(operation.reply)]}
    return {"content": content} if content else {}


def _parameter(name: str, where: str, schema: Schema) -> Schema:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}
