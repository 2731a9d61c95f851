"""Conversations in which the model thinks before it answers: short, true steps between <think> and </think>."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable

from training import common_knowledge, skills, sums, words
from training.dialogue import Dialogue, Turn
from training.grammar import pick
from training.json_answers import json_dialogue
from training.values import MONTHS, WEEKDAYS

ASKED_BEFORE = [
    "{Think first|Think|Please think first|Think about it first|First think|Think step by step}{:|.} ",
    "{Think before you answer|Think carefully|Think before answering|Take your time and think|Think it through|Reason first|Please reason step by step|Reason step by step}{:|.} ",
    "{Let us|Let's} think{| step by step| first}{:|.} ",
    "{Think aloud|Think out loud|Show your thoughts|Show your thinking|Show your reasoning|Think in steps}{:|.} ",
]
_FIRST = "{step by step|carefully|first|in steps|slowly|aloud|out loud|it through|about it|hard|well|before you answer|before answering|before you speak|for a moment|in small steps|one step at a time|a little}"
ASKED_BEFORE += [
    "{Please |Now |Now please |}{think|reason|reflect|think|think} " + _FIRST + "{:|.|!} ",
    "{Can|Could|Would|Will} you {please |}{think|think|reason} " + _FIRST + "{?|:} ",
    "{I want|I'd like|I would like|I need|I ask} you to {think|reason|think} " + _FIRST + "{:|.} ",
    "{Take a moment|Take your time|Pause|Use your head|Use your brain|Do not hurry|Don't rush|No hurry|Have a think|Give it some thought|Give this some thought|Be careful and think}{:|.|, then answer:|: think first.| and think:} ",
    "{With thoughts|With your thoughts|With reasoning|With your reasoning|With all steps|With thinking|Step by step|In steps|Thoughtfully|After some thought}{:|,} ",
    "{Show|Tell|Write|Write down|Explain|Give} {me |}{your thoughts|your thinking|your reasoning|your steps|each step|the steps|how you think|what you think on the way}{:|.| first:| and then the answer:| before the answer:} ",
    "{Here is something to think about|A question to think about|Something for your brain|Think about this|Reason about this|Reflect on this|Something to reason about}{:|.} ",
    "{Start|Begin} {with|by writing down} your {thoughts|reasoning|thinking}{:|.|, then answer:} ",
]
ASKED_AFTER = [
    " {Think first|Think step by step|Please think step by step|Think before you answer|Think carefully|Think about it first|Reason step by step|Please think first|Think it through}{.||!}",
    " {Let us|Let's} think{| step by step}{.|}",
    " {Show your thinking|Show your thoughts|Show your reasoning|Show me how you think|Think aloud}{.|}",
]
ASKED_AFTER += [
    " {Please |}{think|reason|reflect|think} " + _FIRST + "{.||!|, please.}",
    " {Can|Could|Would} you {please |}{think|reason} " + _FIRST + "{?|}",
    " {I want|I'd like|I would like|I need} {you to think|you to reason|you to think} " + _FIRST + "{.|}",
    " {Take your time|Take a moment|Do not hurry|Don't rush|No hurry} and {think|think it through|think it over|reason}{.|!|}",
    " {Show|Tell|Write down|Explain|Give} {me |}{your thoughts|your thinking|your reasoning|your steps|each step|the steps|how you get there}{.|, please.| too.| as well.| before the answer.}",
    " {I want|I'd like|I would like} to {see|read|know|follow} {your thoughts|your thinking|your reasoning|how you think|each step|the steps}{.|, please.|}",
    " {With your thoughts|With your reasoning|With all steps|Step by step|In small steps|After some thought|Thinking first}{, please.|.|}",
    " {Use|Start with|Begin with} {<think>|your thoughts|your reasoning}{.|, then answer.}",
]
SYSTEM_PROMPTS = [
    "{Think|Always think|Please think|Think carefully|You think} {first|before you answer|before answering|step by step}{.|, then answer.}",
    "You are {a helpful|a careful|an} assistant{.| who thinks before it answers.} {Think step by step.|Think before you answer.|Think first.|Always think first.}",
    "{Think|Reason|First think} between <think> and </think>{.|, then answer.| before you answer.}",
    "{Write|Put} your {thoughts|reasoning|thinking} {between|in} <think>{ and </think>| tags} {before|and then} {you answer|the answer}.",
    "{Reason step by step|Show your reasoning first|Think aloud before every answer}.",
]
SYSTEM_PROMPTS += [
    "{You are {a helpful|a careful|a thoughtful|a patient|a quiet} {assistant|model|helper|teacher}. |You help people. |}{Please |Always |}{think|reason|reflect|think} "
    + _FIRST
    + "{.|, then answer.| and then answer.}",
    "{Before|Ahead of} {every answer|each answer|all answers|your answer}, {think|write your thoughts|reason|show your thoughts|think it through|write down your steps}{.| step by step.| carefully.}",
    "{Every|Each} {answer|reply} {starts|begins|has to start|must begin} with {your thoughts|a thought|reasoning|your reasoning|<think>}{.|, then comes the answer.}",
    "{Show|Write|Give|Write down} your {thoughts|reasoning|thinking|steps} {before|ahead of} {every answer|the answer|you answer|each reply}.",
    "{The user|The teacher|Everyone} {would like to see|likes to see|wants to see} {your thoughts|your reasoning|the steps}{.| before the answer.}",
    "{Use|Open with|Work with} <think> {and </think> |}{for your thoughts|for thinking|to reason|before you answer|first}{.|, then answer.}",
]
OTHER_SYSTEM_PROMPTS = [
    "You are a helpful assistant.",
    "You are {Martlet|a friendly assistant|an honest assistant|a small model}.",
]
THOUGHT = "<think>\n{}\n</think>\n\n{}"

_ABOUT_ME = (
    "identity human other_models maker training size abilities limits where memory languages age safety can_calculate"
    " can_spell can_know can_call_tools can_json can_think test"
).split()
_ABOUT_MARTLET = (
    "install serve client why_martlet why_name licence lora quantize gguf make_embeddings stream_answers test_with terminal"
    " port hardware"
).split()
INTENT_THOUGHTS = {
    **dict.fromkeys(_ABOUT_ME, "The user asks about me."),
    **dict.fromkeys(_ABOUT_MARTLET, "The user asks about Martlet."),
    "greeting": "The user greets me.",
    "how_are_you": "The user asks how I am.",
    "identity": "The user asks who I am.",
    "thanks": "The user thanks me.",
    "praise": "The user likes it.",
    "complaint": "The user is not happy.",
    "goodbye": "The user says goodbye.",
    "joke": "The user wants a joke.",
    "user_name": "The user tells me a name.",
    "recall_name": "The user asks for a name.",
    "haiku": "A haiku has three lines: 5, 7 and 5 syllables.",
    "haiku_about": "A haiku has three lines: 5, 7 and 5 syllables.",
    "unknown": "I have not learned that.",
    "beyond_sum": "These are not two numbers of up to two digits.",
    "unknown_capital": "I do not know this place.",
    "unknown_country": "I do not know this city as a capital.",
    "unknown_colour": "I do not know this thing.",
    "count_items": "I count the items one by one.",
}
OTHER_THOUGHT = "I know what to say to that."


def thinking_dialogue(rng: random.Random) -> Dialogue:
    """Return a conversation whose last answer is thought about, because someone asks for it."""
    kind = rng.random()
    if kind < 0.04:
        return _json_with_thought(rng)
    turns = [_turn(rng) for _ in range(rng.choices((1, 2, 3), (75, 18, 7))[0])]
    if kind < 0.5:
        system = pick(OTHER_SYSTEM_PROMPTS, rng) if rng.random() < 0.25 else ""
        return _dialogue(turns, system, always=True, enable_thinking=True)
    if kind < 0.7:
        return _dialogue(turns, pick(SYSTEM_PROMPTS, rng), always=True, enable_thinking=False)
    system = pick(OTHER_SYSTEM_PROMPTS, rng) if rng.random() < 0.2 else ""
    last = turns[-1]
    turns[-1] = Turn(_asked(last, rng), last.assistant, last.skill, last.key)
    return _dialogue(turns, system, always=False, enable_thinking=False)


def _dialogue(turns: list[Turn], system: str, *, always: bool, enable_thinking: bool) -> Dialogue:
    """Think in the last turn; in those before, if `always`, the thoughts are no longer shown."""
    dialogue = Dialogue([{"role": "system", "content": system}] if system else [], [], enable_thinking)
    for number, turn in enumerate(turns):
        last = number == len(turns) - 1
        dialogue.messages.append({"role": "user", "content": turn.user})
        answer = THOUGHT.format(thought(turn), turn.assistant) if last or always else turn.assistant
        dialogue.messages.append({"role": "assistant", "content": answer})
        if always and not last:
            dialogue.messages[-1]["learned"] = False
    return dialogue


def _asked(turn: Turn, rng: random.Random) -> str:
    """Return the question with the wish for thoughts before or behind it; before, where it may end with what counts."""
    user = turn.user
    is_open = turn.skill in words.SKILLS and not user.endswith((".", "?", "!", "please"))
    if rng.random() < 0.5 or is_open:
        return pick(ASKED_BEFORE, rng).rstrip() + rng.choice((" ", " ", "\n")) + user
    end = "" if user.endswith((".", "?", "!")) else "."
    return f"{user}{end} {pick(ASKED_AFTER, rng)}"


def _json_with_thought(rng: random.Random) -> Dialogue:
    """Think about the values of a JSON object before it is written."""
    while True:
        dialogue = json_dialogue(rng)
        if len([m for m in dialogue.messages if m["role"] == "user"]) == 1:
            break
    dialogue.enable_thinking = True
    answer = dialogue.messages[-1]["content"]
    keys = ", ".join(json.loads(answer))
    dialogue.messages[-1]["content"] = THOUGHT.format(f"I look for: {keys}.", answer)
    return dialogue


MAKERS: tuple[tuple[Callable[[random.Random], Turn], float], ...] = (
    (sums.sum_turn, 30),
    (sums.beyond_turn, 3),
    (words.spell_turn, 9),
    (words.reverse_turn, 10),
    (words.count_letters_turn, 10),
    (words.count_letter_turn, 12),
    (words.count_words_turn, 3),
    (words.count_items_turn, 2),
    (words.sort_turn, 7),
    (words.sort_numbers_turn, 5),
    (words.reverse_list_turn, 3),
    (common_knowledge.capital_turn, 5),
    (common_knowledge.country_turn, 3),
    (common_knowledge.is_capital_turn, 2),
    (common_knowledge.unknown_place_turn, 3),
    (common_knowledge.colour_turn, 4),
    (common_knowledge.mix_turn, 3),
    (common_knowledge.next_turn, 3),
    (common_knowledge.previous_turn, 3),
    (common_knowledge.later_turn, 4),
    (common_knowledge.weekend_turn, 2),
    (common_knowledge.month_turn, 2),
    (skills.intent_turn, 10),
    (skills.topic_turn, 5),
    (skills.haiku_turn, 3),
    (skills.unknown_turn, 5),
)


def _turn(rng: random.Random) -> Turn:
    makers, weights = zip(*MAKERS, strict=True)
    return rng.choices(makers, weights)[0](rng)  # type: ignore[no-any-return]  # choices loses the callables' type


def thought(turn: Turn) -> str:
    """Return the steps that lead to the turn's answer."""
    step = _STEPS.get(turn.skill)
    return step(turn) if step else INTENT_THOUGHTS.get(turn.skill, OTHER_THOUGHT)


