"""Conversations in which people tell something about themselves or others, and ask for it later."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from training import names, skills, smalltalk, styles, unknowns
from training.dialogue import Dialogue, Turn
from training.grammar import expand, pick

ME, OTHER = "me", "other"


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


def _one_of(words: str, invented: float = 0.12) -> Callable[[random.Random], str]:
    known = words.split("|")

    def value(rng: random.Random) -> str:
        return unknowns.invented_word(rng, 2).lower() if rng.random() < invented else rng.choice(known)

    return value


def _city(rng: random.Random) -> str:
    return names.name(rng) if rng.random() < 0.1 else rng.choice(_CITIES)


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


def _favourite(kind: str, words: str, like: str, question: str) -> Attribute:
    """Return the attribute of a favourite thing; `like` is the verb, as in `like to eat`."""
    return Attribute(
        _one_of(words),
        [
            f"My {{favourite|favorite}} {kind} is VALUE{{.|!|}}",
            f"I {{really |}}{like} VALUE{{| most| best| very much| more than anything}}{{.|!|}}",
            f"VALUE is my {{favourite|favorite}} {kind}{{.|!|}}",
            f"{{The {kind} that I like best|Of all {kind}s, my favourite}} is VALUE{{.|}}",
            f"My {{favourite|favorite}} {kind}{{? VALUE.|: VALUE.|? That is VALUE.}}",
        ],
        [
            f"{{Actually|No, wait|Correction|Sorry|I changed my mind}}{{,|:}} my {{favourite|favorite}} {kind} is VALUE{{.| now.}}",
            f"{{I was wrong|I made a mistake|That is no longer true}}: my {{favourite|favorite}} {kind} is VALUE{{.|!}}",
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
            f"{{Actually|No, wait|Correction|Sorry|Oh no}}{{,|:}} my {relation}{{ is called|'s name is}} VALUE{{.|!}}"
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
    ["{Actually|No, wait|Correction|Sorry}{,|:} I am VALUE{.| years old.| now.}"],
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
    ["{Actually|No, wait|Correction|Sorry|News}{,|:} I {live in|moved to} VALUE {now|these days}{.|!}"],
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
        "I have a new job: VALUE.",
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


def _attributes() -> dict[str, Attribute]:
    found = {"name": NAME, "age": AGE, "city": CITY, "job": JOB, "pet": PET, **_FAVOURITES}
    found.update({relation: _relative(relation, names.name) for relation in _RELATIVES.split("|")})
    found.update({pet: _relative(pet, _pet, pet=True) for pet in _PETS.split("|")})
    return found


ATTRIBUTES = _attributes()
_OWN = (
    *("name",) * 14,
    *("age", "city", "job", "pet") * 4,
    *("colour", "food", "animal", "drink") * 2,
    *_FAVOURITES,
)
_RELATED = tuple(name for name in ATTRIBUTES if name not in _OWN)


def _attribute_name(rng: random.Random) -> str:
    return rng.choice(_OWN if rng.random() < 0.65 else _RELATED)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told(template: list[str], value: str, rng: random.Random) -> str:
    """Expand, with the right article before the value, and a capital at the start."""
    text = pick(template, rng)
    if value[0].lower() in "aeiou":
        text = text.replace(" a VALUE", " an VALUE").replace("A VALUE", "An VALUE")
    return _capital(text.replace("VALUE", value))


_REQUESTS = [
    "{Please |}{remember|note|keep in mind|do not forget|don't forget}{| this| that}: ",
    "{For later|Just so you know|By the way|You should know|A fact about me|About me|Oh, and}: ",
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
        parts.append(_told(attribute.again if corrected else attribute.tell, value, rng))
    user = parts[0]
    for part in parts[1:]:
        joint = rng.choice(_JOINTS)
        end = "" if joint in (" and ", ", and ") else "."
        user = user.rstrip(".!") + end + joint + _lowered(part, joint)
    if rng.random() < 0.1:
        user = pick(_REQUESTS, rng) + " " + _lowered(user, "")
    name, value = facts[0]
    known = next((value for name, value in facts if name == "name"), None)
    if known is not None:
        reply = _told(NAME.confirm, known, rng)
    elif len(facts) == 1 and rng.random() < 0.6:
        reply = _told(ATTRIBUTES[name].confirm, value, rng)
    else:
        reply = pick(_NOTED, rng)
    return Turn(user, reply, "told", "Noted")


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
        user = user.replace(name.upper(), value)
    reply = _told(NAME.confirm, facts["name"], rng) if "name" in facts else pick(_NOTED, rng)
    return Turn(_capital(user), reply, "told", "Noted")


def _what(attribute: Attribute) -> str:
    """Return the fact in the user's words, as in `my age`."""
    return "my city" if attribute is CITY else attribute.untold.replace("your", "my")


