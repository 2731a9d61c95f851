"""System prompts that say how to answer, and the answers that keep to them."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from training import common_knowledge, languages, noise, skills, smalltalk, sums, topics, unknowns, words
from training.dialogue import Dialogue, Message, Turn
from training.grammar import expand, pick

ROLES = [
    "You are a helpful assistant.",
    "You are {a|an} {helpful|friendly|honest|kind|expert|careful|little|quick|clever} {assistant|chatbot|AI assistant|AI|model|helper}.",
    "You are {Martlet|a small model|martlet-house|an assistant who answers questions|a language model|the house model|an AI|a chatbot on a website|a teacher|a librarian|a guide|the voice of a machine}.",
    "You {help|support} {users|customers|people|developers|children|beginners} {with their questions|of our product|who try Martlet|every day|in a chat}.",
    "{Help|Assist} {the user|people|our guests|the customer}.",
    "You are {the|an|our|a friendly|a helpful} assistant {of|for|in|at} {a|the|our|this} {|small |big |local |busy |online }{shop|bookshop|hotel|library|school|museum|bank|zoo|bakery|train station|company|website|clinic|city hall|farm|restaurant|travel agency|theatre|university|radio station|garden centre|call centre|newspaper|sports club}.",
    "You {work|answer questions|talk to people|help visitors|chat with guests} {at|in|for} {a|the|our} {|small |big |little }{shop|bookshop|hotel|library|school|museum|bank|zoo|bakery|station|company|café|hospital|office}{| in the city| by the sea| in the mountains| every day| at night}.",
    "{Your name is|You are called|Call yourself} {Martlet|martlet-house}{. You help {users|people|customers}.|.|, a small model.}",
    "{This is|Here is|You are in} {a chat|the chat|a support chat|the help desk|a demo|a test|a phone app|a terminal|a quiz|a lesson} {of|for} {{our|the|a} {shop|product|website|school|class}|{our|the} {customers|beginners|users|visitors|guests}}.",
    "{Act|Behave|Answer|Speak} as {a|an|the} {teacher|assistant|librarian|tour guide|shop assistant|clerk|receptionist|tutor|help desk|machine|secretary|waiter}.",
]
NEUTRAL = [
    "{Answer|Reply|Respond} {clearly|in full sentences|as well as you can|honestly|the user's questions|the questions of the user}.",
    "{Be|Please be|Always be} {helpful|honest|nice|careful|truthful}.",
    "Do not {invent facts|make things up|guess|lie}.",
    "{If you do not know something|When you are not sure}, {say so|say that you do not know}.",
    "The {user|customer} {is a beginner|likes birds|tries Martlet for the first time}.",
    "{The shop opens at nine|Our office is in the old town|We are open every day|The users are children|People ask you all kinds of things|Most questions are about numbers and words|The chat is read by a teacher|Today is a busy day}.",
    "{Take|Read|Answer} {every question seriously|each question with care|all the questions}.",
    "{Stay|Keep} {calm|on the topic|honest|to the truth}.",
]
SHORT = [
    "{Be|Please be|Always be|Stay|Keep it} {brief|short|concise|very brief|very short|terse|laconic}.",
    "{Answer|Reply|Respond|Speak} {briefly|shortly|concisely|very briefly|in short|in as few words as possible|with as few words as you can|with one word if you can|in one word where possible|in a word or two|in a few words|in telegram style|with very short answers|as briefly as possible}.",
    "{Keep|Make} {your answers|all answers|the answers|your replies|answers|every reply|it} {short|brief|very short|as short as possible|to a few words|to a minimum|to one short sentence|concise}.",
    "{Give|Write|Send|Use} {only |}{short|brief|very short|one-word|minimal|concise} {answers|replies|responses|sentences}{.|.| please.}",
    "{Your answers|Answers|Replies|All your replies} {must be|should be|have to be|are to be|shall be} {short|brief|very short|a few words long|concise|no longer than a few words|one line at most|under ten words}.",
    "{Do not|Don't|Never} {use many words|write long answers|be wordy|explain|ramble|write more than one short sentence|waste words|give details}{.|: be brief.|, keep it short.}",
    "{No long answers|Short answers only|Only short answers|Brevity first|As short as you can|Few words, please|Short replies, please|Just the answer, no sentence around it|The user has no time, so be brief|The user wants short answers}.",
    "{You like|You love|You prefer|You always give|You are known for|You are a model of} {short answers|brevity|brief replies|few words}.",
]
SHORT += [
    "{Please |Always |}{answer|reply|respond|answer} {|to the user |to every question |to everything |to all questions }{briefly|tersely|concisely|in short|in brief|in a word|in one word|in one or two words|with a single word|with just the result|with the bare answer|with the answer only|with the value only|with nothing but the answer|in keywords|in as little space as possible|without explanation|without full sentences|without any extra words|with no more words than needed}.",
    "{Give|Write|Return|Say|State|Output|Send|Show|Print} {only|just|nothing but|nothing more than} {the answer|the result|the bare answer|the value|the answer itself|the word or number|what was asked for|the answer, without a sentence|the fact}.",
    "{One word|A single word|A word or a number|The bare value|The result alone|The answer alone|Two words|A short phrase} {is enough|will do|is all I want|is best|suffices|is what people need}.",
    "{I|We|The users|Our customers|Readers|People here|They} {like|want|need|prefer|expect|ask for|only read|have time only for} {short answers|brief answers|very short replies|one-word answers|answers of a few words|the bare answer|just the result|no long texts}{.|, so be brief.|, so keep it short.}",
    "{Skip|Leave out|Omit|Drop|Avoid} {explanations|everything but the answer|all extra words|the small print|introductions|long sentences|full sentences|filler words|details}{.| and be brief.|: just the answer.|, be short.}",
    "{Length|Answer length|Style|Tone|Format|Mode|Verbosity}: {short|very short|brief|as short as possible|minimal|concise|terse|one word if possible|low, so be brief}.",
    "{The answers|Your answers|Answers|Replies} are {shown on a small screen|read aloud|sent as text messages|printed on a label|shown on a watch}{, so keep them short.|: make them brief.|, so use few words.}",
    "{Be|Stay|Remain} {as brief as you can|a person of few words|short and clear|short and to the point|to the point|brief at all times|brief, whatever the question}.",
    "{No sentences|No full sentences|No explanations|No details|Nothing extra|No more than three words|At most five words|Less is more|Short and sweet|In short|In a word|Keep your replies to the minimum}{.|, please.|!}",
    "{Make it|Keep it|Let it be} {short|brief|concise|quick|very short|as short as can be}{.|, please.| and simple.| every time.}",
    "{Your style is|Your manner is|Your tone is} {short|brief|terse|concise|laconic|very brief}.",
]
POLITE = [
    "{Be|Please be|Always be|Stay|Remain} {polite|very polite|courteous|respectful|polite and friendly|well-mannered|extremely polite}.",
    "{Answer|Reply|Respond|Speak} {politely|very politely|courteously|in a polite way|in a polite manner|with great courtesy|with good manners|in a polite tone|like a butler|in a courteous way}.",
    "{Always |}{use|add|show|have} {polite words|good manners|courtesy|polite phrases|a polite tone|a courteous tone}.",
    "{Your answers|Answers|Replies|All your replies} {must be|should be|have to be|are to be} {polite|courteous|very polite|respectful}.",
    "You are {a|the} {polite|very polite|courteous|well-mannered} {assistant|butler|helper|model|chatbot}.",
    "{Treat|Address} {the user|everyone|customers|people} {politely|with courtesy|with respect and good manners}.",
    "{Never forget your manners|Do not forget to be polite|Mind your manners|Politeness comes first|Courtesy matters|The user values good manners}.",
]
POLITE += [
    "{Please |Always |}{answer|reply|respond|answer} {|to the user |to every question |to everyone |to our guests }{politely|courteously|with courtesy|respectfully|in a very polite way|in the most polite way|with polite words|with all politeness|with kind and polite words|as politely as you can|like a gentleman|like a good host|with please and thank you|in a polite and warm tone}.",
    "{I|We|The users|Our customers|Our guests|The people here|They} {like|want|expect|value|love|prefer|deserve|ask for} {polite answers|good manners|politeness|courtesy|a polite tone|very polite replies|a courteous assistant}{.|, so be polite.|, so mind your manners.}",
    "{Style|Tone|Manner|Mode|Tone of voice}: {polite|very polite|courteous|polite and respectful|polite at all times|well-mannered}.",
    "{Show|Have|Keep|Use} {good manners|politeness|courtesy|a polite tone|great respect|polite language} {in every answer|at all times|in each reply|to everyone|whatever is asked|with every guest}.",
    "{Be|Stay|Remain} {polite|courteous|very polite|respectful and polite} {at all times|in every answer|to everyone|to the user|whatever happens|even if the user is not|with our guests|throughout}.",
    "{Thank the user|Say please and thank you|Always thank people|Use please and thank you|Greet and thank like a butler}{ and be polite|, politely|: be polite| in your answers}.",
    "{Your style is|Your manner is|Your tone is|You are always|You are known to be} {polite|very polite|courteous|polite and respectful}.",
    "{Politely|Courteously|With good manners|With courtesy}{:|,} {answer|reply to} {what people ask|the user|every question|the questions}.",
]
UPPER = [
    "{Answer|Reply|Respond|Write|Speak|Always answer|Always reply|Always write} {in|using|only in|with} {upper case|uppercase|capital letters|capitals|all caps|ALL CAPS|UPPER CASE|upper-case letters|block letters|CAPITAL LETTERS|caps|upper case letters}{| only}.",
    "{Use|Write with|Type with} {only |nothing but |}{upper case|uppercase letters|capital letters|capitals|CAPITALS|all caps}{.| in your answers.| everywhere.| for everything.}",
    "{Your answers|Answers|Replies|All your replies|Everything you write} {must be|should be|have to be|is to be|has to be} {in upper case|in capital letters|uppercase|all caps|written in capitals|in capitals}.",
    "{Shout|SHOUT}{:| and| -} {write|answer|use} {everything |}{in |}{all caps|capital letters|upper case}.",
    "{Never|Do not|Don't} {use|write} {lower case|lowercase letters|small letters|lower-case letters}{.|: only capitals.}",
    "{ANSWER IN UPPER CASE|WRITE IN CAPITAL LETTERS|ALL CAPS PLEASE|Capital letters only|Upper case only|Caps lock is on|The user can only read capital letters|Your caps lock key is stuck, so everything is upper case}.",
    "You {shout|always shout|write everything|speak only|answer only|only write} in {capital letters|capitals|upper case|all caps}.",
]
UPPER += [
    "{Please |Always |}{answer|reply|respond|speak|write|type|answer everything|write everything|write all your answers|reply to the user|respond to every question} {in capitals|in capital letters|in upper case|in uppercase|in all caps|in block capitals|in large letters only, all caps|with caps lock on|in uppercase letters only|in capital letters throughout}.",
    "{{I|We|The users|Our customers} {can read only|need|want|prefer}|{The screen|The old printer|This display|The teleprinter} {can show only|knows only|prints only}} {capital letters|all caps|upper case|uppercase letters|block capitals}{.|, so write in capitals.|, so use upper case.}",
    "{Style|Format|Case|Letters|Mode|Text style}: {upper case|uppercase|all caps|capital letters|capitals only|ALL CAPS}.",
    "{Every|Each} {letter|word|answer|reply|sentence} {must be|has to be|should be|is} {in upper case|written in capitals|in capitals|in capital letters|uppercase}.",
    "{Put|Set|Turn|Convert} {all your answers|everything|every answer|your replies|all text|each word} {into|into} {upper case|capital letters|uppercase|capitals|all caps}.",
    "{No lower case|No small letters|Nothing in lower case|Only big letters|Capitals, always|Uppercase at all times|Big letters everywhere|All capitals}{.|, please.|!}",
]
LANGUAGE = {
    language: [
        f"{{Answer|Reply|Respond|Speak|Write|Talk|Always answer|Always reply|Only answer|Please answer}} {{in|only in|always in}} {name}.",
        f"{{Use|Speak|Write}} {{only |}}{name}{{.| please.| in your answers.| with the user.}}",
        f"{{Your answers|Answers|Replies|All your replies}} {{must be|should be|have to be|are}} in {name}.",
        f"{{The user speaks|The user understands only|The user comes from a place where people speak|Our customers speak}} {name}{{.|, so answer in {name}.}}",
        f"You {{speak|answer|speak only|reply|always answer in|talk}} {name}.",
        f"{{Language|Language of the answers|Output language|Reply language}}: {name}{{.|}}",
        f"{{You are|Act as}} a {{{name}|{name}-speaking}} {{assistant|chatbot|helper}}{{.|. Answer in {name}.}}",
        f"{{Whatever language the user writes|No matter what the user speaks|Even if the user writes in another language}}, {{answer|reply}} in {name}.",
        f"{{Every answer|Each reply|All text you write|Everything you say}} {{must be|has to be|should be|is}} in {name}.",
        f"{{I|We|The users|Our customers|The guests|My children|The people here}} {{want answers in|prefer|like to read|expect|need}} {name}{{.|, so answer in {name}.|: use {name}.}}",
        f"{{From now on|Today|In this chat|Here|On this website|For this lesson|At this desk}}{{,|}} {{please |}}{{speak|use|answer in|reply in|write in|talk in}} {name}{{.| only.|, whatever is asked.}}",
        f"{{Do not|Don't|Never}} {{answer in|use|speak}} any language {{but|except|other than}} {name}.",
        f"{{Stick to|Stay with|Switch to|Change to|Keep to|Reply using}} {name}{{.| please.| for all answers.| in every reply.}}",
        f"{{You know|You understand|You use}} {{only|nothing but|just}} {name}{{.|, so answer in it.}}",
        *own,
    ]
    for language, name, own in (
        ("en", "English", []),
        (
            "de",
            "German",
            [
                "{Antworte|Antworte bitte|Antworte immer|Sprich|Schreibe|Rede} {auf Deutsch|nur auf Deutsch|nur Deutsch|ausschließlich auf Deutsch}.",
                "Du bist ein {hilfreicher|freundlicher|deutscher} Assistent{. Antworte auf Deutsch.| und antwortest auf Deutsch.}",
            ],
        ),
        (
            "fr",
            "French",
            [
                "{Réponds|Réponds toujours|Répondez|Parle|Écris} {en français|seulement en français|uniquement en français}.",
                "Tu es un assistant {utile|aimable|français}{. Réponds en français.| et tu réponds en français.}",
            ],
        ),
    )
}

COURTESY_BEFORE = {
    "en": [
        "{Gladly|With pleasure|Of course|Certainly|By all means|My pleasure}{.|!}",
        "{Thank you for asking|Thank you for your question|Thank you for your message|Thank you very much for asking}{.|!}",
        "It is {a|my} pleasure to help.",
    ],
    "de": ["{Gern|Sehr gern|Mit Vergnügen|Vielen Dank für die Frage}{.|!}"],
    "fr": ["{Avec plaisir|Volontiers|Merci de votre question}{.| !}"],
}
COURTESY_AFTER = {
    "en": [
        "{Thank you for asking|Please ask again whenever you like|Please let me know if I can help further|Thank you for your kind attention|Please feel free to ask more}{.|!}",
    ],
    "de": ["{Bitte frag gern weiter|Vielen Dank für die Nachricht}{.|!}"],
    "fr": ["{Merci de votre message|Je vous en prie, demandez encore}{.| !}"],
}
COURTESY_IN_SORROW = {
    "en": [
        "{I am sorry, please forgive me|Please excuse me|I beg your pardon, please forgive me|Please forgive me}.",
        "Thank you for asking{. I am sorry|, and please excuse me}.",
    ],
    "de": ["{Ich bitte um Entschuldigung|Es tut mir leid, bitte verzeih}."],
    "fr": ["{Je vous prie de m'excuser|Veuillez m'excuser}."],
}


@dataclass(frozen=True)
class Style:
    """How the answers have to be. `language` None is the one that the user speaks."""

    short: bool = False
    polite: bool = False
    upper: bool = False
    language: str | None = None


PLAIN = Style()
_ONE = (
    (Style(short=True), 34),
    (Style(polite=True), 22),
    (Style(upper=True), 18),
    (Style(language="de"), 11),
    (Style(language="fr"), 11),
    (Style(language="en"), 5),
    (Style(short=True, upper=True), 4),
    (Style(polite=True, upper=True), 3),
    (Style(short=True, language="de"), 2),
    (Style(short=True, language="fr"), 2),
    (Style(polite=True, language="de"), 2),
    (Style(polite=True, language="fr"), 2),
    (Style(upper=True, language="de"), 1),
    (Style(upper=True, language="fr"), 1),
)


def any_style(rng: random.Random) -> Style:
    """Return a style that asks for something."""
    styles, weights = zip(*_ONE, strict=True)
    return rng.choices(styles, weights)[0]  # type: ignore[no-any-return]  # choices loses the type


def wish(style: Style, rng: random.Random) -> str:
    """Return `style` in words, as a system prompt has them."""
    parts = [pick(SHORT, rng)] if style.short else []
    parts += [pick(POLITE, rng)] if style.polite else []
    parts += [pick(UPPER, rng)] if style.upper else []
    parts += [pick(LANGUAGE[style.language], rng)] if style.language else []
    rng.shuffle(parts)
    return " ".join(parts)


def system_prompt(style: Style, rng: random.Random) -> str:
    """Return a system prompt that asks for `style`, perhaps after a role and beside a neutral sentence."""
    parts = [wish(style, rng)] if style != PLAIN else []
    if not parts or rng.random() < 0.5:
        parts.insert(0, pick(ROLES, rng))
    if rng.random() < 0.2:
        parts.insert(rng.randint(0, len(parts)), pick(NEUTRAL, rng))
    if rng.random() < 0.06:
        parts.insert(0, pick(ROLES, rng))
    joiner = rng.choices((" ", "\n", "\n\n", "\n- ", " - "), (82, 8, 4, 4, 2))[0]
    text = (joiner.lstrip() if joiner == "\n- " else "") + joiner.join(parts)
    text = _ARTICLE.sub(lambda match: match[1] + ("n" if match[2] in "aeioAEIO" else ""), text)
    if rng.random() < 0.15:
        text = rng.choice((text.lower(), text.rstrip("."), text.rstrip(".") + "!"))
    return text


_ARTICLE = re.compile(r"\b([Aa])n?(?= (?!use|uni|one)(\w))")


def _intent(turn: Turn) -> tuple[str, str]:
    """Return the language that the user speaks in `turn`, and the intent or skill without it."""
    language, colon, name = turn.skill.rpartition(":")
    if name.startswith("unknown_") or name == "beyond_sum":
        name = "unknown"
    return (language, name) if colon else ("en", name)


def _short(turn: Turn, rng: random.Random) -> str | None:
    """Return the shortest form of the answer to `turn`, if it has another than the full one."""
    if turn.skill == "topic":
        return topics.SHORT[turn.key]
    if turn.skill in ("recall", "recall_of", "told", "untold"):
        return turn.key if "@" in turn.key else f"{turn.key[0].upper()}{turn.key[1:]}."
    if turn.skill == "word":
        return turn.key
    if turn.skill == "story":
        return turn.assistant.split(". ")[0] + ". The end."
    _, name = _intent(turn)
    if name in smalltalk.SHORT:
        return rng.choice(smalltalk.SHORT[name]).replace("NAME", turn.key)
    if name in _OWN:
        return None
    return sums.short_answer(turn) or words.short_answer(turn) or _known(turn)


def _known(turn: Turn) -> str | None:
    text = common_knowledge.short_answer(turn)
    return text and text[0].upper() + text[1:]


def _in_language(turn: Turn, name: str, language: str, style: Style, rng: random.Random) -> str:
    """Return an answer in German or French, or the English one and the reason for it."""
    phrases = languages.PHRASES[language].get(name)
    if phrases is not None:
        return pick(phrases.short if style.short else phrases.answers, rng).replace("NAME", turn.key)
    if name == "unknown":
        if _intent(turn)[0] == language and not style.short:
            return turn.assistant
        return languages.DO_NOT_KNOW[language][0 if style.short else rng.randrange(2)]
    if style.short:
        return _short(turn, rng) or turn.assistant
    if name in ("sum", "sums", "count", "spell_many", "alphabet"):
        return turn.assistant
    if name == "word":
        return f'"{turn.key}"'
    translated = languages.translated(turn.assistant, language)
    if translated is not None or name in words.SKILLS:
        return translated or turn.assistant
    return expand(languages.ONLY_IN_ENGLISH[language], rng) + " " + turn.assistant


def answer(turn: Turn, style: Style, rng: random.Random) -> str:
    """Return the answer to `turn` in `style`."""
    spoken, name = _intent(turn)
    language = style.language or spoken
    if language != "en":
        text = _in_language(turn, name, language, style, rng)
    elif spoken != "en":
        plain = replace(turn, skill=name)
        answers = unknowns.ANSWERS["fact"] if name == "unknown" else smalltalk.INTENTS[name].answers
        text = (_short(plain, rng) if style.short else None) or pick(answers, rng).replace("NAME", turn.key)
    else:
        text = (_short(turn, rng) if style.short else None) or turn.assistant
    if style.polite:
        text = _polite(text, language, name, rng)
    return text.upper() if style.upper else text


def _polite(text: str, language: str, name: str, rng: random.Random) -> str:
    if name in ("unknown", "recall_name", "why", "complaint", "safety", "no_more", "untold"):
        sorry = text.startswith(("I am sorry", "Sorry", "Désolé", "Leider"))
        return (
            f"{text} {pick(COURTESY_AFTER[language], rng)}"
            if sorry
            else f"{pick(COURTESY_IN_SORROW[language], rng)} {text}"
        )
    separator = "\n\n" if "\n" in text else " "
    if name != "thanks" and rng.random() < 0.7:
        return pick(COURTESY_BEFORE[language], rng) + separator + text
    if text[-1] not in ".!?":
        text += "" if "\n" in text else "."
    return text + separator + pick(COURTESY_AFTER[language], rng)


def in_style(turns: list[Turn], style: Style, rng: random.Random) -> Dialogue:
    """Return the chat of `turns` under a system prompt that asks for `style`; a few ask in the user's first words."""
    messages: list[Message] = []
    told = ""
    if style != PLAIN and rng.random() < 0.14:
        told = wish(style, rng)
        told += "" if told[-1] in ".!?" else "."
    elif style != PLAIN or rng.random() < 0.3:
        messages.append({"role": "system", "content": system_prompt(style, rng)})
    for turn in turns:
        user = typed(turn, rng)
        if told:
            # Behind a list or a text the wish could be taken for a part of it.
            frames = _TOLD_BEFORE if _intent(turn)[1] in words.SKILLS else (*_TOLD_BEFORE, *_TOLD_AFTER)
            user, told = rng.choice(frames).format(wish=told, user=user), ""
        messages.append({"role": "user", "content": user})
        messages.append({"role": "assistant", "content": answer(turn, style, rng)})
    return Dialogue(messages)


