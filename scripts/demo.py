"""The main job, shown: serve the house model, and run the five examples against it with our client.

`make demo` calls this after installing. Two servers stand in for the examples' hosts: one on plain HTTP, one
on TLS with a certificate made on the spot. The programs run unchanged; only where they connect to is mapped.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import trustme

ROOT = Path(__file__).resolve().parent.parent
MODEL_NAME = "meta-llama/Llama-3.2-1B-Instruct"
"""What the examples ask for; the house model answers under that name."""
API_KEYS = ["EMPTY", "sk-vllm-secret-key", "sk-vllm-key", "production-api-key"]
EXAMPLES = ["basic.py", "api_key.py", "environment.py", "remote.py", "async_client.py"]
READY = re.compile(r"martlet: serving .* at (https?)://([^/ ]+)/v1 ")


@contextlib.contextmanager
def server(*arguments: str) -> Iterator[str]:
    """Run `martlet serve` on the house model; yields HOST:PORT once it is ready."""
    command = [
        sys.executable, "-m", "martlet", "serve", "--port", "0",
        "--served-model-name", MODEL_NAME, "--api-key", *API_KEYS, *arguments,
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            print(line, end="", flush=True)
            if found := READY.match(line):
                yield found[2]
                break
        else:
            raise SystemExit(f"the server stopped with exit code {process.wait()}")
    finally:
        process.terminate()
        process.communicate(timeout=10)


def run_example(name: str, mapping: list[str], environment: dict[str, str]) -> None:
    print(f"\n\N{BLACK RIGHT-POINTING TRIANGLE} examples/{name}", flush=True)
    started = time.monotonic()
    resolve, program = ROOT / "scripts" / "resolve.py", ROOT / "examples" / name
    command = [sys.executable, "-u", str(resolve), *mapping, str(program)]
    subprocess.run(command, env=environment, check=True, timeout=60)
    print(f"  ({time.monotonic() - started:.2f} s)", flush=True)


def main() -> None:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="martlet-demo-")))
        authority = trustme.CA()
        certificate = authority.issue_cert("vllm.example.com")
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))

        plain = stack.enter_context(server())
        tls = stack.enter_context(
            server("--ssl-certfile", str(folder / "server.pem"), "--ssl-keyfile", str(folder / "server.pem"))
        )
        mapping = [f"localhost:8000={plain}", f"vllm-server:8000={plain}", f"vllm.example.com:443={tls}"]
        environment = {**os.environ, "SSL_CERT_FILE": str(folder / "ca.pem")}
        for name in EXAMPLES:
            run_example(name, mapping, environment)
    print("\nAll five programs got their answers; the servers have stopped.")


if __name__ == "__main__":
    main()
