"""text_completion and its chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from martlet.engine.request import Output, TokenLogprob
from martlet.engine.text import Tokenizer
from martlet.protocol.base import ABSENT
from martlet.protocol.common import CompletionUsage, PromptLogprobs
from martlet.protocol.completions import (
    Completion,
    CompletionChoice,
    CompletionChunk,
    CompletionChunkChoice,
    CompletionLogprobs,
    CompletionRequest,
)
from martlet.server.loop import Prompt
from martlet.server.translate.logprobs import LogprobWriter, prompt_logprobs
from martlet.server.translate.reply import Identity, Reply, TextKind


class CompletionReply(Reply):
    """The reply to one completion request. Choice prompt_index * n + i is the i-th of its prompt."""

    id_prefix = "cmpl"

    def __init__(
        self,
        request: CompletionRequest,
        prompts: list[Prompt],
        n: int,
        request_id: str,
        identity: Identity,
        *,
        echoes: Sequence[str],
        tokenizer: Tokenizer,
    ) -> None:
        """`echoes` are the prompts' texts if the request wants them back, else empty."""
        super().__init__(request, prompts, n, request_id, identity)
        self._echoes = echoes
        self._hides_output = request.max_tokens == 0
        if self._hides_output or request.logprobs is not None:
            self._has_plain_frames = False
        self._return_token_ids = bool(request.return_token_ids)
        self._tokenizer = tokenizer
        self._logprobs = None
        if request.logprobs is not None:
            self._logprobs = LogprobWriter(
                tokenizer,
                request.logprobs,
                as_token_ids=bool(request.return_tokens_as_token_ids),
                lists_ids=bool(request.logprob_token_ids),
            )

    # --- unstreamed --------------------------------------------------------------------------------

    def body(self) -> bytes:
        reply = Completion(
            id=self.id,
            created=self.created,
            model=self.identity.model,
            choices=[self._choice(index) for index in range(len(self.sequences))],
            system_fingerprint=self.identity.fingerprint,
            usage=self.usage(),
        )
        return msgspec.json.encode(reply)

    def _choice(self, index: int) -> CompletionChoice:
        sequence = self.sequences[index]
        text = "" if self._hides_output else "".join(sequence.texts)
        return CompletionChoice(
            index=index,
            text=self._echo(index) + text,
            logprobs=self._logprobs_of(index, sequence.logprobs, is_first=True),
            finish_reason=sequence.finish_reason,
            stop_reason=sequence.stop_reason,
            token_ids=sequence.token_ids if self._return_token_ids else None,
            prompt_logprobs=self._prompt_logprobs(index),
            prompt_token_ids=self.prompts[index].token_ids if self._return_token_ids else None,
        )

    def _prompt_logprobs(self, index: int) -> PromptLogprobs | None:
        entries = self._prompt_entries(index)
        return None if entries is None else prompt_logprobs(self._tokenizer, entries)

    def _prompt_entries(self, index: int) -> list[TokenLogprob] | None:
        """Return the logprobs of a choice's prompt, which the first choice of the prompt may have brought."""
        own = self.sequences[index].prompt_logprobs
        return self.sequences[index - index % self.n].prompt_logprobs if own is None else own

    def _echo(self, index: int) -> str:
        return self._echoes[index // self.n] if self._echoes else ""

    def _logprobs_of(
        self, index: int, entries: Sequence[TokenLogprob], *, is_first: bool, offset: int = 0
    ) -> CompletionLogprobs | None:
        """Return the arrays of a choice's tokens; with an echo, the first ones are the prompt's."""
        if self._logprobs is None:
            return None
        if not (is_first and self._echoes):
            return self._logprobs.completion(entries, offset)
        of_prompt = self._prompt_entries(index) or []
        shown = of_prompt if self._hides_output else [*of_prompt, *entries]
        return self._logprobs.completion(shown, offset, self.prompts[index].token_ids[0])

    # --- streamed ----------------------------------------------------------------------------------

    def _chunks(self, index: int, output: Output) -> Iterator[CompletionChunk]:
        sequence = self.sequences[index]
        is_first = not sequence.has_started
        text = "" if self._hides_output else output.text
        logprobs = self._logprobs_of(
            index, output.logprobs or (), is_first=is_first, offset=sequence.num_sent_chars
        )
        if logprobs is not None:
            sequence.num_sent_chars += sum(map(len, logprobs.tokens or ()))
        wants_prompt = is_first and (self._return_token_ids or bool(self._echoes))
        choice = CompletionChunkChoice(
            index=index,
            text=self._echo(index) + text if is_first else text,
            logprobs=logprobs,
            finish_reason=output.finish_reason,
            stop_reason=output.stop_reason,
            prompt_token_ids=self.prompts[index].token_ids if wants_prompt else None,
            token_ids=output.token_ids if self._return_token_ids else None,
        )
        yield self._chunk(
            [choice], usage=self.usage_so_far(index), system_fingerprint=self.fingerprint_if_last(output)
        )

    def _text_chunk(self, index: int, kind: TextKind, text: str) -> CompletionChunk:
        (chunk,) = self._chunks(index, Output("", [], text))
        return chunk

    def _usage_chunk(self, usage: CompletionUsage) -> CompletionChunk:
        return self._chunk([], usage=usage, system_fingerprint=self.identity.fingerprint)

    def _chunk(
        self, choices: list[CompletionChunkChoice], *, usage: Any, system_fingerprint: Any
    ) -> CompletionChunk:
        return CompletionChunk(
            id=self.id,
            created=self.created,
            model=self.identity.model,
            choices=choices,
            usage=usage,
            system_fingerprint=system_fingerprint,
            metrics=ABSENT,
        )
