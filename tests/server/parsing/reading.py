"""Reads texts with a parser, in any pieces."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from martlet.server.parsing import Event, OutputParser
from martlet.server.parsing.reasoning import FORMATS as REASONING
from martlet.server.parsing.reasoning import ReasoningState
from martlet.server.parsing.tools import FORMATS as TOOLS

SCHEMAS: dict[str, Any] = {
    "get_weather": {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "days": {"type": "integer"},
            "exact": {"type": "boolean"},
            "at": {"type": "object"},
            "tags": {"type": "array"},
            "share": {"type": "number"},
        },
    },
    "now": {"type": "object", "properties": {}},
}


def parser(
    tools: str | None, reasoning: str | None = None, state: ReasoningState = "unknown"
) -> OutputParser:
    return OutputParser(
        REASONING[reasoning] if reasoning else None, state, TOOLS[tools] if tools else None, SCHEMAS
    )


def events(parser: OutputParser, pieces: Iterable[str]) -> Iterator[Event]:
    for piece in pieces:
        yield from parser.push(piece)
    yield from parser.finish()


def message(events: Iterable[Event]) -> dict[str, Any]:
    """Join events as a client joins deltas. Leaves out what is empty."""
    joined: dict[str, Any] = {"reasoning": "", "content": "", "calls": []}
    for kind, text in events:
        assert text
        if kind == "name":
            joined["calls"].append([text, ""])
        elif kind == "arguments":
            joined["calls"][-1][1] += text
        else:
            joined[kind] += text
    return {key: value for key, value in joined.items() if value}


def pieces_of(text: str, draw: random.Random) -> list[str]:
    """Cut a text at random, finely or coarsely."""
    longest = draw.choice((1, 2, 3, 8, 40))
    pieces = []
    while text:
        size = draw.randint(1, longest)
        pieces.append(text[:size])
        text = text[size:]
    return pieces
