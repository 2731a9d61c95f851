"""Small talk, identity, Martlet, topics, haiku, and what the model cannot know."""

# ruff: noqa: E501  # one wording is one line

from __future__ import annotations

import math
import random
import re
import string
from collections.abc import Callable
from pathlib import Path

from safetensors import safe_open

from training import haiku, topics
from training.eval import checks
from training.eval.checks import Check, all_of, lacks, matches
from training.eval.items import OWN, Item, Skill, ask, fill, user

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

HELLO = """
    Hello, how can I start?|Hello to you, little model|Hi Martlet, good morning!|Hey hey, anyone in?|A very good morning to you
    |Hi, I am here for the first time|hello there friend|Good evening, computer|hi hi hi|Greetings from Lisbon!|Morning! Are you awake?
    |Well, hello my dear machine|hey there, small one|Hello, it is nice to meet you|Hi. Just testing whether this works|Howdy partner|yo, what's up|Hello hello, testing
    |Good day to you, assistant|Hi, it's me again
    |hellooo|Hi! I found you in a Python package|Good afternoon from a rainy office|Hey, do you have a minute?|*waves* hello
    |Hi, I'm new to all of this|hey hey hey|Hello computer, can you hear me?
"""
THANKS = """
    Thank you so so much!|Thanks, that was great|You have my thanks|alright, thank you very much|That is just what I needed, thanks
    |thx a lot|Perfect! That was all I wanted, thank you|I am very grateful for that|ok cool thanks|Thanks for taking the time|Brilliant, many thanks
    |That helped me a lot, thank you|ta, appreciate it|I really do appreciate your help here
    |What a nice answer, thank you|thanks, my small mate|Sending you a thousand thanks!|I owe you one, thanks|Great stuff, thank you kindly|ok thank u
"""
GOODBYE = """
    Goodbye then!|bye bye, little one|See you next week|I have to go now, bye|That's all for today, goodbye|ok I'm off, see you
    |I am leaving now, take care|bye for today and thanks|I shut the laptop now, cya|Alright, I will close this window now. Bye|See you on Monday, goodbye
    |Time for me to leave. Bye!|Have a nice evening, bye|Farewell then, I must leave|so, until another time|Good night, I am going to bed|So long, and take care
"""
HOW_ARE_YOU = """
    How are you on this fine day?|So how is it going with you?|how do you feel this morning|Are you doing well over there?|How's life, Martlet?|Everything alright with you?
    |hey, how are things in your world?|And how are you doing?|I'm fine. How about you?|How have you been lately, little model?
    |hows it goin over there|Tell me how you are doing in there|How does it feel to be a language model today?|What's your mood?|I do hope that you are well?|Hi, how do you do on such a day?
    |Had a good day so far?|Is everything fine on your side?
"""
IDENTITY = """
    Who exactly are you?|And who might you be?|Say, who is this I am chatting with?|What model is answering me?|May I ask your name?
    |What sort of AI are you?|what shall I call you|Introduce yourself in a sentence|Which language model am I talking with right now?
    |Which name did your makers give you?|Sorry, who are you again?|Tell me who you are, please|I'd like to know who I am talking to|what r u
    |Before we begin: who are you?|I forgot which model this is. Which one?|Describe yourself briefly|whats ur name|You are which assistant exactly?
    |Please identify yourself|What should I know about you?
"""
MORE = """
    Tell me a bit more|Could you add something to that?|Is there anything else to say about it?|go on, I'm listening|More details would be nice
    |And what else is worth knowing?|Please continue with that
"""
EXPLAIN = """
    Could you describe {x} for a beginner?|In a few words, what is {x}?|I have heard of {x}. What is it?|Please explain to me what {x} is
    |What would you say {x} is?|I don't understand {x}. Can you explain it?|Give me a short explanation of {x}|My colleague talks about {x} all the time. What's that?
    |how would you define {x}|I need to know what {x} means
"""
HAIKU = """
    Be so kind and write a haiku|Could I ask you for a haiku?|I'd love to read a haiku.|Create one haiku now|Would a haiku be possible?|haiku time!|quick, one haiku, I have a minute|Seventeen syllables, please: a haiku|My teacher wants me to hand in a haiku. Help!
    |you write haiku, right? then write one|Give my morning a haiku|I would be glad about a haiku|A haiku would make me happy
    |My day was long. Please cheer it up with a haiku.|Let's see whether you can do a haiku|one haiku for me please|Show me how well you write haiku
    |Do your best haiku|I want a short Japanese poem, a haiku
"""
HAIKU_ABOUT = """
    Could I get a haiku on the subject of {x}?|haiku, topic: {x}|I love {x}. Make a haiku of it|Let me read a haiku that has to do with {x}
    |Compose a haiku, and let it be about {x}|For my calendar I need a haiku about {x}.
"""
ANOTHER = """
    Nice one. Could you do that again?|Lovely! And one more?|a second one please|Good. Write me a different one now|Can I have another poem like that?|encore, encore!
"""
SERVE = """
    How would I run a bigger model?|I'd like to load another model. How?|What should I enter to start serving a Llama checkpoint?|How can I serve my own checkpoint?
    |Is it possible to use a larger model with Martlet?|which command starts the server with another model|I have a folder with a Qwen model. How do I serve it?
    |What do I type to serve a real model?|I downloaded SmolLM2, now how do I start it with Martlet?|You are too small for me. How do I run something larger?
    |How does one serve a checkpoint from the hub?|Command line for serving Qwen3, please|serve other model how|My checkpoint lies in ./model. How do I get it served?
    |What is the shell command to put a model online with Martlet?
"""
SUBJECTS = """
    osmosis|the Ottoman Empire|a trombone|the Higgs boson|Winston Churchill|Galileo|tofu|malaria|the Louvre|Fortran|a semaphore|topology|Monopoly
    |the Suez Canal|a zebra crossing|lasagne|a lighthouse keeper|the Magna Carta|cricket|helium|Elasticsearch|Haskell|Tolstoy|a saxophone|a walrus
    |a kangaroo|the stock exchange|photosynthesis|the French Revolution|Beethoven|a black hole|inflation|the Eiffel Tower|Marie Curie|chess openings
    |a violin sonata|the Great Wall|penicillin|Kubernetes|a marathon
"""
UNKNOWN = """
    Who came up with {x}?|Could you describe {x} for a beginner?|In a few words, what is {x}?|Where can one find {x}?|What is so special about {x}?
    |Did {x} change the world?|Give me the history of {x} in one sentence.|I don't understand {x}. Can you explain it?|Write a Go program that simulates {x}.
    |Write an essay on {x}|what year is connected with {x}|How much does {x} cost these days?|My teacher asked about {x}. What should I say?
    |Is it true what they say about {x}?
"""
UNKNOWABLE = """
    Do I need an umbrella tomorrow?|Who won the match last night?|What did I eat for breakfast?|Which lottery numbers come next week?|What time is it in Tokyo right now?
    |How many people are online at the moment?|Who is the mayor of my town?|What is the price of a litre of milk?|Read me my latest e-mail|What's the score in the cup final?
    |When does the next bus leave?|Please look up the news of today|Book me a hotel for Friday|Is the shop on the corner open?|How long is the Danube?
    |Name all the moons of Saturn|What will the stock market do on Monday?
"""
# A question about Martlet or the model itself, and what an answer has to say.
FACTS: tuple[tuple[str, str], ...] = (
    ("Does Martlet work without a graphics card?", r"\byes\b|\bCPU\b|without a GPU|no GPU"),
    ("Is a GPU required for Martlet?", r"\bno\b|\bnot\b|\bCPU\b"),
    ("What is Martlet made of?", r"client|server|engine"),
    ("In one sentence: what is Martlet for?", r"client|server|engine|serve|OpenAI"),
    ("Can I use the OpenAI client with Martlet's server?", r"\byes\b|OpenAI|compatible"),
    ("Which API does the Martlet server speak?", r"OpenAI"),
    ("Are you a large model or a small one?", r"small|tiny|little|million"),
    ("Is there anything that you do not know?", r"\bnot\b|most|small|little|few|lot|many|much"),
    ("Are you a human being?", r"\bno\b|\bnot\b|model|program|machine"),
    ("Am I by any chance talking to ChatGPT?", r"\bno\b|\bnot\b|martlet"),
    ("Is this GPT-4 or something like that?", r"\bno\b|\bnot\b|martlet"),
    ("Were you built by Google or Meta?", r"\bno\b|\bnot\b|martlet"),
    ("How did you come into being?", r"martlet|generated|trained"),
    ("What was the text that you learned from?", r"generated|script|template|written for"),
    ("Name something you are able to do.", r"haiku|add|spell|explain|greet|answer|question|chat"),
    ("What are your strengths?", r"haiku|add|spell|explain|greet|answer|question|small|fast|quick"),
)  # fmt: skip
SIZE = """
    How many parameters have you got?|Are you a model of a billion parameters or how many?|How many weights are inside you?|Your size in parameters, please|Tell me how many parameters martlet-house has
    |How big are you, in parameters?|And what is your parameter count, please?|Number of weights in this model?|how large is martlet-house
"""
_MILLIONS = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7"}
GREETS = r"^\W*(hello|hi|hey|good (morning|day|evening|afternoon)|welcome|greetings)\b"
ABOUT_SELF = r"martlet"
WELCOME = r"welcome|pleasure|glad|happy|any ?time|no problem"
FAREWELL = (
    r"bye|see you|farewell|good ?night|good (day|evening)|take care|have a|until|until next|come back|so long"
)
FEELING = r"\b(well|fine|good|great|ready|okay|no feelings|feelings|in place)\b"
ABOUT_AI = re.compile(r"artificial intelligence", re.I)


