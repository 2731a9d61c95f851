"""What the commands that talk to a server share: where it is, which model, how a reply is shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from martlet.cli.flags import Parser
from martlet.errors import MartletError

if TYPE_CHECKING:
    from martlet import OpenAI
    from martlet.types import Model

DEFAULT_URL = "http://localhost:8000/v1"


class NoModel(MartletError):
    """The server lists no model."""


class NoServer(MartletError):
    """The URL cannot be a server's, or is none's."""


class NoText(MartletError):
    """There is nothing to send."""


def client_parser(command: str, description: str) -> Parser:
    flags = Parser(prog=f"martlet {command}", description=description, allow_abbrev=False)
    flags.add_argument("--url", help=f"base URL of the server ({DEFAULT_URL}, or OPENAI_BASE_URL)")
    flags.add_argument("--api-key", metavar="KEY", help="key to send (OPENAI_API_KEY)")
    flags.add_argument("--debug", action="store_true", help="show tracebacks")
    return flags


def add_generation_flags(flags: Parser) -> None:
    flags.add_argument("-q", "--quick", metavar="TEXT", help="one text, one answer; or pipe the text in")
    flags.add_argument("--model-name", metavar="NAME", help="model to ask (the first that the server lists)")
    flags.add_argument("--max-tokens", type=int, metavar="N", help="most tokens to generate")
    flags.add_argument("--temperature", type=float, metavar="T", help="0 is greedy (the model's default)")


@contextmanager
def connect(options: argparse.Namespace) -> Iterator[OpenAI]:
    from martlet import OpenAI

    try:
        client = OpenAI(api_key=options.api_key, base_url=options.url)
    except ValueError as error:
        raise NoServer(str(error)) from error
    with client:
        yield client


def model_name(client: OpenAI, options: argparse.Namespace) -> str:
    if options.model_name:
        return str(options.model_name)
    for model in list_models(client):
        return model.id
    raise NoModel(f"the server at {client.base_url} lists no model: name one with --model-name")


def list_models(client: OpenAI) -> list[Model]:
    from martlet import NotFoundError

    try:
        return list(client.models.list())
    except NotFoundError as error:
        raise NoServer(f"{client.base_url} has no models: should the URL end in /v1?") from error


def given_text(options: argparse.Namespace) -> str | None:
    """Return the text of -q, or what is piped in; None for a conversation at the terminal."""
    if options.quick is None and sys.stdin is not None and sys.stdin.isatty():
        return None
    text = options.quick if options.quick is not None else read_input()
    if not text.strip():
        raise NoText("there is no text: give one with -q, or pipe it in")
    return checked(text)


def read_input() -> str:
    return "" if sys.stdin is None else checked(sys.stdin.read())


def checked(text: str) -> str:
    """Refuse bytes that were no text in the terminal's encoding, which Python keeps as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoText("the text is not UTF-8") from error
    return text


def show(pieces: Iterable[tuple[str, str]]) -> str:
    """Print a reply as it comes: (reasoning, text). Reasoning goes to stderr; returns the text."""
    whole = []
    for reasoning, text in pieces:
        if reasoning:
            print(reasoning, end="", file=sys.stderr, flush=True)
        print(text, end="", flush=True)
        whole.append(text)
    print(flush=True)
    return "".join(whole)
