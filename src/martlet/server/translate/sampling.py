"""Request fields to SamplingParams: nulls, aliases and the model's own defaults are resolved here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from martlet.engine.repetition import RepetitionDetection
from martlet.engine.request import GREEDY_BELOW, SamplingParams
from martlet.engine.text import Tokenizer
from martlet.errors import InvalidParameter
from martlet.protocol.chat import ChatCompletionRequest
from martlet.protocol.common import RepetitionDetectionParams
from martlet.protocol.completions import CompletionRequest
from martlet.server.errors import InvalidRequest
from martlet.server.translate.fields import GenerationRequest, are_defaults

MAX_N = 16384
MIN_TEMPERATURE = 0.01
"""Lower ones that are not greedy are raised to this, as vLLM does against overflow."""
MAX_LOGIT_BIAS = 100.0
MAX_BAD_WORDS = 128
MAX_STOP_CHARS = 16 * 1024
"""Of all stop strings together: every token's text is searched for each of them."""
MAX_LISTED_IDS = 128
SEED_RANGE = 2**64

COMMON = (
    "min_tokens",
    "temperature",
    "top_k",
    "top_p",
    "min_p",
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "ignore_eos",
    "include_stop_str_in_output",
    "skip_special_tokens",
)
"""Fields that requests often set, and then many requests alike."""
_COMMON = attrgetter(*COMMON)
RARE = (
    "logit_bias",
    "allowed_token_ids",
    "bad_words",
    "stop",
    "stop_token_ids",
    "repetition_detection",
    "logprobs",
    "top_logprobs",
    "logprob_token_ids",
    "prompt_logprobs",
    "echo",
)
"""The other fields that are read here."""
MAX_KEPT = 1024
"""Parameters that are kept for requests to come."""


class SamplingReader:
    """Reads sampling parameters for one model."""

    def __init__(
        self, tokenizer: Tokenizer, vocab_size: int, defaults: Mapping[str, Any], max_logprobs: int
    ) -> None:
        """`defaults` are generation_config.json's: they stand where a request says nothing."""
        self._tokenizer = tokenizer
        self._vocab_size = vocab_size
        self._defaults = defaults
        self._max_logprobs = max_logprobs
        self._read_before: dict[tuple[object, ...], SamplingParams] = {}

    def read(self, request: GenerationRequest, max_tokens: int) -> SamplingParams:
        """Return the parameters of the first choice. Raises InvalidParameter."""
        if not are_defaults(request, RARE):
            return self._read(request, max_tokens)
        key = (max_tokens, *_COMMON(request))
        params = self._read_before.get(key)
        if params is None:
            params = self._read(request, max_tokens)
            if len(self._read_before) >= MAX_KEPT:
                self._read_before.clear()
            self._read_before[key] = params
        return params

    def _read(self, request: GenerationRequest, max_tokens: int) -> SamplingParams:
        top_k = self._value(request, "top_k", 0)
        return SamplingParams(
            max_tokens=max_tokens,
            min_tokens=request.min_tokens,
            temperature=_raised(self._value(request, "temperature", 1.0)),
            top_k=0 if top_k == -1 else top_k,
            top_p=self._value(request, "top_p", 1.0),
            min_p=self._value(request, "min_p", 0.0),
            seed=None if request.seed in (None, -1) else request.seed,
            presence_penalty=self._value(request, "presence_penalty", 0.0),
            frequency_penalty=self._value(request, "frequency_penalty", 0.0),
            repetition_penalty=self._value(request, "repetition_penalty", 1.0),
            logit_bias=self._logit_bias(request.logit_bias),
            allowed_token_ids=self._ids("allowed_token_ids", request.allowed_token_ids),
            bad_words=self._bad_words(request.bad_words),
            stop=_stop_strings(request.stop),
            stop_token_ids=frozenset(self._ids("stop_token_ids", request.stop_token_ids) or ()),
            repetition_detection=_repetition_detection(request.repetition_detection),
            ignore_eos=request.ignore_eos,
            include_stop_str_in_output=request.include_stop_str_in_output,
            skip_special_tokens=request.skip_special_tokens,
            num_logprobs=self._num_logprobs(request),
            logprob_token_ids=self._listed_ids(request),
            num_prompt_logprobs=self._num_prompt_logprobs(request),
        )

    def _value(self, request: GenerationRequest, name: str, neutral: Any) -> Any:
        value = getattr(request, name)
        return self._defaults.get(name, neutral) if value is None else value

    def _logit_bias(self, bias: Mapping[str, float] | None) -> dict[int, float]:
        resolved: dict[int, float] = {}
        for key, value in (bias or {}).items():
            try:
                token_id = int(key)
            except ValueError:
                raise InvalidParameter("logit_bias", f"keys must be token ids, got {key[:40]!r}") from None
            if math.isnan(value):
                raise InvalidParameter("logit_bias", "values must be numbers")
            resolved[token_id] = max(-MAX_LOGIT_BIAS, min(MAX_LOGIT_BIAS, value))
        self._ids("logit_bias", resolved)
        return resolved

    def _ids(self, param: str, token_ids: Iterable[int] | None) -> list[int] | None:
        if token_ids is None:
            return None
        ids = list(token_ids)
        for token_id in ids:
            if not 0 <= token_id < self._vocab_size:
                raise InvalidParameter(
                    param, f"token id {token_id} is out of vocabulary, which has {self._vocab_size} tokens"
                )
        return ids

    def _bad_words(self, words: Sequence[str]) -> list[list[int]]:
        """Return the tokens of each word, at the beginning of a text and, if other as many, within one."""
        sequences: list[list[int]] = []
        for word in words:
            if not word:
                raise InvalidRequest("bad_words must not hold an empty string")
            at_start = self._tokenizer.encode(word.lstrip(), add_special_tokens=False)
            if not at_start:
                raise InvalidParameter("bad_words", f"{word[:40]!r} has no token")
            sequences.append(at_start)
            within = self._tokenizer.encode(" " + word.lstrip(), add_special_tokens=False)
            if within and within[0] != at_start[0] and len(within) == len(at_start):
                sequences.append(within)
            if len(sequences) > MAX_BAD_WORDS:
                raise InvalidParameter("bad_words", f"at most {MAX_BAD_WORDS} once they are tokens")
        return sequences

    def _listed_ids(self, request: GenerationRequest) -> list[int] | None:
        """Return the ids whose logprobs take the place of the likeliest ones'."""
        token_ids = self._ids("logprob_token_ids", request.logprob_token_ids or None)
        if token_ids is None:
            return None
        if len(token_ids) > MAX_LISTED_IDS:
            raise InvalidParameter("logprob_token_ids", f"at most {MAX_LISTED_IDS}, got {len(token_ids)}")
        if request.logprobs is None or request.logprobs is False:
            raise InvalidParameter("logprob_token_ids", "needs logprobs")
        if isinstance(request, CompletionRequest) and request.echo and request.max_tokens == 0:
            raise InvalidParameter("logprob_token_ids", "needs output, and max_tokens is 0")
        return token_ids

    def _num_prompt_logprobs(self, request: GenerationRequest) -> int | None:
        number, is_echo = request.prompt_logprobs, bool(request.echo)
        if number is not None and number < -1:
            raise InvalidParameter(
                "prompt_logprobs", f"must be -1 (the whole vocabulary) or more, got {number}"
            )
        if request.stream and number:
            raise InvalidParameter("prompt_logprobs", "goes with stream: false only")
        if isinstance(request, ChatCompletionRequest):
            if request.stream:
                return None  # 0 is accepted, and no chunk has a place for them
            if number is None and is_echo:
                number = request.top_logprobs or 0
        elif number is None and is_echo:
            number = request.logprobs
        self._check_number("prompt_logprobs", number)
        return number

    def _num_logprobs(self, request: GenerationRequest) -> int | None:
        if isinstance(request, ChatCompletionRequest):
            number = _num_top_logprobs(request)
        else:
            number = request.logprobs
            if number is not None and number < -1:
                raise InvalidParameter(
                    "logprobs", f"must be -1 (the whole vocabulary), 0 or more, got {number}"
                )
        self._check_number("logprobs", number)
        return number

    def _check_number(self, param: str, number: int | None) -> None:
        if number is not None and self._max_logprobs != -1 and (number > self._max_logprobs or number == -1):
            raise InvalidParameter(param, f"at most {self._max_logprobs} per position, got {number}")


