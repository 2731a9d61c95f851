"""`martlet complete`: go on with a text."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.cli.answers import completion_pieces
from martlet.cli.connection import (
    add_local_flags,
    check_place,
    partner,
    talk_parser,
    text_or_typed,
)
from martlet.cli.flags import Parser
from martlet.cli.generation import (
    add_generation_flags,
    answer_once,
    check_choices,
    given_settings,
)
from martlet.cli.settings import completion_setting
from martlet.cli.terminal import allow_any_text


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
    fields = {"prompt": text_or_typed(options), **settings}
    with partner(options) as answering:
        answer_once(
            answering, answering.client.completions, completion_pieces, fields,
            as_json=options.json, stats=options.stats,
        )  # fmt: skip
    return 0