# --- sums ----------------------------------------------------------------------------------------------


def _sum(turn: Turn) -> str:
    left, sign, right, result = _parts(r"(\d+) ([+-]) (\d+) = (-?\d+)\.", turn.assistant)
    a, b = int(left), int(right)
    if sign == "+":
        steps = _addition(a, b)
    elif a < b:
        steps = f"{a} is less than {b}, so I turn it around: {b} - {a}. {_subtraction(b, a)} Turned back, it is negative."
    else:
        steps = _subtraction(a, b)
    return f"{a} {sign} {b}. {steps} That gives {result}."


def _addition(a: int, b: int) -> str:
    """Add the ones, then the tens with the carry."""
    ones = a % 10 + b % 10
    carry = f", write {ones % 10}, carry 1" if ones > 9 else ""
    tens = " + ".join([str(a // 10), str(b // 10), *(["1"] if ones > 9 else [])])
    return f"Ones: {a % 10} + {b % 10} = {ones}{carry}. Tens: {tens} = {a // 10 + b // 10 + ones // 10}."


def _subtraction(a: int, b: int) -> str:
    """Subtract the ones, then the tens; where the ones are too few, one of the tens is borrowed."""
    borrow = a % 10 < b % 10
    ones = f"{a % 10 + 10 * borrow} - {b % 10} = {a % 10 + 10 * borrow - b % 10}"
    told = f"{a % 10} is less than {b % 10}, borrow 1: {ones}" if borrow else ones
    tens = " - ".join([str(a // 10), *(["1"] if borrow else []), str(b // 10)])
    return f"Ones: {told}. Tens: {tens} = {a // 10 - borrow - b // 10}."


# --- words and lists -----------------------------------------------------------------------------------


def _spell(turn: Turn) -> str:
    return f"The letters are {', '.join(turn.key)}."


def _reverse(turn: Turn) -> str:
    return f"The letters are {', '.join(turn.key)}. From the last to the first: {', '.join(turn.key[::-1])}."


def _count_letters(turn: Turn) -> str:
    return ", ".join(f"{letter} {number}" for number, letter in enumerate(turn.key, 1)) + "."


def _count_letter(turn: Turn) -> str:
    word, wanted = turn.key.rsplit("/", 1)
    steps, count = [], 0
    for letter in word:
        count += letter == wanted
        steps.append(f"{letter} {count}" if letter == wanted else letter)
    return ", ".join(steps) + f". The letter {wanted} occurs {count} time{'' if count == 1 else 's'}."


def _count_words(turn: Turn) -> str:
    return f"I count the words: {', '.join(str(n) for n in range(1, int(turn.key) + 1))}."


def _sort(turn: Turn) -> str:
    """Compare the first letters, and further ones where these are the same."""
    items = turn.assistant.split(", ")
    steps = [f"The first letters in order are {', '.join(item[0].lower() for item in items)}."]
    for first, second in itertools.pairwise(items):
        if first[0].lower() == second[0].lower():
            steps.append(f"{first} comes before {second}.")
    return " ".join(steps)


def _sort_numbers(turn: Turn) -> str:
    numbers = turn.assistant.split(", ")
    rises = int(numbers[0]) < int(numbers[-1])
    return f"The {'smallest' if rises else 'largest'} is {', then '.join(numbers)}."


def _reverse_list(turn: Turn) -> str:
    items = turn.assistant.split(", ")
    return f"The last is {items[0]}, the first is {items[-1]}. I go from the last to the first."


# --- facts ---------------------------------------------------------------------------------------------


def _capital(turn: Turn) -> str:
    place, city = _parts(r"The capital of (.+) is (.+)\.", turn.assistant)
    return f"The country is {place}. Its capital is {city}."


def _country(turn: Turn) -> str:
    city, place = _parts(r"(.+) is the capital of (.+)\.", turn.assistant)
    return f"The city is {city}. It is the capital of {place}."


def _is_capital(turn: Turn) -> str:
    place, city = _parts(r"\w+, the capital of (.+) is (.+)\.", turn.assistant)
    return f"The country is {place}. Its capital is {city}."


def _later(turn: Turn) -> str:
    """Name each day or month on the way."""
    steps, way, name, found = _parts(r"(\d+) \w+ (after|before) (\w+) is (\w+)\.", turn.assistant)
    cycle = WEEKDAYS if name in WEEKDAYS else MONTHS
    step = 1 if way == "after" else -1
    at = cycle.index(name)
    counted = [f"{cycle[(at + step * n) % len(cycle)]} {n}" for n in range(1, int(steps) + 1)]
    return f"I count from {name}: {', '.join(counted)}. So {found}."


def _fact(turn: Turn) -> str:
    return f"I know this: {turn.assistant.split('. ')[0].rstrip('.')}."


def _topic(turn: Turn) -> str:
    return f"I know what {turn.key} is."


def _parts(pattern: str, text: str) -> tuple[str, ...]:
    found = re.match(pattern, text)
    if not found:
        raise ValueError(text)
    return found.groups()


_STEPS: dict[str, Callable[[Turn], str]] = {
    "sum": _sum,
    "spell": _spell,
    "reverse": _reverse,
    "count_letters": _count_letters,
    "count_letter": _count_letter,
    "count_words": _count_words,
    "sort": _sort,
    "sort_numbers": _sort_numbers,
    "reverse_list": _reverse_list,
    "capital": _capital,
    "country": _country,
    "is_capital": _is_capital,
    "later": _later,
    "colour": _fact,
    "mix": _fact,
    "unmix": _fact,
    "colours": _fact,
    "next": _fact,
    "previous": _fact,
    "weekend": _fact,
    "month_days": _fact,
    "season": _fact,
    "topic": _topic,
}
