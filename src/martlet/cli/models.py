"""`martlet models`: what a server serves."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.cli.connection import DEFAULT_URL, connect, list_models
from martlet.cli.flags import Parser
from martlet.cli.generation import print_json
from martlet.cli.terminal import allow_any_text, harmless


def parser() -> Parser:
    flags = Parser(
        prog="martlet models", description="List the models that a server serves.", allow_abbrev=False
    )
    flags.add_argument(
        "--base-url",
        "--url",
        metavar="URL",
        help=f"base URL of the server (OPENAI_BASE_URL, or {DEFAULT_URL})",
    )
    flags.add_argument("--api-key", metavar="KEY", help="key to send (OPENAI_API_KEY)")
    flags.add_argument("--json", action="store_true", help="print whole entries, each on a line")
    flags.add_argument("--debug", action="store_true", help="show tracebacks")
    return flags


def main(arguments: Sequence[str]) -> int:
    allow_any_text()
    options = parser().parse_args(arguments)
    with connect(options) as client:
        models = list_models(client)
    for model in models:
        if options.json:
            print_json(model.to_dict())
        else:
            print(harmless(model.id))
    return 0
