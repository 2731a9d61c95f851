"""Values that people name in a sentence: what they say, and what stands for it in JSON."""

# ruff: noqa: E501  # one list is a few lines

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from training.held_out import held_out
from training.unknowns import invented_word

FIRST_NAMES = (
    "Ada Adam Agnes Ahmed Aisha Alan Albert Alice Alma Amir Amy Ana Anders Andrea Anna Anton Arthur Astrid Ben Bella"
    " Bjorn Bo Bruno Carl Carla Carmen Cedric Chen Chloe Clara Dana Daniel David Diego Dora Edgar Elena Eli Elif Ella"
    " Emil Emma Eric Esther Eva Fatima Felix Fiona Flora Frank Frida Gabriel George Gita Grace Greta Hana Hans Harry"
    " Hassan Hugo Ida Igor Ines Ingrid Irene Isaac Ivan Jack Jakob James Jana Jane Jason Jin Joan Joe John Jonas Jose"
    " Julia Karim Karin Kate Kemal Kenji Kim Kofi Lara Lars Laura Lea Lena Leo Lily Lina Linus Liam Lola Louis Lucas Lucy"
    " Luis Luna Magda Maja Malik Marco Maria Marie Mark Marta Martin Mary Matteo Max Maya Mei Mia Mila Milo Mira Mona"
    " Nadia Nela Nick Nina Noah Nora Olga Oliver Omar Oscar Otto Pablo Paul Paula Pedro Peter Petra Pia Priya Rafael"
    " Rania Ravi Rita Robert Rosa Ruth Sam Samira Sara Sean Selma Simon Sofia Sonja Stefan Susan Sven Tara Tariq Thea"
    " Theo Tim Tina Tom Tomas Tova Uma Uri Vera Victor Vikram Wanda Wei Will Xenia Yara Yasmin Yuki Yusuf Zara Zoe"
).split()
LAST_NAMES = (
    "Adams Ahmad Baker Bauer Becker Berg Bianchi Braun Brown Castro Chan Clark Cohen Cook Costa Cruz Davis Diaz Dubois"
    " Evans Fischer Ford Fox Garcia Gomez Green Gruber Haas Hansen Hill Hoffmann Holm Huber Ito Jansen Jones Kaya Keller"
    " Khan King Klein Kumar Lang Larsen Lee Lopez Maier Martin Meyer Miller Moore Moreau Mori Murphy Nagy Nguyen Novak"
    " Olsen Park Patel Perez Petit Popov Reed Ricci Roberts Rossi Roth Roy Sato Schmidt Silva Singh Smith Sommer Stein"
    " Suzuki Tanaka Taylor Torres Vogel Wagner Walker Wang Weber White Wilson Wolf Wood Wright Yilmaz Young Zhang"
).split()
CITIES = (
    "Paris|London|Berlin|Rome|Madrid|Oslo|Vienna|Lisbon|Tokyo|Cairo|New York|Boston|Chicago|Sydney|Toronto|Prague|Warsaw|Dublin"
    "|Athens|Helsinki|Stockholm|Copenhagen|Zurich|Geneva|Munich|Hamburg|Cologne|Lyon|Nice|Milan|Naples|Porto|Seville|Valencia"
    "|Barcelona|Brussels|Amsterdam|Rotterdam|Budapest|Bucharest|Sofia|Istanbul|Ankara|Moscow|Kyiv|Riga|Tallinn|Vilnius|Minsk"
    "|Delhi|Mumbai|Beijing|Shanghai|Hong Kong|Seoul|Osaka|Kyoto|Bangkok|Hanoi|Manila|Jakarta|Singapore|Perth|Melbourne|Auckland"
    "|Lima|Bogota|Quito|Santiago|Buenos Aires|Sao Paulo|Rio de Janeiro|Mexico City|Havana|San Francisco|Los Angeles|Seattle"
    "|Denver|Miami|Austin|Dallas|Houston|Atlanta|Montreal|Vancouver|Nairobi|Lagos|Accra|Dakar|Tunis|Cape Town|Leeds|Bristol"
    "|Glasgow|Cardiff|Edinburgh|Bern|Basel|Graz|Salzburg|Leipzig|Dresden|Bremen|Bonn|Ghent|Utrecht|Aarhus|Bergen|Turku"
).split("|")
ITEMS = (
    "milk|bread|eggs|butter|cheese|apples|bananas|tomatoes|rice|coffee|tea|sugar|a lamp|a chair|a desk|headphones|a keyboard"
    "|a mouse|a monitor|a backpack|a bicycle|a helmet|running shoes|a jacket|a hat|gloves|socks|a phone case|a charger|batteries"
    "|a notebook|pencils|a ruler|a kettle|a toaster|a pan|plates|cups|candles|a blanket|a pillow|a tent|a map|a watch|a ring"
    "|pizza|soup|noodles|salad|sushi|a burger|chocolate|honey|olive oil|flowers|a guitar|a drum|a camera|a tripod|a drill|a hammer"
).split("|")
DISHES = (
    "pizza|lasagne|soup|noodles|pancakes|salad|sushi|curry|tacos|risotto|dumplings|goulash|paella|apple pie|an omelette|fried rice"
    "|tomato soup|onion soup|fish stew|bread|muffins|waffles|a cheese sandwich|potato salad|carrot cake|lemon cake"
).split("|")
SUBJECTS = (
    "solar panels|cheap flights|electric cars|garden tools|old maps|chess openings|jazz festivals|green tea|hiking boots|bird songs"
    "|tax forms|wild mushrooms|language courses|python tutorials|train tickets|mountain bikes|rainy days|black holes|board games"
    "|coffee machines|house plants|city parks|winter coats|recipes for soup|sleep|history of Rome|the moon|penguins|volcanoes"
    "|machine learning|open source|river boats|violin lessons|used books|night trains|water filters|football results|new films"
).split("|")
TEXTS = (
    "I will be late|see you tomorrow|happy birthday|the train is delayed|please call me back|thank you for the help|lunch at noon"
    "|I am on my way|the report is ready|meeting moved to Friday|do not forget the keys|welcome to the team|buy milk|call the bank"
    "|water the plants|good luck today|the door is open|dinner is ready|can we talk|I need more time|the parcel has arrived"
    "|all tests pass|the server is down|good morning|where is the book|I like this song|no sugar please|pick up the children"
    "|send the invoice|clean the kitchen|the cat is hungry|we won the game|it is snowing|the lift is broken|see the attached file"
).split("|")
TITLES = (
    "team meeting|dentist|lunch with the team|project review|yoga class|board meeting|piano lesson|job interview|birthday party|planning"
    "|release party|book club|standup|parents evening|haircut|dinner|workshop|training|school play|football practice|budget talk"
).split("|")
BOOKS = (
    "The Silent Lake|Winter Roads|A House of Salt|The Last Signal|Blue Hours|The Paper Garden|Night Ferry|Under the Elms|The Clockmaker"
    "|Letters from the North|Small Storms|The Ninth Door|River of Glass|The Quiet Map|Stone and Feather|A Year of Rain|Iron Harbour"
    "|The Green Lamp|Seven Bridges|The Fog Keeper|Open Water|Dust and Honey|The Long Table|Copper Moon|Birds of Autumn"
).split("|")
COLOURS = (
    "red blue green yellow black white orange purple pink brown grey silver gold turquoise beige".split()
)
JOBS = (
    "teacher nurse baker doctor engineer farmer painter pilot singer lawyer carpenter cook writer plumber driver gardener"
    " programmer librarian dentist tailor electrician waiter judge actor designer student mechanic florist"
).split()
HOBBIES = (
    "chess swimming reading hiking painting cooking dancing skiing running gardening singing cycling sailing tennis football"
    " knitting photography climbing fishing yoga drawing baking travelling surfing"
).split()
LANGUAGES = (
    "English German French Spanish Italian Portuguese Dutch Polish Turkish Japanese Chinese Korean Arabic Hindi Swedish Danish"
    " Norwegian Finnish Greek Russian Czech Hungarian"
).split()
COUNTRIES = (
    "France Germany Spain Italy Norway Sweden Poland Japan China India Brazil Peru Chile Egypt Kenya Canada Mexico Greece Turkey"
    " Portugal Austria Belgium Denmark Finland Iceland Ireland Vietnam Thailand Morocco Ghana"
).split()
CURRENCIES = "USD EUR GBP JPY CHF SEK NOK DKK PLN CZK INR CAD AUD BRL MXN CNY KRW ZAR".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
WEATHER = "sunny cloudy rainy windy foggy snowy stormy clear cold warm dry humid mild overcast".split()
STATUSES = (
    "shipped delivered pending cancelled confirmed open closed active paid unpaid sent saved created deleted done ready"
    " delayed approved rejected running finished on_hold booked available".split()
)
ROOMS = "kitchen|living room|bedroom|bathroom|hallway|garage|garden|office|attic|cellar|balcony|guest room|dining room".split(
    "|"
)
ANIMALS = "dog cat rabbit parrot hamster horse goat turtle pony goldfish canary hen sheep donkey duck".split()
PET_NAMES = "Rex Luna Bella Fluffy Milo Rocky Coco Nero Shadow Biscuit Daisy Pepper Ginger Waldo Toffee Misty Bruno Kiwi".split()
STREETS = "Main Street|High Street|Park Road|Mill Lane|Station Road|Church Lane|King Street|Lake Avenue|Oak Drive|Garden Street|Hill Road|River Road|Elm Street|Rose Lane|Bridge Street".split(
    "|"
)
COMPANIES = "Acme|Globex|Nordwind|Bluebird|Initech|Solaris|Kestrel|Umbra|Fernweh|Quanta|Brightside|Lumen|Octavia|Pinewood|Stellar".split(
    "|"
)
GENRES = "jazz rock pop classical folk blues techno reggae metal soul".split()
ARTISTS = "The Tin Roofs|Green Harbour|Blue Comet|Grand Hotel Band|The Lanterns|The Quiet Ones|North Choir|The Old Trains|Silver Pines|Duo Amaro".split(
    "|"
)
NUMBER_WORDS = "zero one two three four five six seven eight nine ten".split()

