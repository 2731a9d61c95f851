"""The one transformer: a decoder described by a DecoderSpec, run on a paged KV cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from martlet.engine.models.experts import run_experts
from martlet.engine.models.rope import RopeTable
from martlet.engine.models.weights import ExpertsWeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from martlet.engine.config import CacheDtype
    from martlet.engine.kernels import F32, Kernels, KVArray
    from martlet.engine.lora.adapter import LayerLoRA, LoRAPart
    from martlet.engine.models.spec import DecoderSpec, LayerSpec
    from martlet.engine.models.weights import DecoderWeights, LayerWeights, Linear
    from martlet.engine.runner import ModelInputs

    _LayerLoRAs: TypeAlias = Sequence[tuple[slice, LayerLoRA]]
    """Rows, and what one layer of an adapter changes for them."""


PAGE = 4096
FEW_ROWS = 32
"""Of so many the sums of gate and up are worth keeping where they were added up."""


@dataclass(frozen=True, slots=True, eq=False)
class KVCache:
    """Keys and values of every layer, in blocks of `block_size` tokens that sequences share out."""

    layers: tuple[tuple[KVArray, KVArray], ...]
    """k [num_blocks, num_kv_heads, head_dim, block_size]; v has its last two axes the other way round.

    Blocks are contiguous, one after another they are not.
    """
    block_size: int

    @property
    def nbytes(self) -> int:
        return sum(k.nbytes + v.nbytes for k, v in self.layers)


def new_cache(
    num_layers: int, num_blocks: int, num_heads: int, head_dim: int, block_size: int, dtype: np.dtype[Any]
) -> KVCache:
    """Return a cache in one piece of memory, which the system can give in huge pages as blocks are used.

    All layers of a block lie together: what few sequences use is few pages. It begins with a page: kernels
    read it by lines, and NumPy's arrays begin within one.
    """
    size = num_heads * head_dim * block_size
    memory = np.zeros(num_blocks * num_layers * 2 * size * dtype.itemsize + PAGE, np.uint8)
    start = -memory.ctypes.data % PAGE
    values = memory[start : len(memory) - PAGE + start].view(dtype).reshape(num_blocks, num_layers, 2, size)
    k_shape = (num_blocks, num_heads, head_dim, block_size)
    v_shape = (num_blocks, num_heads, block_size, head_dim)
    layers = (values[:, layer] for layer in range(num_layers))
    return KVCache(
        tuple((each[:, 0].reshape(k_shape), each[:, 1].reshape(v_shape)) for each in layers), block_size
    )


class Model:
    """A loaded model. For one thread at a time: it works in scratch space of its own."""

    def __init__(
        self,
        spec: DecoderSpec,
        weights: DecoderWeights,
        kernels: Kernels,
        context: int | None = None,
        cache_dtype: CacheDtype = "float32",
    ) -> None:
        """`context` is how many positions will be served, if not all: some ropes depend on it."""
        self.spec = spec
        self.weights = weights
        self.kernels = kernels
        self.vocab_size = spec.vocab_size
        self.max_position_embeddings = spec.max_position_embeddings
        self.num_layers = spec.num_layers
        self.num_kv_heads = spec.num_kv_heads
        self.head_dim = spec.head_dim
        self.window = spec.window
        context = min(context or spec.max_position_embeddings, spec.max_position_embeddings)
        ropes = {layer.rope for layer in spec.layers if layer.rope is not None}
        self._rope_tables = {rope: RopeTable(rope, spec.head_dim, context) for rope in ropes}
        self._scratch = _Scratch(spec)
        self.kv_dtype: np.dtype[Any] = np.dtype(np.uint16 if cache_dtype == "bfloat16" else np.float32)
        """Of the cache's arrays: bf16 is held as bit patterns."""

    def new_cache(self, num_blocks: int, block_size: int) -> KVCache:
        return new_cache(
            self.num_layers, num_blocks, self.num_kv_heads, self.head_dim, block_size, self.kv_dtype
        )

    def forward(self, inputs: ModelInputs, cache: KVCache) -> F32:
        """Compute M tokens, putting their keys and values into `cache`.

        Returns logits [R, vocab_size] for `inputs.logits_rows`, valid until the next call.
        """
        hidden = self.hidden_states(inputs, cache)
        logits = self._scratch.logits(len(hidden))
        if len(hidden):
            self.kernels.linear(hidden, self.weights.head, logits)
            if self.spec.logit_divisor != 1:
                logits /= np.float32(self.spec.logit_divisor)
            if self.spec.logit_soft_cap:
                self.kernels.soft_cap(logits, self.spec.logit_soft_cap)
        return logits

    def hidden_states(self, inputs: ModelInputs, cache: KVCache) -> F32:
        """Compute M tokens as `forward` does; return the final hidden states [R, hidden_size]."""
        scratch = self._scratch.views(len(inputs.token_ids))
        self.kernels.embed(self.weights.embed, inputs.token_ids, scratch.hidden)
        if self.spec.embedding_scale != 1:
            scratch.hidden *= np.float32(self.spec.embedding_scale)
        cos_sin = {rope: table.covering(inputs.positions) for rope, table in self._rope_tables.items()}
        layers = zip(self.spec.layers, self.weights.layers, cache.layers, strict=True)
        for number, (spec, layer, layer_cache) in enumerate(layers):
            angles = None if spec.rope is None else cos_sin[spec.rope]
            loras = [(each.rows, each.adapter.layers[number]) for each in inputs.loras]
            self._attend(spec, layer, loras, layer_cache, inputs, angles, scratch)
            self._feed_forward(spec, layer, loras, scratch)
        hidden: F32 = scratch.hidden[inputs.logits_rows]
        if len(hidden):
            self.kernels.rms_norm(hidden, self.weights.final_norm, self.spec.rms_norm_eps, hidden)
        return hidden

    def _attend(
        self,
        spec: LayerSpec,
        layer: LayerWeights,
        loras: _LayerLoRAs,
        cache: tuple[KVArray, KVArray],
        inputs: ModelInputs,
        cos_sin: F32 | None,
        scratch: _Views,
    ) -> None:
        kernels, (k_cache, v_cache) = self.kernels, cache
        x = self._normed(layer.attention_norm, scratch)
        self._linear(x, layer.qkv, scratch.qkv)
        self._adapt("qkv", loras, x, scratch.qkv)
        if layer.q_norm is not None and layer.k_norm is not None:
            by_head = self.spec.qk_norm == "head"
            q, k = (scratch.q, scratch.k) if by_head else (scratch.q_row, scratch.k_row)
            kernels.rms_norm_heads(q, layer.q_norm, self.spec.rms_norm_eps)
            kernels.rms_norm_heads(k, layer.k_norm, self.spec.rms_norm_eps)
        if cos_sin is not None:
            kernels.rope(scratch.qk, cos_sin, inputs.positions)
        kernels.write_kv(scratch.k, scratch.v, k_cache, v_cache, inputs.slot_mapping)
        kernels.paged_attention(
            scratch.q,
            k_cache,
            v_cache,
            inputs.block_tables,
            inputs.query_start,
            inputs.context_lens,
            self.spec.attention_scale,
            (-1 if spec.window is None else spec.window - 1, 0),
            self.spec.attention_soft_cap,
            scratch.heads,
        )
        self._add_to_hidden(scratch.attended, layer.o, "o", loras, layer.attention_post_norm, scratch)

    def _feed_forward(
        self, spec: LayerSpec, layer: LayerWeights, loras: _LayerLoRAs, scratch: _Views
    ) -> None:
        x, mlp, activation = self._normed(layer.mlp_norm, scratch), layer.mlp, self.spec.activation
        if isinstance(mlp, ExpertsWeights):
            assert spec.experts is not None
            run_experts(x, mlp, spec.experts, activation, self.kernels, scratch.block)
            self._add_block(layer.mlp_post_norm, scratch)
            return
        if (
            len(x) <= FEW_ROWS
            and not loras
            and mlp.gate_up.bias is None
            and mlp.gate_up.weight.rows % 32 == 0
        ):
            self.kernels.linear_activate_mul(x, mlp.gate_up.weight, activation, scratch.activated)
        else:
            self._linear(x, mlp.gate_up, scratch.gate_up)
            self._adapt("gate_up", loras, x, scratch.gate_up)
            self.kernels.activate_mul(scratch.gate_up, activation, scratch.activated)
        self._add_to_hidden(scratch.activated, mlp.down, "down", loras, layer.mlp_post_norm, scratch)

    def _normed(self, norm: F32 | None, scratch: _Views) -> F32:
        """Return what a block reads: the hidden states, through its norm if it has one."""
        if norm is None:
            return scratch.hidden
        self.kernels.rms_norm(scratch.hidden, norm, self.spec.rms_norm_eps, scratch.normed)
        return scratch.normed

    def _linear(self, x: F32, linear: Linear, out: F32) -> None:
        self.kernels.linear(x, linear.weight, out)
        if linear.bias is not None:
            out += linear.bias

    def _adapt(self, part: LoRAPart, loras: _LayerLoRAs, x: F32, out: F32) -> None:
        """Add to `out`, which a linear layer made of `x`, what adapters change for the rows of each."""
        for rows, layer in loras:
            if (lora := layer[part]) is not None:
                lora.add(x[rows], out[rows], self.kernels)

    def _add_to_hidden(
        self,
        x: F32,
        linear: Linear,
        part: LoRAPart,
        loras: _LayerLoRAs,
        post_norm: F32 | None,
        scratch: _Views,
    ) -> None:
        if post_norm is not None or self.spec.residual_scale != 1:
            self._linear(x, linear, scratch.block)
            self._adapt(part, loras, x, scratch.block)
            self._add_block(post_norm, scratch)
            return
        self.kernels.linear_add(x, linear.weight, scratch.hidden)
        if linear.bias is not None:
            scratch.hidden += linear.bias
        self._adapt(part, loras, x, scratch.hidden)

    def _add_block(self, post_norm: F32 | None, scratch: _Views) -> None:
        """Add to the hidden states what a block made."""
        if post_norm is not None:
            self.kernels.rms_norm(scratch.block, post_norm, self.spec.rms_norm_eps, scratch.block)
        if self.spec.residual_scale != 1:
            scratch.block *= np.float32(self.spec.residual_scale)
        scratch.hidden += scratch.block


