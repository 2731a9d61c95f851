"""GGUFFile: what is in a file, or in the parts of one.

Source: the format, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 3). The `gguf` package
has a reader, too, which makes several arrays of every string: a vocabulary of 128k tokens takes it seconds.
"""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from martlet.errors import CheckpointError

T = TypeVar("T")

_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""Types of metadata: the format's number -> struct's letter."""
_PART = re.compile(r"(?P<stem>.*)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf")
"""What the parts of a model are called; they are counted from 1."""
_DEFAULT_ALIGNMENT = 32
_MAX_DIMENSIONS = 4


@dataclass(frozen=True, eq=False)
class StoredTensor:
    """A tensor as it lies in a file."""

    shape: tuple[int, ...]
    """Rows first; the file has it the other way round."""
    kind: str
    """The format's name of how it is stored, such as Q8_0."""
    data: npt.NDArray[np.uint8]
    """[..., bytes of a row]: a view of the file."""


class GGUFFile:
    """A file's metadata, and its tensors by the names that they have there."""

    def __init__(
        self,
        path: Path,
        metadata: Mapping[str, Any],
        tensors: Mapping[str, StoredTensor],
        mappings: tuple[mmap.mmap, ...],
    ) -> None:
        """`mappings` are the file, or its parts, in memory."""
        self.path = path
        self.metadata = metadata
        self.tensors = tensors
        self._mappings = mappings

    @classmethod
    def open(cls, path: Path) -> GGUFFile:
        """Return a file, which was kept if it is the one opened last. Raises CheckpointError."""
        try:
            stat = path.stat()
        except OSError as error:
            raise CheckpointError(f"cannot read {path}: {error.strerror}") from error
        _require_package(path)
        return _opened(path, stat.st_mtime_ns, stat.st_size)

    @staticmethod
    def forget() -> None:
        """Let go of the file opened last, of which vocabulary and merges take much memory."""
        _opened.cache_clear()

    def get(self, key: str, kind: type[T], default: T | None = None) -> T:
        """Return a value of the metadata. Raises CheckpointError if it is of another kind, or missing."""
        value: Any = self.metadata.get(key, default)
        if value is None:
            raise CheckpointError(f"{self.path} has no {key!r}")
        if kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(key, f"must be of type {kind.__name__}, got {value!r:.80}")
        return value

    def get_list(self, key: str, kind: type[T], length: int | None = None) -> list[T]:
        """Return a list of the metadata, which must have `length` items, if that is known."""
        values = self.get(key, list)
        if not all(isinstance(value, kind) for value in values):
            raise self.error(key, f"must be a list of type {kind.__name__}")
        if length is not None and len(values) != length:
            raise self.error(key, f"must have {length} items, it has {len(values)}")
        return values

    def error(self, key: str, problem: str) -> CheckpointError:
        return CheckpointError(f"{self.path}: {key!r} {problem}")

    def numbers(self, name: str) -> npt.NDArray[np.float32]:
        """Return a small tensor's numbers in one row."""
        return dequantized(self.tensors[name], self.tensors[name].data).reshape(-1)

    def release(self) -> None:
        """Drop the file from this process's memory; whoever looks again gets it from the system's cache."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            for mapping in self._mappings:
                mapping.madvise(mmap.MADV_DONTNEED)


def dequantized(tensor: StoredTensor, rows: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the numbers of some rows of a tensor. Raises NotImplementedError for a kind that is unknown."""
    import gguf

    kind = gguf.GGMLQuantizationType[tensor.kind]
    if kind in (gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16):
        return rows.view(np.float32 if tensor.kind == "F32" else np.float16).astype(np.float32)
    return np.asarray(gguf.quants.dequantize(rows, kind), np.float32)


# --- reading ------------------------------------------------------------------------------------------


def _require_package(path: Path) -> None:
    try:
        import gguf  # noqa: F401  # what reads tensors imports it, too
    except ImportError as error:
        raise CheckpointError(
            f"{path}: GGUF files are read by the gguf package: pip install 'martlet[gguf]'"
        ) from error


@lru_cache(maxsize=1)
def _opened(path: Path, _mtime_ns: int, _size: int) -> GGUFFile:
    first, *others = [_Part(part) for part in _parts(path)]
    count = first.metadata.get("split.count", 1)
    if count > 1 and count != 1 + len(others):
        raise CheckpointError(f"{path} is one of {count} parts, which its name does not say: rename them")
    tensors = dict(first.tensors)
    for part in others:
        tensors |= part.tensors
    return GGUFFile(path, first.metadata, tensors, (first.mapping, *(part.mapping for part in others)))


def _parts(path: Path) -> list[Path]:
    """Return the files that belong together, the first of them first. Any of them may be named."""
    match = _PART.fullmatch(path.name)
    if match is None:
        return [path]
    count = int(match["count"])
    paths = [path.with_name(f"{match['stem']}-{i:05}-of-{count:05}.gguf") for i in range(1, count + 1)]
    missing = [part.name for part in paths if not part.is_file()]
    if missing:
        raise CheckpointError(f"{path} is one of {count} parts, of which {missing[0]} is missing beside it")
    return paths


