"""/v1/load_lora_adapter, /v1/unload_lora_adapter and SageMaker's /adapters. Their replies are plain text."""

from __future__ import annotations

import msgspec


class LoadLoRAAdapterRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /v1/load_lora_adapter."""

    lora_name: str
    """What requests will call it in `model`."""
    lora_path: str
    """A folder on the server, as PEFT saves it."""
    load_inplace: bool = False
    """Replace an adapter of this name."""
    is_3d_lora_weight: bool = False
    """vLLM: the tensors of experts are stacked."""


class UnloadLoRAAdapterRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /v1/unload_lora_adapter."""

    lora_name: str
    lora_int_id: int | None = None
    """vLLM does not read it."""


class RegisterAdapterRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Body of POST /adapters, which SageMaker calls."""

    name: str
    """What requests will call it in `model`."""
    src: str
    """A folder on the server, as PEFT saves it."""
    load_inplace: bool = False
    """Replace an adapter of this name."""
    is_3d_lora_weight: bool = False
    """vLLM: the tensors of experts are stacked."""
