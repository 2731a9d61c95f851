"""A GGUF file's settings in the words of Hugging Face's config.json.

Source: llama.cpp, conversion/*.py, for what its converter writes, and src/models/*.cpp for what it takes as
given where a file is silent (November 2026).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from martlet.engine.gguf.file import GGUFFile
from martlet.errors import CheckpointError

ROPE_FACTORS = "rope_freqs.weight"
"""Tensor of what each frequency is divided by: how Llama 3.1's scaling is stored."""
LONG_FACTORS, SHORT_FACTORS = "rope_factors_long.weight", "rope_factors_short.weight"
"""The same for longrope, of texts above the original context and of others."""
SETTING_TENSORS = (ROPE_FACTORS, LONG_FACTORS, SHORT_FACTORS)
"""Tensors that are settings."""

SAMPLED_LAST = ("eos", "eot", "eom")
"""Roles of tokens that end a reply: of the text, the turn and the message."""

_COMMON_KEYS = {
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
    "rope.scaling.yarn_beta_fast",
    "rope.scaling.yarn_beta_slow",
    "tensor_data_layout",
    "vocab_size",
}
_EXPERT_KEYS = frozenset({"expert_count", "expert_used_count"})
_WINDOW_KEYS = frozenset({"attention.sliding_window", "attention.sliding_window_pattern"})
_SOFTMAX_GATE = 1
"""What expert_gating_func calls the way in which all of these models share out their experts."""


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """One of general.architecture's, and how Hugging Face says the same."""

    model_type: str
    architecture: str
    settings: Callable[[_Settings], dict[str, Any]] = lambda _: {}
    """What config.json says beyond what all have in common."""
    keys: frozenset[str] = frozenset()
    """Metadata that `settings` acts on."""
    has_interleaved_heads: bool = False
    """Whether the rows of q and k are stored in the order in which llama.cpp turns them, pairs together."""
    norm_offset: float = 0.0
    """What norms are more in a file than in Hugging Face's checkpoint."""


def hf_config(file: GGUFFile) -> dict[str, Any]:
    """Return what config.json would say of the model in a file.

    Raises CheckpointError for an architecture or a setting that is not supported.
    """
    architecture = architecture_of(file)
    settings = _Settings(file)
    settings.require_known(_COMMON_KEYS | architecture.keys)
    config = {
        "model_type": architecture.model_type,
        "architectures": [architecture.architecture],
        "hidden_size": settings.size("embedding_length"),
        "intermediate_size": settings.size("feed_forward_length"),
        "num_hidden_layers": settings.size("block_count"),
        "num_attention_heads": settings.size("attention.head_count"),
        "num_key_value_heads": settings.size(
            "attention.head_count_kv", settings.size("attention.head_count")
        ),
        "head_dim": settings.head_dim,
        "max_position_embeddings": settings.size("context_length"),
        "rms_norm_eps": settings.number("attention.layer_norm_rms_epsilon"),
        "rope_parameters": _rope_parameters(settings),
        "vocab_size": _vocab_size(file),
        "tie_word_embeddings": "output.weight" not in file.tensors,
        "attention_bias": architecture.model_type != "qwen2" and "blk.0.attn_q.bias" in file.tensors,
        "mlp_bias": "blk.0.ffn_up.bias" in file.tensors,
        "eos_token_id": end_token_ids(file),
    }
    return config | architecture.settings(settings)


def architecture_of(file: GGUFFile) -> Architecture:
    """Return what a file's model is. Raises CheckpointError if it is not supported."""
    name = file.get("general.architecture", str)
    if name not in ARCHITECTURES:
        raise file.error("general.architecture", f"is {name!r}; supported: {', '.join(ARCHITECTURES)}")
    if name == "llama" and file.metadata.get("llama.expert_count"):
        return _MIXTRAL
    return ARCHITECTURES[name]


def end_token_ids(file: GGUFFile) -> list[int]:
    """Return the ids that end a reply."""
    keys = [f"tokenizer.ggml.{role}_token_id" for role in SAMPLED_LAST]
    return list(dict.fromkeys(file.get(key, int) for key in keys if key in file.metadata))


class _Settings:
    """The metadata of a file's architecture, whose keys begin with its name."""

    def __init__(self, file: GGUFFile) -> None:
        self.file = file
        self._prefix = f"{file.get('general.architecture', str)}."

    @property
    def head_dim(self) -> int:
        default = self.size("embedding_length") // self.size("attention.head_count")
        head_dim = self.size("attention.key_length", max(1, default))
        if self.size("attention.value_length", head_dim) != head_dim:
            raise self.error("attention.value_length", f"must be that of keys, {head_dim}")
        return head_dim

    def require_known(self, known: set[str]) -> None:
        """Raise CheckpointError for a setting that says something and would not be acted on."""
        for key, value in self.file.metadata.items():
            if key.startswith(self._prefix) and key.removeprefix(self._prefix) not in known and value:
                raise self.file.error(key, f"is {value!r:.80}, which is not supported")

    def size(self, key: str, default: int | None = None) -> int:
        value = self.file.get(self._prefix + key, int, default)
        if value < 1:
            raise self.error(key, f"must be above 0, got {value}")
        return value

    def count(self, key: str, default: int = 0) -> int:
        """Return a whole number that may be 0."""
        return self.file.get(self._prefix + key, int, default)

    def number(self, key: str, default: float | None = None) -> float:
        return self.file.get(self._prefix + key, float, default)

    def text(self, key: str, default: str) -> str:
        return self.file.get(self._prefix + key, str, default)

    def get(self, key: str) -> Any:
        """Return a value of whatever kind, None if there is none."""
        return self.file.metadata.get(self._prefix + key)

    def error(self, key: str, problem: str) -> CheckpointError:
        return self.file.error(self._prefix + key, problem)


