"""`martlet serve org/name`: fetched from a hub on loopback, with the library that everybody uses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.local_hub import LocalHub, serving
from tests.cli.test_serve import failure
from tests.server.wire import call, chat
from tests.servers import TINY_LLAMA, start_server

LLAMA = {path.name: path.read_bytes() for path in TINY_LLAMA.iterdir() if path.suffix != ".npy"}
NOT_WANTED = {
    "pytorch_model.bin": b"pickle",
    "consolidated.safetensors": b"the same again",
    "original/params.json": b"{}",
    "model.gguf": b"another format",
    "README.md": b"# words",
}
MAMBA = {
    "config.json": b'{"model_type": "mamba", "architectures": ["MambaForCausalLM"]}',
    "model.safetensors": b"much",
}


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    models = {
        "org/llama": LLAMA | NOT_WANTED,
        "org/pickled": {"config.json": LLAMA["config.json"], "pytorch_model.bin": b"pickle"},
        "org/mamba": MAMBA,
        "org/gguf": {"model.gguf": b"weights"},
    }
    with serving(LocalHub(models)) as hub:
        yield hub


@pytest.fixture
def env(hub: LocalHub, tmp_path: Path) -> dict[str, str]:
    return {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "0"}


def test_model_is_fetched_then_served_then_kept(hub: LocalHub, env: dict[str, str]) -> None:
    with start_server("org/llama", env=env) as server:
        assert "Fetching" in server.stderr
        assert call(server, "GET", "/v1/models").json["data"][0]["id"] == "org/llama"
        answer = chat(server, max_tokens=4).json["choices"][0]["message"]["content"]
    assert sorted(hub.fetched) == sorted(LLAMA)
    for offline in ({"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}):
        with start_server("org/llama", env=env | offline) as server:
            assert chat(server, max_tokens=4).json["choices"][0]["message"]["content"] == answer
    assert len(hub.fetched) == len(LLAMA)


def test_architecture_is_refused_before_its_weights_are_fetched(hub: LocalHub, env: dict[str, str]) -> None:
    line = failure("org/mamba", env=env)
    assert "'mamba'" in line
    assert "LlamaForCausalLM" in line.partition("supported: ")[2]
    assert hub.fetched == ["config.json"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["org/nothing"], "there is no folder org/nothing, and the hub has no such model"),
        (["org/llama", "--revision", "v9"], "the hub's org/llama has no revision v9"),
        (["or--g/llama"], "there is no folder or--g/llama, and the hub has no such model"),
    ],
)
def test_what_the_hub_has_not_is_one_line(arguments: list[str], words: str, env: dict[str, str]) -> None:
    assert words in failure(*arguments, env=env)


def test_gated_model_is_one_line(hub: LocalHub, env: dict[str, str]) -> None:
    hub.gated.add("org/llama")
    assert "the hub's org/llama needs consent" in failure("org/llama", env=env)


@pytest.mark.parametrize("status", [401, 503])
def test_refusal_by_the_hub_is_told_as_it_is(status: int, hub: LocalHub, env: dict[str, str]) -> None:
    hub.status = status
    line = failure("org/llama", env=env)
    assert line.startswith("cannot fetch org/llama from the hub: ")
    assert str(status) in line


def test_hub_out_of_reach_is_one_line(env: dict[str, str]) -> None:
    line = failure("org/llama", env=env | {"HF_ENDPOINT": "http://127.0.0.1:9"})
    assert line.startswith("there is no folder org/llama, and the hub cannot be reached")
    assert "HF_HUB_OFFLINE" in failure("org/llama", env=env | {"HF_HUB_OFFLINE": "1"})


@pytest.mark.parametrize(
    ("model", "words"),
    [("org/pickled", "has no weights as safetensors"), ("org/gguf", "has no config.json")],
)
def test_model_in_another_format_is_told(model: str, words: str, env: dict[str, str]) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "martlet", "serve", model],
        capture_output=True, text=True, timeout=110, env={**os.environ, **env}, check=False,
    )  # fmt: skip
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[-1].startswith(f"martlet: the hub's {model} {words}")
    assert "Traceback" not in finished.stderr


def test_interrupted_download_ends_at_once_and_is_not_served(hub: LocalHub, env: dict[str, str]) -> None:
    hub.hang_at = "model.safetensors"
    process = subprocess.Popen(
        [sys.executable, "-m", "martlet", "serve", "org/llama"],
        stderr=subprocess.PIPE, text=True,
        env={**os.environ, **env, "HF_HUB_DOWNLOAD_TIMEOUT": "300"},
    )  # fmt: skip
    try:
        assert hub.reached.wait(30)
        for _ in range(3):
            process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=110)  # the download would wait for longer
    finally:
        hub.hang.set()
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "not whole in the cache" in failure("org/llama", env=env | {"HF_HUB_OFFLINE": "1"})
