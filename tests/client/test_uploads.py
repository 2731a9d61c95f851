"""Uploads in parts, and waiting for a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import martlet
from tests.client.callers import Caller
from tests.client.forms import form_parts
from tests.client.scripted import Scene, ScriptedServer, Seen, http
from tests.client.test_resources import FILE, UPLOAD

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]


def uploading() -> Callable[[Seen], Scene]:
    count = iter(range(1000))

    def answer(seen: Seen) -> Scene:
        if seen.target.endswith("/parts"):
            part = {"id": f"part_{next(count)}", "created_at": 1, "upload_id": "upload_1"}
            return [http(body={**part, "object": "upload.part"})]
        return [http(body=UPLOAD)]

    return answer


def sent(server: ScriptedServer) -> list[Any]:
    return [
        (
            seen.method,
            seen.target,
            form_parts(seen) if seen.headers["content-type"].startswith("multipart") else seen.json,
        )
        for seen in server.seen
    ]


SOURCES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "path": lambda path: {"file": path},
    "path with a name and checksum": lambda path: {"file": path, "filename": "other.txt", "md5": "abc"},
    "bytes": lambda path: {"file": b"0123456789", "filename": "b.txt", "bytes": 10},
    "in one part": lambda path: {"file": path, "part_size": None},
}


@pytest.mark.parametrize("source", SOURCES)
def test_file_goes_up_in_parts_as_officially(play: Play, caller: Caller, tmp_path: Path, source: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"0123456789")
    params = {"mime_type": "text/plain", "purpose": "batch", "part_size": 4, **SOURCES[source](path)}
    told = []
    for package in (martlet, openai):
        server = play(uploading())
        upload = caller.run(caller.client(server.url, package).uploads.upload_file_chunked(**params))
        assert upload.file.id == "file-1"
        told.append(sent(server))
    assert told[0] == told[1]
    assert len(told[0]) == (3 if source == "in one part" else 5)
    assert told[0][-1][2]["part_ids"] == [f"part_{i}" for i in range(len(told[0]) - 2)]


@pytest.mark.parametrize("missing", ["filename", "bytes"])
def test_bytes_need_a_name_and_their_number(caller: Caller, missing: str) -> None:
    params = {"filename": "a", "bytes": 1, "mime_type": "a/b", "purpose": "batch"}
    del params[missing]
    for package in (martlet, openai):
        uploads = caller.client("http://127.0.0.1:1/v1", package).uploads
        with pytest.raises(TypeError, match=re.escape(f"`{missing}`")):
            caller.run(uploads.upload_file_chunked(file=b"1", **params))


def test_senseless_part_size_is_refused(caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    with pytest.raises(ValueError, match="part_size"):
        caller.run(
            caller.client("http://127.0.0.1:1/v1").uploads.upload_file_chunked(
                file=tmp_path / "a", mime_type="a/b", purpose="batch", part_size=0
            )
        )


@pytest.mark.parametrize("package", [martlet, openai])
@pytest.mark.parametrize("ending", ["processed", "error", "deleted"])
def test_waiting_ends_when_the_file_is_done(play: Play, caller: Caller, package: Any, ending: str) -> None:
    server = play(
        [http(body={**FILE, "status": "uploaded"})],
        [http(body={**FILE, "status": "uploaded"})],
        [http(body={**FILE, "status": ending})],
    )
    files = caller.client(server.url, package).files
    assert caller.run(files.wait_for_processing("file-1", poll_interval=0.001)).status == ending
    assert len(server.seen) == 3


@pytest.mark.parametrize("package", [martlet, openai])
def test_waiting_for_too_long_is_an_error(play: Play, caller: Caller, package: Any) -> None:
    server = play([http(body={**FILE, "status": "uploaded"})])
    files = caller.client(server.url, package).files
    with pytest.raises(RuntimeError, match="seconds"):
        caller.run(files.wait_for_processing("file-1", poll_interval=0.001, max_wait_seconds=0.005))
