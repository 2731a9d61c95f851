"""Replies that no server should send: nothing but DecodeError is raised, and nothing of them is lost."""

from __future__ import annotations

import copy
import functools
import json
import pickle
import random
import sys
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from martlet.protocol import chat, completions, models, responses
from martlet.protocol.base import OneOf, WireModel, decode_reply
from martlet.protocol.response_events import decode_event
from tests.protocol import captures
from tests.protocol.test_families import REPLIES, RESPONSE, SEGMENT

TOOLS = [
    {"type": "mcp", "server_label": "s", "allowed_tools": ["a"], "require_approval": "never"},
    {"type": "mcp", "server_label": "s", "allowed_tools": {"tool_names": ["a"]}},
    {"type": "code_interpreter", "container": "c1"},
    {"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f"]}},
    {
        "type": "file_search",
        "vector_store_ids": ["v"],
        "filters": {"type": "and", "filters": [{"type": "eq", "key": "k", "value": [1, "a"]}]},
    },
    {"type": "shell", "environment": {"type": "local", "skills": [{"name": "n", "path": "p"}]}},
]
LOGPROBS = (
    b'{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":'
    + captures.TOOL_MESSAGE
    + b',"logprobs":'
    + captures.LOGPROBS
    + b',"finish_reason":"stop"}],"metrics":'
    + captures.METRICS
    + b"}"
)
COMPLETION = (
    b'{"id":"1","object":"text_completion","created":1,"model":"m","choices":['
    + captures.COMPLETION_CHOICE
    + b"]}"
)

SEEDS: list[tuple[Any, Any]] = [
    (chat.ChatCompletion, json.loads(captures.CHAT)),
    (chat.ChatCompletion, json.loads(LOGPROBS)),
    (chat.ChatCompletionChunk, json.loads(captures.CHUNK_TOOL_NAME)),
    (chat.ChatCompletionChunk, json.loads(captures.CHUNK_USAGE)),
    (completions.Completion, json.loads(COMPLETION)),
    (models.ModelList, {"object": "list", "data": [json.loads(captures.MODEL)]}),
    (responses.Response, json.loads(RESPONSE)),
    (responses.Response, {**json.loads(RESPONSE), "tools": TOOLS}),
    *REPLIES,
]
SPARE: list[Any] = [
    *(None, True, False, 0, 1, -7, 2**60, 10**400, 0.5, 1e300, "", "x", "message", "auto", "\ud83d", [], {}),
    *(
        [None],
        ["x"],
        [1, [2]],
        [{}],
        [SEGMENT],
        {"type": "x"},
        {"type": "message"},
        {"type": 5},
        {"a": {"b": 1}},
    ),
    *(
        {"type": "function"},
        {"type": "mcp", "allowed_tools": ["a", {}]},
        TOOLS[4],
        {"_source": 1, "to_dict": 2},
    ),
]
KEYS = ["zip", "type", "id", "content", "index", "_source", "copy", "model_extra", "logprobs", "async", ""]


DENSE_DEFAULTS: dict[str, Any] = {"bytes": None, "top_logprobs": []}
"""What log probabilities gain: of them alone nothing tells which keys were sent."""


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Return every place in a tree, as a container and its key or index."""
    keys: list[Any] = []
    if isinstance(tree, dict):
        keys = list(tree)
    elif isinstance(tree, list):
        keys = list(range(len(tree)))
    found = [(tree, key) for key in keys]
    return found + [place for container, key in found for place in places(container[key])]


def spoil(rng: random.Random, tree: Any) -> Any:
    """Change up to four things in a copy: values by others, keys dropped or added."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 4)):
        container, key = rng.choice(places(tree) or [([tree], 0)])
        what = rng.random()
        if what < 0.6:
            container[key] = copy.deepcopy(rng.choice(SPARE))
        elif what < 0.8:
            del container[key]
        elif isinstance(container, dict):
            container[rng.choice(KEYS)] = copy.deepcopy(rng.choice(SPARE))
        else:
            container.insert(rng.randint(0, len(container)), copy.deepcopy(rng.choice(SPARE)))
    return tree


def assert_kept(got: Any, sent: Any) -> None:
    """Compare, but for nulls, which may have become a field's default."""
    if isinstance(sent, dict) and isinstance(got, dict):
        added = {key: got[key] for key in got if key not in sent and "logprob" in sent}
        assert got.keys() == {*sent, *added}
        assert added == {key: DENSE_DEFAULTS[key] for key in added}
        for key, value in sent.items():
            if value is not None:
                assert_kept(got[key], value)
    elif isinstance(sent, list) and isinstance(got, list):
        assert len(got) == len(sent)
        for ours, theirs in zip(got, sent, strict=True):
            assert_kept(ours, theirs)
    else:
        assert got == sent


def assert_usable(reply: Any, sent: Any) -> None:
    if not isinstance(reply, WireModel):
        assert reply == sent
        return
    assert_kept(reply.to_dict(), sent)
    assert_kept(json.loads(reply.to_json()), sent)
    assert reply.model_fields_set >= reply.model_extra.keys()
    assert type(reply).__name__ in repr(reply)
    assert reply.model_dump().keys() >= reply.model_extra.keys()
    for twin in (copy.copy(reply), copy.deepcopy(reply), pickle.loads(pickle.dumps(reply))):
        assert twin == reply
        assert twin.to_dict() == reply.to_dict()
        assert twin.model_fields_set == reply.model_fields_set