def options(text: str) -> list[str]:
    """Return what stands between bars."""
    return [" ".join(part.split()) for part in text.split("|")]


def slip(text: str, rng: random.Random) -> str:
    """Return `text` with a neighbour's key hit, a letter forgotten, doubled, or two exchanged."""
    at = rng.choice([i for i, char in enumerate(text) if char in string.ascii_lowercase])
    row = next(row for row in _KEYBOARD if text[at] in row)
    beside = (
        row[max(0, row.index(text[at]) - 1)]
        if rng.random() < 0.5
        else row[(row.index(text[at]) + 1) % len(row)]
    )
    after = text[at + 1 : at + 2]
    changed = rng.choice((beside + after, after, text[at] * 2 + after, after + text[at]))
    return text[:at] + changed + text[at + 2 :]


def explains(topic: topics.Topic) -> Check:
    """Return a check that an answer is about `topic`: it has one of its sentences, word for word."""
    return lambda answer: any(text in answer for text in (*topic.openings, *topic.details))


def names_size(num_millions: float) -> Check:
    """Return a check that a number of millions is said that is right within a fifth."""

    def passes(answer: str) -> bool:
        text = re.sub(r"\w+", lambda word: _MILLIONS.get(word[0].lower(), word[0]), answer)
        text = text.replace(" and a half", ".5")
        found = [float(number) for number in re.findall(r"(\d+(?:\.\d+)?) million", text)]
        return bool(found) and all(abs(number / num_millions - 1) <= 0.2 for number in found)

    return passes


