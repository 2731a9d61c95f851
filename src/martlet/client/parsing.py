"""`parse` and `stream`: replies read as the types that the caller asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from martlet.client.calls import CHAT_COMPLETIONS, Endpoint
from martlet.client.options import ABSENT, NOT_GIVEN, RequestOptions
from martlet.client.parsed import (
    ParsedChatCompletion,
    ParsedChatCompletionMessage,
    ParsedChoice,
    ParsedFunction,
    ParsedFunctionToolCall,
    upgraded,
)
from martlet.client.structured import FunctionTool, OutputType
from martlet.errors import ContentFilterFinishReasonError, LengthFinishReasonError
from martlet.protocol.chat import (
    ChatCompletion,
    ChatCompletionMessage,
    ChatCompletionMessageToolCall,
    Choice,
    Function,
)
from martlet.protocol.params import ChatCompletionCommonParams, ResponseFormatParam

if TYPE_CHECKING:
    from collections.abc import Callable

    from martlet.client.replies import Reply

T = TypeVar("T")


class ChatCompletionParseParams(ChatCompletionCommonParams, RequestOptions, total=False):
    """Keywords of `chat.completions.parse` and `chat.completions.stream`, beside `response_format`."""


class _HelperParams(ChatCompletionParseParams, total=False):
    response_format: type[Any] | ResponseFormatParam | None


class ReplyParser(Generic[T]):
    """How to read the replies of one call: its content, and the arguments of the functions that it calls."""

    def __init__(self, response_format: object, tools: object) -> None:
        """Raises TypeError for a type that has no schema."""
        self.tools = _listed(tools)
        self._given = response_format
        self.output: OutputType[T] | None = None
        if response_format is not None and not isinstance(response_format, (*ABSENT, Mapping)):
            self.output = OutputType(response_format)  # type: ignore[arg-type]  # checked there
        self._readers = dict(map(_reader, filter(_is_strict, self.tools or ())))

    @property
    def is_needed(self) -> bool:
        """Whether anything is to be parsed."""
        return self.output is not None or bool(self._readers)

    @property
    def wants_content(self) -> bool:
        return self.output is not None

    def wants_arguments(self, name: str) -> bool:
        """Whether the arguments of this function are parsed."""
        return name in self._readers

    def fill(self, params: dict[str, Any]) -> dict[str, Any]:
        """The call's parameters as they are sent."""
        if self.tools is not None:
            params["tools"] = self.tools
        params["response_format"] = self._given if self.output is None else self.output.response_format()
        return params

    def content(self, text: object, refusal: object) -> T | None:
        """What a content stands for. Raises ValidationError where the text does not fit the type."""
        if self.output is None or not isinstance(text, str) or not text or refusal:
            return None
        return self.output.decode(text)

    def arguments(self, name: str, text: str) -> Any:
        """What a call's arguments stand for. Raises ValidationError or ValueError where they do not fit."""
        read = self._readers.get(name)
        return None if read is None else read(text or "{}")

    def completion(self, reply: ChatCompletion) -> ParsedChatCompletion[T]:
        """A whole reply, parsed. Raises if it was cut off, with the reply in `.completion`."""
        for choice in reply.choices or ():
            if isinstance(choice, Choice):
                check_ending(choice.finish_reason, reply)
        try:
            return parsed_completion(
                reply,
                lambda choice: self.content(choice.message.content, choice.message.refusal),
                lambda choice, call: self.arguments(call.function.name, call.function.arguments),
            )
        except ValueError as error:  # the ValidationError of pydantic or msgspec, or a JSONDecodeError
            keep(reply, error)
            raise


def keep(reply: object, error: ValueError) -> None:
    """Put a reply on the error of a text in it that does not fit, as `completion`: it is not to be lost."""
    with suppress(AttributeError):
        error.completion = reply  # type: ignore[attr-defined]  # a foreign class, which takes it


def check_ending(finish_reason: str | None, reply: ChatCompletion) -> None:
    """Raise LengthFinishReasonError or ContentFilterFinishReasonError if that is how it ended."""
    if finish_reason == "length":
        raise LengthFinishReasonError(completion=reply)
    if finish_reason == "content_filter":
        raise ContentFilterFinishReasonError(completion=reply)


