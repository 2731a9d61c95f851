"""Conversations in which people tell something about themselves or others, and ask for it later."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from training import names, skills, smalltalk, styles, unknowns, values
from training.dialogue import Dialogue, Turn
from training.grammar import capital, expand, pick


@dataclass(frozen=True)
class Attribute:
    """One kind of fact about a person. VALUE stands for what was told, WHO for the person if it is not the user."""

    value: Callable[[random.Random], str]
    tell: list[str]
    again: list[str]
    """Corrections, where the value changes."""
    confirm: list[str]
    ask: list[str]
    answer: list[str]
    untold: str
    """What was not told, in `You have not told me ...`."""
    tell_known: tuple[str, ...] = ()
    """Ways to tell it that do not say what it is, for the `known` values, which say it themselves."""
    known: frozenset[str] = frozenset()


def _one_of(words: str, invented: float = 0.2) -> Callable[[random.Random], str]:
    known = words.split("|")

    def value(rng: random.Random) -> str:
        return unknowns.invented_word(rng, 2).lower() if rng.random() < invented else rng.choice(known)

    return value


def _city(rng: random.Random) -> str:
    return values.city(rng) if rng.random() < 0.7 else rng.choice(_CITIES)


def _pet(rng: random.Random) -> str:
    return names.name(rng, names.PET_NAMES)


_CITIES = (
    "Paris|Berlin|Tokyo|London|New York|Rome|Madrid|Cairo|Moscow|Sydney|Chicago|Oslo|Vienna|Lisbon|Nairobi|Hamburg|Lyon"
    "|Boston|Leeds|Porto|Turin|Munich|Seattle|Dublin|Prague|Warsaw|Athens|Seoul|Lima|Toronto|Bremen|Basel|Geneva|Graz"
    "|Milan|Naples|Bergen|Austin|Denver|Bristol|York|Cork|Ghent|Bonn|Kiel|Cologne|Dresden|Leipzig|Zurich|Salzburg|Nice"
    "|Lille|Nantes|Seville|Valencia|Krakow|Riga|Vilnius|Tallinn|Helsinki|Stockholm|Malmo|Copenhagen|Aarhus|Brussels|Delhi"
    "|Mumbai|Osaka|Kyoto|Beijing|Shanghai|Manila|Jakarta|Perth|Melbourne|Auckland|Quito|Bogota|Santiago|Havana|Miami"
).split("|")
_COLOURS = "red|blue|green|yellow|orange|purple|pink|black|white|brown|grey|turquoise|violet|gold|silver|beige|dark blue|light green|crimson|lilac|olive|teal"
_FOODS = "pizza|pasta|sushi|soup|bread|cheese|chocolate|rice|salad|curry|apples|pancakes|potatoes|ice cream|noodles|lasagna|tacos|fish|chicken|mushrooms|strawberries|cake|tomato soup|dumplings|honey|toast|porridge|risotto|carrots|fried rice|waffles"
_DRINKS = "tea|coffee|milk|water|juice|lemonade|hot chocolate|green tea|apple juice|cola|orange juice|mint tea|cocoa|ginger tea|espresso"
_ANIMALS = "cats|dogs|horses|owls|penguins|elephants|tigers|dolphins|rabbits|foxes|bears|whales|parrots|turtles|bees|wolves|otters|hedgehogs|frogs|lions|koalas|swans|squirrels|ducks"
_SPORTS = "tennis|football|swimming|running|basketball|chess|volleyball|cycling|hockey|skiing|climbing|judo|rowing|golf|table tennis|yoga|sailing|badminton|boxing|handball"
_HOBBIES = "painting|reading|cooking|gardening|knitting|hiking|fishing|dancing|singing|photography|baking|drawing|writing|astronomy|pottery|travelling|gaming|collecting stamps|playing the guitar|playing the piano"
_JOBS = "teacher|nurse|baker|pilot|farmer|doctor|painter|engineer|lawyer|cook|gardener|driver|writer|singer|plumber|carpenter|dentist|programmer|photographer|librarian|postman|judge|tailor|chemist|waiter|student|firefighter|mechanic|translator|sailor|butcher|editor"
_SEASONS = "spring|summer|autumn|winter"
_PETS = "dog|cat|rabbit|hamster|parrot|horse|goldfish|turtle|guinea pig|pony|bird|mouse"
_RELATIVES = "sister|brother|mother|father|friend|best friend|son|daughter|wife|husband|neighbour|boss|teacher|cousin|aunt|uncle|grandmother|colleague"


def _again(what: str) -> list[str]:
    """Return corrections of `what`, as in `my age`."""
    return [
        f"{{Actually|No|No, wait|Wait|Correction|Sorry|Oh, sorry|Oops|Hm, no}}{{,|:}} {what} is {{really |}}VALUE{{.|!}}",
        f"{{I have to correct myself|I got that wrong|Forget what I said|Please change that|An update|Something changed|I mixed that up|That was wrong}}{{:|.}} {what[0].upper() + what[1:]} is VALUE{{.|!| now.}}",
        f"{{{what[0].upper() + what[1:]} has changed|There is a change|I was mistaken about {what}|About {what}, I was wrong|{what[0].upper() + what[1:]} is another one now}}: {{it is|now it is|it should be|make it}} VALUE{{.|}}",
    ]


def _favourite(kind: str, words: str | Callable[[random.Random], str], like: str, question: str) -> Attribute:
    """Return the attribute of a favourite thing; `like` is the verb, as in `like to eat`."""
    article = "an" if skills.TAKES_AN.match(kind) else "a"
    return Attribute(
        _one_of(words, 0.0 if kind == "number" else 0.2) if isinstance(words, str) else words,
        [
            f"My {{favourite|favorite}} {kind} is VALUE{{.|!|}}",
            f"I {{really |}}{like} VALUE {{most of all {values.plural(kind)}|more than any other {kind}|best of all {values.plural(kind)}}}{{.|!|}}"
            if like
            else f"{{If you ask me, |For me, |}}the best {kind} {{of all |}}is VALUE{{.|!|}}",
            f"{{As for|When it comes to|Speaking of}} {values.plural(kind)}, {{I like VALUE best|my favourite is VALUE|VALUE is the one for me|I always choose VALUE}}{{.|!}}",
            f"VALUE is my {{favourite|favorite}} {kind}{{.|!|}}",
            f"{{The {kind} that I like best|Of all {values.plural(kind)}, my favourite}} is VALUE{{.|}}",
            f"My {{favourite|favorite}} {kind}{{? VALUE.|: VALUE.|? That is VALUE.}}",
        ],
        [
            f"{{Actually|No, wait|Correction|Sorry|I changed my mind}}{{,|:}} my {{favourite|favorite}} {kind} is VALUE{{.| now.}}",
            f"{{I was wrong|I made a mistake|That is no longer true}}: my {{favourite|favorite}} {kind} is VALUE{{.|!}}",
            f"{{These days|By now|Since yesterday|In fact|To be honest}}{{,|}} {{VALUE is my favourite {kind}|my favourite {kind} is VALUE|I like VALUE better as {article} {kind}}}.",
            *_again(f"my favourite {kind}"),
        ],
        [
            "VALUE{, that is nice.| is a nice choice.|, I see.| sounds good.| it is.}",
            f"I see: your favourite {kind} is VALUE.",
        ],
        [
            f"{{What is|What's|What was}} my {{favourite|favorite}} {kind}{{| again}}?",
            f"{{Do you remember|Can you tell me|Tell me|Do you know|Say}} {{what my {{favourite|favorite}} {kind} is|my {{favourite|favorite}} {kind}}}{{?|.|}}",
            f"{question.replace('PERSON', 'I').replace('DO', 'do')}{{?| best?| most?}}",
            f"{{Which|What}} {kind} {{do I like|do I like best|did I say I like|did I mention|is my favourite|would I choose|would I take|is the one for me}}?",
            f"{{The|And the|Name the|Say the}} {kind} {{that I like best|I love most|that is my favourite|I told you about}}{{?|.||: which is it?}}",
            f"{{And|So|Now,}} {{what is|what was}} my {{favourite|favorite}} {kind}?",
        ],
        [f"Your favourite {kind} is VALUE.", f"You told me that your favourite {kind} is VALUE."],
        f"your favourite {kind}",
        (f"I {{really |}}{like} VALUE{{| most| best| very much| more than anything}}{{.|!|}}",)
        if like
        else (),
        frozenset(words.split("|")) if isinstance(words, str) else frozenset(),
    )


def _detail(
    noun: str,
    value: Callable[[random.Random], str],
    tell: Sequence[str] = (),
    ask: Sequence[str] = (),
    answer: str = "",
    untold: str = "",
) -> Attribute:
    """Return the attribute that is called `noun` after "my", as in `my shoe size`; with more ways to tell it and to ask."""
    clause = untold.replace("your", "my").replace(" you are", " I am").replace(" you ", " I ")
    return Attribute(
        value,
        [
            *(list(tell) * 2 or [f"My {noun} is VALUE{{.|!|}}"]),
            f"My {noun} is VALUE{{.|!|}}",
            f"{{As for my {noun}, it is VALUE|My {noun}: VALUE|VALUE is my {noun}|The answer to what my {noun} is: VALUE}}{{.|}}",
        ],
        _again(f"my {noun}"),
        [f"{{I see|Noted|All right|Good to know}}: your {noun} is VALUE.", "VALUE, noted.", "VALUE, I see."],
        [
            f"{{What is|What's|What was|Tell me|Do you know|Do you remember|Say}} my {noun}{{| again}}?",
            f"{{And|So|Now,|OK,}} {{what is|what's|what was}} my {noun}?",
            *(list(ask) * 2),
            *(
                [f"{{Do you know|Can you tell me|Tell me|I wonder|Remember}} {clause}{{?|.|}}"]
                if clause
                else []
            ),
        ],
        [answer or f"Your {noun} is VALUE.", f"You told me that your {noun} is VALUE."]
        if not answer
        else [answer, f"You told me that {answer[0].lower() + answer[1:]}"],
        untold or f"your {noun}",
    )


def _relative(relation: str, value: Callable[[random.Random], str], pet: bool = False) -> Attribute:
    return Attribute(
        value,
        [
            f"My {relation}{{ is called| is named|'s name is}} VALUE{{.|!|}}",
            f"I have a {relation} {{called|named|whose name is|by the name of}} VALUE{{.|!|}}"
            if relation not in ("mother", "father", "boss")
            else f"My {relation}'s name is VALUE.",
            f"{{The name of my {relation}|My {relation}'s name}} is VALUE{{.|}}",
            *(
                [f"I have a {relation}. {{Its|His|Her}} name is VALUE{{.|!}}"]
                if pet
                else [f"VALUE is {{the name of my {relation}|my {relation}}}{{.|!|}}"]
            ),
        ],
        [
            f"{{Actually|No, wait|Correction|Sorry|Oh no}}{{,|:}} my {relation}{{ is called|'s name is}} VALUE{{.|!}}",
            *_again(f"my {relation}'s name"),
        ],
        [
            f"{{VALUE is a nice name.|What a nice name.|I see, your {relation} is called VALUE.|I will remember VALUE.}}"
        ],
        [
            f"{{What is|What's|What was}} {{my {relation}'s name|the name of my {relation}|my {relation} called}}?",
            f"{{Do you remember|Can you tell me|Tell me|Do you know|Say}} {{the name of my {relation}|my {relation}'s name|what my {relation} is called}}{{?|.|}}",
            f"{{How|What}} {{is my {relation} called|do I call my {relation}|is my {relation} named}}?",
            *([] if pet else [f"Who is my {relation}?"]),
        ],
        [
            f"Your {relation} is called VALUE.",
            f"Your {relation}'s name is VALUE.",
            f"The name of your {relation} is VALUE.",
        ],
        f"the name of your {relation}",
    )


def _age(rng: random.Random) -> str:
    return str(rng.randint(4, 99))


NAME = Attribute(
    names.name,
    [template.replace("NAME", "VALUE") for template in smalltalk.INTENTS["user_name"].prompts],
    [
        "{Actually|No, wait|Correction|Sorry|Oh, I was joking}{,|:} my name is {really |}VALUE{.|!}",
        "{Please call me VALUE instead|I am not called that, my name is VALUE|That was a joke: I am VALUE|I lied, my name is VALUE|From now on call me VALUE}{.|!|}",
    ],
    [template.replace("NAME", "VALUE") for template in smalltalk.INTENTS["user_name"].answers],
    smalltalk.INTENTS["recall_name"].prompts,
    ["Your name is VALUE{.|!}", "You are VALUE.", "You told me that your name is VALUE."],
    "your name",
)
AGE = Attribute(
    _age,
    [
        "I am VALUE years old{.|!|}",
        "I am VALUE{.| years of age.}",
        "{My age is|I have just turned|I turned|I'm already|I'm} VALUE{.|}",
        "{Yesterday|Last week|Last month|In May} I {turned|became} VALUE{.|!}",
    ],
    [
        "{Actually|No, wait|Correction|Sorry}{,|:} I am VALUE{.| years old.| now.}",
        "{I had a birthday|It was my birthday|I got older|I told you a wrong number}{:|, so} {now |}I am VALUE{.| years old.}",
        *_again("my age"),
    ],
    ["VALUE{, I see.| is a good age.| years, noted.}", "I see: you are VALUE years old."],
    [
        "How old am I{| again}?",
        "{What is|What's|What was} my age{| again}?",
        "{Do you remember|Can you tell me|Tell me|Do you know|Say} {how old I am|my age}{?|.|}",
        "{How many years old am I|What age am I|What age did I tell you|How old did I say I am}?",
    ],
    ["You are VALUE years old.", "You told me that you are VALUE years old."],
    "your age",
)
CITY = Attribute(
    _city,
    [
        "I {live in|come from|am from|was born in|moved to|have a flat in|am at home in} VALUE{.|!|}",
        "{My home is|My home town is|My city is|Home for me is|The city I live in is} VALUE{.|}",
        "I'm {from|living in|based in|writing from} VALUE{.|!|}",
        "VALUE is {my home|where I live|the city I live in|my home town}{.|}",
    ],
    [
        "{Actually|No, wait|Correction|Sorry|News}{,|:} I {live in|moved to} VALUE {now|these days}{.|!}",
        "{I moved|I have moved|We moved house|I found a new flat}{: now I live in|, my home is now in|, and I live in} VALUE{.| now.}",
        *_again("my city"),
    ],
    ["{VALUE, I see.|VALUE sounds nice.|Greetings to VALUE!|I see: you live in VALUE.}"],
    [
        "Where do I live{| again}?",
        "{What|Which} {city|town|place} {do I live in|am I from|do I come from|is my home|did I mention}?",
        "{Where am I from|Where is my home|Where did I say I live|Where do I come from|In which city do I live}?",
        "{Do you remember|Can you tell me|Tell me|Do you know|Say} {where I live|where I am from|my city|my home town}{?|.|}",
    ],
    ["You live in VALUE.", "You told me that you live in VALUE.", "VALUE is your home."],
    "where you live",
)
JOB = Attribute(
    _one_of(_JOBS),
    [
        "I {work|earn my money} as a VALUE{.|}",
        "I am a VALUE{.| by trade.| by profession.}",
        "{My job is|My profession is|By profession I am a|My work is being a|I make my living as a|I'm a} VALUE{.|}",
    ],
    [
        "{Actually|No, wait|Correction|Sorry|News}{,|:} I am a VALUE{.| now.}",
        "I {have|got|found|started} a new job: VALUE.",
        "{I changed jobs|I left my job|I have been retrained}{: now I am|, and now I work as|, I am} a VALUE{.| now.}",
        *_again("my job"),
    ],
    ["{VALUE is a fine job.|A VALUE, how interesting.|I see: you work as a VALUE.|VALUE, noted.}"],
    [
        "{What is|What's|What was} my {job|profession|occupation|work}{| again}?",
        "{What do I do|What do I work as|What do I do for a living|What is it that I do|How do I earn my money}?",
        "{Do you remember|Can you tell me|Tell me|Do you know|Say} {what my job is|my job|my profession|what I do for a living|what I work as}{?|.|}",
    ],
    ["You work as a VALUE.", "You are a VALUE.", "Your job is VALUE."],
    "your job",
)

PET = Attribute(
    _one_of(_PETS, invented=0.05),
    [
        "I {have|own|keep|have got} a VALUE{.|!|| at home.}",
        "{My pet is|My animal is|The animal in our house is|We have} a VALUE{.|!|}",
        "{A VALUE lives|There is a VALUE} {with me|in my flat|at my place|in our house}{.|}",
        "I {live with|share my home with|look after} a VALUE{.|}",
    ],
    [
        "{Actually|No, wait|Correction|Sorry}{,|:} {my pet is|it is|I have} a VALUE{.|!}",
        "I {meant|should have said} a VALUE{.|, sorry.}",
    ],
    ["{A VALUE, how nice.|I see: you have a VALUE.|Say hello to your VALUE!|A VALUE is good company.}"],
    [
        "{What|Which} {pet|animal|kind of pet|kind of animal} do I {have|own|keep}{| at home}?",
        "{What is|What's|What was} my pet{| again}?",
        "{Do you remember|Can you tell me|Tell me|Do you know|Say} {what pet I have|which animal I have|my pet}{?|.|}",
        "{Which animal lives with me|What animal is at my place|Do I have a pet}?",
    ],
    ["You have a VALUE.", "You told me that you have a VALUE.", "Your pet is a VALUE."],
    "which pet you have",
)

_FAVOURITES = {
    "colour": _favourite("colour", _COLOURS, "like", "What colour DO PERSON like"),
    "color": _favourite("color", _COLOURS, "like", "What color DO PERSON like"),
    "food": _favourite("food", _FOODS, "{like|love|like to eat|love to eat}", "What DO PERSON like to eat"),
    "drink": _favourite("drink", _DRINKS, "{like to drink|love to drink}", "What DO PERSON like to drink"),
    "animal": _favourite("animal", _ANIMALS, "{like|love}", "What animal DO PERSON like"),
    "sport": _favourite("sport", _SPORTS, "{like|love}", "What sport DO PERSON like"),
    "hobby": _favourite("hobby", _HOBBIES, "{like|love|enjoy}", "What hobby DO PERSON like"),
    "season": _favourite("season", _SEASONS, "{like|love}", "What season DO PERSON like"),
    **{
        kind: _favourite(kind, words, "{like|love}", f"Which {kind} DO PERSON like")
        for kind, words in {
            "fruit": "apples|pears|bananas|grapes|oranges|cherries|mangoes|plums|peaches|kiwis|melons|figs",
            "vegetable": "carrots|peas|beans|spinach|cabbage|broccoli|cucumbers|onions|leeks|beetroot",
            "flower": "roses|tulips|daisies|sunflowers|lilies|violets|orchids|poppies|irises",
            "instrument": "the piano|the violin|the guitar|the flute|the drums|the cello|the trumpet|the harp",
            "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
            "month": "January|February|March|April|May|June|July|August|September|October|November|December",
            "game": "chess|checkers|poker|tag|hide and seek|dominoes|go|bridge|cards|darts",
            "dessert": "apple pie|ice cream|pudding|tiramisu|cheesecake|chocolate cake|jelly|crumble",
            "country": "|".join(unknowns.COUNTRIES),
            "language": "English|German|French|Spanish|Latin|Italian|Polish|Dutch|Greek|Welsh",
            "bird": "the owl|the robin|the eagle|the swan|the sparrow|the crow|the swift|the heron",
        }.items()
    },
    "number": _favourite(
        "number", "|".join(str(n) for n in range(1, 100)), "like the number", "What number DO PERSON like"
    ),
}


def _open(
    words: str, make: Callable[[random.Random], str], share: float = 0.3
) -> Callable[[random.Random], str]:
    known = _one_of(words)
    return lambda rng: make(rng) if rng.random() < share else known(rng)


def _digits(low: int, high: int) -> Callable[[random.Random], str]:
    return lambda rng: str(rng.randint(low, high))


def _doing(rng: random.Random) -> str:
    """Return something that one does, as in `repair the wooden shelf`."""
    form = rng.random()
    if form < 0.5:
        verb = rng.choice(
            "repair|paint|clean|sell|buy|draw|move|look for|bring back|build|photograph|water|carry|wash".split(
                "|"
            )
        )
        return f"{verb} {rng.choice(('the', 'a new', 'an old', 'the', 'some other'))} {values.thing(rng)}"
    if form < 0.65:
        return f"{rng.choice(('visit', 'call', 'meet', 'help', 'write to', 'have lunch with', 'cook for'))} {names.name(rng)}"
    if form < 0.75:
        return f"{rng.choice(('travel to', 'fly to', 'drive to', 'take the train to'))} {_city(rng)}"
    if form < 0.85:
        return f"{rng.choice(('cook', 'bake', 'eat', 'try'))} {values.dish(rng)}"
    return rng.choice("go swimming|go running|read a book|sleep late|play chess|do yoga|drink tea|walk the dog|go to the dentist|see a film|work in the garden|learn Latin|write letters|feed the birds|listen to music|stay at home".split("|"))  # fmt: skip


def _spot(rng: random.Random) -> str:
    """Return where something lies, as in `under the red box`."""
    where = rng.choice(("in", "on", "under", "behind", "next to", "near", "in front of"))
    return f"{where} the {values.thing(rng) if rng.random() < 0.6 else rng.choice(values.NOUNS)}"


def _to_do(detail: Attribute) -> Attribute:
    """Put "to" before what one does, where the templates do not."""

    def changed(templates: list[str]) -> list[str]:
        return [
            re.sub(r"(?<= is )(\{really \|\})?VALUE|(?<=: )VALUE", r"\1to VALUE", template)
            for template in templates
            if not template.startswith("VALUE, ")
        ]

    tell = [template for template in detail.tell if "VALUE is my" not in template]
    again = [detail.again[0], detail.again[1]]
    return replace(detail, tell=changed(tell), again=changed(again), confirm=changed(detail.confirm))


_MORE_FAVOURITES: dict[str, Callable[[random.Random], str]] = {
    **dict.fromkeys(("book", "film", "novel", "play", "song", "poem", "story"), values.book),
    **dict.fromkeys(("band", "singer", "composer"), values.artist),
    **dict.fromkeys(("writer", "actor", "teacher", "poet", "painter"), values.full_name),
    **dict.fromkeys(("city", "town", "holiday place"), values.city),
    **dict.fromkeys(("shop", "restaurant", "cafe", "bakery"), values.company),
    **dict.fromkeys(("toy", "tool", "thing", "word", "object", "smell", "sound", "shape", "present", "piece of furniture"), values.thing),
    **dict.fromkeys(("dish", "meal", "breakfast", "snack", "soup", "recipe"), values.dish),
    **dict.fromkeys(("room", "place at home"), values.room),
    **dict.fromkeys(("street", "road"), values.street),
    "kind of music": values.genre,
    "brand": values.brand,
    "time of day": _one_of("morning|noon|evening|night|afternoon|sunrise|dawn|dusk"),
    "tree": _one_of("oak|birch|maple|willow|pine|beech|apple tree|chestnut|ash|elm|cedar|palm|lime tree"),
    "cheese": _one_of("cheddar|brie|gouda|feta|parmesan|mozzarella|stilton|camembert"),
    "ice cream flavour": _open("vanilla|strawberry|chocolate|mint|lemon|pistachio|coconut|caramel|hazelnut", values.thing, 0.15),
    "school subject": _one_of("maths|history|art|biology|physics|music|geography|chemistry|Latin|sports"),
    "weather": _one_of("rain|snow|sunshine|fog|storms|wind|a clear sky"),
    "holiday": _one_of("Easter|Christmas|New Year|Halloween|midsummer|carnival"),
    "material": _one_of("|".join(values.MATERIALS)),
    "planet": _one_of("Mars|Venus|Saturn|Jupiter|Neptune|Mercury|Uranus|the Earth"),
}  # fmt: skip

_DETAILS: dict[str, Attribute] = {
    "street": _detail("street", values.street, ["I live {in|on} VALUE.", "My {flat|house|home} is {in|on} VALUE.", "The street {where I live|I live in} is VALUE."], ["{What|Which} street do I live {in|on}?", "In which street {do I live|is my home}?"]),
    "house number": _detail("house number", _digits(1, 300), ["I live at number VALUE.", "The number of my house is VALUE."], ["What number is my house?"]),
    "postcode": _detail("postcode", _digits(10000, 99999)),
    "phone number": _detail("phone number", values.phone, ["{You can call me|Call me|You can reach me} {at|under} VALUE."], ["{What number can you call me at|How can one call me|Under which number can I be reached}?"]),
    "email address": _detail("email address", values.email, ["{Write to me|You can write to me|Mail me} at VALUE."], ["{Where can you write to me|What is my email|Which email address did I give you}?"]),
    "birthday": _detail("birthday", values.date, ["I was born on VALUE.", "{I celebrate my birthday|My birthday is} on VALUE."], ["When {is my birthday|was I born|do I celebrate my birthday}?"], untold="when your birthday is"),
    "shoe size": _detail("shoe size", _digits(30, 49), ["I {wear|take|need} shoes in size VALUE."], ["{What|Which} size are my shoes?"]),
    "height": _detail("height", lambda rng: f"{rng.randint(120, 205)} cm", ["I am VALUE tall."], ["How tall am I?"], "You are VALUE tall.", "how tall you are"),
    "surname": _detail("surname", lambda rng: values.full_name(rng).split()[-1], ["My {last|family} name is VALUE."], ["What is my {last|family} name?"]),
    "nickname": _detail("nickname", values.pet_name, ["{My friends|At school they|People} call me VALUE."], ["What do {my friends|people} call me?"]),
    "country": _detail("country", values.country, ["{The country I come from|My home country} is VALUE.", "I was born in the country of VALUE."], ["{What|Which} country {do I come from|am I from|is my home}?"]),
    "native language": _detail("native language", values.language, ["My {first language|mother tongue} is VALUE.", "At home we speak VALUE."], ["{What|Which} language {do I speak at home|is my first one}?"]),
    "employer": _detail("employer", values.company, ["I work {for|at} VALUE.", "{The company I work for|My company} is {called |}VALUE."], ["{Where do I work|Who do I work for|Which company do I work for}?"], "You work for VALUE.", "where you work"),
    "school": _detail("school", values.company, ["I go to school at VALUE.", "My school is called VALUE."], ["{Where do I go to school|What is my school called}?"]),
    "lunch": _detail("lunch", values.dish, ["{Today I had|For lunch I had|At noon I ate} VALUE."], ["What did I {eat|have} {for lunch|at noon}?"], "You had VALUE for lunch.", "what you had for lunch"),
    "breakfast": _detail("breakfast", values.dish, ["{This morning I had|For breakfast I had|In the morning I ate} VALUE."], ["What did I {eat|have} {for breakfast|in the morning}?"], "You had VALUE for breakfast.", "what you had for breakfast"),
    "bus": _detail("bus", lambda rng: f"number {rng.randint(1, 199)}", ["I take bus VALUE to work.", "The bus I take is VALUE."], ["Which bus do I take?"], "You take bus VALUE.", "which bus you take"),
    "instrument": _detail("instrument", _one_of("|".join(values.INSTRUMENTS)), ["I play the VALUE.", "I am learning the VALUE."], ["{What|Which} instrument do I {play|learn}?"], "You play the VALUE.", "which instrument you play"),
    "allergy": _detail("allergy", _open("nuts|milk|eggs|cats|pollen|dust|gluten|fish|wool", values.thing, 0.2), ["I am allergic to VALUE.", "I {cannot stand|have an allergy to} VALUE."], ["What am I allergic to?"], "You are allergic to VALUE.", "what you are allergic to"),
    "dream": _to_do(_detail("dream", _doing, ["{One day I want to|Some day I would like to|My dream is to} VALUE."], ["What do I {want to do one day|dream of}?"], "Your dream is to VALUE.", "your dream")),
    **{noun: _detail(noun, make) for noun, make in {
        "seat": values.code, "room number": _digits(1, 900), "locker number": _digits(1, 900), "door code": _digits(1000, 9999), "ticket number": values.code,
        "order number": values.code, "flight number": values.code, "customer number": _digits(1000, 99999), "username": values.invented, "team": values.invented,
        "lucky number": _digits(1, 99), "secret word": values.invented, "code word": values.thing, "password hint": values.thing, "deadline": values.date, "wake-up time": values.time,
        "appointment": lambda rng: f"at {values.time(rng)}", "bank": values.company, "hotel": values.company, "star sign": _one_of("Leo|Virgo|Libra|Aries|Taurus|Gemini|Cancer|Scorpio|Pisces"),
        "hair colour": values.colour, "eye colour": values.colour, "blood type": _one_of("A|B|AB|O", 0.0), "budget": lambda rng: f"{rng.randint(2, 900) * 10} euros",
        "mood": _one_of("|".join(values.MOODS)), "project": values.invented, "plate number": values.code, "gate": values.code, "doctor's name": values.full_name, "landlord's name": values.full_name,
    }.items()},
}  # fmt: skip
_WHEN = (*(f"on {day}" for day in values.WEEKDAYS), "tomorrow", "tonight", "next week", "at the weekend")
_OFTEN = "every morning|every evening|every Sunday|every summer|every day after work|on Saturdays|in winter|before breakfast|at night".split("|")  # fmt: skip
_OWNED = "car bike phone key umbrella coat laptop guitar suitcase passport bag tent sofa boat hat watch camera notebook ticket lamp kite tractor wallet scarf helmet van".split()


def _plan(when: str) -> Attribute:
    return _to_do(_detail(
        f"plan for {when.removeprefix('on ').removeprefix('at ')}",
        _doing,
        [f"{capital(when)} I {{will|want to|have to|am going to|shall}} VALUE{{.|!|}}", f"I {{will|want to|have to|am going to|plan to}} VALUE {when}{{.|!|}}"],
        [f"What {{will I do|am I going to do|do I have to do|did I want to do|do I plan}} {when}?", f"{{What are my plans|What is the plan}} for {when.removeprefix('on ').removeprefix('at ')}?"],
        f"Your plan for {when.removeprefix('on ').removeprefix('at ')} is to VALUE.",
    ))  # fmt: skip


def _habit(when: str) -> Attribute:
    habit = _detail(
        f"habit {when}",
        _doing,
        [f"{capital(when)} I {{always |usually |}}VALUE{{.|!|}}", f"I {{always|usually|like to|have to}} VALUE {when}{{.|!|}}"],
        [f"What do I {{do|always do|usually do}} {when}?", f"{{And|So}} {when}, what do I do?"],
        f"{capital(when)} you VALUE.",
        f"what you do {when}",
    )  # fmt: skip
    return replace(habit, tell=habit.tell[:-2], ask=habit.ask[2:], confirm=["Noted{.|!}", "I see{.|!}"], again=[
        f"{{Actually|No|Sorry|Correction|Oh, wait}}{{,|:}} {when} I VALUE{{.|!}}",
        f"{{That has changed|I got that wrong|Not any more}}: {when} I VALUE{{.| now.}}",
    ])  # fmt: skip


def _place(noun: str) -> Attribute:
    where = _detail(
        noun,
        _spot,
        [
            f"I {{put|left|keep|hid}} my {noun} VALUE{{.|}}",
            f"My {noun} {{lies|is|must be|can be found}} VALUE{{.|}}",
        ],
        [f"Where {{is|did I put|do I keep|can I find|did I leave}} my {noun}{{| again}}?"],
        f"Your {noun} is VALUE.",
        f"where your {noun} is",
    )
    return replace(where, tell=where.tell[:-1], ask=where.ask[2:])


def _of_relative(who: str) -> dict[str, Attribute]:
    """Return facts about a relative other than the name."""
    return {
        f"{who}'s age": _detail(f"{who}'s age", _age, [f"My {who} is VALUE{{| years old}}."], [f"How old is my {who}?", f"What age is my {who}?"], f"Your {who} is VALUE years old.", f"how old your {who} is"),
        f"{who}'s job": _detail(f"{who}'s job", values.job, [f"My {who} {{is|works as}} a VALUE."], [f"What does my {who} do{{| for a living}}?", f"What does my {who} work as?"], f"Your {who} works as a VALUE."),
        f"{who}'s city": _detail(f"{who}'s city", _city, [f"My {who} {{lives in|comes from|moved to}} VALUE."], [f"Where does my {who} {{live|come from}}?", f"{{Which|What}} city does my {who} live in?"], f"Your {who} lives in VALUE.", f"where your {who} lives"),
        f"{who}'s birthday": _detail(f"{who}'s birthday", values.date, [f"My {who} was born on VALUE.", f"My {who} celebrates {{a |the |}}birthday on VALUE."], [f"When is my {who}'s birthday?", f"When was my {who} born?"]),
        f"{who}'s favourite": _detail(f"{who}'s favourite colour", values.colour, [f"My {who} likes the colour VALUE{{| best}}."], [f"{{Which|What}} colour does my {who} like?"]),
        f"{who}'s hobby": _detail(f"{who}'s hobby", values.hobby, [f"My {who} {{likes|loves|enjoys}} VALUE."], [f"What does my {who} {{like|enjoy}} {{to do|in free time}}?"]),
    }  # fmt: skip


def _attributes() -> dict[str, Attribute]:
    found = {"name": NAME, "age": AGE, "city": CITY, "job": JOB, "pet": PET, **_FAVOURITES}
    found.update({relation: _relative(relation, names.name) for relation in _RELATIVES.split("|")})
    found.update({pet: _relative(pet, _pet, pet=True) for pet in _PETS.split("|")})
    found.update({f"favourite {kind}": _favourite(kind, make, "", f"Which {kind} DO PERSON like") for kind, make in _MORE_FAVOURITES.items()})  # fmt: skip
    found.update({f"my {noun}": detail for noun, detail in _DETAILS.items()})
    for relation in _RELATIVES.split("|"):
        found.update(_of_relative(relation))
    found.update({f"plan {when}": _plan(when) for when in _WHEN})
    found.update({f"habit {when}": _habit(when) for when in _OFTEN})
    for noun in _OWNED:
        found[f"place {noun}"] = _place(noun)
        found[f"colour {noun}"] = _detail(f"{noun}'s colour", values.colour, [f"My {noun} is VALUE{{.|!}}", f"I have a VALUE {noun}{{.|!}}", f"The colour of my {noun} is VALUE."], [f"What colour is my {noun}?", f"{{Which|What}} colour does my {noun} have?"], f"Your {noun} is VALUE.", f"the colour of your {noun}")  # fmt: skip
        found[f"brand {noun}"] = _detail(f"{noun}'s brand", values.brand, [f"The {{brand|maker}} of my {noun} is VALUE{{.|!}}", f"My {noun} {{was made by|comes from|is made by}} VALUE."], [f"{{Which|What}} brand is my {noun}?", f"Who made my {noun}?"], f"Your {noun} is made by VALUE.", f"the brand of your {noun}")  # fmt: skip
    return found


ATTRIBUTES = _attributes()
_OWN = (
    *("name",) * 14,
    *("age", "city", "job", "pet") * 4,
    *("colour", "food", "animal", "drink") * 2,
    *_FAVOURITES,
)
_RELATED = (*_RELATIVES.split("|"), *_PETS.split("|"))
_MORE = {
    "favourite": tuple(name for name in ATTRIBUTES if name.startswith("favourite ")),
    "my": tuple(f"my {noun}" for noun in _DETAILS),
    "relative": tuple(name for name in ATTRIBUTES if "'s " in name and not name.startswith("my ")),
    "plan": tuple(name for name in ATTRIBUTES if name.split()[0] in ("plan", "habit")),
    "thing": tuple(
        name for name in ATTRIBUTES if name.split()[0] in ("place", "colour", "brand") and " " in name
    ),
}


def _tags(name: str) -> set[str]:
    """Return what a fact is about: facts that share a tag are easily confused."""
    if name in _FAVOURITES or name.startswith("favourite "):
        return {"favourite"}
    if name in _RELATIVES.split("|"):
        return {name, "name"}
    if name in _PETS.split("|"):
        return {"pet's name"}
    if name in _MORE["relative"]:
        return {*name.split("'s ", 1)}
    if name in _MORE["my"]:
        return {"my", *(("city",) if name in ("my street", "my country", "my postcode") else ())}
    return {*name.split(" ", 1)}


_TAGS = {name: _tags(name) for name in ATTRIBUTES}
_BY_TAG: dict[str, list[str]] = {}
for _name, _tagged in _TAGS.items():
    for _tag in _tagged:
        _BY_TAG.setdefault(_tag, []).append(_name)


def _near(facts: Sequence[str], rng: random.Random) -> str:
    """Return a fact much like one of these, or any."""
    if not facts or rng.random() < 0.3:
        return _attribute_name(rng)
    return rng.choice(_BY_TAG[rng.choice(sorted(_TAGS[rng.choice(facts)]))])


def _attribute_name(rng: random.Random) -> str:
    form = rng.random()
    if form < 0.4:
        return rng.choice(_OWN)
    return rng.choice(_RELATED) if form < 0.53 else rng.choice(_MORE[rng.choice(sorted(_MORE))])


_BEFORE_VOWEL = re.compile("( have| is| has) a (?=[aeiou])")


def _told(template: list[str], value: str, rng: random.Random) -> str:
    """Expand, with the right article before the value, and a capital at the start."""
    text = _BEFORE_VOWEL.sub(r"\1 an ", pick(template, rng))
    if skills.TAKES_AN.match(value):
        text = text.replace(" a VALUE", " an VALUE").replace("A VALUE", "An VALUE")
    if text.startswith("VALUE") and "@" in value:
        return text.replace("VALUE", value)
    return capital(text.replace("VALUE", value))


_REQUESTS = [
    "{Please |}{remember|note|keep in mind|do not forget|don't forget}{| this| that}: ",
    "{For later|Just so you know|By the way|You should know|A fact about me|About me|Oh, and}: ",
]
_BEFORE = [
    "{Hello|Hi|Hey|Good morning|Good evening|Hi there}{!|.}",
    "{What a day|It is a nice day|I am back|I had a long day|I am a bit tired|It rains here|Nice to talk to you|Let me tell you something|I want to tell you something|Something about me}{.|!}",
    "{I think I have not said this yet|You may want to know this|One more thing|Here is something new|Before I forget it|Before we start}{:|.}",
]
_AFTER = [
    "{That is all.|That's it.|Just so you know.|Please remember it.|Keep it in mind.|I will ask you later.|Can you remember that?|Anyway.|You may need it later.|Don't forget!}",
    "{It is a nice day today.|I have to go soon.|I am in a hurry.|I am happy to talk to you.}",
]
_JOINTS = (" ", " ", " and ", ", and ", " And ", " Also, ", "\n")
_ASK_ANY = [
    "{Remind me of|Please repeat|Recall|Say again|Repeat|Give me} WHAT{.|, please.|}",
    "{What did I say was|What did I tell you was|Do you still know|Can you recall|Have you noted|Did you keep|Could you repeat|Do you recall|Would you know|Are you able to recall} WHAT?",
    "{I forgot|I have forgotten|I cannot remember|I lost track of} WHAT{. What is it?|. Can you help?|. Tell me.|. Do you know it?}",
    "{Let's see if you remember|Memory test|A test|Quiz|A test of your memory|Remind me|Quick|Once more}{:|,} {what is|what was} WHAT?",
    "{And|So|Now|OK,|Well,|Hey,} {what about WHAT|what did I say about WHAT|WHAT|tell me WHAT}?",
    "{I told you|I mentioned|You know} WHAT{. What was it?|, what was it?|, so what is it?|, right? What is it?}",
    "{Earlier|A moment ago|Before}{,|} I {told you|mentioned|gave you} WHAT{. What was it?|. Can you repeat it?|. Do you remember it?}",
]
_ASK_ANY += [
    "{Please tell me|Can you tell me|Could you tell me|Let me know|I would like to know|I want to know|I'd like to hear} {WHAT|what WHAT is|what I said about WHAT|what I told you about WHAT}{.|, please.|}",
    "{Check your memory|Try to remember|Think back|From our conversation|From what I said|Going by what I told you}{:|,} {what is WHAT|WHAT}?",
    "{hey|ok|so|and|hm|well}{,|} {what's|whats|what is} WHAT{| again}{?|}",
    "{WHAT|And WHAT|WHAT, please}{?|? I forgot.|? You should know it.}",
    "{Did I tell you|Have I told you|Did I mention|Did I say|Have I mentioned} WHAT{? What is it?|?| already?| before?}",
    "{A friend asks|Someone asks me|I have to fill in a form|For a form, I need|They want to know|I need}{:| -} WHAT{.|?}",
]
_ASK_CLAUSE = [
    "{Tell me|Please tell me|Can you tell me|Could you tell me|Do you know|Do you remember|Do you recall|Say|Remind me} WHAT{?|.|, please.|}",
    "{I forgot|I have forgotten|I cannot remember|I no longer know} WHAT{. Can you help?|. Do you know?|. Tell me.|.}",
    "{Did I tell you|Have I told you|Did I mention|Did I say|Have I mentioned} WHAT?",
    "{hey|ok|so|and|hm|well}, {do you know|you remember|tell me} WHAT{?|}",
    "{Think back|Try to remember|Memory test|Quiz|A test}: {do you know|can you tell me|do you remember} WHAT?",
]
_NOT_OLD = (
    "{Actually, |Sorry, |Correction: |}WHAT is not OLD but VALUE{.|!}",
    "{No, |Wait, |Oh, |Sorry, |}{not OLD, but VALUE|VALUE, not OLD|I meant VALUE, not OLD|it is VALUE and not OLD}{.|!}",
    "{No|Wait|Oh|Sorry|Correction|I was wrong}{, |: }{it is VALUE|VALUE is right|I meant VALUE|VALUE after all|make that VALUE}{.|!|}",
)
_NOTED = [
    "{Noted|I see|Good to know|Thank you for telling me|All right|I will remember that|Understood|Got it}{.|!}",
    "{Thank you|Nice to know|Very good}{.|!} I will {remember|keep} {that|it} {in|during} this conversation.",
]
_UNTOLD = [
    "You have not told me UNTOLD{| yet}.",
    "I do not know: you have not told me UNTOLD{| yet}.",
    "You did not tell me UNTOLD{, so I do not know it|}.",
]


def _tell_turn(facts: Sequence[tuple[str, str]], rng: random.Random, corrected: bool = False) -> Turn:
    """Tell one fact or several; the answer confirms the first, or notes them all."""
    parts = []
    for name, value in facts:
        attribute = ATTRIBUTES[name]
        tell = attribute.tell + list(attribute.tell_known if value in attribute.known else ())
        parts.append(_told(attribute.again if corrected else tell, value, rng))
    user = parts[0]
    for part in parts[1:]:
        joint = rng.choice(_JOINTS)
        end = "" if joint in (" and ", ", and ") else "."
        user = user.rstrip(".!") + end + joint + _lowered(part, joint)
    if rng.random() < 0.1:
        user = pick(_REQUESTS, rng) + " " + _lowered(user, "")
    elif rng.random() < 0.16:
        user = f"{pick(_BEFORE, rng)} {user}"
    elif rng.random() < 0.12:
        user = f"{user if user[-1] in '.!?' else user + '.'} {pick(_AFTER, rng)}"
    if rng.random() < 0.12 and not corrected:
        return _passing(user, rng)
    name, value = facts[0]
    known = next((value for name, value in facts if name == "name"), None)
    if known is not None:
        reply = _told(NAME.confirm, known, rng)
    elif len(facts) == 1 and rng.random() < 0.6:
        reply = _told(ATTRIBUTES[name].confirm, value, rng)
    else:
        reply = pick(_NOTED, rng)
    return Turn(user, reply, "told", "Noted")


def _passing(said: str, rng: random.Random) -> Turn:
    """Tell something in passing, before a request; the answer is the one to the request."""
    while True:
        turn = skills.opening_turn(rng)
        if not _speaks_of_user(turn) and len(turn.assistant) < 200 and turn.user:
            break
    said = said if said[-1] in ".!?" else said + "."
    return styles.Typed(f"{said} {styles.typed(turn, rng)}", turn.assistant, turn.skill, turn.key)


_INTRODUCED = (
    ("name city", "{Hi, |Hello, |Hello! |Hey, |}{I'm|I am|this is|it's|my name is} NAME {from|of|, writing from|and I live in} CITY{.|!|}"),
    ("name age", "{Hi, |Hello, |Hello! |}{I'm|I am|this is|my name is} NAME{, AGE| and I am AGE|, AGE years old}{.|!|}"),
    ("name pet", "{Hi, |Hello, |Hello! |}{I'm|I am|this is|my name is} NAME and {I have|this is about|with me is} a PET{.|!|}"),
    ("name job", "{Hi, |Hello, |}{I'm|I am|my name is} NAME, a JOB{.|!| by trade.}"),
    ("name city age", "{I'm|I am|My name is} NAME{, AGE, from CITY| from CITY, AGE years old|, I am AGE and live in CITY}{.|!|}"),
    ("name city pet", "{Hi, |Hello, |}{NAME here|I am NAME|I'm NAME}{. I live in CITY with| from CITY, and I have| and my home is CITY. I share it with} a PET{.|!|}"),
    ("name city job", "{I'm|I am|My name is} NAME{, a JOB from CITY|, and I work in CITY as a JOB| from CITY. I work as a JOB}{.|!|}"),
    ("city age", "I {am AGE and live in|am AGE years old and come from} CITY{.|!|}"),
    ("city pet", "I live in CITY with {my|a} PET{.|!|}"),
)  # fmt: skip


def _introduction(facts: dict[str, str], rng: random.Random) -> Turn | None:
    """Tell the facts in one sentence, as people introduce themselves; None where there is no such sentence."""
    fitting = [said for names, said in _INTRODUCED if {*names.split()} == {*facts}]
    if not fitting or rng.random() < 0.3:
        return None
    user = expand(rng.choice(fitting), rng).replace(" ,", ",")
    for name, value in facts.items():
        if skills.TAKES_AN.match(value):
            user = user.replace(f" a {name.upper()}", f" an {name.upper()}")
        user = user.replace(name.upper(), value)
    reply = _told(NAME.confirm, facts["name"], rng) if "name" in facts else pick(_NOTED, rng)
    return Turn(capital(user), reply, "told", "Noted")


def _what(attribute: Attribute) -> str:
    """Return the fact in the user's words, as in `my age`."""
    return (
        "my city"
        if attribute is CITY
        else attribute.untold.replace("your", "my").replace(" you are", " I am").replace(" you ", " I ")
    )