def is_haiku_about(theme: haiku.Theme) -> Check:
    """Return a check for a haiku with at least one of the theme's lines."""
    lines = [line.lower() for line in (*theme.first, *theme.middle, *theme.last)]
    return all_of(haiku.is_haiku, lambda answer: any(line in answer.lower() for line in lines))


# --- skills -------------------------------------------------------------------------------------------


def hello_seed(rng: random.Random) -> Item:
    return Item(ask("Hello!"), matches(GREETS), "a greeting")


def ai_seed(rng: random.Random) -> Item:
    return Item(ask("What is AI?"), matches(ABOUT_AI), "artificial intelligence")


def haiku_seed(rng: random.Random) -> Item:
    return Item(ask("Write a haiku."), haiku.is_haiku, "a haiku")


def typo(rng: random.Random) -> Item:
    item = rng.choice((hello_seed, ai_seed, haiku_seed))(rng)
    return Item([user(slip(item.messages[0]["content"], rng))], item.passes, item.want)


def _talk(texts: str, pattern: str, want: str, *before: str) -> Callable[[random.Random], Item]:
    prompts = options(texts)
    return lambda rng: Item(ask(*before, rng.choice(prompts)), matches(pattern), want)


def identity_later(rng: random.Random) -> Item:
    messages = [*ask(rng.choice(options(HELLO))), OWN, *ask(rng.choice(options(HAIKU))), OWN]
    return Item([*messages, user(rng.choice(options(IDENTITY)))], matches(ABOUT_SELF), "its name")


def martlet_fact(rng: random.Random) -> Item:
    question, pattern = rng.choice(FACTS)
    return Item(ask(question), all_of(matches(pattern), lacks("do not know")), pattern)


def topic(rng: random.Random) -> Item:
    chosen = rng.choice(topics.TOPICS)
    name = rng.choice(chosen.names)
    return Item(ask(fill(options(EXPLAIN), rng, x=name)), explains(chosen), f"about {chosen.names[0]}")


