"""Conversations with functions: which one is called with what, and what is said about its result."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import json
import random
import re
from typing import Any

from training import common_knowledge, skills, sums, words
from training.dialogue import Dialogue, Message, Turn
from training.functions import (
    FUNCTIONS,
    Function,
    Parameter,
    Request,
    are_rivals,
    filled_in,
    lead,
    request,
    tool,
    uncapitalised,
    unmarked,
    wording,
)
from training.grammar import capital, expand, pick
from training.invented_functions import invented_function
from training.values import NUMBER_WORDS, Kind, with_article

SYSTEM_PROMPTS = [
    "You are a helpful assistant.",
    "You are {a|an} {helpful |friendly |polite |}assistant {with functions|with tools|who can call functions|that can use tools}.",
    "{Use|Call} {a|the} {function|tool} {when it helps|if one fits|where needed|when you need one}{.| and answer from its result.}",
    "You help {customers|users|people} {with their questions|of a shop|at home|at work}. {Use the functions you have.|Call a tool if you can.|}",
    "{Answer|Help} {with|by means of} the {functions|tools} you have.",
]
NO_FUNCTION = [
    "I have no function for that{, so I do not know|, so I cannot do it}.",
    "I cannot do that: none of my functions fits{, and I do not know it myself|}.",
    "{Sorry, |}I do not know that, and I have no function for it.",
]
THANKS = [
    "{Thanks|Thank you|Great, thanks|Perfect, thank you|Thanks a lot|Cool, thanks}{!|.|}",
]
WELCOME = ["You are welcome!", "You are welcome! {Anything else?|Is there anything else?}"]
ERRORS = (
    "{not found|no such SUBJECT|unknown SUBJECT|invalid SUBJECT|missing SUBJECT|SUBJECT is not available|SUBJECT not found|wrong SUBJECT}"
    "|{timeout|service unavailable|no connection|permission denied|too many requests|access denied|the server is busy|out of stock|internal error}"
)
FAILED = "That did not work: ERROR."
MAX_TOOLS = 4
DRILL_SHARE = 0.45
THINK = "<think>\n{}\n</think>\n\n"
PREFIXES = ("Hi! ", "Hello, ", "Hey, ", "OK. ", "Now: ", "Next: ", "Thanks. ", "Hello! ", "One question: ")


def tool_dialogue(rng: random.Random) -> Dialogue:
    """Return a conversation in which functions are offered, and mostly called."""
    if rng.random() < DRILL_SHARE:
        return drill(rng)
    offered = _offered(rng)
    messages: list[Message] = []
    if rng.random() < 0.3:
        messages.append({"role": "system", "content": pick(SYSTEM_PROMPTS, rng)})
    dialogue = Dialogue(messages, [tool(function, rng) for function in offered])
    if rng.random() < 0.08:
        _think_and_call(dialogue, offered, rng)
    else:
        _rounds(dialogue, offered, rng)
    if rng.random() < 0.12:
        _limit_values(dialogue, rng.choice(offered), rng)
    return dialogue


def drill(rng: random.Random) -> Dialogue:
    """Return call after call: what the functions take is read once and used several times."""
    offered = _offered(rng)
    dialogue = Dialogue([], [tool(function, rng) for function in offered])
    earlier: Request | None = None
    for _ in range(rng.randint(3, 6)):
        said, asked = _asked_once(offered, earlier, rng)
        earlier = asked[0] if len(asked) == 1 else None
        calls = [_call(one.function.name, one.arguments, rng) for one in asked]
        dialogue.messages.append({"role": "user", "content": said})
        dialogue.messages.append({"role": "assistant", "content": None, "tool_calls": calls})
        for call in calls:
            content = rng.choice(("ok", "done", "true"))
            dialogue.messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
        dialogue.messages.append({"role": "assistant", "content": "Done."})
    return dialogue


def _asked_once(
    offered: list[Function], earlier: Request | None, rng: random.Random
) -> tuple[str, list[Request]]:
    """Return one message, and the call or, in a third of the cases, the several calls that it asks for."""
    kind = rng.random()
    if kind < 0.35:
        several = _several(offered, rng)
        if several is not None:
            return several
    if earlier is not None and kind > 0.75:
        follow = _follow_up(earlier, rng)
        if follow is not None:
            return follow.said, [follow]
    asked = request(rng.choice(offered), rng)
    return _as_typed(asked, rng), [asked]


def _rounds(dialogue: Dialogue, offered: list[Function], rng: random.Random) -> None:
    """Write one exchange or a few, until one ends with a call."""
    earlier: Request | None = None
    for number in range(rng.choices((1, 2, 3, 4), (66, 22, 9, 3))[0]):
        if rng.random() < (0.17 if number == 0 else 0.25):
            _ordinary_turn(dialogue, offered, rng, is_first=number == 0)
            earlier = None
            continue
        said, asked = _asked_once(offered, earlier, rng)
        if not _exchange(dialogue, said, asked, rng):
            return
        earlier = asked[0] if len(asked) == 1 else None


_CASES = {
    # kinds of values of the functions written by hand, and how another value of it is said
    "city": ["in <v>", "for <v>", "<v>"],
    "name": ["for <v>", "<v>"],
    "day": ["on <v>", "for <v>"],
    "time": ["at <v>"],
    "country": ["for <v>", "<v>"],
    "company": ["for <v>", "<v>"],
    "language": ["in <v>", "in the language <v>"],
    "room": ["in the <v>", "for the <v>"],
    "code": ["<v>", "number <v>"],
    "id": ["<v>", "number <v>"],
    "path": ["<v>", "for <v>"],
    "subject": ["<v>", "for <v>"],
}
_PLACES = ("city", "country", "language", "company", "street")
"""Kinds of names that cannot be told apart by themselves."""
_FOLLOWS = [
    "{And|And now|Now|What about|How about|Also|Then} X?",
    "{And|Now|Also|Next|Then|Again|Once more} X{.|, please.|}",
    "{The same|Same|Same thing|The same thing|Do the same|Do it again|Again|One more|Another one|Repeat that}{|, but|, only} X{.|, please.|}",
    "{Thanks|Thank you|OK|Good|Great|Fine|Nice}{.|!} {And|Now} X{?|.|, please.}",
    "{Can you do|Could you do|Please do} {that|the same|it}{| again} X{?|, please.}",
    "{Hm, and|And what about|What if it were} X?",
]


_PREPOSITION = re.compile(
    r"(?:in|for|to|at|on|by|from|with|of|about|near|under|until|till|within|inside|into|as|starting|over|around|before|up to|through) "
)


def _follow_up(earlier: Request, rng: random.Random) -> Request | None:
    """Return a request that names one or two values; the others are those of the earlier request."""
    function = earlier.function
    choices = []
    for p in function.parameters:
        if p.name not in earlier.arguments or p.kind.schema["type"] not in ("string", "integer", "number"):
            continue
        if p.name in function.phrases:
            ways = [way for way in function.phrases[p.name] if not way.startswith((":", ","))]
        elif [other.role for other in function.parameters].count(p.role) == 1:
            ways = _CASES.get(p.role, [])
            if p.role in _PLACES and any(
                other.role in _PLACES and other is not p for other in function.parameters
            ):
                ways = [way for way in ways if way not in ("in <v>", "<v>")]
        else:
            ways = []
        ways = [way for way in ways if not way.startswith(("that", "and", "who", "of "))] or ways[:1]
        if ways:
            choices.append((p, ways))
    if not choices:
        return None
    chosen = rng.sample(choices, 2 if len(choices) > 1 and rng.random() < 0.25 else 1)
    if len(chosen) == 2:
        chosen = [(p, [way for way in ways if _PREPOSITION.match(way)]) for p, ways in chosen]
        if not all(ways for _, ways in chosen):
            return None
    arguments = dict(earlier.arguments)
    asked = Function("", "", [p for p, _ in chosen], [])
    said_ways = [rng.choice(ways) for _, ways in chosen]
    if len({way.split(" ")[0] for way in said_ways}) < len(chosen):
        return None
    phrase = " ".join(
        way.replace("<v>", f"<{p.name}>") for way, (p, _) in zip(said_ways, chosen, strict=True)
    )
    form = pick(_FOLLOWS, rng)
    if not _PREPOSITION.match(phrase) and re.search(
        r"(same|again|more|one|only|but|that|it)[ ,]* X|were X", form, re.IGNORECASE
    ):
        form = pick(_FOLLOWS[:2], rng)
    if form.startswith("Please"):
        form = form.replace(", please", "").replace("?", ".")
    changed: dict[str, Any] = {}
    said = filled_in(form.replace("X", phrase).replace("about about", "about"), asked, changed, rng)
    if any(arguments[key] == value for key, value in changed.items()):
        return None
    arguments.update(changed)
    return Request(said, function, arguments)


def _limit_values(dialogue: Dialogue, function: Function, rng: random.Random) -> None:
    """Offer only some values for one of the function's texts: those that are used, and others."""
    texts = [parameter for parameter in function.parameters if parameter.kind.schema == {"type": "string"}]
    if not texts:
        return
    parameter = rng.choice(texts)
    values = [parameter.kind.make(rng)[1] for _ in range(rng.randint(1, 3))]
    for message in dialogue.messages:
        for call in message.get("tool_calls") or []:
            if call["function"]["name"] == function.name:
                values += [json.loads(call["function"]["arguments"]).get(parameter.name, values[0])]
    values = list(dict.fromkeys(values))
    rng.shuffle(values)
    shown = next(offer for offer in dialogue.tools if offer["function"]["name"] == function.name)
    shown["function"]["parameters"]["properties"][parameter.name]["enum"] = values


