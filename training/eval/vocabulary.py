"""Words, names and facts that items are made of; where the training text leaves some out, only those."""

# ruff: noqa: E501  # word lists

from __future__ import annotations

import random
from collections.abc import Iterable

from training import common_knowledge
from training.held_out import held_out

_WORDS = """
    air ant arm art bag bar bat bed bee bell belt bird boat body bolt bone boot bowl box brick broom brush bucket bus
    butter button cabin cake camp can candle canoe cap car card carpet castle chain chair chalk cheese cherry chest
    chicken church clay clock cloth cloud clover coat coin comb copper corner cotton cow crane crayon cream crow crown
    cup curtain dance deer desk diamond dish doctor dog doll donkey door dragon drawer dream dress drum duck dust eagle
    ear egg elbow engine evening eye face farmer feather fence ferry field finger fire fish flag flame floor flour
    flower flute fog forest fork fox friend frog fruit garden gate ghost gift giraffe glass glove goat gold goose grape
    grass guitar hair hall hammer hand harbour hat heart hedge helmet hill holiday honey hook horse hotel hour house
    insect iron island ivory jacket jam jar jelly jewel juice jungle kettle key king kitchen kite kitten knee knife
    ladder lake lamp lawn leaf leather lemon letter library lion lip lizard lobster lock lunch machine magnet map marble
    market match meadow medal melon metal milk mirror monkey month moon morning mountain mouse mouth mud museum mushroom
    music nail neck needle nest net night nose number nurse nut oak ocean oil olive onion orange orchard oven owl paint
    palace paper parcel parrot path peach peanut pear pencil pepper piano picnic picture pillow pilot pipe pirate plane
    planet plant plate plum pocket pond potato pumpkin puppet queen rabbit radio rain rainbow ribbon rice ring river road
    robin rocket roof room root rope rose ruler sail salad salt sand scarf school scissors screw seed shadow sheep shelf
    shell ship shirt shoe shop shovel silver singer sister sky sleeve smoke snail snake snow soap sock sofa soup spider
    spoon spring squirrel stamp star station stone storm story stove straw street string sugar suitcase summer sun swan
    sweater table tail tea teacher tent thunder ticket tiger toast tomato tongue tooth towel tower town toy tractor train
    tree trumpet tunnel turkey turtle uncle valley vase vegetable village violin wagon wall walnut watch water wave
    whale wheat wheel whistle window wing winter wolf wood wool yard zebra market barrel basket beach beetle blanket
    bottle bridge cactus camel canal carrot cave cellar circus coffee desert dolphin farm garlic giant hamster hawk
    ice ink jaguar lantern lentil lily magpie mango mill mint mole moth oyster panther pebble pelican penguin pigeon
    puddle quilt raven saddle sausage seal shark shore spade spinach sponge stable stork sunset tablet tulip umbrella
    velvet volcano wallet walrus weasel wizard yogurt zipper
""".split()
_NAMES = """
    Agnes Albert Alma Amelie Anton Arthur Astrid Aurora Beatrice Benno Bianca Boris Bruno Carla Carmen Cecilia Cedric Clara
    Conrad Dagmar Damian Daphne Dora Edgar Edith Elena Elias Elsa Emil Erika Esther Eugene Fatima Felix Fiona Flora Frida
    Gabriel Georg Gloria Greta Gustav Hannah Hector Helena Henrik Hilda Hugo Ida Igor Ines Irene Isaac Ivan Jasmin Jasper
    Joachim Johanna Jonas Josef Judith Julius Karim Karin Katja Klara Konrad Kurt Lara Lars Leila Leonie Linus Lorenz Lotte
    Louis Luisa Magnus Malik Manuel Mara Marcel Margot Marius Martha Mathilda Max Mila Milo Mina Miriam Moritz Nadia Natalie
    Nico Nils Nina Noah Nora Odette Olaf Olga Oscar Otto Paula Pavel Petra Philip Quentin Rafael Ramona Raoul Regina Rita
    Robert Romy Rosa Ruben Sabine Samir Sandra Selma Sergio Sibyl Simon Sonja Stefan Stella Susanne Sven Tamara Tariq Teresa
    Theo Tilda Tobias Ulla Ulrich Ursula Valentin Vera Victor Viola Walter Wanda Werner Xenia Yara Yusuf Yvonne Zelda Zoe
    Alice Bob Carol David Emma Frank Grace Henry Jack Kate Leo Mary Oliver Peter Rachel Sam Tom Anna Ben Lisa Paul Julia
""".split()
CITIES = (
    "Graz Basel Turin Lyon Porto Ghent Bergen Gdansk Seville Leeds Bremen Osaka Denver Quito Perth Nantes Zagreb"
    " Tampere Utrecht Bologna Malaga Krakow Aarhus Dresden"
).split()

WORDS = sorted({word for word in _WORDS if held_out(word) and word != word[::-1] and 2 <= len(word) <= 9})
NAMES = sorted({name for name in _NAMES if held_out(name)})

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
COLOURS = "red yellow blue green orange purple violet brown black white grey gray pink".split()
MIXTURES = {
    ("red", "yellow"): ("orange",),
    ("blue", "yellow"): ("green",),
    ("red", "blue"): ("purple", "violet"),
    ("red", "white"): ("pink",),
    ("black", "white"): ("grey", "gray"),
}
THINGS = {thing: colour for thing, colour in common_knowledge.COLOUR_OF.items() if colour in COLOURS}
CAPITALS = common_knowledge.CAPITALS
NO_COUNTRIES = (
    "Belvaria Quostan Mordor Zembland Ostrania Lumeria Wakanda Pallonia Brobdingnag Syldavia".split()
)


def held_out_list(items: Iterable[str], size: int, rng: random.Random) -> list[str]:
    """Return `size` different items in a random order, a choice that the training text leaves out."""
    pool = list(items)
    while True:
        chosen = rng.sample(pool, size)
        in_order = sorted(chosen)
        numeric = sorted(chosen, key=int) if all(item.isdigit() for item in chosen) else in_order
        if held_out(" ".join(in_order)) and held_out(" ".join(numeric)) and chosen != numeric:
            return chosen
