"""What a system prompt asks for: few words, courtesy, capitals, a language. It holds over several turns."""

# ruff: noqa: E501  # one wording is one line

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from training.eval import knowledge
from training.eval.arithmetic import ADD, operands
from training.eval.checks import (
    Check,
    all_of,
    gives_number,
    is_in,
    is_polite,
    is_short,
    is_upper_case,
    matches,
)
from training.eval.items import OWN, Item, Message, Skill, ask, fill, system, user
from training.eval.talk import (
    ABOUT_SELF,
    FAREWELL,
    FEELING,
    GOODBYE,
    GREETS,
    HELLO,
    HOW_ARE_YOU,
    IDENTITY,
    THANKS,
    WELCOME,
    options,
)
from training.eval.vocabulary import CAPITALS, WEEKDAYS

SHORT = (
    "Short replies, please: the screen is tiny.",
    "Give answers of one or two words.",
    "You are a quiet assistant who answers in a single word if possible.",
    "No long talk: as few words as you can.",
    "The user is in a hurry, so be very brief.",
)
POLITE = (
    "You are an exceptionally courteous assistant.",
    "Always stay polite, whatever is asked.",
    "Speak politely with our guests.",
    "Be as polite as a good butler.",
)
UPPER = (
    "Write everything in capital letters.",
    "ANSWER IN UPPER CASE ONLY.",
    "Only use uppercase letters in your replies.",
    "You shout: all your letters are capitals.",
)
LANGUAGES = {
    "de": (
        "Antworte auf Deutsch.",
        "You speak German with the user.",
        "Reply in German only.",
        "Deine Sprache ist Deutsch.",
    ),
    "fr": (
        "Réponds en français.",
        "You speak French with the user.",
        "Reply in French only.",
        "Ta langue est le français.",
    ),
    "en": (
        "Reply in English only.",
        "You speak English with the user.",
        "Whatever the user speaks, use English.",
    ),
}
SMALL_TALK: dict[str, tuple[str, ...]] = {
    "hello": ("Hello over there!", "Hi from a train", "A good morning to you", "hello hello, it's me"),
    "how": ("And how are you over there?", "how is it going over there", "Are you alright over there today?"),
    "thanks": ("Thank you so very, very much!", "thanks for all of that", "That was kind, thank you"),
    "bye": ("Goodbye, I must go!", "bye then", "I am off, goodbye"),
    "who": ("Who are you, then?", "Say your name", "With whom am I speaking?"),
}
IN_GERMAN: dict[str, tuple[str, ...]] = {
    "hello": (
        "Hallo zusammen, ich bin neu hier",
        "Guten Morgen aus Wien!",
        "Guten Tag, kleines Modell",
        "Servus, na?",
        "Ein fröhliches Hallo",
    ),
    "how": (
        "Wie geht es dir denn heute so?",
        "Na, wie geht's dir an diesem Tag?",
        "Geht es Ihnen auch gut?",
        "Sag mal, wie geht es dir so als Modell",
    ),
    "thanks": (
        "Vielen, vielen Dank dafür!",
        "Danke dir, kleines Modell",
        "Danke für die schnelle Hilfe",
        "Ich möchte mich sehr herzlich bei dir bedanken",
    ),
    "bye": ("Auf Wiedersehen, ich gehe jetzt", "Tschüss dann, bis übermorgen", "Ich muss los, bis bald!"),
    "who": (
        "Wer bist du denn?",
        "Sag mir doch bitte, wie du heißt",
        "Mit wem spreche ich hier gerade?",
        "Wer antwortet mir da?",
    ),
}
IN_FRENCH: dict[str, tuple[str, ...]] = {
    "hello": (
        "Bonjour de Paris !",
        "Salut, je viens d'arriver ici",
        "Bonsoir, petit modèle",
        "Un grand bonjour !",
    ),
    "how": (
        "Alors, comment ça va chez toi ?",
        "Comment allez-vous par ce beau temps ?",
        "Tu vas bien, toi ?",
    ),
    "thanks": ("Merci vraiment beaucoup !", "Merci pour ton aide rapide", "Un grand merci, petit modèle"),
    "bye": ("Au revoir, je dois partir", "Salut, à demain matin", "À bientôt, petit modèle !"),
    "who": (
        "Mais qui es-tu donc ?",
        "Dis-moi, petit modèle, comment tu t'appelles",
        "Avec qui est-ce que je parle ici ?",
        "Qui me répond ?",
    ),
}
SPOKEN = {"de": IN_GERMAN, "fr": IN_FRENCH, "en": SMALL_TALK}


def _task(rng: random.Random, with_sums: bool) -> tuple[str, Check, str]:
    """Return a question of one right value, a check for it, and the value."""
    if with_sums and rng.random() < 0.4:
        a, b = operands("+", rng)
        return fill(ADD, rng, a=a, b=b), gives_number(a + b, (a, b)), str(a + b)
    make = rng.choice((_capital, _next_day))
    item = make(rng)
    return item.messages[0]["content"], item.passes, item.want


