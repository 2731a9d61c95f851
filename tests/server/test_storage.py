"""What the server keeps on disk, and its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from martlet.server.storage import CannotStore, DocumentStore, Limits, Storage

WIDE = Limits(max_count=100, max_bytes=1000, max_age_s=1000.0)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_documents_outlive_their_store(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    store = DocumentStore(storage, "things", WIDE)
    store.put("a", b"1")
    store.put("b", b"2")
    store.put("a", b"3")
    storage.close()
    again = DocumentStore(Storage(tmp_path), "things", WIDE)
    assert again.get("a") == b"3"
    assert again.get("b") == b"2"
    assert sorted(again.keys()) == ["a", "b"]
    assert again.delete("a")
    assert not again.delete("a")
    assert again.get("a") is None


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
        store.put(key, b"x" * 10)
        clock.now += 10
    clock.now -= 5
    assert store.keys() == left
    assert sorted(path.stem for path in (tmp_path / "things").iterdir()) == left


@pytest.mark.parametrize("key", ["", "../up", "a/b", ".hidden", "x" * 129, "a\0b"])
def test_key_that_is_a_path_is_never_written(key: str, tmp_path: Path) -> None:
    store = DocumentStore(Storage(tmp_path), "things", WIDE)
    with pytest.raises(KeyError):
        store.put(key, b"1")
    assert store.get(key) is None
    assert not store.delete(key)


def test_half_written_document_is_removed(tmp_path: Path) -> None:
    (tmp_path / "things").mkdir()
    (tmp_path / "things" / "a.json.tmp").write_bytes(b"hal")
    store = DocumentStore(Storage(tmp_path), "things", WIDE)
    assert store.keys() == []
    assert list((tmp_path / "things").iterdir()) == []


def test_document_that_somebody_removed_is_missing(tmp_path: Path) -> None:
    store = DocumentStore(Storage(tmp_path), "things", WIDE)
    store.put("a", b"1")
    (tmp_path / "things" / "a.json").unlink()
    assert store.get("a") is None
    assert len(store) == 0


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
