"""Scores as a Markdown table, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.eval.items import Skill


@dataclass(frozen=True)
class Score:
    """One row: how many items, and which share of them passed by way of choosing tokens."""

    skill: str
    kind: str
    goal: float
    num_items: int
    greedy: float
    default: float

    @property
    def met(self) -> str:
        """Say which columns reach the goal."""
        reached = [self.greedy >= self.goal, self.default >= self.goal]
        return {(True, True): "yes", (True, False): "greedy only", (False, True): "default only"}.get(
            (reached[0], reached[1]), "no"
        )


def score(skill: Skill, greedy: Sequence[bool], default: Sequence[bool]) -> Score:
    """Return the row of a skill from what passed."""
    rates = [sum(passed) / len(passed) for passed in (greedy, default)]
    return Score(skill.name, skill.kind, skill.goal, len(greedy), rates[0], rates[1])


def as_markdown(scores: Sequence[Score]) -> str:
    """Return the table; below it, how many goals are met."""
    titles = "skill", "kind", "goal", "items", "greedy", "default sampling", "goal met"
    rows = [titles, ("---", "---", "--:", "--:", "--:", "--:", "---"), *map(_cells, scores)]
    return "\n".join([*(f"| {' | '.join(row)} |" for row in rows), "", *_summary(scores)])


def _cells(s: Score) -> tuple[str, ...]:
    return s.skill, s.kind, f"{s.goal:.0%}", str(s.num_items), f"{s.greedy:.0%}", f"{s.default:.0%}", s.met


def _summary(scores: Sequence[Score]) -> list[str]:
    lines = []
    for kind in dict.fromkeys(s.kind for s in scores):
        rows = [s for s in scores if s.kind == kind]
        greedy, default = (sum(getattr(s, n) for s in rows) / len(rows) for n in ("greedy", "default"))
        met = [sum(getattr(s, n) >= s.goal for s in rows) for n in ("greedy", "default")]
        lines.append(
            f"- {kind}: of {len(rows)} goals {met[0]} are met greedily and {met[1]} at the default sampling;"
            f" means {greedy:.1%} and {default:.1%}"
        )
    return lines


def as_json(scores: Sequence[Score]) -> list[dict[str, Any]]:
    """Return the rows as JSON objects."""
    return [{**asdict(s), "met": s.met} for s in scores]
