"""The writers of small talk, styles and memory: what they write keeps its promises."""

from __future__ import annotations

import random
import re

import pytest

from training import memory, names, noise, skills, smalltalk, styles, sums, topics, unknowns, words
from training.dialogue import Turn
from training.held_out import held_out
from training.styles import Style

SLOTS = re.compile(
    r"\b(SUBJECT|NUMBER|NAME|VALUE|WHO|PERSON|BIG|DIGITS|COUNTRY|GERMAN|FRENCH|WORD|FOREIGN)\b|[{}|]"
)


def turns(seed: int, count: int) -> list[Turn]:
    rng = random.Random(seed)
    return [skills.opening_turn(rng) for _ in range(count)]


def replies(turn: Turn, style: Style, rng: random.Random) -> list[str]:
    dialogue = styles.in_style([turn], style, rng)
    return [message["content"] for message in dialogue.messages if message["role"] == "assistant"]


def test_opening_turns_leave_no_slot() -> None:
    found = [turn.assistant for turn in turns(1, 4000)]
    assert not [text for text in found if SLOTS.search(text.replace("NAME=PATH", ""))]


def test_every_intent_and_topic_has_a_short_answer() -> None:
    assert set(smalltalk.INTENTS) - set(smalltalk.SHORT) == {"say_test", "joke"}
    assert {topic.names[0] for topic in topics.TOPICS} == set(topics.SHORT)


def test_unknown_sums_are_beyond_two_digits() -> None:
    rng = random.Random(2)
    for _ in range(2000):
        text = unknowns.fill(rng.choice(["BIG + NUMBER", "NUMBER - BIG"]), rng)
        assert max(map(int, re.findall(r"\d+", text))) > 99


def test_unknown_capital_is_not_of_a_country() -> None:
    found = [turn.user for turn in turns(3, 20000) if turn.skill == "unknown" and "capital of" in turn.user]
    assert found
    assert not [
        text for text in found if re.search("|".join(unknowns.COUNTRIES), text.split("capital of")[1])
    ]


def test_upper_style_has_no_small_letter() -> None:
    rng = random.Random(4)
    for turn in turns(5, 1500):
        for text in replies(turn, Style(upper=True), rng):
            assert text == text.upper()


def test_polite_style_is_courteous() -> None:
    rng = random.Random(6)
    courtesy = re.compile(r"please|thank|gladly|pleasure|of course|certainly|by all means", re.I)
    for turn in turns(7, 1500):
        if ":" not in turn.skill:
            assert all(courtesy.search(text) for text in replies(turn, Style(polite=True), rng)), turn


def test_short_style_is_short_except_for_poems_and_stories() -> None:
    rng = random.Random(8)
    for turn in turns(9, 1500):
        if turn.skill not in ("haiku", "haiku_about", "story", "joke", "count"):
            for text in replies(turn, Style(short=True), rng):
                assert len(text.split()) <= 6, (turn, text)


@pytest.mark.parametrize(("language", "hello"), [("de", "Hallo|Guten Tag"), ("fr", "Bonjour|Salut")])
def test_language_style_greets_in_it_whatever_the_user_speaks(language: str, hello: str) -> None:
    rng = random.Random(10)
    greetings = [skills.said("greeting", rng) for _ in range(50)]
    greetings += [turn for turn in (skills.foreign_turn(rng) for _ in range(400)) if "greeting" in turn.skill]
    for turn in greetings:
        assert all(re.match(hello, text) for text in replies(turn, Style(language=language), rng))


def test_english_style_answers_foreign_greeting_in_english() -> None:
    rng = random.Random(11)
    found = [turn for turn in (skills.foreign_turn(rng) for _ in range(400)) if "greeting" in turn.skill]
    for turn in found:
        assert all(re.match("Hello|Hi", text) for text in replies(turn, Style(language="en"), rng))


