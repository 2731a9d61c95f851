"""Endpoints of /v1/audio. The reply of a transcription or translation depends on `response_format`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from martlet.client.binary import BinaryContent
from martlet.client.body import encode_body
from martlet.client.calls import Call, Endpoint, StreamKind
from martlet.client.options import RequestOptions
from martlet.client.partial import TranscriptPartial
from martlet.client.replies import Reply
from martlet.protocol.audio import (
    SpeechCreateParams,
    Transcription,
    TranscriptionCreateParams,
    TranscriptionCreateParamsBase,
    TranscriptionDiarized,
    TranscriptionStreamEvent,
    TranscriptionVerbose,
    Translation,
    TranslationCreateParams,
    TranslationCreateParamsBase,
    TranslationVerbose,
)

T = TypeVar("T")


class TranscriptionKeywords(TranscriptionCreateParamsBase, RequestOptions, total=False):
    """Keywords of `audio.transcriptions.create`, beside `stream` and `response_format`."""


class TranslationKeywords(TranslationCreateParamsBase, RequestOptions, total=False):
    """Keywords of `audio.translations.create`, beside `response_format`."""


class SpeechKeywords(SpeechCreateParams, RequestOptions, total=False):
    """Keywords of `audio.speech.create`."""


class _SoundEndpoint(Endpoint[T]):
    """A form in which vLLM wants its `vllm_xargs` as JSON."""

    def call(self, params: dict[str, Any], path: Mapping[str, str] | None = None) -> Call[T]:
        extra = params.get("vllm_xargs")
        if isinstance(extra, Mapping):
            params = {**params, "vllm_xargs": encode_body(extra).decode()}
        return super().call(params, path)


def _text(reply: Reply) -> str:
    return reply.as_response().text


def _transcribing(reply: Any, read: Any = None) -> Endpoint[Any]:
    return _SoundEndpoint(
        "audio.transcriptions.create",
        "POST",
        "/audio/transcriptions",
        reply,
        TranscriptionCreateParams,
        stream=StreamKind(TranscriptionStreamEvent, TranscriptPartial),
        files=("file",),
        read=read,
    )


def _translating(reply: Any, read: Any = None) -> Endpoint[Any]:
    return _SoundEndpoint(
        "audio.translations.create",
        "POST",
        "/audio/translations",
        reply,
        TranslationCreateParams,
        files=("file",),
        read=read,
    )


TRANSCRIPTIONS = _transcribing(Transcription)
TRANSLATIONS = _translating(Translation)
_TRANSCRIPTS = {
    "verbose_json": _transcribing(TranscriptionVerbose),
    "diarized_json": _transcribing(TranscriptionDiarized),
    **dict.fromkeys(("text", "srt", "vtt"), _transcribing(str, _text)),
}
_TRANSLATED = {
    "verbose_json": _translating(TranslationVerbose),
    **dict.fromkeys(("text", "srt", "vtt"), _translating(str, _text)),
}
SPEECH: Endpoint[BinaryContent] = Endpoint(
    "audio.speech.create",
    "POST",
    "/audio/speech",
    BinaryContent,
    SpeechCreateParams,
    accept="application/octet-stream",
    read=BinaryContent.of,
)


def transcription_for(params: Mapping[str, Any]) -> Endpoint[Any]:
    """The endpoint whose reply is what the asked-for format is decoded to."""
    return _TRANSCRIPTS.get(_format(params), TRANSCRIPTIONS)


def translation_for(params: Mapping[str, Any]) -> Endpoint[Any]:
    """As `transcription_for`."""
    return _TRANSLATED.get(_format(params), TRANSLATIONS)


def _format(params: Mapping[str, Any]) -> str:
    wanted = params.get("response_format")
    return wanted if isinstance(wanted, str) else "json"
