"""The shipped checkpoint as a folder: what is in it, how big, and that its text parts hold."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open

from martlet.engine.text import Tokenizer

HOUSE = Path(str(files("martlet"))) / "house"
MAX_BYTES = 10_000_000
NAMES = {
    "chat_template.jinja",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
}


def read(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((HOUSE / name).read_text())
    return value


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_folder(HOUSE)


def test_folder_holds_a_checkpoint_and_nothing_else() -> None:
    assert {path.name for path in HOUSE.iterdir()} == NAMES


def test_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in HOUSE.iterdir()) <= MAX_BYTES


def test_config_agrees_with_weights_and_tokenizer(tokenizer: Tokenizer) -> None:
    config = read("config.json")
    with safe_open(HOUSE / "model.safetensors", framework="numpy") as weights:
        names = set(weights.keys())
        shapes = {name: weights.get_slice(name).get_shape() for name in names}
        dtypes = {weights.get_slice(name).get_dtype() for name in names}
    assert config["architectures"] == ["LlamaForCausalLM"]
    assert shapes["model.embed_tokens.weight"] == [config["vocab_size"], config["hidden_size"]]
    assert config["tie_word_embeddings"] is True
    assert "lm_head.weight" not in names
    assert dtypes == {"BF16"}
    assert len([name for name in names if name.endswith("mlp.up_proj.weight")]) == config["num_hidden_layers"]
    assert tokenizer.vocab_size == config["vocab_size"]


def test_generation_ends_at_both_end_marks(tokenizer: Tokenizer) -> None:
    ends = [tokenizer.token_to_id(token) for token in ("<|im_end|>", "<|endoftext|>")]
    assert list(tokenizer.eos_token_ids) == ends
    assert read("generation_config.json")["eos_token_id"] == ends


def test_default_sampling_is_moderate() -> None:
    generation = read("generation_config.json")
    assert generation["do_sample"] is True
    assert 0 < generation["temperature"] <= 1
    assert 0.5 <= generation["top_p"] <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Hello!",
        "  two  spaces, a\ttab and\n\n\nlines \r\n",
        "Grüße aus Köln, señor",
        "日本語のテキスト",
        "🦜👩‍👩‍👧‍👦 e\u0301",
        "\x00\x7f\ufffd\U0010ffff",
        "".join(chr(code) for code in range(0x20, 0x2000, 7)),
        "",
    ],
)
def test_tokenizer_returns_any_text_unchanged(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_words_of_the_demo_are_few_tokens(tokenizer: Tokenizer) -> None:
    assert len(tokenizer.encode("Write a haiku.")) <= 5


def test_template_renders_roles_in_order(tokenizer: Tokenizer) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello!"},
        {"role": "assistant", "content": "Hi!"},
        {"role": "user", "content": "{{ 'not evaluated' }}"},
    ]
    assert tokenizer.render(messages) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\nHello!<|im_end|>\n"
        "<|im_start|>assistant\nHi!<|im_end|>\n"
        "<|im_start|>user\n{{ 'not evaluated' }}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_template_without_generation_prompt_ends_after_last_message(tokenizer: Tokenizer) -> None:
    rendered = tokenizer.render([{"role": "user", "content": "Hello!"}], add_generation_prompt=False)
    assert rendered == "<|im_start|>user\nHello!<|im_end|>\n"


def test_template_takes_message_without_content(tokenizer: Tokenizer) -> None:
    rendered = tokenizer.render([{"role": "assistant", "content": None}], add_generation_prompt=False)
    assert rendered == "<|im_start|>assistant\n<|im_end|>\n"
