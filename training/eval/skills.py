"""All that is measured, in the order of the table."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from training.eval import (
    arithmetic,
    chats,
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

HOUSE = Path(str(files("martlet"))) / "house"
SEED = 777


def skills(folder: Path) -> list[Skill]:
    """Return the skills to measure the model in `folder` by."""
    return [
        *talk.skills(folder),
        *memory.SKILLS,
        *styles.SKILLS,
        *arithmetic.SKILLS,
        *lettering.SKILLS,
        *knowledge.SKILLS,
        *chats.SKILLS,
        *tools.SKILLS,
        *objects.SKILLS,
        *thoughts.SKILLS,
        *similar.SKILLS,
    ]
