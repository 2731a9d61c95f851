"""`chat.completions.parse`: replies as instances of the caller's types, beside the official client."""

from __future__ import annotations

import json
import pickle
import warnings
from dataclasses import dataclass
from typing import Any, TypedDict

import msgspec
import pytest

import martlet
from martlet import ContentFilterFinishReasonError, LengthFinishReasonError
from martlet.client.parsed import ParsedChatCompletion, ParsedFunctionToolCall
from martlet.protocol.chat import ChatCompletion
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, Scene, ScriptedServer, http

openai = pytest.importorskip("openai")
import pydantic  # noqa: E402


class Place(pydantic.BaseModel):
    city: str
    degrees: float


class Spot(msgspec.Struct):
    city: str
    degrees: float


@dataclass
class Site:
    city: str
    degrees: float


class Row(TypedDict):
    city: str
    degrees: float


TEXT = '{"city": "Rome", "degrees": 21.5}'
CALL = {"id": "call_1", "type": "function", "function": {"name": "Place", "arguments": TEXT}}


def reply(content: str | None = TEXT, finish_reason: str = "stop", **message: Any) -> dict[str, Any]:
    choice = {**CHAT["choices"][0], "finish_reason": finish_reason}
    choice["message"] = {**choice["message"], "content": content, **message}
    return {**CHAT, "choices": [choice]}


def answer(content: str | None = TEXT, finish_reason: str = "stop", **message: Any) -> Scene:
    return [http(body=reply(content, finish_reason, **message), x_request_id="req-9")]


def parse(caller: Caller, server: ScriptedServer, package: Any = martlet, **params: Any) -> Any:
    client = caller.client(server.url, package)
    return caller.run(client.chat.completions.parse(**{**HI, **params}))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Place, Place(city="Rome", degrees=21.5)),
        (Spot, Spot("Rome", 21.5)),
        (Site, Site("Rome", 21.5)),
        (Row, {"city": "Rome", "degrees": 21.5}),
        (dict[str, Any], {"city": "Rome", "degrees": 21.5}),
    ],
)
def test_content_is_read_as_the_type(play: Any, caller: Caller, kind: Any, value: Any) -> None:
    server = play(answer())
    completion = parse(caller, server, response_format=kind)
    assert type(completion) is ParsedChatCompletion
    assert completion.choices[0].message.parsed == value
    assert completion.choices[0].message.content == TEXT
    assert completion._request_id == "req-9"
    form = server.seen[0].json["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["strict"] is True
    assert "stream" not in server.seen[0].json


def test_request_is_the_official_one(play: Any, caller: Caller) -> None:
    server = play(answer())
    tools = {package: [package.pydantic_function_tool(Place)] for package in (martlet, openai)}
    for package in (martlet, openai):
        parse(caller, server, package, response_format=Place, tools=iter(tools[package]))
    ours, theirs = (seen.json for seen in server.seen)
    assert theirs.pop("stream") is False
    assert ours == theirs


def test_reply_is_the_official_one(play: Any, caller: Caller) -> None:
    server = play(answer(tool_calls=[CALL, {**CALL, "function": {"name": "other", "arguments": "{}"}}]))
    results = []
    for package in (martlet, openai):
        tools = [package.pydantic_function_tool(Place)]
        message = parse(caller, server, package, response_format=Place, tools=tools).choices[0].message
        results.append((message.parsed, [call.function.parsed_arguments for call in message.tool_calls]))
    assert (
        results[0]
        == results[1]
        == (Place(city="Rome", degrees=21.5), [Place(city="Rome", degrees=21.5), None])
    )


def test_parsed_reply_is_still_what_the_server_sent(play: Any, caller: Caller) -> None:
    completion = parse(
        caller,
        play(answer(tool_calls=[CALL], vendor={"a": 1})),
        response_format=Place,
        tools=[martlet.pydantic_function_tool(Place)],
    )
    message = completion.choices[0].message
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert completion.to_dict() == reply(tool_calls=[CALL], vendor={"a": 1})
        assert message.vendor == {"a": 1}
        dumped = completion.model_dump()
        assert json.loads(completion.model_dump_json()) == dumped
    assert dumped["choices"][0]["message"]["parsed"] == json.loads(TEXT)
    arguments = dumped["choices"][0]["message"]["tool_calls"][0]["function"]["parsed_arguments"]
    assert arguments == json.loads(TEXT)
    assert isinstance(message.tool_calls[0], ParsedFunctionToolCall)
    assert pickle.loads(pickle.dumps(completion)) == completion


def test_parsed_message_goes_back_without_its_parsed_values(play: Any, caller: Caller) -> None:
    server = play(answer(tool_calls=[CALL]))
    tools = [martlet.pydantic_function_tool(Place)]
    message = parse(caller, server, response_format=Place, tools=tools).choices[0].message
    parse(caller, server, messages=[message])
    assert server.seen[1].json["messages"] == [reply(tool_calls=[CALL])["choices"][0]["message"]]


@pytest.mark.parametrize("form", [None, martlet.NOT_GIVEN, martlet.omit, {"type": "json_object"}])
def test_without_a_type_nothing_is_parsed(play: Any, caller: Caller, form: Any) -> None:
    server = play(answer("{}"))
    completion = parse(caller, server, response_format=form)
    assert type(completion) is ParsedChatCompletion
    assert completion.choices[0].message.parsed is None
    assert server.seen[0].json.get("response_format") == (form or None)
    assert ("response_format" in server.seen[0].json) == (form is None or bool(form))


@pytest.mark.parametrize(("content", "extra"), [(None, {}), ("", {}), (TEXT, {"refusal": "No."})])
def test_empty_or_refused_content_is_not_parsed(
    play: Any, caller: Caller, content: str | None, extra: dict[str, str]
) -> None:
    message = parse(caller, play(answer(content, **extra)), response_format=Place).choices[0].message
    assert message.parsed is None
    assert message.refusal == extra.get("refusal")


@pytest.mark.parametrize(
    ("ending", "error"),
    [("length", LengthFinishReasonError), ("content_filter", ContentFilterFinishReasonError)],
)
@pytest.mark.parametrize("form", [Place, None])
def test_reply_cut_off_is_an_error_that_holds_it(
    play: Any, caller: Caller, ending: str, error: Any, form: Any
) -> None:
    server = play(answer('{"city": "Ro', ending))
    with pytest.raises(error) as caught:
        parse(caller, server, response_format=form)
    completion = caught.value.completion
    assert isinstance(completion, ChatCompletion)
    assert completion.choices[0].message.content == '{"city": "Ro'
    with pytest.raises(getattr(openai, error.__name__)) as theirs:
        parse(caller, server, openai, response_format=form or openai.NOT_GIVEN)
    assert str(caught.value).partition(" - ")[0] == str(theirs.value).partition(" - ")[0]
    assert pickle.loads(pickle.dumps(caught.value)).completion == completion


def test_text_that_does_not_fit_raises_the_validation_error(play: Any, caller: Caller) -> None:
    errors: list[Any] = []
    with pytest.raises(pydantic.ValidationError) as caught:
        parse(caller, play(answer('{"city": 1}')), response_format=Place)
    errors.append(caught.value)
    with pytest.raises(msgspec.ValidationError, match="Expected `str`") as unfit:
        parse(caller, play(answer('{"city": 1}')), response_format=Spot)
    errors.append(unfit.value)
    assert [error.completion.choices[0].message.content for error in errors] == ['{"city": 1}'] * 2


def test_arguments_are_read_by_their_tool(play: Any, caller: Caller) -> None:
    plain = {"type": "function", "function": {"name": "plain", "parameters": {}, "strict": True}}
    none = {**CALL, "function": {"name": "plain", "arguments": ""}}
    calls = [CALL, {**CALL, "function": {"name": "plain", "arguments": "[1]"}}, none]
    tools = (martlet.function_tool(kind, name=name) for kind, name in ((Spot, "Place"), (Site, "site")))
    completion = parse(caller, play(answer(None, "tool_calls", tool_calls=calls)), tools=[*tools, plain])
    read = [call.function.parsed_arguments for call in completion.choices[0].message.tool_calls]
    assert read == [Spot("Rome", 21.5), [1], {}]


def test_empty_list_of_calls_is_none(play: Any, caller: Caller) -> None:
    completion = parse(caller, play(answer(tool_calls=[])), response_format=Place)
    assert completion.choices[0].message.tool_calls is None


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, ValueError, "`f` is not strict"),
        ({"tools": [{"type": "custom", "custom": {"name": "c"}}]}, ValueError, "Received `custom`"),
        ({"tools": [{"type": "function"}]}, ValueError, "is not strict"),
        ({"tools": [Place]}, ValueError, "Only|Received"),
        ({"response_format": object}, TypeError, "cannot describe object"),
        ({"response_format": Place(city="a", degrees=1)}, TypeError, "cannot describe"),
        ({"stream": True}, TypeError, "unexpected keyword argument 'stream'"),
        ({"temprature": 1}, TypeError, "did you mean 'temperature'"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    play: Any, caller: Caller, params: dict[str, Any], error: Any, words: str
) -> None:
    server = play(answer())
    with pytest.raises(error, match=words):
        parse(caller, server, **params)
    assert not server.seen
    with pytest.raises(TypeError, match="Missing required argument"):
        caller.run(caller.client(server.url).chat.completions.parse(model="m"))