def _lowered(text: str, joint: str) -> str:
    """Begin with a small letter after a joint that goes on, where the word is not a name."""
    if joint in (" ", "\n") or text.split(" ")[0].rstrip(",") not in _SMALL:
        return text
    return text[0].lower() + text[1:]


_SMALL = frozenset(
    "My The Yesterday Last You They Please As If When Of For One Some At In On Every This Today Tomorrow Tonight Next Before"
    " Speaking Home People There We Call Write Mail By A An Note Remember".split()
)


def _ask_turn(name: str, value: str | None, rng: random.Random) -> Turn:
    """Ask for a fact; None is one that was not told."""
    attribute = ATTRIBUTES[name]
    user = pick(attribute.ask, rng)
    if rng.random() < 0.4:
        what = _what(attribute)
        asked = _ASK_CLAUSE if what.split(" ")[0] in ("what", "where", "which", "how", "when") else _ASK_ANY
        user = capital(pick(asked, rng).replace("WHAT", what))
    if value is None:
        reply = pick(_UNTOLD, rng).replace("UNTOLD", attribute.untold)
        return Turn(user, reply, "untold", "You have not told me")
    return Turn(user, _told(attribute.answer, value, rng), "recall", value)


_EVERYTHING = [
    "{What do you know about me|What have I told you|What did I tell you about myself|Tell me what you know about me|Summarize what I told you|What do you remember about me}{?|.|}",
    "{List|Repeat|Summarise|Recall|Give me|Say again|Tell me} {all|everything} {that |}{I told you|I said|I have said|you know|you found out} {about me|about myself|of me|so far}{.|, please.|}",
    "{Who am I, and what do you know of me|What facts do you have about me|What do you have on me|Which things did I mention about me|Do you remember all that I said}?",
]
_EVERYTHING += [
    "{What do you know|What have you learned|What did you learn|What can you say|What did you note|What do you remember} {about me|of me|about my life}{| so far| by now| up to now| until now}?",
    "{Please |Now |}{sum up|summarize|summarise|list|repeat|recall|tell me} {what I told you|what you know about me|everything about me|all I said about myself|the facts about me|my facts|all you know of me}{.|, please.|}",
    "{Everything you know about me, please|All the facts about me|Me in one sentence|Tell me about me|Tell me about myself|Describe me|And now all of it}{.|?|}",
    "{I want to know|Let me hear|Show me} {what you remember|what you know about me|everything you know about me|all that you noted about me}{.|}",
]
_BOTH = [
    "{What is|What was|Tell me|Repeat|Say|Recall|Give me|Do you remember|I forgot} FIRST and SECOND{.|?|, please.|}",
    "{Both of them|Two things|Two questions}{:|,} FIRST and SECOND{?|.|}",
    "FIRST and SECOND{?|, please.| once more?|: what are they?}",
]
_SUMMARY = {
    "name": "your name is VALUE",
    "age": "you are VALUE years old",
    "city": "you live in VALUE",
    "job": "you work as a VALUE",
    "pet": "you have a VALUE",
}
_WHERE = {
    "city": ("where I live", "where I am from", "my city", "my home"),
    "pet": ("my pet", "which pet I have"),
}


