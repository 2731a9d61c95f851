"""The one transformer: a decoder described by a DecoderSpec, run on a paged KV cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from martlet.engine.models.rope import RopeTable

if TYPE_CHECKING:
    from martlet.engine.kernels import F32, Kernels
    from martlet.engine.models.spec import DecoderSpec
    from martlet.engine.models.weights import DecoderWeights, LayerWeights, Linear
    from martlet.engine.runner import ModelInputs


@dataclass(frozen=True, slots=True, eq=False)
class KVCache:
    """Keys and values of every layer, in blocks of `block_size` tokens that sequences share out."""

    layers: tuple[tuple[F32, F32], ...]
    """k [num_blocks, num_kv_heads, head_dim, block_size]; v has its last two axes the other way round."""
    block_size: int

    @property
    def nbytes(self) -> int:
        return sum(k.nbytes + v.nbytes for k, v in self.layers)


class Model:
    """A loaded model. For one thread at a time: it works in scratch space of its own."""

    def __init__(self, spec: DecoderSpec, weights: DecoderWeights, kernels: Kernels) -> None:
        self.spec = spec
        self.weights = weights
        self.kernels = kernels
        self.vocab_size = spec.vocab_size
        self.max_position_embeddings = spec.max_position_embeddings
        self.num_layers = spec.num_layers
        self.num_kv_heads = spec.num_kv_heads
        self.head_dim = spec.head_dim
        self._rope_table = RopeTable(spec.rope, spec.head_dim)
        self._scale = spec.head_dim**-0.5
        self._scratch = _Scratch(spec)

    def new_cache(self, num_blocks: int, block_size: int) -> KVCache:
        k_shape = (num_blocks, self.num_kv_heads, self.head_dim, block_size)
        v_shape = (num_blocks, self.num_kv_heads, block_size, self.head_dim)
        layers = [
            (np.zeros(k_shape, np.float32), np.zeros(v_shape, np.float32)) for _ in range(self.num_layers)
        ]
        return KVCache(tuple(layers), block_size)

    def forward(self, inputs: ModelInputs, cache: KVCache) -> F32:
        """Compute M tokens, putting their keys and values into `cache`.

        Returns logits [R, vocab_size] for `inputs.logits_rows`, valid until the next call.
        """
        hidden = self.hidden_states(inputs, cache)
        logits = self._scratch.logits(len(hidden))
        if len(hidden):
            self.kernels.linear(hidden, self.weights.head, logits)
        return logits

    def hidden_states(self, inputs: ModelInputs, cache: KVCache) -> F32:
        """Compute M tokens as `forward` does; return the final hidden states [R, hidden_size]."""
        scratch = self._scratch.views(len(inputs.token_ids))
        self.kernels.embed(self.weights.embed, inputs.token_ids, scratch.hidden)
        cos_sin = self._rope_table.covering(inputs.positions)
        for layer, layer_cache in zip(self.weights.layers, cache.layers, strict=True):
            self._attend(layer, layer_cache, inputs, cos_sin, scratch)
            self._feed_forward(layer, scratch)
        hidden: F32 = scratch.hidden[inputs.logits_rows]
        if len(hidden):
            self.kernels.rms_norm(hidden, self.weights.final_norm, self.spec.rms_norm_eps, hidden)
        return hidden

    def _attend(
        self, layer: LayerWeights, cache: tuple[F32, F32], inputs: ModelInputs, cos_sin: F32, scratch: _Views
    ) -> None:
        kernels, (k_cache, v_cache) = self.kernels, cache
        kernels.rms_norm(scratch.hidden, layer.input_norm, self.spec.rms_norm_eps, scratch.normed)
        kernels.linear(scratch.normed, layer.qkv.weight, scratch.qkv)
        if layer.qkv.bias is not None:
            scratch.qkv += layer.qkv.bias
        kernels.rope(scratch.qk, cos_sin, inputs.positions)
        kernels.write_kv(scratch.k, scratch.v, k_cache, v_cache, inputs.slot_mapping)
        kernels.paged_attention(
            scratch.q,
            k_cache,
            v_cache,
            inputs.block_tables,
            inputs.query_start,
            inputs.context_lens,
            self._scale,
            (-1, 0),
            0.0,
            scratch.heads,
        )
        self._add_to_hidden(scratch.attended, layer.o, scratch)

    def _feed_forward(self, layer: LayerWeights, scratch: _Views) -> None:
        kernels = self.kernels
        kernels.rms_norm(scratch.hidden, layer.post_norm, self.spec.rms_norm_eps, scratch.normed)
        kernels.linear(scratch.normed, layer.gate_up.weight, scratch.gate_up)
        if layer.gate_up.bias is not None:
            scratch.gate_up += layer.gate_up.bias
        kernels.activate_mul(scratch.gate_up, "silu", scratch.activated)
        self._add_to_hidden(scratch.activated, layer.down, scratch)

    def _add_to_hidden(self, x: F32, linear: Linear, scratch: _Views) -> None:
        self.kernels.linear_add(x, linear.weight, scratch.hidden)
        if linear.bias is not None:
            scratch.hidden += linear.bias


# --- scratch space ------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Views:
    """Where one step of M tokens works. q, k and v lie side by side in `qkv`."""

    hidden: F32  # [M, hidden_size]
    normed: F32  # [M, hidden_size]
    qkv: F32  # [M, q_size + 2 * kv_size]
    qk: F32  # [M, num_heads + num_kv_heads, head_dim]
    q: F32  # [M, num_heads, head_dim]
    k: F32  # [M, num_kv_heads, head_dim]
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
        hidden, normed, qkv, attended, gate_up, activated = (buffer[:num_tokens] for buffer in self._buffers)
        by_head = qkv.reshape(num_tokens, -1, spec.head_dim)
        q_end, k_end = spec.num_heads, spec.num_heads + spec.num_kv_heads
        return _Views(
            hidden=hidden,
            normed=normed,
            qkv=qkv,
            qk=by_head[:, :k_end],
            q=by_head[:, :q_end],
            k=by_head[:, q_end:k_end],
            v=by_head[:, k_end:],
            heads=attended.reshape(num_tokens, -1, spec.head_dim),
            attended=attended,
            gate_up=gate_up,
            activated=activated,
        )
