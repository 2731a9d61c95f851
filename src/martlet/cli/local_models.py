"""Models that run in this process: where they are, and the flags that every command has for them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from martlet.cli.flags import count, json_object
from martlet.errors import CheckpointError, EngineFailed, InvalidParameter

if TYPE_CHECKING:
    from martlet.engine.kernels import Kernels

HOUSE_FOLDER = Path(__file__).resolve().parent.parent / "house"
HOUSE_NAME = "martlet-house"
HOUSE_FILES = ("config.json", "model.safetensors", "tokenizer.json")
FLAGS = {
    "max_model_len": "--max-model-len",
    "max_num_seqs": "--max-num-seqs",
    "max_num_batched_tokens": "--max-num-batched-tokens",
    "kv_cache_bytes": "--kv-cache-memory-bytes",
    "block_size": "--block-size",
    "pooler_config": "--pooler-config",
    "speculative_config": "--speculative-config",
    "quantization": "--quantization",
    "kv_cache_dtype": "--kv-cache-dtype",
    "enable_lora": "--enable-lora",
    "max_loras": "--max-loras",
    "max_lora_rank": "--max-lora-rank",
    "max_cpu_loras": "--max-cpu-loras",
    "seed": "--seed",
    "num_threads": "--num-threads",
}
"""The engine's parameters, and the flags that set them."""


def find_model(model: str | None, house: Path = HOUSE_FOLDER) -> tuple[Path | str, str]:
    """Return the model's folder, or its hub id, and the name to serve it under."""
    if model is None:
        missing = [file for file in HOUSE_FILES if not (house / file).is_file()]
        if missing:
            raise CheckpointError(
                f"the house model is not in this installation ({', '.join(missing)} missing): name a MODEL"
            )
        return house, HOUSE_NAME
    is_gguf = model.endswith(".gguf")
    if Path(model).is_dir() or (is_gguf and Path(model).is_file()):
        return Path(model), model
    looks_like_path = is_gguf or model.startswith((".", "/", "~")) or model.count("/") != 1 or "\\" in model
    if looks_like_path or Path(model).exists():
        raise CheckpointError(
            f"there is no model folder {model}: name a folder, a .gguf file, or a hub id such as org/name"
        )
    return model, model


def fetch(model: str, options: argparse.Namespace) -> Path:
    from martlet.cli.hub import download

    return download(model, options.revision, options.download_dir)


def load_kernels(num_threads: int | None) -> Kernels:
    """Raises EngineFailed if MARTLET_KERNELS names none, or for a number of threads that cannot be."""
    from martlet.engine.kernels import load

    try:
        return load(num_threads=num_threads)
    except ValueError as error:
        raise EngineFailed(with_flags(str(error))) from error


@contextmanager
def named_by_flags() -> Iterator[None]:
    """What the engine says of its parameters is raised as EngineFailed, under the flags' names."""
    try:
        yield
    except InvalidParameter as error:
        raise EngineFailed(with_flags(f"{error.param} {error.problem}")) from error
    except EngineFailed as error:  # the cache has no room for one sequence
        raise EngineFailed(with_flags(str(error))) from error


def with_flags(problem: str) -> str:
    """Say what the engine says of its parameters under the names that their flags have."""
    for name, flag in FLAGS.items():
        problem = re.sub(rf"\b{name}\b", flag, problem)
    return problem


# --- flags ------------------------------------------------------------------------------------------------


def add_hub_flags(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--revision", metavar="NAME", help="branch, tag or commit of a hub model")
    group.add_argument("--download-dir", metavar="PATH", help="where hub models are kept")


def add_template_flag(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--chat-template", metavar="TEMPLATE", help="a file, or the Jinja template itself")


def add_default_sampling_flags(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--generation-config", default="auto", metavar="WHERE",
        help="sampling defaults: auto takes the model's, vllm none, else a folder (auto)",
    )  # fmt: skip
    group.add_argument(
        "--override-generation-config", type=json_object, default={}, metavar="JSON",
        help='sampling defaults that win over the model\'s, as in \'{"temperature": 0.5}\'',
    )  # fmt: skip


def add_engine_flags(group: argparse._ArgumentGroup, *, quantization: tuple[str, ...]) -> None:
    """`quantization` are the names of that flag: its short one is taken in some commands."""
    group.add_argument(
        "--max-model-len", type=count, metavar="N", help="context length; 1k is 1000, 1K is 1024"
    )
    group.add_argument(
        "--speculative-config", "-sc", type=json_object, metavar="JSON",
        help="guess tokens ahead from the text so far, which changes no output, as in "
        '\'{"method": "ngram", "num_speculative_tokens": 4, "prompt_lookup_max": 3}\'',
    )  # fmt: skip
    group.add_argument("--kv-cache-memory-bytes", type=count, metavar="N", help="size of the KV cache")
    group.add_argument(
        "--kv-cache-dtype", choices=("auto", "float32", "bfloat16"), default="auto",
        help="how keys and values are held: bfloat16 halves the cache and rounds them (auto: float32, but "
        "bfloat16 where --quantization rounds the weights)",
    )  # fmt: skip
    group.add_argument(
        *quantization, choices=("auto", "none", "int8", "int4"), default="auto",
        help="round the weights to integers while loading: faster and smaller, less exact (auto: as stored, "
        "but for kinds of GGUF that take 8 bits; none: those take 32)",
    )  # fmt: skip
    group.add_argument(
        "--seed", type=int, help="makes requests without a seed repeatable, in order of arrival"
    )
    group.add_argument("--num-threads", type=count, metavar="N", help="threads that compute (one per core)")
