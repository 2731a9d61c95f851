"""A decoder's weights, read from a checkpoint and packed for the kernels.

Linear layers are fused where they read the same input: q, k and v are one matrix, gate and up another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from martlet.engine.checkpoint import Matrix, QuantizedTensor, Tensor
from martlet.errors import CheckpointError

if TYPE_CHECKING:
    from martlet.engine.checkpoint import Checkpoint
    from martlet.engine.kernels import F32, Kernels, Quantization, Weight
    from martlet.engine.models import Family
    from martlet.engine.models.spec import DecoderSpec, ExpertsSpec, LayerSpec


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """x @ weight.T + bias"""

    weight: Weight
    bias: F32 | None


@dataclass(frozen=True, slots=True, eq=False)
class MLPWeights:
    gate_up: Linear
    down: Linear


@dataclass(frozen=True, slots=True, eq=False)
class ExpertsWeights:
    """Of each expert one matrix, without biases."""

    router: Weight
    gate_up: tuple[Weight, ...]
    down: tuple[Weight, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LayerWeights:
    """Norms are None where the model has none."""

    attention_norm: F32 | None
    qkv: Linear
    q_norm: F32 | None
    k_norm: F32 | None
    o: Linear
    attention_post_norm: F32 | None
    mlp_norm: F32 | None
    mlp: MLPWeights | ExpertsWeights
    mlp_post_norm: F32 | None


@dataclass(frozen=True, slots=True, eq=False)
class DecoderWeights:
    embed: Weight
    layers: tuple[LayerWeights, ...]
    final_norm: F32
    head: Weight
    names: Mapping[str, str]
    """The family's: the decoder's name of each part -> the checkpoint's."""


def load_weights(
    checkpoint: Checkpoint,
    spec: DecoderSpec,
    family: Family,
    kernels: Kernels,
    quantization: Quantization | None = None,
) -> DecoderWeights:
    """Read and pack a model's weights. Raises CheckpointError naming a tensor missing or left over.

    `quantization` rounds all matrices but a router. Embeddings and head take 8 bits even where the others
    take 4: the head decides between tokens that lie close together.
    """
    loader = _Loader(checkpoint, family.WEIGHTS, kernels, quantization)
    outer: Quantization | None = None if quantization is None else "int8"
    # The largest first: packing takes twice a matrix's memory for a moment, and now there is most of it.
    embed = loader.matrix("embed", spec.vocab_size, spec.hidden_size, outer)
    head = embed
    if not (spec.tie_embeddings and loader.may_tie("head", "embed", (spec.vocab_size, spec.hidden_size))):
        head = loader.matrix("head", spec.vocab_size, spec.hidden_size, outer)
    layers = tuple(
        _load_layer(loader.at(layer=number), spec, layer) for number, layer in enumerate(spec.layers)
    )
    final_norm = loader.vector("final_norm", spec.hidden_size) + np.float32(spec.norm_offset)
    checkpoint.ignore([name for name in checkpoint.names() if re.fullmatch(family.IGNORED_WEIGHTS, name)])
    checkpoint.require_all_used()
    return DecoderWeights(embed, layers, final_norm, head, family.WEIGHTS)


def _load_layer(loader: _Loader, spec: DecoderSpec, layer: LayerSpec) -> LayerWeights:
    hidden, has_pre, has_post = spec.hidden_size, spec.norms != "post", spec.norms != "pre"

    def norm(part: str, is_present: bool, size: int) -> F32 | None:
        return loader.vector(part, size) + np.float32(spec.norm_offset) if is_present else None

    q_size, kv_size = spec.q_size, spec.kv_size
    normed_q, normed_k = (spec.head_dim, spec.head_dim) if spec.qk_norm == "head" else (q_size, kv_size)
    experts = layer.experts
    return LayerWeights(
        attention_norm=norm("attention_norm", has_pre, hidden),
        qkv=loader.fused("qkv", {"q": q_size, "k": kv_size, "v": kv_size}, hidden, spec.qkv_bias),
        q_norm=norm("q_norm", spec.qk_norm != "none", normed_q),
        k_norm=norm("k_norm", spec.qk_norm != "none", normed_k),
        o=loader.linear("o", hidden, q_size, spec.o_bias),
        attention_post_norm=norm("attention_post_norm", has_post, hidden),
        mlp_norm=norm("mlp_norm", has_pre, hidden),
        mlp=_load_mlp(loader, spec) if experts is None else _load_experts(loader, spec, experts),
        mlp_post_norm=norm("mlp_post_norm", has_post, hidden),
    )


