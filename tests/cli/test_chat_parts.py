"""The parts of `martlet chat` that need no terminal."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from martlet.cli.answers import Answer, Piece, chat_pieces, completion_pieces
from martlet.cli.conversation import CannotKeep, Conversation
from martlet.cli.history import MAX_ENTRIES, History, history_file
from martlet.cli.interrupts import PATIENCE, Interrupts
from martlet.cli.line_reader import file_names
from martlet.cli.settings import BadSetting, chat_fields, chat_setting, completion_setting
from martlet.cli.terminal import Harmless, harmless

# --- control characters -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 99])
def test_text_in_pieces_is_as_harmless_as_the_whole(size: int) -> None:
    text = "a\r\nb\rc\r\r\n\x1b[0m\x9b\x7f\ttab \u0301 \U0001f600\r"
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    shown = Harmless()
    whole = "".join(map(shown.push, pieces)) + shown.flush()
    assert whole == harmless(text) == "a\nb^Mc^M\n^[[0m\\x9b^?\ttab \u0301 \U0001f600^M"


# --- answers ----------------------------------------------------------------------------------------------


class Shown:
    def __init__(self) -> None:
        self.thoughts = self.text = ""

    def think(self, piece: str) -> None:
        self.thoughts += piece

    def write(self, piece: str) -> None:
        self.text += piece


def test_answer_knows_how_fast_it_was() -> None:
    times = iter([10.0, 10.5, 11.0, 11.5])
    answer, shown = Answer(lambda: next(times)), Shown()
    assert answer.figures() == "nothing was generated"
    answer.take([Piece("hm"), Piece(text="a"), Piece(text="b", finish_reason="stop")], shown)
    assert (answer.text, shown.text, shown.thoughts, answer.finish_reason) == ("ab", "ab", "hm", "stop")
    assert answer.figures() == "about 3 tokens, first after 0.50 s, then 2.0 tokens/s"
    usage: Any = SimpleNamespace(prompt_tokens=7, completion_tokens=5)
    answer.take([Piece(usage=usage)], shown)
    assert answer.figures() == "7 prompt tokens, 5 generated, first after 0.50 s, then 4.0 tokens/s"


def test_chunks_become_pieces() -> None:
    delta = SimpleNamespace(reasoning=None, content="a")
    choice = SimpleNamespace(delta=delta, text="b", finish_reason=None)
    chunks = [SimpleNamespace(choices=[choice], usage=None), SimpleNamespace(choices=[], usage="u")]
    usage: Any = "u"
    assert list(chat_pieces(chunks)) == [Piece("", "a"), Piece(usage=usage)]
    assert list(completion_pieces(chunks)) == [Piece("", "b"), Piece(usage=usage)]


# --- what was said ----------------------------------------------------------------------------------------


def test_undo_takes_back_a_turn_with_all_that_followed() -> None:
    talk = Conversation("Be kind.")
    talk.add("one", "1")
    talk.turns += [{"role": "user", "content": "two"}, {"role": "assistant"}, {"role": "tool"}]
    assert talk.undo() == "two"
    assert talk.asking("three")[-2:] == [
        {"role": "assistant", "content": "1"},
        {"role": "user", "content": "three"},
    ]
    assert (talk.undo(), talk.undo()) == ("one", None)
    assert talk.messages == [{"role": "system", "content": "Be kind."}]


def test_saved_conversation_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    talk = Conversation("Be kind.")
    talk.add("caf\u00e9?", "\u65e5\u672c")
    talk.save(path, "tiny", {"top_k": 3})
    other = Conversation()
    assert other.load(path) == {"top_k": 3}
    assert other.messages == talk.messages
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "{", "3", "{}", '{"messages": 3}', '{"messages": ["a"]}', '["a"]'])
def test_what_is_no_conversation_is_neither_loaded_nor_replaced(text: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    talk = Conversation()
    talk.add("one", "1")
    with pytest.raises(CannotKeep, match="is no conversation"):
        talk.load(path)
    with pytest.raises(CannotKeep, match="choose another name"):
        talk.save(path, "tiny", {})
    assert (path.read_text(), len(talk.turns)) == (text, 2)


def test_save_tells_what_stands_in_its_way(tmp_path: Path) -> None:
    with pytest.raises(CannotKeep, match=r"cannot write .*: No such file"):
        Conversation().save(tmp_path / "no" / "folder", "tiny", {})


# --- what was typed ---------------------------------------------------------------------------------------


def test_history_keeps_any_text(tmp_path: Path) -> None:
    entries = ["plain", "two\nlines", "back\\slash", "\\n", "\\\n\\", "end\\", "\r", "\u65e5\u672c"]
    path = tmp_path / "deep" / "history"
    for entry in entries:
        History(path).append(entry)
    assert History(path).read() == entries
    assert len(path.read_text().splitlines()) == len(entries)


def test_long_history_is_shortened(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f"{number}\n" for number in range(3 * MAX_ENTRIES)))
    expected = [str(number) for number in range(2 * MAX_ENTRIES, 3 * MAX_ENTRIES)]
    assert History(path).read() == expected
    assert path.read_text().splitlines() == expected
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_history_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.touch(mode=0o644)
    History(path).append("secret")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="folders of XDG")
@pytest.mark.parametrize(
    ("given", "state"),
    [("", "/home/me/.local/state"), ("/var/me", "/var/me"), ("me", "/home/me/.local/state")],
)
def test_history_is_in_the_state_folder(given: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("XDG_STATE_HOME", given)
    assert history_file() == Path(state) / "martlet" / "chat_history"


# --- settings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0.2", 0.2),
        ("top_k", "20", 20),
        ("stop", "END", "END"),
        ("stop", '["a", "b"]', ["a", "b"]),
        ("stop", "5", "5"),
        ("include_reasoning", "false", False),
        ("chat_template_kwargs", '{"enable_thinking": true}', {"enable_thinking": True}),
        ("extra_body", '{"mirostat": 2}', {"mirostat": 2}),
    ],
)
def test_setting_is_read_as_the_field_wants_it(name: str, text: str, value: object) -> None:
    assert chat_setting(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("temperature", "warm", "temperature: expected `float | null`, got `str`"),
        ("top_k", "1.5", "top_k: expected `int | null`, got `float`"),
        ("tempreature", "1", "there is no setting tempreature: temperature"),
        ("zzz", "1", "there is no setting zzz; extra_body takes"),
        ("stream", "true", "stream is on"),
    ],
)
def test_setting_that_does_not_fit_is_refused(name: str, text: str, words: str) -> None:
    with pytest.raises(BadSetting) as refused:
        chat_setting(name, text)
    assert str(refused.value).startswith(words)


def test_fields_are_the_requests_own() -> None:
    assert {"temperature", "top_k", "structured_outputs", "extra_body"} <= set(chat_fields())
    assert not {"messages", "stream", "model"} & set(chat_fields())
    assert completion_setting("echo", "true") is True
    with pytest.raises(BadSetting, match="there is no setting reasoning_effort"):
        completion_setting("reasoning_effort", "low")


def test_file_names_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chats").mkdir()
    (tmp_path / "chat.json").touch()
    (tmp_path / ".hidden").touch()
    monkeypatch.chdir(tmp_path)
    assert file_names("ch") == ["chat.json", "chats/"]
    assert file_names("") == ["chat.json", "chats/"]
    assert file_names(f"{tmp_path}/.h") == [f"{tmp_path}/.hidden"]
    assert file_names("nowhere/x") == []


# --- Ctrl-C -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_interrupt_is_raised_once_and_only_where_it_is_expected() -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupts = Interrupts()
    with interrupts:
        with pytest.raises(KeyboardInterrupt), interrupts.expected():
            signal.raise_signal(signal.SIGINT)
        for _ in range(PATIENCE - 1):
            signal.raise_signal(signal.SIGINT)
        with interrupts.expected():
            pass
        with pytest.raises(KeyboardInterrupt):  # whatever hangs, the program can be ended
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