def _offered(rng: random.Random) -> list[Function]:
    """Return one to four functions with different names, some of them much alike."""
    count = rng.choices((1, 2, 3, MAX_TOOLS), (40, 30, 18, 12))[0]
    offered: list[Function] = []
    while len(offered) < count:
        if rng.random() < 0.45:
            function = rng.choice(FUNCTIONS)
        else:
            near = rng.choice(offered) if offered and rng.random() < 0.4 else None
            function = invented_function(rng, near)
        if not any(function.name == other.name or are_rivals(function, other) for other in offered):
            offered.append(function)
    return offered


def _several(offered: list[Function], rng: random.Random) -> tuple[str, list[Request]] | None:
    """Return a message that asks for several calls: of one function with other values, or of two or three functions."""
    kind = rng.random()
    if kind < 0.2:
        return _repeated(rng.choice(offered), rng)
    if kind < 0.45:
        return _in_parts(rng.choice(offered), rng) or _repeated(rng.choice(offered), rng)
    if kind < 0.55:
        first = request(rng.choice(offered), rng, is_plain=True)
        second = _follow_up(first, rng)
        return (f"{_ended(first.said)} {second.said}", [first, second]) if second else None
    count = 3 if rng.random() < 0.15 else 2
    if kind < 0.68 or len(offered) < count:
        function = rng.choice(offered)
        asked = [request(function, rng, is_plain=True) for _ in range(count)]
    else:
        asked = [request(function, rng, is_plain=True) for function in rng.sample(offered, count)]
    known: list[Request] = []
    for one in asked:
        if any(one.function is other.function and one.arguments == other.arguments for other in known):
            return None
        known.append(one)
    said = _joined(asked, rng)
    if rng.random() < 0.08:
        both = Function("", "", [p for one in asked for p in one.function.parameters], [])
        said = lead(both, rng) + ("\n" if "\n" in said else " ") + said
    return said, asked


