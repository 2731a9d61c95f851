"""The documents are true: their Python runs, their links lead somewhere, their make targets exist."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.servers import ServerProcess, start_server

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "examples/*.md", "training/*.md")
    for path in ROOT.glob(pattern)
)
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def python_blocks() -> Iterator[tuple[str, int, str]]:
    """(document, number of the block, code) of every complete Python program in the documents.

    A block without an import is a fragment that is quoted, not a program.
    """
    for name in DOCUMENTS:
        for index, code in enumerate(PYTHON_BLOCK.findall((ROOT / name).read_text()), start=1):
            if "import " in code:
                yield name, index, code


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with start_server() as running:
        yield running


@pytest.mark.parametrize(
    ("document", "index", "code"), list(python_blocks()), ids=lambda value: str(value)[:20]
)
def test_python_of_a_document_runs(
    document: str, index: int, code: str, server: ServerProcess, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(code)
    address = server.root.removeprefix("http://")
    finished = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "resolve.py"), f"localhost:8000={address}", str(program)],
        capture_output=True,
        text=True,
        timeout=110,
        cwd=tmp_path,
    )
    assert finished.returncode == 0, f"{document}, block {index}:\n{finished.stderr}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_of_a_document_lead_somewhere(document: str) -> None:
    path = ROOT / document
    targets = [target for target in LINK.findall(path.read_text()) if "://" not in target]
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_of_a_document_exist(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"`make ([a-z]+)", (ROOT / document).read_text()))
    assert named <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_programs_of_a_document_exist(document: str) -> None:
    text = (ROOT / document).read_text()
    modules = re.findall(r"python -m ((?:benchmarks|training|scripts)(?:\.\w+)+)", text)
    missing = [name for name in re.findall(r"(?<![\w/.])scripts/\w+\.py", text) if not (ROOT / name).exists()]
    for module in modules:
        path = ROOT.joinpath(*module.split("."))
        if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists():
            missing.append(module)
    assert missing == []


def test_speed_that_the_readme_quotes_is_on_the_page_with_its_command() -> None:
    speed = (ROOT / "README.md").read_text().split("## Speed")[1].split("\n## ")[0]
    quoted = [line for line in speed.splitlines() if re.match(r"\|.*\dx \|$", line)]
    page = (ROOT / "docs" / "speed.md").read_text().splitlines()
    assert len(quoted) >= 8
    assert [line for line in quoted if line not in page] == []


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs" / "assets").glob("*.svg")), ids=lambda path: path.name
)
def test_picture_is_whole_and_needs_nothing_from_elsewhere(picture: Path) -> None:
    text = picture.read_text()
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(r"@import|<script|(?:href|src)=\"(?!#)|url\((?!#)", text) == []
