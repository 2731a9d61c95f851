"""`responses.parse` and `responses.stream`: responses read as the types that the caller asked for."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from martlet.client.calls import Endpoint
from martlet.client.options import ABSENT, NOT_GIVEN, RequestOptions
from martlet.client.parsed import upgraded
from martlet.client.parsed_response import (
    ParsedResponse,
    ParsedResponseFunctionToolCall,
    ParsedResponseOutputMessage,
    ParsedResponseOutputText,
)
from martlet.client.parsing import ReplyParser, keep
from martlet.client.structured import FunctionTool
from martlet.errors import ContentFilterFinishReasonError, LengthFinishReasonError
from martlet.protocol.response_calls import ResponseCreateParams
from martlet.protocol.response_items import (
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
)
from martlet.protocol.responses import Response

if TYPE_CHECKING:
    from martlet.client.replies import Reply

T = TypeVar("T")


class ResponseParseParams(ResponseCreateParams, RequestOptions, total=False):
    """Keywords of `responses.parse`, beside `text_format`, `parse_as` and `stream`."""

    verbosity: Literal["low", "medium", "high"] | None
    """How wordy the reply is; the same as in `text`."""


class ResponseStreamParams(ResponseParseParams, total=False):
    """Keywords of `responses.stream`, beside `text_format`."""

    response_id: str
    """The response to follow, instead of making one."""
    starting_after: int
    """With `response_id`: leave out the events up to this sequence number."""


class _ParseParams(ResponseParseParams, total=False):
    text_format: type[Any]
    """The type of the answer: its strict JSON schema is sent, and texts are read as it."""
    parse_as: type[Any] | None
    """Read texts as this type, without telling the server."""
    stream: bool | None
    """For calls that are written for `create` too: what streams is `responses.stream`."""


class _StreamParams(ResponseStreamParams, total=False):
    text_format: type[Any]


class ResponseParser(Generic[T]):
    """How to read the responses of one call: its texts, and the arguments of the functions that it calls."""

    def __init__(self, text_format: object, tools: object) -> None:
        """Raises TypeError for a type that has no schema."""
        if isinstance(text_format, Mapping):
            raise TypeError("text_format is a type; a format as a dict goes into text={'format': ...}")
        self._parser: ReplyParser[T] = ReplyParser(text_format, _with_lists(tools))
        self._namespaces: dict[Any, ReplyParser[Any]] = {
            tool.get("name"): ReplyParser(NOT_GIVEN, tool.get("tools"))
            for tool in self._parser.tools or ()
            if isinstance(tool, Mapping) and tool.get("type") == "namespace"
        }
        """How to read the arguments of functions that are grouped under a name."""
        self._deferred = {
            tool.get("name")
            for tool in map(_flat, self._parser.tools or ())
            if isinstance(tool, Mapping) and tool.get("defer_loading") is True
        }

    @property
    def is_needed(self) -> bool:
        """Whether anything is to be parsed."""
        return self._parser.is_needed or any(parser.is_needed for parser in self._namespaces.values())

    @property
    def tools(self) -> list[Any] | None:
        """The tools as the Responses API takes them."""
        return None if self._parser.tools is None else list(map(_flat, self._parser.tools))

    def text_config(self, given: object) -> dict[str, Any]:
        """`text` of the request. Raises TypeError if it has a format already."""
        text = dict(given) if isinstance(given, Mapping) else {}
        if self._parser.output is not None:
            if "format" in text:
                raise TypeError("Cannot mix and match text.format with text_format: give one of them")
            text["format"] = self._parser.output.text_format()
        return text

    def text(self, text: str, phase: object) -> T | None:
        """What a text stands for; what is said on the way to the answer stands for nothing.

        Raises ValidationError where it does not fit the type.
        """
        return self._parser.content(text, None) if phase in (None, "final_answer") else None

    def response(self, response: Response) -> ParsedResponse[T]:
        """A whole response, parsed. Raises if it was cut off, with the response in `.completion`."""
        if self.is_needed:
            check_complete(response)
        output = response.output or []
        try:
            items = [self._item(item) for item in output] if isinstance(output, list) else output
        except ValueError as error:
            keep(response, error)
            raise
        return upgraded(ParsedResponse, response, output=items)

    def _item(self, item: Any) -> Any:
        if isinstance(item, ResponseOutputMessage) and isinstance(item.content or [], list):
            content = [self._part(part, item.phase) for part in item.content or ()]
            return upgraded(ParsedResponseOutputMessage, item, content=content)
        if isinstance(item, ResponseFunctionToolCall):
            parser = self._parser_of(item)
            arguments = None if parser is None else parser.arguments(item.name, item.arguments)
            return upgraded(ParsedResponseFunctionToolCall, item, parsed_arguments=arguments)
        return item

    def _parser_of(self, call: ResponseFunctionToolCall) -> ReplyParser[Any] | None:
        """A function that was loaded when it was needed has its own name for a namespace."""
        if not call.namespace or (call.namespace == call.name and call.name in self._deferred):
            return self._parser
        return self._namespaces.get(call.namespace)

    def _part(self, part: Any, phase: object) -> Any:
        if not isinstance(part, ResponseOutputText):
            return part
        return upgraded(ParsedResponseOutputText, part, parsed=self.text(part.text, phase))


def check_complete(response: Response) -> None:
    """Raise LengthFinishReasonError or ContentFilterFinishReasonError if the response is incomplete."""
    if response.status == "incomplete":
        if getattr(response.incomplete_details, "reason", None) == "content_filter":
            raise ContentFilterFinishReasonError(completion=response)
        raise LengthFinishReasonError(completion=response)


def _with_lists(tools: Any) -> Any:
    """`tools`, where those below a namespace can be read twice: here, and to be sent."""
    if tools is None or isinstance(tools, ABSENT):
        return tools
    return [
        {**tool, "tools": list(tool["tools"])}
        if isinstance(tool, Mapping) and tool.get("type") == "namespace" and tool.get("tools") is not None
        else tool
        for tool in tools
    ]


def _flat(tool: Any) -> Any:
    """A tool in the form of chat, as the Responses API takes it; others as they are."""
    function = tool.get("function") if isinstance(tool, Mapping) and tool.get("type") == "function" else None
    if isinstance(function, FunctionTool):
        return function.flat()
    return {"type": "function", **function} if isinstance(function, Mapping) else tool


# --- endpoints --------------------------------------------------------------------------------------


class ResponseParseEndpoint(Endpoint[Response]):
    """Gives parsed responses; made for each call, since each has types of its own."""

    parser: ResponseParser[Any] | None = None

    def __init__(self, name: str, params: type) -> None:
        super().__init__(name, "POST", "/responses", Response, params)

    def parse(self, reply: Reply) -> Response:
        response = super().parse(reply)
        return response if self.parser is None else self.parser.response(response)

    def check(self, params: Mapping[str, Any]) -> None:
        """Raise TypeError for an unknown keyword."""
        if not self._accepted.issuperset(params):
            self._refuse_unknown(params)


RESPONSE_PARSE: ResponseParseEndpoint = ResponseParseEndpoint("responses.parse", _ParseParams)
RESPONSE_STREAM: ResponseParseEndpoint = ResponseParseEndpoint("responses.stream", _StreamParams)


def parse_call(params: dict[str, Any]) -> tuple[ResponseParseEndpoint, dict[str, Any]]:
    """The endpoint of one `parse`, and what it sends. Raises TypeError for a type without a schema."""
    RESPONSE_PARSE.check(params)
    if params.get("stream"):
        raise TypeError("responses.parse() gives a whole response: use responses.stream() for its events")
    parse_as = params.pop("parse_as", None)
    parser, params = filled(params)
    if parse_as is not None and not isinstance(parse_as, ABSENT):
        parser = ResponseParser(parse_as, parser.tools)
    endpoint = copy(RESPONSE_PARSE)
    endpoint.parser = parser
    return endpoint, params


def filled(params: dict[str, Any]) -> tuple[ResponseParser[Any], dict[str, Any]]:
    """How to read the call's responses, and what it sends."""
    parser: ResponseParser[Any] = ResponseParser(params.pop("text_format", NOT_GIVEN), params.get("tools"))
    verbosity = params.pop("verbosity", NOT_GIVEN)
    text = parser.text_config(params.get("text"))
    if not isinstance(verbosity, ABSENT):
        text.setdefault("verbosity", verbosity)
    if text:
        params["text"] = text
    if parser.tools is not None:
        params["tools"] = parser.tools
    return parser, params


