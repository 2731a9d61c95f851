"""Words to spell, reverse and count, lists to sort: values that the training text leaves out."""

# ruff: noqa: E501  # one wording is one line

from __future__ import annotations

import random

from training.eval.checks import gives_number, lists, reverses, spells
from training.eval.items import Item, Skill, ask, fill
from training.eval.vocabulary import WORDS, held_out_list

SPELL = ("Spell {w}.", 'Spell the word "{w}".', "How do you spell {w}?", "How is {w} spelled?")
SPELL_OTHERWISE = (
    "I can never remember how {w} is written. Letter by letter, please.",
    "please give me the letters of {w} one after the other",
    'Take the word "{w}" apart into its letters',
    "Could you spell out {w} for my daughter?",
    "spelling bee! your word is {w}",
)
REVERSE = (
    "Reverse the word {w}.",
    'Reverse "{w}".',
    "Write {w} backwards.",
    "What is {w} backwards?",
    "Spell {w} backwards.",
)
REVERSE_OTHERWISE = (
    "If you read {w} from right to left, what do you get?",
    'Turn "{w}" around, last letter first',
    "mirror the word {w} please",
    "I need {w} the wrong way round",
)
COUNT_LETTERS = (
    "How many letters are in {w}?",
    "Count the letters in {w}.",
    'How many letters does "{w}" have?',
)
COUNT_LETTERS_OTHERWISE = (
    "How long is the word {w}, in letters?",
    "{w}: number of letters?",
    "Could you count for me how many letters make up {w}?",
    "Tell me the length of {w}",
)
COUNT_LETTER = (
    "How many times does the letter {c} occur in {w}?",
    "How many {c}'s are in {w}?",
    'Count the letter {c} in "{w}".',
)
COUNT_LETTER_OTHERWISE = (
    "How often do I find the letter {c} in {w}?",
    "in {w}, how many times do you see {c}",
    'Look at "{w}". How many of its letters are {c}?',
)
COUNT_WORDS = ("How many words are in: {s}", 'How many words are in "{s}"?', 'Count the words: "{s}"')
COUNT_WORDS_OTHERWISE = (
    'The sentence "{s}" has how many words?',
    "number of words please: {s}",
    'My line is "{s}". How many words did I write?',
)
COUNT_ITEMS = (
    "How many items are in this list: {l}?",
    "Count the items: {l}",
    "How many things are in the list {l}?",
)
COUNT_ITEMS_OTHERWISE = (
    "On my shopping list: {l}. How many things is that?",
    "{l} - how many did I name?",
    "I packed {l}. Number of things?",
)
SORT = ("Sort these words alphabetically: {l}", "Sort: {l}", "Put these words in alphabetical order: {l}")
SORT_NUMBERS = ("Sort these numbers: {l}", "Sort {l} in ascending order.", "Put these numbers in order: {l}")
SORT_DOWN = ("Sort these numbers in descending order: {l}", "Sort {l} from largest to smallest.")
SORT_OTHERWISE = (
    "Bring the following into the order of the alphabet: {l}",
    "I'd like {l} from A to Z",
    "how would a dictionary order {l}?",
    "Arrange alphabetically, please: {l}",
)
SORT_NUMBERS_OTHERWISE = (
    "smallest first please: {l}",
    "I'd like {l} lined up from the smallest to the biggest",
    "Arrange by size, beginning with the least: {l}",
)
REVERSE_LIST = ("Reverse the list: {l}", "Reverse the order of {l}.", "Put this list in reverse order: {l}")
REVERSE_LIST_OTHERWISE = (
    "Now the same list from the end to the start: {l}",
    "turn this list around: {l}",
    "I want {l} the other way round, last one first",
)
SENTENCES = """
    the old captain sleeps|we met two friendly foxes yesterday|nobody answered|my aunt sells honey and candles in June
    |the lift is out of order again|bring a torch|snow fell on the quiet town all night|she laughed|cold soup is better than no soup
    |three ducks crossed our road|his bicycle has a red bell|wait for me at the station|the museum opens late on Fridays
    |rivers bend|every morning he waters the small lemon tree|they painted the door green|our train leaves soon
    |grandfather told a long story about whales|the cake was gone|a kind stranger carried my heavy bag upstairs
""".split("|")  # fmt: skip


