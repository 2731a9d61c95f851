"""docs/coverage.md says what the installed packages say."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "coverage.md").read_text()


def test_coverage_page_is_up_to_date() -> None:
    written_for = re.search(r"`openai` ([\d.]+)", PAGE)
    assert written_for is not None
    try:
        installed = metadata.version("openai")
    except metadata.PackageNotFoundError:
        pytest.skip("the official client is not installed")
    if installed != written_for[1]:
        pytest.skip(f"the page is about openai {written_for[1]}; {installed} is installed")
    command = [sys.executable, str(ROOT / "scripts" / "coverage.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert result.returncode == 0, f"run `python scripts/coverage.py`\n{result.stderr}"


def test_coverage_page_counts_what_it_lists() -> None:
    counts = re.search(r"(\d+) of the (\d+) methods", PAGE)
    assert counts is not None
    present, official = int(counts[1]), int(counts[2])
    here, left_out, *_ = (part.split("\n## ")[0] for part in PAGE.split("\n## ")[1:])
    assert present == len(re.findall(r"^\| `", here, flags=re.MULTILINE)) >= 45
    assert present + sum(map(int, re.findall(r"\| (\d+) \|", left_out))) == official