# --- scratch space ------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Views:
    """Where one step of M tokens works. q, k and v lie side by side in `qkv`."""

    hidden: F32  # [M, hidden_size]
    normed: F32  # [M, hidden_size]; what a block reads
    block: F32  # [M, hidden_size]; what it makes, unless that is added at once
    qkv: F32  # [M, q_size + 2 * kv_size]
    qk: F32  # [M, num_heads + num_kv_heads, head_dim]
    q: F32  # [M, num_heads, head_dim]
    q_row: F32  # [M, 1, q_size], the same memory
    k: F32  # [M, num_kv_heads, head_dim]
    k_row: F32  # [M, 1, kv_size], the same memory
    v: F32  # [M, num_kv_heads, head_dim]
    heads: F32  # [M, num_heads, head_dim]
    attended: F32  # [M, q_size], the same memory
    gate_up: F32  # [M, 2 * intermediate_size]
    activated: F32  # [M, intermediate_size]


class _Scratch:
    """Memory for steps of any size, kept at the largest so far."""

    def __init__(self, spec: DecoderSpec) -> None:
        self._spec = spec
        self._widths = (
            spec.hidden_size,
            spec.hidden_size,
            spec.hidden_size,
            spec.q_size + 2 * spec.kv_size,
            spec.q_size,
            2 * spec.intermediate_size,
            spec.intermediate_size,
        )
        self._buffers = [np.empty((0, width), np.float32) for width in self._widths]
        self._logits = np.empty((0, spec.vocab_size), np.float32)
        self._views: _Views | None = None

    def views(self, num_tokens: int) -> _Views:
        if self._views is None or len(self._views.hidden) != num_tokens:
            if num_tokens > len(self._buffers[0]):
                self._buffers = [np.empty((num_tokens, width), np.float32) for width in self._widths]
            self._views = self._lay_out(num_tokens)
        return self._views

    def logits(self, num_rows: int) -> F32:
        if num_rows > len(self._logits):
            self._logits = np.empty((num_rows, self._spec.vocab_size), np.float32)
        return self._logits[:num_rows]

    def _lay_out(self, num_tokens: int) -> _Views:
        spec = self._spec
        hidden, normed, block, qkv, attended, gate_up, activated = (
            buffer[:num_tokens] for buffer in self._buffers
        )
        by_head = qkv.reshape(num_tokens, -1, spec.head_dim)
        q_end, k_end = spec.num_heads, spec.num_heads + spec.num_kv_heads
        return _Views(
            hidden=hidden,
            normed=normed,
            block=block,
            qkv=qkv,
            qk=by_head[:, :k_end],
            q=by_head[:, :q_end],
            q_row=qkv[:, None, : spec.q_size],
            k=by_head[:, q_end:k_end],
            k_row=qkv[:, None, spec.q_size : spec.q_size + spec.kv_size],
            v=by_head[:, k_end:],
            heads=attended.reshape(num_tokens, -1, spec.head_dim),
            attended=attended,
            gate_up=gate_up,
            activated=activated,
        )
