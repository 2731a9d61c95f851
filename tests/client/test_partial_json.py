"""JSON read while it is being written."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from martlet.client.partial_json import PartialJSON, repaired

TEXTS = ["", "a", 'q"uote', "back\\slash", "{[,:]}", "\n\t", "é", "😀", "\u2028", "\\", '\\"', "1e5", "null"]


def parse_partial(text: str) -> Any:
    """The value of a document that is cut off here, read at once."""
    partial = PartialJSON()
    partial.feed(text)
    return repaired(text, partial.repair())


def document(chance: random.Random, depth: int = 4) -> Any:
    kind = chance.randrange(9 if depth else 6)
    if kind < 6:
        number = chance.choice([0, -7, 12345, 1.5, -2e-9, 10**20])
        return [None, True, False, number, chance.choice(TEXTS), number][kind]
    if kind == 6:
        return [document(chance, depth - 1) for _ in range(chance.randrange(4))]
    keys = chance.sample(TEXTS, chance.randrange(4))
    return {key: document(chance, depth - 1) for key in keys}


def is_prefix(part: Any, whole: Any) -> bool:
    """Whether `whole` can grow out of `part` by adding alone."""
    if isinstance(part, dict) and isinstance(whole, dict):
        keys = list(part)
        return keys == list(whole)[: len(keys)] and all(is_prefix(part[key], whole[key]) for key in keys)
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) <= len(whole) and all(map(is_prefix, part, whole))
    return type(part) is type(whole) and bool(part == whole)


def size(value: Any) -> int:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(size, items))


@pytest.mark.parametrize("seed", range(30))
def test_every_prefix_is_a_prefix_of_the_value(seed: int) -> None:
    chance = random.Random(seed)
    whole = (
        [document(chance) for _ in range(3)] if seed % 2 else {"a": document(chance), "b": document(chance)}
    )
    indent = chance.choice([None, None, 2])
    text = json.dumps(whole, indent=indent, ensure_ascii=chance.random() < 0.5)
    following, sizes = PartialJSON(), []
    for end in range(len(text) + 1):
        part = parse_partial(text[:end])
        assert part is None if end == 0 else is_prefix(part, whole), text[:end]
        sizes.append(0 if part is None else size(part))
        assert repaired(text[:end], following.repair()) == part
        assert following.is_complete == (end == len(text))
        following.feed(text[end : end + 1])
    assert sizes == sorted(sizes)
    assert part == whole


@pytest.mark.parametrize("seed", range(20))
def test_how_the_text_is_cut_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    text = json.dumps([document(chance) for _ in range(5)])
    partial, at = PartialJSON(), 0
    while at < len(text):
        step = chance.randrange(1, 12)
        partial.feed(text[at : at + step])
        at += step
        assert repaired(text[:at], partial.repair()) == parse_partial(text[:at])
    assert partial.is_complete


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("  ", None),
        ("{", {}),
        ("[", []),
        ('{"a', {}),
        ('{"a"', {}),
        ('{"a":', {}),
        ('{"a": "b', {}),
        ('{"a": "b"', {"a": "b"}),
        ('{"a": tr', {}),
        ('{"a": true', {}),
        ('{"a": true ', {"a": True}),
        ("[1, 2", [1]),
        ("[1, 2,", [1, 2]),
        ('{"a": {"b": [1,', {"a": {"b": [1]}}),
        ('"abc', None),
        ('"abc"', "abc"),
        ('["\\', []),
        ('["\\u00', []),
        ('["\\ud83d\\ude00"', ["😀"]),
        ("12", None),
        ("12\n", 12),
    ],
)
def test_only_what_is_certain_counts(text: str, value: Any) -> None:
    assert parse_partial(text) == value


@pytest.mark.parametrize(
    "text",
    ["hello", "}", "]", "[}", "{]", '{"a" 1}', "[1 2]", "[tru]", '{"a": "\ud800"', ",,,", ":"],
)
def test_junk_has_no_value_and_raises_nothing(text: str) -> None:
    for end in range(len(text) + 1):
        parse_partial(text[:end])
    assert parse_partial(text) in (None, [], {})


def test_nesting_too_deep_to_decode_has_no_value() -> None:
    assert parse_partial("[" * 100_000) is None


def test_text_after_the_document_is_not_read() -> None:
    partial = PartialJSON()
    partial.feed('{"a": 1} and {"b": 2}')
    assert partial.is_complete
    assert repaired('{"a": 1} and {"b": 2}', partial.repair()) == {"a": 1}


def test_complete_objects_agree_with_the_official_partial_parser() -> None:
    jiter = pytest.importorskip("jiter")
    chance = random.Random(7)
    for _ in range(40):
        text = json.dumps({"a": document(chance), "b": document(chance)})
        for end in range(1, len(text) + 1):
            if text[end - 1] in '"}],':  # elsewhere it takes the start of a number for the whole
                assert parse_partial(text[:end]) == jiter.from_json(text[:end].encode(), partial_mode=True)
