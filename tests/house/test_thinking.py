"""Thoughts in the training text: where they are asked for, as a parser reads them, and true."""

from __future__ import annotations

import random
import re

import pytest

from training.dialogue import Dialogue
from training.thinking import thinking_dialogue

COUNT = 800
WISH = r"think|thought|reason|reflect|step|working|moment|brain|how you get there"


@pytest.fixture(scope="module")
def dialogues() -> list[Dialogue]:
    rng = random.Random(5)
    return [thinking_dialogue(rng) for _ in range(COUNT)]


def parts(content: str) -> tuple[str, str]:
    """Return the thought and the answer."""
    found = re.fullmatch(r"<think>\n([^<]+)\n</think>\n\n([^<]+)", content)
    assert found, content
    return found[1], found[2]


def test_last_answer_is_thought_about(dialogues: list[Dialogue]) -> None:
    for dialogue in dialogues:
        thought, answer = parts(dialogue.messages[-1]["content"])
        assert thought.strip()
        assert answer.strip()
        assert len(thought) < 600


def test_thoughts_are_asked_for(dialogues: list[Dialogue]) -> None:
    for dialogue in dialogues:
        system = dialogue.messages[0]["content"] if dialogue.messages[0]["role"] == "system" else ""
        asked = f"{system} {dialogue.messages[-2]['content']}".lower()
        assert dialogue.enable_thinking or re.search(WISH, asked), asked


def test_earlier_thoughts_are_not_learned(dialogues: list[Dialogue]) -> None:
    for dialogue in dialogues:
        for message in dialogue.messages[:-1]:
            if message["role"] == "assistant":
                assert message.get("learned", True) == ("<think>" not in message["content"])


def test_steps_of_sums_are_right(dialogues: list[Dialogue]) -> None:
    checked = 0
    for dialogue in dialogues:
        thought, answer = parts(dialogue.messages[-1]["content"])
        result = re.fullmatch(r"\d+ [+-] \d+ = (-?\d+)\.", answer)
        if not result:
            continue
        for expression, value in re.findall(r"((?:\d+ [+-] )+\d+) = (\d+)", thought):
            terms = expression.replace("- ", "-").replace("+ ", "").split()
            assert sum(map(int, terms)) == int(value), thought
        assert thought.endswith(f"That gives {result[1]}.")
        checked += 1
    assert checked > COUNT / 10


def test_letters_are_counted_one_by_one(dialogues: list[Dialogue]) -> None:
    checked = 0
    for dialogue in dialogues:
        thought, answer = parts(dialogue.messages[-1]["content"])
        asked = re.fullmatch(r"([\w-]+): the letter (\w) occurs (\d+) times?\.", answer)
        if asked:
            steps = thought.split(". ")[0].split(", ")
            assert "".join(step[0] for step in steps) == asked[1].replace("-", "")
            assert sum(" " in step for step in steps) == int(asked[3])
            checked += 1
    assert checked
