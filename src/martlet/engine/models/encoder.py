"""The one encoder: a bidirectional transformer described by an EncoderSpec.

A prompt is computed whole, in one step, so keys and values are needed only while their own layer runs: all
layers share a cache of one layer, whose blocks a step's prompts divide among themselves. Prompts of any
lengths lie end to end: there is no padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from martlet.engine.models.decoder import KVCache, new_cache
from martlet.engine.models.rope import Rope, RopeTable
from martlet.engine.models.weights import Linear, pack_together

if TYPE_CHECKING:
    from martlet.engine.checkpoint import Checkpoint
    from martlet.engine.kernels import F32, I32, Activation, Kernels, KVArray, Quantization, Weight
    from martlet.engine.models.head import HeadSpec
    from martlet.engine.models.hf_config import HFConfig
    from martlet.engine.runner import ModelInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderLayerSpec:
    """How one layer attends."""

    window: int | None = None
    """How far a token sees to either side. None: everything."""
    rope: Rope | None = None
    """None for models with learned positions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSpec:
    """What tells one model of a family from another."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_heads: int
    max_position_embeddings: int
    """Tokens that a prompt may have."""
    norm_eps: float
    activation: Activation
    layers: tuple[EncoderLayerSpec, ...]
    pre_norm: bool = False
    """Norms stand before each part, but not before the first layer's attention, and after the last layer.
    Otherwise each follows its part."""
    is_gated: bool = False
    """The feed-forward part multiplies the activation of one half of its inner values by the other."""
    attention_bias: bool = True
    mlp_bias: bool = True
    norm_bias: bool = True
    num_positions: int = 0
    """Rows of learned position embeddings."""
    first_position: int = 0
    """The row of a prompt's first token."""
    num_token_types: int = 0

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_heads


