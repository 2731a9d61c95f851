"""The bytes of replies and streams, beside the captures of vLLM 0.32 (ids, times and texts masked)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from martlet.engine.text import Tokenizer
from martlet.server.settings import ServerSettings
from martlet.server.translate import Reply
from tests.server.asgi import post
from tests.server.scripted import ScriptedEngine
from tests.server.wire import HELLO, call, chat, complete, opened, read_until
from tests.servers import TINY_LLAMA, ServerProcess

CHAT = (
    '{"id":"chatcmpl-*","object":"chat.completion","created":*,"model":"tiny","choices":[{"index":0,"message":'
    '{"role":"assistant","content":"*","refusal":null,"annotations":null,"audio":null,"function_call":null,'
    '"reasoning":null},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null,'
    '"routed_experts":null}],"service_tier":null,"system_fingerprint":"*","usage":{"prompt_tokens":*,'
    '"total_tokens":*,"completion_tokens":4,"prompt_tokens_details":null,"completion_tokens_details":null},'
    '"prompt_logprobs":null,"prompt_token_ids":null,"prompt_text":null,"kv_transfer_params":null,'
    '"ec_transfer_params":null,"metrics":null}'
)
CHUNK = '{"id":"chatcmpl-*","object":"chat.completion.chunk","created":*,"model":"tiny","choices":'
ROLE = CHUNK + (
    '[{"index":0,"delta":{"role":"assistant","content":"*"},"logprobs":null,"finish_reason":null}],'
    '"prompt_token_ids":null,"prompt_text":null}'
)
CONTENT = (
    CHUNK + '[{"index":0,"delta":{"content":"*"},"logprobs":null,"finish_reason":null,"token_ids":null}]}'
)
LAST_CHOICE = (
    '[{"index":0,"delta":{"content":"*"},"logprobs":null,"finish_reason":"length","stop_reason":null,'
    '"token_ids":null}]'
)
LAST = CHUNK + LAST_CHOICE + ',"system_fingerprint":"*"}'
USAGE = CHUNK + (
    '[],"usage":{"prompt_tokens":*,"total_tokens":*,"completion_tokens":2},"system_fingerprint":"*"}'
)
COMPLETION_CHUNK = (
    '{"id":"cmpl-*","object":"text_completion","created":*,"model":"tiny","choices":[{"index":0,"text":"*",'
    '"logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}]}'
)


def masked(frame: bytes) -> str:
    text = frame.decode()
    text = re.sub(r'"id":"(chatcmpl|cmpl)-[0-9a-f]{16}"', r'"id":"\1-*"', text)
    text = re.sub(r'"(created|prompt_tokens|total_tokens)":\d+', r'"\1":*', text)
    text = re.sub(r'"system_fingerprint":"martlet-[\w.]+-[0-9a-f]{8}"', '"system_fingerprint":"*"', text)
    return re.sub(r'"(content|text)":"(?:[^"\\]|\\.)*"', r'"\1":"*"', text)


def test_chat_reply_has_vllms_keys_in_order(tiny: ServerProcess) -> None:
    assert masked(chat(tiny, max_tokens=4).body) == CHAT


def test_chat_stream_is_vllms_frame_by_frame(tiny: ServerProcess) -> None:
    answer = chat(tiny, max_tokens=2, stream=True)
    assert [masked(frame) for frame in answer.frames] == [ROLE, CONTENT, LAST, "[DONE]"]
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_usage_comes_after_the_finish(tiny: ServerProcess) -> None:
    answer = chat(tiny, max_tokens=2, stream=True, stream_options={"include_usage": True})
    last = CHUNK + LAST_CHOICE + "}"
    assert [masked(frame) for frame in answer.frames] == [ROLE, CONTENT, last, USAGE, "[DONE]"]


def test_continuous_usage_is_on_every_chunk(tiny: ServerProcess) -> None:
    options = {"include_usage": True, "continuous_usage_stats": True}
    role, first, last, tail = chat(tiny, max_tokens=2, stream=True, stream_options=options).chunks
    counts = [chunk["usage"]["completion_tokens"] for chunk in (role, first, last, tail)]
    assert counts == [0, 1, 2, 2]
    prompt = tail["usage"]["prompt_tokens"]
    assert first["usage"] == {
        "prompt_tokens": prompt,
        "total_tokens": prompt + 1,
        "completion_tokens": 1,
        "completion_tokens_details": None,
    }
    assert list(role) == [
        "id",
        "object",
        "created",
        "model",
        "choices",
        "usage",
        "prompt_token_ids",
        "prompt_text",
    ]


def test_continuous_usage_alone_does_nothing(tiny: ServerProcess) -> None:
    options = {"continuous_usage_stats": True}
    answer = chat(tiny, max_tokens=2, stream=True, stream_options=options)
    assert [masked(frame) for frame in answer.frames] == [ROLE, CONTENT, LAST, "[DONE]"]


def test_completion_chunk_has_all_keys(tiny: ServerProcess) -> None:
    first, *_ = complete(tiny, max_tokens=3, stream=True).frames
    assert masked(first) == COMPLETION_CHUNK


def test_each_frame_is_one_http_chunk(tiny: ServerProcess) -> None:
    body = {"prompt": "Hello", "max_tokens": 3, "temperature": 0, "ignore_eos": True, "stream": True}
    with opened(tiny, body, "/v1/completions") as connection:
        raw = read_until(connection, b"\r\n0\r\n\r\n")
    _, _, rest = raw.partition(b"\r\n\r\n")
    chunks = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        chunks.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]
    assert [chunk[-2:] for chunk in chunks] == [b"\n\n"] * 4 + [b""]
    assert all(chunk.startswith(b"data: ") for chunk in chunks[:-1])


def test_streamed_text_equals_unstreamed(tiny: ServerProcess) -> None:
    whole = chat(tiny, max_tokens=40).json["choices"][0]
    chunks = chat(tiny, max_tokens=40, stream=True).chunks
    assert "".join(chunk["choices"][0]["delta"]["content"] for chunk in chunks) == whole["message"]["content"]
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert reasons == [None] * (len(chunks) - 1) + [whole["finish_reason"]]


def test_text_is_utf8_without_escapes(tiny: ServerProcess) -> None:
    body = call(tiny, "POST", "/detokenize", {"tokens": tokens_of(tiny, "héllo")}).body
    assert "é".encode() in body


def tokens_of(server: ServerProcess, text: str) -> Any:
    return call(server, "POST", "/tokenize", {"prompt": text, "add_special_tokens": False}).json["tokens"]


def test_head_is_allowed_where_get_is(tiny: ServerProcess) -> None:
    for path in ("/health", "/v1/models", "/version"):
        answer = call(tiny, "HEAD", path)
        assert (answer.status, answer.body) == (200, b"")


def test_trailing_slash_is_redirected(tiny: ServerProcess) -> None:
    answer = call(tiny, "POST", "/v1/completions/", {"prompt": "a"})
    assert answer.status == 307
    assert answer.headers["location"] == f"{tiny.url}/completions"


def test_models_lists_every_name(tiny: ServerProcess) -> None:
    assert call(tiny, "GET", "/v1/models/").headers["location"] == f"{tiny.url}/models"
    cards = call(tiny, "GET", "/v1/models").json["data"]
    assert [card["id"] for card in cards] == ["tiny", "alias"]
    assert list(cards[0]) == [
        "id", "object", "created", "owned_by", "root", "parent", "max_model_len", "permission",
    ]  # fmt: skip
    assert cards[0]["max_model_len"] == 512
    one = call(tiny, "GET", "/v1/models/alias").json
    assert (one["id"], one["object"]) == ("alias", "model")


def test_reply_carries_first_name(tiny: ServerProcess) -> None:
    assert chat(tiny, model="alias", max_tokens=1).json["model"] == "tiny"


def test_request_id_becomes_reply_id(tiny: ServerProcess) -> None:
    assert chat(tiny, max_tokens=1, request_id="abc").json["id"] == "chatcmpl-abc"
    body = {"prompt": "a", "max_tokens": 1, "request_id": "abc"}
    answer = call(tiny, "POST", "/v1/completions", body, headers={"x-request-id": "from-header"})
    assert answer.json["id"] == "cmpl-from-header"


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions"])
@pytest.mark.parametrize(
    "options", [{}, {"n": 2, "temperature": 1}, {"stream_options": {"include_usage": True}}]
)
def test_frames_made_around_the_text_are_those_of_whole_chunks(
    path: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'Say "\\", \n\t\u2028 and \x7f, 2 < 3, ünd 😀!'
    tokenizer = Tokenizer.from_folder(TINY_LLAMA)
    body = {
        "messages": HELLO,
        "prompt": "Hello",
        "stream": True,
        "max_tokens": 500,
        "request_id": "x",
        **options,
    }
    settings = ServerSettings(served_model_names=('a "model"',), access_log=False)

    def frames() -> list[bytes]:
        answer = post(ScriptedEngine(text, tokenizer), path, body | options, settings)
        return [re.sub(rb'"created":\d+', b"", frame) for frame in answer.frames]

    quick = frames()
    monkeypatch.setattr(Reply, "frames", lambda self, batch: map(self._frame, self.chunks(batch)))
    assert frames() == quick
    assert len(quick) > 10