def test_junk_in_a_reply_stays_as_it_is(play: Any, caller: Caller) -> None:
    for choices in (
        "none",
        None,
        [None, 3],
        [{"index": 0, "message": "hi"}],
        [{"message": {"tool_calls": [1]}}],
    ):
        server = play([http(body={**CHAT, "choices": choices})])
        completion = parse(caller, server, response_format=Place)
        assert completion.to_dict()["choices"] == choices
        assert completion.id == CHAT["id"]


def test_several_choices_are_each_parsed(play: Any, caller: Caller) -> None:
    first = reply()["choices"][0]
    second = {**reply('{"city": "Oslo", "degrees": -2}')["choices"][0], "index": 1}
    completion = parse(caller, play([http(body={**CHAT, "choices": [first, second]})]), response_format=Spot)
    assert [choice.message.parsed.city for choice in completion.choices] == ["Rome", "Oslo"]


def test_raw_response_parses_to_the_same(play: Any, caller: Caller) -> None:
    raw = caller.client(play(answer()).url).chat.completions.with_raw_response
    response = caller.run(raw.parse(**HI, response_format=Place))
    assert response.parse().choices[0].message.parsed == Place(city="Rome", degrees=21.5)


def test_call_of_a_custom_tool_is_kept(play: Any, caller: Caller) -> None:
    custom = {"id": "c", "type": "custom", "custom": {"name": "shell", "input": "ls"}}
    completion = parse(caller, play(answer(None, tool_calls=[custom, CALL])))
    kept, parsed = completion.choices[0].message.tool_calls
    assert (kept.type, kept.custom.input) == ("custom", "ls")
    assert parsed.function.name == "Place"