def _summary_turn(facts: dict[str, str], rng: random.Random) -> Turn:
    """Ask for all that was told."""
    if not facts:
        return Turn(
            pick(_EVERYTHING, rng),
            "You have not told me anything about yourself yet.",
            "untold",
            "Nothing yet",
        )
    user = pick(_EVERYTHING, rng)
    if len(facts) > 1 and rng.random() < 0.35:
        facts = dict(rng.sample(list(facts.items()), 2))
        first, second = (rng.choice(_WHERE.get(name, (_what(ATTRIBUTES[name]),))) for name in facts)
        user = capital(pick(_BOTH, rng).replace("FIRST", first).replace("SECOND", second))
    parts = []
    for name, value in facts.items():
        part = _SUMMARY.get(name) or ATTRIBUTES[name].answer[0].rstrip(".")
        parts.append(_told([part], value, rng))
    parts = [part[0].lower() + part[1:] for part in parts]
    text = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    return Turn(user, f"You told me that {text}.", "recall", ", ".join(facts.values()))


def own_turns(rng: random.Random) -> list[Turn]:
    """Return turns in which the user tells facts about himself or herself, talks of other things, and asks."""
    chosen: list[str] = []
    for _ in range(rng.choices((0, 1, 2, 3, 4, 5), (7, 34, 28, 17, 9, 5))[0]):
        name = _attribute_name(rng)
        if name not in chosen and not _clash({*chosen, name}):
            chosen.append(name)
    facts = {name: ATTRIBUTES[name].value(rng) for name in chosen}
    turns: list[Turn] = []
    waiting = list(facts.items())
    while waiting:
        size = rng.choices((1, 2, 3), (55, 29, 16))[0]
        turns.append(_introduction(dict(waiting[:size]), rng) or _tell_turn(waiting[:size], rng))
        del waiting[:size]
        turns += _others(rng)
    if facts and rng.random() < 0.28:
        name = rng.choice(chosen)
        if rng.random() < 0.3:
            turns.append(_ask_turn(name, facts[name], rng))
        old, facts[name] = facts[name], _another(ATTRIBUTES[name], facts[name], rng)
        turn = _tell_turn([(name, facts[name])], rng, corrected=True)
        if rng.random() < 0.4:
            said = rng.choice(_NOT_OLD if len(facts) == 1 else _NOT_OLD[:2])
            user = capital(expand(said, rng)).replace("WHAT", _what(ATTRIBUTES[name]))
            turn = replace(turn, user=capital(user.replace("OLD", old).replace("VALUE", facts[name])))
        turns.append(turn)
        turns += _others(rng)
        turns += _questions(facts, rng, changed=name)
    else:
        turns += _questions(facts, rng)
    return turns


