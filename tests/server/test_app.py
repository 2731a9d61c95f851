"""The ASGI app in this process, for faults that a real engine does not show."""

from __future__ import annotations

import json
import logging
import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest

from martlet.engine.request import Output
from martlet.engine.text import Tokenizer
from martlet.server.settings import ServerSettings
from tests.server.asgi import post
from tests.server.fakes import FakeEngine
from tests.servers import TINY_LLAMA


class BrokenTokenizer(Tokenizer):
    def encode(self, text: str, add_special_tokens: bool = True) -> list[int]:
        raise RuntimeError("cannot open /secret/place.py")


class BrokenOutput(FakeEngine):
    """Spoils a field of its second output, as a bug of ours might."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self._field = field

    def step(self) -> list[Output]:
        outputs: Sequence[Any] = super().step()
        if self.num_steps == 2:
            setattr(outputs[0], self._field, 5)
        return list(outputs)


def test_bug_is_500_without_details(caplog: pytest.LogCaptureFixture) -> None:
    engine = FakeEngine()
    engine.tokenizer = BrokenTokenizer.from_folder(TINY_LLAMA)
    with caplog.at_level(logging.ERROR):
        answer = post(engine, "/v1/completions", {"prompt": "Hello"})
    assert (answer.status, answer.error["type"], answer.error["code"]) == (500, "InternalServerError", 500)
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body
    assert "/secret/place.py" in caplog.text


@pytest.mark.parametrize("field", ["token_ids", "logprobs"])
def test_bug_in_a_stream_is_a_frame(field: str, caplog: pytest.LogCaptureFixture) -> None:
    body = {"prompt": "Hello", "stream": True, "logprobs": 0}
    with caplog.at_level(logging.ERROR):
        answer = post(BrokenOutput(field), "/v1/completions", body)
    *_, last, done = answer.frames
    assert (answer.status, done) == (200, b"[DONE]")
    assert json.loads(last)["error"]["code"] == 500
    assert "internal error" in caplog.text


class CachingEngine(FakeEngine):
    """Finds the first token of every prompt in its cache."""

    def step(self) -> list[Output]:
        outputs = super().step()
        for output in outputs:
            output.num_cached_tokens = 1
        return outputs


def test_cached_tokens_are_told_on_request() -> None:
    settings = ServerSettings(served_model_names=("fake",), access_log=False, prompt_tokens_details=True)
    body = {"prompt": ["a", "b"], "n": 2, "max_tokens": 2}
    usage = post(CachingEngine(), "/v1/completions", body, settings).json["usage"]
    assert usage["prompt_tokens_details"] == {
        "cached_tokens": 2,
        "created_cache_tokens": None,
        "multimodal_tokens": None,
    }
    streamed = {**body, "stream": True, "stream_options": {"include_usage": True}}
    assert post(CachingEngine(), "/v1/completions", streamed, settings).chunks[-1]["usage"] == {
        **{key: value for key, value in usage.items() if key != "completion_tokens_details"},
        "prompt_tokens_details": {"cached_tokens": 2},
    }
    assert post(CachingEngine(), "/v1/completions", body).json["usage"]["prompt_tokens_details"] is None


@pytest.mark.parametrize(("path", "body", "status"), [("/v1/completions", {}, 400), ("/nowhere", {}, 404)])
def test_refusal_takes_no_thread(
    path: str, body: dict[str, Any], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("anyio.to_thread.run_sync")  # by which Starlette calls plain functions
    assert post(FakeEngine(), path, body).status == status


def test_refusal_by_the_engine_has_its_status() -> None:
    answer = post(FakeEngine(), "/v1/completions", {"prompt": "Hello", "seed": 13})
    assert (answer.status, answer.error["param"]) == (400, "seed")


def test_refusal_by_the_engine_in_a_stream_is_a_frame() -> None:
    answer = post(FakeEngine(), "/v1/completions", {"prompt": "Hello", "seed": 13, "stream": True})
    refusal, done = answer.frames
    assert json.loads(refusal)["error"]["param"] == "seed"
    assert done == b"[DONE]"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/completions", {"prompt": ["a"] * 100, "n": 16_000}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "a"}], "n": 101}),
    ],
)
def test_more_sequences_than_the_server_takes_are_refused_before_they_are_made(
    path: str, body: dict[str, Any]
) -> None:
    tracemalloc.start()
    try:
        answer = post(FakeEngine(), path, {**body, "seed": 1})
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.status, answer.error["param"]) == (400, None)
    assert "takes 100" in answer.error["message"]
    assert peak_bytes < 10_000_000


def test_body_limit_is_the_settings() -> None:
    answer = post(FakeEngine(), "/v1/completions", {"prompt": "a" * 1000})
    assert (answer.status, answer.error["code"]) == (413, 413)
    assert "1000 bytes" in answer.error["message"]


def test_ignored_names_fit_into_a_header() -> None:
    settings = ServerSettings(served_model_names=("fake",), access_log=False)
    odd = {"a,b": 1, "line\nbreak": 1, "ü": 1, "x" * 500: 1}
    many = {f"field{i}": i for i in range(100)}
    body = {"prompt": "Hello", "max_tokens": 1, **odd, **many}
    header = post(FakeEngine(), "/v1/completions", body, settings).headers["x-martlet-ignored"]
    assert header == ", ".join([*list(many)[:32], "and 68 more"])


def test_no_header_when_nothing_is_ignored() -> None:
    answer = post(FakeEngine(), "/v1/completions", {"prompt": "Hello", "max_tokens": 1})
    assert answer.status == 200
    assert "x-martlet-ignored" not in answer.headers
