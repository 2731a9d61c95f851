"""A limit to what is thought before it is answered: once it is spent, the end of the thoughts is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from martlet.errors import InvalidParameter

if TYPE_CHECKING:
    from martlet.engine.request import Request

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ThinkingBudget:
    """So many tokens may come between a start of thoughts and their end. Both are known by their tokens."""

    max_tokens: int
    starts: Sequence[Tokens]
    """Several spellings."""
    ends: Sequence[Tokens]
    """The first is what is said when the budget is spent."""

    def __post_init__(self) -> None:
        if self.max_tokens < 0:
            raise InvalidParameter(
                "thinking_token_budget", f"must be -1 (no limit) or more, got {self.max_tokens}"
            )
        assert all(self.starts)
        assert self.ends
        assert all(self.ends)


class ThinkingLimit:
    """Where one request is in its thoughts. They may have begun in its prompt; they may begin again."""

    def __init__(self, budget: ThinkingBudget) -> None:
        self._budget = budget
        self._num_read = 0
        self._begun_at: int | None = None
        """Where the thoughts begin that are going on, behind their start."""
        self._last_tokens = {tokens[-1] for tokens in (*budget.starts, *budget.ends)}

    def next_token(self, request: Request) -> int | None:
        """Return the token that must be next. None: any may."""
        self._catch_up(request.token_ids)
        if self._begun_at is None:
            return None
        spent_at = max(self._begun_at + self._budget.max_tokens, request.num_prompt_tokens)
        if request.num_tokens < spent_at:
            return None
        end = self._budget.ends[0]
        num_said = request.num_tokens - spent_at + _overlap(request.token_ids[self._begun_at : spent_at], end)
        return end[num_said] if num_said < len(end) else None

    def _catch_up(self, token_ids: Sequence[int]) -> None:
        for position in range(self._num_read, len(token_ids)):
            if token_ids[position] in self._last_tokens:
                self._read_mark(token_ids, position + 1)
        self._num_read = len(token_ids)

    def _read_mark(self, token_ids: Sequence[int], end: int) -> None:
        if self._begun_at is None:
            if any(tuple(token_ids[max(0, end - len(mark)) : end]) == mark for mark in self._budget.starts):
                self._begun_at = end
        elif any(
            tuple(token_ids[max(self._begun_at, end - len(mark)) : end]) == mark for mark in self._budget.ends
        ):
            self._begun_at = None


def _overlap(token_ids: Sequence[int], mark: Tokens) -> int:
    """Return how much of the mark the tokens end in already."""
    return next((size for size in range(len(mark) - 1, 0, -1) if tuple(token_ids[-size:]) == mark[:size]), 0)
