"""A conversation at the terminal: questions, commands, answers that can be stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from martlet.cli.answers import Answer, chat_pieces
from martlet.cli.commands import COMMANDS, find_command
from martlet.cli.connection import checked
from martlet.cli.generation import USAGE
from martlet.cli.history import History, history_file
from martlet.cli.interrupts import Interrupts
from martlet.cli.line_reader import LineReader, file_names
from martlet.cli.screen import Screen
from martlet.cli.settings import chat_fields
from martlet.errors import MartletError

if TYPE_CHECKING:
    from martlet.cli.connection import Partner
    from martlet.cli.conversation import Conversation

HELP = "/help lists the commands, Ctrl-D ends the conversation"
HINT = "(Ctrl-D or /exit ends the conversation)"


class Talk:
    """What a conversation at the terminal is made of. Commands change it."""

    def __init__(
        self,
        partner: Partner,
        conversation: Conversation,
        settings: dict[str, Any],
        *,
        stats: bool,
        keep_history: bool,
    ) -> None:
        self.partner = partner
        self.model = partner.model
        self.conversation = conversation
        self.settings = settings
        self.shows_stats = stats
        self.screen = Screen()
        self.reader = LineReader(History(history_file() if keep_history else None), self._completions)
        self.last: Answer | None = None
        """The last answer."""
        self.unanswered: str | None = None
        """A question that was taken back, since nothing was said to it."""
        self.file: Path | None = None
        """Where the conversation was saved last, or comes from."""
        self.is_over = False
        self._interrupts = Interrupts()

    def run(self) -> None:
        """Talk until the user ends it."""
        self._greet()
        with self._interrupts:
            while not self.is_over:
                self._turn()

    def _greet(self) -> None:
        who = (
            f"{self.model}, the small model that comes with Martlet" if self.partner.is_house else self.model
        )
        self.screen.note(f"martlet: this is {who}, {self.partner.where}\n{HELP}")

    def _turn(self) -> None:
        """Read one line and do what it says. Whatever goes wrong is told, and the conversation goes on."""
        try:
            with self._interrupts.expected():
                typed = self.reader.read()
        except KeyboardInterrupt:
            print(file=sys.stderr)
            if not self.reader.has_typed():
                self.screen.note(HINT)
            return
        except EOFError:
            print(file=sys.stderr)
            self.is_over = True
            return
        try:
            text = checked(typed.text)
            if typed.is_command:
                self._command(text)
            elif text:
                self.ask(text)
        except MartletError as error:
            self.complain(error)

    def complain(self, error: object) -> None:
        self.screen.note(f"martlet: {' '.join(str(error).split())}")

    # --- questions -------------------------------------------------------------------------------

    def ask(self, question: str) -> None:
        """Show the answer as it comes. Ctrl-C stops it, on the server too, and what was said stays said."""
        self.unanswered = None
        answer = self.last = Answer()
        problem: MartletError | None = None
        is_stopped = False
        try:
            with self._interrupts.expected(), self._stream(question) as chunks:
                answer.take(chat_pieces(chunks), self.screen)
        except KeyboardInterrupt:
            is_stopped = True
        except MartletError as error:
            problem = error
        self._put_away(question, answer, is_stopped=is_stopped)
        if problem is not None:
            self.complain(problem)

    def _stream(self, question: str) -> Any:
        usage: Any = USAGE if self.shows_stats else {}
        messages: Any = self.conversation.asking(question)
        return self.partner.client.chat.completions.create(
            model=self.model, messages=messages, stream=True, **self.settings, **usage
        )

    def _put_away(self, question: str, answer: Answer, *, is_stopped: bool) -> None:
        text = answer.text
        if text or answer.has_begun or is_stopped:
            self.screen.end()
        if text or (answer.finish_reason is not None and not is_stopped):
            self.conversation.add(question, text)
        else:
            self.unanswered = question
        if is_stopped:
            nothing = "(stopped before an answer: the question is taken back)"
            self.screen.note("(stopped)" if text else nothing)
        elif answer.finish_reason == "length":
            self.screen.note("(cut: no more tokens were allowed or fit)")
        if self.shows_stats and answer.has_begun:
            self.screen.note(f"[{answer.figures()}]")

    # --- commands --------------------------------------------------------------------------------

    def _command(self, text: str) -> None:
        name, _, rest = text.strip().partition(" ")
        command = find_command(name)
        if command is None:
            self.complain(f"there is no command {name}: /help lists them, and a blank before it sends it")
            return
        self.interruptible(lambda: command.run(self, rest.strip()))

    def interruptible(self, function: Callable[[], object]) -> None:
        try:
            with self._interrupts.expected():
                function()
        except KeyboardInterrupt:
            print(file=sys.stderr)
            self.screen.note("(stopped)")

    def _completions(self, line: str, word: str) -> list[str]:
        """Return what Tab may make of the word at the end of a line."""
        name, blank, _ = line.partition(" ")
        if not line.startswith("/"):
            return []
        if not blank:
            return [f"{command.name} " for command in COMMANDS if command.name.startswith(word)]
        if name in ("/save", "/load"):
            return file_names(word)
        if name == "/set" and line.count(" ") == 1:
            return [f"{field} " for field in chat_fields() if field.startswith(word)]
        if name == "/unset":
            return [field for field in self.settings if field.startswith(word)]
        return []
