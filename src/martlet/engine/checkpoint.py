"""Checkpoint: a Hugging Face model folder, its settings and its tensors, read without copying.

Tensors stay in the files until they are asked for: each is a view of the memory-mapped file.
Source: the safetensors format, https://github.com/huggingface/safetensors#format (version 0.8): eight bytes
of little-endian header length, a JSON header of name -> dtype, shape and byte range, then the data.
"""

from __future__ import annotations

import json
import math
import mmap
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from martlet.errors import CheckpointError

if TYPE_CHECKING:
    from martlet.engine.kernels import Quantization

SINGLE_NAME = "model.safetensors"
INDEX_NAME = "model.safetensors.index.json"
CONFIG_NAME = "config.json"
ADAPTER_NAME = "adapter_model.safetensors"
ADAPTER_CONFIG_NAME = "adapter_config.json"

Dtype = Literal["f32", "f16", "bf16"]

_DTYPES: dict[str, tuple[Dtype, str]] = {
    "F32": ("f32", "<f4"),
    "F16": ("f16", "<f2"),
    "BF16": ("bf16", "<u2"),
}
"""safetensors' name -> ours, and NumPy's; bf16 is read as bit patterns, NumPy has no such type."""

_ITEM_BITS = {"F64": 64, "I64": 64, "U64": 64, "F32": 32, "I32": 32, "U32": 32, "F16": 16, "BF16": 16}
_ITEM_BITS |= {"I16": 16, "U16": 16, "I8": 8, "U8": 8, "BOOL": 8, "F8_E4M3": 8, "F8_E5M2": 8, "C64": 64}

_MAX_HEADER_BYTES = 100_000_000
_SCANNED_AT_ONCE = 2**18
"""Elements that stay in the processor's cache between the two looks at them."""
_NOT_FINITE: dict[Dtype, tuple[str, str, int]] = {
    "f32": ("<i4", "<u4", 0x7F800000),
    "f16": ("<i2", "<u2", 0x7C00),
    "bf16": ("<i2", "<u2", 0x7F80),
}
"""The bit patterns as numbers, signed and not, and the pattern of infinity: NaNs are above it."""


