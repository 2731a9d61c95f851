"""GGUF files give what llama.cpp makes of them: tests/fixtures/gguf, by scripts/make_gguf_goldens.py."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from martlet.engine import kernels
from martlet.engine.checkpoint import load_checkpoint
from martlet.engine.models import build_model
from martlet.engine.text import Tokenizer
from tests.engine.gguf_families import FAMILIES, write_family
from tests.engine.gguf_files import TOKENIZED_TEXTS, TOKENIZER_NAMES, write_tokenizer_gguf
from tests.engine.llama_cpp_rounding import ROUNDINGS, rounding_kernels
from tests.engine.models.sessions import Session, load_model, relative_error
from tests.engine.random_gguf import KINDS, NUM_ROWS, PROMPT, write_random_gguf
from tests.engine.test_gguf import widened_checkpoint

GOLDENS = Path(__file__).parents[1] / "fixtures" / "gguf"
LLAMA_CPP_ERRORS = {"F32": 1e-5, "F16": 1e-3, "BF16": 0.01}
"""What llama.cpp's logits may differ by from exact ones: it rounds activations to the kind of the weights."""
QUANTIZED_ERROR = 0.08
"""The same where activations become integers of 8 bits."""
BORDER_ERROR = 0.05
"""What becomes of an activation that falls to the other of two integers, and of all that is made of it."""


@cache
def logits_of(name: str) -> Any:
    return np.load(GOLDENS / "logits.npz")[name]


def greedy_of(name: str) -> list[int]:
    found: list[int] = json.loads((GOLDENS / "greedy.json").read_text(encoding="utf-8"))[name]
    return found


# --- kinds of numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ROUNDINGS)
def test_numbers_of_each_kind_are_llama_cpps(kind: str, tmp_path: Path) -> None:
    """With llama.cpp's rounding of activations nothing is left to tell the logits apart.

    But a last bit may decide to which of two integers an activation is rounded, and then rows differ.
    """
    checkpoint = widened_checkpoint(load_checkpoint(write_random_gguf(tmp_path / "model.gguf", kind), True))
    logits = Session(build_model(checkpoint, rounding_kernels(kind))).last_logits(PROMPT, NUM_ROWS)
    wanted = logits_of(kind)
    errors = [relative_error(*rows) for rows in zip(logits, wanted, strict=True)]
    assert max(errors) < LLAMA_CPP_ERRORS.get(kind, BORDER_ERROR)
    assert sorted(errors)[1] < (1e-3 if kind == "F16" else 1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_logits_are_nearer_to_the_files_than_llama_cpps(kind: str, tmp_path: Path) -> None:
    """Even where numbers are rounded once more, to groups of 8 bits, for want of kernels."""
    path = write_random_gguf(tmp_path / "model.gguf", kind)
    exact = Session(build_model(load_checkpoint(path, is_exact=True), kernels.load("reference")))
    served = Session(load_model(path, kernels.available()[0]))
    wanted, got = (session.last_logits(PROMPT, NUM_ROWS) for session in (exact, served))
    theirs = np.linalg.norm(logits_of(kind) - wanted) / np.linalg.norm(wanted)
    ours = np.linalg.norm(got - wanted) / np.linalg.norm(wanted)
    assert theirs < LLAMA_CPP_ERRORS.get(kind, QUANTIZED_ERROR)
    assert ours < max(theirs, 1e-5)


@pytest.mark.parametrize("kind", ["F32", "F16", "BF16"])
def test_greedy_text_is_llama_cpps(kind: str, tmp_path: Path) -> None:
    session = Session(load_model(write_random_gguf(tmp_path / "model.gguf", kind)))
    wanted = greedy_of(kind)
    assert session.greedy(session.new(PROMPT, len(wanted)), len(wanted)) == wanted


# --- tokenizers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TOKENIZER_NAMES)
def test_token_ids_are_llama_cpps(name: str, tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_folder(write_tokenizer_gguf(tmp_path / "model.gguf", name))
    wanted = json.loads((GOLDENS / "tokens.json").read_text(encoding="utf-8"))[name]
    assert [tokenizer.encode(text) for text in TOKENIZED_TEXTS] == wanted


# --- families -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAMILIES)
def test_family_is_llama_cpps_and_the_folders(name: str, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    prompt = write_family(path, name)
    model = load_model(path)
    logits, wanted = Session(model).last_logits(prompt, NUM_ROWS), logits_of(name)
    folder = Session(load_model(tmp_path / "model")).last_logits(prompt, NUM_ROWS)
    assert relative_error(logits, folder) < 1e-5
    # llama.cpp looks gelu up in a table of float16.
    assert relative_error(logits, wanted) < (2e-3 if name.startswith("gemma") else 1e-5)
    session = Session(model)
    greedy = greedy_of(name)
    assert session.greedy(session.new(prompt, len(greedy)), len(greedy)) == greedy


@pytest.mark.parametrize("name", ["gemma2", "gemma3"])
def test_gelu_of_float16_is_all_that_tells_gemma_apart(name: str, tmp_path: Path) -> None:
    prompt = write_family(tmp_path / "model.gguf", name)
    model = build_model(load_checkpoint(tmp_path / "model.gguf"), rounding_kernels("F32"))
    assert relative_error(Session(model).last_logits(prompt, NUM_ROWS), logits_of(name)) < 2e-4


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_0"])
@pytest.mark.parametrize("name", ["mixtral", "qwen3_moe", "gemma3"])
def test_quantized_family_says_what_its_numbers_say(name: str, kind: str, tmp_path: Path) -> None:
    """Experts are parts of one tensor, rows of q and k in another order, norms not quantized.

    Activations become integers of 16 bits. In a row or two that lets the router choose another expert.
    """
    path = tmp_path / "model.gguf"
    prompt = write_family(path, name, kind)
    plain = build_model(widened_checkpoint(load_checkpoint(path)), kernels.load("reference"))
    logits = [Session(model).last_logits(prompt, len(prompt)) for model in (load_model(path), plain)]
    assert np.median([relative_error(*rows) for rows in zip(*logits, strict=True)]) < 1e-3
