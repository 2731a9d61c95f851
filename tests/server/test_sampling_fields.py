"""Request fields act: seen from outside, on a real model."""

from __future__ import annotations

from typing import Any

from tests.server.wire import call, chat, complete
from tests.servers import ServerProcess


def text_of(choice: dict[str, Any]) -> str:
    return str(choice["message"]["content"] if "message" in choice else choice["text"])


def test_choice_i_draws_with_seed_plus_i(tiny: ServerProcess) -> None:
    both = complete(tiny, temperature=1, seed=7, n=2, max_tokens=12).json["choices"]
    single = [complete(tiny, temperature=1, seed=seed, max_tokens=12).json["choices"][0] for seed in (7, 8)]
    assert [text_of(choice) for choice in both] == [text_of(choice) for choice in single]
    assert text_of(both[0]) != text_of(both[1])


def test_index_is_prompt_times_n_plus_i(tiny: ServerProcess) -> None:
    fields: dict[str, Any] = {"temperature": 1, "seed": 3, "max_tokens": 6}
    together = complete(tiny, prompt=["Hello", "Bye"], n=2, **fields).json
    assert [choice["index"] for choice in together["choices"]] == [0, 1, 2, 3]
    for i, prompt in enumerate(["Hello", "Bye"]):
        alone = complete(tiny, prompt=prompt, n=2, **fields).json["choices"]
        assert [text_of(c) for c in together["choices"][2 * i : 2 * i + 2]] == [text_of(c) for c in alone]
    assert together["usage"]["completion_tokens"] == 24


def test_streamed_choices_each_begin_and_end_once(tiny: ServerProcess) -> None:
    options = {"include_usage": True}
    *chunks, tail = chat(tiny, n=3, temperature=1, max_tokens=5, stream=True, stream_options=options).chunks
    roles = [chunk["choices"][0]["index"] for chunk in chunks if "role" in chunk["choices"][0]["delta"]]
    assert roles == [0, 1, 2]
    assert all("role" in chunk["choices"][0]["delta"] for chunk in chunks[:3])
    ends = [chunk["choices"][0]["index"] for chunk in chunks if chunk["choices"][0]["finish_reason"]]
    assert sorted(ends) == [0, 1, 2]
    assert tail["usage"]["completion_tokens"] == 15
    assert tail["usage"]["total_tokens"] == tail["usage"]["prompt_tokens"] + 15


def test_prompt_forms_give_the_same_text(tiny: ServerProcess) -> None:
    ids = call(tiny, "POST", "/tokenize", {"prompt": "Hello"}).json["tokens"]
    forms: list[Any] = ["Hello", ["Hello"], ids, [ids]]
    texts = {complete(tiny, prompt=form).json["choices"][0]["text"] for form in forms}
    assert len(texts) == 1


def test_completion_default_is_16_tokens(tiny: ServerProcess) -> None:
    for fields in ({}, {"max_tokens": None}):
        assert complete(tiny, **fields).json["usage"]["completion_tokens"] == 16


def test_chat_default_is_the_rest_of_the_context(tiny: ServerProcess) -> None:
    reply = chat(tiny).json
    assert reply["usage"]["total_tokens"] == 512
    assert reply["choices"][0]["finish_reason"] == "length"


def test_max_completion_tokens_wins(tiny: ServerProcess) -> None:
    assert chat(tiny, max_tokens=9, max_completion_tokens=2).json["usage"]["completion_tokens"] == 2


def test_room_behind_the_prompt_is_the_limit(tiny: ServerProcess) -> None:
    reply = complete(tiny, prompt=[5] * 500, max_tokens=400).json
    assert reply["usage"]["completion_tokens"] == 12


