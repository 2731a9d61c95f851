"""Every method of every resource, beside the official client: the same request out, the same reply back."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

import martlet
from tests.client.callers import Caller
from tests.client.forms import form_parts, plain_form
from tests.client.scripted import CHAT, ScriptedServer, Seen, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]

FILE = {
    "id": "file-1",
    "bytes": 3,
    "created_at": 1,
    "filename": "a.jsonl",
    "object": "file",
    "purpose": "batch",
    "status": "processed",
}
UPLOAD = {
    "id": "upload_1",
    "bytes": 3,
    "created_at": 1,
    "expires_at": 2,
    "filename": "a",
    "object": "upload",
    "purpose": "batch",
    "status": "pending",
    "file": FILE,
}
BATCH = {
    "id": "batch_1",
    "completion_window": "24h",
    "created_at": 1,
    "endpoint": "/v1/chat/completions",
    "input_file_id": "file-1",
    "object": "batch",
    "status": "completed",
    "request_counts": {"completed": 1, "failed": 0, "total": 1},
    "errors": {"object": "list", "data": [{"code": "x", "line": 2, "message": "m", "param": None}]},
    "metadata": {"a": "b"},
}
RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1.0,
    "model": "tiny",
    "status": "completed",
    "output": [
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "Hello", "annotations": []}],
        }
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {
        "input_tokens": 1,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 1,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 2,
    },
}
EMBEDDINGS = {
    "object": "list",
    "model": "tiny",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -1.0]}],
    "usage": {"prompt_tokens": 1, "total_tokens": 1},
}
MODERATION = {
    "id": "modr-1",
    "model": "m",
    "results": [
        {
            "flagged": True,
            "categories": {"self-harm": True, "hate/threatening": False},
            "category_scores": {"self-harm": 0.9, "hate/threatening": 0.1},
            "category_applied_input_types": {"self-harm": ["text"]},
        }
    ],
}
IMAGES = {"created": 1, "data": [{"b64_json": "AAAA"}, {"url": "http://h/x.png"}], "size": "1024x1024"}
VERBOSE = {
    "task": "transcribe",
    "language": "english",
    "duration": 1.5,
    "text": "hi",
    "words": [{"word": "hi", "start": 0.0, "end": 0.5}],
}
DELETED = {"id": "x", "object": "thing", "deleted": True}


def page(*items: dict[str, Any]) -> dict[str, Any]:
    return {"object": "list", "data": list(items), "has_more": False, "first_id": "a", "last_id": "b"}


WAV = ("a.wav", b"RIFF")
Case = tuple[str, tuple[Any, ...], dict[str, Any], Any]
CASES: list[Case] = [
    ("chat.completions.retrieve", ("c/1",), {}, CHAT),
    ("chat.completions.update", ("c1",), {"metadata": {"a": "b"}}, CHAT),
    ("chat.completions.list", (), {}, page(CHAT)),
    (
        "chat.completions.list",
        (),
        {"after": "x", "limit": 2, "metadata": {"a": "b"}, "model": "m", "order": "asc"},
        page(CHAT),
    ),
    ("chat.completions.delete", ("c1",), {}, DELETED),
    (
        "chat.completions.messages.list",
        ("c1",),
        {"limit": 3},
        page({"id": "m1", "role": "assistant", "content": "x"}),
    ),
    ("models.delete", ("ft:x",), {}, DELETED),
    ("embeddings.create", (), {"model": "m", "input": "x"}, EMBEDDINGS),
    (
        "embeddings.create",
        (),
        {"model": "m", "input": [[1, 2]], "dimensions": 3, "user": "u", "encoding_format": "float"},
        EMBEDDINGS,
    ),
    ("moderations.create", (), {"input": "x"}, MODERATION),
    (
        "moderations.create",
        (),
        {"input": [{"type": "text", "text": "x"}], "model": "omni-moderation-latest"},
        MODERATION,
    ),
    ("files.create", (), {"file": WAV, "purpose": "batch"}, FILE),
    (
        "files.create",
        (),
        {"file": b"abc", "purpose": "batch", "expires_after": {"anchor": "created_at", "seconds": 3600}},
        FILE,
    ),
    ("files.retrieve", ("file 1",), {}, FILE),
    ("files.list", (), {"after": "a", "limit": 1, "order": "desc", "purpose": "batch"}, page(FILE)),
    ("files.delete", ("file-1",), {}, DELETED),
    ("uploads.create", (), {"bytes": 3, "filename": "a", "mime_type": "t/x", "purpose": "batch"}, UPLOAD),
    ("uploads.cancel", ("u1",), {}, UPLOAD),
    ("uploads.complete", ("u1",), {"part_ids": ["a", "b"], "md5": "00"}, UPLOAD),
    (
        "uploads.parts.create",
        ("u1",),
        {"data": b"abc"},
        {"id": "part_1", "created_at": 1, "object": "upload.part", "upload_id": "u1"},
    ),
    (
        "batches.create",
        (),
        {"completion_window": "24h", "endpoint": "/v1/embeddings", "input_file_id": "f", "metadata": None},
        BATCH,
    ),
    ("batches.retrieve", ("b1",), {}, BATCH),
    ("batches.list", (), {"after": "a", "limit": 1}, page(BATCH)),
    ("batches.cancel", ("b1",), {}, BATCH),
    ("images.generate", (), {"prompt": "a bird", "n": 2, "size": "auto", "model": None}, IMAGES),
    ("images.edit", (), {"image": b"1", "prompt": "p", "mask": ("m.png", b"2"), "n": 1}, IMAGES),
    ("images.edit", (), {"image": [b"1", ("b.png", b"2")], "prompt": "p"}, IMAGES),
    ("images.create_variation", (), {"image": b"1", "n": 1}, IMAGES),
    ("audio.transcriptions.create", (), {"file": WAV, "model": "w"}, {"text": "hi"}),
    (
        "audio.transcriptions.create",
        (),
        {
            "file": WAV,
            "model": "w",
            "response_format": "verbose_json",
            "timestamp_granularities": ["word", "segment"],
            "temperature": 0.5,
            "language": "en",
        },
        VERBOSE,
    ),
    (
        "audio.transcriptions.create",
        (),
        {"file": WAV, "model": "w", "stream": False, "chunking_strategy": {"type": "server_vad"}},
        {"text": "hi", "usage": {"type": "duration", "seconds": 2}},
    ),
    (
        "audio.transcriptions.create",
        (),
        {"file": WAV, "model": "w", "response_format": "diarized_json"},
        {"duration": 1.0, "segments": [], "task": "transcribe", "text": "hi"},
    ),
    ("audio.translations.create", (), {"file": WAV, "model": "w", "prompt": "p"}, {"text": "hi"}),
    (
        "audio.translations.create",
        (),
        {"file": WAV, "model": "w", "response_format": "verbose_json"},
        VERBOSE,
    ),
    ("responses.create", (), {"model": "m", "input": "hi"}, RESPONSE),
    (
        "responses.create",
        (),
        {
            "model": "m",
            "input": [{"role": "user", "content": [{"type": "input_text", "text": "x"}]}],
            "stream": False,
            "store": None,
            "reasoning": {"effort": "low"},
            "tools": [{"type": "function", "name": "f", "parameters": {}, "strict": True}],
        },
        RESPONSE,
    ),
    (
        "responses.retrieve",
        ("r1",),
        {"include": ["reasoning.encrypted_content"], "include_obfuscation": True},
        RESPONSE,
    ),
    ("responses.cancel", ("r1",), {}, RESPONSE),
    (
        "responses.compact",
        (),
        {"model": "m", "input": "x"},
        {
            "id": "c",
            "object": "response.compaction",
            "created_at": 1,
            "output": [],
            "usage": RESPONSE["usage"],
        },
    ),
    (
        "responses.input_items.list",
        ("r1",),
        {"limit": 2, "include": ["reasoning.encrypted_content"], "order": "asc"},
        page(RESPONSE["output"][0]),
    ),
    (
        "responses.input_tokens.count",
        (),
        {"model": "m", "input": "x"},
        {"object": "response.input_tokens", "input_tokens": 4},
    ),
]


def method_of(client: Any, path: str) -> Any:
    for step in path.split("."):
        client = getattr(client, step)
    return client


def sent(seen: Seen) -> tuple[Any, ...]:
    url = urlsplit(seen.target)
    is_form = seen.headers.get("content-type", "").startswith("multipart/")
    body = sorted(form_parts(seen)) if is_form else (seen.json if seen.body else b"")
    return seen.method, url.path, sorted(parse_qsl(url.query)), body, seen.headers["accept"]


@pytest.mark.filterwarnings("ignore:.*eprecat:DeprecationWarning")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_method_sends_and_returns_what_the_official_one_does(play: Play, caller: Caller, case: Case) -> None:
    path, args, params, reply = case
    server = play([http(body=reply, x_request_id="req-1")])
    replies = [
        caller.run(method_of(caller.client(server.url, package), path)(*args, **params))
        for package in (martlet, openai)
    ]
    assert sent(server.seen[0]) == sent(server.seen[1])
    ours, theirs = replies
    if path.endswith("list"):
        assert (
            [item.to_dict() for item in ours.data]
            == [item.to_dict() for item in theirs.data]
            == reply["data"]
        )
        assert type(ours).__name__ == type(theirs).__name__.partition("[")[0]
        assert ours.has_more == theirs.has_more
    else:
        assert ours.to_dict() == theirs.to_dict() == reply
        assert type(ours).__name__ == type(theirs).__name__
        assert ours._request_id == theirs._request_id == "req-1"


@pytest.mark.parametrize("path", sorted({case[0] for case in CASES if case[1]}))
def test_empty_path_parameter_is_refused_as_officially(caller: Caller, path: str) -> None:
    params = next(case[2] for case in CASES if case[0] == path and case[1])
    messages = []
    for package in (martlet, openai):
        with pytest.raises(ValueError, match=r"Expected a non-empty value for") as caught:
            caller.run(method_of(caller.client("http://127.0.0.1:1/v1", package), path)("", **params))
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


METHODS = sorted(
    {case[0] for case in CASES}
    | {
        "files.content",
        "files.retrieve_content",
        "files.wait_for_processing",
        "uploads.upload_file_chunked",
        "audio.speech.create",
        "responses.delete",
    }
)


@pytest.mark.parametrize("path", METHODS)
def test_method_takes_every_official_parameter(path: str) -> None:
    ours = inspect.signature(method_of(martlet.OpenAI(), path)).parameters
    theirs = inspect.signature(method_of(openai.OpenAI(api_key="k"), path)).parameters
    assert theirs.keys() <= ours.keys()
    for name, parameter in theirs.items():
        is_required = parameter.default is parameter.empty
        assert (ours[name].default is parameter.empty) == is_required, name
        assert (ours[name].kind is parameter.KEYWORD_ONLY) == (parameter.kind is parameter.KEYWORD_ONLY), name


def test_unknown_parameter_is_refused_by_name(caller: Caller) -> None:
    with pytest.raises(TypeError, match="did you mean 'purpose'"):
        caller.run(caller.client("http://127.0.0.1:1/v1").files.create(file=b"", purpos="x"))
    with pytest.raises(TypeError, match="'input'"):
        caller.run(caller.client("http://127.0.0.1:1/v1").embeddings.create(model="x"))


@pytest.mark.filterwarnings("ignore:.*eprecat:DeprecationWarning")
def test_body_less_calls_send_what_extra_body_holds(play: Play, caller: Caller) -> None:
    server = play([http(body=BATCH)])
    for package in (martlet, openai):
        client = caller.client(server.url, package)
        caller.run(client.batches.cancel("b", extra_body={"why": "x"}, extra_query={"a": 1}))
        caller.run(
            client.images.create_variation(image=b"1", extra_body={"more": [1]}, extra_headers={"x-a": "b"})
        )
    assert [sent(seen) for seen in server.seen[:2]] == [sent(seen) for seen in server.seen[2:]]
    assert server.seen[1].headers["x-a"] == "b"


def test_deprecated_methods_say_so(play: Play, caller: Caller) -> None:
    server = play([http(body={"a": 1}, content_type="text/plain")])
    client = caller.client(server.url)
    with pytest.warns(DeprecationWarning, match="content"):
        assert caller.run(client.files.retrieve_content("f")) == '{"a": 1}'
    with pytest.warns(DeprecationWarning, match="create_variation"), pytest.raises(RuntimeError):
        caller.run(client.images.create_variation(image="no file"))


def test_deleting_a_response_returns_nothing(play: Play, caller: Caller) -> None:
    server = play([http(body={"id": "x"})], [http(body={"id": "x"})], [http(body=b"", content_type="")])
    for package in (martlet, openai, martlet):
        assert caller.run(caller.client(server.url, package).responses.delete("r1")) is None
    assert sent(server.seen[0]) == sent(server.seen[1])


@pytest.mark.filterwarnings("ignore:.*eprecat:DeprecationWarning")
@pytest.mark.parametrize("wanted", ["text", "srt", "vtt"])
def test_transcript_in_a_text_format_is_a_str(play: Play, caller: Caller, wanted: str) -> None:
    server = play([http(body="WEBVTT\n\nhi ü", content_type="text/plain; charset=utf-8")])
    for package in (martlet, openai):
        audio = caller.client(server.url, package).audio
        for api in (audio.transcriptions, audio.translations):
            text = caller.run(api.create(file=WAV, model="w", response_format=wanted))
            assert text == "WEBVTT\n\nhi ü"
    assert [sent(seen) for seen in server.seen[:2]] == [sent(seen) for seen in server.seen[2:]]


def test_vllm_fields_of_audio_go_into_the_form(play: Play, caller: Caller) -> None:
    server = play([http(body={"text": "hi"})])
    caller.run(
        caller.client(server.url).audio.transcriptions.create(
            file=WAV, model="w", top_k=5, use_beam_search=True, vllm_xargs={"a": 1}
        )
    )
    form = plain_form(server.seen[0])
    for name, value in ((b"top_k", b"5"), (b"use_beam_search", b"true"), (b"vllm_xargs", b'{"a":1}')):
        assert b'name="' + name + b'"\r\n\r\n' + value + b"\r\n" in form


def test_response_text_is_joined(play: Play, caller: Caller) -> None:
    server = play([http(body=RESPONSE)])
    assert caller.run(caller.client(server.url).responses.create(input="x")).output_text == "Hello"


def test_file_forms_are_refused_before_anything_is_sent(caller: Caller) -> None:
    for package in (martlet, openai):
        with pytest.raises(RuntimeError, match="`file`"):
            caller.run(
                caller.client("http://127.0.0.1:1/v1", package).files.create(file="text", purpose="batch")
            )


def test_translations_are_deprecated_as_officially(play: Play, caller: Caller) -> None:
    server = play([http(body={"text": "hi"})])
    for package in (martlet, openai):
        translations = caller.client(server.url, package).audio.translations
        for create in (translations.create, translations.with_raw_response.create):
            with pytest.warns(DeprecationWarning, match="deprecated"):
                caller.run(create(file=WAV, model="w"))