def _ended(said: str) -> str:
    return said if said.endswith((".", "?", "!")) else f"{said}."


_PLAIN_LINKS = (
    "and",
    "and",
    "and also",
    "and then",
    "then",
    "and after that",
    "plus",
    "and please",
    "and at the same time",
)
_NEW_LINKS = (
    "Then", "After that", "And", "Also", "Next", "Second", "Afterwards", "Also please", "And then", "Besides", "In addition", "One more thing",
    "Oh, and", "And while you are at it", "Furthermore", "Another thing", "And one more", "When that is done",
)  # fmt: skip
_HEADS = (
    "{Two|A few|Several} things", "I {need|want|have} {two|a few} things", "{Please do|Do} {all of this|the following|these things}",
    "Can you do {this|these|all that} for me", "My list {for today|for you|}", "There are {some|a few} things to do", "To do",
)  # fmt: skip


def _joined(asked: list[Request], rng: random.Random) -> str:
    """Return the wishes in one message: in sentences, in one sentence, or in lines."""
    form = rng.random()
    if any("\n" in one.said for one in asked):
        return rng.choice(("\n\n", "\n\n", "\nAnd:\n", "\n---\n")).join(one.said for one in asked)
    if any(re.search(r"[.?!:;] ", one.said) for one in asked):
        form = rng.choice((0.0, 1.0, 1.0))
    if form < 0.2:
        mark = rng.choice(("{}. ", "{}) ", "- ", "* ", "", ""))
        lines = [f"{mark.format(number)}{one.said}" for number, one in enumerate(asked, 1)]
        head = f"{pick(list(_HEADS), rng)}:\n" if rng.random() < 0.35 and mark else ""
        return head + "\n".join(lines)
    if 0.2 <= form < 0.32:
        said = [_core(_uncapitalised(one)) for one in asked]
        last = f" {_link(said[-1], rng)} ".join([", ".join(said[:-1]), said[-1]])
        return (
            f"{pick(list(_HEADS), rng)}: {last}." if rng.random() < 0.5 else f"{asked[0].said[:1]}{last[1:]}"
        )
    if 0.2 <= form < 0.42:
        firsts = (
            ("First", "then", "and finally"),
            ("First of all", "after that", "at last"),
            ("First", "second", "third"),
        )
        words_ = rng.choice(firsts)
        said = [
            f"{word}{rng.choice((' ', ', ', ': '))}{_uncapitalised(one)}"
            for word, one in zip(words_, asked, strict=False)
        ]
        return f"{rng.choice(('; ', ', ', ', ')).join(map(_core, said))}."
    if 0.2 <= form < 0.52:
        said = [_core(_uncapitalised(one)) for one in asked]
        whole = _core(asked[0].said)
        for part in said[1:]:
            whole += f"{rng.choice((', ', '; ', ' ', ' '))}{_link(part, rng)} {part}"
        return whole + rng.choice(("", ".", "."))
    whole = asked[0].said
    for one in asked[1:]:
        link = rng.choice(_NEW_LINKS)
        if link == "Also please" and not _ORDERS.match(_lower(one.said)):
            link = "Also"
        join = (
            " "
            if link == "Also please"
            else rng.choice((": ", ", ", " "))
            if link in ("Then", "And", "Also", "Next", "And then", "Oh, and", "Also please")
            else rng.choice((": ", ", "))
        )
        is_linked = rng.random() < 0.65 or re.search(r"[.?!] ", one.said)
        whole = f"{_ended(whole)} {link + join + _uncapitalised(one) if is_linked else one.said}"
    return whole