Said = tuple[str, Any]
"""How a value is said, and the value."""


@dataclass(frozen=True)
class Kind:
    """A kind of value: what a schema says of it, and how one is made."""

    schema: dict[str, Any]
    make: Callable[[random.Random], Said]


def first_name(rng: random.Random) -> str:
    """Return a name, one in seven invented, none of the eval's."""
    while True:
        name = rng.choice(FIRST_NAMES) if rng.random() < 0.85 else _short_word(rng).capitalize()
        if not held_out(name):
            return name


def full_name(rng: random.Random) -> str:
    """Return a first and a last name, neither of the eval's."""
    while True:
        last = rng.choice(LAST_NAMES) if rng.random() < 0.85 else _short_word(rng).capitalize()
        name = f"{first_name(rng)} {last}"
        if not held_out(last) and not held_out(name):
            return name


def person(rng: random.Random) -> str:
    """Return a first name, or a first and a last name."""
    return first_name(rng) if rng.random() < 0.5 else full_name(rng)


def city(rng: random.Random) -> str:
    """Return a city, one in seven invented."""
    return rng.choice(CITIES) if rng.random() < 0.85 else _short_word(rng).capitalize()


def _short_word(rng: random.Random) -> str:
    while True:
        word = invented_word(rng)
        if 3 <= len(word) <= 8:
            return word