def test_stop_string_is_cut_and_never_leaks(tiny: ServerProcess) -> None:
    whole = complete(tiny, max_tokens=40).json["choices"][0]["text"]
    stop = whole[7:11]
    expected = whole[: whole.index(stop)]
    choice = complete(tiny, max_tokens=40, stop=["never there", stop]).json["choices"][0]
    assert (choice["text"], choice["finish_reason"], choice["stop_reason"]) == (expected, "stop", stop)
    chunks = complete(tiny, max_tokens=40, stop=stop, stream=True).chunks
    assert "".join(chunk["choices"][0]["text"] for chunk in chunks) == expected
    assert chunks[-1]["choices"][0]["stop_reason"] == stop
    kept = complete(tiny, max_tokens=40, stop=stop, include_stop_str_in_output=True).json["choices"][0]
    assert kept["text"] == expected + stop


def test_stop_token_is_hidden_but_reported(tiny: ServerProcess) -> None:
    ids = complete(tiny, max_tokens=8, return_token_ids=True).json["choices"][0]["token_ids"]
    stop = ids[5]
    first = ids.index(stop)
    choice = complete(tiny, max_tokens=8, stop_token_ids=[stop], return_token_ids=True).json["choices"][0]
    assert (choice["finish_reason"], choice["stop_reason"]) == ("stop", stop)
    assert choice["token_ids"] == ids[: first + 1]


def test_chat_logprobs_list_the_sampled_first(tiny: ServerProcess) -> None:
    choice = chat(tiny, max_tokens=3, temperature=1, seed=1, logprobs=True, top_logprobs=2).json["choices"][0]
    entries = choice["logprobs"]["content"]
    assert len(entries) == 3
    for entry in entries:
        assert list(entry) == ["token", "logprob", "bytes", "top_logprobs"]
        assert len(entry["top_logprobs"]) == 2
        assert entry["top_logprobs"][0] == {key: entry[key] for key in ("token", "logprob", "bytes")}
    assert "".join(bytes(entry["bytes"]).decode("utf-8", "replace") for entry in entries)


def test_logprobs_without_top_are_empty_lists(tiny: ServerProcess) -> None:
    for chunk in chat(tiny, max_tokens=3, logprobs=True, stream=True).chunks[1:]:
        (entry,) = chunk["choices"][0]["logprobs"]["content"]
        assert entry["top_logprobs"] == []
    assert chat(tiny, max_tokens=1).json["choices"][0]["logprobs"] is None


def test_completion_logprobs_hold_k_or_one_more(tiny: ServerProcess) -> None:
    fields: dict[str, Any] = {"temperature": 1, "seed": 5, "max_tokens": 12}
    logprobs = complete(tiny, logprobs=2, **fields).json["choices"][0]["logprobs"]
    assert list(logprobs) == ["text_offset", "token_logprobs", "tokens", "top_logprobs"]
    rows = zip(logprobs["tokens"], logprobs["token_logprobs"], logprobs["top_logprobs"], strict=True)
    for token, logprob, top in rows:
        assert len(top) in (1, 2, 3)  # tokens with the same text share a key
        assert top[token] >= logprob
    only = complete(tiny, logprobs=0, **fields).json["choices"][0]["logprobs"]
    assert all(len(top) == 1 for top in only["top_logprobs"])


def test_text_offsets_go_on_in_streams(tiny: ServerProcess) -> None:
    whole = complete(tiny, logprobs=0, max_tokens=10).json["choices"][0]["logprobs"]
    chunks = complete(tiny, logprobs=0, max_tokens=10, stream=True).chunks
    streamed = [offset for chunk in chunks for offset in chunk["choices"][0]["logprobs"]["text_offset"]]
    assert streamed == whole["text_offset"]
    assert streamed == [sum(map(len, whole["tokens"][:i])) for i in range(10)]


def test_tokens_as_ids(tiny: ServerProcess) -> None:
    fields: dict[str, Any] = {"max_tokens": 3, "return_tokens_as_token_ids": True, "return_token_ids": True}
    choice = complete(tiny, logprobs=1, **fields).json["choices"][0]
    assert choice["logprobs"]["tokens"] == [f"token_id:{i}" for i in choice["token_ids"]]
    choice = chat(tiny, logprobs=True, top_logprobs=1, **fields).json["choices"][0]
    entries = choice["logprobs"]["content"]
    assert [entry["token"] for entry in entries] == [f"token_id:{i}" for i in choice["token_ids"]]
    assert bytes(entries[0]["top_logprobs"][0]["bytes"]).decode() == entries[0]["token"]


