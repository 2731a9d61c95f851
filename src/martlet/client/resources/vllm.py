"""`client.vllm`: what vLLM offers beside OpenAI's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from martlet.client.endpoints import vllm as calls
from martlet.client.resources.base import AsyncResource, Resource
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.endpoints.vllm import (
        AbortRequestsKeywords,
        ChatBatchKeywords,
        ClassifyKeywords,
        CohereEmbedKeywords,
        CollectiveRPCKeywords,
        DetokenizeKeywords,
        EmbedKeywords,
        GenerativeScoringKeywords,
        LoadLoRAKeywords,
        PauseKeywords,
        PoolingKeywords,
        RerankKeywords,
        ResetPrefixCacheKeywords,
        ScoreKeywords,
        ServerInfoKeywords,
        SleepKeywords,
        TokenizeKeywords,
        UnloadLoRAKeywords,
        WakeUpKeywords,
    )
    from martlet.client.metrics import Metrics
    from martlet.client.options import RequestOptions
    from martlet.protocol.chat import ChatCompletion
    from martlet.protocol.cohere import CohereEmbedResponse
    from martlet.protocol.embeddings import CreateEmbeddingResponse
    from martlet.protocol.models import VersionInfo
    from martlet.protocol.pooling import (
        ClassificationResponse,
        PoolingResponse,
        RerankResponse,
        ScoreResponse,
    )
    from martlet.protocol.tokenize import DetokenizeResponse, TokenizeResponse
    from martlet.protocol.vllm import AbortedRequests, CacheReset, ServerLoad


class VLLM(Resource):
    """What vLLM offers beside OpenAI's API. Its paths are found beside base_url's `/v1`."""

    @calling(lambda: calls.TOKENIZE)
    def tokenize(self, **params: Unpack[TokenizeKeywords]) -> TokenizeResponse:
        """Turn `prompt`, or `messages` through the chat template, into token ids."""
        reply: TokenizeResponse = self._client._run(calls.TOKENIZE, {**params})
        return reply

    @calling(lambda: calls.DETOKENIZE)
    def detokenize(self, **params: Unpack[DetokenizeKeywords]) -> DetokenizeResponse:
        """Turn token ids into text."""
        reply: DetokenizeResponse = self._client._run(calls.DETOKENIZE, {**params})
        return reply

    @calling(lambda: calls.EMBED)
    def embed(self, **params: Unpack[EmbedKeywords]) -> CreateEmbeddingResponse:
        """Embed conversations: as `client.embeddings.create`, with `messages` for its `input`."""
        reply: CreateEmbeddingResponse = self._client._run(calls.embed_endpoint(params), {**params})
        return reply

    @calling(lambda: calls.COHERE_EMBED)
    def cohere_embed(self, **params: Unpack[CohereEmbedKeywords]) -> CohereEmbedResponse:
        """Embed in the way of Cohere's API: texts, images, or both, in several number types at once."""
        reply: CohereEmbedResponse = self._client._run(calls.COHERE_EMBED, {**params})
        return reply

    @calling(lambda: calls.POOLING)
    def pooling(self, **params: Unpack[PoolingKeywords]) -> PoolingResponse:
        """Run a pooling model and return what its pooler makes of each input."""
        reply: PoolingResponse = self._client._run(calls.pooling_endpoint(params), {**params})
        return reply

    @calling(lambda: calls.CLASSIFY)
    def classify(self, **params: Unpack[ClassifyKeywords]) -> ClassificationResponse:
        """Return the probabilities of a classifier's classes for each input."""
        reply: ClassificationResponse = self._client._run(calls.CLASSIFY, {**params})
        return reply

    @calling(lambda: calls.SCORE)
    def score(self, **params: Unpack[ScoreKeywords]) -> ScoreResponse:
        """Say how well texts fit: one to one, one to many, or pair by pair."""
        reply: ScoreResponse = self._client._run(calls.SCORE, {**params})
        return reply

    @calling(lambda: calls.RERANK)
    def rerank(self, **params: Unpack[RerankKeywords]) -> RerankResponse:
        """Order `documents` by how well they answer `query`."""
        reply: RerankResponse = self._client._run(calls.RERANK, {**params})
        return reply

    @calling(lambda: calls.CHAT_BATCH)
    def chat_batch(self, **params: Unpack[ChatBatchKeywords]) -> ChatCompletion:
        """Answer several conversations in one call: `choices[i]` answers `messages[i]`."""
        reply: ChatCompletion = self._client._run(calls.CHAT_BATCH, {**params})
        return reply

    @calling(lambda: calls.GENERATIVE_SCORING)
    def generative_scoring(self, **params: Unpack[GenerativeScoringKeywords]) -> ScoreResponse:
        """Say how likely a generating model finds the first of `label_token_ids` after each item."""
        reply: ScoreResponse = self._client._run(calls.GENERATIVE_SCORING, {**params})
        return reply

    @calling(lambda: calls.HEALTH)
    def health(self, **options: Unpack[RequestOptions]) -> bool:
        """Return True if the engine lives; raises APIStatusError or APIConnectionError if not."""
        reply: bool = self._client._run(calls.HEALTH, {**options})
        return reply

    @calling(lambda: calls.VERSION)
    def version(self, **options: Unpack[RequestOptions]) -> VersionInfo:
        """Say which version of vLLM serves."""
        reply: VersionInfo = self._client._run(calls.VERSION, {**options})
        return reply

    @calling(lambda: calls.LOAD)
    def load(self, **options: Unpack[RequestOptions]) -> ServerLoad:
        """Say how many requests are under way."""
        reply: ServerLoad = self._client._run(calls.LOAD, {**options})
        return reply

    @calling(lambda: calls.METRICS)
    def metrics(self, **options: Unpack[RequestOptions]) -> Metrics:
        """Read the server's Prometheus metrics."""
        reply: Metrics = self._client._run(calls.METRICS, {**options})
        return reply

    @calling(lambda: calls.LOAD_LORA_ADAPTER)
    def load_lora_adapter(self, **params: Unpack[LoadLoRAKeywords]) -> str:
        """Load a LoRA adapter under `lora_name`; the server must allow it. Returns what it says."""
        reply: str = self._client._run(calls.LOAD_LORA_ADAPTER, {**params})
        return reply

    @calling(lambda: calls.UNLOAD_LORA_ADAPTER)
    def unload_lora_adapter(self, **params: Unpack[UnloadLoRAKeywords]) -> str:
        """Forget a LoRA adapter. Returns what the server says."""
        reply: str = self._client._run(calls.UNLOAD_LORA_ADAPTER, {**params})
        return reply

    @calling(lambda: calls.SLEEP)
    def sleep(self, **params: Unpack[SleepKeywords]) -> None:
        """Free the accelerator's memory until `wake_up()`. Requests wait meanwhile. Dev mode only."""
        nothing: None = self._client._run(calls.SLEEP, {**params})
        return nothing

    @calling(lambda: calls.WAKE_UP)
    def wake_up(self, **params: Unpack[WakeUpKeywords]) -> None:
        """Bring back what `sleep()` put away. Dev mode only."""
        nothing: None = self._client._run(calls.WAKE_UP, {**params})
        return nothing

    @calling(lambda: calls.IS_SLEEPING)
    def is_sleeping(self, **options: Unpack[RequestOptions]) -> bool:
        """Say whether the engine sleeps. Dev mode only."""
        reply: bool = self._client._run(calls.IS_SLEEPING, {**options})
        return reply

    @calling(lambda: calls.ABORT_REQUESTS)
    def abort_requests(self, **params: Unpack[AbortRequestsKeywords]) -> AbortedRequests:
        """End requests under way: those named, or all of them. Dev mode only."""
        reply: AbortedRequests = self._client._run(calls.ABORT_REQUESTS, {**params})
        return reply

    @calling(lambda: calls.PAUSE)
    def pause(self, **params: Unpack[PauseKeywords]) -> None:
        """Stop generating until `resume()`, for changing weights. Dev mode only."""
        nothing: None = self._client._run(calls.PAUSE, {**params})
        return nothing

    @calling(lambda: calls.RESUME)
    def resume(self, **options: Unpack[RequestOptions]) -> None:
        """Generate again after `pause()`. Dev mode only."""
        nothing: None = self._client._run(calls.RESUME, {**options})
        return nothing

    @calling(lambda: calls.IS_PAUSED)
    def is_paused(self, **options: Unpack[RequestOptions]) -> bool:
        """Say whether generation is paused. Dev mode only."""
        reply: bool = self._client._run(calls.IS_PAUSED, {**options})
        return reply

    @calling(lambda: calls.RESET_PREFIX_CACHE)
    def reset_prefix_cache(self, **params: Unpack[ResetPrefixCacheKeywords]) -> CacheReset:
        """Forget cached prefixes; `success` is false while requests hold them. Dev mode only."""
        reply: CacheReset = self._client._run(calls.RESET_PREFIX_CACHE, {**params})
        return reply

    @calling(lambda: calls.RESET_MM_CACHE)
    def reset_mm_cache(self, **options: Unpack[RequestOptions]) -> None:
        """Forget cached media. Dev mode only."""
        nothing: None = self._client._run(calls.RESET_MM_CACHE, {**options})
        return nothing

    @calling(lambda: calls.RESET_ENCODER_CACHE)
    def reset_encoder_cache(self, **options: Unpack[RequestOptions]) -> None:
        """Forget cached outputs of the media encoder. Dev mode only."""
        nothing: None = self._client._run(calls.RESET_ENCODER_CACHE, {**options})
        return nothing

    @calling(lambda: calls.SERVER_INFO)
    def server_info(self, **params: Unpack[ServerInfoKeywords]) -> dict[str, Any]:
        """Return the server's configuration. Dev mode only."""
        reply: dict[str, Any] = self._client._run(calls.SERVER_INFO, {**params})
        return reply

    @calling(lambda: calls.TOKENIZER_INFO)
    def tokenizer_info(self, **options: Unpack[RequestOptions]) -> dict[str, Any]:
        """Return the tokenizer's configuration, where the server shows it."""
        reply: dict[str, Any] = self._client._run(calls.TOKENIZER_INFO, {**options})
        return reply

    @calling(lambda: calls.COLLECTIVE_RPC)
    def collective_rpc(self, **params: Unpack[CollectiveRPCKeywords]) -> Any:
        """Call a method on every worker. Dev mode only."""
        return self._client._run(calls.COLLECTIVE_RPC, {**params})


