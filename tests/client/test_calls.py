"""Calls over a real socket: what goes out, what comes back, and the same with the official client."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

import martlet
from martlet.protocol.chat import ChatCompletion
from tests.client.callers import HI, Caller
from tests.client.scripted import CHAT, CLOSE, COMPLETION, MODELS, ScriptedServer, http

openai = pytest.importorskip("openai")
Play = Callable[..., ScriptedServer]


def test_chat_reply_equals_the_official_ones(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT, x_request_id="req-1")])
    replies = []
    for package in (martlet, openai):
        client = caller.client(server.url, package)
        replies.append(caller.run(client.chat.completions.create(**HI, temperature=0.5, max_tokens=4)))
    ours, official = replies
    assert isinstance(ours, ChatCompletion)
    assert ours.choices[0].message.content == "Hello!"
    assert ours.to_dict() == official.to_dict() == CHAT
    assert ours._request_id == official._request_id == "req-1"
    assert server.seen[0].json == server.seen[1].json
    assert (server.seen[0].method, server.seen[0].target) == ("POST", "/v1/chat/completions")


def test_completion_reply_equals_the_official_one(play: Play, caller: Caller) -> None:
    server = play([http(body=COMPLETION)])
    replies = []
    for package in (martlet, openai):
        client = caller.client(server.url, package)
        replies.append(caller.run(client.completions.create(model="tiny", prompt="he", logprobs=1)))
    assert replies[0].to_dict() == replies[1].to_dict() == COMPLETION
    assert server.seen[0].json == server.seen[1].json
    assert server.seen[0].target == "/v1/completions"


def test_models_are_listed_as_the_official_client_does(play: Play, caller: Caller) -> None:
    server = play([http(body=MODELS)])
    for package in (martlet, openai):
        client = caller.client(server.url, package)
        page = caller.run(client.models.list())
        assert [model.id for model in page.data] == ["tiny", "lora"]
        assert page.object == "list"
        assert not page.has_next_page()
        assert page.next_page_info() is None
        assert [model.id for model in caller.items(page)] == ["tiny", "lora"]
        assert [model.id for model in caller.items(client.models.list())] == ["tiny", "lora"]
        with pytest.raises(RuntimeError):
            caller.run(page.get_next_page())
    assert {(seen.method, seen.target, seen.body) for seen in server.seen} == {("GET", "/v1/models", b"")}
    assert "content-type" not in server.seen[0].headers


def test_model_is_retrieved_by_a_name_with_a_slash(play: Play, caller: Caller) -> None:
    server = play([http(body=MODELS["data"][0])])
    for package in (martlet, openai):
        model = caller.run(caller.client(server.url, package).models.retrieve("Qwen/Qwen2.5"))
        assert (model.id, model.max_model_len) == ("tiny", 2048)
    assert {seen.target for seen in server.seen} == {"/v1/models/Qwen%2FQwen2.5"}


def test_empty_model_name_is_refused_before_anything_is_sent(caller: Caller) -> None:
    for package in (martlet, openai):
        client = caller.client("http://127.0.0.1:1/v1", package)
        with pytest.raises(ValueError, match="Expected a non-empty value for `model` but received ''"):
            caller.run(client.models.retrieve(""))


def test_every_documented_keyword_is_sent(play: Play, caller: Caller) -> None:
    from martlet.protocol.params import ChatCompletionParams

    server = play([http(body=CHAT)])
    names = set(ChatCompletionParams.__annotations__) - {"model", "messages"}
    assert {"top_k", "min_p", "structured_outputs", "chat_template_kwargs", "guided_json"} - names == {
        "guided_json"
    }
    caller.run(caller.client(server.url).chat.completions.create(**HI, **dict.fromkeys(names, 1)))
    assert server.seen[0].json == {**HI, **dict.fromkeys(names, 1)}


@pytest.mark.parametrize(
    ("stream", "sent"), [(False, {"stream": False}), (None, {"stream": None}), (martlet.omit, {})]
)
def test_stream_that_is_not_true_is_sent_as_given(
    play: Play, caller: Caller, stream: Any, sent: dict[str, Any]
) -> None:
    server = play([http(body=CHAT)])
    reply = caller.run(caller.client(server.url).chat.completions.create(**HI, stream=stream))
    assert isinstance(reply, ChatCompletion)
    assert server.seen[0].json == {**HI, **sent}


def test_values_not_given_are_not_sent(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    create = caller.client(server.url).chat.completions.create
    caller.run(create(**HI, temperature=martlet.NOT_GIVEN, top_p=martlet.omit, seed=None, stop=("a", "b")))
    assert server.seen[0].json == {**HI, "seed": None, "stop": ["a", "b"]}


def test_unknown_keyword_is_refused_with_the_right_spelling(caller: Caller) -> None:
    client = caller.client("http://127.0.0.1:1/v1")
    with pytest.raises(
        TypeError,
        match=r"chat\.completions\.create\(\) got an unexpected .* 'temprature'; .*'temperature'",
    ):
        caller.run(client.chat.completions.create(**HI, temprature=1))
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'zzz'.*extra_body"):
        caller.run(client.completions.create(model="m", prompt="p", zzz=1))
    with pytest.raises(TypeError, match="unexpected keyword argument 'limit'"):
        caller.run(client.models.list(limit=1))


@pytest.mark.parametrize("params", [{}, {"model": "m"}, {"messages": []}])
def test_missing_argument_is_refused_as_officially(caller: Caller, params: dict[str, Any]) -> None:
    for package in (martlet, openai):
        client = caller.client("http://127.0.0.1:1/v1", package)
        with pytest.raises(TypeError, match=r"^Missing required argument"):
            caller.run(client.chat.completions.create(**params))


def test_extra_body_wins_and_can_take_away(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    extra = {"temperature": 0, "top_p": martlet.omit, "of_this_server": ["a"], "n": {"x": 1}}
    caller.run(
        caller.client(server.url).chat.completions.create(**HI, temperature=1, top_p=1, n=2, extra_body=extra)
    )
    assert server.seen[0].json == {**HI, "temperature": 0, "of_this_server": ["a"], "n": {"x": 1}}


def test_extra_body_that_is_no_mapping_is_refused(caller: Caller) -> None:
    for package in (martlet, openai):
        client = caller.client("http://127.0.0.1:1/v1", package)
        with pytest.raises(TypeError, match="mapping"):
            caller.run(client.chat.completions.create(**HI, extra_body=[1]))


def test_headers_merge_by_rank_whatever_their_case(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    for package in (martlet, openai):
        client = caller.client(
            server.url, package, api_key="sk-1", default_headers={"X-One": "default", "X-Two": "default"}
        )
        omit = package.omit
        extra = {
            "x-one": "call",
            "AUTHORIZATION": "Token t",
            "User-Agent": omit,
            "X-TWO": omit,
            "X-Three": "3",
        }
        caller.run(client.chat.completions.create(**HI, extra_headers=extra))
    for seen in server.seen:
        assert seen.headers["x-one"] == "call"
        assert seen.headers["authorization"] == "Token t"
        assert seen.headers["x-three"] == "3"
        assert "x-two" not in seen.headers
    assert "user-agent" not in server.seen[0].headers


def test_headers_of_a_call_do_not_stay(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    caller.run(client.chat.completions.create(**HI, extra_headers={"x-once": "1"}))
    caller.run(client.chat.completions.create(**HI))
    assert "x-once" in server.seen[0].headers
    assert "x-once" not in server.seen[1].headers


def test_ordinary_headers_say_what_a_server_needs(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    caller.run(caller.client(server.url, organization="o", project="p").chat.completions.create(**HI))
    headers = server.seen[0].headers
    assert headers["authorization"] == "Bearer EMPTY"
    assert headers["content-type"] == headers["accept"] == "application/json"
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"] == f"martlet/{martlet.__version__}"
    assert (headers["openai-organization"], headers["openai-project"]) == ("o", "p")
    assert headers["x-stainless-retry-count"] == "0"


def test_query_comes_from_url_client_and_call(play: Play, caller: Caller) -> None:
    server = play([http(body=MODELS)])
    client = caller.client(f"{server.url}?base=1", default_query={"a": "client", "b": "client"})
    caller.run(client.models.list(extra_query={"b": "call", "c": ["x", "y"]}))
    assert server.seen[0].target == "/v1/models?base=1&a=client&b=call&c%5B%5D=x&c%5B%5D=y"


def test_reply_can_be_sent_back_as_a_message(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    reply = caller.run(client.chat.completions.create(**HI))
    messages = [*HI["messages"], reply.choices[0].message, {"role": "user", "content": "more"}]
    caller.run(client.chat.completions.create(model="tiny", messages=messages))
    assert server.seen[1].json["messages"][1] == CHAT["choices"][0]["message"]


def test_retry_is_counted_on_the_wire(play: Play, caller: Caller) -> None:
    server = play([http(503, retry_after_ms="1")], [http(429, retry_after_ms="1")], [http(body=CHAT)])
    caller.run(caller.client(server.url).chat.completions.create(**HI))
    assert [seen.headers["x-stainless-retry-count"] for seen in server.seen] == ["0", "1", "2"]
    assert len({seen.body for seen in server.seen}) == 1


def test_connection_is_kept_for_the_next_call(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    client = caller.client(server.url)
    for _ in range(5):
        caller.run(client.chat.completions.create(**HI))
    assert server.num_connections == 1


def test_request_that_crosses_the_servers_idle_close_is_sent_again(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)], [CLOSE], [http(body=CHAT)])
    client = caller.client(server.url, max_retries=0)
    for _ in range(2):
        caller.run(client.chat.completions.create(**HI))
    assert [seen.connection for seen in server.seen] == [0, 0, 1]
    assert [seen.headers["x-stainless-retry-count"] for seen in server.seen] == ["0", "0", "0"]


def test_client_serves_many_threads(play: Play) -> None:
    server = play(lambda seen: [http(body={**CHAT, "id": seen.json["user"]})])
    with martlet.OpenAI(base_url=server.url) as client:
        replies: dict[str, str] = {}

        def work(user: str) -> None:
            for _ in range(5):
                replies[user] = client.chat.completions.create(**HI, user=user).id

        threads = [threading.Thread(target=work, args=(f"u{i}",)) for i in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert replies == {f"u{i}": f"u{i}" for i in range(16)}


def test_async_client_serves_loop_after_loop(play: Play) -> None:
    import asyncio

    server = play([http(body=CHAT)])
    client = martlet.AsyncOpenAI(base_url=server.url)

    async def ask() -> Any:
        return (await client.chat.completions.create(**HI)).id

    assert {asyncio.run(ask()) for _ in range(5)} == {CHAT["id"]}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html><head><title>Sign in</title></head></html>", "text/html"),
        (b"", "application/json"),
        (b'{"id": "chatcmpl-', "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"null", "application/json"),
        (b"data: {}\n\n", "text/event-stream"),
    ],
)
def test_reply_of_another_kind_is_an_error(
    play: Play, caller: Caller, body: bytes, content_type: str
) -> None:
    server = play([http(body=body, content_type=content_type)])
    with pytest.raises(martlet.APIResponseValidationError) as caught:
        caller.run(caller.client(server.url).chat.completions.create(**HI))
    assert caught.value.status_code == 200
    assert caught.value.response.content == body
    assert server.url in str(caught.value)
    assert len(server.seen) == 1


def test_error_sent_with_status_200_is_an_error(play: Play, caller: Caller) -> None:
    body = {"error": {"message": "engine died", "type": "InternalServerError", "param": None, "code": 500}}
    with pytest.raises(martlet.APIError, match="engine died") as caught:
        caller.run(caller.client(play([http(body=body)]).url).chat.completions.create(**HI))
    assert caught.value.code == "500"


def test_strange_but_readable_reply_is_taken_as_it_is(play: Play, caller: Caller) -> None:
    body = {**CHAT, "created": "yesterday", "new_field": {"x": [1]}, "usage": None}
    server = play([http(body=body)])
    for package in (martlet, openai):
        reply = caller.run(caller.client(server.url, package).chat.completions.create(**HI))
        assert reply.created == "yesterday"
        assert reply.new_field == {"x": [1]}
        assert reply.usage is None


def test_bodies_are_valid_json_for_awkward_text(play: Play, caller: Caller) -> None:
    server = play([http(body=CHAT)])
    text = 'quote " backslash \\ line\nseparator \u2028 bird 🐦 null \0'
    caller.run(
        caller.client(server.url).chat.completions.create(
            model="m", messages=[{"role": "user", "content": text}]
        )
    )
    assert json.loads(server.seen[0].body)["messages"][0]["content"] == text
