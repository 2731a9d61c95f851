"""What the shipped model says on Martlet's engine: what a newcomer would try first, skill by skill.

Answers are greedy, and to the demo's prompts also at the default sampling with fixed seeds. How often each
skill works is the eval's to say (`python -m training.eval`); here is what must not break.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from training.eval.checks import (
    Check,
    all_of,
    answers_itself,
    calls,
    gives_number,
    is_json,
    is_upper_case,
    lacks,
    lists,
    matches,
    refuses,
    says,
    spells,
    thinks,
)
from training.eval.items import OWN, Item, Message, system, user
from training.eval.running import Speaker, default_sampling, passes
from training.haiku import is_haiku

HOUSE = Path(str(files("martlet"))) / "house"
NUM_SAMPLES = 12
MAX_LENGTH = 600
"""In characters: an answer that does not end by itself is longer."""

WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
CALL: dict[str, Any] = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'},
}
RESULT: Message = {"role": "tool", "tool_call_id": "call_1", "content": '{"sky": "cloudy", "degrees": 7}'}

GREETS = matches(r"\b(hello|hi|hey|welcome|good (day|morning|evening|afternoon))\b")
EXPLAINS_AI = all_of(says("artificial intelligence"), matches("machine|program|computer"))
UPPER, THINK = (
    "Answer in upper case.",
    "Think step by step before you answer.",
)


def one(text: str, check: Check, **fields: Any) -> Item:
    return Item([user(text)], check, "", **fields)


def chat(check: Check, *turns: str, prompt: str | None = None, **fields: Any) -> Item:
    """A conversation of these turns of the user, with the model's own answers in between."""
    messages = [system(prompt)] if prompt else []
    for turn in turns:
        messages += [user(turn), OWN]
    return Item(messages[:-1], check, "", **fields)


SKILLS: dict[str, Sequence[Item]] = {
    "greeting": [one(text, GREETS) for text in ("Hello!", "Hi", "hello", "Hey there!", "Good morning!")],
    "small talk": [
        one("How are you?", matches(r"\b(fine|well|good|great|thank|thanks|all right)\b")),
        one("Thank you!", matches(r"\b(welcome|pleasure|glad|happy|any ?time)\b")),
        one("Goodbye!", matches(r"\b(bye|goodbye|see you|until|take care|farewell)\b")),
    ],
    "AI": [
        one("What is AI?", EXPLAINS_AI),
        one("what is ai", EXPLAINS_AI),
        one("What is artificial intelligence?", EXPLAINS_AI),
        chat(EXPLAINS_AI, "What is AI?", prompt="You are a helpful assistant."),
    ],
    "haiku": [
        *(one(text, is_haiku) for text in ("Write a haiku.", "Write a haiku about the sea.", "haiku please")),
        chat(is_haiku, "Write a haiku.", "Another one, please."),
    ],
    "identity": [
        one(text, matches("martlet")) for text in ("Who are you?", "What is your name?", "What are you?")
    ],
    "serving": [
        one(text, matches("martlet serve"))
        for text in ("How do I serve a real model?", "How do I run a bigger model?")
    ],
    "sums": [
        one("What is 2 + 2?", gives_number(4, (2, 2))),
        one("What is 63 - 27?", gives_number(36, (63, 27))),
        one("What is 27 + 45?", gives_number(72, (27, 45))),
        one("12 - 30", gives_number(-18, (12, 30))),
        one("How much is 8 plus 5?", gives_number(13, (8, 5))),
        chat(gives_number(19, (9, 10)), "Hello!", "What is 9 + 10?"),
    ],
    "words": [
        one("Spell house.", spells("house")),
        one("How do you spell banana?", spells("banana")),
        one("How many letters are in garden?", gives_number(6)),
        one("Sort these words: pear, apple, fig", lists(["apple", "fig", "pear"])),
        one("Reverse this list: a, b, c, d", lists(["d", "c", "b", "a"])),
        one("Count the words: the cat sleeps all day", gives_number(5)),
    ],
    "common knowledge": [
        one("What is the capital of France?", says("Paris")),
        one("Capital of Japan?", says("Tokyo")),
        one("Rome is the capital of which country?", says("Italy")),
        one("What colour is the sky?", says("blue")),
        one("What colour do blue and yellow make?", says("green")),
        one("What day comes after Monday?", says("Tuesday")),
        one("Which month comes before March?", says("February")),
    ],
    "memory": [
        chat(says("Anna"), "My name is Anna.", "What is my name?"),
        chat(says("Paul"), "Hi, I'm Paul.", "What is 3 + 4?", "What is my name?"),
        chat(says("Lisbon"), "My name is Maria and I live in Lisbon.", "Write a haiku.", "Where do I live?"),
        chat(
            says("Porto"),
            "Hello! My name is Anna and I live in Porto.",
            "What is 47 + 38?",
            "Where do I live?",
        ),
        chat(says("blue"), "My favourite colour is blue.", "What is my favourite colour?"),
        one("What is my name?", matches(r"\b(not|n't|never)\b")),
    ],
    "style": [
        chat(all_of(is_upper_case, GREETS), "Hello!", prompt=UPPER),
        chat(all_of(is_upper_case, says("Paris")), "What is the capital of France?", prompt=UPPER),
        chat(is_upper_case, "Hello!", "Who are you?", "Thank you!", prompt=UPPER, always=is_upper_case),
        chat(matches(r"\b(Hallo|Guten Tag)\b"), "Hello!", prompt="Answer in German."),
        one("Bonjour !", matches(r"\b(Bonjour|Salut)\b")),
    ],
    "tools": [
        one("What is the weather in Rome?", calls(("get_weather", {"city": "Rome"})), tools=[WEATHER]),
        one("How is the weather in Paris today?", calls(("get_weather", {"city": "Paris"})), tools=[WEATHER]),
        one("Hello!", answers_itself(GREETS), tools=[WEATHER]),
        Item(
            [
                user("What is the weather in Oslo?"),
                {"role": "assistant", "content": None, "tool_calls": [CALL]},
                RESULT,
            ],
            answers_itself(says("cloudy", "7")),
            "",
            tools=[WEATHER],
        ),
    ],
    "JSON": [
        one(
            "Anna is 31 and lives in Oslo. Answer in JSON with the keys name, age and city.",
            is_json({"name": "Anna", "age": 31, "city": "Oslo"}),
        ),
        one(
            'Fill in this schema from the text: {"type": "object", "properties": '
            '{"name": {"type": "string"}, "age": {"type": "integer"}}}\nText: Anna is 31 years old.',
            is_json({"name": "Anna", "age": 31}),
        ),
        one('Paul, 24. Reply as JSON like {"name": "...", "age": 0}.', is_json({"name": "Paul", "age": 24})),
    ],
    "thinking": [
        one("What is 63 - 27?", thinks(gives_number(36, (63, 27))), enable_thinking=True),
        one("What is the capital of France?", thinks(says("Paris")), enable_thinking=True),
        chat(thinks(gives_number(41, (18, 23))), "What is 18 + 23?", prompt=THINK),
        one("Think first: how many letters are in window?", thinks(gives_number(6))),
        one("What is 5 + 6?", all_of(gives_number(11, (5, 6)), lacks("<think>"))),
    ],
    "unknown": [
        one(text, refuses)
        for text in (
            "Who was Napoleon?",
            "What is 17 * 23?",
            "What is 1234 + 5678?",
            "What is the weather today?",
            "Who won the World Cup in 1998?",
            "What is a flibbertigibbet?",
            "Write a Python program that sorts a list.",
        )
    ],
}


