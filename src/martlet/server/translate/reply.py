"""What chat and text completions share on their way back: sequences, pace, usage, envelope."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import msgspec

from martlet.engine.beam_search import BeamSearchParams
from martlet.engine.constraints import Grammar
from martlet.engine.request import Output, SamplingParams, TokenLogprob
from martlet.protocol.base import ABSENT
from martlet.protocol.common import CompletionUsage, PromptTokensDetails
from martlet.protocol.sse import frame
from martlet.server.loop import Batch, Prompt
from martlet.server.translate.constraints import RequestedConstraint
from martlet.server.translate.fields import GenerationRequest

TextKind: TypeAlias = Literal["content", "reasoning"]

encode = msgspec.json.Encoder().encode
_TEXT = f"text-{random.getrandbits(128):032x}"
"""Stands for a text that is not known yet."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a reply says about its server."""

    model: str
    fingerprint: str
    force_include_usage: bool
    prompt_tokens_details: bool
    cache_block_size: int = 0
    """Tokens that the prefix cache keeps together; 0 if there is none."""


@dataclass(slots=True)
class Continuation:
    """One choice as it grows. Unstreamed, everything is kept; streamed, only what the next chunk needs."""

    num_tokens: int = 0
    num_cached_tokens: int = 0
    texts: list[str] = field(default_factory=list)
    token_ids: list[int] = field(default_factory=list)
    logprobs: list[TokenLogprob] = field(default_factory=list)
    prompt_logprobs: list[TokenLogprob] | None = None
    finish_reason: str | None = None
    stop_reason: int | str | None = None
    held: Output | None = None
    """Streamed: what waits until `stream_interval` tokens are together."""
    num_sent_chars: int = 0
    """Streamed completions: characters of the reported tokens, for text_offset."""
    frames: dict[TextKind, tuple[bytes, bytes]] = field(default_factory=dict)
    """Streamed: what stands around each kind of text, once that is all that changes."""
    has_started: bool = False


