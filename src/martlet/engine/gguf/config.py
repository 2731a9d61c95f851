"""A GGUF file's settings in the words of Hugging Face's config.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from martlet.engine.gguf.file import GGUFFile
from martlet.errors import CheckpointError

ROPE_FACTORS = "rope_freqs.weight"
"""Tensor of what each frequency is divided by: how Llama 3.1's scaling is stored."""

SAMPLED_LAST = ("eos", "eot", "eom")
"""Roles of tokens that end a reply: of the text, the turn and the message."""


@dataclass(frozen=True)
class Architecture:
    """One of general.architecture's, and what Hugging Face calls it."""

    architecture: str
    has_interleaved_heads: bool = False
    """Whether the rows of q and k are stored in the order in which llama.cpp turns them, pairs together."""


ARCHITECTURES = {
    "llama": Architecture("LlamaForCausalLM", has_interleaved_heads=True),
    "qwen2": Architecture("Qwen2ForCausalLM"),
    "qwen3": Architecture("Qwen3ForCausalLM"),
}
"""Keys are also Hugging Face's model_type."""

_KNOWN_KEYS = {
    "attention.head_count",
    "attention.head_count_kv",
    "attention.key_length",
    "attention.layer_norm_rms_epsilon",
    "attention.value_length",
    "block_count",
    "context_length",
    "embedding_length",
    "feed_forward_length",
    "rope.dimension_count",
    "rope.freq_base",
    "rope.scaling.factor",
    "rope.scaling.finetuned",
    "rope.scaling.original_context_length",
    "rope.scaling.type",
    "tensor_data_layout",
    "vocab_size",
}


def hf_config(file: GGUFFile) -> dict[str, Any]:
    """Return what config.json would say of the model in a file.

    Raises CheckpointError for an architecture or a setting that is not supported.
    """
    name = file.get("general.architecture", str)
    if name not in ARCHITECTURES:
        raise file.error("general.architecture", f"is {name!r}; supported: {', '.join(ARCHITECTURES)}")
    settings = _Settings(file, name)
    settings.require_known()
    hidden, heads = settings.size("embedding_length"), settings.size("attention.head_count")
    head_dim = settings.size("attention.key_length", hidden // heads)
    for key in ("attention.value_length", "rope.dimension_count"):
        if settings.size(key, head_dim) != head_dim:
            raise settings.error(key, f"must be the size of a head, {head_dim}")
    return {
        "model_type": name,
        "architectures": [ARCHITECTURES[name].architecture],
        "vocab_size": _vocab_size(file),
        "hidden_size": hidden,
        "intermediate_size": settings.size("feed_forward_length"),
        "num_hidden_layers": settings.size("block_count"),
        "num_attention_heads": heads,
        "num_key_value_heads": settings.size("attention.head_count_kv", heads),
        "head_dim": head_dim,
        "hidden_act": "silu",
        "max_position_embeddings": settings.size("context_length"),
        "rms_norm_eps": settings.number("attention.layer_norm_rms_epsilon"),
        "rope_parameters": _rope_parameters(settings),
        "tie_word_embeddings": "output.weight" not in file.tensors,
        "attention_bias": name != "qwen2" and "blk.0.attn_q.bias" in file.tensors,
        "mlp_bias": "blk.0.ffn_up.bias" in file.tensors,
        "eos_token_id": end_token_ids(file),
    }


def end_token_ids(file: GGUFFile) -> list[int]:
    """Return the ids that end a reply."""
    keys = [f"tokenizer.ggml.{role}_token_id" for role in SAMPLED_LAST]
    return list(dict.fromkeys(file.get(key, int) for key in keys if key in file.metadata))


class _Settings:
    """The metadata of a file's architecture, whose keys begin with its name."""

    def __init__(self, file: GGUFFile, architecture: str) -> None:
        self.file = file
        self._prefix = f"{architecture}."

    def require_known(self) -> None:
        """Raise CheckpointError for a setting that says something and would not be acted on."""
        for key, value in self.file.metadata.items():
            if key.startswith(self._prefix) and key.removeprefix(self._prefix) not in _KNOWN_KEYS and value:
                raise self.file.error(key, f"is {value!r:.80}, which is not supported")

    def size(self, key: str, default: int | None = None) -> int:
        value = self.file.get(self._prefix + key, int, default)
        if value < 1:
            raise self.error(key, f"must be above 0, got {value}")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        return self.file.get(self._prefix + key, float, default)

    def text(self, key: str, default: str) -> str:
        return self.file.get(self._prefix + key, str, default)

    def error(self, key: str, problem: str) -> CheckpointError:
        return self.file.error(self._prefix + key, problem)


def _vocab_size(file: GGUFFile) -> int:
    if "token_embd.weight" not in file.tensors:
        raise CheckpointError(
            f"{file.path} has no tensor 'token_embd.weight': is it a model that makes text?"
        )
    return file.shape("token_embd.weight")[0]


def _rope_parameters(settings: _Settings) -> dict[str, Any]:
    theta = {"rope_theta": settings.number("rope.freq_base", 10000.0)}
    kind = settings.text("rope.scaling.type", "none")
    context = settings.size("context_length")
    if ROPE_FACTORS in settings.file.tensors:
        if kind != "none":
            raise settings.error("rope.scaling.type", f"is {kind!r} beside {ROPE_FACTORS}")
        factors = settings.file.dequantized(ROPE_FACTORS).reshape(-1).tolist()
        # The kind whose frequencies have factors of their own; here the same for all lengths.
        return theta | {
            "rope_type": "longrope",
            "short_factor": factors,
            "long_factor": factors,
            "attention_factor": 1.0,
            "original_max_position_embeddings": context,
        }
    if kind == "none":
        return theta
    if kind not in ("linear", "yarn"):
        raise settings.error("rope.scaling.type", f"is {kind!r}; supported: none, linear, yarn")
    scaling = theta | {"rope_type": kind, "factor": settings.number("rope.scaling.factor")}
    if kind == "yarn":
        original = settings.size("rope.scaling.original_context_length", context)
        scaling["original_max_position_embeddings"] = original
    return scaling
