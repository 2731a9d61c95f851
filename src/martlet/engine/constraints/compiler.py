"""Constraint -> Grammar, once for each."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from martlet.engine.constraints.constraint import Constraint
from martlet.engine.constraints.matcher import Matcher
from martlet.engine.constraints.places import faulty_place
from martlet.engine.constraints.vocabulary import Vocabulary
from martlet.engine.text import Tokenizer
from martlet.errors import InvalidParameter

if TYPE_CHECKING:
    from llguidance import LLMatcher, LLParserLimits, LLTokenizer

MAX_CACHED = 64


class Grammar:
    """A compiled constraint, which any number of requests may share."""

    def __init__(self, start: LLMatcher, vocab_size: int) -> None:
        self._start = start
        self._vocab_size = vocab_size

    def matcher(self) -> Matcher:
        """Return a matcher at the beginning of the output."""
        return Matcher(self._start.deep_copy(), self._vocab_size)


class GrammarCompiler:
    """Compiles constraints for one model. For any thread."""

    def __init__(self, tokenizer: Tokenizer, vocab_size: int) -> None:
        self._tokenizer = tokenizer
        self._vocab_size = vocab_size
        self._special_tokens = {tokenizer.id_to_token(id): id for id in tokenizer.special_ids}
        self._lock = threading.Lock()
        self._ll_tokenizer: LLTokenizer | None = None
        self._cached: OrderedDict[Constraint, Grammar] = OrderedDict()

    def cached(self, constraint: Constraint) -> Grammar | None:
        """Return the grammar if it has been compiled before. Quick."""
        with self._lock:
            grammar = self._cached.get(constraint)
            if grammar is not None:
                self._cached.move_to_end(constraint)
            return grammar

    def compile(self, constraint: Constraint) -> Grammar:
        """Return the grammar of a constraint. The first may take a second, as the vocabulary is read.

        Raises InvalidParameter, naming the place, for a constraint that is wrong or cannot be followed, and
        UnsupportedParameter for a tokenizer that cannot be constrained.
        """
        grammar = self.cached(constraint)
        if grammar is not None:
            return grammar
        grammar = Grammar(self._compile(constraint), self._vocab_size)
        with self._lock:
            self._cached[constraint] = grammar
            if len(self._cached) > MAX_CACHED:
                self._cached.popitem(last=False)
        return grammar

    def _compile(self, constraint: Constraint) -> LLMatcher:
        notation = constraint.to_llguidance(self._special_tokens)
        matcher = self._matcher(notation)
        problem = matcher.get_error()
        if problem:
            raise InvalidParameter(constraint.kind, self._with_place(constraint, problem))
        # The first mask shows what only the lexer finds, and warms what all copies share.
        matcher.compute_bitmask()
        if matcher.is_error():
            raise InvalidParameter(constraint.kind, _first_line(matcher.get_error()))
        return matcher

    def _with_place(self, constraint: Constraint, problem: str) -> str:
        if constraint.kind != "json":
            return problem.strip()

        plain = replace(constraint, reasoning=None, calls=None)

        def problem_of(schema: str) -> str:
            try:
                return self._matcher(replace(plain, text=schema).to_llguidance({})).get_error()
            except InvalidParameter:  # false, or deeper than may be
                return ""

        return f"{problem} - at {faulty_place(json.loads(constraint.text), problem, problem_of)}"

    def _matcher(self, notation: str) -> LLMatcher:
        from llguidance import LLMatcher

        return LLMatcher(self._tokenizer_of_library(), notation, log_level=0, limits=_limits())

    def _tokenizer_of_library(self) -> LLTokenizer:
        with self._lock:
            if self._ll_tokenizer is None:
                self._ll_tokenizer = Vocabulary(self._tokenizer, self._vocab_size).to_llguidance()
            return self._ll_tokenizer


def _limits() -> LLParserLimits:
    """Return llguidance's own limits of work, some 10 ms for a mask, and errors that quote no state."""
    from llguidance import LLParserLimits

    return LLParserLimits(verbose_errors=False)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
