"""People's names: real ones from many countries, and invented ones so that the model copies what it reads."""

from __future__ import annotations

import random

from training import values
from training.held_out import held_out

_MORE_NAMES = tuple(
    """
    Anna Ben Carla David Emma Felix Grace Hugo Ida Jonas Kim Lea Max Nora Oscar Paul Tom Sara Alice Bob
    Adam Agnes Ahmed Aisha Akira Alan Albert Alex Alma Amara Amelia Amir Amy Andrea Andrew Anita Anja
    Anton Arthur Astrid Ava Barbara Beatrice Bella Benjamin Bernard Bianca Boris Brian Bruno Camille
    Carl Carlos Carmen Caroline Catherine Cecilia Chen Chiara Chloe Chris Clara Claire Conrad Cora Cyril
    Daniel Daria Deepa Diana Diego Dora Doris Edgar Edith Eduardo Elena Eli Elias Elif Elisa Ella Elsa
    Emil Emily Enzo Eric Erika Esther Ethan Eva Fabian Farah Fatima Fiona Flora Florian Francis Frank
    Frida Fritz Gabriel Gemma George Gerda Gina Greta Gustav Hanna Hans Harry Hassan Heidi Helen Henry
    Hilda Hiro Holly Ian Igor Ines Ingrid Irene Iris Isaac Isabel Ivan Ivy Jack Jacob Jada Jakub James
    Jamila Jan Jane Jasmin Jean Jenny Jiro Joan Joel John Jorge Josef Juan Jude Julia Julian June Kai
    Karim Karin Karl Kate Keiko Kenji Kevin Kira Klaus Kofi Lars Laura Lena Leo Leon Leila Liam Lina
    Linda Linus Lisa Livia Lola Lorenz Louis Lucas Lucy Luis Luna Lydia Mabel Magda Malik Manuel Marc
    Marco Maria Marie Mario Mark Marta Martin Mary Mateo Matilda Maya Mei Mia Michael Mila Milan Mina
    Mira Mona Moritz Nadia Naomi Nathan Nele Niels Nina Noah Noel Olga Olive Oliver Omar Otto Pablo
    Paula Pedro Peter Petra Philip Pia Priya Rachel Rafael Raj Ravi Rebecca Rita Robert Robin Rosa Ruby
    Ruth Sam Samir Sandra Sean Selma Simon Sofia Sonja Stefan Stella Sven Tara Tess Theo Thomas Tim Tina
    Tobias Toni Uma Ursula Valerie Vera Victor Viola Walter Wanda Wei William Yara Yasmin Yuki Yusuf
    Yvonne Zara Zoe
    """.split()
)

NAMES = tuple(dict.fromkeys((*_MORE_NAMES, *values.FIRST_NAMES)))

_MORE_PET_NAMES = tuple(
    """
    Bello Luna Max Rex Kitty Milo Fluffy Buddy Simba Nemo Coco Rocky Daisy Oreo Pepper Ginger Shadow
    Whiskers Tiger Bruno Snowy Biscuit Muffin Pip Toffee Bandit Hazel Momo Nala Rusty Sunny Cookie Pixel
    Waffle Ziggy Mango Socks Misty Pumpkin Bubbles
    """.split()
)

PET_NAMES = tuple(dict.fromkeys((*_MORE_PET_NAMES, *values.PET_NAMES)))

_STARTS = "B Br C D Dr F G H J K L M N P Qu R S Sh T Th Tr V W Y Z Ar El Or Is Al Um".split()
_MIDDLES = "a e i o u ai ea ia io".split()
_CONSONANTS = "b d f g k l ll m n nn r rr s t th v z nd lm rn".split()
_ENDS = "a e o i n r s l na ra lo ro mi ne tis lin ric den dor ven".split()


def _invented(rng: random.Random) -> str:
    middle = "".join(rng.choice(_MIDDLES) + rng.choice(_CONSONANTS) for _ in range(rng.randint(1, 2)))
    return rng.choice(_STARTS) + middle + rng.choice(_ENDS)


def name(rng: random.Random, known: tuple[str, ...] = NAMES) -> str:
    """Return a name that is not held out: one of `known`, or a third of the time an invented one."""
    while True:
        found = rng.choice(known) if rng.random() < 0.67 else _invented(rng)
        if not held_out(found):
            return found
