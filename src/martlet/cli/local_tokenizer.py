"""/tokenize and /detokenize of a model on this machine, without its weights."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from martlet.cli.local_models import find_model
from martlet.engine.checkpoint import read_config
from martlet.engine.models import context_length
from martlet.engine.text import Tokenizer
from martlet.errors import CheckpointError
from martlet.server.settings import ServerSettings
from martlet.server.translate import Translator


class TokenizerOnly:
    """As much of an engine as texts need."""

    cache_block_size = 0
    loras = None

    def __init__(self, folder: Path, chat_template: str | None) -> None:
        self.tokenizer = Tokenizer.from_folder(folder, chat_template)
        self.vocab_size = self.tokenizer.vocab_size
        self.max_model_len = _context(folder)


class LocalTokenizer:
    """Answers with the server's own code, so that replies and refusals are the same."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Raises EngineFailed for a folder without a tokenizer."""
        found, name = find_model(options.model)
        folder = found if isinstance(found, Path) else _fetch(found, options)
        engine = TokenizerOnly(folder, options.chat_template)
        self._translator = Translator(engine, ServerSettings(served_model_names=(name,)), 1)

    def tokenize(self, **body: Any) -> dict[str, Any]:
        reply: dict[str, Any] = json.loads(self._translator.tokenize(json.dumps(body).encode(), None))
        return reply

    def detokenize(self, **body: Any) -> dict[str, Any]:
        reply: dict[str, Any] = json.loads(self._translator.detokenize(json.dumps(body).encode(), None))
        return reply


def _fetch(model: str, options: argparse.Namespace) -> Path:
    from martlet.cli.hub import download_texts

    return download_texts(model, options.revision, options.download_dir)


def _context(folder: Path) -> int:
    """Return the context as `martlet serve` tells it; of other models what config.json says, or 0."""
    try:
        return context_length(folder)
    except CheckpointError:
        try:
            given = read_config(folder).get("max_position_embeddings")
        except CheckpointError:
            return 0
        return given if isinstance(given, int) else 0
