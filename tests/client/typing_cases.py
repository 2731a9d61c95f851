"""Never run: mypy and basedpyright read it, and every `assert_type` in it must hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import martlet
from martlet import (
    NOT_GIVEN,
    APIResponse,
    AsyncAPIResponse,
    AsyncOpenAI,
    AsyncStream,
    OpenAI,
    Stream,
    Timeout,
    omit,
)
from martlet.client.raw import LegacyAPIResponse
from martlet.lib.streaming.chat import (
    AsyncChatCompletionStream,
    ChatCompletionStream,
    ChatCompletionStreamState,
    ContentDoneEvent,
)
from martlet.types import Batch, Completion, CreateEmbeddingResponse, FileObject, Model, Upload
from martlet.types.audio import Transcription, TranscriptionVerbose
from martlet.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessageParam,
    ParsedChatCompletion,
)
from martlet.types.responses import ParsedResponse, Response, ResponseStreamEvent

if TYPE_CHECKING:
    from typing_extensions import assert_type


def use(client: OpenAI, messages: list[ChatCompletionMessageParam], flag: bool) -> None:
    reply = client.chat.completions.create(model="m", messages=messages)
    assert_type(reply, ChatCompletion)
    assert_type(reply.choices[0].message.content, "str | None")
    stream = client.chat.completions.create(model="m", messages=messages, stream=True)
    assert_type(stream, Stream[ChatCompletionChunk])
    for chunk in stream:
        assert_type(chunk, ChatCompletionChunk)
        assert_type(chunk.choices[0].delta.content, "str | None")
    with stream as same:
        assert_type(same, Stream[ChatCompletionChunk])
    assert_type(client.chat.completions.create(model="m", messages=messages, stream=False), ChatCompletion)
    assert_type(client.chat.completions.create(model="m", messages=messages, stream=None), ChatCompletion)
    either = client.chat.completions.create(model="m", messages=messages, stream=flag)
    assert_type(either, "ChatCompletion | Stream[ChatCompletionChunk]")
    assert_type(client.completions.create(model="m", prompt="p"), Completion)
    assert_type(client.completions.create(model="m", prompt=[1, 2], stream=True), Stream[Completion])
    assert_type(client.models.retrieve("m"), Model)
    assert_type(client.models.list().data, list[Model])
    for model in client.models.list():
        assert_type(model, Model)
    assert_type(client.with_options(timeout=None, max_retries=0), OpenAI)


def send(client: OpenAI) -> None:
    client.chat.completions.create(
        model="m",
        messages=[{"role": "user", "content": "hi"}, {"role": "assistant", "content": None}],
        temperature=0.5,
        top_k=5,
        min_p=0.1,
        structured_outputs={"choice": ["a", "b"]},
        chat_template_kwargs={"enable_thinking": False},
        stop=["a"],
        extra_headers={"x": "y", "z": omit},
        extra_query={"a": 1},
        extra_body={"b": 2},
        timeout=Timeout(5, connect=1),
        deadline=9.5,
    )
    client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}], timeout=NOT_GIVEN)
    reply = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    client.chat.completions.create(model="m", messages=[reply.choices[0].message])
    OpenAI(api_key=lambda: "k", timeout=None, default_headers={"a": "b"})
    OpenAI(deadline=20, retry=martlet.Retry(unanswered=0, budget=False)).with_options(deadline=None)
    martlet.Client(base_url="http://h/v1")


def use_resources(client: OpenAI, path: Path, flag: bool) -> None:
    assert_type(client.embeddings.create(model="m", input=["a"], dimensions=2), CreateEmbeddingResponse)
    assert_type(client.embeddings.create(model="m", input="a").data[0].embedding, list[float])
    assert_type(client.files.create(file=path, purpose="batch"), FileObject)
    assert_type(client.files.create(file=("a", b"b", "c/d"), purpose="batch").bytes, int)
    assert_type(client.files.list(limit=5).data, list[FileObject])
    for file in client.files.list(after="a"):
        assert_type(file, FileObject)
    assert_type(client.files.content("f").read(), bytes)
    assert_type(client.batches.retrieve("b", timeout=1), Batch)
    assert_type(client.responses.create(model="m", input="x"), Response)
    assert_type(client.responses.create(input="x", stream=True), Stream[ResponseStreamEvent])
    assert_type(client.responses.create(input="x", stream=flag), "Response | Stream[ResponseStreamEvent]")
    assert_type(client.responses.delete("r"), None)
    assert_type(client.chat.completions.retrieve("c"), ChatCompletion)
    transcriptions = client.audio.transcriptions
    assert_type(transcriptions.create(file=path, model="w"), Transcription)
    assert_type(transcriptions.create(file=path, model="w", response_format="json"), Transcription)
    assert_type(transcriptions.create(file=path, model="w", response_format="srt"), str)
    verbose = transcriptions.create(file=path, model="w", response_format="verbose_json")
    assert_type(verbose, TranscriptionVerbose)
    assert_type(client.uploads.upload_file_chunked(file=path, mime_type="a/b", purpose="batch"), Upload)
    assert_type(client.vllm.tokenize(prompt="x").tokens, list[int])
    assert_type(client.vllm.score(text_1="x", text_2=["y"]).data[0].score, float)
    assert_type(client.vllm.is_sleeping(), bool)
    assert_type(client.get("/x", cast_to=Model), Model)
    assert_type(client.post("/x", cast_to=str, body={"a": 1}, files={"f": path}), str)
    assert_type(client.get("/x", cast_to=dict[str, int]), dict[str, int])
    streamed = client.post("/x", cast_to=Model, stream=True, stream_cls=Stream[ChatCompletionChunk])
    assert_type(streamed, Stream[ChatCompletionChunk])


def use_module() -> None:
    martlet.api_key = "k"
    martlet.base_url = "http://h/v1"
    martlet.timeout = None
    assert_type(martlet.completions.create(model="m", prompt="p"), Completion)
    assert_type(martlet.models.retrieve("m"), Model)


async def use_resources_async(client: AsyncOpenAI, path: Path) -> None:
    assert_type(await client.embeddings.create(model="m", input="a"), CreateEmbeddingResponse)
    assert_type((await client.files.list()).data, list[FileObject])
    async for file in client.files.list(limit=2):
        assert_type(file, FileObject)
    assert_type(await client.responses.create(input="x", stream=True), AsyncStream[ResponseStreamEvent])
    assert_type(await client.audio.transcriptions.create(file=path, model="w"), Transcription)
    assert_type(await client.vllm.health(), bool)
    assert_type(await client.get("/x", cast_to=Model), Model)
    streamed = await client.get("/x", cast_to=Model, stream=True, stream_cls=AsyncStream[ChatCompletionChunk])
    assert_type(streamed, AsyncStream[ChatCompletionChunk])


async def use_async(client: AsyncOpenAI, messages: list[ChatCompletionMessageParam], flag: bool) -> None:
    assert_type(await client.chat.completions.create(model="m", messages=messages), ChatCompletion)
    stream = await client.chat.completions.create(model="m", messages=messages, stream=True)
    assert_type(stream, AsyncStream[ChatCompletionChunk])
    async for chunk in stream:
        assert_type(chunk, ChatCompletionChunk)
    async with stream as same:
        assert_type(same, AsyncStream[ChatCompletionChunk])
    either = await client.chat.completions.create(model="m", messages=messages, stream=flag)
    assert_type(either, "ChatCompletion | AsyncStream[ChatCompletionChunk]")
    assert_type(await client.completions.create(model="m", prompt="p"), Completion)
    assert_type(await client.models.retrieve("m"), Model)
    assert_type((await client.models.list()).data, list[Model])
    async for model in client.models.list():
        assert_type(model, Model)
    assert_type(client.copy(), AsyncOpenAI)


@dataclass
class Place:
    city: str


def parse(client: OpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    reply = client.chat.completions.parse(model="m", messages=messages, response_format=Place, top_k=3)
    assert_type(reply, ParsedChatCompletion[Place])
    assert_type(reply.choices[0].message.parsed, "Place | None")
    assert_type(reply.choices[0].message.content, "str | None")
    numbers = client.chat.completions.parse(model="m", messages=messages, response_format=list[int])
    assert_type(numbers.choices[0].message.parsed, "list[int] | None")
    assert_type(client.chat.completions.parse(model="m", messages=messages), ParsedChatCompletion[None])
    plain = client.chat.completions.parse(
        model="m",
        messages=messages,
        response_format={"type": "json_object"},
        tools=[martlet.pydantic_function_tool(Place), martlet.function_tool(Place, name="n")],
        timeout=5,
    )
    assert_type(plain, ParsedChatCompletion[None])
    for call in plain.choices[0].message.tool_calls or ():
        assert_type(call.function.name, str)
        assert_type(call.function.arguments, str)


def follow(client: OpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    with client.chat.completions.stream(model="m", messages=messages, response_format=Place) as stream:
        assert_type(stream, ChatCompletionStream[Place])
        for event in stream:
            if event.type == "content.done":
                assert_type(event, ContentDoneEvent[Place])
                assert_type(event.parsed, "Place | None")
            elif event.type == "content.delta":
                assert_type(event.delta, str)
            elif event.type == "chunk":
                assert_type(event.chunk, ChatCompletionChunk)
        assert_type(stream.get_final_completion(), ParsedChatCompletion[Place])
    state = ChatCompletionStreamState(response_format=Place)
    assert_type(state.get_final_completion(), ParsedChatCompletion[Place])
    assert_type(ChatCompletionStreamState().get_final_completion(), ParsedChatCompletion[None])


async def parse_async(client: AsyncOpenAI, messages: list[ChatCompletionMessageParam]) -> None:
    reply = await client.chat.completions.parse(model="m", messages=messages, response_format=Place)
    assert_type(reply, ParsedChatCompletion[Place])
    async with client.chat.completions.stream(model="m", messages=messages, response_format=Place) as stream:
        assert_type(stream, AsyncChatCompletionStream[Place])
        async for event in stream:
            if event.type == "refusal.done":
                assert_type(event.refusal, str)
        assert_type(await stream.get_final_completion(), ParsedChatCompletion[Place])


def respond(client: OpenAI) -> None:
    reply = client.responses.parse(model="m", input="i", text_format=Place, temperature=0)
    assert_type(reply, ParsedResponse[Place])
    assert_type(reply.output_parsed, "Place | None")
    for item in reply.output:
        if item.type == "message":
            for part in item.content:
                if part.type == "output_text":
                    assert_type(part.parsed, "Place | None")
        elif item.type == "function_call":
            assert_type(item.arguments, str)
    assert_type(client.responses.parse(model="m", input="i"), ParsedResponse[None])
    with client.responses.stream(model="m", input="i", text_format=Place) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                assert_type(event.snapshot, str)
            elif event.type == "response.output_text.done":
                assert_type(event.parsed, "Place | None")
            elif event.type == "response.completed":
                assert_type(event.response, ParsedResponse[Place])
        assert_type(stream.get_final_response(), ParsedResponse[Place])


async def respond_async(client: AsyncOpenAI) -> None:
    tools = [martlet.pydantic_responses_function_tool(Place)]
    reply = await client.responses.parse(model="m", input="i", text_format=list[int], tools=tools)
    assert_type(reply.output_parsed, "list[int] | None")
    async with client.responses.stream(response_id="r", starting_after=3) as stream:
        async for event in stream:
            if event.type == "response.created":
                assert_type(event.response, Response)
        assert_type(await stream.get_final_response(), ParsedResponse[None])


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
