"""Compute what llama.cpp makes of the tests' GGUF files: tests/fixtures/gguf.

    PYTHONPATH=src:. python scripts/make_gguf_goldens.py

It needs llama-cpp-python and gguf; 0.3.36 made the files that are there. What differs from llama.cpp's
defaults: keys and values are cached as f32 instead of f16, attention is not fused, and weights are not put
into another order for AMX (`use_extra_bufts`), which crashes on matrices as small as these.
"""

from __future__ import annotations

import ctypes
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from tests.engine.gguf_families import FAMILIES, write_family
from tests.engine.gguf_files import TOKENIZED_TEXTS, TOKENIZER_NAMES, write_tokenizer_gguf
from tests.engine.random_gguf import KINDS, NUM_GREEDY, NUM_ROWS, PROMPT, write_random_gguf

FOLDER = Path(__file__).parents[1] / "tests" / "fixtures" / "gguf"
F32, NOT_FUSED = 0, 0


silent = llama_cpp.llama_log_callback(lambda level, text, data: None)


@contextmanager
def context_of(path: Path) -> Iterator[Any]:
    llama_cpp.llama_log_set(silent, ctypes.c_void_p(0))
    of_model = llama_cpp.llama_model_default_params()
    of_model.use_extra_bufts = False
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), of_model)
    if not model:
        raise SystemExit(f"llama.cpp cannot load {path}")
    of_context = llama_cpp.llama_context_default_params()
    of_context.n_ctx, of_context.n_threads = 256, 1
    of_context.type_k = of_context.type_v = F32
    of_context.flash_attn_type = NOT_FUSED
    context = llama_cpp.llama_init_from_model(model, of_context)
    yield context
    llama_cpp.llama_free(context)
    llama_cpp.llama_model_free(model)


def logits_of(context: Any, token_ids: Sequence[int], start: int, num_rows: int) -> Any:
    """Return the logits of the last rows of tokens at `start` and after it."""
    model = llama_cpp.llama_get_model(context)
    vocab_size = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
    batch = llama_cpp.llama_batch_init(len(token_ids), 0, 1)
    batch.n_tokens = len(token_ids)
    first = len(token_ids) - num_rows
    for i, token_id in enumerate(token_ids):
        batch.token[i], batch.pos[i], batch.logits[i] = token_id, start + i, i >= first
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, 0
    if llama_cpp.llama_decode(context, batch) != 0:
        raise SystemExit("llama.cpp failed")
    rows = [llama_cpp.llama_get_logits_ith(context, i) for i in range(first, len(token_ids))]
    logits = np.stack([np.ctypeslib.as_array(row, (vocab_size,)) for row in rows])
    llama_cpp.llama_batch_free(batch)
    return logits


def tokens_of(path: Path, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of texts, with what the file puts around them; markers are what they mark."""
    llama_cpp.llama_log_set(silent, ctypes.c_void_p(0))
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
    if not model:
        raise SystemExit(f"llama.cpp cannot load {path}")
    found = []
    for text in texts:
        ids, raw = (ctypes.c_int32 * 256)(), text.encode()
        vocab = llama_cpp.llama_model_get_vocab(model)
        found.append(ids[: llama_cpp.llama_tokenize(vocab, raw, len(raw), ids, 256, True, True)])
    llama_cpp.llama_model_free(model)
    return found


def answer(path: Path, prompt: Sequence[int], num_rows: int, num_greedy: int) -> tuple[Any, list[int]]:
    with context_of(path) as context:
        logits = logits_of(context, prompt, 0, num_rows)
        greedy = [int(logits[-1].argmax())]
        while len(greedy) < num_greedy:
            row = logits_of(context, greedy[-1:], len(prompt) + len(greedy) - 1, 1)
            greedy.append(int(row[0].argmax()))
    return logits, greedy


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    logits, greedy = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.gguf"
        for kind in KINDS:
            logits[kind], greedy[kind] = answer(write_random_gguf(path, kind), PROMPT, NUM_ROWS, NUM_GREEDY)
            print(kind, greedy[kind][:8])
        for name in FAMILIES:
            prompt = write_family(path, name)
            logits[name], greedy[name] = answer(path, prompt, NUM_ROWS, NUM_GREEDY)
            print(name, greedy[name][:8])
        tokens = {
            name: tokens_of(write_tokenizer_gguf(path, name), TOKENIZED_TEXTS) for name in TOKENIZER_NAMES
        }
    (FOLDER / "tokens.json").write_text(json.dumps(tokens) + "\n", encoding="utf-8")
    np.savez_compressed(FOLDER / "logits.npz", **logits)
    (FOLDER / "greedy.json").write_text(json.dumps(greedy, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
