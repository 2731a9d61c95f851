"""`chat.completions.stream`: the official events in the official order, and better where those are wrong."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

import msgspec
import pytest

import martlet
from martlet import LengthFinishReasonError, OpenAIError, StreamInterrupted
from martlet.client.chat_events import ContentDeltaEvent
from martlet.client.chat_stream import ChatCompletionStreamState
from martlet.client.parsed import ParsedChatCompletion
from martlet.protocol.base import decode_reply
from martlet.protocol.chat import ChatCompletionChunk
from tests.client.callers import HI, AsyncCaller, Caller
from tests.client.scripted import (
    CLOSE,
    DONE,
    END,
    HELLO,
    PATIENCE_S,
    SILENCE,
    SSE_HEAD,
    STREAM,
    Scene,
    ScriptedServer,
    chunk,
    frame,
    usage_chunk,
)

openai = pytest.importorskip("openai")
import pydantic  # noqa: E402


class Place(pydantic.BaseModel):
    city: str
    degrees: float


class Spot(msgspec.Struct):
    city: str
    degrees: float


def scene(*frames: bytes) -> Scene:
    return [SSE_HEAD, *frames, DONE, END]


def call(index: int | None, arguments: str | None = None, **named: str) -> dict[str, Any]:
    """A delta with a part of one tool call."""
    part: dict[str, Any] = {"function": {}}
    if index is not None:
        part["index"] = index
    if "id" in named:
        part.update(id=named["id"], type="function")
    if "name" in named:
        part["function"]["name"] = named["name"]
    if arguments is not None:
        part["function"]["arguments"] = arguments
    return {"tool_calls": [part]}


def logprobs(name: str, token: str | None) -> bytes:
    """A chunk with one token and its log probability."""
    entry: dict[str, Any] = {"token": token, "logprob": -1.0, "bytes": None, "top_logprobs": []}
    given = None if token is None else {"content": None, "refusal": None, name: [entry]}
    choice = {
        "index": 0,
        "delta": {name: token},
        "logprobs": given,
        "finish_reason": None if token else "stop",
    }
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return frame({**head, "choices": [choice]})


OTHER = {"type": "function", "function": {"name": "other", "parameters": {}}}
PIECES = ['{"ci', 'ty": "Ro', 'me", "degrees": 2', "1.5", "}"]
RICH = [chunk("", role="assistant"), *map(chunk, PIECES), chunk("", finish="stop")]
FIELDS = "delta snapshot parsed content refusal name index arguments arguments_delta parsed_arguments".split()

ALIKE: dict[str, tuple[Scene, dict[str, Any]]] = {
    "text": (STREAM, {}),
    "usage": (scene(*HELLO, usage_chunk()), {"stream_options": {"include_usage": True}}),
    "object": (
        scene(
            chunk("", role="assistant"),
            chunk('{"city": "R'),
            chunk('ome"', finish=None),
            chunk("}", finish="x"),
        ),
        {"response_format": {"type": "json_object"}},
    ),
    "refusal": (
        scene(chunk(role="assistant", refusal="I "), chunk(refusal="can't"), chunk(finish="stop")),
        {"response_format": Place},
    ),
    "tools": (
        scene(
            chunk("Let me", role="assistant"),
            chunk(**call(0, "", id="a", name="Place")),
            chunk(**call(0, '{"city": "R"')),
            chunk(**call(0, ', "degrees": 1.0}')),
            chunk(**call(1, "", id="b", name="other")),
            chunk(**call(1, "{}")),
            chunk(finish="tool_calls"),
        ),
        {"tools": True},
    ),
    "logprobs": (scene(*[logprobs("content", token) for token in ("a", "b", None)]), {"logprobs": True}),
    "refusal logprobs": (
        scene(*[logprobs("refusal", token) for token in ("a", "b", None)]),
        {"logprobs": True},
    ),
    "two choices": (
        scene(
            chunk("", role="assistant"),
            chunk("", role="assistant", index=1),
            chunk("A"),
            chunk("B", index=1),
            chunk("!", finish="stop", index=1),
            chunk("?", finish="stop"),
        ),
        {"n": 2},
    ),
    "reasoning": (
        scene(
            chunk("", role="assistant"),
            chunk(reasoning_content="th"),
            chunk(reasoning_content="ink"),
            chunk("so", finish="stop"),
        ),
        {},
    ),
    "foreign frames": (
        scene(frame({"id": "", "object": "", "created": 0, "model": "", "choices": []}), *HELLO),
        {},
    ),
    "length": (scene(chunk("Ro", role="assistant"), chunk("me", finish="length")), {}),
    "length of a type": (
        scene(chunk("", role="assistant"), chunk('{"city": "Ro'), chunk("me", finish="length")),
        {"response_format": Place},
    ),
    "filter": (scene(chunk("x", role="assistant"), chunk("", finish="content_filter")), {"tools": True}),
    "unfit": (
        scene(chunk("", role="assistant"), chunk('{"city": 1 '), chunk("}", finish="stop")),
        {"response_format": Place},
    ),
}


def told(event: Any) -> tuple[str, dict[str, Any]]:
    """Type and fields of an event, ours or official, as it stands now."""
    if event.type == "chunk":
        return event.type, {"choices": [choice.message.content for choice in event.snapshot.choices]}
    values = {name: getattr(event, name) for name in FIELDS if hasattr(event, name)}
    if event.type.startswith("logprobs"):
        values = {name: [entry.token for entry in entries] for name, entries in values.items()}
    return event.type, values


def play_stream(
    caller: Caller, url: str, package: Any = martlet, **params: Any
) -> tuple[list[tuple[str, dict[str, Any]]], Any]:
    """The events of a stream as they come, and its final completion or what it raised."""
    if params.get("tools") is True:
        params["tools"] = [package.pydantic_function_tool(Place), OTHER]
    manager = caller.client(url, package).chat.completions.stream(**{**HI, **params})
    events = []
    stream = enter(caller, manager)
    try:
        for event in each(caller, stream):
            events.append(told(event))
        return events, caller.run(stream.get_final_completion())
    except (OpenAIError, openai.OpenAIError, ValueError, IndexError) as error:
        return events, error
    finally:
        leave(caller, manager)


def enter(caller: Caller, manager: Any) -> Any:
    return caller.run(manager.__aenter__() if isinstance(caller, AsyncCaller) else manager.__enter__())


def leave(caller: Caller, manager: Any) -> None:
    close = manager.__aexit__ if isinstance(caller, AsyncCaller) else manager.__exit__
    caller.run(close(None, None, None))


def each(caller: Caller, stream: Any) -> Any:
    """The events one by one, for both kinds of stream."""
    steps = stream.__aiter__() if isinstance(caller, AsyncCaller) else iter(stream)
    while True:
        try:
            yield caller.next(steps)
        except (StopIteration, StopAsyncIteration):
            return


def final(caller: Caller, server: ScriptedServer, **params: Any) -> Any:
    completion = play_stream(caller, server.url, **params)[1]
    assert isinstance(completion, ParsedChatCompletion), completion
    return completion


# --- beside the official client ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ALIKE)
def test_events_are_the_official_ones(play: Any, caller: Caller, name: str) -> None:
    script, params = ALIKE[name]
    server = play(script)
    ours, our_end = play_stream(caller, server.url, **params)
    theirs, their_end = play_stream(caller, server.url, openai, **params)
    assert ours == theirs
    assert len(ours) > 1
    if isinstance(their_end, Exception):
        assert type(our_end).__name__ == type(their_end).__name__
        return
    for our, their in zip(our_end.choices, their_end.choices, strict=True):
        assert our.message.parsed == their.message.parsed
        assert our.finish_reason == their.finish_reason
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs_plain = their.message.to_dict()
        theirs_plain.pop("parsed", None)
        for tool_call in theirs_plain.get("tool_calls") or ():
            tool_call["function"].pop("parsed_arguments")
        assert (
            our.message.to_dict().items() >= {k: v for k, v in theirs_plain.items() if v is not None}.items()
        )
    sent = [seen.json for seen in server.seen]
    assert sent[0] == sent[1]


# --- types ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Place, Spot])
def test_content_of_a_type_is_parsed_as_it_comes(play: Any, caller: Caller, kind: Any) -> None:
    events, completion = play_stream(caller, play(scene(*RICH)).url, response_format=kind)
    parsed = [values["parsed"] for name, values in events if name == "content.delta"]
    rome = {"city": "Rome"}
    whole = {"city": "Rome", "degrees": 21.5}
    assert parsed == [None, {}, {}, rome, rome, whole, whole]  # 2 is not yet 21.5
    done = [values for name, values in events if name == "content.done"]
    assert done == [{"content": "".join(PIECES), "parsed": kind(**whole)}]
    assert completion.choices[0].message.parsed == kind(**whole)


def test_snapshot_is_parsed_as_far_as_it_goes(play: Any, caller: Caller) -> None:
    manager = caller.client(play(scene(*RICH)).url).chat.completions.stream(**HI, response_format=Spot)
    stream = enter(caller, manager)
    with pytest.raises(OpenAIError, match="no chunk"):
        stream.current_completion_snapshot  # noqa: B018
    seen = []
    for event in each(caller, stream):
        if event.type != "chunk":
            seen.append(stream.current_completion_snapshot)
    assert [snapshot.choices[0].message.parsed for snapshot in seen][3] == {"city": "Rome"}
    assert seen[-1].choices[0].message.parsed == Spot("Rome", 21.5)
    assert [snapshot.choices[0].message.content for snapshot in seen][:3] == [
        "",
        PIECES[0],
        "".join(PIECES[:2]),
    ]
    assert seen[2].to_dict()["choices"][0]["message"]["content"] == "".join(PIECES[:2])
    leave(caller, manager)


def test_partial_values_are_made_only_for_those_who_look(play: Any, caller: Caller) -> None:
    manager = caller.client(play(scene(*RICH)).url).chat.completions.stream(**HI, response_format=Spot)
    events = [e for e in each(caller, enter(caller, manager)) if isinstance(e, ContentDeltaEvent)]
    leave(caller, manager)
    assert all("parsed" not in vars(event) for event in events)
    assert events[3].parsed == {"city": "Rome"}
    assert "parsed" in vars(events[3])
    assert events[3].model_dump()["parsed"] == {"city": "Rome"}
    copied = pickle.loads(pickle.dumps(events))
    assert copied == events
    assert copied[4].parsed == {"city": "Rome"}
    assert events[4].to_dict() == {
        "type": "content.delta",
        "delta": "1.5",
        "snapshot": "".join(PIECES[:4]),
        "parsed": {"city": "Rome"},
    }


def test_reply_cut_off_is_an_error_that_holds_it(play: Any, caller: Caller) -> None:
    script = scene(chunk('{"city": "Ro', role="assistant"), chunk("me", finish="length"), usage_chunk())
    events, error = play_stream(caller, play(script).url, response_format=Spot)
    assert isinstance(error, LengthFinishReasonError)
    assert error.completion.choices[0].message.content == '{"city": "Rome'
    assert len(events) == 2


def test_text_that_does_not_fit_is_kept_on_the_error(play: Any, caller: Caller) -> None:
    script = scene(chunk('{"city": 1', role="assistant"), chunk("}", finish="stop"))
    for kind in (Place, Spot):
        _, error = play_stream(caller, play(script).url, response_format=kind)
        assert isinstance(error, (pydantic.ValidationError, msgspec.ValidationError))
        kept: Any = error
        assert kept.completion.choices[0].message.content == '{"city": 1}'


# --- what the official helpers get wrong ------------------------------------------------------------


def test_first_chunk_may_be_of_any_choice(play: Any, caller: Caller) -> None:
    frames = [chunk("A", role="assistant", index=2), chunk("B", role="assistant"), chunk("!", index=2)]
    endings = [chunk(finish="stop", index=2), chunk(finish="stop")]
    completion = final(caller, play(scene(*frames, *endings)), n=3)
    assert [(c.index, c.message.content) for c in completion.choices] == [(0, "B"), (2, "A!")]


def test_events_tell_their_choice(play: Any, caller: Caller) -> None:
    script = scene(
        chunk("A", role="assistant", index=1), chunk("B"), chunk(finish="x", index=1), chunk(finish="x")
    )
    manager = caller.client(play(script).url).chat.completions.stream(**HI, n=2)
    events = [event for event in each(caller, enter(caller, manager)) if event.type.startswith("content")]
    leave(caller, manager)
    assert [(event.type, event.choice_index) for event in events] == [
        ("content.delta", 1),
        ("content.delta", 0),
        ("content.done", 1),
        ("content.done", 0),
    ]


def test_call_in_one_chunk_is_told_complete(play: Any, caller: Caller) -> None:
    arguments = '{"city":"a","degrees":1}'
    script = scene(chunk(role="assistant", finish="tool_calls", **call(0, arguments, id="a", name="Place")))
    events, completion = play_stream(caller, play(script).url, tools=True)
    done = [values for name, values in events if name == "tool_calls.function.arguments.done"]
    place = Place(city="a", degrees=1)
    assert done == [{"name": "Place", "index": 0, "arguments": arguments, "parsed_arguments": place}]
    assert completion.choices[0].message.tool_calls[0].function.parsed_arguments == place


def test_interleaved_calls_are_told_when_complete(play: Any, caller: Caller) -> None:
    script = scene(
        chunk(role="assistant", **call(0, "", id="a", name="Place")),
        chunk(**call(1, '{"x"', id="b", name="other")),
        chunk(**call(0, '{"city":"a",')),
        chunk(**call(1, ":1}")),
        chunk(**call(0, '"degrees":1}')),
        chunk(finish="tool_calls"),
    )
    events, _ = play_stream(caller, play(script).url, tools=True)
    done = [values["arguments"] for name, values in events if name == "tool_calls.function.arguments.done"]
    assert done == ['{"x":1}', '{"city":"a","degrees":1}']


def test_calls_without_index_are_told_apart_by_id(play: Any, caller: Caller) -> None:
    script = scene(
        chunk(role="assistant", **call(None, "", id="a", name="f")),
        chunk(**call(None, '{"x":')),
        chunk(**call(None, "1}", id="a")),
        chunk(**call(None, "{}", id="b", name="g")),
        chunk(finish="tool_calls"),
    )
    calls = final(caller, play(script)).choices[0].message.tool_calls
    assert [(c.id, c.function.name, c.function.arguments) for c in calls] == [
        ("a", "f", '{"x":1}'),
        ("b", "g", "{}"),
    ]


def test_role_and_id_on_every_chunk_are_not_doubled(play: Any, caller: Caller) -> None:
    script = scene(
        chunk("a", role="assistant", **call(0, "{", id="call", name="f")),
        chunk("b", role="assistant", **call(0, "}", id="call")),
        chunk(role="assistant", finish="stop"),
    )
    message = final(caller, play(script)).choices[0].message
    assert (message.role, message.content, message.tool_calls[0].id) == ("assistant", "ab", "call")


# --- the whole reply --------------------------------------------------------------------------------


def test_final_completion_is_all_that_came(play: Any, caller: Caller) -> None:
    script = scene(
        chunk("", role="assistant", vendor={"a": 1, "t": "x"}),
        chunk("Hi", vendor={"a": 2, "t": "y", "l": [1]}),
        chunk(reasoning="why"),
        chunk("!", finish="stop", vendor={"l": [2]}),
        usage_chunk(),
    )
    completion = final(caller, play(script))
    assert completion.usage.completion_tokens == 4
    plain = completion.to_dict()
    assert plain["object"] == "chat.completion"
    assert "obfuscation" not in plain
    choice = plain["choices"][0]
    assert choice["message"] == {
        "role": "assistant",
        "content": "Hi!",
        "vendor": {"a": 3, "t": "xy", "l": [1, 2]},
        "reasoning": "why",
    }
    assert choice["finish_reason"] == "stop"


def test_chunks_are_not_changed_by_what_follows(play: Any, caller: Caller) -> None:
    script = scene(
        chunk(role="assistant", **call(0, "{", id="a", name="f")), chunk(**call(0, "}")), chunk(finish="x")
    )
    manager = caller.client(play(script).url).chat.completions.stream(**HI)
    events = list(each(caller, enter(caller, manager)))
    leave(caller, manager)
    first = next(event for event in events if event.type == "chunk").chunk.to_dict()
    assert first["choices"][0]["delta"] == {"role": "assistant", **call(0, "{", id="a", name="f")}


def test_state_puts_chunks_of_any_origin_together(play: Any, caller: Caller) -> None:
    stream = caller.run(caller.client(play(scene(*RICH)).url).chat.completions.create(**HI, stream=True))
    chunks = pickle.loads(pickle.dumps(caller.items(stream)))
    state: ChatCompletionStreamState[Spot] = ChatCompletionStreamState(response_format=Spot)
    with pytest.raises(OpenAIError, match="no chunk"):
        state.get_final_completion()
    kinds = [event.type for chunk in chunks for event in state.handle_chunk(chunk)]
    assert kinds.count("content.delta") == 7
    assert kinds[-1] == "content.done"
    assert state.get_final_completion().choices[0].message.parsed == Spot("Rome", 21.5)
    assert state.current_completion_snapshot.choices[0].message.content == "".join(PIECES)


JUNK: list[Any] = [
    *(None, "x", [None], [{}], [{"index": 0}]),
    [{"index": 0, "delta": "x"}],
    [{"index": "a", "delta": {"content": 3}}],
    [{"index": 0, "delta": {"tool_calls": "x"}}],
    [{"index": 0, "delta": {"tool_calls": [None, {}, {"function": 1}]}}],
]


@pytest.mark.parametrize("choices", JUNK)
def test_junk_in_chunks_is_left_out(choices: Any) -> None:
    state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
    body = msgspec.json.encode({"id": "c", "choices": choices})
    state.handle_chunk(decode_reply(ChatCompletionChunk, body))
    assert state.get_final_completion().id == "c"


# --- breaking off -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["iterate", "until_done", "get_final_completion"])
def test_broken_stream_is_told_with_what_had_come(play: Any, caller: Caller, method: str) -> None:
    server = play([SSE_HEAD, *HELLO[:3], CLOSE])
    manager = caller.client(server.url, max_retries=0).chat.completions.stream(**HI)
    stream = enter(caller, manager)
    with pytest.raises(StreamInterrupted) as caught:
        list(each(caller, stream)) if method == "iterate" else caller.run(getattr(stream, method)())
    assert caught.value.partial.choices[0].message.content == "Hello"
    assert stream.current_completion_snapshot.choices[0].message.content == "Hello"
    leave(caller, manager)


def test_leaving_closes_the_connection_at_once(play: Any, caller: Caller) -> None:
    server = play([SSE_HEAD, *HELLO[:2], SILENCE])
    manager = caller.client(server.url).chat.completions.stream(**HI)
    stream = enter(caller, manager)
    assert caller.next(stream.__aiter__() if caller.is_async else iter(stream)).type == "chunk"
    leave(caller, manager)
    assert server.gone.acquire(timeout=PATIENCE_S)
    with pytest.raises(StreamInterrupted, match="closed by this program"):
        caller.run(stream.until_done())


def test_until_done_gives_the_stream_and_its_connection_back(
    play: Any, caller: Caller, patient_drain: None
) -> None:
    server = play(STREAM)
    client = caller.client(server.url)
    for _ in range(2):
        manager = client.chat.completions.stream(**HI)
        stream = enter(caller, manager)
        assert caller.run(stream.until_done()) is stream
        assert stream.response.headers["x-request-id"] == "req-7"
        assert caller.run(stream.get_final_completion()).choices[0].message.content == "Hello!"
        leave(caller, manager)
    assert server.num_connections == 1


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"response_format": object}, "cannot describe object"),
        ({"stream": True}, "unexpected keyword argument 'stream'"),
        ({"temprature": 1}, "did you mean 'temperature'"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    play: Any, caller: Caller, params: dict[str, Any], error: str
) -> None:
    server = play(STREAM)
    with pytest.raises(TypeError, match=error):
        caller.client(server.url).chat.completions.stream(**HI, **params)
    caller.client(server.url).chat.completions.stream(**HI)
    assert not server.seen


def test_names_are_where_official_programs_import_them_from() -> None:
    from openai.lib.streaming import chat as theirs

    from martlet.lib.streaming import chat as ours

    assert set(ours.__all__) == {name for name in vars(theirs) if name[0].isupper()}
    assert all(hasattr(ours, name) for name in ours.__all__)


def test_beta_is_the_same(play: Any, caller: Caller) -> None:
    client = caller.client(play(STREAM).url)
    assert client.beta.chat.completions is client.chat.completions


@pytest.mark.parametrize("view", ["with_raw_response", "with_streaming_response"])
def test_events_have_no_raw_answer(play: Any, caller: Caller, view: str) -> None:
    client = caller.client(play(STREAM).url)
    for resource in (client.chat.completions, client.responses):
        with pytest.raises(AttributeError, match=r"use create\(stream=True\)"):
            getattr(resource, view).stream(**HI)
        assert "stream" not in dir(getattr(resource, view))
