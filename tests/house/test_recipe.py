"""The generator of the training text: what it promises to the trainer and to the reader of the poems."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from training import conversations, haiku, noise, skills, unknowns
from training.grammar import expand
from training.rendering import pieces


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
    for dialogue in islice(conversations.stream(5), 2000):
        text = "".join(piece.text for piece in pieces(dialogue))
        assert not any(mark in text for mark in ("SUBJECT", "GIBBERISH", "<place>", "{|"))
        assert all(piece.text.strip() for piece in pieces(dialogue) if piece.learned)


def test_conversations_end_with_the_assistant() -> None:
    for dialogue in islice(conversations.stream(6), 500):
        roles = [message["role"] for message in dialogue.messages]
        assert roles[-1] == "assistant"
        assert roles.count("system") <= 1
        assert "system" not in roles[1:]


def test_each_kind_of_conversation_is_drawn() -> None:
    drawn = list(islice(conversations.stream(7), 300))
    assert any(dialogue.tools for dialogue in drawn)
    assert any(dialogue.enable_thinking for dialogue in drawn)
    assert any(len(dialogue.messages) > 6 for dialogue in drawn)
    assert any(message["role"] == "tool" for dialogue in drawn for message in dialogue.messages)


def test_documents_are_text() -> None:
    rng = random.Random(9)
    for _ in range(300):
        document = conversations.document(rng)
        assert "".join(piece.text for piece in document).strip()
        assert any(piece.learned for piece in document)


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
