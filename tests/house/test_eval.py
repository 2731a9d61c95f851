"""The eval's items, its way of asking, and its table."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from training.eval import card
from training.eval.__main__ import measure
from training.eval.functions import FUNCTIONS
from training.eval.items import OWN, Item, Skill, ask, draw, user
from training.eval.running import Speaker, passes
from training.eval.skills import skills
from training.eval.table import Score, as_markdown
from training.eval.vocabulary import NAMES, WORDS
from training.held_out import held_out

HOUSE = Path(str(files("martlet"))) / "house"
SKILLS = skills(HOUSE)


def items(name: str, count: int = 40) -> list[Item]:
    [skill] = [skill for skill in SKILLS if skill.name == name]
    return [item for item in draw(skill, count, 1) if isinstance(item, Item)]


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.name)
def test_items_are_many_and_the_same_for_a_seed(skill: Skill) -> None:
    first, again, other = (draw(skill, 12, seed) for seed in (1, 1, 2))
    assert [repr(key(item)) for item in first] == [repr(key(item)) for item in again]
    assert len(first) >= 3
    assert skill.is_repeated or [key(item) for item in first] != [key(item) for item in other]


def key(item: Any) -> Any:
    return item.key if isinstance(item, Item) else item


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.name)
def test_no_check_takes_anything(skill: Skill) -> None:
    for item in draw(skill, 12, 3):
        if isinstance(item, Item):
            assert not passes(item, [""])
            assert not passes(item, ["Zebras wander along the shore"])
            assert item.want


def test_values_are_those_that_training_leaves_out() -> None:
    assert all(map(held_out, chain(WORDS, NAMES)))
    for item in items("addition"):
        a, b = re.findall(r"\d+", item.messages[0]["content"])
        assert held_out(f"{a}+{b}")
    for item in items("sorting words"):
        listed = item.messages[0]["content"].rpartition(": ")[2].split(", ")
        assert held_out(" ".join(sorted(listed)))


def test_fields_are_all_filled() -> None:
    for skill in SKILLS:
        for item in draw(skill, 20, 4):
            if isinstance(item, Item) and not skill.name.startswith(("JSON", "tools")):
                assert "{" not in "".join(m["content"] or "" for m in item.messages), skill.name


def test_functions_are_schemas_whose_sentences_name_what_is_required() -> None:
    for function in FUNCTIONS:
        required = function.schema()["function"]["parameters"]["required"]
        for sentence in function.sentences:
            assert set(required) <= set(re.findall(r"\{(\w+)\}", sentence)), sentence


def test_own_answers_go_back_into_the_conversation() -> None:
    item = Item([*ask("Write a haiku."), OWN, user("Another one, please.")], lambda answer: True, "")
    [said] = Speaker(HOUSE).play([item], {"temperature": 0.0})
    history = ask("Write a haiku.", said[0], "Another one, please.")
    [again] = Speaker(HOUSE).play([Item(history, item.passes, "")], {"temperature": 0.0})
    assert len(said) == 2
    assert again == [said[1]]


def test_every_answer_must_keep_the_style() -> None:
    item = Item([user("a"), OWN, user("b")], lambda answer: "B" in answer, "", always=str.isupper)
    assert passes(item, ["A", "B"])
    assert not passes(item, ["a", "B"])
    assert not passes(item, ["A", "A"])


def test_measure_scores_the_shipped_model() -> None:
    chosen = [s for s in SKILLS if s.name in ("seed: Hello!", "embeddings: slips of the finger")]
    hello, ranking = measure(chosen, HOUSE, 5, 1, failures=False)
    assert (hello.num_items, hello.greedy, hello.met) == (5, 1.0, "yes")
    assert ranking.greedy == ranking.default >= 0.6


def test_table_is_written_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "card.md"
    page.write_text("a\n<!-- scores -->\nold\n<!-- /scores -->\nb\n")
    scores = [Score("sums", "closed", 0.95, 50, 0.96, 0.9), Score("talk", "paraphrase", 0.8, 9, 0.5, 0.5)]
    card.write({"scores": as_markdown(scores)}, page)
    text = page.read_text()
    assert text.startswith("a\n<!-- scores -->\n\n| skill |")
    assert text.endswith("\n<!-- /scores -->\nb\n")
    assert "| sums | closed | 95% | 50 | 96% | 90% | greedy only |" in text
    assert "old" not in text


def test_table_without_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "card.md"
    page.write_text("no marks")
    with pytest.raises(ValueError, match="has no <!-- scores -->"):
        card.write({"scores": "table"}, page)


def test_card_says_what_the_shipped_folder_is() -> None:
    assert card.shape(HOUSE) in card.CARD.read_text(), "run python -m training.eval --write"


def test_run_is_summed_over_interruptions(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    records = [
        {"recipe": {"tokens_per_batch": 1000}, "torch": "2.13.0"},
        {"step": 100, "loss": 3.0, "s": 60},
        {"step": 200, "loss": 2.0, "s": 120},
        {"step": 300, "loss": 1.5, "s": 180},
        {"step": 2000, "loss": 0.5, "s": 60},
    ]
    log.write_text("\n".join(map(json.dumps, records)))
    assert "2000 batches, 2.0 million tokens, in 4 minutes; their last loss was 0.5" in card.training_run(log)


def test_examples_show_what_was_asked_and_said() -> None:
    text = card.examples(HOUSE)
    assert "user: Hello!\nassistant: Hello" in text
    assert text.count("```text") == len(card.EXAMPLES)
