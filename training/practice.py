"""Dense practice: pages on which each answer follows from what stands before it. Only answers are learned.

What a small model learns late is to look something up in its context: copy a name, sort a list, find a value
by its key. A conversation has one such answer, a page has dozens.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

from training import common_knowledge, functions, json_answers, names, sums, values, words
from training.dialogue import Turn
from training.grammar import expand
from training.invented_functions import invented_function
from training.rendering import Piece
from training.skills import with_articles

Line = tuple[str, str]
"""What is given, and what follows from it."""

NUM_LINES = range(6, 20)


def page(rng: random.Random) -> list[Piece]:
    """Return lines of one kind; what is given is read only, what follows from it is learned."""
    kinds, weights = zip(*KINDS, strict=True)
    make: Callable[[random.Random], Iterator[Line]] = rng.choices(kinds, weights)[0]
    end = rng.choice(("\n", "\n", "\n\n"))
    found: list[Piece] = []
    for given, answer in make(rng):
        found += [Piece(given, "document", False), Piece(f" {answer}{end}", "document", True)]
    return found


def repeated(make: Callable[[random.Random], Line]) -> Callable[[random.Random], Iterator[Line]]:
    def lines(rng: random.Random) -> Iterator[Line]:
        return (make(rng) for _ in range(rng.choice(NUM_LINES)))

    return lines


def sum_line(rng: random.Random) -> Line:
    sign = rng.choice("+-")
    left, right = sums.operands(rng, sign)
    spoken = {"+": "plus", "-": "minus"}[sign]
    result = left + right if sign == "+" else left - right
    return f"{left} {sign if rng.random() < 0.7 else spoken} {right} =", str(result)


def letters_line(rng: random.Random) -> Line:
    text = words.word(rng)
    form = rng.randrange(4)
    if form == 0:
        return f"{text}:", words.spelled(text)
    if form == 1:
        return f"{text} has", f"{words.spelled(text)}, {len(text)} letters"
    if form == 2:
        return f"{text} backwards:", f"{words.spelled(text)}, {words.spelled(text[::-1])}, {text[::-1]}"
    return f"{text.capitalize()} in upper case:", text.upper()


def cycle_line(rng: random.Random) -> Line:
    cycle = common_knowledge.DAYS if rng.random() < 0.8 else common_knowledge.MONTHS
    name, steps = rng.choice(cycle.names), rng.randint(1, 7)
    sign = 1 if rng.random() < 0.7 else -1
    unit = f"{cycle.unit}{'' if steps == 1 else 's'}"
    where = "after" if sign > 0 else "before"
    return f"{steps} {unit} {where} {name}:", f"{cycle.after(name, sign * steps)}"


def fact_line(rng: random.Random) -> Line:
    """A fact in few words, as short as a user may want it."""
    facts: tuple[Callable[[random.Random], Turn], ...] = (
        common_knowledge.capital_turn,
        common_knowledge.country_turn,
        common_knowledge.colour_turn,
        common_knowledge.mix_turn,
        common_knowledge.next_turn,
        common_knowledge.previous_turn,
        common_knowledge.unknown_place_turn,
        sums.sum_turn,
        sums.sum_turn,
    )
    turn = rng.choice(facts)(rng)
    short = common_knowledge.short_answer(turn) or sums.short_answer(turn) or turn.assistant
    if rng.random() < 0.25:
        return f"{turn.user} IN UPPER CASE:", (short if rng.random() < 0.5 else turn.assistant).upper()
    return f"{turn.user} In short:", short


def case_line(rng: random.Random) -> Line:
    if rng.random() < 0.5:
        text = common_knowledge.document(rng)[:200].rpartition(".")[0] or words.sentence(rng)
    else:
        text = words.sentence(rng)
    return f"{text}. In upper case:", f"{text.upper()}."


def _items(rng: random.Random) -> list[str]:
    """Return two to seven words, names or numbers, none of them twice."""
    if rng.random() < 0.3:
        return [str(number) for number in words.numbers_of(rng)]
    if rng.random() < 0.25:
        return list(dict.fromkeys(names.name(rng) for _ in range(rng.randint(2, 6))))
    return words.items_of(rng, most=7)[0]


def _in_order(items: list[str]) -> list[str]:
    return sorted(items, key=int) if items[0].isdigit() else sorted(items, key=str.lower)


def lists(rng: random.Random) -> Iterator[Line]:
    """One list after the other, each in other orders."""
    for _ in range(rng.randint(2, 8)):
        items = _items(rng)
        in_order = _in_order(items)
        orders = {
            "again": items,
            "backwards": items[::-1],
            "sorted": in_order,
            "largest first" if items[0].isdigit() else "from z to a": in_order[::-1],
        }
        given = ", ".join(items)
        for order in dict.fromkeys(rng.choices(list(orders), (1, 3, 4, 2), k=rng.randint(1, 3))):
            yield f"{given}\n{order}:", ", ".join(orders[order])
            given = ""
        for at in rng.sample(range(1, len(items)), min(rng.randint(0, 2), len(items) - 1)):
            yield f"after {items[at - 1]}:", items[at]
            yield f"before {items[at]}:", items[at - 1]
        if rng.random() < 0.3:
            yield "first, last, number:", f"{items[0]}, {items[-1]}, {len(items)}"


def counted_line(rng: random.Random) -> Line:
    text = words.sentence(rng)
    split = text.split()
    return f"{text}:", f"{' / '.join(split)}, {len(split)} words"


_KINDS = (
    "thing item dish title book colour job city country date time code street company status phone".split()
)


def _value(rng: random.Random) -> str | int | float:
    kind = rng.random()
    if kind < 0.25:
        return names.name(rng)
    if kind < 0.4:
        return rng.randint(0, rng.choice((9, 99, 999, 9999)))
    if kind < 0.45:
        return rng.randint(0, 99) + rng.choice((0.5, 0.25, 0.1, 0.75))
    if kind < 0.6:
        return words.word(rng)
    if kind < 0.75:
        said, _ = values.KINDS[rng.choice(_KINDS)].make(rng)
        return said
    if kind < 0.85:
        return f"{words.word(rng)} {words.word(rng)}"
    return f"{names.name(rng)} {names.name(rng)}"


def _table(rng: random.Random) -> dict[str, str | int | float]:
    keys = dict.fromkeys(words.word(rng) for _ in range(rng.randint(2, 7)))
    if rng.random() < 0.2:
        keys = {f"{key}_{words.word(rng)}": None for key in keys}
    return {key: _value(rng) for key in keys}


TABLES = ("K: V", "K = V", "the K is V", "K V", "our K: V", "its K is V", "V is the K", '"K": V')


def lookups(rng: random.Random) -> Iterator[Line]:
    """Values by their keys, then the same ones asked for in another order, and as an object."""
    for _ in range(rng.randint(1, 4)):
        table = _table(rng)
        form, joiner = rng.choice(TABLES), rng.choice((", ", "; ", "\n", ". "))
        shown = {key: json.dumps(value) if form[0] == '"' else str(value) for key, value in table.items()}
        given = joiner.join(form.replace("K", key).replace("V", shown[key]) for key in table) + "\n"
        asked = rng.sample(list(table), rng.randint(1, len(table)))
        if rng.random() < 0.6:
            for key in asked:
                yield f"{given}{key}?", str(table[key])
                given = ""
        wanted = {key: table[key] for key in rng.sample(asked, len(asked))}
        if not given and rng.random() < 0.4:
            continue
        yield f"{given}{', '.join(wanted)}:", json.dumps(wanted)
        if rng.random() < 0.3:
            swapped = {str(value): key for key, value in wanted.items()}
            yield "the other way round:", json.dumps(swapped)


def records(rng: random.Random) -> Iterator[Line]:
    """Sentences, and as objects some of the values that they tell, by the keys that are asked for."""
    while True:
        source = json_answers.alike(rng)
        for _ in range(rng.choice((1, 1, 2, 4))):
            said, _, fields = next(source)
            asked = rng.sample(fields, rng.randint(max(1, len(fields) - 1), len(fields)))
            keys = ", ".join(field.key for field in asked)
            wanted = json.dumps({field.key: field.value for field in asked}, ensure_ascii=False)
            yield rng.choice((f"{said}\n{keys}:", f"{keys}: {said}\n")), wanted
        if rng.random() < 0.3:
            return


def calls(rng: random.Random) -> Iterator[Line]:
    """Functions in few words, and one request after the other with the call that it asks for."""
    offered: list[functions.Function] = []
    for _ in range(rng.randint(1, 5)):
        function = rng.choice(functions.FUNCTIONS) if rng.random() < 0.4 else invented_function(rng)
        if all(function.name != other.name for other in offered):
            offered.append(function)
    given = "".join(f"{_signature(function)}\n" for function in offered)
    for _ in range(rng.randint(5, 12)):
        asked = functions.request(rng.choice(offered), rng)
        call = {"name": asked.function.name, "arguments": asked.arguments}
        yield f"{given}{asked.said}\ncall:", json.dumps(call, ensure_ascii=False)
        given = ""


def _signature(function: functions.Function) -> str:
    parts = []
    for parameter in function.parameters:
        schema = parameter.kind.schema
        kind = "/".join(schema["enum"]) if "enum" in schema else schema["type"]
        parts.append(f"{parameter.name}{'' if parameter.is_required else '?'}: {kind}")
    return f"{function.name}({', '.join(parts)})"


FACTS = (
    "<name> {lives in|comes from|went to|is at home in} <place>",
    "<name> {gave|paid|got|wants|saved|lost} <number> euros for the <thing>",
    "<name> {has|keeps|sees|paints} a <thing>",
    "the <thing> {costs|weighs|measures} <number>",
    "the <thing> {belongs to|is for|was made by|comes from} <name>",
    "<name> is <number> {years old|today|metres away}",
    "<name> {bought|lost|sold|borrowed|hid} the <thing> {yesterday|in <place>|at noon}",
    "<name> {bought|sold|repaired} the <thing> for <number> euros",
    "{in <place>|at home|yesterday|last week}, <name> {met|called|helped} {a guest|a friend|the baker}",
    "there {is|was} a <thing> {in|near|behind the station of} <place>",
    "{a train|a path|a bus|the road} goes {from <place>|for <number> km} to the <thing>",
    "the <thing> of <name> {is <number> years old|stands in <place>|is broken|is for sale}",
)
ASKED = {"<name>": "who", "<place>": "where", "<thing>": "what", "<number>": "how many"}


def facts(rng: random.Random) -> Iterator[Line]:
    """Sentences, and a word left out of each when it is said again."""
    told: list[tuple[str, str, str, str]] = []
    for _ in range(rng.randint(2, 6)):
        template = expand(rng.choice(FACTS), rng)
        slots = {
            "<name>": names.name(rng),
            "<place>": names.name(rng) if rng.random() < 0.4 else values.city(rng),
            "<thing>": words.word(rng) if rng.random() < 0.5 else values.thing(rng),
            "<number>": str(rng.randint(2, 999)),
        }
        asked = rng.choice([slot for slot in slots if slot in template])
        gap = template.replace(asked, "...")
        for slot, value in slots.items():
            gap, template = gap.replace(slot, value), template.replace(slot, value)
        gap, template = (with_articles(text) for text in (gap, template))
        told.append((template, gap, ASKED[asked], slots[asked]))
    given = ". ".join(template for template, *_ in told) + ".\n"
    for _, gap, question, value in rng.sample(told, len(told)):
        if sum(other == gap for _, other, *_ in told) > 1:
            continue
        yield f"{given}{gap}: {question}?", value
        given = ""


KINDS = (
    (repeated(sum_line), 14),
    (repeated(letters_line), 18),
    (repeated(cycle_line), 5),
    (repeated(case_line), 8),
    (repeated(fact_line), 16),
    (repeated(counted_line), 6),
    (lists, 26),
    (lookups, 14),
    (records, 30),
    (calls, 30),
    (facts, 12),
)
