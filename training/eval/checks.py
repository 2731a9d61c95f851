"""When an answer is right: strict about the value, lenient about the words around it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

Check = Callable[[str], bool]

REFUSAL = re.compile(
    r"\b(do not|don't|not|never|no) (really |yet |)"
    r"(know|learn|learned|understand|able|idea|sure|familiar|taught|tell you|answer|help with|do that)\b"
    r"|\b(cannot|can't|unable|unfamiliar)\b|beyond me|unknown to me|new to me|never heard"
    r"|only (add|English|know)|too (big|large|hard|difficult|much)"
    r"|only (invent|guess)|not (in|part of) (my|the) training"
    r"|not (something|a word|one of the things) (that )?I",
    re.I,
)
NOT_TOLD = re.compile(
    r"\b(have not|haven't|did not|didn't|never|not yet|not been|have you not) (\w+ )?"
    r"(told|tell|mention|mentioned|said|say|shared|share|given|give)\b|\bnot (told|mentioned)|"
    r"\b(do not|don't|cannot|can't) (know|say|tell)\b|no idea",
    re.I,
)
COURTESY = re.compile(
    r"\b(gladly|please|thank you|thanks|pleasure|happy to|glad to|of course|certainly"
    r"|kind|kindly|welcome|delighted|by all means|sir|madam|dear)\b",
    re.I,
)
NUMBER_WORDS = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve once twice".split(),
        (*range(13), 1, 2),
        strict=True,
    )
)
_SIGN = re.compile(r"(?<![\d)])(?<![\d)] )(?:[-\u2212]|\bminus )(?=\d)", re.I)
_SEPARATORS = ("-", " - ", " ", ", ", ",", ".", "\u00b7")


def all_of(*checks: Check) -> Check:
    """Return a check that all of `checks` pass."""
    return lambda answer: all(check(answer) for check in checks)


def matches(pattern: re.Pattern[str] | str) -> Check:
    """Return a check that `pattern` occurs; case does not count where it is given as text."""
    found = re.compile(pattern, re.I) if isinstance(pattern, str) else pattern
    return lambda answer: found.search(answer) is not None


def lacks(pattern: re.Pattern[str] | str) -> Check:
    """Return a check that `pattern` does not occur."""
    occurs = matches(pattern)
    return lambda answer: not occurs(answer)


def has_word(text: str, word: str) -> bool:
    """Return whether `word`, of one word or several, stands in `text`, in whatever case."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.I) is not None


def says(*values: str) -> Check:
    """Return a check that all `values` occur as whole words."""
    return lambda answer: all(has_word(answer, value) for value in values)


def says_only(value: str, others: Iterable[str], given: Collection[str] = ()) -> Check:
    """Return a check that `value` occurs and none of `others`, but for those `given` in the question."""
    known = {other.lower() for other in (value, *given)}
    wrong = [other for other in others if other.lower() not in known]
    return lambda answer: has_word(answer, value) and not any(has_word(answer, other) for other in wrong)


def lacks_words(words: Iterable[str]) -> Check:
    """Return a check that none of `words` occurs."""
    wrong = list(words)
    return lambda answer: not any(has_word(answer, word) for word in wrong)


def refuses(answer: str) -> bool:
    """Return whether an answer admits that it does not know or cannot."""
    return REFUSAL.search(answer) is not None


def is_not_told(answer: str) -> bool:
    """Return whether an answer says that something was not told."""
    return NOT_TOLD.search(answer) is not None


# --- numbers ------------------------------------------------------------------------------------------


def numbers_in(text: str) -> list[int]:
    """Return the whole numbers in `text`, number words only where there are no digits.

    A minus between two numbers is no sign.
    """
    signed = _SIGN.sub("~", text)
    found = [int(n.replace("~", "-")) for n in re.findall(r"~?\d+", signed)]
    if found:
        return found
    if refuses(text):
        return []
    return [NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in NUMBER_WORDS]


def gives_number(value: int, given: Sequence[int] = ()) -> Check:
    """Return a check that `value` is the number said, beside those `given` in the question, once each."""

    def passes(answer: str) -> bool:
        found = numbers_in(answer)
        if len(found) == 1:
            return found == [value]
        rest = list((Counter(found) - Counter(given)).elements())
        return bool(rest) and set(rest) == {value}

    return passes


# --- letters and lists --------------------------------------------------------------------------------


def letter_runs(text: str) -> list[str]:
    """Return what is spelled out in `text`, as words: letters between hyphens, blanks or commas."""
    found: list[tuple[int, str]] = []
    for separator in _SEPARATORS:
        pattern = rf"(?<![\w-])\w(?:{re.escape(separator)}\w)+(?![\w-])"
        found += [
            (match.start(), match.group().replace(separator, "").lower())
            for match in re.finditer(pattern, text)
        ]
    return [run for _, run in sorted(found)]


def spells(word: str) -> Check:
    """Return a check that `word` is spelled out, and nothing else is."""
    return lambda answer: set(letter_runs(answer)) == {word}


