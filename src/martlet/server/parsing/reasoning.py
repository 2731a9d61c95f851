"""How families of models mark what they think before they answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from martlet.server.parsing.reader import Reader, Reading

ReasoningState = Literal["unknown", "open", "over"]
"""What the prompt says: nothing, that reasoning has begun, that it has ended or there will be none."""


@dataclass(frozen=True, slots=True)
class ReasoningFormat:
    """Reasoning between two marks. Of each there may be several spellings."""

    start: tuple[str, ...]
    end: tuple[str, ...]
    is_implied: bool = False
    """Whether the output begins with reasoning even if no start is written."""

    @property
    def marks(self) -> tuple[str, ...]:
        return (*self.start, *self.end)

    def state(self, prompt: str) -> ReasoningState:
        """Return what a prompt's end says. Marks further up belong to earlier messages."""
        end = prompt.rstrip()
        if end.endswith(self.start):
            return "open"
        return "over" if end.endswith(self.end) else "unknown"

    def begins(self, reader: Reader, state: ReasoningState) -> Reading[bool]:
        """Read the start, if it is there. Return whether reasoning follows."""
        if state == "over":
            return False
        reader.hold()
        yield from reader.blanks()
        is_marked = bool((yield from reader.one_of(self.start)))
        blanks = reader.release()
        if not is_marked:
            reader.put_back(blanks)
        while is_marked and (yield from reader.one_of(self.start)):
            pass  # written again
        return is_marked or state == "open" or self.is_implied

    def read(self, reader: Reader) -> Reading[None]:
        """Read the reasoning and its end."""
        if (yield from reader.until(self.end, partial(reader.emit, "reasoning"))):
            while (yield from reader.one_of(self.end)):
                pass  # written again


THINK = ReasoningFormat(("<think>",), ("</think>",))

FORMATS: dict[str, ReasoningFormat] = {
    "think": THINK,
    "qwen3": ReasoningFormat(THINK.start, THINK.end, is_implied=True),
    "deepseek_r1": ReasoningFormat(THINK.start, THINK.end, is_implied=True),
    "deepseek_v3": THINK,
    "granite": ReasoningFormat(
        ("Here's my thought process:", "Here is my thought process:"),
        ("Here's my response:", "Here is my response:"),
    ),
    "mistral": ReasoningFormat(("[THINK]",), ("[/THINK]",)),
}
"""By vLLM's names. `think` is for any model that writes the tags: reasoning is what stands in them."""

_SIGNS = {"</think>": "think", "[/THINK]": "mistral", "my thought process": "granite"}
"""What a chat template shows of the reasoning that its model writes."""


def reasoning_format(name: str, chat_template: str) -> ReasoningFormat | None:
    """Return the format of that name; of "auto", the one that the template shows; of "", none."""
    if name == "auto":
        name = next((format for sign, format in _SIGNS.items() if sign in chat_template), "")
    return FORMATS[name] if name else None
