"""Files that clients uploaded or batches wrote: a document for each, and its content beside it."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec

from martlet.errors import RequestRejected
from martlet.protocol.files import FileObject
from martlet.server.errors import NotStored
from martlet.server.owners import Owner
from martlet.server.storage import DocumentStore, Limits, Storage, write_file

FOLDER = "files"
NO_LIMIT = 1 << 62


class ShelfFull(RequestRejected):
    """The upload goes beyond what the server keeps: nobody else's file goes for it."""

    status = 413
    code = "storage_full"
    param = "file"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes

    def __str__(self) -> str:
        return f"file: this server keeps {self.limit_bytes} bytes of files: delete some first"


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(FileObject)


class FileShelf:
    """The files of a server. Safe to use from any thread."""

    def __init__(
        self,
        storage: Storage,
        *,
        max_bytes: int,
        max_owner_bytes: int,
        max_age_s: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Files of batches go after `max_age_s`, others when they say so."""
        self._storage = storage
        self._max_bytes = max_bytes
        self._max_owner_bytes = max_owner_bytes
        self._max_age_s = max_age_s
        self._clock = clock
        self._lock = threading.RLock()
        self._documents = DocumentStore(storage, FOLDER, Limits(NO_LIMIT, NO_LIMIT, float("inf")), clock)
        self._files = {name: self._read(*name) for name in self._documents.all_keys()}

    def add(
        self, owner: Owner, content: bytes, filename: str, purpose: str, expires_in_s: int | None
    ) -> FileObject:
        """Take an upload. Raises ShelfFull."""
        with self._lock:
            self._drop_expired()
            self._check_room(owner, len(content))
            file_id = new_file_id()
            write_file(self.path(owner, file_id), content, is_durable=True)
            return self._put(owner, file_id, len(content), filename, purpose, expires_in_s)

    def adopt(
        self, owner: Owner, source: Path, file_id: str, filename: str, expires_in_s: int | None
    ) -> None:
        """Take a file that a batch wrote, by moving it. Doing it again after a crash changes nothing."""
        with self._lock:
            if source.exists():
                os.replace(source, self.path(owner, file_id))
            if (owner, file_id) not in self._files:
                size = self.path(owner, file_id).stat().st_size
                self._put(owner, file_id, size, filename, "batch_output", expires_in_s)

    def find(self, owner: Owner, file_id: str) -> FileObject:
        """Raises NotStored."""
        with self._lock:
            self._drop_expired()
            if (owner, file_id) not in self._files:
                raise NotStored("file_id", file_id)
            return self._files[owner, file_id]

    def files(self, owner: Owner) -> list[FileObject]:
        """Return all of an owner, the oldest first."""
        with self._lock:
            self._drop_expired()
            return [file for (whose, _), file in self._files.items() if whose == owner]

    def delete(self, owner: Owner, file_id: str) -> None:
        """Raises NotStored."""
        with self._lock:
            self.find(owner, file_id)
            self._remove(owner, file_id)

    def path(self, owner: Owner, file_id: str) -> Path:
        """Return where a file's content is, for an id that the shelf made."""
        return self._storage.folder(FOLDER, owner) / f"{file_id}.data"

    def _check_room(self, owner: Owner, num_bytes: int) -> None:
        """Keep room for the others: nobody gets to fill the shelf alone."""
        if sum(file.bytes for file in self.files(owner)) + num_bytes > self._max_owner_bytes:
            raise ShelfFull(self._max_owner_bytes)
        if sum(file.bytes for file in self._files.values()) + num_bytes > self._max_bytes:
            raise ShelfFull(self._max_bytes)

    def _put(
        self,
        owner: Owner,
        file_id: str,
        size: int,
        filename: str,
        purpose: str,
        expires_in_s: int | None,
    ) -> FileObject:
        now = int(self._clock())
        if expires_in_s is None and purpose in ("batch", "batch_output"):
            expires_in_s = int(self._max_age_s)
        file = FileObject(
            id=file_id,
            bytes=size,
            created_at=now,
            filename=filename,
            purpose=purpose,
            status="processed",
            expires_at=None if expires_in_s is None else now + expires_in_s,
        )
        self._documents.put(owner, file_id, _encode(file))
        self._files[owner, file_id] = file
        return file

    def _read(self, owner: Owner, file_id: str) -> FileObject:
        return _decoder.decode(self._documents.get(owner, file_id) or b"")

    def _drop_expired(self) -> None:
        now = self._clock()
        for name in [
            name for name, file in self._files.items() if file.expires_at and file.expires_at <= now
        ]:
            self._remove(*name)

    def _remove(self, owner: Owner, file_id: str) -> None:
        del self._files[owner, file_id]
        self._documents.delete(owner, file_id)
        self.path(owner, file_id).unlink(missing_ok=True)


def new_file_id() -> str:
    return f"file-{uuid.uuid4().hex[:24]}"
