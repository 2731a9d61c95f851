"""Say which of the eval's questions the training text has word for word: `python -m training.eval.overlap`.

Facts and the seed's prompts are asked in plain words that the text has too; a paraphrase should not be found.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import islice
from pathlib import Path

from training import conversations
from training.eval.items import Item, draw
from training.eval.skills import HOUSE, SEED, skills

TRAINING_SEED = 2


def normal(text: str) -> str:
    """Return `text` without what does not make another question of it: case, blanks, marks at its ends."""
    return " ".join(text.lower().split()).strip(" .,?!:")


def questions(num_conversations: int) -> set[str]:
    """Return what users say in so many conversations of the training text."""
    dialogues = islice(conversations.stream(TRAINING_SEED), num_conversations)
    return {normal(m["content"]) for d in dialogues for m in d.messages if m["role"] == "user"}


def shared(folder: Path, known: set[str], count: int, seed: int) -> dict[str, Counter[str]]:
    """Return, by skill, the last questions of its items that are `known`, with how often they are asked."""
    found: dict[str, Counter[str]] = {}
    for skill in skills(folder):
        texts = [_last(item) for item in draw(skill, count, seed) if isinstance(item, Item)]
        found[skill.name] = Counter(text for text in texts if normal(text) in known)
    return found


def _last(item: Item) -> str:
    return str([m for m in item.messages if m["role"] == "user"][-1]["content"])


def main() -> None:
    """Print the questions that are found, by skill."""
    parser = argparse.ArgumentParser("python -m training.eval.overlap", description=__doc__)
    parser.add_argument("--conversations", type=int, default=200_000)
    parser.add_argument("--count", type=int, default=50, help="items of each skill")
    args = parser.parse_args()
    known = questions(args.conversations)
    print(f"{len(known)} questions in {args.conversations} conversations")
    for name, texts in shared(HOUSE, known, args.count, SEED).items():
        if texts:
            shown = "; ".join(repr(text) for text, _ in texts.most_common(5))
            print(f"{name}: {sum(texts.values())} of {args.count}: {shown}")


if __name__ == "__main__":
    main()
