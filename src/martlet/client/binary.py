"""Replies that are not JSON: sound, files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from os import PathLike
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from martlet.client.replies import Reply, Response


class BinaryContent:
    """The bytes of a reply, read already, and ways to use them. `response` has status and headers."""

    def __init__(self, response: Response) -> None:
        self.response = response

    @classmethod
    def of(cls, reply: Reply) -> BinaryContent:
        return cls(reply.as_response())

    @property
    def content(self) -> bytes:
        return self.response.content

    @property
    def charset_encoding(self) -> str | None:
        """The charset that the content type names, if any."""
        parameters = self.response.headers.get("content-type", "").split(";")[1:]
        for name, _, value in (parameter.partition("=") for parameter in parameters):
            if name.strip().lower() == "charset":
                return value.strip().strip('"') or None
        return None

    @property
    def encoding(self) -> str:
        """What `text` is decoded with."""
        return self.charset_encoding or "utf-8"

    @property
    def text(self) -> str:
        """The bytes as text; what is none is shown as replacement characters."""
        try:
            return self.content.decode(self.encoding, "replace")
        except LookupError:  # a charset that nobody knows
            return self.content.decode("utf-8", "replace")

    @property
    def num_bytes_downloaded(self) -> int:
        return len(self.content)

    def json(self) -> Any:
        """The bytes as JSON. Raises `json.JSONDecodeError`, a ValueError, where they are not."""
        return self.response.json()

    def read(self) -> bytes:
        return self.content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The bytes in pieces of `chunk_size`, in one if it is None."""
        yield from _pieces(self.content, chunk_size)

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """As `iter_bytes()`."""
        return self.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The text in pieces of `chunk_size` characters, in one if it is None."""
        yield from _pieces(self.text, chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """The lines of the text, without their ends."""
        yield from self.text.splitlines()

    def write_to_file(self, file: str | PathLike[str]) -> None:
        """Write the bytes to a file, which is made or replaced."""
        with open(file, "wb") as opened:
            opened.write(self.content)

    def stream_to_file(self, file: str | PathLike[str], *, chunk_size: int | None = None) -> None:
        """As `write_to_file()`: the bytes are here already."""
        self.write_to_file(file)

    def close(self) -> None:
        """Nothing is left open."""

    async def aread(self) -> bytes:
        return self.content

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """As `iter_bytes()`."""
        for piece in _pieces(self.content, chunk_size):
            yield piece

    def aiter_raw(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """As `iter_bytes()`."""
        return self.aiter_bytes(chunk_size)

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """As `iter_text()`."""
        for piece in _pieces(self.text, chunk_size):
            yield piece

    async def aiter_lines(self) -> AsyncIterator[str]:
        """As `iter_lines()`."""
        for line in self.text.splitlines():
            yield line

    async def awrite_to_file(self, file: str | PathLike[str]) -> None:
        """As `write_to_file()`, in a thread."""
        from asyncio import to_thread

        await to_thread(self.write_to_file, file)

    async def astream_to_file(self, file: str | PathLike[str], *, chunk_size: int | None = None) -> None:
        """As `awrite_to_file()`."""
        await self.awrite_to_file(file)

    async def aclose(self) -> None:
        """Nothing is left open."""

    def __repr__(self) -> str:
        media_type = self.response.headers.get("content-type", "no content type")
        return f"<BinaryContent {len(self.content)} bytes, {media_type}>"


HttpxBinaryResponseContent = BinaryContent
"""The official name."""


def _pieces(content: Any, size: int | None) -> Iterator[Any]:
    if size is not None and size < 1:
        raise ValueError(f"chunk_size is at least 1, not {size}")
    step = size or max(len(content), 1)
    for start in range(0, len(content), step):
        yield content[start : start + step]
