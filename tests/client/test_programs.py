"""Programs in the manner of instructor, langchain-openai and pydantic-ai, on the public surface only."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import martlet as openai
from martlet.types import chat
from tests.client.callers import AsyncCaller
from tests.client.scripted import (
    CHAT,
    DONE,
    END,
    HELLO,
    SSE_HEAD,
    Scene,
    ScriptedServer,
    Seen,
    http,
    usage_chunk,
    vllm_error,
)

pydantic: Any = pytest.importorskip("pydantic")
Play = Callable[..., ScriptedServer]
QUESTION: Any = [{"role": "user", "content": "Who?"}]


def tool_call(name: str, arguments: str) -> Scene:
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    message = {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}
    choice = {"index": 0, "finish_reason": "tool_calls", "logprobs": None, "message": message}
    return [http(body={**CHAT, "choices": [choice]})]


class Person(pydantic.BaseModel):  # type: ignore[misc]  # of Any: pydantic may not be installed
    name: str
    age: int


# --- instructor: wrap `create`, ask for a tool, validate, tell the model what was wrong, ask again


def extracting(create: Callable[..., Any]) -> Callable[..., Any]:
    """`create` with `response_model` and `max_attempts`."""

    def wrapped(*, response_model: Any, messages: Any, max_attempts: int = 2, **params: Any) -> Any:
        name = response_model.__name__
        tool = {
            "type": "function",
            "function": {"name": name, "parameters": response_model.model_json_schema()},
        }
        choice = {"type": "function", "function": {"name": name}}
        said = list(messages)
        total = 0
        while True:
            reply = create(messages=said, tools=[tool], tool_choice=choice, **params)
            total += reply.usage.total_tokens
            message = reply.choices[0].message
            (call,) = message.tool_calls
            try:
                made = response_model.model_validate_json(call.function.arguments)
            except pydantic.ValidationError as error:
                max_attempts -= 1
                if not max_attempts:
                    raise
                said.append(message.model_dump(exclude_none=True))
                said.append({"role": "tool", "tool_call_id": call.id, "content": str(error)})
            else:
                reply.usage.total_tokens = total
                made.__dict__["_raw_response"] = reply
                return made

    return wrapped


def test_instructor_style_extraction_asks_again(play: Play) -> None:
    server = play(
        tool_call("Person", '{"name": "Ann", "age": "old"}'), tool_call("Person", '{"name": "Ann", "age": 7}')
    )
    with openai.OpenAI(api_key="EMPTY", base_url=server.url) as client:
        create: Any = extracting(client.chat.completions.create)
        client.chat.completions.create = create  # type: ignore[method-assign]  # as its `patch` does
        person = create(model="m", messages=QUESTION, response_model=Person)
    assert (person.name, person.age) == ("Ann", 7)
    assert person._raw_response.usage.total_tokens == 18
    again = server.seen[1].json["messages"]
    assert [message["role"] for message in again] == ["user", "assistant", "tool"]
    assert again[1]["tool_calls"][0]["function"]["arguments"] == '{"name": "Ann", "age": "old"}'
    assert "valid integer" in again[2]["content"]


# --- langchain: the resource as the client, raw responses for headers, plain dicts from then on


class ChatModel:
    def __init__(self, **settings: Any) -> None:
        self.root = openai.OpenAI(**settings)
        self.client = self.root.chat.completions

    def invoke(self, text: str, **params: Any) -> dict[str, Any]:
        try:
            raw = self.client.with_raw_response.create(**self._payload(text), **params)
        except openai.BadRequestError as error:
            body: Any = error.body
            raise ValueError(f"{error.status_code} {body['message']}") from error
        reply = raw.parse()
        assert isinstance(reply, openai.BaseModel)
        plain = reply.model_dump(exclude={"choices": {"__all__": {"message": {"parsed"}}}}, warnings=False)
        return {**plain["choices"][0]["message"], "usage": plain["usage"], "headers": dict(raw.headers)}

    def stream(self, text: str) -> Iterator[dict[str, Any]]:
        options: Any = {"include_usage": True}
        with self.client.create(**self._payload(text), stream=True, stream_options=options) as chunks:
            for part in chunks:
                plain = part.model_dump()
                if plain["choices"]:
                    yield {"content": plain["choices"][0]["delta"]["content"] or ""}
                else:
                    yield {"content": "", "usage": plain["usage"]}

    def structured(self, text: str, schema: Any) -> Any:
        reply = self.root.beta.chat.completions.parse(**self._payload(text), response_format=schema)
        return reply.choices[0].message.parsed

    def _payload(self, text: str) -> dict[str, Any]:
        return {"model": "m", "messages": [{"role": "user", "content": text}]}


def test_langchain_style_model_invokes_streams_and_structures(play: Play) -> None:
    ann = {**CHAT["choices"][0]["message"], "content": '{"name": "Ann", "age": 7}'}
    server = play(
        [http(body=CHAT, x_request_id="req-1")],
        [SSE_HEAD, *HELLO, usage_chunk(), DONE, END],
        [http(body={**CHAT, "choices": [{**CHAT["choices"][0], "message": ann}]})],
        [http(400, vllm_error(400, "too long", "BadRequestError"))],
    )
    model = ChatModel(api_key="EMPTY", base_url=server.url, max_retries=0, timeout=10)
    said = model.invoke("hi", temperature=0.5, stop=["x"])
    assert (said["content"], said["usage"]["total_tokens"]) == ("Hello!", 9)
    assert said["headers"]["x-request-id"] == "req-1"
    parts = list(model.stream("hi"))
    assert "".join(part["content"] for part in parts) == "Hello!"
    assert parts[-1]["usage"]["total_tokens"] == 9
    assert model.structured("hi", Person) == Person(name="Ann", age=7)
    assert server.seen[2].json["response_format"]["json_schema"]["strict"] is True
    with pytest.raises(ValueError, match="400 too long"):
        model.invoke("hi")


# --- pydantic-ai: an AsyncOpenAI of its own, `omit` for all that is not set, a loop of tools


class OwnOpenAI(openai.AsyncOpenAI):
    """Marks its calls, copies of it theirs too."""

    def __init__(self, **settings: Any) -> None:
        headers = {"x-agent": "yes", **(settings.pop("default_headers", None) or {})}
        super().__init__(default_headers=headers, **settings)


class Agent:
    def __init__(self, client: openai.AsyncOpenAI, tools: dict[str, Callable[..., str]]) -> None:
        self.client = client
        self.tools = tools

    async def run(self, text: str) -> tuple[str, list[Any]]:
        messages: list[Any] = [{"role": "user", "content": text}]
        while True:
            reply = await self._create(messages, stream=False)
            assert isinstance(reply, chat.ChatCompletion)
            reply = chat.ChatCompletion.model_validate(reply.model_dump())
            message = reply.choices[0].message
            if not message.tool_calls:
                return message.content or "", messages
            messages.append({"role": "assistant", "tool_calls": message.to_dict()["tool_calls"]})
            for call in message.tool_calls:
                assert isinstance(call, chat.ChatCompletionMessageFunctionToolCall)
                result = self.tools[call.function.name](**json.loads(call.function.arguments))
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})

    async def stream(self, text: str) -> AsyncIterator[str]:
        said = ""
        async with await self._create([{"role": "user", "content": text}], stream=True) as chunks:
            async for part in chunks:
                if part.choices and part.choices[0].delta.content:
                    said += part.choices[0].delta.content
                    yield said

    async def _create(self, messages: list[Any], *, stream: bool) -> Any:
        create: Any = self.client.chat.completions.create
        definitions = [{"type": "function", "function": {"name": name}} for name in self.tools]
        return await create(
            model="m",
            messages=messages,
            tools=definitions or openai.omit,
            tool_choice="auto" if definitions else openai.omit,
            stream=stream,
            stream_options={"include_usage": True} if stream else openai.omit,
            temperature=openai.omit,
            seed=openai.NOT_GIVEN,
            timeout=openai.NOT_GIVEN,
            extra_headers={"User-Agent": "agent/1"},
            extra_body=None,
        )


def test_pydantic_ai_style_agent_calls_tools_and_streams(play: Play) -> None:
    def answer(seen: Seen) -> Scene:
        if seen.json.get("stream"):
            return [SSE_HEAD, *HELLO, usage_chunk(), DONE, END]
        if len(seen.json["messages"]) == 1:
            return tool_call("weather", '{"city": "Oslo"}')
        return [http(body=CHAT)]

    server = play(answer)
    with AsyncCaller() as caller:
        client = OwnOpenAI(api_key="EMPTY", base_url=server.url)
        agent = Agent(client.with_options(timeout=5), {"weather": lambda city: f"sun in {city}"})
        text, messages = caller.run(agent.run("How is it?"))
        assert text == "Hello!"
        assert messages[-1] == {"role": "tool", "tool_call_id": "call_1", "content": "sun in Oslo"}
        assert caller.items(Agent(client, {}).stream("hi")) == ["Hel", "Hello", "Hello!"]
        caller.run(client.close())
    assert all(seen.headers["user-agent"] == "agent/1" for seen in server.seen)
    assert all(seen.headers["x-agent"] == "yes" for seen in server.seen)
    assert server.seen[1].json["messages"][1]["tool_calls"][0]["id"] == "call_1"
    assert "tools" not in server.seen[2].json
    assert "temperature" not in server.seen[2].json


def test_pydantic_ai_style_status_error_tells_code_and_body(play: Play) -> None:
    server = play([http(422, vllm_error(422, "no", "UnprocessableEntityError"))])
    with AsyncCaller() as caller:
        agent = Agent(caller.client(server.url), {})
        with pytest.raises(openai.APIStatusError) as caught:
            caller.run(agent.run("hi"))
    assert (caught.value.status_code, caught.value.response.status_code) == (422, 422)
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["message"] == "no"
