"""`martlet chat` as its user has it: a real terminal, real keys, a real server or the model in process."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.client.scripted import (
    DONE,
    END,
    MODELS,
    SILENCE,
    SSE_HEAD,
    ScriptedServer,
    Seen,
    chunk,
    http,
    usage_chunk,
)
from tests.server.wire import call, fake_server, is_idle, until
from tests.servers import ServerProcess, start_server

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

from tests.cli.terminals import CTRL_D, LEFT, TAB, UP, Terminal, at_terminal

Start = Callable[..., AbstractContextManager[Terminal]]
LISTED = [http(body=MODELS)]


@pytest.fixture(scope="module")
def house() -> Iterator[ServerProcess]:
    greedy = '{"temperature": 0, "max_new_tokens": 120}'
    with start_server("--override-generation-config", greedy) as server:
        yield server


@pytest.fixture
def start(tmp_path: Path) -> Start:
    return partial(at_terminal, state=tmp_path)


def answer_of(server: ServerProcess, *said: str, **fields: Any) -> str:
    """What the server answers to a conversation of questions and answers in turns."""
    roles = ("user", "assistant")
    messages = [{"role": roles[index % 2], "content": text} for index, text in enumerate(said)]
    reply = call(server, "POST", "/v1/chat/completions", {"messages": messages, **fields})
    return str(reply.json["choices"][0]["message"]["content"])


def telling(*pieces: bytes) -> list[bytes]:
    """A streamed answer."""
    return [SSE_HEAD, *pieces, DONE, END]


def said(*texts: str) -> list[bytes]:
    return telling(*map(chunk, texts), chunk("", finish="stop"))


def messages_of(server: ScriptedServer, number: int) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = server.seen[number].json["messages"]
    return messages


# --- a conversation ---------------------------------------------------------------------------------------


def test_conversation_at_a_terminal(house: ServerProcess, start: Start) -> None:
    first = answer_of(house, "Hello")
    with start("chat", "--url", house.url) as terminal:
        assert f"this is martlet-house, at {house.url}\n/help" in terminal.expect("\n> ")
        assert terminal.answer_to("Hello") == first
        assert terminal.answer_to("Who are you?") == answer_of(house, "Hello", first, "Who are you?")
        terminal.type(CTRL_D)
        assert terminal.wait() == 0
    assert terminal.text.endswith("\n")


def test_line_is_edited_and_remembered(house: ServerProcess, start: Start, tmp_path: Path) -> None:
    answer = answer_of(house, "Hello")
    with start("chat", "--url", house.url) as terminal:
        terminal.expect("> ")
        terminal.type(f"Helo{LEFT}l\n")
        terminal.expect(answer)
        terminal.expect("> ")
        assert terminal.answer_to("/new") == "a new conversation"
        terminal.type(f"{UP}{UP}\n")
        terminal.expect(f"Hello\n{answer}\n")
        terminal.type("/exit\n")
        assert terminal.wait() == 0
    file = tmp_path / "martlet" / "chat_history"
    assert file.read_text().splitlines() == ["Hello", "/new", "Hello", "/exit"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    with start("chat", "--url", house.url) as again:
        again.expect("> ")
        again.type(f"{UP}{UP}\n")
        again.expect(f"Hello\n{answer}\n")


def test_json_is_for_one_question(house: ServerProcess, start: Start) -> None:
    with start("chat", "--url", house.url, "--json") as terminal:
        terminal.expect("martlet: --json goes with one question: give it with -q, or pipe it in; see")
        assert terminal.wait() == 2


def test_complete_reads_a_text_up_to_its_end(house: ServerProcess, start: Start) -> None:
    body = {"prompt": "Hello\nthere\n", "temperature": 0, "max_tokens": 9}
    expected = call(house, "POST", "/v1/completions", body).json["choices"][0]["text"].strip()
    with start("complete", "--url", house.url, "--temperature", "0", "--max-tokens", "9") as terminal:
        terminal.expect("type a text, end it with Ctrl-D:\n")
        terminal.type(f"Hello\nthere\n{CTRL_D}")
        terminal.expect(f"{expected}\n")
        assert terminal.wait() == 0


def test_no_history_keeps_nothing(house: ServerProcess, start: Start, tmp_path: Path) -> None:
    with start("chat", "--url", house.url, "--no-history") as terminal:
        terminal.expect("> ")
        terminal.type("/new\n/exit\n")
        assert terminal.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_tab_completes_commands_and_fields(house: ServerProcess, start: Start) -> None:
    with start("chat", "--url", house.url) as terminal:
        terminal.expect("> ")
        terminal.type(f"/sta{TAB}\n")
        assert "stats are on" in terminal.expect("\n> ")
        terminal.type(f"/set tempe{TAB}0.5\n")
        terminal.expect("temperature = 0.5")


@pytest.mark.parametrize(
    "keys",
    [
        "one\\\ntwo\n", '"""one\ntwo"""\n', '"""\none\ntwo\n"""\n', "/multi\none\ntwo\n/end\n",
        "\x1b[200~one\ntwo\x1b[201~\n",
    ],
    ids=["backslash", "fence", "fence on lines of its own", "command", "pasted"],
)  # fmt: skip
def test_several_lines_are_one_question(keys: str, start: Start) -> None:
    with ScriptedServer(LISTED, said("fine")) as server, start("chat", "--url", server.url) as terminal:
        terminal.expect("> ")
        terminal.type(keys)
        terminal.expect("fine\n> ")
        assert messages_of(server, 1) == [{"role": "user", "content": "one\ntwo"}]


def test_slash_behind_a_blank_or_in_a_fence_is_text(start: Start) -> None:
    with (
        ScriptedServer(LISTED, said("a"), said("b")) as server,
        start("chat", "--url", server.url) as terminal,
    ):
        terminal.expect("> ")
        assert "there is no command /etc" in terminal.answer_to("/etc is what?")
        assert terminal.answer_to(" /etc is what?") == "a"
        assert terminal.answer_to('"""/help"""') == "b"
        assert [each["content"] for each in messages_of(server, 2)] == ["/etc is what?", "a", "/help"]


# --- Ctrl-C -----------------------------------------------------------------------------------------------


def test_interrupt_at_the_prompt_is_no_end(house: ServerProcess, start: Start) -> None:
    with start("chat", "--url", house.url) as terminal:
        terminal.expect("> ")
        terminal.interrupt("(Ctrl-D or /exit ends the conversation)\n> ")
        terminal.type("half a question")
        terminal.expect("half a question")
        assert "ends the conversation" not in terminal.interrupt("\n> ")
        assert terminal.answer_to("Hello") == answer_of(house, "Hello")


def test_interrupt_stops_the_answer_and_keeps_what_was_said(start: Start) -> None:
    begun = [SSE_HEAD, chunk("Once upon"), chunk(" a time"), SILENCE]
    with ScriptedServer(LISTED, begun, said("The end.")) as server:
        with start("chat", "--url", server.url) as terminal:
            terminal.expect("> ")
            terminal.type("A story\n")
            terminal.expect("Once upon a time")
            terminal.interrupt("(stopped)\n> ")
            assert server.gone.acquire(timeout=30)  # the connection is closed, so that the server hears of it
            assert terminal.answer_to("And then?") == "The end."
        assert [each["content"] for each in messages_of(server, 2)] == [
            "A story",
            "Once upon a time",
            "And then?",
        ]


def test_interrupt_before_the_answer_takes_the_question_back(start: Start) -> None:
    asked = threading.Event()

    def silence(request: Seen) -> list[object]:
        asked.set()
        return [SILENCE]

    with ScriptedServer(LISTED, silence, said("Here."), said("There.")) as server:
        with start("chat", "--url", server.url) as terminal:
            terminal.expect("> ")
            terminal.type("A story\n")
            terminal.expect("A story\n")
            assert asked.wait(30)
            terminal.interrupt("the question is taken back)\n> ")
            assert terminal.answer_to("/show") == "nothing was said yet"
            assert terminal.answer_to("/retry") == "Here."
            assert terminal.answer_to("Go on") == "There."
        assert [each["content"] for each in messages_of(server, 3)] == ["A story", "Here.", "Go on"]


def test_interrupt_ends_the_work_on_the_server(start: Start) -> None:
    endless = ("--set", "ignore_eos=true", "--max-tokens", "50000")
    with fake_server("slow", "0.01") as server, start("chat", "--url", server.url, *endless) as terminal:
        terminal.expect("> ")
        terminal.type("Hello\n")
        terminal.expect("word word ")
        terminal.interrupt("(stopped)")
        until(lambda: is_idle(server))
        metrics = call(server, "GET", "/metrics").body.decode()
        assert 'finished_reason="abort",model_name="fake"} 1.0' in metrics
        assert terminal.answer_to("/unset ignore_eos").startswith("ignore_eos is")


def test_interrupt_stops_the_model_in_process(start: Start) -> None:
    endless = ("--set", "ignore_eos=true", "--max-tokens", "1900", "--temperature", "0")
    slow = {"MARTLET_KERNELS": "reference"}  # so that it has not ended when it is interrupted
    with start("chat", *endless, "--stats", env=slow) as terminal:
        assert "martlet-house, the small model that comes with Martlet, in this process" in terminal.expect(
            "> "
        )
        for _ in range(2):
            terminal.type("Hello\n")
            terminal.expect("Hello\n")
            terminal.expect(" ")
            assert "(stopped)\n[about " in terminal.interrupt("tokens/s]")
            terminal.expect("> ")
        terminal.type(CTRL_D)
        assert terminal.wait() == 0


# --- what is shown ----------------------------------------------------------------------------------------


def test_escape_codes_of_a_model_do_not_act(start: Start) -> None:
    evil = said("\x1b[2J\x1b]0;title\x07 a\x9b31m b\rc\x08 d\r", "\ne\x00 \u65e5\u672c\u8a9e \U0001f600")
    with ScriptedServer(LISTED, evil) as server, start("chat", "--url", server.url) as terminal:
        terminal.expect("> ")
        shown = terminal.answer_to("Hi")
    assert shown == "^[[2J^[]0;title^G a\\x9b31m b^Mc^H d\ne^@ \u65e5\u672c\u8a9e \U0001f600"


def test_reasoning_is_dim_and_apart(start: Start) -> None:
    thinking = telling(chunk(None, reasoning="Let me see"), chunk("\n\nFour."), chunk("", finish="stop"))
    with (
        ScriptedServer(LISTED, thinking, said("Again.")) as server,
        start("chat", "--url", server.url) as terminal,
    ):
        terminal.expect("> ")
        assert terminal.answer_to("2+2") == "Let me see\nFour."
        assert "\x1b[2mLet me see\x1b[0m" in terminal.raw
        assert terminal.answer_to("Sure?") == "Again."
        assert messages_of(server, 2)[1] == {"role": "assistant", "content": "\n\nFour."}  # as it was said


def test_no_colour_means_none(start: Start) -> None:
    thinking = telling(chunk(None, reasoning="Hm"), chunk("Yes."), chunk("", finish="stop"))
    with ScriptedServer(LISTED, thinking) as server:
        with start("chat", "--url", server.url, env={"NO_COLOR": "1"}) as terminal:
            terminal.expect("> ")
            assert terminal.answer_to("Hi") == "Hm\nYes."
            terminal.interrupt("ends the conversation")
    assert "\x1b[0m" not in terminal.raw
    assert "\x1b[2m" not in terminal.raw


def test_error_is_one_line_and_the_conversation_goes_on(start: Start) -> None:
    refusal = http(400, {"error": {"message": "too \x1b[31mlong", "type": "t", "param": None, "code": 400}})
    with ScriptedServer(LISTED, [refusal], said("Better.")) as server:
        with start("chat", "--url", server.url) as terminal:
            terminal.expect("> ")
            assert terminal.answer_to("Long") == "martlet: Error code: 400 - too ^[[31mlong"
            assert terminal.answer_to("Short") == "Better."
        assert messages_of(server, 2) == [{"role": "user", "content": "Short"}]


def test_answer_that_breaks_off_is_kept(start: Start) -> None:
    broken = [SSE_HEAD, chunk("Once"), END]
    with (
        ScriptedServer(LISTED, broken, said("More.")) as server,
        start("chat", "--url", server.url) as terminal,
    ):
        terminal.expect("> ")
        assert terminal.answer_to("Tell").startswith("Once\nmartlet: Stream interrupted")
        assert terminal.answer_to("Go on") == "More."
        assert [each["content"] for each in messages_of(server, 2)] == ["Tell", "Once", "Go on"]


def test_stats_have_the_servers_count(start: Start) -> None:
    counted = telling(chunk("Hel"), chunk("lo"), chunk("", finish="stop"), usage_chunk())
    with (
        ScriptedServer(LISTED, said("First."), counted) as server,
        start("chat", "--url", server.url) as terminal,
    ):
        terminal.expect("> ")
        assert "tokens" not in terminal.answer_to("Hi")
        assert terminal.answer_to("/stats").startswith("stats are on\n[about 1 token, first after ")
        shown = terminal.answer_to("Hi")
        assert shown.startswith("Hello\n[5 prompt tokens, 4 generated, first after ")
        assert "stream_options" not in server.seen[1].json
        assert server.seen[2].json["stream_options"] == {"include_usage": True}


# --- commands ---------------------------------------------------------------------------------------------


def test_help_lists_every_command(house: ServerProcess, start: Start) -> None:
    from martlet.cli.commands import COMMANDS

    with start("chat", "--url", house.url) as terminal:
        terminal.expect("> ")
        shown = terminal.answer_to("/help")
    assert [line.split()[0] for line in shown.splitlines()[: len(COMMANDS)]] == [
        each.name for each in COMMANDS
    ]


def test_undo_and_retry(start: Start) -> None:
    with ScriptedServer(LISTED, said("one"), said("two"), said("three")) as server:
        with start("chat", "--url", server.url, "--system-prompt", "Be short.") as terminal:
            terminal.expect("> ")
            assert terminal.answer_to("First?") == "one"
            assert terminal.answer_to("/retry") == "two"
            assert terminal.answer_to("/undo") == "taken back: First?"
            assert terminal.answer_to("/undo") == "there is nothing to take back"
            assert "there is no question" in terminal.answer_to("/retry")
            assert terminal.answer_to("/system Be long.") == "system prompt: Be long."
            assert terminal.answer_to("Second?") == "three"
        assert server.seen[1].json["messages"] == server.seen[2].json["messages"]
        assert messages_of(server, 3) == [
            {"role": "system", "content": "Be long."},
            {"role": "user", "content": "Second?"},
        ]


def test_settings_are_checked_and_sent(start: Start) -> None:
    with ScriptedServer(LISTED, said("one"), said("two")) as server:
        with start("chat", "--url", server.url, "--set", "top_k=5") as terminal:
            terminal.expect("> ")
            assert terminal.answer_to("/set temperature 0.2") == "temperature = 0.2"
            assert "there is no setting temprature: temperature" in terminal.answer_to("/set temprature 1")
            assert "expected `float | null`" in terminal.answer_to("/set temperature warm")
            assert "chosen by name" in terminal.answer_to("/set model x")
            assert terminal.answer_to('/set stop ["a", "b"]') == 'stop = ["a", "b"]'
            assert terminal.answer_to("/set") == 'stop = ["a", "b"]\ntemperature = 0.2\ntop_k = 5'
            assert terminal.answer_to("/unset stop") == "stop is the model's default again"
            assert terminal.answer_to("/think on").startswith("thinking is on")
            assert terminal.answer_to("Hi") == "one"
        body = server.seen[1].json
        assert (body["temperature"], body["top_k"], "stop" in body) == (0.2, 5, False)
        assert body["chat_template_kwargs"] == {"enable_thinking": True}


def test_conversation_is_saved_and_loaded(house: ServerProcess, start: Start, tmp_path: Path) -> None:
    file = tmp_path / "a chat.json"
    first = answer_of(house, "Hello")
    with start("chat", "--url", house.url, "--set", "top_k=1") as terminal:
        terminal.expect("> ")
        terminal.answer_to("/system Be kind.")
        terminal.answer_to("/system -")
        terminal.answer_to("Hello")
        assert terminal.answer_to(f"/save {file}") == f"saved to {file}"
    body = json.loads(file.read_text())
    assert call(house, "POST", "/v1/chat/completions", body).status == 200  # it is a request as it stands
    assert body["messages"] == [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": first}]
    assert file.stat().st_mode & 0o777 == 0o600
    (tmp_path / "diary").write_text("mine")
    with start("chat", "--url", house.url) as terminal:
        terminal.expect("> ")
        assert terminal.answer_to(f"/load {file}") == f"loaded 2 messages from {file}"
        assert terminal.answer_to("/set") == "top_k = 1"
        assert terminal.answer_to("Who are you?") == answer_of(house, "Hello", first, "Who are you?")
        assert "is no conversation" in terminal.answer_to(f"/save {tmp_path / 'diary'}")
        assert "cannot read" in terminal.answer_to("/load /nowhere")
        assert terminal.answer_to("/save") == f"saved to {file}"
    assert (tmp_path / "diary").read_text() == "mine"
    assert len(json.loads(file.read_text())["messages"]) == 4


def test_model_is_chosen_among_the_servers(start: Start) -> None:
    both = http(
        body={"object": "list", "data": [{"id": name, "object": "model"} for name in ("tiny", "other")]}
    )
    with ScriptedServer([both], [both], [both], [both], said("Hi.")) as server:
        with start("chat", "--url", server.url) as terminal:
            terminal.expect("> ")
            assert terminal.answer_to("/model") == "* tiny\n  other"
            assert "there is no model huge; there are: tiny, other" in terminal.answer_to("/model huge")
            assert terminal.answer_to("/model other") == "  tiny\n* other"
            assert terminal.answer_to("Hi") == "Hi."
        assert server.seen[4].json["model"] == "other"


def test_editor_writes_the_question(start: Start, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "%s and\\nmore\\n" "$(cat "$1")" > "$1"\n')
    editor.chmod(0o755)
    with ScriptedServer(LISTED, said("Read.")) as server:
        with start("chat", "--url", server.url, env={"EDITOR": str(editor), "VISUAL": ""}) as terminal:
            terminal.expect("> ")
            terminal.type("/edit draft\n")
            terminal.expect("Read.\n> ")
        assert messages_of(server, 1) == [{"role": "user", "content": "draft and\nmore"}]


def test_missing_readline_is_no_error(house: ServerProcess, start: Start, tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "readline.py").write_text("raise ImportError('built without it')\n")
    path = os.pathsep.join(filter(None, (str(tmp_path / "hidden"), os.environ.get("PYTHONPATH"))))
    with start("chat", "--url", house.url, env={"PYTHONPATH": path}) as terminal:
        terminal.expect("> ")
        assert terminal.answer_to("Hello") == answer_of(house, "Hello")
        terminal.type(CTRL_D)
        assert terminal.wait() == 0


def test_history_that_cannot_be_kept_is_no_error(house: ServerProcess, start: Start, tmp_path: Path) -> None:
    (tmp_path / "martlet").write_text("a file where the folder should be")
    with start("chat", "--url", house.url) as terminal:
        terminal.expect("> ")
        assert terminal.answer_to("Hello") == answer_of(house, "Hello")
