"""The five examples run against `martlet serve`, with our client and with the official one, unmodified."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.servers import ServerProcess, start_server

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {
    "basic.py": 1,
    "api_key.py": 1,
    "environment.py": 2,
    "remote.py": 1,
    "async_client.py": 3,
}
"""Program -> number of answers that it prints."""
MODEL_NAME = "meta-llama/Llama-3.2-1B-Instruct"
API_KEYS = ["EMPTY", "sk-vllm-secret-key", "sk-vllm-key", "production-api-key"]


class Hosts(NamedTuple):
    """Where the examples' hosts are, and the certificate authority that they are to trust."""

    mapping: list[str]
    ca_file: Path


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    chain = authority.issue_cert("vllm.example.com").private_key_and_cert_chain_pem
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    chain.write_to_path(str(folder / "server.pem"))
    names = ["--served-model-name", MODEL_NAME, "--api-key", *API_KEYS]
    tls_flags = ["--ssl-certfile", str(folder / "server.pem"), "--ssl-keyfile", str(folder / "server.pem")]
    with start_server(*names) as plain, start_server(*names, *tls_flags) as tls:
        yield Hosts(mapping(plain, tls), folder / "ca.pem")


def mapping(plain: ServerProcess, tls: ServerProcess) -> list[str]:
    http, https = (re.sub(r"^https?://|/v1$", "", server.url) for server in (plain, tls))
    return [f"localhost:8000={http}", f"vllm-server:8000={http}", f"vllm.example.com:443={https}"]


@pytest.mark.parametrize("package", ["martlet", "openai"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_prints_its_conversation(name: str, package: str, hosts: Hosts, tmp_path: Path) -> None:
    source = (ROOT / "examples" / name).read_text()
    assert "from martlet" in source
    program = tmp_path / name
    program.write_text(source.replace("from martlet", f"from {package}"))

    output = run(program, hosts)

    answers = re.findall(r"^A: (.*?)(?=^Q: |\Z)", output, flags=re.MULTILINE | re.DOTALL)
    assert len(answers) == EXAMPLES[name], output
    for answer in answers:
        assert answer.strip(), output
        assert "\N{REPLACEMENT CHARACTER}" not in answer


def run(program: Path, hosts: Hosts) -> str:
    environment = {**os.environ, "SSL_CERT_FILE": str(hosts.ca_file)}
    resolve = ROOT / "scripts" / "resolve.py"
    finished = subprocess.run(
        [sys.executable, str(resolve), *hosts.mapping, str(program)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout
