"""`martlet tokenize`: a text's tokens, or the text of tokens."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

from martlet.cli.connection import (
    LOCAL,
    TIMEOUT_S,
    NoText,
    base_url,
    check_place,
    connect,
    missing_extra,
    model_name,
    talk_parser,
    text_or_typed,
)
from martlet.cli.generation import print_json
from martlet.cli.local_models import add_hub_flags, add_template_flag
from martlet.cli.terminal import allow_any_text, harmless, is_terminal

if TYPE_CHECKING:
    import argparse

    from martlet import OpenAI
    from martlet.cli.flags import Parser

MAX_ID = 2**63 - 1


class NoTokens(NoText):
    """What was given is no list of token ids."""


class TextTools(Protocol):
    """What turns text into tokens and back."""

    def tokenize(self, **body: Any) -> dict[str, Any]: ...
    def detokenize(self, **body: Any) -> dict[str, Any]: ...


def parser() -> Parser:
    flags = talk_parser("tokenize", "Show the tokens of a text, each with its id, or the text of tokens.")
    group = flags.add_argument_group("text and tokens")
    group.add_argument("-q", "--quick", metavar="TEXT", help="the text, or the ids; or pipe them in")
    group.add_argument(
        "--chat", action="store_true", help="take the text as a user's message, as the chat template shows it"
    )
    group.add_argument(
        "--no-special-tokens", action="store_true", help="add none of the tokenizer's own, such as <s>"
    )
    shown = group.add_mutually_exclusive_group()
    shown.add_argument("--ids", action="store_true", help="print the ids alone, in one line")
    shown.add_argument("--count", action="store_true", help="print how many tokens there are")
    shown.add_argument("--detokenize", action="store_true", help="print the text of ids")
    group.add_argument("--json", action="store_true", help="print the whole reply as one line of JSON")
    local = flags.add_argument_group(LOCAL)
    add_hub_flags(local)
    add_template_flag(local)
    flags.add_argument("--debug", action="store_true", help="show tracebacks")
    return flags


def main(arguments: Sequence[str]) -> int:
    allow_any_text()
    flags = parser()
    options = flags.parse_args(arguments)
    check_place(flags, options)
    if options.detokenize and (options.chat or options.no_special_tokens):
        flags.error("--chat and --no-special-tokens are for texts, and --detokenize takes ids")
    text = text_or_typed(options)
    with ExitStack() as stack:
        tools = text_tools(options, stack)
        if options.detokenize:
            show_text(tools.detokenize(tokens=token_ids(text)), options)
        else:
            show_tokens(tools.tokenize(**request(text, options)), options)
    return 0


def request(text: str, options: argparse.Namespace) -> dict[str, Any]:
    """Return the body for /tokenize."""
    body: dict[str, Any] = {"return_token_strs": not (options.ids or options.count)}
    if options.chat:
        body["messages"] = [{"role": "user", "content": text}]
    else:
        body["prompt"] = text
    if options.no_special_tokens:
        body["add_special_tokens"] = False
    return body


def token_ids(text: str) -> list[int]:
    """Read ids with blanks or commas between them, or as JSON. Raises NoTokens."""
    words = text.replace(",", " ").replace("[", " ").replace("]", " ").split()
    for word in words:
        if not (word.isascii() and word.isdigit() and int(word) <= MAX_ID):
            raise NoTokens(f"{word[:40]!r} is no token id: give numbers, with blanks or commas between them")
    return [int(word) for word in words]


def show_tokens(reply: dict[str, Any], options: argparse.Namespace) -> None:
    if options.json:
        print_json(reply)
    elif options.count:
        print(reply["count"])
    elif options.ids:
        print(*reply["tokens"])
    else:
        for token_id, spelling in zip(reply["tokens"], reply["token_strs"], strict=True):
            print(f"{token_id}\t{harmless(spelling)}")
        print(f"{reply['count']} tokens", file=sys.stderr)


def show_text(reply: dict[str, Any], options: argparse.Namespace) -> None:
    if options.json:
        print_json(reply)
    else:
        print(harmless(reply["prompt"]) if is_terminal(sys.stdout) else reply["prompt"])


# --- who knows the tokens ---------------------------------------------------------------------------------


def text_tools(options: argparse.Namespace, stack: ExitStack) -> TextTools:
    """Return a server's tokenizer or one of this machine, closed with the stack. Raises MartletError."""
    if base_url(options) is None:
        try:
            from martlet.cli.local_tokenizer import LocalTokenizer
        except ModuleNotFoundError as error:
            raise missing_extra(error) from error
        return LocalTokenizer(options)
    client = stack.enter_context(connect(options, options.timeout or TIMEOUT_S))
    return ServedTokenizer(client, model_name(client, options.model or options.model_name))


class ServedTokenizer:
    """A server's."""

    def __init__(self, client: OpenAI, model: str) -> None:
        self._client = client
        self._model = model

    def tokenize(self, **body: Any) -> dict[str, Any]:
        return self._document(self._client.vllm.with_raw_response.tokenize(model=self._model, **body))

    def detokenize(self, **body: Any) -> dict[str, Any]:
        return self._document(self._client.vllm.with_raw_response.detokenize(model=self._model, **body))

    @staticmethod
    def _document(answer: Any) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(answer.text)
        return document