def test_token_ids_come_once_for_the_prompt(tiny: ServerProcess) -> None:
    whole = chat(tiny, max_tokens=4, return_token_ids=True, return_prompt_text=True).json
    chunks = chat(tiny, max_tokens=4, return_token_ids=True, return_prompt_text=True, stream=True).chunks
    assert chunks[0]["prompt_token_ids"] == whole["prompt_token_ids"]
    assert chunks[0]["prompt_text"] == whole["prompt_text"]
    assert not any("prompt_token_ids" in chunk for chunk in chunks[1:])
    ids = [i for chunk in chunks[1:] for i in chunk["choices"][0]["token_ids"]]
    assert ids == whole["choices"][0]["token_ids"]
    text = call(tiny, "POST", "/detokenize", {"tokens": whole["prompt_token_ids"]}).json["prompt"]
    assert text == whole["prompt_text"]


def test_echo_begins_with_the_prompt(tiny: ServerProcess) -> None:
    plain = complete(tiny, max_tokens=4).json["choices"][0]["text"]
    assert complete(tiny, max_tokens=4, echo=True).json["choices"][0]["text"] == "Hello" + plain
    first, *rest = complete(tiny, max_tokens=4, echo=True, stream=True).chunks
    assert first["choices"][0]["text"].startswith("Hello")
    assert "".join(c["choices"][0]["text"] for c in (first, *rest)) == "Hello" + plain
    nothing = complete(tiny, max_tokens=0, echo=True).json
    assert nothing["choices"][0]["text"] == "Hello"


def test_continued_message_keeps_its_role(tiny: ServerProcess) -> None:
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "The"}]
    fields: dict[str, Any] = {"add_generation_prompt": False, "continue_final_message": True, "max_tokens": 3}
    plain = chat(tiny, messages=messages, **fields).json["choices"][0]["message"]
    echoed = chat(tiny, messages=messages, echo=True, **fields).json["choices"][0]["message"]
    assert plain["role"] == echoed["role"] == "assistant"
    assert echoed["content"] == "The" + plain["content"]
    chunks = chat(tiny, messages=messages, echo=True, stream=True, **fields).chunks
    assert "".join(chunk["choices"][0]["delta"]["content"] for chunk in chunks) == echoed["content"]


def test_truncation_keeps_the_asked_side(tiny: ServerProcess) -> None:
    for side, kept in ((None, [8, 9]), ("left", [8, 9]), ("right", [5, 6])):
        choice = complete(
            tiny, prompt=[5, 6, 7, 8, 9], max_tokens=1, truncate_prompt_tokens=2, truncation_side=side,
            return_token_ids=True,
        ).json["choices"][0]  # fmt: skip
        assert choice["prompt_token_ids"] == kept


def test_stream_interval_gathers_tokens(tiny: ServerProcess) -> None:
    chunks = complete(tiny, max_tokens=10, stream=True, stream_interval=4, return_token_ids=True).chunks
    assert [len(chunk["choices"][0]["token_ids"]) for chunk in chunks] == [1, 4, 4, 1]


def test_bias_forces_and_allowed_ids_limit(tiny: ServerProcess) -> None:
    fields: dict[str, Any] = {"max_tokens": 4, "return_token_ids": True}
    forced = complete(tiny, logit_bias={"80": 1000}, **fields).json["choices"][0]["token_ids"]
    assert forced == [80] * 4
    allowed = complete(tiny, allowed_token_ids=[81, 82], **fields).json["choices"][0]["token_ids"]
    assert set(allowed) <= {81, 82}


def test_content_parts_equal_text(tiny: ServerProcess) -> None:
    parts = [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]
    assert (
        chat(tiny, messages=parts, max_tokens=6).json["choices"] == chat(tiny, max_tokens=6).json["choices"]
    )