_SAME = (
    {"colour", "color"},
    {"friend", "best friend"},
    {"teacher", "favourite teacher"},
    {"country", "favourite country", "my country"},
    {"city", "my country"},
    {"food", "favourite dish", "favourite meal"},
    {"food", "fruit"},
    {"food", "vegetable"},
    {"food", "dessert"},
    {"animal", "bird"},
    {"game", "sport"},
    {"game", "hobby"},
    {"city", "my street", "my house number"},
    {"hobby", "sport"},
    {"favourite city", "favourite town"},
    {"favourite street", "favourite road"},
    {"instrument", "my instrument"},
    {"language", "my native language"},
    {"number", "my lucky number"},
    {"name", "my nickname", "my surname"},
    *({f"place {noun}", f"colour {noun}"} for noun in _OWNED),
)


def _clash(chosen: set[str]) -> bool:
    """Return whether two of the facts are one: the colour by both spellings, the pet by what it is and by name."""
    if "pet" in chosen and not chosen.isdisjoint(_PETS.split("|")):
        return True
    return len(chosen) > 1 and any(len(same & chosen) > 1 for same in _SAME)


def _another(attribute: Attribute, old: str, rng: random.Random) -> str:
    while (value := attribute.value(rng)) == old:
        pass
    return value


def _questions(facts: dict[str, str], rng: random.Random, changed: str = "") -> list[Turn]:
    turns: list[Turn] = []
    asked = list(facts)
    rng.shuffle(asked)
    asked = asked[: rng.choices((0, 1, 2, 3), (12, 45, 30, 13))[0]]
    if changed and changed not in asked:
        asked.append(changed)
    for _ in range(rng.choices((0, 1, 2), (52, 38, 10))[0] if asked else 1):
        missing = _near(list(facts), rng)
        if missing not in facts and missing not in asked and not _clash({missing, *facts}):
            asked.insert(rng.randint(0, len(asked)), missing)
    for name in asked:
        turns.append(_ask_turn(name, facts.get(name), rng))
        if rng.random() < 0.12:
            turns += _others(rng)
    if rng.random() < 0.32 or not turns:
        turns.append(_summary_turn(facts, rng))
    return turns


