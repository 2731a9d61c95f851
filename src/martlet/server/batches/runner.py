"""Working through the batches, each owner's one after the other, in the places that nobody else needs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec

from martlet.protocol.batches import BatchError, BatchRequestCounts
from martlet.server.batches.ledger import Answers, Entry, Ledger
from martlet.server.batches.lines import RequestLine, answer_line, faults, read_requests, unanswered_line
from martlet.server.batches.local import LocalEndpoints
from martlet.server.errors import INTERNAL_MESSAGE, NotStored
from martlet.server.files.shelf import FileShelf
from martlet.server.loop import EngineLoop
from martlet.server.owners import Owner

logger = logging.getLogger("martlet.server")

LOOK_AGAIN_S = 0.02
"""How long to wait when all places are taken."""
COME_BACK = (429, 503)
"""Statuses that say nothing of the request: it is sent again."""


class BatchRunner:
    """Runs as a task of the event loop for each owner who has batches."""

    def __init__(
        self, ledger: Ledger, shelf: FileShelf, endpoints: LocalEndpoints, loop: EngineLoop, num_places: int
    ) -> None:
        """Leave at least half of `num_places`, the engine's, to others; owners share the rest equally."""
        self._ledger = ledger
        self._shelf = shelf
        self._endpoints = endpoints
        self._loop = loop
        self._num_places = max(1, num_places // 2)
        self._tasks: dict[Owner, asyncio.Task[None]] = {}
        self._is_stopped = False

    def wake(self) -> None:
        """Begin, if there is something to do and it is not done already."""
        for owner in self._ledger.active_owners() - self._tasks.keys():
            self._tasks[owner] = asyncio.get_running_loop().create_task(self._run(owner))

    def stop(self) -> None:
        """Leave off. What is not answered then is asked by the next server."""
        self._is_stopped = True
        for task in self._tasks.values():
            task.cancel()

    async def _run(self, owner: Owner) -> None:
        try:
            while not self._is_stopped and (entry := self._ledger.next_active(owner)) is not None:
                await self._try(entry)
        finally:
            del self._tasks[owner]

    async def _try(self, entry: Entry) -> None:
        try:
            await self._work_on(entry)
        except Exception:
            logger.exception("internal error in batch %s", entry.batch.id)
            self._ledger.fail(entry, [BatchError(code="server_error", message=INTERNAL_MESSAGE)])

    async def _work_on(self, entry: Entry) -> None:
        batch = entry.batch
        try:
            path = self._input(entry)
        except NotStored as error:
            self._ledger.fail(entry, [BatchError(code="file_not_found", message=str(error))])
            return
        total, wrong = await self._loop.offload(lambda: faults(path, batch.endpoint))
        if wrong:
            self._ledger.fail(entry, wrong)
            return
        answers, failures = await self._loop.offload(lambda: self._ledger.open_answers(entry))
        progress = _Progress(entry, answers, failures, total)
        if batch.status == "validating":
            batch.status, batch.in_progress_at = "in_progress", self._ledger.now()
            self._ledger.save(entry)
        if batch.status != "finalizing":
            await self._answer(progress, (line for line in read_requests(path) if not progress.has(line)))
        answers.close()
        failures.close()
        self._ledger.finish(entry, progress.end())

    async def _answer(self, progress: _Progress, lines: Iterator[RequestLine]) -> None:
        """Send the requests, as many at once as there is room for, until the end, an expiry or a cancel."""
        running: set[asyncio.Task[None]] = set()
        line = next(lines, None)
        try:
            while (line is not None or running) and not progress.is_over(self._ledger.now()):
                while line is not None and self._has_place(len(running)):
                    running.add(asyncio.ensure_future(self._answer_one(progress, line)))
                    line = next(lines, None)
                done, running = await asyncio.wait(
                    running, timeout=LOOK_AGAIN_S if line else 1.0, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        if progress.has_expired(self._ledger.now()):
            for left in read_requests(self._input(progress.entry)):
                if not progress.has(left):
                    progress.give_up(left.custom_id, self._ledger.now())

    def _input(self, entry: Entry) -> Path:
        """Raises NotStored."""
        file = self._shelf.find(entry.owner, entry.batch.input_file_id)
        return self._shelf.path(entry.owner, file.id)

    def _has_place(self, num_running: int) -> bool:
        """One request is always under way, others only while half of the places are free."""
        part = self._num_places // max(1, len(self._tasks))
        return num_running == 0 or (num_running < part and self._loop.num_in_flight < self._num_places)

    async def _answer_one(self, progress: _Progress, line: RequestLine) -> None:
        while True:
            status, body = await self._call(progress.entry, line)
            if status not in COME_BACK:
                progress.add(line.custom_id, status, body)
                return
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _call(self, entry: Entry, line: RequestLine) -> tuple[int, bytes]:
        if _streams(line):
            return 400, STREAM_REFUSED
        try:
            return await self._endpoints.post(entry.batch.endpoint, bytes(line.body), entry.owner)
        except Exception:
            logger.exception("internal error in a request of a batch")
            return 500, msgspec.json.encode({"error": {"message": INTERNAL_MESSAGE, "code": 500}})


class _Flags(msgspec.Struct):
    stream: bool | None = None
    background: bool | None = None


_flags = msgspec.json.Decoder(_Flags, strict=False)
STREAM_REFUSED = msgspec.json.encode(
    {
        "error": {
            "message": "stream and background have no place in a batch: leave them out",
            "type": "BadRequestError",
            "param": "stream",
            "code": 400,
        }
    }
)


def _streams(line: RequestLine) -> bool:
    try:
        flags = _flags.decode(line.body)
    except msgspec.DecodeError:
        return False  # for the endpoint to refuse
    return bool(flags.stream or flags.background)


class _Progress:
    """How far a batch is."""

    def __init__(self, entry: Entry, answers: Answers, failures: Answers, total: int) -> None:
        self.entry = entry
        self._answers, self._failures = answers, failures
        self._total = total
        if entry.batch.status != "finalizing":  # else the files may have been handed out already
            self._count()

    def has(self, line: RequestLine) -> bool:
        return line.custom_id in self._answers.custom_ids or line.custom_id in self._failures.custom_ids

    def add(self, custom_id: str, status: int, body: bytes) -> None:
        file = self._answers if status == 200 else self._failures
        file.append(answer_line(custom_id, status, body), custom_id)
        self._count()

    def give_up(self, custom_id: str, now: int) -> None:
        self.entry.batch.expired_at = now
        message = "the batch's time was over before this request was answered"
        self._failures.append(unanswered_line(custom_id, "batch_expired", message), custom_id)
        self._count()

    def has_expired(self, now: int) -> bool:
        return now >= (self.entry.batch.expires_at or 0)

    def is_over(self, now: int) -> bool:
        return self.has_expired(now) or self.entry.batch.status == "cancelling"

    def end(self) -> str:
        """Return the status that the batch ends in."""
        batch = self.entry.batch
        if batch.cancelling_at is not None:
            return "cancelled"
        return "completed" if batch.expired_at is None else "expired"

    def _count(self) -> None:
        completed, failed = len(self._answers.custom_ids), len(self._failures.custom_ids)
        self.entry.batch.request_counts = BatchRequestCounts(
            completed=completed, failed=failed, total=self._total
        )
