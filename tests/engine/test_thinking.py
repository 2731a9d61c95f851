"""thinking_token_budget: thoughts end when their tokens are spent, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from martlet.engine.request import SamplingParams
from martlet.engine.thinking import ThinkingBudget
from martlet.errors import InvalidParameter
from tests.engine.constraints.samples import grammar
from tests.engine.fakes import EOS, Result, byte_tokenizer, fake_engine, generate


def ids(text: str) -> tuple[int, ...]:
    return tuple(byte_tokenizer().encode(text, add_special_tokens=False))


START, END = ids("<t>"), ids("</t>")


def say(text: str, max_tokens: int, prompt: str = "Hi", **options: Any) -> Result:
    """Let a model say a text, which it goes on with wherever it is interrupted."""
    budget = ThinkingBudget(max_tokens, [ids("[T]"), START], [END, ids("[/T]")])
    script = {"r0": [*ids(text), *[EOS] * 200]}
    params = SamplingParams(**{"max_tokens": 200, "temperature": 0, "thinking_budget": budget, **options})
    return generate(fake_engine(script=script), [list(ids(prompt))], params)[0]


@pytest.mark.parametrize(
    ("max_tokens", "text", "expected"),
    [
        (5, "<t>0123456789</t>Yes.", "<t>01234</t>9</t>Yes."),
        (0, "<t>0123456789</t>Yes.", "<t></t>456789</t>Yes."),
        (10, "<t>0123456789</t>Yes.", "<t>0123456789</t>Yes."),
        (50, "<t>0123456789</t>Yes.", "<t>0123456789</t>Yes."),
        (2, "No thoughts.</t> <t", "No thoughts.</t> <t"),
        (6, "<t>01[/T]0123456789", "<t>01[/T]0123456789"),  # ended in another spelling
        (4, "<t>01</t> and <t>0123456789", "<t>01</t> and <t>0123</t>89"),  # a new budget for new thoughts
        (3, "[T]<t>0123456", "[T]<t></t>"),
    ],
)
def test_thoughts_end_when_the_budget_is_spent(max_tokens: int, text: str, expected: str) -> None:
    if max_tokens == 3:
        expected += text[len(expected) :]
    assert say(text, max_tokens).text == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("<t>", "012</t>789"),
        ("<t>ab", "0</t>56789"),
        ("<t>abcdefgh", "</t>456789"),
        ("<t>ab</t>", "0123456789"),
        ("<t>ab</t><t>", "012</t>789"),
    ],
)
def test_thoughts_that_began_in_the_prompt_count(prompt: str, expected: str) -> None:
    assert say("0123456789", 3, prompt).text == expected


def test_end_is_said_against_all_other_wishes() -> None:
    options = {"temperature": 1.5, "seed": 1, "logit_bias": {ids("<")[0]: -100}, "bad_words": [END]}
    result = say("<t>0123456789", 4, num_logprobs=1, min_p=0.5, **options, prompt="<t>")
    assert "</t>" in result.text[:12]
    assert len(result.logprobs) == len(result.token_ids)


def test_grammar_goes_before_the_budget() -> None:
    result = say("<t>aaaaaaaaaaaaaaaa", 4, grammar=grammar("regex", "<t>a{12}"))
    assert result.text == "<t>aaaaaaaaaaaa"
    result = say("<t>aaaaaaaaaaaaaaaa", 4, grammar=grammar("regex", "<t>a*</t>b{3}"))
    assert result.text == "<t>aaaa</t>bbb"


def test_marks_beyond_the_vocabulary_are_refused() -> None:
    params = SamplingParams(max_tokens=4, thinking_budget=ThinkingBudget(4, [START], [(1000,)]))
    with pytest.raises(InvalidParameter, match="token id 1000 is out of vocabulary"):
        fake_engine().add("a", [1], params)
    with pytest.raises(InvalidParameter, match="must be -1"):
        ThinkingBudget(-2, [START], [END])
