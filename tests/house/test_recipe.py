"""The generator of the training text: what it promises to the trainer and to the reader of the poems."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from training import conversations, haiku, noise, skills, unknowns
from training.grammar import expand


def test_grammar_takes_one_of_nested_choices() -> None:
    seen = {expand("a{b|c{d|e}|} f", random.Random(seed)) for seed in range(50)}
    assert seen == {"ab f", "acd f", "ace f", "a f"}


def test_every_haiku_line_keeps_the_meter() -> None:
    haiku.check_lines()


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Write a haiku", 4),
        ("an old silent pond", 5),
        ("the lighthouse blinks at the moon", 7),
        ("rhythm", 1),
    ],
)
def test_syllables_are_counted(line: str, count: int) -> None:
    assert haiku.count_syllables(line) == count


def test_two_lines_are_no_haiku() -> None:
    assert not haiku.is_haiku("Rain on the tin roof,\nthe street becomes a mirror.")


def test_same_seed_gives_same_conversations() -> None:
    first, second, other = (list(islice(conversations.stream(seed), 50)) for seed in (3, 3, 4))
    assert first == second
    assert first != other


def test_conversations_leave_no_template_open() -> None:
    for messages in islice(conversations.stream(5), 2000):
        for message in messages:
            if message["role"] != "user":
                assert message["content"].strip()
                assert not any(mark in message["content"] for mark in ("{", "}", "SUBJECT", "NUMBER", "|"))


def test_conversations_alternate_after_the_system_prompt() -> None:
    for messages in islice(conversations.stream(6), 500):
        turns = [m["role"] for m in messages if m["role"] != "system"]
        assert turns == ["user", "assistant"] * (len(turns) // 2)


def test_unknown_questions_are_always_refused() -> None:
    rng = random.Random(7)
    refusals = {
        expand(t, random.Random(n)) for ts in unknowns.ANSWERS.values() for t in ts for n in range(60)
    }
    assert all(skills.unknown_turn(rng).assistant in refusals for _ in range(500))


def test_one_slip_changes_at_most_two_letters() -> None:
    rng = random.Random(8)
    for _ in range(200):
        assert abs(len(noise.slip("Write a haiku.", rng)) - len("Write a haiku.")) <= 1
