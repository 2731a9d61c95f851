"""GGUFTensors: a GGUF file's tensors under Hugging Face's names, in its order."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from martlet.engine.checkpoint import Matrix, Tensor
from martlet.engine.gguf.blocks import PACKED, PLAIN, rounded, unpacked, widened
from martlet.engine.gguf.config import SETTING_TENSORS, architecture_of
from martlet.engine.gguf.file import GGUFFile, StoredTensor
from martlet.errors import CheckpointError

_INT8_BITS, _INT4_BITS = 8.5, 4.5
"""Of a number, with its share of a scale."""


class Place(NamedTuple):
    """Where a tensor is."""

    name: str
    """In the file."""
    expert: int | None = None
    """Which of the matrices that the file's tensor is made of."""


class GGUFTensors:
    """The tensors of one file, as a Checkpoint reads them.

    f32, f16 and bf16 are views of the file. Q8_0 and Q4_0 are taken apart into integers and scales; other
    kinds become 8-bit integers, or f32 if the file has to be computed with exactly as it is.
    """

    def __init__(self, file: GGUFFile, config: Mapping[str, Any], is_exact: bool) -> None:
        self._file = file
        self._is_exact = is_exact
        self._architecture = architecture_of(file)
        self._names = Names(file.get("general.architecture", str), config)
        self._places = dict(self._find_places())
        self._half_head = config["head_dim"] // 2 if self._architecture.has_interleaved_heads else 0

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def names(self) -> list[str]:
        return list(self._places)

    def missing(self, name: str) -> CheckpointError:
        """Return what is to be said of a tensor that the model needs and that is not there."""
        stored = self._names.stored(name)
        return CheckpointError(f"{self.path} has no tensor {stored or name!r}, which its metadata ask for")

    def read(self, name: str, shape: tuple[int, ...]) -> Matrix:
        place = self._places[name]
        stored = self._stored(place)
        if stored.shape != shape:
            raise CheckpointError(
                f"{self.path}: tensor {place.name!r} must have shape {list(shape)} by the metadata, "
                f"it has {list(stored.shape)}"
            )
        tensor = self._read(place.name, stored)
        index = tensor.first_not_finite()
        if index is not None:
            raise CheckpointError(
                f"{self.path}: tensor {place.name!r} is damaged: it has NaN or infinity at {list(index)}"
            )
        if self._half_head and re.search(r"\.[qk]_proj\.", name):
            return tensor.mapped(self._with_halves)
        if self._architecture.norm_offset and name.endswith("norm.weight"):
            return Tensor(tensor.as_f32() - np.float32(self._architecture.norm_offset), "f32")
        return tensor

    def nbytes(self, name: str) -> int:
        stored = self._stored(self._places[name])
        bits = 32.0
        if stored.kind == "BF16":
            bits = 16.0
        elif stored.kind in PACKED:
            bits = _INT8_BITS if PACKED[stored.kind] == "int8" else _INT4_BITS
        elif stored.kind not in PLAIN and not self._is_exact:
            bits = _INT8_BITS
        return int(math.prod(stored.shape) * bits / 8)

    def release(self) -> None:
        self._file.release()

    def _find_places(self) -> Iterator[tuple[str, Place]]:
        """Yield Hugging Face's name of each tensor of a model; what has none keeps the file's."""
        for name, tensor in self._file.tensors.items():
            known = self._names.hugging_face(name)
            if known is None:
                if name not in SETTING_TENSORS:
                    yield name, Place(name)
            elif "{expert}" in known:
                for expert in range(tensor.shape[0]):
                    yield known.format(expert=expert), Place(name, expert)
            else:
                yield known, Place(name)

    def _stored(self, place: Place) -> StoredTensor:
        tensor = self._file.tensors[place.name]
        if place.expert is None:
            return tensor
        return replace(tensor, shape=tensor.shape[1:], data=tensor.data[place.expert])

    def _read(self, name: str, stored: StoredTensor) -> Matrix:
        if stored.kind in PLAIN:
            dtype, numpy_dtype = PLAIN[stored.kind]
            values = np.require(stored.data.view(numpy_dtype), requirements="A")
            return Tensor(values.reshape(stored.shape), dtype)
        if stored.kind in PACKED and len(stored.shape) == 2:
            return unpacked(stored)
        try:
            return widened(stored) if self._is_exact or len(stored.shape) != 2 else rounded(stored)
        except NotImplementedError as error:
            raise CheckpointError(
                f"{self.path}: tensor {name!r} is stored as {stored.kind}, which is not supported"
            ) from error

    def _with_halves(self, values: Any) -> Any:
        """Return rows of q or k with the first numbers of a head's pairs before the second ones."""
        pairs = values.reshape(-1, self._half_head, 2, *values.shape[1:])
        return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(values.shape)


class Names:
    """What one model's tensors are called, by the maps of the `gguf` package."""

    def __init__(self, architecture: str, config: Mapping[str, Any]) -> None:
        import gguf

        from martlet.engine.models import FAMILIES

        num_layers = config["num_hidden_layers"]
        [known] = [number for number, name in gguf.MODEL_ARCH_NAMES.items() if name == architecture]
        self._map = gguf.get_tensor_name_map(known, num_layers)
        names = import_module(FAMILIES[config["model_type"]]).WEIGHTS.values()
        layered = [name for name in names if "{layer}" in name]
        every = [name for name in names if "{layer}" not in name]
        every += [name.replace("{layer}", str(layer)) for name in layered for layer in range(num_layers)]
        # Where families store parts of a layer as one, the later names are theirs.
        self._known = {self._place_of(name): name for name in every}

    def hugging_face(self, name: str) -> str | None:
        """Return what a tensor of a file is called there, with {expert} for the expert's number."""
        stem, _, suffix = name.rpartition(".")
        return f"{self._known[stem]}.{suffix}" if stem in self._known else None

    def stored(self, name: str) -> str | None:
        """Return what Hugging Face's tensor is called in a file."""
        stem, _, suffix = name.rpartition(".")
        found = self._place_of(re.sub(r"(\.experts)\.\d+\.", r"\1.{expert}.", stem))
        return f"{found}.{suffix}" if found else None

    def _place_of(self, stem: str) -> str | None:
        found: str | None = self._map.get_name(stem.replace(".{expert}.", "."))
        return found
