"""`martlet chat`: one question with -q or through a pipe, else a conversation at the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from martlet.cli.answers import chat_pieces
from martlet.cli.connection import add_local_flags, check_place, given_text, partner, talk_parser
from martlet.cli.conversation import Conversation
from martlet.cli.flags import Parser
from martlet.cli.generation import (
    add_generation_flags,
    answer_once,
    check_choices,
    given_settings,
)
from martlet.cli.settings import chat_setting
from martlet.cli.terminal import allow_any_text


def parser() -> Parser:
    flags = talk_parser("chat", "Chat with a model. The answer goes to stdout, and nothing else does.")
    group = add_generation_flags(flags)
    group.add_argument("--system-prompt", metavar="TEXT", help="what the model is told beforehand")
    group.add_argument(
        "--think", action=argparse.BooleanOptionalAction, default=None,
        help="let a model think first that can do both, by enable_thinking of its template",
    )  # fmt: skip
    group.add_argument(
        "--history", action=argparse.BooleanOptionalAction, default=True,
        help="keep what is typed for the arrow keys, in a file (on)",
    )  # fmt: skip
    add_local_flags(flags)
    flags.add_argument("--debug", action="store_true", help="show tracebacks")
    return flags


def main(arguments: Sequence[str]) -> int:
    allow_any_text()
    flags = parser()
    options = flags.parse_args(arguments)
    check_place(flags, options)
    check_choices(flags, options)
    settings = given_settings(options, chat_setting)
    if options.think is not None:
        settings["chat_template_kwargs"] = {"enable_thinking": options.think} | settings.get(
            "chat_template_kwargs", {}
        )
    text = given_text(options)
    conversation = Conversation(options.system_prompt)
    if text is None and options.json:
        flags.error("--json goes with one question: give it with -q, or pipe it in")
    with partner(options) as answering:
        if text is not None:
            fields = {"messages": conversation.asking(text), **settings}
            answer_once(
                answering, answering.client.chat.completions, chat_pieces, fields,
                as_json=options.json, stats=options.stats,
            )  # fmt: skip
        else:
            from martlet.cli.talk import Talk

            Talk(answering, conversation, settings, stats=options.stats, keep_history=options.history).run()
    return 0
