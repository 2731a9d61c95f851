"""Outputs follow their constraints, whatever the model would rather say."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from typing import Any

import jsonschema
import numpy as np
import pytest

from martlet.engine.config import EngineConfig
from martlet.engine.constraints import Constraint, Grammar
from martlet.engine.request import Request, SamplingParams
from martlet.engine.scheduler import Batch
from tests.engine.constraints.samples import compiler, grammar, json_constraint, random_regex, random_schema
from tests.engine.fakes import (
    EOS,
    SECOND_EOS,
    VOCAB_SIZE,
    FakeRunner,
    Result,
    byte_tokenizer,
    fake_engine,
    generate,
    run_to_end,
)

PROMPT = list(b"Say it: ")
TOKENIZER = byte_tokenizer()
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 8}, "age": {"type": "integer", "maximum": 150}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


def params(grammar: Grammar, **options: Any) -> SamplingParams:
    return SamplingParams(**{"max_tokens": 700, "seed": 1, "grammar": grammar, **options})


def id_of(char: str) -> int:
    [token_id] = TOKENIZER.encode(char, add_special_tokens=False)
    return token_id


def run(grammars: Sequence[Grammar], config: EngineConfig | None = None, **options: Any) -> list[Result]:
    """Follow all the grammars together."""
    engine = fake_engine(config, num_blocks=4000, max_model_len=800)
    for index, each in enumerate(grammars):
        engine.add(f"r{index}", PROMPT, params(each, **{"seed": index, **options}))
    results = run_to_end(engine)
    return [results[f"r{index}"] for index in range(len(grammars))]


# --- random constraints ----------------------------------------------------------------------------------


def test_random_schemas_give_valid_json() -> None:
    rng = random.Random(0)
    schemas = [random_schema(rng) for _ in range(150)]
    results = run([compiler.compile(json_constraint(schema)) for schema in schemas])
    finished = 0
    for schema, result in zip(schemas, results, strict=True):
        if result.finish_reason == "stop":
            jsonschema.validate(json.loads(result.text), schema)
            finished += 1
    assert finished > 125  # random digits may go on for long


def test_random_regexes_match_whole_outputs() -> None:
    rng = random.Random(1)
    regexes = [random_regex(rng, 4) for _ in range(150)]
    results = run([grammar("regex", regex) for regex in regexes])
    for regex, result in zip(regexes, results, strict=True):
        assert result.finish_reason == "stop"
        assert re.fullmatch(regex, result.text), (regex, result.text)


@pytest.mark.parametrize("seed", range(40))
def test_every_mask_allows_a_token(seed: int) -> None:
    rng = random.Random(seed)
    if seed % 2:
        matcher = compiler.compile(json_constraint(random_schema(rng))).matcher()
    else:
        matcher = grammar("regex", random_regex(rng, 4)).matcher()
    request = Request("r", list(PROMPT), len(PROMPT), SamplingParams(max_tokens=1000))
    for _ in range(300):
        mask = matcher.mask(request)
        assert mask is not None
        assert mask.shape == (VOCAB_SIZE,)
        allowed = np.flatnonzero(mask).tolist()
        assert allowed
        assert not {256, 259} & set(allowed)  # neither another special token nor padding
        request.token_ids.append(rng.choice(allowed))
        if request.token_ids[-1] in (EOS, SECOND_EOS):
            return


# --- kinds -----------------------------------------------------------------------------------------------


def test_choice_is_one_of_them() -> None:
    choices = ["yes", "no", 'a "quoted" one', "Grüße 😀", "back\\slash\n"]
    found = {result.text for result in run([grammar("choice", json.dumps(choices))] * 40)}
    assert found <= set(choices)
    assert len(found) >= 3


GBNF = """root ::= "(" inner ")"  # a list
inner ::= number ("," number)*
number ::= [0-9] [0-9]?
"""
LARK = """start: "(" inner ")"
inner: NUMBER ("," NUMBER)*
NUMBER: /[0-9][0-9]?/
"""


@pytest.mark.parametrize("text", [GBNF, LARK])
def test_grammars_of_either_notation_are_followed(text: str) -> None:
    for result in run([grammar("grammar", text)] * 8):
        assert re.fullmatch(r"\([0-9]{1,2}(,[0-9]{1,2})*\)", result.text)


def test_regex_classes_are_ascii() -> None:
    for regex in (r"\d{9}", r"\w{9}", r"\s{9}"):
        for result in run([grammar("regex", regex)] * 5):
            assert re.fullmatch(f"(?a:{regex})", result.text)


def test_regex_anchors_mean_nothing_more() -> None:
    assert {result.text for result in run([grammar("regex", "^ab$")] * 3)} == {"ab"}


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        ({"disable_any_whitespace": True}, r'\{"a":1\}'),
        ({"whitespace_pattern": "_"}, r'_?\{_?"a"_?:_?1_?\}_?'),
        ({}, r'\{\s{0,64}"a"\s{0,64}:\s{0,64}1\s{0,64}\}'),
    ],
)
def test_blanks_in_json_are_as_asked(options: dict[str, Any], allowed: str) -> None:
    schema = {
        "properties": {"a": {"const": 1}},
        "required": ["a"],
        "additionalProperties": False,
        "type": "object",
    }
    for result in run([compiler.compile(json_constraint(schema, **options))] * 12):
        assert re.fullmatch(allowed, result.text), result.text


LEGACY_TAG = {
    "structures": [
        {"begin": "<f=a>", "schema": {"type": "integer", "maximum": 9, "minimum": 0}, "end": "</f>"}
    ],
    "triggers": ["<f"],
}
ONCE = {"at_least_one": True, "stop_after_first": True}
TAG = {"type": "tag", "begin": "<t>", "content": {"type": "regex", "pattern": "[ab]{2}"}, "end": "</t>"}


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ({"type": "const_string", "value": "héllo"}, "héllo"),
        ({"type": "json_schema", "json_schema": {"const": [1, 2]}}, r"\[\s*1\s*,\s*2\s*\]"),
        (TAG, "<t>[ab]{2}</t>"),
        ({"type": "sequence", "elements": [TAG, {"type": "const_string", "value": "!"}]}, "<t>[ab]{2}</t>!"),
        ({"type": "or", "elements": [TAG, {"type": "const_string", "value": "!"}]}, "<t>[ab]{2}</t>|!"),
        ({"type": "optional", "content": TAG}, "(<t>[ab]{2}</t>)?"),
        ({"type": "plus", "content": {"type": "const_string", "value": "x"}}, "x+"),
        ({"type": "star", "content": {"type": "const_string", "value": "x"}}, "x*"),
        (
            {"type": "tags_with_separator", "tags": [TAG], "separator": ",", "at_least_one": True},
            "<t>[ab]{2}</t>(,<t>[ab]{2}</t>)*",
        ),
        (
            {"type": "triggered_tags", "triggers": ["<"], "tags": [TAG], **ONCE},
            "(?s).*<t>[ab]{2}</t>",
        ),
        (
            {"type": "tag", "begin": "<", "content": {"type": "any_text"}, "end": [">", ";"]},
            "(?s)<[^>;]*[>;]",
        ),
    ],
)  # fmt: skip
def test_structural_tags_are_followed(format: dict[str, Any], expected: str) -> None:
    tag = grammar("structural_tag", json.dumps({"type": "structural_tag", "format": format}))
    for result in run([tag] * 6, logit_bias={EOS: 20.0, id_of("<"): 6.0}):
        if result.finish_reason == "stop":
            assert re.fullmatch(expected, result.text), result.text


def test_legacy_tag_binds_only_behind_its_trigger() -> None:
    tag = grammar("structural_tag", json.dumps(LEGACY_TAG))
    results = run([tag] * 10, logit_bias={id_of("<"): 9.0, id_of("f"): 6.0}, max_tokens=150)
    text = "".join(result.text for result in results)
    assert re.findall(r"<f", text)
    whole = [part for result in results for part in result.text.split("<f")[1:-1]]
    assert whole
    assert all(re.match(r"=a>\s*[0-9]\s*</f>", part) for part in whole)


# --- with other parameters -------------------------------------------------------------------------------


def test_end_comes_only_where_the_grammar_allows_it() -> None:
    eager = {EOS: 100.0, SECOND_EOS: 100.0}
    [result] = run([compiler.compile(json_constraint(PERSON))], logit_bias=eager)
    assert result.finish_reason == "stop"
    jsonschema.validate(json.loads(result.text), PERSON)
    assert result.token_ids[-1] in eager


def test_forced_end_counts_and_hides() -> None:
    [result] = run([grammar("choice", '["yes"]')], ignore_eos=True)
    assert (result.text, result.finish_reason, len(result.token_ids)) == ("yes", "stop", 4)


def test_min_tokens_holds_until_the_grammar_is_done() -> None:
    eager = {EOS: 100.0}
    [result] = run([grammar("regex", "a+")], min_tokens=10, logit_bias=eager)
    assert result.text == "a" * 10
    [result] = run([grammar("regex", "aaa")], min_tokens=10)
    assert (result.text, result.finish_reason) == ("aaa", "stop")


def test_stop_string_ends_before_the_grammar() -> None:
    [result] = run([grammar("regex", "abcdef")], stop=("d",))
    assert (result.text, result.finish_reason, result.stop_reason) == ("abc", "stop", "d")


def test_max_tokens_cut_the_output() -> None:
    [result] = run([grammar("regex", "[a-z]{50}")], max_tokens=7)
    assert re.fullmatch("[a-z]{7}", result.text)
    assert result.finish_reason == "length"


def test_logprobs_are_of_the_allowed_tokens() -> None:
    [result] = run([grammar("regex", "[ab]c")], num_logprobs=3)
    first, second, end = result.logprobs
    assert np.exp([logprob for _, logprob in first.top[:2]]).sum() == pytest.approx(1)
    assert {token_id for token_id, _ in first.top[:2]} == {id_of("a"), id_of("b")}
    assert first.top[2][1] == -np.inf
    assert (second.logprob, second.rank) == (0.0, 1)
    assert {token_id for token_id, _ in end.top[:2]} == {EOS, SECOND_EOS}


def test_bans_hold_within_a_grammar() -> None:
    results = run([grammar("regex", "[abc]{20}")] * 5, bad_words=[(id_of("a"),), (id_of("b"), id_of("b"))])
    assert all("a" not in result.text and "bb" not in result.text for result in results)


def test_nothing_left_to_choose_is_an_error_of_that_request_alone() -> None:
    engine = fake_engine()
    engine.add("stuck", PROMPT, params(grammar("regex", "a"), allowed_token_ids=[id_of("b")]))
    engine.add("fine", PROMPT, params(grammar("regex", "a")))
    results = run_to_end(engine)
    assert results["stuck"].finish_reason == "error"
    assert results["fine"].text == "a"


# --- whatever else goes on -------------------------------------------------------------------------------


def crowd() -> list[Grammar]:
    rng = random.Random(7)
    return [compiler.compile(json_constraint(random_schema(rng))) for _ in range(16)]


def test_alone_and_among_others_is_the_same() -> None:
    together = run(crowd(), num_logprobs=2)
    for index, each in enumerate(crowd()):
        assert run([each], num_logprobs=2, seed=index) == [together[index]]


def test_preempted_requests_go_on_where_they_were() -> None:
    grammars = [compiler.compile(json_constraint(PERSON))] * 8
    calm = run(grammars)
    config = EngineConfig(max_num_seqs=8, max_num_batched_tokens=32)
    engine = fake_engine(config, num_blocks=12, max_model_len=190)
    for index, each in enumerate(grammars):
        engine.add(f"r{index}", PROMPT, params(each, seed=index))
    results = run_to_end(engine)
    assert engine.stats().num_preemptions > 0
    assert [results[f"r{index}"] for index in range(8)] == calm


def test_choices_of_a_request_share_a_grammar() -> None:
    shared = compiler.compile(json_constraint(PERSON))
    results = run([shared] * 6)
    assert len({result.text for result in results}) == 6
    for result in results:
        jsonschema.validate(json.loads(result.text), PERSON)


def test_abort_while_a_mask_is_computed_is_harmless() -> None:
    engine = fake_engine()
    for index in range(20):
        engine.add(f"r{index}", PROMPT, params(compiler.compile(json_constraint(PERSON)), seed=index))
        engine.step()
        engine.abort(f"r{index}")
    engine.check_invariants()
    assert not engine.has_work


class WaitingRunner(FakeRunner):
    """Returns from a step only when somebody else has computed the masks that it will need."""

    def run(self, batch: Batch) -> Any:
        for request in batch.sampled:
            assert request.matcher is not None
            assert request.matcher.job is not None
            request.matcher.job.result(timeout=110)
        return super().run(batch)


def test_masks_are_computed_while_the_model_runs() -> None:
    engine = fake_engine(runner=WaitingRunner(256, 16))
    [result] = generate(engine, [PROMPT], params(grammar("choice", '["aha"]')))
    assert result.text == "aha"


def test_unconstrained_engine_starts_no_thread() -> None:
    import threading

    before = set(threading.enumerate())
    generate(fake_engine(), [PROMPT], SamplingParams(max_tokens=5))
    assert set(threading.enumerate()) <= before


def test_constraint_is_compiled_once() -> None:
    constraint = Constraint("regex", "once [a-z]+")
    assert compiler.cached(constraint) is None
    compiled = compiler.compile(constraint)
    assert compiler.cached(constraint) is compiled
    assert compiler.compile(Constraint("regex", "once [a-z]+")) is compiled
