"""Where our reply is not vLLM's, and which of these differences are meant."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.corpus.pairs import Json

tomllib: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

NUMBER_TOLERANCE = 2e-3
"""Of log probabilities and vectors: float32 sums in another order."""
ABSENT = "(absent)"
JOINED = {"content", "reasoning", "text", "arguments"}


@dataclass(frozen=True)
class Difference:
    """One place in one reply. Places are dotted: `json.choices.0.finish_reason`, `headers.vary`."""

    pair: str
    place: str
    vllm: Json
    ours: Json

    def __str__(self) -> str:
        return f"{self.pair}\n    {self.place}\n      vLLM {self.vllm!r:.300}\n      ours {self.ours!r:.300}"


def differences(pair: str, vllm: Json, ours: Json) -> list[Difference]:
    """Compare two replies. Another status, or another number of frames, is one difference."""
    if vllm["status"] != ours["status"]:
        return [Difference(pair, "status", vllm["status"], ours["status"])]
    if "frames" in vllm and "frames" in ours:
        vllm, ours = ({**side, "joined": joined(side["frames"])} for side in (vllm, ours))
    return [Difference(pair, ".".join(place), *sides) for place, *sides in _differing(vllm, ours, ())]


def _differing(vllm: Json, ours: Json, place: tuple[str, ...]) -> Iterator[tuple[Any, Json, Json]]:
    if isinstance(vllm, dict) and isinstance(ours, dict):
        for key in [*vllm, *(ours.keys() - vllm.keys())]:
            yield from _differing(vllm.get(key, ABSENT), ours.get(key, ABSENT), (*place, key))
        both = [[key for key in side if key in vllm.keys() & ours.keys()] for side in (vllm, ours)]
        if both[0] != both[1]:
            yield (*place, "order"), both[0], both[1]
    elif isinstance(vllm, list) and isinstance(ours, list) and len(vllm) == len(ours):
        for number, (theirs, mine) in enumerate(zip(vllm, ours, strict=True)):
            yield from _differing(theirs, mine, (*place, str(number)))
    elif not _is_same(vllm, ours):
        yield place, vllm, ours


def joined(frames: list[Json]) -> Json:
    """Return what a chat's or a completion's frames make together, however they divide it."""
    whole: dict[str, Json] = {}
    for frame in frames:
        for choice in frame.get("choices", ()) if isinstance(frame, dict) else ():
            _join(whole.setdefault(str(choice["index"]), {}), choice)
    return whole


def _join(whole: dict[str, Json], part: dict[str, Json]) -> None:
    """Put texts together; other values stay as they were last, and null changes nothing."""
    for key, value in part.items():
        if isinstance(value, dict):
            _join(whole.setdefault(key, {}), value)
        elif key == "tool_calls":
            for call in value or ():
                _join(whole.setdefault("tool_calls", {}).setdefault(str(call["index"]), {}), call)
        elif key in JOINED and isinstance(value, str):
            whole[key] = whole.get(key, "") + value
        elif value is not None and not isinstance(value, list):
            whole[key] = value


def _is_same(vllm: Json, ours: Json) -> bool:
    if isinstance(vllm, float) or isinstance(ours, float):
        numbers = all(isinstance(side, (int, float)) for side in (vllm, ours))
        return numbers and math.isclose(vllm, ours, rel_tol=NUMBER_TOLERANCE, abs_tol=NUMBER_TOLERANCE)
    return type(vllm) is type(ours) and bool(vllm == ours)


# --- the list -----------------------------------------------------------------------------------------


@dataclass
class Meant:
    """An entry of differences.toml: differences that are there for a reason."""

    reason: str
    pairs: list[str]
    at: list[str]
    unused: set[str] = field(default_factory=set)
    """Patterns that have covered nothing yet."""

    def __post_init__(self) -> None:
        self.unused = {*self.pairs, *self.at}

    def covers(self, difference: Difference) -> bool:
        pair = next((p for p in self.pairs if fnmatchcase(difference.pair, p)), None)
        place = next((p for p in self.at if fnmatchcase(difference.place, p)), None)
        if pair is None or place is None:
            return False
        self.unused -= {pair, place}
        return True


def read_meant(path: Path) -> list[Meant]:
    with path.open("rb") as file:
        return [Meant(**entry) for entry in tomllib.load(file)["differs"]]
