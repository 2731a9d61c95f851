"""A model in the process of the command: the same answers as a server's, and no server."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from martlet.cli import main
from tests.cli.local_hub import LocalHub, serving
from tests.server.wire import HELLO, call
from tests.servers import FIXTURES, TINY_LLAMA, ServerProcess, start_server

TINY = str(TINY_LLAMA)
HOUSE_LINE = "martlet: martlet-house answers, the small model that comes with Martlet; "


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with start_server(TINY) as server:
        yield server


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Command:
    """Runs the command in this process, which is quicker than a new one each time."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    def __call__(self, *arguments: str, stdin: str = "") -> Done:
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            code = main(arguments)
        except SystemExit as misuse:
            code = int(str(misuse.code))
        shown = self._capsys.readouterr()
        return Done(code, shown.out, shown.err)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capsys, monkeypatch)


def test_house_model_answers_when_nothing_is_named(run: Command) -> None:
    done = run("chat", "-q", "Hello", "--temperature", "0")
    assert done.returncode == 0
    assert done.stderr.startswith(HOUSE_LINE)
    assert done.stderr.count("\n") == 1
    assert len(done.stdout) > 10


def test_folder_wins_over_the_environment(
    server: ServerProcess, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"messages": HELLO, "temperature": 0, "max_tokens": 8}
    expected = call(server, "POST", "/v1/chat/completions", body).json["choices"][0]["message"]["content"]
    flags = ("--temperature", "0", "--max-tokens", "8")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    done = run("chat", TINY, *flags, stdin="Hello")
    assert (done.returncode, done.stdout, done.stderr) == (0, expected + "\n", "")


def test_completion_and_json_are_a_servers(server: ServerProcess, run: Command) -> None:
    body = {"prompt": "Hello", "temperature": 0, "max_tokens": 8, "seed": 3}
    flags = ("--temperature", "0", "--max-tokens", "8", "--set", "seed=3", "--json")
    found = json.loads(run("complete", TINY, "-q", "Hello", *flags).stdout)
    changing = {"id": "", "created": 0}
    assert found | changing == call(server, "POST", "/v1/completions", body).json | changing


def test_engine_flags_act(run: Command) -> None:
    done = run("chat", TINY, "-q", "Hello " * 99, "--max-model-len", "64")
    assert (done.returncode, done.stdout) == (1, "")
    assert "64" in done.stderr
    rounded = json.loads(run("complete", TINY, "-q", "a", "--quantization", "int4", "--set", "logprobs=1",
                             "--json", "--temperature", "0").stdout)  # fmt: skip
    exact = json.loads(
        run("complete", TINY, "-q", "a", "--set", "logprobs=1", "--json", "--temperature", "0").stdout
    )
    assert rounded["choices"][0]["logprobs"] != exact["choices"][0]["logprobs"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["chat", "./nothing"], 1, "there is no model folder ./nothing"),
        (["chat", TINY, "--kv-cache-memory-bytes", "1"], 1, "--kv-cache-memory-bytes"),
        (["chat", TINY, "--speculative-config", "{}"], 1, "--speculative-config needs num_spec"),
        (["chat", "--api-key", "k"], 2, "--api-key is for a server"),
        (["chat", "--timeout", "3"], 2, "--timeout is for a server"),
        (["complete", "--model-name", "n"], 2, "--model-name is for a server"),
        (["chat", TINY, "--reasoning-parser", "x"], 2, "must be auto, '' or one of"),
        (["chat", str(FIXTURES / "pooled" / "tiny-bert")], 1, "is not supported; supported: "),
        (["chat", TINY, "--set", "n=2"], 2, "--set n goes with --json"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: list[str], code: int, words: str, run: Command) -> None:
    done = run(*arguments, "-q", "Hello")
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_server_is_loaded_and_no_port_is_opened() -> None:
    code = (
        "import sys; from martlet.cli import main; import socket; socket.socket.listen = None; "
        "code = main(sys.argv[1:]); print(code, *sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "chat", "-q", "Hello", "--max-tokens", "3"]
    env = {name: value for name, value in os.environ.items() if name != "OPENAI_BASE_URL"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=True, env=env)
    exit_code, *loaded = done.stderr.splitlines()[-1].split()
    assert exit_code == "0"
    assert not {"uvicorn", "torch", "transformers", "huggingface_hub"} & set(loaded)


def test_installation_of_the_client_alone_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise ModuleNotFoundError('none', name='numpy')\n")
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "OPENAI_BASE_URL": ""}
    for command in ("chat", "complete", "tokenize"):
        done = subprocess.run(
            [sys.executable, "-m", "martlet", command, "-q", "a"],
            capture_output=True, text=True, timeout=110, env=env, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            "martlet: a model in this process needs the module numpy: pip install 'martlet[serve]', "
            "or name a server with --base-url\n"
        )


