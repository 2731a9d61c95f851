"""`martlet serve`: flags act, and what is wrong is said in one line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from martlet.cli.flags import count
from martlet.cli.local_models import find_model
from martlet.cli.serve import api_keys, parser
from martlet.errors import CheckpointError
from tests.server.wire import HELLO, call, chat, complete
from tests.servers import TINY_LLAMA, ServerProcess

TINY = str(TINY_LLAMA)
Serve = Callable[..., ServerProcess]


def failure(*arguments: str, code: int = 1, env: dict[str, str] | None = None) -> str:
    """Run a serve command that must fail with one line; return the line."""
    finished = subprocess.run(
        [sys.executable, "-m", "martlet", "serve", *arguments],
        capture_output=True, text=True, timeout=110, env={**os.environ, **(env or {})}, check=False,
    )  # fmt: skip
    assert finished.returncode == code, finished.stderr
    assert finished.stdout == ""
    assert finished.stderr.startswith("martlet: ")
    assert finished.stderr.count("\n") == 1, finished.stderr
    return finished.stderr.removeprefix("martlet: ").rstrip("\n")


def copied(tmp_path: Path, name: str = "model") -> Path:
    folder = tmp_path / name
    shutil.copytree(TINY_LLAMA, folder)
    (folder / "model.safetensors").chmod(0o644)
    return folder


def test_missing_folder_is_named() -> None:
    assert failure("./nowhere").startswith("there is no model folder ./nowhere")


def test_folder_without_model_is_named(tmp_path: Path) -> None:
    line = failure(str(tmp_path))
    assert str(tmp_path) in line
    assert "config.json" in line


def test_unsupported_architecture_lists_the_supported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config.update(model_type="mamba", architectures=["MambaForCausalLM"])
    (folder / "config.json").write_text(json.dumps(config))
    line = failure(str(folder))
    assert "'mamba'" in line
    assert "LlamaForCausalLM" in line.partition("supported: ")[2]
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).unlink()
    assert failure(str(folder)) == line


def test_truncated_weights_name_file_and_tensor(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(100_000)
    line = failure(str(folder))
    assert "model.safetensors" in line
    assert "model.layers." in line


def test_house_model_without_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"model\.safetensors.*name a MODEL"):
        find_model(None, house=tmp_path)


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--port", "99999"], 2, "--port"),
        (["--max-num-seqs", "0"], 2, "--max-num-seqs must be at least 1"),
        (["--max-model-len", "x"], 2, "--max-model-len"),
        (["--block-size", "8"], 2, "multiple of 16"),
        (["--quantization", "fp8"], 2, "--quantization"),
        (["--structured-outputs-config", '{"backend": "outlines"}'], 2, "backend must be auto or guidance"),
        (["--structured-outputs-config", '{"nonsense": 1}'], 2, "knows backend and disable_any_whitespace"),
        (["--speculative-config", '{"num_speculative_tokens": 0}'], 2, "--speculative-config has num_specul"),
        (["--max-model-len", "9999"], 1, "--max-model-len is 9999"),
        (["--override-generation-config", "[]"], 2, "JSON object"),
        (["--generation-config", "/nowhere"], 1, "/nowhere"),
        (["--chat-template", "/nowhere.jinja"], 1, "/nowhere.jinja"),
        (["--chat-template", "{% if %}"], 1, "the chat template does not compile"),
        (["--ssl-certfile", "/nowhere.pem"], 1, "/nowhere.pem"),
        (["--host", "256.256.256.256"], 1, "256.256.256.256"),
        (["--ssl-keyfile", "/nowhere.pem"], 2, "--ssl-certfile"),
        (["--ssl-cert-reqs", "2", "--ssl-certfile", "/nowhere.pem"], 2, "--ssl-ca-certs"),
        (["--middleware", "no.such.thing"], 1, "--middleware no.such.thing"),
        (["--disable-access-log-for-endpoints", "health"], 2, "/health,/ping"),
        (["--num-threads", "0"], 1, "--num-threads must be at least 1"),
        (["--seed", "-1"], 2, "--seed must be at least 0"),
        (["--max-logprobs", "-2"], 2, "--max-logprobs: must be -1"),
        (["--max-model-len", "infk"], 2, "--max-model-len"),
        (["--kv-cache-memory-bytes", "1"], 1, "--kv-cache-memory-bytes to at least"),
        (["--api-key", "a", ""], 2, "--api-key is empty"),
        (["--override-generation-config", '{"temperature": "hot"}'], 1, "temperature must be a number"),
        (["--override-generation-config", '{"temperature": 5}'], 1, "temperature must be between 0 and 2"),
        (["--override-generation-config", '{"top_k": 2.5}'], 1, "top_k must be a number"),
        (["--override-generation-config", '{"max_new_tokens": 0}'], 1, "max_new_tokens must be at least 1"),
        (["--root-path", "api"], 2, "begin with /"),
    ],
)
def test_bad_flag_is_one_line(flags: list[str], code: int, words: str) -> None:
    assert words in failure(TINY, "--port", "0", *flags, code=code)


def test_unknown_kernels_are_one_line() -> None:
    assert "nonsense" in failure(TINY, "--port", "0", env={"MARTLET_KERNELS": "nonsense"})


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe")
def test_interrupt_while_loading_is_silent(tmp_path: Path) -> None:
    pipe = tmp_path / "template.jinja"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "martlet", "serve", TINY, "--port", "0", "--chat-template", str(pipe)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        with pipe.open("w"):  # opens as soon as the server does so
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, stderr) == (130, "")


def test_debug_shows_the_traceback() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "martlet", "serve", "./nowhere", "--debug"],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert finished.returncode == 1
    assert "Traceback" in finished.stderr


def test_house_model_answers(serve: Serve) -> None:
    server = serve()
    (card,) = call(server, "GET", "/v1/models").json["data"]
    assert card["id"] == card["root"] == "martlet-house"
    reply = chat(server, max_tokens=30, ignore_eos=False).json["choices"][0]["message"]["content"]
    assert len(reply.split()) >= 2


def test_ready_line_is_the_only_one(serve: Serve) -> None:
    server = serve(TINY, "--served-model-name", "a name", "b")
    assert server.stderr.startswith("martlet: serving a name at http://127.0.0.1:")
    assert server.stderr.count("\n") == 1


def test_limits_act(serve: Serve) -> None:
    server = serve(
        TINY, "--max-model-len", "100", "--max-num-seqs", "2", "--max-num-batched-tokens", "16",
        "--kv-cache-memory-bytes", "1M", "--block-size", "32", "--max-num-queued-reqs", "1",
        "--max-logprobs", "-1", "--num-threads", "1", "--disable-uvicorn-access-log",
    )  # fmt: skip
    assert call(server, "GET", "/v1/models").json["data"][0]["max_model_len"] == 100
    assert complete(server, prompt=[5] * 101).error["param"] == "input_tokens"
    assert complete(server, n=3, temperature=1, max_tokens=2).status == 200
    assert complete(server, n=4, temperature=1, max_tokens=2).status == 400
    all_logprobs = complete(server, logprobs=-1, max_tokens=1).json["choices"][0]["logprobs"]["top_logprobs"][
        0
    ]
    assert len(all_logprobs) > 100
    assert server.stderr.count("\n") == 1


def test_model_gives_the_sampling_defaults(serve: Serve) -> None:
    greedy = '{"temperature": 0, "max_new_tokens": 3}'
    server = serve(TINY, "--override-generation-config", greedy)
    fields = {"temperature": None, "max_tokens": None}
    texts = {json.dumps(chat(server, **fields).json["choices"]) for _ in range(3)}
    assert len(texts) == 1
    assert chat(server, **fields).json["usage"]["completion_tokens"] == 3
    assert chat(server, temperature=None, n=2).status == 400


def test_chat_template_replaces_the_models(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "t.jinja").write_text("{{ messages[0].content }}!{{ mood }}")
    server = serve(TINY, "--chat-template", str(tmp_path / "t.jinja"), "--trust-request-chat-template")
    fields = {"max_tokens": 1, "return_prompt_text": True}
    kwargs = {"mood": "gay"}
    assert chat(server, chat_template_kwargs=kwargs, **fields).json["prompt_text"] == "Hello!gay"
    assert chat(server, chat_template="{{ 1 + 1 }}", **fields).json["prompt_text"] == "2"
    refused = chat(server, chat_template="{{ raise_exception('not like this') }}", **fields)
    assert (refused.status, refused.error["param"]) == (400, None)
    assert "not like this" in refused.error["message"]


@pytest.mark.parametrize(
    ("template", "words"),
    [(None, "has no chat template: serve it with --chat-template"), ("{% if %}", "does not compile")],
)
def test_model_without_usable_template_completes_texts(
    template: str | None, words: str, serve: Serve, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    (folder / "chat_template.jinja").unlink()
    if template is not None:
        (folder / "chat_template.jinja").write_text(template)
    server = serve(str(folder))
    assert complete(server, max_tokens=4).json["usage"]["completion_tokens"] == 4
    answer = chat(server, max_tokens=4)
    assert (answer.status, answer.error["type"]) == (400, "BadRequestError")
    assert words in answer.error["message"]
    assert call(server, "POST", "/tokenize", {"messages": HELLO}).status == 400


def test_usage_can_be_forced(serve: Serve) -> None:
    server = serve(TINY, "--enable-force-include-usage")
    chunks = chat(server, max_tokens=2, stream=True).chunks
    assert all("usage" in chunk for chunk in chunks)
    assert chunks[-1]["choices"] == []


def test_root_path_may_be_there_or_not(serve: Serve) -> None:
    server = serve(TINY, "--root-path", "/api", "--api-key", "k")
    assert server.url.endswith("/api/v1")
    root = server.url.removesuffix("/api/v1")
    for path in ("/api/v1/models", "/v1/models"):
        request = urllib.request.Request(root + path, headers={"authorization": "Bearer k"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            assert reply.status == 200
    with urllib.request.urlopen(root + "/api/health", timeout=30) as reply:
        assert reply.status == 200


def test_tls_serves_https(serve: Serve, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "s.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = serve(TINY, "--ssl-certfile", str(tmp_path / "s.pem"), "--ssl-keyfile", str(tmp_path / "s.pem"))
    assert server.url.startswith("https://127.0.0.1:")
    import ssl

    context = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    with urllib.request.urlopen(f"{server.url}/models", timeout=30, context=context) as reply:
        assert reply.status == 200


def test_key_order_of_precedence() -> None:
    both = {"MARTLET_API_KEY": "m", "VLLM_API_KEY": "v"}
    assert api_keys(["a", "b"], both) == ("a", "b")
    assert api_keys(None, both) == ("m",)
    assert api_keys(None, {"VLLM_API_KEY": "v"}) == ("v",)
    assert api_keys(None, {"VLLM_API_KEY": ""}) == ()


@pytest.mark.parametrize(
    ("text", "number"), [("1000", 1000), ("1k", 1000), ("1K", 1024), ("1.5k", 1500), ("2M", 2**21)]
)
def test_counts_take_suffixes(text: str, number: int) -> None:
    assert count(text) == number


def test_every_flag_reaches_the_server() -> None:
    """A flag that nothing reads would be a promise that is not kept."""
    folder = Path(__file__).parents[2] / "src" / "martlet" / "cli"
    source = "".join((folder / name).read_text() for name in ("serve.py", "local_models.py"))
    for action in parser()._actions:
        if action.dest != "help":
            assert f"options.{action.dest}" in source or action.dest == "debug", action.dest
