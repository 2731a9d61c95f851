"""The skills with one right answer: the training text is true, and leaves out what the eval asks."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from training import common_knowledge, sums, words
from training.asking import ask
from training.dialogue import Turn
from training.held_out import held_out

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def turns(producer: object, count: int = 600) -> Iterator[Turn]:
    assert callable(producer)
    rng = random.Random(5)
    for _ in range(count):
        yield producer(rng)


@pytest.mark.parametrize("module", [sums, words, common_knowledge])
def test_turns_are_filled_and_varied(module: object) -> None:
    openers = vars(module)["OPENERS"]
    for producer, weight in openers:
        made = list(turns(producer, 300))
        assert weight > 0
        assert len({turn.user for turn in made}) > 100
        for turn in made:
            assert turn.skill
            assert turn.user == turn.user.strip() != ""
            assert not re.search(r"[<>{}|]|\b(NAME|NOUN|[TUVWS])\b(?!-)", turn.assistant), turn
            assert not re.search(r"<\w+>|\{[^{}]*\||\b(NOUN|Us)\b", turn.user), turn


def test_sums_are_right_and_not_held_out() -> None:
    for turn in turns(sums.sum_turn, 3000):
        found = re.fullmatch(r"(\d{1,2}) ([+-]) (\d{1,2}) = (-?\d+)\.", turn.assistant)
        assert found, turn
        left, sign, right, result = int(found[1]), found[2], int(found[3]), int(found[4])
        assert result == (left + right if sign == "+" else left - right)
        assert not held_out(f"{left}{sign}{right}")
        assert sums.short_answer(turn) == str(result)


def test_sum_asked_in_digits_names_both_operands() -> None:
    for turn in turns(sums.sum_turn, 2000):
        said = re.findall(r"(?<![\d.])\d+", turn.user)
        if said:
            assert sorted(said) == sorted(re.findall(r"\d+", turn.assistant.split("=")[0])), turn


def test_story_never_takes_away_more_than_there_is() -> None:
    rng = random.Random(2)
    assert all(a >= b for a, b in (sums.operands(rng, "-", ordered=True) for _ in range(500)))


def test_sum_goes_on_from_the_result() -> None:
    rng = random.Random(3)
    previous = Turn("What is 20 + 11?", "20 + 11 = 31.", "sum", "20+11")
    answers = [sums.follow_up(previous, rng).assistant for _ in range(200)]
    assert 50 < sum(answer.startswith("31 ") for answer in answers) < 150


@pytest.mark.parametrize(
    ("number", "text"), [(0, "zero"), (13, "thirteen"), (40, "forty"), (72, "seventy-two")]
)
def test_numbers_are_written_in_words(number: int, text: str) -> None:
    assert sums.in_words(number) == text


def test_sums_beyond_two_digits_are_not_answered() -> None:
    for turn in turns(sums.beyond_turn):
        assert "know" in turn.assistant
        assert sums.short_answer(turn) is None


def test_words_are_spelled_reversed_and_counted_right() -> None:
    for turn in turns(words.spell_turn):
        assert turn.assistant == f'"{turn.key}" is spelled {"-".join(turn.key)}.'
        assert words.short_answer(turn) == "-".join(turn.key)
    for turn in turns(words.reverse_turn):
        back = turn.key[::-1]
        assert turn.assistant == f'{"-".join(turn.key)} backwards is {"-".join(back)}: "{back}".'
        assert words.short_answer(turn) == back
    for turn in turns(words.count_letters_turn):
        assert turn.assistant == f"{'-'.join(turn.key)}: that is {len(turn.key)} letters."
        assert words.short_answer(turn) == str(len(turn.key))
    for turn in turns(words.count_letter_turn):
        word, letter = turn.key.split("/")
        assert words.short_answer(turn) == str(word.count(letter))
        assert turn.assistant.startswith(f"{'-'.join(word)}: the letter {letter} occurs ")


@pytest.mark.parametrize(
    "producer", [words.spell_turn, words.reverse_turn, words.count_letters_turn, words.count_letter_turn]
)
def test_word_is_in_the_question_and_not_held_out(producer: object) -> None:
    for turn in turns(producer):
        word = turn.key.split("/")[0]
        assert word in turn.user.lower()
        assert not held_out(word)
        assert 2 <= len(word) <= 10


def test_words_and_items_are_counted_right() -> None:
    for turn in turns(words.count_items_turn):
        found = re.fullmatch(r"(.+): that is ([2-8]) items\.", turn.assistant)
        assert found
        assert len(found[1].split(" / ")) == int(found[2])
        assert all(item in turn.user for item in found[1].split(" / "))
    for turn in turns(lambda rng: words.count_words_turn(rng, ["How many words: #<text>#"])):
        text = turn.user.split("#")[1].rstrip(".!")
        assert 2 <= len(text.split()) <= 8
        assert turn.assistant == f"{' / '.join(text.split())}: that is {len(text.split())} words."


def test_word_count_belongs_to_the_sentence_asked_about() -> None:
    for turn in turns(lambda rng: words.count_words_turn(rng, ["Count: <text>"])):
        text = re.split(r"count: ", turn.user, flags=re.IGNORECASE)[-1]
        assert len(text.split()) >= int(turn.key)


def test_lists_are_sorted_and_reversed() -> None:
    for turn in turns(words.sort_turn):
        items = turn.assistant.split(", ")
        assert items == sorted(items, key=str.lower)
        assert 2 <= len(items) <= 6
        assert not held_out(" ".join(sorted(items)))
        assert all(item in turn.user for item in items)
    for turn in turns(words.sort_numbers_turn):
        numbers = [int(item) for item in turn.assistant.split(", ")]
        assert numbers in (sorted(numbers), sorted(numbers, reverse=True))
        assert not held_out(" ".join(sorted(str(number) for number in numbers)))
    for turn in turns(words.reverse_list_turn):
        places = [turn.user.rfind(item) for item in turn.assistant.split(", ")]
        assert all(place >= 0 for place in places)


def test_list_is_reversed_to_what_was_given() -> None:
    for turn in turns(lambda rng: words.reverse_list_turn(rng, ["Reverse: <list>"])):
        given = re.split(r"reverse: ?", turn.user, flags=re.IGNORECASE)[-1]
        items = "|".join(
            re.escape(item) for item in sorted(turn.assistant.split(", "), key=len, reverse=True)
        )
        assert re.findall(rf"\b(?:{items})\b", given) == turn.assistant.split(", ")[::-1], turn


def test_vocabulary_is_broad() -> None:
    vocabulary = words.vocabulary()
    assert len(vocabulary) > 900
    assert {len(word) for word in vocabulary} == set(words.LENGTHS)
    assert {word[0] for word in vocabulary} >= set("abcdefghijklmnopqrstuvwyz")


def test_capitals_are_asked_in_both_directions() -> None:
    assert len(common_knowledge.CAPITALS) >= 60
    assert len(set(common_knowledge.CAPITALS.values())) == len(common_knowledge.CAPITALS)
    for turn in turns(common_knowledge.capital_turn):
        assert any(
            turn.assistant == f"The capital of {p} is {c}." for p, c in common_knowledge.CAPITALS.items()
        )
        assert common_knowledge.short_answer(turn) in common_knowledge.CAPITALS.values()
    for turn in turns(common_knowledge.country_turn):
        assert turn.key in common_knowledge.CAPITALS
    for turn in turns(common_knowledge.is_capital_turn):
        answer = turn.assistant.split(" is ")[1].rstrip(".")
        assert (turn.key == "yes") == bool(re.search(rf"\b{answer}\b", turn.user, re.IGNORECASE))


def test_places_that_were_not_learned_are_not_answered() -> None:
    assert not set(common_knowledge.OTHER_COUNTRIES) & set(common_knowledge.CAPITALS)
    assert not set(common_knowledge.OTHER_CITIES) & set(common_knowledge.CAPITALS.values())
    for turn in turns(common_knowledge.unknown_place_turn):
        assert "do not know" in turn.assistant
        assert common_knowledge.short_answer(turn) is None


def test_colours_are_those_of_the_table() -> None:
    assert len(common_knowledge.COLOUR_OF) >= 80
    for turn in turns(common_knowledge.colour_turn):
        assert re.fullmatch(rf"[A-Z][a-z -]+ (is|are) {turn.key}\.", turn.assistant)
    for turn in turns(common_knowledge.is_colour_turn):
        colour = turn.assistant.split()[-1].rstrip(".")
        assert (turn.key == "yes") == bool(re.search(rf"\b{colour}\b(?! (is|are))", turn.user.lower())) or (
            colour == "orange"
        )


def test_days_follow_each_other() -> None:
    found = 0
    for turn in turns(common_knowledge.later_turn):
        match = re.fullmatch(r"(\d+) days (after|before) (\w+) is (\w+)\.", turn.assistant)
        if match:
            steps = int(match[1]) * (1 if match[2] == "after" else -1)
            assert DAYS[(DAYS.index(match[3]) + steps) % 7] == match[4]
            found += 1
    assert found > 200


@pytest.mark.parametrize(
    ("month", "season"),
    [
        ("December", "winter"),
        ("February", "winter"),
        ("March", "spring"),
        ("August", "summer"),
        ("November", "autumn"),
    ],
)
def test_months_are_in_their_seasons(month: str, season: str) -> None:
    answers = {turn.assistant for turn in turns(common_knowledge.month_turn) if turn.skill == "season"}
    assert f"{month} is in {season}, in the northern half of the world." in answers
    assert len(answers) == 12


def test_follow_ups_keep_to_the_skill() -> None:
    rng = random.Random(6)
    for turn in turns(common_knowledge.next_turn, 300):
        again = common_knowledge.follow_up(turn, rng)
        assert again is not None
        assert again.skill == "next"
        assert again.assistant.split()[1] == turn.assistant.split()[1]
    for turn in turns(words.spell_turn, 300):
        again = words.follow_up(turn, rng)
        assert again is not None
        assert "-".join(again.key) in again.assistant


def test_values_survive_a_careless_hand() -> None:
    rng = random.Random(7)
    for _ in range(1000):
        assert "QxZw" in ask(["{Please |}Spell the word <word>, would you{?|}"], rng, word="QxZw")


def test_many_sums_and_words_are_answered_in_order() -> None:
    for turn in turns(sums.many_sums_turn, 300):
        operands = [line.split(" = ")[0].replace(" ", "") for line in turn.assistant.split("\n")]
        assert re.sub(r"\s", "", turn.user).find(operands[0]) >= 0
        assert not any(held_out(operand) for operand in operands)
        for line in turn.assistant.split("\n"):
            left, sign, right, _, result = line.split(" ")
            assert int(result) == (int(left) + int(right) if sign == "+" else int(left) - int(right))
    for turn in turns(words.spell_many_turn, 300):
        for line in turn.assistant.split("\n"):
            word, letters = line.split(": ")
            assert letters == "-".join(word)
            assert word in turn.user.lower()
            assert not held_out(word)


def test_letters_and_their_order_are_right() -> None:
    for turn in turns(words.letter_turn):
        found = re.fullmatch(r'The (first|last) letter of "(\w+)" is (\w)\.', turn.assistant)
        assert found, turn
        assert found[3] == found[2][0 if found[1] == "first" else -1]
        assert not held_out(found[2])
    for turn in turns(words.alphabet_turn):
        found = re.fullmatch(r"The letter (after|before) (\w) is (\w)\.", turn.assistant)
        if found:
            assert ord(found[3]) - ord(found[2]) == (1 if found[1] == "after" else -1)
    for turn in turns(lambda rng: words.compare_turn(rng, ["#<list>#"])):
        items = re.split(r", | or ", turn.user.split("#")[1])
        assert turn.key == min(items, key=str.lower)


def test_documents_hold_the_same_facts() -> None:
    rng = random.Random(8)
    for _ in range(100):
        for word, letters in re.findall(r'(\w+)"?(?: is spelled| is|:) ([a-z]-[a-z-]+)', words.document(rng)):
            assert letters == "-".join(word.lower())
        for left, sign, right, result in re.findall(r"(\d+) ([+-]) (\d+) = (-?\d+)", sums.document(rng)):
            assert int(result) == int(left) + (int(right) if sign == "+" else -int(right))
            assert not held_out(f"{left}{sign}{right}")
        assert common_knowledge.document(rng).endswith(".")


def test_stories_name_people_and_things() -> None:
    for turn in turns(sums.sum_turn, 2000):
        assert "NAME" not in turn.user
