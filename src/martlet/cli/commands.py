"""The /commands of a conversation. Each gets the talk and the rest of its line."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from martlet.cli.conversation import CannotKeep
from martlet.cli.settings import BadSetting, chat_setting
from martlet.errors import MartletError

if TYPE_CHECKING:
    from martlet.cli.talk import Talk

MULTI_END = "/end"
NONE = "-"
"""Stands for no system prompt."""


class BadCommand(MartletError):
    """A command was given what it cannot do."""


@dataclass(frozen=True)
class Command:
    name: str
    arguments: str
    help: str
    run: Callable[[Talk, str], None]
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        return f"{self.name} {self.arguments}".strip()


def find_command(name: str) -> Command | None:
    return next((command for command in COMMANDS if name == command.name or name in command.aliases), None)


# --- the program ------------------------------------------------------------------------------------------


def show_help(talk: Talk, rest: str) -> None:
    width = max(len(command.usage) for command in COMMANDS)
    lines = [f"  {command.usage:<{width}}  {command.help}" for command in COMMANDS]
    lines += [
        "",
        '  A line that ends in \\ goes on in the next; """ begins and ends a text of several lines.',
        "  Ctrl-C stops an answer, or drops what is being typed. Tab completes, arrow up brings back.",
    ]
    talk.screen.note("\n".join(lines))


def leave(talk: Talk, rest: str) -> None:
    talk.is_over = True


def show_stats(talk: Talk, rest: str) -> None:
    talk.shows_stats = switch(rest, not talk.shows_stats)
    talk.screen.note(f"stats are {'on' if talk.shows_stats else 'off'}")
    if talk.shows_stats and talk.last is not None:
        talk.screen.note(f"[{talk.last.figures()}]")


def switch(text: str, default: bool) -> bool:
    """Read on or off. Raises BadCommand."""
    if text and text not in ("on", "off"):
        raise BadCommand(f"on or off, not {text}")
    return text == "on" if text else default


# --- what was said ----------------------------------------------------------------------------------------


def start_anew(talk: Talk, rest: str) -> None:
    talk.conversation.clear()
    talk.unanswered = None
    talk.screen.note("a new conversation")


def undo(talk: Talk, rest: str) -> None:
    question = talk.conversation.undo()
    talk.screen.note("there is nothing to take back" if question is None else f"taken back: {question}")


def retry(talk: Talk, rest: str) -> None:
    before = list(talk.conversation.turns)
    question = talk.unanswered or talk.conversation.undo()
    if not question:
        raise BadCommand("there is no question to answer again")
    talk.ask(question)
    if talk.unanswered is not None:
        talk.conversation.turns = before


def show_messages(talk: Talk, rest: str) -> None:
    for message in talk.conversation.messages:
        content = message.get("content")
        text = content if isinstance(content, str) else json.dumps(message, ensure_ascii=False)
        talk.screen.note(f"{message.get('role')}: {text}")
    if not talk.conversation.messages:
        talk.screen.note("nothing was said yet")


def system(talk: Talk, rest: str) -> None:
    if rest:
        talk.conversation.system = None if rest == NONE else rest
    talk.screen.note(f"system prompt: {talk.conversation.system or 'none'}")


def save(talk: Talk, rest: str) -> None:
    path = named_file(talk, rest)
    talk.conversation.save(path, talk.model, talk.settings)
    talk.file = path
    talk.screen.note(f"saved to {path}")


def load(talk: Talk, rest: str) -> None:
    path = named_file(talk, rest)
    settings: dict[str, Any] = {}
    for name, value in talk.conversation.load(path).items():
        try:
            settings[name] = chat_setting(name, json.dumps(value))
        except BadSetting as error:
            talk.complain(error)
    talk.settings.clear()
    talk.settings.update(settings)
    talk.unanswered, talk.file = None, path
    talk.screen.note(f"loaded {len(talk.conversation.messages)} messages from {path}")


def named_file(talk: Talk, text: str) -> Path:
    if not text and talk.file is None:
        raise CannotKeep("name a file")
    return Path(text).expanduser() if text or talk.file is None else talk.file