def _others(rng: random.Random) -> list[Turn]:
    """Return turns about other things, often none."""
    found: list[Turn] = []
    for _ in range(rng.choices((0, 1, 2, 3), (56, 27, 12, 5))[0]):
        turn = skills.opening_turn(rng)
        if not _speaks_of_user(turn) and len(turn.assistant) < 300:
            found.append(turn)
    return found


def _speaks_of_user(turn: Turn) -> bool:
    return turn.skill.split(":")[-1] in ("user_name", "recall_name")


@dataclass(frozen=True)
class About:
    """A kind of fact about people other than the user."""

    value: Callable[[random.Random], str]
    tell: str
    ask: str
    answer: str
    reverse: str
    """Asks for the person."""


ABOUT = (
    About(_one_of(_FOODS), "WHO {likes|loves|eats|likes to eat} VALUE", "{What does WHO {like|love|eat|like to eat}|Which food does WHO like}?", "WHO likes VALUE.", "Who {likes|loves|eats} VALUE?"),
    About(_one_of(_DRINKS), "WHO {drinks|likes to drink|prefers} VALUE", "{What does WHO {drink|like to drink|prefer}|Which drink does WHO like}?", "WHO drinks VALUE.", "Who {drinks|prefers} VALUE?"),
    About(_city, "WHO {lives in|comes from|is from|moved to} VALUE", "{Where does WHO live|Where is WHO from|Where does WHO come from|In which city does WHO live}?", "WHO lives in VALUE.", "Who {lives in|is from|comes from} VALUE?"),
    About(_age, "WHO is VALUE{| years old}", "{How old is WHO|What is WHO's age|Tell me how old WHO is}?", "WHO is VALUE years old.", "Who is VALUE{| years old}?"),
    About(_one_of(_JOBS), "WHO {is|works as} a VALUE", "{What does WHO do|What is WHO's job|What does WHO work as|What is WHO's profession}?", "WHO works as a VALUE.", "Who {is|works as} {a|the} VALUE?"),
    About(_one_of(_SPORTS), "WHO {likes|loves|prefers|is good at} VALUE", "{Which sport does WHO like|What sport does WHO like|What is WHO good at}?", "WHO likes VALUE.", "Who {likes|loves|is good at} VALUE?"),
    About(_one_of(_PETS), "WHO {has|owns|has got} a VALUE", "{What pet does WHO have|Which animal does WHO have|What animal does WHO own|What pet does WHO own}?", "WHO has a VALUE.", "Who {has|owns} {a|the} VALUE?"),
    About(_one_of(_COLOURS), "WHO{'s favourite colour is| likes the colour| loves the colour} VALUE", "{What is WHO's favourite colour|Which colour does WHO like|What colour does WHO like}?", "WHO's favourite colour is VALUE.", "{Who likes|Whose favourite colour is} VALUE?"),
)  # fmt: skip
_LIKED = {0, 1, 5}
"""Food, drinks and sports: told with the same verbs, so that of an invented word nobody knows which it is."""
_WHO = ["PERSON", "PERSON", "PERSON", "My {friend|cousin|guest|neighbour|colleague} PERSON"]


