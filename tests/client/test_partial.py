"""Chunks put together, also when servers send nonsense."""

from __future__ import annotations

import json
import random
from collections import deque
from typing import Any

import pytest

from martlet.client.calls import CHAT_COMPLETIONS, COMPLETIONS, Call, Endpoint
from martlet.client.replies import Reply
from martlet.client.streaming import StreamClocks, StreamDecoder
from martlet.client.transport.base import Head, Origin, Request
from martlet.errors import APIError

CHAT_CHUNK = {
    "id": "c",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "delta": {
                "role": "assistant",
                "content": "a",
                "reasoning": "r",
                "refusal": "no",
                "tool_calls": [
                    {"index": 0, "id": "t", "type": "function", "function": {"name": "f", "arguments": "{}"}}
                ],
            },
            "logprobs": {"content": [{"token": "a", "logprob": -1.0, "bytes": [97], "top_logprobs": []}]},
            "finish_reason": "stop",
            "stop_reason": None,
            "token_ids": [1, 2],
        }
    ],
    "usage": {"prompt_tokens": 1, "total_tokens": 2, "completion_tokens": 1},
}
TEXT_CHUNK = {
    "id": "c",
    "object": "text_completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "text": "a", "logprobs": None, "finish_reason": "stop"}],
}
NONSENSE: list[Any] = [None, 0, -1, 1.5, "", "x", True, [], {}, [None], {"a": 1}, ["x"], [{}], [[1]]]


def damaged(value: Any, chance: random.Random) -> Any:
    """A copy with about one value in eight replaced or missing."""
    if chance.random() < 0.12:
        return chance.choice(NONSENSE)
    if isinstance(value, dict):
        return {key: damaged(item, chance) for key, item in value.items() if chance.random() > 0.08}
    if isinstance(value, list):
        return [damaged(item, chance) for item in value]
    return value


def decoder(endpoint: Endpoint[Any]) -> StreamDecoder[Any]:
    request = Request("POST", Origin("http", "h", 80), "/v1/chat/completions", [])
    call = Call(endpoint, "/x", stream=True)
    return StreamDecoder(call, Reply(request, Head(200, [])), StreamClocks(), lambda: 0.0)


@pytest.mark.parametrize(
    ("endpoint", "chunk"), [(CHAT_COMPLETIONS, CHAT_CHUNK), (COMPLETIONS, TEXT_CHUNK)], ids=["chat", "text"]
)
def test_nonsense_from_a_server_never_crashes_the_gathering(
    endpoint: Endpoint[Any], chunk: dict[str, Any]
) -> None:
    for seed in range(1500):
        chance = random.Random(seed)
        made = decoder(endpoint)
        items: deque[Any] = deque()
        for _ in range(3):
            event = b"data: " + json.dumps(damaged(chunk, chance)).encode() + b"\n\n"
            problem = made.feed(event, items)
            assert problem is None or isinstance(problem, APIError)
        made.finish(items)
        repr(made.interrupted("x").partial)


def test_whole_chunk_is_kept_in_the_partial_reply() -> None:
    made = decoder(CHAT_COMPLETIONS)
    items: deque[Any] = deque()
    assert made.feed(b"data: " + json.dumps(CHAT_CHUNK).encode() + b"\n\n", items) is None
    assert made.finish(items) is None
    assert made.is_complete
    partial = made.interrupted("x").partial
    choice = partial.choices[0]
    assert (choice.message.content, choice.finish_reason, choice.token_ids) == ("a", "stop", [1, 2])
    assert choice.logprobs.content[0].token == "a"
    assert partial.usage.total_tokens == 2
