"""Replies that are bytes: speech and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import martlet
from martlet.client.binary import BinaryContent
from tests.client.callers import Caller
from tests.client.scripted import ScriptedServer, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]
SOUND = bytes(range(256)) * 4
SPEAK = {"model": "tts", "voice": "alloy", "input": "Hi", "speed": 1.5}


def speech(caller: Caller, server: ScriptedServer, package: Any = martlet) -> Any:
    return caller.run(caller.client(server.url, package).audio.speech.create(**SPEAK))


def test_speech_is_asked_for_and_given_as_officially(play: Play, caller: Caller) -> None:
    server = play([http(body=SOUND, content_type="audio/mpeg", x_request_id="r")])
    ours, theirs = speech(caller, server), speech(caller, server, openai)
    assert type(ours) is BinaryContent is martlet.HttpxBinaryResponseContent
    assert ours.content == theirs.content == SOUND
    assert ours.read() == theirs.read() == SOUND
    assert ours.response.headers["x-request-id"] == theirs.response.headers["x-request-id"]
    assert list(ours.iter_bytes(100)) == list(theirs.iter_bytes(100))
    assert b"".join(ours.iter_raw()) == SOUND
    assert ours.num_bytes_downloaded == len(SOUND)
    first, second = server.seen
    assert (first.target, first.json) == (second.target, second.json)
    assert first.headers["accept"] == second.headers["accept"] == "application/octet-stream"
    assert repr(ours) == "<BinaryContent 1024 bytes, audio/mpeg>"
    ours.close()


def test_file_content_is_asked_for_and_given_as_officially(play: Play, caller: Caller) -> None:
    server = play([http(body='{"a": "ü"}\nb\n', content_type="application/jsonl; charset=utf-8")])
    ours, theirs = (
        caller.run(caller.client(server.url, package).files.content("file 1"))
        for package in (martlet, openai)
    )
    assert ours.text == theirs.text == '{"a": "ü"}\nb\n'
    assert list(ours.iter_lines()) == list(theirs.iter_lines()) == ['{"a": "ü"}', "b"]
    assert "".join(ours.iter_text(3)) == ours.text
    assert ours.encoding == theirs.encoding == ours.charset_encoding == theirs.charset_encoding == "utf-8"
    assert server.seen[0].target == server.seen[1].target == "/v1/files/file%201/content"
    assert server.seen[0].headers["accept"] == server.seen[1].headers["accept"] == "application/binary"


def test_content_is_written_to_a_file(play: Play, caller: Caller, tmp_path: Path) -> None:
    found = speech(caller, play([http(body=SOUND, content_type="audio/mpeg")]))
    found.write_to_file(tmp_path / "a")
    found.stream_to_file(str(tmp_path / "b"), chunk_size=7)
    caller.run(found.astream_to_file(tmp_path / "c")) if caller.is_async else None
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {SOUND}
    assert len(list(tmp_path.iterdir())) == 2 + caller.is_async


def test_content_is_read_on_asyncio(play: Play) -> None:
    import asyncio

    server = play([http(body="a\nb", content_type="text/plain")])

    async def read() -> list[Any]:
        async with martlet.AsyncOpenAI(base_url=server.url) as client:
            found = await client.files.content("f")
            await found.aclose()
            return [
                await found.aread(),
                [piece async for piece in found.aiter_bytes(2)],
                [piece async for piece in found.aiter_raw()],
                [piece async for piece in found.aiter_text(2)],
                [line async for line in found.aiter_lines()],
            ]

    assert asyncio.run(read()) == [b"a\nb", [b"a\n", b"b"], [b"a\nb"], ["a\n", "b"], ["a", "b"]]


def test_json_content_is_decoded_on_demand(play: Play, caller: Caller) -> None:
    client = caller.client(play([http(body={"a": 1})]).url)
    assert caller.run(client.files.content("f")).json() == {"a": 1}


@pytest.mark.parametrize("media_type", ["text/plain; charset=latin-1", "text/plain; charset=nonsense", ""])
def test_text_follows_the_charset_where_there_is_one(play: Play, caller: Caller, media_type: str) -> None:
    body = "ü".encode("latin-1" if "latin" in media_type else "utf-8")
    client = caller.client(play([http(body=body, content_type=media_type)]).url)
    assert caller.run(client.files.content("f")).text == "ü"


def test_senseless_chunk_size_is_refused(play: Play, caller: Caller) -> None:
    found = speech(caller, play([http(body=SOUND, content_type="audio/mpeg")]))
    with pytest.raises(ValueError, match="chunk_size"):
        list(found.iter_bytes(0))


def test_empty_content_is_no_piece(play: Play, caller: Caller) -> None:
    found = speech(caller, play([http(body=b"", content_type="audio/mpeg")]))
    assert (found.content, list(found.iter_bytes()), list(found.iter_bytes(5))) == (b"", [], [])
