"""Constrained output, through a real server: response_format and structured_outputs, both APIs, streamed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import openai
import pytest
from pydantic import BaseModel, Field

from tests.server.wire import call, chat, complete, gauge, opened
from tests.servers import ServerProcess, start_server

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 6}, "size": {"enum": [1, 2, 3]}},
    "required": ["name", "size"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "thing", "schema": SCHEMA}}


class Part(BaseModel):
    kind: Literal["wing", "fin"]


class Thing(BaseModel):
    name: str = Field(max_length=8)
    kind: Literal["bird", "fish"]
    sizes: list[Annotated[int, Field(ge=1, le=99)]] = Field(max_length=3)
    parts: list[Part] = Field(max_length=2)
    best: Part | None


@pytest.fixture(scope="module")
def house() -> Iterator[ServerProcess]:
    # Or so small a model may fill the room between JSON's tokens with blanks for ever.
    with start_server("--structured-outputs-config", '{"disable_any_whitespace": true}') as server:
        yield server


def content(server: ServerProcess, **fields: Any) -> str:
    choice = chat(server, **{"max_tokens": 200, "ignore_eos": False, **fields}).json["choices"][0]
    assert choice["finish_reason"] == "stop", choice
    text: str = choice["message"]["content"]
    return text


def test_json_schema_is_followed(tiny: ServerProcess) -> None:
    thing = json.loads(content(tiny, response_format=FORMAT))
    assert list(thing) == ["name", "size"]
    assert thing["size"] in (1, 2, 3)


def test_schema_may_come_in_either_field(tiny: ServerProcess) -> None:
    expected = content(tiny, response_format=FORMAT)
    assert content(tiny, structured_outputs={"json": SCHEMA}) == expected
    assert content(tiny, structured_outputs={"json": json.dumps(SCHEMA)}) == expected
    # The format goes before the constraint, of the same kind, beside it.
    other = {"json": {"type": "null"}}
    assert content(tiny, response_format=FORMAT, structured_outputs=other) == expected
    assert content(tiny, response_format={"type": "text"}, structured_outputs={"json": SCHEMA}) == expected


def test_streamed_json_is_the_same(tiny: ServerProcess) -> None:
    chunks = chat(tiny, max_tokens=200, response_format=FORMAT, stream=True).chunks
    text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks)
    assert text == content(tiny, response_format=FORMAT)


def test_json_object_is_an_object(tiny: ServerProcess) -> None:
    bias = {"348": 9, "351": 9}  # its ends, so that it finds one
    fields: dict[str, Any] = {"max_tokens": 300, "logit_bias": bias}
    text = content(tiny, response_format={"type": "json_object"}, **fields)
    assert isinstance(json.loads(text), dict)
    assert content(tiny, structured_outputs={"json_object": True}, **fields) == text


def test_choice_ends_with_one_token_more(tiny: ServerProcess) -> None:
    reply = chat(tiny, structured_outputs={"choice": ["yes", "no"]}, return_token_ids=True).json
    assert reply["choices"][0]["message"]["content"] in ("yes", "no")
    assert reply["choices"][0]["finish_reason"] == "stop"
    assert reply["usage"]["completion_tokens"] == len(reply["choices"][0]["token_ids"])


def test_regex_matches_every_choice(tiny: ServerProcess) -> None:
    reply = chat(
        tiny, n=4, temperature=1, seed=3, max_tokens=50, structured_outputs={"regex": "[a-c]{3}-[0-9]+"}
    ).json
    texts = [choice["message"]["content"] for choice in reply["choices"]]
    assert len(set(texts)) > 1
    assert all(re.match("[a-c]{3}-[0-9]+", text) for text in texts)


def test_completions_are_constrained_too(tiny: ServerProcess) -> None:
    reply = complete(
        tiny, prompt=["a", "b"], max_tokens=9, structured_outputs={"grammar": 'root ::= "x" "y"+'}
    ).json
    assert all(re.fullmatch("xy+", choice["text"]) for choice in reply["choices"])
    assert (
        complete(tiny, response_format={"type": "json_object"}, max_tokens=2).json["choices"][0]["text"][0]
        == "{"
    )


def test_structural_tag_of_either_form(tiny: ServerProcess) -> None:
    tag = {"type": "tag", "begin": "<a>", "content": {"type": "regex", "pattern": "[xy]{2}"}, "end": "</a>"}
    text = content(tiny, response_format={"type": "structural_tag", "format": tag})
    assert re.fullmatch("<a>[xy]{2}</a>", text)
    assert content(tiny, structured_outputs={"structural_tag": json.dumps({"format": tag})}) == text
    legacy = {"structures": [{"begin": "<a>", "schema": {}, "end": ""}], "triggers": ["<a"]}
    answer = chat(tiny, response_format={"type": "structural_tag", **legacy}, max_tokens=5)
    assert answer.status == 200


def test_blanks_and_other_properties_as_asked(tiny: ServerProcess) -> None:
    open_schema = {key: value for key, value in SCHEMA.items() if key != "additionalProperties"}
    outputs = {"json": open_schema, "disable_any_whitespace": True, "disable_additional_properties": True}
    text = content(tiny, structured_outputs=outputs)
    assert re.fullmatch(r'\{"name":".*","size":[123]\}', text)


def test_logprobs_are_of_what_was_allowed(tiny: ServerProcess) -> None:
    reply = chat(tiny, structured_outputs={"choice": ["é"]}, logprobs=True, top_logprobs=2).json
    for entry in reply["choices"][0]["logprobs"]["content"]:
        assert entry["logprob"] > -9999
        assert entry["logprob"] == pytest.approx(0, abs=0.8)  # its two ends share the last
    assert entry["top_logprobs"][1]["logprob"] >= -9999


def test_refusal_names_the_place(tiny: ServerProcess) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "strange"}}}}
    answer = chat(
        tiny, response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    )
    assert answer.status == 400
    assert "$.properties.a.items" in answer.error["message"]
    assert "response_format" in answer.error["message"]
    answer = chat(tiny, structured_outputs={"regex": "[.*"})
    assert "structured_outputs" in answer.error["message"]
    assert answer.error["param"] is None


def test_cut_output_says_so(tiny: ServerProcess) -> None:
    choice = chat(tiny, max_tokens=3, response_format=FORMAT).json["choices"][0]
    assert choice["finish_reason"] == "length"
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(choice["message"]["content"])


def test_leaving_during_constrained_output_frees_its_place(tiny: ServerProcess) -> None:
    body = {"messages": [{"role": "user", "content": "a"}], "max_tokens": 400, "stream": True,
            "structured_outputs": {"regex": "[a-z]*"}, "min_tokens": 400}  # fmt: skip
    with opened(tiny, body) as connection:
        assert connection.recv(100)
    while gauge(tiny, "vllm:num_requests_running"):
        call(tiny, "GET", "/health")
    assert chat(tiny, max_tokens=1).status == 200


def test_official_parse_gives_an_object(house: ServerProcess) -> None:
    with openai.OpenAI(base_url=house.url, api_key="EMPTY", max_retries=0) as client:
        for seed in range(4):
            reply = client.chat.completions.parse(
                model=client.models.list().data[0].id,
                messages=[{"role": "user", "content": "Describe a bird."}],
                response_format=Thing,
                max_tokens=300,
                temperature=1,
                seed=seed,
            )
            message = reply.choices[0].message
            assert message.parsed is not None
            assert message.parsed.kind in ("bird", "fish")
