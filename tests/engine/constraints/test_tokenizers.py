"""Real tokenizers and checkpoints: byte-level BPE, SentencePiece with and without a leading blank."""

from __future__ import annotations

import json
import random
from pathlib import Path

import jsonschema
import pytest

import martlet
from martlet.engine.config import EngineConfig
from martlet.engine.constraints.vocabulary import Vocabulary
from martlet.engine.engine import Engine
from martlet.engine.request import SamplingParams
from martlet.engine.text import Tokenizer
from tests.engine.constraints.samples import compiler_of, json_constraint, random_schema
from tests.engine.fakes import run_to_end

FIXTURES = Path(__file__).parents[2] / "fixtures"
FOLDERS = [
    FIXTURES / "tiny-llama",
    FIXTURES / "tiny-llama2",
    FIXTURES / "tiny-llama32",
    FIXTURES / "tiny-smollm2",
    FIXTURES / "tiny-tinyllama",
    Path(martlet.__file__).parent / "house",
]
TEXTS = [
    '{"name": "Ann", "age": 7}',
    " leading",
    "x",
    '":',
    "a\n b\t",
    "Grüße, 世界 😀!",
    "  two",
    "don't 12",
]


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name, scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def vocabulary(folder: Path) -> Vocabulary:
    tokenizer = Tokenizer.from_folder(folder)
    return Vocabulary(tokenizer, tokenizer.vocab_size + 5)


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_spell_exactly_the_text(vocabulary: Vocabulary, text: str) -> None:
    token_ids = vocabulary(text.encode())
    assert b"".join(vocabulary.tokens[token_id] for token_id in token_ids) == text.encode()


def test_plain_words_get_the_tokenizers_own_tokens(folder: Path, vocabulary: Vocabulary) -> None:
    tokenizer = Tokenizer.from_folder(folder)
    within = tokenizer.encode("the cat", add_special_tokens=False)
    word = tokenizer.encode("the", add_special_tokens=False)
    assert vocabulary(b" cat") == within[len(word) :]


def test_half_a_character_is_tokenized_as_far_as_it_goes(vocabulary: Vocabulary) -> None:
    token_ids = vocabulary("é".encode()[:1])
    assert b"".join(vocabulary.tokens[token_id] for token_id in token_ids) in (b"\xc3", b"")


def test_special_tokens_and_padding_are_no_text(vocabulary: Vocabulary) -> None:
    assert vocabulary.tokens[-5:] == [b""] * 5
    assert vocabulary.eos_token_id in vocabulary.special_token_ids


@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_checkpoints_follow_random_schemas(folder: Path, temperature: float) -> None:
    engine = Engine.from_folder(folder, EngineConfig(max_model_len=400, max_num_seqs=16))
    compiler = compiler_of(engine)
    rng = random.Random(3)
    schemas = [random_schema(rng, 2) for _ in range(16)]
    prompt = engine.tokenizer.encode("Write JSON:")
    for index, schema in enumerate(schemas):
        grammar = compiler.compile(json_constraint(schema, disable_any_whitespace=index % 2 == 0))
        params = SamplingParams(max_tokens=250, temperature=temperature, seed=index, grammar=grammar)
        engine.add(f"r{index}", prompt, params)
    results = run_to_end(engine)
    num_finished = 0
    for index, schema in enumerate(schemas):
        result = results[f"r{index}"]
        assert result.finish_reason in ("stop", "length")
        if result.finish_reason == "stop":
            num_finished += 1
            jsonschema.validate(json.loads(result.text), schema)
    assert num_finished >= 10
