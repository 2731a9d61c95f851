"""Functions that nobody wrote: composed from verbs, things and roles, with sentences that ask for them."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re
from typing import NamedTuple

from training import values
from training.functions import Function, Parameter, argument_kind, stem
from training.grammar import capital
from training.roles import (
    ADJECTIVES,
    FRAMES,
    GROUPS,
    LOOSE,
    LOOSE_GROUPS,
    NOUNS,
    PAIRS,
    PLAIN_VERBS,
    ROLES,
    Frame,
    Role,
    distinct,
)
from training.values import Kind, invented, is_plural, plural

RESULT_KEYS: dict[str, str] = {
    "status": "status",
    "id": "id",
    "code": "code",
    "name": "name",
    "price": "price",
    "total": "price",
    "count": "count",
    "date": "day",
    "time": "time",
    "city": "city",
    "title": "title",
    "message": "text",
    "result": "word",
    "value": "integer",
    "amount": "price",
    "duration": "minutes",
    "distance": "decimal",
    "score": "decimal",
    "rating": "decimal",
    "level": "percent",
    "size": "integer",
    "owner": "name",
    "room": "room",
    "color": "colour",
    "reference": "code",
    "phone": "phone",
    "email": "email",
    "weight": "decimal",
    "speed": "integer",
    "temperature": "degrees",
    "items": "items",
    "names": "names",
    "tags": "words",
    "success": "yes_no",
    "available": "yes_no",
    "active": "yes_no",
    "next_date": "day",
    "order_id": "id",
    "start_time": "time",
    "total_price": "price",
    "language": "language",
    "country": "country",
    "street": "street",
    "company": "company",
    "author": "full_name",
    "year": "year",
    "age": "age",
    "remaining": "integer",
    "position": "small",
}


def invented_function(rng: random.Random, near: Function | None = None) -> Function:
    """Return a function that nobody wrote; `near` shares its verb or its noun with it."""
    frame, thing, words = _frame(rng)
    verbs = GROUPS[frame.group][0]
    verb, noun = rng.choice(verbs.split()), thing
    if near is not None and "_" in near.name and thing:
        first, *_, last = near.name.split("_")
        if rng.random() < 0.5 and first in verbs.split():
            verb = first
        elif frame.group in (*LOOSE_GROUPS, *PLAIN_VERBS) and last.isalpha():
            noun, words = f"{last}+" if is_plural(last) else last, [last]
    parameters, roles = _parameters(frame, words, rng)
    name = _name(verb, noun.rstrip("+") or parameters[0].name.split("_")[-1], rng)
    ways = {parameter.name: role for parameter, role in zip(parameters, roles, strict=True)}
    asks = [_ask(name, frame, words, parameters, ways, noun.endswith("+"), rng) for _ in range(2)]
    phrases = {
        key: [_worded(way, key) for way in _role(key, ways).after or ["P <v>" if ways[key].after else "<v>"]]
        for key in ways
    }
    description = _description(name, verb, words, parameters, rng)
    if rng.random() < 0.6:
        rng.shuffle(parameters)
    found = [results(rng) for _ in range(2)]
    return Function(name, description, parameters, asks, found, phrases, *_topic(frame, noun, words))


def _topic(frame: Frame, noun: str, words: list[str]) -> tuple[str, frozenset[str]]:
    """Return the family of the frame's verbs, and the nouns for the thing."""
    family = frame.group if frame.group in (*_OWN_FAMILIES, *PLAIN_VERBS) else "get"
    nouns = {stem(word) for word in (noun.rstrip("+").replace("_", " "), *words) if word}
    return family, frozenset(nouns or {f"={frame.group}"})


_OWN_FAMILIES = (
    "put",
    "drop",
    "send",
    "rename",
    "move",
    "convert",
    "rate",
    "translate",
    "call",
    "feed",
    "care",
)


