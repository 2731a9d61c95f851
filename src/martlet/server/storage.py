"""What the server keeps on disk: a folder, and in it collections of documents with limits.

Nothing here is in memory only: a server that is killed finds everything again. A document is replaced as a
whole by a rename, so that it is never seen half written.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from martlet.errors import MartletError

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")
"""What names a document. Anything else is known to be missing, which keeps paths out."""
_UNFINISHED = ".tmp"


class CannotStore(MartletError):
    """The folder for what the server keeps cannot be used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a collection holds. The oldest documents go first."""

    max_count: int
    max_bytes: int
    max_age_s: float


class Storage:
    """The folder. Without a path it is a temporary one, made when first needed and gone with the server."""

    def __init__(self, path: str | Path | None = None) -> None:
        """Take the folder for this server alone. Raises CannotStore."""
        self._path = None if path is None else Path(path)
        self.is_lasting = self._path is not None
        """Whether a restarted server finds what this one keeps."""
        self._remove: weakref.finalize[..., Storage] | None = None
        self._lock_file: int | None = None
        self._lock = threading.Lock()
        if self._path is not None:
            self._take(self._path)

    def folder(self, name: str) -> Path:
        """Return a subfolder, readable for nobody else."""
        with self._lock:
            if self._path is None:
                self._path = Path(tempfile.mkdtemp(prefix="martlet-"))
                self._remove = weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        folder = self._path / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def has(self, name: str) -> bool:
        """Return whether the subfolder has been made, now or by a server before."""
        return self._path is not None and (self._path / name).is_dir()

    def close(self) -> None:
        if self._remove is not None:
            self._remove()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _take(self, path: Path) -> None:
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock_file = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            lock(self._lock_file)
        except BlockingIOError as error:
            raise CannotStore(f"another server keeps its data in {path}: name another folder") from error
        except OSError as error:
            raise CannotStore(f"cannot keep data in {path}: {error.strerror or error}") from error


def lock(file: int) -> None:
    """Take an exclusive lock that ends with the process. Raises BlockingIOError if another has it."""
    with suppress(ImportError):  # Windows: a folder is not guarded against a second server
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_file(path: Path, content: bytes, *, is_durable: bool = False) -> None:
    """Write or replace a file so that any reader sees the old or the new content, also if we are killed.

    A durable one outlives a failure of the power, too, which takes milliseconds.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    with open(unfinished, "wb") as file:
        file.write(content)
        if is_durable:
            file.flush()
            os.fsync(file.fileno())
    os.replace(unfinished, path)


class DocumentStore:
    """Documents by key, each a file. Safe to use from any thread."""

    def __init__(
        self, storage: Storage, name: str, limits: Limits, clock: Callable[[], float] = time.time
    ) -> None:
        self._storage = storage
        self._name = name
        self._limits = limits
        self._clock = clock
        self._lock = threading.RLock()
        self._entries: dict[str, tuple[int, float]] = {}
        """Size and time of each, the oldest first."""
        self._num_bytes = 0
        if storage.has(name):
            self._read_folder()

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: str, document: bytes) -> None:
        """Write or replace a document, and drop what is beyond the limits. Raises KeyError for a bad key."""
        if not _KEY.fullmatch(key):
            raise KeyError(key)
        with self._lock:
            created = self._entries[key][1] if key in self._entries else self._clock()
            write_file(self._path(key), document)
            self._forget(key)
            self._entries[key] = (len(document), created)
            self._num_bytes += len(document)
            self._drop_surplus()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            self._drop_surplus()
            if key not in self._entries:
                return None
            try:
                return self._path(key).read_bytes()
            except FileNotFoundError:  # somebody tidied up
                self._forget(key)
                return None

    def delete(self, key: str) -> bool:
        """Return whether there was such a document."""
        with self._lock:
            if key not in self._entries:
                return False
            self._forget(key)
            self._path(key).unlink(missing_ok=True)
            return True

    def keys(self) -> list[str]:
        """Return the keys in order of creation."""
        with self._lock:
            self._drop_surplus()
            return list(self._entries)

    def _forget(self, key: str) -> None:
        size, _ = self._entries.pop(key, (0, 0.0))
        self._num_bytes -= size

    def _drop_surplus(self) -> None:
        oldest_s = self._clock() - self._limits.max_age_s
        while self._entries:
            key, (_, created) = next(iter(self._entries.items()))
            is_full = len(self._entries) > self._limits.max_count or self._num_bytes > self._limits.max_bytes
            if not is_full and created >= oldest_s:
                return
            self.delete(key)

    def _path(self, key: str) -> Path:
        return self._storage.folder(self._name) / f"{key}.json"

    def _read_folder(self) -> None:
        for created, size, key in sorted(self._found()):
            self._entries[key] = (size, created)
            self._num_bytes += size

    def _found(self) -> Iterator[tuple[float, int, str]]:
        for path in self._storage.folder(self._name).iterdir():
            if path.name.endswith(_UNFINISHED):
                path.unlink(missing_ok=True)
            elif path.suffix == ".json":
                status = path.stat()
                yield status.st_mtime, status.st_size, path.stem
