"""Run programs that others made for OpenAI's API against our server: `make clients`.

They go into an environment of their own, .clients/, since they pin other versions of the official client
than the tests do. The server runs in this one, on the house model.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".clients"
PYTHON = HOME / "bin" / "python"
PACKAGES = (("litellm", "instructor", "langchain-openai", "llm", "pytest"), ("mcp",))
"""litellm wants mcp for tools and does not say so; together with the others, pip finds no versions."""
READY = re.compile(r"martlet: serving \S+ at (\S+) ")


def install() -> None:
    """Make the environment, once."""
    stamp = HOME / "installed"
    if stamp.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for packages in PACKAGES:
        subprocess.run([*pip, *packages], check=True)
    stamp.touch()


def main() -> int:
    """Serve the house model, and run the tests against it."""
    install()
    # Without a limit to blanks, the house model fills its context with them.
    flags = ["--structured-outputs-config", '{"disable_any_whitespace": true}', "--disable-access-log"]
    command = [sys.executable, "-m", "martlet", "serve", "--port", "0", *flags]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stderr is not None
    try:
        found = READY.match(server.stderr.readline())
        if found is None:
            raise SystemExit("the server did not start")
        tests = [str(PYTHON), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
        return subprocess.run(
            [*tests, "--rootdir", "tests/real_clients", "tests/real_clients", *sys.argv[1:]],
            env={**os.environ, "MARTLET_CLIENTS_URL": found[1]}, cwd=ROOT, check=False,
        ).returncode  # fmt: skip
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    sys.exit(main())
