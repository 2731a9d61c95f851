"""The trainer's rendering is the chat template's, and only the assistant's words are learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from martlet.engine.chat_template import ChatTemplate
from training import tokenizer
from training.dialogue import Dialogue
from training.rendering import pieces

WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"città": {}}}},
}
CALL: dict[str, Any] = {
    "id": "call-1",
    "type": "function",
    "function": {"name": "weather", "arguments": json.dumps({"città": "Forlì"}, ensure_ascii=False)},
}
SYSTEM = {"role": "system", "content": "Be brief."}
ASKED = {"role": "user", "content": "How is the weather in Forlì?"}
CALLED = {"role": "assistant", "content": None, "tool_calls": [CALL, CALL]}
SAID_AND_CALLED = {"role": "assistant", "content": "Let me see.", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "call-1", "content": '{"sky": "clear"}'}
THOUGHT = {"role": "assistant", "content": "<think>\nClear means sunny.\n</think>\n\nIt is sunny."}
PLAIN = {"role": "assistant", "content": "Hello!"}

DIALOGUES = {
    "plain": Dialogue([ASKED, PLAIN]),
    "system": Dialogue([SYSTEM, ASKED, PLAIN, ASKED, PLAIN]),
    "calls": Dialogue([ASKED, CALLED, RESULT, RESULT, PLAIN], tools=[WEATHER, WEATHER]),
    "system and calls": Dialogue([SYSTEM, ASKED, SAID_AND_CALLED, RESULT, THOUGHT], tools=[WEATHER]),
    "thinking": Dialogue([ASKED, THOUGHT, ASKED, THOUGHT], enable_thinking=True),
    "everything": Dialogue(
        [SYSTEM, ASKED, CALLED, RESULT, THOUGHT, ASKED, THOUGHT], tools=[WEATHER], enable_thinking=True
    ),
}


def rendered(dialogue: Dialogue) -> str:
    template = ChatTemplate(Path(tokenizer.TEMPLATE).read_text())
    variables = {"tools": dialogue.tools or None, "enable_thinking": dialogue.enable_thinking}
    return template.render(dialogue.messages, variables, add_generation_prompt=False)


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_pieces_are_the_template(dialogue: Dialogue) -> None:
    assert "".join(piece.text for piece in pieces(dialogue)) == rendered(dialogue)


def test_only_what_the_assistant_says_is_learned() -> None:
    learned = [piece.text for piece in pieces(DIALOGUES["calls"]) if piece.learned]
    call = '<tool_call>\n{"name": "weather", "arguments": {"città": "Forlì"}}\n</tool_call>'
    assert learned == [f"{call}\n{call}", "<|im_end|>", "Hello!", "<|im_end|>"]


def test_thoughts_of_earlier_turns_are_left_out() -> None:
    learned = [piece.text for piece in pieces(DIALOGUES["thinking"]) if piece.learned]
    assert learned == ["It is sunny.", "<|im_end|>", THOUGHT["content"], "<|im_end|>"]


def test_answer_that_lost_its_thought_may_be_left_unlearned() -> None:
    shortened: dict[str, Any] = {**THOUGHT, "learned": False}
    dialogue = Dialogue([ASKED, shortened, ASKED, THOUGHT], enable_thinking=True)
    learned = [piece.text for piece in pieces(dialogue) if piece.learned]
    assert learned == [THOUGHT["content"], "<|im_end|>"]