def _core(said: str) -> str:
    """Return a request without what ends its sentence."""
    return said.rstrip(".?!").removesuffix(", please")


_ORDERS = re.compile(
    r"(?:book|find|show|tell|give|get|set|turn|call|order|add|put|send|play|search|look|make|create|cancel|delete|check|buy|reserve"
    r"|open|start|write|list|read|use|run|plan|schedule|remove|change|switch|rent|arrange) "
)


def _link(said: str, rng: random.Random) -> str:
    """Return a word that joins a request to the one before."""
    link = rng.choice(_PLAIN_LINKS)
    return "and" if link == "and please" and not _ORDERS.match(said) else link


_SLOTS = re.compile(r"<(\w+)>")
_PARTS = re.compile(r"⟦(.*?)⟧")
_LISTS = [
    (", ", " and "), (" and ", " and "), (" and also ", " and also "), ("; ", "; "), (", ", ", and "), (", then ", ", then "),
    (" and another ", " and another "), (" and one ", " and one "), (" and once more ", " and once more "), (" as well as ", " as well as "),
    (", ", " and the same "), (" plus ", " plus "), (", another one ", " and another one "), (", also ", ", also "),
]  # fmt: skip


def _in_parts(function: Function, rng: random.Random) -> tuple[str, list[Request]] | None:
    """Return a sentence that says the phrases after the thing twice or more: `a table for Ann at 8 and one for Bo at 9`."""
    template = wording(function, rng)
    found = _PARTS.search(template)
    if (
        found is None
        or not found[1]
        or found[1].startswith((":", ","))
        or "¦:" in found[1]
        or "¦," in found[1]
    ):
        return None
    if not re.match(r"$|[.?!,]", template[found.end() :]):
        return None
    lists = {p.name for p in function.parameters if p.kind.schema["type"] == "array"}
    if lists & set(_SLOTS.findall(found[1])):
        return None
    start, end = template[: found.start()], template[found.end() :]
    parts = unmarked(found[1])
    shared: dict[str, Any] = {}
    before = filled_in(start, function, shared, rng)
    after = filled_in(f"\x03{end}", function, shared, rng)
    said: list[str] = []
    asked: list[Request] = []
    for _ in range(3 if rng.random() < 0.25 else 2):
        own: dict[str, Any] = {}
        said.append(filled_in("\x03" + parts, function, own, rng))
        arguments = {
            p.name: {**shared, **own}[p.name]
            for p in function.parameters
            if p.name in shared or p.name in own
        }
        if any(other.arguments == arguments for other in asked):
            return None
        asked.append(Request("", function, arguments))
    if rng.random() < 0.12:
        listed = "".join(f"\n- {part}" for part in said)
        whole = f"{before.rstrip(' ,')}:{listed}"
        return (whole.replace("\x03", ""), asked) if after.strip("\x03.?! ") == "" else None
    is_one = re.search(r"\b(?:a|an) [^.,:;?!]*$", before, re.IGNORECASE) is not None
    glue, last = rng.choice([pair for pair in _LISTS if is_one or not re.search(r" one|another", pair[1])])
    is_short = all(re.match("\x03?(?:for|in|to|about|with|from) ", part) for part in said)
    both = "both " if is_short and len(said) == 2 and rng.random() < 0.1 else ""
    whole = (
        f"{before}{both}{' and '.join(said) if both else last.join([glue.join(said[:-1]), said[-1]])}{after}"
    )
    return whole.replace("\x03", ""), asked