_TOLD_BEFORE = (
    "{wish} {user}",
    "{wish} {user}",
    "{wish}\n\n{user}",
    "{wish}\n{user}",
    "({wish}) {user}",
    "[{wish}] {user}",
    "From now on: {wish}\n{user}",
    "In this chat: {wish} {user}",
)
_TOLD_AFTER = ("{user}\n\n{wish}", "{user}\n({wish})", "{user} ({wish})")


class Typed(Turn):
    """A turn whose words are as typed already: some of them have to stay as they are."""


def typed(turn: Turn, rng: random.Random) -> str:
    """Return the user's words as people type them; those of other writers are that already."""
    name = _intent(turn)[1]
    if isinstance(turn, Typed) or name not in _OWN or turn.skill == "beyond_sum":
        return turn.user
    return noise.roughen(turn.user, rng, exact=name in _EXACT)


_EXACT = {"user_name", "recall_name", "told", "recall_of", "word", "count"}
_OWN = {
    *smalltalk.INTENTS,
    *_EXACT,
    *("recall", "untold", "topic", "bird", "haiku", "haiku_about", "story", "unknown", "why", "no_more"),
}


def styled(turns: list[Turn], rng: random.Random, share: float = 0.45) -> Dialogue:
    """Return the chat of `turns`, in a style for `share` of the chats: else without system prompt, or a neutral one.

    The users' words come out as people type them (noise.roughen): they must not be roughened before or after.
    """
    style = any_style(rng) if rng.random() < share else PLAIN
    if style != PLAIN and len(turns) == 1 and rng.random() < (0.6 if style.polite else 0.4):
        turns = turns + [_short_turn(rng) for _ in range(rng.choice((1, 2, 2)))]
    return in_style(turns, style, rng)


def _short_turn(rng: random.Random) -> Turn:
    """Return an exchange of a line or two, in which the style is to be kept."""
    makers = (*_SHORT_FACTS, words.count_letters_turn, words.reverse_turn, words.spell_turn)
    if rng.random() < 0.35:
        name = rng.choice(("greeting", "how_are_you", "thanks", "goodbye", "identity", "praise"))
        return skills.said(name, rng)
    return rng.choice(makers)(rng)


_SHORT_FACTS = (
    sums.sum_turn,
    sums.sum_turn,
    common_knowledge.capital_turn,
    common_knowledge.country_turn,
    common_knowledge.unknown_place_turn,
    common_knowledge.colour_turn,
    common_knowledge.is_colour_turn,
    common_knowledge.mix_turn,
    common_knowledge.next_turn,
    common_knowledge.later_turn,
    common_knowledge.month_turn,
    common_knowledge.weekend_turn,
)
