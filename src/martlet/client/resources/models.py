"""`client.models`: which models the server answers for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.client.resources.base import AsyncResource, Resource, calls
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.options import RequestOptions
    from martlet.client.pagination import AsyncPaginator, SyncPage
    from martlet.protocol.models import Model, ModelDeleted


class Models(Resource):
    """Which models the server answers for."""

    @calling(lambda: calls.MODELS_LIST)
    def list(self, **options: Unpack[RequestOptions]) -> SyncPage[Model]:
        """List the models served; vLLM gives one entry per served name and per LoRA adapter."""
        page: SyncPage[Model] = self._client._list(calls.MODELS_LIST, {**options})
        return page

    @calling(lambda: calls.MODELS_RETRIEVE)
    def retrieve(self, model: str, **options: Unpack[RequestOptions]) -> Model:
        """Look one model up by its name. vLLM has no such path: it answers 404."""
        found: Model = self._client._run(calls.MODELS_RETRIEVE, {**options}, {"model": model})
        return found

    @calling(lambda: calls.MODELS_DELETE)
    def delete(self, model: str, **options: Unpack[RequestOptions]) -> ModelDeleted:
        """Delete a fine-tuned model. vLLM has no such path: see `client.vllm.unload_lora_adapter`."""
        deleted: ModelDeleted = self._client._run(calls.MODELS_DELETE, {**options}, {"model": model})
        return deleted


class AsyncModels(AsyncResource):
    """Which models the server answers for."""

    @calling(lambda: calls.MODELS_LIST)
    def list(self, **options: Unpack[RequestOptions]) -> AsyncPaginator[Model]:
        """List the models served; vLLM gives one entry per served name and per LoRA adapter."""
        page: AsyncPaginator[Model] = self._client._list(calls.MODELS_LIST, {**options})
        return page

    @calling(lambda: calls.MODELS_RETRIEVE)
    async def retrieve(self, model: str, **options: Unpack[RequestOptions]) -> Model:
        """Look one model up by its name. vLLM has no such path: it answers 404."""
        found: Model = await self._client._run(calls.MODELS_RETRIEVE, {**options}, {"model": model})
        return found

    @calling(lambda: calls.MODELS_DELETE)
    async def delete(self, model: str, **options: Unpack[RequestOptions]) -> ModelDeleted:
        """Delete a fine-tuned model. vLLM has no such path: see `client.vllm.unload_lora_adapter`."""
        deleted: ModelDeleted = await self._client._run(calls.MODELS_DELETE, {**options}, {"model": model})
        return deleted
