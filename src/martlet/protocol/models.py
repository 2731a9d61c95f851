"""/v1/models and /version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from martlet.protocol.base import LazyField, WireModel


class ModelPermission(WireModel, kw_only=True):
    """vLLM: what may be done with a model; the same for all."""

    id: str
    """`modelperm-` and 16 hex digits."""
    object: Literal["model_permission"] | str = "model_permission"
    created: int
    """Unix time in seconds."""
    allow_create_engine: bool = False
    allow_sampling: bool = True
    allow_logprobs: bool = True
    allow_search_indices: bool = False
    allow_view: bool = True
    allow_fine_tuning: bool = False
    organization: str = "*"
    group: str | None = None
    is_blocking: bool = False


class Model(WireModel, kw_only=True):
    """A model that the server answers for."""

    id: str
    """The name to put in a request's `model`."""
    object: Literal["model"] | str = "model"
    created: int
    """Unix time in seconds; vLLM gives the time of the call."""
    owned_by: str
    """Who runs it; vLLM says `vllm`."""
    root: str | None = None
    """vLLM: the path or hub id that was loaded; of a LoRA adapter, the adapter's path."""
    parent: str | None = None
    """vLLM: the base model's id, on a LoRA adapter."""
    max_model_len: int | None = None
    """vLLM: prompt and completion together are at most this many tokens."""
    permission: list[ModelPermission] | None = None

    shutdown_date = LazyField(str)
    """OpenAI: the day on which the model goes away."""


class ModelDeleted(WireModel, kw_only=True):
    """The reply to a deletion."""

    id: str
    deleted: bool
    object: str


class ModelList(WireModel, kw_only=True):
    """The models served. Iterating gives them one by one."""

    object: Literal["list"] | str = "list"
    data: list[Model]

    def __iter__(self) -> Iterator[Model]:
        return iter(self.data)


class VersionInfo(WireModel, kw_only=True):
    """The reply of /version."""

    version: str
