"""What the engine's benchmarks share: the arguments that say which model, and an engine that runs it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.random_llama import SHAPES, write_folder
from martlet.engine.engine import Engine, EngineConfig
from martlet.engine.kernels import load


def model_arguments(description: str | None, rounds: int = 5) -> argparse.ArgumentParser:
    """Return a parser that knows --model, --shape, --rounds and --threads."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, help="a folder made earlier by benchmarks.random_llama")
    parser.add_argument("--shape", choices=SHAPES, default="135m", help="of the model that is made")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--threads", type=int, default=2)
    return parser


@contextmanager
def random_engine(arguments: argparse.Namespace, config: EngineConfig | None = None) -> Iterator[Engine]:
    """Run the model that the arguments name, or one that is made for the while."""
    with tempfile.TemporaryDirectory(prefix="martlet-bench-") as scratch:
        folder = arguments.model or Path(scratch)
        if arguments.model is None:
            write_folder(folder, SHAPES[arguments.shape])
        yield Engine.from_folder(folder, config, load(num_threads=arguments.threads))
