"""Guesses at a request's next tokens, which the model then checks several at a time.

A guess costs little where it is wrong, and changes nothing: every token is sampled from the logits of its own
place as it would have been without guesses, and the guess is kept as long as it says the same.
"""

from __future__ import annotations

from martlet.engine.config import SpeculativeConfig
from martlet.engine.request import Request


class NgramProposer:
    """Continues as the text did where its last few tokens occurred before.

    Source: Saxena 2023, prompt lookup decoding, https://github.com/apoorvumang/prompt-lookup-decoding
    """

    def __init__(self, config: SpeculativeConfig) -> None:
        self.num_speculative_tokens = config.num_speculative_tokens
        self._lengths = range(config.prompt_lookup_max, config.prompt_lookup_min - 1, -1)

    def propose(self, request: Request, limit: int) -> list[int]:
        """Return at most `limit` tokens, none if the last tokens are new in this order."""
        if request.ngrams is None:
            request.ngrams = NgramIndex(self._lengths)
        return request.ngrams.propose(request.token_ids, min(limit, self.num_speculative_tokens))


class NgramIndex:
    """Where each run of tokens ended last, for runs of several lengths. A token is added in constant time."""

    def __init__(self, lengths: range) -> None:
        """`lengths` are tried in their order."""
        self._lengths = lengths
        self._ends: dict[tuple[int, ...], int] = {}
        self._num_indexed = 0

    def propose(self, token_ids: list[int], limit: int) -> list[int]:
        """Continue `token_ids`, which grow from call to call, by what followed their end before."""
        self._index(token_ids, len(token_ids) - 1)
        for length in self._lengths:
            end = self._ends.get(tuple(token_ids[-length:]))
            if end is not None:
                # What repeats with a short period goes on repeating.
                tail = token_ids[end : end + limit]
                return (tail * -(-limit // len(tail)))[:limit]
        return []

    def _index(self, token_ids: list[int], num_tokens: int) -> None:
        """Index the runs that end within the first `num_tokens`."""
        for end in range(self._num_indexed + 1, num_tokens + 1):
            for length in self._lengths:
                if length <= end:
                    self._ends[tuple(token_ids[end - length : end])] = end
        self._num_indexed = max(self._num_indexed, num_tokens)
