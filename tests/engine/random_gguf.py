"""GGUF files of tiny Llamas with weights from a seed, in any kind of quantization: the same bytes everywhere.

llama.cpp's answers to them are in tests/fixtures/gguf; scripts/make_gguf_goldens.py makes those.
"""

from __future__ import annotations

import math
import zlib
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from tests.engine.models.random_checkpoint import random_tensor

HIDDEN, INNER, HEADS, KV_HEADS, LAYERS, VOCAB = 256, 512, 4, 2, 1, 256
"""Rows of K-quants are made of blocks of 256."""
KINDS = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K")
PROMPT = [5, 170, 33, 211]
NUM_ROWS = 4
NUM_GREEDY = 16

_SEED = 11


def write_random_gguf(
    path: Path, kind: str, hidden: int = HIDDEN, inner: int = INNER, layers: int = LAYERS, vocab: int = VOCAB
) -> Path:
    """Write a model whose matrices are all of one kind. It has no tokenizer."""
    shapes = {
        "attn_q": (hidden, hidden),
        "attn_k": (hidden * KV_HEADS // HEADS, hidden),
        "attn_v": (hidden * KV_HEADS // HEADS, hidden),
        "attn_output": (hidden, hidden),
        "ffn_gate": (inner, hidden),
        "ffn_up": (inner, hidden),
        "ffn_down": (hidden, inner),
    }
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(256)
    writer.add_embedding_length(hidden)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(hidden // HEADS)
    writer.add_vocab_size(vocab)
    writer.add_tokenizer_model("no_vocab")
    for name in ("token_embd", "output"):
        add_matrix(writer, f"{name}.weight", (vocab, hidden), kind)
    add_norm(writer, "output_norm.weight", hidden)
    for layer in range(layers):
        for name, shape in shapes.items():
            add_matrix(writer, f"blk.{layer}.{name}.weight", shape, kind)
        for name in ("attn_norm", "ffn_norm"):
            add_norm(writer, f"blk.{layer}.{name}.weight", hidden)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def add_norm(writer: Any, name: str, size: int) -> None:
    writer.add_tensor(name, random_tensor(name, (size,), _SEED).astype(np.float32))


def add_matrix(writer: Any, name: str, shape: tuple[int, int], kind: str) -> None:
    number = gguf.GGMLQuantizationType[kind]
    if kind.endswith("_K") or math.prod(shape) > _SLOW:
        data = random_blocks(name, shape, kind)
    else:
        data = gguf.quants.quantize(random_tensor(name, shape, _SEED).astype(np.float32), number)
    writer.add_tensor(name, data, raw_dtype=number)


def random_blocks(name: str, shape: tuple[int, int], kind: str) -> Any:
    """Return blocks of random integers: nothing but llama.cpp itself can quantize to most of these kinds.

    Their scales are such that numbers lie around 0, and are of the size that random_tensor gives.
    """
    block_size, num_bytes = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]]
    count = math.prod(shape) // block_size
    raw = np.random.PCG64([_SEED, zlib.crc32(name.encode())]).random_raw(count * num_bytes)
    blocks = (raw >> np.uint64(56)).astype(np.uint8).reshape(count, num_bytes)
    size = 1.7 * shape[-1] ** -0.5
    at, spread, least = _SCALES[kind]
    blocks[:, at : at + 2].view(np.float16)[:] = size / spread
    if least:
        blocks[:, at + 2 : at + 4].view(np.float16)[:] = size / spread * least
    return blocks.reshape(shape[0], -1)


_SLOW = 2**18
"""Numbers that take too long to quantize."""
_SCALES = {
    "Q8_0": (0, 127.0, 0.0),
    "Q2_K": (80, 15.0, 1.5),
    "Q3_K": (108, 40.0, 0.0),
    "Q4_K": (0, 225.0, 7.5),
    "Q5_K": (0, 450.0, 15.5),
    "Q6_K": (208, 1370.0, 0.0),
}
"""Where a block has its float16 scale; what numbers come to without it; their offset's share of it."""
