"""The generic verbs: what goes out as with the official client, and `cast_to` in all its forms."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any, TypedDict, Union, get_origin

import msgspec
import pytest

import martlet
from martlet.client.replies import Response
from martlet.protocol.base import Unknown
from martlet.protocol.chat import ChatCompletion, ChatCompletionChunk
from martlet.protocol.models import Model
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, MODELS, SSE_HEAD, STREAM, ScriptedServer, chunked, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]

SENT: list[tuple[str, str, dict[str, Any]]] = [
    ("get", "/models", {}),
    ("get", "models", {}),
    ("get", "/a/b?x=1&y=2", {"options": {"params": {"y": [1, 2], "z": True, "n": None}}}),
    ("post", "/things", {"body": {"a": 1, "t": "ü"}}),
    ("post", "/things", {"body": {"a": 1, "b": 2}, "options": {"extra_json": {"b": 3}}}),
    ("post", "/things", {"body": [1, 2]}),
    ("post", "/things", {}),
    ("post", "/things", {"options": {"headers": {"X-A": "b", "accept": "x/y"}, "idempotency_key": "k"}}),
    ("post", "/things", {"content": b"\x00raw", "options": {"headers": {"content-type": "a/b"}}}),
    ("put", "/things/1", {"body": {"a": None}}),
    ("patch", "/things/1", {"body": {"a": martlet.NOT_GIVEN, "b": []}}),
    ("delete", "/things/1", {}),
    ("delete", "/things/1", {"body": {"why": "x"}}),
]


@pytest.mark.parametrize("case", range(len(SENT)))
def test_request_equals_the_official_clients(play: Play, caller: Caller, case: int) -> None:
    method, path, given = SENT[case]
    server = play([http(body={"ok": 1})])
    for package in (martlet, openai):
        keywords = {**given}
        if method == "patch" and package is openai:
            keywords["body"] = {"b": []}  # there, only TypedDicts drop what is not given
        verb = getattr(caller.client(server.url, package), method)
        assert caller.run(verb(path, cast_to=object, **keywords)) == {"ok": 1}
    ours, theirs = server.seen
    assert (ours.method, ours.body) == (theirs.method, theirs.body)
    assert ours.method == method.upper()
    assert sorted(ours.target.split("&")) == sorted(theirs.target.split("&"))
    if ours.body:
        assert ours.headers["content-type"] == theirs.headers["content-type"]
    assert ours.headers["accept"] == theirs.headers["accept"]
    assert ours.headers.get("x-a") == theirs.headers.get("x-a")
    assert ours.headers["authorization"] == theirs.headers["authorization"]


class Thing(TypedDict):
    n: int


@dataclasses.dataclass
class Data:
    n: int


class Struct(msgspec.Struct):
    n: int


CASTS: list[tuple[Any, bytes, str, Any]] = [
    (object, b'{"a": [1]}', "application/json", {"a": [1]}),
    (object, b"Success: done", "text/plain", "Success: done"),
    (object, b"", "", ""),
    (str, b'{"a": 1}', "application/json", '{"a": 1}'),
    (bytes, b"\x00\xff", "audio/wav", b"\x00\xff"),
    (int, b"12", "text/plain", 12),
    (float, b"1.5", "text/plain", 1.5),
    (bool, b" True\n", "text/plain", True),
    (bool, b"no", "text/plain", False),
    (NoneType, b'{"a": 1}', "application/json", None),
    (dict[str, Any], b'{"a": 1}', "application/json", {"a": 1}),
    (list[int], b"[1, 2]", "application/json", [1, 2]),
    (Union[dict[str, int], list[int]], b"[3]", "application/json", [3]),  # noqa: UP007
]


@pytest.mark.parametrize("case", range(len(CASTS)))
def test_reply_becomes_what_the_official_client_makes_of_it(play: Play, caller: Caller, case: int) -> None:
    cast_to, body, content_type, wanted = CASTS[case]
    server = play([http(body=body, content_type=content_type)])
    is_beyond_the_official = sys.version_info < (3, 11) and get_origin(cast_to) in (dict, list)
    for package in (martlet,) if is_beyond_the_official else (martlet, openai):
        got = caller.run(caller.client(server.url, package).get("/x", cast_to=cast_to))
        assert got == wanted
        assert type(got) is type(wanted)


@pytest.mark.parametrize(
    ("cast_to", "wanted"),
    [(Data, Data(n=1)), (Struct, Struct(n=1)), (Thing, {"n": 1}), (Mapping[str, int], {"n": 1})],
)
def test_reply_becomes_a_type_of_the_users_own(play: Play, caller: Caller, cast_to: Any, wanted: Any) -> None:
    server = play([http(body={"n": 1})], [http(body={"n": "x"})])
    client = caller.client(server.url)
    assert caller.run(client.get("/x", cast_to=cast_to)) == wanted
    with pytest.raises(martlet.APIResponseValidationError):
        caller.run(client.get("/x", cast_to=cast_to))


def test_reply_becomes_models_alone_and_in_lists(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT, x_request_id="r1")], [http(body=b'[{"id": "a", "new": {"x": 1}}]')])
    client = caller.client(server.url)
    reply = caller.run(client.post("/chat/completions", body=HI, cast_to=ChatCompletion))
    assert type(reply) is ChatCompletion
    assert (reply.to_dict(), reply._request_id) == (CHAT, "r1")
    [model] = caller.run(client.get("/list", cast_to=list[Model]))
    assert type(model) is Model
    assert (model.id, model.to_dict()["new"]) == ("a", {"x": 1})


def test_response_is_the_whole_answer(play: Play, caller: Caller) -> None:
    server = play([http(202, body=b"hi", content_type="a/b", x_y="z")])
    httpx2 = pytest.importorskip("httpx2")
    for kind in (Response, httpx2.Response):
        answer = caller.run(caller.client(server.url).get("/x", cast_to=kind))
        assert (answer.status_code, answer.text, answer.headers["X-Y"]) == (202, "hi", "z")


def test_text_in_place_of_a_model_is_an_error(play: Play, caller: Caller) -> None:
    server = play([http(body=b"oops", content_type="text/plain")])
    with pytest.raises(martlet.APIResponseValidationError):
        caller.run(caller.client(server.url).get("/x", cast_to=Model))


def test_broken_json_is_an_error(play: Play, caller: Caller) -> None:
    server = play([http(body=b'{"a"')])
    with pytest.raises(martlet.APIResponseValidationError):
        caller.run(caller.client(server.url).get("/x", cast_to=object))


def test_error_status_is_the_usual_exception(play: Play, caller: Caller) -> None:
    server = play([http(404, body={"error": {"message": "no such thing"}})])
    with pytest.raises(martlet.NotFoundError, match="no such thing"):
        caller.run(caller.client(server.url).delete("/x", cast_to=object))


def test_stream_class_says_what_the_items_are(play: Play, caller: Caller) -> None:
    server = play(STREAM)
    kind: Any = martlet.AsyncStream if caller.is_async else martlet.Stream
    stream = caller.run(
        caller.client(server.url).post(
            "/chat/completions",
            cast_to=ChatCompletion,
            body={**HI, "stream": True},
            stream=True,
            stream_cls=kind[ChatCompletionChunk],
        )
    )
    assert type(stream) is kind
    chunks = caller.items(stream)
    assert [type(chunk) for chunk in chunks] == [ChatCompletionChunk] * 4
    assert chunks[1].choices[0].delta.content == "Hel"


def test_stream_of_anything_ends_with_its_body(play: Play, caller: Caller) -> None:
    kind: Any = martlet.AsyncStream if caller.is_async else martlet.Stream
    server = play([SSE_HEAD, chunked(b'data: {"n": 1}\n\n'), chunked(b""), b""], [SSE_HEAD, b"nonsense\r\n"])
    client = caller.client(server.url, max_retries=0)
    stream = caller.run(client.get("/events", cast_to=object, stream=True, stream_cls=kind[object]))
    assert [(type(item), item.n) for item in caller.items(stream)] == [(Unknown, 1)]
    broken = caller.run(client.get("/events", cast_to=object, stream=True, stream_cls=kind))
    with pytest.raises(martlet.StreamInterrupted):
        caller.items(broken)


def test_stream_without_its_class_is_refused(caller: Caller) -> None:
    client = caller.client("http://127.0.0.1:1/v1")
    with pytest.raises(TypeError, match="stream_cls"):
        caller.run(client.get("/x", cast_to=object, stream=True))


def test_options_of_one_call_are_its_own(play: Play, caller: Caller) -> None:
    server = play([http(503, retry_after_ms="1")])
    client = caller.client(server.url)
    with pytest.raises(martlet.InternalServerError):
        caller.run(client.get("/x", cast_to=object, options={"max_retries": 0}))
    assert len(server.seen) == 1
    assert client.max_retries == 2
    with pytest.raises(TypeError, match="'parms'"):
        caller.run(client.get("/x", cast_to=object, options={"parms": {}}))


def test_content_excludes_a_body(caller: Caller) -> None:
    client = caller.client("http://127.0.0.1:1/v1")
    for package in (martlet, openai):
        client = caller.client("http://127.0.0.1:1/v1", package)
        with pytest.raises(TypeError):
            caller.run(client.post("/x", cast_to=object, content=b"1", body={"a": 1}))


def test_request_takes_a_description(play: Play, caller: Caller) -> None:
    from openai._models import FinalRequestOptions

    server = play([http(body={"ok": 1})])
    options: dict[str, Any] = {"method": "post", "url": "/x", "json_data": {"a": 1}, "params": {"q": "w"}}
    client = caller.client(server.url)
    assert caller.run(client.request(object, options)) == {"ok": 1}
    assert caller.run(client.request(object, FinalRequestOptions(**options))) == {"ok": 1}
    theirs = caller.client(server.url, openai)
    assert caller.run(theirs.request(object, FinalRequestOptions(**options))) == {"ok": 1}
    assert len({(seen.method, seen.target, seen.body) for seen in server.seen}) == 1
    with pytest.raises(TypeError, match="url"):
        caller.run(client.request(object, {"method": "get"}))


@pytest.mark.parametrize("base", ["/v1", "/v1/", "", "/"])
def test_path_beside_v1_is_found_from_any_base(play: Play, caller: Caller, base: str) -> None:
    server = play([http(body=b"", content_type="")])
    client = caller.client(server.url.removesuffix("/v1") + base, default_query={"a": 1})
    caller.run(client.get("../health", cast_to=str))
    assert server.seen[0].target == "/health?a=1"


def test_prefix_before_v1_is_kept(play: Play, caller: Caller) -> None:
    server = play([http(body=MODELS)])
    client = caller.client(server.url.replace("/v1", "/proxy/v1"))
    caller.run(client.get("../load", cast_to=object))
    caller.run(client.get("//models", cast_to=object))
    assert [seen.target for seen in server.seen] == ["/proxy/load", "/proxy/v1/models"]


def test_whole_url_of_the_same_host_gets_the_key(play: Play, caller: Caller) -> None:
    server = play([http(body={})])
    client = caller.client(server.url, api_key="secret", default_query={"a": 1})
    caller.run(client.get(f"{server.url}/other?b=2", cast_to=object))
    assert server.seen[0].headers["authorization"] == "Bearer secret"
    assert server.seen[0].target == "/v1/other?b=2&a=1"


def test_key_does_not_cross_hosts(play: Play, caller: Caller) -> None:
    home, other = play([http(body={})]), play([http(body={})])
    client = caller.client(
        home.url, api_key="secret", default_headers={"X-Api-Key": "k", "x-b": "c"}, default_query={"key": "k"}
    )
    caller.run(client.get(f"{other.url}/x?q=1", cast_to=object))
    caller.run(client.get(f"{other.url}/y", cast_to=object, options={"headers": {"Authorization": "mine"}}))
    first, second = other.seen
    assert first.target == "/v1/x?q=1"
    assert not {"authorization", "x-api-key"} & first.headers.keys()
    assert first.headers["x-b"] == "c"
    assert first.headers["host"] == f"127.0.0.1:{other.port}"
    assert second.headers["authorization"] == "mine"
    assert home.seen == []


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_cast_to_httpx_response_is_one(play: Play, caller: Caller, library: str) -> None:
    httpx = pytest.importorskip(library)
    server = play([http(body={"a": 1}, x_request_id="r")])
    reply = caller.run(caller.client(server.url).post("/x", body={"b": 2}, cast_to=httpx.Response))
    assert type(reply) is httpx.Response
    assert (reply.status_code, reply.json(), reply.headers["x-request-id"]) == (200, {"a": 1}, "r")
    assert (reply.request.method, str(reply.request.url)) == ("POST", f"{server.url}/x")
    assert reply.request.headers["authorization"] == "<redacted>"
