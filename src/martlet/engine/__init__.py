"""The model: tokens in, tokens out. No HTTP, no asyncio, no threads but the kernels' own.

    engine     Engine: add, step, abort
    request    Request, SamplingParams, Output
    scheduler  which tokens run in this step
    blocks     who owns which block of the KV cache
    runner     batch -> arrays -> model -> logits
    sampler    logits -> token ids and logprobs
    text       tokenizer, chat template, detokenizer, stop strings
    checkpoint, models, kernels

Names are loaded on first use, so that importing one module does not import them all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from martlet.engine.config import EngineConfig
    from martlet.engine.engine import Engine, Stats
    from martlet.engine.request import Output, SamplingParams, TokenLogprob

__all__ = ["Engine", "EngineConfig", "Output", "SamplingParams", "Stats", "TokenLogprob"]

_HOMES = {
    "Engine": "engine",
    "EngineConfig": "config",
    "Output": "request",
    "SamplingParams": "request",
    "Stats": "engine",
    "TokenLogprob": "request",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
