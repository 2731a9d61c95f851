"""What the subcommands' parsers share: one-line errors, and types of values."""

from __future__ import annotations

import argparse
import json
from typing import Any, NoReturn

from martlet.cli import MISUSED, complain


class Parser(argparse.ArgumentParser):
    """Complains in one line, as every command does."""

    def error(self, message: str) -> NoReturn:
        raise SystemExit(complain(f"{message}; see {self.prog} --help", MISUSED))


def count(text: str) -> int:
    """Read 1000, 1k (1000) or 1K (1024)."""
    scales = {"k": 10**3, "m": 10**6, "g": 10**9, "K": 2**10, "M": 2**20, "G": 2**30}
    number = float(text[:-1]) * scales[text[-1]] if text[-1:] in scales else int(text)
    if not 0 <= number < 2**63 or number != int(number):
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text}")
    return int(number)


def block_size(text: str) -> int:
    number = int(text)
    if number < 1 or number % 16:
        raise argparse.ArgumentTypeError(
            f"must be a multiple of 16, which the kernels read at once, got {text}"
        )
    return number


def max_logprobs(text: str) -> int:
    number = int(text)
    if number < -1:
        raise argparse.ArgumentTypeError(f"must be -1 (all), 0 or more, got {number}")
    return number


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**16:
        raise argparse.ArgumentTypeError(f"must be between 0 and 65535, got {number}")
    return number


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be 0 or more, got {text}")
    return number


def positive_seconds(text: str) -> float:
    number = seconds(text)
    if number == 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def structured_outputs_config(text: str) -> bool:
    """Read vLLM's flag of this name. Returns `disable_any_whitespace`, the one choice there is here."""
    config = json_object(text)
    unknown = config.keys() - {"backend", "disable_any_whitespace"}
    backend, whitespace = config.get("backend", "auto"), config.get("disable_any_whitespace", False)
    if unknown:
        raise argparse.ArgumentTypeError(f"knows backend and disable_any_whitespace, got {min(unknown)!r}")
    if backend not in ("auto", "guidance"):
        raise argparse.ArgumentTypeError(f"backend must be auto or guidance, got {backend!r}")
    if not isinstance(whitespace, bool):
        raise argparse.ArgumentTypeError(f"disable_any_whitespace must be true or false, got {whitespace!r}")
    return whitespace


def root_path(text: str) -> str:
    if text and not text.startswith("/"):
        raise argparse.ArgumentTypeError(f"must begin with /, got {text}")
    return text.rstrip("/")


def names(text: str) -> tuple[str, ...]:
    """Read a JSON list of strings, as `["GET", "POST"]`."""
    value = json.loads(text)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise argparse.ArgumentTypeError(f"must be a JSON list of strings, as '[\"*\"]', got {text}")
    return tuple(value)


def paths(text: str) -> tuple[str, ...]:
    """Read paths with commas between them."""
    found = tuple(path.strip() for path in text.split(",") if path.strip())
    if not all(path.startswith("/") for path in found):
        raise argparse.ArgumentTypeError(f"must be paths and commas, as in /health,/ping, got {text}")
    return found


def json_object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return value
