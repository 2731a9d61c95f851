"""`martlet chat`: one question with -q or through a pipe, else a conversation at the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from martlet.cli.connection import (
    add_generation_flags,
    checked,
    client_parser,
    connect,
    given_text,
    model_name,
    show,
)

if TYPE_CHECKING:
    from martlet import OpenAI

Messages = list[Any]


def main(arguments: Sequence[str]) -> int:
    flags = client_parser("chat", "Chat with a model. The answer goes to stdout, and nothing else does.")
    add_generation_flags(flags)
    flags.add_argument("--system-prompt", metavar="TEXT", help="what the model is told beforehand")
    options = flags.parse_args(arguments)
    messages: Messages = []
    if options.system_prompt:
        messages.append({"role": "system", "content": options.system_prompt})
    text = given_text(options)
    with connect(options) as client:
        model = model_name(client, options)
        for question in questions() if text is None else [text]:
            messages.append({"role": "user", "content": question})
            answer = show(ask(client, model, messages, options))
            messages.append({"role": "assistant", "content": answer})
    return 0


def questions() -> Iterator[str]:
    """Read lines until the end of input (Ctrl-D)."""
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            print(file=sys.stderr)
            return
        if line.strip():
            yield checked(line.rstrip("\n"))


def ask(
    client: OpenAI, model: str, messages: Messages, options: argparse.Namespace
) -> Iterator[tuple[str, str]]:
    given = {"max_tokens": options.max_tokens, "temperature": options.temperature}
    fields: Any = {name: value for name, value in given.items() if value is not None}
    for chunk in client.chat.completions.create(model=model, messages=messages, stream=True, **fields):
        for choice in chunk.choices:
            yield choice.delta.reasoning or "", choice.delta.content or ""