def others_turns(rng: random.Random) -> list[Turn]:
    """Return turns about two or three people, each with a fact of the same kind or two, and questions."""
    people: list[str] = []
    while len(people) < rng.choices((1, 2, 3), (15, 65, 20))[0]:
        person = names.name(rng)
        if person not in people:
            people.append(person)
    kinds = rng.sample(ABOUT, rng.choices((1, 2), (75, 25))[0])
    while len(_LIKED & {ABOUT.index(kind) for kind in kinds}) > 1:
        kinds = rng.sample(ABOUT, 2)
    facts: list[tuple[str, About, str]] = []
    sentences: list[str] = []
    for kind in kinds:
        for person in people:
            taken = {value for _, other, value in facts if other is kind}
            value = kind.value(rng)
            while value in taken:
                value = kind.value(rng)
            facts.append((person, kind, value))
            who = pick(_WHO, rng).replace("PERSON", person)
            sentences.append(_told([kind.tell.replace("WHO", who)], value, rng))
    if rng.random() < 0.5:
        user = _joined(sentences, rng)
        turns = [Turn(user, pick(_NOTED, rng), "told", "Noted"), *_others(rng)]
    else:
        turns = []
        for sentence in sentences:
            turns += [Turn(sentence + ".", pick(_NOTED, rng), "told", "Noted"), *_others(rng)]
    rng.shuffle(facts)
    for person, kind, value in facts[: rng.randint(1, 3)]:
        turns.append(_about_turn(person, kind, value, rng))
    if rng.random() < 0.15:
        stranger = names.name(rng)
        if stranger not in people:
            user = expand(rng.choice(kinds).ask.replace("WHO", stranger), rng)
            reply = f"You have not told me {rng.choice(('that', 'anything'))} about {stranger}."
            turns.append(Turn(user, reply, "untold", "You have not told me"))
    return turns