@pytest.mark.parametrize("seed", range(len(SEEDS)), ids=lambda seed: SEEDS[seed][0].__name__)
def test_spoilt_reply_is_decoded_and_nothing_is_lost(seed: int) -> None:
    cls, tree = SEEDS[seed]
    rng = random.Random(seed)
    for _ in range(60):
        spoilt = spoil(rng, tree)
        body = json.dumps(spoilt).encode()
        assert_usable(decode_reply(cls, body), json.loads(body))


def test_spoilt_event_is_decoded_and_nothing_is_lost() -> None:
    rng = random.Random(7)
    event = {"type": "response.completed", "sequence_number": 9, "response": json.loads(RESPONSE)}
    for _ in range(60):
        spoilt = spoil(rng, event)
        assert_usable(decode_event(json.dumps(spoilt).encode()), spoilt)


def test_broken_bytes_raise_decode_error_or_nothing() -> None:
    rng = random.Random(8)
    classes: list[Any] = [chat.ChatCompletion, completions.Completion, responses.Response]
    for _ in range(400):
        body = bytearray(rng.choice([captures.CHAT, LOGPROBS, COMPLETION, RESPONSE]))
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(body))
            body[place : place + rng.randint(0, 3)] = rng.choice(
                [b"", b"\xff", b'"', b"{", b"]", b"\\u", b"9"]
            )
        try:
            reply = decode_reply(rng.choice(classes), bytes(body))
        except msgspec.DecodeError:
            continue
        assert repr(reply)
        if isinstance(reply, WireModel):
            assert reply.to_dict() is not None


# --- single cases -----------------------------------------------------------------------------------


def chat_with(members: bytes) -> Any:
    return decode_reply(
        chat.ChatCompletion, b'{"id":"1","created":1,"model":"m","choices":[],' + members + b"}"
    )


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool["type"])
def test_text_may_stand_in_place_of_objects(tool: dict[str, Any]) -> None:
    response = decode_reply(responses.Response, json.dumps({"tools": [tool]}).encode())
    assert response.to_dict() == {"tools": [tool]}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (b"1e999", float("inf")),
        (b"9" * 5000, "9" * 5000),
        (b'"\\ud83d"', "\ud83d"),
        (b'"\xff"', "\ufffd"),
        (b'"\\u0000"', "\0"),
    ],
    ids=["infinite", "huge", "half a pair", "no UTF-8", "NUL"],
)
def test_value_of_unknown_key_is_kept_as_far_as_python_can(value: bytes, kept: object) -> None:
    reply = chat_with(b'"x":' + value)
    assert reply.x == kept
    assert reply.to_dict()["x"] == kept


def test_half_a_surrogate_pair_is_written_as_an_escape() -> None:
    reply = decode_reply(chat.ChatCompletion, b'{"id":"\\ud83d"}')
    assert (reply.id, reply.to_json(indent=None)) == ("\ud83d", '{"id":"\\ud83d"}')
    assert json.loads(reply.to_json()) == {"id": "\ud83d"}


@pytest.mark.parametrize("body", [b"[" * 10**5, b"[" * 10**5 + b"]" * 10**5, b'{"choices":' + b"[" * 10**5])
def test_too_deep_nesting_raises_decode_error(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_reply(chat.ChatCompletion, body)


def test_too_deep_nesting_of_known_types_raises_decode_error() -> None:
    depth = 400
    filters = b'{"type":"and","filters":[' * depth + b"]}" * depth
    body = b'{"tools":[{"type":"file_search","vector_store_ids":[],"filters":' + filters + b"}]}"
    with pytest.raises(msgspec.DecodeError, match="nested too deeply"):
        decode_reply(responses.Response, body)


def test_integer_too_large_for_a_float_stays_an_integer() -> None:
    reply: Any = decode_reply(chat.TopLogprob, b'{"token":"a","logprob":1' + b"0" * 400 + b"}")
    assert reply.logprob == 10**400


def test_keys_inside_plain_dicts_are_kept() -> None:
    entry = {"5": {"logprob": -1.5, "rank": 1, "decoded_token": "a", "zip": 1}}
    reply = chat_with(b'"prompt_logprobs":' + json.dumps([None, entry]).encode())
    assert reply.prompt_logprobs == [None, entry]


def test_models_in_lists_and_dicts_keep_unknown_keys() -> None:
    listed: list[Any] = decode_reply(list[chat.ChatCompletionMessage], b'[{"role":"a","zip":1}]')
    named: dict[str, Any] = decode_reply(dict[str, chat.ChatCompletionMessage], b'{"b":{"role":"a","zip":1}}')
    assert (listed[0].zip, named["b"].zip) == (1, 1)
    assert listed[0].to_dict() == named["b"].to_dict() == {"role": "a", "zip": 1}


# --- threads ----------------------------------------------------------------------------------------


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as they can, so that a cache seen half filled shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def in_threads(work: Any) -> list[Any]:
    """Run `work` in eight threads that start together; return what it returned or raised."""
    results: list[Any] = []
    start = threading.Barrier(8)

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - compared by the caller
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.usefixtures("restless")
def test_threads_may_look_into_one_reply_at_once() -> None:
    sent = json.loads(LOGPROBS)
    for _ in range(50):
        reply = decode_reply(chat.ChatCompletion, LOGPROBS)
        assert in_threads(reply.to_dict) == [sent] * 8


@pytest.mark.usefixtures("restless")
def test_threads_may_decode_a_new_family_at_once() -> None:
    one_of: Any = OneOf
    for _ in range(100):

        class Cat(WireModel):
            type: str = "cat"

        class Dog(WireModel):
            type: str = "dog"

        family: Any = one_of[Cat | Dog]
        decoded = in_threads(functools.partial(decode_reply, family, b'{"type":"dog"}'))
        assert [type(model) for model in decoded] == [Dog] * 8
