"""ModelCatalog: the names that requests may give in `model`, and what stands behind each."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import msgspec

from martlet.errors import ModelNotFound
from martlet.protocol.models import Model, ModelList, ModelPermission

if TYPE_CHECKING:
    from martlet.engine.lora import LoRAAdapter, LoRARegistry
    from martlet.server.settings import ServerSettings


class ModelCatalog:
    """The base model under all of its names, and adapters under theirs. May be read in any thread."""

    def __init__(self, settings: ServerSettings, max_model_len: int, loras: LoRARegistry | None) -> None:
        self._settings = settings
        self._max_model_len = max_model_len
        self._loras = loras

    @property
    def names(self) -> list[str]:
        return [*self._settings.served_model_names, *(each.name for each in self._loras or ())]

    def adapter(self, name: str | None) -> LoRAAdapter | None:
        """Return what a request's `model` stands for: an adapter, or None for the base model.

        Raises ModelNotFound.
        """
        if not name or name in self._settings.served_model_names:
            return None
        adapter = None if self._loras is None else self._loras.get(name)
        if adapter is None:
            raise ModelNotFound(name, self.names)
        return adapter

    def models(self) -> bytes:
        cards = [self._base_card(name) for name in self._settings.served_model_names]
        return msgspec.json.encode(
            ModelList(data=[*cards, *(self._adapter_card(each) for each in self._loras or ())])
        )

    def model(self, name: str) -> bytes:
        adapter = self.adapter(name)
        return msgspec.json.encode(self._base_card(name) if adapter is None else self._adapter_card(adapter))

    def _base_card(self, name: str) -> Model:
        return _card(name, self._settings.model_name, None, self._max_model_len)

    def _adapter_card(self, adapter: LoRAAdapter) -> Model:
        parent = self._settings.lora_base_models.get(adapter.name, self._settings.model_name)
        return _card(adapter.name, adapter.path, parent, None)


def _card(name: str, root: str, parent: str | None, max_model_len: int | None) -> Model:
    now = int(time.time())
    return Model(
        id=name,
        created=now,
        owned_by="martlet",
        root=root,
        parent=parent,
        max_model_len=max_model_len,
        permission=[ModelPermission(id=f"modelperm-{random_id()}", created=now)],
    )


def random_id() -> str:
    """Return what tells a reply from others; no secret, so the system's entropy is left alone."""
    return f"{random.getrandbits(64):016x}"
