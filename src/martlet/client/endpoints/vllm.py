"""Endpoints of vLLM's own, most of them beside `/v1`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict
from urllib.parse import urlencode

from martlet.client.calls import Call, Endpoint
from martlet.client.endpoints.embeddings import BytesEndpoint, PackedEndpoint, for_format
from martlet.client.generic import read_as
from martlet.client.metrics import Metrics
from martlet.client.options import ABSENT, RequestOptions
from martlet.client.replies import Reply
from martlet.protocol.chat import ChatCompletion
from martlet.protocol.cohere import CohereEmbedParams, CohereEmbedResponse
from martlet.protocol.embeddings import CreateEmbeddingResponse
from martlet.protocol.models import VersionInfo
from martlet.protocol.pooling import (
    ClassificationResponse,
    ClassifyParams,
    EmbeddingChatParams,
    PoolingParams,
    PoolingResponse,
    RerankParams,
    RerankResponse,
    ScoreParams,
    ScoreResponse,
)
from martlet.protocol.tokenize import DetokenizeResponse, TokenizeResponse
from martlet.protocol.vllm import (
    AbortedRequests,
    AbortRequestsParams,
    CacheReset,
    ChatBatchParams,
    CollectiveRPCParams,
    DetokenizeParams,
    GenerativeScoringParams,
    LoadLoRAParams,
    PauseParams,
    PauseState,
    ResetPrefixCacheParams,
    ServerInfoParams,
    ServerLoad,
    SleepParams,
    SleepState,
    TokenizeParams,
    UnloadLoRAParams,
)


class TokenizeKeywords(TokenizeParams, RequestOptions, total=False):
    """Keywords of `vllm.tokenize`."""


class DetokenizeKeywords(DetokenizeParams, RequestOptions, total=False):
    """Keywords of `vllm.detokenize`."""


class EmbedKeywords(EmbeddingChatParams, RequestOptions, total=False):
    """Keywords of `vllm.embed`."""


class PoolingKeywords(PoolingParams, RequestOptions, total=False):
    """Keywords of `vllm.pooling`."""


class ClassifyKeywords(ClassifyParams, RequestOptions, total=False):
    """Keywords of `vllm.classify`."""


class ScoreKeywords(ScoreParams, RequestOptions, total=False):
    """Keywords of `vllm.score`."""


class RerankKeywords(RerankParams, RequestOptions, total=False):
    """Keywords of `vllm.rerank`."""


class CohereEmbedKeywords(CohereEmbedParams, RequestOptions, total=False):
    """Keywords of `vllm.cohere_embed`."""


class ChatBatchKeywords(ChatBatchParams, RequestOptions, total=False):
    """Keywords of `vllm.chat_batch`."""


class GenerativeScoringKeywords(GenerativeScoringParams, RequestOptions, total=False):
    """Keywords of `vllm.generative_scoring`."""


class AbortRequestsKeywords(AbortRequestsParams, RequestOptions, total=False):
    """Keywords of `vllm.abort_requests`."""


class LoadLoRAKeywords(LoadLoRAParams, RequestOptions, total=False):
    """Keywords of `vllm.load_lora_adapter`."""


class UnloadLoRAKeywords(UnloadLoRAParams, RequestOptions, total=False):
    """Keywords of `vllm.unload_lora_adapter`."""


class SleepKeywords(SleepParams, RequestOptions, total=False):
    """Keywords of `vllm.sleep`."""


class PauseKeywords(PauseParams, RequestOptions, total=False):
    """Keywords of `vllm.pause`."""


class ResetPrefixCacheKeywords(ResetPrefixCacheParams, RequestOptions, total=False):
    """Keywords of `vllm.reset_prefix_cache`."""


class ServerInfoKeywords(ServerInfoParams, RequestOptions, total=False):
    """Keywords of `vllm.server_info`."""


class CollectiveRPCKeywords(CollectiveRPCParams, RequestOptions, total=False):
    """Keywords of `vllm.collective_rpc`."""


class WakeUpParams(TypedDict, total=False):
    """Parameters of a call of /wake_up."""

    tags: list[str]
    """What to bring back, of `weights` and `kv_cache`; without it, all."""


class WakeUpKeywords(WakeUpParams, RequestOptions, total=False):
    """Keywords of `vllm.wake_up`."""


class _WakeUp(Endpoint[None]):
    """Writes `tags=a&tags=b`, where other lists in queries have brackets."""

    def call(self, params: dict[str, Any], path: Mapping[str, str] | None = None) -> Call[None]:
        tags = params.pop("tags", None)
        call = super().call(params, path)
        if tags is not None and not isinstance(tags, ABSENT):
            call.path += "?" + urlencode(
                {"tags": [tags] if isinstance(tags, str) else list(tags)}, doseq=True
            )
        return call


class _BytesPooling(Endpoint[PoolingResponse]):
    """For what comes as bytes, which a header describes."""

    def parse(self, reply: Reply) -> PoolingResponse:
        from martlet.client import vectors

        return vectors.pooling(reply) if vectors.is_described(reply) else super().parse(reply)


def embed_endpoint(params: Mapping[str, Any]) -> Endpoint[CreateEmbeddingResponse]:
    """As for `embeddings.create`: base64 that is unpacked, unless the caller asks for another form."""
    return for_format(params, EMBED, _PACKED_EMBED, _BYTES_EMBED)


def pooling_endpoint(params: Mapping[str, Any]) -> Endpoint[PoolingResponse]:
    """The one that reads the form that the caller asks for."""
    return for_format(params, POOLING, POOLING, _BYTES_POOLING)


def _nothing(reply: object) -> None:
    """A 2xx says that it is done."""


def _is_well(reply: object) -> bool:
    return True


def _text(reply: Reply) -> str:
    return reply.as_response().text


def _anything(reply: Reply) -> Any:
    return read_as(object, reply)


def _metrics(reply: Reply) -> Metrics:
    return Metrics(_text(reply))


def _is_sleeping(reply: Reply) -> bool:
    return bool(read_as(SleepState, reply).is_sleeping)


def _is_paused(reply: Reply) -> bool:
    return bool(read_as(PauseState, reply).is_paused)


TOKENIZE: Endpoint[TokenizeResponse] = Endpoint(
    "vllm.tokenize", "POST", "../tokenize", TokenizeResponse, TokenizeParams
)
DETOKENIZE: Endpoint[DetokenizeResponse] = Endpoint(
    "vllm.detokenize", "POST", "../detokenize", DetokenizeResponse, DetokenizeParams
)
_EMBED = ("vllm.embed", "POST", "../v1/embeddings", CreateEmbeddingResponse, EmbeddingChatParams)
EMBED: Endpoint[CreateEmbeddingResponse] = Endpoint(*_EMBED)
_PACKED_EMBED = PackedEndpoint(*_EMBED)
_BYTES_EMBED = BytesEndpoint(*_EMBED)
COHERE_EMBED: Endpoint[CohereEmbedResponse] = Endpoint(
    "vllm.cohere_embed", "POST", "../v2/embed", CohereEmbedResponse, CohereEmbedParams
)
_POOLING = ("vllm.pooling", "POST", "../pooling", PoolingResponse, PoolingParams)
POOLING: Endpoint[PoolingResponse] = Endpoint(*_POOLING)
_BYTES_POOLING = _BytesPooling(*_POOLING)
CLASSIFY: Endpoint[ClassificationResponse] = Endpoint(
    "vllm.classify", "POST", "../classify", ClassificationResponse, ClassifyParams
)
SCORE: Endpoint[ScoreResponse] = Endpoint("vllm.score", "POST", "../score", ScoreResponse, ScoreParams)
RERANK: Endpoint[RerankResponse] = Endpoint("vllm.rerank", "POST", "../rerank", RerankResponse, RerankParams)
CHAT_BATCH: Endpoint[ChatCompletion] = Endpoint(
    "vllm.chat_batch", "POST", "../v1/chat/completions/batch", ChatCompletion, ChatBatchParams
)
GENERATIVE_SCORING: Endpoint[ScoreResponse] = Endpoint(
    "vllm.generative_scoring", "POST", "../generative_scoring", ScoreResponse, GenerativeScoringParams
)
HEALTH: Endpoint[bool] = Endpoint("vllm.health", "GET", "../health", bool, read=_is_well)
VERSION: Endpoint[VersionInfo] = Endpoint("vllm.version", "GET", "../version", VersionInfo)
LOAD: Endpoint[ServerLoad] = Endpoint("vllm.load", "GET", "../load", ServerLoad)
METRICS: Endpoint[Metrics] = Endpoint(
    "vllm.metrics", "GET", "../metrics", Metrics, accept="text/plain", read=_metrics
)
SERVER_INFO: Endpoint[Any] = Endpoint(
    "vllm.server_info", "GET", "../server_info", dict, ServerInfoParams, read=_anything
)
TOKENIZER_INFO: Endpoint[Any] = Endpoint(
    "vllm.tokenizer_info", "GET", "../tokenizer_info", dict, read=_anything
)
LOAD_LORA_ADAPTER: Endpoint[str] = Endpoint(
    "vllm.load_lora_adapter", "POST", "../v1/load_lora_adapter", str, LoadLoRAParams, read=_text
)
UNLOAD_LORA_ADAPTER: Endpoint[str] = Endpoint(
    "vllm.unload_lora_adapter", "POST", "../v1/unload_lora_adapter", str, UnloadLoRAParams, read=_text
)
SLEEP: Endpoint[None] = Endpoint(
    "vllm.sleep", "POST", "../sleep", type(None), SleepParams, in_query=True, read=_nothing
)
WAKE_UP = _WakeUp(
    "vllm.wake_up", "POST", "../wake_up", type(None), WakeUpParams, in_query=True, read=_nothing
)
IS_SLEEPING: Endpoint[bool] = Endpoint("vllm.is_sleeping", "GET", "../is_sleeping", bool, read=_is_sleeping)
PAUSE: Endpoint[None] = Endpoint(
    "vllm.pause", "POST", "../pause", type(None), PauseParams, in_query=True, read=_nothing
)
RESUME: Endpoint[None] = Endpoint("vllm.resume", "POST", "../resume", type(None), read=_nothing)
IS_PAUSED: Endpoint[bool] = Endpoint("vllm.is_paused", "GET", "../is_paused", bool, read=_is_paused)
ABORT_REQUESTS: Endpoint[AbortedRequests] = Endpoint(
    "vllm.abort_requests", "POST", "../abort_requests", AbortedRequests, AbortRequestsParams
)
RESET_PREFIX_CACHE: Endpoint[CacheReset] = Endpoint(
    "vllm.reset_prefix_cache",
    "POST",
    "../reset_prefix_cache",
    CacheReset,
    ResetPrefixCacheParams,
    in_query=True,
)
RESET_MM_CACHE: Endpoint[None] = Endpoint(
    "vllm.reset_mm_cache", "POST", "../reset_mm_cache", type(None), read=_nothing
)
RESET_ENCODER_CACHE: Endpoint[None] = Endpoint(
    "vllm.reset_encoder_cache", "POST", "../reset_encoder_cache", type(None), read=_nothing
)
COLLECTIVE_RPC: Endpoint[Any] = Endpoint(
    "vllm.collective_rpc", "POST", "../collective_rpc", dict, CollectiveRPCParams, read=_anything
)
