"""use_beam_search in both APIs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from martlet.engine.beam_search import BeamSearchParams
from martlet.engine.request import Output, SamplingParams, TokenLogprob
from martlet.engine.text import Tokenizer
from martlet.server.beams import BeamGeneration
from martlet.server.errors import ClientDisconnected
from martlet.server.loop import Generation, Prompt
from tests.server.wire import call, chat, complete, opened
from tests.servers import TINY_LLAMA, ServerProcess

BEAMS: dict[str, Any] = {"use_beam_search": True, "n": 3, "max_tokens": 6}


def texts(reply: Any) -> list[str]:
    return [choice["text"] for choice in reply["choices"]]


def test_beams_are_different_and_repeatable(tiny: ServerProcess) -> None:
    reply = complete(tiny, **BEAMS).json
    assert [choice["index"] for choice in reply["choices"]] == [0, 1, 2]
    assert len(set(texts(reply))) == 3
    assert texts(complete(tiny, **BEAMS).json) == texts(reply)
    assert {choice["finish_reason"] for choice in reply["choices"]} == {"length"}
    assert reply["usage"]["completion_tokens"] == 18


def test_each_prompt_has_its_beams(tiny: ServerProcess) -> None:
    """Two prompts that are the same, two beams: 0 differs from 1, and equals 2."""
    found = texts(complete(tiny, prompt=["Hello", "Hello"], **{**BEAMS, "n": 2}).json)
    assert found[0] != found[1]
    assert found[:2] == found[2:]


def test_one_beam_is_greedy(tiny: ServerProcess) -> None:
    found = complete(tiny, use_beam_search=True, max_tokens=8).json
    assert texts(found) == texts(complete(tiny, max_tokens=8).json)


def test_best_beam_is_no_worse_than_greedy(tiny: ServerProcess) -> None:
    def total(**fields: Any) -> float:
        choice = complete(tiny, logprobs=0, **fields).json["choices"][0]
        return float(sum(choice["logprobs"]["token_logprobs"]))

    assert total(**{**BEAMS, "n": 4}) >= total(max_tokens=6) - 1e-4


def test_chat_streams_beams_at_the_end(tiny: ServerProcess) -> None:
    whole = chat(tiny, **BEAMS, logprobs=True, top_logprobs=2).json
    chunks = chat(tiny, **BEAMS, stream=True, stream_options={"include_usage": True}).chunks
    streamed = ["", "", ""]
    for chunk in chunks:
        for choice in chunk["choices"]:
            streamed[choice["index"]] += choice["delta"].get("content") or ""
    assert streamed == [choice["message"]["content"] for choice in whole["choices"]]
    assert chunks[-1]["usage"] == {"prompt_tokens": whole["usage"]["prompt_tokens"],
                                   "total_tokens": whole["usage"]["total_tokens"],
                                   "completion_tokens": 18}  # fmt: skip
    for choice in whole["choices"]:
        assert len(choice["logprobs"]["content"]) == 6
        assert all(len(entry["top_logprobs"]) == 2 for entry in choice["logprobs"]["content"])


def test_length_penalty_and_ends_act(tiny: ServerProcess) -> None:
    fields: dict[str, Any] = {
        **BEAMS,
        "n": 4,
        "ignore_eos": False,
        "max_tokens": 40,
        "return_token_ids": True,
    }
    short = complete(tiny, length_penalty=0.0, **fields).json
    long = complete(tiny, length_penalty=3.0, **fields).json

    def length(reply: Any) -> int:
        return sum(len(choice["token_ids"]) for choice in reply["choices"])

    assert length(short) <= length(long)
    for choice in short["choices"]:
        assert (choice["finish_reason"] == "stop") == (choice["stop_reason"] is not None)


def test_fields_of_chance_are_named(tiny: ServerProcess) -> None:
    answer = complete(tiny, **BEAMS, seed=1, top_p=0.5)
    assert answer.headers["x-martlet-ignored"] == "temperature, top_p, seed"
    assert complete(tiny, max_tokens=1, length_penalty=2.0).headers["x-martlet-ignored"] == "length_penalty"


def test_leaving_during_a_search_ends_it(tiny: ServerProcess) -> None:
    body = {"prompt": "Hello", "use_beam_search": True, "n": 8, "max_tokens": 400, "ignore_eos": True}
    with opened(tiny, body, "/v1/completions"):
        while not num_in_flight(tiny):
            pass
    while num_in_flight(tiny):
        pass
    assert texts(complete(tiny, **BEAMS).json)


def num_in_flight(server: ServerProcess) -> int:
    return int(call(server, "GET", "/load").json["server_load"])


class Rounds:
    """A loop whose rounds end as soon as they begin, with one candidate for each beam."""

    def __init__(self) -> None:
        self.num_rounds = 0

    def generate(self, prompts: list[Prompt]) -> Generation:
        self.num_rounds += 1
        generation = Generation([str(index) for index in range(len(prompts))], lambda request_id: None)
        for index in range(len(prompts)):
            entry = TokenLogprob(80, -1.0, 1, [(80, -1.0), (81, -2.0)])
            generation.push(index, Output(str(index), [80], "", [entry], "length"))
        return generation


def test_failure_between_rounds_is_not_lost() -> None:
    async def main() -> int:
        rounds: Any = Rounds()
        tokenizer = Tokenizer.from_folder(TINY_LLAMA)
        params = BeamSearchParams(width=2, max_tokens=1000)
        prompt = Prompt([5, 6], SamplingParams(max_tokens=1))
        generation = BeamGeneration(rounds, [prompt], [params], tokenizer)
        generation.fail(ClientDisconnected())  # its first round is complete
        with pytest.raises(ClientDisconnected):
            await generation.__anext__()
        return int(rounds.num_rounds)

    assert asyncio.run(main()) == 1