def _uncapitalised(asked: Request) -> str:
    return uncapitalised(asked.said, asked.arguments)


_UNREPEATED = re.compile(
    r"(?:\b(?:is|speaks|and|or|the|my|our|between|than|=|called|named)|[:=]|\b(?:\d[\d.]*|"
    + "|".join(NUMBER_WORDS)
    + r")(?: pieces of| units of| times| x)?) ?$"
)
"""What stands before a value of which there cannot be two."""


def _repeated(function: Function, rng: random.Random) -> tuple[str, list[Request]] | None:
    """Return one sentence that names two or three values of one parameter, and a call for each."""
    asked = request(function, rng, is_plain=True)
    if function.family == "rename" or function.name == "reschedule":
        return None
    if function.phrases and re.search(r"[.?!] |\n", asked.said):
        return None
    candidates = [p for p in function.parameters if p.name in asked.arguments and _may_repeat(p, asked)]
    if not candidates:
        return None
    parameter = rng.choice(candidates)
    first = _single_mention(parameter, asked)
    if first is None:
        return None
    values, shown = [asked.arguments[parameter.name]], [first]
    count = 3 if rng.random() < 0.3 else 2
    while len(values) < count:
        text, value = parameter.kind.make(rng)
        if value not in values:
            values.append(value)
            is_bare = parameter.role == "thing" and first != values[0]
            shown.append(with_article(text) if is_bare else text)
    if f'"{first}"' in asked.said:
        shown = [f'"{text}"' for text in shown]
    old = shown[0]
    preposition = re.search(
        rf"\b(in|for|to|at|about|by|of|from|with|near) (?=(?:the )?{re.escape(old)})", asked.said
    )
    sentence = asked.said.replace(old, _in_a_row(shown, preposition[1] if preposition else "", rng))
    return sentence, [
        Request(sentence, function, {**asked.arguments, parameter.name: value}) for value in values
    ]


