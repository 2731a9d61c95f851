"""Tool calls and reasoning in chats: on an engine that writes given texts, and by force on a real one."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openai
import pytest
from pydantic import BaseModel, Field

from martlet.engine.config import EngineConfig
from martlet.engine.engine import Engine
from martlet.engine.text import Tokenizer
from martlet.engine.thinking import ThinkingBudget
from martlet.server.settings import ServerSettings
from tests.server.scripted import WEATHER, ScriptedEngine, ask, tokenizer_with
from tests.server.wire import HELLO, chat
from tests.server.wire import call as ask_server
from tests.servers import TINY_LLAMA, ServerProcess, run_server, start_server

TOKENIZER = tokenizer_with(TINY_LLAMA, "<think>", "</think>")
SETTINGS = ServerSettings(
    served_model_names=("fake",), access_log=False, tool_call_parser="hermes", reasoning_parser="think"
)
NOW = {"type": "function", "function": {"name": "now"}}
ARGUMENTS = '{"city": "Paris"}'
CALL = f'<tool_call>\n{{"name": "get_weather", "arguments": {ARGUMENTS}}}\n</tool_call>'
ASKED: dict[str, Any] = {"messages": HELLO, "tools": [WEATHER, NOW]}


def reply(text: str, settings: ServerSettings = SETTINGS, **fields: Any) -> dict[str, Any]:
    answer = ask(ScriptedEngine(text, TOKENIZER), settings, **{**ASKED, **fields})
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.json
    return body


def chunks(text: str, tokens_per_step: int = 1, **fields: Any) -> list[dict[str, Any]]:
    engine = ScriptedEngine(text, TOKENIZER, tokens_per_step=tokens_per_step)
    return ask(engine, SETTINGS, **{**ASKED, **fields, "stream": True}).chunks


def joined(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """Join the deltas of one choice as clients do."""
    message: dict[str, Any] = {"content": "", "reasoning": "", "calls": []}
    for chunk in chunks:
        for choice in chunk["choices"]:
            delta = choice["delta"]
            message["content"] += delta.get("content") or ""
            message["reasoning"] += delta.get("reasoning") or ""
            for call in delta.get("tool_calls", ()):
                if "id" in call:
                    assert call["index"] == len(message["calls"])
                    message["calls"].append([call["function"]["name"], ""])
                else:
                    message["calls"][call["index"]][1] += call["function"]["arguments"]
            message["finish_reason"] = choice["finish_reason"]
    return message


def flattened(reply: dict[str, Any]) -> dict[str, Any]:
    [choice] = reply["choices"]
    message = choice["message"]
    calls = [[c["function"]["name"], c["function"]["arguments"]] for c in message.get("tool_calls", ())]
    return {
        "content": message["content"] or "",
        "reasoning": message["reasoning"] or "",
        "calls": calls,
        "finish_reason": choice["finish_reason"],
    }


def test_call_is_a_tool_call() -> None:
    [choice] = reply(f"Let me check.{CALL}")["choices"]
    message = choice["message"]
    assert message["content"] == "Let me check."
    [call] = message["tool_calls"]
    assert re.fullmatch("chatcmpl-tool-[0-9a-f]{16}", call["id"])
    assert call["type"] == "function"
    assert call["function"] == {"name": "get_weather", "arguments": ARGUMENTS}
    assert choice["finish_reason"] == "tool_calls"
    assert list(message) == [
        "role", "content", "refusal", "annotations", "audio", "function_call", "tool_calls", "reasoning",
    ]  # fmt: skip


def test_call_alone_has_no_content() -> None:
    assert reply(CALL)["choices"][0]["message"]["content"] is None


def test_text_is_content_and_no_call() -> None:
    [choice] = reply("Just text.")["choices"]
    assert choice["message"]["content"] == "Just text."
    assert "tool_calls" not in choice["message"]
    assert choice["finish_reason"] == "stop"


def test_stream_sends_name_then_arguments() -> None:
    found = chunks(CALL)
    deltas = [chunk["choices"][0]["delta"] for chunk in found]
    assert deltas[0] == {"role": "assistant", "content": ""}
    [first] = deltas[1]["tool_calls"]
    assert deltas[1]["content"] is None
    assert list(first) == ["id", "type", "index", "function"]
    assert first["function"] == {"name": "get_weather"}
    assert deltas[2] == {"content": None, "tool_calls": [{"index": 0, "function": {"arguments": '{"'}}]}
    assert deltas[-1] == {}
    assert found[-1]["choices"][0]["finish_reason"] == "tool_calls"
    assert all(len(delta.get("tool_calls", ())) <= 1 for delta in deltas)


TEXTS = [
    f"<think>\nhm 日本 </think>\n\nI say 😀.\n{CALL}\n{CALL}",
    "<think>never closed",
    f"{CALL} behind {CALL[:60]}",
    "a <tool_call> b",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("tokens_per_step", [1, 3, 50])
def test_stream_joins_to_the_unstreamed_message(text: str, tokens_per_step: int) -> None:
    whole = reply(text)
    assert joined(chunks(text, tokens_per_step)) == flattened(whole)
    assert joined(chunks(text, tokens_per_step, stream_interval=4)) == flattened(whole)
    usage = chunks(text, tokens_per_step, stream_options={"include_usage": True})[-1]["usage"]
    assert usage["completion_tokens_details"] == whole["usage"]["completion_tokens_details"]


def test_cut_call_says_length() -> None:
    num_tokens = len(TOKENIZER.encode(CALL, add_special_tokens=False)) - 12
    whole = flattened(reply(CALL, max_tokens=num_tokens))
    assert whole["finish_reason"] == "length"
    [(name, arguments)] = whole["calls"]
    assert name == "get_weather"
    assert ARGUMENTS.startswith(arguments)
    assert joined(chunks(CALL, max_tokens=num_tokens)) == whole


def test_one_call_if_not_parallel() -> None:
    text = f"{CALL}\n{CALL}"
    whole = flattened(reply(text, parallel_tool_calls=False))
    assert whole["calls"] == [["get_weather", ARGUMENTS]]
    assert joined(chunks(text, parallel_tool_calls=False)) == whole
    assert len(flattened(reply(text))["calls"]) == 2


@pytest.mark.parametrize("choice", ["none", None])
def test_no_choice_leaves_calls_in_the_content(choice: str | None) -> None:
    assert flattened(reply(CALL, tool_choice=choice))["content"] == CALL


def test_reasoning_is_apart_and_counted() -> None:
    body = reply("<think>so so</think>Yes", tools=None)
    assert body["choices"][0]["message"]["reasoning"] == "so so"
    assert body["choices"][0]["message"]["content"] == "Yes"
    num_tokens = len(TOKENIZER.encode("so so", add_special_tokens=False))
    assert body["usage"]["completion_tokens_details"] == {"reasoning_tokens": num_tokens}
    assert reply("Yes", tools=None)["usage"]["completion_tokens_details"] == {"reasoning_tokens": 0}


def test_reasoning_is_left_out_if_unwanted() -> None:
    text = "<think>so so</think>Yes"
    assert flattened(reply(text, include_reasoning=False))["reasoning"] == ""
    found = chunks(text, include_reasoning=False, logprobs=True)
    assert joined(found)["content"] == "Yes"
    assert all("reasoning" not in chunk["choices"][0]["delta"] for chunk in found)
    assert reply(text, include_reasoning=False)["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0


def test_thinking_switched_off_is_content() -> None:
    kwargs = {"chat_template_kwargs": {"enable_thinking": False}}
    settings = replace(SETTINGS, reasoning_parser="qwen3")
    assert flattened(reply("Yes", settings, **kwargs))["content"] == "Yes"
    assert flattened(reply("Yes", settings))["reasoning"] == "Yes"
    assert flattened(reply("Yes", settings, reasoning_effort="none"))["content"] == "Yes"


def test_prompt_that_opens_reasoning_is_seen() -> None:
    settings = replace(SETTINGS, trust_request_chat_template=True)
    opened = {"chat_template": "{{ messages[0].content }}<think>\n"}
    assert flattened(reply("so</think>Yes", settings, **opened))["reasoning"] == "so"
    closed = {"chat_template": "{{ messages[0].content }}<think>\n\n</think>\n\n"}
    assert flattened(reply("so</think>Yes", settings, **closed))["content"] == "so</think>Yes"


def test_special_tokens_of_a_format_are_seen() -> None:
    tokenizer = tokenizer_with(TINY_LLAMA, "[TOOL_CALLS]", "[ARGS]", "<|other|>")
    engine = ScriptedEngine(f"Hm.[TOOL_CALLS]get_weather[ARGS]{ARGUMENTS}<|other|>", tokenizer)
    settings = replace(SETTINGS, tool_call_parser="mistral")
    [choice] = ask(engine, settings, **ASKED).json["choices"]
    assert choice["message"]["content"] == "Hm."
    [call] = choice["message"]["tool_calls"]
    assert call["function"] == {"name": "get_weather", "arguments": ARGUMENTS}
    assert re.fullmatch("[a-zA-Z0-9]{9}", call["id"])
    # Without tools they are hidden as all others.
    [choice] = ask(engine, settings, messages=HELLO).json["choices"]
    assert choice["message"]["content"] == f"Hm.get_weather{ARGUMENTS}"


def test_auto_needs_a_format() -> None:
    for settings in (
        replace(SETTINGS, enable_auto_tool_choice=False),
        replace(SETTINGS, tool_call_parser="auto", trust_request_chat_template=True),
    ):
        engine = ScriptedEngine("x", TOKENIZER)
        if settings.enable_auto_tool_choice:
            engine.tokenizer = Tokenizer(TOKENIZER._backend, special_tokens=TOKENIZER.special_tokens)
        answer = ask(engine, settings, **ASKED, chat_template="{{ messages[0].content }}")
        assert answer.status == 400, answer.body
    assert answer.error["param"] is None
    assert "--tool-call-parser" in answer.error["message"]


def test_tools_may_be_kept_from_the_model() -> None:
    for excluded in (False, True):
        engine = ScriptedEngine("x", TOKENIZER)
        settings = replace(SETTINGS, exclude_tools_when_tool_choice_none=excluded)
        assert ask(engine, settings, **ASKED, tool_choice="none").status == 200
        assert ("get_weather" in engine.prompts[0]) is not excluded


# --- the official client, over a socket -------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripted() -> Iterator[ServerProcess]:
    text = f"<think>Where?</think>Let me see.\n{CALL}\n{CALL}"
    with run_server([sys.executable, "-m", "tests.server.scripted", text]) as server:
        yield server


def parses(server: ServerProcess) -> Counter[tuple[str, ...]]:
    """Return how often outputs were read for calls, by request, mode and outcome."""
    page = ask_server(server, "GET", "/metrics").body.decode()
    found = re.findall(r"^vllm:tool_call_parser_invocations_total{(.*)} (.*)$", page, re.MULTILINE)
    assert len(found) == 12
    counts: Counter[tuple[str, ...]] = Counter()
    for labels, count in found:
        told = dict(re.findall(r'(\w+)="(\w+)"', labels))
        counts[told["request_type"], told["mode"], told["outcome"]] = int(float(count))
    return counts


def test_reading_for_calls_is_counted(scripted: ServerProcess) -> None:
    before = parses(scripted)
    chat(scripted, tools=[WEATHER], max_tokens=900, n=2, temperature=1)
    chat(scripted, tools=[WEATHER], max_tokens=3)
    chat(scripted, tools=[WEATHER], tool_choice="none")
    chat(scripted, tools=[WEATHER], tool_choice="required", max_tokens=900)
    tool = {"name": "get_weather", "input_schema": {"type": "object"}}
    asked = {"messages": HELLO, "model": "scripted", "max_tokens": 900, "tools": [tool]}
    assert ask_server(scripted, "POST", "/v1/messages", asked).status == 200
    asked = {"input": "Hi", "tools": [{"type": "function", **tool}]}
    assert ask_server(scripted, "POST", "/v1/responses", asked).status == 200
    assert parses(scripted) - before == {
        ("chat_completions", "non_streaming", "tool_call"): 3,
        ("chat_completions", "non_streaming", "no_tool_call"): 1,
        ("responses", "non_streaming", "tool_call"): 1,
    }
    before = parses(scripted)
    frames = chat(scripted, tools=[WEATHER], max_tokens=900, stream=True).chunks
    num_calls = sum(bool(c["delta"].get("tool_calls")) for frame in frames for c in frame["choices"])
    new = parses(scripted) - before
    assert new.keys() == {
        ("chat_completions", "streaming", "tool_call"),
        ("chat_completions", "streaming", "no_tool_call"),
    }
    assert 0 < new["chat_completions", "streaming", "tool_call"] <= num_calls


class GetWeather(BaseModel):
    city: str


def test_official_client_sees_calls_and_reasoning(scripted: ServerProcess) -> None:
    tool = openai.pydantic_function_tool(GetWeather, name="get_weather")
    asked: dict[str, Any] = {"model": "scripted", "messages": HELLO, "tools": [tool]}
    with openai.OpenAI(base_url=scripted.url, api_key="EMPTY", max_retries=0) as client:
        whole = client.chat.completions.parse(**asked).choices[0]
        with client.chat.completions.stream(**asked) as stream:
            events = list(stream)
            final = stream.get_final_completion().choices[0]
    assert whole.finish_reason == final.finish_reason == "tool_calls"
    assert whole.message.model_extra is not None
    assert whole.message.model_extra["reasoning"] == "Where?"
    assert whole.message.content == final.message.content == "Let me see.\n"
    for choice in (whole, final):
        assert choice.message.tool_calls is not None
        arguments = [call.function.parsed_arguments for call in choice.message.tool_calls]
        assert arguments == [GetWeather(city="Paris")] * 2
    deltas = [each for each in events if each.type == "tool_calls.function.arguments.delta"]
    assert "".join(each.arguments_delta for each in deltas) == ARGUMENTS * 2
    assert {each.index for each in deltas} == {0, 1}


# --- by force, on a real engine ---------------------------------------------------------------------------

FORMATS = (
    "hermes", "pythonic", "qwen3_coder",
)  # fmt: skip
STRICT = {
    "type": "function",
    "function": {
        "name": "look_up",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {
                "word": {"type": "string", "maxLength": 6},
                "count": {"enum": [1, 2, 3]},
                "exact": {"type": "boolean"},
            },
            "required": ["word", "count"],
        },
    },
}


class LookUp(BaseModel):
    """Look a word up."""

    word: str = Field(max_length=6)
    exact: bool


@pytest.fixture(scope="module", params=FORMATS)
def caller(request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    args = (str(TINY_LLAMA), "--served-model-name", "tiny", "--generation-config", "vllm")
    with start_server(*args, "--tool-call-parser", request.param, "--no-enable-prefix-caching") as server:
        yield server


def check_look_up(arguments: str) -> None:
    found = json.loads(arguments)
    assert {"word", "count"} <= set(found) <= {"word", "count", "exact"}
    assert isinstance(found["word"], str)
    assert found["count"] in (1, 2, 3)
    assert isinstance(found.get("exact", True), bool)


def test_forced_calls_follow_the_schema(caller: ServerProcess) -> None:
    fields: dict[str, Any] = {
        "tools": [STRICT, NOW],
        "max_tokens": 300,
        "ignore_eos": False,
        "temperature": 1,
    }
    for seed in range(3):
        settings = {**fields, "seed": seed, "tool_choice": "required", "parallel_tool_calls": False}
        answer = chat(caller, **settings)
        [choice] = answer.json["choices"]
        assert choice["finish_reason"] == "tool_calls", answer.body
        assert choice["message"]["content"] == ""
        [call] = choice["message"]["tool_calls"]
        if call["function"]["name"] == "look_up":
            check_look_up(call["function"]["arguments"])
        else:
            assert json.loads(call["function"]["arguments"]) == {}
        streamed = joined(chat(caller, **settings, stream=True).chunks)
        assert streamed["calls"] == [[call["function"]["name"], call["function"]["arguments"]]]
        assert streamed["finish_reason"] == "tool_calls"
        assert streamed["content"] == ""


def test_official_client_gets_a_named_call(caller: ServerProcess) -> None:
    with openai.OpenAI(base_url=caller.url, api_key="EMPTY", max_retries=0) as client:
        reply = client.chat.completions.parse(
            model="tiny",
            messages=[{"role": "user", "content": "Look up a word."}],
            tools=[openai.pydantic_function_tool(LookUp)],
            tool_choice={"type": "function", "function": {"name": "LookUp"}},
            max_tokens=300,
            temperature=1,
            seed=1,
        )
        assert reply.choices[0].finish_reason == "stop"  # as in vLLM
        assert reply.choices[0].message.tool_calls
        assert isinstance(reply.choices[0].message.tool_calls[0].function.parsed_arguments, LookUp)
        with client.chat.completions.stream(
            model="tiny",
            messages=[{"role": "user", "content": "Look up a word."}],
            tools=[openai.pydantic_function_tool(LookUp)],
            tool_choice={"type": "function", "function": {"name": "LookUp"}},
            max_tokens=300,
            temperature=1,
            seed=1,
        ) as stream:
            streamed = stream.get_final_completion()
        assert streamed.choices[0].message.tool_calls
        first, second = (each.choices[0].message.tool_calls for each in (reply, streamed))
        assert first is not None
        assert second is not None
        assert first[0].function.arguments == second[0].function.arguments


# --- thinking_token_budget ------------------------------------------------------------------------------


def test_budget_of_thoughts_reaches_the_engine() -> None:
    engine = ScriptedEngine("Hi.", TOKENIZER)
    for asked in (5, 0, -1, None):
        assert ask(engine, SETTINGS, messages=HELLO, thinking_token_budget=asked).status == 200
    start, end = TOKENIZER.token_to_id("<think>"), TOKENIZER.token_to_id("</think>")
    assert start is not None
    assert end is not None
    wanted = [ThinkingBudget(number, [(start,)], [(end,)]) for number in (5, 0)]
    assert [params.thinking_budget for params in engine.params] == [*wanted, None, None]


@pytest.mark.parametrize(
    ("settings", "budget"), [(SETTINGS, -2), (replace(SETTINGS, reasoning_parser=""), 5)]
)
def test_budget_that_means_nothing_is_refused(settings: ServerSettings, budget: int) -> None:
    answer = ask(ScriptedEngine("Hi.", TOKENIZER), settings, messages=HELLO, thinking_token_budget=budget)
    assert (answer.status, answer.error["type"]) == (400, "BadRequestError")
    assert "thinking_token_budget" in answer.error["message"]


@pytest.mark.parametrize("budget", [0, 7])
def test_model_stops_thinking_when_its_budget_is_spent(budget: int) -> None:
    fields: dict[str, Any] = {
        "messages": [*HELLO, {"role": "assistant", "content": "<think>"}],
        "add_generation_prompt": False,
        "continue_final_message": True,
        "return_token_ids": True,
        "temperature": 0,
        "max_tokens": 24,
    }
    engine = Engine.from_folder(TINY_LLAMA, EngineConfig(max_model_len=128))
    answer = ask(engine, SETTINGS, thinking_token_budget=budget, **fields)
    assert answer.status == 200, answer.body
    [choice] = answer.json["choices"]
    end = engine.tokenizer.encode("</think>", add_special_tokens=False)
    assert choice["token_ids"][budget : budget + len(end)] == end
    assert choice["message"]["content"]
    assert bool(choice["message"]["reasoning"]) == bool(budget)
