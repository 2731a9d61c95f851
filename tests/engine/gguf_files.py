"""GGUF files made from Hugging Face folders, as llama.cpp's converter makes them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gguf
import numpy as np

from martlet.engine.checkpoint import Checkpoint, load_checkpoint

NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_proj": "attn_k",
    "self_attn.k_norm": "attn_k_norm",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}

FIXTURES = Path(__file__).parents[1] / "fixtures"

SENTENCEPIECE = ("tiny-llama1", "tiny-llama2", "tiny-tinyllama")
TOKENIZER_NAMES = (
    "llama-bpe", "dbrx", "smaug-bpe", "qwen2", "tekken", "gpt-4o", "smollm", "refact", "starcoder", "gpt-2",
    "olmo", *SENTENCEPIECE,
)  # fmt: skip
"""Values of tokenizer.ggml.pre, and folders whose tokenizer is SentencePiece's."""
TOKENIZED_TEXTS = (
    "",
    "The quick brown fox jumps over 12345 lazy dogs.",
    "  two spaces, (brackets) and\n\nnew lines\t.\r\n  ",
    "caf\u00e9 na\u00efve \u6f22\u5b57 \U0001f642",
    "it's WE'LL they'd IsCamelCase HTTPServer/path//x",
    "<|begin|>inside<|end|> and after</s> it",
)


def write_tokenizer_gguf(path: Path, name: str) -> Path:
    """Write a file with one of the tokenizers, in which it matters how texts are split."""
    if name in SENTENCEPIECE:
        return write_gguf(FIXTURES / name, path)
    wholes = (
        "12345",
        "it's",
        "WE'LL",
        "IsCamelCase",
        "HTTPServer",
        "/path//x",
        "lazy",
        " dogs.",
        "\n\nnew",
        "  ",
    )
    tokens = sorted(byte_letters().values())
    merges = []
    for whole in ("".join(byte_letters()[byte] for byte in text.encode()) for text in wholes):
        for end in range(1, len(whole)):
            if whole[: end + 1] not in tokens:
                merges.append(f"{whole[:end]} {whole[end]}")
                tokens.append(whole[: end + 1])
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(name)
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * len(tokens))
    writer.add_token_merges(merges)
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def byte_letters() -> dict[int, str]:
    """Return the letter of each byte in byte-level vocabularies: itself, if it can be printed."""
    printed = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = [byte for byte in range(256) if byte not in printed]
    return {byte: chr(byte) for byte in printed} | {byte: chr(256 + i) for i, byte in enumerate(others)}


def write_gguf(
    folder: Path,
    path: Path,
    kind: str = "F32",
    pre: str = "llama-bpe",
    *,
    kinds: Mapping[str, str] = MappingProxyType({}),
    without: Collection[str] = (),
    eot_token_id: int | None = None,
    **changes: Any,
) -> Path:
    """Write a folder's model as one file.

    `kind` is how matrices are stored, `kinds` how those of some names are; tensors `without` are left out.
    `changes` are of config.json.
    """
    checkpoint = load_checkpoint(folder)
    config = checkpoint.config | changes
    writer = gguf.GGUFWriter(path, config["model_type"])
    write_config(writer, config)
    if (folder / "tokenizer.json").is_file():
        write_tokenizer(writer, folder, config, pre)
    if eot_token_id is not None:
        writer.add_eot_token_id(eot_token_id)
    write_tensors(writer, checkpoint, config, kind, kinds, without)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_config(writer: gguf.GGUFWriter, config: dict[str, Any]) -> None:
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config.get("num_key_value_heads", config["num_attention_heads"]))
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(rope_of(config).get("rope_theta", 10000.0))
    writer.add_vocab_size(config["vocab_size"])
    writer.add_rope_dimension_count(head_dim_of(config))
    writer.add_key_length(head_dim_of(config))
    writer.add_value_length(head_dim_of(config))
    rope = rope_of(config)
    if rope.get("rope_type") in ("linear", "yarn"):
        writer.add_rope_scaling_type(gguf.RopeScalingType(rope["rope_type"]))
        writer.add_rope_scaling_factor(rope["factor"])
        if "original_max_position_embeddings" in rope:
            writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])


