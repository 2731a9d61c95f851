"""/v1/audio: transcriptions, translations, speech; replies, events, parameters. Times are in seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from martlet.protocol.base import OneOf, WireModel
from martlet.protocol.common import CompletionUsage
from martlet.protocol.files import FileTypes

AudioModel = Literal[
    "whisper-1",
    "gpt-transcribe",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-mini-transcribe-2025-12-15",
    "gpt-4o-transcribe-diarize",
]
AudioResponseFormat = Literal["json", "text", "srt", "verbose_json", "vtt", "diarized_json"]
SpeechModel = Literal["tts-1", "tts-1-hd", "gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15"]
TranscriptionInclude = Literal["logprobs"]

# --- transcriptions ---------------------------------------------------------------------------------


class TranscriptionLanguage(WireModel, kw_only=True):
    """A language that was heard."""

    code: str


class Logprob(WireModel, kw_only=True):
    """The log probability of one token."""

    token: str | None = None
    bytes: list[int] | None = None
    """The token's UTF-8 bytes."""
    logprob: float | None = None


class UsageTokensInputTokenDetails(WireModel, kw_only=True):
    """How the input tokens divide."""

    audio_tokens: int | None = None
    text_tokens: int | None = None


class UsageTokens(WireModel, kw_only=True):
    """What a transcription took, for models that count tokens."""

    type: Literal["tokens"] = "tokens"
    input_tokens: int
    output_tokens: int
    total_tokens: int
    input_token_details: UsageTokensInputTokenDetails | None = None


class UsageDuration(WireModel, kw_only=True):
    """What a transcription took, for models that count time."""

    type: Literal["duration"] = "duration"
    seconds: float


Usage = OneOf[UsageTokens | UsageDuration]


class Transcription(WireModel, kw_only=True):
    """What was said: the reply for the format `json`."""

    text: str
    usage: Usage | None = None
    languages: list[TranscriptionLanguage] | None = None
    logprobs: list[Logprob] | None = None
    """With `include` of `logprobs`."""


class TranscriptionWord(WireModel, kw_only=True):
    """A word and when it was said."""

    word: str
    start: float
    end: float


class TranscriptionSegment(WireModel, kw_only=True):
    """A stretch of speech."""

    id: int
    seek: int
    """Where in the sound the segment's window begins, in frames of 10 ms."""
    start: float
    end: float
    text: str
    tokens: list[int]
    """Token ids of the text."""
    temperature: float
    """The temperature at which the model got through."""
    avg_logprob: float
    """Mean log probability; a segment below -1 is suspicious."""
    compression_ratio: float
    """How repetitive the text is; a segment above 2.4 is suspicious."""
    no_speech_prob: float
    """How probable it is that nothing was said."""


class TranscriptionVerbose(WireModel, kw_only=True):
    """What was said, and when: the reply for the format `verbose_json`."""

    language: str
    duration: float
    text: str
    segments: list[TranscriptionSegment] | None = None
    words: list[TranscriptionWord] | None = None
    """With `timestamp_granularities` of `word`."""
    usage: UsageDuration | None = None


class TranscriptionDiarizedSegment(WireModel, kw_only=True):
    """A stretch of one speaker's speech."""

    type: Literal["transcript.text.segment"] = "transcript.text.segment"
    id: str
    start: float
    end: float
    speaker: str
    """A given name, or a letter."""
    text: str


class TranscriptionDiarized(WireModel, kw_only=True):
    """Who said what: the reply for the format `diarized_json`."""

    task: Literal["transcribe"] | str = "transcribe"
    duration: float
    text: str
    segments: list[TranscriptionDiarizedSegment]
    usage: Usage | None = None


class Translation(WireModel, kw_only=True):
    """What was said, in English: the reply for the format `json`."""

    text: str


class TranslationVerbose(WireModel, kw_only=True):
    """What was said, in English, and when: the reply for the format `verbose_json`."""

    language: str
    """Of the text, hence English."""
    duration: float
    text: str
    segments: list[TranscriptionSegment] | None = None


TranscriptionCreateResponse = Transcription | TranscriptionDiarized | TranscriptionVerbose
TranslationCreateResponse = Translation | TranslationVerbose


# --- stream -----------------------------------------------------------------------------------------


class TranscriptionTextDeltaEvent(WireModel, kw_only=True):
    """The next piece of text."""

    type: Literal["transcript.text.delta"] = "transcript.text.delta"
    delta: str
    logprobs: list[Logprob] | None = None
    segment_id: str | None = None
    """The diarized segment that the piece belongs to."""


class TranscriptionTextSegmentEvent(TranscriptionDiarizedSegment, kw_only=True):
    """A diarized segment is done."""


class TranscriptionTextDoneEvent(WireModel, kw_only=True):
    """The whole text."""

    type: Literal["transcript.text.done"] = "transcript.text.done"
    text: str
    languages: list[TranscriptionLanguage] | None = None
    logprobs: list[Logprob] | None = None
    usage: UsageTokens | None = None


class TranscriptionChunkDelta(WireModel, kw_only=True):
    """vLLM: what a chunk adds."""

    content: str | None = None
    role: str | None = None


class TranscriptionChunkChoice(WireModel, kw_only=True):
    """vLLM: a chunk's piece of text."""

    delta: TranscriptionChunkDelta
    finish_reason: str | None = None
    stop_reason: int | str | None = None


