"""The twelve examples run as they are against `martlet serve`, and say what they should.

Those that need nothing beyond the official package run with it, too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.servers import ServerProcess, start_server

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
MODEL_NAME = "meta-llama/Llama-3.2-1B-Instruct"
API_KEYS = ["EMPTY", "sk-vllm-secret-key", "sk-vllm-key", "production-api-key"]
OFFICIAL = ["basic", "api_key", "environment", "remote", "async_client", "tools", "embeddings", "bulk"]
GREETS = r"(?i)\b(hello|hi|hey|welcome|good (day|morning|evening))\b"
TELLS_OF_AI = r"(?i)artificial intelligence|machine|computer|program"
IS_HAIKU = r"\A\s*\S[^\n]*\n[^\n]*\S[^\n]*\n[^\n]*\S\s*\Z"


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
    with (
        start_server(*names) as plain,
        start_server(*names, *tls_flags) as tls,
        start_server(*names, "--convert", "embed") as vectors,
    ):
        yield Hosts(mapping(plain, tls, vectors), folder / "ca.pem")


def mapping(plain: ServerProcess, tls: ServerProcess, vectors: ServerProcess) -> list[str]:
    http, https, embed = (re.sub(r"^https?://|/v1$", "", server.url) for server in (plain, tls, vectors))
    return [
        f"localhost:8000={http}",
        f"localhost:8001={embed}",
        f"vllm-server:8000={http}",
        f"vllm.example.com:443={https}",
    ]


def run(program: Path, hosts: Hosts) -> str:
    environment = {**os.environ, "SSL_CERT_FILE": str(hosts.ca_file)}
    resolve = ROOT / "scripts" / "resolve.py"
    finished = subprocess.run(
        [sys.executable, str(resolve), *hosts.mapping, str(program)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert finished.returncode == 0, finished.stderr
    assert "\N{REPLACEMENT CHARACTER}" not in finished.stdout
    return finished.stdout


# --- what each of them says ---------------------------------------------------------------------------


def answers(output: str) -> list[str]:
    return re.findall(r"^A: (.*?)(?=^Q: |\Z)", output, flags=re.MULTILINE | re.DOTALL)


def basic(output: str) -> None:
    [who] = answers(output)
    assert f"Available models: ['{MODEL_NAME}']" in output
    assert "martlet" in who.lower()


def api_key(output: str) -> None:
    [greeting] = answers(output)
    assert re.search(GREETS, greeting)


def environment(output: str) -> None:
    first, second = answers(output)
    assert "Paris" in first
    assert "Rome" in second


def remote(output: str) -> None:
    [haiku] = answers(output)
    assert re.search(IS_HAIKU, haiku)


def async_client(output: str) -> None:
    greeting, explanation, haiku = answers(output)
    assert re.search(GREETS, greeting)
    assert re.search(TELLS_OF_AI, explanation)
    assert re.search(IS_HAIKU, haiku)


def streaming(output: str) -> None:
    found = re.search(r"^A: (.+)\n(\d+) tokens; the first after \d+ ms, then (\d+) per second$", output, re.M)
    assert found is not None, output
    assert re.search(TELLS_OF_AI, found[1])
    assert len(found[1].split()) <= int(found[2]) <= len(found[1])
    assert int(found[3]) > 0


def tools(output: str) -> None:
    found = re.search(r'^get_weather\((.*)\) returns \{"temperature": (\d+), .*\}\nA: (.+)', output, re.M)
    assert found is not None, output
    city, degrees, answer = json.loads(found[1])["city"], found[2], found[3]
    assert (city, degrees) in [("Paris", "21"), ("Rome", "27"), ("Oslo", "12")]
    assert city == "Rome"
    assert "27" in answer


def structured_output(output: str) -> None:
    types = r"species='(cat|dog|bird)', color='(black|white|brown)', age=(-?\d+), vaccinated=(True|False)"
    found = re.search(rf"^A: Pet\({types}\)\na \2 \1, (-?\d+) next year$", output, re.M)
    assert found is not None, output
    assert int(found[5]) == int(found[3]) + 1
    assert found.groups()[:4] == ("cat", "black", "4", "True")


def embeddings(output: str) -> None:
    question, *ranked = output.splitlines()
    assert question == "Q: How do I change my password?"
    assert len(ranked) == 3
    assert ranked[0].endswith("Steps to change your password.")
    scores = [float(line.split()[0]) for line in ranked]
    assert 1 >= scores[0] > scores[1] >= scores[2] >= -1


def bulk(output: str) -> None:
    assert re.match(r"100 answers in [\d.]+ s, \d+ tokens per second\n", output)
    right = re.search(r"^(\d+) of 100 sums are right$", output, re.M)
    assert right is not None, output
    assert int(right[1]) >= 90


def in_process(output: str) -> None:
    *conversation, count = output.strip().split("\n\n")
    async_client("\n".join(conversation))
    found = re.fullmatch(r"(\d+) steps, (\d+) tokens", count)
    assert found is not None
    assert int(found[1]) < int(found[2])  # the three were computed together


CHECKS: dict[str, Callable[[str], None]] = {
    "basic": basic,
    "api_key": api_key,
    "environment": environment,
    "remote": remote,
    "async_client": async_client,
    "streaming": streaming,
    "tools": tools,
    "structured_output": structured_output,
    "embeddings": embeddings,
    "bulk": bulk,
    "in_process": in_process,
}


@pytest.mark.parametrize("name", CHECKS)
def test_example_says_what_it_should(name: str, hosts: Hosts) -> None:
    CHECKS[name](run(EXAMPLES / f"{name}.py", hosts))


@pytest.mark.parametrize("name", OFFICIAL)
def test_example_runs_with_the_official_package(name: str, hosts: Hosts, tmp_path: Path) -> None:
    source = (EXAMPLES / f"{name}.py").read_text()
    assert "from martlet" in source
    program = tmp_path / f"{name}.py"
    program.write_text(source.replace("from martlet", "from openai"))
    CHECKS[name](run(program, hosts))


def test_example_of_a_test_passes() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "examples/test_with_model.py"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert "3 passed" in finished.stdout, finished.stdout + finished.stderr


def test_examples_are_twelve_short_ones_that_the_page_lists() -> None:
    programs = {path.name: len(path.read_text().splitlines()) for path in EXAMPLES.glob("*.py")}
    assert programs.keys() == {*(f"{name}.py" for name in CHECKS), "test_with_model.py"}
    assert max(programs.values()) <= 40
    assert sorted(programs) == sorted(
        re.findall(r"^\| \[(\w+\.py)\]", (EXAMPLES / "README.md").read_text(), re.M)
    )