def head_dim_of(config: dict[str, Any]) -> int:
    head_dim: int = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    return head_dim


def rope_of(config: dict[str, Any]) -> dict[str, Any]:
    theta = {"rope_theta": config.get("rope_theta", 10000.0)}
    scaling = config.get("rope_scaling") or config.get("rope_parameters") or {}
    return theta | {"rope_type": scaling.get("type")} | scaling


def write_tokenizer(writer: gguf.GGUFWriter, folder: Path, config: dict[str, Any], pre: str) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    model, vocab_size = tokenizer["model"], config["vocab_size"]
    tokens = {id: token for token, id in model["vocab"].items()}
    merges = [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in model["merges"]]
    types = {id: gguf.TokenType.NORMAL for id in tokens}
    if model["byte_fallback"]:
        types |= {id: gguf.TokenType.BYTE for id, token in tokens.items() if token.startswith("<0x")}
    for added in tokenizer["added_tokens"]:
        tokens[added["id"]] = added["content"]
        kind = gguf.TokenType.CONTROL if added["special"] else gguf.TokenType.USER_DEFINED
        types[added["id"]] = gguf.TokenType.UNKNOWN if added["content"] == "<unk>" else kind
    writer.add_tokenizer_model("llama" if model["byte_fallback"] else "gpt2")
    writer.add_token_list([tokens.get(id, f"[PAD{id}]") for id in range(vocab_size)])
    writer.add_token_types([types.get(id, gguf.TokenType.UNUSED) for id in range(vocab_size)])
    if model["byte_fallback"]:
        scores = {left + right: -float(rank) for rank, (left, right) in enumerate(merges)}
        writer.add_token_scores([scores.get(tokens.get(id, ""), -1000.0) for id in range(vocab_size)])
    else:
        writer.add_tokenizer_pre(pre)
        writer.add_token_merges([" ".join(merge) for merge in merges])
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    template = folder / "chat_template.jinja"
    source = template.read_text(encoding="utf-8") if template.is_file() else settings.get("chat_template")
    if source is not None:
        writer.add_chat_template(source)


def write_tensors(
    writer: gguf.GGUFWriter,
    checkpoint: Checkpoint,
    config: dict[str, Any],
    kind: str,
    kinds: Mapping[str, str],
    without: Collection[str],
) -> None:
    if rope_of(config).get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(config))
    for name in checkpoint.names():
        if name.endswith("inv_freq"):
            continue
        values = stored_values(checkpoint, name)
        if config["model_type"] == "llama" and (".q_proj." in name or ".k_proj." in name):
            values = interleaved(values, head_dim_of(config))
        stored = gguf_name(name)
        if stored in without:
            continue
        if values.ndim == 1:
            writer.add_tensor(stored, values)
            continue
        kind_of = gguf.GGMLQuantizationType[kinds.get(stored.split(".")[-2], kind)]
        writer.add_tensor(stored, gguf.quants.quantize(values, kind_of), raw_dtype=kind_of)


def stored_values(checkpoint: Checkpoint, name: str) -> Any:
    entry = checkpoint._files[name].entries[name]  # type: ignore[attr-defined]  # of safetensors
    return checkpoint.tensor(name, entry.shape).as_f32()


def interleaved(values: Any, head_dim: int) -> Any:
    """Return rows in the order in which llama.cpp turns them: the two numbers of a pair together."""
    halves = values.reshape(-1, 2, head_dim // 2, *values.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2)).reshape(values.shape)


def llama3_factors(config: dict[str, Any]) -> Any:
    """Return what the frequencies are divided by: long waves by all of `factor`, short ones by 1."""
    rope, head_dim = rope_of(config), head_dim_of(config)
    waves = 2 * np.pi * rope["rope_theta"] ** (np.arange(0, head_dim, 2) / head_dim)
    turns = rope["original_max_position_embeddings"] / waves
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    share = np.clip((turns - low) / (high - low), 0, 1)
    return (1 / ((1 - share) / rope["factor"] + share)).astype(np.float32)


def gguf_name(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    if not stem.startswith("model.layers."):
        return f"{NAMES[stem]}.{suffix}"
    layer, _, part = stem.removeprefix("model.layers.").partition(".")
    return f"blk.{layer}.{NAMES[part]}.{suffix}"
