"""/invocations, /tokenizer_info, and what no model here can do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.wire import GREEDY, call, chat
from tests.servers import FIXTURES, TINY_LLAMA, ServerProcess


def test_invocations_go_where_the_body_belongs(tiny: ServerProcess) -> None:
    asked = call(tiny, "POST", "/invocations", {**GREEDY, "max_tokens": 4})
    assert asked.json["choices"] == chat(tiny, max_tokens=4).json["choices"]
    assert call(tiny, "POST", "/invocations", {"prompt": "Hi", "max_tokens": 2}).json["object"] == (
        "text_completion"
    )
    assert call(tiny, "POST", "/invocations", {"odd": 1}).error["param"] == "prompt"
    assert call(tiny, "POST", "/invocations", b"no JSON").status == 400
    assert call(tiny, "POST", "/invocations", b"{}", headers={"content-type": "text/plain"}).status == 400


def test_invocations_of_a_model_that_pools(serve: Callable[..., ServerProcess]) -> None:
    server = serve(str(FIXTURES / "pooled" / "tiny-bert"))
    for body, kind in (
        ({"input": "Hi"}, "embedding"),
        ({"input": "Hi", "task": "embed"}, "pooling"),
        ({"text_1": "a", "text_2": "b"}, "score"),
    ):
        assert call(server, "POST", "/invocations", body).json["data"][0]["object"] == kind
    assert call(server, "POST", "/invocations", {"query": "a", "documents": ["b"]}).json["results"]
    assert call(server, "POST", "/invocations", {"odd": 1}).status == 400


@pytest.mark.parametrize(
    "path", ["/v1/audio/transcriptions", "/v1/audio/speech", "/v1/images/generations", "/v1/systemone"]
)
def test_other_kinds_of_models_are_not_here(tiny: ServerProcess, path: str) -> None:
    answer = call(tiny, "POST", path, {})
    assert answer.status == 501
    assert answer.error == {
        "message": answer.error["message"],
        "type": "NotImplementedError",
        "param": None,
        "code": 501,
    }


def test_tokenizer_is_shown_if_asked_for(serve: Callable[..., ServerProcess], tiny: ServerProcess) -> None:
    assert call(tiny, "GET", "/tokenizer_info").status == 404
    server = serve(str(TINY_LLAMA), "--enable-tokenizer-info-endpoint", "--chat-template", "{{ messages }}")
    shown: dict[str, Any] = call(server, "GET", "/tokenizer_info").json
    assert shown == json.loads((TINY_LLAMA / "tokenizer_config.json").read_bytes()) | {
        "chat_template": "{{ messages }}"
    }
