"""`client.audio`: speech to text, and text to speech."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

from martlet.client.endpoints import audio as calls
from martlet.client.resources.base import AsyncResource, Resource, deprecated
from martlet.client.signatures import calling

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from martlet.client.binary import BinaryContent
    from martlet.client.endpoints.audio import SpeechKeywords, TranscriptionKeywords, TranslationKeywords
    from martlet.client.options import NotGiven, Omit
    from martlet.client.streaming import AsyncStream, Stream
    from martlet.protocol.audio import (
        AudioResponseFormat,
        Transcription,
        TranscriptionDiarized,
        TranscriptionStreamEvent,
        TranscriptionVerbose,
        Translation,
        TranslationVerbose,
    )


class Transcriptions(Resource):
    """Speech to text."""

    @overload
    def create(
        self,
        *,
        response_format: Literal["json"] | NotGiven | Omit = ...,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> Transcription: ...
    @overload
    def create(
        self,
        *,
        response_format: Literal["verbose_json"],
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> TranscriptionVerbose: ...
    @overload
    def create(
        self,
        *,
        response_format: Literal["diarized_json"],
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> TranscriptionDiarized: ...
    @overload
    def create(
        self,
        *,
        response_format: Literal["text", "srt", "vtt"],
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> str: ...
    @overload
    def create(
        self,
        *,
        response_format: AudioResponseFormat | NotGiven | Omit = ...,
        stream: Literal[True],
        **params: Unpack[TranscriptionKeywords],
    ) -> Stream[TranscriptionStreamEvent]: ...
    @overload
    def create(
        self,
        *,
        response_format: AudioResponseFormat | NotGiven | Omit = ...,
        stream: bool | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> (
        Transcription | TranscriptionVerbose | TranscriptionDiarized | str | Stream[TranscriptionStreamEvent]
    ): ...
    @calling(lambda: calls.TRANSCRIPTIONS)
    def create(self, **params: Any) -> Any:
        """Write down what is said in `file`, a file in any of the forms of `files.create`.

        `response_format` decides the result: an object for the JSON formats, else a text. With `stream=True`
        it comes piece by piece.
        """
        return self._client._run(calls.transcription_for(params), params)


class AsyncTranscriptions(AsyncResource):
    """Speech to text."""

    @overload
    async def create(
        self,
        *,
        response_format: Literal["json"] | NotGiven | Omit = ...,
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> Transcription: ...
    @overload
    async def create(
        self,
        *,
        response_format: Literal["verbose_json"],
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> TranscriptionVerbose: ...
    @overload
    async def create(
        self,
        *,
        response_format: Literal["diarized_json"],
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> TranscriptionDiarized: ...
    @overload
    async def create(
        self,
        *,
        response_format: Literal["text", "srt", "vtt"],
        stream: Literal[False] | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> str: ...
    @overload
    async def create(
        self,
        *,
        response_format: AudioResponseFormat | NotGiven | Omit = ...,
        stream: Literal[True],
        **params: Unpack[TranscriptionKeywords],
    ) -> AsyncStream[TranscriptionStreamEvent]: ...
    @overload
    async def create(
        self,
        *,
        response_format: AudioResponseFormat | NotGiven | Omit = ...,
        stream: bool | NotGiven | Omit | None = ...,
        **params: Unpack[TranscriptionKeywords],
    ) -> (
        Transcription
        | TranscriptionVerbose
        | TranscriptionDiarized
        | str
        | AsyncStream[TranscriptionStreamEvent]
    ): ...
    @calling(lambda: calls.TRANSCRIPTIONS)
    async def create(self, **params: Any) -> Any:
        """Write down what is said in `file`, a file in any of the forms of `files.create`.

        `response_format` decides the result: an object for the JSON formats, else a text. With `stream=True`
        it comes piece by piece.
        """
        return await self._client._run(calls.transcription_for(params), params)


DEPRECATED = "audio.translations.create() is deprecated by OpenAI: its newer models transcribe only"


class Translations(Resource):
    """Speech in any language to English text."""

    @overload
    def create(
        self,
        *,
        response_format: Literal["json"] | NotGiven | Omit = ...,
        **params: Unpack[TranslationKeywords],
    ) -> Translation: ...
    @overload
    def create(
        self, *, response_format: Literal["verbose_json"], **params: Unpack[TranslationKeywords]
    ) -> TranslationVerbose: ...
    @overload
    def create(
        self, *, response_format: Literal["text", "srt", "vtt"], **params: Unpack[TranslationKeywords]
    ) -> str: ...
    @overload
    def create(
        self, *, response_format: str | NotGiven | Omit = ..., **params: Unpack[TranslationKeywords]
    ) -> Translation | TranslationVerbose | str: ...
    @calling(lambda: calls.TRANSLATIONS)
    def create(self, **params: Any) -> Any:
        """Write down in English what is said in `file`; `response_format` decides the result."""
        deprecated(DEPRECATED)
        return self._client._run(calls.translation_for(params), params)


class AsyncTranslations(AsyncResource):
    """Speech in any language to English text."""

    @overload
    async def create(
        self,
        *,
        response_format: Literal["json"] | NotGiven | Omit = ...,
        **params: Unpack[TranslationKeywords],
    ) -> Translation: ...
    @overload
    async def create(
        self, *, response_format: Literal["verbose_json"], **params: Unpack[TranslationKeywords]
    ) -> TranslationVerbose: ...
    @overload
    async def create(
        self, *, response_format: Literal["text", "srt", "vtt"], **params: Unpack[TranslationKeywords]
    ) -> str: ...
    @overload
    async def create(
        self, *, response_format: str | NotGiven | Omit = ..., **params: Unpack[TranslationKeywords]
    ) -> Translation | TranslationVerbose | str: ...
    @calling(lambda: calls.TRANSLATIONS)
    async def create(self, **params: Any) -> Any:
        """Write down in English what is said in `file`; `response_format` decides the result."""
        deprecated(DEPRECATED)
        return await self._client._run(calls.translation_for(params), params)


class Speech(Resource):
    """Text to speech."""

    @calling(lambda: calls.SPEECH)
    def create(self, **params: Unpack[SpeechKeywords]) -> BinaryContent:
        """Say `input`. `model` and `voice` are required too."""
        reply: BinaryContent = self._client._run(calls.SPEECH, {**params})
        return reply


class AsyncSpeech(AsyncResource):
    """Text to speech."""

    @calling(lambda: calls.SPEECH)
    async def create(self, **params: Unpack[SpeechKeywords]) -> BinaryContent:
        """Say `input`. `model` and `voice` are required too."""
        reply: BinaryContent = await self._client._run(calls.SPEECH, {**params})
        return reply


class Audio(Resource):
    """Speech to text, and text to speech."""

    @cached_property
    def transcriptions(self) -> Transcriptions:
        return Transcriptions(self._client)

    @cached_property
    def translations(self) -> Translations:
        return Translations(self._client)

    @cached_property
    def speech(self) -> Speech:
        return Speech(self._client)


class AsyncAudio(AsyncResource):
    """Speech to text, and text to speech."""

    @cached_property
    def transcriptions(self) -> AsyncTranscriptions:
        return AsyncTranscriptions(self._client)

    @cached_property
    def translations(self) -> AsyncTranslations:
        return AsyncTranslations(self._client)

    @cached_property
    def speech(self) -> AsyncSpeech:
        return AsyncSpeech(self._client)
