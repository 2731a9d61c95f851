"""What a streamed response's output is where its last event leaves it out, as some servers do.

The cases are those of openai 3.54, tests/lib/responses: test_null_output, test_null_output_items,
test_lifecycle_replacements and test_deferred_tools; beside them, what Martlet does in its own way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import martlet
from martlet import StreamInterrupted
from martlet.client.partial_response import ResponsePartial
from martlet.protocol.base import construct
from martlet.protocol.response_events import ResponseStreamEvent
from tests.client.callers import Caller
from tests.client.scripted import END, SSE_HEAD, ScriptedServer, frame
from tests.client.test_response_helpers import OSLO, Place, call, message, response

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]
DONE_MESSAGE, DONE_CALL = message("hello"), call(arguments="{}")
BEGUN_MESSAGE = message("", status="in_progress", content=[])
BEGUN_CALL = call(arguments="", status="in_progress")


def scene(*events: dict[str, Any]) -> list[bytes]:
    return [SSE_HEAD, *(frame({**event, "sequence_number": i}) for i, event in enumerate(events)), END]


def state(kind: str, output: Any = None, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", "response": {**response(), "output": output, **fields}}


def item(kind: str, index: int, value: Any) -> dict[str, Any]:
    return {"type": f"response.output_item.{kind}", "output_index": index, "item": value}


def text(index: int, delta: str) -> dict[str, Any]:
    place = {"output_index": index, "content_index": 0, "item_id": "msg_1"}
    return {"type": "response.output_text.delta", **place, "delta": delta, "logprobs": []}


def part(index: int) -> dict[str, Any]:
    place = {"output_index": index, "content_index": 0, "item_id": "msg_1"}
    return {"type": "response.content_part.added", **place, "part": message("")["content"][0]}


def arguments(index: int, delta: str) -> dict[str, Any]:
    place = {"output_index": index, "item_id": "fc_1"}
    return {"type": "response.function_call_arguments.delta", **place, "delta": delta}


def received(play: Play, caller: Caller, *events: dict[str, Any], package: Any = martlet) -> tuple[Any, Any]:
    """All that the stream brings, and the final response."""
    manager = caller.client(play(scene(*events)).url, package).responses.stream(model="m", input="x")

    async def asynchronously() -> tuple[Any, Any]:
        async with manager as stream:
            return [event async for event in stream], await stream.get_final_response()

    if caller.is_async:
        result: tuple[Any, Any] = caller.run(asynchronously())
        return result
    with manager as stream:
        return list(stream), stream.get_final_response()


FINISHED = [
    state("created", []),
    item("added", 3, BEGUN_MESSAGE),
    item("added", 7, BEGUN_CALL),
    part(3),
    text(3, "hel"),
    arguments(7, "{}"),
    text(3, "lo"),
    item("done", 7, DONE_CALL),
    item("done", 3, DONE_MESSAGE),
]


@pytest.mark.parametrize("output", [None, [DONE_MESSAGE, DONE_CALL], [DONE_MESSAGE]])
def test_final_output_is_the_servers_or_else_what_was_streamed(
    play: Play, caller: Caller, output: Any
) -> None:
    events = [*FINISHED, state("completed", output, status="completed")]
    for package in (martlet, openai):
        _, final = received(play, caller, *events, package=package)
        assert final.output_text == "hello"
        expected = ["message", "function_call"] if output is None else [item["type"] for item in output]
        assert [item.type for item in final.output] == expected


def test_item_that_is_not_known_yet_is_passed_over(play: Play, caller: Caller) -> None:
    events = [*FINISHED[:1], item("added", 0, None), *FINISHED[1:], state("completed", None)]
    for package in (martlet, openai):
        emitted, final = received(play, caller, *events, package=package)
        assert len(emitted) == len(events) - 1
        assert [item.type for item in final.output] == ["message", "function_call"]


def test_states_on_the_way_bring_items_up_to_date(play: Play, caller: Caller) -> None:
    newer = message("bye")
    events = [*FINISHED, state("in_progress", [DONE_CALL, newer]), state("completed", None)]
    for package in (martlet, openai):
        _, final = received(play, caller, *events, package=package)
        assert final.output_text == "bye"
        assert [item.type for item in final.output] == ["message", "function_call"]


def test_state_without_an_output_has_what_came_so_far(play: Play, caller: Caller) -> None:
    emitted, _ = received(play, caller, *FINISHED, state("queued", None), state("completed", None))
    assert [item.type for item in emitted[-2].response.output] == ["message", "function_call"]


@pytest.mark.parametrize("kind", ["failed", "incomplete"])
def test_response_that_broke_off_keeps_what_came(play: Play, caller: Caller, kind: str) -> None:
    error = {"code": "server_error", "message": "boom"} if kind == "failed" else None
    details = {"reason": "max_output_tokens"} if kind == "incomplete" else None
    events = [
        *FINISHED[:5],
        arguments(7, '{"a"'),
        state(kind, None, status=kind, error=error, incomplete_details=details),
    ]
    expected: Any = martlet.LengthFinishReasonError if kind == "incomplete" else martlet.APIError
    with pytest.raises(expected) as caught:
        received(play, caller, *events)
    if kind == "incomplete":
        output = caught.value.completion.output
        assert output[0].content[0].text == "hel"
        assert output[1].arguments == '{"a"'
        assert output[1].status == "in_progress"


def test_completed_response_whose_items_are_not_is_an_error(play: Play, caller: Caller) -> None:
    events = [*FINISHED[:-1], state("completed", None)]
    with pytest.raises(StreamInterrupted, match="items of its output are not") as caught:
        received(play, caller, *events)
    assert caught.value.partial.output[0].content[0].text == "hello"
    with pytest.raises(RuntimeError, match="unfinished"):
        received(play, caller, *events, package=openai)


def test_text_of_an_item_grows_from_what_it_had() -> None:
    partial = ResponsePartial()
    begun = message("Once", status="in_progress")
    union: Any = ResponseStreamEvent
    for event in (state("created", [begun]), text(0, " upon"), text(0, " a time")):
        partial.add(construct(union, {**event, "sequence_number": 0}))
    assert partial.output()[0]["content"][0]["text"] == "Once upon a time"


@pytest.mark.parametrize("package", [martlet, openai])
def test_function_that_was_loaded_late_is_parsed(play: Play, caller: Caller, package: Any) -> None:
    from tests.client.scripted import http

    server = play([http(body=response(call(namespace="Place")))])
    tool = package.pydantic_responses_function_tool(Place, defer_loading=True)
    client = caller.client(server.url, package)
    reply = caller.run(client.responses.parse(model="m", input="x", tools=[{"type": "tool_search"}, tool]))
    assert reply.output[0].parsed_arguments == OSLO
    assert server.seen[0].json["tools"][1]["defer_loading"] is True