def _may_repeat(parameter: Parameter, asked: Request) -> bool:
    return (
        (parameter.kind.schema == {"type": "string"} or parameter.role == "id")
        and parameter.role not in ("text", "command", "sql", "expression")
        and str(asked.arguments[parameter.name]) in asked.said
    )


def _single_mention(parameter: Parameter, asked: Request) -> str | None:
    """Return the value as it is said, with its article, if others can be named after it."""
    value = str(asked.arguments[parameter.name])
    if len(re.findall(rf"(?<!\w){re.escape(value)}(?!\w)", asked.said)) != 1 or asked.said.count(value) != 1:
        return None
    where = re.search(rf"(?:\ban? )?(?<!\w){re.escape(value)}(?!\w)", asked.said)
    if where is None or asked.function.name in asked.said or _UNREPEATED.search(asked.said[: where.start()]):
        return None
    if asked.said[where.end() :].startswith(("'s", "-", "=")):
        return None
    if where[0] != value and parameter.role not in ("thing", "item", "dish", "food"):
        return None
    return where[0]


_ROWS = (
    (", ", " and "),
    (", ", " and "),
    (" and ", " and "),
    (", ", ", "),
    (" and also ", " and also "),
    (", ", " plus "),
    (", ", ", and "),
    (" as well as ", " as well as "),
)
"""What stands between values, and before the last of them."""


def _in_a_row(shown: list[str], preposition: str, rng: random.Random) -> str:
    """Return two or three values as one sentence names them, the later ones with the preposition or without."""
    glue, last = rng.choice(_ROWS)
    if len(shown) == 2 and last == ", ":
        last = " and "
    if preposition and rng.random() < 0.45:
        shown = [shown[0], *(f"{preposition} {value}" for value in shown[1:])]
    said = last.join([glue.join(shown[:-1]), shown[-1]])
    if len(shown) == 2 and glue in (", ", " and ") and last == " and " and rng.random() < 0.15:
        return f"both {said}"
    return said


def _exchange(dialogue: Dialogue, said: str, asked: list[Request], rng: random.Random) -> bool:
    """Write the question, the calls and, mostly, the results and the answer."""
    calls = [_call(one.function.name, one.arguments, rng) for one in asked]
    dialogue.messages.append({"role": "user", "content": said})
    dialogue.messages.append({"role": "assistant", "content": None, "tool_calls": calls})
    if rng.random() < 0.25:
        return False
    answers = []
    for call, one in zip(calls, asked, strict=True):
        content, answer = outcome(one, rng)
        dialogue.messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
        answers.append(answer)
    dialogue.messages.append({"role": "assistant", "content": _answer(asked, answers)})
    return True