class Reply(ABC):
    """One request's reply in the making. `add` then `body`, or `frames` then `tail`."""

    id_prefix: str
    running_usage_details: Any = ABSENT
    """What running usage says of completion tokens: vLLM has the key in chats alone."""
    tells_created_cache = False
    """Whether usage tells what is new in the prefix cache: vLLM does so in chats alone."""

    def __init__(
        self, request: GenerationRequest, prompts: list[Prompt], n: int, request_id: str, identity: Identity
    ) -> None:
        self.prompts = prompts
        self.n = n
        self.is_stream = bool(request.stream)
        self.ignored: list[str] = []
        """Fields that had no effect."""
        self.constraint: RequestedConstraint | None = None
        """What every choice follows, once `constrain` has been called with its grammar."""
        self.beam_searches: list[BeamSearchParams] = []
        """One for each prompt, where its choices are the beams of a search."""
        self.identity = identity
        self.id = f"{self.id_prefix}-{request_id}"
        self.created = int(time.time())
        self.sequences = [Continuation() for _ in prompts]
        options = request.stream_options
        forced = identity.force_include_usage
        self.include_usage = forced or bool(options and options.include_usage)
        self.continuous_usage = forced or bool(
            options and options.include_usage and options.continuous_usage_stats
        )
        self._stream_interval = request.stream_interval or 1
        self._has_plain_frames = (
            self._stream_interval == 1 and not self.continuous_usage and not request.return_token_ids
        )
        """Whether the frames of a choice differ by their text alone, but for the first and the last."""

    def constrain(self, grammar: Grammar) -> None:
        """Let every choice follow `grammar`."""
        self.prompts = [_constrained(prompt, grammar) for prompt in self.prompts]

    # --- unstreamed --------------------------------------------------------------------------------

    def add(self, batch: Batch) -> None:
        """Take what the engine brought."""
        for index, output in batch:
            sequence = self.sequences[index]
            self._count(sequence, output)
            sequence.texts.append(output.text)
            sequence.token_ids += output.token_ids
            sequence.logprobs += output.logprobs or ()

    @abstractmethod
    def body(self) -> bytes:
        """Return the whole reply as JSON."""

    # --- streamed ----------------------------------------------------------------------------------

    def frames(self, batch: Iterable[tuple[int, Output]]) -> Iterator[bytes]:
        """Yield the frames for what the engine brought."""
        for index, output in batch:
            sequence = self.sequences[index]
            if self._has_plain_frames and sequence.has_started and output.finish_reason is None:
                sequence.num_tokens += len(output.token_ids)
                yield from self._plain_frames(index, output)
            else:
                yield from map(self._frame, self.chunks(((index, output),)))

    def _plain_frames(self, index: int, output: Output) -> Iterable[bytes]:
        """Return the frames for an output of which only the text matters."""
        return (self._text_frame(index, "content", output.text),)

    def _text_frame(self, index: int, kind: TextKind, text: str) -> bytes:
        """Return a frame between a choice's first and last, in which nothing but `text` is new."""
        before, after = self.sequences[index].frames.get(kind) or self._frame_around_text(index, kind)
        return b"%b%b%b" % (before, encode(text), after)

    def _frame_around_text(self, index: int, kind: TextKind) -> tuple[bytes, bytes]:
        before, _, after = self._frame(self._text_chunk(index, kind, _TEXT)).partition(encode(_TEXT))
        self.sequences[index].frames[kind] = before, after
        return before, after

    @abstractmethod
    def _text_chunk(self, index: int, kind: TextKind, text: str) -> msgspec.Struct:
        """Return a chunk between a choice's first and last."""

    def chunks(self, batch: Iterable[tuple[int, Output]]) -> Iterator[msgspec.Struct]:
        """Yield the chunks for what the engine brought."""
        for index, output in batch:
            sequence = self.sequences[index]
            self._count(sequence, output)
            due = self._due(sequence, output)
            if due is not None:
                yield from self._chunks(index, due)
                sequence.has_started = True

    def tail(self) -> Iterator[bytes]:
        """Yield what follows the last content."""
        if self.include_usage:
            yield self._frame(self._usage_chunk(self.usage(absent_nulls=True)))

    @abstractmethod
    def _chunks(self, index: int, output: Output) -> Iterable[msgspec.Struct]:
        """Return the chunks that one output of one choice makes."""

    @abstractmethod
    def _usage_chunk(self, usage: CompletionUsage) -> msgspec.Struct:
        """Return the chunk that carries the usage alone."""

    def _frame(self, chunk: msgspec.Struct) -> bytes:
        return frame(encode(chunk))

    def _count(self, sequence: Continuation, output: Output) -> None:
        sequence.num_tokens += len(output.token_ids)
        sequence.num_cached_tokens = max(sequence.num_cached_tokens, output.num_cached_tokens)
        if output.prompt_logprobs is not None:
            sequence.prompt_logprobs = output.prompt_logprobs
        sequence.finish_reason = output.finish_reason
        sequence.stop_reason = output.stop_reason

    def _due(self, sequence: Continuation, output: Output) -> Output | None:
        """Return what is to be sent now. The first and the last chunk of a choice never wait."""
        if sequence.held is not None:
            output = sequence.held.followed_by(output)
        is_edge = not sequence.has_started or output.finish_reason is not None
        if is_edge or len(output.token_ids) >= self._stream_interval:
            sequence.held = None
            return output
        sequence.held = output
        return None

    # --- usage -------------------------------------------------------------------------------------

    @property
    def num_prompt_tokens(self) -> int:
        """Each prompt counts once, however many choices continue it."""
        return sum(len(prompt.token_ids) for prompt in self.prompts[:: self.n])

    @property
    def num_completion_tokens(self) -> int:
        return sum(sequence.num_tokens for sequence in self.sequences)

    @property
    def finish_reasons(self) -> list[str]:
        """Why the choices that have ended did."""
        return [each.finish_reason for each in self.sequences if each.finish_reason is not None]

    def usage(self, *, absent_nulls: bool = False) -> CompletionUsage:
        null: Any = ABSENT if absent_nulls else None
        num_prompt = self.num_prompt_tokens
        num_completion = self.num_completion_tokens
        return CompletionUsage(
            prompt_tokens=num_prompt,
            total_tokens=num_prompt + num_completion,
            completion_tokens=num_completion,
            prompt_tokens_details=self._prompt_details(null),
            completion_tokens_details=self._completion_details(null),
        )

    def _completion_details(self, null: Any) -> Any:
        return null

    def _prompt_details(self, null: Any) -> Any:
        if not self.identity.prompt_tokens_details:
            return null
        first = [*zip(self.prompts, self.sequences, strict=True)][:: self.n]
        created = sum(self._num_created(prompt, sequence) for prompt, sequence in first)
        return PromptTokensDetails(
            cached_tokens=sum(sequence.num_cached_tokens for _, sequence in first),
            created_cache_tokens=created if self.tells_created_cache else null,
            multimodal_tokens=null,
        )

    def _num_created(self, prompt: Prompt, sequence: Continuation) -> int:
        """Return how many of a prompt's tokens are new in the cache, which holds whole blocks."""
        block_size = self.identity.cache_block_size
        num_kept = len(prompt.token_ids) // block_size * block_size if block_size else 0
        return max(0, num_kept - sequence.num_cached_tokens)

    def usage_so_far(self, index: int, num_completion: int | None = None) -> Any:
        """Return the running usage of one choice, or ABSENT if it was not asked for."""
        if not self.continuous_usage:
            return ABSENT
        num_prompt = len(self.prompts[index].token_ids)
        if num_completion is None:
            num_completion = self.sequences[index].num_tokens
        return CompletionUsage(
            prompt_tokens=num_prompt,
            total_tokens=num_prompt + num_completion,
            completion_tokens=num_completion,
            prompt_tokens_details=ABSENT,
            completion_tokens_details=self.running_usage_details,
        )

    def fingerprint_if_last(self, output: Output) -> Any:
        is_last = output.finish_reason is not None and not self.include_usage
        return self.identity.fingerprint if is_last else ABSENT


def _constrained(prompt: Prompt, grammar: Grammar) -> Prompt:
    assert isinstance(prompt.params, SamplingParams)
    return replace(prompt, params=replace(prompt.params, grammar=grammar))
