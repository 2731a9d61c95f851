"""Make a random-weight Llama of a real model's shape, to measure speed where nothing can be downloaded.

    python -m benchmarks.random_llama FOLDER [--shape 1b] [--gguf]

Writes a Hugging Face folder (bf16), and with --gguf the same weights for llama.cpp: FOLDER/model-bf16.gguf,
and what llama.cpp makes of it in f16, q8_0 and q4_0. This needs `pip install gguf llama-cpp-python`. The text
such a model writes is noise; its speed is that of the real shape.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

SMOLLM2_135M: dict[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "head_dim": 64,
    "vocab_size": 32000,
    "max_position_embeddings": 8192,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "bos_token_id": 1,
    "eos_token_id": 2,
}
"""SmolLM2-135M's shape with a vocabulary of 32000: 124.6 M weights."""
LLAMA_1B: dict[str, Any] = SMOLLM2_135M | {
    "hidden_size": 2048,
    "intermediate_size": 8192,
    "num_hidden_layers": 16,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "rope_theta": 500000.0,
}
"""Llama 3.2 1B's shape: 1236 M weights, 2.5 GB."""
TINY: dict[str, Any] = SMOLLM2_135M | {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 32,
    "vocab_size": 1024,
    "max_position_embeddings": 2048,
}
"""Hardly a model, so that what a server does itself shows. vLLM wants heads of 32 at least."""
SHAPES = {"135m": SMOLLM2_135M, "1b": LLAMA_1B}
PAGES = Path(__file__).parent.parent / "docs"
GGUF_TYPES = {"f16": 1, "q8_0": 7, "q4_0": 2}
"""llama.cpp's numbers for the types of whole files."""
SEED = 20261123
INITIAL_STD = 0.02


def bf16_bits(values: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """Round float32 to the nearest bf16, ties to even; returned as bit patterns."""
    bits = values.view(np.uint32)
    rounded = bits + 0x7FFF + ((bits >> 16) & 1)
    return (rounded >> 16).astype(np.uint16)


def make_tensors(config: dict[str, Any]) -> dict[str, np.ndarray[Any, np.dtype[np.uint16]]]:
    """All weights of the shape, as bf16 bit patterns, under their Hugging Face names."""
    random = np.random.default_rng(SEED)
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    queries = config["num_attention_heads"] * config["head_dim"]
    keys = config["num_key_value_heads"] * config["head_dim"]

    def matrix(rows: int, columns: int) -> np.ndarray[Any, np.dtype[np.uint16]]:
        return bf16_bits(random.standard_normal((rows, columns), dtype=np.float32) * INITIAL_STD)

    ones = bf16_bits(np.ones(hidden, dtype=np.float32))
    tensors = {"model.embed_tokens.weight": matrix(config["vocab_size"], hidden), "model.norm.weight": ones}
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}"
        tensors |= {
            f"{prefix}.input_layernorm.weight": ones,
            f"{prefix}.post_attention_layernorm.weight": ones,
            f"{prefix}.self_attn.q_proj.weight": matrix(queries, hidden),
            f"{prefix}.self_attn.k_proj.weight": matrix(keys, hidden),
            f"{prefix}.self_attn.v_proj.weight": matrix(keys, hidden),
            f"{prefix}.self_attn.o_proj.weight": matrix(hidden, queries),
            f"{prefix}.mlp.gate_proj.weight": matrix(inner, hidden),
            f"{prefix}.mlp.up_proj.weight": matrix(inner, hidden),
            f"{prefix}.mlp.down_proj.weight": matrix(hidden, inner),
        }
    return tensors


def write_safetensors(path: Path, tensors: dict[str, np.ndarray[Any, np.dtype[np.uint16]]]) -> None:
    """NumPy has no bf16, so the file is written by hand: header length, JSON header, then the data."""
    header: dict[str, Any] = {}
    offset = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": "BF16",
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    with path.open("wb") as file:
        file.write(len(encoded).to_bytes(8, "little"))
        file.write(encoded)
        for tensor in tensors.values():
            file.write(tensor.tobytes())


