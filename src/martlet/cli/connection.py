"""Who answers: a server, or a model in this process. What the commands that talk to a model share."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from martlet.cli.flags import Parser, positive_seconds
from martlet.cli.local_models import (
    add_default_sampling_flags,
    add_engine_flags,
    add_hub_flags,
    add_template_flag,
)
from martlet.errors import MartletError

if TYPE_CHECKING:
    from martlet import OpenAI
    from martlet.types import Model

DEFAULT_URL = "http://localhost:8000/v1"
CONNECT_S = 60.0
TIMEOUT_S = 600.0
"""A long prompt takes a small machine minutes, and whoever waits has Ctrl-C."""
LOCAL = "a model in this process"
"""Title of the flags that only a model in this process has."""


class NoModel(MartletError):
    """There is nobody to ask."""


class NoServer(MartletError):
    """The URL cannot be a server's, or is none's."""


class NoText(MartletError):
    """There is nothing to send."""


@dataclass(frozen=True)
class Partner:
    """Who answers."""

    client: OpenAI
    model: str
    where: str
    """For the user: where that is."""
    is_house: bool = False
    """Whether it is the house model because nothing was chosen."""


# --- flags ------------------------------------------------------------------------------------------------


def talk_parser(command: str, description: str) -> Parser:
    """Return the parser of a command that talks to a model, with the flags that say which."""
    flags = Parser(
        prog=f"martlet {command}",
        usage=f"martlet {command} [MODEL] [OPTIONS]",
        description=f"{description} Without a server or a MODEL it is the house model, in this process.",
        allow_abbrev=False,
    )
    flags.add_argument(
        "model", nargs="?", metavar="MODEL",
        help="a folder, a .gguf file or a hub id, to run in this process; "
        "with --base-url the name of a model there",
    )  # fmt: skip
    add_server_flags(flags.add_argument_group("a server"))
    return flags


def add_server_flags(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--base-url", "--url", metavar="URL", help="base URL of a server (OPENAI_BASE_URL)")
    group.add_argument("--api-key", metavar="KEY", help="key to send (OPENAI_API_KEY)")
    group.add_argument("--model-name", metavar="NAME", help="model to ask (the first that the server lists)")
    group.add_argument(
        "--timeout", type=positive_seconds, metavar="S",
        help=f"how long an answer may be silent, or with --json how long it may take ({TIMEOUT_S:g})",
    )  # fmt: skip


def add_local_flags(flags: Parser) -> None:
    group = flags.add_argument_group(LOCAL)
    add_hub_flags(group)
    add_template_flag(group)
    group.add_argument(
        "--reasoning-parser", type=reasoning_parser, default="auto", metavar="NAME",
        help="format of the model's reasoning, as serve has them; '' leaves it in the answer "
        "(auto: what its template shows)",
    )  # fmt: skip
    add_default_sampling_flags(group)
    add_engine_flags(group, quantization=("--quantization",))


def reasoning_parser(text: str) -> str:
    if text == "auto":  # also the default, which is to cost no import
        return text
    from martlet.server.parsing.reasoning import FORMATS

    names = ("", *FORMATS)
    if text not in names:
        raise argparse.ArgumentTypeError(f"must be auto, '' or one of {', '.join(FORMATS)}, got {text}")
    return text


# --- choosing ---------------------------------------------------------------------------------------------


def base_url(options: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the server's URL, or None for a model in this process.

    --base-url wins over MODEL, which is a name there then, and MODEL over OPENAI_BASE_URL.
    """
    if options.base_url is not None or options.model is not None:
        return None if options.base_url is None else str(options.base_url)
    return environment.get("OPENAI_BASE_URL") or None


def check_place(flags: Parser, options: argparse.Namespace) -> None:
    """Refuse flags that would do nothing where the answers come from."""
    url = base_url(options)
    if url is None:
        for name in ("api_key", "model_name", "timeout"):
            if getattr(options, name) is not None:
                flags.error(f"--{name.replace('_', '-')} is for a server: name it with --base-url")
        return
    if options.model is not None and options.model_name is not None:
        flags.error("the model is named twice: as MODEL and by --model-name")
    local = next(group for group in flags._action_groups if group.title == LOCAL)
    for action in local._group_actions:
        if getattr(options, action.dest) != action.default:
            flags.error(f"{action.option_strings[0]} is for {LOCAL}, and {url} is a server")


@contextmanager
def partner(options: argparse.Namespace) -> Iterator[Partner]:
    """Yield who answers; what was loaded for it goes with the block. Raises MartletError."""
    url = base_url(options)
    if url is None:
        try:
            from martlet.cli.in_process import local_client
        except ModuleNotFoundError as error:
            raise missing_extra(error) from error
        with local_client(options.model, options) as (client, name):
            yield Partner(client, name, "in this process", is_house=options.model is None)
        return
    with connect(options, options.timeout or TIMEOUT_S) as client:
        yield Partner(client, model_name(client, options.model or options.model_name), f"at {url}")


def missing_extra(error: ModuleNotFoundError) -> NoModel:
    """Say what a model in this process needs, where the client alone is installed."""
    if (error.name or "").startswith("martlet"):
        raise error
    return NoModel(
        f"{LOCAL} needs the module {error.name}: pip install 'martlet[serve]', "
        "or name a server with --base-url"
    )


@contextmanager
def connect(options: argparse.Namespace, timeout_s: float = CONNECT_S) -> Iterator[OpenAI]:
    from martlet import OpenAI, Timeout

    timeout = Timeout(timeout_s, connect=min(timeout_s, CONNECT_S))
    try:
        client = OpenAI(api_key=options.api_key, base_url=options.base_url, timeout=timeout)
    except ValueError as error:
        raise NoServer(str(error)) from error
    with client:
        yield client


def model_name(client: OpenAI, given: str | None) -> str:
    if given:
        return given
    for model in list_models(client):
        return model.id
    raise NoModel(f"the server at {client.base_url} lists no model: name one with --model-name")


def list_models(client: OpenAI) -> list[Model]:
    from martlet import NotFoundError

    try:
        return list(client.models.list())
    except NotFoundError as error:
        raise NoServer(f"{client.base_url} has no models: should the URL end in /v1?") from error


# --- texts ------------------------------------------------------------------------------------------------


def given_text(options: argparse.Namespace) -> str | None:
    """Return the text of -q, or what is piped in; None at a terminal."""
    if options.quick is None and sys.stdin is not None and sys.stdin.isatty():
        return None
    text = options.quick if options.quick is not None else read_input()
    if not text.strip():
        raise NoText("there is no text: give one with -q, or pipe it in")
    return checked(text)


def text_or_typed(options: argparse.Namespace) -> str:
    """Return the text of -q, what is piped in, or what is typed until Ctrl-D."""
    text = given_text(options)
    if text is not None:
        return text
    print("type a text, end it with Ctrl-D:", file=sys.stderr)
    return read_input()


def read_input() -> str:
    return "" if sys.stdin is None else checked(sys.stdin.read())


def checked(text: str) -> str:
    """Refuse bytes that were no text in the terminal's encoding, which Python keeps as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoText("the text is not UTF-8") from error
    return text
