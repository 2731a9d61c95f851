"""One turn of a conversation: what the user says, and what the model answers."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import random

from training import haiku, languages, names, smalltalk, topics, unknowns
from training.dialogue import Turn
from training.grammar import expand, pick

ASK = "{||||please |can you |could you |can you please |could you please |hey, |now |would you }"
EXPLAIN = [
    "What is X?",
    "{What's|Whats|What are|what is} X?",
    "What {does|do} X mean?",
    "{Explain|Define|Describe} X{.|| to me.| briefly.| in simple words.| in one sentence.| to a child.}",
    "{Tell me|Say something|Tell me something|Talk to me} about X{.|}",
    "{Can|Could} you {explain|describe|define|tell me about|tell me what is} X{| to me| please}?",
    "{Do you know|I want to know|I would like to know|Please tell me|Can you tell me} what X is{?|.}",
    "{What do you know about|How would you explain|How would you define|What can you tell me about} X?",
    "{Give me|I need} a {short |simple |}{definition|explanation|description} of X{.|}",
    "{Help me understand|Teach me about|Let us talk about|I have a question about} X{.|}",
    "{So, |And |Hi, |Hello! |OK, |}what is X{| exactly| actually| then| really}?",
    "X?",
    "What {exactly|actually|on earth} is X?",
    "How does X work?",
    "What is meant by X?",
    "Why do we need X?",
    "{I never understood|I keep reading about|I wonder about|I am curious about|I am not sure I understand|I want to understand|I have no idea about} X{.|. What is it?|. Can you help?|, please explain.|}",
    "X: {what is it|what is that|what does it mean|please explain|explain|a definition please}{?|.|}",
    "{X, what is that|X, please explain|What about X|And X|Explain X like I am five|Could you explain to me what X is}{?|.}",
    "{In simple terms|In short|Briefly|In one sentence|In your own words|Quickly|In other words}, {what is|explain|define|describe|tell me about} X{?|.|}",
    "{What|How} would {you say about|you describe|be a definition of|you tell a beginner about} X?",
    "{Someone|My boss|A friend|A colleague} {asked me about|told me about|talks about|mentioned} X{.|. What is it?|. Can you explain?}",
    "{Explain|Describe|Define} {to me |for me |please |}what X {is|means}{.|}",
    "{I need to know|Let me know|Remind me|Say|I would like to hear} what X {is|means}{.|}",
]
HAIKU = [
    "Write a haiku.",
    ASK
    + "{write|compose|make|create|give me|show me|tell me|write me|do} {a|one|another|a short|a nice|a beautiful} haiku{.|!|| please.|, please.| for me.}",
    "{A haiku, please|Haiku|haiku please|Haiku!|One haiku|I want a haiku|I would like a haiku|I need a haiku|Another haiku|Let me see a haiku}{.||!}",
    "{Can|Could} you {write|make|compose|do} {a haiku|haikus|haiku|me a haiku}?",
    "{I'd like|I would love|I want|I wish|I'd love|We want|We need} {a haiku|to hear a haiku|to see a haiku|you to write a haiku|a haiku from you|some haiku|one haiku}{.|!||, please.}",
    "{Time for|How about|What about|Let us have|Let's have|May I have|Now|And now|Next,|Show us|Let me hear|Bring me} a haiku{.|!|?|}",
    "{Would|Will|Can|Could} you {please |kindly |}{write|make|compose|give|show|tell|recite} {me|us} {a|another|one} haiku{?|.|, please?}",
    "{Please|Now|Quick,} {one|a|another|some} haiku{.|!|}",
    "{Can|May|Could|Might} I {ask for|request|get|order|hear|see|have|read|beg} {a|one|another|a little} haiku{| from you}{?|, please?|.}",
    "{I ask you for|I am waiting for|I am asking for|I came for|Surprise me with|Cheer me up with|Give us|Do give me|Kindly write|Be nice and write|Think of|Invent|Produce|Improvise} {a|one} haiku{.|!|}",
    ASK + "write {a|me a} {poem|short poem} in {the form of a haiku|haiku form|5-7-5|three lines}{.|}",
    "{Write|Compose} {a|me a} {short |three-line |little |}poem{.|}",
]
HAIKU_ABOUT = [
    ASK
    + "{write|compose|make|create|give me|write me} {a|another|one} {short |nice |}haiku {about|on} X{.|!|| please.|, please.}",
    "{A haiku|Haiku|One haiku|Another haiku|Another one|One more} {about|on} X{|.|!|, please.}",
    "{Can|Could} you {write|make|compose} a haiku {about|on} X?",
    "I {want|need|would like} a haiku {about|on} X{.|}",
    "Write {me |}a {short |}poem about X{.|}",
]
AGAIN = [
    "{Another one|Another|One more|Again|Once more|More|Next|And another|A different one|Next one|Try again|Do it again}{.||!|, please.| please}",
    "{Write|Give me|Tell me|Make} {another|another one|one more|a different one}{.|!|}",
    "{And|Now|Please|OK,|Nice,|Great!|Cool,|Thanks,} {another|one more|another one|a second one|again|a new one|a different one|the next one}{.|!||, please.| please}",
    "{Can|Could|May|Would} {I|you} {have|write|do|make|give me|get} {another|one more|another one|a second|a different one}{?|, please?}",
    "{Can|Could|Will|Would} you {do that again|do it again|repeat that|try once more|try again|do one more|write more|go again|make it again}{?|, please?}",
    "{That was|It is|I like it, that is} {nice|good|lovely|beautiful|great}{.|,|!} {another one|one more|again|do another|more please|and another}{.|!|, please.}",
    "{I want|I would like|I'd like|Let me have|Let us see|Show me} {another|one more|another one|more|more of those}{.|!|}",
]
MORE = [
    "{Tell me more|More|Go on|Continue|More please|Please go on|Say more|Anything else|What else|And|Keep going|Explain more|More details}{.|?|!|}",
    "{Can|Could} you {tell me more|say more|explain more|go on|elaborate}?",
    "{Tell me|Say|Explain|Give me|I want|Please give me|I need} {a little more|some more|more, please|more about that|more about this|more information|more details|something more|even more}{.|!|}",
    "{And what else|Is there more|Is that all|What more can you say|Anything more|More on that|More about that|Expand on that|In more detail|Please continue}{?|.|}",
    "{Tell me more about it|What else do you know about it|I want to know more|Give me more detail|Give me an example}{.|?|}",
]
COUNT = [
    ASK + "count {to|up to|from 1 to|from one to} N{.|!|| please.}",
    "{Can|Could} you count to N?",
    "{List|Write|Say} the numbers from {1|one} to N{.|}",
]
STORY = [
    ASK
    + "{tell|write|tell me|write me|give me|read me} a {|short |little |nice |long |bedtime |funny }story{.|!|| please.| for me.}",
    "{Tell me|Write} a {|short }story about {a bird|a martlet|a small model|birds|a robot|a king|a dog|a girl|anything|X}{.|}",
    "{A story, please|Story|I want a story|Once upon a time|Story time|Do you know a story|Can you tell stories}{.||!|?}",
]
STORY_LINES = (
    "Once {upon a time |}there was a {small|young|quiet|curious} martlet that {lived on an old tower|lived above the harbour|lived in a clock|flew over the hills} and {never touched the ground|never stayed in one place|wanted to know everything}.",
    "One {morning|evening|winter day|summer night} it met {a fox|a snail|an owl|a tired cloud|an old crow} that {had lost its way|could not sleep|wanted to see the sea|was afraid of the dark}.",
    '"{Follow me|Do not worry|Come along}", said the martlet, "{I know the wind|it is not far|we will find a way|I will fly slowly}."',
    "They {travelled|went on} {all day|all night|for a week}, {over fields and rivers|through rain and snow|past sleeping villages}, and {talked about the stars|counted their steps|sang an old song|told each other stories}.",
    "When they {arrived|came home}, {the sun was rising|the moon was full|everything was quiet|the whole forest was waiting}, and {they were friends|nobody was afraid any more|both had learned something}.",
)
STORY_END = "{The end.|And that is the whole story.|They still meet every spring.}"
UNKNOWN_THEME = [
    "I do not know enough words for that, so here is a haiku about SUBJECT:\n\n",
    "That theme is new to me. Here is one about SUBJECT instead:\n\n",
]
NUMBERS = {
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    12: "twelve",
    15: "fifteen",
    20: "twenty",
}


def story(rng: random.Random) -> str:
    """Return a very short story."""
    return " ".join(expand(line, rng) for line in (*STORY_LINES, STORY_END))


def explanation(topic: topics.Topic, rng: random.Random) -> str:
    """Return an opening and up to two details."""
    details = rng.sample(topic.details, min(len(topic.details), rng.choice((0, 1, 1, 1, 2))))
    return " ".join((rng.choice(topic.openings), *details))


def topic_turn(rng: random.Random, prompts: list[str] = EXPLAIN) -> Turn:
    """Ask what something is that the model knows; AI and Martlet more often than the rest."""
    index = rng.choice((0, 0, 0, 0, MARTLET, MARTLET, *range(len(topics.TOPICS))))
    topic = topics.TOPICS[index]
    user = pick(prompts, rng).replace("X", rng.choice((topic.names[0], *topic.names)))
    return Turn(user, explanation(topic, rng), "topic", topic.names[0])


def bird_turn(rng: random.Random, prompts: list[str] = EXPLAIN) -> Turn:
    """Ask about the bird."""
    return Turn(
        pick(prompts, rng).replace("X", rng.choice(topics.BIRD_NAMES)), rng.choice(topics.BIRD), "bird"
    )


def haiku_turn(rng: random.Random, prompts: list[str] = HAIKU) -> Turn:
    """Ask for a haiku, without a theme."""
    return Turn(pick(prompts, rng), haiku.compose(rng.choice(haiku.THEMES), rng), "haiku")


def haiku_about_turn(rng: random.Random, prompts: list[str] = HAIKU_ABOUT) -> Turn:
    """Ask for a haiku about something; a quarter of the themes are unknown."""
    theme = rng.choice(haiku.THEMES)
    poem = haiku.compose(theme, rng)
    if rng.random() < 0.75:
        return Turn(
            pick(prompts, rng).replace("X", rng.choice(theme.subjects)),
            poem,
            "haiku_about",
            theme.subjects[0],
        )
    opening = rng.choice(UNKNOWN_THEME).replace("SUBJECT", theme.subjects[0])
    return Turn(pick(prompts, rng).replace("X", unknowns.subject(rng)), opening + poem, "haiku_about")


def intent_turn(rng: random.Random) -> Turn:
    """Small talk, or a question about the model or Martlet."""
    names = list(smalltalk.INTENTS)
    name = rng.choices(names, [smalltalk.INTENTS[n].weight for n in names])[0]
    return said(name, rng)


def said(name: str, rng: random.Random, person: str | None = None) -> Turn:
    """Return a turn of the intent `name`; where the user gives a name, it is `person`, which then is the key."""
    intent = smalltalk.INTENTS[name]
    user = unknowns.fill(pick(intent.prompts, rng), rng)
    if "NAME" not in user:
        return Turn(user, pick(intent.answers, rng), name)
    person = person or names.name(rng)
    return Turn(user.replace("NAME", person), pick(intent.answers, rng).replace("NAME", person), name, person)


def foreign_turn(rng: random.Random, language: str | None = None) -> Turn:
    """Small talk in German or French; the skill is the intent's name after the language, as in `de:thanks`."""
    language = language or rng.choice(tuple(languages.PHRASES))
    name = rng.choices(tuple(languages.PHRASES[language]), (6, 4, 3, 3, 4, 2))[0]
    phrases = languages.PHRASES[language][name]
    person = names.name(rng)
    user, answer = (pick(texts, rng).replace("NAME", person) for texts in (phrases.prompts, phrases.answers))
    return Turn(user, answer, f"{language}:{name}", person)


