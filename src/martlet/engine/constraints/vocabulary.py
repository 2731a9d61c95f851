"""The tokenizer as llguidance sees it: which bytes a token stands for, and how forced bytes are tokenized."""

from __future__ import annotations

from typing import TYPE_CHECKING

from martlet.engine.text import Tokenizer
from martlet.errors import UnsupportedParameter

if TYPE_CHECKING:
    from llguidance import LLTokenizer

SENTINEL = "\x02"
"""Goes before what is to be tokenized, so that no tokenizer puts its own blank there; merges with nothing."""


class Vocabulary:
    """A tokenizer's tokens as bytes, in the shape of llguidance's TokenizerWrapper."""

    def __init__(self, tokenizer: Tokenizer, vocab_size: int) -> None:
        """`vocab_size` is the model's, whose padding no text has. Raises UnsupportedParameter."""
        if not tokenizer.knows_token_bytes:
            raise UnsupportedParameter(
                "structured_outputs", "this model's tokenizer does not say which bytes a token stands for"
            )
        eos_token_ids = [id for id in tokenizer.eos_token_ids if 0 <= id < vocab_size]
        if not eos_token_ids:
            raise UnsupportedParameter("structured_outputs", "this model has no token that ends a text")
        self._tokenizer = tokenizer
        self._vocab_size = vocab_size
        self._eos_token_ids = eos_token_ids
        self.eos_token_id = eos_token_ids[0]
        self.bos_token_id = tokenizer.bos_token_id
        self.tokens = [tokenizer.token_bytes(token_id) for token_id in range(vocab_size)]
        self.special_token_ids = sorted({*tokenizer.special_ids, *eos_token_ids} & set(range(vocab_size)))
        self._token_ids = {
            token: token_id
            for token_id, token in reversed(list(enumerate(self.tokens)))
            if token and token_id not in set(self.special_token_ids)
        }
        self._max_token_bytes = max(map(len, self._token_ids), default=1)

    def to_llguidance(self) -> LLTokenizer:
        from llguidance import LLTokenizer, TokenizerWrapper

        wrapper = TokenizerWrapper(self)
        return LLTokenizer(wrapper, n_vocab=self._vocab_size, eos_token=self._eos_token_ids)

    def __call__(self, text: bytes) -> list[int]:
        """Tokenize within a text, exactly: the tokens' bytes are `text`."""
        return self._encoded(text) or self._greedily(text)

    def _encoded(self, text: bytes) -> list[int]:
        """Return the tokenizer's own tokens, or none if they don't spell `text`."""
        try:
            whole = self._tokenizer.encode(SENTINEL + text.decode(), add_special_tokens=False)
        except UnicodeDecodeError:
            return []
        for length in range(1, min(3, len(whole)) + 1):
            if b"".join(self._bytes(id) for id in whole[:length]).lstrip(b" ") == SENTINEL.encode():
                rest = whole[length:]
                return rest if b"".join(map(self._bytes, rest)) == text else []
        return []

    def _bytes(self, token_id: int) -> bytes:
        return self.tokens[token_id] if token_id < self._vocab_size else b""

    def _greedily(self, text: bytes) -> list[int]:
        """Return the longest token at each place. Bytes that no token has are left out."""
        token_ids, start = [], 0
        while start < len(text):
            for end in range(min(start + self._max_token_bytes, len(text)), start, -1):
                token_id = self._token_ids.get(text[start:end])
                if token_id is not None:
                    token_ids.append(token_id)
                    start = end
                    break
            else:
                start += 1
        return token_ids