def test_foreign_small_talk_is_answered_in_its_language() -> None:
    rng = random.Random(12)
    known_words = {
        "de": "ich|ist|es|hallo|tag|dank|danke|gerne?|bitte|wenig|tschüss|bald|wiedersehen",
        "fr": "je|ça|bonjour|salut|merci|rien|plaisir|revoir|bientôt|quoi|bien|enchanté|bienvenue|vous|peu",
    }
    for language, known in known_words.items():
        for _ in range(300):
            turn = skills.foreign_turn(rng, language)
            assert re.search(rf"\b({known})\b", turn.assistant, re.I), turn


def test_recalled_facts_were_told_and_untold_ones_were_not() -> None:
    rng = random.Random(13)
    num_recalled = 0
    for _ in range(3000):
        said = ""
        for turn in memory.memory_turns(rng):
            if turn.skill in ("recall", "recall_of") and ", " not in turn.key:
                num_recalled += 1
                assert turn.key.lower() in turn.assistant.lower()
                assert turn.key.lower() in said.lower()
            said += " " + turn.user
    assert num_recalled > 2000


def test_corrected_fact_is_recalled_anew() -> None:
    rng = random.Random(14)
    num_corrected = 0
    for _ in range(2000):
        chat = memory.own_turns(rng)
        for at, turn in enumerate(chat):
            if turn.skill == "told" and re.match(r"(Actually|No, wait|Correction|Sorry)", turn.user):
                kinds = [n for n in memory.ATTRIBUTES if f"my favourite {n} " in turn.user]
                for later in chat[at:]:
                    if (
                        kinds
                        and later.skill == "recall"
                        and ", " not in later.key
                        and f"favourite {kinds[0]} is" in later.assistant
                    ):
                        num_corrected += 1
                        assert later.key.lower() in turn.user.lower()
    assert num_corrected > 5


def test_names_of_people_are_not_held_out() -> None:
    rng = random.Random(15)
    found = {names.name(rng) for _ in range(5000)}
    assert not [name for name in found if held_out(name)]
    assert len(found) > 1000
    told = [turn.key for turn in turns(16, 5000) if turn.skill.endswith("user_name")]
    assert told
    assert not [name for name in told if held_out(name)]


def test_name_is_answered_with_the_name() -> None:
    rng = random.Random(17)
    for _ in range(300):
        turn = skills.said("user_name", rng)
        assert turn.key in turn.user
        assert turn.key in turn.assistant


def test_exact_noise_keeps_letters_and_digits() -> None:
    rng = random.Random(18)
    for _ in range(1000):
        text = "How many letters are in martlet, and what is 27 + 45?"
        assert text.lower().rstrip("?") in noise.roughen(text, rng, exact=True).lower()


def test_styles_keep_the_results_of_closed_skills() -> None:
    rng = random.Random(19)
    openers = [*sums.OPENERS, *words.OPENERS]
    for _ in range(1500):
        turn = rng.choice(openers)[0](rng)
        result = sums.short_answer(turn) or words.short_answer(turn)
        if result is None:
            continue
        assert replies(turn, Style(short=True), rng) == [result]
        for style in (Style(upper=True), Style(polite=True), Style(language="de")):
            for text in replies(turn, style, rng):
                assert all(line.upper() in text.upper() for line in result.splitlines())


def test_two_facts_asked_for_at_once_are_both_in_the_answer() -> None:
    rng = random.Random(11)
    facts = {"name": "Ada", "city": "Oslo", "age": "31", "pet": "pony"}
    joint = 0
    for _ in range(200):
        turn = memory._summary_turn(facts, rng)
        told = turn.key.split(", ")
        assert all(value in turn.assistant for value in told)
        if len(told) == 2:
            joint += 1
            assert " and " in turn.user
        else:
            assert told == list(facts.values())
    assert 50 < joint < 150


def test_introductions_tell_each_fact_once() -> None:
    rng = random.Random(12)
    for facts in ({"name": "Ada", "city": "Oslo"}, {"city": "Oslo", "name": "Ada", "pet": "pony"}):
        found = [turn.user for _ in range(40) if (turn := memory._introduction(facts, rng))]
        assert found
        assert all(text.count(value) == 1 for text in found for value in facts.values())
    assert memory._introduction({"job": "baker"}, rng) is None
