"""`martlet complete`: go on with a text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from martlet.cli.connection import (
    add_generation_flags,
    client_parser,
    connect,
    given_text,
    model_name,
    read_input,
    show,
)

if TYPE_CHECKING:
    from martlet import OpenAI


def main(arguments: Sequence[str]) -> int:
    flags = client_parser("complete", "Go on with a text. What the model adds goes to stdout.")
    add_generation_flags(flags)
    options = flags.parse_args(arguments)
    text = given_text(options)
    if text is None:
        print("type a text, end it with Ctrl-D:", file=sys.stderr)
        text = read_input()
    with connect(options) as client:
        show(go_on(client, model_name(client, options), text, options))
    return 0


def go_on(client: OpenAI, model: str, text: str, options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    given = {"max_tokens": options.max_tokens, "temperature": options.temperature}
    fields: Any = {name: value for name, value in given.items() if value is not None}
    for chunk in client.completions.create(model=model, prompt=text, stream=True, **fields):
        for choice in chunk.choices:
            yield "", choice.text