def test_tools_without_calls_reach_the_template(tiny: ServerProcess) -> None:
    tool = {"type": "function", "function": {"name": "f"}}
    assert chat(tiny, tools=[tool], tool_choice="none", max_tokens=1).status == 200
    assert chat(tiny, tools=[tool], tool_choice=None, max_tokens=1).status == 200


def test_tokenize_and_detokenize_round_trip(tiny: ServerProcess) -> None:
    reply = call(tiny, "POST", "/tokenize", {"prompt": "Hello world", "return_token_strs": True}).json
    assert list(reply) == ["count", "max_model_len", "tokens", "token_strs"]
    assert reply["count"] == len(reply["tokens"]) == len(reply["token_strs"])
    assert reply["max_model_len"] == 512
    bare = call(tiny, "POST", "/tokenize", {"prompt": "Hello world", "add_special_tokens": False}).json[
        "tokens"
    ]
    assert call(tiny, "POST", "/detokenize", {"tokens": bare}).body == b'{"prompt":"Hello world"}'
    assert call(tiny, "POST", "/tokenize", {"prompt": ""}).json["count"] == 0
    assert call(tiny, "POST", "/detokenize", {"tokens": []}).json == {"prompt": ""}
    assert call(tiny, "POST", "/tokenize", {"prompt": "a " * 20_000}).json["count"] > 512


def test_tokenized_chat_is_the_prompt(tiny: ServerProcess) -> None:
    messages = [{"role": "user", "content": "Hello"}]
    tokens = call(tiny, "POST", "/tokenize", {"messages": messages}).json["tokens"]
    assert chat(tiny, max_tokens=1, return_token_ids=True).json["prompt_token_ids"] == tokens


# --- the prompt's logprobs -----------------------------------------------------------------------------


def test_prompt_logprobs_begin_with_null(tiny: ServerProcess) -> None:
    for number in (0, 2):
        reply = chat(tiny, max_tokens=1, prompt_logprobs=number, return_token_ids=True).json
        first, *rest = reply["prompt_logprobs"]
        assert first is None
        assert len(rest) == len(reply["prompt_token_ids"]) - 1
        for token_id, by_id in zip(reply["prompt_token_ids"][1:], rest, strict=True):
            assert next(iter(by_id)) == str(token_id)
            assert number <= len(by_id) <= number + 1 or number == 0
            assert list(by_id[str(token_id)]) == ["logprob", "rank", "decoded_token"]
            ranks = [entry["rank"] for entry in by_id.values()]
            assert set(range(1, number + 1)) <= set(ranks)
    assert chat(tiny, max_tokens=1).json["prompt_logprobs"] is None
    streamed = chat(tiny, max_tokens=1, prompt_logprobs=0, stream=True)
    assert streamed.status == 200


def test_prompt_logprobs_of_completions_are_per_choice(tiny: ServerProcess) -> None:
    reply = complete(
        tiny, prompt=["Hello world", "Bye"], n=2, temperature=1, seed=1, max_tokens=2, prompt_logprobs=1
    ).json
    found = [choice["prompt_logprobs"] for choice in reply["choices"]]
    assert found[0] == found[1] != found[2] == found[3]
    assert all(entries[0] is None for entries in found)


def test_echo_with_logprobs_covers_the_prompt(tiny: ServerProcess) -> None:
    plain = complete(tiny, max_tokens=3, logprobs=2).json["choices"][0]["logprobs"]
    choice = complete(tiny, max_tokens=3, logprobs=2, echo=True, return_token_ids=True).json["choices"][0]
    logprobs = choice["logprobs"]
    num_prompt = len(choice["prompt_token_ids"])
    assert {len(values) for values in logprobs.values()} == {num_prompt + 3}
    assert logprobs["token_logprobs"][0] is logprobs["top_logprobs"][0] is None
    assert logprobs["tokens"][num_prompt:] == plain["tokens"]
    assert logprobs["token_logprobs"][num_prompt:] == plain["token_logprobs"]
    for entries, by_token in zip(
        choice["prompt_logprobs"][1:], logprobs["top_logprobs"][1:num_prompt], strict=True
    ):
        assert max(entry["logprob"] for entry in entries.values()) == max(by_token.values())
    nothing = complete(tiny, max_tokens=0, logprobs=2, echo=True).json["choices"][0]
    assert nothing["text"] == "Hello"
    assert nothing["logprobs"]["tokens"] == logprobs["tokens"][:num_prompt]