def foreign_word_turn(rng: random.Random) -> Turn:
    """Ask how a greeting is said in German or French."""
    language = rng.choice(tuple(languages.WORDS))
    word = rng.choice(tuple(languages.WORDS[language]))
    foreign = languages.WORDS[language][word]

    def fill(template: str) -> str:
        name = languages.LANGUAGE_NAMES[language]
        return template.replace("WORD", word).replace("LANGUAGE", name).replace("FOREIGN", foreign)

    return Turn(fill(pick(languages.ASK_WORD, rng)), fill(pick(languages.WORD_ANSWERS, rng)), "word", foreign)


def unknown_turn(rng: random.Random) -> Turn:
    """Ask something that the model has to refuse; a third are definitions, so that it learns which it knows."""
    if rng.random() < 0.35:
        user = pick(EXPLAIN, rng).replace("X", unknowns.subject(rng))
        return Turn(user, pick(unknowns.ANSWERS["fact"], rng), "unknown", "fact")
    kind = rng.choices(list(unknowns.QUESTIONS), (8, 3, 2, 3, 3, 3, 1.2, 1.2, 1.2, 2.5))[0]
    user = unknowns.fill(pick(unknowns.QUESTIONS[kind], rng), rng)
    skill = {"german": "de:unknown", "french": "fr:unknown"}.get(kind, "unknown")
    return Turn(user, pick(unknowns.ANSWERS[kind], rng), skill, kind)


