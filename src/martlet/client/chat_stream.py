"""`chat.completions.stream`: a streamed reply as events, and put together into one parsed reply."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from martlet.client.chat_events import (
    ChatCompletionStreamEvent,
    ChunkEvent,
    ContentDeltaEvent,
    ContentDoneEvent,
    Event,
    FunctionToolCallArgumentsDeltaEvent,
    FunctionToolCallArgumentsDoneEvent,
    LogprobsContentDeltaEvent,
    LogprobsContentDoneEvent,
    LogprobsRefusalDeltaEvent,
    LogprobsRefusalDoneEvent,
    RefusalDeltaEvent,
    RefusalDoneEvent,
    prepared,
)
from martlet.client.event_stream import AsyncEventStream, AsyncStreamManager, EventStream, StreamManager
from martlet.client.options import NOT_GIVEN
from martlet.client.parsed import ParsedChatCompletion
from martlet.client.parsing import ReplyParser, check_ending, keep, parsed_completion
from martlet.client.partial_json import PartialJSON, repaired
from martlet.errors import OpenAIError
from martlet.protocol.base import construct
from martlet.protocol.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionTokenLogprob,
    ChoiceLogprobs,
    ChunkChoice,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Self

    from martlet.client.options import NotGiven, Omit
    from martlet.client.streaming import AsyncStream, Stream
    from martlet.protocol.params import ChatCompletionToolUnionParam, ResponseFormatParam

T = TypeVar("T")

_REPLACED = frozenset({"id", "index", "role", "type"})
"""Keys that say what something is: a later chunk repeats them, where other texts go on."""
_FIRST_COUNTS = frozenset({"id", "created", "model", "object", "choices", "obfuscation"})
"""Keys of a chunk that tell nothing new about the reply; of all others the last one counts."""


class ChatCompletionStreamState(Generic[T]):
    """Puts the chunks of a streamed reply together, and tells what each of them brings.

    state = ChatCompletionStreamState()
    for chunk in client.chat.completions.create(..., stream=True):
        state.handle_chunk(chunk)
    completion = state.get_final_completion()
    """

    @overload
    def __init__(
        self,
        *,
        input_tools: Iterable[ChatCompletionToolUnionParam] | NotGiven | Omit | None = ...,
        response_format: type[T],
    ) -> None: ...
    @overload
    def __init__(
        self: ChatCompletionStreamState[None],
        *,
        input_tools: Iterable[ChatCompletionToolUnionParam] | NotGiven | Omit | None = ...,
        response_format: ResponseFormatParam | NotGiven | Omit | None = ...,
    ) -> None: ...
    def __init__(self, *, input_tools: Any = NOT_GIVEN, response_format: Any = NOT_GIVEN) -> None:
        """`input_tools` and `response_format` as in the call that the chunks come from."""
        self._begin(ReplyParser(response_format, input_tools))

    def _begin(self, parser: ReplyParser[T]) -> None:
        self._parser = parser
        self._head: dict[str, Any] | None = None
        self._choices: dict[int, _Choice] = {}

    @classmethod
    def _of(cls, parser: ReplyParser[T]) -> Self:
        state = cls.__new__(cls)
        state._begin(parser)
        return state

    def handle_chunk(self, chunk: ChatCompletionChunk) -> list[ChatCompletionStreamEvent[T]]:
        """Add a chunk. Returns its events.

        Raises LengthFinishReasonError or ContentFilterFinishReasonError, with what there is in `.completion`,
        if the chunk says that the text to parse was cut off; ValidationError where a whole text does not fit.
        """
        return self._handle(chunk, chunk.to_dict())

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletion[T]:
        """The reply so far. Raises OpenAIError before the first chunk."""
        return parsed_completion(
            self._completion(),
            lambda choice: self._choices[choice.index].parsed_content(),
            lambda choice, call: self._choices[choice.index].parsed_arguments(call.index),  # type: ignore[attr-defined]  # an extra key of streamed calls
        )

    def get_final_completion(self) -> ParsedChatCompletion[T]:
        """The whole reply, parsed. Raises as `chat.completions.parse` does."""
        return self._parser.completion(self._completion())

    def _handle(self, chunk: ChatCompletionChunk, plain: dict[str, Any]) -> list[Any]:
        """`plain` is the chunk as the server sent it. It is not changed, nor are parts of it kept."""
        self._add_head(plain)
        events: list[Event] = [prepared(ChunkEvent(chunk=chunk), 0, lambda: self.current_completion_snapshot)]
        added = [
            (self._choice(part), part, typed)
            for part, typed in zip(_list(plain.get("choices")), _list(chunk.choices), strict=False)
            if isinstance(part, dict) and isinstance(typed, ChunkChoice)
        ]
        for choice, part, typed in added:
            choice.add(part, typed)
        for choice, part, _ in added:
            finish_reason = part.get("finish_reason")
            if finish_reason is not None and self._parser.is_needed:
                check_ending(finish_reason, self._completion())
            try:
                events += choice.events(part)
            except ValueError as error:
                keep(self._completion(), error)
                raise
        return events

    def _add_head(self, plain: dict[str, Any]) -> None:
        if self._head is None:
            own = {key: plain.get(key) for key in ("id", "created", "model")}
            self._head = {**own, "object": "chat.completion"}
        for key, value in plain.items():
            if key not in _FIRST_COUNTS and (value is not None or key not in self._head):
                self._head[key] = _copied(value)

    def _choice(self, part: dict[str, Any]) -> _Choice:
        index = part.get("index")
        index = index if isinstance(index, int) else 0
        choice = self._choices.get(index)
        if choice is None:
            choice = self._choices[index] = _Choice(index, self._parser)
        return choice

    def _completion(self) -> ChatCompletion:
        if self._head is None:
            raise OpenAIError("no chunk of the reply has come yet")
        choices = [_copied(choice.tree) for _, choice in sorted(self._choices.items())]
        return construct(ChatCompletion, {**_copied(self._head), "choices": choices})


class _Choice:
    """One choice: what came of it, and what was told."""

    def __init__(self, index: int, parser: ReplyParser[Any]) -> None:
        self.index = index
        self.tree: dict[str, Any] = {"index": index, "message": {"role": "assistant", "content": None}}
        """The choice as it would stand in the unstreamed reply."""
        self._parser = parser
        self._json = PartialJSON() if parser.wants_content else None
        self._parsed: Any = None
        self._tools: dict[int, _Tool] = {}
        self._current_tool: _Tool | None = None
        self._logprobs: dict[str, list[ChatCompletionTokenLogprob]] = {"content": [], "refusal": []}
        self._new_logprobs: dict[str, list[ChatCompletionTokenLogprob]] = {}
        self._new_calls: list[dict[str, Any]] = []
        self._told: set[str] = set()

    # --- what came -------------------------------------------------------------------------------

    def add(self, part: dict[str, Any], typed: ChunkChoice) -> None:
        """Add a chunk's part of this choice to the tree."""
        self._new_calls = []
        for key, value in part.items():
            if key == "delta":
                if isinstance(value, dict):
                    self._add_delta(value)
            elif key == "logprobs" or isinstance(value, list):
                _merge(self.tree, {key: value})
            elif value is not None or key not in self.tree:
                self.tree[key] = _copied(value)
        self._new_logprobs = {}
        if isinstance(typed.logprobs, ChoiceLogprobs):
            for name in self._logprobs:
                entries = getattr(typed.logprobs, name)
                if isinstance(entries, list):
                    self._new_logprobs[name] = entries
                    self._logprobs[name] += entries

    def _add_delta(self, delta: dict[str, Any]) -> None:
        message = self.tree["message"]
        _merge(message, {key: value for key, value in delta.items() if key != "tool_calls"})
        for call in _list(delta.get("tool_calls")):
            if isinstance(call, dict):
                call = self._indexed(call)
                _merge(message, {"tool_calls": [call]})
                self._new_calls.append(call)
        content = delta.get("content")
        if self._json is not None and isinstance(content, str):
            self._json.feed(content)

    def _indexed(self, call: dict[str, Any]) -> dict[str, Any]:
        """A call's part with its index, which some servers leave out: a new id is a new call."""
        if isinstance(call.get("index"), int):
            return call
        known = _list(self.tree["message"].get("tool_calls"))
        call_id = call.get("id")
        same = [entry["index"] for entry in known if call_id is None or entry.get("id") == call_id]
        return {**call, "index": same[-1] if same else len(known)}

    # --- what is told ----------------------------------------------------------------------------

    def events(self, part: dict[str, Any]) -> Iterator[Event]:
        """What the chunk's part means, after it was added."""
        delta = part.get("delta")
        delta = delta if isinstance(delta, dict) else {}
        yield from self._text_events(delta)
        touched = [self._tool(call) for call in self._new_calls]
        for tool, call in zip(touched, self._new_calls, strict=True):
            yield from self._tool_events(tool, call)
        yield from self._logprobs_events()
        for tool in touched:
            yield from self._switch(tool)
        if self.tree.get("finish_reason") is not None:
            yield from self._done_events()
            for _, tool in sorted(self._tools.items()):
                yield from self._tool_done(tool)

    def _text_events(self, delta: dict[str, Any]) -> Iterator[Event]:
        message = self.tree["message"]
        content, refusal = delta.get("content"), delta.get("refusal")
        if isinstance(content, str):
            snapshot = message["content"]
            make = None if self._json is None else partial(repaired, snapshot, self._json.repair())
            yield prepared(ContentDeltaEvent(delta=content, snapshot=snapshot), self.index, make)
        if isinstance(refusal, str):
            event = RefusalDeltaEvent(delta=refusal, snapshot=message["refusal"])
            yield prepared(event, self.index)

    def _logprobs_events(self) -> Iterator[Event]:
        content, refusal = (self._new_logprobs.get(name) for name in ("content", "refusal"))
        if content:
            yield self._with_snapshot(LogprobsContentDeltaEvent(content=content), self._logprobs["content"])
        if refusal:
            yield self._with_snapshot(LogprobsRefusalDeltaEvent(refusal=refusal), self._logprobs["refusal"])

    def _with_snapshot(self, event: Event, so_far: list[ChatCompletionTokenLogprob]) -> Event:
        length = len(so_far)
        return prepared(event, self.index, lambda: so_far[:length])

    def _tool(self, call: dict[str, Any]) -> _Tool:
        tool = self._tools.get(call["index"])
        if tool is None:
            tool = self._tools[call["index"]] = _Tool(call["index"])
        return tool

    def _tool_events(self, tool: _Tool, call: dict[str, Any]) -> Iterator[Event]:
        piece = tool.add(call)
        if piece is None:
            return
        is_parsed = self._parser.wants_arguments(tool.name)
        event = FunctionToolCallArgumentsDeltaEvent(
            name=tool.name, index=tool.index, arguments=tool.arguments, arguments_delta=piece
        )
        make = partial(repaired, tool.arguments, tool.json.repair()) if is_parsed else None
        yield prepared(event, self.index, make)

    def _switch(self, tool: _Tool) -> Iterator[Event]:
        """A call begins: what came before it is complete, unless calls come interleaved."""
        before = self._current_tool
        if tool is before:
            return
        self._current_tool = tool
        yield from self._done_events()
        if before is not None and before.json.is_complete:
            yield from self._tool_done(before)

    def _tool_done(self, tool: _Tool) -> Iterator[Event]:
        if tool.is_told or not tool.is_function:
            return
        tool.is_told = True
        tool.parsed = self._parser.arguments(tool.name, tool.arguments)
        event = FunctionToolCallArgumentsDoneEvent(
            name=tool.name, index=tool.index, arguments=tool.arguments, parsed_arguments=tool.parsed
        )
        yield prepared(event, self.index)

    def _done_events(self) -> Iterator[Event]:
        message = self.tree["message"]
        content, refusal = message.get("content"), message.get("refusal")
        if content and self._tell("content"):
            self._parsed = self._parser.content(content, refusal)
            yield prepared(ContentDoneEvent(content=content, parsed=self._parsed), self.index)
        if refusal and self._tell("refusal"):
            yield prepared(RefusalDoneEvent(refusal=refusal), self.index)
        if self._logprobs["content"] and self._tell("logprobs.content"):
            content_done = LogprobsContentDoneEvent(content=list(self._logprobs["content"]))
            yield prepared(content_done, self.index)
        if self._logprobs["refusal"] and self._tell("logprobs.refusal"):
            refusal_done = LogprobsRefusalDoneEvent(refusal=list(self._logprobs["refusal"]))
            yield prepared(refusal_done, self.index)

    def _tell(self, what: str) -> bool:
        """Whether this is the first time."""
        is_new = what not in self._told
        self._told.add(what)
        return is_new

    # --- for snapshots ---------------------------------------------------------------------------

    def parsed_content(self) -> Any:
        """An instance once the content is complete; before that, what is certain of its JSON."""
        message = self.tree["message"]
        if "content" in self._told or self._json is None or not message.get("content"):
            return self._parsed
        return repaired(message["content"], self._json.repair())

    def parsed_arguments(self, index: int) -> Any:
        """As `parsed_content`, of a call."""
        tool = self._tools.get(index)
        if tool is None or tool.is_told or not self._parser.wants_arguments(tool.name):
            return None if tool is None else tool.parsed
        return repaired(tool.arguments, tool.json.repair())


