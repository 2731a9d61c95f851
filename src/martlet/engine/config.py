"""EngineConfig: how large the engine may grow, and how much of it one step may use."""

from __future__ import annotations

from dataclasses import dataclass

from martlet.errors import InvalidParameter


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
    enable_prefix_caching: bool = True
    """Keep the blocks of finished requests as long as there is room, for others that begin alike."""
    seed: int | None = None
    """Seeds the requests that bring no seed. None: the system's entropy."""

    def __post_init__(self) -> None:
        for name in (
            "max_model_len", "max_num_seqs", "max_num_batched_tokens", "block_size", "kv_cache_bytes", "seed",
        ):  # fmt: skip
            value, lowest = getattr(self, name), 0 if name == "seed" else 1
            if value is not None and value < lowest:
                raise InvalidParameter(name, f"must be at least {lowest}, got {value}")
        if self.max_num_batched_tokens < self.max_num_seqs:
            raise InvalidParameter(
                "max_num_batched_tokens",
                f"is {self.max_num_batched_tokens}, and a step must hold one token of each of the "
                f"{self.max_num_seqs} sequences of max_num_seqs: raise it, or lower max_num_seqs",
            )
