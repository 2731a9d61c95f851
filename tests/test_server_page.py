"""docs/server.md and docs/cli.md have every endpoint, flag and command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_pages_with_tables_are_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "server_page.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert result.returncode == 0, result.stderr