def _vocab_size(file: GGUFFile) -> int:
    if "token_embd.weight" not in file.tensors:
        raise CheckpointError(
            f"{file.path} has no tensor 'token_embd.weight': is it a model that makes text?"
        )
    return file.tensors["token_embd.weight"].shape[0]


# --- positions ----------------------------------------------------------------------------------------


def _rope_parameters(settings: _Settings) -> dict[str, Any]:
    head_dim = settings.head_dim
    dim = settings.size("rope.dimension_count", head_dim)
    rope: dict[str, Any] = {"rope_theta": settings.number("rope.freq_base", 10000.0)}
    if dim != head_dim:
        rope["partial_rotary_factor"] = dim / head_dim
    return rope | _rope_scaling(settings)


def _rope_scaling(settings: _Settings) -> dict[str, Any]:
    kind = settings.text("rope.scaling.type", "none")
    context = settings.size("context_length")
    original = settings.size("rope.scaling.original_context_length", context)
    tensors = settings.file.tensors
    if ROPE_FACTORS in tensors:
        if kind != "none":
            raise settings.error("rope.scaling.type", f"is {kind!r} beside {ROPE_FACTORS}")
        # The kind whose frequencies have factors of their own; here the same for all lengths.
        return _longrope(settings, ROPE_FACTORS, ROPE_FACTORS, context)
    if LONG_FACTORS in tensors and SHORT_FACTORS in tensors:
        if kind not in ("none", "longrope"):
            raise settings.error("rope.scaling.type", f"is {kind!r} beside {LONG_FACTORS}")
        return _longrope(settings, SHORT_FACTORS, LONG_FACTORS, original)
    if kind == "none":
        return {}
    if kind not in ("linear", "yarn"):
        raise settings.error("rope.scaling.type", f"is {kind!r}; supported: none, linear, yarn")
    scaling = {"rope_type": kind, "factor": settings.number("rope.scaling.factor")}
    if kind == "yarn":
        scaling["original_max_position_embeddings"] = original
        scaling["beta_fast"] = settings.number("rope.scaling.yarn_beta_fast", 32.0)
        scaling["beta_slow"] = settings.number("rope.scaling.yarn_beta_slow", 1.0)
    return scaling


def _longrope(settings: _Settings, short: str, long: str, original: int) -> dict[str, Any]:
    return {
        "rope_type": "longrope",
        "short_factor": settings.file.numbers(short).tolist(),
        "long_factor": settings.file.numbers(long).tolist(),
        "attention_factor": settings.number("rope.scaling.attn_factor", 1.0),
        "original_max_position_embeddings": original,
    }


# --- families -----------------------------------------------------------------------------------------


def _experts(settings: _Settings) -> tuple[int, int]:
    """Return how many experts there are, and how many work for a token."""
    if settings.count("expert_gating_func", _SOFTMAX_GATE) != _SOFTMAX_GATE:
        raise settings.error("expert_gating_func", f"is {settings.get('expert_gating_func')}; supported: 1")
    return settings.size("expert_count"), settings.size("expert_used_count")


def _mixtral(settings: _Settings) -> dict[str, Any]:
    num_experts, num_used = _experts(settings)
    return {"num_local_experts": num_experts, "num_experts_per_tok": num_used}


def _qwen3_moe(settings: _Settings) -> dict[str, Any]:
    num_experts, num_used = _experts(settings)
    return {
        "num_experts": num_experts,
        "num_experts_per_tok": num_used,
        "moe_intermediate_size": settings.size("expert_feed_forward_length"),
        "norm_topk_prob": True,
    }


def _gemma2(settings: _Settings) -> dict[str, Any]:
    return _gemma(settings, layers_of_largest=46, period=2) | {
        "attn_logit_softcapping": settings.number("attn_logit_softcapping", 50.0) or None,
        "final_logit_softcapping": settings.number("final_logit_softcapping", 30.0) or None,
        "sliding_window": settings.size("attention.sliding_window", 4096),
    }


