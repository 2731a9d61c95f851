"""What chat and complete share: flags for one request, and one question with its answer."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from martlet.cli.answers import Answer, Piece
from martlet.cli.flags import Parser
from martlet.cli.screen import Screen

if TYPE_CHECKING:
    from martlet.cli.connection import Partner

USAGE = {"stream_options": {"include_usage": True}}
"""Asked for only where it is shown: not every server knows it."""


def add_generation_flags(flags: Parser) -> argparse._ArgumentGroup:
    """Add what one request has, and how its answer is shown; return the group."""
    group = flags.add_argument_group("question and answer")
    group.add_argument("-q", "--quick", metavar="TEXT", help="one text, one answer; or pipe the text in")
    group.add_argument("--max-tokens", type=int, metavar="N", help="most tokens to generate")
    group.add_argument("--temperature", type=float, metavar="T", help="0 is greedy (the model's default)")
    group.add_argument(
        "--set", action="append", default=[], type=assignment, metavar="NAME=VALUE",
        help="any other field of the request, as in top_p=0.9; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--stats", action="store_true", help="say on stderr how many tokens there were, and how fast"
    )
    group.add_argument("--json", action="store_true", help="print the whole reply as one line of JSON")
    return group


def assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, got {text}")
    return name.strip(), value.strip()


def given_settings(options: argparse.Namespace, read: Callable[[str, str], Any]) -> dict[str, Any]:
    """Return the request's fields that flags set. Raises BadSetting."""
    settings = {name: read(name, text) for name, text in options.set}
    for name in ("max_tokens", "temperature"):
        if getattr(options, name) is not None:
            settings[name] = getattr(options, name)
    return settings


def check_choices(flags: Parser, options: argparse.Namespace) -> None:
    """Refuse several answers where they would run into each other."""
    if not options.json and dict(options.set).get("n", "1") != "1":
        flags.error("--set n goes with --json, where answers are apart")


def mention_house(partner: Partner) -> None:
    """Nobody chose the house model: say so, in case another was expected."""
    if partner.is_house:
        print(
            f"martlet: {partner.model} answers, the small model that comes with Martlet; "
            "--base-url or OPENAI_BASE_URL names a server, MODEL another model",
            file=sys.stderr,
        )


def answer_once(
    partner: Partner,
    calls: Any,
    pieces: Callable[[Any], Iterable[Piece]],
    fields: dict[str, Any],
    *,
    as_json: bool,
    stats: bool,
) -> None:
    """Ask `calls`, the client's completions, once: print the reply as JSON, or the answer as it streams."""
    mention_house(partner)
    if as_json:
        print_json(calls.with_raw_response.create(model=partner.model, **fields).parse(to=dict))
        return
    usage = USAGE if stats else {}
    screen, answer = Screen(), Answer()
    with calls.create(model=partner.model, stream=True, **fields, **usage) as chunks:
        try:
            answer.take(pieces(chunks), screen)
        except BaseException:
            screen.reset()
            raise
    screen.end()
    if stats:
        screen.note(f"[{answer.figures()}]")


def print_json(reply: Any) -> None:
    """Print an object as the API gave it, on one line."""
    print(json.dumps(reply, ensure_ascii=False))
