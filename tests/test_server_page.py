"""docs/server.md has every endpoint and every flag."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_server_page_is_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "server_page.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert result.returncode == 0, result.stderr
