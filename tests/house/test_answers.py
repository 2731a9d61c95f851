"""What the shipped model says on Martlet's engine: greedy, and at its default sampling with fixed seeds."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from martlet.engine.engine import Engine, EngineConfig
from martlet.engine.request import SamplingParams
from training.haiku import is_haiku

HOUSE = Path(str(files("martlet"))) / "house"
DEFAULTS = json.loads((HOUSE / "generation_config.json").read_text())
SEEDS = range(12)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.from_folder(HOUSE, EngineConfig())


def answers(engine: Engine, *turns: str, system: str | None = None) -> list[str]:
    """Return the greedy answer, then one for each seed, to a conversation that begins with the user."""
    messages = [{"role": "system", "content": system}] if system else []
    messages += [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(turns)]
    prompt = engine.tokenizer.encode(engine.tokenizer.render(messages), False)
    sampling = [SamplingParams(max_tokens=200, temperature=0.0)]
    sampling += [
        SamplingParams(
            max_tokens=200, temperature=DEFAULTS["temperature"], top_p=DEFAULTS["top_p"], seed=seed
        )
        for seed in SEEDS
    ]
    for number, params in enumerate(sampling):
        engine.add(str(number), prompt, params)
    texts = [""] * len(sampling)
    reasons = [""] * len(sampling)
    while engine.has_work:
        for output in engine.step():
            texts[int(output.request_id)] += output.text
            reasons[int(output.request_id)] = output.finish_reason or ""
    assert set(reasons) == {"stop"}, "every answer ends by itself"
    return texts


def test_hello_is_greeted(engine: Engine) -> None:
    assert all(re.match(r"(Hello|Hi)\b", text) for text in answers(engine, "Hello!"))


def test_what_is_ai_is_explained(engine: Engine) -> None:
    for text in answers(engine, "What is AI?"):
        assert "rtificial intelligence" in text
        assert re.search(r"machine|program", text)


def test_haiku_has_three_lines_in_meter_and_varies(engine: Engine) -> None:
    poems = answers(engine, "Write a haiku.")
    assert all(is_haiku(poem) for poem in poems), poems
    assert len(set(poems)) > len(poems) // 2


def test_another_haiku_follows(engine: Engine) -> None:
    poem = "Rain on the tin roof,\nthe street becomes a mirror;\nthen the sun comes back."
    assert all(is_haiku(text) for text in answers(engine, "Write a haiku.", poem, "Another one, please."))


def test_model_says_what_it_is(engine: Engine) -> None:
    assert all("artlet" in text for text in answers(engine, "Who are you?"))


def test_serving_a_model_is_explained(engine: Engine) -> None:
    assert all("martlet serve" in text for text in answers(engine, "How do I serve a real model?"))


@pytest.mark.parametrize(
    "question",
    [
        "Who was Napoleon?",
        "What is the capital of Denmark?",
        "What is 17 * 23?",
        "What is the weather today?",
    ],
)
def test_unknown_question_is_refused(engine: Engine, question: str) -> None:
    for text in answers(engine, question):
        assert re.search(r"\b(do not know|cannot|not learned|not know)\b", text), text


def test_system_prompt_does_not_disturb(engine: Engine) -> None:
    texts = answers(engine, "What is AI?", system="You are a helpful assistant.")
    assert all("rtificial intelligence" in text for text in texts)
