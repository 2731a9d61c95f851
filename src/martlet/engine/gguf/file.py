"""GGUFFile: what is in a file, found by the `gguf` package."""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from martlet.errors import CheckpointError

T = TypeVar("T")

_FAILURES = (ValueError, IndexError, KeyError, TypeError, OverflowError)
"""What the package raises for files that are cut or damaged."""


class GGUFFile:
    """A file's metadata, and its tensors by the names that they have there."""

    def __init__(
        self, path: Path, metadata: Mapping[str, Any], tensors: Mapping[str, Any], data: Any
    ) -> None:
        """`tensors` are the package's descriptions of them; `data` is the file, mapped into memory."""
        self.path = path
        self.metadata = metadata
        self.tensors = tensors
        self._data = data

    @classmethod
    def open(cls, path: Path) -> GGUFFile:
        """Return a file, which was kept if it is the one opened last. Raises CheckpointError."""
        try:
            stat = path.stat()
        except OSError as error:
            raise CheckpointError(f"cannot read {path}: {error.strerror}") from error
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

    def shape(self, name: str) -> tuple[int, ...]:
        """Return a tensor's shape, rows first; the file has it the other way round."""
        return tuple(reversed(self.tensors[name].shape.tolist()))

    def dequantized(self, name: str) -> npt.NDArray[np.float32]:
        import gguf

        tensor = self.tensors[name]
        try:
            values: npt.NDArray[np.float32] = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        except NotImplementedError as error:
            raise CheckpointError(
                f"{self.path}: tensor {name!r} is stored as {tensor.tensor_type.name}, which is not supported"
            ) from error
        return np.asarray(values, np.float32)

    def release(self) -> None:
        """Drop the file from this process's memory; whoever looks again gets it from the system's cache."""
        mapping = self._data.base
        if isinstance(mapping, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            mapping.madvise(mmap.MADV_DONTNEED)


@lru_cache(maxsize=1)
def _opened(path: Path, _mtime_ns: int, _size: int) -> GGUFFile:
    try:
        import gguf
    except ImportError as error:
        raise CheckpointError(
            f"{path}: GGUF files are read by the gguf package: pip install 'martlet[gguf]'"
        ) from error
    try:
        reader = gguf.GGUFReader(path)
        metadata = {key: field.contents() for key, field in reader.fields.items()}
    except OSError as error:
        raise CheckpointError(f"cannot read {path}: {error.strerror}") from error
    except _FAILURES as error:
        raise CheckpointError(f"{path} is no whole GGUF file of version 2 or 3: {error}") from error
    if reader.byte_order != "I":
        raise CheckpointError(f"{path} was made for machines of the other byte order")
    if metadata.get("split.count", 1) > 1:
        raise CheckpointError(f"{path} is one of several parts: join them with llama-gguf-split --merge")
    return GGUFFile(path, metadata, {tensor.name: tensor for tensor in reader.tensors}, reader.data)
