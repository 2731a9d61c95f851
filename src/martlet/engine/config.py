"""EngineConfig: how large the engine may grow, and how much of it one step may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from martlet.errors import InvalidParameter

DEFAULT_LOOKUP = 5
QuantizationMode = Literal["auto", "none", "int8", "int4"]
CacheDtype = Literal["float32", "bfloat16"]
KVCacheDtype = Literal["auto", CacheDtype]


@dataclass(frozen=True, slots=True)
class SpeculativeConfig:
    """How to guess tokens ahead. Names, meanings and defaults are vLLM's."""

    num_speculative_tokens: int
    """Tokens guessed at a time."""
    prompt_lookup_max: int = DEFAULT_LOOKUP
    """The longest run of last tokens that is looked for in the text before."""
    prompt_lookup_min: int = DEFAULT_LOOKUP
    """The shortest one; longer ones are tried first."""
    method: str = "ngram"

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SpeculativeConfig:
        """Read a JSON object; one lookup length stands for both. Raises InvalidParameter."""
        unknown = sorted(values.keys() - {field.name for field in fields(cls)})
        if unknown:
            raise _invalid(f"has a key {unknown[0]!r}, which does nothing here: leave it out")
        if "num_speculative_tokens" not in values:
            raise _invalid("needs num_speculative_tokens")
        longest, shortest = values.get("prompt_lookup_max"), values.get("prompt_lookup_min")
        longest = longest if longest is not None else shortest if shortest is not None else DEFAULT_LOOKUP
        shortest = shortest if shortest is not None else longest
        return cls(values["num_speculative_tokens"], longest, shortest, values.get("method", "ngram"))

    def __post_init__(self) -> None:
        if self.method != "ngram":
            raise _invalid(f"has method {self.method!r}, and only 'ngram' is there")
        for name in ("num_speculative_tokens", "prompt_lookup_max", "prompt_lookup_min"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise _invalid(f"has {name} {value!r}, which must be a number from 1 on")
        if self.prompt_lookup_min > self.prompt_lookup_max:
            raise _invalid(
                f"has prompt_lookup_min {self.prompt_lookup_min} "
                f"above prompt_lookup_max {self.prompt_lookup_max}"
            )


def _invalid(problem: str) -> InvalidParameter:
    return InvalidParameter("speculative_config", problem)


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Limits of an engine. Names and meanings are vLLM's."""

    max_model_len: int | None = None
    """Prompt and output tokens of one request together. None: as much as the model was made for."""
    max_num_seqs: int = 64
    """Requests that may run at a time; the others wait."""
    max_num_batched_tokens: int = 2048
    """Tokens that one step may compute; a longer prompt is spread over several steps."""
    block_size: int = 16
    """Tokens in one block of the KV cache."""
    kv_cache_bytes: int | None = None
    """Memory for the KV cache. None: what all sequences at full length need, at most half of what is free."""
    kv_cache_dtype: KVCacheDtype = "auto"
    """How keys and values are held: "float32", exactly; "bfloat16", in half the memory, and faster.

    "auto": as exact as the weights; bfloat16 where `quantization` rounds them to int8 or int4, else float32.
    """
    enable_prefix_caching: bool = True
    """Keep the blocks of finished requests as long as there is room, for others that begin alike."""
    speculative_config: SpeculativeConfig | None = None
    """Guess tokens ahead and check several at a time. Changes no output. None: one token at a time."""
    quantization: QuantizationMode = "auto"
    """Round the weights to integers as they are read, for speed and memory.

    "none": they stay as stored, or become float32 where kernels have no such form; "auto": as "none", but
    those take 8 bits. Only GGUF files have such forms.
    """
    enable_lora: bool = False
    """Let requests use adapters."""
    max_loras: int | None = None
    """Adapters that may run at a time; requests for others wait. None: as many as there are requests."""
    max_lora_rank: int = 16
    """The highest rank that an adapter may have."""
    max_cpu_loras: int | None = None
    """Adapters that may be loaded at a time. None: any number."""
    seed: int | None = None
    """Seeds the requests that bring no seed. None: the system's entropy."""

    @property
    def rounds_to(self) -> Literal["int8", "int4"] | None:
        """What weights are rounded to on request."""
        return self.quantization if self.quantization in ("int8", "int4") else None

    @property
    def cache_dtype(self) -> CacheDtype:
        """What `kv_cache_dtype` comes to."""
        if self.kv_cache_dtype == "auto":
            return "float32" if self.rounds_to is None else "bfloat16"
        return self.kv_cache_dtype

    def __post_init__(self) -> None:
        for name in (
            "max_model_len", "max_num_seqs", "max_num_batched_tokens", "block_size", "kv_cache_bytes",
            "max_loras", "max_lora_rank", "max_cpu_loras", "seed",
        ):  # fmt: skip
            value, lowest = getattr(self, name), 0 if name == "seed" else 1
            if value is not None and value < lowest:
                raise InvalidParameter(name, f"must be at least {lowest}, got {value}")
        for name, choices in (
            ("quantization", get_args(QuantizationMode)), ("kv_cache_dtype", get_args(KVCacheDtype)),
        ):  # fmt: skip
            if getattr(self, name) not in choices:
                problem = f"must be one of {', '.join(choices)}, got {getattr(self, name)!r}"
                raise InvalidParameter(name, problem)
        if self.max_cpu_loras is not None and self.max_cpu_loras < (self.max_loras or 1):
            problem = f"is {self.max_cpu_loras}, and max_loras is {self.max_loras}: raise it, or lower that"
            raise InvalidParameter("max_cpu_loras", problem)
        if self.max_num_batched_tokens < self.max_num_seqs:
            raise InvalidParameter(
                "max_num_batched_tokens",
                f"is {self.max_num_batched_tokens}, and a step must hold one token of each of the "
                f"{self.max_num_seqs} sequences of max_num_seqs: raise it, or lower max_num_seqs",
            )
