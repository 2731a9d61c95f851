"""`martlet chat`, `complete` and `models` against a real server: stdout is the answer and nothing else.

At a real terminal: test_chat_terminal.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.client.scripted import MODELS, SILENCE, STREAM, ScriptedServer, http
from tests.server.wire import HELLO, call
from tests.servers import ServerProcess, start_server


@pytest.fixture(scope="module")
def house() -> Iterator[ServerProcess]:
    greedy = '{"temperature": 0, "max_new_tokens": 120}'
    with start_server(
        "--served-model-name", "house", "other", "--override-generation-config", greedy
    ) as server:
        yield server


def talk(*arguments: str, stdin: str | None = None, url: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "martlet", *arguments],
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=110,
        env={**os.environ, "OPENAI_BASE_URL": url},
        check=False,
    )


def answer_of(server: ServerProcess, messages: list[dict[str, str]]) -> str:
    reply = call(
        server, "POST", "/v1/chat/completions", {"messages": messages, "temperature": 0, "max_tokens": 120}
    )
    return str(reply.json["choices"][0]["message"]["content"])


def test_quick_question_prints_the_answer(house: ServerProcess) -> None:
    done = talk("chat", "-q", "Hello", "--url", house.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == answer_of(house, HELLO) + "\n"


def test_system_prompt_is_sent(house: ServerProcess) -> None:
    messages = [{"role": "system", "content": "Answer in verse."}, *HELLO]
    done = talk("chat", "-q", "Hello", "--system-prompt", "Answer in verse.", url=house.url)
    assert done.stdout == answer_of(house, messages) + "\n"


def test_piped_text_is_the_question(house: ServerProcess) -> None:
    assert talk("chat", stdin="Hello", url=house.url).stdout == answer_of(house, HELLO) + "\n"


def test_completion_prints_what_is_added(house: ServerProcess) -> None:
    body = {"prompt": "Hello", "max_tokens": 6, "temperature": 0}
    expected = call(house, "POST", "/v1/completions", body).json["choices"][0]["text"]
    done = talk("complete", "-q", "Hello", "--max-tokens", "6", "--temperature", "0", url=house.url)
    assert (done.returncode, done.stdout) == (0, expected + "\n")


def test_models_are_listed(house: ServerProcess) -> None:
    assert talk("models", url=house.url).stdout == "house\nother\n"
    lines = talk("models", "--json", url=house.url).stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["house", "other"]


def test_json_is_the_whole_reply(house: ServerProcess) -> None:
    sent = {"messages": HELLO, "temperature": 0.5, "seed": 1, "n": 2, "max_tokens": 4}
    flags = ("--temperature", "0.5", "--set", "seed=1", "--set", "n=2", "--max-tokens", "4", "--json")
    for command, path, body in (
        ("chat", "/v1/chat/completions", sent),
        ("complete", "/v1/completions", {**sent, "prompt": "Hello"}),
    ):
        done = talk(command, *flags, stdin="Hello", url=house.url)
        assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
        changing = {"id": "", "created": 0}
        assert json.loads(done.stdout) | changing == call(house, "POST", path, body).json | changing


@pytest.mark.parametrize("command", ["chat", "complete"])
def test_stats_go_to_stderr(command: str, house: ServerProcess) -> None:
    flags = ("-q", "Hello", "--max-tokens", "5", "--set", "ignore_eos=true")
    done = talk(command, *flags, "--stats", url=house.url)
    assert done.stdout == talk(command, *flags, url=house.url).stdout
    assert " prompt tokens, 5 generated, first after " in done.stderr


def test_model_and_server_are_a_name_there(house: ServerProcess) -> None:
    assert talk("chat", "other", "--base-url", house.url, "-q", "Hello").stdout == (
        answer_of(house, HELLO) + "\n"
    )
    done = talk("chat", "nope", "--base-url", house.url, "-q", "Hello")
    assert (done.returncode, done.stdout) == (1, "")
    assert "`nope`" in done.stderr


def test_silent_server_is_given_up() -> None:
    with ScriptedServer([http(body=MODELS)], [SILENCE]) as server:
        done = talk("chat", "-q", "Hello", "--timeout", "0.3", url=server.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "0.3 s" in done.stderr
    assert done.stderr.count("\n") == 1


def test_thinking_is_asked_for() -> None:
    with ScriptedServer(STREAM) as server:
        flags = ("--model-name", "tiny", "--think", "--set", 'chat_template_kwargs={"a": 1}')
        assert talk("chat", "-q", "Hi", *flags, url=server.url).stdout == "Hello!\n"
        assert talk("chat", "-q", "Hi", *flags[:2], "--no-think", url=server.url).stdout == "Hello!\n"
        sent = [request.json["chat_template_kwargs"] for request in server.seen]
    assert sent == [{"enable_thinking": True, "a": 1}, {"enable_thinking": False}]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--quantization", "int8"], "--quantization is for a model in this process, and"),
        (["--max-model-len", "64"], "--max-model-len is for a model in this process"),
        (["x", "--model-name", "y", "--base-url", "http://127.0.0.1:1/v1"], "the model is named twice"),
        (["--set", "top_k"], "must be NAME=VALUE"),
    ],
)
def test_flags_that_would_do_nothing_are_misuse(
    arguments: list[str], words: str, house: ServerProcess
) -> None:
    done = talk("chat", "-q", "Hello", *arguments, url=house.url)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("temprature=1", "there is no setting temprature: temperature"),
        ("top_k=many", "top_k: expected `int | null`, got `str`"),
        ("messages=[]", "messages are the conversation itself"),
        ("extra_body=3", "extra_body: expected `object`, got `int`"),
    ],
)
def test_setting_that_cannot_be_is_one_line(setting: str, words: str, house: ServerProcess) -> None:
    done = talk("chat", "-q", "Hello", "--set", setting, url=house.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"martlet: {words}")
    assert done.stderr.count("\n") == 1


def test_server_commands_load_neither_engine_nor_server(house: ServerProcess) -> None:
    code = (
        "import sys; from martlet.cli import main; code = main(sys.argv[1:]); "
        "print(code, *sys.modules, file=sys.stderr)"
    )
    for arguments in (["models"], ["chat", "-q", "Hello"], ["tokenize", "-q", "Hello"]):
        command = [sys.executable, "-c", code, *arguments, "--base-url", house.url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=True)
        exit_code, *loaded = done.stderr.splitlines()[-1].split()
        assert exit_code == "0"
        unwanted = ("numpy", "starlette", "uvicorn", "asyncio", "martlet.server", "martlet.engine")
        assert not {name for name in loaded if name.startswith(unwanted)}


def test_unknown_model_is_one_line(house: ServerProcess) -> None:
    done = talk("chat", "-q", "Hello", "--model-name", "nope", url=house.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("martlet: ")
    assert "`house`" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chat", "-q", "a", "--url", "localhost:8000"], "base_url must look like http://host:port/v1"),
        (["models", "--url", "http://localhost:99999"], "no valid port"),
        (["chat", "-q", ""], "there is no text"),
        (["complete"], "there is no text"),
        (["chat", "-q", "caf\udce9"], "the text is not UTF-8"),
    ],
)
def test_misuse_is_one_line(arguments: list[str], words: str, house: ServerProcess) -> None:
    done = talk(*arguments, url=house.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert done.stderr.startswith("martlet: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["models", "chat"])
def test_url_without_its_path_is_told(command: str, house: ServerProcess) -> None:
    done = talk(command, "--url", house.root, stdin="Hello")
    assert (done.returncode, done.stdout) == (1, "")
    assert "should the URL end in /v1?" in done.stderr
    assert done.stderr.count("\n") == 1


def test_closed_input_is_no_text(house: ServerProcess) -> None:
    command = f"exec {shlex.quote(sys.executable)} -m martlet chat --url {house.url} <&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=110, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("martlet: there is no text")


def test_nothing_listening_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    done = talk("models", "--url", f"http://127.0.0.1:{port}/v1")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"http://127.0.0.1:{port}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_conversation_remembers_what_was_said(house: ServerProcess) -> None:
    import pty

    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "martlet", "chat", "--url", house.url],
        stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(terminal)
    try:
        os.write(controller, b"Hello\n\nWho are you?\n\x04")
        stdout, stderr = process.communicate(timeout=110)
    finally:
        process.kill()
        os.close(controller)
    first = answer_of(house, HELLO)
    messages = [*HELLO, {"role": "assistant", "content": first}, {"role": "user", "content": "Who are you?"}]
    assert stdout == f"{first}\n{answer_of(house, messages)}\n"
    greeting, hint, prompts = stderr.split("\n", 2)
    assert greeting == f"martlet: this is house, at {house.url}"
    assert hint == "/help lists the commands, Ctrl-D ends the conversation"
    assert prompts == "> > > > \n"
    assert process.returncode == 0
