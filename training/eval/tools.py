"""Calls of offered functions, and answers from what they returned."""

from __future__ import annotations

import json
import random
from typing import Any

from training.eval import arithmetic, talk
from training.eval.checks import all_of, answers_itself, calls, lacks, says
from training.eval.functions import FUNCTIONS, Function
from training.eval.items import OWN, Item, Message, Skill, system, user

SYSTEM_PROMPTS = (
    "You are a helpful assistant.",
    "Use the functions where they help.",
    "You run a smart home.",
)


def _offered(wanted: list[Function], num_tools: int, rng: random.Random) -> list[dict[str, Any]]:
    others = rng.sample([f for f in FUNCTIONS if f not in wanted], num_tools - len(wanted))
    chosen = [*wanted, *others]
    rng.shuffle(chosen)
    return [function.schema() for function in chosen]


def _opening(rng: random.Random) -> list[Message]:
    return [system(rng.choice(SYSTEM_PROMPTS))] if rng.random() < 0.3 else []


def _called(name: str, arguments: dict[str, Any], number: int = 0) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": f"call_{number}", "type": "function", "function": function}


def one_call(rng: random.Random, num_tools: int) -> Item:
    function = rng.choice(FUNCTIONS)
    text, arguments = function.request(rng)
    tools = _offered([function], num_tools, rng)
    want = f"{function.name} {json.dumps(arguments)}"
    return Item([*_opening(rng), user(text)], calls((function.name, arguments)), want, tools=tools)


def optional_left_out(rng: random.Random) -> Item:
    """A sentence that does not say an argument that need not be there."""
    while True:
        item = one_call(rng, rng.randint(1, 3))
        name = item.want.partition(" ")[0]
        function = next(f for f in FUNCTIONS if f.name == name)
        if function.optional and not any(f'"{key}"' in item.want for key in function.optional):
            return item


def two_calls(rng: random.Random) -> Item:
    """The same function twice, or two of them."""
    first = rng.choice(FUNCTIONS)
    second = first if rng.random() < 0.3 else rng.choice(FUNCTIONS)
    requests = [function.request(rng) for function in (first, second)]
    if requests[0] == requests[1]:
        return two_calls(rng)
    joint = rng.choice((" Also: ", " And then: ", "\n", " "))
    texts = [text if text[-1] in ".?%" else text + "." for text, _ in requests]
    wanted = [(f.name, arguments) for f, (_, arguments) in zip((first, second), requests, strict=True)]
    tools = _offered(list({f.name: f for f in (first, second)}.values()), rng.randint(2, 4), rng)
    want = "; ".join(f"{name} {json.dumps(arguments)}" for name, arguments in wanted)
    return Item([*_opening(rng), user(joint.join(texts))], calls(*wanted), want, tools=tools)


def no_call(rng: random.Random) -> Item:
    """Nothing that is offered fits: the model answers as it would without functions."""
    makers = [
        arithmetic.addition,
        talk.hello_seed,
        talk.ai_seed,
        talk.haiku_seed,
        talk.unknown,
        *(skill.make for skill in talk.SMALL_TALK),
    ]
    item = rng.choice(makers)(rng)
    assert isinstance(item, Item)
    item.tools = _offered([], rng.randint(1, 4), rng)
    item.passes = answers_itself(item.passes)
    item.want += ", no call"
    return item


def from_result(rng: random.Random) -> Item:
    function = rng.choice(FUNCTIONS)
    text, arguments = function.request(rng)
    content, values = function.result(rng)
    call = {"role": "assistant", "content": "", "tool_calls": [_called(function.name, arguments)]}
    result = {"role": "tool", "tool_call_id": "call_0", "content": content}
    passes = all_of(says(*values), lacks("tool_call"), lambda answer: "{" not in answer)
    tools = _offered([function], rng.randint(1, 3), rng)
    return Item([*_opening(rng), user(text), call, result], passes, f"from {content}", tools=tools)


def second_call(rng: random.Random) -> Item:
    """Another call after the first one was answered."""
    item = from_result(rng)
    function = next(f for f in FUNCTIONS if f.schema() in item.tools)
    text, arguments = function.request(rng)
    item.messages += [OWN, user(text)]
    item.passes = calls((function.name, arguments))
    item.want = f"{function.name} {json.dumps(arguments)}"
    return item


SKILLS = (
    Skill("tools: one offered", "paraphrase", lambda rng: one_call(rng, 1)),
    Skill("tools: one of two to four", "paraphrase", lambda rng: one_call(rng, rng.randint(2, 4))),
    Skill("tools: optional argument left out", "paraphrase", optional_left_out),
    Skill("tools: two calls", "paraphrase", two_calls),
    Skill("tools: none fits", "paraphrase", no_call),
    Skill("tools: answer from the result", "paraphrase", from_result),
    Skill("tools: a call in a later turn", "paraphrase", second_call),
)