# --- tokenize ---------------------------------------------------------------------------------------------

TEXT = "Hello caf\u00e9"


@pytest.mark.parametrize("place", ["server", "process"])
def test_tokens_of_a_text(place: str, server: ServerProcess, run: Command) -> None:
    where = ["--base-url", server.url] if place == "server" else [TINY]
    reply = call(server, "POST", "/tokenize", {"prompt": TEXT, "return_token_strs": True}).json
    whole = run("tokenize", *where, "--json", "-q", TEXT)
    assert (whole.returncode, whole.stderr, json.loads(whole.stdout)) == (0, "", reply)
    shown = run("tokenize", *where, stdin=TEXT)
    pairs = zip(reply["tokens"], reply["token_strs"], strict=True)
    assert shown.stdout.splitlines() == [f"{token}\t{spelling}" for token, spelling in pairs]
    assert shown.stderr == f"{reply['count']} tokens\n"
    assert run("tokenize", *where, "--count", "-q", TEXT).stdout == f"{reply['count']}\n"
    ids = run("tokenize", *where, "--ids", "--no-special-tokens", "-q", TEXT).stdout
    bare = call(server, "POST", "/tokenize", {"prompt": TEXT, "add_special_tokens": False}).json
    assert ids.split() == list(map(str, bare["tokens"]))
    assert run("tokenize", *where, "--detokenize", stdin=ids).stdout == f"{TEXT}\n"
    assert json.loads(
        run("tokenize", *where, "--detokenize", "--json", "-q", f"[{ids.strip().replace(' ', ', ')}]").stdout
    ) == {"prompt": TEXT}
    chat = call(server, "POST", "/tokenize", {"messages": HELLO}).json
    assert run("tokenize", *where, "--chat", "--count", "-q", "Hello").stdout == f"{chat['count']}\n"


def test_tokenizing_reads_no_weights(tmp_path: Path, run: Command) -> None:
    for file in TINY_LLAMA.iterdir():
        if file.suffix in (".json", ".jinja") and "index" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    expected = run("tokenize", TINY, "--ids", "-q", TEXT)
    assert run("tokenize", str(tmp_path), "--ids", "-q", TEXT).stdout == expected.stdout != ""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--detokenize", "-q", "1 two"], 1, "'two' is no token id"),
        (["--detokenize", "--chat", "-q", "1"], 2, "--chat and --no-special-tokens are for texts"),
        (["--ids", "--count", "-q", "a"], 2, "not allowed with"),
        (["-q", ""], 1, "there is no text"),
    ],
)
def test_misuse_of_tokenize_is_one_line(arguments: list[str], code: int, words: str, run: Command) -> None:
    done = run("tokenize", TINY, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_hub_model_is_fetched_and_tokenized_without_its_weights(tmp_path: Path, run: Command) -> None:
    files = {path.name: path.read_bytes() for path in TINY_LLAMA.iterdir() if path.suffix != ".npy"}

    def command(*arguments: str) -> str:
        env = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "0"}
        done = subprocess.run(
            [sys.executable, "-m", "martlet", *arguments],
            capture_output=True, text=True, timeout=110, env={**os.environ, **env}, check=True,
        )  # fmt: skip
        return done.stdout

    with serving(LocalHub({"org/llama": files})) as hub:
        tokens = command("tokenize", "org/llama", "--ids", "-q", TEXT)
        assert tokens == run("tokenize", TINY, "--ids", "-q", TEXT).stdout
        assert "tokenizer.json" in hub.fetched
        assert not [name for name in hub.fetched if name.endswith(".safetensors")]
        flags = ("-q", "Hello", "--max-tokens", "3", "--temperature", "0")
        assert command("chat", "org/llama", *flags) == run("chat", TINY, *flags).stdout