def _frame(rng: random.Random) -> tuple[Frame, str, list[str]]:
    """Return a frame, the thing that it is about and the words for it; two in five are put together at random."""
    if rng.random() < 0.6:
        frame = rng.choice(FRAMES)
        thing, words = rng.choice(frame.things) if frame.things else ("", [])
        return frame, thing, words
    kind = rng.random()
    noun = rng.choice(NOUNS) if kind < 0.4 else invented(rng).split()[0]
    if kind < 0.85:
        noun = rng.choice([word for word in rng.choices(values.NOUNS, k=3) if word.isalpha()] or [noun])
    words = [noun]
    if rng.random() < 0.15:
        adjective = rng.choice(ADJECTIVES)
        noun, words = f"{adjective}_{noun}", [f"{adjective} {noun}"]
    chosen = rng.sample(LOOSE, rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 4)))
    pair = rng.random()
    if pair < 0.3:
        chosen = [*rng.choice(PAIRS), *chosen[:1]]
    roles = [(role, rng.random() < 0.6) for role in chosen]
    group = rng.choice(LOOSE_GROUPS if rng.random() < 0.5 else PLAIN_VERBS)
    return Frame(group, [], roles), noun, words


def _parameters(frame: Frame, words: list[str], rng: random.Random) -> tuple[list[Parameter], list[Role]]:
    """Return the parameters, the one that is the thing itself first; not all that are optional."""
    chosen = [entry for entry in frame.roles if entry[1]]
    extra = [entry for entry in frame.roles if not entry[1]]
    wanted = rng.choices((0, 1, 2, 3), (3, 5, 3, 1))[0]
    chosen += rng.sample(extra, min(len(extra), wanted if chosen else max(1, wanted)))
    parameters: list[Parameter] = []
    roles: list[Role] = []
    snake = rng.random() < 0.88
    for key, is_needed in chosen:
        alias, _, base = key.partition(":")
        role = _flag_role(base) if alias == "flag" else ROLES.get(base or alias) or ROLES[alias]
        name = alias if base and alias != "flag" else rng.choice(role.names[:1] * 2 + role.names)
        name = name if snake else re.sub(r"_(\w)", lambda match: match[1].upper(), name)
        if any(name == parameter.name for parameter in parameters):
            continue
        is_required = rng.random() < (0.9 if is_needed else 0.3)
        is_object = key.startswith("=")
        about = _about(name, words, rng) if rng.random() < 0.7 else ""
        kind = _flag_kind(base) if alias == "flag" else argument_kind(role.kind)
        parameters.append(Parameter(name, kind, about, is_required or is_object, role.kind))
        roles.append(role)
    return parameters, roles


def _flag_kind(flag: str) -> Kind:
    yes = (f"with {flag}", f"including {flag}", f"and with {flag}", f"{flag} included")
    no = (f"without {flag}", f"with no {flag}", f"but without {flag}", f"no {flag}")
    return Kind(
        {"type": "boolean"}, lambda r: (r.choice(yes), True) if r.random() < 0.5 else (r.choice(no), False)
    )


def _flag_role(flag: str) -> Role:
    return Role("yes_no", [flag, flag, f"with_{flag}", f"include_{flag}"], ["<v>"])


def _about(name: str, words: list[str], rng: random.Random) -> str:
    """Return a description of a parameter."""
    plain = _plain_name(name)
    thing = rng.choice(words) if words else ""
    forms = [
        "The P",
        "P",
        "the P",
        "P to use",
        "Which P",
        "The P that was asked for",
        "P, as the user says it",
    ]
    if thing:
        forms += [f"P of the {thing}", f"The P of the {thing}", f"P for the {thing}"]
    return capital(rng.choice(forms).replace("P", plain)) if rng.random() < 0.9 else plain


def _plain_name(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("_", " ")).lower()


def _description(
    name: str, verb: str, words: list[str], parameters: list[Parameter], rng: random.Random
) -> str:
    """Return what the function does; a name that does not say it always has one."""
    thing = rng.choice(words) if words else _plain_name(parameters[0].name)
    plain = verb.replace("_", " ")
    if plain.endswith(
        (
            " course",
            " lesson",
            " teacher",
            " trip",
            " visit",
            " tour",
            " word",
            " sitter",
            " pages",
            " pet",
            " name",
        )
    ):
        plain += " for"
    thing = thing.removesuffix(" name") or thing
    what = f"{plain} {rng.choice(('a', 'the', 'a', ''))} {thing}".replace("  ", " ")
    what = re.sub(r"\ba ([aeio])", r"an \1", what) if not thing.endswith("s") else f"{plain} {thing}"
    form = rng.choice(
        (
            "W.",
            "W.",
            "W",
            "W for the user.",
            "Use this to w.",
            "A function to w.",
            "Can w.",
            "W and return the result.",
            "w",
            "",
        )
    )
    if not form and verb.replace("_", "") not in name.replace("_", "").lower():
        form = "W."
    return (
        form.replace("W", capital(what)).replace("w", what, 1)
        if "w" in form and "W" not in form
        else form.replace("W", capital(what), 1)
    )