def invented(rng: random.Random) -> str:
    """Return an invented word, or two of them."""
    word = _short_word(rng).lower()
    return word if rng.random() < 0.7 else f"{word} {_short_word(rng).lower()}"


def date(rng: random.Random) -> str:
    """Return a date as people or programs write it."""
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    if rng.random() < 0.5:
        return f"{rng.randint(2019, 2031)}-{month:02}-{day:02}"
    return rng.choice((f"{day} {MONTHS[month - 1]}", f"{MONTHS[month - 1]} {day}"))


def day(rng: random.Random) -> str:
    """Return a weekday, a date, or today or tomorrow."""
    if rng.random() < 0.08:
        return rng.choice(("today", "tomorrow"))
    return rng.choice(WEEKDAYS) if rng.random() < 0.5 else date(rng)


def tidied(said: str) -> str:
    """Return a sentence without the "on" that stands before other days than these."""
    return said.replace(" on today", " today").replace(" on tomorrow", " tomorrow")


def time(rng: random.Random) -> str:
    """Return a time of the day."""
    hour = rng.randint(0, 23)
    minute = rng.choice((0, 0, 15, 30, 45, rng.randint(0, 59)))
    if rng.random() < 0.25:
        return f"{rng.randint(1, 12)} {rng.choice(('am', 'pm'))}"
    return f"{hour:02}:{minute:02}" if rng.random() < 0.6 else f"{hour}:{minute:02}"


