"""/v1/files: the official client, ours, and forms as they come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

import martlet
from martlet.server.errors import InvalidRequest, NotStored
from martlet.server.files.multipart import read_form
from martlet.server.files.shelf import FileShelf, ShelfFull
from martlet.server.owners import EVERYBODY, Owner
from martlet.server.storage import Storage
from tests.server.wire import call
from tests.servers import ServerProcess

CONTENT = b'{"a": 1}\r\n--\r\n\x00\xff' * 100


@pytest.fixture
def client(tiny: ServerProcess) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=tiny.url, api_key="EMPTY", max_retries=0) as client:
        yield client


def test_file_is_uploaded_read_and_deleted(client: openai.OpenAI) -> None:
    file = client.files.create(file=("würfel.jsonl", CONTENT), purpose="batch")
    assert (file.bytes, file.filename, file.purpose, file.status) == (
        len(CONTENT), "würfel.jsonl", "batch", "processed",
    )  # fmt: skip
    assert file.expires_at == file.created_at + 30 * 86400
    assert client.files.retrieve(file.id).to_dict() == file.to_dict()
    assert client.files.content(file.id).read() == CONTENT
    assert client.files.delete(file.id).deleted
    for gone in (client.files.retrieve, client.files.content, client.files.delete):
        with pytest.raises(openai.NotFoundError):
            gone(file.id)


def test_our_client_uploads_too(tiny: ServerProcess) -> None:
    with martlet.OpenAI(base_url=tiny.url) as client:
        file = client.files.create(
            file=("a.txt", b"abc"),
            purpose="user_data",
            expires_after={"anchor": "created_at", "seconds": 3600},
        )
        assert file.expires_at == file.created_at + 3600
        assert client.files.content(file.id).content == b"abc"
        client.files.delete(file.id)


def test_files_are_listed_in_pages(client: openai.OpenAI) -> None:
    made = [client.files.create(file=("f", b"%d" % n), purpose="evals").id for n in range(5)]
    assert [file.id for file in client.files.list(purpose="evals", limit=2)] == made[::-1]
    assert [file.id for file in client.files.list(purpose="evals", order="asc")] == made
    for file_id in made:
        client.files.delete(file_id)
    assert client.files.list(purpose="evals").data == []


@pytest.mark.parametrize("file_id", ["../lock", "%2e%2e%2flock", "file-0", "lock"])
def test_id_that_is_a_path_finds_nothing(tiny: ServerProcess, file_id: str) -> None:
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        assert call(tiny, method, f"/v1/files/{file_id}{path}").status in (404, 405)


def test_faulty_uploads_are_refused(client: openai.OpenAI, tiny: ServerProcess) -> None:
    purpose: Any = "fun"
    with pytest.raises(openai.BadRequestError) as refused:
        client.files.create(file=b"x", purpose=purpose)
    assert refused.value.param == "purpose"
    with pytest.raises(openai.BadRequestError):
        client.files.create(file=b"x", purpose="batch", expires_after={"anchor": "created_at", "seconds": 5})
    assert call(tiny, "POST", "/v1/files", {"file": "x"}).status == 400
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert call(tiny, "POST", "/v1/files", b"--b\r\nbroken", headers=headers).status == 400


# --- forms ----------------------------------------------------------------------------------------------


def form(*parts: bytes) -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def test_form_is_read_to_the_byte() -> None:
    body = form(
        b'Content-Disposition: form-data; name="purpose"\r\n\r\nbatch',
        b'content-disposition: form-data; name="file"; filename="a \\"b\\".txt"\r\n'
        b"Content-Type: text/plain\r\n\r\n" + CONTENT,
        b"Content-Disposition: form-data; name=other; filename*=UTF-8''w%C3%BCrfel\r\n\r\n",
    )
    read = read_form('multipart/form-data; charset=x; boundary="b"', b"preamble\r\n" + body + b"epilogue")
    assert read["purpose"].text == "batch"
    assert (read["file"].content, read["file"].filename) == (CONTENT, 'a "b".txt')
    assert (read["other"].content, read["other"].filename) == (b"", "würfel")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", form()),
        ("multipart/form-data", form()),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", form(b'Content-Disposition: form-data; name="a"\r\n\r\nx')[:-6]),
        ("multipart/form-data; boundary=b", form(b"X: y\r\n\r\nx")),
        ("multipart/form-data; boundary=b", form(*[b'Content-Disposition: f; name="a"\r\n\r\nx'] * 101)),
    ],
)
def test_broken_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read_form(content_type, body)


# --- the shelf ------------------------------------------------------------------------------------------


def test_full_shelf_takes_nothing_and_drops_nothing(tmp_path: Path) -> None:
    shelf = FileShelf(Storage(tmp_path), max_bytes=10, max_owner_bytes=10, max_age_s=60.0)
    kept = shelf.add(EVERYBODY, b"12345", "a", "batch", None)
    with pytest.raises(ShelfFull):
        shelf.add(EVERYBODY, b"123456", "b", "batch", None)
    shelf.add(EVERYBODY, b"12345", "b", "batch", None)
    assert shelf.find(EVERYBODY, kept.id) == kept


def test_files_go_when_their_time_is_over(tmp_path: Path) -> None:
    now = [1000.0]
    shelf = FileShelf(
        Storage(tmp_path), max_bytes=100, max_owner_bytes=100, max_age_s=60.0, clock=lambda: now[0]
    )
    of_batch = shelf.add(EVERYBODY, b"1", "a", "batch", None)
    short = shelf.add(EVERYBODY, b"2", "b", "user_data", 10)
    lasting = shelf.add(EVERYBODY, b"3", "c", "user_data", None)
    now[0] += 10
    with pytest.raises(NotStored):
        shelf.find(EVERYBODY, short.id)
    assert not shelf.path(EVERYBODY, short.id).exists()
    now[0] += 50
    assert shelf.files(EVERYBODY) == [lasting]
    assert not shelf.path(EVERYBODY, of_batch.id).exists()


def test_shelf_is_found_again(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    file = FileShelf(storage, max_bytes=100, max_owner_bytes=100, max_age_s=60.0).add(
        EVERYBODY, b"1", "a", "batch", None
    )
    storage.close()
    again = FileShelf(Storage(tmp_path), max_bytes=100, max_owner_bytes=100, max_age_s=60.0)
    assert again.find(EVERYBODY, file.id).to_dict() == file.to_dict()
    assert again.path(EVERYBODY, file.id).read_bytes() == b"1"


def test_shelf_keeps_room_for_other_owners(tmp_path: Path) -> None:
    one, other = Owner("0" * 32), Owner("1" * 32)
    shelf = FileShelf(Storage(tmp_path), max_bytes=10, max_owner_bytes=5, max_age_s=60.0)
    shelf.add(one, b"12345", "a", "batch", None)
    with pytest.raises(ShelfFull, match="keeps 5 bytes"):
        shelf.add(one, b"1", "b", "batch", None)
    shelf.add(other, b"12345", "a", "batch", None)
    with pytest.raises(ShelfFull, match="keeps 10 bytes"):
        shelf.add(EVERYBODY, b"1", "a", "batch", None)
