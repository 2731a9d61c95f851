"""Small versions of what `python -m benchmarks.engine` measures: that it measures, not what."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import perplexity
from benchmarks.engine import Environment, Row, line_of, rows, run_row
from benchmarks.engine_workers import Case
from benchmarks.random_llama import SMOLLM2_135M, write_folder
from martlet.engine.kernels import load
from martlet.engine.text import Tokenizer

SHAPE = SMOLLM2_135M | {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1, "vocab_size": 256}
SHAPE |= {"num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    folder: Path = tmp_path_factory.mktemp("random")
    write_folder(folder, SHAPE)
    environment = Environment(folder, 1, {"llama.cpp": [sys.executable], "vLLM": []})
    yield environment
    environment.close()


@pytest.mark.parametrize(
    "name", ["decode 16", "prefill 512", "bandwidth", "overhead", "prefix hits", "prefix wait"]
)
def test_row_of_every_kind_brings_figures(environment: Environment, name: str) -> None:
    row = next(row for row in rows() if row.name == name)
    own = Row(row.name, row.variant, row.case, {}, row.at_most, row.at_least or 0.01)
    result = run_row(environment, own, rounds=2)[-1]
    assert len(result["ours"]) == 2
    assert all(figure > 0 for figure in result["ours"])
    assert result["met"] is (result["ratio"] >= result["at_least"])


def test_bandwidth_row_compares_with_a_plain_read(environment: Environment) -> None:
    row = next(row for row in rows() if row.name == "bandwidth")
    [result] = run_row(environment, row, rounds=1)
    assert result["ratio"] == result["ours"][0] / result["theirs"][0]
    assert "plain read" in line_of(result)


def test_peer_that_is_not_there_or_stops_is_told(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Row("decode 1", "bf16", Case("decode", steps=2), {"llama.cpp bf16": 1.4, "vLLM f32": 4.0})
    results = run_row(environment, row, rounds=1)
    assert [result["met"] for result in results] == [None, None]
    assert all("not measured" in line_of(result) for result in results)
    assert "llama.cpp bf16 build 1, extra, flash: llama.cpp bf16 stopped" in capsys.readouterr().err


def test_rounding_the_house_model_costs_what_the_page_says(tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text("\n".join(perplexity.TEXTS.read_text().splitlines()[:12]))
    found = perplexity.measure(perplexity.house(), texts, load())
    exact = found["none"].perplexity
    assert 1 < exact < 2
    assert found["none"].divergence == 0
    assert 0 < found["none, bf16 cache"].divergence < found["int8"].divergence / 2
    assert 0 < found["int8"].divergence < found["int4"].divergence / 10
    assert found["int8, bf16 cache"].divergence < 2 * found["int8"].divergence
    assert found["int4"].divergence < found["int4, embeddings too"].divergence < 3e-2
    assert found["int8"].perplexity == pytest.approx(exact, rel=0.01)
    assert found["int4"].perplexity == pytest.approx(exact, rel=0.05)


def test_texts_are_written_of_dialogues_and_answers_end_with_their_mark(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    perplexity.write_texts(path)
    assert len(path.read_text().splitlines()) == perplexity.COUNT
    folder = perplexity.house()
    ends = Tokenizer.from_folder(folder).eos_token_ids
    for text in perplexity.texts(folder, path):
        assert text.answers
        assert all(text.token_ids[answer[-1]] in ends for answer in text.answers)


def test_answer_whose_thoughts_are_shown_no_more_is_no_text_of_the_model(tmp_path: Path) -> None:
    (tmp_path / "chat_template.jinja").write_text(
        "{% for m in messages %}{{ m.content if loop.last else m.content.split('</think>')[-1] }}"
        "<|im_end|>{% endfor %}"
    )
    for name in ("tokenizer.json", "tokenizer_config.json", "generation_config.json", "config.json"):
        shutil.copy(perplexity.house() / name, tmp_path)
    said = ["a", "<think>b</think>c", "d", "<think>e</think>f"]
    messages = [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(said)]
    tokenizer = Tokenizer.from_folder(tmp_path)
    text = perplexity.text_of(tokenizer, messages)
    [answer] = text.answers
    shown = tokenizer.decode([text.token_ids[place] for place in answer], skip_special_tokens=False)
    assert shown == "<think>e</think>f<|im_end|>"