# --- how it is asked --------------------------------------------------------------------------------------


def model(talk: Talk, rest: str) -> None:
    from martlet.cli.connection import list_models

    served = [each.id for each in list_models(talk.partner.client)]
    if rest and rest not in served:
        raise BadCommand(f"there is no model {rest}; there are: {', '.join(served)}")
    talk.model = rest or talk.model
    talk.screen.note("\n".join(f"{'*' if name == talk.model else ' '} {name}" for name in served))


def set_field(talk: Talk, rest: str) -> None:
    name, _, value = rest.partition("=" if "=" in rest.split(" ")[0] else " ")
    if name == "n":
        raise BadCommand("a conversation has one answer at a time")
    if value.strip():
        talk.settings[name] = chat_setting(name, value.strip())
    names = [name] if name else sorted(talk.settings)
    shown = [f"{each} = {json.dumps(talk.settings[each])}" for each in names if each in talk.settings]
    talk.screen.note("\n".join(shown) or ("not set" if name else "nothing is set: the model's defaults hold"))


def unset_field(talk: Talk, rest: str) -> None:
    if rest not in talk.settings:
        raise BadCommand(f"{rest or 'nothing'} is not set")
    del talk.settings[rest]
    talk.screen.note(f"{rest} is the model's default again")


def think(talk: Talk, rest: str) -> None:
    kwargs = dict(talk.settings.get("chat_template_kwargs") or {})
    kwargs["enable_thinking"] = switch(rest, not kwargs.get("enable_thinking", False))
    talk.settings["chat_template_kwargs"] = kwargs
    talk.screen.note(
        f"thinking is {'on' if kwargs['enable_thinking'] else 'off'}, if the model has the choice"
    )


def several_lines(talk: Talk, rest: str) -> None:
    talk.screen.note(f"several lines, up to one that is {MULTI_END}:")
    text = talk.reader.several_lines(MULTI_END)
    ask_text(talk, f"{rest}\n{text}" if rest else text)


def edit(talk: Talk, rest: str) -> None:
    ask_text(talk, edited(rest))


def ask_text(talk: Talk, text: str) -> None:
    if not text.strip():
        talk.screen.note("nothing was written")
        return
    talk.reader.remember(f'"""{text}"""' if "\n" in text else text)
    talk.ask(text)


def edited(text: str) -> str:
    """Have the user's editor make a text. Raises BadCommand."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="martlet-") as folder:
        path = Path(folder) / "question.md"
        path.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(path)], check=True)
            return path.read_text(encoding="utf-8").rstrip("\n")
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise BadCommand(f"the editor {editor} did not work: {error}; EDITOR names another") from error


COMMANDS = (
    Command("/help", "", "show this", show_help, ("/?",)),
    Command("/new", "", "begin anew; system prompt and settings stay", start_anew, ("/clear",)),
    Command("/undo", "", "take back the last question and its answer", undo),
    Command("/retry", "", "have the last question answered again", retry),
    Command("/show", "", "show what was said", show_messages),
    Command("/system", "[TEXT]", f"show or set the system prompt; {NONE} takes it away", system),
    Command("/model", "[NAME]", "list the server's models, or choose one", model),
    Command("/set", "[NAME [VALUE]]", "show or set a request's field, as /set temperature 0.2", set_field),
    Command("/unset", "NAME", "leave a field to the model again", unset_field),
    Command("/think", "[on|off]", "let the model think first, if it has the choice", think),
    Command("/multi", "", f"write several lines, up to one that is {MULTI_END}", several_lines),
    Command("/edit", "[TEXT]", "write the question in your editor (VISUAL, EDITOR)", edit),
    Command("/save", "[FILE]", "save the conversation as the JSON that the API takes", save),
    Command("/load", "[FILE]", "go on with a saved conversation", load),
    Command("/stats", "[on|off]", "show how many tokens there were, and how fast", show_stats),
    Command("/exit", "", "end; so does Ctrl-D", leave, ("/quit", "/bye")),
)
