"""Haiku: first, middle and last lines by theme, and a syllable counter that holds them to 5-7-5."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Lines that fit together in any combination, and the words people use for the theme."""

    subjects: tuple[str, ...]
    first: tuple[str, ...]
    middle: tuple[str, ...]
    last: tuple[str, ...]


THEMES = (
    Theme(
        ("rain", "the rain", "a rainy day", "rainy weather", "storms"),
        (
            "Rain on the tin roof",
            "Soft rain on the leaves",
            "Grey clouds gather slow",
            "Drops on the window",
            "The rain starts to fall",
        ),
        (
            "the street becomes a mirror",
            "each puddle holds a small sky",
            "an umbrella opens up",
            "the garden drinks and says thanks",
            "all the birds wait in the trees",
        ),
        (
            "then the sun comes back",
            "I put on the tea",
            "and the world smells new",
            "no one is outside",
            "the drum never stops",
        ),
    ),
    Theme(
        ("snow", "winter", "the snow", "the cold", "ice"),
        (
            "Snow on the dark hill",
            "First snow of the year",
            "White fields and white sky",
            "The pond is all ice",
            "Cold stars and cold wind",
        ),
        (
            "a fox leaves a line of steps",
            "the whole village holds its breath",
            "one crow sits on the white fence",
            "the pine trees wear heavy coats",
            "my breath makes a little cloud",
        ),
        (
            "the night is so still",
            "no sound anywhere",
            "winter has come home",
            "spring is far away",
            "I walk home alone",
        ),
    ),
    Theme(
        ("autumn", "fall", "leaves", "falling leaves", "October"),
        (
            "Red leaves on the path",
            "The last leaf lets go",
            "Apples on the grass",
            "October evening",
            "Geese cross the grey sky",
        ),
        (
            "the wind reads them one by one",
            "a child jumps into the pile",
            "the days grow shorter and cool",
            "smoke rises from the chimney",
            "old trees count their golden coins",
        ),
        (
            "and then turns the page",
            "the year grows quiet",
            "soon the frost will come",
            "we walk through the gold",
            "the light fades early",
        ),
    ),
    Theme(
        ("the sea", "the ocean", "waves", "the beach", "water", "boats"),
        (
            "Waves come and waves go",
            "A boat leaves the bay",
            "Salt wind on my face",
            "The tide pulls away",
            "Foam on the grey rocks",
        ),
        (
            "the sand forgets all our steps",
            "the gulls argue in the wind",
            "the lighthouse blinks at the moon",
            "a shell keeps the sound of it",
            "the horizon draws a line",
        ),
        (
            "the sea keeps no map",
            "then the tide returns",
            "deep blue has no end",
            "I breathe with the waves",
            "home is far from here",
        ),
    ),
    Theme(
        ("the night", "the moon", "stars", "the night sky", "sleep", "darkness"),
        (
            "The moon is awake",
            "Stars over the town",
            "Midnight and no wind",
            "One lamp in the dark",
            "The city sleeps now",
        ),
        (
            "it looks into each window",
            "a cat walks along the wall",
            "far away a train goes by",
            "the clock talks only to me",
            "moths dance around the street light",
        ),
        (
            "sleep comes like a tide",
            "dreams begin to move",
            "the dark is gentle",
            "I count them again",
            "dawn is far away",
        ),
    ),
    Theme(
        ("spring", "flowers", "cherry blossoms", "April", "a garden"),
        (
            "Buds on the bare branch",
            "Cherry trees in bloom",
            "The snow melts away",
            "New grass on the hill",
            "Bees find the first bloom",
        ),
        (
            "the river is loud with news",
            "the swallows are back again",
            "a snail tries the morning sun",
            "the wind smells of rain and earth",
            "petals land on the old bench",
        ),
        (
            "the world starts over",
            "green is everywhere",
            "I open the door",
            "winter says goodbye",
            "each day has more light",
        ),
    ),
    Theme(
        ("summer", "the sun", "heat", "a summer day", "July"),
        (
            "Hot stones by the lake",
            "Long days and warm nights",
            "Crickets in the grass",
            "Noon sun on the field",
            "Bare feet on warm sand",
        ),
        (
            "the shade of one tree is full",
            "a dragonfly rests and leaves",
            "the melon is cold and sweet",
            "thunder walks behind the hills",
            "a bee falls asleep in bloom",
        ),
        (
            "time forgets to move",
            "the heat hums a song",
            "no one wants to leave",
            "then the first cool breeze",
            "evening takes its time",
        ),
    ),
    Theme(
        ("the morning", "dawn", "sunrise", "breakfast", "coffee", "waking up"),
        (
            "First light on the wall",
            "Steam over the cup",
            "Fog lifts from the field",
            "Dew on the green grass",
            "A rooster is first",
        ),
        (
            "the bread is warm in the shop",
            "a window opens, then two",
            "the street wakes up, door by door",
            "a sparrow plans the whole day",
            "the sun finds the kitchen floor",
        ),
        (
            "the day can begin",
            "nothing to do yet",
            "I stretch and say yes",
            "the dark is all gone",
            "the coffee is hot",
        ),
    ),
    Theme(
        ("birds", "a bird", "a martlet", "martlets", "swallows", "flying", "the sky"),
        (
            "A bird on the roof",
            "Small wings in the wind",
            "The swallow returns",
            "A martlet takes off",
            "High over the fields",
        ),
        (
            "it never needs to touch ground",
            "it writes a line on the sky",
            "it carries the spring with it",
            "one song for the whole morning",
            "the nest is hidden and warm",
        ),
        (
            "the sky is its home",
            "then it disappears",
            "I look up and smile",
            "the wind knows its name",
            "light as a feather",
        ),
    ),
    Theme(
        ("computers", "AI", "code", "programming", "a language model", "machines", "a server", "technology"),
        (
            "The cursor still blinks",
            "A small model speaks",
            "Token by token",
            "The fan starts to hum",
            "Zeros and then ones",
        ),
        (
            "the answer comes word by word",
            "a number becomes a word",
            "the server waits for a call",
            "the bug was one missing dot",
            "silicon dreams of the sea",
        ),
        (
            "the stream ends with done",
            "the test turns to green",
            "the cache remembers",
            "and the loop goes on",
            "no one wrote this line",
        ),
    ),
    Theme(
        ("mountains", "the forest", "trees", "nature", "a walk in the woods", "hiking"),
        (
            "Moss on the old stone",
            "The path climbs through pines",
            "Mist in the valley",
            "Deep in the forest",
            "The peak hides in clouds",
        ),
        (
            "a stream talks over the rocks",
            "an owl asks the same question",
            "my steps and my breath agree",
            "the trees lean in to listen",
            "each stone was once somewhere else",
        ),
        (
            "the echo answers",
            "I rest and look back",
            "the wind has no age",
            "nobody hurries",
            "green light on my hands",
        ),
    ),
    Theme(
        ("cats", "a cat", "my cat", "pets", "kittens"),
        (
            "The cat on the sill",
            "A cat in the sun",
            "Soft paws on the stairs",
            "The old cat wakes up",
            "Grey tail in the grass",
        ),
        (
            "it watches the world go by",
            "the warm chair is no more mine",
            "it owns the house and knows it",
            "a mouse thinks about its life",
            "one eye opens, then closes",
        ),
        (
            "then goes back to sleep",
            "dinner is late now",
            "it purrs like the rain",
            "the day is complete",
            "no one dares to move",
        ),
    ),
)

