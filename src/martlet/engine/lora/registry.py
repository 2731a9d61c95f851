"""LoRARegistry: the adapters that requests may ask for, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from martlet.engine.config import EngineConfig
from martlet.engine.lora.adapter import LoRAAdapter
from martlet.engine.lora.folder import load_adapter
from martlet.errors import AdapterError

if TYPE_CHECKING:
    from martlet.engine.models.decoder import Model


class LoRARegistry:
    """Any thread may look adapters up or read them from files; one changes what the names stand for.

    A request holds its adapter itself. So one that is removed or replaced is still there for the requests
    that have it, and its memory goes with the last of them.
    """

    def __init__(self, model: Model, config: EngineConfig) -> None:
        self._model = model
        self._config = config
        self._adapters: dict[str, LoRAAdapter] = {}

    def __iter__(self) -> Iterator[LoRAAdapter]:
        return iter(list(self._adapters.values()))

    def __len__(self) -> int:
        return len(self._adapters)

    def get(self, name: str) -> LoRAAdapter | None:
        return self._adapters.get(name)

    def read(self, name: str, folder: str) -> LoRAAdapter:
        """Read an adapter without giving it its name. Raises AdapterError."""
        self.require_room(name)
        return load_adapter(name, folder, self._model, self._config.max_lora_rank)

    def add(self, adapter: LoRAAdapter) -> None:
        """Let requests find an adapter, in place of another of its name. Raises AdapterError."""
        self.require_room(adapter.name)
        self._adapters[adapter.name] = adapter

    def load(self, name: str, folder: str) -> LoRAAdapter:
        """Read an adapter and let requests find it. Raises AdapterError."""
        adapter = self.read(name, folder)
        self.add(adapter)
        return adapter

    def remove(self, name: str) -> LoRAAdapter | None:
        """Let no further request find an adapter. Returns it, None if there is none of this name."""
        return self._adapters.pop(name, None)

    def require_room(self, name: str) -> None:
        """Raise AdapterError if one more may not be loaded."""
        limit = self._config.max_cpu_loras
        if limit is not None and name not in self._adapters and len(self) >= limit:
            raise AdapterError(
                name, f"{limit} are loaded, which is max_cpu_loras: unload one, or start with a higher limit"
            )
