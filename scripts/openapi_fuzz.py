"""Make up requests from the server's own OpenAPI document, and look at every reply.

Schemathesis is installed into .schemathesis/venv. It asks three servers (a model that writes, one that makes
vectors, one that makes scores) with valid and broken requests of every endpoint but those that answer 501: no
reply may be a 5xx, have a status, content type or shape that the document does not know, or be missing.
`make fuzz ARGS="-n 100"` makes up more of them; other arguments go to schemathesis as well.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".schemathesis"
PYTHON = FOLDER / "venv" / "bin" / "python"
FIXTURES = ROOT / "tests" / "fixtures"
READY = re.compile(r"martlet: serving \S+ at (\S+)/v1 ")
SERVERS = (
    ("tiny-llama", "--enable-lora", "--allow-runtime-lora-updating", "--enable-tokenizer-info-endpoint"),
    ("pooled/tiny-bert",),
    ("pooled/tiny-roberta-classify",),
)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "unsupported_method",
)
"""Not: that every request is accepted that fits the schema, or refused that does not. vLLM is more lenient
than its schema, and its rules between fields are in no schema."""
UNSUPPORTED = "^/v1/(audio|images|systemone)"


def install() -> None:
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "schemathesis~=4.32"], check=True)


@contextmanager
def served(model: str, *flags: str) -> Iterator[str]:
    """Run a server; yield where it is."""
    command = [
        *(sys.executable, "-m", "martlet", "serve", str(FIXTURES / model), "--served-model-name", "model"),
        *("--port", "0", "--disable-access-log", "--client-timeout", "5"),
    ]
    server = subprocess.Popen([*command, *flags], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        found = READY.match(server.stderr.readline())
        if found is None:
            raise SystemExit(f"no server: {server.stderr.read()}")
        yield found[1]
    finally:
        server.terminate()
        log = server.communicate()[1]
        if "Traceback" in log or "ERROR" in log:
            raise SystemExit(f"the server's log has:\n{log}")


def main() -> int:
    install()
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(ROOT / "scripts")}
    code = 0
    for model, *flags in SERVERS:
        with served(model, *flags) as url:
            command = [
                *(str(PYTHON.parent / "schemathesis"), "run", f"{url}/openapi.json"),
                *("--checks", ",".join(CHECKS), "--exclude-path-regex", UNSUPPORTED),
                *("--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"),
                *("--request-timeout", "30"),
            ]
            code |= subprocess.run([*command, *sys.argv[1:]], cwd=FOLDER, env=environment).returncode
    return code


if __name__ == "__main__":
    sys.exit(main())
