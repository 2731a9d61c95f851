"""Adapters come and go while the server runs: /v1/load_lora_adapter, /v1/unload_lora_adapter, /adapters.

All are there only if the server was started to allow it: whoever may call them has the server open any
folder of its machine that looks like an adapter. Texts and types of replies are vLLM's.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from martlet.errors import AdapterError, UnsupportedParameter
from martlet.protocol.lora import (
    LoadLoRAAdapterRequest,
    RegisterAdapterRequest,
    UnloadLoRAAdapterRequest,
)
from martlet.server.errors import InvalidRequest, InvalidUserInput, UnknownAdapter
from martlet.server.handlers import ignored_header
from martlet.server.inbound import require_json
from martlet.server.loop import EngineLoop
from martlet.server.settings import ServerSettings
from martlet.server.translate.body import read_body

if TYPE_CHECKING:
    from martlet.engine.lora import LoRARegistry

logger = logging.getLogger("martlet.server")

MAX_NAME = 256


class AdapterEndpoints:
    """Loads one adapter at a time, in a thread; requests go on meanwhile."""

    def __init__(self, loop: EngineLoop, loras: LoRARegistry | None, settings: ServerSettings) -> None:
        self._loop = loop
        self._loras = loras
        self._base_names = settings.served_model_names
        self._loading = asyncio.Lock()

    def routes(self) -> list[Route]:
        return [
            Route("/v1/load_lora_adapter", self.load, methods=["POST"]),
            Route("/v1/unload_lora_adapter", self.unload, methods=["POST"]),
            Route("/adapters", self.register, methods=["POST"]),
            Route("/adapters/{adapter_name}", self.unregister, methods=["DELETE"]),
        ]

    async def load(self, request: Request) -> Response:
        require_json(request)
        body = read_body(LoadLoRAAdapterRequest, await request.body())
        await self._load(body.request)
        text = f"Success: LoRA adapter '{body.request.lora_name}' added successfully."
        return Response(text, headers=ignored_header(body.unknown))

    async def unload(self, request: Request) -> Response:
        require_json(request)
        body = read_body(UnloadLoRAAdapterRequest, await request.body())
        self._unload(body.request.lora_name)
        text = f"Success: LoRA adapter '{body.request.lora_name}' removed successfully."
        return Response(text, headers=ignored_header(body.unknown))

    async def register(self, request: Request) -> Response:
        require_json(request)
        body = read_body(RegisterAdapterRequest, await request.body())
        wanted = body.request
        await self._load(
            LoadLoRAAdapterRequest(
                lora_name=wanted.name,
                lora_path=wanted.src,
                load_inplace=wanted.load_inplace,
                is_3d_lora_weight=wanted.is_3d_lora_weight,
            )
        )
        return Response(f"Adapter {wanted.name} registered", headers=ignored_header(body.unknown))

    async def unregister(self, request: Request) -> Response:
        name = request.path_params["adapter_name"]
        self._unload(name)
        return Response(f"Adapter {name} unregistered")

    async def _load(self, wanted: LoadLoRAAdapterRequest) -> None:
        async with self._loading:
            loras = self._require_room(wanted)
            try:
                adapter = await self._loop.offload(lambda: loras.read(wanted.lora_name, wanted.lora_path))
            except AdapterError as error:
                logger.warning("%s", error)
                raise
            loras.add(adapter)

    def _unload(self, name: str) -> None:
        if not name:
            raise InvalidUserInput("'lora_name' needs to be provided to unload a LoRA adapter.")
        if self._loras is None or self._loras.remove(name) is None:
            raise UnknownAdapter(name)

    def _require_room(self, wanted: LoadLoRAAdapterRequest) -> LoRARegistry:
        """Raise unless the adapter may have its name, and there may be one more."""
        name = wanted.lora_name
        if not name or not wanted.lora_path:
            raise InvalidUserInput("Both 'lora_name' and 'lora_path' must be provided.")
        if len(name) > MAX_NAME:
            raise InvalidUserInput(f"'lora_name' must have at most {MAX_NAME} characters.")
        if wanted.is_3d_lora_weight:
            raise UnsupportedParameter("is_3d_lora_weight", "experts take no adapters here")
        if self._loras is None:
            raise InvalidRequest("this server was started without adapters: start it with --enable-lora")
        if name in self._base_names:
            raise InvalidUserInput(f"The lora adapter '{name}' conflicts with a served base model.")
        if self._loras.get(name) is not None and not wanted.load_inplace:
            raise InvalidUserInput(
                f"The lora adapter '{name}' has already been loaded. "
                "If you want to load the adapter in place, set 'load_inplace' to True."
            )
        self._loras.require_room(name)
        return self._loras
