"""The OpenAPI document: it knows every route, and replies are what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from martlet.server.openapi import OPERATIONS
from tests.server.asgi import SETTINGS, post
from tests.server.fakes import FakeEngine
from tests.server.wire import HELLO, call
from tests.servers import FIXTURES, TINY_LLAMA, ServerProcess, start_server


@pytest.fixture(scope="module")
def bert() -> Iterator[ServerProcess]:
    with start_server(str(FIXTURES / "pooled" / "tiny-bert"), "--served-model-name", "tiny") as server:
        yield server


def document(server: ServerProcess) -> dict[str, Any]:
    answer = call(server, "GET", "/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json
    return found


def check(described: dict[str, Any], path: str, status: str, body: Any, method: str = "post") -> None:
    content = described["paths"][path][method]["responses"][status]["content"]
    schema = {**content["application/json"]["schema"], "components": described["components"]}
    jsonschema.validate(body, schema)


def test_every_type_is_described(tiny: ServerProcess) -> None:
    described = document(tiny)
    text = str(described)
    for name in described["components"]["schemas"]:
        assert f"#/components/schemas/{name}'" in text
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    ids = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids)) > 30
    for path in described["paths"].values():
        for one in path.values():
            for link in one["responses"]["200"].get("links", {}).values():
                assert link["operationId"] in ids


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"messages": HELLO, "max_tokens": 2, "logprobs": True, "top_logprobs": 2}),
        ("/v1/completions", {"prompt": ["a", "b"], "max_tokens": 2, "logprobs": 2, "echo": True}),
        ("/v1/responses", {"input": "Hi", "max_output_tokens": 2}),
        ("/v1/responses/input_tokens", {"input": "Hi"}),
        ("/v1/messages", {"model": "tiny", "messages": HELLO, "max_tokens": 2}),
        ("/v1/messages/count_tokens", {"model": "tiny", "messages": HELLO}),
        ("/tokenize", {"prompt": "Hello", "return_token_strs": True}),
        ("/detokenize", {"tokens": [5, 6]}),
    ],
)
def test_replies_fit_their_schema(tiny: ServerProcess, path: str, body: dict[str, Any]) -> None:
    described = document(tiny)
    answer = call(tiny, "POST", path, body)
    assert answer.status == 200, answer.body
    check(described, path, "200", answer.json)
    refused = call(tiny, "POST", path, {})
    assert refused.status == 400
    check(described, path, "4XX", refused.json)


@pytest.mark.parametrize("path", ["/v1/models", "/version", "/load", "/v1/files", "/v1/batches"])
def test_lists_fit_their_schema(tiny: ServerProcess, path: str) -> None:
    check(document(tiny), path, "200", call(tiny, "GET", path).json, "get")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/embeddings", {"input": ["a", "b"]}),
        ("/v2/embed", {"model": "tiny", "texts": ["a"], "embedding_types": ["float", "binary"]}),
        ("/pooling", {"input": "a"}),
        ("/score", {"queries": "a", "documents": ["b", "c"]}),
        ("/rerank", {"query": "a", "documents": ["b", "c"]}),
    ],
)
def test_pooled_replies_fit_their_schema(bert: ServerProcess, path: str, body: dict[str, Any]) -> None:
    answer = call(bert, "POST", path, body)
    assert answer.status == 200, answer.body
    check(document(bert), path, "200", answer.json)


def test_keys_are_in_the_document() -> None:
    with start_server(str(TINY_LLAMA), "--api-key", "key") as server:
        assert call(server, "GET", "/openapi.json").status == 401
        answer = call(server, "GET", "/openapi.json", headers={"authorization": "Bearer key"})
    assert answer.json["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert answer.json["security"] == [{"key": []}]


def test_document_can_be_left_out() -> None:
    assert post(FakeEngine(), "/openapi.json", {}).status == 405
    assert post(FakeEngine(), "/openapi.json", {}, replace(SETTINGS, disable_docs=True)).status == 404


def test_purposes_are_told() -> None:
    assert all(operation.purpose for operation in OPERATIONS.values())


def test_detokenize_passes_over_ids_beyond_any_vocabulary(tiny: ServerProcess) -> None:
    shown = call(tiny, "POST", "/detokenize", {"tokens": [5, 2**32 + 5, 2**63 - 1, 6]}).json
    assert shown == call(tiny, "POST", "/detokenize", {"tokens": [5, 6]}).json
