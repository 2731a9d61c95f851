"""As typing_cases.py, for `with_raw_response` and `with_streaming_response`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from martlet import APIResponse, AsyncAPIResponse, AsyncOpenAI, AsyncStream, OpenAI, Stream
from martlet.client.raw import LegacyAPIResponse
from martlet.types import Model
from martlet.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam

if TYPE_CHECKING:
    from typing_extensions import assert_type


@dataclass
class Place:
    name: str


def look(client: OpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    answer = client.chat.completions.with_raw_response.create(model="m", messages=messages)
    assert_type(answer, LegacyAPIResponse[ChatCompletion])
    assert_type(answer.headers["x"], str)
    assert_type(answer.parse(), ChatCompletion)
    assert_type(answer.parse(to=Place), Place)
    stream = client.with_raw_response.chat.completions.create(model="m", messages=messages, stream=True)
    assert_type(stream.parse(), Stream[ChatCompletionChunk])
    assert_type(client.models.with_raw_response.retrieve("m").parse(), Model)
    with client.chat.completions.with_streaming_response.create(model="m", messages=messages) as opened:
        assert_type(opened, APIResponse[ChatCompletion])
        assert_type(opened.parse(), ChatCompletion)
        for line in opened.iter_lines():
            assert_type(line, str)


async def look_async(client: AsyncOpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    answer = await client.chat.completions.with_raw_response.create(model="m", messages=messages)
    assert_type(answer.parse(), ChatCompletion)
    stream = await client.chat.with_raw_response.completions.create(model="m", messages=messages, stream=True)
    assert_type(stream.parse(), AsyncStream[ChatCompletionChunk])
    async with client.with_streaming_response.models.retrieve("m") as opened:
        assert_type(opened, AsyncAPIResponse[Model])
        assert_type(await opened.parse(), Model)
        async for piece in opened.iter_bytes():
            assert_type(piece, bytes)