class TranscriptionChunk(WireModel, kw_only=True):
    """vLLM: one streamed piece of a transcription or translation, in the form of a chat's chunk."""

    type: None = None
    """vLLM sends none, by which its chunks are told from OpenAI's events."""
    id: str
    """`trsc-` or `trsl-` and the request's id."""
    object: Literal["transcription.chunk", "translation.chunk"] | str
    created: int
    """Unix time in seconds."""
    model: str
    choices: list[TranscriptionChunkChoice]
    usage: CompletionUsage | None = None
    """With `stream_include_usage`."""


TranscriptionStreamEvent = OneOf[
    TranscriptionTextSegmentEvent
    | TranscriptionTextDeltaEvent
    | TranscriptionTextDoneEvent
    | TranscriptionChunk
]


# --- calls ------------------------------------------------------------------------------------------


class ChunkingStrategyVadConfig(TypedDict, total=False):
    """How the server finds the pauses at which it cuts the sound."""

    type: Literal["server_vad"]
    """Always given."""
    prefix_padding_ms: int
    """How much sound before the speech to keep."""
    silence_duration_ms: int
    """How long a pause must be."""
    threshold: float
    """How loud speech must be, 0 to 1."""


class _AudioRequired(TypedDict):
    file: FileTypes
    """The recording."""
    model: str | AudioModel
    """A served name, as `models.list()` gives it."""


class VllmAudioParams(TypedDict, total=False):
    """vLLM: what its transcriptions and translations take besides."""

    stream_include_usage: bool | None
    """vLLM: end a stream with a chunk that has the usage."""
    stream_continuous_usage_stats: bool | None
    """vLLM: put the usage so far on every chunk."""
    hotwords: str | None
    """vLLM: words to listen for, for models that take such."""
    to_language: str | None
    """vLLM: the language to write."""
    use_beam_search: bool
    """vLLM: search with `n` beams instead of sampling."""
    n: int
    """vLLM: how many beams."""
    length_penalty: float
    """vLLM: exponent of the length in the score of a beam."""
    top_p: float | None
    """vLLM: sample among the likeliest tokens whose probabilities reach this sum."""
    top_k: int | None
    """vLLM: sample among this many likeliest tokens."""
    min_p: float | None
    """vLLM: drop tokens less likely than this share of the likeliest one's probability."""
    seed: int | None
    """vLLM: makes sampling repeatable."""
    frequency_penalty: float | None
    """vLLM: lowers a token's logit by this much for each time it was generated."""
    repetition_penalty: float | None
    """vLLM: divides the logits of tokens seen before."""
    presence_penalty: float | None
    """vLLM: lowers the logit of every token that was generated at least once."""
    max_completion_tokens: int | None
    """vLLM: most tokens to generate."""
    vllm_xargs: Mapping[str, Any] | None
    """vLLM: arguments for the server's own extensions."""


class TranscriptionCreateParamsBase(_AudioRequired, VllmAudioParams, total=False):
    """Parameters of `audio.transcriptions.create`, beside those that decide its result."""

    chunking_strategy: Literal["auto"] | ChunkingStrategyVadConfig | None
    """OpenAI: where the server cuts the sound; None takes it in one piece."""
    include: list[TranscriptionInclude]
    """OpenAI: what the reply carries besides."""
    keywords: Sequence[str]
    """OpenAI: words to listen for."""
    known_speaker_names: Sequence[str]
    """OpenAI: names for `known_speaker_references`."""
    known_speaker_references: Sequence[str]
    """OpenAI: short recordings of speakers as data: addresses."""
    language: str
    """The language spoken, ISO 639-1."""
    languages: Sequence[str]
    """OpenAI: languages that may be spoken."""
    prompt: str
    """A text in the style wanted, or the text of the part before."""
    temperature: float
    """0 to 1."""
    timestamp_granularities: list[Literal["word", "segment"]]
    """What gets times; needs `verbose_json`."""


class TranscriptionCreateParams(TranscriptionCreateParamsBase, total=False):
    """Parameters of `audio.transcriptions.create`, beside `stream`."""

    response_format: AudioResponseFormat
    """`text`, `srt` and `vtt` give a text, the others an object."""


class TranslationCreateParamsBase(_AudioRequired, VllmAudioParams, total=False):
    """Parameters of `audio.translations.create`, beside the one that decides its result."""

    language: str
    """vLLM: the language spoken, ISO 639-1."""
    prompt: str
    """An English text in the style wanted, or the text of the part before."""
    temperature: float
    """0 to 1."""


class TranslationCreateParams(TranslationCreateParamsBase, total=False):
    """Parameters of `audio.translations.create`."""

    response_format: Literal["json", "text", "srt", "verbose_json", "vtt"]
    """`text`, `srt` and `vtt` give a text, the others an object."""


class VoiceID(TypedDict):
    """A voice of your own."""

    id: str


class _SpeechCreateRequired(TypedDict):
    input: str
    """What to say."""
    model: str | SpeechModel
    """A served name, as `models.list()` gives it."""
    voice: (
        str
        | Literal[
            "alloy",
            "ash",
            "ballad",
            "coral",
            "echo",
            "fable",
            "onyx",
            "nova",
            "sage",
            "shimmer",
            "verse",
            "marin",
            "cedar",
        ]
        | VoiceID
    )


class SpeechCreateParams(_SpeechCreateRequired, total=False):
    """Parameters of `audio.speech.create`."""

    instructions: str
    """How to say it."""
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]
    """The sound's format."""
    speed: float
    """0.25 to 4; 1 is natural."""
    stream_format: Literal["sse", "audio"]
    """Events, or the bare sound."""