def _capital(rng: random.Random) -> Item:
    country, capital = rng.choice(list(CAPITALS.items()))
    return Item(ask(fill(knowledge.CAPITAL, rng, x=country)), matches(rf"\b{capital}\b"), capital)


def _next_day(rng: random.Random) -> Item:
    at = rng.randrange(7)
    wanted = WEEKDAYS[(at + 1) % 7]
    return Item(ask(fill(knowledge.NEXT, rng, x=WEEKDAYS[at])), matches(rf"\b{wanted}\b"), wanted)


_CHAT = ((HELLO, GREETS), (HOW_ARE_YOU, FEELING), (THANKS, WELCOME), (IDENTITY, ABOUT_SELF))


def _chat(rng: random.Random) -> tuple[str, Check]:
    """Return some small talk, and a check for what it wants to hear."""
    texts, pattern = rng.choice(_CHAT)
    return rng.choice(options(texts)), matches(pattern)


def _styled(prompts: Sequence[str], style: Check, num_turns: int, rng: random.Random) -> Item:
    """Ask a question of one right value under a system prompt, after some small talk."""
    before: list[Message] = [m for _ in range(num_turns - 1) for m in (user(_chat(rng)[0]), OWN)]
    text, passes, want = _task(rng, with_sums=style is not is_upper_case)
    messages = [system(rng.choice(prompts)), *before, user(text)]
    return Item(messages, passes, f"{want}, in the style", always=style)


def _style(prompts: Sequence[str], style: Check, num_turns: int) -> Callable[[random.Random], Item]:
    return lambda rng: _styled(prompts, style, num_turns, rng)


def shouted_chat(rng: random.Random) -> Item:
    text, passes = _chat(rng)
    return Item([system(rng.choice(UPPER)), user(text)], passes, "small talk in capitals", always=str.isupper)


def _content(kind: str) -> Check:
    """Return a check for what small talk must say in English, German or French."""
    patterns = {
        "hello": r"hello|hi\b|hey|good (morning|day|evening)|hallo|guten|grüß|servus|bonjour|salut|bonsoir|welcome|willkommen|bienvenue",
        "how": FEELING + r"|\bgut\b|bestens|prima|bereit|\bbien\b|prêt",
        "thanks": WELCOME + r"|bitte|gern|rien|plaisir|prie|quoi",
        "bye": FAREWELL + r"|wiedersehen|tschüss|bis |auf bald|revoir|bientôt|salut|bonne|adieu|mach",
        "who": r"martlet",
    }
    return matches(patterns[kind])


def language_by_prompt(rng: random.Random) -> Item:
    """The system prompt names a language; the user speaks English or that language."""
    language = rng.choice(list(LANGUAGES))
    kind = rng.choice(list(SMALL_TALK))
    text = rng.choice((SMALL_TALK if rng.random() < 0.6 else SPOKEN[language])[kind])
    messages = [system(rng.choice(LANGUAGES[language])), user(text)]
    return Item(messages, all_of(is_in(language), _content(kind)), f"{kind} in {language}")


def language_by_user(rng: random.Random) -> Item:
    language = rng.choice(("de", "fr"))
    kind = rng.choice(list(SMALL_TALK))
    text = rng.choice(SPOKEN[language][kind])
    return Item([user(text)], all_of(is_in(language), _content(kind)), f"{kind} in {language}")


def language_holds(rng: random.Random) -> Item:
    """Small talk of three turns in the language of the system prompt."""
    language = rng.choice(list(LANGUAGES))
    kinds = ["hello", rng.choice(("how", "who")), rng.choice(("thanks", "bye"))]
    texts = [user(rng.choice(SMALL_TALK[kind])) for kind in kinds]
    messages = [system(rng.choice(LANGUAGES[language])), *(m for text in texts for m in (text, OWN))][:-1]
    want = f"{kinds[-1]}, all in {language}"
    return Item(messages, _content(kinds[-1]), want, always=is_in(language))


def farewell_short(rng: random.Random) -> Item:
    text = rng.choice(options(GOODBYE))
    return Item(
        [system(rng.choice(SHORT)), user(text)], all_of(is_short, matches(FAREWELL)), "a short farewell"
    )


SKILLS = (
    Skill("style: short", "paraphrase", _style(SHORT, is_short, 1)),
    Skill("style: short, three turns", "paraphrase", _style(SHORT, is_short, 3)),
    Skill("style: short, small talk", "paraphrase", farewell_short),
    Skill("style: polite", "paraphrase", _style(POLITE, is_polite, 1)),
    Skill("style: polite, three turns", "paraphrase", _style(POLITE, is_polite, 3)),
    Skill("style: upper case", "paraphrase", _style(UPPER, is_upper_case, 1)),
    Skill("style: upper case, three turns", "paraphrase", _style(UPPER, is_upper_case, 3)),
    Skill("style: upper case, small talk", "paraphrase", shouted_chat),
    Skill("language of the system prompt", "paraphrase", language_by_prompt),
    Skill("language of the system prompt, later turns", "paraphrase", language_holds),
    Skill("language of the user", "paraphrase", language_by_user),
)