class EncoderFamily(Protocol):
    """What an encoder family's module offers."""

    ARCHITECTURES: tuple[str, ...]
    """config.json's `architectures` that it runs."""
    PREFIX: str
    """Stands before the names of the encoder's weights in models that have a head."""
    WEIGHTS: dict[str, str]
    """The encoder's name of each part -> the checkpoint's, with {layer} for the layer's number."""
    IGNORED_WEIGHTS: str
    """Pattern of tensors that may be left unused, prefix included."""

    def spec(self, config: HFConfig) -> EncoderSpec: ...
    def classifier(self, config: HFConfig, architecture: str) -> HeadSpec | None:
        """Describe the head that turns a pooled vector into classes. None for models without."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    weight: F32
    bias: F32 | None


@dataclass(frozen=True, slots=True, eq=False)
class EncoderLayer:
    spec: EncoderLayerSpec
    attention_norm: Norm | None
    """None in the first layer of a pre-norm model."""
    qkv: Linear
    o: Linear
    mlp_norm: Norm
    up: Linear
    """Gated: activated values, then what multiplies them."""
    down: Linear


@dataclass(frozen=True, slots=True, eq=False)
class EncoderWeights:
    embed: Weight
    positions: Weight | None
    token_types: F32 | None
    """[num_token_types, hidden_size]"""
    embed_norm: Norm
    layers: tuple[EncoderLayer, ...]
    final_norm: Norm | None


class Encoder:
    """A loaded encoder. For one thread at a time: it works in scratch space of its own."""

    is_causal = False

    def __init__(self, spec: EncoderSpec, weights: EncoderWeights, kernels: Kernels) -> None:
        self.spec = spec
        self.weights = weights
        self.kernels = kernels
        self.vocab_size = spec.vocab_size
        self.hidden_size = spec.hidden_size
        self.max_position_embeddings = spec.max_position_embeddings
        self._scale = spec.head_dim**-0.5
        self._rope_tables = {
            layer.rope: RopeTable(layer.rope, spec.head_dim) for layer in spec.layers if layer.rope
        }
        self._scratch = _Scratch(spec)

    def block_bytes(self, block_size: int) -> int:
        """Return the size of one block of the cache."""
        return 2 * self.spec.hidden_size * block_size * 4

    def new_cache(self, num_blocks: int, block_size: int) -> KVCache:
        """Return room for the keys and values of one step's prompts, in one layer at a time."""
        heads, dim = self.spec.num_heads, self.spec.head_dim
        return new_cache(1, num_blocks, heads, dim, block_size, np.dtype(np.float32))

    def hidden_states(self, inputs: ModelInputs, cache: KVCache, token_type_ids: I32) -> F32:
        """Compute whole prompts. Returns the rows [R, hidden_size] that `inputs.logits_rows` names."""
        scratch = self._scratch.views(len(inputs.token_ids))
        self._embed(inputs, token_type_ids, scratch)
        run_layer = self._run_pre_norm if self.spec.pre_norm else self._run_post_norm
        for layer in self.weights.layers:
            run_layer(layer, cache.layers[0], inputs, scratch)
        rows: F32 = scratch.hidden[inputs.logits_rows]
        if self.weights.final_norm is not None:
            self._norm(rows, self.weights.final_norm, rows)
        return rows

    def _embed(self, inputs: ModelInputs, token_type_ids: I32, scratch: _Views) -> None:
        kernels, weights, hidden = self.kernels, self.weights, scratch.hidden
        kernels.embed(weights.embed, inputs.token_ids, hidden)
        if weights.token_types is not None:
            hidden += weights.token_types[token_type_ids]
        if weights.positions is not None:
            rows = inputs.positions + np.int32(self.spec.first_position)
            kernels.embed(weights.positions, rows, scratch.normed)
            hidden += scratch.normed
        self._norm(hidden, weights.embed_norm, hidden)

    def _run_post_norm(
        self, layer: EncoderLayer, cache: tuple[KVArray, KVArray], inputs: ModelInputs, scratch: _Views
    ) -> None:
        assert layer.attention_norm is not None
        self._attend(scratch.hidden, layer, cache, inputs, scratch)
        self._norm(scratch.hidden, layer.attention_norm, scratch.hidden)
        self._feed_forward(scratch.hidden, layer, scratch)
        self._norm(scratch.hidden, layer.mlp_norm, scratch.hidden)

    def _run_pre_norm(
        self, layer: EncoderLayer, cache: tuple[KVArray, KVArray], inputs: ModelInputs, scratch: _Views
    ) -> None:
        x = scratch.hidden
        if layer.attention_norm is not None:
            self._norm(scratch.hidden, layer.attention_norm, scratch.normed)
            x = scratch.normed
        self._attend(x, layer, cache, inputs, scratch)
        self._norm(scratch.hidden, layer.mlp_norm, scratch.normed)
        self._feed_forward(scratch.normed, layer, scratch)

    def _attend(
        self,
        x: F32,
        layer: EncoderLayer,
        cache: tuple[KVArray, KVArray],
        inputs: ModelInputs,
        scratch: _Views,
    ) -> None:
        """Add attention over `x` to the hidden states."""
        kernels, (k_cache, v_cache) = self.kernels, cache
        self._linear(x, layer.qkv, scratch.qkv)
        if layer.spec.rope is not None:
            table = self._rope_tables[layer.spec.rope]
            kernels.rope(scratch.qk, table.covering(inputs.positions), inputs.positions)
        kernels.write_kv(scratch.k, scratch.v, k_cache, v_cache, inputs.slot_mapping)
        reach = -1 if layer.spec.window is None else layer.spec.window
        kernels.paged_attention(
            scratch.q,
            k_cache,
            v_cache,
            inputs.block_tables,
            inputs.query_start,
            inputs.context_lens,
            self._scale,
            (reach, reach),
            0.0,
            scratch.heads,
        )
        self._linear_add(scratch.attended, layer.o, scratch.hidden)

    def _feed_forward(self, x: F32, layer: EncoderLayer, scratch: _Views) -> None:
        self._linear(x, layer.up, scratch.inner)
        if self.spec.is_gated:
            self.kernels.activate_mul(scratch.inner, self.spec.activation, scratch.activated)
        else:
            self.kernels.activate(scratch.inner, self.spec.activation, scratch.activated)
        self._linear_add(scratch.activated, layer.down, scratch.hidden)

    def _linear(self, x: F32, linear: Linear, out: F32) -> None:
        self.kernels.linear(x, linear.weight, out)
        if linear.bias is not None:
            out += linear.bias

    def _linear_add(self, x: F32, linear: Linear, out: F32) -> None:
        self.kernels.linear_add(x, linear.weight, out)
        if linear.bias is not None:
            out += linear.bias

    def _norm(self, x: F32, norm: Norm, out: F32) -> None:
        self.kernels.layer_norm(x, norm.weight, norm.bias, self.spec.norm_eps, out)


# --- scratch space ------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Views:
    """Where one step of M tokens works. q, k and v lie side by side in `qkv`."""

    hidden: F32  # [M, hidden_size]
    normed: F32  # [M, hidden_size]
    qkv: F32  # [M, 3 * hidden_size]
    qk: F32  # [M, 2 * num_heads, head_dim]
    q: F32  # [M, num_heads, head_dim]
    k: F32
    v: F32
    heads: F32  # [M, num_heads, head_dim]
    attended: F32  # [M, hidden_size], the same memory
    inner: F32  # [M, intermediate_size], twice that if gated
    activated: F32  # [M, intermediate_size]