def results(rng: random.Random) -> dict[str, Kind]:
    """Return the keys of a result, and the kinds of their values."""
    keys = rng.sample(list(RESULT_KEYS), rng.choice((1, 1, 2, 2, 2, 3, 3, 4)))
    return {key: argument_kind(RESULT_KEYS[key]) for key in keys}


def _name(verb: str, thing: str, rng: random.Random) -> str:
    words = [*verb.split("_"), *thing.split("_")]
    kind = rng.random()
    if kind < 0.72:
        return "_".join(words)
    if kind < 0.82:
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if kind < 0.88:
        return "_".join([*words[1:], words[0]])
    if kind < 0.92:
        return words[-1]
    return "_".join(invented(rng).split()) if kind < 0.96 else "-".join(words)


_OPENINGS = [
    "", "", "", "", "", "Please ", "Can you ", "Could you ", "I want to ", "I would like to ", "I need to ", "Can you please ",
    "Would you ", "I'd like to ", "We want to ", "Let's ", "Could you please ", "I have to ", "Help me to ", "Go ahead and ",
    "Would you please ", "I'd like you to ", "I want you to ", "You should ", "We need to ", "Will you ", "Now ", "Just ", "Quickly ",
]  # fmt: skip


def _ask(
    name: str,
    frame: Frame,
    words: list[str],
    parameters: list[Parameter],
    ways: dict[str, Role],
    is_many: bool,
    rng: random.Random,
) -> str:
    """Return a sentence with a slot for every parameter that is said; the phrases that may be repeated stand in ⟦⟧."""
    said = [p for p in parameters if p.is_required or rng.random() < 0.45]
    flags = any(p.kind.schema["type"] == "boolean" for p in said)
    if said and not flags and rng.random() < 0.1:
        return _by_name(name, said, rng)
    thing = f"<{said[0].name}>" if not words else rng.choice(words)
    rest = said if words else said[1:]
    if rest and not flags and rng.random() < 0.1:
        return _with_facts(frame, thing, rest, is_many, rng)
    _, verbs, sentences, articles = GROUPS[frame.group]
    article = "" if is_many or not articles else rng.choice(articles.split(" ")).replace("_", " ")
    kind = "" if words else ways[said[0].name].kind
    if not words:
        article = _article_of_value(article, kind, frame)
    if not words and frame.group == "tell":
        what = rng.choice(frame_words(frame, name))
        of = "the " if article == "the" else ""
        thing, article = f"{what} {rng.choice(('of', 'of', 'for'))} {of}{thing}", "the"
    count, before, after, clauses = _placed(rest, ways, frame, kind, is_many, rng)
    if is_many:
        after = [_OF_ONE.sub(lambda found: f"that {_OF_MANY[found[1]]}", part) for part in after]
    if before and "'s" in before[0]:
        article = ""
    if count and words:
        article = ""
        thing = f"[{thing}|{plural(thing)}]"
    if rng.random() < 0.55:
        rng.shuffle(after)
    after.sort(key=lambda part: part.startswith((":", ",")))
    phrase = " ".join(part for part in (article, count, *before, thing) if part)
    tail = f" ⟦{'¦'.join(after)}⟧" if after else ""
    sentence = _sentence(
        phrase,
        tail,
        verbs,
        sentences,
        frame.group,
        rng,
        is_open=any(part.startswith((":", ",")) for part in after),
    )
    return _with_clauses(sentence, clauses, rng)


