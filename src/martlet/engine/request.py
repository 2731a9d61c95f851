"""What goes into the engine and what comes out: SamplingParams, Request, Output. Resolved values, no wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from martlet.errors import InvalidParameter

if TYPE_CHECKING:
    from martlet.engine.constraints import Grammar, Matcher
    from martlet.engine.lora import LoRAAdapter
    from martlet.engine.repetition import RepetitionDetection
    from martlet.engine.sampling.edits import Edits
    from martlet.engine.speculative import NgramIndex
    from martlet.engine.thinking import ThinkingBudget

FinishReason = Literal["stop", "length", "abort", "error", "repetition"]

GREEDY_BELOW = 1e-5
"""Temperatures below this are greedy, as in vLLM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingParams:
    """How to choose tokens. Every field is resolved: no aliases, no null meaning "the server's default"."""

    max_tokens: int
    min_tokens: int = 0
    temperature: float = 1.0
    top_k: int = 0
    """0 considers all tokens."""
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int | None = None
    """None draws from the system's entropy."""
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    logit_bias: Mapping[int, float] = field(default_factory=dict)
    allowed_token_ids: Sequence[int] | None = None
    grammar: Grammar | None = None
    """The whole output follows it."""
    bad_words: Sequence[Sequence[int]] = ()
    """Token sequences that must not be generated."""
    stop: tuple[str, ...] = ()
    stop_token_ids: frozenset[int] = frozenset()
    """Asked for by the request; they stop even under `ignore_eos`."""
    repetition_detection: RepetitionDetection | None = None
    thinking_budget: ThinkingBudget | None = None
    ignore_eos: bool = False
    include_stop_str_in_output: bool = False
    skip_special_tokens: bool = True
    visible_token_ids: frozenset[int] = frozenset()
    """Special tokens whose text is shown nevertheless."""
    num_logprobs: int | None = None
    """None: no logprobs. 0: the sampled token's. k: also the k likeliest. -1: the whole vocabulary."""
    logprob_token_ids: Sequence[int] | None = None
    """With `num_logprobs`: list these tokens in place of the likeliest."""
    num_prompt_logprobs: int | None = None
    """As `num_logprobs`, for the prompt's tokens from the second on."""

    @property
    def is_greedy(self) -> bool:
        return self.temperature < GREEDY_BELOW

    def __post_init__(self) -> None:
        for param, problem in self._problems():
            raise InvalidParameter(param, problem)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if self.max_tokens < 1:
            yield "max_tokens", f"must be at least 1, got {self.max_tokens}"
        if not 0 <= self.min_tokens <= self.max_tokens:
            yield (
                "min_tokens",
                f"must be between 0 and max_tokens ({self.max_tokens}), got {self.min_tokens}",
            )
        if not 0 <= self.temperature <= 2:
            yield "temperature", f"must be between 0 and 2, got {self.temperature}"
        if self.top_k < 0:
            yield "top_k", f"must be -1 or 0 (off) or positive, got {self.top_k}"
        if not 0 < self.top_p <= 1:
            yield "top_p", f"must be above 0 and at most 1, got {self.top_p}"
        if not 0 <= self.min_p <= 1:
            yield "min_p", f"must be between 0 and 1, got {self.min_p}"
        if not -2 <= self.presence_penalty <= 2:
            yield "presence_penalty", f"must be between -2 and 2, got {self.presence_penalty}"
        if not -2 <= self.frequency_penalty <= 2:
            yield "frequency_penalty", f"must be between -2 and 2, got {self.frequency_penalty}"
        if not 0 < self.repetition_penalty < float("inf"):
            yield "repetition_penalty", f"must be above 0 and finite, got {self.repetition_penalty}"
        if "" in self.stop:
            yield "stop", "an empty string would stop at once: leave it out"
        if self.allowed_token_ids is not None and len(self.allowed_token_ids) == 0:
            yield "allowed_token_ids", "must name at least one token"
        if any(bias != bias for bias in self.logit_bias.values()):
            yield "logit_bias", "must hold numbers, got NaN"
        if not all(self.bad_words):
            yield "bad_words", "must have at least one token each"
        for name, value in (
            ("num_logprobs", self.num_logprobs),
            ("num_prompt_logprobs", self.num_prompt_logprobs),
        ):
            if value is not None and value < -1:
                yield name, f"must be -1 (the whole vocabulary), 0 or positive, got {value}"


@dataclass(slots=True, frozen=True)
class TokenLogprob:
    """Natural log-probability of a token under the model itself, before penalties and temperature."""

    token_id: int
    logprob: float
    rank: int
    """1 is the likeliest token of the vocabulary."""
    top: Sequence[tuple[int, float]] = ()
    """(token_id, logprob), likeliest first, equals by token id. The sampled token is there if it belongs."""


