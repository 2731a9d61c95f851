"""litellm, instructor, langchain-openai and llm talk to our server as they talk to OpenAI's."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pytest

pytestmark = pytest.mark.clients

MODEL = "martlet-house"
HELLO: list[Any] = [{"role": "user", "content": "Hello!"}]


def weather_tool() -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 12}, "unit": {"enum": ["C", "F"]}},
        "required": ["city", "unit"],
        "additionalProperties": False,
    }
    return {"type": "function", "function": {"name": "get_weather", "parameters": parameters}}


# --- litellm ------------------------------------------------------------------------------------------


def test_litellm_completes(url: str) -> None:
    litellm = pytest.importorskip("litellm")
    reply = litellm.completion(model=f"openai/{MODEL}", api_base=url, api_key="EMPTY", messages=HELLO)
    assert reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.total_tokens > reply.usage.completion_tokens > 0


def test_litellm_streams(url: str) -> None:
    litellm = pytest.importorskip("litellm")
    chunks = list(
        litellm.completion(
            model=f"openai/{MODEL}", api_base=url, api_key="EMPTY", messages=HELLO, temperature=0,
            stream=True, stream_options={"include_usage": True},
        )
    )  # fmt: skip
    whole = litellm.stream_chunk_builder(chunks, messages=HELLO)
    plain = litellm.completion(
        model=f"openai/{MODEL}", api_base=url, api_key="EMPTY", messages=HELLO, temperature=0
    )
    assert whole.choices[0].message.content == plain.choices[0].message.content
    assert whole.usage.completion_tokens == plain.usage.completion_tokens


def test_litellm_speaks_asyncio_and_vllm(url: str) -> None:
    litellm = pytest.importorskip("litellm")

    async def ask() -> list[Any]:
        calls = (
            litellm.acompletion(
                model=f"hosted_vllm/{MODEL}", api_base=url, messages=HELLO, max_tokens=8, seed=seed
            )
            for seed in range(8)
        )
        return await asyncio.gather(*calls)

    assert all(reply.choices[0].message.content for reply in asyncio.run(ask()))


def test_litellm_calls_tools(url: str) -> None:
    litellm = pytest.importorskip("litellm")
    reply = litellm.completion(
        model=f"openai/{MODEL}", api_base=url, api_key="EMPTY", messages=HELLO, tools=[weather_tool()],
        tool_choice={"type": "function", "function": {"name": "get_weather"}}, temperature=0,
    )  # fmt: skip
    (call,) = reply.choices[0].message.tool_calls
    assert call.function.name == "get_weather"
    assert set(json.loads(call.function.arguments)) == {"city", "unit"}


def test_litellm_maps_errors(url: str) -> None:
    litellm = pytest.importorskip("litellm")
    with pytest.raises(litellm.BadRequestError, match="temperature"):
        litellm.completion(
            model=f"openai/{MODEL}", api_base=url, api_key="EMPTY", messages=HELLO, temperature=-1
        )
    with pytest.raises(litellm.NotFoundError, match="no-such"):
        litellm.completion(model="openai/no-such", api_base=url, api_key="EMPTY", messages=HELLO)


# --- instructor ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["TOOLS", "JSON_SCHEMA"])
def test_instructor_fills_a_model(mode: str, url: str) -> None:
    instructor = pytest.importorskip("instructor")
    import openai
    import pydantic

    class Place(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(extra="forbid")
        kind: Literal["city", "river"]
        is_large: bool

    client = instructor.from_openai(
        openai.OpenAI(base_url=url, api_key="EMPTY"), mode=getattr(instructor.Mode, mode)
    )
    place = client.chat.completions.create(model=MODEL, messages=HELLO, response_model=Place, max_retries=0)
    assert isinstance(place, Place)


# --- langchain ----------------------------------------------------------------------------------------


def chat_openai(url: str, **options: Any) -> Any:
    module = pytest.importorskip("langchain_openai")
    return module.ChatOpenAI(base_url=url, api_key="EMPTY", model=MODEL, **options)


def test_langchain_invokes_and_streams_alike(url: str) -> None:
    model = chat_openai(url, temperature=0, stream_usage=True)
    whole = model.invoke("What is AI?")
    streamed = None
    for chunk in model.stream("What is AI?"):
        streamed = chunk if streamed is None else streamed + chunk
    assert streamed is not None
    assert whole.content == streamed.content != ""
    assert whole.usage_metadata["output_tokens"] == streamed.usage_metadata["output_tokens"] > 0


def test_langchain_batches(url: str) -> None:
    assert all(reply.content for reply in chat_openai(url).batch(["Hello!", "Write a haiku."] * 4))


def test_langchain_structures_its_output(url: str) -> None:
    import pydantic

    class Answer(pydantic.BaseModel):
        """An answer."""

        is_yes: bool

    for method in ("json_schema", "function_calling"):
        model = chat_openai(url, temperature=0).with_structured_output(Answer, method=method)
        assert isinstance(model.invoke("Is this a question?"), Answer)


def test_langchain_binds_tools(url: str) -> None:
    model = chat_openai(url, temperature=0).bind_tools([weather_tool()], tool_choice="any")
    (call,) = model.invoke("How is the weather?").tool_calls
    assert call["name"] == "get_weather"
    assert set(call["args"]) == {"city", "unit"}


def test_langchain_speaks_responses(url: str) -> None:
    model = chat_openai(url, use_responses_api=True, temperature=0)
    assert model.invoke("Hello!").text
    assert "".join(chunk.text for chunk in model.stream("Hello!"))


# --- llm ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flags", [[], ["--no-stream"]])
def test_llm_answers_on_the_command_line(flags: list[str], url: str, tmp_path: Path) -> None:
    pytest.importorskip("llm")
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: house\n  model_name: {MODEL}\n  api_base: {url}\n"
    )
    found = subprocess.run(
        [sys.executable, "-m", "llm", "prompt", "-m", "house", "--key", "EMPTY", *flags, "Write a haiku."],
        env={**os.environ, "LLM_USER_PATH": str(tmp_path)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert len(found.stdout.strip().splitlines()) == 3
