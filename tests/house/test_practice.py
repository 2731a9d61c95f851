"""Pages of practice: what is learned follows from what stands before it. Pairs: two texts, one meaning."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator

from training import pairs, practice
from training.held_out import held_out

PAGES = 150


def lines(make: Callable[[random.Random], Iterator[practice.Line]]) -> Iterator[practice.Line]:
    rng = random.Random(3)
    for _ in range(PAGES):
        yield from make(rng)


def test_sums_are_right_and_not_held_out() -> None:
    for given, answer in lines(practice.repeated(practice.sum_line)):
        left, sign, right = given.rstrip(" =").split()
        plus = sign in ("+", "plus")
        assert int(answer) == int(left) + (int(right) if plus else -int(right))
        assert not held_out(f"{left}{'+' if plus else '-'}{right}")


def test_letters_are_those_of_the_word() -> None:
    for given, answer in lines(practice.repeated(practice.letters_line)):
        word = given.split()[0].rstrip(":")
        if given.endswith("upper case:"):
            assert answer == word.upper()
            continue
        spelled, *rest = answer.split(", ")
        assert spelled == "-".join(word)
        assert rest in ([], [f"{len(word)} letters"], ["-".join(word[::-1]), word[::-1]])


def test_lists_come_in_the_order_that_is_asked() -> None:
    items: list[str] = []
    for given, answer in lines(practice.lists):
        *told, order = given.split("\n")
        if told and told[0]:
            items = told[0].split(", ")
        by = int if items[0].isdigit() else str.lower
        found = answer.split(", ")
        if order.startswith("after "):
            assert found == [items[items.index(order[6:-1]) + 1]]
        elif order.startswith("before "):
            assert found == [items[items.index(order[7:-1]) - 1]]
        elif order.startswith("first"):
            assert found == [items[0], items[-1], str(len(items))]
        else:
            wanted = {
                "again:": items,
                "backwards:": items[::-1],
                "sorted:": sorted(items, key=by),
            }
            assert found == wanted.get(order, sorted(items, key=by, reverse=True))


def test_values_are_those_of_the_table() -> None:
    table = ""
    for given, answer in lines(practice.lookups):
        table, _, asked = given.rpartition("\n") if "\n" in given else (table, "", given)
        if answer.startswith("{"):
            values = json.loads(answer)
            assert all(str(value) in table for pair in values.items() for value in pair)
        else:
            assert answer in table
            assert asked.rstrip("?") in table


def test_records_hold_what_the_sentence_tells_under_the_keys_that_are_asked_for() -> None:
    for given, answer in lines(practice.records):
        values = json.loads(answer)
        # Before the sentence, or after it with the colon at the end.
        assert f"{', '.join(values)}:" in given
        assert given.endswith("\n") or given.rpartition("\n")[2] == f"{', '.join(values)}:"


def test_calls_are_of_the_functions_above_and_take_their_values_from_the_request() -> None:
    offered: dict[str, str] = {}
    for given, answer in lines(practice.calls):
        said, _, end = given.rpartition("\n")
        assert end == "call:"
        above = re.match(r"(?:[\w-]+\(.*\)\n)+", given)
        if above:
            offered = dict(line.rstrip(")").split("(", 1) for line in above[0].splitlines())
            said = said[above.end() :]
        call = json.loads(answer)
        parameters = dict(part.split(": ") for part in offered[call["name"]].split(", ") if part)
        required = {name for name in parameters if not name.endswith("?")}
        assert required <= set(call["arguments"]) <= {name.rstrip("?") for name in parameters}
        texts = [value for value in call["arguments"].values() if isinstance(value, str)]
        assert all(text.lower() in said.lower() for text in texts if not re.match(r"\d", text)), given


def test_gaps_are_filled_with_what_was_told() -> None:
    told = ""
    for given, answer in lines(practice.facts):
        told, _, asked = given.rpartition("\n") if "\n" in given else (told, "", given)
        gap = asked.rpartition(": ")[0]
        # The article in a gap is "a" whatever comes after it.
        assert f"{gap.replace('...', answer)}.".replace(" an ", " a ") in told.replace(" an ", " a ")


def test_words_are_counted_and_written_in_capitals() -> None:
    for given, answer in lines(practice.repeated(practice.counted_line)):
        words = given.rstrip(":").split()
        assert answer == f"{' / '.join(words)}, {len(words)} words"
    for given, answer in lines(practice.repeated(practice.case_line)):
        assert answer == given.split(". In upper")[0].upper() + "."


def test_only_answers_are_learned() -> None:
    rng = random.Random(5)
    for _ in range(PAGES):
        page = practice.page(rng)
        assert [piece.learned for piece in page] == [False, True] * (len(page) // 2)


def test_pairs_are_two_texts_of_one_meaning() -> None:
    found = pairs.pairs(random.Random(6), 200)
    assert len(found) == 200
    assert all(pair.first != pair.second for pair in found)
    capitals = [pair for pair in found if pair.meaning.startswith("capital/")]
    assert capitals
    spelled = [pair for pair in found if pair.meaning.startswith("spell/")]
    assert all(re.search(pair.meaning[6:], text, re.I) for pair in spelled for text in pair[:2])
