"""The command itself: help, version, misuse."""

from __future__ import annotations

import subprocess
import sys

import pytest

import martlet
from martlet.cli import COMMANDS, ENVIRONMENT, main


def martlet_command(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "martlet", *arguments], capture_output=True, text=True, timeout=110
    )


def test_help_lists_commands_and_environment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    for word in (*COMMANDS, *ENVIRONMENT):
        assert word in shown.out


def test_no_arguments_is_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: martlet COMMAND")


def test_help_imports_next_to_nothing() -> None:
    code = "import sys; from martlet.cli import main; main(['--help']); print(*sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(finished.stdout.splitlines()[-1].split())
    assert not loaded & {"numpy", "msgspec", "asyncio", "argparse", "uvicorn", "martlet.cli.serve"}


def test_help_is_quick() -> None:
    """0.03 s on a quiet machine; what makes it slow is what it imports."""
    code = "import sys; before = {*sys.modules}; from martlet.cli import main; main(['--help']); "
    code += "print(len({*sys.modules} - before))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(finished.stdout.splitlines()[-1]) < 60


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"martlet {martlet.__version__}\n"


def test_unknown_command_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["swerve"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"martlet: there is no command 'swerve'; there are: {', '.join(COMMANDS)}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str) -> None:
    finished = martlet_command(command, "--help")
    assert finished.returncode == 0
    assert finished.stdout.startswith(f"usage: martlet {command} ")
    assert finished.stderr == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_flag_is_one_line(command: str) -> None:
    finished = martlet_command(command, "--bogus")
    assert finished.returncode == 2
    assert finished.stderr == f"martlet: unrecognized arguments: --bogus; see martlet {command} --help\n"
