"""The official `openai` package, unmodified, against our server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from tests.servers import ServerProcess

HELLO: list[Any] = [{"role": "user", "content": "Hello"}]
SETTINGS: dict[str, Any] = {"model": "tiny", "messages": HELLO, "temperature": 0, "max_tokens": 8}
EXTRA = {"ignore_eos": True}


@pytest.fixture
def client(tiny: ServerProcess) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=tiny.url, api_key="EMPTY", max_retries=0) as client:
        yield client


def test_chat_gives_a_message(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(**SETTINGS, extra_body=EXTRA)
    assert reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 8
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + 8


def test_stream_gives_the_same_text(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(**SETTINGS, extra_body=EXTRA).choices[0].message.content
    options: Any = {"include_usage": True}
    chunks = list(
        client.chat.completions.create(**SETTINGS, extra_body=EXTRA, stream=True, stream_options=options)
    )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 8


def test_completion_gives_text(client: openai.OpenAI) -> None:
    reply = client.completions.create(
        model="tiny", prompt=["Hello", "Bye"], max_tokens=4, temperature=0, logprobs=2, extra_body=EXTRA
    )
    assert [choice.index for choice in reply.choices] == [0, 1]
    logprobs = reply.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.tokens is not None
    assert "".join(logprobs.tokens) == reply.choices[0].text


def test_models_are_listed_and_found(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["tiny", "alias"]
    assert client.models.retrieve("alias").id == "alias"


def test_errors_are_the_official_classes(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(**{**SETTINGS, "model": "nope"})
    assert missing.value.param == "model"
    with pytest.raises(openai.BadRequestError) as bad:
        client.chat.completions.create(**{**SETTINGS, "temperature": 3})
    assert bad.value.param == "temperature"


def test_many_async_calls_at_once(tiny: ServerProcess) -> None:
    async def main() -> set[str | None]:
        async with openai.AsyncOpenAI(base_url=tiny.url, api_key="EMPTY", max_retries=0) as client:
            calls = (client.chat.completions.create(**SETTINGS, extra_body=EXTRA) for _ in range(24))
            return {reply.choices[0].message.content for reply in await asyncio.gather(*calls)}

    assert len(asyncio.run(main())) == 1


def test_leaving_a_stream_early_is_fine(client: openai.OpenAI) -> None:
    with client.chat.completions.create(
        **{**SETTINGS, "max_tokens": 400}, extra_body=EXTRA, stream=True
    ) as stream:
        next(iter(stream))
    assert client.chat.completions.create(**SETTINGS).choices
