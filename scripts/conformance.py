"""Run the official package's own tests against Martlet: `make conformance`.

Fetches what it needs into .conformance/ (about 150 MB, once): the tests from the source distribution on the
package index, the mock server that they talk to from npm (Node.js 18 or newer), and that server's description
of the API from the public repository. Nothing of it becomes part of Martlet.

Prints a table, and fails if a test fails that is not listed in tests/conformance/differences.toml, or passes
though it is listed there. `--quick` runs a tenth of it. Further arguments, after `--`, go to pytest.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".conformance"
PYTHON = HOME / "venv" / "bin" / "python"
STEADY = HOME / "npm" / "node_modules" / ".bin" / "steady"
PLUGIN = ROOT / "tests" / "conformance"
PROXY = PLUGIN / "streaming_proxy.py"
OUTCOMES = HOME / "outcomes.jsonl"

OFFICIAL = "openai==3.54.0"
SDIST = HOME / "openai-3.54.0"
REPOSITORY = "https://github.com/openai/openai-python"
REPOSITORY_TAG = "v3.3.1"
"""The last version whose repository holds the description of the API, and the recorded streams."""
SPEC = HOME / "repository" / "api_reference" / "openapi.transformed.yml"
STEADY_PACKAGE = "@stdy/cli@0.22.1"
REQUIREMENTS = [
    "aiohttp",
    "httptools>=0.6.4",
    "msgspec>=0.20",
    "httpx",
    "httpx2",
    "inline-snapshot>=0.28",
    "pydantic>=2",
    "pytest>=9.0.3",
    "pytest-asyncio>=1.4",
    "pytest-timeout",
    "rich>=13.7.1",
    "tomli; python_version < '3.11'",
    "typing-extensions",
]
START_TIMEOUT_S = 60
TEST_TIMEOUT_S = 60
MESSAGE_MAX = 300
EXAMPLES = 4

RESOURCES = [
    "chat",
    "test_embeddings.py",
    "test_models.py",
    "test_completions.py",
    "test_files.py",
    "test_batches.py",
    "test_moderations.py",
    "test_images.py",
    "test_responses.py",
    "responses",
    "test_uploads.py",
    "uploads",
    "audio/test_speech.py",
    "audio/test_transcriptions.py",
    "audio/test_translations.py",
]
RESPONSES = [
    "commentary_parsing",
    "compaction_progress",
    "deferred_tools",
    "error_diagnostics",
    "image_tool_errors",
    "lifecycle_replacements",
    "null_content",
    "null_output",
    "null_output_items",
    "parse_as",
    "responses",
]
"""Of lib/responses: the others are about WebSockets and Azure."""
FULL = {
    "native": [f"tests/api_resources/{name}" for name in RESOURCES],
    "httpx2": [
        "tests/api_resources/audio/test_speech.py",
        "tests/api_resources/test_files.py",
        "tests/lib/chat",
        *[f"tests/lib/responses/test_{name}.py" for name in RESPONSES],
        "tests/lib/test_audio_response_format.py",
        "tests/lib/test_embeddings.py",
        "tests/lib/test_pydantic.py",
        "tests/lib/test_uploads.py",
        "tests/test_client.py",
        "tests/test_module_client.py",
        "tests/test_retry_after_overflow.py",
        "tests/test_request_body_routing_order.py",
        "tests/test_sse_framing.py",
        "tests/test_streaming.py",
        "tests/test_status_error_messages.py",
    ],
}
"""`native` tests go through Martlet's own transport to the mock server. Those of `httpx2` bring replies of
their own: they give the client an httpx2 client that never reaches a network. Of files in both, each test
runs where it can."""
QUICK = {
    "native": ["tests/api_resources/chat", "tests/api_resources/test_models.py"],
    "httpx2": ["tests/test_status_error_messages.py", "tests/test_retry_after_overflow.py"],
}


def run(*command: str | Path) -> None:
    print("+", *command, flush=True)
    subprocess.run([str(part) for part in command], check=True)


# --- what is fetched --------------------------------------------------------------------------------


def install(repository: str) -> None:
    """Fetch what is not there yet. Raises SystemExit naming what is missing on this machine."""
    for program in ("git", "npm"):
        if shutil.which(program) is None:
            raise SystemExit(f"conformance needs {program}, which is not on the PATH")
    HOME.mkdir(exist_ok=True)
    installed, wanted = HOME / "installed", "\n".join(REQUIREMENTS)
    if not installed.exists() or installed.read_text() != wanted:
        run(sys.executable, "-m", "venv", "--clear", HOME / "venv")
        pip("install", *REQUIREMENTS)
        installed.write_text(wanted)
    if not SPEC.exists():
        fetch_repository(repository)
    if not (SDIST / ".inline-snapshot").exists():
        fetch_tests()
    if not STEADY.exists():
        run("npm", "install", "--silent", "--ignore-scripts", "--prefix", HOME / "npm", STEADY_PACKAGE)


def pip(command: str, *arguments: str | Path) -> None:
    run(PYTHON, "-m", "pip", command, "--quiet", "--disable-pip-version-check", *arguments)


def fetch_repository(source: str) -> None:
    """Check out the two folders needed of the public repository."""
    clone = HOME / "repository"
    shutil.rmtree(clone, ignore_errors=True)
    run("git", "clone", "--quiet", "--no-checkout", "--depth=1", "--branch", REPOSITORY_TAG, source, clone)
    run("git", "-C", clone, "checkout", "--quiet", REPOSITORY_TAG, "--", "api_reference", ".inline-snapshot")


def fetch_tests() -> None:
    """Unpack the source distribution, and beside it the recorded streams that it lacks."""
    pip("download", "--no-deps", "--no-binary=openai", "--dest", HOME / "sdist", OFFICIAL)
    (archive,) = (HOME / "sdist").glob("openai-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(HOME, filter="data")
    shutil.copytree(HOME / "repository" / ".inline-snapshot", SDIST / ".inline-snapshot")


# --- running ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def mock_server() -> Iterator[str]:
    """Serve the described API; it answers a request that does not fit with 400. Yields its URL."""
    address = f"127.0.0.1:{free_port()}"
    formats = [
        f"--validator-{place}-{kind}-format=brackets"
        for place in ("query", "form")
        for kind in ("array", "object")
    ]
    command = [str(STEADY), "-q", "--host", "127.0.0.1", "-p", address.partition(":")[2], *formats, str(SPEC)]
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((HOME / "steady.log").open("wb"))
        server = stack.enter_context(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT))
        stack.callback(server.terminate)
        wait_until_healthy(server, f"http://{address}/_x-steady/health")
        proxy = stack.enter_context(
            subprocess.Popen([str(PYTHON), str(PROXY), address], stdout=subprocess.PIPE, text=True)
        )
        stack.callback(proxy.terminate)
        assert proxy.stdout is not None
        yield f"http://127.0.0.1:{int(proxy.stdout.readline())}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_healthy(server: subprocess.Popen[bytes], url: str) -> None:
    started = time.monotonic()
    while time.monotonic() - started < START_TIMEOUT_S:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"the mock server did not start; see {HOME / 'steady.log'}")


def run_tests(tests: list[str], server: str, transport: str, arguments: list[str]) -> None:
    """Run some of the official tests; what happens is added to OUTCOMES."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "MARTLET_"))},
        "OPENAI_TEST_HTTP_CLIENT": transport,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(PLUGIN)]),
        "TEST_API_BASE_URL": server,
    }
    command = [
        str(PYTHON), "-m", "pytest", "-p", "standin.plugin", "-p", "no:cacheprovider", "-q",
        "-o", "addopts=", "-o", f"timeout={TEST_TIMEOUT_S}", "--tb=short", "--no-header", "--no-summary",
        "--continue-on-collection-errors",
        f"--differences={PLUGIN / 'differences.toml'}", f"--outcomes={OUTCOMES}", *tests, *arguments,
    ]  # fmt: skip
    with (HOME / "pytest.log").open("ab") as log:
        subprocess.run(command, cwd=SDIST, env=environment, stdout=log, stderr=subprocess.STDOUT)


