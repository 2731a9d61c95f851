"""`martlet models`: what a server serves."""

from __future__ import annotations

import json
from collections.abc import Sequence

from martlet.cli.connection import client_parser, connect, list_models


def main(arguments: Sequence[str]) -> int:
    flags = client_parser("models", "List the models that a server serves.")
    flags.add_argument("--json", action="store_true", help="print the whole entries")
    options = flags.parse_args(arguments)
    with connect(options) as client:
        models = list_models(client)
    for model in models:
        print(json.dumps(model.to_dict()) if options.json else model.id)
    return 0