class _Scratch:
    """Memory for steps of any size, kept at the largest so far."""

    def __init__(self, spec: EncoderSpec) -> None:
        self._spec = spec
        hidden, inner = spec.hidden_size, spec.intermediate_size
        self._widths = (hidden, hidden, 3 * hidden, hidden, inner * (2 if spec.is_gated else 1), inner)
        self._buffers = [np.empty((0, width), np.float32) for width in self._widths]

    def views(self, num_tokens: int) -> _Views:
        if num_tokens > len(self._buffers[0]):
            self._buffers = [np.empty((num_tokens, width), np.float32) for width in self._widths]
        hidden, normed, qkv, attended, inner, activated = (buffer[:num_tokens] for buffer in self._buffers)
        heads = self._spec.num_heads
        by_head = qkv.reshape(num_tokens, 3 * heads, self._spec.head_dim)
        return _Views(
            hidden=hidden,
            normed=normed,
            qkv=qkv,
            qk=by_head[:, : 2 * heads],
            q=by_head[:, :heads],
            k=by_head[:, heads : 2 * heads],
            v=by_head[:, 2 * heads :],
            heads=attended.reshape(num_tokens, heads, self._spec.head_dim),
            attended=attended,
            inner=inner,
            activated=activated,
        )


# --- weights ------------------------------------------------------------------------------------------


def load_encoder(
    checkpoint: Checkpoint,
    spec: EncoderSpec,
    family: EncoderFamily,
    kernels: Kernels,
    quantization: Quantization | None = None,
) -> EncoderWeights:
    """Read and pack an encoder's weights. Raises CheckpointError naming a tensor that is missing.

    `quantization` rounds the layers' matrices, and to 8 bits the embeddings of tokens, as a decoder's.
    """
    loader = _Loader(checkpoint, spec, family, kernels, quantization)
    outer: Quantization | None = None if quantization is None else "int8"
    return EncoderWeights(
        embed=loader.matrix(("embed",), spec.vocab_size, spec.hidden_size, outer),
        positions=(
            loader.matrix(("positions",), spec.num_positions, spec.hidden_size, None)
            if spec.num_positions
            else None
        ),
        token_types=(
            loader.values("token_types", "weight", (spec.num_token_types, spec.hidden_size))
            if spec.num_token_types
            else None
        ),
        embed_norm=loader.norm("embed_norm"),
        layers=tuple(loader.layer(number, layer) for number, layer in enumerate(spec.layers)),
        final_norm=loader.norm("final_norm") if spec.pre_norm else None,
    )


class _Loader:
    """Reads a checkpoint's tensors under the encoder's names."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        spec: EncoderSpec,
        family: EncoderFamily,
        kernels: Kernels,
        quantization: Quantization | None,
    ) -> None:
        self._checkpoint = checkpoint
        self._spec = spec
        self._names = family.WEIGHTS
        self._prefix = (
            family.PREFIX if f"{family.PREFIX}{family.WEIGHTS['embed']}.weight" in checkpoint else ""
        )
        self._kernels = kernels
        self._quantization: Quantization | None = quantization

    def layer(self, number: int, layer: EncoderLayerSpec) -> EncoderLayer:
        spec = self._spec
        hidden, inner = spec.hidden_size, spec.intermediate_size
        qkv = ("q", "k", "v") if "q" in self._names else ("qkv",)
        is_first = spec.pre_norm and number == 0
        return EncoderLayer(
            spec=layer,
            attention_norm=None if is_first else self.norm("attention_norm", number),
            qkv=self.linear(qkv, 3 * hidden, hidden, spec.attention_bias, number),
            o=self.linear(("o",), hidden, hidden, spec.attention_bias, number),
            mlp_norm=self.norm("mlp_norm", number),
            up=self.linear(("up",), inner * (2 if spec.is_gated else 1), hidden, spec.mlp_bias, number),
            down=self.linear(("down",), hidden, inner, spec.mlp_bias, number),
        )

    def linear(self, parts: Sequence[str], rows: int, cols: int, has_bias: bool, layer: int) -> Linear:
        """Return one layer that does the work of `parts`, which read the same input and are equally wide."""
        weight = self.matrix(parts, rows, cols, self._quantization, layer)
        if not has_bias:
            return Linear(weight, None)
        shape = (rows // len(parts),)
        return Linear(weight, np.concatenate([self.values(part, "bias", shape, layer) for part in parts]))

    def matrix(
        self,
        parts: Sequence[str],
        rows: int,
        cols: int,
        quantization: Quantization | None,
        layer: int | None = None,
    ) -> Weight:
        names = {self._name(part, "weight", layer): rows // len(parts) for part in parts}
        return pack_together(self._checkpoint, names, cols, self._kernels, quantization)

    def norm(self, part: str, layer: int | None = None) -> Norm:
        shape = (self._spec.hidden_size,)
        bias = self.values(part, "bias", shape, layer) if self._spec.norm_bias else None
        return Norm(self.values(part, "weight", shape, layer), bias)

    def values(self, part: str, suffix: str, shape: tuple[int, ...], layer: int | None = None) -> F32:
        return self._checkpoint.tensor(self._name(part, suffix, layer), shape).as_f32()

    def _name(self, part: str, suffix: str, layer: int | None) -> str:
        return f"{self._prefix}{self._names[part].format(layer=layer)}.{suffix}"