def reverses(word: str) -> Check:
    """Return a check that the answer ends with `word` backwards, as a word or letter by letter."""
    backwards = word[::-1]

    def passes(answer: str) -> bool:
        runs = letter_runs(answer)
        if runs and runs[-1] != backwards:
            return False
        quoted = re.findall(r"[\"'\u201c`]([^\W\d]+)[\"'\u201d`]", answer)
        if quoted and quoted[-1].lower() != word:
            return bool(quoted[-1].lower() == backwards)
        return bool(runs) or has_word(answer, backwards)

    return passes


def lists(items: Sequence[str]) -> Check:
    """Return a check that the answer is the list, in this order; a colon may introduce it."""
    wanted = [item.lower() for item in items]

    def passes(answer: str) -> bool:
        body = answer.strip().rstrip(".").rpartition(":")[2].lower()
        parts = re.split(r"\s*(?:,\s*and\b|,|\n|\band\b|;)\s*", body.strip())
        return [part.strip(" -*\"'") for part in parts if part.strip(" -*\"'")] == wanted

    return passes


# --- tools --------------------------------------------------------------------------------------------

Call = tuple[str, dict[str, Any]]
_CALL = re.compile(r"<tool_call>\s*(.*?)\s*</tool_call>", re.S)


def calls_in(answer: str) -> list[Call] | None:
    """Return the calls of an answer in hermes format. None: one of them cannot be read."""
    found: list[Call] = []
    for text in _CALL.findall(answer):
        try:
            call = json.loads(text)
            found.append((call["name"], call["arguments"]))
        except (ValueError, KeyError, TypeError):
            return None
    return found


def calls(*wanted: Call) -> Check:
    """Return a check that these calls are made, no other ones, and that nothing else is said."""

    def passes(answer: str) -> bool:
        found = calls_in(answer)
        if found is None or _CALL.sub("", answer).strip():
            return False
        return sorted(map(exactly, found)) == sorted(map(exactly, wanted))

    return passes


def exactly(value: Any) -> str:
    """Return a text that is the same for equal JSON values only: 1, "1" and true differ, 2 and 2.0 do not."""
    return json.dumps(_plain_numbers(value), sort_keys=True)


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_numbers(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_numbers(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def answers_itself(check: Check) -> Check:
    """Return a check that no function is called and that the answer passes `check`."""
    return all_of(lacks("tool_call"), check)


# --- JSON ---------------------------------------------------------------------------------------------


def is_json(wanted: Any) -> Check:
    """Return a check that the answer is this JSON value and nothing else."""

    def passes(answer: str) -> bool:
        try:
            return exactly(json.loads(answer)) == exactly(wanted)
        except ValueError:
            return False

    return passes


def has_values(wanted: Any) -> Check:
    """Return a check that the answer is a JSON object with the values of `wanted`, under whatever keys."""

    def passes(answer: str) -> bool:
        try:
            found = json.loads(answer)
        except ValueError:
            return False
        return isinstance(found, dict) and sorted(_leaves(found)) == sorted(_leaves(wanted))

    return passes


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    return [exactly(value)]


# --- thinking and styles ------------------------------------------------------------------------------

_THOUGHTS = re.compile(r"\s*<think>(.*?)</think>(.*)", re.S)


def thinks(then: Check) -> Check:
    """Return a check that something is thought, once, and that what follows passes `then`."""

    def passes(answer: str) -> bool:
        found = _THOUGHTS.fullmatch(answer)
        if found is None or not found[1].strip() or "think>" in found[2]:
            return False
        return then(found[2].strip())

    return passes


def is_upper_case(answer: str) -> bool:
    """Return whether there is no small letter in an answer, and something else."""
    return bool(answer.strip()) and answer == answer.upper()


def is_short(answer: str, num_words: int = 6) -> bool:
    """Return whether an answer is a few words."""
    return 0 < len(answer.split()) <= num_words


def is_polite(answer: str) -> bool:
    """Return whether there is a courtesy in an answer."""
    return COURTESY.search(answer) is not None


_GERMAN = """
    ich bin und ist hallo guten morgen tag abend wie kann dir ihnen danke bitte gern gerne tschüss
    wiedersehen sprachmodell ein kleines mir geht es gut heiße helfen freut mich bis bald schönen noch was
    dank der die das
"""
_FRENCH = """
    bonjour salut bonsoir je suis merci vous rien au revoir bien comment puis aider modèle petit avec plaisir
    quoi très vais et un une de la le ça va bonne journée bientôt langage
"""
_ENGLISH = """
    hello hi good the you are am how can help is my thank thanks welcome goodbye bye fine and morning day well
    a small model language see i
"""
_WORDS = {"de": _GERMAN.split(), "fr": _FRENCH.split(), "en": _ENGLISH.split()}


def language_of(text: str) -> str:
    """Return de, fr or en: the language that most of the common words are of; empty for none or a tie."""
    words = re.findall(r"[^\W\d_']+", text.lower())
    counts = sorted((sum(word in known for word in words), name) for name, known in _WORDS.items())
    return counts[-1][1] if counts[-1][0] > counts[-2][0] else ""


def is_in(language: str) -> Check:
    """Return a check that an answer is in that language: de, fr or en."""
    return lambda answer: language_of(answer) == language
