"""A file that is uploaded in parts."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO

PART_BYTES = 64 << 20


class UploadSource:
    """Name, size and parts of a file on disk or of bytes in memory."""

    def __init__(
        self,
        file: os.PathLike[str] | bytes,
        filename: str | None,
        num_bytes: int | None,
        part_size: int | None,
    ) -> None:
        if isinstance(file, bytes):
            if filename is None or num_bytes is None:
                missing = "filename" if filename is None else "bytes"
                raise TypeError(f"The `{missing}` argument must be given for in-memory files")
        else:
            filename = filename or os.path.basename(os.fspath(file))
            num_bytes = os.stat(file).st_size if num_bytes is None else num_bytes
        if part_size is not None and part_size < 1:
            raise ValueError(f"part_size is at least 1, not {part_size}")
        self.filename: str = filename
        self.num_bytes: int = num_bytes
        self._file = file
        self._part_size = PART_BYTES if part_size is None else part_size

    def parts(self) -> Iterator[bytes]:
        with self._open() as opened:
            while data := opened.read(self._part_size):
                yield data

    async def aparts(self) -> AsyncIterator[bytes]:
        """As `parts()`, read in a thread."""
        from asyncio import to_thread

        with self._open() as opened:
            while data := await to_thread(opened.read, self._part_size):
                yield data

    def _open(self) -> BinaryIO:
        return io.BytesIO(self._file) if isinstance(self._file, bytes) else open(self._file, "rb")
