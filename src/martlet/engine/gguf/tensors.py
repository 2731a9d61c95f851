"""GGUFTensors: a GGUF file's tensors under Hugging Face's names, in its order, without quantization."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from martlet.engine.checkpoint import Tensor
from martlet.engine.gguf.config import ARCHITECTURES, ROPE_FACTORS
from martlet.engine.gguf.file import GGUFFile
from martlet.errors import CheckpointError

_OUTER_NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
}
_LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k": "self_attn.k_proj",
    "attn_k_norm": "self_attn.k_norm",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def hf_name(name: str) -> str:
    """Return Hugging Face's name of a tensor; one that is not known keeps its own."""
    stem, _, suffix = name.rpartition(".")
    if stem in _OUTER_NAMES:
        return f"{_OUTER_NAMES[stem]}.{suffix}"
    match = re.fullmatch(r"blk\.(\d+)\.(\w+)", stem)
    if match is None or match[2] not in _LAYER_NAMES:
        return name
    return f"model.layers.{match[1]}.{_LAYER_NAMES[match[2]]}.{suffix}"


class GGUFTensors:
    """The tensors of one file, as a Checkpoint reads them.

    f32, f16 and bf16 are views of the file; what is quantized is computed when it is read, as f32.
    """

    def __init__(self, file: GGUFFile, config: Mapping[str, Any]) -> None:
        self._file = file
        self._places = {hf_name(name): name for name in file.tensors if name != ROPE_FACTORS}
        is_interleaved = ARCHITECTURES[config["model_type"]].has_interleaved_heads
        self._half_head = config["head_dim"] // 2 if is_interleaved else 0

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def names(self) -> list[str]:
        return list(self._places)

    def read(self, name: str, shape: tuple[int, ...]) -> Tensor:
        stored = self._file.shape(self._places[name])
        if stored != shape:
            raise CheckpointError(
                f"{self.path}: tensor {self._places[name]!r} must have shape {list(shape)} by the metadata, "
                f"it has {list(stored)}"
            )
        tensor = self._stored(self._places[name])
        index = tensor.first_not_finite()
        if index is not None:
            raise CheckpointError(
                f"{self.path}: tensor {self._places[name]!r} is damaged: "
                f"it has NaN or infinity at {list(index)}"
            )
        if self._half_head and re.search(r"\.[qk]_proj\.", name):
            return Tensor(self._with_halves(tensor.values), tensor.dtype)
        return tensor

    def nbytes(self, name: str) -> int:
        place = self._places[name]
        is_short = self._file.tensors[place].tensor_type.name == "BF16"
        return math.prod(self._file.shape(place)) * (2 if is_short else 4)

    def release(self) -> None:
        self._file.release()

    def _stored(self, place: str) -> Tensor:
        tensor = self._file.tensors[place]
        values = np.require(np.asarray(tensor.data), requirements="A")
        if tensor.tensor_type.name == "F32":
            return Tensor(values, "f32")
        if tensor.tensor_type.name == "F16":
            return Tensor(values, "f16")
        if tensor.tensor_type.name == "BF16":
            return Tensor(values.view("<u2"), "bf16")
        return Tensor(self._file.dequantized(place), "f32")

    def _with_halves(self, values: Any) -> Any:
        """Return rows of q or k with the first numbers of a head's pairs before the second ones."""
        pairs = values.reshape(-1, self._half_head, 2, *values.shape[1:])
        return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(values.shape)
