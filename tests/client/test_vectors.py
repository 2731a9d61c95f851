"""Vectors that come as bytes, as vLLM describes them in a header."""

from __future__ import annotations

import json
import math
import pickle
import struct
from collections.abc import Callable
from typing import Any

import pytest

import martlet
from martlet.client.vectors import decode_numbers
from tests.client.callers import Caller
from tests.client.scripted import ScriptedServer, http

Play = Callable[..., ScriptedServer]
USAGE = {"prompt_tokens": 4, "total_tokens": 4}
FLOATS = struct.pack("<4f", 0.5, -1.0, 2.0, 3.0)


def answer(body: bytes, *items: dict[str, Any], **about: Any) -> list[Any]:
    """A scene: numbers, and the header that tells what they are."""
    described = {"id": "embd-1", "created": 1, "model": "m", "data": items, "usage": USAGE, **about}
    return [http(body=body, content_type="application/octet-stream", metadata=json.dumps(described))]


def item(index: int, start: int, end: int, shape: list[int], **more: Any) -> dict[str, Any]:
    about = {"embed_dtype": "float32", "endianness": "native", **more}
    return {"index": index, "start": start, "end": end, "shape": shape, **about}


def test_embeddings_in_bytes_are_a_reply_like_any(play: Play, caller: Caller) -> None:
    server = play(answer(FLOATS, item(0, 0, 8, [2]), item(1, 8, 16, [2])))
    reply = caller.run(
        caller.client(server.url).embeddings.create(model="m", input=["a", "b"], encoding_format="bytes")
    )
    assert server.seen[0].json["encoding_format"] == "bytes"
    assert [vector.embedding for vector in reply.data] == [[0.5, -1.0], [2.0, 3.0]]
    assert reply.data[1].embedding_bytes == FLOATS[8:]
    assert (reply.id, reply.model, reply.usage.prompt_tokens) == ("embd-1", "m", 4)
    assert pickle.loads(pickle.dumps(reply)) == reply
    assert reply.to_dict()["data"][0] == {"index": 0, "object": "embedding", "embedding": [0.5, -1.0]}


def test_pooling_in_bytes_has_a_vector_per_token(play: Play, caller: Caller) -> None:
    server = play(answer(FLOATS, item(0, 0, 8, [1, 2]), item(1, 8, 16, [2, 1])))
    reply = caller.run(caller.client(server.url).vllm.pooling(input="x", encoding_format="bytes"))
    assert [pooled.data for pooled in reply.data] == [[[0.5, -1.0]], [[2.0], [3.0]]]
    assert reply.data[0].object == "pooling"


def test_conversations_are_embedded_in_bytes_too(play: Play, caller: Caller) -> None:
    server = play(answer(FLOATS, item(0, 0, 16, [4])))
    talk = [{"role": "user", "content": "hi"}]
    reply = caller.run(caller.client(server.url).vllm.embed(messages=talk, encoding_format="bytes"))
    assert reply.data[0].embedding == [0.5, -1.0, 2.0, 3.0]


def test_server_that_ignores_bytes_is_understood(play: Play, caller: Caller) -> None:
    body = {
        "object": "list",
        "model": "m",
        "data": [{"index": 0, "object": "embedding", "embedding": [0.5]}],
        "usage": USAGE,
    }
    client = caller.client(play([http(body=body)]).url)
    reply = caller.run(client.embeddings.create(model="m", input="a", encoding_format="bytes"))
    assert reply.data[0].embedding == [0.5]


@pytest.mark.parametrize(
    "extra", [{"encoding_format": "bytes_only"}, {"extra_body": {"encoding_format": "bytes_only"}}]
)
def test_bytes_without_a_description_are_refused_before_sending(
    play: Play, caller: Caller, extra: dict[str, Any]
) -> None:
    server = play([http()])
    client = caller.client(server.url)
    for call in (client.embeddings.create, client.vllm.embed, client.vllm.pooling):
        with pytest.raises(ValueError, match="cast_to=bytes"):
            caller.run(call(**{"model": "m", "input": "a", **extra}))
    assert not server.seen


@pytest.mark.parametrize(
    "scene",
    [
        answer(FLOATS, item(0, 0, 32, [8])),
        answer(FLOATS, item(0, 0, 8, [3])),
        answer(FLOATS, item(0, 0, 16, [4], embed_dtype="float128")),
        answer(FLOATS, {"index": 0}),
        answer(FLOATS, data=None),
        [http(body=FLOATS, content_type="application/octet-stream", metadata="{")],
        [http(body=FLOATS, content_type="application/octet-stream")],
    ],
)
def test_numbers_that_are_not_as_described_are_an_error(play: Play, caller: Caller, scene: list[Any]) -> None:
    client = caller.client(play(scene).url)
    with pytest.raises(martlet.APIResponseValidationError):
        caller.run(client.embeddings.create(model="m", input="a", encoding_format="bytes"))


@pytest.mark.parametrize(
    ("dtype", "data", "number"),
    [
        ("float32", "3fc00000", 1.5),
        ("bfloat16", "3fc0", 1.5),
        ("float16", "3e00", 1.5),
        ("float16", "0001", 2.0**-24),
        ("fp8_e5m2", "3e", 1.5),
        ("fp8_e5m2", "fc", -math.inf),
        ("fp8_e4m3", "3c", 1.5),
        ("fp8_e4m3", "01", 2.0**-9),
        ("fp8_e4m3", "08", 2.0**-6),
        ("fp8_e4m3", "7e", 448.0),
        ("fp8_e4m3", "b8", -1.0),
        ("fp8_e4m3", "ff", math.nan),
    ],
)
def test_every_type_of_number_is_read(dtype: str, data: str, number: float) -> None:
    big = bytes.fromhex(data)
    for endianness, packed in (("big", big), ("little", big[::-1]), ("native", big[::-1])):
        numbers = decode_numbers(packed * 3, dtype, endianness)
        assert numbers.tolist() == pytest.approx([number] * 3, nan_ok=True)
