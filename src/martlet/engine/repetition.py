"""Output that goes round in circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.errors import InvalidParameter


@dataclass(frozen=True, slots=True)
class RepetitionDetection:
    """End a request once its output ends in a pattern of tokens that came `min_count` times in a row."""

    max_pattern_size: int
    """In tokens; 0 detects nothing."""
    min_pattern_size: int
    min_count: int

    def __post_init__(self) -> None:
        if not 0 <= self.min_pattern_size <= self.max_pattern_size:
            raise InvalidParameter(
                "repetition_detection", "needs pattern sizes from 0 on, and the smallest first"
            )
        if self.max_pattern_size > 0 and self.min_count < 2:
            raise InvalidParameter(
                "repetition_detection", f"needs min_count of at least 2, got {self.min_count}"
            )

    def is_found_in(self, token_ids: Sequence[int], num_output: int) -> bool:
        """Whether the last `num_output` of `token_ids` end in such a pattern."""
        if self.max_pattern_size == 0:
            return False
        longest = min(self.max_pattern_size, num_output // self.min_count)
        for size in range(max(self.min_pattern_size, 1), longest + 1):
            if token_ids[-1] != token_ids[-1 - size]:
                continue
            # What repeats with this period equals itself when moved by it.
            span = size * (self.min_count - 1)
            if token_ids[-span:] == token_ids[-span - size : -size]:
                return True
        return False
