"""What type checkers know of `with_raw_response` and `with_streaming_response`; not for run time.

Written by scripts/make_views.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, overload

from martlet.client.client import AsyncOpenAI, OpenAI
from martlet.client.raw import (
    AsyncResponseContextManager,
    LegacyAPIResponse,
    ResourceView,
    ResponseContextManager,
)
from martlet.client.resources import (
    audio,
    batches,
    beta,
    chat,
    completions,
    embeddings,
    files,
    images,
    models,
    moderations,
    responses,
    stored_chat,
    uploads,
    vllm,
)

P = ParamSpec("P")
R = TypeVar("R")


def raw(method: Callable[P, R]) -> Callable[P, LegacyAPIResponse[R]]:
    raise NotImplementedError


def async_raw(method: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, LegacyAPIResponse[R]]]:
    raise NotImplementedError


def streamed(method: Callable[P, R]) -> Callable[P, ResponseContextManager[R]]:
    raise NotImplementedError


def async_streamed(method: Callable[P, Awaitable[R]]) -> Callable[P, AsyncResponseContextManager[R]]:
    raise NotImplementedError


class RawAudioSpeech:
    def __init__(self, resource: audio.Speech) -> None:
        self.create = raw(resource.create)


class RawAudioTranscriptions:
    def __init__(self, resource: audio.Transcriptions) -> None:
        self.create = raw(resource.create)


class RawAudioTranslations:
    def __init__(self, resource: audio.Translations) -> None:
        self.create = raw(resource.create)


class RawAudio:
    def __init__(self, resource: audio.Audio) -> None:
        self.speech = RawAudioSpeech(resource.speech)
        self.transcriptions = RawAudioTranscriptions(resource.transcriptions)
        self.translations = RawAudioTranslations(resource.translations)


class RawBatches:
    def __init__(self, resource: batches.Batches) -> None:
        self.cancel = raw(resource.cancel)
        self.create = raw(resource.create)
        self.list = raw(resource.list)
        self.retrieve = raw(resource.retrieve)


class RawChatCompletionsMessages:
    def __init__(self, resource: stored_chat.Messages) -> None:
        self.list = raw(resource.list)


class RawChatCompletions:
    def __init__(self, resource: chat.Completions) -> None:
        self.create = raw(resource.create)
        self.delete = raw(resource.delete)
        self.list = raw(resource.list)
        self.messages = RawChatCompletionsMessages(resource.messages)
        self.parse = raw(resource.parse)
        self.retrieve = raw(resource.retrieve)
        self.update = raw(resource.update)


class RawChat:
    def __init__(self, resource: chat.Chat) -> None:
        self.completions = RawChatCompletions(resource.completions)


class RawCompletions:
    def __init__(self, resource: completions.Completions) -> None:
        self.create = raw(resource.create)


class RawEmbeddings:
    def __init__(self, resource: embeddings.Embeddings) -> None:
        self.create = raw(resource.create)


class RawFiles:
    def __init__(self, resource: files.Files) -> None:
        self.content = raw(resource.content)
        self.create = raw(resource.create)
        self.delete = raw(resource.delete)
        self.list = raw(resource.list)
        self.retrieve = raw(resource.retrieve)
        self.retrieve_content = raw(resource.retrieve_content)


class RawImages:
    def __init__(self, resource: images.Images) -> None:
        self.create_variation = raw(resource.create_variation)
        self.edit = raw(resource.edit)
        self.generate = raw(resource.generate)


class RawModels:
    def __init__(self, resource: models.Models) -> None:
        self.delete = raw(resource.delete)
        self.list = raw(resource.list)
        self.retrieve = raw(resource.retrieve)


class RawModerations:
    def __init__(self, resource: moderations.Moderations) -> None:
        self.create = raw(resource.create)


class RawResponsesInputItems:
    def __init__(self, resource: responses.InputItems) -> None:
        self.list = raw(resource.list)


class RawResponsesInputTokens:
    def __init__(self, resource: responses.InputTokens) -> None:
        self.count = raw(resource.count)


class RawResponses:
    def __init__(self, resource: responses.Responses) -> None:
        self.cancel = raw(resource.cancel)
        self.compact = raw(resource.compact)
        self.create = raw(resource.create)
        self.delete = raw(resource.delete)
        self.input_items = RawResponsesInputItems(resource.input_items)
        self.input_tokens = RawResponsesInputTokens(resource.input_tokens)
        self.parse = raw(resource.parse)
        self.retrieve = raw(resource.retrieve)


class RawUploadsParts:
    def __init__(self, resource: uploads.Parts) -> None:
        self.create = raw(resource.create)


class RawUploads:
    def __init__(self, resource: uploads.Uploads) -> None:
        self.cancel = raw(resource.cancel)
        self.complete = raw(resource.complete)
        self.create = raw(resource.create)
        self.parts = RawUploadsParts(resource.parts)


class RawVllm:
    def __init__(self, resource: vllm.VLLM) -> None:
        self.abort_requests = raw(resource.abort_requests)
        self.chat_batch = raw(resource.chat_batch)
        self.classify = raw(resource.classify)
        self.cohere_embed = raw(resource.cohere_embed)
        self.collective_rpc = raw(resource.collective_rpc)
        self.detokenize = raw(resource.detokenize)
        self.embed = raw(resource.embed)
        self.generative_scoring = raw(resource.generative_scoring)
        self.health = raw(resource.health)
        self.is_paused = raw(resource.is_paused)
        self.is_sleeping = raw(resource.is_sleeping)
        self.load = raw(resource.load)
        self.load_lora_adapter = raw(resource.load_lora_adapter)
        self.metrics = raw(resource.metrics)
        self.pause = raw(resource.pause)
        self.pooling = raw(resource.pooling)
        self.rerank = raw(resource.rerank)
        self.reset_encoder_cache = raw(resource.reset_encoder_cache)
        self.reset_mm_cache = raw(resource.reset_mm_cache)
        self.reset_prefix_cache = raw(resource.reset_prefix_cache)
        self.resume = raw(resource.resume)
        self.score = raw(resource.score)
        self.server_info = raw(resource.server_info)
        self.sleep = raw(resource.sleep)
        self.tokenize = raw(resource.tokenize)
        self.tokenizer_info = raw(resource.tokenizer_info)
        self.unload_lora_adapter = raw(resource.unload_lora_adapter)
        self.version = raw(resource.version)
        self.wake_up = raw(resource.wake_up)


class RawBeta:
    def __init__(self, resource: beta.Beta) -> None:
        self.chat = RawChat(resource.chat)


class RawOpenAI:
    def __init__(self, resource: OpenAI) -> None:
        self.audio = RawAudio(resource.audio)
        self.batches = RawBatches(resource.batches)
        self.beta = RawBeta(resource.beta)
        self.chat = RawChat(resource.chat)
        self.completions = RawCompletions(resource.completions)
        self.embeddings = RawEmbeddings(resource.embeddings)
        self.files = RawFiles(resource.files)
        self.images = RawImages(resource.images)
        self.models = RawModels(resource.models)
        self.moderations = RawModerations(resource.moderations)
        self.responses = RawResponses(resource.responses)
        self.uploads = RawUploads(resource.uploads)
        self.vllm = RawVllm(resource.vllm)


class StreamedAudioSpeech:
    def __init__(self, resource: audio.Speech) -> None:
        self.create = streamed(resource.create)


class StreamedAudioTranscriptions:
    def __init__(self, resource: audio.Transcriptions) -> None:
        self.create = streamed(resource.create)


class StreamedAudioTranslations:
    def __init__(self, resource: audio.Translations) -> None:
        self.create = streamed(resource.create)


class StreamedAudio:
    def __init__(self, resource: audio.Audio) -> None:
        self.speech = StreamedAudioSpeech(resource.speech)
        self.transcriptions = StreamedAudioTranscriptions(resource.transcriptions)
        self.translations = StreamedAudioTranslations(resource.translations)


class StreamedBatches:
    def __init__(self, resource: batches.Batches) -> None:
        self.cancel = streamed(resource.cancel)
        self.create = streamed(resource.create)
        self.list = streamed(resource.list)
        self.retrieve = streamed(resource.retrieve)


class StreamedChatCompletionsMessages:
    def __init__(self, resource: stored_chat.Messages) -> None:
        self.list = streamed(resource.list)


class StreamedChatCompletions:
    def __init__(self, resource: chat.Completions) -> None:
        self.create = streamed(resource.create)
        self.delete = streamed(resource.delete)
        self.list = streamed(resource.list)
        self.messages = StreamedChatCompletionsMessages(resource.messages)
        self.parse = streamed(resource.parse)
        self.retrieve = streamed(resource.retrieve)
        self.update = streamed(resource.update)


class StreamedChat:
    def __init__(self, resource: chat.Chat) -> None:
        self.completions = StreamedChatCompletions(resource.completions)


class StreamedCompletions:
    def __init__(self, resource: completions.Completions) -> None:
        self.create = streamed(resource.create)


class StreamedEmbeddings:
    def __init__(self, resource: embeddings.Embeddings) -> None:
        self.create = streamed(resource.create)


class StreamedFiles:
    def __init__(self, resource: files.Files) -> None:
        self.content = streamed(resource.content)
        self.create = streamed(resource.create)
        self.delete = streamed(resource.delete)
        self.list = streamed(resource.list)
        self.retrieve = streamed(resource.retrieve)
        self.retrieve_content = streamed(resource.retrieve_content)


class StreamedImages:
    def __init__(self, resource: images.Images) -> None:
        self.create_variation = streamed(resource.create_variation)
        self.edit = streamed(resource.edit)
        self.generate = streamed(resource.generate)


class StreamedModels:
    def __init__(self, resource: models.Models) -> None:
        self.delete = streamed(resource.delete)
        self.list = streamed(resource.list)
        self.retrieve = streamed(resource.retrieve)


class StreamedModerations:
    def __init__(self, resource: moderations.Moderations) -> None:
        self.create = streamed(resource.create)


class StreamedResponsesInputItems:
    def __init__(self, resource: responses.InputItems) -> None:
        self.list = streamed(resource.list)


class StreamedResponsesInputTokens:
    def __init__(self, resource: responses.InputTokens) -> None:
        self.count = streamed(resource.count)


class StreamedResponses:
    def __init__(self, resource: responses.Responses) -> None:
        self.cancel = streamed(resource.cancel)
        self.compact = streamed(resource.compact)
        self.create = streamed(resource.create)
        self.delete = streamed(resource.delete)
        self.input_items = StreamedResponsesInputItems(resource.input_items)
        self.input_tokens = StreamedResponsesInputTokens(resource.input_tokens)
        self.parse = streamed(resource.parse)
        self.retrieve = streamed(resource.retrieve)


class StreamedUploadsParts:
    def __init__(self, resource: uploads.Parts) -> None:
        self.create = streamed(resource.create)


class StreamedUploads:
    def __init__(self, resource: uploads.Uploads) -> None:
        self.cancel = streamed(resource.cancel)
        self.complete = streamed(resource.complete)
        self.create = streamed(resource.create)
        self.parts = StreamedUploadsParts(resource.parts)


class StreamedVllm:
    def __init__(self, resource: vllm.VLLM) -> None:
        self.abort_requests = streamed(resource.abort_requests)
        self.chat_batch = streamed(resource.chat_batch)
        self.classify = streamed(resource.classify)
        self.cohere_embed = streamed(resource.cohere_embed)
        self.collective_rpc = streamed(resource.collective_rpc)
        self.detokenize = streamed(resource.detokenize)
        self.embed = streamed(resource.embed)
        self.generative_scoring = streamed(resource.generative_scoring)
        self.health = streamed(resource.health)
        self.is_paused = streamed(resource.is_paused)
        self.is_sleeping = streamed(resource.is_sleeping)
        self.load = streamed(resource.load)
        self.load_lora_adapter = streamed(resource.load_lora_adapter)
        self.metrics = streamed(resource.metrics)
        self.pause = streamed(resource.pause)
        self.pooling = streamed(resource.pooling)
        self.rerank = streamed(resource.rerank)
        self.reset_encoder_cache = streamed(resource.reset_encoder_cache)
        self.reset_mm_cache = streamed(resource.reset_mm_cache)
        self.reset_prefix_cache = streamed(resource.reset_prefix_cache)
        self.resume = streamed(resource.resume)
        self.score = streamed(resource.score)
        self.server_info = streamed(resource.server_info)
        self.sleep = streamed(resource.sleep)
        self.tokenize = streamed(resource.tokenize)
        self.tokenizer_info = streamed(resource.tokenizer_info)
        self.unload_lora_adapter = streamed(resource.unload_lora_adapter)
        self.version = streamed(resource.version)
        self.wake_up = streamed(resource.wake_up)


class StreamedBeta:
    def __init__(self, resource: beta.Beta) -> None:
        self.chat = StreamedChat(resource.chat)


class StreamedOpenAI:
    def __init__(self, resource: OpenAI) -> None:
        self.audio = StreamedAudio(resource.audio)
        self.batches = StreamedBatches(resource.batches)
        self.beta = StreamedBeta(resource.beta)
        self.chat = StreamedChat(resource.chat)
        self.completions = StreamedCompletions(resource.completions)
        self.embeddings = StreamedEmbeddings(resource.embeddings)
        self.files = StreamedFiles(resource.files)
        self.images = StreamedImages(resource.images)
        self.models = StreamedModels(resource.models)
        self.moderations = StreamedModerations(resource.moderations)
        self.responses = StreamedResponses(resource.responses)
        self.uploads = StreamedUploads(resource.uploads)
        self.vllm = StreamedVllm(resource.vllm)


class RawAsyncAudioSpeech:
    def __init__(self, resource: audio.AsyncSpeech) -> None:
        self.create = async_raw(resource.create)


class RawAsyncAudioTranscriptions:
    def __init__(self, resource: audio.AsyncTranscriptions) -> None:
        self.create = async_raw(resource.create)


class RawAsyncAudioTranslations:
    def __init__(self, resource: audio.AsyncTranslations) -> None:
        self.create = async_raw(resource.create)


class RawAsyncAudio:
    def __init__(self, resource: audio.AsyncAudio) -> None:
        self.speech = RawAsyncAudioSpeech(resource.speech)
        self.transcriptions = RawAsyncAudioTranscriptions(resource.transcriptions)
        self.translations = RawAsyncAudioTranslations(resource.translations)


class RawAsyncBatches:
    def __init__(self, resource: batches.AsyncBatches) -> None:
        self.cancel = async_raw(resource.cancel)
        self.create = async_raw(resource.create)
        self.list = async_raw(resource.list)
        self.retrieve = async_raw(resource.retrieve)


class RawAsyncChatCompletionsMessages:
    def __init__(self, resource: stored_chat.AsyncMessages) -> None:
        self.list = async_raw(resource.list)


class RawAsyncChatCompletions:
    def __init__(self, resource: chat.AsyncCompletions) -> None:
        self.create = async_raw(resource.create)
        self.delete = async_raw(resource.delete)
        self.list = async_raw(resource.list)
        self.messages = RawAsyncChatCompletionsMessages(resource.messages)
        self.parse = async_raw(resource.parse)
        self.retrieve = async_raw(resource.retrieve)
        self.update = async_raw(resource.update)


class RawAsyncChat:
    def __init__(self, resource: chat.AsyncChat) -> None:
        self.completions = RawAsyncChatCompletions(resource.completions)


class RawAsyncCompletions:
    def __init__(self, resource: completions.AsyncCompletions) -> None:
        self.create = async_raw(resource.create)


class RawAsyncEmbeddings:
    def __init__(self, resource: embeddings.AsyncEmbeddings) -> None:
        self.create = async_raw(resource.create)


class RawAsyncFiles:
    def __init__(self, resource: files.AsyncFiles) -> None:
        self.content = async_raw(resource.content)
        self.create = async_raw(resource.create)
        self.delete = async_raw(resource.delete)
        self.list = async_raw(resource.list)
        self.retrieve = async_raw(resource.retrieve)
        self.retrieve_content = async_raw(resource.retrieve_content)


class RawAsyncImages:
    def __init__(self, resource: images.AsyncImages) -> None:
        self.create_variation = async_raw(resource.create_variation)
        self.edit = async_raw(resource.edit)
        self.generate = async_raw(resource.generate)


class RawAsyncModels:
    def __init__(self, resource: models.AsyncModels) -> None:
        self.delete = async_raw(resource.delete)
        self.list = async_raw(resource.list)
        self.retrieve = async_raw(resource.retrieve)


class RawAsyncModerations:
    def __init__(self, resource: moderations.AsyncModerations) -> None:
        self.create = async_raw(resource.create)


class RawAsyncResponsesInputItems:
    def __init__(self, resource: responses.AsyncInputItems) -> None:
        self.list = async_raw(resource.list)


class RawAsyncResponsesInputTokens:
    def __init__(self, resource: responses.AsyncInputTokens) -> None:
        self.count = async_raw(resource.count)


class RawAsyncResponses:
    def __init__(self, resource: responses.AsyncResponses) -> None:
        self.cancel = async_raw(resource.cancel)
        self.compact = async_raw(resource.compact)
        self.create = async_raw(resource.create)
        self.delete = async_raw(resource.delete)
        self.input_items = RawAsyncResponsesInputItems(resource.input_items)
        self.input_tokens = RawAsyncResponsesInputTokens(resource.input_tokens)
        self.parse = async_raw(resource.parse)
        self.retrieve = async_raw(resource.retrieve)


class RawAsyncUploadsParts:
    def __init__(self, resource: uploads.AsyncParts) -> None:
        self.create = async_raw(resource.create)


class RawAsyncUploads:
    def __init__(self, resource: uploads.AsyncUploads) -> None:
        self.cancel = async_raw(resource.cancel)
        self.complete = async_raw(resource.complete)
        self.create = async_raw(resource.create)
        self.parts = RawAsyncUploadsParts(resource.parts)


class RawAsyncVllm:
    def __init__(self, resource: vllm.AsyncVLLM) -> None:
        self.abort_requests = async_raw(resource.abort_requests)
        self.chat_batch = async_raw(resource.chat_batch)
        self.classify = async_raw(resource.classify)
        self.cohere_embed = async_raw(resource.cohere_embed)
        self.collective_rpc = async_raw(resource.collective_rpc)
        self.detokenize = async_raw(resource.detokenize)
        self.embed = async_raw(resource.embed)
        self.generative_scoring = async_raw(resource.generative_scoring)
        self.health = async_raw(resource.health)
        self.is_paused = async_raw(resource.is_paused)
        self.is_sleeping = async_raw(resource.is_sleeping)
        self.load = async_raw(resource.load)
        self.load_lora_adapter = async_raw(resource.load_lora_adapter)
        self.metrics = async_raw(resource.metrics)
        self.pause = async_raw(resource.pause)
        self.pooling = async_raw(resource.pooling)
        self.rerank = async_raw(resource.rerank)
        self.reset_encoder_cache = async_raw(resource.reset_encoder_cache)
        self.reset_mm_cache = async_raw(resource.reset_mm_cache)
        self.reset_prefix_cache = async_raw(resource.reset_prefix_cache)
        self.resume = async_raw(resource.resume)
        self.score = async_raw(resource.score)
        self.server_info = async_raw(resource.server_info)
        self.sleep = async_raw(resource.sleep)
        self.tokenize = async_raw(resource.tokenize)
        self.tokenizer_info = async_raw(resource.tokenizer_info)
        self.unload_lora_adapter = async_raw(resource.unload_lora_adapter)
        self.version = async_raw(resource.version)
        self.wake_up = async_raw(resource.wake_up)


class RawAsyncBeta:
    def __init__(self, resource: beta.AsyncBeta) -> None:
        self.chat = RawAsyncChat(resource.chat)


class RawAsyncOpenAI:
    def __init__(self, resource: AsyncOpenAI) -> None:
        self.audio = RawAsyncAudio(resource.audio)
        self.batches = RawAsyncBatches(resource.batches)
        self.beta = RawAsyncBeta(resource.beta)
        self.chat = RawAsyncChat(resource.chat)
        self.completions = RawAsyncCompletions(resource.completions)
        self.embeddings = RawAsyncEmbeddings(resource.embeddings)
        self.files = RawAsyncFiles(resource.files)
        self.images = RawAsyncImages(resource.images)
        self.models = RawAsyncModels(resource.models)
        self.moderations = RawAsyncModerations(resource.moderations)
        self.responses = RawAsyncResponses(resource.responses)
        self.uploads = RawAsyncUploads(resource.uploads)
        self.vllm = RawAsyncVllm(resource.vllm)


class StreamedAsyncAudioSpeech:
    def __init__(self, resource: audio.AsyncSpeech) -> None:
        self.create = async_streamed(resource.create)


class StreamedAsyncAudioTranscriptions:
    def __init__(self, resource: audio.AsyncTranscriptions) -> None:
        self.create = async_streamed(resource.create)


class StreamedAsyncAudioTranslations:
    def __init__(self, resource: audio.AsyncTranslations) -> None:
        self.create = async_streamed(resource.create)


class StreamedAsyncAudio:
    def __init__(self, resource: audio.AsyncAudio) -> None:
        self.speech = StreamedAsyncAudioSpeech(resource.speech)
        self.transcriptions = StreamedAsyncAudioTranscriptions(resource.transcriptions)
        self.translations = StreamedAsyncAudioTranslations(resource.translations)


class StreamedAsyncBatches:
    def __init__(self, resource: batches.AsyncBatches) -> None:
        self.cancel = async_streamed(resource.cancel)
        self.create = async_streamed(resource.create)
        self.list = async_streamed(resource.list)
        self.retrieve = async_streamed(resource.retrieve)


class StreamedAsyncChatCompletionsMessages:
    def __init__(self, resource: stored_chat.AsyncMessages) -> None:
        self.list = async_streamed(resource.list)


class StreamedAsyncChatCompletions:
    def __init__(self, resource: chat.AsyncCompletions) -> None:
        self.create = async_streamed(resource.create)
        self.delete = async_streamed(resource.delete)
        self.list = async_streamed(resource.list)
        self.messages = StreamedAsyncChatCompletionsMessages(resource.messages)
        self.parse = async_streamed(resource.parse)
        self.retrieve = async_streamed(resource.retrieve)
        self.update = async_streamed(resource.update)


class StreamedAsyncChat:
    def __init__(self, resource: chat.AsyncChat) -> None:
        self.completions = StreamedAsyncChatCompletions(resource.completions)


class StreamedAsyncCompletions:
    def __init__(self, resource: completions.AsyncCompletions) -> None:
        self.create = async_streamed(resource.create)


class StreamedAsyncEmbeddings:
    def __init__(self, resource: embeddings.AsyncEmbeddings) -> None:
        self.create = async_streamed(resource.create)


class StreamedAsyncFiles:
    def __init__(self, resource: files.AsyncFiles) -> None:
        self.content = async_streamed(resource.content)
        self.create = async_streamed(resource.create)
        self.delete = async_streamed(resource.delete)
        self.list = async_streamed(resource.list)
        self.retrieve = async_streamed(resource.retrieve)
        self.retrieve_content = async_streamed(resource.retrieve_content)


class StreamedAsyncImages:
    def __init__(self, resource: images.AsyncImages) -> None:
        self.create_variation = async_streamed(resource.create_variation)
        self.edit = async_streamed(resource.edit)
        self.generate = async_streamed(resource.generate)


class StreamedAsyncModels:
    def __init__(self, resource: models.AsyncModels) -> None:
        self.delete = async_streamed(resource.delete)
        self.list = async_streamed(resource.list)
        self.retrieve = async_streamed(resource.retrieve)


class StreamedAsyncModerations:
    def __init__(self, resource: moderations.AsyncModerations) -> None:
        self.create = async_streamed(resource.create)


class StreamedAsyncResponsesInputItems:
    def __init__(self, resource: responses.AsyncInputItems) -> None:
        self.list = async_streamed(resource.list)


class StreamedAsyncResponsesInputTokens:
    def __init__(self, resource: responses.AsyncInputTokens) -> None:
        self.count = async_streamed(resource.count)


class StreamedAsyncResponses:
    def __init__(self, resource: responses.AsyncResponses) -> None:
        self.cancel = async_streamed(resource.cancel)
        self.compact = async_streamed(resource.compact)
        self.create = async_streamed(resource.create)
        self.delete = async_streamed(resource.delete)
        self.input_items = StreamedAsyncResponsesInputItems(resource.input_items)
        self.input_tokens = StreamedAsyncResponsesInputTokens(resource.input_tokens)
        self.parse = async_streamed(resource.parse)
        self.retrieve = async_streamed(resource.retrieve)


class StreamedAsyncUploadsParts:
    def __init__(self, resource: uploads.AsyncParts) -> None:
        self.create = async_streamed(resource.create)


class StreamedAsyncUploads:
    def __init__(self, resource: uploads.AsyncUploads) -> None:
        self.cancel = async_streamed(resource.cancel)
        self.complete = async_streamed(resource.complete)
        self.create = async_streamed(resource.create)
        self.parts = StreamedAsyncUploadsParts(resource.parts)


class StreamedAsyncVllm:
    def __init__(self, resource: vllm.AsyncVLLM) -> None:
        self.abort_requests = async_streamed(resource.abort_requests)
        self.chat_batch = async_streamed(resource.chat_batch)
        self.classify = async_streamed(resource.classify)
        self.cohere_embed = async_streamed(resource.cohere_embed)
        self.collective_rpc = async_streamed(resource.collective_rpc)
        self.detokenize = async_streamed(resource.detokenize)
        self.embed = async_streamed(resource.embed)
        self.generative_scoring = async_streamed(resource.generative_scoring)
        self.health = async_streamed(resource.health)
        self.is_paused = async_streamed(resource.is_paused)
        self.is_sleeping = async_streamed(resource.is_sleeping)
        self.load = async_streamed(resource.load)
        self.load_lora_adapter = async_streamed(resource.load_lora_adapter)
        self.metrics = async_streamed(resource.metrics)
        self.pause = async_streamed(resource.pause)
        self.pooling = async_streamed(resource.pooling)
        self.rerank = async_streamed(resource.rerank)
        self.reset_encoder_cache = async_streamed(resource.reset_encoder_cache)
        self.reset_mm_cache = async_streamed(resource.reset_mm_cache)
        self.reset_prefix_cache = async_streamed(resource.reset_prefix_cache)
        self.resume = async_streamed(resource.resume)
        self.score = async_streamed(resource.score)
        self.server_info = async_streamed(resource.server_info)
        self.sleep = async_streamed(resource.sleep)
        self.tokenize = async_streamed(resource.tokenize)
        self.tokenizer_info = async_streamed(resource.tokenizer_info)
        self.unload_lora_adapter = async_streamed(resource.unload_lora_adapter)
        self.version = async_streamed(resource.version)
        self.wake_up = async_streamed(resource.wake_up)


class StreamedAsyncBeta:
    def __init__(self, resource: beta.AsyncBeta) -> None:
        self.chat = StreamedAsyncChat(resource.chat)


class StreamedAsyncOpenAI:
    def __init__(self, resource: AsyncOpenAI) -> None:
        self.audio = StreamedAsyncAudio(resource.audio)
        self.batches = StreamedAsyncBatches(resource.batches)
        self.beta = StreamedAsyncBeta(resource.beta)
        self.chat = StreamedAsyncChat(resource.chat)
        self.completions = StreamedAsyncCompletions(resource.completions)
        self.embeddings = StreamedAsyncEmbeddings(resource.embeddings)
        self.files = StreamedAsyncFiles(resource.files)
        self.images = StreamedAsyncImages(resource.images)
        self.models = StreamedAsyncModels(resource.models)
        self.moderations = StreamedAsyncModerations(resource.moderations)
        self.responses = StreamedAsyncResponses(resource.responses)
        self.uploads = StreamedAsyncUploads(resource.uploads)
        self.vllm = StreamedAsyncVllm(resource.vllm)


class RawView:
    """`with_raw_response` of every resource and client."""

    @overload
    def __get__(self, instance: audio.Speech, owner: Any = None) -> RawAudioSpeech: ...
    @overload
    def __get__(self, instance: audio.Transcriptions, owner: Any = None) -> RawAudioTranscriptions: ...
    @overload
    def __get__(self, instance: audio.Translations, owner: Any = None) -> RawAudioTranslations: ...
    @overload
    def __get__(self, instance: audio.Audio, owner: Any = None) -> RawAudio: ...
    @overload
    def __get__(self, instance: batches.Batches, owner: Any = None) -> RawBatches: ...
    @overload
    def __get__(self, instance: stored_chat.Messages, owner: Any = None) -> RawChatCompletionsMessages: ...
    @overload
    def __get__(self, instance: chat.Completions, owner: Any = None) -> RawChatCompletions: ...
    @overload
    def __get__(self, instance: chat.Chat, owner: Any = None) -> RawChat: ...
    @overload
    def __get__(self, instance: completions.Completions, owner: Any = None) -> RawCompletions: ...
    @overload
    def __get__(self, instance: embeddings.Embeddings, owner: Any = None) -> RawEmbeddings: ...
    @overload
    def __get__(self, instance: files.Files, owner: Any = None) -> RawFiles: ...
    @overload
    def __get__(self, instance: images.Images, owner: Any = None) -> RawImages: ...
    @overload
    def __get__(self, instance: models.Models, owner: Any = None) -> RawModels: ...
    @overload
    def __get__(self, instance: moderations.Moderations, owner: Any = None) -> RawModerations: ...
    @overload
    def __get__(self, instance: responses.InputItems, owner: Any = None) -> RawResponsesInputItems: ...
    @overload
    def __get__(self, instance: responses.InputTokens, owner: Any = None) -> RawResponsesInputTokens: ...
    @overload
    def __get__(self, instance: responses.Responses, owner: Any = None) -> RawResponses: ...
    @overload
    def __get__(self, instance: uploads.Parts, owner: Any = None) -> RawUploadsParts: ...
    @overload
    def __get__(self, instance: uploads.Uploads, owner: Any = None) -> RawUploads: ...
    @overload
    def __get__(self, instance: vllm.VLLM, owner: Any = None) -> RawVllm: ...
    @overload
    def __get__(self, instance: beta.Beta, owner: Any = None) -> RawBeta: ...
    @overload
    def __get__(self, instance: OpenAI, owner: Any = None) -> RawOpenAI: ...
    @overload
    def __get__(self, instance: audio.AsyncSpeech, owner: Any = None) -> RawAsyncAudioSpeech: ...
    @overload
    def __get__(
        self, instance: audio.AsyncTranscriptions, owner: Any = None
    ) -> RawAsyncAudioTranscriptions: ...
    @overload
    def __get__(self, instance: audio.AsyncTranslations, owner: Any = None) -> RawAsyncAudioTranslations: ...
    @overload
    def __get__(self, instance: audio.AsyncAudio, owner: Any = None) -> RawAsyncAudio: ...
    @overload
    def __get__(self, instance: batches.AsyncBatches, owner: Any = None) -> RawAsyncBatches: ...
    @overload
    def __get__(
        self, instance: stored_chat.AsyncMessages, owner: Any = None
    ) -> RawAsyncChatCompletionsMessages: ...
    @overload
    def __get__(self, instance: chat.AsyncCompletions, owner: Any = None) -> RawAsyncChatCompletions: ...
    @overload
    def __get__(self, instance: chat.AsyncChat, owner: Any = None) -> RawAsyncChat: ...
    @overload
    def __get__(self, instance: completions.AsyncCompletions, owner: Any = None) -> RawAsyncCompletions: ...
    @overload
    def __get__(self, instance: embeddings.AsyncEmbeddings, owner: Any = None) -> RawAsyncEmbeddings: ...
    @overload
    def __get__(self, instance: files.AsyncFiles, owner: Any = None) -> RawAsyncFiles: ...
    @overload
    def __get__(self, instance: images.AsyncImages, owner: Any = None) -> RawAsyncImages: ...
    @overload
    def __get__(self, instance: models.AsyncModels, owner: Any = None) -> RawAsyncModels: ...
    @overload
    def __get__(self, instance: moderations.AsyncModerations, owner: Any = None) -> RawAsyncModerations: ...
    @overload
    def __get__(
        self, instance: responses.AsyncInputItems, owner: Any = None
    ) -> RawAsyncResponsesInputItems: ...
    @overload
    def __get__(
        self, instance: responses.AsyncInputTokens, owner: Any = None
    ) -> RawAsyncResponsesInputTokens: ...
    @overload
    def __get__(self, instance: responses.AsyncResponses, owner: Any = None) -> RawAsyncResponses: ...
    @overload
    def __get__(self, instance: uploads.AsyncParts, owner: Any = None) -> RawAsyncUploadsParts: ...
    @overload
    def __get__(self, instance: uploads.AsyncUploads, owner: Any = None) -> RawAsyncUploads: ...
    @overload
    def __get__(self, instance: vllm.AsyncVLLM, owner: Any = None) -> RawAsyncVllm: ...
    @overload
    def __get__(self, instance: beta.AsyncBeta, owner: Any = None) -> RawAsyncBeta: ...
    @overload
    def __get__(self, instance: AsyncOpenAI, owner: Any = None) -> RawAsyncOpenAI: ...
    @overload
    def __get__(self, instance: object, owner: Any = None) -> ResourceView: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        raise NotImplementedError


class StreamedView:
    """`with_streaming_response` of every resource and client."""

    @overload
    def __get__(self, instance: audio.Speech, owner: Any = None) -> StreamedAudioSpeech: ...
    @overload
    def __get__(self, instance: audio.Transcriptions, owner: Any = None) -> StreamedAudioTranscriptions: ...
    @overload
    def __get__(self, instance: audio.Translations, owner: Any = None) -> StreamedAudioTranslations: ...
    @overload
    def __get__(self, instance: audio.Audio, owner: Any = None) -> StreamedAudio: ...
    @overload
    def __get__(self, instance: batches.Batches, owner: Any = None) -> StreamedBatches: ...
    @overload
    def __get__(
        self, instance: stored_chat.Messages, owner: Any = None
    ) -> StreamedChatCompletionsMessages: ...
    @overload
    def __get__(self, instance: chat.Completions, owner: Any = None) -> StreamedChatCompletions: ...
    @overload
    def __get__(self, instance: chat.Chat, owner: Any = None) -> StreamedChat: ...
    @overload
    def __get__(self, instance: completions.Completions, owner: Any = None) -> StreamedCompletions: ...
    @overload
    def __get__(self, instance: embeddings.Embeddings, owner: Any = None) -> StreamedEmbeddings: ...
    @overload
    def __get__(self, instance: files.Files, owner: Any = None) -> StreamedFiles: ...
    @overload
    def __get__(self, instance: images.Images, owner: Any = None) -> StreamedImages: ...
    @overload
    def __get__(self, instance: models.Models, owner: Any = None) -> StreamedModels: ...
    @overload
    def __get__(self, instance: moderations.Moderations, owner: Any = None) -> StreamedModerations: ...
    @overload
    def __get__(self, instance: responses.InputItems, owner: Any = None) -> StreamedResponsesInputItems: ...
    @overload
    def __get__(self, instance: responses.InputTokens, owner: Any = None) -> StreamedResponsesInputTokens: ...
    @overload
    def __get__(self, instance: responses.Responses, owner: Any = None) -> StreamedResponses: ...
    @overload
    def __get__(self, instance: uploads.Parts, owner: Any = None) -> StreamedUploadsParts: ...
    @overload
    def __get__(self, instance: uploads.Uploads, owner: Any = None) -> StreamedUploads: ...
    @overload
    def __get__(self, instance: vllm.VLLM, owner: Any = None) -> StreamedVllm: ...
    @overload
    def __get__(self, instance: beta.Beta, owner: Any = None) -> StreamedBeta: ...
    @overload
    def __get__(self, instance: OpenAI, owner: Any = None) -> StreamedOpenAI: ...
    @overload
    def __get__(self, instance: audio.AsyncSpeech, owner: Any = None) -> StreamedAsyncAudioSpeech: ...
    @overload
    def __get__(
        self, instance: audio.AsyncTranscriptions, owner: Any = None
    ) -> StreamedAsyncAudioTranscriptions: ...
    @overload
    def __get__(
        self, instance: audio.AsyncTranslations, owner: Any = None
    ) -> StreamedAsyncAudioTranslations: ...
    @overload
    def __get__(self, instance: audio.AsyncAudio, owner: Any = None) -> StreamedAsyncAudio: ...
    @overload
    def __get__(self, instance: batches.AsyncBatches, owner: Any = None) -> StreamedAsyncBatches: ...
    @overload
    def __get__(
        self, instance: stored_chat.AsyncMessages, owner: Any = None
    ) -> StreamedAsyncChatCompletionsMessages: ...
    @overload
    def __get__(self, instance: chat.AsyncCompletions, owner: Any = None) -> StreamedAsyncChatCompletions: ...
    @overload
    def __get__(self, instance: chat.AsyncChat, owner: Any = None) -> StreamedAsyncChat: ...
    @overload
    def __get__(
        self, instance: completions.AsyncCompletions, owner: Any = None
    ) -> StreamedAsyncCompletions: ...
    @overload
    def __get__(self, instance: embeddings.AsyncEmbeddings, owner: Any = None) -> StreamedAsyncEmbeddings: ...
    @overload
    def __get__(self, instance: files.AsyncFiles, owner: Any = None) -> StreamedAsyncFiles: ...
    @overload
    def __get__(self, instance: images.AsyncImages, owner: Any = None) -> StreamedAsyncImages: ...
    @overload
    def __get__(self, instance: models.AsyncModels, owner: Any = None) -> StreamedAsyncModels: ...
    @overload
    def __get__(
        self, instance: moderations.AsyncModerations, owner: Any = None
    ) -> StreamedAsyncModerations: ...
    @overload
    def __get__(
        self, instance: responses.AsyncInputItems, owner: Any = None
    ) -> StreamedAsyncResponsesInputItems: ...
    @overload
    def __get__(
        self, instance: responses.AsyncInputTokens, owner: Any = None
    ) -> StreamedAsyncResponsesInputTokens: ...
    @overload
    def __get__(self, instance: responses.AsyncResponses, owner: Any = None) -> StreamedAsyncResponses: ...
    @overload
    def __get__(self, instance: uploads.AsyncParts, owner: Any = None) -> StreamedAsyncUploadsParts: ...
    @overload
    def __get__(self, instance: uploads.AsyncUploads, owner: Any = None) -> StreamedAsyncUploads: ...
    @overload
    def __get__(self, instance: vllm.AsyncVLLM, owner: Any = None) -> StreamedAsyncVllm: ...
    @overload
    def __get__(self, instance: beta.AsyncBeta, owner: Any = None) -> StreamedAsyncBeta: ...
    @overload
    def __get__(self, instance: AsyncOpenAI, owner: Any = None) -> StreamedAsyncOpenAI: ...
    @overload
    def __get__(self, instance: object, owner: Any = None) -> ResourceView: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        raise NotImplementedError
