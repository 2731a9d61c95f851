"""Replies as rich prints them, in the order and with the fields of the snapshots in the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from martlet.protocol.base import ABSENT, LazyField, WireModel

EXTRA = frozenset(
    {
        "custom",
        "ec_transfer_params",
        "kv_transfer_params",
        "metrics",
        "prompt_logprobs",
        "prompt_text",
        "prompt_token_ids",
        "reasoning",
        "reasoning_content",
        "routed_experts",
        "stop_reason",
        "token_ids",
    }
)
"""Fields that the official classes of the same names lack, most of them vLLM's: printed only if sent."""


def install() -> None:
    model: Any = WireModel
    model.__rich_repr__ = _fields


def _fields(model: WireModel) -> Iterator[tuple[str, Any]]:
    lazy = {
        name for base in type(model).__mro__ for name in vars(base) if isinstance(vars(base)[name], LazyField)
    }
    names = {*model.__struct_fields__, *lazy, *model.model_extra}
    for name in sorted(names):
        value = getattr(model, name)
        if name not in EXTRA or (value is not None and value is not ABSENT):
            yield name, None if value is ABSENT else value