def write_tokenizer(folder: Path, vocab_size: int) -> None:
    """A word per id: enough to serve a model whose text means nothing."""
    vocabulary = {"<unk>": 0, "<s>": 1, "</s>": 2} | {f"w{index}": index for index in range(3, vocab_size)}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [
            {
                "id": index, "content": token, "special": True,
                "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
            }
            for index, token in enumerate(["<unk>", "<s>", "</s>"])
        ],
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"},
    }  # fmt: skip
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    (folder / "tokenizer_config.json").write_text(json.dumps({"bos_token": "<s>", "eos_token": "</s>"}))


def write_bpe_tokenizer(folder: Path, vocab_size: int) -> None:
    """Write a byte-level BPE tokenizer, learned from this project's pages: any token is ASCII text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False
    )
    pages = (path.read_text().encode("ascii", "ignore").decode() for path in sorted(PAGES.glob("*.md")))
    tokenizer.train_from_iterator(pages, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def write_folder(folder: Path, config: dict[str, Any]) -> dict[str, np.ndarray[Any, np.dtype[np.uint16]]]:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = make_tensors(config)
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    write_tokenizer(folder, config["vocab_size"])
    write_safetensors(folder / "model.safetensors", tensors)
    return tensors


def write_gguf(
    path: Path, config: dict[str, Any], tensors: dict[str, np.ndarray[Any, np.dtype[np.uint16]]]
) -> None:
    """The same weights for llama.cpp, whose rope wants the rows of q and k interleaved."""
    import gguf

    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("random")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("llama")
    words = ["<unk>", "<s>", "</s>", *(f"w{index}" for index in range(3, config["vocab_size"]))]
    writer.add_token_list(words)
    writer.add_token_scores([0.0] * len(words))
    writer.add_token_types([2, 3, 3, *[1] * (len(words) - 3)])
    for name, tensor in tensors.items():
        if name.endswith(("q_proj.weight", "k_proj.weight")):
            tensor = interleaved(tensor, config["head_dim"])
        is_norm = tensor.ndim == 1
        data = (tensor.astype(np.uint32) << 16).view(np.float32) if is_norm else tensor.view(np.uint8)
        kind = None if is_norm else gguf.GGMLQuantizationType.BF16
        writer.add_tensor(gguf_name(name), data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def interleaved(
    weight: np.ndarray[Any, np.dtype[np.uint16]], head_dim: int
) -> np.ndarray[Any, np.dtype[np.uint16]]:
    rows, columns = weight.shape
    halves = weight.reshape(rows // head_dim, 2, head_dim // 2, columns)
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, columns))


GGUF_NAMES = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def gguf_name(name: str) -> str:
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    layer, _, part = name.removeprefix("model.layers.").partition(".")
    return f"blk.{layer}.{GGUF_NAMES[part.removesuffix('.weight')]}.weight"


def convert_gguf(path: Path, target: Path, file_type: int) -> None:
    """Let llama.cpp convert a file, as its users do: under q4_0 it keeps the output matrix in more bits."""
    import llama_cpp

    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = file_type
    status = llama_cpp.llama_model_quantize(str(path).encode(), str(target).encode(), parameters)
    if status != 0:
        raise RuntimeError(f"llama.cpp could not write {target}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shape", choices=SHAPES, default="135m")
    parser.add_argument("--gguf", action="store_true")
    arguments = parser.parse_args()
    config = SHAPES[arguments.shape]
    tensors = write_folder(arguments.folder, config)
    if arguments.gguf:
        path = arguments.folder / "model-bf16.gguf"
        write_gguf(path, config, tensors)
        for name, file_type in GGUF_TYPES.items():
            convert_gguf(path, arguments.folder / f"model-{name}.gguf", file_type)


if __name__ == "__main__":
    main()