def _lowered(text: str, joint: str) -> str:
    """Begin with a small letter after a joint that goes on, where the word is not a name."""
    first = text.split(" ")[0]
    if joint in (" ", "\n") or first not in ("My", "The", "Yesterday", "Last", "You", "They", "Please"):
        return text
    return text[0].lower() + text[1:]


def _ask_turn(name: str, value: str | None, rng: random.Random) -> Turn:
    """Ask for a fact; None is one that was not told."""
    attribute = ATTRIBUTES[name]
    user = pick(attribute.ask, rng)
    if rng.random() < 0.35:
        user = _capital(pick(_ASK_ANY, rng).replace("WHAT", _what(attribute)))
    if value is None:
        reply = pick(_UNTOLD, rng).replace("UNTOLD", attribute.untold)
        return Turn(user, reply, "untold", "You have not told me")
    return Turn(user, _told(attribute.answer, value, rng), "recall", value)


_EVERYTHING = [
    "{What do you know about me|What have I told you|What did I tell you about myself|Tell me what you know about me|Summarize what I told you|What do you remember about me}{?|.|}",
    "{List|Repeat|Summarise|Recall|Give me|Say again|Tell me} {all|everything} {that |}{I told you|I said|I have said|you know|you found out} {about me|about myself|of me|so far}{.|, please.|}",
    "{Who am I, and what do you know of me|What facts do you have about me|What do you have on me|Which things did I mention about me|Do you remember all that I said}?",
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
    if len(facts) > 1 and rng.random() < 0.5:
        facts = dict(rng.sample(list(facts.items()), 2))
        first, second = (rng.choice(_WHERE.get(name, (_what(ATTRIBUTES[name]),))) for name in facts)
        user = _capital(pick(_BOTH, rng).replace("FIRST", first).replace("SECOND", second))
    parts = []
    for name, value in facts.items():
        kind = "is" if name in _FAVOURITES else "is called"
        what = f"favourite {name}" if name in _FAVOURITES else name
        part = _SUMMARY.get(name, f"your {what} {kind} VALUE")
        parts.append(_told([part], value, rng))
    parts = [part[0].lower() + part[1:] for part in parts]
    text = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    return Turn(user, f"You told me that {text}.", "recall", ", ".join(facts.values()))


def own_turns(rng: random.Random) -> list[Turn]:
    """Return turns in which the user tells facts about himself or herself, talks of other things, and asks."""
    chosen: list[str] = []
    for _ in range(rng.choices((0, 1, 2, 3, 4, 5), (8, 26, 28, 20, 11, 7))[0]):
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
            user = _capital(expand(rng.choice(_NOT_OLD), rng)).replace("WHAT", _what(ATTRIBUTES[name]))
            turn = replace(turn, user=_capital(user.replace("OLD", old).replace("VALUE", facts[name])))
        turns.append(turn)
        turns += _others(rng)
    turns += _questions(facts, rng)
    return turns


def _clash(chosen: set[str]) -> bool:
    """Return whether two of the facts are one: the colour by both spellings, the pet by what it is and by name."""
    return {"colour", "color"} <= chosen or ("pet" in chosen and not chosen.isdisjoint(_PETS.split("|")))


def _another(attribute: Attribute, old: str, rng: random.Random) -> str:
    while (value := attribute.value(rng)) == old:
        pass
    return value


def _questions(facts: dict[str, str], rng: random.Random) -> list[Turn]:
    turns: list[Turn] = []
    asked = list(facts)
    rng.shuffle(asked)
    asked = asked[: rng.randint(1, 3)]
    if not asked or rng.random() < 0.28:
        missing = _attribute_name(rng)
        if missing not in facts and not _clash({missing, *facts}):
            asked.insert(rng.randint(0, len(asked)), missing)
    for name in asked:
        turns.append(_ask_turn(name, facts.get(name), rng))
        if rng.random() < 0.15:
            turns += _others(rng)
    if rng.random() < 0.25:
        turns.append(_summary_turn(facts, rng))
    return turns


def _others(rng: random.Random) -> list[Turn]:
    """Return turns about other things, often none."""
    found: list[Turn] = []
    for _ in range(rng.choices((0, 1, 2, 3), (50, 28, 15, 7))[0]):
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
_WHO = ["PERSON", "PERSON", "PERSON", "My {friend|sister|brother|neighbour|colleague} PERSON"]


def others_turns(rng: random.Random) -> list[Turn]:
    """Return turns about two or three people, each with a fact of the same kind or two, and questions."""
    people: list[str] = []
    while len(people) < rng.choices((1, 2, 3), (15, 65, 20))[0]:
        person = names.name(rng)
        if person not in people:
            people.append(person)
    kinds = rng.sample(ABOUT, rng.choices((1, 2), (75, 25))[0])
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
        reply = rng.choice((f"{person}.", _told([kind.answer.replace("WHO", person)], value, rng)))
        return Turn(question, reply, "recall_of", person)
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