@dataclass(slots=True, eq=False)
class Request:
    """One sequence in the engine. `num_computed_tokens` catches up with `token_ids`; there are no phases."""

    request_id: str
    token_ids: list[int]
    """Prompt, then output."""
    num_prompt_tokens: int
    params: SamplingParams
    num_computed_tokens: int = 0
    """Tokens whose keys and values are in the cache."""
    block_table: list[int] = field(default_factory=list)
    lora: LoRAAdapter | None = None
    """Applied to its tokens. None: it has the base model."""
    cache_keys: tuple[object, ...] = ()
    """What besides its tokens decides who may share its blocks: a salt, an adapter. Compared by `repr`."""
    block_hashes: list[bytes] = field(default_factory=list)
    """Of its full blocks, as far as they were needed."""
    num_kept_blocks: int = 0
    """Blocks from the start of `block_table` that others may find: full, and not written any more."""
    num_left_blocks: int = 0
    """Blocks from the start of `block_table` that were given back, since no window reaches them any more."""
    num_cached_tokens: int | None = None
    """Tokens that came from the prefix cache when it first ran. None before that."""
    finish_reason: FinishReason | None = None
    stop_reason: int | str | None = None
    scheduled_s: float = 0.0
    """When it first ran, by `time.monotonic()`. 0 before that."""
    num_preemptions: int = 0
    draft_token_ids: list[int] = field(default_factory=list)
    """Guesses at the next tokens, which this step checks."""
    ngrams: NgramIndex | None = None
    """The proposer's, made for the first draft."""
    prompt_logprobs: list[TokenLogprob] = field(default_factory=list)
    """Of the prompt's tokens from the second on, as far as they are computed, if asked for."""
    generator: np.random.Generator | None = None
    """The sampler's, made for the first token."""
    matcher: Matcher | None = None
    """Where the output is in its grammar."""
    logit_edits: Edits | None = None
    """The sampler's, made for the first token."""
    takes_likeliest: bool = False
    """The sampler's, known from the first token on: nothing but the likeliest token is wanted."""

    def tokens_between(self, start: int, end: int) -> list[int]:
        """Return tokens by position, drafts behind those that are certain."""
        token_ids, known = self.token_ids[start:end], len(self.token_ids)
        if end <= known:
            return token_ids
        return token_ids + self.draft_token_ids[max(0, start - known) : end - known]

    def append(self, token_id: int) -> None:
        """Add an output token. If it was the next draft, its key and value are in the cache already."""
        self.token_ids.append(token_id)
        if self.draft_token_ids:
            if self.draft_token_ids[0] == token_id:
                del self.draft_token_ids[0]
                self.num_computed_tokens += 1
            else:
                self.draft_token_ids = []

    @property
    def live_blocks(self) -> list[int]:
        """The blocks that it owns."""
        return self.block_table[self.num_left_blocks :]

    @property
    def num_unscored_tokens(self) -> int:
        """Prompt tokens whose logprobs are wanted and still missing."""
        if self.params.num_prompt_logprobs is None:
            return 0
        return self.num_prompt_tokens - 1 - len(self.prompt_logprobs)

    @property
    def num_tokens(self) -> int:
        return len(self.token_ids)

    @property
    def num_output_tokens(self) -> int:
        return len(self.token_ids) - self.num_prompt_tokens

    @property
    def prompt_token_ids(self) -> list[int]:
        return self.token_ids[: self.num_prompt_tokens]

    @property
    def output_token_ids(self) -> list[int]:
        return self.token_ids[self.num_prompt_tokens :]


@dataclass(slots=True)
class Output:
    """What one step brought for one request."""

    request_id: str
    token_ids: list[int]
    """New in this step, including a stop token whose text is hidden."""
    text: str
    """New text: whole characters only, held back while it may become a stop string."""
    logprobs: list[TokenLogprob] | None = None
    """One for each of `token_ids`, if asked for."""
    finish_reason: FinishReason | None = None
    stop_reason: int | str | None = None
    """The stop string or stop token id that ended it, None for the model's own end."""
    num_cached_tokens: int = 0
    """Prompt tokens that came from the prefix cache."""
    prompt_logprobs: list[TokenLogprob] | None = None
    """On the first output, if asked for: one for each prompt token from the second on."""
    scheduled_s: float = 0.0
    """When the request first ran, by `time.monotonic()`."""
    num_preemptions: int = 0
    """Times that the request lost its blocks so far."""

    def followed_by(self, later: Output) -> Output:
        """Return two consecutive outputs of a request as one."""
        logprobs = self.logprobs if later.logprobs is None else [*(self.logprobs or ()), *later.logprobs]
        return Output(
            request_id=self.request_id,
            token_ids=self.token_ids + later.token_ids,
            text=self.text + later.text,
            logprobs=logprobs,
            finish_reason=later.finish_reason,
            stop_reason=later.stop_reason,
            num_cached_tokens=max(self.num_cached_tokens, later.num_cached_tokens),
            prompt_logprobs=self.prompt_logprobs or later.prompt_logprobs,
            scheduled_s=later.scheduled_s,
            num_preemptions=later.num_preemptions,
        )