def _article_of_value(article: str, kind: str, frame: Frame) -> str:
    """Return the article before a value of that kind that is the thing itself."""
    if article == "\x02" and kind != "thing":
        article = ""
    return article or {"thing": "the" if frame.group in ("tell", "put") else "\x02", "room": "the"}.get(
        kind, ""
    )


class _Places(NamedTuple):
    """Where the parameters are said: as a count, before the thing, after it, and in clauses of their own."""

    counted: str
    before: list[str]
    after: list[str]
    clauses: list[str]


def _placed(
    rest: list[Parameter],
    ways: dict[str, Role],
    frame: Frame,
    kind: str,
    is_many: bool,
    rng: random.Random,
) -> _Places:
    """Say each of the parameters in one of its places; `kind` is that of the value that is the thing, or empty."""
    count = ""
    before: list[str] = []
    after: list[str] = []
    clauses: list[str] = []
    for p in rest:
        role, place = _role(p.name, ways), rng.random()
        if kind:
            counts = role.counts == ["<v>"] and kind == "goods"
        else:
            counts = not is_many and place < 0.65 and frame.group in ("buy", "ask", "make", "send")
        if role.counts and not count and counts:
            count = _slotted("<v>" if kind else rng.choice(role.counts), p.name)
        elif role.before and not kind and not before and place < 0.5:
            before.append(_slotted(rng.choice(role.before), p.name))
        elif role.clauses and place > 0.78:
            clauses.append(_slotted(rng.choice(role.clauses), p.name))
        else:
            after.append(_slotted(rng.choice(role.after or ["P <v>"]), p.name))
    return _Places(count, before, after, clauses)


_OF_MANY = {
    verb: {"is": "are", "has": "have", "goes": "go"}.get(verb, verb.removesuffix("s"))
    for verb in "is has goes takes serves uses ends repeats sounds reads says".split()
}
_OF_ONE = re.compile(rf"\bthat ({'|'.join(_OF_MANY)})\b")


def frame_words(frame: Frame, name: str) -> list[str]:
    """Return what is told of a thing: the words that the function's name holds, or its last word."""
    for key, words in frame.things:
        if key.rstrip("+").replace("_", "") in name.replace("_", "").replace("-", "").lower():
            return words
    return ["data"]


_NO_NOUNS = "to from where who about until since heading toward how_many".split()


def _is_noun(words: str) -> bool:
    return words not in _NO_NOUNS and not words.startswith(("to ", "from ", "how "))


def _role(name: str, ways: dict[str, Role]) -> Role:
    """Return what may be said of a parameter: nothing with its name where this is no noun."""
    role = distinct(name, ways)
    if _is_noun(_plain_name(name)):
        return role
    parts = (role.after, role.before, role.counts, role.clauses)
    return Role(role.kind, role.names, *([way for way in part if "P" not in way.split()] for part in parts))


def _slotted(phrase: str, name: str) -> str:
    return _worded(phrase, name).replace("<v>", f"<{name}>")


def _worded(phrase: str, name: str) -> str:
    plain = re.sub(r"^(?:with|in|on|for|by) (?=\w)", "", _plain_name(name))
    if is_plural(plain):
        phrase = re.sub(r"\ba P\b", "P", phrase).replace("P is ", "P are ")
    said = re.sub(r"\ba (?=P\b|<v>)", "\x02 ", phrase)
    return re.sub(r"\bP\b", plain, said)


_WHOLE = re.compile(r"\bN\b")