def _load_mlp(loader: _Loader, spec: DecoderSpec) -> MLPWeights:
    hidden, inner = spec.hidden_size, spec.intermediate_size
    return MLPWeights(
        gate_up=loader.fused("gate_up", {"gate": inner, "up": inner}, hidden, spec.mlp_bias),
        down=loader.linear("down", hidden, inner, spec.mlp_bias),
    )


def _load_experts(loader: _Loader, spec: DecoderSpec, experts: ExpertsSpec) -> ExpertsWeights:
    hidden, inner, count = spec.hidden_size, experts.intermediate_size, experts.num_experts
    if loader.has_stacked("experts_gate_up"):
        return ExpertsWeights(
            loader.matrix("experts_router", count, hidden, None),
            loader.stacked("experts_gate_up", count, 2 * inner, hidden),
            loader.stacked("experts_down", count, hidden, inner),
        )
    router = loader.matrix("router", count, hidden, None)
    each = [loader.at(expert=number) for number in range(count)]
    gate_up = {"expert_gate": inner, "expert_up": inner}
    return ExpertsWeights(
        router,
        tuple(expert.fused("expert_gate_up", gate_up, hidden, False).weight for expert in each),
        tuple(expert.linear("expert_down", hidden, inner, False).weight for expert in each),
    )


def pack_together(
    checkpoint: Checkpoint,
    rows: Mapping[str, int],
    cols: int,
    kernels: Kernels,
    quantization: Quantization | None,
) -> Weight:
    """Return the tensors that `rows` names, with so many rows each, as one matrix.

    What comes in integers keeps them, unless fewer bits are wanted. Raises CheckpointError naming a tensor
    that is missing or cannot be quantized.
    """
    parts = [checkpoint.matrix(name, (count, cols)) for name, count in rows.items()]
    whole = _joined(parts)
    if len(parts) > 1 or isinstance(whole, QuantizedTensor):  # then it is no view of the file
        del parts
        checkpoint.release()
    return _pack(next(iter(rows)), whole, kernels, quantization)


def _pack(name: str, matrix: Matrix, kernels: Kernels, quantization: Quantization | None) -> Weight:
    if isinstance(matrix, QuantizedTensor):
        if matrix.dtype == "int4" or quantization != "int4":
            return kernels.pack_quantized(matrix.values, matrix.scales, matrix.dtype)
        matrix = Tensor(matrix.as_f32(), "f32")
    try:
        return kernels.pack(*matrix, quantization)
    except ValueError as error:  # finite, but beyond what a scale can be
        raise CheckpointError(f"tensor {name!r} cannot be quantized: {error}") from error


def _joined(parts: list[Matrix]) -> Matrix:
    """Return matrices as one, in the type that all have, in integers that hold all, else in float32."""
    if len(parts) == 1:
        return parts[0]
    tensors = [part for part in parts if isinstance(part, Tensor)]
    integers = [part for part in parts if isinstance(part, QuantizedTensor)]
    if not tensors:
        return QuantizedTensor(
            np.concatenate([part.values for part in integers]),
            integers[0].dtype if len({part.dtype for part in integers}) == 1 else "int8",
            np.concatenate([part.scales for part in integers]),
        )
    if not integers and len({tensor.dtype for tensor in tensors}) == 1:
        return Tensor(np.concatenate([tensor.values for tensor in tensors]), tensors[0].dtype)
    return Tensor(np.concatenate([part.as_f32() for part in parts]), "f32")


