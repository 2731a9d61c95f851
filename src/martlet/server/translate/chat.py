"""chat.completion and its chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from martlet.engine.request import Output
from martlet.engine.text import Tokenizer
from martlet.protocol.base import ABSENT
from martlet.protocol.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessage,
    ChatCompletionRequest,
    Choice,
    ChoiceDelta,
    ChunkChoice,
)
from martlet.protocol.common import CompletionTokensDetails, CompletionUsage, PromptLogprobs
from martlet.server.loop import Batch, Prompt
from martlet.server.parsing import Event
from martlet.server.translate.logprobs import LogprobWriter, prompt_logprobs
from martlet.server.translate.messages import Message, delta
from martlet.server.translate.outputs import OutputPlan
from martlet.server.translate.reply import Identity, Reply, TextKind


class ChatReply(Reply):
    """The reply to one chat request."""

    id_prefix = "chatcmpl"
    running_usage_details = None
    tells_created_cache = True

    def __init__(
        self,
        request: ChatCompletionRequest,
        prompts: list[Prompt],
        request_id: str,
        identity: Identity,
        *,
        prompt_text: str,
        response_role: str,
        tokenizer: Tokenizer,
        plan: OutputPlan,
    ) -> None:
        """`plan` says how the choices are read."""
        super().__init__(request, prompts, len(prompts), request_id, identity)
        last = (request.messages or [{}])[-1]
        self._role: str = response_role if request.add_generation_prompt else last["role"]
        self._echo = text_of(last) if request.echo and last["role"] == self._role else ""
        self._prompt_text = prompt_text if request.return_prompt_text else None
        self._return_token_ids = bool(request.return_token_ids)
        self._tokenizer = tokenizer
        self._logprobs = None
        if request.logprobs:
            self._logprobs = LogprobWriter(
                tokenizer,
                request.top_logprobs or 0,
                as_token_ids=bool(request.return_tokens_as_token_ids),
                lists_ids=bool(request.logprob_token_ids),
            )
        self._sent_roles = False
        self._plan = plan
        self._messages = [] if plan.is_plain else [Message(plan) for _ in prompts]
        self._has_plain_frames = self._has_plain_frames and not request.logprobs

    @property
    def may_call(self) -> bool:
        """Whether the model may call tools as it sees fit."""
        return self._plan.tool_format is not None and self._plan.tools.choice == "auto"

    def count_calls(self, count: Callable[[bool], object], *, is_stream: bool) -> None:
        """Tell `count`, of each output of a stream or of each choice, whether the model called tools."""
        for message in self._messages:
            message.reader.count, message.reader.counts_outputs = count, is_stream

    # --- unstreamed --------------------------------------------------------------------------------

    def add(self, batch: Batch) -> None:
        super().add(batch)
        if self._messages:
            for index, output in batch:
                self._messages[index].add(output)

    def body(self) -> bytes:
        return msgspec.json.encode(self.completion())

    def completion(self) -> ChatCompletion:
        """Return the whole reply."""
        return ChatCompletion(
            id=self.id,
            created=self.created,
            model=self.identity.model,
            choices=[self._choice(index) for index in range(len(self.sequences))],
            system_fingerprint=self.identity.fingerprint,
            usage=self.usage(),
            prompt_logprobs=self._prompt_logprobs(),
            prompt_token_ids=self._prompt_token_ids,
            prompt_text=self._prompt_text,
        )

    @property
    def finish_reasons(self) -> list[str]:
        if not self._messages:
            return super().finish_reasons
        pairs = zip(self._messages, self.sequences, strict=True)
        shown = (message.reader.finish_reason(each.finish_reason) for message, each in pairs)
        return [reason for reason in shown if reason is not None]

    def _prompt_logprobs(self) -> PromptLogprobs | None:
        entries = self.sequences[0].prompt_logprobs
        return None if entries is None else prompt_logprobs(self._tokenizer, entries)

    def _choice(self, index: int) -> Choice:
        sequence = self.sequences[index]
        finish_reason = sequence.finish_reason
        if self._messages:
            message = self._messages[index].written(self._role, self._echo)
            finish_reason = self._messages[index].reader.finish_reason(finish_reason)
        else:
            message = ChatCompletionMessage(
                role=self._role, content=self._echo + "".join(sequence.texts), tool_calls=ABSENT
            )
        return Choice(
            index=index,
            message=message,
            logprobs=self._logprobs.chat(sequence.logprobs) if self._logprobs else None,
            finish_reason=finish_reason,
            stop_reason=sequence.stop_reason,
            token_ids=sequence.token_ids if self._return_token_ids else None,
        )

    @property
    def _prompt_token_ids(self) -> list[int] | None:
        return self.prompts[0].token_ids if self._return_token_ids else None

    # --- streamed ----------------------------------------------------------------------------------

    def _chunks(self, index: int, output: Output) -> Iterator[ChatCompletionChunk]:
        if not self._sent_roles:
            self._sent_roles = True
            yield from map(self._role_chunk, range(len(self.sequences)))
            if self._echo:
                yield from map(self._echo_chunk, range(len(self.sequences)))
        if not self._messages:
            yield self._content_chunk(index, delta(content=output.text), output, output.finish_reason)
            return
        yield from self._message_chunks(index, output, self._messages[index].reader.take(output))

    def _message_chunks(
        self, index: int, output: Output, events: Sequence[Event]
    ) -> Iterator[ChatCompletionChunk]:
        """Return the chunks for what an output was read as."""
        message = self._messages[index]
        *before, last = message.deltas(events) or [delta()]
        for part in before:
            yield self._part_chunk(index, part)
        has_tokens = self._logprobs is not None or self._return_token_ids
        is_needed = bool(events) or output.finish_reason is not None or has_tokens
        if is_needed and not message.reader.is_hidden:
            finish_reason = message.reader.finish_reason(output.finish_reason)
            yield self._content_chunk(index, last, output, finish_reason)

    def _plain_frames(self, index: int, output: Output) -> Iterable[bytes]:
        if not self._messages:
            return super()._plain_frames(index, output)
        reader = self._messages[index].reader
        events = reader.take(output)
        if len(events) == 1 and not reader.is_hidden:
            kind, text = events[0]
            if kind == "content" or kind == "reasoning":
                return (self._text_frame(index, kind, text),)
        return map(self._frame, self._message_chunks(index, output, events))

    def _text_chunk(self, index: int, kind: TextKind, text: str) -> ChatCompletionChunk:
        told = delta(content=text) if kind == "content" else delta(reasoning=text)
        return self._content_chunk(index, told, Output("", [], text), None)

    def _content_chunk(
        self, index: int, delta: ChoiceDelta, output: Output, finish_reason: str | None
    ) -> ChatCompletionChunk:
        """Return the chunk for an output, with what is known of its tokens."""
        is_last = output.finish_reason is not None
        choice = ChunkChoice(
            index=index,
            delta=delta,
            logprobs=self._logprobs.chat(output.logprobs or ()) if self._logprobs else None,
            finish_reason=finish_reason,
            stop_reason=output.stop_reason if is_last else ABSENT,
            token_ids=output.token_ids if self._return_token_ids else None,
        )
        return self._chunk(
            [choice], usage=self.usage_so_far(index), system_fingerprint=self.fingerprint_if_last(output)
        )

    def _part_chunk(self, index: int, delta: ChoiceDelta) -> ChatCompletionChunk:
        """Return a chunk for a part of an output that has several, but the last."""
        choice = ChunkChoice(index=index, delta=delta, stop_reason=ABSENT)
        return self._chunk([choice], usage=self.usage_so_far(index))

    def _role_chunk(self, index: int) -> ChatCompletionChunk:
        choice = ChunkChoice(
            index=index, delta=delta(role=self._role, content=""), stop_reason=ABSENT, token_ids=ABSENT
        )
        return self._chunk(
            [choice],
            usage=self.usage_so_far(index, 0),
            prompt_token_ids=self._prompt_token_ids,
            prompt_text=self._prompt_text,
        )

    def _echo_chunk(self, index: int) -> ChatCompletionChunk:
        choice = ChunkChoice(
            index=index, delta=delta(content=self._echo), stop_reason=ABSENT, token_ids=ABSENT
        )
        return self._chunk([choice], usage=self.usage_so_far(index, 0))

    def _completion_details(self, null: Any) -> Any:
        if self._plan.reasoning_format is None:
            return null
        number = sum(message.reader.num_reasoning_tokens for message in self._messages)
        return CompletionTokensDetails(reasoning_tokens=number)

    def _usage_chunk(self, usage: CompletionUsage) -> ChatCompletionChunk:
        return self._chunk([], usage=usage, system_fingerprint=self.identity.fingerprint)

    def _chunk(
        self,
        choices: list[ChunkChoice],
        *,
        usage: Any = ABSENT,
        prompt_token_ids: Any = ABSENT,
        prompt_text: Any = ABSENT,
        system_fingerprint: Any = ABSENT,
    ) -> ChatCompletionChunk:
        return ChatCompletionChunk(
            id=self.id,
            created=self.created,
            model=self.identity.model,
            choices=choices,
            usage=usage,
            prompt_token_ids=prompt_token_ids,
            prompt_text=prompt_text,
            system_fingerprint=system_fingerprint,
            metrics=ABSENT,
        )


def text_of(message: dict[str, Any]) -> str:
    """Return a message's text, its parts joined."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content)