class Tensor(NamedTuple):
    """A tensor as stored: a read-only view of the file, if it needs no work."""

    values: npt.NDArray[Any]
    """float32, float16, or uint16 bit patterns of bf16."""
    dtype: Dtype

    def as_f32(self) -> npt.NDArray[np.float32]:
        """Return a float32 copy."""
        if self.dtype == "bf16":
            return (self.values.astype(np.uint32) << 16).view(np.float32)
        return self.values.astype(np.float32)

    def mapped(self, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> Tensor:
        """Return a tensor whose rows a function has put into another order."""
        return Tensor(change(self.values), self.dtype)

    def first_not_finite(self) -> tuple[int, ...] | None:
        """Return the index of a NaN or infinity, None if all are numbers."""
        signed, unsigned, infinity = _NOT_FINITE[self.dtype]
        flat = self.values.reshape(-1)
        sign = 1 << (8 * flat.itemsize - 1)
        for start in range(0, flat.size, _SCANNED_AT_ONCE):
            part = flat[start : start + _SCANNED_AT_ONCE]
            # As signed numbers the negative are below all others, as unsigned ones above.
            patterns, magnitudes = part.view(unsigned), part.view(signed)
            if patterns.max() >= sign + infinity or magnitudes.max() >= infinity:
                index = start + int(((patterns & (sign - 1)) >= infinity).argmax())
                return tuple(int(i) for i in np.unravel_index(index, self.values.shape))
        return None


class QuantizedTensor(NamedTuple):
    """A matrix as integers with scales, in the form that kernels take."""

    values: npt.NDArray[np.int8]
    """[rows, cols]; from -8 to 7 for "int4"."""
    dtype: Quantization
    scales: npt.NDArray[np.float16]
    """[rows, cols / 32]"""

    def as_f32(self) -> npt.NDArray[np.float32]:
        groups = self.values.reshape(*self.scales.shape, -1) * self.scales.astype(np.float32)[..., None]
        widened: npt.NDArray[np.float32] = groups.reshape(self.values.shape)
        return widened

    def mapped(self, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> QuantizedTensor:
        """Return a matrix whose rows a function has put into another order."""
        return QuantizedTensor(change(self.values), self.dtype, change(self.scales))

    def first_not_finite(self) -> tuple[int, ...] | None:
        """Return the index of a scale that is no number, None if all are."""
        return Tensor(self.scales, "f16").first_not_finite()


Matrix: TypeAlias = "Tensor | QuantizedTensor"


class TensorFile(Protocol):
    """A file of tensors, in whatever format."""

    @property
    def path(self) -> Path: ...

    def read(self, name: str, shape: tuple[int, ...]) -> Matrix:
        """Return a tensor. Raises CheckpointError if it is of another shape or kind, or not finite."""
        ...

    def nbytes(self, name: str) -> int:
        """Return the memory that a tensor takes as the model holds it."""
        ...

    def release(self) -> None:
        """Give back the memory that was used for reading."""
        ...


class Checkpoint:
    """A model folder. Ask for tensors by name, then `require_all_used()`."""

    def __init__(
        self,
        folder: Path,
        config: dict[str, Any],
        generation_config: dict[str, Any],
        missing: Callable[[str], CheckpointError],
        files: Mapping[str, TensorFile],
    ) -> None:
        """`missing` says what is wrong where there is no tensor of a name; `files` says where each is."""
        self.folder = folder
        self.config = config
        self.generation_config = generation_config
        self._missing = missing
        self._files = files
        self._unused = set(files)
        self._touched: set[TensorFile] = set()

    @property
    def config_path(self) -> Path:
        """Where the settings are."""
        return self.folder / CONFIG_NAME if self.folder.is_dir() else self.folder

    @property
    def nbytes(self) -> int:
        """Memory that all tensors together take: float16 is widened."""
        return sum(file.nbytes(name) for name, file in self._files.items())

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def names(self) -> Iterable[str]:
        return self._files.keys()

    def tensor(self, name: str, shape: Sequence[int]) -> Tensor:
        """Return a tensor; one that is stored in integers is widened.

        Raises CheckpointError if it is missing, its shape or type is another, or a value is not finite.
        Tensors that were returned before stay valid, but their memory goes: work on one at a time.
        """
        tensor = self.matrix(name, shape)
        return tensor if isinstance(tensor, Tensor) else Tensor(tensor.as_f32(), "f32")

    def matrix(self, name: str, shape: Sequence[int]) -> Matrix:
        """Return a tensor as `tensor` does, but leave integers as they are."""
        self.release()
        file = self._files.get(name)
        if file is None:
            raise self._missing(name)
        tensor = file.read(name, tuple(shape))
        self._touched.add(file)
        self._unused.discard(name)
        return tensor

    def release(self) -> None:
        """Give back the memory that the tensors returned so far take. They are read again if need be."""
        for file in self._touched:
            file.release()
        self._touched.clear()

    def ignore(self, names: Iterable[str]) -> None:
        """Count tensors as used that the model has no need of."""
        self._unused.difference_update(names)

    def require_all_used(self) -> None:
        """Raise CheckpointError if tensors were left over: the model would not be the one that was saved."""
        self.release()
        if self._unused:
            first, *others = sorted(self._unused)
            more = f" and {len(others)} more" if others else ""
            raise CheckpointError(
                f"{self._files[first].path}: tensor {first!r}{more} has no place in the model"
            )


def load_checkpoint(folder: str | Path, is_exact: bool = False) -> Checkpoint:
    """Open a model folder or a GGUF file; its tensors are read later, by name.

    An exact one has every number as stored, whatever memory it takes. Raises CheckpointError naming what is
    wrong.
    """
    folder = Path(folder)
    if (file := gguf_file(folder)) is not None:
        from martlet.engine.gguf import load_gguf

        return load_gguf(file, is_exact)
    config = read_config(folder)
    generation = folder / "generation_config.json"
    weights, files = _open_files(folder)
    return Checkpoint(
        folder,
        config,
        read_json_object(generation) if generation.is_file() else {},
        _missing(weights, CONFIG_NAME),
        files,
    )


def load_adapter_checkpoint(folder: Path) -> Checkpoint:
    """Open a PEFT adapter's folder; its tensors are read later, by name. Raises CheckpointError."""
    config = read_json_object(folder / ADAPTER_CONFIG_NAME)
    path = folder / ADAPTER_NAME
    if not path.is_file():
        pickles = sorted(folder.glob("*.bin"))
        found = f", only {pickles[0].name}, which can run code when loaded" if pickles else ""
        raise CheckpointError(f"{folder} has no {ADAPTER_NAME}{found}: save it by PEFT's save_pretrained")
    file = _TensorFile(path, ADAPTER_CONFIG_NAME)
    missing = _missing(path, ADAPTER_CONFIG_NAME)
    return Checkpoint(folder, config, {}, missing, dict.fromkeys(file.entries, file))


def _missing(weights: Path, settings: str) -> Callable[[str], CheckpointError]:
    """Return what makes the error for a tensor that the settings ask for and the weights do not have."""
    return lambda name: CheckpointError(f"{weights} has no tensor {name!r}, which {settings} asks for")


def read_config(folder: Path) -> dict[str, Any]:
    """Return a model folder's config.json, or what a GGUF file says instead. Raises CheckpointError."""
    if (file := gguf_file(folder)) is not None:
        from martlet.engine.gguf import read_gguf_config

        return read_gguf_config(file)
    if not folder.is_dir():
        raise CheckpointError(f"there is no folder {str(folder)!r}")
    if not (folder / "config.json").is_file():
        raise CheckpointError(f"{folder} has no config.json: is it a Hugging Face model folder?")
    return read_json_object(folder / "config.json")


def gguf_file(path: Path) -> Path | None:
    """Return the GGUF file that `path` names: itself, or the one in a folder that has no other weights.

    Of a model in parts it is the first. Raises CheckpointError if a folder has several models.
    """
    if path.suffix == ".gguf" and path.is_file():
        return path
    if not path.is_dir() or (path / SINGLE_NAME).exists() or (path / INDEX_NAME).exists():
        return None
    files = sorted(file for file in path.glob("*.gguf") if not _is_beside_a_model(file.name))
    if len(files) > 1:
        names = ", ".join(file.name for file in files)
        raise CheckpointError(f"{path} has several GGUF files, name the one to serve: {names}")
    return files[0] if files else None


def _is_beside_a_model(name: str) -> bool:
    """Return whether a GGUF file is none to choose: a later part of a model, or a vision tower."""
    later_part = re.search(r"-(?!00001)\d{5}-of-\d{5}\.gguf$", name)
    return later_part is not None or name.startswith("mmproj")


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file. Raises CheckpointError naming the file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{path} must hold a JSON object, it holds {type(value).__name__}")
    return value


def _open_files(folder: Path) -> tuple[Path, dict[str, _TensorFile]]:
    single, index = folder / SINGLE_NAME, folder / INDEX_NAME
    if single.is_file():
        file = _TensorFile(single)
        return single, dict.fromkeys(file.entries, file)
    if index.is_file():
        return index, _open_shards(index)
    pickles = sorted(folder.glob("*.bin")) + sorted(folder.glob("*.pth"))
    if pickles:
        raise CheckpointError(
            f"{folder} holds only pickled weights ({pickles[0].name}), which can run code when loaded: "
            "save it as safetensors, by transformers' save_pretrained"
        )
    raise CheckpointError(f"{folder} has neither {SINGLE_NAME} nor {INDEX_NAME}")


def _open_shards(index: Path) -> dict[str, _TensorFile]:
    """Return the file of each tensor: the index's, should several files hold it."""
    weight_map = read_json_object(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise CheckpointError(f"{index} has no weight_map")
    files: dict[str, _TensorFile] = {}
    places: dict[str, _TensorFile] = {}
    for tensor, name in weight_map.items():
        if not isinstance(name, str) or Path(name).name != name:
            raise CheckpointError(f"{index} names {name!r}, which is not a file of this folder")
        if name not in files:
            files[name] = _open_shard(index, name)
        if tensor not in files[name].entries:
            raise CheckpointError(
                f"{files[name].path} has no tensor {tensor!r}, which {index.name} places there"
            )
        places[tensor] = files[name]
    unplaced = {tensor: file for file in files.values() for tensor in file.entries}
    return unplaced | places


def _open_shard(index: Path, name: str) -> _TensorFile:
    path = index.with_name(name)
    if not path.is_file():
        raise CheckpointError(f"{path} is missing, and {index.name} places tensors there")
    return _TensorFile(path)


class _Entry(NamedTuple):
    dtype: str
    shape: tuple[int, ...]
    begin: int
    """Bytes from the start of the data."""
    end: int


class _TensorFile:
    """One safetensors file, memory-mapped. The mapping lives as long as any view of it."""

    def __init__(self, path: Path, settings: str = CONFIG_NAME) -> None:
        self.path = path
        self._settings = settings
        try:
            with path.open("rb") as file:
                header = self._read_header(file.read(8), file.read)
                self._data_start = file.tell()
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise CheckpointError(f"cannot read {path}: {error.strerror}") from error
        header.pop("__metadata__", None)
        self.entries = {name: self._check_entry(name, entry) for name, entry in header.items()}
        self._check_size()

    def read(self, name: str, shape: tuple[int, ...]) -> Tensor:
        entry = self.entries[name]
        if entry.dtype not in _DTYPES:
            raise CheckpointError(
                f"{self.path}: tensor {name!r} is stored as {entry.dtype}; supported: {', '.join(_DTYPES)}"
            )
        if entry.shape != shape:
            raise CheckpointError(
                f"{self.path}: tensor {name!r} must have shape {list(shape)} by {self._settings}, "
                f"it has {list(entry.shape)}"
            )
        dtype, numpy_dtype = _DTYPES[entry.dtype]
        offset = self._data_start + entry.begin
        values: npt.NDArray[Any] = np.ndarray(shape, numpy_dtype, buffer=self._bytes, offset=offset)
        tensor = Tensor(np.require(values, requirements="A"), dtype)
        index = tensor.first_not_finite()
        if index is not None:
            raise CheckpointError(
                f"{self.path}: tensor {name!r} is damaged: it has NaN or infinity at {list(index)}"
            )
        return tensor

    def nbytes(self, name: str) -> int:
        entry = self.entries[name]
        return (entry.end - entry.begin) * (2 if entry.dtype == "F16" else 1)

    def release(self) -> None:
        """Drop the file from this process's memory; whoever looks again gets it from the system's cache."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            self._bytes.madvise(mmap.MADV_DONTNEED)

    def _read_header(self, length_bytes: bytes, read: Any) -> dict[str, Any]:
        length = int.from_bytes(length_bytes, "little")
        if len(length_bytes) < 8 or length > _MAX_HEADER_BYTES:
            raise CheckpointError(f"{self.path} is not a safetensors file: it does not begin with a header")
        raw: bytes = read(length)
        if len(raw) < length:
            raise CheckpointError(
                f"{self.path} is truncated within its header: {len(raw)} of {length} bytes are there; "
                "download it again"
            )
        try:
            header = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise CheckpointError(f"{self.path} is corrupt: its header is not JSON: {error}") from error
        if not isinstance(header, dict):
            raise CheckpointError(f"{self.path} is corrupt: its header is not a JSON object")
        return header

    def _check_entry(self, name: str, raw: Any) -> _Entry:
        try:
            begin, end = raw["data_offsets"]
            entry = _Entry(raw["dtype"], tuple(raw["shape"]), begin, end)
            bits = _ITEM_BITS.get(entry.dtype)
        except (TypeError, KeyError, ValueError) as error:
            raise self._unsound(name, raw) from error
        if not all(isinstance(size, int) and size >= 0 for size in (*entry.shape, begin, end)):
            raise self._unsound(name, raw)
        if end < begin or (bits is not None and math.prod(entry.shape) * bits != (end - begin) * 8):
            raise self._unsound(name, raw)
        return entry

    def _unsound(self, name: str, raw: object) -> CheckpointError:
        return CheckpointError(
            f"{self.path} is corrupt: tensor {name!r} does not fit its place: {raw!r:.200}"
        )

    def _check_size(self) -> None:
        wanted = max((entry.end for entry in self.entries.values()), default=0)
        present = len(self._bytes) - self._data_start
        if present < wanted:
            cut = min((e.end, name) for name, e in self.entries.items() if e.end > present)[1]
            raise CheckpointError(
                f"{self.path} is truncated: tensor {cut!r} is not whole, {wanted - present} of "
                f"{wanted + self._data_start} bytes are missing; download it again"
            )
        if present > wanted:
            raise CheckpointError(
                f"{self.path} is corrupt: {present - wanted} bytes after its last tensor belong to none"
            )