class _Tool:
    """A tool call on its way."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.name = ""
        self.arguments = ""
        self.json = PartialJSON()
        self.is_function = True
        self.is_told = False
        self.parsed: Any = None

    def add(self, call: dict[str, Any]) -> str | None:
        """Add a part. Returns its piece of the arguments; None if this is no function call."""
        self.is_function = call.get("type") in (None, "function") and self.is_function
        function = call.get("function")
        if not self.is_function or not isinstance(function, dict):
            return None
        name, piece = function.get("name"), function.get("arguments")
        self.name += name if isinstance(name, str) else ""
        piece = piece if isinstance(piece, str) else ""
        self.arguments += piece
        self.json.feed(piece)
        return piece


# --- merging ----------------------------------------------------------------------------------------


def _merge(tree: dict[str, Any], delta: dict[str, Any]) -> None:
    """Let `tree` grow by `delta`: texts, lists and numbers add up, the rest is replaced; null is ignored."""
    for key, value in delta.items():
        old = tree.get(key)
        if value is None:
            tree.setdefault(key, None)
        elif isinstance(value, list):
            tree[key] = _grown(old if isinstance(old, list) else [], value)
        elif isinstance(value, dict):
            if not isinstance(old, dict):
                old = tree[key] = {}
            _merge(old, value)
        elif _adds_up(old, value) and key not in _REPLACED:
            tree[key] = old + value
        else:
            tree[key] = value


def _adds_up(old: object, value: object) -> bool:
    if isinstance(old, str) or isinstance(old, bool) or isinstance(value, bool):
        return isinstance(old, str) and isinstance(value, str)
    return isinstance(old, (int, float)) and isinstance(value, (int, float))


def _grown(old: list[Any], new: list[Any]) -> list[Any]:
    """`old` with what `new` adds: objects of an `index` that is there grow, everything else is appended."""
    for item in new:
        index = item.get("index") if isinstance(item, dict) else None
        same = None if index is None else next((entry for entry in old if _has_index(entry, index)), None)
        if same is None:
            made = {} if isinstance(item, dict) else item
            if isinstance(item, dict):
                _merge(made, item)
            old.append(made)
        else:
            _merge(same, item)
    return old


def _has_index(entry: object, index: object) -> bool:
    return isinstance(entry, dict) and entry.get("index") == index


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# --- streams ----------------------------------------------------------------------------------------


class _Events(Generic[T]):
    """What both streams make of the chunks."""

    def __init__(self, parser: ReplyParser[T]) -> None:
        self._state: ChatCompletionStreamState[T] = ChatCompletionStreamState._of(parser)
        self._events: deque[ChatCompletionStreamEvent[T]] = deque()

    @property
    def current_completion_snapshot(self) -> ParsedChatCompletion[T]:
        """The reply so far. Raises OpenAIError before the first chunk."""
        return self._state.current_completion_snapshot

    def _take(self, chunk: ChatCompletionChunk) -> None:
        if chunk.object == "chat.completion.chunk":
            plain = chunk._raw()
            self._events += self._state._handle(chunk, chunk.to_dict() if plain is None else plain)


class ChatCompletionStream(_Events[T], EventStream):
    """The events of a streamed reply: iterate over it once.

    It ends normally only if the reply is complete, and raises as `Stream` does otherwise: StreamInterrupted,
    with what had arrived in `.partial`. Raises LengthFinishReasonError and ContentFilterFinishReasonError
    where there is something to parse and the reply was cut off.
    """

    def __init__(self, raw_stream: Stream[ChatCompletionChunk], parser: ReplyParser[T]) -> None:
        _Events.__init__(self, parser)
        EventStream.__init__(self, raw_stream)

    def __next__(self) -> ChatCompletionStreamEvent[T]:
        while not self._events:
            self._take(next(self._raw))
        return self._events.popleft()

    def get_final_completion(self) -> ParsedChatCompletion[T]:
        """Read to the end. Returns the whole reply, parsed; raises as `chat.completions.parse` does."""
        self.until_done()
        return self._state.get_final_completion()

    def close(self) -> None:
        """Stop reading and close the connection. Idempotent."""
        self._events.clear()
        super().close()


class ChatCompletionStreamManager(StreamManager[ChatCompletionStream[T]]):
    """What `chat.completions.stream` returns: entering it sends the request, leaving it closes the stream."""

    def __init__(self, start: Callable[[], Stream[ChatCompletionChunk]], parser: ReplyParser[T]) -> None:
        super().__init__(lambda: ChatCompletionStream(start(), parser))


class AsyncChatCompletionStream(_Events[T], AsyncEventStream):
    """As `ChatCompletionStream`, on asyncio."""

    def __init__(self, raw_stream: AsyncStream[ChatCompletionChunk], parser: ReplyParser[T]) -> None:
        _Events.__init__(self, parser)
        AsyncEventStream.__init__(self, raw_stream)

    async def __anext__(self) -> ChatCompletionStreamEvent[T]:
        while not self._events:
            self._take(await self._raw.__anext__())
        return self._events.popleft()

    async def get_final_completion(self) -> ParsedChatCompletion[T]:
        """Read to the end. Returns the whole reply, parsed; raises as `chat.completions.parse` does."""
        await self.until_done()
        return self._state.get_final_completion()

    async def close(self) -> None:
        """Stop reading and close the connection. Idempotent."""
        self._events.clear()
        await super().close()


class AsyncChatCompletionStreamManager(AsyncStreamManager[AsyncChatCompletionStream[T]]):
    """As `ChatCompletionStreamManager`, on asyncio."""

    def __init__(
        self, start: Callable[[], Awaitable[AsyncStream[ChatCompletionChunk]]], parser: ReplyParser[T]
    ) -> None:
        async def opened() -> AsyncChatCompletionStream[T]:
            return AsyncChatCompletionStream(await start(), parser)

        super().__init__(opened)
