"""What is refused, with which status, type and param."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.wire import GREEDY, HELLO, call, chat, complete
from tests.servers import ServerProcess

SEMANTIC = "BadRequestError"
SCHEMA = "Bad Request"

CHAT_ERRORS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "empty messages": ({"messages": []}, SEMANTIC, None),
    "null messages": ({"messages": None}, SEMANTIC, None),
    "string messages": ({"messages": "hi"}, SCHEMA, "body.messages"),
    "null content": ({"messages": [{"role": "user", "content": None}]}, SCHEMA, "body.messages.0.content"),
    "text among parts": ({"messages": [{"role": "user", "content": ["a"]}]}, SEMANTIC, None),
    "text for calls": (
        {"messages": [{"role": "assistant", "content": "a", "tool_calls": "f"}]},
        SCHEMA,
        "body.messages.0.tool_calls",
    ),
    "wrong type": ({"max_tokens": "many"}, SCHEMA, "body.max_tokens"),
    "float for int": ({"max_tokens": 3.5}, SCHEMA, "body.max_tokens"),
    "int for model": ({"model": 3}, SCHEMA, "body.model"),
    "no tokens": ({"max_tokens": 0}, SEMANTIC, "max_tokens"),
    "negative tokens": ({"max_completion_tokens": -1}, SEMANTIC, "max_tokens"),
    "more tokens than context": ({"max_tokens": 513}, SEMANTIC, "max_tokens"),
    "hot": ({"temperature": 2.5}, SEMANTIC, "temperature"),
    "cold": ({"temperature": -1}, SEMANTIC, "temperature"),
    "top_p": ({"top_p": 0}, SEMANTIC, "top_p"),
    "top_k": ({"top_k": -2}, SEMANTIC, None),
    "min_p": ({"min_p": 2}, SEMANTIC, None),
    "repetition_penalty": ({"repetition_penalty": 0}, SEMANTIC, None),
    "presence_penalty": ({"presence_penalty": 3}, SEMANTIC, None),
    "frequency_penalty": ({"frequency_penalty": -3}, SEMANTIC, None),
    "n": ({"n": 0}, SEMANTIC, None),
    "greedy n": ({"n": 2}, SEMANTIC, None),
    "five stops": ({"stop": list("abcde")}, SCHEMA, "body.stop"),
    "empty stop": ({"stop": ""}, SEMANTIC, None),
    "empty stop in list": ({"stop": [""]}, SEMANTIC, None),
    "stop id": ({"stop_token_ids": [9999]}, SEMANTIC, "stop_token_ids"),
    "seed": ({"seed": 2**63}, SCHEMA, "body.seed"),
    "float seed": ({"seed": 1.5}, SCHEMA, "body.seed"),
    "min_tokens": ({"min_tokens": 9, "max_tokens": 3}, SEMANTIC, None),
    "top_logprobs alone": ({"top_logprobs": 2}, SEMANTIC, "top_logprobs"),
    "many logprobs": ({"logprobs": True, "top_logprobs": 21}, SEMANTIC, "logprobs"),
    "all logprobs": ({"logprobs": True, "top_logprobs": -1}, SEMANTIC, "logprobs"),
    "bias": ({"logit_bias": {"9999": 1}}, SEMANTIC, "logit_bias"),
    "bias key": ({"logit_bias": {"a": 1}}, SEMANTIC, "logit_bias"),
    "allowed nothing": ({"allowed_token_ids": []}, SEMANTIC, "allowed_token_ids"),
    "stream options": ({"stream_options": {"include_usage": True}}, SEMANTIC, "stream_options"),
    "null stream option": ({"stream_options": {"include_usage": None}}, SEMANTIC, "stream_options"),
    "continue and prompt": ({"continue_final_message": True}, SEMANTIC, None),
    "unknown format": ({"response_format": {"type": "nonsense"}}, SCHEMA, "body.response_format.type"),
    "too long": ({"messages": [{"role": "user", "content": "a b " * 900}]}, SEMANTIC, "input_tokens"),
    "far too long": ({"messages": [{"role": "user", "content": "a" * 200_000}]}, SEMANTIC, "input_text"),
    "truncation": ({"truncate_prompt_tokens": 513}, SEMANTIC, "truncate_prompt_tokens"),
    "truncation to nothing": ({"truncate_prompt_tokens": 0}, SEMANTIC, None),
    "cache salt": ({"cache_salt": "a/b"}, SEMANTIC, "cache_salt"),
    "own template": ({"chat_template": "{{ messages }}"}, SEMANTIC, None),
    "own template in kwargs": ({"chat_template_kwargs": {"chat_template": "x"}}, SEMANTIC, None),
    "no tools": ({"tools": []}, SEMANTIC, "tools"),
    "thinking without marks": ({"thinking_token_budget": 5}, SEMANTIC, None),
    "choice without tools": ({"tool_choice": "auto"}, SEMANTIC, "tool_choice"),
    "two kinds of form": ({"structured_outputs": {"regex": "a", "choice": ["a"]}}, SEMANTIC, None),
    "no kind of form": ({"structured_outputs": {}}, SEMANTIC, None),
    "no choices": ({"structured_outputs": {"choice": []}}, SEMANTIC, None),
    "regex object": ({"structured_outputs": {"regex": {}}}, SCHEMA, "body.structured_outputs.regex"),
    "bad regex": ({"structured_outputs": {"regex": "[.*"}}, SEMANTIC, None),
    "bad grammar": ({"structured_outputs": {"grammar": 'root ::= "a" other'}}, SEMANTIC, None),
    "empty grammar": ({"structured_outputs": {"grammar": " "}}, SEMANTIC, None),
    "no object": ({"structured_outputs": {"json_object": False}}, SEMANTIC, None),
    "schema text": ({"structured_outputs": {"json": "{"}}, SEMANTIC, None),
    "schema": ({"structured_outputs": {"json": {"type": "foo"}}}, SEMANTIC, None),
    "backend": ({"structured_outputs": {"regex": "a", "_backend": "xgrammar"}}, SEMANTIC, None),
    "tag": ({"structured_outputs": {"structural_tag": "{}"}}, SEMANTIC, "structured_outputs"),
    "format tag": (
        {"response_format": {"type": "structural_tag", "format": {"type": "nonsense"}}},
        SEMANTIC,
        "response_format",
    ),
    "format without schema": ({"response_format": {"type": "json_schema"}}, SEMANTIC, "response_format"),
    "format with empty schema": (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "n"}}},
        SEMANTIC,
        None,
    ),
    "format and form": (
        {"response_format": {"type": "json_object"}, "structured_outputs": {"regex": "a"}},
        SEMANTIC,
        None,
    ),
    "repetitions": ({"repetition_detection": {"max_pattern_size": 2}}, SEMANTIC, None),
    "pattern sizes": (
        {"repetition_detection": {"max_pattern_size": 2, "min_pattern_size": 3, "min_count": 2}},
        SEMANTIC,
        None,
    ),
    "empty bad word": ({"bad_words": [""]}, SEMANTIC, None),
    "long stop strings": ({"stop": ["s" * 9000, "t" * 9000]}, SEMANTIC, None),
    "many bad words": ({"bad_words": [f"w{i}" for i in range(129)]}, SEMANTIC, "bad_words"),
    "negative prompt_logprobs": ({"prompt_logprobs": -2}, SEMANTIC, "prompt_logprobs"),
    "many prompt_logprobs": ({"prompt_logprobs": 21}, SEMANTIC, "prompt_logprobs"),
    "all prompt_logprobs": ({"prompt_logprobs": -1}, SEMANTIC, "prompt_logprobs"),
    "logprob ids alone": ({"logprob_token_ids": [1]}, SEMANTIC, "logprob_token_ids"),
    "unknown logprob id": ({"logprobs": True, "logprob_token_ids": [9999]}, SEMANTIC, "logprob_token_ids"),
    "many logprob ids": ({"logprobs": True, "logprob_token_ids": [1] * 129}, SEMANTIC, "logprob_token_ids"),
    "beams with ids": (
        {"use_beam_search": True, "logprobs": True, "logprob_token_ids": [1]},
        SEMANTIC,
        "logprob_token_ids",
    ),
    "image": (
        {
            "messages": [
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://a/b"}}]}
            ]
        },
        SEMANTIC,
        "messages[0].content[0]",
    ),
    "half a surrogate": ({"messages": [{"role": "user", "content": "\ud800"}]}, SEMANTIC, None),
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("name", CHAT_ERRORS)
def test_bad_chat_is_refused_as_by_vllm(name: str, stream: bool, tiny: ServerProcess) -> None:
    fields, kind, param = CHAT_ERRORS[name]
    if stream and "stream_options" in fields:
        return
    answer = chat(tiny, **fields, **({"stream": True} if stream else {}))
    assert answer.status == 400, answer.body
    error = answer.error
    assert list(error) == ["message", "type", "param", "code"]
    assert (error["type"], error["param"], error["code"]) == (kind, param, 400)
    assert error["message"]


TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
UNSUPPORTED: dict[str, tuple[dict[str, Any], str]] = {
    "watermarking": ({"watermarking": True}, "watermarking"),
    "constrained beams": (
        {"use_beam_search": True, "structured_outputs": {"regex": "a"}},
        "structured_outputs",
    ),
    "forced call of beams": (
        {"use_beam_search": True, "tools": [TOOL], "tool_choice": "required"},
        "tool_choice",
    ),
    "beams with stop": ({"use_beam_search": True, "stop": "a"}, "stop"),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_field_that_cannot_act_is_refused(name: str, tiny: ServerProcess) -> None:
    fields, param = UNSUPPORTED[name]
    answer = chat(tiny, **fields)
    assert (answer.status, answer.error["type"], answer.error["param"]) == (400, SEMANTIC, param)
    assert f"`{param}`" in answer.error["message"]


def test_fields_without_effect_are_named(tiny: ServerProcess) -> None:
    answer = chat(tiny, max_tokens=1, user="me", priority=3, guided_json={}, store=True, metadata=None)
    assert answer.status == 200
    assert answer.headers["x-martlet-ignored"] == "user, priority, guided_json, store, metadata"


def test_defaults_and_nulls_are_not_named(tiny: ServerProcess) -> None:
    answer = chat(
        tiny, max_tokens=1, user=None, priority=0, use_beam_search=False, bad_words=[], top_p=None, n=None,
        response_format={"type": "text"}, prompt_logprobs=None, stop=None, watermarking=False,
    )  # fmt: skip
    assert answer.status == 200
    assert "x-martlet-ignored" not in answer.headers


COMPLETION_ERRORS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "null prompt": ({"prompt": None}, SEMANTIC, "prompt"),
    "empty prompt": ({"prompt": ""}, SEMANTIC, "prompt"),
    "no prompts": ({"prompt": []}, SEMANTIC, None),
    "empty prompts": ({"prompt": [""]}, SEMANTIC, None),
    "negative id": ({"prompt": [-1]}, SCHEMA, "body.prompt.0"),
    "unknown id": ({"prompt": [9999]}, SEMANTIC, None),
    "nested unknown id": ({"prompt": [[1], [9999]]}, SEMANTIC, None),
    "mixture": ({"prompt": [1, "a"]}, SCHEMA, "body.prompt"),
    "many prompts": ({"prompt": ["a"] * 1025}, SEMANTIC, "prompt"),
    "many logprobs": ({"logprobs": 21}, SEMANTIC, "logprobs"),
    "no tokens": ({"max_tokens": 0}, SEMANTIC, "max_tokens"),
    "null n": ({"n": None}, SCHEMA, "body.n"),
    "suffix": ({"suffix": "z"}, SEMANTIC, "suffix"),
    "embeds": ({"prompt_embeds": "AA=="}, SEMANTIC, "prompt_embeds"),
    "streamed prompt_logprobs": ({"stream": True, "prompt_logprobs": 1}, SEMANTIC, "prompt_logprobs"),
    "streamed beams": ({"stream": True, "use_beam_search": True}, SEMANTIC, None),
    "beams and echo": ({"use_beam_search": True, "echo": True, "logprobs": 1}, SEMANTIC, "echo"),
    "ids without output": (
        {"echo": True, "max_tokens": 0, "logprobs": 1, "logprob_token_ids": [1]},
        SEMANTIC,
        "logprob_token_ids",
    ),
    "full context": ({"prompt": [5] * 512}, SEMANTIC, "max_tokens"),
    "beyond context": ({"prompt": [5] * 513}, SEMANTIC, "input_tokens"),
}


@pytest.mark.parametrize("name", COMPLETION_ERRORS)
def test_bad_completion_is_refused_as_by_vllm(name: str, tiny: ServerProcess) -> None:
    fields, kind, param = COMPLETION_ERRORS[name]
    answer = complete(tiny, **fields)
    assert answer.status == 400, answer.body
    assert (answer.error["type"], answer.error["param"]) == (kind, param)


BODIES: dict[str, tuple[bytes, str]] = {
    "truncated": (b'{"model": "tiny", "messages": [', "body.31"),
    "malformed": (b'{"model" "tiny"}', "body.9"),
    "empty": (b"", "body"),
    "blank": (b" ", "body.1"),
    "null": (b"null", "body"),
    "array": (b"[1, 2]", "body"),
    "string": (b'"hi"', "body"),
    "no messages": (b"{}", "body.messages"),
}


@pytest.mark.parametrize("name", BODIES)
def test_bad_body_is_refused_as_by_vllm(name: str, tiny: ServerProcess) -> None:
    body, param = BODIES[name]
    answer = call(tiny, "POST", "/v1/chat/completions", body)
    assert (answer.status, answer.error["type"], answer.error["param"]) == (400, SCHEMA, param)


UNREADABLE = {
    "not utf-8": b'{"model": "\xff"}',
    "key is not utf-8": b'{"messages": [{"role": "user", "content": "a"}], "\xff": 1}',
    "deep": b'{"x": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_body_is_refused_as_by_vllm(body: bytes, tiny: ServerProcess) -> None:
    answer = call(tiny, "POST", "/v1/chat/completions", body)
    assert (answer.status, answer.json) == (400, {"detail": "There was an error parsing the body"})


def test_other_content_type_is_refused(tiny: ServerProcess) -> None:
    for content_type in ("text/plain", "application/vnd.api+json", ""):
        answer = call(
            tiny, "POST", "/v1/completions", b'{"prompt": "a"}', headers={"content-type": content_type}
        )
        assert (answer.status, answer.error["type"], answer.error["param"]) == (400, SCHEMA, None)
    answer = call(
        tiny,
        "POST",
        "/v1/completions",
        b'{"prompt": "a", "max_tokens": 1}',
        headers={"content-type": "Application/JSON; charset=utf-8"},
    )
    assert answer.status == 200


def test_unknown_model_names_the_served(tiny: ServerProcess) -> None:
    for path, body in (
        ("/v1/chat/completions", {**GREEDY, "model": "nope"}),
        ("/v1/completions", {"prompt": "a", "model": "nope"}),
        ("/tokenize", {"prompt": "a", "model": "nope"}),
    ):
        answer = call(tiny, "POST", path, body)
        assert answer.status == 404
        assert (answer.error["type"], answer.error["param"], answer.error["code"]) == (
            "NotFoundError",
            "model",
            404,
        )
        assert "`tiny`, `alias`" in answer.error["message"]
    assert call(tiny, "GET", "/v1/models/nope").error["param"] == "model"


def test_empty_and_absent_model_mean_the_first(tiny: ServerProcess) -> None:
    for model in ("", None, "tiny"):
        assert chat(tiny, model=model, max_tokens=1).status == 200


def test_unknown_path_and_method_are_the_frameworks(tiny: ServerProcess) -> None:
    answer = call(tiny, "GET", "/v1/nothing")
    assert (answer.status, answer.body) == (404, b'{"detail":"Not Found"}')
    answer = call(tiny, "GET", "/v1/chat/completions")
    assert (answer.status, answer.body, answer.headers["allow"]) == (
        405,
        b'{"detail":"Method Not Allowed"}',
        "POST",
    )


def test_large_body_is_refused_before_it_is_read(tiny: ServerProcess) -> None:
    answer = call(tiny, "POST", "/v1/completions", b"{", headers={"content-length": str(64 * 1024 * 1024)})
    assert answer.status == 413
    assert answer.error["code"] == 413


def test_large_chunked_body_is_refused(tiny: ServerProcess) -> None:
    import http.client
    from urllib.parse import urlsplit

    parts = urlsplit(tiny.root)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    pieces = (b" " * 1024 * 1024 for _ in range(33))
    try:
        connection.request(
            "POST", "/v1/completions", pieces, {"content-type": "application/json"}, encode_chunked=True
        )
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server answered and closed while we were still sending
    finally:
        connection.close()


LENIENT: dict[str, dict[str, Any]] = {
    "int as text": {"max_tokens": "3"},
    "int as float": {"max_tokens": 3.0},
    "int as float text": {"max_tokens": "3.0"},
    "bool as word": {"stream": "no"},
    "bool as number": {"stream": 0},
    "float as text": {"temperature": "0.0"},
    "int as bool": {"n": True},
}


@pytest.mark.parametrize("name", LENIENT)
def test_values_are_coerced_as_by_vllm(name: str, tiny: ServerProcess) -> None:
    answer = chat(tiny, **{"max_tokens": 3, **LENIENT[name]})
    assert answer.status == 200, answer.body
    assert answer.json["usage"]["completion_tokens"] == 3


def test_not_a_number_is_a_semantic_error(tiny: ServerProcess) -> None:
    body = json.dumps({**GREEDY, "temperature": float("nan")}).encode()
    assert b"NaN" in body
    answer = call(tiny, "POST", "/v1/chat/completions", body)
    assert (answer.status, answer.error["param"]) == (400, "temperature")


def test_extra_keys_in_messages_are_fine(tiny: ServerProcess) -> None:
    messages = [{"role": "user", "content": "Hello", "name": "Ann", "extra": {"a": 1}}]
    assert chat(tiny, messages=messages, max_tokens=1).status == 200
    assert HELLO[0].keys() == {"role", "content"}


def test_long_input_is_not_sent_back(tiny: ServerProcess) -> None:
    long = "x" * 1_000_000
    for fields in (
        {"model": long},
        {"truncation_side": long},
        {"logit_bias": {long: 1}},
        {"tool_choice": long},
    ):
        answer = chat(tiny, **fields)
        assert answer.status in (400, 404)
        assert len(answer.body) < 5000


def test_no_path_in_messages(tiny: ServerProcess) -> None:
    for fields, _, _ in CHAT_ERRORS.values():
        text = chat(tiny, **fields).body.decode()
        assert "/work" not in text
        assert ".py" not in text
        assert "Traceback" not in text