# --- reporting --------------------------------------------------------------------------------------


Outcome = dict[str, str]
COLUMNS = ("passed", "differs", "failed", "inapplicable", "skipped")


def read_outcomes() -> list[Outcome]:
    with OUTCOMES.open() as file:
        return [json.loads(line) for line in file]


def print_table(outcomes: list[Outcome]) -> None:
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for outcome in outcomes:
        counts[outcome["test"].partition("::")[0]][outcome["outcome"]] += 1
        counts["all"][outcome["outcome"]] += 1
    width = max(map(len, counts))
    print(f"{'file':{width}}" + "".join(f"{name:>14}" for name in COLUMNS))
    for name in [*sorted(counts.keys() - {"all"}), "all"]:
        print(f"{name:{width}}" + "".join(f"{counts[name][column] or '-':>14}" for column in COLUMNS))


def print_reasons(outcomes: list[Outcome]) -> None:
    for kind in ("differs", "inapplicable"):
        reasons = collections.Counter(o["detail"] for o in outcomes if o["outcome"] == kind)
        for reason, count in reasons.most_common():
            print(f"\n{kind}, {count} tests: {reason}")


def print_failures(failures: list[Outcome]) -> None:
    """Print the failures, those with the same message together."""
    causes: dict[str, list[str]] = collections.defaultdict(list)
    for failure in failures:
        causes[failure["detail"][:MESSAGE_MAX]].append(failure["test"])
    for cause, tests in sorted(causes.items(), key=lambda item: -len(item[1])):
        print(f"\nFAILED, {len(tests)} tests: {cause}")
        for test in tests[:EXAMPLES]:
            print(f"    {test}")
    if failures:
        print(f"\n{len(failures)} tests failed; their tracebacks are in {HOME / 'pytest.log'}")