def num_choices(request: GenerationRequest, params: SamplingParams) -> int:
    n = 1 if request.n is None else request.n
    if not 1 <= n <= MAX_N:
        raise InvalidParameter("n", f"must be between 1 and {MAX_N}, got {n}")
    if n > 1 and params.is_greedy and not request.use_beam_search:
        raise InvalidRequest(
            f"n is {n}, but greedy sampling gives one answer only: raise temperature, or ask for 1"
        )
    return n


def for_choice(params: SamplingParams, index: int, *, is_stream: bool | None = False) -> SamplingParams:
    """Choice i of a seeded request draws with seed + i. The prompt's logprobs are computed once.

    Streamed, every choice begins with them.
    """
    if index > 0 and not is_stream:
        params = replace(params, num_prompt_logprobs=None)
    if params.seed is None:
        return params
    return replace(params, seed=(params.seed + index) % SEED_RANGE)


def _raised(temperature: float) -> float:
    return MIN_TEMPERATURE if GREEDY_BELOW <= temperature < MIN_TEMPERATURE else temperature


def _repetition_detection(asked: RepetitionDetectionParams | None) -> RepetitionDetection | None:
    if asked is None:
        return None
    return RepetitionDetection(asked.max_pattern_size, asked.min_pattern_size, asked.min_count)


def _stop_strings(stop: str | list[str] | None) -> tuple[str, ...]:
    strings = () if stop is None else (stop,) if isinstance(stop, str) else tuple(stop)
    if sum(map(len, strings)) > MAX_STOP_CHARS:
        raise InvalidParameter("stop", f"must have at most {MAX_STOP_CHARS} characters in all")
    return strings


def _num_top_logprobs(request: ChatCompletionRequest) -> int | None:
    top = request.top_logprobs or 0
    if top < -1:
        raise InvalidParameter("top_logprobs", f"must be -1 (the whole vocabulary), 0 or more, got {top}")
    if top and not request.logprobs:
        raise InvalidParameter("top_logprobs", "needs logprobs: true")
    return top if request.logprobs else None
