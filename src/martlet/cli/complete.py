"""`martlet complete`: go on with a text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from martlet.cli.answers import completion_pieces
from martlet.cli.connection import (
    add_local_flags,
    check_place,
    given_text,
    partner,
    read_input,
    talk_parser,
)
from martlet.cli.flags import Parser
from martlet.cli.generation import (
    USAGE,
    add_generation_flags,
    answer_once,
    check_choices,
    given_settings,
    mention_house,
    print_json,
)
from martlet.cli.settings import completion_setting
from martlet.cli.terminal import allow_any_text

if TYPE_CHECKING:
    from martlet.cli.connection import Partner


def parser() -> Parser:
    flags = talk_parser("complete", "Go on with a text. What the model adds goes to stdout.")
    add_generation_flags(flags)
    add_local_flags(flags)
    flags.add_argument("--debug", action="store_true", help="show tracebacks")
    return flags


def main(arguments: Sequence[str]) -> int:
    allow_any_text()
    flags = parser()
    options = flags.parse_args(arguments)
    check_place(flags, options)
    check_choices(flags, options)
    settings = given_settings(options, completion_setting)
    text = given_text(options)
    if text is None:
        print("type a text, end it with Ctrl-D:", file=sys.stderr)
        text = read_input()
    with partner(options) as answering:
        mention_house(answering)
        complete(answering, text, settings, as_json=options.json, stats=options.stats)
    return 0


def complete(partner: Partner, text: str, settings: dict[str, Any], *, as_json: bool, stats: bool) -> None:
    create = partner.client.completions
    if as_json:
        answer = create.with_raw_response.create(model=partner.model, prompt=text, **settings)
        print_json(answer.parse(to=dict))
        return
    usage: Any = USAGE if stats else {}
    stream = create.create(model=partner.model, prompt=text, stream=True, **settings, **usage)
    answer_once(stream, completion_pieces, stats=stats)
