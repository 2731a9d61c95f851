"""Transcriptions, translations and speech: replies, events, and the TypedDicts of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from martlet.protocol.audio import SpeechCreateParams as SpeechCreateParams
    from martlet.protocol.audio import SpeechModel as SpeechModel
    from martlet.protocol.audio import Transcription as Transcription
    from martlet.protocol.audio import TranscriptionCreateParams as TranscriptionCreateParams
    from martlet.protocol.audio import TranscriptionCreateResponse as TranscriptionCreateResponse
    from martlet.protocol.audio import TranscriptionDiarized as TranscriptionDiarized
    from martlet.protocol.audio import TranscriptionDiarizedSegment as TranscriptionDiarizedSegment
    from martlet.protocol.audio import TranscriptionInclude as TranscriptionInclude
    from martlet.protocol.audio import TranscriptionLanguage as TranscriptionLanguage
    from martlet.protocol.audio import TranscriptionSegment as TranscriptionSegment
    from martlet.protocol.audio import TranscriptionStreamEvent as TranscriptionStreamEvent
    from martlet.protocol.audio import TranscriptionTextDeltaEvent as TranscriptionTextDeltaEvent
    from martlet.protocol.audio import TranscriptionTextDoneEvent as TranscriptionTextDoneEvent
    from martlet.protocol.audio import TranscriptionTextSegmentEvent as TranscriptionTextSegmentEvent
    from martlet.protocol.audio import TranscriptionVerbose as TranscriptionVerbose
    from martlet.protocol.audio import TranscriptionWord as TranscriptionWord
    from martlet.protocol.audio import Translation as Translation
    from martlet.protocol.audio import TranslationCreateParams as TranslationCreateParams
    from martlet.protocol.audio import TranslationCreateResponse as TranslationCreateResponse
    from martlet.protocol.audio import TranslationVerbose as TranslationVerbose
else:
    from martlet.types.lazy import offer

    __getattr__, __dir__, __all__ = offer(__name__)
