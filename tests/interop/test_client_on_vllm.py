"""Our client against a real vLLM, beside the official one: `make interop`."""

from __future__ import annotations

import dataclasses
import os
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import openai
import pytest
import trustme

import martlet
from tests.interop.tls import TLSFront

pytestmark = pytest.mark.interop

ROOT = Path(__file__).resolve().parent.parent.parent
MODEL = "meta-llama/Llama-3.2-1B-Instruct"
HELLO: list[Any] = [{"role": "user", "content": "Hello!"}]


@dataclasses.dataclass
class Verdict:
    answer: Literal["yes", "no"]


def chat(client: Any, **call: Any) -> Any:
    """One call, whose parameters are data, through either client."""
    return client.chat.completions.create(**{"model": MODEL, "messages": HELLO, **call})


# --- the first five examples --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["basic", "api_key", "environment", "remote", "async_client"])
def test_example_runs_on_vllm(name: str, url: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("vllm.example.com").configure_cert(context)
    address = url.removeprefix("http://").removesuffix("/v1")
    with TLSFront(address, context) as tls:
        finished = subprocess.run(
            [
                sys.executable, str(ROOT / "scripts" / "resolve.py"),
                f"localhost:8000={address}", f"vllm-server:8000={address}", f"vllm.example.com:443={tls}",
                str(ROOT / "examples" / f"{name}.py"),
            ],
            env={**os.environ, "SSL_CERT_FILE": str(tmp_path / "ca.pem")},
            capture_output=True,
            timeout=100,
        )  # fmt: skip
    output = finished.stdout.decode()
    assert finished.returncode == 0, finished.stderr.decode()
    sys.stdout.write(f"--- examples/{name}.py\n{output}")
    assert re.search(r"^A: ", output, flags=re.MULTILINE)


# --- the same call, both clients --------------------------------------------------------------------

CHAT_CALLS: dict[str, dict[str, Any]] = {
    "plain": {"max_tokens": 8, "temperature": 0},
    "max_completion_tokens": {"max_completion_tokens": 5, "temperature": 0},
    "logprobs": {"max_tokens": 4, "temperature": 0, "logprobs": True, "top_logprobs": 3},
    "n": {"max_tokens": 4, "n": 3, "seed": 7},
    "stop": {"max_tokens": 32, "temperature": 0, "stop": ["e", "a"]},
    "penalties": {"max_tokens": 8, "temperature": 0, "frequency_penalty": 1.5, "presence_penalty": 0.5},
    "logit_bias": {"max_tokens": 4, "temperature": 0, "logit_bias": {"70": 100}},
}
VLLM_FIELDS: dict[str, dict[str, Any]] = {
    "top_k": {"top_k": 1, "seed": 3},
    "min_p": {"min_p": 0.9, "seed": 3},
    "repetition_penalty": {"repetition_penalty": 1.3, "temperature": 0},
    "min_tokens": {"min_tokens": 6, "temperature": 0},
    "ignore_eos": {"ignore_eos": True, "temperature": 0},
    "stop_token_ids": {"stop_token_ids": [70, 71, 72], "temperature": 0},
    "return_token_ids": {"return_token_ids": True, "temperature": 0},
    "allowed_token_ids": {"allowed_token_ids": [70, 71], "temperature": 0},
    "chat_template_kwargs": {"chat_template_kwargs": {"enable_thinking": False}, "temperature": 0},
}


def stable(reply: Any) -> Any:
    """The reply as a dict, without what differs from call to call."""
    content = reply.to_dict()
    content.pop("id")
    content.pop("created")
    return content


@pytest.mark.parametrize("name", CHAT_CALLS)
def test_chat_reply_equals_the_official_one(name: str, ours: martlet.OpenAI, official: openai.OpenAI) -> None:
    call = CHAT_CALLS[name]
    mine, theirs = chat(ours, **call), chat(official, **call)
    assert stable(mine) == stable(theirs)


@pytest.mark.parametrize("name", CHAT_CALLS)
def test_chat_stream_equals_the_official_one(
    name: str, ours: martlet.OpenAI, official: openai.OpenAI
) -> None:
    call = {**CHAT_CALLS[name], "stream": True, "stream_options": {"include_usage": True}}
    mine, theirs = list(chat(ours, **call)), list(chat(official, **call))
    if call.get("n", 1) == 1:
        assert [stable(chunk) for chunk in mine] == [stable(chunk) for chunk in theirs]
    assert mine[-1].usage.to_dict() == theirs[-1].usage.to_dict()


@pytest.mark.parametrize("name", VLLM_FIELDS)
def test_vllm_field_is_a_keyword(name: str, ours: martlet.OpenAI, official: openai.OpenAI) -> None:
    """What the official client can only send in `extra_body` is a keyword of ours."""
    fields = dict(VLLM_FIELDS[name])
    known = {key: fields.pop(key) for key in ("temperature", "seed") if key in fields}
    mine = chat(ours, max_tokens=8, **known, **fields)
    theirs = chat(official, max_tokens=8, **known, extra_body=fields)
    assert stable(mine) == stable(theirs)


@pytest.mark.parametrize("prompt", ["Hello", ["Hello", "What is"], [70, 71, 72], [[70, 71], [72]]])
def test_completion_equals_the_official_one(
    prompt: Any, ours: martlet.OpenAI, official: openai.OpenAI
) -> None:
    call: dict[str, Any] = {
        "model": MODEL, "prompt": prompt, "max_tokens": 6, "temperature": 0, "logprobs": 2, "echo": True,
    }  # fmt: skip
    mine = ours.completions.create(**call)
    theirs = official.completions.create(**call)
    assert stable(mine) == stable(theirs)
    texts: dict[int, str] = {}
    for chunk in ours.completions.create(**{**call, "echo": False, "logprobs": None}, stream=True):
        for choice in chunk.choices:
            texts[choice.index] = texts.get(choice.index, "") + choice.text
    whole = ours.completions.create(**{**call, "echo": False, "logprobs": None})
    assert texts == {choice.index: choice.text for choice in whole.choices}


def test_models_equal_the_official_ones(ours: martlet.OpenAI, official: openai.OpenAI) -> None:
    mine, theirs = ours.models.list(), official.models.list()
    assert [model.id for model in mine] == [model.id for model in theirs]
    assert mine.data[0].max_model_len == 512


# --- errors -----------------------------------------------------------------------------------------

BAD_CALLS: dict[str, Callable[[Any], object]] = {
    "unknown model": lambda client: chat(client, model="nope"),
    "no messages": lambda client: chat(client, messages=[]),
    "bad temperature": lambda client: chat(client, temperature=9),
    "wrong type": lambda client: chat(client, max_tokens="many"),
    "too long": lambda client: client.completions.create(model=MODEL, prompt="hello " * 2000),
    "wrong key": lambda client: client.with_options(api_key="wrong").models.list(),
    "unknown path": lambda client: client.models.retrieve("tiny"),
    "error before a stream": lambda client: chat(client, model="nope", stream=True),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_error_equals_the_official_one(name: str, ours: martlet.OpenAI, official: openai.OpenAI) -> None:
    call = BAD_CALLS[name]
    with pytest.raises(openai.APIStatusError) as theirs:
        call(official)
    with pytest.raises(martlet.APIStatusError) as mine:
        call(ours)
    assert type(mine.value).__name__ == type(theirs.value).__name__
    for attribute in ("status_code", "code", "param", "type", "body"):
        assert getattr(mine.value, attribute) == getattr(theirs.value, attribute)
    if isinstance(theirs.value.body, dict) and "message" in theirs.value.body:
        assert str(mine.value) == str(theirs.value)


def test_many_calls_share_connections(ours: martlet.OpenAI) -> None:
    """64 threads, one client: every reply belongs to its call."""
    failures: list[BaseException] = []

    def call(token: int) -> None:
        try:
            reply = ours.completions.create(
                model=MODEL, prompt=[token], max_tokens=1, return_token_ids=True, temperature=0
            )
            assert reply.choices[0].prompt_token_ids == [token]
        except BaseException as error:  # noqa: BLE001  # reported below
            failures.append(error)

    threads = [threading.Thread(target=call, args=(token,)) for token in range(70, 134)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_vllms_own_calls_work(ours: martlet.OpenAI) -> None:
    tokens = ours.vllm.tokenize(model=MODEL, prompt="Hello world")
    assert tokens.count == len(tokens.tokens) > 0
    assert ours.vllm.detokenize(model=MODEL, tokens=tokens.tokens).prompt == "Hello world"
    assert ours.vllm.tokenize(model=MODEL, messages=HELLO).count > tokens.count
    assert ours.vllm.version().version == "0.32.0"
    assert ours.vllm.load().server_load == 0
    assert ours.vllm.metrics().value("vllm:num_requests_running") == 0
    assert ours.vllm.health()


def test_parse_is_enforced_by_the_server(ours: martlet.OpenAI) -> None:
    """vLLM constrains the reply to the schema, so that even a tiny model's answer parses."""
    reply = ours.chat.completions.parse(model=MODEL, messages=HELLO, response_format=Verdict, max_tokens=64)
    parsed = reply.choices[0].message.parsed
    assert parsed is not None
    assert parsed.answer in ("yes", "no")


def test_stream_helper_gathers_the_whole_reply(ours: martlet.OpenAI) -> None:
    call: dict[str, Any] = {"model": MODEL, "messages": HELLO, "temperature": 0, "max_tokens": 200}
    with ours.chat.completions.stream(**call) as stream:
        pieces = [event.delta for event in stream if event.type == "content.delta"]
        final = stream.get_final_completion()
    whole = chat(ours, **call)
    assert "".join(pieces) == final.choices[0].message.content == whole.choices[0].message.content