def test_streamed_echo_covers_the_prompt_at_once(tiny: ServerProcess) -> None:
    whole = complete(tiny, max_tokens=4, logprobs=1, echo=True).json["choices"][0]
    chunks = complete(tiny, max_tokens=4, logprobs=1, echo=True, stream=True).chunks
    parts = [chunk["choices"][0] for chunk in chunks]
    assert "".join(part["text"] for part in parts) == whole["text"]
    for name in ("tokens", "token_logprobs", "top_logprobs", "text_offset"):
        assert [value for part in parts for value in part["logprobs"][name]] == whole["logprobs"][name]
    assert parts[0]["prompt_token_ids"]


def test_chat_echo_brings_prompt_logprobs(tiny: ServerProcess) -> None:
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "The"}]
    fields: dict[str, Any] = {"add_generation_prompt": False, "continue_final_message": True, "max_tokens": 3}
    reply = chat(tiny, messages=messages, echo=True, logprobs=True, top_logprobs=1, **fields).json
    assert reply["choices"][0]["message"]["content"].startswith("The")
    assert len(reply["choices"][0]["logprobs"]["content"]) == 3
    assert reply["prompt_logprobs"][0] is None


def test_listed_ids_are_the_rivals(tiny: ServerProcess) -> None:
    fields: dict[str, Any] = {"max_tokens": 3, "logprob_token_ids": [80, 81], "return_token_ids": True}
    choice = chat(tiny, logprobs=True, return_tokens_as_token_ids=True, **fields).json["choices"][0]
    for token_id, entry in zip(choice["token_ids"], choice["logprobs"]["content"], strict=True):
        shown = [top["token"] for top in entry["top_logprobs"]]
        assert shown == [f"token_id:{i}" for i in dict.fromkeys([token_id, 80, 81])]
    logprobs = complete(tiny, logprobs=0, return_tokens_as_token_ids=True, **fields).json["choices"][0][
        "logprobs"
    ]
    assert all({"token_id:80", "token_id:81"} <= top.keys() for top in logprobs["top_logprobs"])


def test_bad_words_never_come(tiny: ServerProcess) -> None:
    [token_id] = call(tiny, "POST", "/tokenize", {"prompt": "e", "add_special_tokens": False}).json["tokens"]
    fields: dict[str, Any] = {"max_tokens": 9, "return_token_ids": True, "logit_bias": {str(token_id): 100}}
    assert set(complete(tiny, **fields).json["choices"][0]["token_ids"]) == {token_id}
    banned = complete(tiny, bad_words=["e"], **fields).json["choices"][0]["token_ids"]
    assert token_id not in banned
    pairs = complete(tiny, bad_words=["ee"], **fields).json["choices"][0]["token_ids"]
    assert token_id in pairs


def test_repetition_ends_the_output(tiny: ServerProcess) -> None:
    fields: dict[str, Any] = {
        "logit_bias": {"80": 1000},
        "max_tokens": 30,
        "return_token_ids": True,
        "repetition_detection": {"max_pattern_size": 3, "min_pattern_size": 2, "min_count": 3},
    }
    choice = complete(tiny, **fields).json["choices"][0]
    assert (choice["finish_reason"], choice["stop_reason"]) == ("repetition", "repetition_detected")
    assert choice["token_ids"] == [80] * 6
    later = complete(tiny, min_tokens=10, **fields).json["choices"][0]
    assert later["token_ids"] == [80] * 10
    last = chat(tiny, stream=True, **fields).chunks[-1]["choices"][0]
    assert (last["finish_reason"], last["stop_reason"]) == ("repetition", "repetition_detected")