def count_turn(rng: random.Random) -> Turn:
    """Count to a small number."""
    number = rng.choice(list(NUMBERS))
    user = pick(COUNT, rng).replace("N", rng.choice((str(number), NUMBERS[number])))
    return Turn(user, ", ".join(str(n) for n in range(1, number + 1)) + ".", "count", str(number))


def story_turn(rng: random.Random) -> Turn:
    """Ask for a story."""
    return Turn(pick(STORY, rng).replace("X", unknowns.subject(rng)), story(rng), "story")


MARTLET = next(i for i, topic in enumerate(topics.TOPICS) if topic.names[0] == "Martlet")
OPENERS = (
    (intent_turn, 36),
    (foreign_turn, 5),
    (foreign_word_turn, 1),
    (topic_turn, 17),
    (unknown_turn, 27),
    (haiku_turn, 9),
    (haiku_about_turn, 7),
    (bird_turn, 1),
    (count_turn, 1.5),
    (story_turn, 2),
)


def opening_turn(rng: random.Random) -> Turn:
    """Return a turn that refers to nothing before it."""
    makers, weights = zip(*OPENERS, strict=True)
    return rng.choices(makers, weights)[0](rng)  # type: ignore[no-any-return]  # choices loses the callables' type


def follow_up(previous: Turn, rng: random.Random) -> Turn:
    """Return a turn that means something only after `previous`; an opening where nothing fits."""
    if previous.skill in ("haiku", "haiku_about"):
        poem = haiku.compose(rng.choice(haiku.THEMES), rng)
        return Turn(pick(AGAIN, rng), poem, "haiku") if rng.random() < 0.7 else haiku_about_turn(rng)
    if previous.skill == "joke":
        return Turn(pick(AGAIN, rng), pick(smalltalk.INTENTS["joke"].answers, rng), "joke")
    if previous.skill == "story":
        return Turn(pick(AGAIN, rng), story(rng), "story")
    if previous.skill == "topic":
        topic = next(t for t in topics.TOPICS if t.names[0] == previous.key)
        details = rng.sample(topic.details, min(2, len(topic.details)))
        return Turn(pick(MORE, rng), " ".join(details), "topic", previous.key)
    if previous.skill == "unknown":
        return Turn(pick(smalltalk.WHY_PROMPTS, rng), pick(smalltalk.WHY_ANSWERS, rng), "why")
    if rng.random() < 0.2:
        return Turn(pick(MORE + AGAIN, rng), pick(smalltalk.NO_MORE_ANSWERS, rng), "no_more")
    return opening_turn(rng)
