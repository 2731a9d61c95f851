"""Embeddings: base64 on the wire, floats in the hand."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import martlet
from martlet.protocol.embeddings import Embedding
from tests.client.callers import Caller
from tests.client.scripted import ScriptedServer, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]
NUMBERS = [0.1, -2.5, 3e-39, 1e30, 0.0]
PACKED = base64.b64encode(struct.pack("<5f", *NUMBERS)).decode()


def reply(*vectors: Any) -> dict[str, Any]:
    data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
    return {
        "id": "embd-1",
        "object": "list",
        "created": 1,
        "model": "m",
        "data": data,
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }


def test_base64_is_asked_for_and_unpacked_as_officially(play: Play, caller: Caller) -> None:
    server = play([http(body=reply(PACKED, PACKED), x_request_id="r")])
    ours, theirs = (
        caller.run(caller.client(server.url, package).embeddings.create(model="m", input=["a", "b"]))
        for package in (martlet, openai)
    )
    assert server.seen[0].json == server.seen[1].json
    assert server.seen[0].json["encoding_format"] == "base64"
    assert type(ours.data[1].embedding) is list
    assert ours.data[1].embedding == list(struct.unpack("<5f", struct.pack("<5f", *NUMBERS)))
    assert ours.to_dict() == theirs.to_dict()
    assert ours._request_id == "r"
    assert [item.index for item in ours.data] == [0, 1]


def test_server_that_knows_numbers_only_is_understood(play: Play, caller: Caller) -> None:
    server = play([http(body=reply([1, 0.5]))])
    for package in (martlet, openai):
        found = caller.run(caller.client(server.url, package).embeddings.create(model="m", input="a"))
        assert found.data[0].embedding == [1.0, 0.5]


def test_replies_of_a_strange_shape_are_unpacked_too(play: Play, caller: Caller) -> None:
    body = {**reply(PACKED), "usage": "free", "data": [{"embedding": PACKED, "index": None}]}
    server = play([http(body=body)])
    found = caller.run(caller.client(server.url).embeddings.create(model="m", input="a"))
    assert len(found.data[0].embedding) == 5
    assert found.usage == "free"


@pytest.mark.parametrize(("wanted", "vector"), [("base64", PACKED), ("float", [0.5])])
def test_explicit_format_is_left_alone(play: Play, caller: Caller, wanted: str, vector: Any) -> None:
    server = play([http(body=reply(vector))])
    for package in (martlet, openai):
        found = caller.run(
            caller.client(server.url, package).embeddings.create(model="m", input="a", encoding_format=wanted)
        )
        assert found.data[0].embedding == vector
    assert server.seen[0].json == server.seen[1].json


@pytest.mark.parametrize("package", [martlet, openai])
def test_no_data_is_an_error(play: Play, caller: Caller, package: Any) -> None:
    server = play([http(body=reply())])
    with pytest.raises(ValueError, match="No embedding data received"):
        caller.run(caller.client(server.url, package).embeddings.create(model="m", input="a"))


def test_other_number_types_are_not_taken_for_float32(play: Play, caller: Caller) -> None:
    server = play([http(body=reply([0.5]))])
    create = caller.client(server.url).embeddings.create
    caller.run(create(model="m", input="a", embed_dtype="float16"))
    caller.run(create(model="m", input="a", extra_body={"endianness": "big"}))
    caller.run(create(model="m", input="a", extra_body={"encoding_format": "float"}))
    caller.run(create(model="m", input="a", encoding_format=martlet.NOT_GIVEN, embed_dtype=martlet.omit))
    assert [seen.json.get("encoding_format") for seen in server.seen] == [None, None, "float", "base64"]


def test_vllm_fields_are_sent(play: Play, caller: Caller) -> None:
    server = play([http(body=reply(PACKED))])
    more = {"truncate_prompt_tokens": -1, "priority": 1, "use_activation": False, "dimensions": 2}
    caller.run(caller.client(server.url).embeddings.create(model="m", input=[[1, 2], [3]], **more))
    assert server.seen[0].json == {"model": "m", "input": [[1, 2], [3]], "encoding_format": "base64", **more}


@pytest.mark.parametrize("text", ["AAA", "====", "AAAA"])
def test_what_is_no_base64_of_floats_is_an_error(play: Play, caller: Caller, text: str) -> None:
    server = play([http(body=reply(text))])
    with pytest.raises(martlet.APIResponseValidationError, match="base64"):
        caller.run(caller.client(server.url).embeddings.create(model="m", input="a"))


def test_numpy_is_not_needed(play: Play) -> None:
    server = play([http(body=reply(PACKED))])
    code = (
        "import sys, martlet\n"
        f"found = martlet.OpenAI(base_url={server.url!r}).embeddings.create(model='m', input='a')\n"
        "assert len(found.data[0].embedding) == 5\n"
        "assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_slashes_may_be_escaped(play: Play, caller: Caller) -> None:
    packed = base64.b64encode(b"\xff\xff\x7f\x3f" * 2).decode()
    assert "/" in packed
    body = json.dumps(reply(packed)).replace("/", "\\/")
    server = play([http(body=body.encode())])
    found = caller.run(caller.client(server.url).embeddings.create(model="m", input="a"))
    assert found.data[0].embedding_bytes == b"\xff\xff\x7f\x3f" * 2
    assert len(found.data[0].embedding) == 2


def made(play: Play, caller: Caller, vector: Any = PACKED) -> Any:
    client = caller.client(play([http(body=reply(vector))]).url)
    return caller.run(client.embeddings.create(model="m", input="a"))


def test_list_is_made_when_somebody_looks(play: Play, caller: Caller) -> None:
    item = made(play, caller).data[0]
    field = vars(Embedding)["embedding"]
    assert item.embedding_bytes == struct.pack("<5f", *NUMBERS)
    assert isinstance(field.held(item), msgspec.Raw)
    first = item.embedding
    assert item.embedding is field.held(item) is first
    assert item.embedding_bytes == struct.pack("<5f", *NUMBERS)


def test_unseen_list_is_in_every_view_of_the_reply(play: Play, caller: Caller) -> None:
    numbers = list(struct.unpack("<5f", struct.pack("<5f", *NUMBERS)))
    views: list[Callable[[Any], Any]] = [
        lambda item: item.to_dict()["embedding"],
        lambda item: item.model_dump()["embedding"],
        lambda item: json.loads(item.to_json())["embedding"],
        lambda item: dict(item)["embedding"],
        lambda item: copy.copy(item).embedding,
        lambda item: copy.deepcopy(item).embedding,
        lambda item: pickle.loads(pickle.dumps(item)).embedding,
        lambda item: item.model_copy(update={"index": 5}).embedding,
    ]
    for view in views:
        assert view(made(play, caller).data[0]) == numbers
    one, other = made(play, caller), made(play, caller)
    assert one == other
    assert "embedding=[0.10000000149" in repr(made(play, caller).data[0])
    assert made(play, caller).data[0].model_fields_set == {"object", "index", "embedding"}
    assert made(play, caller).data[0].model_extra == {}


def test_list_may_be_replaced_unseen(play: Play, caller: Caller) -> None:
    item = made(play, caller).data[0]
    item.embedding = [1.0]
    assert item.embedding == [1.0]
    assert item.embedding_bytes == struct.pack("<f", 1.0)


def test_numbers_of_a_server_without_base64_are_packed_too(play: Play, caller: Caller) -> None:
    assert made(play, caller, [0.5]).data[0].embedding_bytes == struct.pack("<f", 0.5)


@pytest.mark.parametrize("text", ["AA!AAA==", "AAAAA===", "\N{EURO SIGN}" * 8])
def test_stray_characters_are_an_error_on_a_look(play: Play, caller: Caller, text: str) -> None:
    item = made(play, caller, text).data[0]
    with pytest.raises(ValueError, match="base64"):
        item.embedding  # noqa: B018