def _word(templates: tuple[str, ...], rng: random.Random, kind: str) -> Item:
    word = rng.choice(WORDS)
    if kind == "letter":
        letter = rng.choice(word)
        asked = ask(fill(templates, rng, w=word, c=letter))
        return Item(asked, gives_number(word.count(letter)), str(word.count(letter)))
    passes, want = {
        "spell": (spells(word), "-".join(word)),
        "reverse": (reverses(word), word[::-1]),
        "count": (gives_number(len(word)), str(len(word))),
    }[kind]
    return Item(ask(fill(templates, rng, w=word)), passes, want)


def _words(templates: tuple[str, ...], rng: random.Random) -> Item:
    text = " ".join(rng.choice(SENTENCES).split())
    count = len(text.split())
    return Item(ask(fill(templates, rng, s=text)), gives_number(count), str(count))


def _count_items(templates: tuple[str, ...], rng: random.Random) -> Item:
    items = rng.sample(WORDS, rng.randint(2, 6))
    return Item(ask(fill(templates, rng, l=", ".join(items))), gives_number(len(items)), str(len(items)))


def _list(templates: tuple[str, ...], rng: random.Random, kind: str) -> Item:
    pool = [str(n) for n in range(100)] if kind in ("numbers", "down") else WORDS
    items = held_out_list(pool, rng.randint(2 if kind == "words" else 3, 6), rng)
    wanted = {
        "words": lambda: sorted(items),
        "numbers": lambda: sorted(items, key=int),
        "down": lambda: sorted(items, key=int, reverse=True),
        "reverse": lambda: items[::-1],
    }[kind]()
    return Item(ask(fill(templates, rng, l=", ".join(items))), lists(wanted), ", ".join(wanted))


def words_otherwise(rng: random.Random) -> Item:
    choices = (
        lambda: _word(SPELL_OTHERWISE, rng, "spell"),
        lambda: _word(REVERSE_OTHERWISE, rng, "reverse"),
        lambda: _word(COUNT_LETTERS_OTHERWISE, rng, "count"),
        lambda: _word(COUNT_LETTER_OTHERWISE, rng, "letter"),
        lambda: _words(COUNT_WORDS_OTHERWISE, rng),
    )
    return rng.choice(choices)()


def lists_otherwise(rng: random.Random) -> Item:
    choices = (
        lambda: _list(SORT_OTHERWISE, rng, "words"),
        lambda: _list(SORT_NUMBERS_OTHERWISE, rng, "numbers"),
        lambda: _list(REVERSE_LIST_OTHERWISE, rng, "reverse"),
        lambda: _count_items(COUNT_ITEMS_OTHERWISE, rng),
    )
    return rng.choice(choices)()


CLOSED = (
    Skill("spelling", "closed", lambda rng: _word(SPELL, rng, "spell")),
    Skill("reversing a word", "closed", lambda rng: _word(REVERSE, rng, "reverse")),
    Skill("counting letters", "closed", lambda rng: _word(COUNT_LETTERS, rng, "count")),
    Skill("counting one letter", "closed", lambda rng: _word(COUNT_LETTER, rng, "letter")),
    Skill("counting words", "closed", lambda rng: _words(COUNT_WORDS, rng)),
    Skill("sorting words", "closed", lambda rng: _list(SORT, rng, "words")),
    Skill("sorting numbers", "closed", lambda rng: _list(SORT_NUMBERS, rng, "numbers")),
    Skill("sorting numbers downwards", "closed", lambda rng: _list(SORT_DOWN, rng, "down")),
    Skill("reversing a list", "closed", lambda rng: _list(REVERSE_LIST, rng, "reverse")),
    Skill("counting a list", "closed", lambda rng: _count_items(COUNT_ITEMS, rng)),
)
SKILLS = (
    *CLOSED,
    Skill("words, in other words", "paraphrase", words_otherwise),
    Skill("lists, in other words", "paraphrase", lists_otherwise),
)
