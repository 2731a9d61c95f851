"""Forms and files: every accepted shape, to the byte as the official client sends it."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import martlet
from martlet.client.multipart import encode_form, read_file, read_files, split_files
from tests.client.callers import Caller
from tests.client.forms import form_parts, plain_form
from tests.client.scripted import ScriptedServer, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]


class Named(io.BytesIO):
    name = "/some/where/notes.txt"


def binary_path(folder: Path) -> Path:
    path = folder / "sound.wav"
    path.write_bytes(b"RIFF\x00\r\n--C")
    return path


SHAPES: dict[str, Callable[[Path], Any]] = {
    "bytes": lambda folder: b"abc",
    "no bytes": lambda folder: b"",
    "path": binary_path,
    "open file": lambda folder: open(binary_path(folder), "rb"),
    "memory": lambda folder: io.BytesIO(b"in memory"),
    "memory with a name": lambda folder: Named(b"named"),
    "pair": lambda folder: ("a.json", b"{}"),
    "pair of a path": lambda folder: ("other.mp3", binary_path(folder)),
    "pair without a name": lambda folder: (None, b"bare"),
    "triple": lambda folder: ("a.bin", b"1", "text/plain"),
    "triple of memory": lambda folder: ("a.bin", io.BytesIO(b"2"), "audio/wav"),
    "four": lambda folder: ("a.bin", b"1", "text/plain", {"X-Part": "yes"}),
    "four with its own type": lambda folder: ("a.bin", b"1", None, {"content-type": "x/y"}),
    "text in a pair": lambda folder: ("a.txt", "grüße"),
    "unknown suffix": lambda folder: ("a.zzz", b"?"),
    "awkward name": lambda folder: ('a"b\\c\r\nd\tü.txt', b"?"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_file_is_sent_as_the_official_client_does(
    play: Play, caller: Caller, tmp_path: Path, shape: str
) -> None:
    server = play([http(body={})])
    for package in (martlet, openai):
        file = SHAPES[shape](tmp_path)
        options = {"headers": {"Content-Type": "multipart/form-data"}}
        client = caller.client(server.url, package)
        caller.run(
            client.post(
                "/files",
                cast_to=object,
                body={"purpose": "x", "n": [1, 2]},
                files={"file": file},
                options=options,
            )
        )
        if shape == "open file":
            file.close()
    ours, theirs = server.seen
    assert plain_form(ours) == plain_form(theirs)
    assert [head.split("\r\n")[0] for head, _ in form_parts(ours)][:3] == [
        'Content-Disposition: form-data; name="purpose"',
        'Content-Disposition: form-data; name="n[]"',
        'Content-Disposition: form-data; name="n[]"',
    ]
    assert len(form_parts(ours)) == 4


def test_open_file_is_sent_from_its_start() -> None:
    file = io.BytesIO(b"whole")
    file.read(3)
    assert read_file(file, "file").content == b"whole"


def test_form_is_the_same_on_every_attempt(play: Play, caller: Caller, tmp_path: Path) -> None:
    server = play([http(503, retry_after_ms="1")], [http(body={})])
    with open(binary_path(tmp_path), "rb") as file:
        caller.run(caller.client(server.url).post("/files", cast_to=object, files=[("file", file)]))
    assert server.seen[0].body == server.seen[1].body
    assert b"RIFF\x00\r\n--C" in server.seen[1].body


def test_given_boundary_is_used(play: Play, caller: Caller) -> None:
    server = play([http(body={})])
    for package in (martlet, openai):
        caller.run(
            caller.client(server.url, package).post(
                "/f",
                cast_to=object,
                body={"a": "b"},
                files={"file": b"1"},
                options={"headers": {"Content-Type": "multipart/form-data; boundary=xyz"}},
            )
        )
    assert server.seen[0].body == server.seen[1].body
    assert server.seen[0].headers["content-type"] == "multipart/form-data; boundary=xyz"


@pytest.mark.parametrize("wrong", ["text", 5, None, ["list"]])
def test_what_is_no_file_is_refused_by_name(wrong: Any) -> None:
    with pytest.raises(RuntimeError, match=r"Expected .* at `image`.* got "):
        read_file(wrong, "image")


def test_text_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    with open(path) as file, pytest.raises(TypeError, match="rb"):
        read_file(file, "file")
    with pytest.raises(TypeError, match="BytesIO"):
        read_file(io.StringIO("a"), "file")
    with pytest.raises(TypeError, match="BytesIO"):
        read_file(("a.txt", io.StringIO("a")), "file")


def test_file_of_an_async_library_is_refused_without_a_warning() -> None:
    class Async:
        async def read(self) -> bytes:
            return b""

    with pytest.raises(TypeError, match="coroutine"):
        read_file(Async(), "file")


@pytest.mark.parametrize("wrong", [(), ("a",), ("a", b"", "t", {}, 1)])
def test_tuple_of_another_length_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="tuple"):
        read_file(wrong, "file")


def test_headers_of_a_part_cannot_smuggle_lines() -> None:
    with pytest.raises(ValueError, match="line break"):
        read_file(("a", b"", "text/plain\r\nX: y"), "file")
    with pytest.raises(ValueError, match="line break"):
        read_file(("a", b"", None, {"a\r\n": "b"}), "file")


def test_missing_file_is_told_before_anything_is_sent(caller: Caller, tmp_path: Path) -> None:
    client = caller.client("http://127.0.0.1:1/v1")
    with pytest.raises(FileNotFoundError):
        caller.run(client.post("/f", cast_to=object, files={"file": tmp_path / "none"}))


@pytest.mark.parametrize("wrong", [5, "text", b"bytes"])
def test_files_of_another_kind_are_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="mapping"):
        read_files(wrong)


def test_several_files_get_brackets() -> None:
    fields, files = split_files({"image": [b"1", ("b.png", b"2")], "mask": None, "n": 2}, ("image", "mask"))
    assert fields == {"n": 2}
    assert [(name, file.filename, file.content) for name, file in files] == [
        ("image[]", "upload", b"1"),
        ("image[]", "b.png", b"2"),
    ]
    with pytest.raises(RuntimeError, match=r"`image\[1\]`"):
        split_files({"image": [b"1", "2"]}, ("image",))


def test_fields_are_written_as_in_queries() -> None:
    class Kind(Enum):
        A = "a"

    fields = {
        "a": [1, 2.5],
        "b": {"c": True, "d": None},
        "e": martlet.NOT_GIVEN,
        "f": Kind.A,
        "g": iter("xy"),
    }
    body, media_type = encode_form(fields, [], "B")
    assert media_type == "multipart/form-data; boundary=B"
    assert [part.split(b"\r\n\r\n") for part in body.split(b"--B")[1:-1]] == [
        [b'\r\nContent-Disposition: form-data; name="' + name + b'"', value + b"\r\n"]
        for name, value in [
            (b"a[]", b"1"),
            (b"a[]", b"2.5"),
            (b"b[c]", b"true"),
            (b"f", b"a"),
            (b"g[]", b"x"),
            (b"g[]", b"y"),
        ]
    ]
    with pytest.raises(TypeError, match="bytes"):
        encode_form({"a": b"x"}, [])


def test_form_is_understood_by_a_server(play: Play) -> None:
    multipart = pytest.importorskip("email.parser")
    body, media_type = encode_form({"a": "ü"}, [("file", read_file(("ü.txt", b"\x00\r\n"), "file"))])
    head = f"Content-Type: {media_type}\r\n\r\n".encode()
    parts = multipart.BytesParser().parsebytes(head + body).get_payload()
    assert [part.get_payload(decode=True) for part in parts] == ["ü".encode(), b"\x00\r\n"]


def test_async_client_reads_files_in_a_running_loop(play: Play, tmp_path: Path) -> None:
    server = play([http(body={"ok": True})])

    async def send() -> Any:
        async with martlet.AsyncOpenAI(base_url=server.url) as client:
            return await client.post("/f", cast_to=object, files={"file": binary_path(tmp_path)})

    assert asyncio.run(send()) == {"ok": True}
    assert b'filename="sound.wav"' in server.seen[0].body


def test_async_client_reads_files_beside_the_loop(play: Play) -> None:
    class Watched(io.BytesIO):
        read_in: threading.Thread | None = None

        def read(self, size: int | None = -1) -> bytes:
            self.read_in = threading.current_thread()
            return super().read(size)

    server = play([http(body={"id": "file-1"})])

    async def send() -> None:
        async with martlet.AsyncOpenAI(base_url=server.url) as client:
            raw = client.files.with_raw_response
            uploads: list[Callable[[Any], Any]] = [
                lambda file: client.post("/f", cast_to=object, files={"file": file}),
                lambda file: client.files.create(file=file, purpose="batch"),
                lambda file: raw.create(file=file, purpose="batch"),
            ]
            for upload in uploads:
                file = Watched(b"x")
                await upload(file)
                assert file.read_in not in (None, threading.main_thread())

    asyncio.run(send())
    assert len(server.seen) == 3