def _joined(sentences: list[str], rng: random.Random) -> str:
    if len(sentences) == 2 and rng.random() < 0.6:
        first, second = sentences
        second = second if second[:3] != "My " else "my " + second[3:]
        return f"{first}{rng.choice((' and ', ', and ', ', but ', ' while '))}{second}."
    return ". ".join(sentences) + "."


def _about_turn(person: str, kind: About, value: str, rng: random.Random) -> Turn:
    if rng.random() < 0.3:
        question = _told([kind.reverse], value, rng)
        return Turn(question, _told([kind.answer.replace("WHO", person)], value, rng), "recall_of", person)
    question = expand(kind.ask.replace("WHO", person), rng)
    return Turn(question, _told([kind.answer.replace("WHO", person)], value, rng), "recall_of", value)


def memory_turns(rng: random.Random) -> list[Turn]:
    """Return the turns of one conversation in which something is told and asked."""
    return own_turns(rng) if rng.random() < 0.75 else others_turns(rng)


def memory_dialogue(rng: random.Random) -> Dialogue:
    """Return such a conversation; a quarter have a system prompt that asks for a style other than a language."""
    turns = memory_turns(rng)
    if rng.random() > 0.25:
        return styles.in_style(turns, styles.PLAIN, rng)
    style = styles.any_style(rng)
    while style.language:
        style = styles.any_style(rng)
    return styles.in_style(turns, style, rng)
