"""Texts, pairs, token ids and conversations to what a model that pools reads."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from martlet.engine.text import Encoded, Tokenizer
from martlet.errors import PromptTooLong
from martlet.protocol.pooling_requests import (
    InputRequest,
    PairRequest,
    PooledRequest,
    ScoreInput,
    conversations,
)
from martlet.server.errors import InvalidRequest
from martlet.server.translate.prompts import PromptReader


class PooledTextReader(PromptReader):
    """Reads what is to be pooled, for one model."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        vocab_size: int,
        max_model_len: int,
        *,
        trust_chat_template: bool,
        lowers_case: bool,
    ) -> None:
        super().__init__(tokenizer, vocab_size, max_model_len, trust_chat_template=trust_chat_template)
        self._lowers_case = lowers_case

    def inputs(self, request: InputRequest) -> list[Encoded]:
        """Return the inputs of a request: texts, token ids or conversations."""
        self.check_limit(request.truncate_prompt_tokens)
        if request.messages is not msgspec.UNSET:
            if not request.messages:
                raise InvalidRequest("messages must hold at least one message")
            texts = [self._render_chat(one, request) for one in conversations(request.messages)]
            return [self.text(text, request, bool(request.add_special_tokens)) for text in texts]
        given = request.input
        is_one = isinstance(given, str) or (bool(given) and isinstance(cast("list[Any]", given)[0], int))
        items = cast("list[str | list[int]]", [given] if is_one else given)
        if not items:
            raise InvalidRequest("input must hold at least one text")
        return [self._item(item, request) for item in items]

    def conversation(self, messages: list[dict[str, Any]], request: PooledRequest) -> Encoded:
        """Return a conversation as the model's template writes it."""
        return self.text(self._tokenizer.render(messages, add_generation_prompt=False), request, False)

    def _render_chat(self, messages: list[dict[str, Any]], request: InputRequest) -> str:
        if request.add_generation_prompt and request.continue_final_message:
            raise InvalidRequest("add_generation_prompt and continue_final_message exclude each other")
        return self._render(messages, cast("Any", request))

    def _item(self, item: str | list[int], request: InputRequest) -> Encoded:
        if isinstance(item, str):
            return self.text(item, request, bool(request.add_special_tokens))
        lowest, highest = min(item, default=0), max(item, default=0)
        if lowest < 0 or highest >= self._vocab_size:
            token_id = lowest if lowest < 0 else highest
            raise InvalidRequest(
                f"token id {token_id} is out of vocabulary, which has {self._vocab_size} tokens"
            )
        token_ids = self._truncate(item, request.truncate_prompt_tokens, request.truncation_side or "right")
        return self._whole(Encoded(token_ids, [0] * len(token_ids)))

    def text(
        self,
        text: str,
        request: PooledRequest,
        add_special_tokens: bool = True,
        pair: str = "",
    ) -> Encoded:
        """Return a text or a pair as the model reads it, cut as the request asks.

        An empty second text makes no pair, as with transformers.
        """
        limit, side = request.truncate_prompt_tokens, request.truncation_side
        if self._lowers_case:
            text, pair = text.lower(), pair.lower()
        if limit is None:
            param = "input_tokens" if pair else "input_text"
            self._check_length(text, param)
            self._check_length(pair, param)
        limit = self._max_model_len if limit == -1 else limit
        # A side that was named cuts the tokens as they are, as vLLM does, special ones and all.
        encoded = self._tokenizer.encode_typed(
            text, pair or None, add_special_tokens=add_special_tokens, limit=limit if side is None else None
        )
        cut = (self._truncate(values, limit, side or "right") for values in encoded)
        return self._whole(Encoded(*cut))

    def prefix(self, text: str, num_tokens: int) -> str:
        """Return the beginning of a text; 0 tokens mean no limit."""
        return self._tokenizer.prefix(text, num_tokens) if num_tokens else text

    def check_prefixes(self, request: PairRequest) -> None:
        for name in ("max_tokens_per_query", "max_tokens_per_doc"):
            if not 0 <= getattr(request, name) < self._max_model_len:
                raise InvalidRequest(
                    f"{name} must be at least 0 and below {self._max_model_len}, the model's context, "
                    f"got {getattr(request, name)}"
                )

    def check_limit(self, limit: int | None) -> None:
        if limit is not None and limit > self._max_model_len:
            raise InvalidRequest(
                f"truncate_prompt_tokens must be at most {self._max_model_len}, the model's context, "
                f"got {limit}"
            )

    def _whole(self, encoded: Encoded) -> Encoded:
        if not encoded.token_ids:
            raise InvalidRequest("the input is empty: it must have at least one token")
        if len(encoded.token_ids) > self._max_model_len:
            raise PromptTooLong(len(encoded.token_ids), self._max_model_len)
        return encoded


def texts_of(given: ScoreInput) -> list[str]:
    """Return the texts of one side of a request's pairs."""
    items = given if isinstance(given, list) else [given]
    if not all(isinstance(item, str) for item in items):
        raise InvalidRequest("only texts can be scored: this model reads no other parts")
    return cast("list[str]", items)