def _gemma3(settings: _Settings) -> dict[str, Any]:
    local = {"rope_type": "default", "rope_theta": settings.number("rope.freq_base_swa", 10000.0)}
    config = _gemma(settings, layers_of_largest=62, period=6) | {
        "final_logit_softcapping": settings.number("final_logit_softcapping", 0.0) or None,
        "rope_parameters": {
            "full_attention": _rope_parameters(settings),
            "sliding_attention": local,
        },
    }
    if settings.count("attention.sliding_window"):
        return config | {"sliding_window": settings.size("attention.sliding_window")}
    return config | {"sliding_window": None, "layer_types": ["full_attention"] * settings.size("block_count")}


def _gemma(settings: _Settings, layers_of_largest: int, period: int) -> dict[str, Any]:
    """Return what Gemma 2 and 3 have in common. Of all sizes the largest alone scales scores otherwise."""
    num_layers = settings.size("block_count")
    per_head = settings.size("embedding_length") // settings.size("attention.head_count")
    return {
        "query_pre_attn_scalar": per_head if num_layers == layers_of_largest else settings.head_dim,
        "layer_types": [
            "sliding_attention" if slides else "full_attention" for slides in _slides(settings, period)
        ],
    }


def _slides(settings: _Settings, period: int) -> list[bool]:
    """Return which layers slide: all but every so many, or those that the file lists."""
    key = "attention.sliding_window_pattern"
    num_layers, pattern = settings.size("block_count"), settings.get(key)
    if isinstance(pattern, list):
        if len(pattern) != num_layers:
            raise settings.error(key, f"must have {num_layers} items, it has {len(pattern)}")
        return [bool(slides) for slides in pattern]
    period = settings.size(key, period)
    return [(number + 1) % period != 0 for number in range(num_layers)]


def _phi3(settings: _Settings) -> dict[str, Any]:
    context = settings.size("context_length")
    return {
        "sliding_window": settings.count("attention.sliding_window") or None,
        "original_max_position_embeddings": settings.size("rope.scaling.original_context_length", context),
    }


def _olmo2(settings: _Settings) -> dict[str, Any]:
    if settings.count("attention.sliding_window") and any(_slides(settings, 1)):
        raise settings.error("attention.sliding_window", "is set: OLMo 3 is not supported")
    return {}


def _granite(settings: _Settings) -> dict[str, Any]:
    if settings.get("rope.scaling.finetuned") is False:
        raise settings.error("rope.scaling.finetuned", "is False: layers that do not turn are not supported")
    return {
        "attention_multiplier": settings.number("attention.scale", 0.0) or settings.head_dim**-0.5,
        "embedding_multiplier": settings.number("embedding_scale", 0.0) or 1.0,
        "residual_multiplier": settings.number("residual_scale", 0.0) or 1.0,
        "logits_scaling": settings.number("logit_scale", 0.0) or 1.0,
    }


_MIXTRAL = Architecture(
    model_type="mixtral",
    architecture="MixtralForCausalLM",
    settings=_mixtral,
    keys=_EXPERT_KEYS,
    has_interleaved_heads=True,
)

ARCHITECTURES = {
    "llama": Architecture(
        model_type="llama", architecture="LlamaForCausalLM", has_interleaved_heads=True
    ),  # with experts it is Mixtral
    "qwen2": Architecture(model_type="qwen2", architecture="Qwen2ForCausalLM"),
    "qwen3": Architecture(model_type="qwen3", architecture="Qwen3ForCausalLM"),
    "qwen3moe": Architecture(
        model_type="qwen3_moe",
        architecture="Qwen3MoeForCausalLM",
        settings=_qwen3_moe,
        keys=_EXPERT_KEYS | {"expert_feed_forward_length", "expert_gating_func"},
    ),
    "gemma2": Architecture(
        model_type="gemma2",
        architecture="Gemma2ForCausalLM",
        settings=_gemma2,
        keys=_WINDOW_KEYS | {"attn_logit_softcapping", "final_logit_softcapping"},
        norm_offset=1.0,
    ),
    "gemma3": Architecture(
        model_type="gemma3_text",
        architecture="Gemma3ForCausalLM",
        settings=_gemma3,
        keys=_WINDOW_KEYS | {"final_logit_softcapping", "rope.freq_base_swa"},
        norm_offset=1.0,
    ),
    "phi3": Architecture(
        model_type="phi3",
        architecture="Phi3ForCausalLM",
        settings=_phi3,
        keys=frozenset({"attention.sliding_window", "rope.scaling.attn_factor"}),
    ),
    "smollm3": Architecture(
        model_type="smollm3", architecture="SmolLM3ForCausalLM", has_interleaved_heads=True
    ),
    "olmo2": Architecture(
        model_type="olmo2", architecture="Olmo2ForCausalLM", settings=_olmo2, keys=_WINDOW_KEYS
    ),
    "granite": Architecture(
        model_type="granite",
        architecture="GraniteForCausalLM",
        settings=_granite,
        keys=frozenset({"attention.scale", "embedding_scale", "residual_scale", "logit_scale"}),
        has_interleaved_heads=True,
    ),
}
"""What general.architecture may be."""
