"""The access log, and everything else that goes to the log, as text and as JSON."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from martlet.engine.pooling_engine import PoolingEngine
from martlet.server.logs import JSONFormatter, Visit, json_line, text_line
from tests.server.asgi import SETTINGS, post
from tests.server.fakes import FakeEngine
from tests.server.scripted import (
    THINKING_SETTINGS,
    THOUGHT_TEXT_AND_CALL,
    WEATHER,
    ScriptedEngine,
    tokenizer_with,
)
from tests.server.wire import call, until
from tests.servers import FIXTURES, TINY_LLAMA, start_server

JSON_LOG = replace(SETTINGS, access_log=True, log_format="json")
SCOPE = {"method": "GET", "path": "/a\nmartlet: fake\x1b[31m", "client": ("10.0.0.1", 5)}


def test_text_line_escapes_the_path() -> None:
    line = text_line(Visit(SCOPE, None, 404, 0.0012))
    assert line == "10.0.0.1:5 GET /a\\nmartlet: fake\\x1b[31m 404 1.2 ms\n"


def test_text_line_says_who_left() -> None:
    scope = {"method": "POST", "path": "/tokenize", "client": None}
    assert text_line(Visit(scope, None, 0, 0.01, is_cut=True)) == "- POST /tokenize - 10.0 ms disconnected\n"


def test_json_line_is_one_line_whatever_the_path() -> None:
    line = json_line(Visit({**SCOPE, "path": "/a\nb\ud800"}, "id\n", 404, 0.0012))
    assert line.count("\n") == 1
    assert {"path": "/a\nb?", "request_id": "id\n"}.items() <= json.loads(line).items()


def logged(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().err.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/completions", {"prompt": [5, 6, 7], "max_tokens": 4, "n": 2, "temperature": 1}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4, "n": 2}),
        ("/v1/responses", {"input": "Hi", "max_output_tokens": 8}),
        ("/v1/messages", {"model": "fake", "max_tokens": 8, "messages": [{"role": "user", "content": "Hi"}]}),
    ],
)
def test_json_line_tells_what_was_made(
    path: str, body: dict[str, Any], stream: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = post(FakeEngine(), path, {**body, "stream": stream}, JSON_LOG)
    assert answer.status == 200
    line = logged(capsys)
    assert {
        "level": "info",
        "client": "127.0.0.1:1",
        "method": "POST",
        "path": path,
        "status": 200,
        "disconnected": False,
        "completion_tokens": 8,
        "finish_reason": "length",
    }.items() <= line.items()
    assert line["prompt_tokens"] > 0
    assert line["duration_ms"] > 0
    assert line["time"].endswith("Z")
    assert line["request_id"] in answer.body.decode()


def test_json_line_has_the_clients_id(capsys: pytest.CaptureFixture[str]) -> None:
    body = {"prompt": "Hello", "max_tokens": 1}
    post(FakeEngine(), "/v1/completions", body, JSON_LOG, headers={"x-request-id": "mine"})
    assert logged(capsys)["request_id"] == "mine"


def test_json_line_names_tool_calls(capsys: pytest.CaptureFixture[str]) -> None:
    engine = ScriptedEngine(THOUGHT_TEXT_AND_CALL, tokenizer_with(TINY_LLAMA, "<think>", "</think>"))
    settings = replace(THINKING_SETTINGS, access_log=True, log_format="json")
    body = {"messages": [{"role": "user", "content": "Hi"}], "tools": [WEATHER]}
    post(engine, "/v1/chat/completions", body, settings)
    assert logged(capsys)["finish_reason"] == "tool_calls"


def test_json_line_of_a_refusal_has_no_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(JSON_LOG, api_keys=("secret-key",))
    headers = {"authorization": "Bearer wrong-key"}
    post(FakeEngine(), "/v1/completions", {"prompt": "words"}, settings, headers=headers)
    line = logged(capsys)
    assert (line["status"], line["prompt_tokens"], line["finish_reason"]) == (401, None, None)
    assert not {"secret", "wrong", "words"} & set(json.dumps(line).replace("-", " ").split())


def test_json_line_counts_pooled_prompts(capsys: pytest.CaptureFixture[str]) -> None:
    engine = PoolingEngine.from_folder(FIXTURES / "pooled" / "tiny-bert")
    answer = post(engine, "/v1/embeddings", {"input": ["one", "two"]}, JSON_LOG)
    line = logged(capsys)
    assert line["prompt_tokens"] == answer.json["usage"]["prompt_tokens"]
    assert (line["completion_tokens"], line["finish_reason"]) == (0, None)


def test_listed_paths_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(JSON_LOG, unlogged_paths=("/tokenize",))
    post(FakeEngine(), "/tokenize", {"prompt": "Hello"}, settings)
    assert capsys.readouterr().err == ""


def test_record_becomes_one_line_with_its_traceback() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord(
            "a.b", logging.ERROR, "f.py", 1, "it %s", ("broke",), (type(error), error, None)
        )
    line = JSONFormatter().format(record)
    assert "\n" not in line
    found = json.loads(line)
    assert {"level": "error", "logger": "a.b", "message": "it broke"}.items() <= found.items()
    assert "two\nlines" in found["exception"]


def test_server_logs_json_after_its_ready_line() -> None:
    flags = ("--logging-config.formatter", "json", "--disable-access-log-for-endpoints", "/health, /ping")
    with start_server(str(TINY_LLAMA), "--served-model-name", "tiny", *flags) as server:
        call(server, "GET", "/health")
        call(server, "POST", "/v1/completions", {"prompt": "Hi", "max_tokens": 2, "ignore_eos": True})
        until(lambda: server.stderr.count("\n") == 2)
        _ready, line = server.stderr.splitlines()
    found = json.loads(line)
    assert (found["path"], found["completion_tokens"]) == ("/v1/completions", 2)
