"""Batches and their answers on disk, so that a killed server goes on where it was.

A batch is a document, replaced as a whole. Its answers are lines appended to two files: what was answered
before a crash is what stands there in whole lines, and is not asked again. When the batch ends, the files
move to the shelf, under ids that were chosen when it began, so that ending it twice changes nothing.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec

from martlet.protocol.batches import Batch, BatchError, BatchRequestCounts, Errors
from martlet.server.batches.lines import answered
from martlet.server.errors import NotStored
from martlet.server.files.shelf import FileShelf, new_file_id
from martlet.server.owners import EVERYBODY, Owner
from martlet.server.storage import DocumentStore, Limits, Storage

ANSWERS = "batch-answers"
WINDOW_S = 24 * 3600
ACTIVE = ("validating", "in_progress", "finalizing", "cancelling")


class Entry(msgspec.Struct, kw_only=True):
    """A batch, and what only the server needs to know of it."""

    batch: Batch
    owner: Owner = EVERYBODY
    output_file_id: str
    error_file_id: str
    output_age_s: int | None = None


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Entry)


class Answers:
    """The answers to one batch as they are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.custom_ids = answered(_whole_lines(path))
        self._file: int | None = None

    def append(self, line: bytes, custom_id: str) -> None:
        if self._file is None:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(self._file, line)
        self.custom_ids.add(custom_id)

    def close(self) -> None:
        """Leave everything on the disk."""
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)
            self._file = None


def _whole_lines(path: Path) -> bytes:
    """Return a file's whole lines, and cut off what a crash left of another."""
    if not path.exists():
        return b""
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(path, len(whole))
    return whole


class Ledger:
    """The batches of a server."""

    def __init__(
        self, storage: Storage, shelf: FileShelf, limits: Limits, clock: Callable[[], float] = time.time
    ) -> None:
        self._storage = storage
        self._shelf = shelf
        self._documents = DocumentStore(storage, "batches", limits, clock)
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        """Those that are not done, the oldest first. The others are on the disk only."""
        for owner, batch_id in self._documents.all_keys():
            entry = self._read(owner, batch_id)
            if entry.batch.status in ACTIVE:
                self._entries[batch_id] = entry

    def now(self) -> int:
        return int(self._clock())

    def create(
        self,
        owner: Owner,
        endpoint: str,
        input_file_id: str,
        metadata: dict[str, str] | None,
        output_age_s: int | None,
    ) -> Batch:
        now = self.now()
        batch = Batch(
            id=f"batch_{uuid.uuid4().hex[:24]}",
            completion_window="24h",
            created_at=now,
            endpoint=endpoint,
            input_file_id=input_file_id,
            status="validating",
            expires_at=now + WINDOW_S,
            metadata=metadata,
            request_counts=BatchRequestCounts(completed=0, failed=0, total=0),
        )
        entry = Entry(
            batch=batch,
            owner=owner,
            output_file_id=new_file_id(),
            error_file_id=new_file_id(),
            output_age_s=output_age_s,
        )
        self._entries[batch.id] = entry
        self.save(entry)
        return batch

    def find(self, owner: Owner, batch_id: str) -> Entry:
        """Raises NotStored."""
        entry = self._entries.get(batch_id)
        if entry is not None and entry.owner == owner:
            return entry
        if self._documents.get(owner, batch_id) is None:
            raise NotStored("batch_id", batch_id)
        return self._read(owner, batch_id)

    def batches(self, owner: Owner) -> list[Batch]:
        """Return all of an owner, the oldest first."""
        return sorted(
            (self.find(owner, key).batch for key in self._documents.keys(owner)),
            key=lambda batch: batch.created_at,
        )

    def active_owners(self) -> set[Owner]:
        """Return whose batches there are to work on."""
        return {entry.owner for entry in self._entries.values()}

    def next_active(self, owner: Owner) -> Entry | None:
        """Return what of an owner's to work on: the oldest, but those to be cancelled first."""
        entries = [entry for entry in self._entries.values() if entry.owner == owner]
        return min(entries, key=lambda entry: entry.batch.status != "cancelling", default=None)

    def is_in_use(self, file_id: str) -> bool:
        return any(entry.batch.input_file_id == file_id for entry in self._entries.values())

    def save(self, entry: Entry) -> None:
        self._documents.put(entry.owner, entry.batch.id, _encode(entry))
        if entry.batch.status not in ACTIVE:
            self._entries.pop(entry.batch.id, None)

    def fail(self, entry: Entry, errors: list[BatchError]) -> None:
        batch = entry.batch
        batch.status, batch.failed_at = "failed", self.now()
        batch.errors = Errors(data=errors, object="list")
        self.save(entry)

    # --- answers -------------------------------------------------------------------------------------

    def open_answers(self, entry: Entry) -> tuple[Answers, Answers]:
        """Return the answers, and the failures."""
        folder = self._storage.folder(ANSWERS)
        output, error = (folder / f"{name}.jsonl" for name in (entry.output_file_id, entry.error_file_id))
        return Answers(output), Answers(error)

    def finish(self, entry: Entry, status: str) -> None:
        """Hand the files out, and end the batch as `status` says."""
        batch = entry.batch
        batch.status, batch.finalizing_at = "finalizing", batch.finalizing_at or self.now()
        self.save(entry)
        batch.output_file_id = self._hand_out(entry, entry.output_file_id, "output")
        batch.error_file_id = self._hand_out(entry, entry.error_file_id, "error")
        batch.status = status
        setattr(batch, f"{status}_at", self.now())
        self.save(entry)

    def _hand_out(self, entry: Entry, file_id: str, kind: str) -> str | None:
        source = self._storage.folder(ANSWERS) / f"{file_id}.jsonl"
        if not source.exists() and not self._shelf.path(entry.owner, file_id).exists():
            return None
        filename = f"{entry.batch.id}_{kind}.jsonl"
        self._shelf.adopt(entry.owner, source, file_id, filename, entry.output_age_s)
        return file_id

    def _read(self, owner: Owner, batch_id: str) -> Entry:
        return _decoder.decode(self._documents.get(owner, batch_id) or b"")
