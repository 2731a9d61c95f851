"""Log probabilities on the wire: chat's list of entries, completions' parallel arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from martlet.engine.request import TokenLogprob
from martlet.engine.text import Tokenizer
from martlet.protocol.chat import ChatCompletionTokenLogprob, ChoiceLogprobs, TopLogprob
from martlet.protocol.common import Logprob
from martlet.protocol.completions import CompletionLogprobs

FLOOR = -9999.0
"""Stands for minus infinity, which JSON cannot say."""


class LogprobWriter:
    """Writes the log probabilities of one request."""

    def __init__(self, tokenizer: Tokenizer, num_top: int, *, as_token_ids: bool, lists_ids: bool) -> None:
        """`num_top` likeliest tokens are shown; all that are there if the request listed ids."""
        self._tokenizer = tokenizer
        self._num_top = -1 if lists_ids else num_top
        self._as_token_ids = as_token_ids

    def chat(self, entries: Iterable[TokenLogprob]) -> ChoiceLogprobs:
        return ChoiceLogprobs(content=[self._chat_entry(entry) for entry in entries])

    def _chat_entry(self, entry: TokenLogprob) -> ChatCompletionTokenLogprob:
        top = [(entry.token_id, entry.logprob), *_rivals(entry)]
        if self._num_top != -1:
            top = top[: self._num_top]
        return ChatCompletionTokenLogprob(
            token=self._token(entry.token_id),
            logprob=max(entry.logprob, FLOOR),
            bytes=list(self._tokenizer.token_bytes(entry.token_id)),
            top_logprobs=[self._top(token_id, logprob) for token_id, logprob in top],
        )

    def _top(self, token_id: int, logprob: float) -> TopLogprob:
        token = self._token(token_id)
        raw = token.encode() if self._as_token_ids else self._tokenizer.token_bytes(token_id)
        return TopLogprob(token=token, logprob=max(logprob, FLOOR), bytes=list(raw))

    def completion(
        self, entries: Sequence[TokenLogprob], offset: int, first_token_id: int | None = None
    ) -> CompletionLogprobs:
        """Return the arrays for tokens whose text begins at `offset`.

        `first_token_id` is the first of an echoed prompt, which goes before `entries` and has no logprob.
        """
        before = [] if first_token_id is None else [self._token(first_token_id)]
        none = [None] * len(before)
        tokens = before + [self._token(entry.token_id) for entry in entries]
        return CompletionLogprobs(
            text_offset=_offsets(tokens, offset),
            token_logprobs=[*none, *(max(entry.logprob, FLOOR) for entry in entries)],
            tokens=tokens,
            top_logprobs=[*none, *(self._top_by_token(entry) for entry in entries)],
        )

    def _top_by_token(self, entry: TokenLogprob) -> dict[str, float]:
        """The sampled token is always among them, so there are as many as asked for, or one more."""
        rivals = list(_rivals(entry))
        is_top = any(token_id == entry.token_id for token_id, _ in entry.top)
        if not is_top and self._num_top >= 0:
            rivals = rivals[: self._num_top]
        top = [(entry.token_id, entry.logprob), *rivals]
        by_token: dict[str, float] = {}
        for token_id, logprob in top:
            by_token.setdefault(self._token(token_id), max(logprob, FLOOR))
        return by_token

    def _token(self, token_id: int) -> str:
        if self._as_token_ids:
            return f"token_id:{token_id}"
        return self._tokenizer.token_bytes(token_id).decode("utf-8", "replace")


def prompt_logprobs(tokenizer: Tokenizer, entries: Iterable[TokenLogprob]) -> list[dict[str, Logprob] | None]:
    """Return vLLM's list: null for the first token, then the actual token and the likeliest by their ids."""

    def entry_of(token_id: int, logprob: float, rank: int) -> Logprob:
        text = tokenizer.token_bytes(token_id).decode("utf-8", "replace")
        return Logprob(logprob=max(logprob, FLOOR), rank=rank, decoded_token=text)

    written: list[dict[str, Logprob] | None] = [None]
    for entry in entries:
        by_id = {str(entry.token_id): entry_of(entry.token_id, entry.logprob, entry.rank)}
        for rank, (token_id, logprob) in enumerate(entry.top, 1):
            by_id.setdefault(str(token_id), entry_of(token_id, logprob, rank))
        written.append(by_id)
    return written


def _rivals(entry: TokenLogprob) -> list[tuple[int, float]]:
    return [(token_id, logprob) for token_id, logprob in entry.top if token_id != entry.token_id]


def _offsets(tokens: Sequence[str], start: int) -> list[int]:
    offsets = []
    for token in tokens:
        offsets.append(start)
        start += len(token)
    return offsets
