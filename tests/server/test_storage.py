"""What the server keeps on disk, and its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.server.owners import EVERYBODY, owner_of_key
from martlet.server.storage import CannotStore, DocumentStore, Limits, Storage

ONE, OTHER = (owner_of_key(key, b"secret") for key in (b"one", b"other"))
WIDE = Limits(max_count=100, max_bytes=1000, max_age_s=1000.0)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_documents_outlive_their_store(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    store = DocumentStore(storage, "things", WIDE)
    store.put(EVERYBODY, "a", b"1")
    store.put(EVERYBODY, "b", b"2")
    store.put(EVERYBODY, "a", b"3")
    storage.close()
    again = DocumentStore(Storage(tmp_path), "things", WIDE)
    assert again.get(EVERYBODY, "a") == b"3"
    assert again.get(EVERYBODY, "b") == b"2"
    assert sorted(again.keys(EVERYBODY)) == ["a", "b"]
    assert again.delete(EVERYBODY, "a")
    assert not again.delete(EVERYBODY, "a")
    assert again.get(EVERYBODY, "a") is None


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        (Limits(max_count=2, max_bytes=1000, max_age_s=1e9), ["c", "d"]),
        (Limits(max_count=100, max_bytes=30, max_age_s=1e9), ["b", "c", "d"]),
        (Limits(max_count=100, max_bytes=1000, max_age_s=15.0), ["c", "d"]),
    ],
)
def test_oldest_documents_go_first(limits: Limits, left: list[str], tmp_path: Path) -> None:
    clock = Clock()
    store = DocumentStore(Storage(tmp_path), "things", limits, clock)
    for key in "abcd":
        store.put(EVERYBODY, key, b"x" * 10)
        clock.now += 10
    clock.now -= 5
    assert store.keys(EVERYBODY) == left
    assert sorted(path.stem for path in (tmp_path / "things").iterdir()) == left


@pytest.mark.parametrize("key", ["", "../up", "a/b", ".hidden", "x" * 129, "a\0b"])
def test_key_that_is_a_path_is_never_written(key: str, tmp_path: Path) -> None:
    store = DocumentStore(Storage(tmp_path), "things", WIDE)
    with pytest.raises(KeyError):
        store.put(EVERYBODY, key, b"1")
    assert store.get(EVERYBODY, key) is None
    assert not store.delete(EVERYBODY, key)


def test_half_written_document_is_removed(tmp_path: Path) -> None:
    (tmp_path / "things").mkdir()
    (tmp_path / "things" / "a.json.tmp").write_bytes(b"hal")
    store = DocumentStore(Storage(tmp_path), "things", WIDE)
    assert store.keys(EVERYBODY) == []
    assert list((tmp_path / "things").iterdir()) == []


def test_document_that_somebody_removed_is_missing(tmp_path: Path) -> None:
    store = DocumentStore(Storage(tmp_path), "things", WIDE)
    store.put(EVERYBODY, "a", b"1")
    (tmp_path / "things" / "a.json").unlink()
    assert store.get(EVERYBODY, "a") is None
    assert store.all_keys() == []


def test_folder_belongs_to_one_server(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    with pytest.raises(CannotStore, match="another server"):
        Storage(tmp_path)
    storage.close()
    Storage(tmp_path).close()
    (tmp_path / "file").touch()
    with pytest.raises(CannotStore, match="cannot keep data"):
        Storage(tmp_path / "file")


def test_temporary_folder_is_private_and_goes() -> None:
    storage = Storage()
    folder = storage.folder("things")
    assert folder.parent.stat().st_mode & 0o77 == 0
    storage.close()
    assert not folder.parent.exists()


# --- owners ---------------------------------------------------------------------------------------------


def test_documents_of_owners_are_apart(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    store = DocumentStore(storage, "things", WIDE)
    for owner, document in ((EVERYBODY, b"0"), (ONE, b"1"), (OTHER, b"2")):
        store.put(owner, "a", document)
    assert store.delete(OTHER, "a")
    storage.close()
    again = DocumentStore(Storage(tmp_path), "things", WIDE)
    assert [again.get(owner, "a") for owner in (EVERYBODY, ONE, OTHER)] == [b"0", b"1", None]
    assert sorted(again.all_keys()) == [(EVERYBODY, "a"), (ONE, "a")]
    assert again.keys(ONE) == ["a"]
    assert again.keys(OTHER) == []


@pytest.mark.parametrize("limits", [Limits(4, 1000, 1e9), Limits(100, 40, 1e9)])
def test_who_stores_most_drops_their_own(limits: Limits, tmp_path: Path) -> None:
    store = DocumentStore(Storage(tmp_path), "things", limits)
    store.put(ONE, "kept", b"x" * 10)
    for key in "abcdefgh":
        store.put(OTHER, key, b"x" * 10)
    assert store.keys(ONE) == ["kept"]
    assert store.keys(OTHER) == ["f", "g", "h"]


def test_old_documents_of_all_owners_go(tmp_path: Path) -> None:
    clock = Clock()
    store = DocumentStore(Storage(tmp_path), "things", Limits(100, 1000, 15.0), clock)
    for key in "abc":
        store.put(ONE, key, b"x")
        store.put(OTHER, key, b"x")
        clock.now += 10
    assert sorted(store.all_keys()) == sorted([(ONE, "c"), (OTHER, "c")])


def test_replaced_document_keeps_its_place(tmp_path: Path) -> None:
    store = DocumentStore(Storage(tmp_path), "things", Limits(2, 1000, 1e9))
    for key in "abac":
        store.put(ONE, key, key.encode())
    assert store.keys(ONE) == ["b", "c"]


def test_secret_is_kept_for_this_user_alone(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    secret = storage.secret()
    assert storage.secret() == secret
    assert (tmp_path / "secret").stat().st_mode & 0o77 == 0
    storage.close()
    assert Storage(tmp_path).secret() == secret
    assert Storage().secret() != Storage().secret()


@pytest.mark.parametrize("content", [None, b"short"])
def test_lost_secret_is_not_replaced(content: bytes | None, tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.secret()
    DocumentStore(storage, "things", WIDE).put(ONE, "a", b"1")
    storage.close()
    (tmp_path / "secret").unlink()
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    with pytest.raises(CannotStore, match="whose data is whose"):
        Storage(tmp_path).secret()