def number(rng: random.Random) -> int:
    """Return a whole number: small ones more often than large ones."""
    return rng.randint(0, 10 ** rng.choice((1, 1, 2, 2, 3, 4)))


def code(rng: random.Random) -> str:
    """Return an order number, a ticket's id, a product's code."""
    letters = "".join(rng.choice("ABCDEFGHKLMNPRSTUVWXZ") for _ in range(rng.randint(1, 3)))
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(2, 5)))
    return rng.choice((f"{letters}{digits}", f"{letters}-{digits}", f"{digits}{letters}", f"#{digits}"))


def email(rng: random.Random) -> str:
    """Return an address."""
    name = first_name(rng).lower()
    if rng.random() < 0.3:
        name += rng.choice((".", "_")) + rng.choice(LAST_NAMES).lower()
    domain = rng.choice(("example", "mail", "post", "home", "work", _short_word(rng).lower()))
    return f"{name}@{domain}.{rng.choice(('com', 'org', 'net', 'de', 'io'))}"


def phone(rng: random.Random) -> str:
    """Return a telephone number."""
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(4, 7)))
    return rng.choice((f"555-{digits[:4]}", f"0{digits[:3]} {digits[3:]}0", f"+49 {digits}"))


def text(rng: random.Random) -> str:
    """Return a short message."""
    return (
        rng.choice(TEXTS)
        if rng.random() < 0.85
        else " ".join(invented(rng) for _ in range(rng.randint(2, 3)))
    )