def parsed_completion(
    reply: ChatCompletion,
    content: Callable[[Choice], T | None],
    arguments: Callable[[Choice, ChatCompletionMessageToolCall], Any],
) -> ParsedChatCompletion[T]:
    """`reply` with what two functions make of the content of its choices and of their function calls.

    Decoding is lenient: what is not the object it should be stays as it is.
    """

    def read_call(choice: Choice, call: Any) -> Any:
        if not isinstance(call, ChatCompletionMessageToolCall) or not isinstance(call.function, Function):
            return call
        function = upgraded(ParsedFunction, call.function, parsed_arguments=arguments(choice, call))
        return upgraded(ParsedFunctionToolCall, call, function=function)

    def read_choice(choice: Any) -> Any:
        if not isinstance(choice, Choice) or not isinstance(choice.message, ChatCompletionMessage):
            return choice
        calls = choice.message.tool_calls
        is_list = isinstance(calls, list) and bool(calls)
        message: ParsedChatCompletionMessage[T] = upgraded(
            ParsedChatCompletionMessage,
            choice.message,
            tool_calls=[read_call(choice, call) for call in calls or ()] if is_list else None,
            parsed=content(choice),
        )
        return upgraded(ParsedChoice, choice, message=message)

    choices = list(map(read_choice, reply.choices)) if isinstance(reply.choices, list) else reply.choices
    return upgraded(ParsedChatCompletion, reply, choices=choices)


# --- tools ------------------------------------------------------------------------------------------


def check_strict_tools(tools: Iterable[Any]) -> None:
    """Raise ValueError unless every tool is a strict function, whose arguments are sure to fit."""
    for tool in tools:
        kind = tool.get("type") if isinstance(tool, Mapping) else type(tool).__name__
        if kind != "function":
            raise ValueError(f"Currently only `function` tool types support auto-parsing; Received `{kind}`")
        if not _is_strict(tool):
            name = (tool.get("function") or {}).get("name")
            raise ValueError(
                f"`{name}` is not strict. Only `strict` function tools can be auto-parsed: "
                'set "strict": True in its function, or make it with pydantic_function_tool()'
            )


def _listed(tools: Any) -> list[Any] | None:
    """Tools may come from a generator, and are read more than once."""
    return None if tools is None or isinstance(tools, ABSENT) else list(tools)


def _is_strict(tool: Any) -> bool:
    if not isinstance(tool, Mapping) or tool.get("type") != "function":
        return False
    function = _function(tool)
    return isinstance(function, Mapping) and function.get("strict") is True


def _function(tool: Mapping[str, Any]) -> Any:
    """Where name and parameters are: inside, or in the Responses API the tool itself."""
    return tool.get("function", tool)


def _reader(tool: Mapping[str, Any]) -> tuple[str, Callable[[str], Any]]:
    function = _function(tool)
    name = str(function.get("name"))
    if isinstance(function, FunctionTool):
        return name, OutputType(function.model, param="tools").decode
    return name, _plain_arguments


def _plain_arguments(text: str) -> Any:
    import json

    return json.loads(text)


# --- endpoints --------------------------------------------------------------------------------------


class HelperEndpoint(Endpoint[ChatCompletion]):
    """/chat/completions under the name of another method, whose `response_format` may be a type."""

    def __init__(self, name: str) -> None:
        like = CHAT_COMPLETIONS
        super().__init__(name, like.method, like.path, like.reply, _HelperParams)

    def check(self, params: Mapping[str, Any]) -> None:
        """Raise TypeError for an unknown or missing keyword."""
        if not self._accepted.issuperset(params):
            self._refuse_unknown(params)
        if not self.required.issubset(params):
            self._refuse_incomplete(params)


class ParseEndpoint(HelperEndpoint):
    """Gives parsed replies; made for each call, since each has types of its own."""

    parser: ReplyParser[Any] | None = None

    def parse(self, reply: Reply) -> ChatCompletion:
        completion = super().parse(reply)
        return completion if self.parser is None else self.parser.completion(completion)


CHAT_PARSE: ParseEndpoint = ParseEndpoint("chat.completions.parse")
CHAT_STREAM: HelperEndpoint = HelperEndpoint("chat.completions.stream")


def parse_call(params: dict[str, Any]) -> tuple[ParseEndpoint, dict[str, Any]]:
    """The endpoint of one `parse`, and what it sends.

    Raises TypeError for a type without a schema, ValueError for a tool whose arguments cannot be relied on.
    """
    parser: ReplyParser[Any] = ReplyParser(params.get("response_format", NOT_GIVEN), params.get("tools"))
    check_strict_tools(parser.tools or ())
    endpoint = copy(CHAT_PARSE)
    endpoint.parser = parser
    return endpoint, parser.fill(params)


def stream_call(params: dict[str, Any]) -> tuple[ReplyParser[Any], dict[str, Any]]:
    """How to read one `stream`, and what it sends. Raises TypeError as `parse_call`, and for its keywords."""
    CHAT_STREAM.check(params)
    parser: ReplyParser[Any] = ReplyParser(params.get("response_format", NOT_GIVEN), params.get("tools"))
    return parser, {**parser.fill(params), "stream": True}