class AsyncVLLM(AsyncResource):
    """What vLLM offers beside OpenAI's API. Its paths are found beside base_url's `/v1`."""

    @calling(lambda: calls.TOKENIZE)
    async def tokenize(self, **params: Unpack[TokenizeKeywords]) -> TokenizeResponse:
        """Turn `prompt`, or `messages` through the chat template, into token ids."""
        reply: TokenizeResponse = await self._client._run(calls.TOKENIZE, {**params})
        return reply

    @calling(lambda: calls.DETOKENIZE)
    async def detokenize(self, **params: Unpack[DetokenizeKeywords]) -> DetokenizeResponse:
        """Turn token ids into text."""
        reply: DetokenizeResponse = await self._client._run(calls.DETOKENIZE, {**params})
        return reply

    @calling(lambda: calls.EMBED)
    async def embed(self, **params: Unpack[EmbedKeywords]) -> CreateEmbeddingResponse:
        """Embed conversations: as `client.embeddings.create`, with `messages` for its `input`."""
        reply: CreateEmbeddingResponse = await self._client._run(calls.embed_endpoint(params), {**params})
        return reply

    @calling(lambda: calls.COHERE_EMBED)
    async def cohere_embed(self, **params: Unpack[CohereEmbedKeywords]) -> CohereEmbedResponse:
        """Embed in the way of Cohere's API: texts, images, or both, in several number types at once."""
        reply: CohereEmbedResponse = await self._client._run(calls.COHERE_EMBED, {**params})
        return reply

    @calling(lambda: calls.POOLING)
    async def pooling(self, **params: Unpack[PoolingKeywords]) -> PoolingResponse:
        """Run a pooling model and return what its pooler makes of each input."""
        reply: PoolingResponse = await self._client._run(calls.pooling_endpoint(params), {**params})
        return reply

    @calling(lambda: calls.CLASSIFY)
    async def classify(self, **params: Unpack[ClassifyKeywords]) -> ClassificationResponse:
        """Return the probabilities of a classifier's classes for each input."""
        reply: ClassificationResponse = await self._client._run(calls.CLASSIFY, {**params})
        return reply

    @calling(lambda: calls.SCORE)
    async def score(self, **params: Unpack[ScoreKeywords]) -> ScoreResponse:
        """Say how well texts fit: one to one, one to many, or pair by pair."""
        reply: ScoreResponse = await self._client._run(calls.SCORE, {**params})
        return reply

    @calling(lambda: calls.RERANK)
    async def rerank(self, **params: Unpack[RerankKeywords]) -> RerankResponse:
        """Order `documents` by how well they answer `query`."""
        reply: RerankResponse = await self._client._run(calls.RERANK, {**params})
        return reply

    @calling(lambda: calls.CHAT_BATCH)
    async def chat_batch(self, **params: Unpack[ChatBatchKeywords]) -> ChatCompletion:
        """Answer several conversations in one call: `choices[i]` answers `messages[i]`."""
        reply: ChatCompletion = await self._client._run(calls.CHAT_BATCH, {**params})
        return reply

    @calling(lambda: calls.GENERATIVE_SCORING)
    async def generative_scoring(self, **params: Unpack[GenerativeScoringKeywords]) -> ScoreResponse:
        """Say how likely a generating model finds the first of `label_token_ids` after each item."""
        reply: ScoreResponse = await self._client._run(calls.GENERATIVE_SCORING, {**params})
        return reply

    @calling(lambda: calls.HEALTH)
    async def health(self, **options: Unpack[RequestOptions]) -> bool:
        """Return True if the engine lives; raises APIStatusError or APIConnectionError if not."""
        reply: bool = await self._client._run(calls.HEALTH, {**options})
        return reply

    @calling(lambda: calls.VERSION)
    async def version(self, **options: Unpack[RequestOptions]) -> VersionInfo:
        """Say which version of vLLM serves."""
        reply: VersionInfo = await self._client._run(calls.VERSION, {**options})
        return reply

    @calling(lambda: calls.LOAD)
    async def load(self, **options: Unpack[RequestOptions]) -> ServerLoad:
        """Say how many requests are under way."""
        reply: ServerLoad = await self._client._run(calls.LOAD, {**options})
        return reply

    @calling(lambda: calls.METRICS)
    async def metrics(self, **options: Unpack[RequestOptions]) -> Metrics:
        """Read the server's Prometheus metrics."""
        reply: Metrics = await self._client._run(calls.METRICS, {**options})
        return reply

    @calling(lambda: calls.LOAD_LORA_ADAPTER)
    async def load_lora_adapter(self, **params: Unpack[LoadLoRAKeywords]) -> str:
        """Load a LoRA adapter under `lora_name`; the server must allow it. Returns what it says."""
        reply: str = await self._client._run(calls.LOAD_LORA_ADAPTER, {**params})
        return reply

    @calling(lambda: calls.UNLOAD_LORA_ADAPTER)
    async def unload_lora_adapter(self, **params: Unpack[UnloadLoRAKeywords]) -> str:
        """Forget a LoRA adapter. Returns what the server says."""
        reply: str = await self._client._run(calls.UNLOAD_LORA_ADAPTER, {**params})
        return reply

    @calling(lambda: calls.SLEEP)
    async def sleep(self, **params: Unpack[SleepKeywords]) -> None:
        """Free the accelerator's memory until `wake_up()`. Requests wait meanwhile. Dev mode only."""
        nothing: None = await self._client._run(calls.SLEEP, {**params})
        return nothing

    @calling(lambda: calls.WAKE_UP)
    async def wake_up(self, **params: Unpack[WakeUpKeywords]) -> None:
        """Bring back what `sleep()` put away. Dev mode only."""
        nothing: None = await self._client._run(calls.WAKE_UP, {**params})
        return nothing

    @calling(lambda: calls.IS_SLEEPING)
    async def is_sleeping(self, **options: Unpack[RequestOptions]) -> bool:
        """Say whether the engine sleeps. Dev mode only."""
        reply: bool = await self._client._run(calls.IS_SLEEPING, {**options})
        return reply

    @calling(lambda: calls.ABORT_REQUESTS)
    async def abort_requests(self, **params: Unpack[AbortRequestsKeywords]) -> AbortedRequests:
        """End requests under way: those named, or all of them. Dev mode only."""
        reply: AbortedRequests = await self._client._run(calls.ABORT_REQUESTS, {**params})
        return reply

    @calling(lambda: calls.PAUSE)
    async def pause(self, **params: Unpack[PauseKeywords]) -> None:
        """Stop generating until `resume()`, for changing weights. Dev mode only."""
        nothing: None = await self._client._run(calls.PAUSE, {**params})
        return nothing

    @calling(lambda: calls.RESUME)
    async def resume(self, **options: Unpack[RequestOptions]) -> None:
        """Generate again after `pause()`. Dev mode only."""
        nothing: None = await self._client._run(calls.RESUME, {**options})
        return nothing

    @calling(lambda: calls.IS_PAUSED)
    async def is_paused(self, **options: Unpack[RequestOptions]) -> bool:
        """Say whether generation is paused. Dev mode only."""
        reply: bool = await self._client._run(calls.IS_PAUSED, {**options})
        return reply

    @calling(lambda: calls.RESET_PREFIX_CACHE)
    async def reset_prefix_cache(self, **params: Unpack[ResetPrefixCacheKeywords]) -> CacheReset:
        """Forget cached prefixes; `success` is false while requests hold them. Dev mode only."""
        reply: CacheReset = await self._client._run(calls.RESET_PREFIX_CACHE, {**params})
        return reply

    @calling(lambda: calls.RESET_MM_CACHE)
    async def reset_mm_cache(self, **options: Unpack[RequestOptions]) -> None:
        """Forget cached media. Dev mode only."""
        nothing: None = await self._client._run(calls.RESET_MM_CACHE, {**options})
        return nothing

    @calling(lambda: calls.RESET_ENCODER_CACHE)
    async def reset_encoder_cache(self, **options: Unpack[RequestOptions]) -> None:
        """Forget cached outputs of the media encoder. Dev mode only."""
        nothing: None = await self._client._run(calls.RESET_ENCODER_CACHE, {**options})
        return nothing

    @calling(lambda: calls.SERVER_INFO)
    async def server_info(self, **params: Unpack[ServerInfoKeywords]) -> dict[str, Any]:
        """Return the server's configuration. Dev mode only."""
        reply: dict[str, Any] = await self._client._run(calls.SERVER_INFO, {**params})
        return reply

    @calling(lambda: calls.TOKENIZER_INFO)
    async def tokenizer_info(self, **options: Unpack[RequestOptions]) -> dict[str, Any]:
        """Return the tokenizer's configuration, where the server shows it."""
        reply: dict[str, Any] = await self._client._run(calls.TOKENIZER_INFO, {**options})
        return reply

    @calling(lambda: calls.COLLECTIVE_RPC)
    async def collective_rpc(self, **params: Unpack[CollectiveRPCKeywords]) -> Any:
        """Call a method on every worker. Dev mode only."""
        return await self._client._run(calls.COLLECTIVE_RPC, {**params})
