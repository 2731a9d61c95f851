"""A conversation as data: what was said, under which settings, kept in a file."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from martlet.errors import MartletError

Message = dict[str, Any]


class CannotKeep(MartletError):
    """A conversation cannot be written to a file, or read from it."""


class Conversation:
    """Messages in turns. A question enters with its answer, so that both sides know what was said."""

    def __init__(self, system: str | None = None) -> None:
        self.system = system
        self.turns: list[Message] = []

    @property
    def messages(self) -> list[Message]:
        """As they are sent."""
        return [*self._beginning(), *self.turns]

    def asking(self, question: str) -> list[Message]:
        """Return what is sent to ask this next."""
        return [*self.messages, {"role": "user", "content": question}]

    def add(self, question: str, answer: str) -> None:
        self.turns += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]

    def clear(self) -> None:
        """Forget what was said; the system prompt stays."""
        self.turns = []

    def undo(self) -> str | None:
        """Take back the last question and what followed; return it, or None if there is none."""
        for index in range(len(self.turns) - 1, -1, -1):
            if self.turns[index].get("role") == "user":
                question = self.turns[index].get("content")
                del self.turns[index:]
                return question if isinstance(question, str) else ""
        return None

    def _beginning(self) -> list[Message]:
        return [{"role": "system", "content": self.system}] if self.system else []

    # --- files -----------------------------------------------------------------------------------

    def save(self, path: Path, model: str, settings: dict[str, Any]) -> None:
        """Write a request for /v1/chat/completions. Raises CannotKeep, also to spare another file."""
        if path.exists() and not _is_conversation(path):
            raise CannotKeep(f"{path} is there already, and is no conversation: choose another name")
        text = json.dumps(
            {"model": model, "messages": self.messages, **settings}, ensure_ascii=False, indent=1
        )
        try:
            _replace(path, f"{text}\n")
        except OSError as error:
            raise CannotKeep(f"cannot write {path}: {error.strerror}") from error

    def load(self, path: Path) -> dict[str, Any]:
        """Take over the messages of a file; return its settings. Changes nothing if it raises CannotKeep."""
        body = _read(path)
        messages = body.pop("messages")
        body.pop("model", None)
        leads = messages[:1] if messages and messages[0].get("role") == "system" else []
        self.system = str(leads[0].get("content") or "") or None if leads else None
        self.turns = messages[len(leads) :]
        return body


def _is_conversation(path: Path) -> bool:
    try:
        _read(path)
    except CannotKeep:
        return False
    return True


def _read(path: Path) -> dict[str, Any]:
    """Return the body of a request: also a bare list of messages is one."""
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise CannotKeep(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CannotKeep(f"{path} is no conversation: it is not JSON") from error
    body = {"messages": found} if isinstance(found, list) else found
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list) or not all(isinstance(each, dict) for each in messages):
        raise CannotKeep(f"{path} is no conversation: it has no list of messages")
    return dict(body)


def _replace(path: Path, text: str) -> None:
    """Write a file for nobody else's eyes; what was there stays until it is complete."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
