"""The types that users' checkers see, held by running the checkers."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

CASES = [Path(__file__).with_name(f"typing_{name}.py") for name in ("cases", "views")]
MISUSES = """
from martlet import OpenAI

client = OpenAI()
client.chat.completions.create(model="m", messages=[], temprature=1)
client.chat.completions.create(model="m")
client.chat.completions.create(model="m", messages=[], temperature="hot")
client.chat.completions.create("m", [])
client.completions.create(model="m", prompt="p", messages=[])
client.models.list(limit=1)
client.models.with_raw_response.retrieve(3)
client.chat.completions.with_raw_response.craete(model="m", messages=[])
OpenAI("key")
OpenAI(max_retries=None)
"""
COMMANDS = {
    "mypy": [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir"],
    "basedpyright": [
        sys.executable,
        "-m",
        "basedpyright",
        "--pythonpath",
        sys.executable,
        "--level",
        "error",
        "--project",
    ],
}


def check(tool: str, path: Path, scratch: Path) -> str:
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed")
    if tool == "mypy":
        cache = str(Path(__file__).parents[2] / ".mypy_cache")
        command = [*COMMANDS[tool], cache, str(path)]
    else:
        project = scratch / "pyrightconfig.json"
        project.write_text(f'{{"typeCheckingMode": "standard", "include": ["{path}"]}}')
        command = [*COMMANDS[tool], str(project)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=280)
    return result.stdout + result.stderr


@pytest.mark.timeout(300)  # a checker takes 20 s on a busy machine
@pytest.mark.parametrize("cases", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize("tool", COMMANDS)
def test_types_are_what_the_calls_promise(tool: str, cases: Path, tmp_path: Path) -> None:
    output = check(tool, cases, tmp_path)
    assert "error" not in output.replace("0 errors", ""), output


@pytest.mark.timeout(300)
@pytest.mark.parametrize("tool", COMMANDS)
def test_misuse_is_found_line_by_line(tool: str, tmp_path: Path) -> None:
    path = tmp_path / "misuse.py"
    path.write_text(MISUSES)
    output = check(tool, path, tmp_path)
    wrong = [number for number, line in enumerate(MISUSES.splitlines(), 1) if number > 4 and line]
    missed = [number for number in wrong if f"misuse.py:{number}:" not in output]
    assert not missed, output
