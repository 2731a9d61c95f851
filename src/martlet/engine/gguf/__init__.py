"""GGUF: a model, its settings and its tokenizer in one file, read as if it were a Hugging Face folder.

Source: the format, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 3). The `gguf` package
knows what tensors are called and undoes quantization; it is an extra, `martlet[gguf]`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from martlet.engine.checkpoint import Checkpoint
from martlet.engine.gguf.config import hf_config
from martlet.engine.gguf.file import GGUFFile
from martlet.engine.gguf.tensors import GGUFTensors


def read_gguf_config(path: Path) -> dict[str, Any]:
    """Return what config.json would say of a file's model. Raises CheckpointError."""
    return hf_config(GGUFFile.open(path))


def load_gguf(path: Path, is_exact: bool = False) -> Checkpoint:
    """Open a file; its tensors are read later, by Hugging Face's names. Raises CheckpointError.

    Numbers that the kernels have no form for are rounded to 8 bits, unless the checkpoint is to be exact.
    """
    file = GGUFFile.open(path)
    config = hf_config(file)
    tensors = GGUFTensors(file, config, is_exact)
    return Checkpoint(path, config, {}, tensors.missing, dict.fromkeys(tensors.names, tensors))