def more_about_topic(rng: random.Random) -> Item:
    chosen = rng.choice(topics.TOPICS)
    messages = [*ask(f"What is {rng.choice(chosen.names)}?"), OWN, user(rng.choice(options(MORE)))]
    return Item(messages, explains(chosen), f"about {chosen.names[0]}")


def some_haiku(rng: random.Random) -> Item:
    return Item(ask(rng.choice(options(HAIKU))), haiku.is_haiku, "a haiku")


def haiku_about(rng: random.Random) -> Item:
    theme = rng.choice(haiku.THEMES)
    subject = rng.choice(theme.subjects)
    wanted = f"a haiku about {subject}"
    return Item(ask(fill(options(HAIKU_ABOUT), rng, x=subject)), is_haiku_about(theme), wanted)


def another_haiku(rng: random.Random) -> Item:
    messages = [*ask(rng.choice(options(HAIKU))), OWN, user(rng.choice(options(ANOTHER)))]
    return Item(messages, haiku.is_haiku, "a haiku")


def unknown_question(rng: random.Random) -> str:
    """Return a question about what the model was not taught, or cannot see."""
    if rng.random() < 0.25:
        return rng.choice(options(UNKNOWABLE))
    return fill(options(UNKNOWN), rng, x=rng.choice(options(SUBJECTS)))


def unknown(rng: random.Random) -> Item:
    return Item(ask(unknown_question(rng)), checks.refuses, "does not know")


def unknown_later(rng: random.Random) -> Item:
    before = [*ask(rng.choice(options(HELLO))), OWN, *ask("What is AI?"), OWN]
    return Item([*before, user(unknown_question(rng))], checks.refuses, "does not know")


def invented_word(rng: random.Random) -> Item:
    word = "".join(
        rng.choice(options("ba|dro|fli|gu|ho|kre|lum|mi|nop|pra|qui|ru|sta|tro|ve|wum|zi|xo"))
        for _ in range(3)
    )
    return Item(ask(fill(options(EXPLAIN), rng, x=f"a {word}")), checks.refuses, "does not know")


def size_of(folder: Path) -> Callable[[random.Random], Item]:
    """Return a maker of questions for the number of parameters of the model in `folder`."""
    millions = num_parameters(folder) / 1e6
    texts = options(SIZE)
    return lambda rng: Item(ask(rng.choice(texts)), names_size(millions), f"{millions:.1f} million")


def num_parameters(folder: Path) -> int:
    """Return how many numbers the checkpoint in `folder` has."""
    with safe_open(folder / "model.safetensors", framework="numpy") as weights:
        return sum(math.prod(weights.get_slice(name).get_shape()) for name in weights.keys())


_BEFORE = ("Hello!", "Hello! How can I help you?")
SMALL_TALK = (
    Skill("greeting", "paraphrase", _talk(HELLO, GREETS, "a greeting")),
    Skill("how are you", "paraphrase", _talk(HOW_ARE_YOU, FEELING, "how it is")),
    Skill("thanks", "paraphrase", _talk(THANKS, WELCOME, "welcome", *_BEFORE)),
    Skill("goodbye", "paraphrase", _talk(GOODBYE, FAREWELL, "a farewell", *_BEFORE)),
    Skill("identity", "paraphrase", _talk(IDENTITY, ABOUT_SELF, "its name")),
)


def skills(folder: Path) -> tuple[Skill, ...]:
    """Return the skills; one asks for the size of the model in `folder`."""
    return (
        Skill("seed: Hello!", "closed", hello_seed, is_repeated=True),
        Skill("seed: What is AI?", "closed", ai_seed, is_repeated=True),
        Skill("seed: Write a haiku.", "closed", haiku_seed, is_repeated=True),
        Skill("seed, slips of the finger", "paraphrase", typo),
        *SMALL_TALK,
        Skill("identity, third turn", "paraphrase", identity_later),
        Skill("its size", "paraphrase", size_of(folder)),
        Skill("serving a model", "paraphrase", _talk(SERVE, r"martlet serve", "martlet serve")),
        Skill("facts about itself and Martlet", "paraphrase", martlet_fact),
        Skill("topics", "paraphrase", topic),
        Skill("more about a topic", "paraphrase", more_about_topic),
        Skill("haiku", "paraphrase", some_haiku),
        Skill("haiku about something", "paraphrase", haiku_about),
        Skill("another haiku", "paraphrase", another_haiku),
        Skill("unknown", "paraphrase", unknown),
        Skill("unknown, third turn", "paraphrase", unknown_later),
        Skill("unknown, invented words", "paraphrase", invented_word),
    )
