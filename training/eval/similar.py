"""Embeddings: the same text with slips, or in other words, must be nearer than all the others."""

from __future__ import annotations

import random

from training.eval.items import Ranking, Skill
from training.eval.talk import slip

NUM_DISTRACTORS = 20

# Each line is one meaning in two or three wordings.
MEANINGS = [
    tuple(part.strip() for part in line.split("|"))
    for line in """
    How do I serve a model? | How can I serve a model? | Which command serves a model?
    What is a token? | Can you explain what a token is? | tell me what tokens are
    Write a haiku about the sea. | A haiku about the sea, please. | Could you write me a haiku on the sea?
    What is the capital of France? | Name the capital of France. | Which city is the capital of France?
    What is the capital of Norway? | Name the capital of Norway. | Which city is the capital of Norway?
    How are you today? | How are you doing today? | Are you well today?
    Who are you? | What is your name? | Tell me who you are.
    Thank you very much! | Many thanks! | Thanks a lot!
    Goodbye, see you tomorrow. | Bye, until tomorrow. | See you tomorrow, goodbye!
    Spell the word garden. | How is garden spelled? | Please spell garden.
    Spell the word window. | How is window spelled? | Please spell window.
    What is 12 + 30? | Add 12 and 30. | How much is 12 plus 30?
    What day comes after Monday? | Which day follows Monday? | Tell me the day after Monday.
    Which month comes before May? | What is the month before May? | Name the month that is before May.
    What colour is grass? | Tell me the colour of grass. | Which colour does grass have?
    Mix red and yellow. | What do you get from red and yellow? | Red and yellow mixed give what?
    My name is Greta. | I am called Greta. | You can call me Greta.
    I live in Lyon. | My home is in Lyon. | Lyon is where I live.
    I have a dog. | There is a dog in my home. | A dog lives with me.
    Sort these words: pear, apple, fig | Put pear, apple, fig in order. | Please sort pear, apple, fig.
    What is the KV cache? | Explain the KV cache. | what does KV cache mean
    What is continuous batching? | Explain continuous batching to me. | what does continuous batching mean
    What is quantization? | Explain quantization. | what does quantization mean
    What is an embedding? | Please explain embeddings. | what are embeddings
    Does Martlet need a GPU? | Is a GPU needed for Martlet? | Can Martlet run without a GPU?
    What does temperature do? | Explain the temperature. | What is sampling temperature for?
    How many letters are in kitchen? | Count the letters in kitchen. | kitchen has how many letters?
    How many days are in a week? | A week has how many days? | Number of days in a week?
    Write a poem about snow. | A poem about snow, please. | Could you write me a poem on snow?
    What is a GPU? | Explain what a GPU is. | tell me what GPUs are
    """.strip().splitlines()
]


def _distractors(chosen: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    others = rng.sample([meaning for meaning in MEANINGS if meaning is not chosen], NUM_DISTRACTORS)
    return tuple(rng.choice(other) for other in others)


def typed_badly(rng: random.Random) -> Ranking:
    """The same text with a slip of the finger, or typed without care."""
    chosen = rng.choice(MEANINGS)
    text = rng.choice(chosen)
    match = rng.choice(
        (slip(text, rng), slip(slip(text, rng), rng), text.lower().rstrip(".?!"), text.upper())
    )
    return Ranking(match, text, _distractors(chosen, rng))


def reworded(rng: random.Random) -> Ranking:
    chosen = rng.choice(MEANINGS)
    query, match = rng.sample(chosen, 2)
    return Ranking(query, match, _distractors(chosen, rng))


SKILLS = (
    Skill("embeddings: slips of the finger", "closed", typed_badly),
    Skill("embeddings: other words", "paraphrase", reworded),
)