METER = (5, 7, 5)

# Where counting groups of vowels goes wrong.
_SYLLABLES = {
    "apples": 2,
    "becomes": 2,
    "breathe": 1,
    "closes": 2,
    "comes": 1,
    "evening": 2,
    "everywhere": 3,
    "forest": 2,
    "horizon": 3,
    "quiet": 2,
    "rises": 2,
    "silicon": 3,
    "somewhere": 2,
    "anywhere": 3,
    "village": 2,
    "watches": 2,
    "zeros": 2,
}
_VOWELS = re.compile(r"[aeiouy]+")


def count_syllables(line: str) -> int:
    """Count the syllables of an English line: by groups of vowels, with a list of exceptions."""
    return sum(_word_syllables(word) for word in re.findall(r"[a-z]+", line.lower()))


def _word_syllables(word: str) -> int:
    if word in _SYLLABLES:
        return _SYLLABLES[word]
    silent = re.search(r"[^aeiouyl]e$|[aeiou]le$|[^aeiouysxzc]es$|[^aeiouytd]ed$", word) is not None
    return max(1, len(_VOWELS.findall(word)) - silent)


def is_haiku(text: str) -> bool:
    """Tell whether `text` is three lines of 5, 7 and 5 syllables."""
    lines = text.strip().split("\n")
    return tuple(count_syllables(line) for line in lines) == METER


def compose(theme: Theme, rng: random.Random) -> str:
    """Return one haiku: a line of each kind, in three lines."""
    return f"{rng.choice(theme.first)},\n{rng.choice(theme.middle)};\n{rng.choice(theme.last)}."


def check_lines() -> None:
    """Raise ValueError for the first line that breaks the meter."""
    for theme in THEMES:
        for lines, expected in zip((theme.first, theme.middle, theme.last), METER, strict=True):
            for line in lines:
                if (count := count_syllables(line)) != expected:
                    raise ValueError(f"expected {expected} syllables, counted {count}: {line!r}")