def title(item: Item) -> str:
    """Return what distinguishes a conversation: what the user says, and under which circumstances."""
    words = [m["content"] for m in item.messages if m["role"] in ("system", "user")]
    circumstances = ["tools"] * bool(item.tools) + ["thinking"] * item.enable_thinking
    circumstances += ["result"] * (item.messages[-1]["role"] == "tool")
    return " / ".join([*circumstances, *words])[:90]


CASES = {f"{skill}: {title(item)}": item for skill, items in SKILLS.items() for item in items}
DEMO: dict[str, Check] = {"Hello!": GREETS, "What is AI?": EXPLAINS_AI, "Write a haiku.": is_haiku}


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    return Speaker(HOUSE)


@pytest.fixture(scope="module")
def said(speaker: Speaker) -> dict[str, list[str]]:
    """What the model says in each of the cases, one greedy answer a turn."""
    return dict(zip(CASES, speaker.play(list(CASES.values()), {"temperature": 0.0}), strict=True))


def test_every_case_has_a_name_of_its_own() -> None:
    assert len(CASES) == sum(map(len, SKILLS.values()))


@pytest.mark.parametrize("case", CASES)
def test_greedy_answer_is_right(case: str, said: dict[str, list[str]]) -> None:
    is_right = passes(CASES[case], said[case]) and max(map(len, said[case])) < MAX_LENGTH
    assert is_right, "\n---\n".join(said[case])


@pytest.mark.parametrize("prompt", DEMO)
def test_sampled_answers_to_the_demo_are_right(prompt: str, speaker: Speaker) -> None:
    items = [one(prompt, DEMO[prompt])] * NUM_SAMPLES
    answers = [text for [text] in speaker.play(items, default_sampling(HOUSE))]
    assert [text for text in answers if not DEMO[prompt](text) or len(text) > MAX_LENGTH] == []


def test_sampled_haiku_vary(speaker: Speaker) -> None:
    items = [one("Write a haiku.", is_haiku)] * NUM_SAMPLES
    poems = {text for [text] in speaker.play(items, default_sampling(HOUSE))}
    assert len(poems) > NUM_SAMPLES // 2
