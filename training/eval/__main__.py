"""Measure the model and print the table of scores."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.eval.card import blocks, headed, write
from training.eval.items import Item, Ranking, Skill, draw
from training.eval.running import Ranker, Speaker, default_sampling, passes
from training.eval.skills import HOUSE, SEED, skills
from training.eval.table import Score, as_json, as_markdown, score

GREEDY = {"temperature": 0.0}
COLUMNS = ("greedy", "default")

Passed = dict[str, dict[str, list[bool]]]


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m training.eval", description=__doc__)
    parser.add_argument("--count", type=int, default=50, help="items of each skill (default: 50)")
    parser.add_argument("--model", type=Path, default=HOUSE, help="a folder; the shipped one by default")
    parser.add_argument("--seed", type=int, default=SEED, help=f"other items (default: {SEED})")
    parser.add_argument("--only", action="append", metavar="SKILL", help="skills with this in their name")
    parser.add_argument("--failures", action="store_true", help="show what failed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores to this file")
    parser.add_argument(
        "--write", action="store_true", help="put scores, sizes and examples into docs/house-model.md"
    )
    return parser.parse_args()


def measure(chosen: list[Skill], folder: Path, count: int, seed: int, failures: bool) -> list[Score]:
    """Return a score for each skill; show what failed, if asked."""
    drawn = [(skill.name, item) for skill in chosen for item in draw(skill, count, seed)]
    spoken = [(name, item) for name, item in drawn if isinstance(item, Item)]
    ranked = [(name, item) for name, item in drawn if isinstance(item, Ranking)]
    passed: Passed = {skill.name: {column: [] for column in COLUMNS} for skill in chosen}
    if spoken:
        speak(spoken, folder, passed, failures)
    if ranked:
        rank(ranked, folder, passed, failures)
    return [score(skill, **passed[skill.name]) for skill in chosen]


def speak(named: list[tuple[str, Item]], folder: Path, passed: Passed, failures: bool) -> None:
    """Have the conversations, once for each way of choosing tokens."""
    speaker = Speaker(folder)
    for column, sampling in zip(COLUMNS, (GREEDY, default_sampling(folder)), strict=True):
        said = speaker.play([item for _, item in named], sampling)
        for (name, item), answers in zip(named, said, strict=True):
            ok = passes(item, answers)
            passed[name][column].append(ok)
            if failures and not ok:
                print(f"{name} ({column}): {shown(item)}\n  wanted: {item.want}\n  said: {answers}")


def rank(named: list[tuple[str, Ranking]], folder: Path, passed: Passed, failures: bool) -> None:
    """Compare the embeddings, in which there is nothing to choose."""
    found = Ranker(folder).ranks_first([item for _, item in named])
    for (name, item), ok in zip(named, found, strict=True):
        for column in COLUMNS:
            passed[name][column].append(ok)
        if failures and not ok:
            print(f"{name}: {item.query!r} is not nearest to {item.match!r}")


def shown(item: Item) -> str:
    """Return what was asked, for the reader of failures."""
    texts = [f"{m['role']}: {m['content']!r}" for m in item.messages if m["content"] is not None]
    return " / ".join(texts)


def main() -> None:
    """Measure, print, write."""
    args = parse()
    chosen = [s for s in skills(args.model) if not args.only or any(name in s.name for name in args.only)]
    if not chosen:
        raise SystemExit(f"no skill is called so; there are: {', '.join(s.name for s in skills(args.model))}")
    if args.write and args.only:
        raise SystemExit("--write is for the whole table: leave out --only")
    scores = measure(chosen, args.model, args.count, args.seed, args.failures)
    text = as_markdown(scores)
    print(text)
    if args.json:
        args.json.write_text(json.dumps(as_json(scores), indent=2) + "\n")
    if args.write:
        write(blocks(args.model, headed(text, args.model, args.count, args.seed)))


if __name__ == "__main__":
    main()
