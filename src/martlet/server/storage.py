"""What the server keeps on disk: a folder, and in it collections of documents with limits.

Nothing here is in memory only: a server that is killed finds everything again. A document is replaced as a
whole by a rename, so that it is never seen half written. Each owner's documents lie in a folder of their own
within the collection; those of everybody, and of servers that knew no owners, in the collection's itself.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from martlet.errors import MartletError
from martlet.server.owners import EVERYBODY, Owner

KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")
"""What names a document. Anything else is known to be missing, which keeps paths out."""
_OWNER = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".tmp"
SECRET_BYTES = 32


class CannotStore(MartletError):
    """The folder for what the server keeps cannot be used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a collection holds. The oldest documents go first, of whoever holds most."""

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
        self._lock = threading.RLock()
        self._secret = b""
        if self._path is not None:
            self._take(self._path)

    def folder(self, name: str, owner: Owner = EVERYBODY) -> Path:
        """Return a subfolder, or an owner's part of it, readable for no other user of the machine."""
        with self._lock:
            if self._path is None:
                self._path = Path(tempfile.mkdtemp(prefix="martlet-"))
                self._remove = weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        folder = self._path / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if owner:
            folder /= owner
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def has(self, name: str) -> bool:
        """Return whether the subfolder has been made, now or by a server before."""
        return self._path is not None and (self._path / name).is_dir()

    def holds_unowned(self) -> bool:
        """Return whether there are documents of everybody."""
        return self._path is not None and any(self._path.glob("*/*.json"))

    def secret(self) -> bytes:
        """Return random bytes that stay the same as long as the folder. Raises CannotStore."""
        with self._lock:
            if not self._secret:
                self._secret = secrets.token_bytes(SECRET_BYTES)
                if self.is_lasting and self._path is not None:
                    self._secret = _kept_secret(self._path / "secret", self._secret)
            return self._secret

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


def _kept_secret(path: Path, fresh: bytes) -> bytes:
    """Return what the file holds; where nothing depends on it yet it is written."""
    try:
        if not path.exists() and not any(path.parent.glob("*/" + "[0-9a-f]" * 32)):
            write_file(path, fresh, is_durable=True)
        found = path.read_bytes()
    except OSError as error:
        raise CannotStore(f"cannot read {path}, which tells whose data is whose: {error.strerror}") from error
    if len(found) != SECRET_BYTES:
        raise CannotStore(f"{path}, which tells whose data is whose, is broken: restore it")
    return found


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
    with open(unfinished, "wb", opener=_private) as file:
        file.write(content)
        if is_durable:
            file.flush()
            os.fsync(file.fileno())
    os.replace(unfinished, path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@dataclass(slots=True)
class _Share:
    """The documents of one owner."""

    entries: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Size and time of each, the oldest first."""
    num_bytes: int = 0

    def add(self, key: str, size: int, created: float) -> None:
        self.num_bytes += size - self.entries.get(key, (0, 0.0))[0]
        self.entries[key] = (size, created)

    def remove(self, key: str) -> None:
        self.num_bytes -= self.entries.pop(key)[0]


class DocumentStore:
    """Documents by owner and key, each a file. Safe to use from any thread."""

    def __init__(
        self, storage: Storage, name: str, limits: Limits, clock: Callable[[], float] = time.time
    ) -> None:
        self._storage = storage
        self._name = name
        self._limits = limits
        self._clock = clock
        self._lock = threading.RLock()
        self._shares: dict[Owner, _Share] = {}
        if storage.has(name):
            self._read_folder()

    def put(self, owner: Owner, key: str, document: bytes) -> None:
        """Write or replace a document, and drop what is beyond the limits. Raises KeyError for a bad key."""
        if not KEY.fullmatch(key):
            raise KeyError(key)
        with self._lock:
            share = self._share(owner)
            created = share.entries[key][1] if key in share.entries else self._clock()
            write_file(self._path(owner, key), document)
            self._shares.setdefault(owner, share).add(key, len(document), created)
            self._drop_surplus()

    def get(self, owner: Owner, key: str) -> bytes | None:
        with self._lock:
            self._drop_surplus()
            if key not in self._share(owner).entries:
                return None
            try:
                return self._path(owner, key).read_bytes()
            except FileNotFoundError:  # somebody tidied up
                self._forget(owner, key)
                return None

    def delete(self, owner: Owner, key: str) -> bool:
        """Return whether there was such a document."""
        with self._lock:
            if key not in self._share(owner).entries:
                return False
            self._forget(owner, key)
            self._path(owner, key).unlink(missing_ok=True)
            return True

    def keys(self, owner: Owner) -> list[str]:
        """Return an owner's keys in order of creation."""
        with self._lock:
            self._drop_surplus()
            return list(self._share(owner).entries)

    def all_keys(self) -> list[tuple[Owner, str]]:
        """Return everybody's keys, each owner's in order of creation."""
        with self._lock:
            self._drop_surplus()
            return [(owner, key) for owner, share in self._shares.items() for key in share.entries]

    def _share(self, owner: Owner) -> _Share:
        return self._shares.get(owner) or _Share()

    def _forget(self, owner: Owner, key: str) -> None:
        share = self._shares[owner]
        share.remove(key)
        if not share.entries:
            del self._shares[owner]

    def _drop_surplus(self) -> None:
        oldest_s = self._clock() - self._limits.max_age_s
        for owner, share in list(self._shares.items()):
            while share.entries and _oldest(share)[1] < oldest_s:
                self.delete(owner, _oldest(share)[0])
        while (owner_of_most := self._most_of_too_much()) is not None:
            self.delete(owner_of_most, _oldest(self._shares[owner_of_most])[0])

    def _most_of_too_much(self) -> Owner | None:
        """Return who holds most of what there is too much of: one who stores a lot drops what is theirs."""
        shares = self._shares
        if sum(len(share.entries) for share in shares.values()) > self._limits.max_count:
            return max(shares, key=lambda owner: len(shares[owner].entries))
        if sum(share.num_bytes for share in shares.values()) > self._limits.max_bytes:
            return max(shares, key=lambda owner: shares[owner].num_bytes)
        return None

    def _path(self, owner: Owner, key: str) -> Path:
        return self._storage.folder(self._name, owner) / f"{key}.json"

    def _read_folder(self) -> None:
        for created, size, owner, key in sorted(self._found()):
            self._shares.setdefault(owner, _Share()).add(key, size, created)

    def _found(self) -> Iterator[tuple[float, int, Owner, str]]:
        folder = self._storage.folder(self._name)
        owned = [path for path in folder.iterdir() if path.is_dir() and _OWNER.fullmatch(path.name)]
        for place, owner in [(folder, EVERYBODY), *((path, Owner(path.name)) for path in owned)]:
            for path in place.iterdir():
                if path.name.endswith(_UNFINISHED):
                    path.unlink(missing_ok=True)
                elif path.suffix == ".json":
                    status = path.stat()
                    yield status.st_mtime, status.st_size, owner, path.stem


def _oldest(share: _Share) -> tuple[str, float]:
    """Return key and time."""
    key, (_, created) = next(iter(share.entries.items()))
    return key, created