class _Loader:
    """Reads a checkpoint's tensors under the decoder's names."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        names: Mapping[str, str],
        kernels: Kernels,
        quantization: Quantization | None,
        numbers: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """`numbers` are the layer's and the expert's, which names may ask for."""
        self._checkpoint = checkpoint
        self._names = names
        self._kernels = kernels
        self._quantization: Quantization | None = quantization
        self._numbers = numbers

    def at(self, **numbers: int) -> _Loader:
        numbers = {**self._numbers, **numbers}
        return _Loader(self._checkpoint, self._names, self._kernels, self._quantization, numbers)

    def vector(self, part: str, size: int, suffix: str = "weight") -> F32:
        return self._checkpoint.tensor(self._name(part, suffix), (size,)).as_f32()

    def matrix(self, part: str, rows: int, cols: int, quantization: Quantization | None) -> Weight:
        return self._packed({part: rows}, cols, quantization)

    def linear(self, part: str, rows: int, cols: int, has_bias: bool) -> Linear:
        return self._joined({part: rows}, cols, has_bias)

    def fused(self, part: str, parts: Mapping[str, int], cols: int, has_bias: bool) -> Linear:
        """Return one layer that does the work of `parts`, which read the same input.

        `parts` says how many rows each has. A family that names `part` stores them as one.
        """
        if part in self._names:
            parts = {part: sum(parts.values())}
        return self._joined(parts, cols, has_bias)

    def has_stacked(self, part: str) -> bool:
        """Return whether the checkpoint stores the matrices of all experts as one tensor."""
        return self._name(part) in self._checkpoint

    def stacked(self, part: str, count: int, rows: int, cols: int) -> tuple[Weight, ...]:
        """Return the matrices of a tensor [count, rows, cols]."""
        name = self._name(part)
        values, dtype = self._checkpoint.tensor(name, (count, rows, cols))
        matrices = []
        for matrix in values:
            self._checkpoint.release()
            matrices.append(_pack(name, Tensor(matrix, dtype), self._kernels, self._quantization))
        return tuple(matrices)

    def may_tie(self, part: str, source: str, shape: tuple[int, int]) -> bool:
        """Return whether `part` is not stored, or stored as a copy of `source`.

        A part with values of its own was trained apart, whatever config.json says: so transformers 5.23.
        """
        name = self._name(part, "weight")
        if name not in self._checkpoint:
            return True
        stored = self._checkpoint.matrix(name, shape)
        copied = self._checkpoint.matrix(self._name(source, "weight"), shape)
        return stored.dtype == copied.dtype and all(
            np.array_equal(mine[row : row + 1024], other[row : row + 1024])
            for mine, other in zip(_arrays(stored), _arrays(copied), strict=True)
            for row in range(0, shape[0], 1024)  # so that no mask of the whole matrix is made
        )

    def _joined(self, parts: Mapping[str, int], cols: int, has_bias: bool) -> Linear:
        weight = self._packed(parts, cols, self._quantization)
        if not has_bias:
            return Linear(weight, None)
        return Linear(weight, np.concatenate([self.vector(*part, "bias") for part in parts.items()]))

    def _packed(self, parts: Mapping[str, int], cols: int, quantization: Quantization | None) -> Weight:
        """Return one matrix of the rows of all `parts`."""
        rows = {self._name(part, "weight"): count for part, count in parts.items()}
        return pack_together(self._checkpoint, rows, cols, self._kernels, quantization)

    def _name(self, part: str, suffix: str | None = None) -> str:
        name = self._names[part].format(**self._numbers)
        return name if suffix is None else f"{name}.{suffix}"


def _arrays(matrix: Matrix) -> list[npt.NDArray[Any]]:
    return [matrix.values] if isinstance(matrix, Tensor) else [matrix.values, matrix.scales]
