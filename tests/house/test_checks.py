"""The eval's checks: a right answer in other words passes, a wrong value does not."""

from __future__ import annotations

import random

import pytest

from training.eval import checks, knowledge, talk
from training.eval.checks import Check
from training.eval.vocabulary import CAPITALS, WEEKDAYS

CALL = '<tool_call>\n{"name": "get_tide", "arguments": {"beach": "Pebble Cove", "days": 2}}\n</tool_call>'
TWO = CALL + "\n" + CALL.replace("Pebble Cove", "Seal Point")
TIDE = ("get_tide", {"beach": "Pebble Cove", "days": 2})


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (
            checks.gives_number(72, (27, 45)),
            ["27 + 45 = 72.", "72", "The sum is 72, gladly.", "72 is what 27 and 45 make", "Hm... 72!"],
            ["27 + 45 = 73.", "27 + 45", "I do not know.", "172", "72 or 73", "-72", "27 + 45 = 7.2"],
        ),
        (
            checks.gives_number(-18, (27, 45)),
            ["27 - 45 = -18.", "-18", "27 minus 45 is minus 18", "27-45=-18", "27 - 45 = \u221218"],
            ["27 - 45 = 18.", "18", "27-45", "-81"],
        ),
        (checks.gives_number(5, (5, 0)), ["5 + 0 = 5.", "5"], ["5 + 0 = 0.", "0"]),
        (checks.gives_number(3), ["c-a-t: that is 3 letters.", "Three letters."], ["4 letters", "2 or 3"]),
        (checks.gives_number(1), ["It occurs once.", "1 time"], ["twice", "1 or 2 times", "One: I cannot."]),
        (
            checks.spells("cat"),
            ['"cat" is spelled c-a-t.', "C, A, T", "c a t"],
            ["c-a-r", '"cat" is spelled c-t-a.', "cat", "c-a-t-s", "c-a-t, or c-a-r"],
        ),
        (
            checks.reverses("cat"),
            ['c-a-t backwards is t-a-c: "tac".', "tac", "Backwards it is tac."],
            ['c-a-t backwards is t-a-c: "tca".', 'It is "cat".', "c-a-t", "tacs", 't-c-a: "tac"'],
        ),
        (
            checks.lists(["apple", "fig", "pear"]),
            ["apple, fig, pear", "Apple, fig and pear.", "Sorted: apple, fig, pear", "apple\n- fig\n- pear"],
            ["apple, pear, fig", "apple, fig", "apple, fig, pear, plum", "pear, fig, apple"],
        ),
        (checks.lists(["3", "17"]), ["3, 17", "3, 17."], ["17, 3", "3, 71", "317"]),
        (
            checks.says_only("Paris", CAPITALS.values()),
            ["The capital of France is Paris.", "PARIS", "It is called Paris, gladly."],
            ["The capital of France is Rome.", "Paris or Rome", "I do not know.", "Parisian"],
        ),
        (
            checks.says_only("Tuesday", WEEKDAYS, ["Monday"]),
            ["The day after Monday is Tuesday.", "tuesday"],
            ["The day after Monday is Wednesday.", "Monday", "Tuesday or Friday"],
        ),
        (
            checks.refuses,
            [
                "I do not know that.",
                "Sorry, I can't.",
                "That is beyond me.",
                "I have never learned that.",
                "That was not in my training text. I would only invent something.",
                "I can only add and subtract numbers of up to two digits.",
            ],
            ["Osmosis is a fish.", "He was born in 1769.", "I know it well.", ""],
        ),
        (
            checks.is_not_told,
            ["You have not told me your name.", "I do not know your name yet.", "You did not mention it."],
            ["Your name is Greta.", "You told me that it is Greta."],
        ),
        (
            checks.calls(TIDE),
            [CALL, CALL.replace("\n", " "), CALL + "\n", CALL.replace("2}", "2.0}")],
            [
                CALL.replace("Pebble", "pebble"),
                CALL.replace("2", '"2"'),
                CALL.replace("get_tide", "get_time"),
                CALL.replace(', "days": 2', ""),
                CALL.replace("}}", ', "more": 1}}'),
                CALL.replace("}}", "}"),
                "Let me see. " + CALL,
                TWO,
                "High tide is at 12.",
            ],
        ),
        (
            checks.calls(TIDE, ("get_tide", {"beach": "Seal Point", "days": 2})),
            [TWO],
            [CALL, CALL + "\n" + CALL],
        ),
        (
            checks.answers_itself(checks.gives_number(3, (1, 2))),
            ["1 + 2 = 3."],
            [CALL, "4", "3 " + CALL],
        ),
        (
            checks.is_json({"name": "Ida", "age": 30, "tags": ["a", "b"], "free": True}),
            [
                '{"name": "Ida", "age": 30, "tags": ["a", "b"], "free": true}',
                '{"age":30,"name":"Ida","free":true,"tags":["a","b"]}\n',
            ],
            [
                '{"name": "Ida", "age": "30", "tags": ["a", "b"], "free": true}',
                '{"name": "Ida", "age": 30, "tags": ["b", "a"], "free": true}',
                '{"name": "Ida", "age": 30, "tags": ["a", "b"], "free": 1}',
                '{"name": "Ida", "age": 30, "tags": ["a", "b"]}',
                'Here: {"name": "Ida", "age": 30, "tags": ["a", "b"], "free": true}',
                "",
            ],
        ),
        (
            checks.has_values({"name": "Ida", "address": {"city": "Graz"}}),
            ['{"person": "Ida", "town": "Graz"}'],
            ['{"person": "Ida"}', '{"person": "Ida", "town": "Linz"}', '["Ida", "Graz"]', "Ida, Graz"],
        ),
        (
            checks.thinks(checks.gives_number(5, (2, 3))),
            ["<think>\n2 and 3 are 5.\n</think>\n\n2 + 3 = 5."],
            [
                "2 + 3 = 5.",
                "<think>\n\n</think>\n\n5",
                "<think>\n2 and 3 are 5.\n</think>\n\n6",
                "<think>\n2 and 3 are 5.\n</think>\n\n",
                "<think>\n2 and 3 are 5. 5",
                "Well <think>\nyes\n</think>\n\n5",
            ],
        ),
        (checks.is_upper_case, ["YES, 72.", "BONJOUR !", "27 + 45 = 72."], ["Yes", "it is PARIS", ""]),
        (checks.is_short, ["72", "Paris, of course."], ["", "The capital of it is the city of Paris."]),
        (checks.is_polite, ["Gladly: 72.", "72. Thank you for asking."], ["72", "The capital is Paris."]),
        (checks.is_in("de"), ["Hallo! Was gibt es?", "Ich bin Martlet."], ["Hi!", "Bonjour !", ""]),
        (checks.is_in("fr"), ["Bonjour !", "Je suis là."], ["Hi!", "Guten Tag!", ""]),
        (checks.is_in("en"), ["Hello! How can I help?", "I am fine."], ["Hallo!", "Bonjour !", "72"]),
        (
            knowledge.in_order(WEEKDAYS),
            ["Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday.", " ".join(WEEKDAYS)],
            ["Monday, Wednesday, Tuesday, Thursday, Friday, Saturday, Sunday.", "Monday, Tuesday", ""],
        ),
        (
            talk.names_size(4.5),
            ["I have 4.5 million parameters.", "Four and a half million.", "Some five million"],
            ["I have 2.4 million parameters.", "Two million.", "4.5", "70 million, or 4.5 million"],
        ),
    ],
)  # fmt: skip
def test_check_takes_wordings_and_refuses_wrong_values(
    check: Check, right: list[str], wrong: list[str]
) -> None:
    assert [answer for answer in right if not check(answer)] == []
    assert [answer for answer in wrong if check(answer)] == []


@pytest.mark.parametrize(
    ("day", "right", "wrong"),
    [
        ("Saturday", "Yes, Saturday is at the weekend.", "No, Saturday is a weekday."),
        ("Monday", "No, Monday is not at the weekend.", "Yes, Monday is at the weekend."),
    ],
)
def test_weekend_question_wants_the_right_side(day: str, right: str, wrong: str) -> None:
    items = (knowledge.weekend(random.Random(seed)) for seed in range(200))
    item = next(item for item in items if day in item.messages[0]["content"])
    assert item.passes(right)
    assert not item.passes(wrong)
    assert not item.passes("I do not know.")
    assert not item.passes(f"I do not know {day}: I have no clock.")