def unmatched_patterns(outcomes: list[Outcome], sessions: int) -> list[str]:
    """Patterns of the list of differences that matched no test in any session."""
    counts = collections.Counter(o["test"] for o in outcomes if o["outcome"] == "unmatched")
    return [pattern for pattern, count in counts.items() if count == sessions]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="run a tenth of the tests")
    parser.add_argument("--reasons", action="store_true", help="say why tests differ or do not apply")
    parser.add_argument("--repository", default=REPOSITORY, help="a clone to use instead of %(default)s")
    parser.add_argument("pytest", nargs="*", help="further arguments for pytest, after --")
    arguments = parser.parse_args()
    install(arguments.repository)
    for old in (OUTCOMES, HOME / "pytest.log"):
        old.unlink(missing_ok=True)
    sessions = QUICK if arguments.quick else FULL
    with mock_server() as server:
        for transport, tests in sessions.items():
            run_tests(tests, server, transport, arguments.pytest)
    noted = read_outcomes()
    is_whole = not arguments.quick and not arguments.pytest
    stale = unmatched_patterns(noted, len(sessions)) if is_whole else []
    return report(noted, stale, arguments.reasons)


def report(noted: list[Outcome], stale: list[str], reasons: bool) -> int:
    outcomes = [outcome for outcome in noted if outcome["outcome"] != "unmatched"]
    failures = [outcome for outcome in outcomes if outcome["outcome"] == "failed"]
    print_table(outcomes)
    if reasons:
        print_reasons(outcomes)
    print_failures(failures)
    for pattern in stale:
        print(f"no test matches {pattern!r} of differences.toml")
    return 1 if failures or stale or not outcomes else 0


if __name__ == "__main__":
    raise SystemExit(main())