class Following(Generic[T]):
    """One `stream`: a new response, or one that is followed from its beginning."""

    def __init__(self, params: dict[str, Any]) -> None:
        """Raises TypeError for an unknown keyword, ValueError for keywords that do not go together."""
        RESPONSE_STREAM.check(params)
        given = {name: value for name, value in params.items() if not isinstance(value, ABSENT)}
        self.response_id = cast("str | None", given.pop("response_id", None))
        self.starting_after = cast("int | None", given.pop("starting_after", None))
        if self.response_id is None and self.starting_after is not None:
            raise ValueError("starting_after goes with response_id: the response to follow")
        if self.response_id is not None:
            self._check_followed(given)
        elif "input" not in given or "model" not in given:
            missing = "input" if "input" not in given else "model"
            raise ValueError(f"{missing} must be provided when creating a new response")
        self.parser: ResponseParser[T]
        self.parser, self.params = filled(given)
        if self.response_id is not None:
            for name in ("text", "tools"):  # they are for reading only
                self.params.pop(name, None)

    def _check_followed(self, given: Mapping[str, Any]) -> None:
        mixed = given.keys() - {"text_format", "tools", *RequestOptions.__annotations__}
        if mixed:
            names = ", ".join(sorted(mixed))
            raise ValueError(f"response_id follows a response that exists: it does not go with {names}")