def listed(words: list[str], rng: random.Random) -> str:
    """Return the words as a sentence lists them."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + rng.choice((" and ", " and ", ", ")) + words[-1]


def _price(rng: random.Random) -> Said:
    price = rng.choice(
        (float(rng.randint(1, 200)), round(rng.uniform(1, 200), 2), round(rng.uniform(0, 20), 1))
    )
    value: float = int(price) if price == int(price) else price
    return str(value), value


def _count(rng: random.Random) -> Said:
    value = rng.randint(1, 12) if rng.random() < 0.7 else rng.randint(1, 99)
    return (NUMBER_WORDS[value] if value <= 10 and rng.random() < 0.12 else str(value)), value


def _list(words: list[str]) -> Callable[[random.Random], Said]:
    def make(rng: random.Random) -> Said:
        chosen = rng.sample(words, rng.randint(2, 4))
        return listed(chosen, rng), chosen

    return make


def _string(make: Callable[[random.Random], str], invented_share: float = 0.0) -> Kind:
    def said(rng: random.Random) -> Said:
        value = invented(rng) if rng.random() < invented_share else make(rng)
        return value, value

    return Kind({"type": "string"}, said)


def _choice(words: list[str], invented_share: float = 0.1) -> Kind:
    return _string(lambda rng: rng.choice(words), invented_share)


def _integer(low: int, high: int) -> Kind:
    def said(rng: random.Random) -> Said:
        value = rng.randint(low, high)
        return str(value), value

    return Kind({"type": "integer"}, said)


def _number(rng: random.Random) -> Said:
    value = number(rng)
    return str(value), value


def _decimal(rng: random.Random) -> Said:
    value = round(rng.uniform(0, 10 ** rng.choice((0, 1, 2))), rng.choice((1, 2)))
    return str(value), value


def _flag(yes: str, no: str) -> Kind:
    def said(rng: random.Random) -> Said:
        value = rng.random() < 0.5
        return (yes if value else no), value

    return Kind({"type": "boolean"}, said)


def _made(make: Callable[[random.Random], str]) -> Callable[[random.Random], Said]:
    def several(rng: random.Random) -> Said:
        chosen = distinct(make, rng, rng.randint(2, 3))
        return listed(chosen, rng), chosen

    return several


NUMBER_SCHEMA = {"type": "number"}
LIST_SCHEMA = {"type": "array", "items": {"type": "string"}}
KINDS: dict[str, Kind] = {
    "name": _string(person),
    "first_name": _string(first_name),
    "full_name": _string(full_name),
    "city": _string(city),
    "item": _choice(ITEMS),
    "dish": _choice(DISHES),
    "subject": _choice(SUBJECTS, 0.2),
    "text": _string(text),
    "title": _choice(TITLES, 0.1),
    "book": _choice(BOOKS, 0.0),
    "colour": _choice(COLOURS, 0.05),
    "job": _choice(JOBS, 0.05),
    "hobby": _choice(HOBBIES, 0.05),
    "language": _choice(LANGUAGES, 0.05),
    "country": _choice(COUNTRIES, 0.05),
    "currency": _choice(CURRENCIES, 0.0),
    "weekday": _choice(WEEKDAYS, 0.0),
    "month": _choice(MONTHS, 0.0),
    "weather": _choice(WEATHER, 0.0),
    "status": _choice(STATUSES, 0.0),
    "room": _choice(ROOMS, 0.05),
    "animal": _choice(ANIMALS, 0.05),
    "pet": _choice(PET_NAMES, 0.1),
    "street": _choice(STREETS, 0.0),
    "company": _choice(COMPANIES, 0.1),
    "genre": _choice(GENRES, 0.05),
    "artist": _choice(ARTISTS, 0.0),
    "word": _string(invented),
    "date": _string(date),
    "day": _string(day),
    "time": _string(time),
    "code": _string(code),
    "email": _string(email),
    "phone": _string(phone),
    "zip": _string(lambda rng: str(rng.randint(10000, 99999))),
    "integer": Kind({"type": "integer"}, _number),
    "id": _integer(100, 99999),
    "count": Kind({"type": "integer"}, _count),
    "small": _integer(1, 10),
    "percent": _integer(0, 100),
    "age": _integer(3, 90),
    "year": _integer(1950, 2030),
    "degrees": _integer(-10, 38),
    "minutes": _integer(1, 120),
    "price": Kind(NUMBER_SCHEMA, _price),
    "decimal": Kind(NUMBER_SCHEMA, _decimal),
    "on_off": _flag("on", "off"),
    "items": Kind(LIST_SCHEMA, _list(ITEMS)),
    "hobbies": Kind(LIST_SCHEMA, _list(HOBBIES)),
    "names": Kind(
        LIST_SCHEMA,
        lambda rng: (lambda names: (listed(names, rng), names))(distinct(first_name, rng, rng.randint(2, 3))),
    ),
    "colours": Kind(LIST_SCHEMA, _list(COLOURS)),
    "languages": Kind(LIST_SCHEMA, _list(LANGUAGES)),
    "words": Kind(
        LIST_SCHEMA,
        lambda rng: (lambda words: (listed(words, rng), words))(distinct(invented, rng, rng.randint(2, 3))),
    ),
}


def distinct(make: Callable[[random.Random], str], rng: random.Random, count: int) -> list[str]:
    """Return `count` different values."""
    found: list[str] = []
    while len(found) < count:
        value = make(rng)
        if value not in found:
            found.append(value)
    return found


def kind_of(name: str) -> Kind:
    """Return the kind of that name; `a/b/c` is an enum."""
    if "/" not in name:
        return KINDS[name]
    words = name.split("/")
    return Kind({"type": "string", "enum": words}, lambda rng: (lambda word: (word, word))(rng.choice(words)))