def _sentence(
    phrase: str,
    tail: str,
    verbs: list[str],
    sentences: list[str],
    group: str,
    rng: random.Random,
    *,
    is_open: bool,
) -> str:
    """Return a sentence of the phrase and its tail: an order, a wish or a question, or no verb at all."""
    kind = rng.random()
    if kind < 0.16 and group in ("buy", "ask", "tell", "make", "play"):
        bare = re.sub("^(\x02|the|a) ", "", phrase)
        shown = tail.replace("¦", rng.choice(("¦", "¦, ", "¦, ")))
        return capital(
            f"{bare}{rng.choice(('', '', ',')) if tail else ''}{shown}{rng.choice(('.', '', ', please.' if not is_open else ''))}"
        )
    if kind < 0.5 and not is_open:
        form = rng.choice(sentences)
        if is_plural(phrase) and not re.match("\x02|<|(?:the|a|my|our|this) ", phrase):
            form = form.replace("Is there", "Are there").replace("there is", "there are")
            form = form.replace("What is N", "What are N").replace("What's N", "What are N")
        return capital(_WHOLE.sub(lambda _: phrase + tail, form))
    opening, verb = rng.choice(_OPENINGS), rng.choice(verbs)
    if re.search(r" (me|us)\b|^tell|^show|^give", verb) and opening.startswith(
        ("I w", "I n", "I h", "I'd like to ", "We ", "Let", "Help")
    ):
        opening = rng.choice(("", "", "Please ", "Can you ", "Could you ", "I'd like you to "))
    end = (
        "?"
        if opening.startswith(("Can", "Co", "Wo", "Wi")) and not is_open
        else rng.choice((".", ".", "", ", please.", "!" if rng.random() < 0.2 else "."))
    )
    if is_open:
        end = ""
    if "lease" in opening:
        end = end.replace(", please", "")
    return capital(f"{opening}{verb} {phrase}{tail}{end}")


def _with_clauses(sentence: str, clauses: list[str], rng: random.Random) -> str:
    """Return the sentence with others before or after it that tell more."""
    is_open = re.search(r"[:,] (note: )?<\w+>⟧?$", sentence) is not None
    ended = sentence if is_open or sentence.endswith((".", "?", "!")) else f"{sentence}."
    for clause in clauses:
        need = re.match(r"(?:I|We) need (?=.)", ended)
        if need and clause.startswith(("We ", "I ")) and not is_open and rng.random() < 0.6:
            ended = f"{clause.rstrip('.')} {rng.choice(('and need', 'and need', 'and I need', 'so we need'))} {ended[need.end() :]}"
            continue
        ended = f"{clause} {ended}" if is_open or rng.random() < 0.45 else f"{ended} {clause}"
    return ended if clauses else sentence


def _with_facts(frame: Frame, thing: str, said: list[Parameter], is_many: bool, rng: random.Random) -> str:
    """Return a sentence with the parameters by their names."""
    chosen = rng.sample(said, len(said)) if rng.random() < 0.4 else said
    glue = rng.choice((", ", ", ", "; ", " and ", "\n"))
    joint = ":\n" if glue == "\n" else rng.choice((": ", " - ", ", ", " with "))
    facts = [_named(p, rng, is_phrase=joint == " with ") for p in chosen]
    article = "" if is_many or "<" in thing else rng.choice(("\x02 ", "the ", "my "))
    head = f"{capital(rng.choice(GROUPS[frame.group][1]))} {article}{thing}"
    if glue == "\n":
        return f"{head}:\n" + "\n".join(f"- {fact}" for fact in facts)
    return f"{head}{joint}{glue.join(facts)}."


def _named(parameter: Parameter, rng: random.Random, *, is_phrase: bool) -> str:
    words = rng.choice((parameter.name, parameter.name.replace("_", " ")))
    form = (
        "W <v>" if is_phrase else rng.choice(("W <v>", "W <v>", "the W is <v>", "W: <v>", "W = <v>", "W=<v>"))
    )
    if not _is_noun(words.replace("_", " ")):
        form = form.replace("the ", "").replace(" is ", ": ")
    elif is_plural(words):
        form = form.replace(" is ", " are ")
    return form.replace("W", words).replace("<v>", f"<{parameter.name}>")


def _by_name(name: str, parameters: list[Parameter], rng: random.Random) -> str:
    """Return a sentence that names the function itself."""
    verb = rng.choice(
        ("Call", "Use", "Please use", "Please call", "Run", "Call the function", "Use the tool")
    )
    facts = [f"{p.name} <{p.name}>" if rng.random() < 0.7 else f"{p.name}=<{p.name}>" for p in parameters]
    if rng.random() < 0.2:
        return (
            f"{verb} {name}({', '.join(f'{p.name}=<{p.name}>' for p in parameters)}){rng.choice(('.', ''))}"
        )
    glue = rng.choice((" with ", " with ", ": ", ", "))
    return f"{verb} {name}{glue}{rng.choice((' and ', ', ')).join(facts)}{rng.choice(('.', ''))}"
