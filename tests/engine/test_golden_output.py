"""Greedy output of the whole engine equals transformers', for every variant of the tiny checkpoints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from martlet.engine.config import EngineConfig
from martlet.engine.engine import Engine
from martlet.engine.request import SamplingParams
from tests.engine.fakes import generate

FOLDERS = sorted(path.parent for path in Path(__file__).parents[1].glob("fixtures/*/goldens.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_greedy_output_equals_transformers(folder: Path) -> None:
    goldens = json.loads((folder / "goldens.json").read_text(encoding="utf-8"))
    wanted = goldens["greedy_token_ids"]
    assert len(wanted) >= 64
    engine = Engine.from_folder(folder, EngineConfig(max_num_seqs=4, max_num_batched_tokens=30))
    params = SamplingParams(max_tokens=len(wanted), temperature=0, ignore_eos=True)
    prompt = goldens["prompt_token_ids"]
    for result in generate(engine, [prompt, prompt, prompt[:7], prompt], params)[::3]:
        assert result.token_ids == wanted
        assert len(result.text) >= 64
        if is_byte_level(folder):  # others turn a whole run of bytes to U+FFFD if part of it is no UTF-8
            assert goldens["decoded_without_special_tokens"].endswith(result.text)


def is_byte_level(folder: Path) -> bool:
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return bool(tokenizer["decoder"]["type"] == "ByteLevel")
