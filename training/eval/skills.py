"""All that is measured, in the order of the table."""

from __future__ import annotations

from pathlib import Path

from training.eval import (
    arithmetic,
    knowledge,
    lettering,
    memory,
    objects,
    similar,
    styles,
    talk,
    thoughts,
    tools,
)
from training.eval.items import Skill


def skills(folder: Path) -> list[Skill]:
    """Return the skills to measure the model in `folder` by."""
    return [
        *talk.skills(folder),
        *memory.SKILLS,
        *styles.SKILLS,
        *arithmetic.SKILLS,
        *lettering.SKILLS,
        *knowledge.SKILLS,
        *tools.SKILLS,
        *objects.SKILLS,
        *thoughts.SKILLS,
        *similar.SKILLS,
    ]
