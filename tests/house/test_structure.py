"""Training text with structure: calls, JSON and thoughts are what a server's parsers read, and true."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import jsonschema
import pytest

from training import functions, json_answers, tool_calls, values
from training.dialogue import Dialogue, Message
from training.held_out import held_out

COUNT = 600


@pytest.fixture(scope="module")
def tool_dialogues() -> list[Dialogue]:
    rng = random.Random(1)
    return [tool_calls.tool_dialogue(rng) for _ in range(COUNT)]


@pytest.fixture(scope="module")
def json_dialogues() -> list[Dialogue]:
    rng = random.Random(2)
    return [json_answers.json_dialogue(rng) for _ in range(COUNT)]


def calls(dialogue: Dialogue) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each call's name and arguments, and all that the user said up to it."""
    said = ""
    for message in dialogue.messages:
        if message["role"] == "user":
            said += message["content"] + "\n"
        for call in message.get("tool_calls") or []:
            yield call["function"]["name"], json.loads(call["function"]["arguments"]), said


def strings(value: Any) -> Iterator[str]:
    """Yield the strings and the numbers in a JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif not isinstance(value, bool) and value is not None:
        yield str(value)


def is_said(value: str, said: str) -> bool:
    """Return whether `said` has the value, small numbers as words too."""
    words = values.NUMBER_WORDS
    return value in said or (value.isdigit() and int(value) < len(words) and words[int(value)] in said)


def test_calls_fit_the_offered_functions(tool_dialogues: list[Dialogue]) -> None:
    for dialogue in tool_dialogues:
        offered = {tool["function"]["name"]: tool["function"]["parameters"] for tool in dialogue.tools}
        assert 1 <= len(offered) == len(dialogue.tools) <= tool_calls.MAX_TOOLS
        for name, arguments, _ in calls(dialogue):
            schema = {**offered[name], "additionalProperties": False}
            assert jsonschema.Draft202012Validator(schema).is_valid(arguments)


def test_arguments_are_copied_from_the_sentence(tool_dialogues: list[Dialogue]) -> None:
    for dialogue in tool_dialogues:
        for _, arguments, said in calls(dialogue):
            assert all(is_said(value, said) for value in strings(arguments)), (said, arguments)


def test_several_calls_in_one_message_are_different_ones(tool_dialogues: list[Dialogue]) -> None:
    several = 0
    for dialogue in tool_dialogues:
        for message in dialogue.messages:
            made = [str(call["function"]) for call in message.get("tool_calls") or []]
            assert len(set(made)) == len(made)
            several += len(made) > 1
    assert several > len(tool_dialogues) / 10


def test_sentences_alike_have_the_same_keys() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        first, *others = islice(json_answers.alike(rng), 5)
        for said, kind, fields in others:
            assert kind == first[1]
            assert {f.key for f in fields} == {f.key for f in first[2]}, said


def test_most_conversations_with_functions_call_one(tool_dialogues: list[Dialogue]) -> None:
    numbers = [len(list(calls(dialogue))) for dialogue in tool_dialogues]
    assert 0.7 < sum(number > 0 for number in numbers) / COUNT < 0.95
    assert sum(number > 1 for number in numbers) > COUNT / 10


def test_answers_have_every_value_of_the_results(tool_dialogues: list[Dialogue]) -> None:
    for dialogue in tool_dialogues:
        results: list[Message] = []
        for message in dialogue.messages:
            if message["role"] == "tool":
                results.append(message)
            elif results:
                for value in (value for result in results for value in result_values(result["content"])):
                    assert value in message["content"], dialogue.messages
                results = []


def result_values(content: str) -> list[str]:
    """Return the values of a result that is JSON, or its numbers and names where it is text."""
    try:
        result = json.loads(content)
    except ValueError:
        return re.findall(r"\d+", content)
    return [value for value in strings(result) if value != "error"]


def test_roles_follow_one_another(tool_dialogues: list[Dialogue]) -> None:
    letters = {"system": "s", "user": "u", "assistant": "a", "tool": "t"}
    for dialogue in tool_dialogues:
        order = "".join(
            "c" if message.get("tool_calls") else letters[message["role"]] for message in dialogue.messages
        )
        assert re.fullmatch(r"s?(u(a|ct+a))*(uc)?", order), order
        assert order not in ("", "s")


def test_every_function_of_the_table_can_be_asked_for() -> None:
    rng = random.Random(3)
    for function in functions.FUNCTIONS:
        names = {parameter.name for parameter in function.parameters}
        for ask in function.asks:
            assert set(re.findall(r"<(\w+)>", ask)) <= names, function.name
        required = {parameter.name for parameter in function.parameters if parameter.is_required}
        for _ in range(10):
            asked = functions.request(function, rng)
            assert required <= set(asked.arguments)
            assert not re.search(r"<\w+>|[{|]", asked.said.replace("`", "")), asked.said


def test_json_answers_are_objects_alone(json_dialogues: list[Dialogue]) -> None:
    for dialogue in json_dialogues:
        for message in dialogue.messages:
            if message["role"] == "assistant":
                answer = json.loads(message["content"])
                assert isinstance(answer, dict)
                assert answer
                assert json.dumps(answer, ensure_ascii=False) == message["content"]


def test_json_values_are_in_the_sentence(json_dialogues: list[Dialogue]) -> None:
    feelings = set(json_answers.SENTIMENTS)
    for dialogue in json_dialogues:
        for question, answer in zip(dialogue.messages, dialogue.messages[1:], strict=False):
            if answer["role"] != "assistant":
                continue
            said = question["content"]
            for value in set(strings(json.loads(answer["content"]))) - feelings:
                assert is_said(value, said), (said, answer["content"])


def test_json_answers_fit_the_schema_in_the_prompt(json_dialogues: list[Dialogue]) -> None:
    checked = 0
    for dialogue in json_dialogues:
        schema = None
        for message in dialogue.messages:
            start = message["content"].find('{"type": "object"')
            if message["role"] != "assistant" and start >= 0:
                schema = json.JSONDecoder().raw_decode(message["content"][start:])[0]
            elif message["role"] == "assistant" and schema is not None:
                answer = json.loads(message["content"])
                assert jsonschema.Draft202012Validator(schema).is_valid(answer)
                assert list(answer) == list(schema["properties"])
                checked += 1
    assert checked > 50


def test_names_of_the_eval_are_left_out() -> None:
    rng = random.Random(4)
    for _ in range(2000):
        name = values.person(rng)
        assert not any(held_out(part) for part in (name, *name.split()))