def _call(name: str, arguments: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    identity = f"call_{rng.getrandbits(48):012x}"
    written = json.dumps(arguments, ensure_ascii=False)
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": written}}


def _answer(asked: list[Request], answers: list[str]) -> str:
    """Return what the results say; calls of one function are told apart by the value that differs."""
    if len(asked) > 1 and len({one.function.name for one in asked}) == 1:
        key = _telling(asked)
        if key:
            answers = [
                f"{_plain(one.arguments[key])}: {_lower(answer)}"
                for one, answer in zip(asked, answers, strict=True)
            ]
    return " ".join(answers)


def _telling(asked: list[Request]) -> str | None:
    """Return the parameter whose values tell the calls of one function apart."""
    for key, value in asked[0].arguments.items():
        others = [one.arguments.get(key, value) for one in asked[1:]]
        if all(key in one.arguments for one in asked) and any(other != value for other in others):
            return key
    return None


def _ordinary_turn(
    dialogue: Dialogue, offered: list[Function], rng: random.Random, *, is_first: bool
) -> None:
    """Write a turn in which no function helps."""
    if not is_first and rng.random() < 0.4:
        user, answer = pick(THANKS, rng), pick(WELCOME, rng)
    elif rng.random() < 0.35:
        user, answer = _as_typed(_unrelated(offered, rng), rng), pick(NO_FUNCTION, rng)
    else:
        turn = _own_turn(offered, rng)
        user, answer = turn.user, turn.assistant
    dialogue.messages.append({"role": "user", "content": user})
    dialogue.messages.append({"role": "assistant", "content": answer})


_OWN_TURNS = (
    (skills.intent_turn, 6),
    (skills.topic_turn, 3),
    (skills.haiku_turn, 2),
    (sums.sum_turn, 2),
    (common_knowledge.capital_turn, 2),
    (common_knowledge.colour_turn, 1),
    (words.spell_turn, 1),
    (words.sort_turn, 1),
)
_RIVALS = {
    "joke": {"tell_joke"},
    "sum": {"calculate", "multiply", "divide"},
    "capital": {"get_country_info"},
}
"""Functions that the model would call instead of answering by itself."""


def _own_turn(offered: list[Function], rng: random.Random) -> Turn:
    """Return a turn of what the model knows by itself, and none of the functions does for it."""
    makers, weights = zip(*_OWN_TURNS, strict=True)
    names = {function.name for function in offered}
    while True:
        turn: Turn = rng.choices(makers, weights)[0](rng)
        if not names & _RIVALS.get(turn.skill, set()):
            return turn


_OWN_SKILLS = ("tell_joke", "count_words")


def _unrelated(offered: list[Function], rng: random.Random) -> Request:
    """Return a request for a function that is not offered, nor one that sounds like it."""
    taken = {word for function in offered for word in _words(function)}
    while True:
        function = rng.choice(FUNCTIONS) if rng.random() < 0.6 else invented_function(rng)
        if function.name not in _OWN_SKILLS and not taken & _words(function):
            return request(function, rng)


def _words(function: Function) -> set[str]:
    text = f"{function.name} {function.description} {' '.join(function.asks)}".lower()
    return set(re.findall(r"[a-z]{4,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))) - _COMMON


_COMMON = set(
    "please could would want like need with from that this what show tell find call give make have number number name date time"
    " people city call function tool look book about open order will your mine their into which search list"
    " know there when today much many text price level status check create send place kind some does".split()
)


def _think_and_call(dialogue: Dialogue, offered: list[Function], rng: random.Random) -> None:
    """Think which function fits before the call, as the request's enable_thinking asks."""
    dialogue.enable_thinking = True
    asked = request(rng.choice(offered), rng)
    values = ", ".join(f"{key} {_plain(value)}" for key, value in asked.arguments.items())
    thought = f"The function {asked.function.name} fits: {values or 'it needs nothing'}."
    dialogue.messages.append({"role": "user", "content": _as_typed(asked, rng)})
    call = _call(asked.function.name, asked.arguments, rng)
    called: Message = {"role": "assistant", "content": THINK.format(thought), "tool_calls": [call]}
    dialogue.messages.append(called)
    if rng.random() < 0.5:
        called["learned"] = False  # an earlier thought is not shown
        content, answer = outcome(asked, rng)
        dialogue.messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
        thought = "The function has answered. I say what it found."
        dialogue.messages.append({"role": "assistant", "content": THINK.format(thought) + answer})


def _as_typed(asked: Request, rng: random.Random) -> str:
    """Return a request with a word before it, or without its capital or its end; the values stay as they are."""
    kind = rng.random()
    if kind < 0.08:
        prefix = rng.choice(PREFIXES)
        return prefix + (_uncapitalised(asked) if prefix.endswith(", ") else asked.said)
    if kind < 0.16:
        return _uncapitalised(asked)
    return asked.said.rstrip("?.") if kind < 0.24 else asked.said


# --- results -------------------------------------------------------------------------------------------


def outcome(asked: Request, rng: random.Random) -> tuple[str, str]:
    """Return what the function gives back, and the answer to that."""
    function, kind = asked.function, rng.random()
    if kind < 0.1:
        return _error(function, rng)
    keys = rng.choice(function.results)
    result = {key: _value(kind_, rng) for key, kind_ in keys.items()}
    if asked.arguments and len(result) < 4 and rng.random() < 0.15:
        key, value = next(iter(asked.arguments.items()))
        result = {key: value, **{other: found for other, found in result.items() if other != key}}
    if kind < 0.72:
        return _json_result(result, rng), sentence(result)
    if kind < 0.8:
        return ", ".join(f"{_name(key)}: {_plain(value)}" for key, value in result.items()), sentence(result)
    if kind < 0.88:
        said = sentence(result)
        return said, said
    return _bare(next(iter(result.values())), rng)


def _value(kind: Kind, rng: random.Random) -> Any:
    if kind.schema["type"] == "array" and rng.random() < 0.08:
        return []
    return kind.make(rng)[1]


def _json_result(result: dict[str, Any], rng: random.Random) -> str:
    """Write the object as servers do: with spaces, compact, or in lines; sometimes within another."""
    whole: Any = {rng.choice(("data", "result", "response")): result} if rng.random() < 0.06 else result
    if rng.random() < 0.2:
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(whole, ensure_ascii=False, indent=2 if rng.random() < 0.05 else None)


def _bare(value: Any, rng: random.Random) -> tuple[str, str]:
    """Return a result that is no object: a word, a number, a list."""
    if isinstance(value, bool):
        return json.dumps(value), f"The result is {_plain(value)}."
    if isinstance(value, list):
        written = json.dumps(value, ensure_ascii=False)
        return written, (f"The results are {_plain(value)}." if value else "There are no results.")
    if isinstance(value, str) and rng.random() < 0.3:
        return json.dumps(value, ensure_ascii=False), f"The result is {value}."
    return str(value), f"The result is {_plain(value)}."


def _error(function: Function, rng: random.Random) -> tuple[str, str]:
    subject = _name(function.parameters[0].name) if function.parameters else "value"
    error = rng.choice(expand(f"{{{ERRORS}}}", rng).split("|")).replace("SUBJECT", subject)
    form = rng.randrange(4)
    if form == 0:
        content = f"Error: {error}"
    elif form == 1:
        content = json.dumps({"status": "error", "message": error})
    else:
        content = json.dumps({"error": error})
    return content, FAILED.replace("ERROR", error)


def sentence(result: dict[str, Any]) -> str:
    """Return the keys and values of a result in words, all of them."""
    parts = [_fact(_name(key), value) for key, value in result.items()]
    if len(parts) == 1:
        return capital(parts[0]) + "."
    if len(parts) == 2:
        return capital(" and ".join(parts)) + "."
    return capital(", ".join(parts[:-1])) + " and " + parts[-1] + "."


def _fact(name: str, value: Any) -> str:
    if value is None:
        return f"the {name} is not known"
    if isinstance(value, bool):
        return f"{name} is {_plain(value)}"
    if value == []:
        return f"there are no {name}"
    if isinstance(value, list) or (
        name.endswith("s") and not name.endswith(("ss", "us")) and not isinstance(value, str)
    ):
        return f"the {name} are {_plain(value)}"
    return f"the {name} is {_plain(value)}"


def _name(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key.replace("_", " ")).lower()


def _plain(value: Any) -> str:
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
    return value if isinstance(value, str) else json.dumps(value)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