class _Part:
    """One file, mapped into memory. The mapping lives as long as any view of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self.mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise CheckpointError(f"cannot read {path}: {error.strerror}") from error
        except ValueError as error:  # nothing to map
            raise self._broken("it is empty") from error
        try:
            self.metadata, self.tensors = self._read()
        except (struct.error, ValueError, KeyError, TypeError, OverflowError) as error:
            raise self._broken(str(error)) from error

    def _broken(self, problem: str) -> CheckpointError:
        return CheckpointError(f"{self.path} is no whole GGUF file of version 2 or 3: {problem}")

    def _read(self) -> tuple[dict[str, Any], dict[str, StoredTensor]]:
        if self.mapping[:4] != b"GGUF":
            raise ValueError("it does not begin with GGUF")
        cursor = _Cursor(self.mapping, 4)
        version = cursor.number("I")
        if version & 0xFFFF == 0:  # for it is a small number
            raise CheckpointError(f"{self.path} was made for machines of the other byte order")
        if version not in _VERSIONS:
            raise ValueError(f"its version is {version}")
        num_tensors, num_values = cursor.number("Q"), cursor.number("Q")
        metadata = dict(cursor.item() for _ in range(num_values))
        places = [self._place(cursor) for _ in range(num_tensors)]
        alignment = metadata.get("general.alignment", _DEFAULT_ALIGNMENT)
        if type(alignment) is not int or alignment < 1:
            raise ValueError(f"its alignment is {alignment!r:.40}")
        start = -(-cursor.at // alignment) * alignment
        return metadata, {place[0]: self._tensor(start, *place) for place in places}

    def _place(self, cursor: _Cursor) -> tuple[str, tuple[int, ...], int, int]:
        """Return a tensor's name, shape, kind and offset."""
        name, num_dimensions = cursor.string(), cursor.number("I")
        if num_dimensions > _MAX_DIMENSIONS:
            raise ValueError(f"tensor {name!r} has {num_dimensions} dimensions")
        shape = tuple(cursor.number("Q") for _ in range(num_dimensions))[::-1]
        return name, shape, cursor.number("I"), cursor.number("Q")

    def _tensor(self, start: int, name: str, shape: tuple[int, ...], kind: int, offset: int) -> StoredTensor:
        import gguf

        try:
            block_size, block_bytes = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType(kind)]
        except (KeyError, ValueError):
            raise CheckpointError(
                f"{self.path}: tensor {name!r} is stored as type {kind}, which the gguf package does not know"
            ) from None
        *rows, cols = shape or (1,)
        if cols % block_size:
            raise ValueError(f"tensor {name!r} has rows of {cols}, which are no whole blocks of {block_size}")
        size = (*rows, cols // block_size * block_bytes)
        data = np.ndarray(size, np.uint8, buffer=self.mapping, offset=start + offset)
        return StoredTensor(shape, gguf.GGMLQuantizationType(kind).name, data)


class _Cursor:
    """Reads a file's beginning from front to back."""

    def __init__(self, data: mmap.mmap, at: int) -> None:
        self._data = data
        self.at = at

    def number(self, letter: str) -> Any:
        (value,) = struct.unpack_from(f"<{letter}", self._data, self.at)
        self.at += struct.calcsize(f"<{letter}")
        return value

    def string(self) -> str:
        return self._strings(1)[0]

    def item(self) -> tuple[str, Any]:
        """Return a key of the metadata and its value."""
        return self.string(), self._value(self.number("I"))

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.number(_NUMBERS[kind])
        kind, count = self.number("I"), self.number("Q")
        if kind == _STRING:
            return self._strings(count)
        if kind == _ARRAY:
            return [self._value(_ARRAY) for _ in range(count)]
        return self._numbers(_NUMBERS[kind], count)

    def _numbers(self, letter: str, count: int) -> list[Any]:
        size = count * struct.calcsize(f"<{letter}")
        if size > len(self._data) - self.at:
            raise ValueError("a list goes beyond its end")
        values = list(struct.unpack_from(f"<{count}{letter}", self._data, self.at))
        self.at += size
        return values

    def _strings(self, count: int) -> list[str]:
        """Return texts, each stored behind its length: there may be hundreds of thousands."""
        data, at = self._data, self.at
        length_at: Callable[[mmap.mmap, int], tuple[int]] = struct.Struct("<Q").unpack_from
        texts = []
        for _ in range(count):
            (length,) = length_at(data, at)
            end = at + 8 + length
            if end > len(data):
                raise ValueError("a text goes beyond its end")
            texts.append(data[at + 8 : end].decode())
            at = end
        self.at = at
        return texts
